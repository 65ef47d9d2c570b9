// Control data of messages: what the host says of a datagram (RFC 3542), in Windows' structures.
#include "socket.h"
#include <netinet/in.h>
#include <string.h>

// WSACMSGHDR. Its alignment is 4, so data follows it at once.
struct windows_header {
    uint32_t length;
    int32_t level, type;
};

enum { WIN_IP_TOS = 3, WIN_IP_TTL = 4, WIN_PKTINFO = 19, WIN_HOPLIMIT = 21, WIN_TCLASS = 39, WIN_ECN = 50 };

static bool is_tos(const struct cmsghdr *host)
{
    return (host->cmsg_level == IPPROTO_IP && host->cmsg_type == IP_TOS) ||
           (host->cmsg_level == IPPROTO_IPV6 && host->cmsg_type == IPV6_TCLASS);
}

// Of the host's type of service the part that congestion is told by.
static uint32_t convert_ecn(const struct cmsghdr *host, struct windows_header *header, uint8_t data[32])
{
    enum { ECN_BITS = 3 };
    int32_t number = *CMSG_DATA(host) & ECN_BITS;
    header->level = host->cmsg_level;
    header->type = WIN_ECN;
    memcpy(data, &number, sizeof number);
    return sizeof number;
}

// One piece of data as Windows has it; its size, 0: Windows has no such thing.
static uint32_t convert(const struct cmsghdr *host, struct windows_header *header, uint8_t data[32])
{
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

// Appends one piece at *length, if it has a size.
static NTSTATUS write_piece(struct windows_header *header, const uint8_t data[32], uint32_t size, gptr buffer,
                            uint32_t room, uint32_t *length)
{
    if (size == 0) return STATUS_SUCCESS;
    header->length = sizeof *header + size;
    if (header->length > room - *length) return STATUS_BUFFER_OVERFLOW;
    if (!guest_write(buffer + *length, header, sizeof *header) ||
        !guest_write(buffer + *length + sizeof *header, data, size))
        return STATUS_ACCESS_VIOLATION;
    *length += header->length;
    return STATUS_SUCCESS;
}

NTSTATUS socket_control_write(const struct socket_control *control, gptr buffer, uint32_t *length)
{
    struct msghdr message = {.msg_control = (void *)control->bytes, .msg_controllen = control->length};
    uint32_t room = *length;
    *length = 0;
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each != NULL; each = CMSG_NXTHDR(&message, each)) {
        struct windows_header header;
        uint8_t data[32];
        NTSTATUS status = STATUS_SUCCESS;
        if (is_tos(each) && control->ecn)
            status = write_piece(&header, data, convert_ecn(each, &header, data), buffer, room, length);
        if (status == STATUS_SUCCESS && !(is_tos(each) && !control->tos))
            status = write_piece(&header, data, convert(each, &header, data), buffer, room, length);
        if (status != STATUS_SUCCESS) return status;
    }
    return STATUS_SUCCESS;
}

// ---- to be sent ----

// Appends one piece of data for the host.
static bool append(struct socket_control *control, int level, int type, const void *data, size_t size)
{
    if (control->length + CMSG_SPACE(size) > sizeof control->bytes) return false;
    struct cmsghdr *header = (struct cmsghdr *)(control->bytes + control->length);
    *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
    memcpy(CMSG_DATA(header), data, size);
    control->length += CMSG_SPACE(size);
    return true;
}

// IN_PKTINFO is an address and an interface; the address is where the packet comes from.
static bool append_packet_info(struct socket_control *control, const uint8_t data[32])
{
    struct in_pktinfo info = {0};
    uint32_t index;
    memcpy(&info.ipi_spec_dst, data, sizeof info.ipi_spec_dst);
    memcpy(&index, data + sizeof info.ipi_spec_dst, sizeof index);
    info.ipi_ifindex = index;
    return append(control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
}

static bool append_windows(struct socket_control *control, const struct windows_header *header,
                           const uint8_t data[32], uint32_t size)
{
    enum { PKTINFO_SIZE = 8 };
    bool ipv4 = header->level == IPPROTO_IP, ipv6 = header->level == IPPROTO_IPV6,
         number = size >= sizeof(int32_t);
    if (ipv4 && header->type == WIN_PKTINFO) return size >= PKTINFO_SIZE && append_packet_info(control, data);
    if (ipv6 && header->type == WIN_PKTINFO)
        return size >= sizeof(struct in6_pktinfo) &&
               append(control, IPPROTO_IPV6, IPV6_PKTINFO, data, sizeof(struct in6_pktinfo));
    if (ipv4 && header->type == WIN_IP_TTL)
        return number && append(control, IPPROTO_IP, IP_TTL, data, sizeof(int32_t));
    if (ipv4 && header->type == WIN_IP_TOS)
        return number && append(control, IPPROTO_IP, IP_TOS, data, sizeof(int32_t));
    if (header->type == WIN_ECN && (ipv4 || ipv6))
        return number && append(control, header->level, ipv4 ? IP_TOS : IPV6_TCLASS, data, sizeof(int32_t));
    if (ipv6 && header->type == WIN_HOPLIMIT)
        return number && append(control, IPPROTO_IPV6, IPV6_HOPLIMIT, data, sizeof(int32_t));
    if (ipv6 && header->type == WIN_TCLASS)
        return number && append(control, IPPROTO_IPV6, IPV6_TCLASS, data, sizeof(int32_t));
    return false;
}

NTSTATUS socket_control_read(struct socket_control *control, gptr buffer, uint32_t length)
{
    control->length = 0;
    for (uint32_t at = 0; length - at >= sizeof(struct windows_header);) {
        struct windows_header header;
        uint8_t data[32] = {0};
        if (!guest_read(&header, buffer + at, sizeof header)) return STATUS_ACCESS_VIOLATION;
        if (header.length < sizeof header || header.length > length - at ||
            header.length - sizeof header > sizeof data)
            return STATUS_INVALID_PARAMETER;
        uint32_t size = header.length - sizeof header;
        if (!guest_read(data, buffer + at + sizeof header, size)) return STATUS_ACCESS_VIOLATION;
        if (!append_windows(control, &header, data, size)) return STATUS_INVALID_PARAMETER;
        at += (header.length + 3) & ~3u;
        if (at > length) break;
    }
    return STATUS_SUCCESS;
}
