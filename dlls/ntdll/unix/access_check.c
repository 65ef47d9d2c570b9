// The access check, and the calls that make it for the guest's own descriptors.
#include "access_check.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

enum { ALLOWED = 0, DENIED = 1, INHERIT_ONLY = 8, ACE_HEAD = 8 };
#define GENERIC_BITS (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL)

typedef bool (*has_sid)(const struct token_state *token, const struct sid *sid, bool for_deny);

static bool has_restricted(const struct token_state *token, const struct sid *sid, bool for_deny)
{
    (void)for_deny;
    return token_has_restricted_sid(token, sid);
}

static bool is_owner(const struct descriptor_parts *security, const struct token_state *token, has_sid has)
{
    struct sid owner;
    return security->owner && sid_parse(&owner, security->owner, security->owner_size) &&
           has(token, &owner, false);
}

// Whether entries for OWNER RIGHTS say what the owner may do.
static bool names_owner_rights(const void *dacl)
{
    const struct sid rights = sid_owner_rights();
    struct sid sid;
    for (const uint8_t *ace = NULL; (ace = acl_next(dacl, ace));)
        if (ace[0] <= DENIED && !(ace[1] & INHERIT_ONLY) &&
            sid_parse(&sid, ace + ACE_HEAD, ace_size(ace) - ACE_HEAD) && sid_equal(&sid, &rights))
            return true;
    return false;
}

static uint32_t map_generic(uint32_t mask, const GENERIC_MAPPING32 *mapping)
{
    if (mask & GENERIC_READ) mask |= mapping->GenericRead;
    if (mask & GENERIC_WRITE) mask |= mapping->GenericWrite;
    if (mask & GENERIC_EXECUTE) mask |= mapping->GenericExecute;
    if (mask & GENERIC_ALL) mask |= mapping->GenericAll;
    return mask & ~GENERIC_BITS;
}

// All rights that the list gives to the SIDs that `has` knows: the first entry that speaks of a right
// decides.
static uint32_t rights_of_list(const struct descriptor_parts *security, const struct token_state *token,
                               const GENERIC_MAPPING32 *mapping, has_sid has)
{
    const struct sid owner_rights = sid_owner_rights();
    uint32_t given = 0, denied = 0;
    bool owner = is_owner(security, token, has);
    if (!security->dacl) return ~0u;
    if (owner && !names_owner_rights(security->dacl)) given = READ_CONTROL | WRITE_DAC;
    for (const uint8_t *ace = NULL; (ace = acl_next(security->dacl, ace));) {
        struct sid sid;
        if (ace[0] > DENIED || ace[1] & INHERIT_ONLY ||
            !sid_parse(&sid, ace + ACE_HEAD, ace_size(ace) - ACE_HEAD))
            continue;
        if (!has(token, &sid, ace[0] == DENIED) && !(owner && sid_equal(&sid, &owner_rights))) continue;
        uint32_t mask = map_generic(ace_mask(ace), mapping);
        if (ace[0] == ALLOWED)
            given |= mask & ~denied;
        else
            denied |= mask & ~given;
    }
    return given;
}

static bool holds(const struct token_state *token, uint32_t luid)
{
    const struct token_privilege *p = token_find_privilege((struct token_state *)token, luid);
    return p && p->attributes & SE_PRIVILEGE_ENABLED;
}

