// NtQueryInformationToken and NtSetInformationToken.
#include "information.h"
#include "ntdll_host.h"
#include "security_descriptor.h"
#include <stdlib.h>
#include <string.h>

enum { LOGON_SESSION = 0x4000, SYSTEM_LUID = 0x3e7 };
// Classes that mingw-w64 lacks (Microsoft's documentation of TOKEN_INFORMATION_CLASS).
enum {
    TokenProcessTrustLevel = 41,
    TokenPrivateNameSpace,
    TokenBnoIsolation = 44,
    TokenChildProcessFlags,
    TokenIsLessPrivilegedAppContainer,
    TokenIsSandboxed,
};

// An answer: a head with pointers, then the SIDs and lists that they point to.
struct answer {
    gptr base;
    uint32_t size;
    uint8_t bytes[8192];
};

static uint32_t append(struct answer *answer, const void *bytes, uint32_t size)
{
    uint32_t at = answer->size;
    memcpy(answer->bytes + at, bytes, size);
    answer->size += (size + 3) & ~3u;
    return answer->base + at;
}

static uint32_t append_sid(struct answer *answer, const struct sid *sid)
{
    return append(answer, sid->bytes, sid->size);
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

static void answer_u32(struct answer *answer, uint32_t value)
{
    answer_head(answer, 4);
    set_u32(answer, 0, value);
}

static void answer_sid(struct answer *answer, const struct sid *sid)
{
    answer_head(answer, 4);
    set_u32(answer, 0, append_sid(answer, sid));
}

static void answer_sid_and_attributes(struct answer *answer, const struct sid *sid, uint32_t attributes)
{
    answer_head(answer, 8);
    set_u32(answer, 0, append_sid(answer, sid));
    set_u32(answer, 4, attributes);
}

// Fills SID_AND_ATTRIBUTES entries that start at an offset of the head.
static void set_groups(struct answer *answer, uint32_t offset, const struct token_group *groups,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        set_u32(answer, offset + 8 * i, append_sid(answer, &groups[i].sid));
        set_u32(answer, offset + 4 + 8 * i, groups[i].attributes);
    }
}

static void answer_groups(struct answer *answer, const struct token_group *groups, uint32_t count)
{
    answer_head(answer, 4 + 8 * count);
    set_u32(answer, 0, count);
    set_groups(answer, 4, groups, count);
}

