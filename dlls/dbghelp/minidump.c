// MiniDumpWriteDump: a process's threads, modules and memory as a file (the format: minidumpapiset.h,
// "Minidump Files" in Microsoft's documentation). Everything is prepared before the threads are stopped: one
// of them may hold the heap's lock.
#include "session.h"
#include <psapi.h>
#include <stddef.h>
#include <tlhelp32.h>

enum { SIGNATURE = 0x504D444D }; // "MDMP"
enum { THREADS_MAX = 4096, MODULES_MAX = 1024, STREAMS_MAX = 64, CHUNK = 0x10000, AROUND_PC = 128 };

struct dumped_thread {
    DWORD id;
    HANDLE handle; // NULL: the one that writes
    bool stopped;
    CONTEXT context;
    MINIDUMP_THREAD written;
};

// A range of memory that is written apart from its list.
struct dumped_range {
    DWORD start, size;
    RVA rva;
};

struct dump {
    HANDLE process, file;
    DWORD process_id;
    const MINIDUMP_EXCEPTION_INFORMATION *exception;
    const MINIDUMP_USER_STREAM_INFORMATION *user;
    const MINIDUMP_CALLBACK_INFORMATION *callback;
    struct dumped_thread *threads;
    unsigned thread_count;
    MINIDUMP_MODULE *modules;
    unsigned module_count;
    struct dumped_range *ranges; // two for each thread
    unsigned range_count;
    BYTE *chunk;
    MINIDUMP_DIRECTORY streams[STREAMS_MAX];
    unsigned stream_count;
    ULONG64 end; // of what is written
    DWORD error; // of the first write or read that failed
};

// ---- writing ----

static void fail(struct dump *dump)
{
    if (!dump->error) dump->error = GetLastError();
}

static void write_at(struct dump *dump, ULONG64 offset, const void *data, DWORD size)
{
    OVERLAPPED place = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    DWORD written;
    if (dump->error) return;
    if (!WriteFile(dump->file, data, size, &written, &place))
        fail(dump);
    else if (written != size)
        dump->error = ERROR_WRITE_FAULT;
}

// The end as an RVA; only the list of all memory reaches further than one can.
static RVA end_rva(struct dump *dump)
{
    if (dump->end > MAXDWORD && !dump->error) dump->error = ERROR_FILE_TOO_LARGE;
    return (RVA)dump->end;
}

// At the end; the place.
static RVA append(struct dump *dump, const void *data, DWORD size)
{
    RVA rva = end_rva(dump);
    write_at(dump, dump->end, data, size);
    dump->end = (dump->end + size + 3) & ~(ULONG64)3;
    return rva;
}

static void add_stream(struct dump *dump, ULONG32 type, RVA rva, DWORD size)
{
    if (dump->stream_count < STREAMS_MAX)
        dump->streams[dump->stream_count++] =
            (MINIDUMP_DIRECTORY){.StreamType = type, .Location = {size, rva}};
}

// Copies memory of the process to the end; pages that can't be read are zeros.
static void append_memory(struct dump *dump, DWORD start, DWORD size)
{
    while (size && !dump->error) {
        DWORD part = size < CHUNK ? size : CHUNK;
        if (!ReadProcessMemory(dump->process, (void *)(ULONG_PTR)start, dump->chunk, part, NULL)) {
            DWORD to_next_page = 0x1000 - (start & 0xFFF);
            part = part < to_next_page ? part : to_next_page;
            memset(dump->chunk, 0, part);
            ReadProcessMemory(dump->process, (void *)(ULONG_PTR)start, dump->chunk, part, NULL);
        }
        write_at(dump, dump->end, dump->chunk, part);
        dump->end += part, start += part, size -= part;
    }
}

// ---- threads ----

// What a caller's callback answers to whether a thread or module shall be in the dump.
static bool is_wanted(const struct dump *dump, MINIDUMP_CALLBACK_INPUT *input, ULONG flags)
{
    MINIDUMP_CALLBACK_OUTPUT output = {.ThreadWriteFlags = flags};
    if (!dump->callback || !dump->callback->CallbackRoutine) return true;
    input->ProcessId = dump->process_id;
    input->ProcessHandle = dump->process;
    return dump->callback->CallbackRoutine(dump->callback->CallbackParam, input, &output);
}

