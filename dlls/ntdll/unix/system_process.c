// What NtQuerySystemInformation tells of processes, those of the prefix, and of handles, those of this one.
#include "dlls/ntdll/unix/object_types.h"
#include "dlls/ntdll/unix/process_info.h"
#include "dlls/ntdll/unix/process_object.h"
#include "dlls/ntdll/unix/process_remote.h"
#include "dlls/ntdll/unix/system_answer.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OWN_SESSION = 1, NAME_MAX_UNITS = 260, STATE_WAITING = 5, STATE_RUNNING = 2, PRIORITY_NORMAL = 8 };

// The last component of the image's path, from the process parameters.
static uint32_t image_name(uint16_t *name)
{
    gptr parameters;
    UNICODE_STRING32 path;
    uint32_t n = 0;
    if (!guest_read32(&parameters, process_peb() + offsetof(PEB32, ProcessParameters)) ||
        !guest_read(&path, parameters + offsetof(RTL_USER_PROCESS_PARAMETERS32, ImagePathName), sizeof path))
        return 0;
    uint32_t length = path.Length / 2, start = length > NAME_MAX_UNITS ? length - NAME_MAX_UNITS : 0;
    if (!guest_read(name, path.Buffer + start * 2, (length - start) * 2)) return 0;
    for (uint32_t i = 0; i < length - start; i++) {
        name[n++] = name[i];
        if (name[i] == '\\') n = 0;
    }
    return n;
}

static SYSTEM_THREAD_INFORMATION32 describe_thread(const struct thread *thread)
{
    SYSTEM_THREAD_INFORMATION32 info = {
        .StartAddress = thread->start,
        .ClientId = {.UniqueProcess = process_id(), .UniqueThread = thread->tid},
        .Priority = PRIORITY_NORMAL,
        .BasePriority = PRIORITY_NORMAL,
        .ThreadState = atomic_load(&thread->wait.word) ? STATE_WAITING : STATE_RUNNING,
    };
    return info;
}

static void append_thread(struct thread *thread, void *context)
{
    const SYSTEM_THREAD_INFORMATION32 info = describe_thread(thread);
    answer_append(context, &info, sizeof info);
}

static void append_thread_extended(struct thread *thread, void *context)
{
    SYSTEM_EXTENDED_THREAD_INFORMATION32 info = {.ThreadInfo = describe_thread(thread),
                                                 .Win32StartAddress = thread->start,
                                                 .TebBase = thread->teb};
    uint32_t bounds[2]; // of the stack
    if (guest_read(bounds, thread->teb + offsetof(TEB32, NtTib.StackBase), sizeof bounds)) {
        info.StackBase = bounds[0];
        info.StackLimit = bounds[1];
    }
    answer_append(context, &info, sizeof info);
}

static uint32_t thread_size(bool extended)
{
    return extended ? sizeof(SYSTEM_EXTENDED_THREAD_INFORMATION32) : sizeof(SYSTEM_THREAD_INFORMATION32);
}

static void fill_memory(SYSTEM_PROCESS_INFORMATION32 *info)
{
    unsigned long long size, resident;
    struct rusage usage;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%llu %llu", &size, &resident) == 2) {
        info->VirtualMemoryCounters.WorkingSetSize = (uint32_t)(resident * 4096);
        info->VirtualMemoryCounters.PagefileUsage = info->VirtualMemoryCounters.WorkingSetSize;
        info->PrivatePageCount = info->VirtualMemoryCounters.WorkingSetSize;
    }
    if (file) fclose(file);
    if (getrusage(RUSAGE_SELF, &usage) != 0) return;
    info->UserTime.QuadPart = host_interval(&usage.ru_utime);
    info->KernelTime.QuadPart = host_interval(&usage.ru_stime);
    info->VirtualMemoryCounters.PeakWorkingSetSize = (uint32_t)usage.ru_maxrss * 1024;
    info->VirtualMemoryCounters.PageFaultCount = (uint32_t)(usage.ru_minflt + usage.ru_majflt);
}

