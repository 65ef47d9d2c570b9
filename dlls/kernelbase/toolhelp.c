// Tool help snapshots: the processes and threads that the system lists, and the modules of one process.
#include "process_modules.h"
#include "toolhelp.h"

enum list { PROCESSES, THREADS, HEAPS, MODULES, LISTS };

static const SIZE_T entry_sizes[LISTS] = {sizeof(PROCESSENTRY32W), sizeof(THREADENTRY32), sizeof(HEAPLIST32),
                                          sizeof(MODULEENTRY32W)};

// A snapshot is a section, so that its handle closes like any other; the lists lie in it, one behind the
// other.
struct snapshot {
    DWORD counts[LISTS], next[LISTS];
};

static SIZE_T offset_of(const struct snapshot *snapshot, enum list list)
{
    SIZE_T offset = sizeof(*snapshot);
    for (int i = 0; i < (int)list; i++) offset += snapshot->counts[i] * entry_sizes[i];
    return offset;
}

static void *entries_of(struct snapshot *snapshot, enum list list)
{
    return (char *)snapshot + offset_of(snapshot, list);
}

SYSTEM_PROCESS_INFORMATION *toolhelp_query_processes(void)
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

const SYSTEM_PROCESS_INFORMATION *toolhelp_next_process(const SYSTEM_PROCESS_INFORMATION *process)
{
    return process->NextEntryOffset ? (const void *)((const char *)process + process->NextEntryOffset) : NULL;
}

static void fill_processes(struct snapshot *snapshot, const SYSTEM_PROCESS_INFORMATION *process, DWORD flags)
{
    PROCESSENTRY32W *entry = entries_of(snapshot, PROCESSES);
    THREADENTRY32 *thread = entries_of(snapshot, THREADS);
    for (; process; process = toolhelp_next_process(process)) {
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

// The process whose modules and heaps are wanted: NULL with the last error. *other: to be closed, NULL: it is
// ours.
static HANDLE open_subject(DWORD *process_id, HANDLE *other)
{
    if (!*process_id) *process_id = GetCurrentProcessId();
    if (*process_id == GetCurrentProcessId()) return NtCurrentProcess();
    *other = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, *process_id);
    return *other;
}

// A section with room for the counted lists, mapped; NULL with the last error.
static struct snapshot *new_snapshot(const struct snapshot *counts, bool inherit, HANDLE *section)
{
    LARGE_INTEGER size = {.QuadPart = (LONGLONG)offset_of(counts, LISTS)};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    NTSTATUS status =
        NtCreateSection(section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (!bool_from_status(status)) return NULL;
    struct snapshot *snapshot = map_snapshot(*section);
    if (snapshot)
        *snapshot = *counts;
    else
        NtClose(*section);
    return snapshot;
}

HOTPATCH HANDLE WINAPI CreateToolhelp32Snapshot(DWORD flags, DWORD process_id)
{
    struct snapshot counts = {};
    AUTO_FREE SYSTEM_PROCESS_INFORMATION *processes = NULL;
    AUTO_CLOSE HANDLE other = NULL;
    HANDLE subject = NULL, section;
    const bool modules = flags & (TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32),
               heaps = flags & TH32CS_SNAPHEAPLIST;
    if (!(flags & (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD)) && !modules && !heaps) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (flags & (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD)) {
        processes = toolhelp_query_processes();
        if (!processes) return INVALID_HANDLE_VALUE;
        for (const SYSTEM_PROCESS_INFORMATION *at = processes; at; at = toolhelp_next_process(at)) {
            if (flags & TH32CS_SNAPPROCESS) counts.counts[PROCESSES]++;
            if (flags & TH32CS_SNAPTHREAD) counts.counts[THREADS] += at->NumberOfThreads;
        }
    }
    if ((modules || heaps) && !(subject = open_subject(&process_id, &other))) return INVALID_HANDLE_VALUE;
    if ((modules && !list_modules(subject, process_id, NULL, ~0u, &counts.counts[MODULES])) ||
        (heaps && !toolhelp_list_heaps(subject, process_id, NULL, ~0u, &counts.counts[HEAPS])))
        return INVALID_HANDLE_VALUE;
    struct snapshot *snapshot = new_snapshot(&counts, flags & TH32CS_INHERIT, &section);
    if (!snapshot) return INVALID_HANDLE_VALUE;
    DWORD listed;
    if (processes) fill_processes(snapshot, processes, flags);
    if (heaps)
        toolhelp_list_heaps(subject, process_id, entries_of(snapshot, HEAPS), counts.counts[HEAPS], &listed);
    if (modules)
        list_modules(subject, process_id, entries_of(snapshot, MODULES), counts.counts[MODULES],
                     &snapshot->counts[MODULES]);
    NtUnmapViewOfSection(NtCurrentProcess(), snapshot);
    return section;
}

// Copies the next entry of one list to result; restart begins again.
static BOOL next_entry(HANDLE handle, enum list list, bool restart, void *result)
{
    struct snapshot *snapshot = map_snapshot(handle);
    if (!snapshot) return FALSE;
    DWORD *next = &snapshot->next[list];
    if (restart) *next = 0;
    bool found = *next < snapshot->counts[list];
    if (found)
        memcpy(result, (char *)entries_of(snapshot, list) + (*next)++ * entry_sizes[list], entry_sizes[list]);
    NtUnmapViewOfSection(NtCurrentProcess(), snapshot);
    return found ? TRUE : fail_with(ERROR_NO_MORE_FILES);
}

BOOL toolhelp_next_heap(HANDLE snapshot, bool restart, HEAPLIST32 *entry)
{
    if (entry->dwSize != sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, HEAPS, restart, entry);
}

static BOOL next_process_entry(HANDLE snapshot, bool restart, PROCESSENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, PROCESSES, restart, entry);
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
    if (!next_entry(snapshot, PROCESSES, restart, &wide)) return FALSE;
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
    return next_entry(snapshot, THREADS, true, entry);
}

HOTPATCH BOOL WINAPI Thread32Next(HANDLE snapshot, THREADENTRY32 *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, THREADS, false, entry);
}

HOTPATCH BOOL WINAPI Module32FirstW(HANDLE snapshot, MODULEENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, MODULES, true, entry);
}

HOTPATCH BOOL WINAPI Module32NextW(HANDLE snapshot, MODULEENTRY32W *entry)
{
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return next_entry(snapshot, MODULES, false, entry);
}

static BOOL next_module_ansi(HANDLE snapshot, bool restart, MODULEENTRY32 *entry)
{
    MODULEENTRY32W wide;
    if (entry->dwSize < sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!next_entry(snapshot, MODULES, restart, &wide)) return FALSE;
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
