// Access tokens: who the process is. One user, without impersonation; the privileges are those that Windows
// gives an ordinary user, and adjusting them is remembered.
#include "information.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "sid.h"
#include "thread_object.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NT = 5, WORLD = 1, LABEL = 16, MEDIUM_INTEGRITY = 0x2000 };

// winnt.h's SE_*_PRIVILEGE numbers that the token holds, all but the first disabled.
enum {
    CHANGE_NOTIFY = 23,
    SHUTDOWN = 19,
    UNDOCK = 25,
    INCREASE_WORKING_SET = 33,
    TIME_ZONE = 34,
    PRIVILEGES = 5
};
struct privilege {
    uint32_t luid, attributes;
};

struct token {
    struct object object;
    pthread_mutex_t lock; // of the privileges
    struct privilege privileges[PRIVILEGES];
    uint64_t modified;
};

static void token_destroy(struct object *object)
{
    pthread_mutex_destroy(&((struct token *)object)->lock);
    object_free(object);
}

static const struct object_type token_type = {
    .name = "Token",
    .mapping = {.GenericRead = TOKEN_READ,
                .GenericWrite = TOKEN_WRITE,
                .GenericExecute = TOKEN_EXECUTE,
                .GenericAll = TOKEN_ALL_ACCESS},
    .valid_access = TOKEN_ALL_ACCESS,
    .destroy = token_destroy,
};

static struct token *token_new(void)
{
    static const struct privilege initial[PRIVILEGES] = {
        {CHANGE_NOTIFY, SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT},
        {SHUTDOWN, 0},
        {UNDOCK, 0},
        {INCREASE_WORKING_SET, 0},
        {TIME_ZONE, 0}};
    struct token *token = object_alloc(sizeof *token);
    if (!token) return NULL;
    object_init(&token->object, &token_type);
    pthread_mutex_init(&token->lock, NULL);
    memcpy(token->privileges, initial, sizeof initial);
    return token;
}

// The process's one token; made when first opened, kept for good.
static struct token *process_token(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct token *token;
    pthread_mutex_lock(&lock);
    if (!token) token = token_new();
    pthread_mutex_unlock(&lock);
    return token;
}

NTSTATUS NtOpenProcessTokenEx(HANDLE32 process, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle)
{
    struct process_object *object;
    NTSTATUS status = process_resolve(process, PROCESS_QUERY_LIMITED_INFORMATION, &object);
    if (!NT_SUCCESS(status)) return status;
    object_release(&object->object);
    // A child runs as the same user; what it adjusts is its own.
    struct token *token = object == process_object_self() ? process_token() : token_new();
    if (!token) return STATUS_NO_MEMORY;
    status = handle_create(&token->object, object_map_access(&token_type, access), attributes & OBJ_INHERIT,
                           handle);
    if (object != process_object_self()) object_release(&token->object);
    return status;
}

NTSTATUS NtOpenProcessToken(HANDLE32 process, ACCESS_MASK32 access, HANDLE32 *token)
{
    return NtOpenProcessTokenEx(process, access, 0, token);
}

NTSTATUS NtOpenThreadTokenEx(HANDLE32 thread, ACCESS_MASK32 access, uint8_t as_self, uint32_t attributes,
                             HANDLE32 *token)
{
    struct thread_object *object;
    (void)access, (void)as_self, (void)attributes, (void)token;
    NTSTATUS status = thread_resolve(thread, THREAD_QUERY_LIMITED_INFORMATION, &object);
    if (!NT_SUCCESS(status)) return status;
    object_release(&object->object);
    return STATUS_NO_TOKEN; // no thread impersonates
}

NTSTATUS NtOpenThreadToken(HANDLE32 thread, ACCESS_MASK32 access, uint8_t as_self, HANDLE32 *token)
{
    return NtOpenThreadTokenEx(thread, access, as_self, 0, token);
}

// --- queries: a head with pointers, then the SIDs that they point to

struct answer {
    gptr base;
    uint32_t size;
    uint8_t bytes[1024];
};

