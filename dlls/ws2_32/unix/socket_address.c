// Addresses between Windows and the host: the layouts are the same, the number of IPv6's family is not.
// Binding.
#include "socket.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int socket_host_family(int family)
{
    switch (family) {
    case WIN_AF_INET: return AF_INET;
    case WIN_AF_INET6: return AF_INET6;
    default: return -1;
    }
}

// The least that Windows accepts of an address: SOCKADDR_IN6 began without its scope.
static uint32_t least_length(int family)
{
    enum { SOCKADDR_IN6_WITHOUT_SCOPE = 24 };
    return family == WIN_AF_INET6 ? SOCKADDR_IN6_WITHOUT_SCOPE : sizeof(struct sockaddr_in);
}

uint32_t socket_address_size(int family)
{
    return family == WIN_AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

NTSTATUS socket_address_read(struct socket_address *address, int family, gptr guest, uint32_t length)
{
    memset(address, 0, sizeof *address);
    if (length < least_length(family)) return STATUS_BUFFER_TOO_SMALL;
    address->length = socket_address_size(family);
    if (!guest_read(&address->host, guest, address->length < length ? address->length : length))
        return STATUS_ACCESS_VIOLATION;
    if (address->host.ss_family != family) return STATUS_INVALID_ADDRESS_COMPONENT;
    address->host.ss_family = socket_host_family(family);
    return STATUS_SUCCESS;
}

uint32_t socket_address_to_windows(struct socket_address *address)
{
    if (address->length >= sizeof(sa_family_t) && address->host.ss_family == AF_INET6)
        address->host.ss_family = WIN_AF_INET6;
    return address->length;
}

NTSTATUS socket_address_write(struct socket_address *address, gptr guest, gptr length)
{
    uint32_t room, needed = socket_address_to_windows(address);
    if (needed == 0 || guest == 0 || length == 0) return STATUS_SUCCESS;
    if (!guest_read32(&room, length)) return STATUS_ACCESS_VIOLATION;
    if (room < needed) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(guest, &address->host, needed) && guest_write32(length, needed)
               ? STATUS_SUCCESS
               : STATUS_ACCESS_VIOLATION;
}

// Two sockets may use an address when both asked for it (SO_REUSEADDR on Windows, SO_REUSEPORT on the host
// for streams). Without that Windows lets an address be used again while old connections linger. The host
// wants its SO_REUSEADDR for that, of both: hence listeners and what they accept have it (SocketListen), and
// it is tried when an address seems in use.
NTSTATUS socket_bind(struct file *file, const struct socket_address *address)
{
    struct socket *socket = socket_of(file);
    const struct sockaddr *host = (const struct sockaddr *)&address->host;
    if (atomic_exchange(&socket->bound, true)) return STATUS_INVALID_PARAMETER;
    int result = bind(file->fd, host, address->length);
    if (result != 0 && errno == EADDRINUSE && socket_is_stream(socket)) {
        int yes = 1;
        setsockopt(file->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        result = bind(file->fd, host, address->length);
    }
    if (result == 0) {
        if (!socket_is_stream(socket)) socket_events_look(file); // it can be written to now
        return STATUS_SUCCESS;
    }
    int error = errno;
    atomic_store(&socket->bound, false);
    if (error == EADDRINUSE && socket->reuse_address)
        return STATUS_ACCESS_DENIED; // who has it doesn't share it
    return error == EINVAL ? STATUS_INVALID_ADDRESS_COMPONENT : socket_status(error);
}

NTSTATUS socket_bind_any(struct file *file)
{
    struct socket *socket = socket_of(file);
    if (atomic_load(&socket->bound)) return STATUS_SUCCESS;
    struct socket_address any = {.host.ss_family = socket_host_family(socket->family),
                                 .length = socket_address_size(socket->family)};
    NTSTATUS status = socket_bind(file, &any);
    return status == STATUS_INVALID_PARAMETER ? STATUS_SUCCESS : status; // another thread was first
}