// Windows lists threads in the order of their births, and so the first one first.
static void reverse_threads(struct system_answer *answer, uint32_t at, uint32_t n, uint32_t size)
{
    uint8_t other[sizeof(SYSTEM_EXTENDED_THREAD_INFORMATION32)], *threads = answer->bytes + at;
    for (uint32_t i = 0; i < n / 2; i++) {
        uint8_t *early = threads + i * size, *late = threads + (n - 1 - i) * size;
        memcpy(other, early, size);
        memcpy(early, late, size);
        memcpy(late, other, size);
    }
}

void answer_own_process(struct system_answer *answer, bool extended)
{
    uint16_t name[NAME_MAX_UNITS + 1];
    uint32_t name_length = image_name(name);
    name[name_length] = 0;
    SYSTEM_PROCESS_INFORMATION32 info = {
        .BasePriority = PRIORITY_NORMAL,
        .UniqueProcessId = process_id(),
        .CreateTime.QuadPart = (int64_t)process_object_self()->created,
        .InheritedFromUniqueProcessId = process_object_self()->parent_pid,
        .HandleCount = handle_count(),
        .SessionId = OWN_SESSION,
    };
    fill_memory(&info);
    uint32_t at = answer_append(answer, &info, sizeof info);
    thread_for_each(extended ? append_thread_extended : append_thread, answer);
    const uint32_t size = thread_size(extended), threads = (answer->size - at - (uint32_t)sizeof info) / size;
    if (!answer->failed) reverse_threads(answer, at + (uint32_t)sizeof info, threads, size);
    uint32_t name_at = answer_append(answer, name, (name_length + 1) * 2);
    if (answer->failed) return;
    info.NumberOfThreads = threads;
    info.ImageName = (UNICODE_STRING32){.Length = (uint16_t)(name_length * 2),
                                        .MaximumLength = (uint16_t)(name_length * 2 + 2),
                                        .Buffer = answer->address + name_at};
    memcpy(answer->bytes + at, &info, sizeof info);
}

// Whether the counts and the string of an answer lie in it.
static bool is_whole(const SYSTEM_PROCESS_INFORMATION32 *info, uint32_t size, bool extended)
{
    const uint64_t threads = (uint64_t)info->NumberOfThreads * thread_size(extended);
    const uint64_t name_end = (uint64_t)info->ImageName.Buffer + info->ImageName.MaximumLength;
    return sizeof *info + threads <= size && name_end <= size &&
           info->ImageName.Length <= info->ImageName.MaximumLength;
}

void answer_foreign_process(struct system_answer *answer, uint32_t *last, void *bytes, uint32_t size, bool extended)
{
    SYSTEM_PROCESS_INFORMATION32 info;
    const uint32_t alignment = (8 - (answer->size & 7)) & 7;
    if (size < sizeof info) return;
    memcpy(&info, bytes, sizeof info);
    if (!is_whole(&info, size, extended)) return;
    answer_append(answer, NULL, alignment);
    uint32_t at = answer_append(answer, bytes, size);
    if (answer->failed) return;
    const uint32_t distance = at - *last;
    memcpy(answer->bytes + *last + offsetof(SYSTEM_PROCESS_INFORMATION32, NextEntryOffset), &distance,
           sizeof distance);
    info.NextEntryOffset = 0;
    info.ImageName.Buffer += answer->address + at;
    memcpy(answer->bytes + at, &info, sizeof info);
    *last = at;
}

void answer_processes(struct system_answer *answer, bool extended)
{
    answer_own_process(answer, extended);
    peer_list_processes(answer, extended);
}

