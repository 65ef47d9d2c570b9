// Minidumps of this process and of a child, normal ones and those of all memory, parsed again.
// link: -ldbghelp
#include <windows.h>
#include <dbghelp.h>
#include <stdbool.h>
#include "tests/check.h"
#include "tests/child.h"

static const WCHAR *const path = L"minidump_test.dmp";

static BYTE *dump(HANDLE process, DWORD id, MINIDUMP_TYPE type, MINIDUMP_EXCEPTION_INFORMATION *exception,
                  MINIDUMP_USER_STREAM_INFORMATION *user, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    HANDLE reader =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    BOOL done = MiniDumpWriteDump(process, id, file, type, exception, user, NULL);
    CHECK(done, "error %lx", GetLastError());
    *size = GetFileSize(reader, NULL);
    BYTE *bytes = malloc(*size);
    DWORD got = 0;
    ReadFile(reader, bytes, *size, &got, NULL);
    CHECK_EQUAL(got, *size);
    CloseHandle(reader);
    CloseHandle(file);
    return bytes;
}

static void *stream(BYTE *bytes, DWORD size, ULONG type)
{
    MINIDUMP_DIRECTORY *directory;
    void *found = NULL;
    ULONG length = 0;
    BOOL has = MiniDumpReadDumpStream(bytes, type, &directory, &found, &length);
    CHECK(!has || (BYTE *)found + length <= bytes + size, "stream %lu", type);
    return has ? found : NULL;
}

static const MINIDUMP_THREAD *thread_of(BYTE *bytes, DWORD size, DWORD id)
{
    const MINIDUMP_THREAD_LIST *threads = stream(bytes, size, ThreadListStream);
    for (ULONG i = 0; threads && i < threads->NumberOfThreads; i++)
        if (threads->Threads[i].ThreadId == id) return &threads->Threads[i];
    return NULL;
}

static bool has_module(BYTE *bytes, DWORD size, const WCHAR *name)
{
    const MINIDUMP_MODULE_LIST *modules = stream(bytes, size, ModuleListStream);
    for (ULONG i = 0; modules && i < modules->NumberOfModules; i++) {
        const MINIDUMP_STRING *path = (MINIDUMP_STRING *)(bytes + modules->Modules[i].ModuleNameRva);
        size_t length = path->Length / sizeof(WCHAR), wanted = wcslen(name);
        if (length >= wanted && !_wcsicmp(path->Buffer + length - wanted, name)) return true;
    }
    return false;
}

static void test_own(void)
{
    volatile DWORD mark = 0xC0FFEE01;
    DWORD size;
    EXCEPTION_RECORD record = {
        .ExceptionCode = 0xE0001234, .NumberParameters = 1, .ExceptionInformation = {77}};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL, .Eip = 0x12345678};
    EXCEPTION_POINTERS pointers = {&record, &context};
    MINIDUMP_EXCEPTION_INFORMATION exception = {GetCurrentThreadId(), &pointers, FALSE};
    char text[] = "comment";
    MINIDUMP_USER_STREAM comment = {CommentStreamA, sizeof(text), text};
    MINIDUMP_USER_STREAM_INFORMATION user = {1, &comment};
    BYTE *bytes = dump(GetCurrentProcess(), GetCurrentProcessId(), MiniDumpNormal, &exception, &user, &size);
    const MINIDUMP_SYSTEM_INFO *system = stream(bytes, size, SystemInfoStream);
    CHECK(system && system->ProcessorArchitecture == PROCESSOR_ARCHITECTURE_INTEL &&
          system->MajorVersion == 10);
    CHECK(has_module(bytes, size, L"minidump.exe") && has_module(bytes, size, L"ntdll.dll"));
    const MINIDUMP_THREAD *thread = thread_of(bytes, size, GetCurrentThreadId());
    DWORD offset = thread ? (DWORD)(ULONG_PTR)&mark - (DWORD)thread->Stack.StartOfMemoryRange : 0;
    CHECK(thread && thread->Teb == (ULONG_PTR)NtCurrentTeb() &&
          thread->ThreadContext.DataSize == sizeof(CONTEXT));
    CHECK(thread && offset < thread->Stack.Memory.DataSize &&
          *(DWORD *)(bytes + thread->Stack.Memory.Rva + offset) == mark);
    const MINIDUMP_EXCEPTION_STREAM *told = stream(bytes, size, ExceptionStream);
    CHECK(told && told->ExceptionRecord.ExceptionCode == 0xE0001234 &&
          told->ExceptionRecord.ExceptionInformation[0] == 77);
    CHECK(told && ((CONTEXT *)(bytes + told->ThreadContext.Rva))->Eip == 0x12345678);
    const MINIDUMP_MEMORY_LIST *memory = stream(bytes, size, MemoryListStream);
    CHECK(memory && memory->NumberOfMemoryRanges >= 1);
    const char *written = stream(bytes, size, CommentStreamA);
    CHECK(written && !strcmp(written, text));
    const MINIDUMP_MISC_INFO *misc = stream(bytes, size, MiscInfoStream);
    CHECK(misc && misc->ProcessId == GetCurrentProcessId());
    free(bytes);
    CHECK(!MiniDumpWriteDump(GetCurrentProcess(), 1, NULL, MiniDumpNormal, NULL, NULL, NULL));
    CHECK(!MiniDumpWriteDump(GetCurrentProcess(), GetCurrentProcessId(), NULL, MiniDumpNormal, NULL, NULL,
                             NULL));
    CHECK_EQUAL(GetLastError() >> 16, 0x8007);
}

static const DWORD secret[] = {0x5EC2E7, 0x01020304};

static bool has_memory(BYTE *bytes, DWORD size, DWORD address, const void *wanted, DWORD length)
{
    const MINIDUMP_MEMORY64_LIST *list = stream(bytes, size, Memory64ListStream);
    ULONG64 at = list ? list->BaseRva : 0;
    for (ULONG64 i = 0; list && i < list->NumberOfMemoryRanges; i++) {
        const MINIDUMP_MEMORY_DESCRIPTOR64 *range = &list->MemoryRanges[i];
        ULONG64 within = address - range->StartOfMemoryRange;
        if (at + range->DataSize > size) return false;
        if (within < range->DataSize) return !memcmp(bytes + at + within, wanted, length);
        at += range->DataSize;
    }
    return false;
}

static void test_child(void)
{
    DWORD size;
    PROCESS_INFORMATION child = child_start("sleep", CREATE_SUSPENDED);
    BYTE *bytes = dump(child.hProcess, child.dwProcessId, MiniDumpWithFullMemory, NULL, NULL, &size);
    const MINIDUMP_THREAD *thread = thread_of(bytes, size, child.dwThreadId);
    CHECK(thread && thread->SuspendCount == 1);
    CHECK(has_memory(bytes, size, (DWORD)(ULONG_PTR)secret, secret, sizeof(secret)));
    CHECK(!stream(bytes, size, ExceptionStream));
    CHECK(((MINIDUMP_HEADER *)bytes)->Flags == MiniDumpWithFullMemory);
    free(bytes);
    ResumeThread(child.hThread);
    CHECK_EQUAL(child_end(child), 0);
}

int main(int argc, char **argv)
{
    if (argc > 1) return 0;
    (void)argv;
    test_own();
    test_child();
    return check_summary();
}
