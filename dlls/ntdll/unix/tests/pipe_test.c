// Pipes by their NT calls: anonymous and named, bytes and messages, waiting, peeking, disconnecting.
#include "test_files.h"
#include "loader/service.h"
#include <string.h>
#include <time.h>

static NTSTATUS server_of(HANDLE32 *handle, const char *name, uint32_t sharing, bool message,
                          bool synchronous, uint32_t max)
{
    OBJECT_ATTRIBUTES32 attributes = test_name(name, 0);
    IO_STATUS_BLOCK32 io;
    uint32_t access = SYNCHRONIZE | (sharing & FILE_SHARE_WRITE ? GENERIC_READ : 0) |
                      (sharing & FILE_SHARE_READ ? GENERIC_WRITE : 0);
    return NtCreateNamedPipeFile(handle, access, &attributes, &io, sharing, FILE_OPEN_IF,
                                 synchronous ? FILE_SYNCHRONOUS_IO_NONALERT : 0, message, message, 0, max,
                                 4096, 4096, &(LARGE_INTEGER32){.QuadPart = -1000000});
}

static NTSTATUS control(HANDLE32 handle, HANDLE32 event, gptr block, uint32_t code)
{
    return NtFsControlFile(handle, event, 0, 0, block, code, 0, 0, 0, 0);
}

static void anonymous(void **state)
{
    (void)state;
    HANDLE32 reader, writer, other;
    uint32_t n;
    char text[32];
    test_low_reset();
    const char *name = "\\Device\\NamedPipe\\Win32Pipes.00000004.00000001";
    assert_status(server_of(&reader, name, FILE_SHARE_WRITE, false, true, 1), 0);
    assert_status(test_create(&writer, name, GENERIC_READ, FILE_OPEN, 0), STATUS_ACCESS_DENIED);
    assert_status(test_create(&writer, name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, FILE_OPEN, 0), 0);
    assert_status(test_create(&other, name, GENERIC_WRITE, FILE_OPEN, 0), STATUS_PIPE_NOT_AVAILABLE);
    assert_status(test_write(writer, "hello world", 11, NULL, &n), 0);
    assert_status(test_read(reader, text, 5, NULL, &n), 0);
    assert_memory_equal(text, "hello", 5);
    gptr block = test_low(8), out = test_low(64);
    assert_status(NtFsControlFile(reader, 0, 0, 0, block, FSCTL_PIPE_PEEK, 0, 0, out, 64), 0);
    const FILE_PIPE_PEEK_BUFFER32 *peek = (void *)(uintptr_t)out;
    assert_int_equal(peek->ReadDataAvailable, 6);
    assert_memory_equal((char *)peek + 16, " world", 6);
    NtClose(writer);
    assert_status(test_read(reader, text, 32, NULL, &n), 0);
    assert_int_equal(n, 6);
    assert_status(test_read(reader, text, 32, NULL, &n), STATUS_PIPE_BROKEN);
    NtClose(reader);
}