static void add_thread(struct dump *dump, DWORD id)
{
    MINIDUMP_CALLBACK_INPUT input = {.CallbackType = IncludeThreadCallback};
    input.IncludeThread.ThreadId = id;
    if (dump->thread_count == THREADS_MAX || !is_wanted(dump, &input, ThreadWriteThread | ThreadWriteStack))
        return;
    HANDLE handle = NULL;
    if (id != GetCurrentThreadId() &&
        !(handle =
              OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION, FALSE, id)))
        return; // it has ended
    dump->threads[dump->thread_count++] = (struct dumped_thread){.id = id, .handle = handle};
}

static bool list_threads(struct dump *dump)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    if (snapshot == INVALID_HANDLE_VALUE) return false;
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        if (entry.th32OwnerProcessID == dump->process_id) add_thread(dump, entry.th32ThreadID);
    CloseHandle(snapshot);
    return true;
}

static void stop_threads(struct dump *dump)
{
    for (unsigned i = 0; i < dump->thread_count; i++) {
        struct dumped_thread *thread = &dump->threads[i];
        thread->context.ContextFlags = CONTEXT_ALL;
        if (!thread->handle) {
            RtlCaptureContext(&thread->context);
            thread->context.ContextFlags = CONTEXT_FULL;
            continue;
        }
        DWORD before = SuspendThread(thread->handle);
        thread->stopped = before != (DWORD)-1;
        thread->written.SuspendCount = thread->stopped ? before : 0;
        if (!GetThreadContext(thread->handle, &thread->context)) thread->context.ContextFlags = 0;
    }
}

static void resume_threads(struct dump *dump)
{
    for (unsigned i = 0; i < dump->thread_count; i++) {
        if (!dump->threads[i].handle) continue;
        if (dump->threads[i].stopped) ResumeThread(dump->threads[i].handle);
        CloseHandle(dump->threads[i].handle);
    }
}

static RVA append_range(struct dump *dump, DWORD start, DWORD size)
{
    RVA rva = end_rva(dump);
    append_memory(dump, start, size);
    dump->end = (dump->end + 3) & ~(ULONG64)3;
    dump->ranges[dump->range_count++] = (struct dumped_range){start, size, rva};
    return rva;
}

static void write_thread(struct dump *dump, struct dumped_thread *thread, bool full)
{
    MINIDUMP_THREAD *written = &thread->written;
    THREAD_BASIC_INFORMATION basic = {0};
    NT_TIB32 tib = {0};
    HANDLE handle = thread->handle ? thread->handle : GetCurrentThread();
    NtQueryInformationThread(handle, ThreadBasicInformation, &basic, sizeof(basic), NULL);
    written->ThreadId = thread->id;
    written->Priority = (ULONG32)basic.Priority;
    written->PriorityClass = GetPriorityClass(dump->process);
    written->Teb = (ULONG_PTR)basic.TebBaseAddress;
    written->ThreadContext.DataSize = sizeof(thread->context);
    written->ThreadContext.Rva = append(dump, &thread->context, sizeof(thread->context));
    DWORD stack = thread->context.Esp;
    if (!ReadProcessMemory(dump->process, basic.TebBaseAddress, &tib, sizeof(tib), NULL) ||
        stack >= tib.StackBase || stack < tib.StackLimit)
        return;
    written->Stack.StartOfMemoryRange = stack;
    written->Stack.Memory.DataSize = tib.StackBase - stack;
    if (full) return; // it is in the list of all memory, by its address
    written->Stack.Memory.Rva = append_range(dump, stack, tib.StackBase - stack);
    DWORD code = thread->context.Eip - AROUND_PC;
    BYTE probe;
    if (ReadProcessMemory(dump->process, (void *)(ULONG_PTR)code, &probe, 1, NULL))
        append_range(dump, code, 2 * AROUND_PC);
}

