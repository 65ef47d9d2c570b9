// The version and the machine: GetVersion, VerifyVersionInfo, system and memory information, features.
#include "base.h"
#include "version_told.h"

HOTPATCH DWORD WINAPI GetVersion(void)
{
    const struct told_version *told = version_told();
    return told->major | told->minor << 8 | told->build << 16;
}

HOTPATCH BOOL WINAPI GetVersionExW(OSVERSIONINFOW *info)
{
    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOW) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXW))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!bool_from_status(RtlGetVersion((RTL_OSVERSIONINFOW *)info))) return FALSE;
    const struct told_version *told = version_told();
    info->dwMajorVersion = told->major;
    info->dwMinorVersion = told->minor;
    info->dwBuildNumber = told->build;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetVersionExA(OSVERSIONINFOA *info)
{
    OSVERSIONINFOEXW wide = {.dwOSVersionInfoSize = sizeof(wide)};
    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOA) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXA))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!GetVersionExW((OSVERSIONINFOW *)&wide)) return FALSE;
    info->dwMajorVersion = wide.dwMajorVersion;
    info->dwMinorVersion = wide.dwMinorVersion;
    info->dwBuildNumber = wide.dwBuildNumber;
    info->dwPlatformId = wide.dwPlatformId;
    memset(info->szCSDVersion, 0, sizeof(info->szCSDVersion));
    ansi_from_wide(info->szCSDVersion, sizeof(info->szCSDVersion), wide.szCSDVersion,
                   wide_length(wide.szCSDVersion));
    if (info->dwOSVersionInfoSize == sizeof(OSVERSIONINFOEXA)) {
        OSVERSIONINFOEXA *extended = (OSVERSIONINFOEXA *)info;
        extended->wServicePackMajor = wide.wServicePackMajor;
        extended->wServicePackMinor = wide.wServicePackMinor;
        extended->wSuiteMask = wide.wSuiteMask;
        extended->wProductType = wide.wProductType;
        extended->wReserved = wide.wReserved;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI VerifyVersionInfoW(OSVERSIONINFOEXW *wanted, DWORD types, DWORDLONG mask)
{
    switch (RtlVerifyVersionInfo(wanted, types, mask)) {
    case STATUS_SUCCESS: return TRUE;
    case STATUS_INVALID_PARAMETER: return fail_with(ERROR_BAD_ARGUMENTS);
    default: return fail_with(ERROR_OLD_WIN_VERSION);
    }
}

HOTPATCH BOOL WINAPI VerifyVersionInfoA(OSVERSIONINFOEXA *wanted, DWORD types, DWORDLONG mask)
{
    OSVERSIONINFOEXW wide = {
        .dwOSVersionInfoSize = sizeof(wide),
        .dwMajorVersion = wanted->dwMajorVersion,
        .dwMinorVersion = wanted->dwMinorVersion,
        .dwBuildNumber = wanted->dwBuildNumber,
        .dwPlatformId = wanted->dwPlatformId,
        .wServicePackMajor = wanted->wServicePackMajor,
        .wServicePackMinor = wanted->wServicePackMinor,
        .wSuiteMask = wanted->wSuiteMask,
        .wProductType = wanted->wProductType,
    };
    return VerifyVersionInfoW(&wide, types, mask);
}

HOTPATCH BOOL WINAPI GetProductInfo(DWORD major, DWORD minor, DWORD sp_major, DWORD sp_minor, DWORD *type)
{
    (void)minor, (void)sp_major, (void)sp_minor;
    if (!type) return FALSE; // the last error stays
    if (major < 6) {
        *type = PRODUCT_UNDEFINED;
        return FALSE;
    }
    *type = PRODUCT_PROFESSIONAL;
    return TRUE;
}

// ---- the machine ----

static bool query_system(SYSTEM_INFORMATION_CLASS class, void *data, ULONG size)
{
    return bool_from_status(NtQuerySystemInformation(class, data, size, NULL));
}

// What does not depend on the emulated architecture.
static void fill_system_info(SYSTEM_INFO *info, WORD architecture, DWORD type)
{
    SYSTEM_BASIC_INFORMATION basic;
    SYSTEM_PROCESSOR_INFORMATION processor;
    memset(info, 0, sizeof(*info));
    if (!query_system(SystemBasicInformation, &basic, sizeof(basic)) ||
        !query_system(SystemProcessorInformation, &processor, sizeof(processor)))
        return;
    info->wProcessorArchitecture = architecture;
    info->dwPageSize = basic.PhysicalPageSize;
    info->lpMinimumApplicationAddress = (void *)basic.LowestUserAddress;
    info->lpMaximumApplicationAddress = (void *)basic.HighestUserAddress;
    info->dwActiveProcessorMask = basic.ActiveProcessors;
    info->dwNumberOfProcessors = (BYTE)basic.NumberOfProcessors;
    info->dwProcessorType = type;
    info->dwAllocationGranularity = basic.AllocationGranularity;
    info->wProcessorLevel = processor.ProcessorLevel;
    info->wProcessorRevision = processor.ProcessorRevision;
}

HOTPATCH void WINAPI GetSystemInfo(SYSTEM_INFO *info)
{
    fill_system_info(info, PROCESSOR_ARCHITECTURE_INTEL, PROCESSOR_INTEL_PENTIUM);
}

HOTPATCH void WINAPI GetNativeSystemInfo(SYSTEM_INFO *info)
{
    fill_system_info(info, PROCESSOR_ARCHITECTURE_AMD64, PROCESSOR_AMD_X8664);
}

HOTPATCH BOOL WINAPI IsProcessorFeaturePresent(DWORD feature)
{
    return feature < PROCESSOR_FEATURE_MAX && SharedUserData->ProcessorFeatures[feature];
}

HOTPATCH BOOL WINAPI GlobalMemoryStatusEx(MEMORYSTATUSEX *status)
{
    SYSTEM_BASIC_INFORMATION basic;
    SYSTEM_PERFORMANCE_INFORMATION performance;
    VM_COUNTERS_EX counters;
    if (status->dwLength != sizeof(*status)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!query_system(SystemBasicInformation, &basic, sizeof(basic)) ||
        !query_system(SystemPerformanceInformation, &performance, sizeof(performance)))
        return FALSE;
    NTSTATUS result =
        NtQueryInformationProcess(NtCurrentProcess(), ProcessVmCounters, &counters, sizeof(counters), NULL);
    if (!bool_from_status(result)) return FALSE;
    const ULONGLONG page = basic.PhysicalPageSize;
    status->ullTotalPhys = basic.NumberOfPhysicalPages * page;
    status->ullAvailPhys = performance.AvailablePages * page;
    status->ullTotalPageFile = performance.TotalCommitLimit * page;
    status->ullAvailPageFile = (performance.TotalCommitLimit - performance.TotalCommittedPages) * page;
    status->ullTotalVirtual = basic.HighestUserAddress - basic.LowestUserAddress + 1;
    status->ullAvailVirtual = status->ullTotalVirtual - counters.VirtualSize;
    status->ullAvailExtendedVirtual = 0;
    status->dwMemoryLoad =
        status->ullTotalPhys
            ? (DWORD)((status->ullTotalPhys - status->ullAvailPhys) * 100 / status->ullTotalPhys)
            : 0;
    return TRUE;
}

static SIZE_T clamp_size(ULONGLONG value, SIZE_T limit)
{
    return value > limit ? limit : (SIZE_T)value;
}

// Programs that are not large-address-aware read these as signed: values stay below 2 GB for them.
HOTPATCH void WINAPI GlobalMemoryStatus(MEMORYSTATUS *status)
{
    MEMORYSTATUSEX info = {.dwLength = sizeof(info)};
    memset(status, 0, sizeof(*status));
    status->dwLength = sizeof(*status);
    if (!GlobalMemoryStatusEx(&info)) return;
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(peb_self()->ImageBaseAddress);
    bool large = headers && (headers->FileHeader.Characteristics & IMAGE_FILE_LARGE_ADDRESS_AWARE);
    SIZE_T limit = large ? ~(SIZE_T)0 : 0x7FFFFFFF;
    status->dwMemoryLoad = info.dwMemoryLoad;
    status->dwTotalPhys = clamp_size(info.ullTotalPhys, limit);
    status->dwAvailPhys = clamp_size(info.ullAvailPhys, limit);
    status->dwTotalPageFile = clamp_size(info.ullTotalPageFile, ~(SIZE_T)0);
    status->dwAvailPageFile = clamp_size(info.ullAvailPageFile, ~(SIZE_T)0);
    status->dwTotalVirtual = clamp_size(info.ullTotalVirtual, limit);
    status->dwAvailVirtual = clamp_size(info.ullAvailVirtual, limit);
}

HOTPATCH BOOL WINAPI GetPhysicallyInstalledSystemMemory(ULONGLONG *kilobytes)
{
    MEMORYSTATUSEX info = {.dwLength = sizeof(info)};
    if (!kilobytes) return fail_with(ERROR_INVALID_PARAMETER);
    if (!GlobalMemoryStatusEx(&info)) return FALSE;
    *kilobytes = info.ullTotalPhys / 1024;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetLogicalProcessorInformation(SYSTEM_LOGICAL_PROCESSOR_INFORMATION *buffer, DWORD *size)
{
    ULONG needed = 0;
    if (!size) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemLogicalProcessorInformation,
                                               buffer, *size, &needed);
    *size = needed;
    if (status == STATUS_INFO_LENGTH_MISMATCH) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP relation,
                                                      SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *buffer,
                                                      DWORD *size)
{
    ULONG needed = 0;
    if (!size) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status =
        NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)SystemLogicalProcessorInformationEx, &relation,
                                   sizeof(relation), buffer, *size, &needed);
    *size = needed;
    if (status == STATUS_INFO_LENGTH_MISMATCH) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return bool_from_status(status);
}

