// link: -lws2_32 -luser32
// Ioctls with an OVERLAPPED, what selecting events again tells of, sets of select that overlap, sockets
// closed or shut while somebody waits, and results of calls.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <ntstatus.h>
#include <string.h>
#include "check.h"
#include "listener.h"

#define BASE_HANDLE 0x48000022u // SIO_BASE_HANDLE

// ---- ioctls ----

static OVERLAPPED overlapped, *told;

static void check_completion(HANDLE port, BOOL result, DWORD error, DWORD bytes)
{
    DWORD size = 77;
    ULONG_PTR key = 0;
    told = NULL;
    CHECK_EQUAL(GetQueuedCompletionStatus(port, &size, &key, &told, 0), result);
    if (!result) CHECK_EQUAL(GetLastError(), error);
    CHECK(told == &overlapped && key == 5 && size == bytes, "%p, %lu bytes", told, size);
}

static unsigned routines;
static DWORD routine_error;

static void CALLBACK routine(DWORD error, DWORD bytes, WSAOVERLAPPED *which, DWORD flags)
{
    (void)flags;
    CHECK(which == &overlapped && bytes == 0, "%lu bytes", bytes);
    routine_error = error;
    routines++;
}

static void test_ioctls(void)
{
    SOCKET socket = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED), base;
    HANDLE port = CreateIoCompletionPort((HANDLE)socket, NULL, 5, 0);
    DWORD size = 99;
    u_long value = 9;
    GUID guid = WSAID_ACCEPTEX;
    void *function;
    // What WinSock answers by itself ends without bytes.
    CHECK_EQUAL(WSAIoctl(socket, FIONREAD, NULL, 0, &value, sizeof value, &size, &overlapped, NULL), 0);
    CHECK(value == 0 && size == sizeof value, "%lu, %lu bytes", value, size);
    check_completion(port, TRUE, 0, 0);
    CHECK_EQUAL(WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &function,
                         sizeof function, &size, &overlapped, NULL),
                0);
    check_completion(port, TRUE, 0, 0);
    CHECK_EQUAL(WSAIoctl(socket, FIONREAD, NULL, 0, &value, sizeof value, NULL, &overlapped, NULL),
                SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    // The rest is the device's, and ends later.
    CHECK_EQUAL(WSAIoctl(socket, BASE_HANDLE, NULL, 0, &base, sizeof base, &size, &overlapped, NULL),
                SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), ERROR_IO_PENDING);
    check_completion(port, FALSE, ERROR_NOT_SUPPORTED, 0);
    // A change of addresses is waited for until the socket is closed.
    CHECK_EQUAL(WSAIoctl(socket, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &size, &overlapped, NULL),
                SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), ERROR_IO_PENDING);
    value = 1;
    CHECK_EQUAL(ioctlsocket(socket, FIONBIO, &value), 0);
    CHECK_EQUAL(WSAIoctl(socket, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &size, NULL, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    closesocket(socket);
    check_completion(port, FALSE, ERROR_OPERATION_ABORTED, 0);
    CloseHandle(port);

    socket = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    CHECK_EQUAL(WSAIoctl(socket, FIONREAD, NULL, 0, &value, sizeof value, &size, &overlapped, routine), 0);
    CHECK(SleepEx(0, TRUE) == WAIT_IO_COMPLETION && routines == 1 && routine_error == 0, "%u", routines);
    CHECK_EQUAL(WSAIoctl(socket, 0xDEADBEEF, NULL, 0, NULL, 0, &size, &overlapped, routine), SOCKET_ERROR);
    CHECK(SleepEx(0, TRUE) == WAIT_IO_COMPLETION && routine_error == WSAEOPNOTSUPP, "%lu", routine_error);
    closesocket(socket);
    CHECK_EQUAL(WSACancelAsyncRequest((HANDLE)0x8001), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
}

// What a call ended with.
static void test_results(void)
{
    static const struct {
        NTSTATUS status;
        int error;
    } cases[] = {{STATUS_PENDING, WSA_IO_INCOMPLETE},        {STATUS_BUFFER_OVERFLOW, WSAEMSGSIZE},
                 {STATUS_LINK_TIMEOUT, WSAETIMEDOUT},        {STATUS_CONNECTION_DISCONNECTED, WSAECONNRESET},
                 {STATUS_INVALID_DEVICE_REQUEST, WSAEINVAL}, {STATUS_HOST_DOWN, WSAEHOSTDOWN}};
    OVERLAPPED ended = {.InternalHigh = 3};
    DWORD size = 0, flags = 1;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        ended.Internal = cases[i].status;
        CHECK(!WSAGetOverlappedResult(listener, &ended, &size, FALSE, &flags), "%lx", cases[i].status);
        CHECK_EQUAL(WSAGetLastError(), cases[i].error);
    }
    CHECK_EQUAL(flags, 1);
    ended.Internal = STATUS_REPARSE; // a success
    CHECK(WSAGetOverlappedResult(listener, &ended, &size, FALSE, &flags) && size == 3, "%lu", size);
}

// ---- events ----

static LONG take_events(SOCKET socket, HANDLE event)
{
    WSANETWORKEVENTS events;
    DWORD waited = WaitForSingleObject(event, 0);
    CHECK_EQUAL(WSAEnumNetworkEvents(socket, event, &events), 0);
    CHECK((events.lNetworkEvents != 0) == (waited == WAIT_OBJECT_0), "events %lx", events.lNetworkEvents);
    return events.lNetworkEvents;
}

static LONG wait_for_events(SOCKET socket, HANDLE event)
{
    CHECK_EQUAL(WaitForSingleObject(event, 20000), WAIT_OBJECT_0);
    return take_events(socket, event);
}

static void test_events(void)
{
    SOCKET client, server;
    char buffer[8];
    HANDLE event = WSACreateEvent();
    make_pair(&client, &server);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_WRITE | FD_CLOSE), 0);
    CHECK_EQUAL(wait_for_events(server, event), FD_WRITE);
    // What was told of is not told of again by selecting again, not even after selecting nothing.
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_WRITE | FD_CLOSE), 0);
    CHECK_EQUAL(take_events(server, event), 0);
    CHECK_EQUAL(WSAEventSelect(server, NULL, 0), 0);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_WRITE | FD_CLOSE), 0);
    CHECK_EQUAL(take_events(server, event), 0);
    send(client, "four", 4, 0);
    CHECK_EQUAL(wait_for_events(server, event), FD_READ);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_CLOSE), 0);
    CHECK_EQUAL(take_events(server, event), 0);
    CHECK_EQUAL(recv(server, buffer, 1, 0), 1);
    CHECK_EQUAL(wait_for_events(server, event), FD_READ);
    CHECK_EQUAL(recv(server, buffer, 3, 0), 3);
    CHECK_EQUAL(take_events(server, event), 0);
    // What came while nothing was selected is told of; so is what was found and never asked for.
    CHECK_EQUAL(WSAEventSelect(server, NULL, 0), 0);
    send(client, "x", 1, 0);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_CLOSE), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 20000), WAIT_OBJECT_0);
    WSAResetEvent(event);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_CLOSE), 0);
    CHECK_EQUAL(wait_for_events(server, event), FD_READ);
    CHECK_EQUAL(recv(server, buffer, 8, 0), 1);
    closesocket(client);
    CHECK_EQUAL(wait_for_events(server, event), FD_CLOSE);
    closesocket(server);

    // A socket for datagrams can be written to once it is bound.
    SOCKET datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    SOCKADDR_IN any = {.sin_family = AF_INET};
    CHECK_EQUAL(WSAEventSelect(datagrams, event, FD_READ | FD_WRITE), 0);
    CHECK_EQUAL(take_events(datagrams, event), 0);
    CHECK_EQUAL(bind(datagrams, (SOCKADDR *)&any, sizeof any), 0);
    CHECK_EQUAL(wait_for_events(datagrams, event), FD_WRITE);
    closesocket(datagrams);
    WSACloseEvent(event);
}

