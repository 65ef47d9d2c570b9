// Calls that Windows refuses: the error that each gives, and what is left of what it was given.
#include <windows.h>
#include <stdint.h>
#include <string.h>
#include "tests/check.h"

#define REFUSED(call, error)                                                                                 \
    do {                                                                                                     \
        SetLastError(0);                                                                                     \
        BOOL done = (call) != 0;                                                                             \
        CHECK(!done && GetLastError() == (error), "%s: %d, error %lu", #call, done, GetLastError());         \
    } while (0)

static void test_flags(void)
{
    REFUSED(CreateEventExA(NULL, NULL, 4, EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    REFUSED(CreateMutexExA(NULL, NULL, 2, MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    REFUSED(CreateSemaphoreExA(NULL, 0, 1, NULL, 1, SEMAPHORE_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    REFUSED(CreateWaitableTimerExA(NULL, NULL, 4, TIMER_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    HANDLE timer = CreateWaitableTimerExA(NULL, NULL, 2, TIMER_ALL_ACCESS); // of high resolution
    CHECK(timer != NULL, "%lu", GetLastError());
    REFUSED(SetWaitableTimer(timer, NULL, 0, NULL, NULL, FALSE), ERROR_NOACCESS);
    CloseHandle(timer);
}

// The source of a duplication is closed even if there is no target.
static void test_duplication(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), copy;
    REFUSED(DuplicateHandle(GetCurrentProcess(), event, (HANDLE)0xDEAD0, &copy, 0, FALSE,
                            DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
            ERROR_INVALID_HANDLE);
    REFUSED(CloseHandle(event), ERROR_INVALID_HANDLE);
}

static void test_memory(void)
{
    char from[4] = "abc";
    SIZE_T n = 1;
    ULONG_PTR pages = 1, frame;
    REFUSED(ReadProcessMemory(GetCurrentProcess(), from, (void *)8, 4, &n), ERROR_NOACCESS);
    CHECK_EQUAL(n, 0);
    REFUSED(ReadProcessMemory(GetCurrentProcess(), (void *)8, from, 4, &n), ERROR_PARTIAL_COPY);
    REFUSED(VirtualAlloc(NULL, 0xF0000000, MEM_RESERVE, PAGE_READWRITE), ERROR_NOT_ENOUGH_MEMORY);
    REFUSED(AllocateUserPhysicalPages(GetCurrentProcess(), &pages, &frame), ERROR_PRIVILEGE_NOT_HELD);
}

static void make(const char *name)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%s: %lu", name, GetLastError());
    CloseHandle(file);
}

static void test_files(void)
{
    FILE_RENAME_INFO rename = {.FileNameLength = 2, .FileName = {'r'}};
    make("refused-file");
    REFUSED(ReplaceFileA("refused-file", ".\\REFUSED-file", NULL, 0, NULL, NULL), ERROR_SHARING_VIOLATION);
    CHECK(CreateHardLinkA("refused-link", "refused-file", NULL), "%lu", GetLastError());
    REFUSED(ReplaceFileA("refused-file", "refused-link", NULL, 0, NULL, NULL), ERROR_SHARING_VIOLATION);
    CHECK(DeleteFileA("refused-link"), "%lu", GetLastError());
    HANDLE file = CreateFileA("refused-file", DELETE, 7, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "it is there: %lu", GetLastError());
    REFUSED(SetFileInformationByHandle(file, FileRenameInfo, &rename, sizeof(rename) - 1), ERROR_BAD_LENGTH);
    CloseHandle(file);
    CHECK(DeleteFileA("refused-file"), "%lu", GetLastError());
    REFUSED(CreateDirectoryA("c:\\", NULL), ERROR_ACCESS_DENIED);
}

static void test_unbuffered(void)
{
    DWORD n;
    char *page = VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE);
    OVERLAPPED at = {.Offset = 100};
    HANDLE file = CreateFileA("refused-file", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_NO_BUFFERING | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    REFUSED(WriteFile(file, page, 100, &n, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(WriteFile(file, page, 512, &n, &at), ERROR_INVALID_PARAMETER);
    CHECK(WriteFile(file, page, 4096, &n, NULL) && n == 4096, "%lu", GetLastError());
    REFUSED(ReadFile(file, page, 4096, &n, &at), ERROR_INVALID_PARAMETER);
    // Windows may refuse the position already.
    if (SetFilePointer(file, 1, NULL, FILE_BEGIN) == 1)
        REFUSED(ReadFile(file, page, 512, &n, NULL), ERROR_INVALID_PARAMETER);
    SetFilePointer(file, 512, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, page, 4096, &n, NULL) && n == 3584, "%lu", n);
    // A file's end is seldom at a boundary, and so is the position of who has read up to it.
    SetFilePointer(file, 4000, NULL, FILE_BEGIN);
    CHECK(SetEndOfFile(file), "%lu", GetLastError());
    SetFilePointer(file, 3584, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, page, 512, &n, NULL) && n == 416, "%lu", n);
    CHECK(ReadFile(file, page, 512, &n, NULL) && n == 0, "%lu", n);
    REFUSED(WriteFile(file, page, 512, &n, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(GetFinalPathNameByHandleA(file, page, 4096, VOLUME_NAME_GUID | VOLUME_NAME_NT),
            ERROR_INVALID_PARAMETER);
    CloseHandle(file);
    VirtualFree(page, 0, MEM_RELEASE);
}

static void test_directories(void)
{
    ULONG changes[16];
    DWORD n;
    CHECK(CreateDirectoryA("refused-directory", NULL), "%lu", GetLastError());
    HANDLE directory = CreateFileA("refused-directory", FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                                   FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(directory != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    REFUSED(ReadDirectoryChangesW(directory, (char *)changes + 1, 32, FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, &n,
                                  NULL, NULL),
            ERROR_NOACCESS);
    CloseHandle(directory);
    // A link to a directory is one.
    CHECK(CreateSymbolicLinkA("refused-link", "refused-directory", SYMBOLIC_LINK_FLAG_DIRECTORY), "%lu",
          GetLastError());
    REFUSED(DeleteFileA("refused-link"), ERROR_ACCESS_DENIED);
    CHECK(RemoveDirectoryA("refused-link"), "%lu", GetLastError());
    CHECK(RemoveDirectoryA("refused-directory"), "%lu", GetLastError());
}

// A control code says which rights it needs.
static void test_control_codes(void)
{
    DWORD n;
    HANDLE server = CreateNamedPipeA("\\\\.\\pipe\\refused-calls", PIPE_ACCESS_OUTBOUND, PIPE_TYPE_MESSAGE, 1,
                                     64, 64, 0, NULL);
    HANDLE client = CreateFileA("\\\\.\\pipe\\refused-calls", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(client != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    REFUSED(PeekNamedPipe(server, NULL, 0, NULL, &n, NULL), ERROR_ACCESS_DENIED);
    CHECK(PeekNamedPipe(client, NULL, 0, NULL, &n, NULL), "%lu", GetLastError());
    REFUSED(TransactNamedPipe(client, "x", 1, &n, 1, &n, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(client);
    CloseHandle(server);
}

int main(void)
{
    test_flags();
    test_duplication();
    test_memory();
    test_files();
    test_unbuffered();
    test_directories();
    test_control_codes();
    return check_summary();
}