// The name of a process's program by its id, without a handle: in the volume's terms, as ProcessImageFileName.
NTSTATUS process_id_query(gptr buffer, uint32_t length, uint32_t *result_length)
{
    SYSTEM_PROCESS_ID_INFORMATION32 info;
    struct process_object *process = process_object_self();
    uint16_t name[PROGRAM_NAME_MAX + 32];
    uint32_t n;
    if (result_length) *result_length = sizeof info;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    UNICODE_STRING32 string = info.ImageName;
    if (string.Length || (string.MaximumLength & 1)) return STATUS_INVALID_PARAMETER;
    if ((info.ProcessId & ~3u) == process_id())
        object_retain(&process->object);
    else if (!NT_SUCCESS(process_remote_open(info.ProcessId & ~3u, &process)))
        return STATUS_INVALID_CID;
    NTSTATUS status = process_nt_program(process, name, &n);
    object_release(&process->object);
    if (!NT_SUCCESS(status)) return status;
    const uint16_t room = string.MaximumLength;
    string.MaximumLength = (uint16_t)(n * 2 + 2);
    if (room < string.MaximumLength) {
        status = STATUS_INFO_LENGTH_MISMATCH;
    } else {
        string.Length = (uint16_t)(n * 2);
        name[n] = 0;
        if (!guest_write(string.Buffer, name, n * 2 + 2)) return STATUS_ACCESS_VIOLATION;
    }
    info.ImageName = string;
    return guest_write(buffer, &info, sizeof info) ? status : STATUS_ACCESS_VIOLATION;
}

// SystemProcessInformation of one session; all are in session 1.
NTSTATUS session_processes_query(gptr buffer, uint32_t length, uint32_t *result_length)
{
    SYSTEM_SESSION_PROCESS_INFORMATION32 info;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (info.SessionId == OWN_SESSION)
        return NtQuerySystemInformation(SystemProcessInformation, info.Buffer, info.SizeOfBuf, result_length);
    if (result_length) *result_length = 0;
    return STATUS_SUCCESS;
}

// A number that is the same for all handles to an object and says nothing of where it lies.
static gptr object_mark(const struct object *object)
{
    return (gptr)((uintptr_t)object >> 4) | 0x80000000;
}

static void append_handle(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes,
                          void *context)
{
    SYSTEM_HANDLE_ENTRY32 entry = {.OwnerPid = process_id(),
                                   .ObjectType = (uint8_t)object_type_index(object->type),
                                   .HandleFlags = (uint8_t)attributes,
                                   .HandleValue = (uint16_t)handle,
                                   .ObjectPointer = object_mark(object),
                                   .AccessMask = access};
    if (handle <= UINT16_MAX) answer_append(context, &entry, sizeof entry);
}

void answer_handles(struct system_answer *answer)
{
    uint32_t count = 0, at = answer_append(answer, &count, sizeof count);
    handle_for_each(0, append_handle, answer);
    if (answer->failed) return;
    count = (answer->size - at - (uint32_t)sizeof count) / (uint32_t)sizeof(SYSTEM_HANDLE_ENTRY32);
    memcpy(answer->bytes + at, &count, sizeof count);
}

static void append_handle_extended(HANDLE32 handle, struct object *object, ACCESS_MASK32 access,
                                   uint32_t attributes, void *context)
{
    SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX32 entry = {.Object = object_mark(object),
                                                 .UniqueProcessId = process_id(),
                                                 .HandleValue = handle,
                                                 .GrantedAccess = access,
                                                 .ObjectTypeIndex = (uint16_t)object_type_index(object->type),
                                                 .HandleAttributes = attributes};
    answer_append(context, &entry, sizeof entry);
}

void answer_handles_extended(struct system_answer *answer)
{
    const uint32_t head[2] = {0};
    uint32_t at = answer_append(answer, head, sizeof head);
    handle_for_each(0, append_handle_extended, answer);
    if (answer->failed) return;
    uint32_t count =
        (answer->size - at - (uint32_t)sizeof head) / (uint32_t)sizeof(SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX32);
    memcpy(answer->bytes + at, &count, sizeof count);
}
