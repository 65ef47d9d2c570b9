// What authz.dll keeps behind its handles: a resource manager's callbacks, and a client's SIDs.
#ifndef LOWLAND_AUTHZ_INTERNAL_H
#define LOWLAND_AUTHZ_INTERNAL_H

#include "nt/nt.h"
#include "ntdll.h"
#define _AUTHZ_
#include <authz.h>
#include <stdbool.h>
#include <stddef.h>

struct resource_manager {
    DWORD flags;
    PFN_AUTHZ_DYNAMIC_ACCESS_CHECK check;
    PFN_AUTHZ_COMPUTE_DYNAMIC_GROUPS compute_groups;
    PFN_AUTHZ_FREE_DYNAMIC_GROUPS free_groups;
};

// One allocation with all SIDs behind the arrays. sids[0] is the user.
struct client_context {
    struct resource_manager *manager;
    LUID identifier;
    LARGE_INTEGER expiration;
    DWORD sids_n, restricted_n;
    SID_AND_ATTRIBUTES *sids, *restricted;
};

static inline BOOL fail_with(DWORD error)
{
    RtlSetLastWin32Error(error);
    return FALSE;
}

// Whether one of the context's SIDs is sid; deny counts those too that are only good for denying.
bool context_has_sid(const struct client_context *context, PSID sid, bool deny);

#endif
