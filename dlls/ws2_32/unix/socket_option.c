// Socket options and ioctls. Most are the host's under another number; a few live here, because the host has
// them otherwise or not at all.
#include "socket.h"
#include "loader/host_clock.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>

// winsock2.h, ws2ipdef.h and mswsock.h.
enum { WIN_SOL_SOCKET = 0xFFFF, WIN_IPV6_V6ONLY = 27 };
enum {
    WIN_SO_DEBUG = 1,
    WIN_SO_ACCEPTCONN = 2,
    WIN_SO_REUSEADDR = 4,
    WIN_SO_EXCLUSIVEADDRUSE = ~4,
    WIN_SO_KEEPALIVE = 8,
    WIN_SO_DONTROUTE = 0x10,
    WIN_SO_BROADCAST = 0x20,
    WIN_SO_LINGER = 0x80,
    WIN_SO_DONTLINGER = ~0x80,
    WIN_SO_OOBINLINE = 0x100,
    WIN_SO_SNDBUF = 0x1001,
    WIN_SO_RCVBUF = 0x1002,
    WIN_SO_RCVLOWAT = 0x1004,
    WIN_SO_SNDTIMEO = 0x1005,
    WIN_SO_RCVTIMEO = 0x1006,
    WIN_SO_ERROR = 0x1007,
    WIN_SO_TYPE = 0x1008,
    WIN_SO_MAX_MSG_SIZE = 0x2003,
    WIN_SO_CONDITIONAL_ACCEPT = 0x3002,
    WIN_SO_RANDOMIZE_PORT = 0x3005,
    WIN_SO_REUSE_UNICASTPORT = 0x3007,
    WIN_SO_REUSE_MULTICASTPORT = 0x3008,
    WIN_SO_UPDATE_ACCEPT_CONTEXT = 0x700B,
    WIN_SO_CONNECT_TIME = 0x700C,
    WIN_SO_UPDATE_CONNECT_CONTEXT = 0x7010,
};

// With each goes how long its value may be (is_boolean, is_short).
enum kind {
    BYTE_BOOLEAN, // one byte, whatever length is given
    BOOLEAN_VALUE,
    LONG_BOOLEAN, // never less than four bytes
    BYTE_VALUE,   // a number below 256
    INTEGER_VALUE,
    HEADER_INCLUDED, // of raw sockets only
    SEND_BUFFER,     // the host's is only ever made larger
    RECEIVE_BUFFER,
    LINGER_VALUE,    // two 16-bit numbers on Windows
    DONTLINGER,      // the opposite of the former's first
    DONTFRAGMENT,    // the host's way of finding a path's MTU
    IP_OPTION_BYTES, // the same on both sides
    IPV6_GROUP,      // a group and an interface's index, likewise
    MULTICAST,       // host_name with socket_multicast.c's kind above it: see GROUP
    MULTICAST_GET,   // the interface, which can be asked for
    SWAPPED_VALUE,   // a number that the host has in network order
    MTU_DISCOVERY,
    SECONDS_VALUE, // milliseconds on the host
    RECEIVE_TOS,   // one option of the host's
    RECEIVE_ECN,
    KEPT_BOOLEAN, // of struct socket, by host_name
    KEPT_VALUE,
    RECEIVE_TIMEOUT, // the rest is kept in struct socket
    SEND_TIMEOUT,
    REUSE_ADDRESS,
    EXCLUSIVE_ADDRESS,
    PENDING_ERROR,
    DEBUG_VALUE,
    V6_ONLY,
    TYPE_VALUE,
    MESSAGE_SIZE,
    CONNECT_TIME,
    NO_EFFECT, // tells Windows what the host knows
};

// A multicast option's host_name and kind in one.
#define GROUP(kind, name) ((kind) << 16 | (name))

