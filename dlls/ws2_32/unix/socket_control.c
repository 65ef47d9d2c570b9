// Control data of messages: what the host says of a datagram (RFC 3542), in Windows' structures.
#include "socket.h"
#include <netinet/in.h>
#include <string.h>

// WSACMSGHDR. Its alignment is 4, so data follows it at once.
struct windows_header {
    uint32_t length;
    int32_t level, type;
};

// One piece of data as Windows has it; its size, 0: Windows has no such thing.
static uint32_t convert(const struct cmsghdr *host, struct windows_header *header, uint8_t data[32])
{
    enum { WIN_IP_TOS = 3, WIN_IP_TTL = 4, WIN_PKTINFO = 19, WIN_HOPLIMIT = 21, WIN_TCLASS = 39 };
    int32_t number;
    header->level = host->cmsg_level;
    if (host->cmsg_level == IPPROTO_IP && host->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(host), sizeof info);
        uint32_t index = info.ipi_ifindex;
        header->type = WIN_PKTINFO;
        memcpy(data, &info.ipi_addr, sizeof info.ipi_addr);
        memcpy(data + sizeof info.ipi_addr, &index, sizeof index);
        return sizeof info.ipi_addr + sizeof index;
    }
    if (host->cmsg_level == IPPROTO_IPV6 && host->cmsg_type == IPV6_PKTINFO) {
        header->type = WIN_PKTINFO;
        memcpy(data, CMSG_DATA(host), sizeof(struct in6_pktinfo));
        return sizeof(struct in6_pktinfo);
    }
    if (host->cmsg_level == IPPROTO_IP && host->cmsg_type == IP_TOS) {
        number = *CMSG_DATA(host);
        header->type = WIN_IP_TOS;
    } else {
        memcpy(&number, CMSG_DATA(host), sizeof number);
        if (host->cmsg_level == IPPROTO_IP && host->cmsg_type == IP_TTL)
            header->type = WIN_IP_TTL;
        else if (host->cmsg_level == IPPROTO_IPV6 && host->cmsg_type == IPV6_HOPLIMIT)
            header->type = WIN_HOPLIMIT;
        else if (host->cmsg_level == IPPROTO_IPV6 && host->cmsg_type == IPV6_TCLASS)
            header->type = WIN_TCLASS;
        else
            return 0;
    }
    memcpy(data, &number, sizeof number);
    return sizeof number;
}

NTSTATUS socket_control_write(const struct socket_control *control, gptr buffer, uint32_t *length)
{
    struct msghdr message = {.msg_control = (void *)control->bytes, .msg_controllen = control->length};
    uint32_t room = *length;
    *length = 0;
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each != NULL; each = CMSG_NXTHDR(&message, each)) {
        struct windows_header header;
        uint8_t data[32];
        uint32_t size = convert(each, &header, data);
        if (size == 0) continue;
        header.length = sizeof header + size;
        if (header.length > room - *length) return STATUS_BUFFER_OVERFLOW;
        if (!guest_write(buffer + *length, &header, sizeof header) ||
            !guest_write(buffer + *length + sizeof header, data, size))
            return STATUS_ACCESS_VIOLATION;
        *length += header.length;
    }
    return STATUS_SUCCESS;
}
