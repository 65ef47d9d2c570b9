// link: -lws2_32
// Addresses and names: text forms, getaddrinfo, services, protocols, byte order, and imports by ordinal.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <string.h>
#include "check.h"

static void test_ipv4_text(void)
{
    static const struct {
        const char *text;
        ULONG address;
    } loose[] = {
        {"1.2.3.4", 0x04030201},    {"1.2.3", 0x03000201},
        {"1.2", 0x02000001},        {"16909060", 0x04030201},
        {"0x7f.1", 0x0100007F},     {"010.0.0.1", 0x01000008},
        {"1.2.3.4 x", 0x04030201},  {" ", 0},
        {"1.2.3.256", INADDR_NONE}, {"1.2.3.4x", INADDR_NONE},
        {"", INADDR_NONE},          {"1.2.3.4.5", INADDR_NONE},
    };
    for (unsigned i = 0; i < ARRAYSIZE(loose); i++)
        CHECK(inet_addr(loose[i].text) == loose[i].address, "\"%s\" is %lx", loose[i].text,
              inet_addr(loose[i].text));
    IN_ADDR address = {.s_addr = htonl(0x0A00FF01)};
    CHECK(!strcmp(inet_ntoa(address), "10.0.255.1"), "%s", inet_ntoa(address));
    CHECK_EQUAL(inet_pton(AF_INET, "10.0.255.1", &address), 1);
    CHECK_EQUAL(address.s_addr, htonl(0x0A00FF01));
    CHECK_EQUAL(inet_pton(AF_INET, "10.0.255", &address), 0);
    CHECK_EQUAL(inet_pton(99, "10.0.255.1", &address), -1);
    CHECK_EQUAL(WSAGetLastError(), WSAEAFNOSUPPORT);
}

