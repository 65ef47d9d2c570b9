// Sockets: files (FILE_KIND_SOCKET) around a host socket, which never blocks: waiting is ours. What the
// subject files of this folder share.
#ifndef LOWLAND_SOCKET_H
#define LOWLAND_SOCKET_H

#include "file.h"
#include "loader/service.h"
#include <netinet/in.h>
#include <sys/socket.h>

// Windows' numbers, from winsock2.h.
enum { WIN_AF_UNSPEC = 0, WIN_AF_INET = 2, WIN_AF_INET6 = 23 };
enum { WIN_SOCK_STREAM = 1, WIN_SOCK_DGRAM = 2, WIN_SOCK_RAW = 3 };

// What can be found at a socket (the bits of Windows' IOCTL_AFD_POLL, as its users publish them).
enum socket_found {
    SOCKET_READABLE = 0x001,
    SOCKET_OUT_OF_BAND = 0x002,
    SOCKET_WRITABLE = 0x004,
    SOCKET_DISCONNECTED = 0x008, // the peer sends no more
    SOCKET_RESET = 0x010,
    SOCKET_CLOSED = 0x020, // its last handle is closed
    SOCKET_CONNECTED = 0x040,
    SOCKET_ACCEPTABLE = 0x080,
    SOCKET_CONNECT_FAILED = 0x100,
};

enum socket_phase {
    SOCKET_FRESH, // and every socket without connections
    SOCKET_LISTENING,
    SOCKET_CONNECTING,
    SOCKET_ESTABLISHED,
};

// WSAEventSelect's side of a socket (socket_event.c), under the file's lock.
struct socket_events {
    struct object *event; // retained; NULL: none selected
    uint32_t selected;    // FD_* bits
    uint32_t recorded;    // happened, and not yet told by WSAEnumNetworkEvents
    uint32_t found;       // SOCKET_* bits that recorded stands for
    uint32_t spent;       // not recorded again until the call that enables it
    bool anew;            // selected as messages are, which tell of everything again
    NTSTATUS status[10];  // by FD_*_BIT
    struct file *file;
    struct service_watch watch;
    uint32_t watched; // EPOLL*
    bool watching;
};

struct poll_entry; // afd_poll.c
struct afd_poll;

// The polls of \Device\Afd that wait for a socket (afd_poll.c, under its lock).
struct socket_polls {
    struct poll_entry *first;
    struct afd_poll *main;    // the one that an exclusive poll replaces
    _Atomic uint32_t waiting; // how many there are
    struct file *file;
    struct service_watch watch;
    int watch_fd; // the socket's, duplicated; -1: not watched
};

// Options whose value is remembered and changes nothing here, by their place in kept.
enum socket_kept {
    KEPT_CONDITIONAL_ACCEPT, // connections are the host's before anybody is asked
    KEPT_RANDOMIZE_PORT,     // it always does
    KEPT_REUSE_UNICAST_PORT,
    KEPT_REUSE_MULTICAST_PORT,
    KEPT_PROTECTION_LEVEL, // of tunnels that the host hasn't
    SOCKET_KEPT,
};

// file->state.
struct socket {
    int family, type, protocol; // Windows' numbers
    _Atomic bool nonblocking;
    _Atomic bool bound;
    _Atomic bool closed; // the last handle went; whoever still waits gives up
    _Atomic uint32_t phase;
    _Atomic uint32_t shut;                  // bit 0: receiving, bit 1: sending
    _Atomic uint32_t waiting;               // threads inside a blocking call
    _Atomic int32_t connect_error;          // errno of the last connection attempt, for SO_ERROR
    struct sockaddr_in6 peer;               // of a stream's connection, of either family; 0: none yet
    _Atomic int64_t connected_at;           // CLOCK_MONOTONIC ns, 0: not connected (SO_CONNECT_TIME)
    uint32_t receive_timeout, send_timeout; // ms, 0: none
    int32_t send_buffer, receive_buffer;    // as set; -1: the host's own size
    bool both_families;                     // IPV6_V6ONLY was set to 0 at an IPv4 socket
    bool debug;                             // SO_DEBUG, which changes nothing
    int32_t own_error;                      // as it was set by SO_ERROR
    bool reuse_address, exclusive;          // SO_REUSEADDR, SO_EXCLUSIVEADDRUSE as they were set
    bool receive_tos, receive_ecn;          // IP_RECVTOS, IP_RECVECN, which are one on the host
    uint8_t mtu_discovery;                  // IP_MTU_DISCOVER as it was set; 0: it wasn't
    uint16_t linger_on;                     // SO_LINGER's first number as it was set
    int32_t kept[SOCKET_KEPT];              // options that the host has no use for
    _Atomic bool accepting;                 // an AcceptEx is about to connect it:
    struct file *accept_listener;           // whose, not retained; NULL: none. Under the file's lock
    void *accept;                           // and its call's extra
    _Atomic bool reset;                     // a stream whose end came by a reset
    _Atomic bool reused;                    // by DisconnectEx
    _Atomic int deferred;                   // of a listener: a connection that was put back; -1: none
    _Atomic bool ignores_reset;             // SIO_UDP_CONNRESET was told FALSE
    _Atomic bool connected_out;             // by connect, which FD_CONNECT tells of once
    struct socket_events events;
    struct socket_polls polls;
    struct file *next_moved; // socket_moved.c, under its lock
    bool is_moved;           // stands in its list
};

