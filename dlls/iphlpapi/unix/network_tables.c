// The host's links, addresses and routes.
#include "iphlpapi_host.h"
#include "netlink.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// ---- links ----

// ipifcons.h's numbers of kinds of interfaces.
static uint32_t windows_type(uint16_t hardware)
{
    enum { IF_TYPE_OTHER = 1, IF_TYPE_ETHERNET = 6, IF_TYPE_PPP = 23, IF_TYPE_LOOPBACK = 24 };
    enum { IF_TYPE_WIRELESS = 71, IF_TYPE_TUNNEL = 131 };
    switch (hardware) {
    case ARPHRD_ETHER: return IF_TYPE_ETHERNET;
    case ARPHRD_PPP: return IF_TYPE_PPP;
    case ARPHRD_LOOPBACK: return IF_TYPE_LOOPBACK;
    case ARPHRD_IEEE80211: return IF_TYPE_WIRELESS;
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE: return IF_TYPE_TUNNEL;
    default: return IF_TYPE_OTHER;
    }
}

static uint32_t windows_flags(unsigned host)
{
    return (host & IFF_UP ? HOST_LINK_UP : 0) | (host & IFF_RUNNING ? HOST_LINK_RUNNING : 0) |
           (host & IFF_MULTICAST ? HOST_LINK_MULTICAST : 0) |
           (host & IFF_BROADCAST ? HOST_LINK_BROADCAST : 0) |
           (host & IFF_POINTOPOINT ? HOST_LINK_POINT_TO_POINT : 0);
}

