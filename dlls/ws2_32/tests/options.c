// link: -lws2_32
// Options of sockets by Windows' structures and lengths, control data that they ask for, and TransmitPackets.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <string.h>
#include "check.h"
#include "listener.h"

enum {
    RECEIVE_ECN = 50,
    MTU_DISCOVER = 71,
    RANDOMIZE_PORT = 0x3005,
    REUSE_UNICASTPORT = 0x3007,
    KEEP_ALIVE = 3,
    MAX_RETRY = 5
};
#define UDP_NETRESET 0x9800000Fu

static int get(SOCKET socket, int level, int name)
{
    int value = 0x55555555, length = sizeof value;
    CHECK(!getsockopt(socket, level, name, (char *)&value, &length), "%d %d: %d", level, name,
          WSAGetLastError());
    return value;
}

static void set(SOCKET socket, int level, int name, int value)
{
    CHECK(!setsockopt(socket, level, name, (char *)&value, sizeof value), "%d %d: %d", level, name,
          WSAGetLastError());
}

static void test_numbers(SOCKET datagrams, SOCKET stream)
{
    static const int kept[] = {RANDOMIZE_PORT, REUSE_UNICASTPORT, SO_CONDITIONAL_ACCEPT};
    for (unsigned i = 0; i < ARRAYSIZE(kept); i++) {
        CHECK_EQUAL(get(stream, SOL_SOCKET, kept[i]), 0);
        set(stream, SOL_SOCKET, kept[i], 1);
        CHECK_EQUAL(get(stream, SOL_SOCKET, kept[i]), 1);
    }
    for (int discovery = 1; discovery <= 3; discovery++) {
        set(datagrams, IPPROTO_IP, MTU_DISCOVER, discovery);
        CHECK_EQUAL(get(datagrams, IPPROTO_IP, MTU_DISCOVER), discovery);
    }
    set(datagrams, SOL_SOCKET, SO_ERROR, 1234);
    CHECK_EQUAL(get(datagrams, SOL_SOCKET, SO_ERROR), 1234);
    set(stream, IPPROTO_TCP, MAX_RETRY, 20);
    CHECK_EQUAL(get(stream, IPPROTO_TCP, MAX_RETRY), 20);
}

static void check_short(SOCKET socket, int level, int name, int length, int error, int left, unsigned value)
{
    unsigned got = 0xDEADBEEF;
    WSASetLastError(0);
    getsockopt(socket, level, name, (char *)&got, &length);
    CHECK(WSAGetLastError() == error, "%d: %d", name, WSAGetLastError());
    CHECK(length == left && got == value, "%d: %d bytes, %x", name, length, got);
}

// What too little room gets.
static void test_lengths(SOCKET stream)
{
    check_short(stream, SOL_SOCKET, SO_REUSEADDR, 2, 0, 1, 0xDEAD0000);
    check_short(stream, SOL_SOCKET, SO_RCVBUF, 2, WSAEFAULT, 2, 0xDEAD0000);
    check_short(stream, SOL_SOCKET, SO_RCVTIMEO, 2, WSAEFAULT, 2, 0xDEADBEEF);
    check_short(stream, IPPROTO_TCP, KEEP_ALIVE, 2, WSAEFAULT, 0, 0xDEADBEEF);
    check_short(stream, IPPROTO_IP, IP_MULTICAST_TTL, 4, WSAEINVAL, 4, 0xDEADBEEF);
}

static void test_groups(SOCKET datagrams)
{
    IP_MREQ member = {.imr_multiaddr.s_addr = inet_addr("239.1.2.3"), .imr_interface.s_addr = htonl(1)};
    IP_MREQ_SOURCE source = {.imr_multiaddr.s_addr = inet_addr("239.1.2.4"),
                             .imr_sourceaddr.s_addr = inet_addr("127.0.0.9"),
                             .imr_interface.s_addr = htonl(INADDR_LOOPBACK)};
    struct {
        ULONG index, unused;
        SOCKADDR_STORAGE group;
    } request = {.index = 1};
    SOCKADDR_IN *group = (SOCKADDR_IN *)&request.group;
    // An interface's index in place of its address; the host's loopback has the first.
    CHECK(!setsockopt(datagrams, IPPROTO_IP, IP_ADD_MEMBERSHIP, (char *)&member, sizeof member), "%d",
          WSAGetLastError());
    CHECK(!setsockopt(datagrams, IPPROTO_IP, IP_DROP_MEMBERSHIP, (char *)&member, sizeof member), "%d",
          WSAGetLastError());
    CHECK(!setsockopt(datagrams, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, (char *)&source, sizeof source), "%d",
          WSAGetLastError());
    CHECK(!setsockopt(datagrams, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, (char *)&source, sizeof source), "%d",
          WSAGetLastError());
    CHECK(setsockopt(datagrams, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, (char *)&source, 8), "too short");
    group->sin_family = AF_INET;
    group->sin_addr.s_addr = inet_addr("239.1.2.5");
    CHECK(!setsockopt(datagrams, IPPROTO_IP, MCAST_JOIN_GROUP, (char *)&request, sizeof request), "%d",
          WSAGetLastError());
    CHECK(!setsockopt(datagrams, IPPROTO_IP, MCAST_LEAVE_GROUP, (char *)&request, sizeof request), "%d",
          WSAGetLastError());
}