// ---- processor groups and NUMA: one group, one node ----

HOTPATCH WORD WINAPI GetActiveProcessorGroupCount(void)
{
    return 1;
}

HOTPATCH WORD WINAPI GetMaximumProcessorGroupCount(void)
{
    return 1;
}

HOTPATCH DWORD WINAPI GetActiveProcessorCount(WORD group)
{
    if (group && group != ALL_PROCESSOR_GROUPS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return peb_self()->NumberOfProcessors;
}

HOTPATCH DWORD WINAPI GetMaximumProcessorCount(WORD group)
{
    return GetActiveProcessorCount(group);
}

HOTPATCH BOOL WINAPI GetNumaHighestNodeNumber(ULONG *node)
{
    *node = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNumaNodeProcessorMask(UCHAR node, ULONGLONG *mask)
{
    SYSTEM_BASIC_INFORMATION basic;
    if (node) return fail_with(ERROR_INVALID_PARAMETER);
    if (!query_system(SystemBasicInformation, &basic, sizeof(basic))) return FALSE;
    *mask = basic.ActiveProcessors;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT node, GROUP_AFFINITY *affinity)
{
    ULONGLONG mask;
    if (node || !GetNumaNodeProcessorMask(0, &mask)) return fail_with(ERROR_INVALID_PARAMETER);
    memset(affinity, 0, sizeof(*affinity));
    affinity->Mask = (KAFFINITY)mask;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNumaProcessorNode(UCHAR processor, UCHAR *node)
{
    if (processor >= peb_self()->NumberOfProcessors) {
        *node = 0xFF;
        return fail_with(ERROR_INVALID_PARAMETER);
    }
    *node = 0;
    return TRUE;
}

// Three bits of condition for each bit of type, later types replacing nothing of the earlier.
HOTPATCH ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD type, BYTE condition)
{
    condition &= 7;
    for (unsigned bit = 0; bit < 8; bit++)
        if (type >> bit & 1) return mask | (ULONGLONG)condition << bit * 3;
    return mask;
}
