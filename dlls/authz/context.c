// Client contexts: whose access is asked for, as a set of SIDs.
#include "authz_internal.h"

static void *allocate(SIZE_T size)
{
    void *memory = RtlAllocateHeap(peb_self()->ProcessHeap, 0, size);
    if (!memory) fail_with(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

static void release(void *memory)
{
    if (memory) RtlFreeHeap(peb_self()->ProcessHeap, 0, memory);
}

// ---- sets of SIDs ----

struct sid_list {
    const SID_AND_ATTRIBUTES *sids;
    DWORD count;
};

static SIZE_T lists_size(const struct sid_list *lists, unsigned n, DWORD *count)
{
    SIZE_T size = 0;
    *count = 0;
    for (unsigned i = 0; i < n; i++) {
        *count += lists[i].count;
        for (DWORD j = 0; j < lists[i].count; j++)
            size += sizeof(SID_AND_ATTRIBUTES) + ((RtlLengthSid(lists[i].sids[j].Sid) + 3) & ~3u);
    }
    return size;
}

// Copies lists behind each other: the array at *at, then the SIDs; *at ends up behind them.
static SID_AND_ATTRIBUTES *copy_lists(const struct sid_list *lists, unsigned n, DWORD count, BYTE **at)
{
    SID_AND_ATTRIBUTES *array = (SID_AND_ATTRIBUTES *)*at, *next = array;
    *at += count * sizeof(*array);
    for (unsigned i = 0; i < n; i++)
        for (DWORD j = 0; j < lists[i].count; j++, next++) {
            ULONG length = RtlLengthSid(lists[i].sids[j].Sid);
            next->Sid = *at;
            next->Attributes = lists[i].sids[j].Attributes;
            memcpy(*at, lists[i].sids[j].Sid, length);
            *at += (length + 3) & ~3u;
        }
    return array;
}

static bool list_has(const SID_AND_ATTRIBUTES *sids, DWORD count, PSID sid, bool deny)
{
    for (DWORD i = 0; i < count; i++) {
        DWORD attributes = sids[i].Attributes;
        bool counts = attributes & SE_GROUP_USE_FOR_DENY_ONLY ? deny : attributes & SE_GROUP_ENABLED;
        if (counts && RtlEqualSid(sids[i].Sid, sid)) return true;
    }
    return false;
}

bool context_has_sid(const struct client_context *context, PSID sid, bool deny)
{
    return list_has(context->sids, context->sids_n, sid, deny) &&
           (deny || !context->restricted_n ||
            list_has(context->restricted, context->restricted_n, sid, deny));
}

// Makes a context of SID lists, normal and restricted ones.
static struct client_context *make_context(struct resource_manager *manager, LUID identifier,
                                           const LARGE_INTEGER *expiration, const struct sid_list *normal,
                                           unsigned normal_n, const struct sid_list *restricted,
                                           unsigned restricted_n)
{
    DWORD count, restricted_count;
    SIZE_T size =
        lists_size(normal, normal_n, &count) + lists_size(restricted, restricted_n, &restricted_count);
    struct client_context *context = allocate(sizeof(*context) + size);
    if (!context) return NULL;
    BYTE *at = (BYTE *)(context + 1);
    *context = (struct client_context){
        .manager = manager, .identifier = identifier, .sids_n = count, .restricted_n = restricted_count};
    if (expiration) context->expiration = *expiration;
    context->sids = copy_lists(normal, normal_n, count, &at);
    context->restricted = copy_lists(restricted, restricted_n, restricted_count, &at);
    return context;
}

// Makes a context of a user and groups, to which the manager's callback may add.
static BOOL make_with_dynamic_groups(struct resource_manager *manager, LUID identifier,
                                     const LARGE_INTEGER *expiration, void *arguments,
                                     const struct sid_list *lists, unsigned n,
                                     PAUTHZ_CLIENT_CONTEXT_HANDLE result)
{
    struct client_context *context = make_context(manager, identifier, expiration, lists, n, NULL, 0);
    if (!context) return FALSE;
    if (manager->compute_groups) {
        SID_AND_ATTRIBUTES *groups = NULL, *restricted = NULL;
        DWORD groups_n = 0, restricted_n = 0;
        BOOL computed = manager->compute_groups((AUTHZ_CLIENT_CONTEXT_HANDLE)context, arguments, &groups,
                                                &groups_n, &restricted, &restricted_n);
        struct client_context *plain = context;
        const struct sid_list all[] = {{plain->sids, plain->sids_n}, {groups, groups_n}};
        const struct sid_list limits[] = {{restricted, restricted_n}};
        context = computed ? make_context(manager, identifier, expiration, all, 2, limits, 1) : NULL;
        release(plain);
        if (manager->free_groups && groups) manager->free_groups(groups);
        if (manager->free_groups && restricted) manager->free_groups(restricted);
        if (!context) return FALSE;
    }
    *result = (AUTHZ_CLIENT_CONTEXT_HANDLE)context;
    return TRUE;
}

// ---- making contexts ----

// What a token says in a class, allocated. NULL: the last error is set.
static void *token_information(HANDLE token, TOKEN_INFORMATION_CLASS class)
{
    ULONG size = 0;
    NTSTATUS status = NtQueryInformationToken(token, class, NULL, 0, &size);
    void *information = status == STATUS_BUFFER_TOO_SMALL ? allocate(size) : NULL;
    if (information) status = NtQueryInformationToken(token, class, information, size, &size);
    if (NT_SUCCESS(status)) return information;
    release(information);
    fail_with(RtlNtStatusToDosError(status));
    return NULL;
}

static SID_AND_ATTRIBUTES user_entry(PSID sid)
{
    return (SID_AND_ATTRIBUTES){sid, SE_GROUP_ENABLED};
}

HOTPATCH BOOL WINAPI AuthzInitializeContextFromToken(DWORD flags, HANDLE token,
                                                     AUTHZ_RESOURCE_MANAGER_HANDLE manager,
                                                     PLARGE_INTEGER expiration, LUID identifier,
                                                     PVOID arguments, PAUTHZ_CLIENT_CONTEXT_HANDLE result)
{
    if (!manager || !result || (flags & ~(AUTHZ_SKIP_TOKEN_GROUPS | AUTHZ_COMPUTE_PRIVILEGES)))
        return fail_with(ERROR_INVALID_PARAMETER);
    TOKEN_USER *user = token_information(token, TokenUser);
    TOKEN_GROUPS *groups = user ? token_information(token, TokenGroups) : NULL;
    BOOL done = FALSE;
    if (groups) {
        SID_AND_ATTRIBUTES self = user_entry(user->User.Sid);
        const struct sid_list lists[] = {{&self, 1}, {groups->Groups, groups->GroupCount}};
        done = make_with_dynamic_groups((struct resource_manager *)manager, identifier, expiration, arguments,
                                        lists, flags & AUTHZ_SKIP_TOKEN_GROUPS ? 1 : 2, result);
    }
    release(groups);
    release(user);
    return done;
}

// The groups that everybody who is logged on has.
static const SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
static const SID authenticated = {
    SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {SECURITY_AUTHENTICATED_USER_RID}};

// The user that the process runs as has its token's groups; of others nothing is known.
HOTPATCH BOOL WINAPI AuthzInitializeContextFromSid(DWORD flags, PSID sid,
                                                   AUTHZ_RESOURCE_MANAGER_HANDLE manager,
                                                   PLARGE_INTEGER expiration, LUID identifier,
                                                   PVOID arguments, PAUTHZ_CLIENT_CONTEXT_HANDLE result)
{
    const DWORD known = AUTHZ_SKIP_TOKEN_GROUPS | AUTHZ_REQUIRE_S4U_LOGON | AUTHZ_COMPUTE_PRIVILEGES;
    if (!manager || !result || (flags & ~known)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!sid || !RtlValidSid(sid)) return fail_with(ERROR_INVALID_SID);
    SID_AND_ATTRIBUTES self = user_entry(sid);
    const SID_AND_ATTRIBUTES common[] = {{(PSID)&everyone, SE_GROUP_ENABLED},
                                         {(PSID)&authenticated, SE_GROUP_ENABLED}};
    struct sid_list lists[] = {{&self, 1}, {common, 2}};
    TOKEN_USER *user = NULL;
    TOKEN_GROUPS *groups = NULL;
    HANDLE token;
    if (NT_SUCCESS(NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token))) {
        user = token_information(token, TokenUser);
        if (user && RtlEqualSid(user->User.Sid, sid)) groups = token_information(token, TokenGroups);
        if (groups) lists[1] = (struct sid_list){groups->Groups, groups->GroupCount};
        NtClose(token);
    }
    BOOL done = make_with_dynamic_groups((struct resource_manager *)manager, identifier, expiration,
                                         arguments, lists, flags & AUTHZ_SKIP_TOKEN_GROUPS ? 1 : 2, result);
    release(groups);
    release(user);
    return done;
}

HOTPATCH BOOL WINAPI AuthzInitializeContextFromAuthzContext(DWORD flags, AUTHZ_CLIENT_CONTEXT_HANDLE source,
                                                            PLARGE_INTEGER expiration, LUID identifier,
                                                            PVOID arguments,
                                                            PAUTHZ_CLIENT_CONTEXT_HANDLE result)
{
    const struct client_context *context = (struct client_context *)source;
    if (flags || !source || !result) return fail_with(ERROR_INVALID_PARAMETER);
    const struct sid_list lists[] = {{context->sids, context->sids_n}};
    return make_with_dynamic_groups(context->manager, identifier, expiration, arguments, lists, 1, result);
}

HOTPATCH BOOL WINAPI AuthzAddSidsToContext(AUTHZ_CLIENT_CONTEXT_HANDLE source, PSID_AND_ATTRIBUTES sids,
                                           DWORD sids_n, PSID_AND_ATTRIBUTES restricted, DWORD restricted_n,
                                           PAUTHZ_CLIENT_CONTEXT_HANDLE result)
{
    const struct client_context *context = (struct client_context *)source;
    if (!source || !result) return fail_with(ERROR_INVALID_PARAMETER);
    const struct sid_list all[] = {{context->sids, context->sids_n}, {sids, sids_n}};
    const struct sid_list limits[] = {{context->restricted, context->restricted_n},
                                      {restricted, restricted_n}};
    struct client_context *made =
        make_context(context->manager, context->identifier, &context->expiration, all, 2, limits, 2);
    if (!made) return FALSE;
    *result = (AUTHZ_CLIENT_CONTEXT_HANDLE)made;
    return TRUE;
}

HOTPATCH BOOL WINAPI AuthzFreeContext(AUTHZ_CLIENT_CONTEXT_HANDLE context)
{
    if (!context) return fail_with(ERROR_INVALID_PARAMETER);
    return RtlFreeHeap(peb_self()->ProcessHeap, 0, context);
}

// ---- asking them ----

// SIDs as TOKEN_GROUPS has them, header first.
static BOOL give_sids(const SID_AND_ATTRIBUTES *sids, DWORD n, DWORD size, PDWORD needed, void *buffer)
{
    const struct sid_list list = {sids, n};
    const DWORD header = offsetof(TOKEN_GROUPS, Groups);
    DWORD count;
    *needed = header + lists_size(&list, 1, &count);
    if (size < *needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    BYTE *at = (BYTE *)buffer + header;
    *(DWORD *)buffer = n;
    copy_lists(&list, 1, n, &at);
    return TRUE;
}

static BOOL give_user(const struct client_context *context, DWORD size, PDWORD needed, void *buffer)
{
    const struct sid_list list = {context->sids, 1};
    DWORD count;
    *needed = lists_size(&list, 1, &count);
    if (size < *needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    BYTE *at = buffer;
    copy_lists(&list, 1, 1, &at);
    ((TOKEN_USER *)buffer)->User.Attributes = 0;
    return TRUE;
}

static BOOL give_bytes(const void *bytes, DWORD length, DWORD size, PDWORD needed, void *buffer)
{
    *needed = length;
    if (size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, bytes, length);
    return TRUE;
}

HOTPATCH BOOL WINAPI AuthzGetInformationFromContext(AUTHZ_CLIENT_CONTEXT_HANDLE handle,
                                                    AUTHZ_CONTEXT_INFORMATION_CLASS class, DWORD size,
                                                    PDWORD needed, PVOID buffer)
{
    const struct client_context *context = (struct client_context *)handle;
    if (!context || !needed || (!buffer && size)) return fail_with(ERROR_INVALID_PARAMETER);
    switch (class) {
    case AuthzContextInfoUserSid: return give_user(context, size, needed, buffer);
    case AuthzContextInfoGroupsSids:
        return give_sids(context->sids + 1, context->sids_n - 1, size, needed, buffer);
    case AuthzContextInfoRestrictedSids:
        return give_sids(context->restricted, context->restricted_n, size, needed, buffer);
    case AuthzContextInfoExpirationTime:
        return give_bytes(&context->expiration, sizeof(context->expiration), size, needed, buffer);
    case AuthzContextInfoIdentifier:
        return give_bytes(&context->identifier, sizeof(context->identifier), size, needed, buffer);
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
}