static const struct option {
    int level, name;
    enum kind kind;
    int host_level, host_name;
} options[] = {
    {WIN_SOL_SOCKET, WIN_SO_DEBUG, DEBUG_VALUE, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_ACCEPTCONN, BOOLEAN_VALUE, SOL_SOCKET, SO_ACCEPTCONN},
    {WIN_SOL_SOCKET, WIN_SO_REUSEADDR, REUSE_ADDRESS, SOL_SOCKET, SO_REUSEADDR},
    {WIN_SOL_SOCKET, WIN_SO_EXCLUSIVEADDRUSE, EXCLUSIVE_ADDRESS, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_KEEPALIVE, BYTE_BOOLEAN, SOL_SOCKET, SO_KEEPALIVE},
    {WIN_SOL_SOCKET, WIN_SO_DONTROUTE, BYTE_BOOLEAN, SOL_SOCKET, SO_DONTROUTE},
    {WIN_SOL_SOCKET, WIN_SO_BROADCAST, BOOLEAN_VALUE, SOL_SOCKET, SO_BROADCAST},
    {WIN_SOL_SOCKET, WIN_SO_LINGER, LINGER_VALUE, SOL_SOCKET, SO_LINGER},
    {WIN_SOL_SOCKET, WIN_SO_DONTLINGER, DONTLINGER, SOL_SOCKET, SO_LINGER},
    {WIN_SOL_SOCKET, WIN_SO_OOBINLINE, BOOLEAN_VALUE, SOL_SOCKET, SO_OOBINLINE},
    {WIN_SOL_SOCKET, WIN_SO_SNDBUF, SEND_BUFFER, SOL_SOCKET, SO_SNDBUF},
    {WIN_SOL_SOCKET, WIN_SO_RCVBUF, RECEIVE_BUFFER, SOL_SOCKET, SO_RCVBUF},
    {WIN_SOL_SOCKET, WIN_SO_RCVLOWAT, INTEGER_VALUE, SOL_SOCKET, SO_RCVLOWAT},
    {WIN_SOL_SOCKET, WIN_SO_SNDTIMEO, SEND_TIMEOUT, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_RCVTIMEO, RECEIVE_TIMEOUT, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_ERROR, PENDING_ERROR, SOL_SOCKET, SO_ERROR},
    {WIN_SOL_SOCKET, WIN_SO_TYPE, TYPE_VALUE, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_MAX_MSG_SIZE, MESSAGE_SIZE, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_CONNECT_TIME, CONNECT_TIME, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_CONDITIONAL_ACCEPT, KEPT_BOOLEAN, 0, KEPT_CONDITIONAL_ACCEPT},
    {WIN_SOL_SOCKET, WIN_SO_RANDOMIZE_PORT, KEPT_BOOLEAN, 0, KEPT_RANDOMIZE_PORT},
    {WIN_SOL_SOCKET, WIN_SO_REUSE_UNICASTPORT, KEPT_BOOLEAN, 0, KEPT_REUSE_UNICAST_PORT},
    {WIN_SOL_SOCKET, WIN_SO_REUSE_MULTICASTPORT, KEPT_BOOLEAN, 0, KEPT_REUSE_MULTICAST_PORT},
    {WIN_SOL_SOCKET, WIN_SO_UPDATE_ACCEPT_CONTEXT, NO_EFFECT, 0, 0},
    {WIN_SOL_SOCKET, WIN_SO_UPDATE_CONNECT_CONTEXT, NO_EFFECT, 0, 0},
    {IPPROTO_TCP, 1, BYTE_BOOLEAN, IPPROTO_TCP, TCP_NODELAY},
    {IPPROTO_TCP, 3, INTEGER_VALUE, IPPROTO_TCP, TCP_KEEPIDLE},
    {IPPROTO_TCP, 4, INTEGER_VALUE, IPPROTO_TCP, TCP_MAXSEG},
    {IPPROTO_TCP, 16, INTEGER_VALUE, IPPROTO_TCP, TCP_KEEPCNT},
    {IPPROTO_TCP, 5, SECONDS_VALUE, IPPROTO_TCP, TCP_USER_TIMEOUT},
    {IPPROTO_TCP, 14, INTEGER_VALUE, IPPROTO_TCP, TCP_USER_TIMEOUT},
    {IPPROTO_TCP, 17, INTEGER_VALUE, IPPROTO_TCP, TCP_KEEPINTVL},
    {IPPROTO_IP, 1, IP_OPTION_BYTES, IPPROTO_IP, IP_OPTIONS},
    {IPPROTO_IP, 2, HEADER_INCLUDED, IPPROTO_IP, IP_HDRINCL},
    {IPPROTO_IP, 3, BYTE_VALUE, IPPROTO_IP, IP_TOS},
    {IPPROTO_IP, 4, BYTE_VALUE, IPPROTO_IP, IP_TTL},
    {IPPROTO_IP, 9, MULTICAST_GET, IPPROTO_IP, GROUP(MULTICAST_INTERFACE, IP_MULTICAST_IF)},
    {IPPROTO_IP, 10, BYTE_VALUE, IPPROTO_IP, IP_MULTICAST_TTL},
    {IPPROTO_IP, 11, BOOLEAN_VALUE, IPPROTO_IP, IP_MULTICAST_LOOP},
    {IPPROTO_IP, 12, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_MEMBERSHIP, IP_ADD_MEMBERSHIP)},
    {IPPROTO_IP, 13, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_MEMBERSHIP, IP_DROP_MEMBERSHIP)},
    {IPPROTO_IP, 14, DONTFRAGMENT, IPPROTO_IP, IP_MTU_DISCOVER},
    {IPPROTO_IP, 15, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_SOURCE, IP_ADD_SOURCE_MEMBERSHIP)},
    {IPPROTO_IP, 16, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_SOURCE, IP_DROP_SOURCE_MEMBERSHIP)},
    {IPPROTO_IP, 17, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_SOURCE, IP_BLOCK_SOURCE)},
    {IPPROTO_IP, 18, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_SOURCE, IP_UNBLOCK_SOURCE)},
    {IPPROTO_IP, 19, LONG_BOOLEAN, IPPROTO_IP, IP_PKTINFO},
    {IPPROTO_IP, 21, LONG_BOOLEAN, IPPROTO_IP, IP_RECVTTL},
    {IPPROTO_IP, 31, INTEGER_VALUE, IPPROTO_IP, IP_UNICAST_IF},
    {IPPROTO_IP, 40, RECEIVE_TOS, IPPROTO_IP, IP_RECVTOS},
    {IPPROTO_IP, 41, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP, MCAST_JOIN_GROUP)},
    {IPPROTO_IP, 42, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP, MCAST_LEAVE_GROUP)},
    {IPPROTO_IP, 43, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP_SOURCE, MCAST_BLOCK_SOURCE)},
    {IPPROTO_IP, 44, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP_SOURCE, MCAST_UNBLOCK_SOURCE)},
    {IPPROTO_IP, 45, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP_SOURCE, MCAST_JOIN_SOURCE_GROUP)},
    {IPPROTO_IP, 46, MULTICAST, IPPROTO_IP, GROUP(MULTICAST_GROUP_SOURCE, MCAST_LEAVE_SOURCE_GROUP)},
    {IPPROTO_IP, 50, RECEIVE_ECN, IPPROTO_IP, IP_RECVTOS},
    {IPPROTO_IP, 71, MTU_DISCOVERY, IPPROTO_IP, IP_MTU_DISCOVER},
    {IPPROTO_IP, 73, INTEGER_VALUE, IPPROTO_IP, IP_MTU},
    {IPPROTO_IPV6, 4, BYTE_VALUE, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
    {IPPROTO_IPV6, 9, INTEGER_VALUE, IPPROTO_IPV6, IPV6_MULTICAST_IF},
    {IPPROTO_IPV6, 10, BYTE_VALUE, IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
    {IPPROTO_IPV6, 11, BOOLEAN_VALUE, IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
    {IPPROTO_IPV6, 12, IPV6_GROUP, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP},
    {IPPROTO_IPV6, 13, IPV6_GROUP, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP},
    {IPPROTO_IPV6, 14, BOOLEAN_VALUE, IPPROTO_IPV6, IPV6_DONTFRAG},
    {IPPROTO_IPV6, 19, LONG_BOOLEAN, IPPROTO_IPV6, IPV6_RECVPKTINFO},
    {IPPROTO_IPV6, 21, LONG_BOOLEAN, IPPROTO_IPV6, IPV6_RECVHOPLIMIT},
    {IPPROTO_IPV6, 23, KEPT_VALUE, 0, KEPT_PROTECTION_LEVEL},
    {IPPROTO_IPV6, 26, INTEGER_VALUE, IPPROTO_IPV6, IPV6_CHECKSUM},
    {IPPROTO_IPV6, 31, SWAPPED_VALUE, IPPROTO_IPV6, IPV6_UNICAST_IF},
    {IPPROTO_IPV6, 40, RECEIVE_TOS, IPPROTO_IPV6, IPV6_RECVTCLASS},
    {IPPROTO_IPV6, 41, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP, MCAST_JOIN_GROUP)},
    {IPPROTO_IPV6, 42, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP, MCAST_LEAVE_GROUP)},
    {IPPROTO_IPV6, 43, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP_SOURCE, MCAST_BLOCK_SOURCE)},
    {IPPROTO_IPV6, 44, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP_SOURCE, MCAST_UNBLOCK_SOURCE)},
    {IPPROTO_IPV6, 45, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP_SOURCE, MCAST_JOIN_SOURCE_GROUP)},
    {IPPROTO_IPV6, 46, MULTICAST, IPPROTO_IPV6, GROUP(MULTICAST_GROUP_SOURCE, MCAST_LEAVE_SOURCE_GROUP)},
    {IPPROTO_IPV6, 50, RECEIVE_ECN, IPPROTO_IPV6, IPV6_RECVTCLASS},
    {IPPROTO_IPV6, 71, MTU_DISCOVERY, IPPROTO_IPV6, IPV6_MTU_DISCOVER},
    {IPPROTO_IPV6, 72, INTEGER_VALUE, IPPROTO_IPV6, IPV6_MTU},
    {IPPROTO_IPV6, WIN_IPV6_V6ONLY, BYTE_BOOLEAN, IPPROTO_IPV6, IPV6_V6ONLY},
};

