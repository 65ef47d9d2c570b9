// A pipe of the host's as Windows' pipe calls see it, and what a read of no bytes waits for: libuv opens its
// standard streams with them.
#include <windows.h>
#include <stdbool.h>
#include "tests/check.h"

static volatile LONG written;

static bool make_fifo(void)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char line[] = "mkfifo host_pipe_test";
    if (!CreateProcessA("/usr/bin/mkfifo", line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return false;
    WaitForSingleObject(process.hProcess, INFINITE);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return true;
}

static HANDLE open_fifo(void)
{
    return CreateFileA("host_pipe_test", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       NULL, OPEN_EXISTING, 0, NULL);
}

// By a handle of its own: calls on one synchronous handle take turns.
static DWORD WINAPI write_later(void *unused)
{
    (void)unused;
    DWORD n = 0;
    HANDLE pipe = open_fifo();
    Sleep(50);
    written = 1;
    WriteFile(pipe, "late", 4, &n, NULL);
    CloseHandle(pipe);
    return n;
}

static void test_state(HANDLE pipe)
{
    DWORD mode = PIPE_READMODE_BYTE | PIPE_WAIT, flags, instances, size;
    CHECK(SetNamedPipeHandleState(pipe, &mode, NULL, NULL), "%lu", GetLastError());
    mode = PIPE_READMODE_MESSAGE;
    CHECK(!SetNamedPipeHandleState(pipe, &mode, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(GetNamedPipeHandleStateA(pipe, &mode, NULL, NULL, NULL, NULL, 0), "%lu", GetLastError());
    CHECK_EQUAL(mode, PIPE_READMODE_BYTE | PIPE_WAIT);
    CHECK(GetNamedPipeInfo(pipe, &flags, &size, NULL, &instances), "%lu", GetLastError());
    CHECK_EQUAL(flags & PIPE_TYPE_MESSAGE, 0);
    CHECK_EQUAL(instances, 1);
    CHECK(size >= 4096, "%lu", size);
}

static void test_empty_read(HANDLE pipe)
{
    DWORD n = 99, available = 0;
    char byte;
    HANDLE thread = CreateThread(NULL, 0, write_later, NULL, 0, NULL);
    CHECK(ReadFile(pipe, &byte, 0, &n, NULL), "%lu", GetLastError());
    CHECK_EQUAL(n, 0);
    CHECK_EQUAL(written, 1);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CHECK(PeekNamedPipe(pipe, NULL, 0, NULL, &available, NULL), "%lu", GetLastError());
    CHECK_EQUAL(available, 4);
}

int main(void)
{
    DeleteFileA("host_pipe_test");
    if (make_fifo()) {
        HANDLE pipe = open_fifo();
        CHECK(pipe != INVALID_HANDLE_VALUE, "%lu", GetLastError());
        CHECK_EQUAL(GetFileType(pipe), FILE_TYPE_PIPE);
        test_state(pipe);
        test_empty_read(pipe);
        CloseHandle(pipe);
        DeleteFileA("host_pipe_test");
    }
    return check_summary();
}