static uint32_t answer_sid(struct answer *answer, const struct sid *sid)
{
    uint32_t at = answer->size;
    memcpy(answer->bytes + at, sid->bytes, sid->size);
    answer->size += sid->size;
    return answer->base + at;
}

static void answer_head(struct answer *answer, uint32_t size)
{
    memset(answer->bytes, 0, size);
    answer->size = size;
}

static void set_u32(struct answer *answer, uint32_t offset, uint32_t value)
{
    memcpy(answer->bytes + offset, &value, 4);
}

static void answer_one_sid(struct answer *answer, struct sid sid, bool with_attributes, uint32_t attributes)
{
    answer_head(answer, with_attributes ? 8 : 4);
    set_u32(answer, 0, answer_sid(answer, &sid));
    if (with_attributes) set_u32(answer, 4, attributes);
}

static void answer_groups(struct answer *answer)
{
    enum { GROUPS = 5, ENABLED = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED };
    const struct sid groups[GROUPS] = {sid_primary_group(), sid_make(WORLD, 1, 0u),
                                       sid_make(NT, 2, 32u, 545u), sid_make(NT, 1, 4u), sid_make(NT, 1, 11u)};
    answer_head(answer, 4 + 8 * GROUPS);
    set_u32(answer, 0, GROUPS);
    for (unsigned i = 0; i < GROUPS; i++) {
        set_u32(answer, 4 + 8 * i, answer_sid(answer, &groups[i]));
        set_u32(answer, 8 + 8 * i, ENABLED);
    }
}

static void answer_privileges(struct answer *answer, struct token *token)
{
    answer_head(answer, 4 + 12 * PRIVILEGES);
    set_u32(answer, 0, PRIVILEGES);
    pthread_mutex_lock(&token->lock);
    for (unsigned i = 0; i < PRIVILEGES; i++) {
        set_u32(answer, 4 + 12 * i, token->privileges[i].luid);
        set_u32(answer, 12 + 12 * i, token->privileges[i].attributes);
    }
    pthread_mutex_unlock(&token->lock);
}

static void answer_u32(struct answer *answer, uint32_t value)
{
    answer_head(answer, 4);
    set_u32(answer, 0, value);
}

static void answer_statistics(struct answer *answer, struct token *token)
{
    TOKEN_STATISTICS32 statistics = {
        .TokenType = TokenPrimary, .GroupCount = 5, .PrivilegeCount = PRIVILEGES};
    statistics.TokenId.LowPart = (uint32_t)(uintptr_t)token;
    statistics.AuthenticationId.LowPart = 0x3e7;
    statistics.ExpirationTime.QuadPart = INT64_MAX;
    statistics.ModifiedId.LowPart = (uint32_t)token->modified;
    answer_head(answer, sizeof statistics);
    memcpy(answer->bytes, &statistics, sizeof statistics);
}

static bool answer_class(struct answer *answer, struct token *token, uint32_t class)
{
    switch (class) {
    case TokenUser: answer_one_sid(answer, sid_user(), true, 0); return true;
    case TokenOwner: answer_one_sid(answer, sid_user(), false, 0); return true;
    case TokenPrimaryGroup: answer_one_sid(answer, sid_primary_group(), false, 0); return true;
    case TokenIntegrityLevel:
        answer_one_sid(answer, sid_make(LABEL, 1, (uint32_t)MEDIUM_INTEGRITY), true,
                       SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED);
        return true;
    case TokenGroups: answer_groups(answer); return true;
    case TokenPrivileges: answer_privileges(answer, token); return true;
    case TokenType: answer_u32(answer, TokenPrimary); return true;
    case TokenStatistics: answer_statistics(answer, token); return true;
    case TokenSessionId: answer_u32(answer, 1); return true;
    case TokenElevation: answer_u32(answer, 0); return true;
    case TokenElevationType: answer_u32(answer, TokenElevationTypeLimited); return true;
    case TokenVirtualizationEnabled: answer_u32(answer, 0); return true;
    case TokenUIAccess: answer_u32(answer, 0); return true;
    case TokenIsAppContainer: answer_u32(answer, 0); return true;
    default: return false;
    }
}