static void write_threads(struct dump *dump, bool full)
{
    ULONG32 count = dump->thread_count;
    for (unsigned i = 0; i < count; i++) write_thread(dump, &dump->threads[i], full);
    RVA rva = append(dump, &count, sizeof(count));
    for (unsigned i = 0; i < count; i++) append(dump, &dump->threads[i].written, sizeof(MINIDUMP_THREAD));
    add_stream(dump, ThreadListStream, rva, (DWORD)sizeof(count) + count * (DWORD)sizeof(MINIDUMP_THREAD));
}

// ---- modules: before the threads stop ----

static RVA append_text(struct dump *dump, const WCHAR *text)
{
    ULONG32 length = (ULONG32)lstrlenW(text) * sizeof(WCHAR);
    struct {
        ULONG32 length;
        WCHAR text[MAX_PATH];
    } string = {.length = length};
    lstrcpynW(string.text, text, MAX_PATH);
    return append(dump, &string, (DWORD)sizeof(length) + length + (DWORD)sizeof(WCHAR));
}

static void file_version(const WCHAR *path, VS_FIXEDFILEINFO *version)
{
    DWORD unused, size = GetFileVersionInfoSizeExW(FILE_VER_GET_NEUTRAL, path, &unused);
    void *block = size ? debug_alloc(size) : NULL, *fixed;
    UINT length;
    if (block && GetFileVersionInfoExW(FILE_VER_GET_NEUTRAL, path, 0, size, block) &&
        VerQueryValueW(block, L"\\", &fixed, &length) && length >= sizeof(*version))
        memcpy(version, fixed, sizeof(*version));
    debug_free(block);
}

static void add_module(struct dump *dump, HMODULE handle)
{
    WCHAR path[MAX_PATH];
    MODULEINFO info;
    BYTE page[4096];
    if (!K32GetModuleFileNameExW(dump->process, handle, path, MAX_PATH) ||
        !K32GetModuleInformation(dump->process, handle, &info, sizeof(info)))
        return;
    MINIDUMP_CALLBACK_INPUT input = {.CallbackType = IncludeModuleCallback};
    input.IncludeModule.BaseOfImage = (ULONG_PTR)info.lpBaseOfDll;
    if (!is_wanted(dump, &input, ModuleWriteModule)) return;
    MINIDUMP_MODULE *module = &dump->modules[dump->module_count++];
    module->BaseOfImage = (ULONG_PTR)info.lpBaseOfDll;
    module->SizeOfImage = info.SizeOfImage;
    if (ReadProcessMemory(dump->process, info.lpBaseOfDll, page, sizeof(page), NULL)) {
        const IMAGE_NT_HEADERS32 *nt = RtlImageNtHeader(page);
        bool inside = nt && (const BYTE *)(nt + 1) <= page + sizeof(page);
        module->TimeDateStamp = inside ? nt->FileHeader.TimeDateStamp : 0;
        module->CheckSum = inside ? nt->OptionalHeader.CheckSum : 0;
    }
    module->ModuleNameRva = append_text(dump, path);
    file_version(path, &module->VersionInfo);
}

static void write_modules(struct dump *dump)
{
    DWORD needed = 0;
    HMODULE *list = debug_alloc(MODULES_MAX * sizeof(*list));
    if (list) K32EnumProcessModules(dump->process, list, MODULES_MAX * sizeof(*list), &needed);
    for (DWORD i = 0; list && i < needed / sizeof(*list) && i < MODULES_MAX; i++) add_module(dump, list[i]);
    debug_free(list);
    ULONG32 count = dump->module_count;
    RVA rva = append(dump, &count, sizeof(count));
    for (unsigned i = 0; i < count; i++) append(dump, &dump->modules[i], sizeof(MINIDUMP_MODULE));
    add_stream(dump, ModuleListStream, rva, (DWORD)sizeof(count) + count * (DWORD)sizeof(MINIDUMP_MODULE));
}

// ---- the other streams ----

