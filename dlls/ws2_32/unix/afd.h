// What programs reach of \Device\Afd: its control codes and structures, as its users publish them (wepoll,
// libuv, mio; AfdOpenPacketXX and the structures of the other calls: github.com/Emjayen/napi). Guest layouts.
#ifndef LOWLAND_AFD_H
#define LOWLAND_AFD_H

#include "socket.h"

// FILE_DEVICE_NETWORK << 12 | operation << 2 | method (0: buffered, 3: neither).
enum {
    IOCTL_AFD_BIND = 0x12003,
    IOCTL_AFD_CONNECT = 0x12007,
    IOCTL_AFD_START_LISTEN = 0x1200B,
    IOCTL_AFD_RECEIVE = 0x12017,
    IOCTL_AFD_SEND = 0x1201F,
    IOCTL_AFD_POLL = 0x12024,
    IOCTL_AFD_GET_ADDRESS = 0x1202F,
    IOCTL_AFD_EVENT_SELECT = 0x12087,
    IOCTL_AFD_ENUM_NETWORK_EVENTS = 0x1208B,
};

// TDI_RECEIVE_* of tdi.h, and AFD_OVERLAPPED: the call waits even on a non-blocking socket.
enum {
    AFD_OVERLAPPED = 0x0002,
    TDI_RECEIVE_NORMAL = 0x0020,
    TDI_RECEIVE_EXPEDITED = 0x0040,
    TDI_RECEIVE_PEEK = 0x0080,
    TDI_RECEIVE_NO_PUSH = 0x4000, // complete only when full
    TDI_SEND_EXPEDITED = 0x0020,
};

struct afd_poll_handle {
    HANDLE32 handle;
    uint32_t events; // SOCKET_* bits
    int32_t status;
};

struct afd_poll_info {
    int64_t timeout; // as a wait's
    uint32_t count;
    uint32_t exclusive; // only the lowest byte counts
    struct afd_poll_handle handles[];
};
_Static_assert(sizeof(struct afd_poll_info) == 16 && sizeof(struct afd_poll_handle) == 12, "guest layout");

// AFD_RECV_DATA and AFD_SEND_DATA begin so.
struct afd_transfer_info {
    gptr buffers;
    uint32_t count, afd_flags, tdi_flags;
};

struct afd_event_select_info {
    HANDLE32 event;
    uint32_t events;
};

enum { AFD_POLL_EVENTS = 13 };
struct afd_events_info {
    uint32_t events;
    int32_t status[AFD_POLL_EVENTS];
};

// ---- afd.c ----

// A handle of the device that is no socket, for polls.
extern const struct file_device afd_device;
// Opens \Device\Afd: a socket where the extended attribute AfdOpenPacketXX says of which kind, else a handle
// for polls. STATUS_INVALID_PARAMETER for a bad attribute, STATUS_NOT_SUPPORTED for a kind of socket that
// there is not.
NTSTATUS afd_open(uint32_t access, uint32_t options, gptr ea, uint32_t ea_length, struct file **file);
// What a socket does of the device's calls.
NTSTATUS socket_device_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                               uint32_t out_length);

// ---- afd_poll.c ----

// IOCTL_AFD_POLL. As a device_control.
NTSTATUS afd_poll(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length);

#endif
