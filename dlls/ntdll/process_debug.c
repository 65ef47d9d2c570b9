// The modules and heaps of a process for tools. All is read as another process's memory would be, this one's
// too.
#include "rtl.h"
#include "nt/rtl_lib.h"
#include "nt/rtl_loader.h"
#include "nt/rtl_process_debug.h"
#include <stddef.h>

#define DEFAULT_SIZE 0x400000
#define MODULES_MAX  4096 // of a list that another process may change meanwhile

static NTSTATUS read(HANDLE process, const void *address, void *to, SIZE_T size)
{
    SIZE_T done;
    return NtReadVirtualMemory(process, (PVOID)address, to, size, &done);
}

// ---- modules ----

static NTSTATUS read_path(HANDLE process, const UNICODE_STRING *path, RTL_PROCESS_MODULE_INFORMATION *info)
{
    WCHAR units[MAX_PATH];
    ULONG bytes = path->Length, written = 0;
    if (bytes > sizeof(units)) bytes = sizeof(units);
    NTSTATUS status = read(process, path->Buffer, units, bytes);
    if (!NT_SUCCESS(status)) return status;
    RtlUnicodeToMultiByteN((char *)info->FullPathName, sizeof(info->FullPathName) - 1, &written, units,
                           bytes);
    info->FullPathName[written] = 0;
    while (written && info->FullPathName[written - 1] != '\\') written--;
    info->OffsetToFileName = (USHORT)written;
    return STATUS_SUCCESS;
}

static NTSTATUS describe(HANDLE process, const LDR_DATA_TABLE_ENTRY *entry, ULONG index,
                         RTL_PROCESS_MODULE_INFORMATION *info)
{
    ULONG count = 0;
    *info = (RTL_PROCESS_MODULE_INFORMATION){.ImageBase = entry->DllBase,
                                             .ImageSize = entry->SizeOfImage,
                                             .Flags = entry->Flags,
                                             .LoadOrderIndex = (USHORT)index};
    if (entry->DdagNode)
        read(process, (const char *)entry->DdagNode + offsetof(LDR_DDAG_NODE, LoadCount), &count,
             sizeof(count));
    info->LoadCount = (USHORT)count;
    return read_path(process, &entry->FullDllName, info);
}

// Fills as many modules as there is room for. *n: how many there are.
static NTSTATUS read_modules(HANDLE process, const PEB *peb, RTL_PROCESS_MODULE_INFORMATION *infos,
                             ULONG room, ULONG *n)
{
    const LIST_ENTRY *head = &peb->Ldr->InLoadOrderModuleList;
    LIST_ENTRY links;
    NTSTATUS status = read(process, head, &links, sizeof(links));

    for (*n = 0; NT_SUCCESS(status) && links.Flink != head; ++*n) {
        LDR_DATA_TABLE_ENTRY entry;
        if (*n == MODULES_MAX) return STATUS_INTERNAL_ERROR;
        status = read(process, CONTAINING_RECORD(links.Flink, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks), &entry,
                      sizeof(entry));
        if (NT_SUCCESS(status) && *n < room) status = describe(process, &entry, *n, &infos[*n]);
        links = entry.InLoadOrderLinks;
    }
    return status;
}

static ULONG modules_size(ULONG n)
{
    return (ULONG)offsetof(RTL_PROCESS_MODULES, Modules) + n * (ULONG)sizeof(RTL_PROCESS_MODULE_INFORMATION);
}

// The modules, in size bytes. *needed: what fits them all.
static NTSTATUS query_modules(HANDLE process, const PEB *peb, RTL_PROCESS_MODULES *modules, ULONG size,
                              ULONG *needed)
{
    ULONG n = 0;
    const ULONG room = size < modules_size(0) ? 0 : (size - modules_size(0)) / sizeof(modules->Modules[0]);
    NTSTATUS status = read_modules(process, peb, modules->Modules, room, &n);
    *needed = modules_size(n);
    if (NT_SUCCESS(status) && size >= modules_size(0)) modules->NumberOfModules = n < room ? n : room;
    return NT_SUCCESS(status) && size < *needed ? STATUS_INFO_LENGTH_MISMATCH : status;
}

NTSTATUS NTAPI LdrQueryProcessModuleInformation(RTL_PROCESS_MODULES *modules, ULONG size, PULONG needed)
{
    ULONG fits;
    ULONG_PTR cookie;
    LdrLockLoaderLock(0, NULL, &cookie);
    NTSTATUS status = query_modules(NtCurrentProcess(), peb_self(), modules, size, &fits);
    LdrUnlockLoaderLock(0, cookie);
    if (needed) *needed = fits;
    return status;
}

// ---- heaps ----

// Sums up one of this process's heaps.
static void walk_heap(RTL_HEAP_INFORMATION *info)
{
    RTL_HEAP_WALK_ENTRY entry = {0};
    RtlLockHeap(info->BaseAddress);
    while (NT_SUCCESS(RtlWalkHeap(info->BaseAddress, &entry))) {
        if (entry.Flags & RTL_HEAP_SEGMENT) {
            info->BytesCommitted += entry.Segment.CommittedSize;
        } else if (entry.Flags & RTL_HEAP_BUSY) {
            info->BytesAllocated += entry.DataSize;
            info->NumberOfEntries++;
        }
    }
    RtlUnlockHeap(info->BaseAddress);
}