enum { RAW_MAX = 264, SECOND_NS = 1000000000, MS_PER_SECOND = 1000 };

// A value on its way: as an int where it is one.
union value {
    int32_t integer;
    uint16_t linger[2];
    uint8_t bytes[RAW_MAX];
};

static const struct option *find_option(const struct socket *socket, int level, int name)
{
    // An IPv4 socket remembers it, whatever it means there.
    static const struct option v6only = {IPPROTO_IPV6, WIN_IPV6_V6ONLY, V6_ONLY, 0, 0};
    if (level == IPPROTO_IPV6 && name == WIN_IPV6_V6ONLY && socket->family == WIN_AF_INET) return &v6only;
    if ((level == IPPROTO_TCP && !socket_is_stream(socket)) ||
        (level == IPPROTO_IPV6 && socket->family != WIN_AF_INET6))
        return NULL;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].level == level && options[i].name == name) return &options[i];
    return NULL;
}

// What streams have no use for, and refuse.
static bool is_of_datagrams(const struct option *option)
{
    if (option->level != IPPROTO_IP && option->level != IPPROTO_IPV6) return false;
    switch (option->name) {
    case 9: // IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_MULTICAST_LOOP
    case 10:
    case 11:
    case 19: // IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_ECN
    case 21:
    case 40:
    case 50: return true;
    default: return false;
    }
}

