// Tool help snapshots: the processes and threads that the system lists, and the modules of one process.
#include "process_modules.h"
#include <tlhelp32.h>

// A snapshot is a section, so that its handle closes like any other; all lists lie in it.
struct snapshot {
    DWORD processes, threads, modules; // counts
    DWORD process_next, thread_next, module_next;
    // PROCESSENTRY32W[], THREADENTRY32[], MODULEENTRY32W[]
};

static PROCESSENTRY32W *process_entries(struct snapshot *snapshot)
{
    return (PROCESSENTRY32W *)(snapshot + 1);
}

static THREADENTRY32 *thread_entries(struct snapshot *snapshot)
{
    return (THREADENTRY32 *)(process_entries(snapshot) + snapshot->processes);
}

static MODULEENTRY32W *module_entries(struct snapshot *snapshot)
{
    return (MODULEENTRY32W *)(thread_entries(snapshot) + snapshot->threads);
}

// The system's list of processes with their threads, allocated; NULL with the last error set.
static SYSTEM_PROCESS_INFORMATION *query_processes(void)
{
    ULONG size = 64 << 10;
    for (;;) {
        void *buffer = heap_alloc(size);
        if (!buffer) return NULL;
        ULONG needed = 0;
        NTSTATUS status = NtQuerySystemInformation(SystemProcessInformation, buffer, size, &needed);
        if (NT_SUCCESS(status)) return buffer;
        heap_free(buffer);
        if (status != STATUS_INFO_LENGTH_MISMATCH) {
            set_error_from_status(status);
            return NULL;
        }
        size = needed > size ? needed + 4096 : size * 2;
    }
}

static const SYSTEM_PROCESS_INFORMATION *next_process(const SYSTEM_PROCESS_INFORMATION *process)
{
    return process->NextEntryOffset ? (const void *)((const char *)process + process->NextEntryOffset) : NULL;
}

static void fill_processes(struct snapshot *snapshot, const SYSTEM_PROCESS_INFORMATION *process, DWORD flags)
{
    PROCESSENTRY32W *entry = process_entries(snapshot);
    THREADENTRY32 *thread = thread_entries(snapshot);
    for (; process; process = next_process(process)) {
        DWORD id = (DWORD)(ULONG_PTR)process->UniqueProcessId;
        if (flags & TH32CS_SNAPPROCESS) {
            entry->dwSize = sizeof(*entry);
            entry->th32ProcessID = id;
            entry->cntThreads = process->NumberOfThreads;
            entry->th32ParentProcessID = (DWORD)(ULONG_PTR)process->InheritedFromUniqueProcessId;
            entry->pcPriClassBase = process->BasePriority;
            SIZE_T length = process->ImageName.Length / sizeof(WCHAR);
            if (length >= MAX_PATH) length = MAX_PATH - 1;
            memcpy(entry->szExeFile, process->ImageName.Buffer, length * sizeof(WCHAR));
            entry++;
        }
        if (!(flags & TH32CS_SNAPTHREAD)) continue;
        const SYSTEM_THREAD_INFORMATION *threads = (const void *)(process + 1);
        for (ULONG i = 0; i < process->NumberOfThreads; i++, thread++) {
            thread->dwSize = sizeof(*thread);
            thread->th32ThreadID = (DWORD)(ULONG_PTR)threads[i].ClientId.UniqueThread;
            thread->th32OwnerProcessID = id;
            thread->tpBasePri = threads[i].BasePriority;
        }
    }
}

