// The device \Device\Afd: opening it, which makes sockets too, and what its calls do with a socket. Most
// programs reach them through WinSock; these are for those that do not.
#include "afd.h"
#include "async.h"
#include <string.h>

// ---- opening ----

// FILE_FULL_EA_INFORMATION with its name, and what AFD_CREATE begins with after that.
struct open_packet {
    uint32_t next;
    uint8_t flags, name_length;
    uint16_t value_length;
    char name[sizeof "AfdOpenPacketXX"];
    uint32_t endpoint_flags, group, family, type, protocol;
};

NTSTATUS afd_open(uint32_t access, uint32_t options, gptr ea, uint32_t ea_length, struct file **file)
{
    struct open_packet packet;
    if (ea_length == 0) {
        *file = file_new(FILE_KIND_AFD, &afd_device, -1, access, options);
        return *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    if (ea_length < sizeof packet) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&packet, ea, sizeof packet)) return STATUS_ACCESS_VIOLATION;
    if (packet.name_length != sizeof packet.name - 1 ||
        memcmp(packet.name, "AfdOpenPacketXX", sizeof packet.name) != 0)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = socket_open(packet.family, packet.type, packet.protocol, options, file);
    if (NT_SUCCESS(status)) (*file)->access = access;
    return status;
}

// ---- calls ----

// What ends later on Windows, whatever the host knows at once.
static NTSTATUS end_as_pending(struct io *io, NTSTATUS status)
{
    io_finish(io, status, NULL);
    return STATUS_PENDING;
}

static bool own_address(const struct file *file, struct socket_address *address)
{
    address->length = sizeof address->host;
    if (getsockname(file->fd, (struct sockaddr *)&address->host, &address->length) != 0) return false;
    socket_address_to_windows(address);
    return true;
}

static NTSTATUS afd_bind(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    enum { SHARE = sizeof(uint32_t), FAMILY = sizeof(uint16_t) };
    struct socket *socket = socket_of(io->file);
    struct socket_address address;
    uint32_t size = socket_address_size(socket->family);
    uint16_t family;
    if (in_length < SHARE + FAMILY) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&family, in + SHARE, sizeof family)) return STATUS_ACCESS_VIOLATION;
    if (family != socket->family || in_length - SHARE < size) return STATUS_INVALID_ADDRESS;
    if (out_length < size) return STATUS_INVALID_PARAMETER;
    if (atomic_load(&socket->bound)) return STATUS_ADDRESS_ALREADY_ASSOCIATED;
    NTSTATUS status = socket_address_read(&address, socket->family, in + SHARE, size);
    if (!NT_SUCCESS(status)) return status;
    if (!guest_probe_write(out, size)) return STATUS_ACCESS_VIOLATION;
    status = socket_bind(io->file, &address);
    if (status == STATUS_ADDRESS_ALREADY_EXISTS) status = STATUS_SHARING_VIOLATION;
    if (NT_SUCCESS(status) && own_address(io->file, &address) && guest_write(out, &address.host, size))
        io->information = size;
    return end_as_pending(io, status);
}

static NTSTATUS afd_get_address(struct io *io, gptr out, uint32_t out_length)
{
    const struct socket *socket = socket_of(io->file);
    struct socket_address address;
    if (!atomic_load(&socket->bound)) return STATUS_INVALID_PARAMETER;
    if (out_length < socket_address_size(socket->family)) return STATUS_BUFFER_TOO_SMALL;
    if (!own_address(io->file, &address)) return STATUS_INVALID_PARAMETER;
    if (!guest_write(out, &address.host, address.length)) return STATUS_ACCESS_VIOLATION;
    io->information = address.length;
    return STATUS_SUCCESS;
}

static NTSTATUS afd_listen(struct io *io, gptr in, uint32_t in_length)
{
    struct {
        uint32_t use_san, backlog, delayed;
    } info;
    if (in_length < sizeof info) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&info, in, sizeof info)) return STATUS_ACCESS_VIOLATION;
    return socket_listen(io->file, info.backlog);
}

// ---- events ----

// The device's events and WinSock's.
static const struct {
    uint32_t found, event;
} events[] = {
    {SOCKET_READABLE, FD_READ_EVENT},
    {SOCKET_OUT_OF_BAND, FD_OOB_EVENT},
    {SOCKET_WRITABLE, FD_WRITE_EVENT},
    {SOCKET_ACCEPTABLE, FD_ACCEPT_EVENT},
    {SOCKET_CONNECTED | SOCKET_CONNECT_FAILED, FD_CONNECT_EVENT},
    {SOCKET_DISCONNECTED | SOCKET_RESET, FD_CLOSE_EVENT},
};

// These calls write their status block also when they fail, since nothing of them can be pending.
static NTSTATUS end_at_once(struct io *io, NTSTATUS status)
{
    uint32_t block[2] = {(uint32_t)status, io->information};
    if (!NT_SUCCESS(status)) guest_write(io->block, block, sizeof block);
    return status;
}

static NTSTATUS afd_event_select(struct io *io, gptr in, uint32_t in_length)
{
    struct afd_event_select_info info;
    uint32_t selected = 0;
    if (in_length < sizeof info) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&info, in, sizeof info)) return STATUS_ACCESS_VIOLATION;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (info.events & events[i].found) selected |= events[i].event;
    return socket_events_select(io->file, info.event, selected, false);
}

// The event to reset comes in place of a buffer.
static NTSTATUS afd_enum_events(struct io *io, gptr event, gptr out, uint32_t out_length)
{
    enum { CONNECT_FAILED_INDEX = 8 };
    struct afd_events_info info = {0};
    NTSTATUS failed;
    if (out_length < sizeof info) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = socket_events_take(io->file, event, &info.events, &failed);
    if (!NT_SUCCESS(status)) return status;
    if (info.events & SOCKET_CONNECT_FAILED) info.status[CONNECT_FAILED_INDEX] = failed;
    return guest_write(out, &info, sizeof info) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- the devices ----

NTSTATUS socket_device_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                               uint32_t out_length)
{
    switch (code) {
    case IOCTL_AFD_POLL: return afd_poll(io, in, in_length, out, out_length);
    case IOCTL_AFD_BIND: return afd_bind(io, in, in_length, out, out_length);
    case IOCTL_AFD_GET_ADDRESS: return afd_get_address(io, out, out_length);
    case IOCTL_AFD_START_LISTEN: return afd_listen(io, in, in_length);
    case IOCTL_AFD_RECEIVE: return socket_afd_receive(io, in, in_length);
    case IOCTL_AFD_SEND: return socket_afd_send(io, in, in_length);
    case IOCTL_AFD_EVENT_SELECT: return end_at_once(io, afd_event_select(io, in, in_length));
    case IOCTL_AFD_ENUM_NETWORK_EVENTS: return end_at_once(io, afd_enum_events(io, in, out, out_length));
    default: return STATUS_INVALID_DEVICE_REQUEST;
    }
}

static NTSTATUS device_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                               uint32_t out_length)
{
    // Everything else is for sockets.
    return code == IOCTL_AFD_POLL ? afd_poll(io, in, in_length, out, out_length) : STATUS_INVALID_PARAMETER;
}

const struct file_device afd_device = {
    .type = FILE_DEVICE_NAMED_PIPE,
    .device_control = device_control,
};