static bool known_level(int level)
{
    return level == WIN_SOL_SOCKET || level == IPPROTO_IP || level == IPPROTO_TCP || level == IPPROTO_UDP ||
           level == IPPROTO_IPV6;
}

static bool is_boolean(enum kind kind)
{
    return kind == BYTE_BOOLEAN || kind == BOOLEAN_VALUE || kind == DONTLINGER || kind == DONTFRAGMENT ||
           kind == REUSE_ADDRESS || kind == EXCLUSIVE_ADDRESS || kind == KEPT_BOOLEAN || kind == V6_ONLY;
}

// Whether a value of less than four bytes will do.
static bool is_short(enum kind kind)
{
    return is_boolean(kind) || kind == BYTE_VALUE;
}

// Those whose value takes whatever length is given.
static bool is_socket_boolean(const struct option *option)
{
    return option->level == WIN_SOL_SOCKET && is_boolean(option->kind) && option->kind != BYTE_BOOLEAN;
}

// ---- getting ----

static NTSTATUS get_host(const struct file *file, const struct option *option, void *value, socklen_t length)
{
    return getsockopt(file->fd, option->host_level, option->host_name, value, &length) == 0
               ? STATUS_SUCCESS
               : socket_status(errno);
}

static NTSTATUS get_linger(const struct file *file, const struct option *option, union value *value)
{
    struct linger linger;
    if (!socket_is_stream(socket_of(file))) return STATUS_INVALID_INFO_CLASS; // nothing lingers there
    NTSTATUS status = get_host(file, option, &linger, sizeof linger);
    if (!NT_SUCCESS(status)) return status;
    if (option->kind == DONTLINGER) {
        value->integer = linger.l_onoff == 0;
    } else {
        value->linger[0] = socket_of(file)->linger_on;
        value->linger[1] = linger.l_linger;
    }
    return STATUS_SUCCESS;
}

static int32_t *buffer_of(const struct file *file, const struct option *option)
{
    struct socket *socket = socket_of(file);
    return option->kind == SEND_BUFFER ? &socket->send_buffer : &socket->receive_buffer;
}