extern const struct file_device socket_device;

static inline struct socket *socket_of(const struct file *file)
{
    return file->state;
}

static inline bool socket_is_stream(const struct socket *socket)
{
    return socket->type == WIN_SOCK_STREAM;
}

// Resolves a handle of a socket. As handle_resolve.
NTSTATUS socket_resolve(HANDLE32 handle, struct file **file);

// A socket object around a non-blocking host socket, which it owns (also on failure). NULL without memory.
struct file *socket_new(int fd, int family, int type, int protocol, uint32_t options);

// A new socket of a kind that the host has (Windows' numbers). STATUS_NOT_SUPPORTED and what the host says.
NTSTATUS socket_open(int family, int type, int protocol, uint32_t options, struct file **file);

// The host's socket for one; -1 with errno.
int socket_host_open(int family, int type, int protocol);

// The socket that another process gave us (file_parcel.c): owns fd. NULL without memory or for no socket.
struct file *socket_adopt(int fd, uint32_t access, uint32_t options);

// How a host call's errno is reported for a socket.
NTSTATUS socket_status(int error);

// Waits for the socket inside a call that blocks. timeout in ms, 0: for ever. STATUS_IO_TIMEOUT,
// STATUS_CANCELLED (it was closed), and what host_wait_fd returns.
NTSTATUS socket_wait(struct file *file, short events, bool alertable, uint32_t timeout);

// ---- socket_address.c ----

struct socket_address {
    struct sockaddr_storage host;
    socklen_t length;
};

// How large an address of a family (Windows' number) is, on both sides.
uint32_t socket_address_size(int family);

// Captures one of Windows' addresses of the given family as the host has it. STATUS_ACCESS_VIOLATION;
// STATUS_BUFFER_TOO_SMALL (WSAEFAULT); STATUS_INVALID_ADDRESS_COMPONENT for one of another family.
NTSTATUS socket_address_read(struct socket_address *address, int family, gptr guest, uint32_t length);
// The other way round, in place; the length as Windows has it.
uint32_t socket_address_to_windows(struct socket_address *address);
// Writes a host address to the guest, and its length over the room that *length says. A family without
// addresses (a stream's recvfrom) writes nothing. STATUS_BUFFER_TOO_SMALL, STATUS_ACCESS_VIOLATION.
NTSTATUS socket_address_write(struct socket_address *address, gptr guest, gptr length);

// The host's numbers of a family, type, protocol; -1: unknown.
int socket_host_family(int family);

// Binds an unbound socket to any address, as Windows does for calls that need one.
NTSTATUS socket_bind_any(struct file *file);
// Binds, by Windows' rules of who may use an address again.
NTSTATUS socket_bind(struct file *file, const struct socket_address *address);

// ---- socket_connect.c ----

// One connection of a listener; STATUS_PENDING when there is none.
NTSTATUS socket_take_connection(const struct file *listener, int *fd);
// The socket's descriptor has a connection from now on.
void socket_set_established(struct file *file);
NTSTATUS socket_listen(struct file *file, int32_t backlog);

// A connection attempt came to its end, or an error of it is to be asked for: STATUS_PENDING while it goes
// on.
NTSTATUS socket_connect_result(struct file *file);

// The end of a stream's connection on our side. reuse: the socket can connect again.
// STATUS_INVALID_CONNECTION: it has none. Under the file's lock.
NTSTATUS socket_disconnect(struct file *file, bool reuse);

