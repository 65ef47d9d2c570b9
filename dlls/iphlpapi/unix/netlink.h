// Questions to the kernel's rtnetlink (rtnetlink(7)), and tables of answers on their way to the guest.
#ifndef LOWLAND_NETLINK_H
#define LOWLAND_NETLINK_H

#include "guest_constants.h"
#include "guest_types.h"
#include "loader/guest.h"
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>

// A table that grows: entries of one size.
struct network_table {
    void *entries; // malloc'd
    size_t entry_size;
    uint32_t count, room;
};

// A zeroed new entry; NULL without memory.
void *network_table_add(struct network_table *table);
// Gives the guest what fits into size bytes, and *count; ends the table. STATUS_ACCESS_VIOLATION.
NTSTATUS network_table_end(struct network_table *table, NTSTATUS status, gptr buffer, uint32_t size,
                           uint32_t *count);

// The attributes of one message, by their number; those above max are not kept.
struct netlink_attributes {
    const struct rtattr *by_type[64];
};
static inline const struct rtattr *netlink_attribute(const struct netlink_attributes *attributes,
                                                     unsigned type)
{
    return attributes->by_type[type];
}
// Copies an attribute's bytes into a field of size bytes; false: there is none, or it is longer.
bool netlink_copy(const struct netlink_attributes *attributes, unsigned type, void *field, size_t size);
uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned type, uint32_t otherwise);

// Calls visit with each message of a dump of one kind (RTM_GETLINK and so on). header: the length of the
// structure (struct ifinfomsg and its like) before the attributes. Blocks no longer than the kernel needs.
NTSTATUS netlink_dump(uint16_t type, size_t header,
                      bool (*visit)(const void *message, const struct netlink_attributes *attributes,
                                    void *context),
                      void *context);

// Asks one question, with request (a whole nlmsghdr), and calls visit with the answer. A negative result is
// -errno.
int netlink_ask(struct nlmsghdr *request, size_t header,
                bool (*visit)(const void *message, const struct netlink_attributes *attributes,
                              void *context),
                void *context);

// Windows' numbers of families.
enum { WIN_AF_INET = 2, WIN_AF_INET6 = 23 };
static inline uint16_t network_family(int family)
{
    enum { HOST_AF_INET6 = 10 };
    return family == HOST_AF_INET6 ? WIN_AF_INET6 : (uint16_t)family;
}

#endif
