// Enabling, disabling and removing what a token holds: privileges and groups; and asking for privileges.
#include "ntdll_host.h"
#include "token.h"
#include <string.h>

enum { PRIVILEGE_ENTRY = sizeof(LUID_AND_ATTRIBUTES32), GROUP_ENTRY = sizeof(SID_AND_ATTRIBUTES32) };

// What a change replaced, for PreviousState.
struct changes {
    uint32_t count;
    struct token_privilege old[TOKEN_PRIVILEGE_COUNT_MAX];
};

static void set_privilege(struct token_privilege *p, uint32_t attributes, struct changes *changes)
{
    uint32_t now = (p->attributes & ~(uint32_t)SE_PRIVILEGE_ENABLED) | (attributes & SE_PRIVILEGE_ENABLED);
    if (now == p->attributes) return;
    changes->old[changes->count++] = *p;
    p->attributes = now;
}

static void remove_privilege(struct token_state *state, struct token_privilege *p)
{
    struct token_privilege *end = state->privileges + state->privilege_count--;
    memmove(p, p + 1, (size_t)(end - p - 1) * sizeof *p);
}

// Takes one wish. False when the token doesn't hold the privilege.
static bool apply(struct token_state *state, const LUID_AND_ATTRIBUTES32 *wish, struct changes *changes)
{
    struct token_privilege *p = wish->Luid.HighPart ? NULL : token_find_privilege(state, wish->Luid.LowPart);
    if (!p) return false;
    if (wish->Attributes & SE_PRIVILEGE_REMOVED)
        remove_privilege(state, p);
    else
        set_privilege(p, wish->Attributes, changes);
    return true;
}

