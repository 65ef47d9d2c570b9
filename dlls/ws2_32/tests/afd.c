// link: -lws2_32 -lntdll
// \Device\Afd as libraries for event loops use it: polls of several sockets by IOCTL_AFD_POLL, their ends,
// and sockets that are made and read without WinSock.
#include <winsock2.h>
#include <mswsock.h>
#include <windows.h>
#include <winternl.h>
#include <ntstatus.h>
#include <stddef.h>
#include <string.h>
#include "check.h"

enum {
    IOCTL_AFD_POLL = 0x12024,
    IOCTL_AFD_BIND = 0x12003,
    IOCTL_AFD_RECEIVE = 0x12017,
    IOCTL_AFD_LISTEN = 0x1200B
};
enum {
    POLL_RECEIVE = 1,
    POLL_SEND = 4,
    POLL_DISCONNECT = 8,
    POLL_CLOSE = 0x20,
    POLL_CONNECT = 0x40,
    POLL_ACCEPT = 0x80,
};

struct poll_handle {
    SOCKET socket;
    ULONG events;
    LONG status;
};
struct poll_info {
    LONGLONG timeout;
    ULONG count, exclusive;
    struct poll_handle handles[2];
};
enum { HEAD = offsetof(struct poll_info, handles), EACH = sizeof(struct poll_handle) };

NTSTATUS NTAPI NtCancelIoFileEx(HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *);
NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE, ULONG_PTR *, ULONG_PTR *, IO_STATUS_BLOCK *, LARGE_INTEGER *);

static HANDLE event;

static HANDLE open_device(void *ea, ULONG size)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name};
    IO_STATUS_BLOCK block;
    HANDLE handle = NULL;
    RtlInitUnicodeString(&name, L"\\Device\\Afd\\Test");
    CHECK_EQUAL(NtCreateFile(&handle, SYNCHRONIZE | (ea ? FILE_GENERIC_READ | FILE_GENERIC_WRITE : 0),
                             &attributes, &block, NULL, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0,
                             ea, size),
                0);
    return handle;
}

static SOCKET listen_on_loopback(SOCKADDR_IN *address)
{
    int length = sizeof *address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    *address = (SOCKADDR_IN){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK_EQUAL(bind(listener, (SOCKADDR *)address, sizeof *address), 0);
    CHECK_EQUAL(listen(listener, 5), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)address, &length), 0);
    return listener;
}

static NTSTATUS poll_one(HANDLE device, SOCKET socket, ULONG events, LONGLONG timeout, struct poll_info *out,
                         IO_STATUS_BLOCK *block)
{
    struct poll_info in = {.timeout = timeout, .count = 1, .handles = {{socket, events, 0x5EED}}};
    return NtDeviceIoControlFile(device, event, NULL, block, block, IOCTL_AFD_POLL, &in, HEAD + EACH, out,
                                 HEAD + EACH);
}

static void check_found(const struct poll_info *out, const IO_STATUS_BLOCK *block, SOCKET socket,
                        ULONG events)
{
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(block->Status, 0);
    CHECK_EQUAL(block->Information, HEAD + EACH);
    CHECK_EQUAL(out->count, 1);
    CHECK_EQUAL(out->handles[0].socket, socket);
    CHECK_EQUAL(out->handles[0].events, events);
    CHECK_EQUAL(out->handles[0].status, 0);
}