static void named(void **state)
{
    (void)state;
    HANDLE32 server, second, client, other;
    uint32_t n;
    char text[32];
    test_low_reset();
    const char *name = "\\??\\pipe\\Lowland Test";
    assert_status(test_create(&client, name, GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_NAME_NOT_FOUND);
    assert_status(server_of(&server, name, 3, false, true, 2), 0);
    assert_status(server_of(&second, name, 1, false, true, 2), STATUS_ACCESS_DENIED);
    assert_status(server_of(&second, name, 3, false, true, 2), 0);
    assert_status(server_of(&client, name, 3, false, true, 2), STATUS_INSTANCE_NOT_AVAILABLE);
    assert_status(
        test_create(&client, "\\??\\pipe\\LOWLAND test", GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(test_create(&other, name, GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(test_create(&other, name, GENERIC_READ, FILE_OPEN, 0), STATUS_PIPE_NOT_AVAILABLE);
    gptr block = test_low(8);
    assert_status(control(server, 0, block, FSCTL_PIPE_LISTEN), STATUS_PIPE_CONNECTED);
    assert_status(test_write(client, "ping", 4, NULL, &n), 0);
    assert_status(test_read(server, text, 32, NULL, &n), 0);
    assert_int_equal(n, 4);
    assert_status(test_write(server, "pong!", 5, NULL, &n), 0);
    assert_status(test_read(client, text, 32, NULL, &n), 0);
    assert_int_equal(n, 5);
    FILE_PIPE_LOCAL_INFORMATION32 local;
    assert_status(test_query(server, &local, sizeof local, FilePipeLocalInformation), 0);
    assert_int_equal(local.CurrentInstances, 2);
    assert_int_equal(local.NamedPipeState, FILE_PIPE_CONNECTED_STATE);
    assert_int_equal(local.NamedPipeEnd, FILE_PIPE_SERVER_END);
    assert_status(control(server, 0, block, FSCTL_PIPE_DISCONNECT), 0);
    assert_status(test_write(server, "x", 1, NULL, &n), STATUS_PIPE_DISCONNECTED);
    assert_status(test_read(client, text, 1, NULL, &n), STATUS_PIPE_DISCONNECTED);
    assert_status(test_write(client, "x", 1, NULL, &n), STATUS_PIPE_DISCONNECTED);
    NtClose(client);
    NtClose(server);
    NtClose(second);
    assert_status(test_create(&client, name, GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_NAME_NOT_FOUND);
}

static void messages(void **state)
{
    (void)state;
    HANDLE32 server, client;
    uint32_t n;
    char text[32];
    test_low_reset();
    const char *name = "\\??\\pipe\\messages";
    assert_status(server_of(&server, name, 3, true, true, 1), 0);
    assert_status(test_create(&client, name, GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(test_write(client, "first", 5, NULL, &n), 0);
    assert_status(test_write(client, "", 0, NULL, &n), 0);
    assert_status(test_write(client, "third one", 9, NULL, &n), 0);
    gptr queue = test_low(64);
    assert_status(NtFsControlFile(server, 0, 0, 0, test_low(8), FSCTL_PIPE_PEEK, 0, 0, queue, 64),
                  STATUS_SUCCESS);
    assert_int_equal(((FILE_PIPE_PEEK_BUFFER32 *)(uintptr_t)queue)->NumberOfMessages, 3);
    assert_int_equal(((FILE_PIPE_PEEK_BUFFER32 *)(uintptr_t)queue)->ReadDataAvailable, 14);
    assert_status(test_read(server, text, 32, NULL, &n), 0);
    assert_int_equal(n, 5);
    assert_status(test_read(server, text, 32, NULL, &n), 0);
    assert_int_equal(n, 0);
    assert_status(test_read(server, text, 4, NULL, &n), STATUS_BUFFER_OVERFLOW);
    assert_int_equal(n, 4);
    gptr block = test_low(8), out = test_low(64);
    assert_status(NtFsControlFile(server, 0, 0, 0, block, FSCTL_PIPE_PEEK, 0, 0, out, 64), 0);
    assert_int_equal(((FILE_PIPE_PEEK_BUFFER32 *)(uintptr_t)out)->MessageLength, 5);
    assert_status(test_read(server, text, 32, NULL, &n), 0);
    assert_memory_equal(text, "d one", 5);
    // A long message, in several packets, arrives whole; the client reads bytes across messages.
    gptr large = test_low(200000);
    memset((void *)(uintptr_t)large, 'x', 200000);
    FILE_PIPE_INFORMATION32 modes = {FILE_PIPE_BYTE_STREAM_MODE, 0};
    assert_status(NtWriteFile(client, 0, 0, 0, block, large, 150000, NULL, NULL), 0);
    assert_status(NtReadFile(server, 0, 0, 0, block, large, 200000, NULL, NULL), 0);
    assert_int_equal(((IO_STATUS_BLOCK32 *)(uintptr_t)block)->Information, 150000);
    assert_status(test_write(server, "ab", 2, NULL, &n), 0);
    assert_status(test_write(server, "cd", 2, NULL, &n), 0);
    assert_status(test_set(client, &modes, sizeof modes, FilePipeInformation), 0);
    assert_status(test_read(client, text, 3, NULL, &n), 0);
    assert_int_equal(n, 3);
    assert_status(test_read(client, text, 3, NULL, &n), 0);
    assert_int_equal(n, 1);
    NtClose(client);
    assert_status(test_read(server, text, 3, NULL, &n), STATUS_PIPE_BROKEN);
    NtClose(server);
}

static void *service(void *unused)
{
    (void)unused;
    service_run();
}

static bool signalled(HANDLE32 handle)
{
    return NtWaitForSingleObject(handle, 0, &(LARGE_INTEGER32){.QuadPart = -20000000}) == STATUS_SUCCESS;
}

static void overlapped(void **state)
{
    (void)state;
    HANDLE32 server, client, event, file_event;
    uint32_t n;
    test_low_reset();
    const char *name = "\\??\\pipe\\overlapped";
    assert_status(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, NotificationEvent, 0), 0);
    assert_status(NtCreateEvent(&file_event, EVENT_ALL_ACCESS, NULL, NotificationEvent, 0), 0);
    assert_status(server_of(&server, name, 3, false, false, 1), 0);
    gptr block = test_low(8), second = test_low(8), buffer = test_low(16);
    volatile IO_STATUS_BLOCK32 *io = (void *)(uintptr_t)block;
    io->Status = STATUS_PENDING;
    assert_status(control(server, event, block, FSCTL_PIPE_LISTEN), STATUS_PENDING);
    assert_status(test_create(&client, name, GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_true(signalled(event));
    assert_status(io->Status, 0);
    // Two reads are served in order.
    io->Status = STATUS_PENDING;
    assert_status(NtReadFile(server, event, 0, 0, block, buffer, 2, NULL, NULL), STATUS_PENDING);
    assert_status(NtReadFile(server, file_event, 0, 0, second, buffer + 8, 2, NULL, NULL), STATUS_PENDING);
    assert_status(test_write(client, "abcd", 4, NULL, &n), 0);
    assert_true(signalled(event));
    assert_true(signalled(file_event));
    assert_memory_equal((char *)(uintptr_t)buffer, "ab", 2);
    assert_memory_equal((char *)(uintptr_t)buffer + 8, "cd", 2);
    assert_int_equal(io->Information, 2);
    // One is cancelled.
    assert_status(NtReadFile(server, event, 0, 0, block, buffer, 2, NULL, NULL), STATUS_PENDING);
    IO_STATUS_BLOCK32 cancelled;
    assert_status(NtCancelIoFileEx(server, second, &cancelled), STATUS_NOT_FOUND);
    assert_status(NtCancelIoFileEx(server, block, &cancelled), 0);
    assert_true(signalled(event));
    assert_status(io->Status, STATUS_CANCELLED);
    // A closed client ends a read.
    assert_status(NtReadFile(server, event, 0, 0, block, buffer, 2, NULL, NULL), STATUS_PENDING);
    NtClose(client);
    assert_true(signalled(event));
    assert_status(io->Status, STATUS_PIPE_BROKEN);
    NtClose(server);
    NtClose(event);
    NtClose(file_event);
}

static int setup(void **state)
{
    pthread_t thread;
    if (test_files_setup(state) != 0) return -1;
    return pthread_create(&thread, NULL, service, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anonymous),
        cmocka_unit_test(named),
        cmocka_unit_test(messages),
        cmocka_unit_test(overlapped),
    };
    return cmocka_run_group_tests(tests, setup, test_files_teardown);
}
