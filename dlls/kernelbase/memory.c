// Virtual memory of this and other processes, working sets, and the checks of IsBad...Ptr.
#include "base.h"

HOTPATCH void *WINAPI VirtualAllocEx(HANDLE process, void *address, SIZE_T size, DWORD type, DWORD protect)
{
    // NULL asks the system to choose; a low non-null address is no such request and must fail.
    if (address && (ULONG_PTR)address < 0x10000) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    // The low bits of the type would mean "zero bits" to NT's call.
    if (!bool_from_status(NtAllocateVirtualMemory(process, &address, 0, &size, type & ~0xFu, protect)))
        return NULL;
    return address;
}

HOTPATCH void *WINAPI VirtualAlloc(void *address, SIZE_T size, DWORD type, DWORD protect)
{
    return VirtualAllocEx(NtCurrentProcess(), address, size, type, protect);
}

// A NUMA machine of one node: the node only has to be a valid number.
HOTPATCH void *WINAPI VirtualAllocExNuma(HANDLE process, void *address, SIZE_T size, DWORD type,
                                         DWORD protect, DWORD node)
{
    (void)node;
    return VirtualAllocEx(process, address, size, type, protect);
}

HOTPATCH BOOL WINAPI VirtualFreeEx(HANDLE process, void *address, SIZE_T size, DWORD type)
{
    if (type == MEM_RELEASE && size) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(NtFreeVirtualMemory(process, &address, &size, type));
}

HOTPATCH BOOL WINAPI VirtualFree(void *address, SIZE_T size, DWORD type)
{
    return VirtualFreeEx(NtCurrentProcess(), address, size, type);
}

HOTPATCH BOOL WINAPI VirtualProtectEx(HANDLE process, void *address, SIZE_T size, DWORD protect, DWORD *old)
{
    ULONG before = 0;
    // Windows fails without a place for the old protection, by the fault it catches inside the call.
    if (!old) return fail_with(ERROR_NOACCESS);
    if (!bool_from_status(NtProtectVirtualMemory(process, &address, &size, protect, &before))) {
        *old = before;
        return FALSE;
    }
    *old = before;
    return TRUE;
}

HOTPATCH BOOL WINAPI VirtualProtect(void *address, SIZE_T size, DWORD protect, DWORD *old)
{
    return VirtualProtectEx(NtCurrentProcess(), address, size, protect, old);
}

HOTPATCH SIZE_T WINAPI VirtualQueryEx(HANDLE process, const void *address, MEMORY_BASIC_INFORMATION *info,
                                      SIZE_T length)
{
    SIZE_T written = 0;
    NTSTATUS status =
        NtQueryVirtualMemory(process, (void *)address, MemoryBasicInformation, info, length, &written);
    return bool_from_status(status) ? written : 0;
}

HOTPATCH SIZE_T WINAPI VirtualQuery(const void *address, MEMORY_BASIC_INFORMATION *info, SIZE_T length)
{
    return VirtualQueryEx(NtCurrentProcess(), address, info, length);
}

HOTPATCH BOOL WINAPI VirtualLock(void *address, SIZE_T size)
{
    return bool_from_status(NtLockVirtualMemory(NtCurrentProcess(), &address, &size, 1));
}

HOTPATCH BOOL WINAPI VirtualUnlock(void *address, SIZE_T size)
{
    return bool_from_status(NtUnlockVirtualMemory(NtCurrentProcess(), &address, &size, 1));
}

HOTPATCH BOOL WINAPI ReadProcessMemory(HANDLE process, const void *base, void *buffer, SIZE_T size,
                                       SIZE_T *done)
{
    SIZE_T read = 0;
    NTSTATUS status = NtReadVirtualMemory(process, (void *)base, buffer, size, &read);
    if (done) *done = read;
    return bool_from_status(status);
}

// Writes as a debugger wants it: pages that are not writable are made so for the moment.
HOTPATCH BOOL WINAPI WriteProcessMemory(HANDLE process, void *base, const void *buffer, SIZE_T size,
                                        SIZE_T *done)
{
    SIZE_T written = 0, region = size;
    void *start = base;
    ULONG old = 0, ignored;
    NTSTATUS status = NtProtectVirtualMemory(process, &start, &region, PAGE_EXECUTE_READWRITE, &old);
    if (!NT_SUCCESS(status)) {
        // Mapped data views refuse execute rights; plain write access is all that is needed.
        start = base;
        region = size;
        status = NtProtectVirtualMemory(process, &start, &region, PAGE_READWRITE, &old);
    }
    if (NT_SUCCESS(status) && (old & (PAGE_NOACCESS | PAGE_READONLY))) {
        NtProtectVirtualMemory(process, &start, &region, old, &ignored);
        return fail_with(ERROR_NOACCESS); // *done stays
    } else if (NT_SUCCESS(status)) {
        status = NtWriteVirtualMemory(process, base, (void *)buffer, size, &written);
        NtProtectVirtualMemory(process, &start, &region, old, &ignored);
        NtFlushInstructionCache(process, base, size);
    }
    if (done) *done = written;
    if (status == STATUS_ACCESS_VIOLATION) return fail_with(ERROR_NOACCESS);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI FlushInstructionCache(HANDLE process, const void *base, SIZE_T size)
{
    return bool_from_status(NtFlushInstructionCache(process, (void *)base, size));
}

HOTPATCH void WINAPI FlushProcessWriteBuffers(void)
{
    NtFlushProcessWriteBuffers();
}

// Large pages are not offered: 0 says so.
HOTPATCH SIZE_T WINAPI GetLargePageMinimum(void)
{
    return 0;
}

HOTPATCH UINT WINAPI GetWriteWatch(DWORD flags, void *base, SIZE_T size, void **addresses, ULONG_PTR *count,
                                   DWORD *granularity)
{
    NTSTATUS status = NtGetWriteWatch(NtCurrentProcess(), flags, base, size, addresses, count, granularity);
    return bool_from_status(status) ? 0 : ~0u;
}

HOTPATCH UINT WINAPI ResetWriteWatch(void *base, SIZE_T size)
{
    return bool_from_status(NtResetWriteWatch(NtCurrentProcess(), base, size)) ? 0 : ~0u;
}

HOTPATCH BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE process, SIZE_T *minimum, SIZE_T *maximum,
                                                DWORD *flags)
{
    QUOTA_LIMITS_EX limits;
    memset(&limits, 0, sizeof(limits));
    NTSTATUS status = NtQueryInformationProcess(process, ProcessQuotaLimits, &limits, sizeof(limits), NULL);
    if (!bool_from_status(status)) return FALSE;
    *minimum = limits.MinimumWorkingSetSize;
    *maximum = limits.MaximumWorkingSetSize;
    if (flags) *flags = limits.Flags;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProcessWorkingSetSize(HANDLE process, SIZE_T *minimum, SIZE_T *maximum)
{
    return GetProcessWorkingSetSizeEx(process, minimum, maximum, NULL);
}

HOTPATCH BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE process, SIZE_T minimum, SIZE_T maximum, DWORD flags)
{
    QUOTA_LIMITS_EX limits;
    memset(&limits, 0, sizeof(limits));
    limits.MinimumWorkingSetSize = minimum;
    limits.MaximumWorkingSetSize = maximum;
    limits.Flags = flags;
    return bool_from_status(NtSetInformationProcess(process, ProcessQuotaLimits, &limits, sizeof(limits)));
}

HOTPATCH BOOL WINAPI SetProcessWorkingSetSize(HANDLE process, SIZE_T minimum, SIZE_T maximum)
{
    return SetProcessWorkingSetSizeEx(process, minimum, maximum, 0);
}
