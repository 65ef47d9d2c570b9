// Access tokens: the objects, the process's own, copies with less in them, and opening them.
#include "token.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "security_descriptor.h"
#include <stdlib.h>
#include <string.h>

#define PROCESS_TOKEN   ((HANDLE32)-4)
#define THREAD_TOKEN    ((HANDLE32)-5)
#define EFFECTIVE_TOKEN ((HANDLE32)-6)

enum { MEDIUM = 0x2000, HIGH = 0x3000, SESSION = 1 };
enum { ALWAYS = SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT };
enum { MEMBER = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED };

static void token_destroy(struct object *object)
{
    struct token *token = (struct token *)object;
    pthread_mutex_destroy(&token->lock);
    free(token->state.default_dacl);
    object_free(object);
}

const struct object_type token_type = {
    .name = "Token",
    .mapping = {.GenericRead = TOKEN_READ,
                .GenericWrite = TOKEN_WRITE,
                .GenericExecute = TOKEN_EXECUTE,
                .GenericAll = TOKEN_ALL_ACCESS},
    .valid_access = TOKEN_ALL_ACCESS | ACCESS_SYSTEM_SECURITY,
    .destroy = token_destroy,
};

// --- the one user's token, elevated and limited as Windows splits an administrator's

static void add_privileges(struct token_state *state, bool elevated)
{
    static const struct {
        uint8_t luid, attributes;
        bool limited; // the limited token has it too
    } all[] = {{5, 0, false},  {8, 0, false},  {9, 0, false},  {10, 0, false},      {11, 0, false},
               {12, 0, false}, {13, 0, false}, {14, 0, false}, {15, 0, false},      {17, 0, false},
               {18, 0, false}, {19, 0, true},  {20, 0, false}, {22, 0, false},      {23, ALWAYS, true},
               {24, 0, false}, {25, 0, true},  {28, 0, false}, {29, ALWAYS, false}, {30, ALWAYS, false},
               {33, 0, true},  {34, 0, true},  {35, 0, false}, {36, 0, false}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (elevated || all[i].limited)
            state->privileges[state->privilege_count++] =
                (struct token_privilege){all[i].luid, all[i].attributes};
}

static void add_group(struct token_state *state, struct sid sid, uint32_t attributes)
{
    state->groups[state->group_count++] = (struct token_group){sid, attributes};
}

static void add_groups(struct token_state *state, bool elevated)
{
    enum { NT = 5, LOCAL = 2 };
    uint32_t admin = elevated ? MEMBER | SE_GROUP_OWNER : SE_GROUP_USE_FOR_DENY_ONLY;
    add_group(state, sid_primary_group(), MEMBER);
    add_group(state, sid_world(), MEMBER);
    add_group(state, sid_make(NT, 1, 114u), elevated ? MEMBER : SE_GROUP_USE_FOR_DENY_ONLY); // local admins
    add_group(state, sid_administrators(), admin);
    add_group(state, sid_make(NT, 2, 32u, 545u), MEMBER); // BUILTIN\Users
    add_group(state, sid_make(NT, 1, 4u), MEMBER);        // INTERACTIVE
    add_group(state, sid_make(LOCAL, 1, 1u), MEMBER);     // CONSOLE LOGON
    add_group(state, sid_make(NT, 1, 11u), MEMBER);       // Authenticated Users
    add_group(state, sid_make(NT, 1, 15u), MEMBER);       // This Organization
    add_group(state, sid_make(NT, 1, 113u), MEMBER);      // Local account
    add_group(state, sid_logon(), MEMBER | SE_GROUP_LOGON_ID);
    add_group(state, sid_make(LOCAL, 1, 0u), MEMBER);    // LOCAL
    add_group(state, sid_make(NT, 2, 64u, 10u), MEMBER); // NTLM Authentication
}

static bool add_default_dacl(struct token_state *state)
{
    const struct sid system = sid_local_system(), logon = sid_logon();
    struct acl_builder acl;
    acl_begin(&acl, 2);
    acl_add(&acl, 0, 0, GENERIC_ALL, &state->owner);
    acl_add(&acl, 0, 0, GENERIC_ALL, &system);
    acl_add(&acl, 0, 0, GENERIC_READ | GENERIC_EXECUTE, &logon);
    state->default_dacl = acl.failed ? NULL : acl.bytes;
    state->default_dacl_size = acl.size;
    if (acl.failed) free(acl.bytes);
    return !acl.failed;
}

static struct token *token_alloc(void)
{
    struct token *token = object_alloc(sizeof *token);
    if (!token) return NULL;
    object_init(&token->object, &token_type);
    pthread_mutex_init(&token->lock, NULL);
    token->id = luid_next();
    token->state.modified = luid_next();
    return token;
}

static struct token *token_new(bool elevated)
{
    struct token *token = token_alloc();
    if (!token) return NULL;
    struct token_state *state = &token->state;
    state->type = TokenPrimary;
    state->elevation_type = elevated ? TokenElevationTypeFull : TokenElevationTypeLimited;
    state->session = SESSION;
    state->integrity = elevated ? HIGH : MEDIUM;
    state->user.sid = sid_user();
    state->owner = elevated ? sid_administrators() : sid_user();
    state->primary_group = sid_primary_group();
    add_groups(state, elevated);
    add_privileges(state, elevated);
    if (add_default_dacl(state)) return token;
    object_release(&token->object);
    return NULL;
}

static struct {
    pthread_mutex_t lock;
    struct token *token; // NULL: nobody has asked for it
} own = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct token *token_of_process(void)
{
    pthread_mutex_lock(&own.lock);
    if (!own.token) own.token = token_new(true);
    struct token *token = own.token;
    pthread_mutex_unlock(&own.lock);
    return token;
}

// --- into new processes

// A process whose token nobody has touched gives nothing along: the new one makes the same for itself.
static struct token *token_to_inherit(void)
{
    pthread_mutex_lock(&own.lock);
    struct token *token = own.token;
    pthread_mutex_unlock(&own.lock);
    if (token) object_retain(&token->object);
    return token;
}

NTSTATUS token_pack(HANDLE32 handle, struct token_parcel *parcel)
{
    struct token *token;
    NTSTATUS status = STATUS_SUCCESS;
    if (handle) {
        status = token_resolve(handle, TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY, &token);
        if (status) return status;
    } else if (!(token = token_to_inherit())) {
        return STATUS_SUCCESS;
    }
    pthread_mutex_lock(&token->lock);
    parcel->state = token->state;
    if (!parcel->state.default_dacl)
        parcel->state.default_dacl_size = 0;
    else if (parcel->state.default_dacl_size > TOKEN_PARCEL_DACL_MAX)
        status = STATUS_INVALID_ACL;
    else
        memcpy(parcel->dacl, token->state.default_dacl, parcel->state.default_dacl_size);
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    parcel->present = !status;
    parcel->state.type = TokenPrimary;
    return status;
}

bool token_unpack(const struct token_parcel *parcel)
{
    if (!parcel->present) return true;
    struct token *token = token_alloc();
    if (!token) return false;
    token->state = parcel->state;
    token->state.modified = luid_next();
    if (parcel->state.default_dacl) {
        token->state.default_dacl = malloc(parcel->state.default_dacl_size);
        if (!token->state.default_dacl) return false;
        memcpy(token->state.default_dacl, parcel->dacl, parcel->state.default_dacl_size);
    }
    pthread_mutex_lock(&own.lock);
    own.token = token;
    pthread_mutex_unlock(&own.lock);
    return true;
}

// --- copies

struct token *token_copy(struct token *token)
{
    struct token *copy = token_alloc();
    if (!copy) return NULL;
    pthread_mutex_lock(&token->lock);
    copy->state = token->state;
    copy->state.default_dacl = NULL;
    if (token->state.default_dacl && (copy->state.default_dacl = malloc(token->state.default_dacl_size)))
        memcpy(copy->state.default_dacl, token->state.default_dacl, token->state.default_dacl_size);
    bool whole = !token->state.default_dacl || copy->state.default_dacl;
    pthread_mutex_unlock(&token->lock);
    if (whole) return copy;
    object_release(&copy->object);
    return NULL;
}

struct token *token_linked(struct token *token)
{
    struct token *linked = token_new(token->state.elevation_type != TokenElevationTypeFull);
    if (!linked) return NULL;
    linked->state.type = TokenImpersonation;
    linked->state.level = SecurityIdentification;
    return linked;
}

void token_keep_effective(struct token_state *state)
{
    uint32_t privileges = 0, groups = 0;
    for (uint32_t i = 0; i < state->privilege_count; i++)
        if (state->privileges[i].attributes & SE_PRIVILEGE_ENABLED)
            state->privileges[privileges++] = state->privileges[i];
    for (uint32_t i = 0; i < state->group_count; i++)
        if (state->groups[i].attributes & (SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY))
            state->groups[groups++] = state->groups[i];
    state->privilege_count = privileges;
    state->group_count = groups;
}

static NTSTATUS set_type(struct token_state *state, uint32_t type, uint32_t level)
{
    if (type != TokenPrimary && type != TokenImpersonation) return STATUS_INVALID_PARAMETER;
    if (state->type == TokenImpersonation) {
        if (type == TokenImpersonation && level > state->level) return STATUS_BAD_IMPERSONATION_LEVEL;
        if (type == TokenPrimary && state->level < SecurityImpersonation)
            return STATUS_BAD_IMPERSONATION_LEVEL;
    }
    state->type = type;
    state->level = type == TokenImpersonation ? level : 0;
    return STATUS_SUCCESS;
}

// The level that the attributes' quality of service asks for; without one, SecurityAnonymous.
static NTSTATUS read_quality(const OBJECT_ATTRIBUTES32 *attributes, uint32_t *level, uint8_t *effective)
{
    SECURITY_QUALITY_OF_SERVICE32 quality;
    *level = SecurityAnonymous;
    if (!attributes || !attributes->SecurityQualityOfService) return STATUS_SUCCESS;
    if (!guest_read(&quality, attributes->SecurityQualityOfService, sizeof quality))
        return STATUS_ACCESS_VIOLATION;
    if (quality.ImpersonationLevel > SecurityDelegation) return STATUS_BAD_IMPERSONATION_LEVEL;
    *level = quality.ImpersonationLevel;
    *effective |= quality.EffectiveOnly;
    return STATUS_SUCCESS;
}

NTSTATUS NtDuplicateToken(HANDLE32 handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                          uint8_t effective, uint32_t type, HANDLE32 *result)
{
    struct token *token, *copy;
    uint32_t level, ignored;
    ACCESS_MASK32 had;
    NTSTATUS status = read_quality(attributes, &level, &effective);
    if (NT_SUCCESS(status)) status = token_resolve(handle, TOKEN_DUPLICATE, &token);
    if (!NT_SUCCESS(status)) return status;
    if (!access && NT_SUCCESS(handle_access(handle, &had, &ignored))) access = had;
    copy = token_copy(token);
    object_release(&token->object);
    if (!copy) return STATUS_NO_MEMORY;
    status = set_type(&copy->state, type, level);
    if (NT_SUCCESS(status) && effective) token_keep_effective(&copy->state);
    if (!NT_SUCCESS(status)) {
        object_release(&copy->object);
        return status;
    }
    return object_create_handle(&copy->object, attributes, access, result);
}

// --- NtFilterToken

static NTSTATUS capture_sids(gptr list, struct token_group *sids, uint32_t *count)
{
    enum { ENTRY = sizeof(SID_AND_ATTRIBUTES32) };
    *count = 0;
    if (!list) return STATUS_SUCCESS;
    if (!guest_read32(count, list)) return STATUS_ACCESS_VIOLATION;
    if (*count > TOKEN_GROUP_COUNT_MAX) return STATUS_INVALID_PARAMETER;
    for (uint32_t i = 0; i < *count; i++) {
        SID_AND_ATTRIBUTES32 entry;
        if (!guest_read(&entry, list + 4 + ENTRY * i, ENTRY)) return STATUS_ACCESS_VIOLATION;
        NTSTATUS status = sid_capture(&sids[i].sid, entry.Sid);
        if (!NT_SUCCESS(status)) return status;
        sids[i].attributes = entry.Attributes;
    }
    return STATUS_SUCCESS;
}

static void deny_only(struct token_state *state, const struct sid *sid)
{
    if (sid_equal(&state->user.sid, sid)) state->user.attributes |= SE_GROUP_USE_FOR_DENY_ONLY;
    for (uint32_t i = 0; i < state->group_count; i++) {
        struct token_group *group = &state->groups[i];
        if (!sid_equal(&group->sid, sid) || group->attributes & SE_GROUP_INTEGRITY) continue;
        group->attributes &= ~(uint32_t)(MEMBER | SE_GROUP_OWNER);
        group->attributes |= SE_GROUP_USE_FOR_DENY_ONLY;
    }
}

static void drop_privilege(struct token_state *state, uint32_t luid)
{
    struct token_privilege *p = token_find_privilege(state, luid);
    if (!p) return;
    struct token_privilege *end = state->privileges + state->privilege_count--;
    memmove(p, p + 1, (size_t)(end - p - 1) * sizeof *p);
}

static NTSTATUS drop_privileges(struct token_state *state, gptr list)
{
    enum { ENTRY = sizeof(LUID_AND_ATTRIBUTES32) };
    uint32_t count;
    if (!list) return STATUS_SUCCESS;
    if (!guest_read32(&count, list)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t i = 0; i < count; i++) {
        LUID_AND_ATTRIBUTES32 entry;
        if (!guest_read(&entry, list + 4 + ENTRY * i, ENTRY)) return STATUS_ACCESS_VIOLATION;
        if (!entry.Luid.HighPart) drop_privilege(state, entry.Luid.LowPart);
    }
    return STATUS_SUCCESS;
}

// All privileges but the one that Windows leaves (DISABLE_MAX_PRIVILEGE).
static void drop_all_privileges(struct token_state *state)
{
    const struct token_privilege *left = token_find_privilege(state, SE_CHANGE_NOTIFY_PRIVILEGE);
    const struct token_privilege copy = left ? *left : (struct token_privilege){0};
    state->privilege_count = left ? 1 : 0;
    state->privileges[0] = copy;
}

static NTSTATUS filter(struct token_state *state, uint32_t flags, gptr disable, gptr remove, gptr restrict_to)
{
    enum { DISABLE_MAX_PRIVILEGE_BIT = 1, SANDBOX_INERT_BIT = 2 };
    struct token_group sids[TOKEN_GROUP_COUNT_MAX];
    uint32_t count;
    NTSTATUS status = capture_sids(disable, sids, &count);
    for (uint32_t i = 0; NT_SUCCESS(status) && i < count; i++) deny_only(state, &sids[i].sid);
    if (NT_SUCCESS(status)) status = drop_privileges(state, remove);
    if (NT_SUCCESS(status)) status = capture_sids(restrict_to, sids, &count);
    if (!NT_SUCCESS(status)) return status;
    if (flags & DISABLE_MAX_PRIVILEGE_BIT) drop_all_privileges(state);
    if (flags & SANDBOX_INERT_BIT) state->flags |= TOKEN_FLAG_INERT;
    for (uint32_t i = 0; i < count; i++) sids[i].attributes = MEMBER;
    if (count) {
        memcpy(state->restricted, sids, count * sizeof *sids);
        state->restricted_count = count;
        state->flags |= TOKEN_FLAG_RESTRICTED;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NtFilterToken(HANDLE32 handle, uint32_t flags, gptr disable, gptr remove, gptr restrict_to,
                       HANDLE32 *result)
{
    struct token *token, *copy;
    uint32_t ignored;
    ACCESS_MASK32 access = TOKEN_ALL_ACCESS;
    NTSTATUS status = token_resolve(handle, TOKEN_DUPLICATE, &token);
    if (!NT_SUCCESS(status)) return status;
    handle_access(handle, &access, &ignored);
    copy = token_copy(token);
    object_release(&token->object);
    if (!copy) return STATUS_NO_MEMORY;
    status = filter(&copy->state, flags, disable, remove, restrict_to);
    if (NT_SUCCESS(status)) status = handle_create(&copy->object, access, 0, result);
    object_release(&copy->object);
    return status;
}

// --- what checks ask

bool token_has_sid(const struct token_state *state, const struct sid *sid, bool for_deny)
{
    if (sid_equal(&state->user.sid, sid))
        return for_deny || !(state->user.attributes & SE_GROUP_USE_FOR_DENY_ONLY);
    for (uint32_t i = 0; i < state->group_count; i++) {
        const struct token_group *group = &state->groups[i];
        if (!sid_equal(&group->sid, sid)) continue;
        return group->attributes & SE_GROUP_ENABLED ||
               (for_deny && group->attributes & SE_GROUP_USE_FOR_DENY_ONLY);
    }
    return false;
}

bool token_has_restricted_sid(const struct token_state *state, const struct sid *sid)
{
    for (uint32_t i = 0; i < state->restricted_count; i++)
        if (sid_equal(&state->restricted[i].sid, sid)) return true;
    return false;
}

struct token_privilege *token_find_privilege(struct token_state *state, uint32_t luid)
{
    for (uint32_t i = 0; i < state->privilege_count; i++)
        if (state->privileges[i].luid == luid) return &state->privileges[i];
    return NULL;
}

void token_touch(struct token *token)
{
    token->state.modified = luid_next();
}

// --- opening

NTSTATUS token_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct token **token)
{
    if (handle != PROCESS_TOKEN && handle != THREAD_TOKEN && handle != EFFECTIVE_TOKEN)
        return handle_resolve(handle, &token_type, access, (struct object **)token);
    // Pseudo-handles are for asking only (Microsoft's documentation of GetCurrentProcessToken).
    if (access & ~(ACCESS_MASK32)(TOKEN_QUERY | TOKEN_QUERY_SOURCE)) return STATUS_ACCESS_DENIED;
    *token = NULL;
    if (handle != PROCESS_TOKEN) *token = token_of_thread();
    if (!*token && handle == THREAD_TOKEN) return STATUS_NO_TOKEN;
    if (*token) return STATUS_SUCCESS;
    *token = token_of_process();
    if (!*token) return STATUS_NO_MEMORY;
    object_retain(&(*token)->object);
    return STATUS_SUCCESS;
}

struct token *token_effective(void)
{
    struct token *token = token_of_thread();
    if (token) return token;
    token = token_of_process();
    if (token) object_retain(&token->object);
    return token;
}

NTSTATUS NtOpenProcessTokenEx(HANDLE32 process, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle)
{
    struct process_object *object;
    NTSTATUS status = process_resolve(process, PROCESS_QUERY_LIMITED_INFORMATION, &object);
    if (!NT_SUCCESS(status)) return status;
    bool self = object == process_object_self();
    object_release(&object->object);
    struct token *token = self ? token_of_process() : token_new(true); // others run as the same user
    if (!token) return STATUS_NO_MEMORY;
    status = object_check_security(&token->object, access, &access);
    if (NT_SUCCESS(status)) status = handle_create(&token->object, access, attributes & OBJ_INHERIT, handle);
    if (!self) object_release(&token->object);
    return status;
}

NTSTATUS NtOpenProcessToken(HANDLE32 process, ACCESS_MASK32 access, HANDLE32 *token)
{
    return NtOpenProcessTokenEx(process, access, 0, token);
}

NTSTATUS NtCompareTokens(HANDLE32 first, HANDLE32 second, uint8_t *equal)
{
    struct token *a, *b;
    NTSTATUS status = token_resolve(first, TOKEN_QUERY, &a);
    if (!NT_SUCCESS(status)) return status;
    status = token_resolve(second, TOKEN_QUERY, &b);
    if (NT_SUCCESS(status)) {
        // Equal: the same SIDs with the same use for access checks, restrictions and enabled privileges.
        struct token_state *x = &a->state, *y = &b->state;
        *equal = a == b ||
                 (x->group_count == y->group_count && x->restricted_count == y->restricted_count &&
                  x->privilege_count == y->privilege_count && !memcmp(&x->user, &y->user, sizeof x->user) &&
                  !memcmp(x->groups, y->groups, sizeof x->groups) &&
                  !memcmp(x->restricted, y->restricted, sizeof x->restricted) &&
                  !memcmp(x->privileges, y->privileges, sizeof x->privileges));
        object_release(&b->object);
    }
    object_release(&a->object);
    return status;
}