static NTSTATUS write_previous(gptr previous, const struct changes *changes)
{
    if (!guest_write32(previous, changes->count)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t i = 0; i < changes->count; i++) {
        const uint32_t entry[3] = {changes->old[i].luid, 0, changes->old[i].attributes};
        if (!guest_write(previous + 4 + PRIVILEGE_ENTRY * i, entry, sizeof entry))
            return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS read_wishes(gptr wanted, LUID_AND_ATTRIBUTES32 *wishes, uint32_t max, uint32_t *count)
{
    if (!guest_read32(count, wanted)) return STATUS_ACCESS_VIOLATION;
    if (*count > max) return STATUS_INVALID_PARAMETER;
    return guest_read(wishes, wanted + 4, PRIVILEGE_ENTRY * *count) ? STATUS_SUCCESS
                                                                    : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NtAdjustPrivilegesToken(HANDLE32 handle, uint8_t disable_all, gptr wanted, uint32_t length,
                                 gptr previous, gptr result_length)
{
    enum { WANTED_MAX = 64 };
    struct token *token;
    LUID_AND_ATTRIBUTES32 wishes[WANTED_MAX];
    struct changes changes = {0};
    uint32_t count = 0, held = 0;
    NTSTATUS status = STATUS_SUCCESS;
    if (!disable_all) {
        if (!wanted) return STATUS_INVALID_PARAMETER;
        status = read_wishes(wanted, wishes, WANTED_MAX, &count);
    }
    if (NT_SUCCESS(status))
        status = token_resolve(handle, TOKEN_ADJUST_PRIVILEGES | (previous ? TOKEN_QUERY : 0), &token);
    if (!NT_SUCCESS(status)) return status;

    pthread_mutex_lock(&token->lock);
    struct token_state *state = &token->state, before = *state;
    for (uint32_t i = 0; disable_all && i < state->privilege_count; i++)
        set_privilege(&state->privileges[i], 0, &changes);
    for (uint32_t i = 0; i < count; i++) held += apply(state, &wishes[i], &changes);
    uint32_t size = 4 + PRIVILEGE_ENTRY * changes.count;
    bool fits = !previous || length >= size;
    if (fits)
        token_touch(token);
    else
        *state = before; // nothing changes when its old state can't be told
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);

    if (previous && result_length && !guest_write32(result_length, size)) return STATUS_ACCESS_VIOLATION;
    if (!fits) return STATUS_BUFFER_TOO_SMALL;
    if (previous) status = write_previous(previous, &changes);
    if (!NT_SUCCESS(status)) return status;
    return held < count ? STATUS_NOT_ALL_ASSIGNED : STATUS_SUCCESS;
}

// --- groups

static NTSTATUS set_group(struct token_state *state, const struct sid *sid, bool enable)
{
    for (uint32_t i = 0; i < state->group_count; i++) {
        struct token_group *group = &state->groups[i];
        if (!sid_equal(&group->sid, sid)) continue;
        if (enable && group->attributes & SE_GROUP_USE_FOR_DENY_ONLY) return STATUS_CANT_ENABLE_DENY_ONLY;
        if (!enable && group->attributes & SE_GROUP_MANDATORY) return STATUS_CANT_DISABLE_MANDATORY;
        group->attributes &= ~(uint32_t)SE_GROUP_ENABLED;
        if (enable) group->attributes |= SE_GROUP_ENABLED;
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_ALL_ASSIGNED;
}

static void reset_groups(struct token_state *state)
{
    for (uint32_t i = 0; i < state->group_count; i++) {
        uint32_t *attributes = &state->groups[i].attributes;
        *attributes &= ~(uint32_t)SE_GROUP_ENABLED;
        if (*attributes & SE_GROUP_ENABLED_BY_DEFAULT) *attributes |= SE_GROUP_ENABLED;
    }
}

NTSTATUS NtAdjustGroupsToken(HANDLE32 handle, uint8_t reset, gptr wanted, uint32_t length, gptr previous,
                             gptr result_length)
{
    struct token *token;
    struct token_group wishes[TOKEN_GROUP_COUNT_MAX];
    uint32_t count = 0;
    (void)length;
    if (!reset) {
        if (!guest_read32(&count, wanted)) return STATUS_ACCESS_VIOLATION;
        if (count > TOKEN_GROUP_COUNT_MAX) return STATUS_INVALID_PARAMETER;
    }
    for (uint32_t i = 0; i < count; i++) {
        SID_AND_ATTRIBUTES32 entry;
        if (!guest_read(&entry, wanted + 4 + GROUP_ENTRY * i, GROUP_ENTRY)) return STATUS_ACCESS_VIOLATION;
        NTSTATUS status = sid_capture(&wishes[i].sid, entry.Sid);
        if (!NT_SUCCESS(status)) return status;
        wishes[i].attributes = entry.Attributes;
    }
    NTSTATUS status = token_resolve(handle, TOKEN_ADJUST_GROUPS | (previous ? TOKEN_QUERY : 0), &token);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&token->lock);
    struct token_state *state = &token->state, before = *state;
    if (reset) reset_groups(state);
    for (uint32_t i = 0; i < count && status >= 0; i++) {
        NTSTATUS one = set_group(state, &wishes[i].sid, wishes[i].attributes & SE_GROUP_ENABLED);
        if (one != STATUS_SUCCESS) status = one;
    }
    if (NT_SUCCESS(status))
        token_touch(token);
    else
        *state = before;
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    // All groups of our tokens are mandatory: there is never an old state to tell.
    if (previous && !guest_write32(previous, 0)) return STATUS_ACCESS_VIOLATION;
    if (previous && result_length && !guest_write32(result_length, 4)) return STATUS_ACCESS_VIOLATION;
    return status;
}

// --- having privileges

bool token_has_privilege(uint32_t luid)
{
    struct token *token = token_effective();
    if (!token) return false;
    pthread_mutex_lock(&token->lock);
    const struct token_privilege *privilege = token_find_privilege(&token->state, luid);
    bool has = privilege && (privilege->attributes & SE_PRIVILEGE_ENABLED);
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    return has;
}

// --- NtPrivilegeCheck

NTSTATUS NtPrivilegeCheck(HANDLE32 handle, gptr set, uint8_t *result)
{
    enum { ENTRIES = 8, ALL_NECESSARY = 1, MAX = 64 };
    struct token *token;
    uint32_t head[2], enabled = 0;
    LUID_AND_ATTRIBUTES32 wanted[MAX];
    if (!guest_read(head, set, sizeof head)) return STATUS_ACCESS_VIOLATION;
    if (head[0] > MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read(wanted, set + ENTRIES, PRIVILEGE_ENTRY * head[0])) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = token_resolve(handle, TOKEN_QUERY, &token);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&token->lock);
    if (token->state.type == TokenImpersonation && token->state.level < SecurityIdentification)
        status = STATUS_BAD_IMPERSONATION_LEVEL;
    for (uint32_t i = 0; i < head[0]; i++) {
        const struct token_privilege *p = token_find_privilege(&token->state, wanted[i].Luid.LowPart);
        if (wanted[i].Luid.HighPart || !p || !(p->attributes & SE_PRIVILEGE_ENABLED)) continue;
        wanted[i].Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
        enabled++;
    }
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    if (!NT_SUCCESS(status)) return status;
    *result = head[1] & ALL_NECESSARY ? enabled == head[0] : enabled != 0 || !head[0];
    return guest_write(set + ENTRIES, wanted, PRIVILEGE_ENTRY * head[0]) ? STATUS_SUCCESS
                                                                         : STATUS_ACCESS_VIOLATION;
}