NTSTATUS access_check(const struct descriptor_parts *security, const struct token_state *token,
                      ACCESS_MASK32 desired, const GENERIC_MAPPING32 *mapping, ACCESS_MASK32 *granted,
                      uint32_t *privilege)
{
    uint32_t extra = 0;
    *granted = 0;
    *privilege = 0;
    if (desired & ACCESS_SYSTEM_SECURITY) {
        if (!holds(token, SE_SECURITY_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
        *privilege = SE_SECURITY_PRIVILEGE;
        extra = ACCESS_SYSTEM_SECURITY;
    }
    uint32_t rights = rights_of_list(security, token, mapping, token_has_sid);
    if (token->restricted_count) rights &= rights_of_list(security, token, mapping, has_restricted);
    if (desired & WRITE_OWNER && !(rights & WRITE_OWNER) && holds(token, SE_TAKE_OWNERSHIP_PRIVILEGE)) {
        *privilege = SE_TAKE_OWNERSHIP_PRIVILEGE;
        extra |= WRITE_OWNER;
    }
    rights |= extra;
    uint32_t wanted = desired & ~(uint32_t)MAXIMUM_ALLOWED;
    if (wanted & ~rights) return STATUS_ACCESS_DENIED;
    if (desired & MAXIMUM_ALLOWED)
        wanted |= rights & (mapping->GenericAll | mapping->GenericRead | mapping->GenericWrite |
                            mapping->GenericExecute);
    if (!wanted) return STATUS_ACCESS_DENIED;
    *granted = wanted;
    return STATUS_SUCCESS;
}

// --- NtAccessCheck

// The set of privileges that a check used, or an empty one. STATUS_BUFFER_TOO_SMALL with the size needed.
static NTSTATUS write_privileges(gptr set, gptr length_at, uint32_t length, uint32_t privilege)
{
    const uint32_t bytes[5] = {privilege != 0, 0, privilege, 0, SE_PRIVILEGE_USED_FOR_ACCESS};
    if (length < sizeof bytes)
        return guest_write32(length_at, sizeof bytes) ? STATUS_BUFFER_TOO_SMALL : STATUS_ACCESS_VIOLATION;
    return guest_write(set, bytes, privilege ? sizeof bytes : 8) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS check_for_guest(const struct descriptor *descriptor, struct token *token,
                                ACCESS_MASK32 desired, const GENERIC_MAPPING32 *mapping,
                                ACCESS_MASK32 *granted, uint32_t *privilege, NTSTATUS *verdict)
{
    struct descriptor_parts parts;
    NTSTATUS status = STATUS_SUCCESS;
    if (!descriptor_parse(&parts, descriptor->bytes, descriptor->size) || !parts.owner || !parts.group)
        return STATUS_INVALID_SECURITY_DESCR;
    pthread_mutex_lock(&token->lock);
    if (token->state.type != TokenImpersonation)
        status = STATUS_NO_IMPERSONATION_TOKEN;
    else if (token->state.level < SecurityIdentification)
        status = STATUS_BAD_IMPERSONATION_LEVEL;
    else
        *verdict = access_check(&parts, &token->state, desired, mapping, granted, privilege);
    pthread_mutex_unlock(&token->lock);
    return status;
}

NTSTATUS NtAccessCheck(gptr security, HANDLE32 handle, ACCESS_MASK32 desired,
                       const GENERIC_MAPPING32 *mapping, gptr privileges, gptr privileges_length,
                       gptr granted_at, gptr verdict_at)
{
    struct descriptor descriptor;
    struct token *token;
    uint32_t length, privilege = 0;
    ACCESS_MASK32 granted = 0;
    NTSTATUS verdict = STATUS_SUCCESS;
    if (!guest_probe_write(granted_at, 4) || !guest_probe_write(verdict_at, 4) ||
        !guest_read32(&length, privileges_length) || !guest_probe_write(privileges, length))
        return STATUS_ACCESS_VIOLATION;
    if (desired & GENERIC_BITS) return STATUS_GENERIC_NOT_MAPPED;
    if (length < 20) return write_privileges(privileges, privileges_length, length, 0);
    NTSTATUS status = descriptor_capture(&descriptor, security);
    if (!NT_SUCCESS(status)) return status;
    status = token_resolve(handle, TOKEN_QUERY, &token);
    if (NT_SUCCESS(status)) {
        status = check_for_guest(&descriptor, token, desired, mapping, &granted, &privilege, &verdict);
        object_release(&token->object);
    }
    free(descriptor.bytes);
    if (!NT_SUCCESS(status)) return status;
    status = write_privileges(privileges, privileges_length, length, privilege);
    if (!NT_SUCCESS(status)) return status;
    return guest_write32(granted_at, granted) && guest_write32(verdict_at, (uint32_t)verdict)
               ? STATUS_SUCCESS
               : STATUS_ACCESS_VIOLATION;
}
