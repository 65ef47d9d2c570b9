// link: -lws2_32
// Overlapped calls: events, completion ports and routines, AcceptEx and ConnectEx, cancelling;
// WSAEventSelect; datagrams.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <string.h>
#include "check.h"

static SOCKADDR_IN address = {.sin_family = AF_INET};

static SOCKET make_listener(void)
{
    int length = sizeof address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = 0;
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(listen(listener, 5), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), 0);
    return listener;
}

static void make_pair(SOCKET listener, SOCKET *client, SOCKET *server)
{
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(connect(*client, (SOCKADDR *)&address, sizeof address), 0);
    *server = accept(listener, NULL, NULL);
    CHECK(*server != INVALID_SOCKET, "%d", WSAGetLastError());
}

static void *extension(SOCKET socket, GUID guid)
{
    void *function = NULL;
    DWORD size;
    CHECK_EQUAL(WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &function,
                         sizeof function, &size, NULL, NULL),
                0);
    return function;
}

static void test_event(SOCKET listener)
{
    SOCKET client, server;
    char first[8], second[8];
    WSABUF parts[2] = {{4, first}, {8, second}};
    DWORD n, flags = 0, mark = 0;
    WSAOVERLAPPED overlapped = {.hEvent = WSACreateEvent()};
    make_pair(listener, &client, &server);
    CHECK_EQUAL(WSARecv(server, parts, 2, &n, &mark, &overlapped, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    mark = 0x55AA; // the flags are not written later: libuv has them on its stack
    CHECK(!WSAGetOverlappedResult(server, &overlapped, &n, FALSE, &flags), "done already");
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_INCOMPLETE);
    CHECK_EQUAL(send(client, "abcdef", 6, 0), 6);
    CHECK(WSAGetOverlappedResult(server, &overlapped, &n, TRUE, &flags) && n == 6, "%lu", n);
    CHECK_EQUAL(flags, 0);
    CHECK_EQUAL(mark, 0x55AA);
    CHECK(!memcmp(first, "abcd", 4) && !memcmp(second, "ef", 2), "%.4s %.2s", first, second);

    // Closing ends what is under way.
    CHECK_EQUAL(WSARecv(server, parts, 2, &n, &flags, &overlapped, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQUAL(closesocket(server), 0);
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 20000), WAIT_OBJECT_0);
    CHECK_EQUAL(overlapped.Internal, 0xC0000120); // STATUS_CANCELLED
    closesocket(client);
    WSACloseEvent(overlapped.hEvent);
}

static DWORD routine_error, routine_bytes, routine_calls;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)overlapped, (void)flags;
    routine_error = error;
    routine_bytes = bytes;
    routine_calls++;
}

static void test_routine(SOCKET listener)
{
    SOCKET client, server;
    char buffer[8];
    WSABUF part = {sizeof buffer, buffer};
    DWORD n, flags = 0;
    WSAOVERLAPPED overlapped = {0};
    make_pair(listener, &client, &server);
    WSARecv(server, &part, 1, &n, &flags, &overlapped, routine);
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQUAL(send(client, "xyz", 3, 0), 3);
    CHECK_EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    CHECK(routine_calls == 1 && routine_error == 0 && routine_bytes == 3, "%lu calls, error %lu, %lu bytes",
          routine_calls, routine_error, routine_bytes);
    closesocket(client);
    closesocket(server);
}

