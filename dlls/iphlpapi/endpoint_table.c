// Tables of TCP's connections and UDP's sockets. The kinds of rows differ in how much of an endpoint they
// show and where.
#include "network.h"

// A kind of table: how large the head and a row are, and what fills a row.
struct format {
    ULONG family, protocol, head, row;
    void (*fill)(void *row, const HOST_ENDPOINT *endpoint);
    int (*compare)(const void *a, const void *b);
};

// Which of TCP's endpoints a table has.
enum which { LISTENERS, CONNECTIONS, ALL };

static int compare_bytes(const void *a, const void *b, SIZE_T n)
{
    const UCHAR *first = a, *second = b;
    for (SIZE_T i = 0; i < n; i++)
        if (first[i] != second[i]) return first[i] - second[i];
    return 0;
}

// ---- rows ----

// The beginning of every row of TCP over IPv4.
static void fill_tcp(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_TCPROW *row = at;
    row->dwState = endpoint->State;
    row->dwLocalAddr = ipv4_of(endpoint->Local);
    row->dwLocalPort = endpoint->LocalPort;
    row->dwRemoteAddr = ipv4_of(endpoint->Remote);
    row->dwRemotePort = endpoint->RemotePort;
}

static void fill_tcp_owner(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_TCPROW_OWNER_PID *row = at;
    fill_tcp(at, endpoint);
    row->dwOwningPid = endpoint->ProcessId;
}

