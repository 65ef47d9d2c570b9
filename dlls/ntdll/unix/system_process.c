// What NtQuerySystemInformation tells of processes, those of the prefix, and of handles, those of this one.
#include "dlls/ntdll/unix/process_object.h"
#include "dlls/ntdll/unix/system_answer.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "loader/thread.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { NAME_MAX_UNITS = 260, STATE_WAITING = 5, STATE_RUNNING = 2, PRIORITY_NORMAL = 8 };

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

static void append_thread(struct thread *thread, void *context)
{
    SYSTEM_THREAD_INFORMATION32 info = {
        .StartAddress = thread->start,
        .ClientId = {.UniqueProcess = process_id(), .UniqueThread = thread->tid},
        .Priority = PRIORITY_NORMAL,
        .BasePriority = PRIORITY_NORMAL,
        .ThreadState = atomic_load(&thread->wait.word) ? STATE_WAITING : STATE_RUNNING,
    };
    answer_append(context, &info, sizeof info);
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
static void reverse_threads(struct system_answer *answer, uint32_t at, uint32_t n)
{
    SYSTEM_THREAD_INFORMATION32 *threads = (SYSTEM_THREAD_INFORMATION32 *)(answer->bytes + at), other;
    for (uint32_t i = 0; i < n / 2; i++) {
        other = threads[i];
        threads[i] = threads[n - 1 - i];
        threads[n - 1 - i] = other;
    }
}

void answer_own_process(struct system_answer *answer)
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
        .SessionId = 1,
    };
    fill_memory(&info);
    uint32_t at = answer_append(answer, &info, sizeof info);
    thread_for_each(append_thread, answer);
    uint32_t threads =
        (answer->size - at - (uint32_t)sizeof info) / (uint32_t)sizeof(SYSTEM_THREAD_INFORMATION32);
    if (!answer->failed) reverse_threads(answer, at + (uint32_t)sizeof info, threads);
    uint32_t name_at = answer_append(answer, name, (name_length + 1) * 2);
    if (answer->failed) return;
    info.NumberOfThreads = threads;
    info.ImageName = (UNICODE_STRING32){.Length = (uint16_t)(name_length * 2),
                                        .MaximumLength = (uint16_t)(name_length * 2 + 2),
                                        .Buffer = answer->address + name_at};
    memcpy(answer->bytes + at, &info, sizeof info);
}

// Whether the counts and the string of an answer lie in it.
static bool is_whole(const SYSTEM_PROCESS_INFORMATION32 *info, uint32_t size)
{
    const uint64_t threads = (uint64_t)info->NumberOfThreads * sizeof(SYSTEM_THREAD_INFORMATION32);
    const uint64_t name_end = (uint64_t)info->ImageName.Buffer + info->ImageName.MaximumLength;
    return sizeof *info + threads <= size && name_end <= size &&
           info->ImageName.Length <= info->ImageName.MaximumLength;
}

void answer_foreign_process(struct system_answer *answer, uint32_t *last, void *bytes, uint32_t size)
{
    SYSTEM_PROCESS_INFORMATION32 info;
    const uint32_t alignment = (8 - (answer->size & 7)) & 7;
    if (size < sizeof info) return;
    memcpy(&info, bytes, sizeof info);
    if (!is_whole(&info, size)) return;
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

void answer_processes(struct system_answer *answer)
{
    answer_own_process(answer);
    peer_list_processes(answer);
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