// The modules of a process; entry NULL: only counts. No more than limit. FALSE with the last error set.
static BOOL list_modules(HANDLE process, DWORD process_id, MODULEENTRY32W *entry, DWORD limit, DWORD *count)
{
    struct module_walk walk;
    BOOL begun = module_walk_begin(&walk, process);
    for (*count = 0; begun && *count < limit && module_walk_next(&walk); (*count)++) {
        if (!entry) continue;
        entry->dwSize = sizeof(*entry);
        entry->th32ModuleID = 1;
        entry->th32ProcessID = process_id;
        entry->GlblcntUsage = entry->ProccntUsage = 0xFFFF;
        entry->modBaseAddr = walk.entry.DllBase;
        entry->modBaseSize = walk.entry.SizeOfImage;
        entry->hModule = walk.entry.DllBase;
        module_walk_string(&walk, &walk.entry.BaseDllName, entry->szModule, ARRAY_LENGTH(entry->szModule));
        module_walk_string(&walk, &walk.entry.FullDllName, entry->szExePath, ARRAY_LENGTH(entry->szExePath));
        entry++;
    }
    module_walk_end(&walk);
    return begun;
}

static void *map_snapshot(HANDLE section)
{
    void *view = NULL;
    SIZE_T size = 0;
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0,
                                         PAGE_READWRITE);
    return bool_from_status(status) ? view : NULL;
}

HOTPATCH HANDLE WINAPI CreateToolhelp32Snapshot(DWORD flags, DWORD process_id)
{
    struct snapshot counts = {};
    AUTO_FREE SYSTEM_PROCESS_INFORMATION *processes = NULL;
    AUTO_CLOSE HANDLE other = NULL; // whose modules are listed, if not ours
    if (!(flags & (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD | TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32 |
                   TH32CS_SNAPHEAPLIST))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (flags & (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD)) {
        processes = query_processes();
        if (!processes) return INVALID_HANDLE_VALUE;
        for (const SYSTEM_PROCESS_INFORMATION *at = processes; at; at = next_process(at)) {
            if (flags & TH32CS_SNAPPROCESS) counts.processes++;
            if (flags & TH32CS_SNAPTHREAD) counts.threads += at->NumberOfThreads;
        }
    }
    if (flags & (TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32)) {
        if (!process_id) process_id = GetCurrentProcessId();
        if (process_id != GetCurrentProcessId()) {
            other = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process_id);
            if (!other) return INVALID_HANDLE_VALUE;
        }
        if (!list_modules(other ? other : NtCurrentProcess(), process_id, NULL, ~0u, &counts.modules))
            return INVALID_HANDLE_VALUE;
    }
    LARGE_INTEGER size = {.QuadPart = (LONGLONG)(sizeof(counts) + counts.processes * sizeof(PROCESSENTRY32W) +
                                                 counts.threads * sizeof(THREADENTRY32) +
                                                 counts.modules * sizeof(MODULEENTRY32W))};
    OBJECT_ATTRIBUTES attributes;
    HANDLE section = NULL;
    InitializeObjectAttributes(&attributes, NULL, flags & TH32CS_INHERIT ? OBJ_INHERIT : 0, NULL, NULL);
    NTSTATUS status =
        NtCreateSection(&section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (!bool_from_status(status)) return INVALID_HANDLE_VALUE;
    struct snapshot *snapshot = map_snapshot(section);
    if (!snapshot) {
        NtClose(section);
        return INVALID_HANDLE_VALUE;
    }
    *snapshot = counts;
    if (processes) fill_processes(snapshot, processes, flags);
    if (counts.modules)
        list_modules(other ? other : NtCurrentProcess(), process_id, module_entries(snapshot), counts.modules,
                     &snapshot->modules);
    NtUnmapViewOfSection(NtCurrentProcess(), snapshot);
    return section;
}

// Copies the next entry of one list to result; restart begins again.
static BOOL next_entry(HANDLE handle, int list, bool restart, void *result, DWORD size)
{
    struct snapshot *snapshot = map_snapshot(handle);
    if (!snapshot) return FALSE;
    DWORD *next = list == 0   ? &snapshot->process_next
                  : list == 1 ? &snapshot->thread_next
                              : &snapshot->module_next;
    DWORD count = list == 0 ? snapshot->processes : list == 1 ? snapshot->threads : snapshot->modules;
    const char *entries = list == 0   ? (const char *)process_entries(snapshot)
                          : list == 1 ? (const char *)thread_entries(snapshot)
                                      : (const char *)module_entries(snapshot);
    if (restart) *next = 0;
    bool found = *next < count;
    if (found) memcpy(result, entries + (*next)++ * size, size);
    NtUnmapViewOfSection(NtCurrentProcess(), snapshot);
    return found ? TRUE : fail_with(ERROR_NO_MORE_FILES);
}

static BOOL next_process_entry(HANDLE snapshot, bool restart, PROCESSENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, 0, restart, entry, sizeof(*entry));
}

