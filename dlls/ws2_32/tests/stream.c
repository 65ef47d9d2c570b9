// link: -lws2_32
// Connections over the loopback: blocking and non-blocking calls, select, shutdown, and sockets as files.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <string.h>
#include "check.h"

static SOCKET listener;
static SOCKADDR_IN address = {.sin_family = AF_INET};

static void make_listener(void)
{
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listener != INVALID_SOCKET, "%d", WSAGetLastError());
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL); // not bound
    CHECK_EQUAL(listen(listener, 5), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address - 1), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK_EQUAL(listen(listener, 5), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), 0);
    CHECK(address.sin_port != 0 && length == sizeof address, "port %d, length %d", address.sin_port, length);
}

static void make_pair(SOCKET *client, SOCKET *server)
{
    SOCKADDR_IN peer;
    int length = sizeof peer;
    *client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK_EQUAL(connect(*client, (SOCKADDR *)&address, sizeof address), 0);
    *server = accept(listener, (SOCKADDR *)&peer, &length);
    CHECK(*server != INVALID_SOCKET, "%d", WSAGetLastError());
    CHECK_EQUAL(peer.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
}

static int readable(SOCKET socket, int seconds)
{
    fd_set set = {.fd_count = 1, .fd_array = {socket}};
    struct timeval timeout = {seconds, 0};
    return select(0, &set, NULL, NULL, &timeout);
}

static int writable(SOCKET socket)
{
    fd_set set = {.fd_count = 1, .fd_array = {socket}};
    struct timeval timeout = {0, 0};
    return select(0, NULL, &set, NULL, &timeout);
}

static void test_transfer(void)
{
    SOCKET client, server;
    char buffer[100];
    u_long value;
    make_pair(&client, &server);
    CHECK_EQUAL(readable(server, 0), 0);
    CHECK_EQUAL(writable(server), 1);
    CHECK_EQUAL(send(client, "hello", 5, 0), 5);
    CHECK_EQUAL(readable(server, 10), 1);
    CHECK_EQUAL(ioctlsocket(server, FIONREAD, &value), 0);
    CHECK_EQUAL(value, 5);
    CHECK_EQUAL(recv(server, buffer, 2, MSG_PEEK), 2);
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), 5);
    CHECK(!memcmp(buffer, "hello", 5), "%.5s", buffer);

    value = 1;
    CHECK_EQUAL(ioctlsocket(server, FIONBIO, &value), 0);
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQUAL(recv(server, (char *)16, 10, 0), SOCKET_ERROR);

    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEISCONN);
    CHECK_EQUAL(shutdown(client, SD_SEND), 0);
    CHECK_EQUAL(send(client, "x", 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAESHUTDOWN);
    CHECK_EQUAL(readable(server, 10), 1);
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), 0);
    CHECK_EQUAL(closesocket(client), 0);
    CHECK_EQUAL(closesocket(client), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTSOCK);
    CHECK_EQUAL(closesocket(server), 0);
}

static void test_refused(void)
{
    SOCKADDR_IN nobody = address;
    u_long yes = 1;
    int error = 0, length = sizeof error;
    SOCKET bound = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    nobody.sin_port = 0;
    CHECK_EQUAL(bind(bound, (SOCKADDR *)&nobody, sizeof nobody), 0); // and doesn't listen
    length = sizeof nobody;
    CHECK_EQUAL(getsockname(bound, (SOCKADDR *)&nobody, &length), 0);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&nobody, sizeof nobody), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAECONNREFUSED);

    CHECK_EQUAL(ioctlsocket(client, FIONBIO, &yes), 0);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&nobody, sizeof nobody), SOCKET_ERROR);
    CHECK(WSAGetLastError() == WSAEWOULDBLOCK || WSAGetLastError() == WSAECONNREFUSED, "%d",
          WSAGetLastError());
    fd_set writing = {.fd_count = 1, .fd_array = {client}}, failed = writing;
    struct timeval timeout = {20, 0};
    CHECK_EQUAL(select(0, NULL, &writing, &failed, &timeout), 1);
    CHECK_EQUAL(writing.fd_count, 0);
    CHECK_EQUAL(failed.fd_count, 1);
    length = sizeof error;
    CHECK_EQUAL(getsockopt(client, SOL_SOCKET, SO_ERROR, (char *)&error, &length), 0);
    CHECK_EQUAL(error, WSAECONNREFUSED);

    CHECK_EQUAL(bind(client, (SOCKADDR *)&nobody, sizeof nobody), SOCKET_ERROR);
    closesocket(client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(client, (SOCKADDR *)&nobody, sizeof nobody), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEADDRINUSE);
    closesocket(client);
    closesocket(bound);
}