// Sends a datagram with a type of service and receives it with the part of it that was asked for.
static void test_congestion(SOCKET datagrams)
{
    enum { TOS = 0x2A, ECN = TOS & 3 };
    GUID guid = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG receive;
    DWORD n;
    SOCKADDR_IN to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof to;
    char byte = 'x', control[64];
    WSABUF buffer = {1, &byte};
    SOCKADDR_IN from;
    WSAMSG message = {(SOCKADDR *)&from, sizeof from, &buffer, 1, {sizeof control, control}, 0};
    SOCKET sender = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(!WSAIoctl(datagrams, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &receive,
                    sizeof receive, &n, NULL, NULL),
          "%d", WSAGetLastError());
    CHECK_EQUAL(bind(datagrams, (SOCKADDR *)&to, sizeof to), 0);
    CHECK_EQUAL(getsockname(datagrams, (SOCKADDR *)&to, &length), 0);
    set(datagrams, IPPROTO_IP, RECEIVE_ECN, 1);
    CHECK_EQUAL(get(datagrams, IPPROTO_IP, RECEIVE_ECN), 1);
    CHECK_EQUAL(get(datagrams, IPPROTO_IP, IP_RECVTOS), 0);
    set(sender, IPPROTO_IP, IP_TOS, TOS);
    CHECK_EQUAL(sendto(sender, "a", 1, 0, (SOCKADDR *)&to, sizeof to), 1);
    CHECK(!receive(datagrams, &message, &n, NULL, NULL), "%d", WSAGetLastError());
    const WSACMSGHDR *header = (WSACMSGHDR *)control;
    int value;
    memcpy(&value, control + sizeof *header, sizeof value);
    CHECK_EQUAL(message.Control.len, sizeof *header + sizeof value);
    CHECK(header->cmsg_level == IPPROTO_IP && header->cmsg_type == RECEIVE_ECN, "%d", header->cmsg_type);
    CHECK_EQUAL(value, ECN);
    closesocket(sender);
}

static void test_ioctls(SOCKET datagrams, SOCKET stream)
{
    BOOL no = FALSE;
    DWORD n;
    CHECK_EQUAL(WSAIoctl(datagrams, UDP_NETRESET, &no, sizeof no, NULL, 0, &n, NULL, NULL), 0);
    CHECK_EQUAL(WSAIoctl(datagrams, SIO_ENABLE_CIRCULAR_QUEUEING, NULL, 0, NULL, 0, &n, NULL, NULL), 0);
    CHECK(WSAIoctl(stream, UDP_NETRESET, &no, sizeof no, NULL, 0, &n, NULL, NULL), "a stream");
}

// Memory and a file in turn, and the end of the connection after them.
static void test_packets(void)
{
    GUID guid = WSAID_TRANSMITPACKETS;
    LPFN_TRANSMITPACKETS transmit;
    SOCKET client, server;
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    char path[MAX_PATH], got[32];
    DWORD n, flags;
    int size = 0, more;
    make_pair(&client, &server);
    GetTempFileNameA(".", "pkt", 0, path);
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(WriteFile(file, "0123456789", 10, &n, NULL), "%lu", GetLastError());
    TRANSMIT_PACKETS_ELEMENT elements[3] = {
        {.dwElFlags = TP_ELEMENT_MEMORY, .cLength = 2, .pBuffer = "<<"},
        {.dwElFlags = TP_ELEMENT_FILE, .cLength = 4, .nFileOffset.QuadPart = 3, .hFile = file},
        {.dwElFlags = TP_ELEMENT_MEMORY | TP_ELEMENT_EOP, .cLength = 2, .pBuffer = ">>"},
    };
    CHECK(!WSAIoctl(client, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &transmit,
                    sizeof transmit, &n, NULL, NULL),
          "%d", WSAGetLastError());
    CHECK(!transmit(client, elements, 0, 0, NULL, 0) && WSAGetLastError() == WSAEINVAL, "%d",
          WSAGetLastError());
    BOOL done =
        transmit(client, elements, ARRAYSIZE(elements), 0, &overlapped, TP_DISCONNECT | TP_REUSE_SOCKET);
    CHECK(done || WSAGetLastError() == WSA_IO_PENDING, "%d", WSAGetLastError());
    CHECK(WSAGetOverlappedResult(client, &overlapped, &n, TRUE, &flags), "%d", WSAGetLastError());
    CHECK_EQUAL(n, 8);
    while ((more = recv(server, got + size, sizeof got - size, 0)) > 0) size += more;
    CHECK(size == 8 && !memcmp(got, "<<3456>>", 8), "%.*s", size, got);
    CHECK_EQUAL(more, 0); // the connection has ended
    elements[0].pBuffer = (void *)1;
    CHECK(!transmit(server, elements, 1, 0, NULL, 0) && WSAGetLastError() == WSAEFAULT, "%d",
          WSAGetLastError());
    elements[1].hFile = (HANDLE)0x7770;
    CHECK(!transmit(server, elements + 1, 1, 0, NULL, 0), "no file");
    CloseHandle(file);
    CloseHandle(overlapped.hEvent);
    closesocket(client);
    closesocket(server);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    SOCKET datagrams = socket(AF_INET, SOCK_DGRAM, 0), stream = socket(AF_INET, SOCK_STREAM, 0);
    make_listener();
    test_numbers(datagrams, stream);
    test_lengths(stream);
    test_groups(datagrams);
    test_congestion(datagrams);
    test_ioctls(datagrams, stream);
    test_packets();
    closesocket(datagrams);
    closesocket(stream);
    closesocket(listener);
    WSACleanup();
    return check_summary();
}
