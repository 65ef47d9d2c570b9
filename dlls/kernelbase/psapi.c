// Process status: the modules, memory and processes that psapi.dll and kernel32's K32 functions report.
#include "process_modules.h"
#include "toolhelp.h"
#include <psapi.h>

// *needed is the size of the whole list, also when it did not fit.
HOTPATCH BOOL WINAPI K32EnumProcessModules(HANDLE process, HMODULE *modules, DWORD size, DWORD *needed)
{
    struct module_walk walk;
    DWORD count = 0;
    BOOL begun = module_walk_begin(&walk, process);
    while (begun && module_walk_next(&walk)) {
        if ((count + 1) * sizeof(HMODULE) <= size) modules[count] = walk.entry.DllBase;
        count++;
    }
    module_walk_end(&walk);
    if (begun) *needed = count * sizeof(HMODULE);
    return begun;
}

HOTPATCH BOOL WINAPI K32EnumProcessModulesEx(HANDLE process, HMODULE *modules, DWORD size, DWORD *needed,
                                             DWORD filter)
{
    if (filter > LIST_MODULES_ALL) return fail_with(ERROR_INVALID_PARAMETER);
    return K32EnumProcessModules(process, modules, size, needed);
}

// Finds a module of a process by its base (NULL: the program). The walk is to be ended whatever comes of it.
static BOOL find_module(struct module_walk *walk, HANDLE process, HMODULE module)
{
    BOOL found = module_walk_begin(walk, process);
    if (!found) return FALSE;
    do found = module_walk_next(walk);
    while (found && module && walk->entry.DllBase != (void *)module);
    return found ? TRUE : fail_with(ERROR_INVALID_HANDLE);
}

HOTPATCH DWORD WINAPI K32GetModuleFileNameExW(HANDLE process, HMODULE module, WCHAR *buffer, DWORD size)
{
    struct module_walk walk;
    DWORD length = size;
    if (process == NtCurrentProcess()) return GetModuleFileNameW(module, buffer, size);
    // The program itself can be named from outside.
    if (!module) return QueryFullProcessImageNameW(process, 0, buffer, &length) ? length : 0;
    length = 0;
    if (find_module(&walk, process, module))
        length = module_walk_string(&walk, &walk.entry.FullDllName, buffer, size);
    module_walk_end(&walk);
    return length;
}

HOTPATCH DWORD WINAPI K32GetModuleFileNameExA(HANDLE process, HMODULE module, char *buffer, DWORD size)
{
    if (process == NtCurrentProcess()) return GetModuleFileNameA(module, buffer, size);
    AUTO_FREE WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!path || !size) return 0;
    DWORD length = K32GetModuleFileNameExW(process, module, path, 0x8000);
    DWORD written = length ? file_ansi_from_wide(buffer, size, path, length) : 0;
    return written < size ? written : 0;
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
    struct module_walk walk;
    BOOL found = find_module(&walk, process, module);
    if (found)
        *info = (MODULEINFO){.lpBaseOfDll = walk.entry.DllBase,
                             .SizeOfImage = walk.entry.SizeOfImage,
                             .EntryPoint = walk.entry.EntryPoint};
    module_walk_end(&walk);
    return found;
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
    DWORD count = 0;
    AUTO_FREE SYSTEM_PROCESS_INFORMATION *processes = toolhelp_query_processes();
    if (!processes) return FALSE;
    for (const SYSTEM_PROCESS_INFORMATION *at = processes; at; at = toolhelp_next_process(at))
        if ((count + 1) * sizeof(DWORD) <= size) ids[count++] = (DWORD)(ULONG_PTR)at->UniqueProcessId;
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

// The NT path of the file that lies under an address. What does not fit is cut, with
// ERROR_INSUFFICIENT_BUFFER.
HOTPATCH DWORD WINAPI K32GetMappedFileNameW(HANDLE process, void *address, WCHAR *buffer, DWORD size)
{
    struct {
        UNICODE_STRING name;
        WCHAR text[0x8000];
    } *mapped = NULL;
    if (!size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    AUTO_FREE void *memory = mapped = heap_alloc(sizeof(*mapped));
    if (!memory) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    NTSTATUS status = NtQueryVirtualMemory(process, address, MemoryMappedFilenameInformation, mapped,
                                           sizeof(*mapped), NULL);
    if (!bool_from_status(status)) return 0;
    DWORD length = mapped->name.Length / sizeof(WCHAR);
    if (length >= size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        length = size - 1;
    }
    memcpy(buffer, mapped->name.Buffer, length * sizeof(WCHAR));
    buffer[length] = 0;
    return length;
}

HOTPATCH DWORD WINAPI K32GetMappedFileNameA(HANDLE process, void *address, char *buffer, DWORD size)
{
    AUTO_FREE WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!path) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    DWORD length = K32GetMappedFileNameW(process, address, path, 0x8000);
    if (!length) return 0;
    DWORD written = file_ansi_from_wide(buffer, size, path, length);
    if (written < size) return written;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return 0;
}

HOTPATCH BOOL WINAPI K32EmptyWorkingSet(HANDLE process)
{
    return SetProcessWorkingSetSize(process, ~(SIZE_T)0, ~(SIZE_T)0);
}