static void test_unconnected(void)
{
    char byte;
    SOCKET fresh = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(writable(fresh), 0);
    CHECK_EQUAL(send(fresh, "x", 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTCONN);
    CHECK_EQUAL(recv(fresh, &byte, 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTCONN);
    CHECK_EQUAL(shutdown(fresh, SD_BOTH), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOTCONN);
    CHECK(accept(fresh, NULL, NULL) == INVALID_SOCKET, "accepted");
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    closesocket(fresh);
}

static DWORD WINAPI accept_one(void *socket)
{
    SOCKET accepted = accept((SOCKET)socket, NULL, NULL);
    return accepted == INVALID_SOCKET ? (DWORD)WSAGetLastError() : 0;
}

static void test_close_unblocks(void)
{
    DWORD result;
    SOCKADDR_IN any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    SOCKET waiting = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(waiting, (SOCKADDR *)&any, sizeof any), 0);
    CHECK_EQUAL(listen(waiting, 1), 0);
    HANDLE thread = CreateThread(NULL, 0, accept_one, (void *)waiting, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 200), WAIT_TIMEOUT);
    CHECK_EQUAL(closesocket(waiting), 0);
    CHECK_EQUAL(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &result) && (result == WSAEINTR || result == WSAENOTSOCK), "%lu", result);
    CloseHandle(thread);
}

static void test_files(void)
{
    SOCKET client, server;
    HANDLE copy;
    char buffer[10];
    DWORD n, flags;
    make_pair(&client, &server);
    CHECK_EQUAL(GetFileType((HANDLE)client), FILE_TYPE_PIPE);
    CHECK(GetHandleInformation((HANDLE)client, &flags) && flags & HANDLE_FLAG_INHERIT, "%lx", flags);
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    CHECK(!ReadFile((HANDLE)server, buffer, sizeof buffer, NULL, &overlapped), "read");
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    // An overlapped file is not written to without an OVERLAPPED.
    CHECK(!WriteFile((HANDLE)client, "abc", 3, &n, NULL), "written");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    OVERLAPPED sending = {.Offset = 2};
    CHECK(WriteFile((HANDLE)client, "abc", 3, &n, &sending) && n == 3, "%lu", GetLastError());
    CHECK(GetOverlappedResult((HANDLE)server, &overlapped, &n, TRUE) && n == 3, "%lu", n);
    CHECK(!memcmp(buffer, "abc", 3), "%.3s", buffer);

    CHECK(DuplicateHandle(GetCurrentProcess(), (HANDLE)client, GetCurrentProcess(), &copy, 0, FALSE,
                          DUPLICATE_SAME_ACCESS),
          "%lu", GetLastError());
    CHECK_EQUAL(closesocket(client), 0);
    CHECK_EQUAL(send((SOCKET)copy, "def", 3, 0), 3);
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), 3);
    CHECK(CloseHandle(copy), "%lu", GetLastError());
    CHECK_EQUAL(recv(server, buffer, sizeof buffer, 0), 0);
    closesocket(server);
    CloseHandle(overlapped.hEvent);
}

static void test_timeout(void)
{
    SOCKET client, server;
    DWORD ms = 50;
    char byte;
    make_pair(&client, &server);
    CHECK_EQUAL(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, (char *)&ms, sizeof ms), 0);
    CHECK_EQUAL(recv(server, &byte, 1, 0), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAETIMEDOUT);
    closesocket(client);
    closesocket(server);
}

// More than the host holds: the sender waits for the receiver.
static DWORD WINAPI drain(void *socket)
{
    static char block[65536];
    DWORD total = 0;
    int n;
    while ((n = recv((SOCKET)socket, block, sizeof block, 0)) > 0) total += n;
    return total;
}

static void test_large(void)
{
    enum { SIZE = 8 << 20 };
    SOCKET client, server;
    DWORD total = 0;
    char *data = malloc(SIZE);
    memset(data, 'x', SIZE);
    make_pair(&client, &server);
    HANDLE thread = CreateThread(NULL, 0, drain, (void *)server, 0, NULL);
    CHECK_EQUAL(send(client, data, SIZE, 0), SIZE);
    closesocket(client);
    CHECK_EQUAL(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &total) && total == SIZE, "%lu", total);
    CloseHandle(thread);
    closesocket(server);
    free(data);
}

int main(void)
{
    WSADATA data;
    CHECK(socket(AF_INET, SOCK_STREAM, 0) == INVALID_SOCKET, "a socket before WSAStartup");
    CHECK_EQUAL(WSAGetLastError(), WSANOTINITIALISED);
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    CHECK_EQUAL(data.wVersion, MAKEWORD(2, 2));
    make_listener();
    test_transfer();
    test_refused();
    test_unconnected();
    test_close_unblocks();
    test_files();
    test_timeout();
    test_large();
    closesocket(listener);
    CHECK_EQUAL(WSACleanup(), 0);
    CHECK_EQUAL(WSACleanup(), SOCKET_ERROR);
    return check_summary();
}