static void write_system(struct dump *dump)
{
    SYSTEM_INFO system;
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof(version)};
    GetSystemInfo(&system);
    RtlGetVersion((OSVERSIONINFOW *)&version);
    MINIDUMP_SYSTEM_INFO info = {.ProcessorArchitecture = PROCESSOR_ARCHITECTURE_INTEL,
                                 .ProcessorLevel = system.wProcessorLevel,
                                 .ProcessorRevision = system.wProcessorRevision,
                                 .NumberOfProcessors = (UCHAR)system.dwNumberOfProcessors,
                                 .ProductType = version.wProductType,
                                 .MajorVersion = version.dwMajorVersion,
                                 .MinorVersion = version.dwMinorVersion,
                                 .BuildNumber = version.dwBuildNumber,
                                 .PlatformId = version.dwPlatformId,
                                 .SuiteMask = version.wSuiteMask};
    unsigned *vendor = (unsigned *)info.Cpu.X86CpuInfo.VendorId, level, unused, features;
    __asm__("cpuid" : "=a"(level), "=b"(vendor[0]), "=c"(vendor[2]), "=d"(vendor[1]) : "0"(0));
    __asm__("cpuid"
            : "=a"(info.Cpu.X86CpuInfo.VersionInformation), "=b"(unused), "=c"(level), "=d"(features)
            : "0"(1));
    info.Cpu.X86CpuInfo.FeatureInformation = features;
    info.CSDVersionRva = append_text(dump, version.szCSDVersion);
    add_stream(dump, SystemInfoStream, append(dump, &info, sizeof(info)), sizeof(info));
}

static void write_misc(struct dump *dump)
{
    FILETIME created, ended, kernel, user;
    MINIDUMP_MISC_INFO info = {
        .SizeOfInfo = sizeof(info), .Flags1 = MINIDUMP_MISC1_PROCESS_ID, .ProcessId = dump->process_id};
    if (GetProcessTimes(dump->process, &created, &ended, &kernel, &user)) {
        ULONG seconds;
        info.Flags1 |= MINIDUMP_MISC1_PROCESS_TIMES;
        RtlTimeToSecondsSince1970((LARGE_INTEGER *)&created, &seconds);
        info.ProcessCreateTime = seconds;
        info.ProcessUserTime =
            (ULONG32)((((ULONG64)user.dwHighDateTime << 32) | user.dwLowDateTime) / 10000000);
        info.ProcessKernelTime =
            (ULONG32)((((ULONG64)kernel.dwHighDateTime << 32) | kernel.dwLowDateTime) / 10000000);
    }
    add_stream(dump, MiscInfoStream, append(dump, &info, sizeof(info)), sizeof(info));
}

// The pointers are the caller's own, or (ClientPointers) addresses in the process.
static void write_exception(struct dump *dump)
{
    const MINIDUMP_EXCEPTION_INFORMATION *told = dump->exception;
    EXCEPTION_POINTERS pointers;
    EXCEPTION_RECORD record;
    CONTEXT context;
    HANDLE from = told->ClientPointers ? dump->process : GetCurrentProcess();
    if (!ReadProcessMemory(from, told->ExceptionPointers, &pointers, sizeof(pointers), NULL) ||
        !ReadProcessMemory(from, pointers.ExceptionRecord, &record, sizeof(record), NULL) ||
        !ReadProcessMemory(from, pointers.ContextRecord, &context, sizeof(context), NULL)) {
        fail(dump);
        return;
    }
    MINIDUMP_EXCEPTION_STREAM stream = {.ThreadId = told->ThreadId};
    stream.ExceptionRecord.ExceptionCode = record.ExceptionCode;
    stream.ExceptionRecord.ExceptionFlags = record.ExceptionFlags;
    stream.ExceptionRecord.ExceptionRecord = (ULONG_PTR)record.ExceptionRecord;
    stream.ExceptionRecord.ExceptionAddress = (ULONG_PTR)record.ExceptionAddress;
    stream.ExceptionRecord.NumberParameters = record.NumberParameters;
    for (DWORD i = 0; i < record.NumberParameters && i < EXCEPTION_MAXIMUM_PARAMETERS; i++)
        stream.ExceptionRecord.ExceptionInformation[i] = record.ExceptionInformation[i];
    stream.ThreadContext.DataSize = sizeof(context);
    stream.ThreadContext.Rva = append(dump, &context, sizeof(context));
    add_stream(dump, ExceptionStream, append(dump, &stream, sizeof(stream)), sizeof(stream));
}

