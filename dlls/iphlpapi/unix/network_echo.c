// ICMP echoes over the host's unprivileged ICMP sockets (icmp(7), ping_group_range).
#include "file.h"
#include "iphlpapi_host.h"
#include "loader/host_clock.h"
#include "netlink.h"
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 8, DATA_MAX = 65500, NS_PER_MS = 1000000, TICKS_PER_MS = 10000 };
// ipexport.h.
enum {
    WIN_IP_SUCCESS = 0,
    WIN_IP_NET_UNREACHABLE = 11002,
    WIN_IP_HOST_UNREACHABLE = 11003,
    WIN_IP_PROTOCOL_UNREACHABLE = 11004,
    WIN_IP_PACKET_TOO_BIG = 11009,
    WIN_IP_TIMED_OUT = 11010,
    WIN_IP_EXPIRED = 11013,
    WIN_IP_GENERAL_FAILURE = 11050,
};

struct ping {
    int fd;
    bool ipv6;
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } to;
    socklen_t to_length;
    uint8_t *packet; // malloc'd: header and data
    uint32_t size;   // of data
};

static uint32_t status_of_error(int error)
{
    switch (error) {
    case ENETUNREACH: return WIN_IP_NET_UNREACHABLE;
    case EHOSTUNREACH: return WIN_IP_HOST_UNREACHABLE;
    case ECONNREFUSED:
    case ENOPROTOOPT: return WIN_IP_PROTOCOL_UNREACHABLE;
    case EMSGSIZE: return WIN_IP_PACKET_TOO_BIG;
    default: return WIN_IP_GENERAL_FAILURE;
    }
}

static NTSTATUS ping_open(struct ping *ping, uint32_t ttl, uint32_t tos, bool whole)
{
    int family = ping->ipv6 ? AF_INET6 : AF_INET, yes = 1, value = ttl;
    ping->fd =
        socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, ping->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (ping->fd < 0) return errno == EACCES || errno == EPERM ? STATUS_ACCESS_DENIED : STATUS_NOT_SUPPORTED;
    int level = ping->ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
    if (ttl != 0) setsockopt(ping->fd, level, ping->ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, &value, sizeof value);
    setsockopt(ping->fd, level, ping->ipv6 ? IPV6_RECVERR : IP_RECVERR, &yes, sizeof yes);
    setsockopt(ping->fd, level, ping->ipv6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL, &yes, sizeof yes);
    value = tos;
    if (tos != 0 && !ping->ipv6) setsockopt(ping->fd, level, IP_TOS, &value, sizeof value);
    value = whole ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;
    if (!ping->ipv6) setsockopt(ping->fd, level, IP_MTU_DISCOVER, &value, sizeof value);
    return STATUS_SUCCESS;
}

// What a router or the host itself has said of the packet; false: nothing.
static bool take_error(const struct ping *ping, HOST_ECHO32 *echo)
{
    uint8_t control[512];
    struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(ping->fd, &message, MSG_ERRQUEUE) < 0) return false;
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each != NULL; each = CMSG_NXTHDR(&message, each)) {
        bool mine = (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_RECVERR) ||
                    (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_RECVERR);
        if (!mine) continue;
        struct sock_extended_err error;
        memcpy(&error, CMSG_DATA(each), sizeof error);
        bool expired = (error.ee_origin == SO_EE_ORIGIN_ICMP && error.ee_type == ICMP_TIME_EXCEEDED) ||
                       (error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == ICMP6_TIME_EXCEEDED);
        echo->Status = expired ? WIN_IP_EXPIRED : status_of_error(error.ee_errno);
        if (error.ee_origin == SO_EE_ORIGIN_ICMP) {
            struct sockaddr_in from;
            memcpy(&from, CMSG_DATA(each) + sizeof error, sizeof from);
            memcpy(echo->Address, &from.sin_addr, sizeof from.sin_addr);
        } else if (error.ee_origin == SO_EE_ORIGIN_ICMP6) {
            struct sockaddr_in6 from;
            memcpy(&from, CMSG_DATA(each) + sizeof error, sizeof from);
            memcpy(echo->Address, &from.sin6_addr, sizeof from.sin6_addr);
        }
        return true;
    }
    return false;
}

