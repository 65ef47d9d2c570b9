// Data execution prevention of this process, and prefetching.
#include "base.h"

// permanent: an image linked with /NXCOMPAT, or after SetProcessDEPPolicy. ERROR_NOT_SUPPORTED for another
// process.
HOTPATCH BOOL WINAPI GetProcessDEPPolicy(HANDLE process, DWORD *flags, BOOL *permanent)
{
    ULONG options = 0;
    NTSTATUS status =
        NtQueryInformationProcess(process, ProcessExecuteFlags, &options, sizeof(options), NULL);
    if (!bool_from_status(status)) return FALSE;
    *flags = 0;
    if (options & MEM_EXECUTE_OPTION_DISABLE) *flags |= PROCESS_DEP_ENABLE;
    if (options & MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION)
        *flags |= PROCESS_DEP_DISABLE_ATL_THUNK_EMULATION;
    *permanent = (options & MEM_EXECUTE_OPTION_PERMANENT) != 0;
    return TRUE;
}

// Enabling is for good. ERROR_ACCESS_DENIED when it was set before.
HOTPATCH BOOL WINAPI SetProcessDEPPolicy(DWORD flags)
{
    ULONG options = MEM_EXECUTE_OPTION_ENABLE;
    if (flags & ~(DWORD)(PROCESS_DEP_ENABLE | PROCESS_DEP_DISABLE_ATL_THUNK_EMULATION))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & PROCESS_DEP_ENABLE) options = MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_PERMANENT;
    if (flags & PROCESS_DEP_DISABLE_ATL_THUNK_EMULATION)
        options |= MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION;
    return bool_from_status(
        NtSetInformationProcess(NtCurrentProcess(), ProcessExecuteFlags, &options, sizeof(options)));
}

// Programs opt in, by how they were linked.
HOTPATCH DEP_SYSTEM_POLICY_TYPE WINAPI GetSystemDEPPolicy(void)
{
    return DEPPolicyOptIn;
}

HOTPATCH BOOL WINAPI PrefetchVirtualMemory(HANDLE process, ULONG_PTR count, WIN32_MEMORY_RANGE_ENTRY *ranges,
                                           ULONG flags)
{
    return bool_from_status(NtSetInformationVirtualMemory(process, 0 /* VmPrefetchInformation */, count,
                                                          ranges, &flags, sizeof(flags)));
}