static void test_connection(HANDLE device)
{
    const LONGLONG never = 0x7FFFFFFFFFFFFFFF;
    struct poll_info out, closing;
    IO_STATUS_BLOCK block, closing_block;
    SOCKADDR_IN address;
    char byte;
    SOCKET listener = listen_on_loopback(&address);
    CHECK_EQUAL(poll_one(device, listener, POLL_ACCEPT, 0, &out, &block), 0);
    CHECK_EQUAL(block.Information, HEAD);
    CHECK_EQUAL(out.count, 0);
    CHECK_EQUAL(poll_one(device, listener, POLL_ACCEPT, never, &out, &block), STATUS_PENDING);
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(poll_one(device, client, 0x1FF, -1, &closing, &closing_block), STATUS_PENDING); // nothing yet
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(closing_block.Status, STATUS_TIMEOUT);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
    check_found(&out, &block, listener, POLL_ACCEPT);
    SOCKET server = accept(listener, NULL, NULL);
    CHECK_EQUAL(poll_one(device, server, 0x1FF, never, &out, &block), 0);
    check_found(&out, &block, server, POLL_SEND | POLL_CONNECT);
    CHECK_EQUAL(poll_one(device, server, POLL_RECEIVE | POLL_DISCONNECT, never, &out, &block),
                STATUS_PENDING);
    CHECK_EQUAL(send(client, "x", 1, 0), 1);
    check_found(&out, &block, server, POLL_RECEIVE);
    CHECK_EQUAL(recv(server, &byte, 1, 0), 1);
    CHECK_EQUAL(poll_one(device, server, POLL_RECEIVE | POLL_DISCONNECT, never, &out, &block),
                STATUS_PENDING);
    CHECK_EQUAL(shutdown(client, SD_SEND), 0);
    check_found(&out, &block, server, POLL_DISCONNECT);
    CHECK_EQUAL(poll_one(device, client, POLL_RECEIVE, never, &closing, &closing_block), STATUS_PENDING);
    closesocket(client);
    check_found(&closing, &closing_block, client, POLL_CLOSE);
    // Cancelled by its status block; by closing the device's handle not at all.
    closesocket(listener);
    listener = listen_on_loopback(&address);
    CHECK_EQUAL(poll_one(device, listener, POLL_ACCEPT, never, &out, &block), STATUS_PENDING);
    CHECK_EQUAL(NtCancelIoFileEx(device, &block, &closing_block), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(block.Status, STATUS_CANCELLED);
    closesocket(listener);
    closesocket(server);
}

static void test_arguments(HANDLE device)
{
    struct poll_info in = {.count = 1}, out;
    IO_STATUS_BLOCK block;
    SOCKET socket_one = socket(AF_INET, SOCK_DGRAM, 0);
    in.handles[0] = (struct poll_handle){socket_one, POLL_SEND, 0};
    CHECK_EQUAL(
        NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, &in, HEAD, &out, sizeof out),
        STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, &in, HEAD + EACH,
                                      &out, HEAD),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, NULL, HEAD + EACH,
                                      &out, HEAD + EACH),
                STATUS_ACCESS_VIOLATION);
    in.count = 2;
    CHECK_EQUAL(NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, &in, HEAD + EACH,
                                      &out, HEAD + EACH),
                STATUS_INVALID_PARAMETER);
    in.handles[1].socket = (SOCKET)event; // no socket
    CHECK_EQUAL(NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, &in, sizeof in, &out,
                                      sizeof out),
                STATUS_INVALID_HANDLE);
    in.count = 1;
    CHECK_EQUAL(NtDeviceIoControlFile(device, event, NULL, NULL, &block, IOCTL_AFD_POLL, &in, HEAD + EACH,
                                      (void *)16, HEAD + EACH),
                STATUS_ACCESS_VIOLATION);
    closesocket(socket_one);
}

