// Neighbours: who has which address on a link, as the host knows it or finds it out.
#include "file.h"
#include "iphlpapi_host.h"
#include "loader/host_clock.h"
#include "netlink.h"
#include "status_errno.h"
#include <errno.h>
#include <linux/neighbour.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void read_neighbour(HOST_NEIGHBOUR32 *neighbour, const struct ndmsg *info,
                           const struct netlink_attributes *attributes)
{
    neighbour->Index = info->ndm_ifindex;
    neighbour->Family = network_family(info->ndm_family);
    neighbour->State = info->ndm_state;
    netlink_copy(attributes, NDA_DST, neighbour->Address, sizeof neighbour->Address);
    if (netlink_copy(attributes, NDA_LLADDR, neighbour->LinkAddress, sizeof neighbour->LinkAddress))
        neighbour->LinkLength = RTA_PAYLOAD(netlink_attribute(attributes, NDA_LLADDR));
}

static bool add_neighbour(const void *message, const struct netlink_attributes *attributes, void *context)
{
    const struct ndmsg *info = message;
    if (info->ndm_family != AF_INET && info->ndm_family != AF_INET6) return true;
    HOST_NEIGHBOUR32 *neighbour = network_table_add(context);
    if (neighbour == NULL) return false;
    read_neighbour(neighbour, info, attributes);
    return true;
}

NTSTATUS NetworkNeighbours(gptr neighbours, uint32_t size, uint32_t *count)
{
    struct network_table table = {.entry_size = sizeof(HOST_NEIGHBOUR32)};
    NTSTATUS status = netlink_dump(RTM_GETNEIGH, sizeof(struct ndmsg), add_neighbour, &table);
    return network_table_end(&table, status, neighbours, size, count);
}

// ---- asking for one ----

struct wanted {
    uint32_t index;
    int family; // the host's
    uint8_t address[16];
};

static size_t address_size(const struct wanted *wanted)
{
    return wanted->family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

static bool take_neighbour(const void *message, const struct netlink_attributes *attributes, void *context)
{
    read_neighbour(context, message, attributes);
    return true;
}

// What the host knows of it now: STATUS_PENDING while that is nothing.
static NTSTATUS ask_known(const struct wanted *wanted, HOST_NEIGHBOUR32 *neighbour)
{
    enum { USABLE = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT };
    struct {
        struct nlmsghdr head;
        struct ndmsg message;
        struct rtattr attribute;
        uint8_t address[16];
    } request = {.head = {.nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST}};
    size_t size = address_size(wanted);
    memset(neighbour, 0, sizeof *neighbour);
    request.head.nlmsg_len = offsetof(typeof(request), address) + size;
    request.message.ndm_family = wanted->family;
    request.message.ndm_ifindex = wanted->index;
    request.attribute = (struct rtattr){.rta_type = NDA_DST, .rta_len = RTA_LENGTH(size)};
    memcpy(request.address, wanted->address, size);
    int error = netlink_ask(&request.head, sizeof(struct ndmsg), take_neighbour, neighbour);
    if (error != 0) return error == -ENOENT ? STATUS_PENDING : status_from_errno(-error);
    if (neighbour->State & USABLE && neighbour->LinkLength != 0) return STATUS_SUCCESS;
    return neighbour->State & (NUD_FAILED | NUD_NOARP) ? STATUS_BAD_NETWORK_NAME : STATUS_PENDING;
}

// Anything sent to the address makes the host look for who has it: here an empty datagram to port 9, whose
// service throws everything away.
static void provoke(const struct wanted *wanted)
{
    enum { DISCARD_PORT = 9 };
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(DISCARD_PORT)};
    int fd = socket(wanted->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return;
    if (wanted->family == AF_INET) {
        struct sockaddr_in *ipv4 = (struct sockaddr_in *)&to; // whose port lies in the same place
        ipv4->sin_family = AF_INET;
        memcpy(&ipv4->sin_addr, wanted->address, sizeof ipv4->sin_addr);
    } else {
        memcpy(&to.sin6_addr, wanted->address, sizeof to.sin6_addr);
        to.sin6_scope_id = wanted->index;
    }
    sendto(fd, NULL, 0, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
    close(fd);
}

// A socket that the host tells of changes of neighbours; negative: none.
static int open_watch(void)
{
    struct sockaddr_nl groups = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_NEIGH};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0 || bind(fd, (struct sockaddr *)&groups, sizeof groups) == 0) return fd;
    close(fd);
    return -1;
}

static NTSTATUS wait_until_known(const struct wanted *wanted, int watch, uint32_t timeout,
                                 HOST_NEIGHBOUR32 *neighbour)
{
    enum { NS_PER_MS = 1000000, NS_PER_TICK = 100 };
    int64_t end = host_monotonic_ns() + (int64_t)timeout * NS_PER_MS;
    for (;;) {
        char message[4096];
        NTSTATUS status = ask_known(wanted, neighbour);
        int64_t left = (host_monotonic_ns() - end) / NS_PER_TICK;
        if (status != STATUS_PENDING) return status;
        if (left >= 0) return STATUS_BAD_NETWORK_NAME;
        status = host_wait_fd(watch, POLLIN, false, &left);
        if (status == STATUS_TIMEOUT) return STATUS_BAD_NETWORK_NAME;
        if (status != STATUS_SUCCESS) return status;
        while (recv(watch, message, sizeof message, MSG_DONTWAIT) > 0) continue;
    }
}

NTSTATUS NetworkResolveNeighbour(uint32_t index, uint32_t family, gptr address, uint32_t timeout,
                                 HOST_NEIGHBOUR32 *neighbour)
{
    struct wanted wanted = {.index = index, .family = family == WIN_AF_INET ? AF_INET : AF_INET6};
    if (family != WIN_AF_INET && family != WIN_AF_INET6) return STATUS_INVALID_PARAMETER;
    if (!guest_read(wanted.address, address, sizeof wanted.address)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = ask_known(&wanted, neighbour);
    if (status == STATUS_SUCCESS) return status;
    int watch = open_watch();
    if (watch < 0) return STATUS_NOT_SUPPORTED;
    provoke(&wanted); // also where an earlier search has failed
    status = wait_until_known(&wanted, watch, timeout, neighbour);
    close(watch);
    return status;
}
