// Pipes that are full: overlapped writes that wait for readers, are taken back, or fail with the reader;
// writes that don't wait; synchronous calls that are cancelled; which instance is connected first.
#include "tests/check.h"
#include <string.h>
#include <windows.h>

#define NAME "\\\\.\\pipe\\lowland-pipe-writes"

enum { QUOTA = 1000 };
static char data[4 * QUOTA];

static HANDLE make_server(DWORD mode, DWORD instances)
{
    HANDLE pipe = CreateNamedPipeA(NAME, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, mode, instances, QUOTA,
                                   QUOTA, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    return pipe;
}

static HANDLE make_client(DWORD flags)
{
    HANDLE pipe = CreateFileA(NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    return pipe;
}

// Starts a write, whose end an event tells.
static void start(OVERLAPPED *call, HANDLE pipe, DWORD size, DWORD error)
{
    memset(call, 0, sizeof(*call));
    call->hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    SetLastError(0);
    BOOL done = WriteFile(pipe, data, size, NULL, call);
    CHECK(done == !error && (done || GetLastError() == error), "%lu bytes: %d, error %lu", size, done,
          GetLastError());
}

static BOOL is_done(const OVERLAPPED *call)
{
    return WaitForSingleObject(call->hEvent, 0) == WAIT_OBJECT_0;
}

static void take(HANDLE pipe, DWORD size, DWORD expected)
{
    DWORD n = 0;
    CHECK(ReadFile(pipe, data, size, &n, NULL) && n == expected, "%lu bytes, error %lu", n, GetLastError());
}

static void test_quota(void)
{
    DWORD n, available;
    HANDLE server = make_server(PIPE_TYPE_BYTE, 1), client = make_client(0);
    OVERLAPPED fits, more, nothing, first, second, last;
    start(&fits, server, QUOTA, 0);
    start(&more, server, 10, ERROR_IO_PENDING);
    start(&nothing, server, 0, 0);
    CHECK(is_done(&fits) && is_done(&nothing) && !is_done(&more), "which is done");
    CHECK(PeekNamedPipe(client, NULL, 0, NULL, &available, NULL) && available == QUOTA + 10, "%lu bytes",
          available);
    take(client, 9, 9);
    CHECK(!is_done(&more), "one byte too early");
    take(client, 1, 1);
    CHECK(is_done(&more) && GetOverlappedResult(server, &more, &n, FALSE) && n == 10, "%lu bytes", n);
    take(client, sizeof(data), QUOTA);

    // What is cancelled is not read any more, what follows is.
    start(&first, server, 2 * QUOTA, ERROR_IO_PENDING);
    start(&second, server, 3, ERROR_IO_PENDING);
    take(client, 5, 5);
    CHECK(CancelIoEx(server, &first), "error %lu", GetLastError());
    CHECK(!GetOverlappedResult(server, &first, &n, FALSE) && GetLastError() == ERROR_OPERATION_ABORTED,
          "error %lu", GetLastError());
    CHECK(is_done(&second), "it fits now");
    take(client, sizeof(data), 3);

    // A reader that goes ends a write.
    start(&last, server, 2 * QUOTA, ERROR_IO_PENDING);
    CloseHandle(client);
    CHECK(!GetOverlappedResult(server, &last, &n, TRUE) && GetLastError() == ERROR_BROKEN_PIPE, "error %lu",
          GetLastError());
    CloseHandle(server);
}

static void test_messages(void)
{
    DWORD n, available, left;
    HANDLE server = make_server(PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1), client = make_client(0);
    OVERLAPPED first, second;
    start(&first, server, 2 * QUOTA, ERROR_IO_PENDING);
    start(&second, server, 7, ERROR_IO_PENDING);
    CHECK(PeekNamedPipe(client, data, 1, &n, &available, &left) && n == 1 && available == 2 * QUOTA + 7 &&
              left == 2 * QUOTA - 1,
          "%lu of %lu, %lu left", n, available, left);
    CHECK(CancelIoEx(server, &first), "error %lu", GetLastError());
    take(client, sizeof(data), 7);
    CHECK(is_done(&second), "read");
    CloseHandle(client);
    CloseHandle(server);
}

static void test_no_wait(void)
{
    DWORD n = 77;
    HANDLE server = make_server(PIPE_TYPE_BYTE | PIPE_NOWAIT, 1), client = make_client(0);
    OVERLAPPED call = {};
    CHECK(WriteFile(server, data, QUOTA + 1, &n, &call) && !n, "%lu bytes, error %lu", n, GetLastError());
    CHECK(WriteFile(server, data, QUOTA, &n, &call) && n == QUOTA, "%lu bytes, error %lu", n, GetLastError());
    CloseHandle(client);
    CloseHandle(server);
}

static DWORD WINAPI read_byte(void *pipe)
{
    char byte;
    DWORD n;
    return ReadFile(pipe, &byte, 1, &n, NULL) ? 0 : GetLastError();
}

static void test_cancel(void)
{
    DWORD error = 0;
    HANDLE server = make_server(PIPE_TYPE_BYTE, 1), client = make_client(0);
    CHECK(!CancelSynchronousIo(GetCurrentThread()) && GetLastError() == ERROR_NOT_FOUND, "error %lu",
          GetLastError());
    HANDLE thread = CreateThread(NULL, 0, read_byte, client, 0, NULL);
    while (WaitForSingleObject(client, 0) == WAIT_OBJECT_0) Sleep(1); // it is signalled until the call waits
    CHECK(CancelSynchronousIo(thread), "error %lu", GetLastError());
    WaitForSingleObject(thread, INFINITE);
    CHECK(GetExitCodeThread(thread, &error) && error == ERROR_OPERATION_ABORTED, "error %lu", error);
    CloseHandle(thread);
    CloseHandle(client);
    CloseHandle(server);
}

// Whether a server has a client.
static BOOL is_connected(HANDLE pipe)
{
    OVERLAPPED call = {};
    return !ConnectNamedPipe(pipe, &call) && GetLastError() == ERROR_PIPE_CONNECTED;
}

static void test_turns(void)
{
    OVERLAPPED call = {};
    HANDLE first = make_server(PIPE_TYPE_BYTE, 2), second = make_server(PIPE_TYPE_BYTE, 2);
    HANDLE client = make_client(0);
    CHECK(is_connected(first), "made first");
    CHECK(DisconnectNamedPipe(first), "error %lu", GetLastError());
    CHECK(!ConnectNamedPipe(first, &call) && GetLastError() == ERROR_IO_PENDING, "error %lu", GetLastError());
    HANDLE other = make_client(0);
    CHECK(is_connected(second), "the first listens only now");
    CancelIo(first);
    CloseHandle(client);
    CloseHandle(other);
    CloseHandle(first);
    CloseHandle(second);
}

int main(void)
{
    test_quota();
    test_messages();
    test_no_wait();
    test_cancel();
    test_turns();
    return check_summary();
}
