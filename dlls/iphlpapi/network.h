// What the 32-bit side of iphlpapi shares: WinSock's headers, which must come before windows.h, and the
// tables of the host's network.
#ifndef LOWLAND_IPHLPAPI_NETWORK_H
#define LOWLAND_IPHLPAPI_NETWORK_H

#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#define _CRTIMP
#define _SECIMP
#define WIN32_NO_STATUS
#define WINSOCK_API_LINKAGE
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windns.h> // some of the next is declared only behind it
#include <iphlpapi.h>
#include <netioapi.h>
#include <icmpapi.h>
#undef WIN32_NO_STATUS
#include "nt/nt.h"
#include "iphlpapi.h"
#include <stdbool.h>

// ---- tables.c: the host's tables, copied to the process heap and freed with table_free. NULL: *error says
// why ----

HOST_LINK *links_read(ULONG *count, ULONG *error);
HOST_ADDRESS *addresses_read(ULONG *count, ULONG *error);
HOST_ROUTE *routes_read(ULONG *count, ULONG *error);
HOST_NEIGHBOUR *neighbours_read(ULONG *count, ULONG *error);
HOST_ENDPOINT *endpoints_read(ULONG protocol, ULONG family, ULONG *count, ULONG *error);
void table_free(void *table);
// The link of an index; false: there is none.
bool link_find(ULONG index, HOST_LINK *link);

// Memory that the caller frees with FreeMibTable, zeroed. NULL without any.
void *mib_allocate(SIZE_T size);

// The mask of a prefix in network order.
ULONG prefix_mask(unsigned length);
// An address of a table as WinSock has it; the scope is the interface for link-local ones.
void address_to_inet(SOCKADDR_INET *inet, USHORT family, const UCHAR *address, ULONG index);

// Whether a link has addresses of a family.
bool addresses_have(const HOST_ADDRESS *addresses, ULONG count, ULONG index, ADDRESS_FAMILY family);
// What duplicate address detection has come to.
NL_DAD_STATE dad_state(const HOST_ADDRESS *address);

static inline ULONG ipv4_of(const UCHAR *address)
{
    ULONG value;
    memcpy(&value, address, sizeof value);
    return value;
}

// Tells the size that a table needs, and whether the caller's buffer has it.
static inline bool table_fits(const void *table, ULONG *size, ULONG needed)
{
    ULONG room = *size;
    *size = needed;
    return table && room >= needed;
}

// ---- interface_name.c ----

NET_LUID luid_of(const HOST_LINK *link);
GUID guid_of(const HOST_LINK *link);
enum { GUID_TEXT = 39 };
// In capitals and braces.
void guid_to_text(const GUID *guid, char text[GUID_TEXT]);
void guid_text(const HOST_LINK *link, char text[GUID_TEXT]);
// The host's name as UTF-16; returns its length.
unsigned alias_of(const HOST_LINK *link, WCHAR alias[16]);

// ---- interface_table.c ----

IF_OPER_STATUS operational_status(const HOST_LINK *link);
// What Windows adds to the metrics of routes over the link.
ULONG interface_metric(const HOST_LINK *link);

// ---- neighbour_table.c ----

// The whole row, whatever it was.
void fill_neighbour(MIB_IPNET_ROW2 *row, const HOST_NEIGHBOUR *neighbour);

// ---- address_text.c ----

enum { IPV4_TEXT = 16 };
void ipv4_to_text(ULONG address, char text[IPV4_TEXT]);

#endif