static NTSTATUS query_heaps(HANDLE process, const PEB *peb, RTL_PROCESS_HEAPS *heaps, ULONG size,
                            ULONG *needed)
{
    *needed = (ULONG)offsetof(RTL_PROCESS_HEAPS, Heaps) + peb->NumberOfHeaps * (ULONG)sizeof(heaps->Heaps[0]);
    if (peb->NumberOfHeaps > 0x10000 || *needed > size) return STATUS_INFO_LENGTH_MISMATCH;
    memset(heaps, 0, *needed);
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++) {
        NTSTATUS status = read(process, &peb->ProcessHeaps[i], &heaps->Heaps[i].BaseAddress, sizeof(PVOID));
        if (!NT_SUCCESS(status)) return status;
        if (process == NtCurrentProcess()) walk_heap(&heaps->Heaps[i]);
    }
    heaps->NumberOfHeaps = peb->NumberOfHeaps;
    return STATUS_SUCCESS;
}

// ---- the buffer ----

PRTL_DEBUG_INFORMATION NTAPI RtlCreateQueryDebugBuffer(ULONG length, BOOLEAN event_pair)
{
    SIZE_T size = length ? length : DEFAULT_SIZE;
    PVOID base = NULL;
    (void)event_pair; // nobody else has the buffer, so nobody is to be waited for
    if (size < sizeof(RTL_DEBUG_INFORMATION)) size = sizeof(RTL_DEBUG_INFORMATION);
    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE | MEM_COMMIT,
                                PAGE_READWRITE))
        return NULL;
    PRTL_DEBUG_INFORMATION buffer = base;
    buffer->ViewBaseClient = buffer->ViewBaseTarget = base;
    buffer->OffsetFree = sizeof(*buffer);
    buffer->CommitSize = buffer->ViewSize = size;
    return buffer;
}

NTSTATUS NTAPI RtlDestroyQueryDebugBuffer(PRTL_DEBUG_INFORMATION buffer)
{
    SIZE_T size = 0;
    PVOID base = buffer;
    return NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

// The buffer's free end, and how much of it a query took.
static PVOID free_part(PRTL_DEBUG_INFORMATION buffer, ULONG *room)
{
    *room = (ULONG)(buffer->ViewSize - buffer->OffsetFree);
    return (char *)buffer + buffer->OffsetFree;
}

static NTSTATUS take(PRTL_DEBUG_INFORMATION buffer, NTSTATUS status, ULONG size)
{
    if (status == STATUS_INFO_LENGTH_MISMATCH) return STATUS_NO_MEMORY;
    if (NT_SUCCESS(status)) buffer->OffsetFree += (size + 7) & ~7u;
    return status;
}

static NTSTATUS query(HANDLE process, ULONG flags, PRTL_DEBUG_INFORMATION buffer)
{
    PROCESS_BASIC_INFORMATION basic;
    PEB peb;
    ULONG room, used = 0;
    NTSTATUS status =
        NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof(basic), NULL);
    if (NT_SUCCESS(status)) status = read(process, basic.PebBaseAddress, &peb, sizeof(peb));
    if (!NT_SUCCESS(status)) return status;
    buffer->ProcessHeap = peb.ProcessHeap;
    if (flags & (RTL_QUERY_PROCESS_MODULES | RTL_QUERY_PROCESS_MODULES32)) {
        RTL_PROCESS_MODULES *modules = free_part(buffer, &room);
        status = take(buffer, query_modules(process, &peb, modules, room, &used), used);
        if (!NT_SUCCESS(status)) return status;
        buffer->Modules = modules;
    }
    if (flags & RTL_QUERY_PROCESS_HEAP_SUMMARY) {
        RTL_PROCESS_HEAPS *heaps = free_part(buffer, &room);
        status = take(buffer, query_heaps(process, &peb, heaps, room, &used), used);
        if (!NT_SUCCESS(status)) return status;
        buffer->Heaps = heaps;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryProcessDebugInformation(HANDLE process_id, ULONG flags, PRTL_DEBUG_INFORMATION buffer)
{
    const ULONG known = RTL_QUERY_PROCESS_MODULES | RTL_QUERY_PROCESS_MODULES32 |
                        RTL_QUERY_PROCESS_HEAP_SUMMARY | RTL_QUERY_PROCESS_NONINVASIVE;
    const CLIENT_ID self = {.UniqueProcess = process_id};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof(attributes)};
    HANDLE process = NtCurrentProcess();
    NTSTATUS status = STATUS_SUCCESS;

    if (flags & ~known) return STATUS_NOT_SUPPORTED;
    buffer->Flags = flags;
    buffer->OffsetFree = sizeof(*buffer);
    buffer->TargetProcessId = process_id;
    buffer->Modules = NULL;
    buffer->Heaps = NULL;
    const BOOLEAN own = process_id == teb_self()->ClientId.UniqueProcess;
    if (!own)
        status = NtOpenProcess(&process, PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, &attributes,
                               (CLIENT_ID *)&self);
    if (!NT_SUCCESS(status)) return status;
    if (own) RtlAcquirePebLock(); // its heaps are walked: none of them goes meanwhile
    status = query(process, flags, buffer);
    if (own)
        RtlReleasePebLock();
    else
        NtClose(process);
    return status;
}
