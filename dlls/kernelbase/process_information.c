// What Windows 8 and later let a program ask of a process or a thread by class: priorities of memory and
// power, mitigations; and which machines' programs run here.
#include "base.h"
#include "nt/rtl_object.h"

static BOOL query_process(HANDLE process, ULONG class, void *info, ULONG size)
{
    return bool_from_status(NtQueryInformationProcess(process, (PROCESSINFOCLASS) class, info, size, NULL));
}

static BOOL set_process(HANDLE process, ULONG class, void *info, ULONG size)
{
    return bool_from_status(NtSetInformationProcess(process, (PROCESSINFOCLASS) class, info, size));
}

// ---- processes ----

static BOOL get_app_memory(HANDLE process, APP_MEMORY_INFORMATION *info)
{
    VM_COUNTERS_EX counters;
    SYSTEM_MEMORY_USAGE_INFORMATION memory;
    if (!query_process(process, ProcessVmCounters, &counters, sizeof(counters))) return FALSE;
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemMemoryUsageInformation,
                                               &memory, sizeof(memory), NULL);
    if (!bool_from_status(status)) return FALSE;
    info->AvailableCommit = memory.CommitLimitBytes - memory.CommittedBytes;
    info->PrivateCommitUsage = counters.PagefileUsage;
    info->PeakPrivateCommitUsage = counters.PeakPagefileUsage;
    info->TotalCommitUsage = counters.PagefileUsage;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessInformation(HANDLE process, PROCESS_INFORMATION_CLASS class, void *info,
                                           DWORD size)
{
    enum { PROTECTION_NONE = -2 }; // PROTECTION_LEVEL_NONE
    switch (class) {
    case ProcessMemoryPriority: return query_process(process, ProcessPagePriority, info, size);
    case ProcessPowerThrottling: return query_process(process, ProcessPowerThrottlingState, info, size);
    case ProcessLeapSecondInfo: return query_process(process, ProcessLeapSecondInformation, info, size);
    case ProcessAppMemoryInfo:
        if (size != sizeof(APP_MEMORY_INFORMATION)) return fail_with(ERROR_BAD_LENGTH);
        return get_app_memory(process, info);
    case ProcessProtectionLevelInfo:
        if (size != sizeof(DWORD)) return fail_with(ERROR_BAD_LENGTH);
        *(DWORD *)info = (DWORD)PROTECTION_NONE;
        return TRUE;
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
}

HOTPATCH BOOL WINAPI SetProcessInformation(HANDLE process, PROCESS_INFORMATION_CLASS class, void *info,
                                           DWORD size)
{
    switch (class) {
    case ProcessMemoryPriority: return set_process(process, ProcessPagePriority, info, size);
    case ProcessPowerThrottling: return set_process(process, ProcessPowerThrottlingState, info, size);
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
}

// Its structure has a BOOLEAN behind the flags, and the kernel says both in another way.
static BOOL get_dep_policy(HANDLE process, PROCESS_MITIGATION_DEP_POLICY *policy)
{
    ULONG options = 0;
    if (!query_process(process, ProcessExecuteFlags, &options, sizeof(options))) return FALSE;
    policy->Flags = 0;
    policy->Enable = (options & MEM_EXECUTE_OPTION_DISABLE) != 0;
    policy->DisableAtlThunkEmulation = (options & MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION) != 0;
    policy->Permanent = (options & MEM_EXECUTE_OPTION_PERMANENT) != 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessMitigationPolicy(HANDLE process, PROCESS_MITIGATION_POLICY policy,
                                                void *buffer, SIZE_T length)
{
    PROCESS_MITIGATION_POLICY_INFORMATION info = {.Policy = policy};
    if (policy == ProcessDEPPolicy) {
        if (length != sizeof(PROCESS_MITIGATION_DEP_POLICY)) return fail_with(ERROR_INVALID_PARAMETER);
        return get_dep_policy(process, buffer);
    }
    if (length != sizeof(info.Flags)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!query_process(process, ProcessMitigationPolicy, &info, sizeof(info))) return FALSE;
    *(ULONG *)buffer = info.Flags;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetProcessMitigationPolicy(PROCESS_MITIGATION_POLICY policy, void *buffer, SIZE_T length)
{
    PROCESS_MITIGATION_POLICY_INFORMATION info = {.Policy = policy};
    if (policy == ProcessDEPPolicy) {
        if (length != sizeof(PROCESS_MITIGATION_DEP_POLICY)) return fail_with(ERROR_INVALID_PARAMETER);
        return SetProcessDEPPolicy(((PROCESS_MITIGATION_DEP_POLICY *)buffer)->Flags);
    }
    if (length != sizeof(info.Flags)) return fail_with(ERROR_INVALID_PARAMETER);
    info.Flags = *(ULONG *)buffer;
    return set_process(NtCurrentProcess(), ProcessMitigationPolicy, &info, sizeof(info));
}

HOTPATCH BOOL WINAPI QueryProcessCycleTime(HANDLE process, ULONG64 *cycles)
{
    PROCESS_CYCLE_TIME_INFORMATION info;
    if (!query_process(process, ProcessCycleTime, &info, sizeof(info))) return FALSE;
    *cycles = info.AccumulatedCycles;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessGroupAffinity(HANDLE process, USHORT *count, USHORT *groups)
{
    ULONG needed = 0;
    NTSTATUS status = NtQueryInformationProcess(process, ProcessGroupInformation, groups,
                                                *count * sizeof(*groups), &needed);
    *count = (USHORT)(needed / sizeof(*groups));
    return bool_from_status(status);
}

HOTPATCH HRESULT WINAPI IsWow64GuestMachineSupported(USHORT machine, BOOL *supported)
{
    BOOLEAN answer;
    NTSTATUS status = RtlWow64IsWowGuestMachineSupported(machine, &answer);
    *supported = answer;
    return HRESULT_FROM_NT(status);
}

// ---- threads ----

// The class of NT, 0 for what is none. (mingw-w64 numbers what Windows' header does, up to the first three.)
static ULONG thread_class(ULONG class)
{
    enum { MEMORY_PRIORITY, ABSOLUTE_CPU_PRIORITY, DYNAMIC_CODE_POLICY, POWER_THROTTLING };
    switch (class) {
    case MEMORY_PRIORITY: return ThreadPagePriority;
    case ABSOLUTE_CPU_PRIORITY: return ThreadActualBasePriority;
    case DYNAMIC_CODE_POLICY: return ThreadDynamicCodePolicyInfo;
    case POWER_THROTTLING: return ThreadPowerThrottlingState;
    default: return 0;
    }
}

HOTPATCH BOOL WINAPI GetThreadInformation(HANDLE thread, THREAD_INFORMATION_CLASS class, void *info,
                                          DWORD size)
{
    const ULONG nt = thread_class(class);
    if (!nt) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(NtQueryInformationThread(thread, (THREADINFOCLASS)nt, info, size, NULL));
}

HOTPATCH BOOL WINAPI SetThreadInformation(HANDLE thread, THREAD_INFORMATION_CLASS class, void *info,
                                          DWORD size)
{
    const ULONG nt = thread_class(class);
    if (!nt) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(NtSetInformationThread(thread, (THREADINFOCLASS)nt, info, size));
}