static void test_port(void)
{
    enum { LISTENER_KEY = 1, CLIENT_KEY = 2, ROOM = sizeof(SOCKADDR_IN) + 16 };
    char addresses[2 * ROOM];
    OVERLAPPED accepting = {0}, connecting = {0}, *done;
    DWORD n, found = 0;
    ULONG_PTR key;
    SOCKADDR *local, *remote;
    int local_length, remote_length;
    SOCKADDR_IN own = {.sin_family = AF_INET};
    SOCKET listener = make_listener(), server = socket(AF_INET, SOCK_STREAM, 0),
           client = socket(AF_INET, SOCK_STREAM, 0);
    LPFN_ACCEPTEX accept_ex = extension(listener, (GUID)WSAID_ACCEPTEX);
    LPFN_CONNECTEX connect_ex = extension(client, (GUID)WSAID_CONNECTEX);
    LPFN_GETACCEPTEXSOCKADDRS get_addresses = extension(listener, (GUID)WSAID_GETACCEPTEXSOCKADDRS);
    HANDLE port = CreateIoCompletionPort((HANDLE)listener, NULL, LISTENER_KEY, 0);
    CHECK(CreateIoCompletionPort((HANDLE)client, port, CLIENT_KEY, 0) == port, "%lu", GetLastError());

    CHECK(!accept_ex(listener, server, addresses, 0, ROOM, ROOM, &n, &accepting), "accepted");
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(!connect_ex(client, (SOCKADDR *)&address, sizeof address, NULL, 0, NULL, &connecting), "unbound");
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK_EQUAL(bind(client, (SOCKADDR *)&own, sizeof own), 0);
    CHECK(connect_ex(client, (SOCKADDR *)&address, sizeof address, (void *)"hi", 2, NULL, &connecting) ||
              WSAGetLastError() == WSA_IO_PENDING,
          "%d", WSAGetLastError());
    for (int i = 0; i < 2; i++) {
        CHECK(GetQueuedCompletionStatus(port, &n, &key, &done, 20000), "%lu", GetLastError());
        CHECK(done == (key == LISTENER_KEY ? &accepting : &connecting), "key %lu", (DWORD)key);
        CHECK_EQUAL(n, key == LISTENER_KEY ? 0 : 2);
        found |= (DWORD)key;
    }
    CHECK_EQUAL(found, LISTENER_KEY | CLIENT_KEY);
    get_addresses(addresses, 0, ROOM, ROOM, &local, &local_length, &remote, &remote_length);
    CHECK_EQUAL(local_length, sizeof(SOCKADDR_IN));
    CHECK_EQUAL(((SOCKADDR_IN *)local)->sin_port, address.sin_port);
    CHECK_EQUAL(setsockopt(server, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listener, sizeof listener),
                0);
    CHECK_EQUAL(recv(server, addresses, sizeof addresses, 0), 2);
    closesocket(client);
    closesocket(server);
    closesocket(listener);
    CloseHandle(port);
}

// First data, and an accepted socket that is closed while the call is under way.
static void test_accept_data(void)
{
    enum { ROOM = sizeof(SOCKADDR_IN) + 16, DATA = 8 };
    char buffer[DATA + 2 * ROOM] = "";
    OVERLAPPED accepting = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)}, *done;
    DWORD n = 0;
    ULONG_PTR key = 77;
    SOCKET listener = make_listener(), server = socket(AF_INET, SOCK_STREAM, 0),
           client = socket(AF_INET, SOCK_STREAM, 0);
    LPFN_ACCEPTEX accept_ex = extension(listener, (GUID)WSAID_ACCEPTEX);
    CHECK(!accept_ex(listener, server, buffer, DATA, ROOM, ROOM, &n, &accepting), "accepted");
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(!accept_ex(listener, server, buffer, DATA, ROOM, ROOM, &n, &accepting), "accepted twice");
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(WaitForSingleObject(accepting.hEvent, 50), WAIT_TIMEOUT); // there is no data yet
    CHECK_EQUAL(send(client, "first", 5, 0), 5);
    CHECK(GetOverlappedResult((HANDLE)listener, &accepting, &n, TRUE), "%lu", GetLastError());
    CHECK_EQUAL(n, 5);
    CHECK(!memcmp(buffer, "first", 5), "%.5s", buffer);
    closesocket(server);
    closesocket(client);

    server = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(!accept_ex(listener, server, buffer, 0, ROOM, ROOM, &n, &accepting), "accepted");
    CHECK_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    closesocket(server);
    CHECK(!GetOverlappedResult((HANDLE)listener, &accepting, &n, TRUE), "accepted");
    CHECK_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
    HANDLE port = CreateIoCompletionPort((HANDLE)listener, NULL, 1, 0);
    CHECK(!GetQueuedCompletionStatus(port, &n, &key, &done, 0), "a packet");
    CHECK_EQUAL(key, 77);
    CHECK(done == NULL, "a block");
    CloseHandle(port);
    CloseHandle(accepting.hEvent);
    closesocket(listener);
}

static LONG next_events(SOCKET socket, WSAEVENT event, DWORD timeout)
{
    WSANETWORKEVENTS events = {0};
    if (WSAWaitForMultipleEvents(1, &event, FALSE, timeout, FALSE) != WSA_WAIT_EVENT_0) return 0;
    CHECK_EQUAL(WSAEnumNetworkEvents(socket, event, &events), 0);
    return events.lNetworkEvents;
}

