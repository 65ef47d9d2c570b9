// link: -liphlpapi -lws2_32
// Neighbours that are asked for, echoes in the background, statistics by family, texts and single entries.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windns.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <icmpapi.h>
#include <windows.h>
#include <string.h>
#include "check.h"

static NET_IFINDEX loopback;

static void test_neighbours(void)
{
    UCHAR address[8];
    ULONG length = sizeof address;
    MIB_IPNET_ROW2 row = {.InterfaceIndex = loopback};
    CHECK_EQUAL(SendARP(0, 0, address, &length), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(SendARP(htonl(INADDR_LOOPBACK), 0, NULL, &length), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(SendARP(htonl(INADDR_LOOPBACK), 0, address, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(SendARP(htonl(INADDR_LOOPBACK), 0, address, &length), ERROR_SUCCESS);
    CHECK(length <= 6, "%lu", length);
    CHECK_EQUAL(ResolveIpNetEntry2(NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(ResolveIpNetEntry2(&row, NULL), ERROR_INVALID_PARAMETER); // of no family
    row.Address.Ipv4.sin_family = AF_INET;
    row.Address.Ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQUAL(ResolveIpNetEntry2(&row, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(row.State, NlnsReachable);
    row.Address.Ipv4.sin_addr.s_addr = htonl(0x7F00FE09);
    CHECK_EQUAL(GetIpNetEntry2(&row), ERROR_NOT_FOUND);
    CHECK_EQUAL(GetIpNetEntry2(NULL), ERROR_INVALID_PARAMETER);
}

// Hosts may refuse echoes; then the background one says so too.
static void test_echoes(void)
{
    char data[] = "ping", reply[sizeof(ICMP_ECHO_REPLY) + sizeof data + 8];
    HANDLE icmp = IcmpCreateFile(), event = CreateEventW(NULL, FALSE, FALSE, NULL);
    DWORD at_once =
        IcmpSendEcho(icmp, htonl(INADDR_LOOPBACK), data, sizeof data, NULL, reply, sizeof reply, 1000);
    memset(reply, 0, sizeof reply);
    CHECK(!IcmpSendEcho2(icmp, event, NULL, NULL, htonl(INADDR_LOOPBACK), data, sizeof data, NULL, reply,
                         sizeof reply, 1000) &&
              GetLastError() == ERROR_IO_PENDING,
          "%lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    CHECK_EQUAL(IcmpParseReplies(reply, sizeof reply), at_once);
    if (at_once) CHECK(!memcmp(((ICMP_ECHO_REPLY *)reply)->Data, data, sizeof data), "the data");
    CHECK_EQUAL(IcmpParseReplies(NULL, 0), 0);
    HANDLE icmp6 = Icmp6CreateFile();
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    CHECK(!Icmp6SendEcho2(icmp, NULL, NULL, NULL, &to, &to, data, sizeof data, NULL, reply, sizeof reply,
                          1000) &&
              GetLastError() == ERROR_INVALID_HANDLE,
          "%lu", GetLastError());
    CHECK(!Icmp6SendEcho2(icmp6, NULL, NULL, NULL, &to, &to, data, sizeof data, NULL, reply, 4, 1000) &&
              GetLastError() == IP_BUF_TOO_SMALL,
          "%lu", GetLastError());
    CHECK(IcmpCloseHandle(icmp) && IcmpCloseHandle(icmp6) && !IcmpCloseHandle(NULL), "%lu", GetLastError());
    CloseHandle(event);
}

static void test_statistics(void)
{
    MIB_IPSTATS ip;
    MIB_UDPSTATS udp;
    MIB_ICMP_EX icmp;
    CHECK_EQUAL(GetIpStatisticsEx(&ip, AF_INET6), ERROR_SUCCESS);
    CHECK_EQUAL(GetUdpStatisticsEx(&udp, AF_INET6), ERROR_SUCCESS);
    CHECK_EQUAL(GetIcmpStatisticsEx(&icmp, AF_INET), ERROR_SUCCESS);
    CHECK_EQUAL(GetIcmpStatisticsEx(&icmp, 77), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetIcmpStatisticsEx(NULL, AF_INET), ERROR_INVALID_PARAMETER);
}

static void test_strings(void)
{
    static const struct {
        const WCHAR *text;
        DWORD types;
        NET_ADDRESS_FORMAT format; // 0: refused
        unsigned port, prefix;
    } cases[] = {
        {L"192.168.1.2", NET_STRING_IPV4_ADDRESS, NET_ADDRESS_IPV4, 0, 255},
        {L"192.168.1.2:80", NET_STRING_IPV4_SERVICE, NET_ADDRESS_IPV4, 80, 255},
        {L"192.168.1.2:80", NET_STRING_IPV4_ADDRESS, 0, 0, 0},
        {L"192.168.1.2", NET_STRING_IPV4_SERVICE, 0, 0, 0},
        {L"192.168.1.0/24", NET_STRING_IPV4_NETWORK, NET_ADDRESS_IPV4, 0, 24},
        {L"192.168.1.1/24", NET_STRING_IPV4_NETWORK, 0, 0, 0},
        {L"fe80::1%3", NET_STRING_IPV6_ADDRESS, NET_ADDRESS_IPV6, 0, 255},
        {L"fe80::1%3", NET_STRING_IPV6_ADDRESS_NO_SCOPE, 0, 0, 0},
        {L"[::1]:443", NET_STRING_IPV6_SERVICE, NET_ADDRESS_IPV6, 443, 255},
        {L"2001:db8::/32", NET_STRING_IPV6_NETWORK, NET_ADDRESS_IPV6, 0, 32},
        {L"www.example.com", NET_STRING_NAMED_ADDRESS, NET_ADDRESS_DNS_NAME, 0, 255},
        {L"www.example.com:8080", NET_STRING_NAMED_SERVICE, NET_ADDRESS_DNS_NAME, 8080, 255},
        {L"www.example.com:99999", NET_STRING_NAMED_SERVICE, 0, 0, 0},
        {L"www.example.com:000000000080", NET_STRING_NAMED_SERVICE, 0, 0, 0},
        {L"", NET_STRING_ANY_ADDRESS, 0, 0, 0},
    };
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        NET_ADDRESS_INFO info;
        USHORT port = 1;
        BYTE prefix = 1;
        DWORD error = ParseNetworkString(cases[i].text, cases[i].types, &info, &port, &prefix);
        CHECK(error == (cases[i].format ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER), "%u: %lu", i, error);
        if (!error)
            CHECK(info.Format == cases[i].format && port == cases[i].port && prefix == cases[i].prefix,
                  "%u: %u %u", i, port, prefix);
    }
    CHECK_EQUAL(ParseNetworkString(NULL, NET_STRING_ANY_ADDRESS, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
}

static void test_entries(void)
{
    MIB_IPADDRTABLE *addresses = NULL;
    MIB_IPFORWARD_TABLE2 *routes = NULL;
    CHECK_EQUAL(GetIpForwardTable2(AF_UNSPEC, &routes), ERROR_SUCCESS);
    if (routes && routes->NumEntries) {
        MIB_IPFORWARD_ROW2 row = {.InterfaceIndex = routes->Table[0].InterfaceIndex,
                                  .DestinationPrefix = routes->Table[0].DestinationPrefix,
                                  .NextHop = routes->Table[0].NextHop};
        CHECK_EQUAL(GetIpForwardEntry2(&row), ERROR_SUCCESS);
        row.DestinationPrefix.PrefixLength = 31;
        row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = 1;
        CHECK_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
    }
    CHECK_EQUAL(GetIpForwardEntry2(NULL), ERROR_INVALID_PARAMETER);
    if (routes) FreeMibTable(routes);
    CHECK_EQUAL(GetCurrentThreadCompartmentId(), 1);
    CHECK_EQUAL(GetFriendlyIfIndex(0x12000007), 7);
    DWORD(WINAPI * allocate)
    (MIB_IPADDRTABLE **, WINBOOL, HANDLE, DWORD) =
        (void *)GetProcAddress(GetModuleHandleA("iphlpapi"), "AllocateAndGetIpAddrTableFromStack");
    CHECK(allocate && !allocate(&addresses, TRUE, GetProcessHeap(), 0), "the table");
    if (addresses) {
        CHECK(addresses->dwNumEntries >= 1, "empty");
        HeapFree(GetProcessHeap(), 0, addresses);
    }
}

// The order that destinations are tried in: those that can be reached first, then by their policy.
static void test_pairs(void)
{
    static const unsigned char mapped[16] = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1};
    SOCKADDR_IN6 to[3] = {{.sin6_family = AF_INET6}, {.sin6_family = AF_INET6}, {.sin6_family = AF_INET6}};
    SOCKADDR_IN6_PAIR *pairs = NULL;
    ULONG count = 7;
    memcpy(&to[1].sin6_addr, mapped, sizeof mapped);
    to[2].sin6_addr.u.Byte[15] = 1;                          // ::1
    memcpy(&to[0].sin6_addr, "\x20\x01\x0d\xb8\0\0\0\1", 8); // of documentation, hence nowhere
    CHECK_EQUAL(CreateSortedAddressPairs(NULL, 0, NULL, 1, 0, &pairs, &count), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(CreateSortedAddressPairs(NULL, 0, to, 3, 0, NULL, &count), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(CreateSortedAddressPairs(NULL, 0, to, 501, 0, &pairs, &count), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(CreateSortedAddressPairs(NULL, 0, to + 1, 2, 0, &pairs, &count), ERROR_SUCCESS);
    CHECK_EQUAL(count, 2);
    if (!pairs) return;
    CHECK_EQUAL(pairs[0].DestinationAddress->sin6_addr.u.Byte[10], 0); // ::1 has the highest precedence
    CHECK(!memcmp(&pairs[1].SourceAddress->sin6_addr, mapped, sizeof mapped), "127.0.0.1 comes from itself");
    FreeMibTable(pairs);
    to[0].sin6_family = AF_INET;
    CHECK_EQUAL(CreateSortedAddressPairs(NULL, 0, to, 3, 0, &pairs, &count), ERROR_INVALID_PARAMETER);
}

static void test_refused(void)
{
    MIB_TCPROW connection = {.dwState = MIB_TCP_STATE_ESTAB};
    MIB_IPFORWARDROW route = {0};
    CHECK_EQUAL(SetTcpEntry(NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(SetTcpEntry(&connection), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(CreateIpForwardEntry(&route), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(CreateIpForwardEntry(NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(FlushIpNetTable(0x7777), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    loopback = 1; // where every Linux host has it
    test_neighbours();
    test_echoes();
    test_statistics();
    test_strings();
    test_entries();
    test_pairs();
    test_refused();
    WSACleanup();
    return check_summary();
}