static void write_ranges(struct dump *dump)
{
    ULONG32 count = dump->range_count;
    RVA rva = append(dump, &count, sizeof(count));
    for (unsigned i = 0; i < count; i++) {
        const struct dumped_range *range = &dump->ranges[i];
        MINIDUMP_MEMORY_DESCRIPTOR written = {.StartOfMemoryRange = range->start,
                                              .Memory = {range->size, range->rva}};
        append(dump, &written, sizeof(written));
    }
    add_stream(dump, MemoryListStream, rva,
               (DWORD)sizeof(count) + count * (DWORD)sizeof(MINIDUMP_MEMORY_DESCRIPTOR));
}

// The next readable memory from *address on.
static bool next_memory(const struct dump *dump, ULONG_PTR *address, MEMORY_BASIC_INFORMATION *info)
{
    while (VirtualQueryEx(dump->process, (void *)*address, info, sizeof(*info))) {
        ULONG_PTR end = (ULONG_PTR)info->BaseAddress + info->RegionSize;
        bool last = end <= *address;
        *address = end;
        if (info->State == MEM_COMMIT && !(info->Protect & (PAGE_NOACCESS | PAGE_GUARD))) return true;
        if (last) break;
    }
    return false;
}

// What memory there is, in memory of its own, which is in the list too. NULL with the last error set.
static MINIDUMP_MEMORY_DESCRIPTOR64 *list_memory(const struct dump *dump, DWORD *count)
{
    enum { MORE = 64 }; // of the list itself, and of what the process does meanwhile if it isn't this one
    MEMORY_BASIC_INFORMATION info;
    DWORD room = MORE;
    for (ULONG_PTR address = 0; next_memory(dump, &address, &info);) room++;
    MINIDUMP_MEMORY_DESCRIPTOR64 *ranges =
        VirtualAlloc(NULL, room * sizeof(*ranges), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    *count = 0;
    for (ULONG_PTR address = 0; ranges && *count < room && next_memory(dump, &address, &info);)
        ranges[(*count)++] = (MINIDUMP_MEMORY_DESCRIPTOR64){(ULONG_PTR)info.BaseAddress, info.RegionSize};
    return ranges;
}

// All memory comes last: the list says where each range begins, the bytes follow one after the other.
static void write_all_memory(struct dump *dump)
{
    DWORD count;
    MINIDUMP_MEMORY_DESCRIPTOR64 *ranges = list_memory(dump, &count);
    if (!ranges) {
        fail(dump);
        return;
    }
    DWORD size = count * (DWORD)sizeof(*ranges);
    MINIDUMP_MEMORY64_LIST list = {.NumberOfMemoryRanges = count};
    list.BaseRva = dump->end + sizeof(list) + size;
    add_stream(dump, Memory64ListStream, append(dump, &list, sizeof(list)), (DWORD)sizeof(list) + size);
    append(dump, ranges, size);
    for (DWORD i = 0; i < count; i++)
        append_memory(dump, (DWORD)ranges[i].StartOfMemoryRange, (DWORD)ranges[i].DataSize);
    VirtualFree(ranges, 0, MEM_RELEASE);
}

static void write_user_streams(struct dump *dump)
{
    for (ULONG i = 0; dump->user && i < dump->user->UserStreamCount; i++) {
        const MINIDUMP_USER_STREAM *stream = &dump->user->UserStreamArray[i];
        add_stream(dump, stream->Type, append(dump, stream->Buffer, stream->BufferSize), stream->BufferSize);
    }
}

static void write_all(struct dump *dump, MINIDUMP_TYPE type)
{
    bool full = type & MiniDumpWithFullMemory;
    // The flags are what is in the dump, not what else was asked for.
    MINIDUMP_HEADER header = {
        .Signature = SIGNATURE, .Version = MINIDUMP_VERSION, .Flags = type & MiniDumpWithFullMemory};
    FILETIME now;
    ULONG seconds;
    GetSystemTimeAsFileTime(&now);
    RtlTimeToSecondsSince1970((LARGE_INTEGER *)&now, &seconds);
    header.TimeDateStamp = seconds;
    header.StreamDirectoryRva = sizeof(header);
    dump->end = sizeof(header) + sizeof(dump->streams);
    write_system(dump);
    write_misc(dump);
    write_modules(dump);
    stop_threads(dump);
    write_threads(dump, full);
    if (dump->exception) write_exception(dump);
    write_user_streams(dump);
    if (full)
        write_all_memory(dump);
    else
        write_ranges(dump);
    resume_threads(dump);
    header.NumberOfStreams = dump->stream_count;
    write_at(dump, sizeof(header), dump->streams, sizeof(dump->streams));
    write_at(dump, 0, &header, sizeof(header));
}

// Of the types, normal dumps and those of all memory; the last error of a failure is an HRESULT.
HOTPATCH BOOL WINAPI MiniDumpWriteDump(HANDLE process, DWORD id, HANDLE file, MINIDUMP_TYPE type,
                                       CONST PMINIDUMP_EXCEPTION_INFORMATION exception,
                                       CONST PMINIDUMP_USER_STREAM_INFORMATION user,
                                       CONST PMINIDUMP_CALLBACK_INFORMATION callback)
{
    struct dump dump = {.process = process,
                        .process_id = id,
                        .file = file,
                        .exception = exception,
                        .user = user,
                        .callback = callback};
    SIZE_T threads = THREADS_MAX * sizeof(*dump.threads), modules = MODULES_MAX * sizeof(*dump.modules),
           ranges = 2 * THREADS_MAX * sizeof(*dump.ranges);
    BYTE *memory =
        VirtualAlloc(NULL, threads + modules + ranges + CHUNK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!memory) return debug_fail((DWORD)HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_MEMORY));
    dump.threads = (struct dumped_thread *)memory;
    dump.modules = (MINIDUMP_MODULE *)(memory + threads);
    dump.ranges = (struct dumped_range *)(memory + threads + modules);
    dump.chunk = memory + threads + modules + ranges;
    DWORD error = ERROR_SUCCESS;
    if (GetProcessId(process) != id)
        error = ERROR_INVALID_PARAMETER;
    else if (!list_threads(&dump))
        error = GetLastError();
    else
        write_all(&dump, type);
    if (!error) error = dump.error;
    VirtualFree(memory, 0, MEM_RELEASE);
    return error ? debug_fail((DWORD)HRESULT_FROM_WIN32(error)) : TRUE;
}

// Finds a stream in a dump that is mapped. False when there is none.
HOTPATCH BOOL WINAPI MiniDumpReadDumpStream(PVOID base, ULONG number, PMINIDUMP_DIRECTORY *directory,
                                            PVOID *stream, ULONG *size)
{
    const MINIDUMP_HEADER *header = base;
    if (!header || header->Signature != SIGNATURE || LOWORD(header->Version) != LOWORD(MINIDUMP_VERSION))
        return debug_fail((DWORD)HRESULT_FROM_WIN32(ERROR_INVALID_DATA));
    MINIDUMP_DIRECTORY *entry = (MINIDUMP_DIRECTORY *)((BYTE *)base + header->StreamDirectoryRva);
    for (ULONG32 i = 0; i < header->NumberOfStreams; i++, entry++) {
        if (entry->StreamType != number) continue;
        if (directory) *directory = entry;
        if (stream) *stream = (BYTE *)base + entry->Location.Rva;
        if (size) *size = entry->Location.DataSize;
        return TRUE;
    }
    return debug_fail((DWORD)HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
}
