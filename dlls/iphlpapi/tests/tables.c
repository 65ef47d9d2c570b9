// link: -liphlpapi -lws2_32
// The network as iphlpapi tells of it: what every host has is the loopback interface and its addresses.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include <windows.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include "check.h"

static ULONG loopback;

static void test_adapters(void)
{
    ULONG size = 0;
    CHECK_EQUAL(GetAdaptersAddresses(AF_UNSPEC, 0, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetAdaptersAddresses(77, 0, NULL, NULL, &size), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, NULL, NULL, &size),
                ERROR_BUFFER_OVERFLOW);
    IP_ADAPTER_ADDRESSES *adapters = malloc(size);
    CHECK_EQUAL(GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, NULL, adapters, &size), 0);
    bool found = false;
    for (IP_ADAPTER_ADDRESSES *each = adapters; each; each = each->Next) {
        CHECK(strlen(each->AdapterName) == 38, "%s", each->AdapterName);
        if (each->IfType != IF_TYPE_SOFTWARE_LOOPBACK) continue;
        loopback = each->IfIndex;
        CHECK_EQUAL(each->OperStatus, IfOperStatusUp);
        for (IP_ADAPTER_UNICAST_ADDRESS *address = each->FirstUnicastAddress; address;
             address = address->Next) {
            const SOCKADDR_IN *ipv4 = (SOCKADDR_IN *)address->Address.lpSockaddr;
            if (ipv4->sin_family != AF_INET || ipv4->sin_addr.s_addr != htonl(INADDR_LOOPBACK)) continue;
            found = true;
            CHECK_EQUAL(address->OnLinkPrefixLength, 8);
            CHECK(each->FirstPrefix != NULL, "no prefix");
        }
    }
    CHECK(found, "no 127.0.0.1");
    CHECK(loopback != 0, "no index");
    free(adapters);
}

