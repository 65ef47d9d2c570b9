// Memory and views with a say in where they lie: placeholders and extended parameters; and memory that may be
// taken back. NULL as a process is this one.
#include "base.h"

static HANDLE process_or_self(HANDLE process)
{
    return process ? process : NtCurrentProcess();
}

HOTPATCH void *WINAPI VirtualAlloc2(HANDLE process, void *address, SIZE_T size, ULONG type, ULONG protect,
                                    MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    NTSTATUS status = NtAllocateVirtualMemoryEx(process_or_self(process), &address, &size, type, protect,
                                                parameters, count);
    return bool_from_status(status) ? address : NULL;
}

// Packaged programs may not ask for code here.
static BOOL is_executable(ULONG protect)
{
    return (protect & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)) !=
           0;
}

HOTPATCH void *WINAPI VirtualAlloc2FromApp(HANDLE process, void *address, SIZE_T size, ULONG type,
                                           ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    if (!is_executable(protect))
        return VirtualAlloc2(process, address, size, type, protect, parameters, count);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

HOTPATCH void *WINAPI VirtualAllocFromApp(void *address, SIZE_T size, ULONG type, ULONG protect)
{
    if (!is_executable(protect)) return VirtualAlloc(address, size, type, protect);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

HOTPATCH void *WINAPI MapViewOfFile3(HANDLE section, HANDLE process, void *address, ULONG64 offset,
                                     SIZE_T size, ULONG type, ULONG protect,
                                     MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    LARGE_INTEGER at = {.QuadPart = (LONGLONG)offset};
    NTSTATUS status = NtMapViewOfSectionEx(section, process_or_self(process), &address, &at, &size, type,
                                           protect, parameters, count);
    return bool_from_status(status) ? address : NULL;
}

HOTPATCH void *WINAPI MapViewOfFile3FromApp(HANDLE section, HANDLE process, void *address, ULONG64 offset,
                                            SIZE_T size, ULONG type, ULONG protect,
                                            MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    if (!is_executable(protect))
        return MapViewOfFile3(section, process, address, offset, size, type, protect, parameters, count);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

// A machine of one NUMA node: which one is preferred means nothing.
HOTPATCH void *WINAPI MapViewOfFileNuma2(HANDLE section, HANDLE process, ULONG64 offset, void *address,
                                         SIZE_T size, ULONG type, ULONG protect, ULONG node)
{
    (void)node;
    return MapViewOfFile3(section, process, address, offset, size, type, protect, NULL, 0);
}

HOTPATCH BOOL WINAPI UnmapViewOfFile2(HANDLE process, void *address, ULONG flags)
{
    return bool_from_status(NtUnmapViewOfSectionEx(process_or_self(process), address, flags));
}

HOTPATCH BOOL WINAPI UnmapViewOfFileEx(void *address, ULONG flags)
{
    return UnmapViewOfFile2(NtCurrentProcess(), address, flags);
}

HOTPATCH BOOL WINAPI VirtualUnlockEx(HANDLE process, void *address, SIZE_T size)
{
    return bool_from_status(NtUnlockVirtualMemory(process_or_self(process), &address, &size, 1));
}

// ---- memory whose contents may go ----

// Gives whole pages of committed, writable memory a reset or takes it back.
static DWORD reset(void *address, SIZE_T size, ULONG type)
{
    MEMORY_BASIC_INFORMATION info;
    if ((ULONG_PTR)address & 0xFFF || size & 0xFFF || !size) return ERROR_INVALID_PARAMETER;
    for (BYTE *at = address, *end = at + size; at < end; at = (BYTE *)info.BaseAddress + info.RegionSize) {
        if (!VirtualQuery(at, &info, sizeof(info)) || info.State != MEM_COMMIT ||
            !(info.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)))
            return ERROR_INVALID_PARAMETER;
    }
    return VirtualAlloc(address, size, type, PAGE_NOACCESS) ? ERROR_SUCCESS : GetLastError();
}

// The system may drop an offered range until it is reclaimed. Ours does not, so nothing is ever lost.
HOTPATCH DWORD WINAPI OfferVirtualMemory(void *address, SIZE_T size, OFFER_PRIORITY priority)
{
    if (priority < VmOfferPriorityVeryLow || priority > VmOfferPriorityNormal) return ERROR_INVALID_PARAMETER;
    return reset(address, size, MEM_RESET);
}

HOTPATCH DWORD WINAPI ReclaimVirtualMemory(void *address, SIZE_T size)
{
    return reset(address, size, MEM_RESET_UNDO);
}

HOTPATCH DWORD WINAPI DiscardVirtualMemory(void *address, SIZE_T size)
{
    return reset(address, size, MEM_RESET);
}
