// link: -lws2_32 -lmswsock -lntdll
// Many sockets at once: connections accepted, read and written through one completion port (a first argument
// says how many), and sockets that are accepted into while polls wait for them.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <winternl.h>
#include <ntstatus.h>
#include <stdint.h>
#include <string.h>
#include "check.h"
#include "listener.h"

enum { CONNECTIONS = 200, ADDRESS = sizeof(SOCKADDR_IN) + 16, IOCTL_AFD_POLL = 0x12024 };

// ---- a server and its clients on one port ----

enum step { ACCEPTING, SERVER_READING, CLIENT_READING };

struct connection {
    OVERLAPPED accept, server_read, client_read;
    SOCKET server, client;
    char addresses[2 * ADDRESS];
    int question, answer, asked;
};

static void begin_read(SOCKET socket, void *into, OVERLAPPED *overlapped)
{
    WSABUF buffer = {sizeof(int), into};
    DWORD flags = 0;
    int result = WSARecv(socket, &buffer, 1, NULL, &flags, overlapped, NULL);
    CHECK(result == 0 || WSAGetLastError() == WSA_IO_PENDING, "%d", WSAGetLastError());
}

// What a completion is of, by which of a connection's OVERLAPPEDs it brings.
static enum step step_of(struct connection *all, const OVERLAPPED *done, struct connection **connection)
{
    size_t offset = (size_t)((const char *)done - (const char *)all);
    *connection = &all[offset / sizeof *all];
    if (done == &(*connection)->accept) return ACCEPTING;
    return done == &(*connection)->server_read ? SERVER_READING : CLIENT_READING;
}

static void begin_accept(struct connection *connection)
{
    DWORD n;
    connection->server = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    BOOL done = AcceptEx(listener, connection->server, connection->addresses, 0, ADDRESS, ADDRESS, &n,
                         &connection->accept);
    CHECK(!done && WSAGetLastError() == ERROR_IO_PENDING, "%d", WSAGetLastError());
}

static void test_server(unsigned n)
{
    HANDLE port = CreateIoCompletionPort((HANDLE)listener, NULL, 0, 0);
    struct connection *all = calloc(n, sizeof *all), *connection;
    unsigned answered = 0, wrong = 0;
    for (unsigned i = 0; i < n; i++) begin_accept(&all[i]);
    for (unsigned i = 0; i < n; i++) {
        all[i].client = socket(AF_INET, SOCK_STREAM, 0);
        CHECK_EQUAL(connect(all[i].client, (SOCKADDR *)&address, sizeof address), 0);
        CreateIoCompletionPort((HANDLE)all[i].client, port, 0, 0);
        begin_read(all[i].client, &all[i].answer, &all[i].client_read);
    }
    for (unsigned i = 0; i < n; i++) {
        all[i].asked = (int)i;
        CHECK_EQUAL(send(all[i].client, (char *)&all[i].asked, sizeof(int), 0), sizeof(int));
    }
    while (answered < n) {
        DWORD size;
        ULONG_PTR key;
        OVERLAPPED *done;
        if (!GetQueuedCompletionStatus(port, &size, &key, &done, 20000)) break;
        switch (step_of(all, done, &connection)) {
        case ACCEPTING:
            CreateIoCompletionPort((HANDLE)connection->server, port, 0, 0);
            begin_read(connection->server, &connection->question, &connection->server_read);
            break;
        case SERVER_READING:
            connection->question++;
            send(connection->server, (char *)&connection->question, sizeof(int), 0);
            break;
        case CLIENT_READING: answered++; wrong += connection->answer != connection->asked + 1;
        }
    }
    CHECK_EQUAL(answered, n);
    CHECK_EQUAL(wrong, 0);
    for (unsigned i = 0; i < n; i++) {
        closesocket(all[i].client);
        closesocket(all[i].server);
    }
    free(all);
    CloseHandle(port);
}

// ---- polls of sockets that become others ----

struct poll {
    LONGLONG timeout;
    ULONG count, exclusive;
    struct {
        SOCKET socket;
        ULONG events;
        LONG status;
    } handle;
};

// The polls are calls on the listener, as AcceptEx is: who looks at them and who accepts want the same lock.
static void test_accept_beside_polls(void)
{
    enum { ROUNDS = 60, POLL_SEND = 4 };
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL),
           accept_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    unsigned told = 0, accepted = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        char addresses[2 * ADDRESS];
        OVERLAPPED overlapped = {.hEvent = accept_event};
        IO_STATUS_BLOCK block;
        DWORD n;
        SOCKET client = socket(AF_INET, SOCK_STREAM, 0), server = socket(AF_INET, SOCK_STREAM, 0);
        struct poll poll = {
            .timeout = INT64_MAX, .count = 1, .handle = {.socket = server, .events = POLL_SEND}};
        struct poll found = poll;
        if (i % 2) CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
        CHECK_EQUAL(NtDeviceIoControlFile((HANDLE)listener, event, NULL, NULL, &block, IOCTL_AFD_POLL, &poll,
                                          sizeof poll, &found, sizeof found),
                    STATUS_PENDING);
        BOOL done = AcceptEx(listener, server, addresses, 0, ADDRESS, ADDRESS, &n, &overlapped);
        CHECK(done || WSAGetLastError() == ERROR_IO_PENDING, "%d", WSAGetLastError());
        if (!(i % 2)) CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
        accepted += WaitForSingleObject(accept_event, 20000) == WAIT_OBJECT_0;
        told += WaitForSingleObject(event, 20000) == WAIT_OBJECT_0 && found.handle.events & POLL_SEND;
        closesocket(client);
        closesocket(server);
    }
    CHECK_EQUAL(accepted, ROUNDS);
    CHECK_EQUAL(told, ROUNDS);
    CloseHandle(event);
    CloseHandle(accept_event);
}

int main(int argc, char **argv)
{
    WSADATA data;
    setvbuf(stdout, NULL, _IONBF, 0);
    WSAStartup(MAKEWORD(2, 2), &data);
    make_listener();
    test_accept_beside_polls();
    test_server(argc > 1 ? (unsigned)atoi(argv[1]) : CONNECTIONS);
    closesocket(listener);
    WSACleanup();
    return check_summary();
}