static void answer_logon(struct answer *answer, const struct token_state *state)
{
    for (uint32_t i = 0; i < state->group_count; i++)
        if ((state->groups[i].attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID) {
            answer_groups(answer, &state->groups[i], 1);
            return;
        }
    answer_groups(answer, NULL, 0);
}

static void set_privileges(struct answer *answer, uint32_t offset, const struct token_state *state)
{
    for (uint32_t i = 0; i < state->privilege_count; i++) {
        set_u32(answer, offset + 12 * i, state->privileges[i].luid);
        set_u32(answer, offset + 4 + 12 * i, 0);
        set_u32(answer, offset + 8 + 12 * i, state->privileges[i].attributes);
    }
}

static void answer_privileges(struct answer *answer, const struct token_state *state)
{
    answer_head(answer, 4 + 12 * state->privilege_count);
    set_u32(answer, 0, state->privilege_count);
    set_privileges(answer, 4, state);
}

static void answer_groups_and_privileges(struct answer *answer, const struct token_state *state)
{
    TOKEN_GROUPS_AND_PRIVILEGES32 head = {.SidCount = state->group_count + 1,
                                          .RestrictedSidCount = state->restricted_count,
                                          .PrivilegeCount = state->privilege_count};
    uint32_t sids = sizeof head, restricted = sids + 8 * head.SidCount;
    uint32_t privileges = restricted + 8 * head.RestrictedSidCount;
    answer_head(answer, privileges + 12 * head.PrivilegeCount);
    uint32_t end = answer->size;
    set_groups(answer, sids, &state->user, 1);
    set_groups(answer, sids + 8, state->groups, state->group_count);
    head.SidLength = restricted - sids + answer->size - end;
    end = answer->size;
    set_groups(answer, restricted, state->restricted, state->restricted_count);
    head.RestrictedSidLength = privileges - restricted + answer->size - end;
    set_privileges(answer, privileges, state);
    head.PrivilegeLength = 12 * head.PrivilegeCount;
    head.Sids = answer->base + sids;
    head.RestrictedSids = head.RestrictedSidCount ? answer->base + restricted : 0;
    head.Privileges = answer->base + privileges;
    head.AuthenticationId.LowPart = LOGON_SESSION;
    memcpy(answer->bytes, &head, sizeof head);
}

static void answer_statistics(struct answer *answer, const struct token *token)
{
    const struct token_state *state = &token->state;
    TOKEN_STATISTICS32 statistics = {.TokenType = state->type,
                                     .ImpersonationLevel = state->level,
                                     .DynamicCharged = 4096,
                                     .DynamicAvailable = 4096 - state->default_dacl_size,
                                     .GroupCount = state->group_count,
                                     .PrivilegeCount = state->privilege_count};
    statistics.TokenId.LowPart = (uint32_t)token->id;
    statistics.TokenId.HighPart = (int32_t)(token->id >> 32);
    statistics.AuthenticationId.LowPart = LOGON_SESSION;
    statistics.ExpirationTime.QuadPart = INT64_MAX;
    statistics.ModifiedId.LowPart = (uint32_t)state->modified;
    statistics.ModifiedId.HighPart = (int32_t)(state->modified >> 32);
    answer_head(answer, sizeof statistics);
    memcpy(answer->bytes, &statistics, sizeof statistics);
}

static void answer_default_dacl(struct answer *answer, const struct token_state *state)
{
    answer_head(answer, 4);
    if (state->default_dacl)
        set_u32(answer, 0, append(answer, state->default_dacl, state->default_dacl_size));
}

static void answer_source(struct answer *answer)
{
    TOKEN_SOURCE32 source = {.SourceName = "User32 "};
    source.SourceIdentifier.LowPart = LOGON_SESSION + 1;
    answer_head(answer, sizeof source);
    memcpy(answer->bytes, &source, sizeof source);
}

static void answer_luid(struct answer *answer, uint32_t low)
{
    answer_head(answer, 8);
    set_u32(answer, 0, low);
}

static void answer_integrity(struct answer *answer, const struct token_state *state)
{
    const struct sid label = sid_integrity(state->integrity);
    answer_sid_and_attributes(answer, &label, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED);
}

static bool answer_class(struct answer *answer, const struct token *token, uint32_t class)
{
    enum { NO_WRITE_UP = 1, NEW_PROCESS_MIN = 2 };
    const struct token_state *state = &token->state;
    switch (class) {
    case TokenUser: answer_sid_and_attributes(answer, &state->user.sid, state->user.attributes); return true;
    case TokenGroups: answer_groups(answer, state->groups, state->group_count); return true;
    case TokenPrivileges: answer_privileges(answer, state); return true;
    case TokenOwner: answer_sid(answer, &state->owner); return true;
    case TokenPrimaryGroup: answer_sid(answer, &state->primary_group); return true;
    case TokenDefaultDacl: answer_default_dacl(answer, state); return true;
    case TokenSource: answer_source(answer); return true;
    case TokenType: answer_u32(answer, state->type); return true;
    case TokenImpersonationLevel: answer_u32(answer, state->level); return state->type == TokenImpersonation;
    case TokenStatistics: answer_statistics(answer, token); return true;
    case TokenRestrictedSids: answer_groups(answer, state->restricted, state->restricted_count); return true;
    case TokenSessionId: answer_u32(answer, state->session); return true;
    case TokenGroupsAndPrivileges: answer_groups_and_privileges(answer, state); return true;
    case TokenSandBoxInert: answer_u32(answer, (state->flags & TOKEN_FLAG_INERT) != 0); return true;
    case TokenOrigin: answer_luid(answer, SYSTEM_LUID); return true;
    case TokenElevationType: answer_u32(answer, state->elevation_type); return true;
    case TokenElevation: answer_u32(answer, state->elevation_type == TokenElevationTypeFull); return true;
    case TokenHasRestrictions: answer_u32(answer, state->restricted_count != 0); return true;
    case TokenVirtualizationAllowed: answer_u32(answer, 0); return true;
    case TokenVirtualizationEnabled: answer_u32(answer, 0); return true;
    case TokenIntegrityLevel: answer_integrity(answer, state); return true;
    case TokenUIAccess: answer_u32(answer, 0); return true;
    case TokenMandatoryPolicy: answer_u32(answer, NO_WRITE_UP | NEW_PROCESS_MIN); return true;
    case TokenLogonSid: answer_logon(answer, state); return true;
    case TokenIsAppContainer: answer_u32(answer, 0); return true;
    case TokenCapabilities: answer_groups(answer, NULL, 0); return true;
    case TokenAppContainerSid: answer_u32(answer, 0); return true;
    case TokenAppContainerNumber: answer_u32(answer, 0); return true;
    case TokenDeviceGroups:
    case TokenRestrictedDeviceGroups: answer_groups(answer, NULL, 0); return true;
    case TokenIsRestricted: answer_u32(answer, state->restricted_count != 0); return true;
    case TokenProcessTrustLevel: answer_u32(answer, 0); return true; // a SID: none
    case TokenBnoIsolation: answer_head(answer, 8); return true;     // no prefix, not isolated
    case TokenPrivateNameSpace:
    case TokenChildProcessFlags:
    case TokenIsLessPrivilegedAppContainer:
    case TokenIsSandboxed: answer_u32(answer, 0); return true;
    default: return false;
    }
}

// Each query opens a token of its own.
static NTSTATUS query_linked(struct token *token, gptr buffer, uint32_t length, uint32_t *needed)
{
    HANDLE32 handle;
    *needed = sizeof handle;
    if (length < sizeof handle) return STATUS_BUFFER_TOO_SMALL;
    if (!guest_probe_write(buffer, sizeof handle)) return STATUS_ACCESS_VIOLATION;
    struct token *linked = token_linked(token);
    if (!linked) return STATUS_NO_MEMORY;
    NTSTATUS status = handle_create(&linked->object, TOKEN_ALL_ACCESS, 0, &handle);
    object_release(&linked->object);
    if (NT_SUCCESS(status) && !guest_write32(buffer, handle)) {
        handle_close(handle);
        status = STATUS_ACCESS_VIOLATION;
    }
    return status;
}

NTSTATUS NtQueryInformationToken(HANDLE32 handle, TOKEN_INFORMATION_CLASS32 class, gptr buffer,
                                 uint32_t length, uint32_t *needed)
{
    struct token *token;
    struct answer answer = {.base = buffer};
    NTSTATUS status = token_resolve(handle, class == TokenSource ? TOKEN_QUERY_SOURCE : TOKEN_QUERY, &token);
    if (!NT_SUCCESS(status)) return status;
    if (class == TokenLinkedToken) {
        status = query_linked(token, buffer, length, needed);
        object_release(&token->object);
        return status;
    }
    pthread_mutex_lock(&token->lock);
    bool known = answer_class(&answer, token, class);
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    if (!known) return STATUS_INVALID_INFO_CLASS;
    *needed = answer.size;
    if (length < answer.size) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(buffer, answer.bytes, answer.size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// --- changes

static NTSTATUS read_pointer(gptr buffer, uint32_t length, gptr *pointer)
{
    if (length < sizeof *pointer) return STATUS_INFO_LENGTH_MISMATCH;
    return guest_read32(pointer, buffer) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS set_default_dacl(struct token *token, gptr buffer, uint32_t length)
{
    gptr at;
    uint8_t head[8], *acl = NULL;
    uint32_t size = 0;
    NTSTATUS status = read_pointer(buffer, length, &at);
    if (!NT_SUCCESS(status)) return status;
    if (at) {
        if (!guest_read(head, at, sizeof head)) return STATUS_ACCESS_VIOLATION;
        size = (uint32_t)(head[2] | head[3] << 8);
        acl = malloc(size ? size : 1);
        if (!acl) return STATUS_NO_MEMORY;
        if (!guest_read(acl, at, size))
            status = STATUS_ACCESS_VIOLATION;
        else if (!acl_is_valid(acl, size))
            status = STATUS_INVALID_ACL;
    }
    if (!NT_SUCCESS(status)) {
        free(acl);
        return status;
    }
    pthread_mutex_lock(&token->lock);
    void *old = token->state.default_dacl;
    token->state.default_dacl = acl;
    token->state.default_dacl_size = size;
    token_touch(token);
    pthread_mutex_unlock(&token->lock);
    free(old);
    return STATUS_SUCCESS;
}

// The owner of what will be created: the user or a group that may own.
static NTSTATUS set_owner(struct token *token, gptr buffer, uint32_t length, bool group)
{
    gptr at;
    struct sid sid;
    NTSTATUS status = read_pointer(buffer, length, &at);
    if (NT_SUCCESS(status)) status = sid_capture(&sid, at);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&token->lock);
    struct token_state *state = &token->state;
    bool allowed = sid_equal(&sid, &state->user.sid);
    for (uint32_t i = 0; i < state->group_count && !allowed; i++)
        allowed =
            sid_equal(&sid, &state->groups[i].sid) && (group || state->groups[i].attributes & SE_GROUP_OWNER);
    if (allowed) {
        *(group ? &state->primary_group : &state->owner) = sid;
        token_touch(token);
    }
    pthread_mutex_unlock(&token->lock);
    if (allowed) return STATUS_SUCCESS;
    return group ? STATUS_INVALID_PRIMARY_GROUP : STATUS_INVALID_OWNER;
}

// An integrity level can only go down without SeRelabelPrivilege, which nobody holds.
static NTSTATUS set_integrity(struct token *token, gptr buffer, uint32_t length)
{
    enum { LABEL = 16 };
    gptr at;
    struct sid sid;
    uint32_t rid;
    NTSTATUS status = length < 8 ? STATUS_INFO_LENGTH_MISMATCH : read_pointer(buffer, length, &at);
    if (NT_SUCCESS(status)) status = sid_capture(&sid, at);
    if (!NT_SUCCESS(status)) return status;
    if (sid.bytes[1] != 1 || sid.bytes[7] != LABEL) return STATUS_INVALID_LABEL;
    memcpy(&rid, sid.bytes + 8, 4);
    pthread_mutex_lock(&token->lock);
    bool lower = rid <= token->state.integrity;
    if (lower) token->state.integrity = rid;
    if (lower) token_touch(token);
    pthread_mutex_unlock(&token->lock);
    return lower ? STATUS_SUCCESS : STATUS_PRIVILEGE_NOT_HELD;
}

NTSTATUS NtSetInformationToken(HANDLE32 handle, TOKEN_INFORMATION_CLASS32 class, gptr buffer, uint32_t length)
{
    struct token *token;
    NTSTATUS status = token_resolve(handle, TOKEN_ADJUST_DEFAULT, &token);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case TokenDefaultDacl: status = set_default_dacl(token, buffer, length); break;
    case TokenOwner: status = set_owner(token, buffer, length, false); break;
    case TokenPrimaryGroup: status = set_owner(token, buffer, length, true); break;
    case TokenIntegrityLevel: status = set_integrity(token, buffer, length); break;
    case TokenSessionId: status = STATUS_PRIVILEGE_NOT_HELD; break; // needs SeTcbPrivilege
    default: status = STATUS_INVALID_INFO_CLASS;
    }
    object_release(&token->object);
    return status;
}
