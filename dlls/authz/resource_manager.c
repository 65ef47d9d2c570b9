// Resource managers: who asks whether access is granted, with callbacks for what only it knows.
#include "authz_internal.h"

HOTPATCH BOOL WINAPI AuthzInitializeResourceManager(DWORD flags, PFN_AUTHZ_DYNAMIC_ACCESS_CHECK check,
                                                    PFN_AUTHZ_COMPUTE_DYNAMIC_GROUPS compute_groups,
                                                    PFN_AUTHZ_FREE_DYNAMIC_GROUPS free_groups, PCWSTR name,
                                                    PAUTHZ_RESOURCE_MANAGER_HANDLE result)
{
    (void)name; // of audit events, which nobody keeps
    if (!result || (flags & ~AUTHZ_VALID_RM_INIT_FLAGS)) return fail_with(ERROR_INVALID_PARAMETER);
    struct resource_manager *manager = RtlAllocateHeap(peb_self()->ProcessHeap, 0, sizeof(*manager));
    if (!manager) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    *manager = (struct resource_manager){flags, check, compute_groups, free_groups};
    *result = (AUTHZ_RESOURCE_MANAGER_HANDLE)manager;
    return TRUE;
}

HOTPATCH BOOL WINAPI AuthzFreeResourceManager(AUTHZ_RESOURCE_MANAGER_HANDLE manager)
{
    if (!manager) return fail_with(ERROR_INVALID_PARAMETER);
    return RtlFreeHeap(peb_self()->ProcessHeap, 0, manager);
}