static void test_names(void)
{
    NET_LUID luid, again;
    NET_IFINDEX index = 0;
    GUID guid;
    WCHAR alias[IF_MAX_STRING_SIZE + 1], wide[IF_MAX_STRING_SIZE + 1];
    char name[IF_MAX_STRING_SIZE + 1] = "";
    CHECK_EQUAL(ConvertInterfaceIndexToLuid(loopback, &luid), 0);
    CHECK_EQUAL(luid.Info.IfType, IF_TYPE_SOFTWARE_LOOPBACK);
    CHECK_EQUAL(ConvertInterfaceLuidToIndex(&luid, &index), 0);
    CHECK_EQUAL(index, loopback);
    CHECK_EQUAL(ConvertInterfaceLuidToGuid(&luid, &guid), 0);
    CHECK_EQUAL(ConvertInterfaceGuidToLuid(&guid, &again), 0);
    CHECK(again.Value == luid.Value, "another luid");
    CHECK_EQUAL(ConvertInterfaceLuidToAlias(&luid, alias, ARRAYSIZE(alias)), 0);
    CHECK_EQUAL(ConvertInterfaceAliasToLuid(alias, &again), 0);
    CHECK(again.Value == luid.Value, "another luid");
    CHECK(if_indextoname(loopback, name) == name, "no name");
    CHECK(!strncmp(name, "loopback_", 9), "%s", name);
    CHECK_EQUAL(if_nametoindex(name), loopback);
    CHECK_EQUAL(ConvertInterfaceLuidToNameW(&luid, wide, ARRAYSIZE(wide)), 0);
    CHECK_EQUAL(ConvertInterfaceNameToLuidW(wide, &again), 0);
    CHECK(again.Value == luid.Value, "another luid");
    CHECK_EQUAL(ConvertInterfaceLuidToNameW(&luid, wide, 4), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQUAL(ConvertInterfaceIndexToLuid(0x7FFFFFF, &luid), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(ConvertInterfaceIndexToLuid(loopback, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(ConvertInterfaceNameToLuidW(L"nonsense", &luid), ERROR_INVALID_NAME);
    CHECK_EQUAL(if_nametoindex("nonsense"), 0);
}

static void test_interfaces(void)
{
    MIB_IFROW row = {.dwIndex = loopback};
    MIB_IF_ROW2 row2 = {.InterfaceIndex = loopback};
    MIB_IF_TABLE2 *table2;
    ULONG size = 0;
    DWORD number = 0;
    CHECK_EQUAL(GetIfEntry(&row), 0);
    CHECK_EQUAL(row.dwType, IF_TYPE_SOFTWARE_LOOPBACK);
    row.dwIndex = 0x7FFFFFF;
    CHECK_EQUAL(GetIfEntry(&row), ERROR_INVALID_DATA);
    CHECK_EQUAL(GetIfEntry2(&row2), 0);
    CHECK_EQUAL(row2.Type, IF_TYPE_SOFTWARE_LOOPBACK);
    CHECK_EQUAL(GetIfTable(NULL, &size, FALSE), ERROR_INSUFFICIENT_BUFFER);
    MIB_IFTABLE *table = malloc(size);
    CHECK_EQUAL(GetIfTable(table, &size, FALSE), 0);
    CHECK_EQUAL(GetNumberOfInterfaces(&number), 0);
    CHECK_EQUAL(table->dwNumEntries, number);
    CHECK_EQUAL(GetIfTable2(&table2), 0);
    CHECK_EQUAL(table2->NumEntries, number);
    FreeMibTable(table2);
    free(table);
}

static void test_addresses_and_routes(void)
{
    MIB_UNICASTIPADDRESS_TABLE *unicast;
    SOCKADDR_INET destination = {.Ipv4 = {.sin_family = AF_INET}}, source;
    MIB_IPFORWARD_ROW2 best;
    MIB_IPFORWARD_TABLE2 *routes;
    ULONG size = 0;
    DWORD index = 0;
    CHECK_EQUAL(GetIpAddrTable(NULL, &size, TRUE), ERROR_INSUFFICIENT_BUFFER);
    MIB_IPADDRTABLE *table = malloc(size);
    CHECK_EQUAL(GetIpAddrTable(table, &size, TRUE), 0);
    bool found = false;
    for (DWORD i = 0; i < table->dwNumEntries; i++)
        if (table->table[i].dwAddr == htonl(INADDR_LOOPBACK)) {
            found = true;
            CHECK_EQUAL(table->table[i].dwMask, htonl(0xFF000000));
        }
    CHECK(found, "no 127.0.0.1");
    CHECK_EQUAL(GetUnicastIpAddressTable(AF_INET, &unicast), 0);
    CHECK_EQUAL(unicast->NumEntries, table->dwNumEntries);
    CHECK_EQUAL(GetUnicastIpAddressEntry(&unicast->Table[0]), 0);
    FreeMibTable(unicast);
    free(table);
    CHECK_EQUAL(GetBestInterface(htonl(INADDR_LOOPBACK), &index), 0);
    CHECK_EQUAL(index, loopback);
    destination.Ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQUAL(GetBestRoute2(NULL, 0, NULL, &destination, 0, &best, &source), 0);
    CHECK_EQUAL(best.InterfaceIndex, loopback);
    CHECK_EQUAL(source.Ipv4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_EQUAL(GetIpForwardTable2(AF_UNSPEC, &routes), 0);
    CHECK(routes->NumEntries > 0, "no routes");
    FreeMibTable(routes);
}

static void test_endpoints(void)
{
    SOCKADDR_IN address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    MIB_TCPSTATS statistics;
    int length = sizeof address;
    DWORD size = 0;
    bool found = false;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(listen(listener, 1), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), 0);
    CHECK_EQUAL(GetExtendedTcpTable(NULL, &size, TRUE, AF_INET, TCP_TABLE_OWNER_PID_LISTENER, 0),
                ERROR_INSUFFICIENT_BUFFER);
    size += 1024;
    MIB_TCPTABLE_OWNER_PID *table = malloc(size);
    CHECK_EQUAL(GetExtendedTcpTable(table, &size, TRUE, AF_INET, TCP_TABLE_OWNER_PID_LISTENER, 0), 0);
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        CHECK_EQUAL(table->table[i].dwState, MIB_TCP_STATE_LISTEN);
        if ((USHORT)table->table[i].dwLocalPort != address.sin_port) continue;
        found = true;
        CHECK_EQUAL(table->table[i].dwLocalAddr, htonl(INADDR_LOOPBACK));
        CHECK_EQUAL(table->table[i].dwOwningPid, GetCurrentProcessId());
    }
    CHECK(found, "the listener is missing");
    CHECK_EQUAL(GetExtendedTcpTable(table, &size, TRUE, 77, TCP_TABLE_OWNER_PID_LISTENER, 0),
                ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(GetTcpStatistics(&statistics), 0);
    free(table);
    closesocket(listener);
}

static void WINAPI told(void *context, MIB_IPINTERFACE_ROW *row, MIB_NOTIFICATION_TYPE type)
{
    CHECK(row == NULL, "a row");
    CHECK_EQUAL(type, MibInitialNotification);
    ++*(LONG *)context;
}

static void test_notifications(void)
{
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    HANDLE handle = NULL;
    LONG calls = 0;
    CHECK_EQUAL(NotifyAddrChange(&handle, &overlapped), ERROR_IO_PENDING);
    CHECK(CancelIPChangeNotify(&overlapped), "%lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 10000), WAIT_OBJECT_0);
    CHECK(!CancelIPChangeNotify(&overlapped), "cancelled twice");
    CHECK_EQUAL(NotifyIpInterfaceChange(AF_UNSPEC, told, &calls, TRUE, &handle), 0);
    CHECK_EQUAL(calls, 1);
    CHECK_EQUAL(CancelMibChangeNotify2(handle), 0);
    CHECK_EQUAL(NotifyIpInterfaceChange(AF_UNSPEC, NULL, NULL, FALSE, &handle), ERROR_INVALID_PARAMETER);
    CloseHandle(overlapped.hEvent);
}

// Whether the host lets anybody send echoes is its administrator's affair.
static void test_echo(void)
{
    char reply[sizeof(ICMP_ECHO_REPLY) + 32], data[] = "echo";
    HANDLE icmp = IcmpCreateFile();
    CHECK_EQUAL(IcmpSendEcho(icmp, htonl(INADDR_LOOPBACK), data, sizeof data, NULL, reply, 4, 1000), 0);
    CHECK_EQUAL(GetLastError(), IP_BUF_TOO_SMALL);
    DWORD replies =
        IcmpSendEcho(icmp, htonl(INADDR_LOOPBACK), data, sizeof data, NULL, reply, sizeof reply, 5000);
    if (replies) {
        const ICMP_ECHO_REPLY *answer = (ICMP_ECHO_REPLY *)reply;
        CHECK_EQUAL(answer->Status, IP_SUCCESS);
        CHECK_EQUAL(answer->Address, htonl(INADDR_LOOPBACK));
        CHECK_EQUAL(answer->DataSize, sizeof data);
        CHECK(!memcmp(answer->Data, data, sizeof data), "other data");
    } else {
        CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    }
    CHECK(IcmpCloseHandle(icmp), "%lu", GetLastError());
    CHECK(!IcmpCloseHandle((HANDLE)4), "closed");
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    test_adapters();
    test_names();
    test_interfaces();
    test_addresses_and_routes();
    test_endpoints();
    test_notifications();
    test_echo();
    return check_summary();
}