static void test_event_select(SOCKET listener)
{
    SOCKET client, server;
    char buffer[8];
    WSAEVENT event = WSACreateEvent();
    make_pair(listener, &client, &server);
    CHECK_EQUAL(WSAEventSelect(server, event, FD_READ | FD_WRITE | FD_CLOSE), 0);
    CHECK_EQUAL(next_events(server, event, 20000), FD_WRITE);
    CHECK_EQUAL(next_events(server, event, 0), 0);
    CHECK_EQUAL(send(client, "abc", 3, 0), 3);
    CHECK_EQUAL(next_events(server, event, 20000), FD_READ);
    CHECK_EQUAL(next_events(server, event, 50), 0); // not before the next recv
    CHECK_EQUAL(recv(server, buffer, 1, 0), 1);
    CHECK_EQUAL(next_events(server, event, 20000), FD_READ); // there is more
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), 2);
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), SOCKET_ERROR); // non-blocking by WSAEventSelect
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQUAL(closesocket(client), 0);
    CHECK_EQUAL(next_events(server, event, 20000), FD_CLOSE);
    CHECK_EQUAL(WSAEventSelect(server, NULL, 0), 0);
    closesocket(server);
    WSACloseEvent(event);
}

static void test_datagrams(void)
{
    SOCKADDR_IN bound = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
    int length = sizeof bound;
    char buffer[8];
    SOCKET receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK_EQUAL(recv(receiver, buffer, sizeof buffer, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL); // not bound
    CHECK_EQUAL(bind(receiver, (SOCKADDR *)&bound, sizeof bound), 0);
    CHECK_EQUAL(getsockname(receiver, (SOCKADDR *)&bound, &length), 0);
    CHECK_EQUAL(sendto(sender, "0123456789", 10, 0, (SOCKADDR *)&bound, sizeof bound), 10);
    CHECK_EQUAL(sendto(sender, "abc", 3, 0, (SOCKADDR *)&bound, sizeof bound), 3);
    length = 4; // too short: the datagram stays
    CHECK_EQUAL(recvfrom(receiver, buffer, sizeof buffer, 0, (SOCKADDR *)&from, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    CHECK_EQUAL(recvfrom(receiver, (char *)16, 8, 0, NULL, NULL), SOCKET_ERROR); // as does this one
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    length = sizeof from;
    CHECK_EQUAL(recvfrom(receiver, buffer, sizeof buffer, 0, (SOCKADDR *)&from, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEMSGSIZE);
    CHECK(!memcmp(buffer, "01234567", 8), "%.8s", buffer);
    CHECK_EQUAL(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_EQUAL(recv(receiver, buffer, sizeof buffer, 0), 3);
    closesocket(receiver);

    // Nobody is there any more, which sending doesn't tell.
    CHECK_EQUAL(connect(sender, (SOCKADDR *)&bound, sizeof bound), 0);
    for (int i = 0; i < 3; i++) CHECK_EQUAL(send(sender, "abc", 3, 0), 3);
    u_long on = 1;
    CHECK_EQUAL(ioctlsocket(sender, FIONBIO, &on), 0);
    CHECK_EQUAL(recv(sender, buffer, sizeof buffer, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAECONNRESET);

    // Nor does receiving, where the program does not want to hear of it.
    BOOL wanted = FALSE;
    DWORD size;
    CHECK_EQUAL(WSAIoctl(sender, 0x9800000C, &wanted, 1, NULL, 0, &size, NULL, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    CHECK_EQUAL(WSAIoctl(sender, 0x9800000C, &wanted, sizeof wanted, NULL, 0, &size, NULL, NULL), 0);
    CHECK_EQUAL(send(sender, "abc", 3, 0), 3);
    CHECK_EQUAL(recv(sender, buffer, sizeof buffer, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    closesocket(sender);
}

static void test_cleanup(void)
{
    SOCKADDR_IN name;
    WSADATA data;
    int length = sizeof name;
    SOCKET left = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(WSACleanup(), 0);
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    CHECK_EQUAL(getsockname(left, (SOCKADDR *)&name, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTSOCK);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    SOCKET listener = make_listener();
    test_event(listener);
    test_routine(listener);
    test_event_select(listener);
    test_port();
    test_accept_data();
    test_datagrams();
    test_cleanup();
    return check_summary();
}