NTSTATUS NtQueryInformationToken(HANDLE32 handle, TOKEN_INFORMATION_CLASS32 class, gptr buffer,
                                 uint32_t length, uint32_t *needed)
{
    struct object *object;
    struct answer answer = {.base = buffer};
    NTSTATUS status = handle_resolve(handle, &token_type, TOKEN_QUERY, &object);
    if (!NT_SUCCESS(status)) return status;
    bool known = answer_class(&answer, (struct token *)object, class);
    object_release(object);
    if (!known) return STATUS_INVALID_INFO_CLASS;
    *needed = answer.size;
    if (length < answer.size) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(buffer, answer.bytes, answer.size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Changes one privilege; the old state goes to *old. False when the token does not hold it.
static bool adjust(struct token *token, uint32_t luid, uint32_t attributes, struct privilege *old)
{
    for (unsigned i = 0; i < PRIVILEGES; i++) {
        struct privilege *p = &token->privileges[i];
        if (p->luid != luid) continue;
        *old = *p;
        p->attributes =
            (p->attributes & ~(uint32_t)SE_PRIVILEGE_ENABLED) | (attributes & SE_PRIVILEGE_ENABLED);
        return true;
    }
    return false;
}

static NTSTATUS write_previous(gptr previous, uint32_t length, gptr result_length,
                               const struct privilege *changed, uint32_t n)
{
    uint32_t size = 4 + 12 * n;
    if (result_length && !guest_write32(result_length, size)) return STATUS_ACCESS_VIOLATION;
    if (!previous) return STATUS_SUCCESS;
    if (length < size) return STATUS_BUFFER_TOO_SMALL;
    if (!guest_write32(previous, n)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t entry[3] = {changed[i].luid, 0, changed[i].attributes};
        if (!guest_write(previous + 4 + 12 * i, entry, sizeof entry)) return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NtAdjustPrivilegesToken(HANDLE32 handle, uint8_t disable_all, gptr wanted, uint32_t length,
                                 gptr previous, gptr result_length)
{
    enum { WANTED_MAX = 64 };
    struct object *object;
    struct privilege changed[WANTED_MAX], old;
    uint32_t count = 0, n = 0, wishes[3 * WANTED_MAX];
    if (!disable_all) {
        if (!guest_read32(&count, wanted)) return STATUS_ACCESS_VIOLATION;
        if (count > WANTED_MAX) return STATUS_INVALID_PARAMETER;
        if (!guest_read(wishes, wanted + 4, 12 * count)) return STATUS_ACCESS_VIOLATION;
    }
    uint32_t access = TOKEN_ADJUST_PRIVILEGES | (previous ? TOKEN_QUERY : 0);
    NTSTATUS status = handle_resolve(handle, &token_type, access, &object);
    if (!NT_SUCCESS(status)) return status;
    struct token *token = (struct token *)object;
    pthread_mutex_lock(&token->lock);
    for (uint32_t i = 0; disable_all && i < PRIVILEGES; i++)
        if (adjust(token, token->privileges[i].luid, 0, &old) && old.attributes & SE_PRIVILEGE_ENABLED)
            changed[n++] = old;
    uint32_t held = 0;
    for (uint32_t i = 0; i < count; i++)
        if (wishes[3 * i + 1] == 0 && adjust(token, wishes[3 * i], wishes[3 * i + 2], &old)) {
            held++;
            if ((old.attributes ^ wishes[3 * i + 2]) & SE_PRIVILEGE_ENABLED) changed[n++] = old;
        }
    token->modified++;
    pthread_mutex_unlock(&token->lock);
    object_release(object);
    status = write_previous(previous, length, result_length, changed, n);
    if (!NT_SUCCESS(status)) return status;
    return held < count ? STATUS_NOT_ALL_ASSIGNED : STATUS_SUCCESS;
}