// ---- socket_accept.c ----

// The socket is closed: an AcceptEx that was about to connect it ends.
void socket_accept_end(struct file *accepted);

// ---- socket_moved.c ----

// The socket's descriptor is another host socket now: whatever watches it will follow. Any thread, under any
// file's lock.
void socket_moved(struct file *file);

// ---- socket_multicast.c ----

// Groups and interfaces as Windows' structures name them; their size says how long they are.
enum socket_multicast {
    MULTICAST_INTERFACE,  // an address, or 0.x.y.z: the interface's index
    MULTICAST_MEMBERSHIP, // ip_mreq, whose interface is said likewise
    MULTICAST_SOURCE,     // ip_mreq_source, in another order than the host's
    MULTICAST_GROUP,      // group_req
    MULTICAST_GROUP_SOURCE,
};

// Sets such an option of the host's. STATUS_BUFFER_TOO_SMALL; what the host says.
NTSTATUS socket_set_multicast(const struct file *file, enum socket_multicast kind, int level, int name,
                              const void *value, uint32_t size);

// ---- socket_control.c ----

// Control data as the host delivers it.
struct socket_control {
    size_t length;
    bool tos, ecn; // how the host's type of service is wanted: whole, its two lowest bits
    _Alignas(8) uint8_t bytes[256];
};

// Writes it as Windows' WSACMSGHDRs. *length: the room, then what is written. STATUS_BUFFER_OVERFLOW: not all
// of it; STATUS_ACCESS_VIOLATION.
NTSTATUS socket_control_write(const struct socket_control *control, gptr buffer, uint32_t *length);
// The other way round. STATUS_INVALID_PARAMETER: no such thing can be sent, or not so.
NTSTATUS socket_control_read(struct socket_control *control, gptr buffer, uint32_t length);

// ---- socket_transfer.c ----

NTSTATUS socket_file_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
NTSTATUS socket_file_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
// IOCTL_AFD_RECEIVE and IOCTL_AFD_SEND, with a struct afd_transfer_info.
NTSTATUS socket_afd_receive(struct io *io, gptr in, uint32_t in_length);
NTSTATUS socket_afd_send(struct io *io, gptr in, uint32_t in_length);

// ---- socket_poll.c ----

// What is to be found at a socket now among wanted (SOCKET_* bits). revents: what poll said of it; or -1 to
// ask.
uint32_t socket_found(struct file *file, uint32_t wanted, int revents);
// What poll must look for to find these.
short socket_poll_events(const struct file *file, uint32_t wanted);

// ---- afd_poll.c ----

// Something changed at a socket that no descriptor shows: polls look again. Call without the file's lock.
void socket_polls_look(struct file *file);
// The socket's descriptor is another host socket now. On the service thread.
void socket_polls_moved(struct file *file);
// The last reference goes.
void socket_polls_end(struct file *file);

// ---- socket_event.c ----

// What happened since the last call, as SOCKET_* bits, with the status of a connection that failed. Resets
// event unless it is 0.
NTSTATUS socket_events_take(struct file *file, HANDLE32 event, uint32_t *found, NTSTATUS *connect_status);
// WSAEventSelect: selected are FD_* bits. STATUS_INVALID_PARAMETER for a bad event.
// anew: what was told of before is told of again.
NTSTATUS socket_events_select(struct file *file, HANDLE32 event, uint32_t selected, bool anew);

// A call came that lets events (FD_* bits) be recorded again.
void socket_events_enable(struct file *file, uint32_t events);
// Looks for events at once: after something changed that no fd shows.
void socket_events_look(struct file *file);
// The socket's connection is over and it may have another: what was told of that one is told of the next too.
// Under the file's lock.
void socket_events_renew(struct file *file);
// The socket's descriptor is another host socket now. On the service thread, without the file's lock.
void socket_events_moved(struct file *file);
void socket_events_end(struct file *file);
// Takes WSAEventSelect's wishes over from the socket that a connection was accepted at.
void socket_events_inherit(struct file *accepted, struct file *listener);

// winsock2.h's FD_* bits.
enum {
    FD_READ_EVENT = 1,
    FD_WRITE_EVENT = 2,
    FD_OOB_EVENT = 4,
    FD_ACCEPT_EVENT = 8,
    FD_CONNECT_EVENT = 16,
    FD_CLOSE_EVENT = 32,
};

#endif