static void fill_tcp2(void *at, const HOST_ENDPOINT *endpoint)
{
    fill_tcp_owner(at, endpoint);
    ((MIB_TCPROW2 *)at)->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static int compare_tcp(const void *a, const void *b)
{
    const MIB_TCPROW *first = a, *second = b;
    int result = compare_bytes(&first->dwLocalAddr, &second->dwLocalAddr, sizeof first->dwLocalAddr);
    if (!result) result = compare_bytes(&first->dwLocalPort, &second->dwLocalPort, sizeof(USHORT));
    if (!result)
        result = compare_bytes(&first->dwRemoteAddr, &second->dwRemoteAddr, sizeof first->dwRemoteAddr);
    return result ? result : compare_bytes(&first->dwRemotePort, &second->dwRemotePort, sizeof(USHORT));
}

static void fill_tcp6(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_TCP6ROW *row = at;
    row->State = endpoint->State;
    memcpy(&row->LocalAddr, endpoint->Local, sizeof row->LocalAddr);
    row->dwLocalScopeId = endpoint->LocalScope;
    row->dwLocalPort = endpoint->LocalPort;
    memcpy(&row->RemoteAddr, endpoint->Remote, sizeof row->RemoteAddr);
    row->dwRemoteScopeId = endpoint->RemoteScope;
    row->dwRemotePort = endpoint->RemotePort;
}

static void fill_tcp6_owner(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_TCP6ROW_OWNER_PID *row = at;
    memcpy(row->ucLocalAddr, endpoint->Local, sizeof row->ucLocalAddr);
    row->dwLocalScopeId = endpoint->LocalScope;
    row->dwLocalPort = endpoint->LocalPort;
    memcpy(row->ucRemoteAddr, endpoint->Remote, sizeof row->ucRemoteAddr);
    row->dwRemoteScopeId = endpoint->RemoteScope;
    row->dwRemotePort = endpoint->RemotePort;
    row->dwState = endpoint->State;
    row->dwOwningPid = endpoint->ProcessId;
}

static void fill_tcp6_2(void *at, const HOST_ENDPOINT *endpoint)
{
    fill_tcp6_owner(at, endpoint);
    ((MIB_TCP6ROW2 *)at)->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static int compare_tcp6(const void *a, const void *b)
{
    const MIB_TCP6ROW_OWNER_PID *first = a, *second = b; // the basic row has its state first
    return compare_bytes(first, second, FIELD_OFFSET(MIB_TCP6ROW_OWNER_PID, dwState));
}

static void fill_udp(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_UDPROW *row = at;
    row->dwLocalAddr = ipv4_of(endpoint->Local);
    row->dwLocalPort = endpoint->LocalPort;
}

static void fill_udp_owner(void *at, const HOST_ENDPOINT *endpoint)
{
    fill_udp(at, endpoint);
    ((MIB_UDPROW_OWNER_PID *)at)->dwOwningPid = endpoint->ProcessId;
}

static int compare_udp(const void *a, const void *b)
{
    return compare_bytes(a, b, sizeof(MIB_UDPROW));
}

static void fill_udp6(void *at, const HOST_ENDPOINT *endpoint)
{
    MIB_UDP6ROW *row = at;
    memcpy(&row->dwLocalAddr, endpoint->Local, sizeof row->dwLocalAddr);
    row->dwLocalScopeId = endpoint->LocalScope;
    row->dwLocalPort = endpoint->LocalPort;
}

static void fill_udp6_owner(void *at, const HOST_ENDPOINT *endpoint)
{
    fill_udp6(at, endpoint);
    ((MIB_UDP6ROW_OWNER_PID *)at)->dwOwningPid = endpoint->ProcessId;
}

static int compare_udp6(const void *a, const void *b)
{
    return compare_bytes(a, b, sizeof(MIB_UDP6ROW));
}

#define FORMAT(family, protocol, table_type, fill, compare)                                                  \
    {                                                                                                        \
        family, protocol, FIELD_OFFSET(table_type, table), sizeof(((table_type *)0)->table[0]), fill,        \
            compare                                                                                          \
    }

static const struct format tcp = FORMAT(AF_INET, IPPROTO_TCP, MIB_TCPTABLE, fill_tcp, compare_tcp),
                           tcp_2 = FORMAT(AF_INET, IPPROTO_TCP, MIB_TCPTABLE2, fill_tcp2, compare_tcp),
                           tcp6 = FORMAT(AF_INET6, IPPROTO_TCP, MIB_TCP6TABLE, fill_tcp6, compare_tcp6),
                           tcp6_2 = FORMAT(AF_INET6, IPPROTO_TCP, MIB_TCP6TABLE2, fill_tcp6_2, compare_tcp6),
                           udp = FORMAT(AF_INET, IPPROTO_UDP, MIB_UDPTABLE, fill_udp, compare_udp),
                           udp6 = FORMAT(AF_INET6, IPPROTO_UDP, MIB_UDP6TABLE, fill_udp6, compare_udp6);

// By family, then how much of the owner is shown: nothing, its number, and when it began (which the host
// doesn't say).
static const struct format tcp_formats[2][3] = {
    {FORMAT(AF_INET, IPPROTO_TCP, MIB_TCPTABLE, fill_tcp, compare_tcp),
     FORMAT(AF_INET, IPPROTO_TCP, MIB_TCPTABLE_OWNER_PID, fill_tcp_owner, compare_tcp),
     FORMAT(AF_INET, IPPROTO_TCP, MIB_TCPTABLE_OWNER_MODULE, fill_tcp_owner, compare_tcp)},
    {FORMAT(AF_INET6, IPPROTO_TCP, MIB_TCP6TABLE, fill_tcp6, compare_tcp6),
     FORMAT(AF_INET6, IPPROTO_TCP, MIB_TCP6TABLE_OWNER_PID, fill_tcp6_owner, compare_tcp6),
     FORMAT(AF_INET6, IPPROTO_TCP, MIB_TCP6TABLE_OWNER_MODULE, fill_tcp6_owner, compare_tcp6)},
};
static const struct format udp_formats[2][3] = {
    {FORMAT(AF_INET, IPPROTO_UDP, MIB_UDPTABLE, fill_udp, compare_udp),
     FORMAT(AF_INET, IPPROTO_UDP, MIB_UDPTABLE_OWNER_PID, fill_udp_owner, compare_udp),
     FORMAT(AF_INET, IPPROTO_UDP, MIB_UDPTABLE_OWNER_MODULE, fill_udp_owner, compare_udp)},
    {FORMAT(AF_INET6, IPPROTO_UDP, MIB_UDP6TABLE, fill_udp6, compare_udp6),
     FORMAT(AF_INET6, IPPROTO_UDP, MIB_UDP6TABLE_OWNER_PID, fill_udp6_owner, compare_udp6),
     FORMAT(AF_INET6, IPPROTO_UDP, MIB_UDP6TABLE_OWNER_MODULE, fill_udp6_owner, compare_udp6)},
};

// ---- tables ----

static bool is_in(const HOST_ENDPOINT *endpoint, enum which which)
{
    bool listens = endpoint->State == MIB_TCP_STATE_LISTEN;
    return which == ALL || listens == (which == LISTENERS);
}

static ULONG give_table(const struct format *format, enum which which, void *table, ULONG *size, bool order)
{
    ULONG count, error, n = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_ENDPOINT *endpoints = endpoints_read(format->protocol, format->family, &count, &error);
    if (!endpoints) return error;
    for (ULONG i = 0; i < count; i++) n += is_in(&endpoints[i], which);
    bool fits = table_fits(table, size, format->head + n * format->row);
    if (fits) {
        char *rows = (char *)table + format->head, *row = rows;
        *(ULONG *)table = n;
        memset(rows, 0, n * format->row);
        for (ULONG i = 0; i < count; i++) {
            if (!is_in(&endpoints[i], which)) continue;
            format->fill(row, &endpoints[i]);
            row += format->row;
        }
        if (order) qsort(rows, n, format->row, format->compare);
    }
    table_free(endpoints);
    return fits ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

HOTPATCH ULONG WINAPI GetTcpTable(PMIB_TCPTABLE table, PULONG size, WINBOOL order)
{
    return give_table(&tcp, ALL, table, size, order);
}

HOTPATCH ULONG WINAPI GetTcpTable2(PMIB_TCPTABLE2 table, PULONG size, WINBOOL order)
{
    return give_table(&tcp_2, ALL, table, size, order);
}

HOTPATCH ULONG WINAPI GetTcp6Table(PMIB_TCP6TABLE table, PULONG size, WINBOOL order)
{
    return give_table(&tcp6, ALL, table, size, order);
}

HOTPATCH ULONG WINAPI GetTcp6Table2(PMIB_TCP6TABLE2 table, PULONG size, WINBOOL order)
{
    return give_table(&tcp6_2, ALL, table, size, order);
}

HOTPATCH ULONG WINAPI GetUdpTable(PMIB_UDPTABLE table, PULONG size, WINBOOL order)
{
    return give_table(&udp, ALL, table, size, order);
}

HOTPATCH ULONG WINAPI GetUdp6Table(PMIB_UDP6TABLE table, PULONG size, WINBOOL order)
{
    return give_table(&udp6, ALL, table, size, order);
}

HOTPATCH DWORD WINAPI GetExtendedTcpTable(PVOID table, PDWORD size, WINBOOL order, ULONG family,
                                          TCP_TABLE_CLASS class, ULONG reserved)
{
    (void)reserved;
    // Of IPv6 there is no table without owners.
    if ((ULONG) class > TCP_TABLE_OWNER_MODULE_ALL || (family != AF_INET && family != AF_INET6) ||
        (family == AF_INET6 && class < TCP_TABLE_OWNER_PID_LISTENER))
        return family == AF_INET6 && (ULONG) class <= TCP_TABLE_OWNER_MODULE_ALL ? ERROR_NOT_SUPPORTED
                                                                                 : ERROR_INVALID_PARAMETER;
    return give_table(&tcp_formats[family == AF_INET6][class / 3], class % 3, table, size, order);
}

HOTPATCH DWORD WINAPI GetExtendedUdpTable(PVOID table, PDWORD size, WINBOOL order, ULONG family,
                                          UDP_TABLE_CLASS class, ULONG reserved)
{
    (void)reserved;
    if ((ULONG) class > UDP_TABLE_OWNER_MODULE || (family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (family == AF_INET6 && class == UDP_TABLE_BASIC) return ERROR_NOT_SUPPORTED;
    return give_table(&udp_formats[family == AF_INET6][class], ALL, table, size, order);
}
