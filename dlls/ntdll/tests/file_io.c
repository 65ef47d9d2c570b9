// Files, pipes and change notification through the Win32 calls, as programs use them.
#include <windows.h>
#include "tests/check.h"
#include <string.h>

static void write_text(const char *name, const char *text)
{
    DWORD n;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%s: %lu", name, GetLastError());
    CHECK(WriteFile(file, text, (DWORD)strlen(text), &n, NULL), "%lu", GetLastError());
    CloseHandle(file);
}

static void test_errors(void)
{
    CHECK(CreateFileA("missing", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "opened");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(CreateFileA("no\\missing", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "opened");
    CHECK_EQUAL(GetLastError(), ERROR_PATH_NOT_FOUND);
    CHECK(CreateFileA("bad|name", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "opened");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_NAME);
    write_text("Exists.txt", "x");
    CHECK(CreateFileA("EXISTS.TXT", GENERIC_READ, 0, NULL, CREATE_NEW, 0, NULL) == INVALID_HANDLE_VALUE,
          "made");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_EXISTS);
    HANDLE held = CreateFileA("exists.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(CreateFileA("Exists.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "shared");
    CHECK_EQUAL(GetLastError(), ERROR_SHARING_VIOLATION);
    CloseHandle(held);
    CHECK(SetFileAttributesA("exists.txt", FILE_ATTRIBUTE_READONLY), "%lu", GetLastError());
    CHECK(!DeleteFileA("exists.txt"), "deleted");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(SetFileAttributesA("exists.txt", FILE_ATTRIBUTE_NORMAL), "%lu", GetLastError());
    CHECK(DeleteFileA("exists.txt"), "%lu", GetLastError());
    CHECK_EQUAL(GetFileAttributesA("exists.txt"), INVALID_FILE_ATTRIBUTES);
}

static void test_find(void)
{
    static const char *const expected[] = {".", "..", "a.txt", "B.txt", "sub"};
    WIN32_FIND_DATAA data;
    CreateDirectoryA("find", NULL);
    CreateDirectoryA("find\\sub", NULL);
    write_text("find\\B.txt", "12345");
    write_text("find\\a.txt", "1");
    HANDLE find = FindFirstFileA("FIND\\*", &data);
    CHECK(find != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    for (int i = 0; i < 5; i++) {
        CHECK(!strcmp(data.cFileName, expected[i]), "%s", data.cFileName);
        CHECK_EQUAL(FindNextFileA(find, &data), i < 4);
    }
    CHECK_EQUAL(GetLastError(), ERROR_NO_MORE_FILES);
    FindClose(find);
    CHECK(FindFirstFileA("find\\*.none", &data) == INVALID_HANDLE_VALUE, "found");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!RemoveDirectoryA("find"), "removed");
    CHECK_EQUAL(GetLastError(), ERROR_DIR_NOT_EMPTY);
    CHECK(MoveFileA("find\\a.txt", "find\\sub\\c.txt"), "%lu", GetLastError());
    CHECK(!MoveFileA("find\\B.txt", "find\\sub\\C.TXT"), "moved over");
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(DeleteFileA("find\\sub\\c.txt") && DeleteFileA("find\\b.txt"), "%lu", GetLastError());
    CHECK(RemoveDirectoryA("find\\sub") && RemoveDirectoryA("find"), "%lu", GetLastError());
}

static DWORD WINAPI write_later(void *pipe)
{
    DWORD n;
    Sleep(50);
    return WriteFile(pipe, "late", 4, &n, NULL);
}

static void test_anonymous_pipe(void)
{
    HANDLE reader, writer;
    DWORD n, available;
    char text[32];
    CHECK(CreatePipe(&reader, &writer, NULL, 0), "%lu", GetLastError());
    CHECK_EQUAL(GetFileType(reader), FILE_TYPE_PIPE);
    CHECK(WriteFile(writer, "first", 5, &n, NULL), "%lu", GetLastError());
    CHECK(PeekNamedPipe(reader, text, 3, &n, &available, NULL), "%lu", GetLastError());
    CHECK_EQUAL(n, 3);
    CHECK_EQUAL(available, 5);
    CHECK(ReadFile(reader, text, sizeof(text), &n, NULL), "%lu", GetLastError());
    CHECK_EQUAL(n, 5);
    HANDLE thread = CreateThread(NULL, 0, write_later, writer, 0, NULL);
    CHECK(ReadFile(reader, text, sizeof(text), &n, NULL), "%lu", GetLastError());
    CHECK(n == 4 && !memcmp(text, "late", 4), "%lu", n);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(writer);
    CHECK(!ReadFile(reader, text, 1, &n, NULL), "read");
    CHECK_EQUAL(GetLastError(), ERROR_BROKEN_PIPE);
    CloseHandle(reader);
}

static DWORD WINAPI client(void *name)
{
    DWORD n, mode = PIPE_READMODE_MESSAGE;
    char text[8];
    HANDLE pipe = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CHECK(SetNamedPipeHandleState(pipe, &mode, NULL, NULL), "%lu", GetLastError());
    CHECK(WriteFile(pipe, "question", 8, &n, NULL), "%lu", GetLastError());
    CHECK(!ReadFile(pipe, text, 4, &n, NULL), "whole");
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK(ReadFile(pipe, text, 4, &n, NULL), "%lu", GetLastError());
    CHECK(n == 2 && !memcmp(text, "er", 2), "%lu", n);
    CloseHandle(pipe);
    return 0;
}

static void test_named_pipe(void)
{
    static char name[] = "\\\\.\\pipe\\lowland file test";
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    DWORD n;
    char text[32];
    CHECK(CreateFileA(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE, "opened");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    HANDLE pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                   PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CHECK(!ConnectNamedPipe(pipe, &overlapped), "connected");
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    HANDLE thread = CreateThread(NULL, 0, client, name, 0, NULL);
    CHECK(GetOverlappedResult(pipe, &overlapped, &n, TRUE), "%lu", GetLastError());
    if (!ReadFile(pipe, text, sizeof(text), NULL, &overlapped)) CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(pipe, &overlapped, &n, TRUE), "%lu", GetLastError());
    CHECK_EQUAL(n, 8);
    if (!WriteFile(pipe, "answer", 6, NULL, &overlapped)) CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(pipe, &overlapped, &n, TRUE), "%lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(pipe);
    CloseHandle(overlapped.hEvent);
}

static void test_completion(void)
{
    DWORD n;
    ULONG_PTR key;
    OVERLAPPED overlapped = {.Offset = 0}, *done;
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE file = CreateFileA("port.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(CreateIoCompletionPort(file, port, 77, 0) == port, "%lu", GetLastError());
    if (!WriteFile(file, "abcdef", 6, NULL, &overlapped)) CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(GetQueuedCompletionStatus(port, &n, &key, &done, 5000), "%lu", GetLastError());
    CHECK(n == 6 && key == 77 && done == &overlapped, "%lu %lu", n, (DWORD)key);
    CloseHandle(file);
    CloseHandle(port);
    CHECK_EQUAL(GetFileAttributesA("port.tmp"), INVALID_FILE_ATTRIBUTES);
}

static void test_changes(void)
{
    static DWORD buffer[256];
    const FILE_NOTIFY_INFORMATION *info = (const void *)buffer;
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    DWORD n;
    CreateDirectoryA("watched", NULL);
    HANDLE directory = CreateFileA("watched", FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                                   FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    CHECK(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, &n,
                                &overlapped, NULL),
          "%lu", GetLastError());
    write_text("watched\\new", "x");
    CHECK(GetOverlappedResult(directory, &overlapped, &n, TRUE), "%lu", GetLastError());
    CHECK_EQUAL(info->Action, FILE_ACTION_ADDED);
    CHECK(info->FileNameLength == 6 && !memcmp(info->FileName, L"new", 6), "%lu", info->FileNameLength);
    ResetEvent(overlapped.hEvent);
    CHECK(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, &n,
                                &overlapped, NULL),
          "%lu", GetLastError());
    CHECK(CancelIo(directory), "%lu", GetLastError());
    CHECK(!GetOverlappedResult(directory, &overlapped, &n, TRUE), "not cancelled");
    CHECK_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
    CloseHandle(directory);
    CloseHandle(overlapped.hEvent);
    DeleteFileA("watched\\new");
    RemoveDirectoryA("watched");
}

static void test_locks(void)
{
    DWORD n;
    char c;
    write_text("locked", "0123456789");
    HANDLE a = CreateFileA("locked", GENERIC_READ | GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE b = CreateFileA("locked", GENERIC_READ | GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(LockFile(a, 2, 0, 3, 0), "%lu", GetLastError());
    CHECK(!LockFile(b, 4, 0, 1, 0), "locked");
    CHECK_EQUAL(GetLastError(), ERROR_LOCK_VIOLATION);
    SetFilePointer(b, 4, NULL, FILE_BEGIN);
    CHECK(!ReadFile(b, &c, 1, &n, NULL), "read");
    CHECK_EQUAL(GetLastError(), ERROR_LOCK_VIOLATION);
    CHECK(!UnlockFile(a, 2, 0, 2, 0), "unlocked");
    CHECK_EQUAL(GetLastError(), ERROR_NOT_LOCKED);
    CHECK(UnlockFile(a, 2, 0, 3, 0), "%lu", GetLastError());
    CHECK(ReadFile(b, &c, 1, &n, NULL) && c == '4', "%lu", GetLastError());
    CloseHandle(a);
    CloseHandle(b);
    DeleteFileA("locked");
}

static void test_bad_buffers(void)
{
    DWORD n;
    char *pages = VirtualAlloc(NULL, 0x2000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD old;
    HANDLE file = CreateFileA("buffers", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(VirtualProtect(pages + 0x1000, 0x1000, PAGE_NOACCESS, &old), "%lu", GetLastError());
    CHECK(WriteFile(file, pages, 0x1000, &n, NULL), "%lu", GetLastError());
    CHECK(!WriteFile(file, pages, 0x1001, &n, NULL), "written");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_USER_BUFFER);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    // All of the buffer counts, though the file is shorter.
    CHECK(!ReadFile(file, pages, 0x1001, &n, NULL), "read");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(ReadFile(file, pages, 0x1000, &n, NULL) && n == 0x1000, "%lu", GetLastError());
    CHECK(!ReadFile(file, (void *)16, 1, &n, NULL), "read");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CloseHandle(file);
    VirtualFree(pages, 0, MEM_RELEASE);
}

int main(void)
{
    test_bad_buffers();
    test_errors();
    test_find();
    test_anonymous_pipe();
    test_named_pipe();
    test_completion();
    test_changes();
    test_locks();
    return check_summary();
}
