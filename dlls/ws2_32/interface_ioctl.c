// The ioctls about the machine's interfaces and routes, by iphlpapi.
#include "winsock.h"
#include <iphlpapi.h>

// A function of iphlpapi, which only these need. NULL: it is not there.
static void *network_function(const char *name)
{
    HMODULE module = LoadLibraryW(L"iphlpapi.dll"); // it stays
    return module ? (void *)GetProcAddress(module, name) : NULL;
}

// Reads a table by one of the calls that tell the size first. NULL without it; freed with text_free.
static void *read_table(const char *name)
{
    ULONG(WINAPI * read)(void *table, ULONG *size, BOOL order) = network_function(name);
    ULONG size = 0;
    if (!read || read(NULL, &size, FALSE) != ERROR_INSUFFICIENT_BUFFER) return NULL;
    void *table = RtlAllocateHeap(peb_self()->ProcessHeap, 0, size);
    if (table && !read(table, &size, FALSE)) return table;
    text_free(table);
    return NULL;
}

static SOCKADDR_IN address_of(ULONG address)
{
    return (SOCKADDR_IN){.sin_family = AF_INET, .sin_addr.s_addr = address};
}

static bool is_loopback(ULONG address)
{
    enum { LOOPBACK_NET = 127 };
    return (address & 0xFF) == LOOPBACK_NET;
}

ULONG own_addresses(ULONG *addresses, ULONG max)
{
    ULONG n = 0;
    MIB_IPADDRTABLE *table = read_table("GetIpAddrTable");
    for (DWORD i = 0; table && i < table->dwNumEntries && n < max; i++)
        if (!is_loopback(table->table[i].dwAddr)) addresses[n++] = table->table[i].dwAddr;
    text_free(table);
    if (!n && max) addresses[n++] = __builtin_bswap32(INADDR_LOOPBACK);
    return n;
}

int interface_list_ioctl(void *out, DWORD out_size, DWORD *returned)
{
    MIB_IPADDRTABLE *table = read_table("GetIpAddrTable");
    if (!table) return WSAENETDOWN;
    DWORD size = table->dwNumEntries * sizeof(INTERFACE_INFO);
    bool fits = out && out_size >= size;
    for (DWORD i = 0; fits && i < table->dwNumEntries; i++) {
        const MIB_IPADDRROW *row = &table->table[i];
        INTERFACE_INFO *info = (INTERFACE_INFO *)out + i;
        memset(info, 0, sizeof *info);
        info->iiFlags = IFF_UP | IFF_MULTICAST | (is_loopback(row->dwAddr) ? IFF_LOOPBACK : IFF_BROADCAST);
        info->iiAddress.AddressIn = address_of(row->dwAddr);
        info->iiNetmask.AddressIn = address_of(row->dwMask);
        if (!is_loopback(row->dwAddr))
            info->iiBroadcastAddress.AddressIn = address_of(row->dwAddr | ~row->dwMask);
    }
    text_free(table);
    *returned = fits ? size : 0;
    return fits ? 0 : WSAEFAULT;
}

int address_list_ioctl(void *out, DWORD out_size, DWORD *returned)
{
    MIB_IPADDRTABLE *table;
    *returned = 0;
    if (out && out_size && out_size < FIELD_OFFSET(SOCKET_ADDRESS_LIST, Address)) return WSAEINVAL;
    table = read_table("GetIpAddrTable");
    if (!table) return WSAENETDOWN;
    DWORD n = 0;
    for (DWORD i = 0; i < table->dwNumEntries; i++) n += !is_loopback(table->table[i].dwAddr);
    DWORD head = FIELD_OFFSET(SOCKET_ADDRESS_LIST, Address) + n * sizeof(SOCKET_ADDRESS);
    *returned = head + n * sizeof(SOCKADDR_IN);
    bool fits = out && out_size >= *returned;
    if (fits) {
        SOCKET_ADDRESS_LIST *list = out;
        SOCKADDR_IN *at = (SOCKADDR_IN *)((char *)out + head);
        list->iAddressCount = 0;
        for (DWORD i = 0; i < table->dwNumEntries; i++) {
            if (is_loopback(table->table[i].dwAddr)) continue;
            *at = address_of(table->table[i].dwAddr);
            list->Address[list->iAddressCount++] = (SOCKET_ADDRESS){(struct sockaddr *)at, sizeof *at};
            at++;
        }
    }
    text_free(table);
    return fits ? 0 : WSAEFAULT;
}

// The address that a packet to another would come from.
int routing_interface_ioctl(const void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned)
{
    DWORD(WINAPI * best)
    (NET_LUID *, NET_IFINDEX, const SOCKADDR_INET *, const SOCKADDR_INET *, ULONG, MIB_IPFORWARD_ROW2 *,
     SOCKADDR_INET *) = network_function("GetBestRoute2");
    SOCKADDR_INET to = {0}, from;
    MIB_IPFORWARD_ROW2 route;
    if (!in || in_size < sizeof to.Ipv4) return WSAEINVAL;
    memcpy(&to, in, in_size < sizeof to ? in_size : sizeof to);
    if (to.si_family != AF_INET && to.si_family != AF_INET6) return WSAEAFNOSUPPORT;
    DWORD size = to.si_family == AF_INET ? sizeof to.Ipv4 : sizeof to.Ipv6;
    if (in_size < size || (to.si_family == AF_INET && to.Ipv4.sin_addr.s_addr == INADDR_ANY))
        return WSAEINVAL;
    if (!out) return WSAEFAULT;
    if (out_size < size) {
        *returned = size;
        return WSAEFAULT;
    }
    if (!best || best(NULL, 0, NULL, &to, 0, &route, &from)) return WSAENETUNREACH;
    memcpy(out, &from, size);
    *returned = size;
    return 0;
}