// The host counts twice the bytes, for its own needs.
static NTSTATUS get_buffer(const struct file *file, const struct option *option, int32_t *size)
{
    *size = *buffer_of(file, option);
    if (*size >= 0) return STATUS_SUCCESS;
    NTSTATUS status = get_host(file, option, size, sizeof *size);
    *size /= 2;
    return status;
}

static int32_t pending_error(struct file *file)
{
    struct socket *socket = socket_of(file);
    NTSTATUS status = STATUS_SUCCESS;
    // While it connects, an error is socket_connect_result's to take.
    bool connecting =
        atomic_load(&socket->phase) == SOCKET_CONNECTING && socket_connect_result(file) == STATUS_PENDING;
    if (socket->connect_error != 0) return socket_status(socket->connect_error);
    if (socket->own_error != 0) return socket->own_error;
    int error = 0;
    socklen_t length = sizeof error;
    if (!connecting && getsockopt(file->fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0)
        status = socket_status(error);
    return status;
}

static NTSTATUS get_bytes(const struct file *file, const struct option *option, union value *value,
                          uint32_t *size)
{
    socklen_t length = sizeof value->bytes;
    if (getsockopt(file->fd, option->host_level, option->host_name, value->bytes, &length) != 0)
        return socket_status(errno);
    *size = length;
    return STATUS_SUCCESS;
}

static NTSTATUS get_multicast_interface(const struct file *file, union value *value)
{
    struct in_addr address;
    socklen_t length = sizeof address;
    if (getsockopt(file->fd, IPPROTO_IP, IP_MULTICAST_IF, &address, &length) != 0)
        return socket_status(errno);
    memcpy(value->bytes, &address, sizeof address);
    return STATUS_SUCCESS;
}

static NTSTATUS get_value(struct file *file, const struct option *option, union value *value, uint32_t *size)
{
    struct socket *socket = socket_of(file);
    NTSTATUS status = STATUS_SUCCESS;
    *size = sizeof value->integer;
    switch (option->kind) {
    case HEADER_INCLUDED:
        if (socket->type != WIN_SOCK_RAW) return STATUS_INVALID_PARAMETER;
        __attribute__((fallthrough));
    case BYTE_BOOLEAN:
    case BOOLEAN_VALUE:
    case LONG_BOOLEAN:
        status = get_host(file, option, &value->integer, sizeof value->integer);
        value->integer = value->integer != 0;
        break;
    case BYTE_VALUE:
    case INTEGER_VALUE: return get_host(file, option, &value->integer, sizeof value->integer);
    case SEND_BUFFER:
    case RECEIVE_BUFFER: return get_buffer(file, option, &value->integer);
    case LINGER_VALUE:
    case DONTLINGER: return get_linger(file, option, value);
    case DONTFRAGMENT:
        status = get_host(file, option, &value->integer, sizeof value->integer);
        value->integer = value->integer == IP_PMTUDISC_DO;
        break;
    case IP_OPTION_BYTES: return get_bytes(file, option, value, size);
    case MULTICAST_GET: return get_multicast_interface(file, value);
    case IPV6_GROUP:
    case MULTICAST: return STATUS_INVALID_INFO_CLASS; // only to be set
    case SWAPPED_VALUE:
        status = get_host(file, option, &value->integer, sizeof value->integer);
        value->integer = ntohl(value->integer);
        break;
    case MTU_DISCOVERY: value->integer = socket->mtu_discovery; break;
    case SECONDS_VALUE:
        status = get_host(file, option, &value->integer, sizeof value->integer);
        value->integer /= MS_PER_SECOND;
        break;
    case RECEIVE_TOS: value->integer = socket->receive_tos; break;
    case RECEIVE_ECN: value->integer = socket->receive_ecn; break;
    case KEPT_BOOLEAN:
    case KEPT_VALUE: value->integer = socket->kept[option->host_name]; break;
    case RECEIVE_TIMEOUT: value->integer = socket->receive_timeout; break;
    case SEND_TIMEOUT: value->integer = socket->send_timeout; break;
    case REUSE_ADDRESS: value->integer = socket->reuse_address; break;
    case EXCLUSIVE_ADDRESS: value->integer = socket->exclusive; break;
    case PENDING_ERROR: value->integer = pending_error(file); break;
    case V6_ONLY: value->integer = !socket->both_families; break;
    case DEBUG_VALUE: value->integer = socket->debug; break;
    case TYPE_VALUE: value->integer = socket->type; break;
    case MESSAGE_SIZE:
        if (socket_is_stream(socket)) return STATUS_INVALID_INFO_CLASS;
        value->integer = 65507; // what UDP's header leaves of a packet
        break;
    case CONNECT_TIME:
        value->integer = -1;
        if (socket_is_stream(socket) && atomic_load(&socket->phase) == SOCKET_ESTABLISHED)
            value->integer = (host_monotonic_ns() - socket->connected_at) / SECOND_NS;
        break;
    case NO_EFFECT: return STATUS_INVALID_INFO_CLASS;
    }
    return status;
}

// What a buffer gets that is too small for a number: nothing, zeros, or no length.
static NTSTATUS refuse_short(const struct option *option, gptr buffer, uint32_t room, gptr length)
{
    static const int32_t zero;
    bool cleared =
        option->kind == LINGER_VALUE || option->kind == SEND_BUFFER || option->kind == RECEIVE_BUFFER;
    bool written = true;
    if (option->level != WIN_SOL_SOCKET)
        written = guest_write32(length, 0);
    else if (cleared && room < sizeof zero)
        written = guest_write(buffer, &zero, room);
    return written ? STATUS_BUFFER_TOO_SMALL : STATUS_ACCESS_VIOLATION;
}

// A boolean of two bytes counts as one.
static NTSTATUS give_value(const struct option *option, const union value *value, uint32_t size, gptr buffer,
                           uint32_t room, gptr length)
{
    uint32_t told = size;
    if (option->kind == BYTE_BOOLEAN || (is_short(option->kind) && room < size)) {
        size = room >= 2 && is_socket_boolean(option) ? 2 : 1;
        told = 1;
    }
    if (room < size) return refuse_short(option, buffer, room, length);
    return guest_write(buffer, value, size) && guest_write32(length, told) ? STATUS_SUCCESS
                                                                           : STATUS_ACCESS_VIOLATION;
}

NTSTATUS SocketGetOption(HANDLE32 handle, int32_t level, int32_t name, gptr buffer, gptr length)
{
    struct file *file;
    union value value = {.integer = 0};
    uint32_t room, size;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    const struct option *option = find_option(socket_of(file), level, name);
    if (!guest_read32(&room, length))
        status = STATUS_ACCESS_VIOLATION;
    else if (option == NULL)
        status = known_level(level) ? STATUS_INVALID_INFO_CLASS : STATUS_INVALID_PARAMETER;
    else if (socket_is_stream(socket_of(file)) && is_of_datagrams(option))
        status = STATUS_INVALID_PARAMETER;
    else
        status = get_value(file, option, &value, &size);
    file_release(file);
    if (!NT_SUCCESS(status)) return status;
    if ((int32_t)room < 0) return STATUS_BUFFER_TOO_SMALL;
    return give_value(option, &value, size, buffer, room, length);
}

// ---- setting ----

static NTSTATUS set_host(const struct file *file, const struct option *option, const void *value,
                         socklen_t length)
{
    return setsockopt(file->fd, option->host_level, option->host_name, value, length) == 0
               ? STATUS_SUCCESS
               : socket_status(errno);
}

static NTSTATUS set_integer(const struct file *file, const struct option *option, int value)
{
    return set_host(file, option, &value, sizeof value);
}

// On Windows a small buffer holds nobody up: what is sent at once goes beside it. The host would refuse it.
static NTSTATUS set_buffer(const struct file *file, const struct option *option, int32_t size)
{
    int32_t now = 0;
    NTSTATUS status = get_host(file, option, &now, sizeof now);
    if (size < 0) size = INT32_MAX;
    if (NT_SUCCESS(status) && size > now / 2) status = set_integer(file, option, size);
    if (NT_SUCCESS(status)) *buffer_of(file, option) = size;
    return status;
}

static NTSTATUS set_linger(const struct file *file, const struct option *option, const union value *value)
{
    struct linger linger = {.l_onoff = value->linger[0] != 0, .l_linger = value->linger[1]};
    if (option->kind == DONTLINGER) linger = (struct linger){.l_onoff = value->integer == 0};
    NTSTATUS status = set_host(file, option, &linger, sizeof linger);
    if (NT_SUCCESS(status))
        socket_of(file)->linger_on = option->kind == DONTLINGER ? linger.l_onoff : value->linger[0];
    return status;
}

static NTSTATUS set_reuse(struct file *file, bool reuse)
{
    struct socket *socket = socket_of(file);
    if (reuse && socket->exclusive) return STATUS_INVALID_PARAMETER;
    socket->reuse_address = reuse;
    int value = reuse, name = socket_is_stream(socket) ? SO_REUSEPORT : SO_REUSEADDR; // see socket_bind
    return setsockopt(file->fd, SOL_SOCKET, name, &value, sizeof value) == 0 ? STATUS_SUCCESS
                                                                             : socket_status(errno);
}

// IP_PMTUDISC_DO, DONT, PROBE of ws2ipdef.h. That it wasn't set (0) is only to be asked for.
static NTSTATUS set_discovery(struct file *file, const struct option *option, int windows)
{
    static const int host[] = {[1] = IP_PMTUDISC_DO, [2] = IP_PMTUDISC_DONT, [3] = IP_PMTUDISC_PROBE};
    if (windows < 1 || windows > 3) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = set_integer(file, option, host[windows]);
    if (NT_SUCCESS(status)) socket_of(file)->mtu_discovery = windows;
    return status;
}

static NTSTATUS set_receive_tos(struct file *file, const struct option *option, bool wanted)
{
    struct socket *socket = socket_of(file);
    bool *own = option->kind == RECEIVE_TOS ? &socket->receive_tos : &socket->receive_ecn;
    bool before = *own;
    *own = wanted;
    NTSTATUS status = set_integer(file, option, socket->receive_tos || socket->receive_ecn);
    if (!NT_SUCCESS(status)) *own = before;
    return status;
}

static NTSTATUS set_value(struct file *file, const struct option *option, const union value *value,
                          uint32_t size)
{
    struct socket *socket = socket_of(file);
    switch (option->kind) {
    case HEADER_INCLUDED:
        if (socket->type != WIN_SOCK_RAW) return STATUS_INVALID_PARAMETER;
        __attribute__((fallthrough));
    case BOOLEAN_VALUE:
    case LONG_BOOLEAN: return set_integer(file, option, value->integer != 0);
    case BYTE_BOOLEAN: return set_integer(file, option, value->bytes[0] != 0);
    case BYTE_VALUE:
        if ((uint32_t)value->integer > UINT8_MAX) return STATUS_INVALID_PARAMETER;
        return set_integer(file, option, value->integer);
    case PENDING_ERROR:
        socket->connect_error = 0;
        socket->own_error = value->integer;
        return STATUS_SUCCESS;
    case V6_ONLY:
        if (atomic_load(&socket->bound)) return STATUS_INVALID_PARAMETER;
        socket->both_families = value->integer == 0;
        return STATUS_SUCCESS;
    case DEBUG_VALUE: socket->debug = value->integer != 0; return STATUS_SUCCESS;
    case TYPE_VALUE: return socket_is_stream(socket) ? STATUS_INVALID_INFO_CLASS : STATUS_INVALID_PARAMETER;
    case INTEGER_VALUE: return set_integer(file, option, value->integer);
    case SEND_BUFFER:
    case RECEIVE_BUFFER: return set_buffer(file, option, value->integer);
    case LINGER_VALUE:
    case DONTLINGER: return set_linger(file, option, value);
    case DONTFRAGMENT: return set_integer(file, option, value->integer ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
    case IP_OPTION_BYTES:
    case IPV6_GROUP: return set_host(file, option, value->bytes, size);
    case MULTICAST:
    case MULTICAST_GET:
        return socket_set_multicast(file, option->host_name >> 16, option->host_level,
                                    option->host_name & 0xFFFF, value->bytes, size);
    case SWAPPED_VALUE: return set_integer(file, option, htonl(value->integer));
    case MTU_DISCOVERY: return set_discovery(file, option, value->integer);
    case SECONDS_VALUE:
        if (value->integer < 0 || value->integer > INT32_MAX / MS_PER_SECOND) return STATUS_INVALID_PARAMETER;
        return set_integer(file, option, value->integer * MS_PER_SECOND);
    case RECEIVE_TOS:
    case RECEIVE_ECN: return set_receive_tos(file, option, value->integer != 0);
    case KEPT_BOOLEAN: socket->kept[option->host_name] = value->integer != 0; return STATUS_SUCCESS;
    case KEPT_VALUE: socket->kept[option->host_name] = value->integer; return STATUS_SUCCESS;
    case RECEIVE_TIMEOUT: socket->receive_timeout = value->integer; return STATUS_SUCCESS;
    case SEND_TIMEOUT: socket->send_timeout = value->integer; return STATUS_SUCCESS;
    case REUSE_ADDRESS: return set_reuse(file, value->integer != 0);
    case EXCLUSIVE_ADDRESS:
        if (value->integer && socket->reuse_address) return STATUS_INVALID_PARAMETER;
        socket->exclusive = value->integer != 0;
        return STATUS_SUCCESS;
    case NO_EFFECT: return STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS; // only to be asked for
    }
}

static bool has_structure(enum kind kind)
{
    return kind == IP_OPTION_BYTES || kind == IPV6_GROUP || kind == MULTICAST || kind == MULTICAST_GET;
}

// Of other kinds more than a number means nothing, and need not be there.
static uint32_t value_size(const struct option *option, uint32_t length)
{
    return has_structure(option->kind) ? length : sizeof(int32_t);
}

static NTSTATUS check_length(const struct option *option, gptr buffer, uint32_t length)
{
    uint32_t least = is_socket_boolean(option) ? 0 : is_short(option->kind) ? 1 : sizeof(int32_t);
    if (option->kind == NO_EFFECT) return STATUS_SUCCESS;
    if (option->kind == IP_OPTION_BYTES && length == 0) return STATUS_SUCCESS; // takes them away
    if (buffer == 0 && length == 0) return STATUS_ACCESS_VIOLATION;
    if ((int32_t)length < 0 && (option->level != WIN_SOL_SOCKET || option->kind == BYTE_BOOLEAN))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (length > RAW_MAX && has_structure(option->kind)) return STATUS_INVALID_PARAMETER;
    return length >= least ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

NTSTATUS SocketSetOption(HANDLE32 handle, int32_t level, int32_t name, gptr buffer, uint32_t length)
{
    struct file *file;
    union value value;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    const struct option *option = find_option(socket_of(file), level, name);
    memset(&value, 0, sizeof value);
    if (option == NULL)
        status = known_level(level) ? STATUS_INVALID_INFO_CLASS : STATUS_INVALID_PARAMETER;
    else if (socket_is_stream(socket_of(file)) && is_of_datagrams(option))
        status = STATUS_INVALID_PARAMETER;
    else
        status = check_length(option, buffer, length);
    if (NT_SUCCESS(status) &&
        !guest_read(&value, buffer, length < sizeof value.integer ? length : value_size(option, length)))
        status = STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status)) status = set_value(file, option, &value, length);
    file_release(file);
    return status;
}

// ---- ioctls ----

NTSTATUS SocketControl(HANDLE32 handle, uint32_t code, uint32_t *value)
{
    enum { WIN_SIOCATMARK = 0x40047307, WIN_FIONREAD = 0x4004667F };
    const uint32_t win_fionbio = 0x8004667E, win_udp_connreset = 0x9800000C, win_udp_netreset = 0x9800000F;
    struct file *file;
    int number = 0;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    struct socket *socket = socket_of(file);
    if (code == win_fionbio) {
        if (*value == 0 && socket->events.selected != 0)
            status = STATUS_INVALID_PARAMETER; // WSAEventSelect keeps it so
        else
            atomic_store(&socket->nonblocking, *value != 0);
    } else if (code == WIN_FIONREAD || code == WIN_SIOCATMARK) {
        if (ioctl(file->fd, code == WIN_FIONREAD ? FIONREAD : SIOCATMARK, &number) != 0)
            status = socket_status(errno);
        *value = number;
        // SIOCATMARK is true on Windows while there is no urgent data to be read first.
        if (code == WIN_SIOCATMARK) *value = !number;
    } else if (code == win_udp_connreset && socket->type == WIN_SOCK_DGRAM) {
        atomic_store(&socket->ignores_reset, *value == 0);
    } else if (code == win_udp_netreset && socket->type == WIN_SOCK_DGRAM) {
        // Of packets whose lifetime ended the host tells nobody anyway.
    } else {
        status = STATUS_NOT_SUPPORTED;
    }
    file_release(file);
    return status;
}

NTSTATUS SocketEndCall(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block, NTSTATUS ended,
                       uint32_t bytes, uint8_t later)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    if (ended == STATUS_PENDING) ended = STATUS_INVALID_PARAMETER; // or io would be nobody's to release
    io.information = bytes;
    if (!later) return io_end(&io, ended);
    io_finish(&io, ended, NULL); // on the thread that made it
    return STATUS_PENDING;
}
