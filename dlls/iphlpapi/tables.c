// The host's tables as the rest of this DLL works on them, and the memory of those that callers get.
#include "network.h"

void table_free(void *table)
{
    if (table) RtlFreeHeap(peb_self()->ProcessHeap, 0, table);
}

void *mib_allocate(SIZE_T size)
{
    return RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

HOTPATCH VOID WINAPI FreeMibTable(PVOID table)
{
    table_free(table);
}

// Which endpoints; nothing for other tables.
struct question {
    ULONG protocol, family;
};
typedef NTSTATUS reader(const struct question *question, void *buffer, ULONG size, ULONG *count);

// Reads a table whole, however it grows meanwhile.
static void *read_whole(reader *read, const struct question *question, ULONG each, ULONG *count, ULONG *error)
{
    ULONG room = 16;
    for (;;) {
        void *table = RtlAllocateHeap(peb_self()->ProcessHeap, 0, room * each);
        if (!table) {
            *error = ERROR_NOT_ENOUGH_MEMORY;
            return NULL;
        }
        NTSTATUS status = read(question, table, room * each, count);
        if (!status && *count <= room) return table;
        table_free(table);
        if (status) {
            *error = RtlNtStatusToDosError(status);
            return NULL;
        }
        room = *count + 8;
    }
}

static NTSTATUS read_links(const struct question *question, void *buffer, ULONG size, ULONG *count)
{
    (void)question;
    return NetworkLinks(buffer, size, count);
}

static NTSTATUS read_addresses(const struct question *question, void *buffer, ULONG size, ULONG *count)
{
    (void)question;
    return NetworkAddresses(buffer, size, count);
}

static NTSTATUS read_routes(const struct question *question, void *buffer, ULONG size, ULONG *count)
{
    (void)question;
    return NetworkRoutes(buffer, size, count);
}

static NTSTATUS read_neighbours(const struct question *question, void *buffer, ULONG size, ULONG *count)
{
    (void)question;
    return NetworkNeighbours(buffer, size, count);
}

static NTSTATUS read_endpoints(const struct question *question, void *buffer, ULONG size, ULONG *count)
{
    return NetworkEndpoints(question->protocol, question->family, buffer, size, count);
}

HOST_LINK *links_read(ULONG *count, ULONG *error)
{
    return read_whole(read_links, NULL, sizeof(HOST_LINK), count, error);
}

HOST_ADDRESS *addresses_read(ULONG *count, ULONG *error)
{
    return read_whole(read_addresses, NULL, sizeof(HOST_ADDRESS), count, error);
}

HOST_ROUTE *routes_read(ULONG *count, ULONG *error)
{
    return read_whole(read_routes, NULL, sizeof(HOST_ROUTE), count, error);
}

HOST_NEIGHBOUR *neighbours_read(ULONG *count, ULONG *error)
{
    return read_whole(read_neighbours, NULL, sizeof(HOST_NEIGHBOUR), count, error);
}

HOST_ENDPOINT *endpoints_read(ULONG protocol, ULONG family, ULONG *count, ULONG *error)
{
    const struct question question = {protocol, family};
    return read_whole(read_endpoints, &question, sizeof(HOST_ENDPOINT), count, error);
}

bool link_find(ULONG index, HOST_LINK *link)
{
    ULONG count, error;
    bool found = false;
    HOST_LINK *links = links_read(&count, &error);
    for (ULONG i = 0; links && i < count && !found; i++) {
        found = links[i].Index == index;
        if (found) *link = links[i];
    }
    table_free(links);
    return found;
}

bool addresses_have(const HOST_ADDRESS *addresses, ULONG count, ULONG index, ADDRESS_FAMILY family)
{
    for (ULONG i = 0; i < count; i++)
        if (addresses[i].Index == index && addresses[i].Family == family) return true;
    return false;
}

NL_DAD_STATE dad_state(const HOST_ADDRESS *address)
{
    return address->Flags & HOST_ADDRESS_TENTATIVE    ? IpDadStateTentative
           : address->Flags & HOST_ADDRESS_DEPRECATED ? IpDadStateDeprecated
                                                      : IpDadStatePreferred;
}

ULONG prefix_mask(unsigned length)
{
    if (length == 0) return 0;
    return __builtin_bswap32(~0u << (32 - (length < 32 ? length : 32)));
}

void address_to_inet(SOCKADDR_INET *inet, USHORT family, const UCHAR *address, ULONG index)
{
    memset(inet, 0, sizeof *inet);
    inet->si_family = family;
    if (family == AF_INET) {
        memcpy(&inet->Ipv4.sin_addr, address, sizeof inet->Ipv4.sin_addr);
    } else {
        memcpy(&inet->Ipv6.sin6_addr, address, sizeof inet->Ipv6.sin6_addr);
        if (address[0] == 0xFE && (address[1] & 0xC0) == 0x80) inet->Ipv6.sin6_scope_id = index;
    }
}