static void test_ipv6_text(void)
{
    // text, and how it comes back
    static const char *forms[][2] = {
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:DB8::ABCD", "2001:db8::abcd"},
        {"1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
        {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
        {"::1.2.3.4", "::1.2.3.4"},
        {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
        {"fe80::1:2:3:4", "fe80::1:2:3:4"},
    };
    static const char *bad[] = {
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "12345::", "g::", "1:"};
    IN6_ADDR address;
    char text[46];
    for (unsigned i = 0; i < ARRAYSIZE(forms); i++) {
        CHECK(inet_pton(AF_INET6, forms[i][0], &address) == 1, "%s", forms[i][0]);
        const char *back = inet_ntop(AF_INET6, &address, text, sizeof text);
        CHECK(back && !strcmp(back, forms[i][1]), "%s became %s", forms[i][0], back);
    }
    for (unsigned i = 0; i < ARRAYSIZE(bad); i++)
        CHECK(inet_pton(AF_INET6, bad[i], &address) == 0, "%s is an address", bad[i]);
    CHECK(!inet_ntop(AF_INET6, &address, text, 2), "fits into 2");
}

static void test_socket_text(void)
{
    SOCKADDR_IN ipv4;
    SOCKADDR_IN6 ipv6;
    char text[64];
    INT length = sizeof ipv4;
    DWORD size = sizeof text;
    CHECK_EQUAL(WSAStringToAddressA("10.1.2.3:80", AF_INET, NULL, (SOCKADDR *)&ipv4, &length), 0);
    CHECK_EQUAL(ipv4.sin_port, htons(80));
    CHECK_EQUAL(WSAAddressToStringA((SOCKADDR *)&ipv4, sizeof ipv4, NULL, text, &size), 0);
    CHECK(!strcmp(text, "10.1.2.3:80") && size == 12, "%s, %lu", text, size);
    length = sizeof ipv6;
    CHECK_EQUAL(WSAStringToAddressA("[fe80::1%5]:443", AF_INET6, NULL, (SOCKADDR *)&ipv6, &length), 0);
    size = sizeof text;
    CHECK_EQUAL(WSAAddressToStringA((SOCKADDR *)&ipv6, sizeof ipv6, NULL, text, &size), 0);
    CHECK(!strcmp(text, "[fe80::1%5]:443"), "%s", text);
    size = 3;
    CHECK_EQUAL(WSAAddressToStringA((SOCKADDR *)&ipv6, sizeof ipv6, NULL, text, &size), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    CHECK_EQUAL(size, 16);
}

static void test_lookup(void)
{
    ADDRINFOA *list, hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    ADDRINFOW *wide;
    char node[64], service[32];
    CHECK_EQUAL(getaddrinfo("127.0.0.1", "http", &hints, &list), 0);
    CHECK_EQUAL(((SOCKADDR_IN *)list->ai_addr)->sin_port, htons(80));
    CHECK_EQUAL(list->ai_socktype, SOCK_STREAM);
    CHECK(!list->ai_next, "more than one");
    CHECK_EQUAL(getnameinfo(list->ai_addr, list->ai_addrlen, node, sizeof node, service, sizeof service,
                            NI_NUMERICHOST),
                0);
    CHECK(!strcmp(node, "127.0.0.1") && !strcmp(service, "http"), "%s %s", node, service);
    freeaddrinfo(list);
    CHECK_EQUAL(getaddrinfo("no.number", NULL, &hints, &list), WSAHOST_NOT_FOUND);
    CHECK_EQUAL(getaddrinfo(NULL, NULL, NULL, &list), WSAHOST_NOT_FOUND);
    hints.ai_family = 99;
    CHECK_EQUAL(getaddrinfo("127.0.0.1", NULL, &hints, &list), WSAEAFNOSUPPORT);
    CHECK_EQUAL(GetAddrInfoW(L"::1", L"8080", NULL, &wide), 0);
    CHECK_EQUAL(wide->ai_family, AF_INET6);
    FreeAddrInfoW(wide);
    hints = (ADDRINFOA){.ai_family = AF_UNSPEC, .ai_flags = AI_PASSIVE};
    CHECK_EQUAL(getaddrinfo(NULL, "0", &hints, &list), 0);
    CHECK(list && list->ai_next, "one family only");
    freeaddrinfo(list);
    struct hostent *host = gethostbyname("localhost");
    CHECK(host && *(ULONG *)host->h_addr == htonl(INADDR_LOOPBACK), "%d", WSAGetLastError());
    CHECK_EQUAL(gethostname(node, sizeof node), 0);
    CHECK_EQUAL(gethostname(node, 1), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
}

static void test_databases(void)
{
    struct servent *service = getservbyname("https", "tcp");
    CHECK(service && (u_short)service->s_port == htons(443) && !strcmp(service->s_proto, "tcp"), "https");
    service = getservbyport(htons(53), "udp");
    CHECK(service && !strcmp(service->s_name, "domain") && !strcmp(service->s_proto, "udp"), "domain");
    CHECK(!getservbyname("no such service", NULL), "found");
    CHECK_EQUAL(WSAGetLastError(), WSANO_DATA);
    struct protoent *protocol = getprotobyname("TCP");
    CHECK(protocol && protocol->p_proto == IPPROTO_TCP, "tcp");
    protocol = getprotobynumber(17);
    CHECK(protocol && !strcmp(protocol->p_name, "udp"), "udp");
}

static void test_catalog(void)
{
    DWORD size = 0;
    int tcp[] = {IPPROTO_TCP, 0};
    CHECK_EQUAL(WSAEnumProtocolsW(NULL, NULL, &size), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAENOBUFS);
    WSAPROTOCOL_INFOW *all = malloc(size);
    CHECK(WSAEnumProtocolsW(NULL, all, &size) >= 4, "too few");
    int n = WSAEnumProtocolsW(tcp, all, &size);
    for (int i = 0; i < n; i++) CHECK_EQUAL(all[i].iProtocol, IPPROTO_TCP);
    free(all);
    CHECK(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) == INVALID_SOCKET, "TCP by UDP");
    CHECK_EQUAL(WSAGetLastError(), WSAEPROTONOSUPPORT);
    CHECK(socket(999, SOCK_STREAM, 0) == INVALID_SOCKET, "family 999");
    CHECK_EQUAL(WSAGetLastError(), WSAEAFNOSUPPORT);
    CHECK(socket(AF_INET, 99, 0) == INVALID_SOCKET, "type 99");
    CHECK_EQUAL(WSAGetLastError(), WSAESOCKTNOSUPPORT);
}

static void test_ordinals(void)
{
    static const struct {
        WORD ordinal;
        const char *name;
    } known[] = {{1, "accept"},       {23, "socket"},           {52, "gethostbyname"},
                 {57, "gethostname"}, {111, "WSAGetLastError"}, {115, "WSAStartup"},
                 {116, "WSACleanup"}, {151, "__WSAFDIsSet"}};
    HMODULE dll = GetModuleHandleW(L"ws2_32.dll");
    for (unsigned i = 0; i < ARRAYSIZE(known); i++)
        CHECK(GetProcAddress(dll, MAKEINTRESOURCEA(known[i].ordinal)) == GetProcAddress(dll, known[i].name),
              "%s", known[i].name);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(1, 1), &data), 0);
    CHECK_EQUAL(data.wVersion, MAKEWORD(1, 1));
    CHECK_EQUAL(htons(0x1234), 0x3412);
    CHECK_EQUAL(ntohl(0x12345678), 0x78563412);
    test_ipv4_text();
    test_ipv6_text();
    test_socket_text();
    test_lookup();
    test_databases();
    test_catalog();
    test_ordinals();
    return check_summary();
}