// Of a connection that nobody asked about what comes by it is told all the same.
static void test_unasked_connection(void)
{
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    HANDLE event = WSACreateEvent();
    CHECK_EQUAL(WSAEventSelect(client, event, FD_READ | FD_CLOSE), 0);
    connect(client, (SOCKADDR *)&address, sizeof address);
    SOCKET server = accept(listener, NULL, NULL);
    CHECK(server != INVALID_SOCKET, "%d", WSAGetLastError());
    send(server, "hello", 5, 0);
    CHECK_EQUAL(wait_for_events(client, event), FD_READ);
    closesocket(server);
    closesocket(client);
    WSACloseEvent(event);
}

// ---- select, closing and shutting ----

static DWORD WINAPI close_it(void *socket)
{
    Sleep(50);
    return closesocket((SOCKET)socket);
}

static void wait_for_close(SOCKET socket, fd_set *set, fd_set *exceptions, int result, int error)
{
    HANDLE thread = CreateThread(NULL, 0, close_it, (void *)socket, 0, NULL);
    struct timeval timeout = {20, 0};
    CHECK_EQUAL(select(0, set, NULL, exceptions, &timeout), result);
    if (result < 0) CHECK_EQUAL(WSAGetLastError(), error);
    CHECK_EQUAL(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void test_select(void)
{
    SOCKET client, server, datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    SOCKADDR_IN any = {.sin_family = AF_INET};
    struct timeval now = {0, 0};
    make_pair(&client, &server);
    fd_set twice = {.fd_count = 2, .fd_array = {client, client}};
    CHECK_EQUAL(select(0, NULL, &twice, NULL, &now), 1);
    CHECK_EQUAL(twice.fd_count, 1);
    fd_set shared = {.fd_count = 2, .fd_array = {client, server}};
    send(client, "x", 1, 0);
    CHECK_EQUAL(select(0, &shared, &shared, NULL, &now), 2);
    CHECK_EQUAL(shared.fd_count, 2);

    // Who closes a socket wakes who waits for it.
    CHECK_EQUAL(bind(datagrams, (SOCKADDR *)&any, sizeof any), 0);
    fd_set set = {.fd_count = 1, .fd_array = {datagrams}};
    wait_for_close(datagrams, &set, NULL, 1, 0);
    set = (fd_set){.fd_count = 1, .fd_array = {client}};
    wait_for_close(client, NULL, &set, SOCKET_ERROR, WSAENOTSOCK);
    closesocket(server);
}

static void test_shut(void)
{
    SOCKET client, server;
    char buffer[8] = "";
    DWORD size = 0, flags = 0;
    SOCKADDR_IN peer;
    int length = sizeof peer;
    WSABUF wanted = {sizeof buffer, buffer};
    OVERLAPPED receive = {.hEvent = WSACreateEvent()};
    make_pair(&client, &server);
    // A call under way outlives the end of receiving.
    CHECK_EQUAL(WSARecv(client, &wanted, 1, &size, &flags, &receive, NULL), SOCKET_ERROR);
    CHECK_EQUAL(shutdown(client, SD_RECEIVE), 0);
    CHECK_EQUAL(recv(client, buffer, 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAESHUTDOWN);
    send(server, "late", 4, 0);
    CHECK_EQUAL(WaitForSingleObject(receive.hEvent, 20000), WAIT_OBJECT_0);
    CHECK(WSAGetOverlappedResult(client, &receive, &size, FALSE, &flags) && size == 4, "%lu", size);
    // Both ends are still known when the connection is over.
    CHECK_EQUAL(shutdown(client, SD_BOTH), 0);
    CHECK_EQUAL(recv(server, buffer, 1, 0), 0);
    CHECK_EQUAL(shutdown(server, SD_BOTH), 0);
    CHECK_EQUAL(getpeername(client, (SOCKADDR *)&peer, &length), 0);
    CHECK_EQUAL(peer.sin_port, address.sin_port);
    length = 4;
    CHECK_EQUAL(getpeername(client, (SOCKADDR *)&peer, &length), SOCKET_ERROR);
    CHECK(WSAGetLastError() == WSAEFAULT && length == 4, "%d", length);
    closesocket(client);
    closesocket(server);
    WSACloseEvent(receive.hEvent);
}

// A connection that was reset stays so for whoever asks again.
static void test_reset(void)
{
    SOCKET client, server;
    LINGER hard = {1, 0};
    char byte;
    make_pair(&client, &server);
    CHECK_EQUAL(setsockopt(client, SOL_SOCKET, SO_LINGER, (char *)&hard, sizeof hard), 0);
    closesocket(client);
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(recv(server, &byte, 1, 0), SOCKET_ERROR);
        CHECK_EQUAL(WSAGetLastError(), WSAECONNRESET);
    }
    CHECK_EQUAL(send(server, "x", 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAECONNRESET);
    closesocket(server);
}

// A socket that is not for overlapped calls waits in them, even where it would not in others.
static void test_waiting(void)
{
    SOCKET client = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, 0), server;
    char byte = 0;
    u_long yes = 1;
    DWORD flags = 0;
    WSABUF wanted = {1, &byte};
    OVERLAPPED receive = {.hEvent = WSACreateEvent()};
    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
    server = accept(listener, NULL, NULL);
    CHECK_EQUAL(ioctlsocket(client, FIONBIO, &yes), 0);
    CHECK_EQUAL(send(server, "x", 1, 0), 1);
    CHECK_EQUAL(WSARecv(client, &wanted, 1, NULL, &flags, &receive, NULL), 0);
    CHECK_EQUAL(byte, 'x');
    CHECK_EQUAL(WSARecv(client, &wanted, 0, NULL, &flags, &receive, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    closesocket(client);
    closesocket(server);
    WSACloseEvent(receive.hEvent);
    // Datagrams lose their peer by an address of no family.
    SOCKADDR_IN none = {.sin_family = AF_UNSPEC};
    int length = sizeof none;
    client = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&none, sizeof none), 0);
    CHECK_EQUAL(getpeername(client, (SOCKADDR *)&none, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTCONN);
    closesocket(client);
}

static void test_polls(void)
{
    WSAPOLLFD fds[2] = {{.fd = listener, .events = POLLIN}, {.fd = 0xABACAB, .events = POLLIN}};
    CHECK_EQUAL(WSAPoll(fds, 2, 0), 0);
    CHECK(fds[0].revents == 0 && fds[1].revents == POLLNVAL, "%x", fds[1].revents);
    fds[0].events = POLLPRI;
    CHECK_EQUAL(WSAPoll(fds, 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
}

static void test_options(void)
{
    SOCKET datagrams = socket(AF_INET, SOCK_DGRAM, 0), stream = socket(AF_INET, SOCK_STREAM, 0);
    SOCKADDR_IN nowhere = address;
    int value = 2, length = sizeof value;
    LINGER linger;
    CHECK_EQUAL(setsockopt(stream, SOL_SOCKET, SO_DEBUG, (char *)&value, sizeof value), 0);
    CHECK_EQUAL(getsockopt(stream, SOL_SOCKET, SO_DEBUG, (char *)&value, &length), 0);
    CHECK_EQUAL(value, 1);
    CHECK_EQUAL(getsockopt(stream, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&value, &length), 0);
    CHECK_EQUAL(setsockopt(datagrams, SOL_SOCKET, SO_TYPE, (char *)&value, sizeof value), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    length = sizeof linger;
    CHECK_EQUAL(getsockopt(datagrams, SOL_SOCKET, SO_LINGER, (char *)&linger, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOPROTOOPT);
    nowhere.sin_port = 0;
    CHECK_EQUAL(sendto(datagrams, "x", 1, 0, (SOCKADDR *)&nowhere, sizeof nowhere), 1);
    closesocket(datagrams);
    closesocket(stream);
}

static void test_texts(void)
{
    SOCKADDR_IN ipv4;
    IN_ADDR one = {.s_addr = 0x01010101};
    char text[4];
    int length = sizeof ipv4;
    memset(&ipv4, 0xAB, sizeof ipv4);
    CHECK_EQUAL(WSAStringToAddressA((char *)"1.2.3.4:", AF_INET, NULL, (SOCKADDR *)&ipv4, &length),
                SOCKET_ERROR);
    CHECK(WSAGetLastError() == WSAEINVAL && ipv4.sin_family == 0 && ipv4.sin_addr.s_addr == 0, "%d",
          WSAGetLastError());
    CHECK(!inet_ntop(AF_INET, &one, text, sizeof text), "it has no room");
    CHECK_EQUAL(WSAGetLastError(), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    WSADATA data;
    setvbuf(stdout, NULL, _IONBF, 0);
    WSAStartup(MAKEWORD(2, 2), &data);
    make_listener();
    test_ioctls();
    test_results();
    test_events();
    test_unasked_connection();
    test_select();
    test_shut();
    test_reset();
    test_waiting();
    test_polls();
    test_options();
    test_texts();
    closesocket(listener);
    WSACleanup();
    return check_summary();
}