// Bits a second, as the driver says in Mbit/s; 0 where it doesn't.
static uint64_t link_speed(const char *name)
{
    char path[64], text[24] = "";
    snprintf(path, sizeof path, "/sys/class/net/%s/speed", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    long long speed = n > 0 ? strtoll(text, NULL, 10) : 0;
    return speed > 0 ? (uint64_t)speed * 1000000 : 0;
}

static void read_counters(HOST_LINK32 *link, const struct netlink_attributes *attributes)
{
    struct rtnl_link_stats64 stats;
    const struct rtattr *attribute = netlink_attribute(attributes, IFLA_STATS64);
    if (attribute == NULL) return;
    size_t size = RTA_PAYLOAD(attribute);
    memset(&stats, 0, sizeof stats);
    memcpy(&stats, RTA_DATA(attribute), size < sizeof stats ? size : sizeof stats);
    link->InOctets = stats.rx_bytes;
    link->InPackets = stats.rx_packets;
    link->InErrors = stats.rx_errors;
    link->InDiscards = stats.rx_dropped;
    link->InMulticast = stats.multicast;
    link->OutOctets = stats.tx_bytes;
    link->OutPackets = stats.tx_packets;
    link->OutErrors = stats.tx_errors;
    link->OutDiscards = stats.tx_dropped;
}

static bool add_link(const void *message, const struct netlink_attributes *attributes, void *context)
{
    const struct ifinfomsg *info = message;
    HOST_LINK32 *link = network_table_add(context);
    if (link == NULL) return false;
    char name[IFNAMSIZ] = "";
    netlink_copy(attributes, IFLA_IFNAME, name, sizeof name);
    memcpy(link->Name, name, sizeof name);
    link->Index = info->ifi_index;
    link->Type = windows_type(info->ifi_type);
    link->Flags = windows_flags(info->ifi_flags);
    link->Mtu = netlink_u32(attributes, IFLA_MTU, 0);
    const struct rtattr *address = netlink_attribute(attributes, IFLA_ADDRESS);
    if (address != NULL && info->ifi_type != ARPHRD_LOOPBACK &&
        netlink_copy(attributes, IFLA_ADDRESS, link->Address, sizeof link->Address))
        link->AddressLength = RTA_PAYLOAD(address);
    link->Speed = link_speed(name);
    read_counters(link, attributes);
    return true;
}

NTSTATUS NetworkLinks(gptr links, uint32_t size, uint32_t *count)
{
    struct network_table table = {.entry_size = sizeof(HOST_LINK32)};
    NTSTATUS status = netlink_dump(RTM_GETLINK, sizeof(struct ifinfomsg), add_link, &table);
    return network_table_end(&table, status, links, size, count);
}

// ---- addresses ----

static bool add_address(const void *message, const struct netlink_attributes *attributes, void *context)
{
    const struct ifaddrmsg *info = message;
    if (info->ifa_family != AF_INET && info->ifa_family != AF_INET6) return true;
    HOST_ADDRESS32 *address = network_table_add(context);
    if (address == NULL) return false;
    uint32_t flags = netlink_u32(attributes, IFA_FLAGS, info->ifa_flags);
    struct ifa_cacheinfo life = {.ifa_valid = UINT32_MAX, .ifa_prefered = UINT32_MAX};
    netlink_copy(attributes, IFA_CACHEINFO, &life, sizeof life);
    address->Index = info->ifa_index;
    address->Family = network_family(info->ifa_family);
    address->PrefixLength = info->ifa_prefixlen;
    address->Flags = (flags & IFA_F_DEPRECATED ? HOST_ADDRESS_DEPRECATED : 0) |
                     (flags & IFA_F_TENTATIVE ? HOST_ADDRESS_TENTATIVE : 0) |
                     (flags & IFA_F_TEMPORARY ? HOST_ADDRESS_TEMPORARY : 0);
    address->ValidLifetime = life.ifa_valid;
    address->PreferredLifetime = life.ifa_prefered;
    // Of a point-to-point link IFA_ADDRESS is the other end.
    if (!netlink_copy(attributes, IFA_LOCAL, address->Address, sizeof address->Address))
        netlink_copy(attributes, IFA_ADDRESS, address->Address, sizeof address->Address);
    return true;
}

NTSTATUS NetworkAddresses(gptr addresses, uint32_t size, uint32_t *count)
{
    struct network_table table = {.entry_size = sizeof(HOST_ADDRESS32)};
    NTSTATUS status = netlink_dump(RTM_GETADDR, sizeof(struct ifaddrmsg), add_address, &table);
    return network_table_end(&table, status, addresses, size, count);
}

// ---- routes ----

static void read_route(HOST_ROUTE32 *route, const struct rtmsg *info,
                       const struct netlink_attributes *attributes)
{
    route->Index = netlink_u32(attributes, RTA_OIF, 0);
    route->Metric = netlink_u32(attributes, RTA_PRIORITY, 0);
    route->Family = network_family(info->rtm_family);
    route->PrefixLength = info->rtm_dst_len;
    route->Protocol = info->rtm_protocol;
    route->Local =
        info->rtm_type == RTN_LOCAL || info->rtm_type == RTN_BROADCAST || info->rtm_type == RTN_ANYCAST;
    netlink_copy(attributes, RTA_DST, route->Destination, sizeof route->Destination);
    route->HasGateway = netlink_copy(attributes, RTA_GATEWAY, route->Gateway, sizeof route->Gateway);
    netlink_copy(attributes, RTA_PREFSRC, route->Source, sizeof route->Source);
}

static bool add_route(const void *message, const struct netlink_attributes *attributes, void *context)
{
    const struct rtmsg *info = message;
    bool kind = info->rtm_type == RTN_UNICAST || info->rtm_type == RTN_LOCAL ||
                info->rtm_type == RTN_BROADCAST || info->rtm_type == RTN_MULTICAST;
    if ((info->rtm_family != AF_INET && info->rtm_family != AF_INET6) || !kind ||
        netlink_attribute(attributes, RTA_OIF) == NULL || info->rtm_flags & RTM_F_CLONED)
        return true;
    HOST_ROUTE32 *route = network_table_add(context);
    if (route == NULL) return false;
    read_route(route, info, attributes);
    return true;
}

NTSTATUS NetworkRoutes(gptr routes, uint32_t size, uint32_t *count)
{
    struct network_table table = {.entry_size = sizeof(HOST_ROUTE32)};
    NTSTATUS status = netlink_dump(RTM_GETROUTE, sizeof(struct rtmsg), add_route, &table);
    return network_table_end(&table, status, routes, size, count);
}

static bool take_route(const void *message, const struct netlink_attributes *attributes, void *context)
{
    read_route(context, message, attributes);
    return true;
}

NTSTATUS NetworkBestRoute(uint32_t family, gptr address, HOST_ROUTE32 *route)
{
    struct {
        struct nlmsghdr head;
        struct rtmsg route;
        struct rtattr attribute;
        uint8_t address[16];
    } request = {.head = {.nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_REQUEST}};
    if (family != WIN_AF_INET && family != WIN_AF_INET6) return STATUS_INVALID_PARAMETER;
    size_t size = family == WIN_AF_INET ? 4 : sizeof request.address;
    if (!guest_read(request.address, address, sizeof request.address)) return STATUS_ACCESS_VIOLATION;
    request.head.nlmsg_len = offsetof(typeof(request), address) + size;
    request.route.rtm_family = family == WIN_AF_INET ? AF_INET : AF_INET6;
    request.route.rtm_dst_len = size * 8;
    request.attribute = (struct rtattr){.rta_type = RTA_DST, .rta_len = RTA_LENGTH(size)};
    switch (netlink_ask(&request.head, sizeof(struct rtmsg), take_route, route)) {
    case 0: return STATUS_SUCCESS;
    case -EHOSTUNREACH: return STATUS_HOST_UNREACHABLE;
    case -ENOMEM: return STATUS_NO_MEMORY;
    default: return STATUS_NETWORK_UNREACHABLE;
    }
}
