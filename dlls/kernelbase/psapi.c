// Process status: the modules, memory and processes that psapi.dll and kernel32's K32 functions report.
#include "base.h"
#include <psapi.h>

// Only this process's modules can be listed.
static bool is_own_process(HANDLE process)
{
    PROCESS_BASIC_INFORMATION info;
    if (process == NtCurrentProcess()) return true;
    NTSTATUS status = NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return false;
    if ((DWORD)(ULONG_PTR)info.UniqueProcessId == GetCurrentProcessId()) return true;
    return fail_with(ERROR_PARTIAL_COPY);
}

// *needed is the size of the whole list, also when it did not fit.
HOTPATCH BOOL WINAPI K32EnumProcessModules(HANDLE process, HMODULE *modules, DWORD size, DWORD *needed)
{
    ULONG_PTR cookie = 0;
    ULONG disposition = 0;
    DWORD count = 0;
    if (!is_own_process(process)) return FALSE;
    LdrLockLoaderLock(0, &disposition, &cookie);
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;
    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink, count++)
        if ((count + 1) * sizeof(HMODULE) <= size)
            modules[count] = CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks)->DllBase;
    LdrUnlockLoaderLock(0, cookie);
    *needed = count * sizeof(HMODULE);
    return TRUE;
}

HOTPATCH BOOL WINAPI K32EnumProcessModulesEx(HANDLE process, HMODULE *modules, DWORD size, DWORD *needed,
                                             DWORD filter)
{
    if (filter > LIST_MODULES_ALL) return fail_with(ERROR_INVALID_PARAMETER);
    return K32EnumProcessModules(process, modules, size, needed);
}

HOTPATCH DWORD WINAPI K32GetModuleFileNameExW(HANDLE process, HMODULE module, WCHAR *buffer, DWORD size)
{
    if (is_own_process(process)) return GetModuleFileNameW(module, buffer, size);
    // The program itself can be named from outside.
    DWORD length = size;
    return !module && QueryFullProcessImageNameW(process, 0, buffer, &length) ? length : 0;
}

HOTPATCH DWORD WINAPI K32GetModuleFileNameExA(HANDLE process, HMODULE module, char *buffer, DWORD size)
{
    if (is_own_process(process)) return GetModuleFileNameA(module, buffer, size);
    DWORD length = size;
    return !module && QueryFullProcessImageNameA(process, 0, buffer, &length) ? length : 0;
}

HOTPATCH DWORD WINAPI K32GetModuleBaseNameW(HANDLE process, HMODULE module, WCHAR *buffer, DWORD size)
{
    AUTO_FREE WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!path || !size) return 0;
    DWORD length = K32GetModuleFileNameExW(process, module, path, 0x8000), start = length;
    while (start && path[start - 1] != '\\') start--;
    DWORD n = length - start;
    if (n >= size) n = size - 1;
    memcpy(buffer, path + start, n * sizeof(WCHAR));
    buffer[n] = 0;
    return n;
}

HOTPATCH DWORD WINAPI K32GetModuleBaseNameA(HANDLE process, HMODULE module, char *buffer, DWORD size)
{
    WCHAR wide[MAX_PATH];
    DWORD length = K32GetModuleBaseNameW(process, module, wide, MAX_PATH);
    DWORD written = length ? file_ansi_from_wide(buffer, size, wide, length) : 0;
    return written < size ? written : 0;
}

HOTPATCH BOOL WINAPI K32GetModuleInformation(HANDLE process, HMODULE module, MODULEINFO *info, DWORD size)
{
    if (size < sizeof(*info)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!is_own_process(process)) return FALSE;
    const IMAGE_NT_HEADERS *headers = module ? RtlImageNtHeader((void *)module) : NULL;
    if (!headers) return fail_with(ERROR_INVALID_HANDLE);
    info->lpBaseOfDll = (void *)module;
    info->SizeOfImage = headers->OptionalHeader.SizeOfImage;
    info->EntryPoint = (char *)module + headers->OptionalHeader.AddressOfEntryPoint;
    return TRUE;
}

HOTPATCH BOOL WINAPI K32GetProcessMemoryInfo(HANDLE process, PROCESS_MEMORY_COUNTERS *counters, DWORD size)
{
    VM_COUNTERS_EX info;
    if (size < sizeof(*counters)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    NTSTATUS status = NtQueryInformationProcess(process, ProcessVmCounters, &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    PROCESS_MEMORY_COUNTERS_EX result = {
        .cb = size >= sizeof(result) ? sizeof(result) : sizeof(*counters),
        .PageFaultCount = info.PageFaultCount,
        .PeakWorkingSetSize = info.PeakWorkingSetSize,
        .WorkingSetSize = info.WorkingSetSize,
        .QuotaPeakPagedPoolUsage = info.QuotaPeakPagedPoolUsage,
        .QuotaPagedPoolUsage = info.QuotaPagedPoolUsage,
        .QuotaPeakNonPagedPoolUsage = info.QuotaPeakNonPagedPoolUsage,
        .QuotaNonPagedPoolUsage = info.QuotaNonPagedPoolUsage,
        .PagefileUsage = info.PagefileUsage,
        .PeakPagefileUsage = info.PeakPagefileUsage,
        .PrivateUsage = info.PrivateUsage,
    };
    memcpy(counters, &result, result.cb);
    return TRUE;
}

HOTPATCH BOOL WINAPI K32EnumProcesses(DWORD *ids, DWORD size, DWORD *needed)
{
    ULONG bytes = 256 << 10, count = 0;
    AUTO_FREE char *buffer = heap_alloc(bytes);
    if (!buffer) return FALSE;
    NTSTATUS status = NtQuerySystemInformation(SystemProcessInformation, buffer, bytes, NULL);
    if (!bool_from_status(status)) return FALSE;
    for (const SYSTEM_PROCESS_INFORMATION *at = (const void *)buffer;;
         at = (const void *)((const char *)at + at->NextEntryOffset)) {
        if ((count + 1) * sizeof(DWORD) <= size) ids[count++] = (DWORD)(ULONG_PTR)at->UniqueProcessId;
        if (!at->NextEntryOffset) break;
    }
    *needed = count * sizeof(DWORD);
    return TRUE;
}

HOTPATCH DWORD WINAPI K32GetProcessImageFileNameW(HANDLE process, WCHAR *buffer, DWORD size)
{
    DWORD length = size;
    return QueryFullProcessImageNameW(process, PROCESS_NAME_NATIVE, buffer, &length) ? length : 0;
}

HOTPATCH DWORD WINAPI K32GetProcessImageFileNameA(HANDLE process, char *buffer, DWORD size)
{
    DWORD length = size;
    return QueryFullProcessImageNameA(process, PROCESS_NAME_NATIVE, buffer, &length) ? length : 0;
}

HOTPATCH BOOL WINAPI K32EmptyWorkingSet(HANDLE process)
{
    return SetProcessWorkingSetSize(process, ~(SIZE_T)0, ~(SIZE_T)0);
}