// The way of wepoll and mio: polls of a device handle whose results come at a port.
static void test_port(HANDLE device)
{
    struct poll_info in = {.timeout = 0x7FFFFFFFFFFFFFFF, .count = 2}, out = {0};
    IO_STATUS_BLOCK block, told;
    ULONG_PTR key, value;
    LARGE_INTEGER soon = {.QuadPart = -100000000}, now = {.QuadPart = 0};
    SOCKADDR_IN address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    HANDLE port = CreateIoCompletionPort(device, NULL, 7, 0);
    SOCKET first = socket(AF_INET, SOCK_DGRAM, 0), second = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK_EQUAL(bind(second, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(getsockname(second, (SOCKADDR *)&address, &length), 0);
    in.handles[0] = (struct poll_handle){first, POLL_RECEIVE, 0};
    in.handles[1] = (struct poll_handle){second, POLL_RECEIVE, 0};
    CHECK_EQUAL(NtDeviceIoControlFile(device, NULL, NULL, &in, &block, IOCTL_AFD_POLL, &in, sizeof in, &out,
                                      sizeof out),
                STATUS_PENDING);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &told, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(sendto(first, "data", 4, 0, (SOCKADDR *)&address, sizeof address), 4);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &told, &soon), 0);
    CHECK_EQUAL(key, 7);
    CHECK_EQUAL(value, (ULONG_PTR)&in);
    CHECK_EQUAL(told.Information, HEAD + EACH);
    CHECK_EQUAL(out.count, 1);
    CHECK_EQUAL(out.handles[0].socket, second);
    CHECK_EQUAL(out.handles[0].events, POLL_RECEIVE);
    // An exclusive poll ends the one before, if that is exclusive too.
    in.exclusive = TRUE;
    in.count = 1;
    CHECK_EQUAL(NtDeviceIoControlFile(device, NULL, NULL, &in, &block, IOCTL_AFD_POLL, &in, sizeof in, &out,
                                      sizeof out),
                STATUS_PENDING);
    CHECK_EQUAL(NtDeviceIoControlFile(device, NULL, NULL, &out, &block, IOCTL_AFD_POLL, &in, sizeof in, &out,
                                      sizeof out),
                STATUS_PENDING);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &told, &soon), 0);
    CHECK_EQUAL(value, (ULONG_PTR)&in);
    closesocket(first);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &told, &soon), 0);
    CHECK_EQUAL(value, (ULONG_PTR)&out);
    closesocket(second);
    CloseHandle(port);
}

// A socket made by NtCreateFile is one of WinSock's too.
static void test_without_winsock(void)
{
    struct {
        ULONG next;
        UCHAR flags, name_length;
        USHORT value_length;
        char name[16];
        ULONG endpoint_flags, group, family, type, protocol, device_length;
    } packet = {.name_length = 15,
                .value_length = 24,
                .name = "AfdOpenPacketXX",
                .family = AF_INET,
                .type = SOCK_DGRAM,
                .protocol = IPPROTO_UDP};
    struct {
        ULONG share;
        SOCKADDR_IN address;
    } in = {0, {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    char data[8] = "";
    WSABUF buffer = {sizeof data, data};
    struct {
        WSABUF *buffers;
        ULONG count, afd_flags, tdi_flags;
    } receive = {&buffer, 1, 0, 0x20};
    SOCKADDR_IN address;
    IO_STATUS_BLOCK block;
    HANDLE handle = open_device(&packet, sizeof packet);
    CHECK_EQUAL(NtDeviceIoControlFile(handle, event, NULL, NULL, &block, IOCTL_AFD_BIND, &in, sizeof in,
                                      &address, sizeof address),
                STATUS_PENDING);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(block.Status, 0);
    CHECK_EQUAL(block.Information, sizeof address);
    CHECK(address.sin_port != 0, "no port");
    CHECK_EQUAL(NtDeviceIoControlFile(handle, event, NULL, NULL, &block, IOCTL_AFD_RECEIVE, &receive,
                                      sizeof receive, NULL, 0),
                STATUS_PENDING);
    CHECK_EQUAL(sendto((SOCKET)handle, "hello", 5, 0, (SOCKADDR *)&address, sizeof address), 5);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(block.Information, 5);
    CHECK(!memcmp(data, "hello", 5), "%s", data);
    closesocket((SOCKET)handle);
}

// A thread's calls end with it, unless a port alone hears of them.
static DWORD WINAPI poll_in_thread(void *argument)
{
    static struct poll_info out;
    poll_one(argument, (SOCKET)argument, POLL_ACCEPT, 0x7FFFFFFFFFFFFFFF, &out,
             (IO_STATUS_BLOCK *)out.handles);
    return 0;
}

static void test_thread_end(void)
{
    SOCKADDR_IN address;
    SOCKET listener = listen_on_loopback(&address);
    HANDLE thread = CreateThread(NULL, 0, poll_in_thread, (void *)listener, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
    closesocket(listener);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE device = open_device(NULL, 0);
    test_arguments(device);
    test_connection(device);
    test_without_winsock();
    test_thread_end();
    test_port(device);
    CloseHandle(device);
    return check_summary();
}