static void read_hops(struct msghdr *message, HOST_ECHO32 *echo)
{
    for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each != NULL; each = CMSG_NXTHDR(message, each)) {
        bool hops = (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_TTL) ||
                    (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_HOPLIMIT);
        int value;
        if (!hops) continue;
        memcpy(&value, CMSG_DATA(each), sizeof value);
        echo->Ttl = value;
    }
}

// Takes the answer if it is there. STATUS_PENDING: not yet.
static NTSTATUS take_answer(const struct ping *ping, HOST_ECHO32 *echo, gptr answer, uint32_t room)
{
    uint8_t control[128];
    struct sockaddr_in6 from = {0};
    struct iovec part = {ping->packet, HEADER + DATA_MAX};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t n = recvmsg(ping->fd, &message, 0);
    if (n < 0) {
        if (errno == EAGAIN || errno == EINTR) return STATUS_PENDING;
        int error = errno;
        if (!take_error(ping, echo)) echo->Status = status_of_error(error);
        return STATUS_SUCCESS;
    }
    if (n < HEADER || ping->packet[0] != (ping->ipv6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
        return STATUS_PENDING;
    read_hops(&message, echo);
    echo->Status = WIN_IP_SUCCESS;
    if (ping->ipv6)
        memcpy(echo->Address, &from.sin6_addr, sizeof from.sin6_addr);
    else
        memcpy(echo->Address, &((struct sockaddr_in *)&from)->sin_addr, sizeof(struct in_addr));
    uint32_t size = n - HEADER;
    echo->Size = size < room ? size : room;
    return echo->Size == 0 || guest_write(answer, ping->packet + HEADER, echo->Size)
               ? STATUS_SUCCESS
               : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS ping_wait(const struct ping *ping, uint32_t timeout, HOST_ECHO32 *echo, gptr answer,
                          uint32_t room)
{
    int64_t begin = host_monotonic_ns();
    for (;;) {
        NTSTATUS status = take_answer(ping, echo, answer, room);
        int64_t passed = (host_monotonic_ns() - begin) / NS_PER_MS;
        echo->RoundTrip = passed;
        if (status != STATUS_PENDING) return status;
        int64_t left = -((int64_t)timeout - passed) * TICKS_PER_MS;
        echo->Status = WIN_IP_TIMED_OUT;
        if (left >= 0) return STATUS_SUCCESS;
        status = host_wait_fd(ping->fd, POLLIN | POLLERR, false, &left);
        if (status == STATUS_TIMEOUT) return STATUS_SUCCESS;
        if (status != STATUS_SUCCESS) return status;
    }
}

NTSTATUS NetworkEcho(uint32_t family, gptr address, uint32_t scope, gptr data, uint32_t size, uint32_t ttl,
                     uint32_t tos, uint8_t whole, uint32_t timeout, HOST_ECHO32 *echo, gptr answer,
                     uint32_t room)
{
    struct ping ping = {.ipv6 = family != WIN_AF_INET, .size = size};
    uint8_t to[16];
    if (size > DATA_MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read(to, address, sizeof to)) return STATUS_ACCESS_VIOLATION;
    if (ping.ipv6) {
        ping.to.ipv6.sin6_family = AF_INET6;
        ping.to.ipv6.sin6_scope_id = scope;
        memcpy(&ping.to.ipv6.sin6_addr, to, sizeof ping.to.ipv6.sin6_addr);
        ping.to_length = sizeof ping.to.ipv6;
    } else {
        ping.to.ipv4.sin_family = AF_INET;
        memcpy(&ping.to.ipv4.sin_addr, to, sizeof ping.to.ipv4.sin_addr);
        ping.to_length = sizeof ping.to.ipv4;
    }
    ping.packet = calloc(1, HEADER + DATA_MAX);
    if (ping.packet == NULL) return STATUS_NO_MEMORY;
    ping.packet[0] = ping.ipv6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO; // the host fills in the rest
    NTSTATUS status = STATUS_ACCESS_VIOLATION;
    if (size == 0 || guest_read(ping.packet + HEADER, data, size)) status = ping_open(&ping, ttl, tos, whole);
    if (NT_SUCCESS(status)) {
        if (sendto(ping.fd, ping.packet, HEADER + size, 0, &ping.to.any, ping.to_length) < 0)
            echo->Status = status_of_error(errno);
        else
            status = ping_wait(&ping, timeout, echo, answer, room);
        close(ping.fd);
    }
    free(ping.packet);
    return status;
}
