// Options about multicast groups, whose structures differ from the host's in order, in the number of a
// family, and in that interfaces are named by index where there is an address.
#include "socket.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

// group_req and group_source_req lie as the host has them: an index, then at 8 the addresses.
_Static_assert(offsetof(struct group_req, gr_group) == 8 && sizeof(struct group_req) == 136,
               "Windows' layout");
_Static_assert(sizeof(struct group_source_req) == 264, "Windows' layout");

static NTSTATUS set(const struct file *file, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(file->fd, level, name, value, size) == 0 ? STATUS_SUCCESS : socket_status(errno);
}

// An address of 0.0.0.0/8 but 0.0.0.0 itself is an index.
static struct ip_mreqn with_interface(struct in_addr group, struct in_addr interface)
{
    uint32_t number = ntohl(interface.s_addr);
    struct ip_mreqn request = {.imr_multiaddr = group};
    if (number != 0 && number >> 24 == 0)
        request.imr_ifindex = number;
    else
        request.imr_address = interface;
    return request;
}

static void to_host_family(struct sockaddr_storage *address)
{
    if (address->ss_family == WIN_AF_INET6) address->ss_family = AF_INET6;
}

static NTSTATUS set_source(const struct file *file, int level, int name, const void *value)
{
    struct in_addr windows[3]; // group, source, interface
    memcpy(windows, value, sizeof windows);
    struct ip_mreq_source request = {
        .imr_multiaddr = windows[0], .imr_interface = windows[2], .imr_sourceaddr = windows[1]};
    return set(file, level, name, &request, sizeof request);
}

NTSTATUS socket_set_multicast(const struct file *file, enum socket_multicast kind, int level, int name,
                              const void *value, uint32_t size)
{
    static const uint32_t sizes[] = {
        [MULTICAST_INTERFACE] = sizeof(struct in_addr),
        [MULTICAST_MEMBERSHIP] = sizeof(struct ip_mreq),
        [MULTICAST_SOURCE] = sizeof(struct ip_mreq_source),
        [MULTICAST_GROUP] = sizeof(struct group_req),
        [MULTICAST_GROUP_SOURCE] = sizeof(struct group_source_req),
    };
    if (size < sizes[kind]) return STATUS_BUFFER_TOO_SMALL;
    struct in_addr addresses[2] = {{0}};
    struct ip_mreqn request;
    struct group_req group;
    struct group_source_req source;
    switch (kind) {
    case MULTICAST_INTERFACE:
        memcpy(&addresses[1], value, sizeof addresses[1]);
        request = with_interface(addresses[0], addresses[1]);
        return set(file, level, name, &request, sizeof request);
    case MULTICAST_MEMBERSHIP:
        memcpy(addresses, value, sizeof addresses);
        request = with_interface(addresses[0], addresses[1]);
        return set(file, level, name, &request, sizeof request);
    case MULTICAST_SOURCE: return set_source(file, level, name, value);
    case MULTICAST_GROUP:
        memcpy(&group, value, sizeof group);
        to_host_family(&group.gr_group);
        return set(file, level, name, &group, sizeof group);
    case MULTICAST_GROUP_SOURCE:
        memcpy(&source, value, sizeof source);
        to_host_family(&source.gsr_group);
        to_host_family(&source.gsr_source);
        return set(file, level, name, &source, sizeof source);
    }
    return STATUS_INVALID_INFO_CLASS;
}