HOTPATCH BOOL WINAPI Process32FirstW(HANDLE snapshot, PROCESSENTRY32W *entry)
{
    return next_process_entry(snapshot, true, entry);
}

HOTPATCH BOOL WINAPI Process32NextW(HANDLE snapshot, PROCESSENTRY32W *entry)
{
    return next_process_entry(snapshot, false, entry);
}

static BOOL next_process_entry_ansi(HANDLE snapshot, bool restart, PROCESSENTRY32 *entry)
{
    PROCESSENTRY32W wide;
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!next_entry(snapshot, 0, restart, &wide, sizeof(wide))) return FALSE;
    memcpy(entry, &wide, offsetof(PROCESSENTRY32, szExeFile));
    entry->dwSize = sizeof(*entry);
    ansi_from_wide(entry->szExeFile, sizeof(entry->szExeFile), wide.szExeFile, wide_length(wide.szExeFile));
    return TRUE;
}

HOTPATCH BOOL WINAPI Process32First(HANDLE snapshot, PROCESSENTRY32 *entry)
{
    return next_process_entry_ansi(snapshot, true, entry);
}

HOTPATCH BOOL WINAPI Process32Next(HANDLE snapshot, PROCESSENTRY32 *entry)
{
    return next_process_entry_ansi(snapshot, false, entry);
}

HOTPATCH BOOL WINAPI Thread32First(HANDLE snapshot, THREADENTRY32 *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, 1, true, entry, sizeof(*entry));
}

HOTPATCH BOOL WINAPI Thread32Next(HANDLE snapshot, THREADENTRY32 *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, 1, false, entry, sizeof(*entry));
}

HOTPATCH BOOL WINAPI Module32FirstW(HANDLE snapshot, MODULEENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, 2, true, entry, sizeof(*entry));
}

HOTPATCH BOOL WINAPI Module32NextW(HANDLE snapshot, MODULEENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, 2, false, entry, sizeof(*entry));
}

static BOOL next_module_ansi(HANDLE snapshot, bool restart, MODULEENTRY32 *entry)
{
    MODULEENTRY32W wide;
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!next_entry(snapshot, 2, restart, &wide, sizeof(wide))) return FALSE;
    memcpy(entry, &wide, offsetof(MODULEENTRY32, szModule));
    entry->dwSize = sizeof(*entry);
    ansi_from_wide(entry->szModule, sizeof(entry->szModule), wide.szModule, wide_length(wide.szModule));
    ansi_from_wide(entry->szExePath, sizeof(entry->szExePath), wide.szExePath, wide_length(wide.szExePath));
    return TRUE;
}

HOTPATCH BOOL WINAPI Module32First(HANDLE snapshot, MODULEENTRY32 *entry)
{
    return next_module_ansi(snapshot, true, entry);
}

HOTPATCH BOOL WINAPI Module32Next(HANDLE snapshot, MODULEENTRY32 *entry)
{
    return next_module_ansi(snapshot, false, entry);
}

// process_id 0: this process.
HOTPATCH BOOL WINAPI Toolhelp32ReadProcessMemory(DWORD process_id, const void *address, void *buffer,
                                                 SIZE_T size, SIZE_T *read)
{
    AUTO_CLOSE HANDLE other = NULL;
    if (process_id) other = OpenProcess(PROCESS_VM_READ, FALSE, process_id);
    if (process_id && !other) return FALSE;
    return ReadProcessMemory(other ? other : NtCurrentProcess(), address, buffer, size, read);
}
