// The boundary under ws2_32: sockets, which are files of the host behind handles, and the host's names. Each
// call on a socket returns STATUS_INVALID_HANDLE or STATUS_OBJECT_TYPE_MISMATCH for what is none. Addresses
// are Windows' (AF_INET6 is 23). Calls that wait do so alertably: STATUS_USER_APC, and the caller begins
// anew.
#include "define.h"
#include "nt/nt.h"

INTERFACE(ws2_32, 4)

// WSABUF.
typedef struct _SOCKET_BUFFER {
    ULONG Length;
    PVOID Data;
} SOCKET_BUFFER;

// WSAMSG.
typedef struct _SOCKET_MESSAGE {
    PVOID Name;
    LONG NameLength;
    PVOID Buffers;
    ULONG BufferCount;
    SOCKET_BUFFER Control;
    ULONG Flags;
} SOCKET_MESSAGE;

// What is to be sent: memory, or a file's bytes from Offset (negative: its position) on, of which 0 are all.
// A file of 0 is none.
typedef struct _SOCKET_ELEMENT {
    BOOLEAN IsFile;
    ULONG Length;
    PVOID Data;
    HANDLE File;
    LARGE_INTEGER Offset;
} SOCKET_ELEMENT;

// What to look for at a socket, and what was found: AFD_POLL_* bits (thunks/constants.h has none; socket.h
// lists them).
typedef struct _SOCKET_POLL {
    HANDLE Socket;
    USHORT Wanted;
    USHORT Found;
} SOCKET_POLL;

typedef struct _SOCKET_INFO {
    LONG Family, Type, Protocol;
} SOCKET_INFO;

// WSANETWORKEVENTS, with statuses in place of its errors.
typedef struct _SOCKET_EVENTS {
    LONG Events;
    LONG Status[10];
} SOCKET_EVENTS;

// ---- sockets: dlls/ws2_32/unix/socket.c ----
CALL NTSTATUS SocketCreate(LONG family, LONG type, LONG protocol, BOOLEAN overlapped, BOOLEAN inherit,
                           OUT HANDLE *socket);
CALL NTSTATUS SocketGetInfo(HANDLE socket, OUT SOCKET_INFO *info);
// STATUS_INVALID_PARAMETER when it is bound.
CALL NTSTATUS SocketBind(HANDLE socket, IN_BYTES(length) const void *address, ULONG length);
// Closes every socket of the process.
CALL NTSTATUS SocketCloseAll(void);
// how: SD_RECEIVE, SD_SEND, SD_BOTH.
CALL NTSTATUS SocketShutdown(HANDLE socket, LONG how);
CALL NTSTATUS SocketGetName(HANDLE socket, BOOLEAN peer, GPTR void *address, GPTR LONG *length);

// ---- connections: socket_connect.c ----
CALL NTSTATUS SocketListen(HANDLE socket, LONG backlog);
// Waits unless the socket is non-blocking.
CALL NTSTATUS SocketAccept(HANDLE socket, OUT HANDLE *accepted);
CALL NTSTATUS SocketConnect(HANDLE socket, IN_BYTES(length) const void *address, ULONG length);
// AcceptEx: received data, then both addresses, each with two bytes of its length before it, go to buffer.
CALL NTSTATUS SocketAcceptOverlapped(HANDLE socket, HANDLE accepted, HANDLE event, GPTR void *context,
                                     GPTR IO_STATUS_BLOCK *io, GPTR void *buffer, ULONG receive, ULONG local,
                                     ULONG remote);
// ConnectEx.
CALL NTSTATUS SocketConnectOverlapped(HANDLE socket, HANDLE event, GPTR void *context,
                                      GPTR IO_STATUS_BLOCK *io, IN_BYTES(length) const void *address,
                                      ULONG length, OPT GPTR void *data, ULONG size);
// Puts a connection that accept has taken back into its listener's queue; accepted is closed.
CALL NTSTATUS SocketDeferAccept(HANDLE socket, HANDLE accepted);
// DisconnectEx: reuse lets the socket connect again.
CALL NTSTATUS SocketDisconnect(HANDLE socket, HANDLE event, GPTR void *context, GPTR IO_STATUS_BLOCK *io,
                               BOOLEAN reuse);

// ---- data: socket_transfer.c ----
// Both wait unless the socket is non-blocking: for something to receive, and for all to be sent.
CALL NTSTATUS SocketSend(HANDLE socket, GPTR SOCKET_BUFFER *buffers, ULONG count, ULONG flags,
                         OPT IN_BYTES(length) const void *to, ULONG length, OUT ULONG *sent);
CALL NTSTATUS SocketReceive(HANDLE socket, GPTR SOCKET_BUFFER *buffers, ULONG count, INOUT ULONG *flags,
                            OPT GPTR void *from, OPT GPTR LONG *length, OUT_ALWAYS ULONG *received);
CALL NTSTATUS SocketSendOverlapped(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                                   GPTR IO_STATUS_BLOCK *io, GPTR SOCKET_BUFFER *buffers, ULONG count,
                                   ULONG flags, OPT IN_BYTES(length) const void *to, ULONG length);
// from, length and flags are written when it is done.
CALL NTSTATUS SocketReceiveOverlapped(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                                      GPTR IO_STATUS_BLOCK *io, GPTR SOCKET_BUFFER *buffers, ULONG count,
                                      GPTR ULONG *flags, OPT GPTR void *from, OPT GPTR LONG *length);

// With control data (socket_control.c); NameLength, Control.Length and Flags are written when it is done.
CALL NTSTATUS SocketReceiveMessage(HANDLE socket, GPTR SOCKET_MESSAGE *message, OUT_ALWAYS ULONG *received);
CALL NTSTATUS SocketReceiveMessageOverlapped(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                                             GPTR IO_STATUS_BLOCK *io, GPTR SOCKET_MESSAGE *message);
// Control holds what is to be sent with it (IP_PKTINFO and its like).
CALL NTSTATUS SocketSendMessage(HANDLE socket, GPTR SOCKET_MESSAGE *message, ULONG flags, OUT ULONG *sent);
CALL NTSTATUS SocketSendMessageOverlapped(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                                          GPTR IO_STATUS_BLOCK *io, GPTR SOCKET_MESSAGE *message,
                                          ULONG flags);
// TransmitFile and TransmitPackets (socket_transmit.c): elements in their order; then, if flags ask for it,
// the connection ends (TF_DISCONNECT) and the socket may have another (TF_REUSE_SOCKET).
CALL NTSTATUS SocketTransmit(HANDLE socket, HANDLE event, GPTR void *context, GPTR IO_STATUS_BLOCK *io,
                             IN_ARRAY(count, 1024) const SOCKET_ELEMENT *elements, ULONG count, ULONG flags);

// ---- options: socket_option.c. Values as Windows has them; STATUS_INVALID_INFO_CLASS for an unknown one
// ----
CALL NTSTATUS SocketGetOption(HANDLE socket, LONG level, LONG name, GPTR void *value, GPTR LONG *length);
CALL NTSTATUS SocketSetOption(HANDLE socket, LONG level, LONG name, OPT IN_BYTES(length) const void *value,
                              ULONG length);
// FIONBIO, FIONREAD, SIOCATMARK, SIO_UDP_CONNRESET.
CALL NTSTATUS SocketControl(HANDLE socket, ULONG code, INOUT ULONG *value);

// ---- readiness: socket_poll.c, socket_event.c ----
// timeout as a wait's. *ready: how many entries have something.
CALL NTSTATUS SocketPoll(GPTR SOCKET_POLL *entries, ULONG count, OPT IN LARGE_INTEGER *timeout,
                         OUT ULONG *ready);
// events: FD_* bits, 0 ends it. anew: what was told of before is told of again.
CALL NTSTATUS SocketEventSelect(HANDLE socket, HANDLE event, LONG events, BOOLEAN anew);
// What happened since the last call; resets event.
CALL NTSTATUS SocketEnumEvents(HANDLE socket, HANDLE event, OUT SOCKET_EVENTS *events);

// ---- names: host_lookup.c ----
// Addresses of a host (UTF-8 name) of one family or of any (0): SOCKADDR_IN and SOCKADDR_IN6, 28 bytes each.
// STATUS_NOT_FOUND: it has none; STATUS_BAD_NETWORK_PATH: nobody could say.
CALL NTSTATUS HostLookup(IN_BYTES(length) const char *name, ULONG length, LONG family,
                         OUT_BYTES(size) void *addresses, ULONG size, OUT ULONG *count);
// The name of an address, in UTF-8 with its NUL. STATUS_NOT_FOUND.
CALL NTSTATUS HostNameOf(IN_BYTES(length) const void *address, ULONG length, OUT_BYTES(size) char *name,
                         ULONG size);

// ---- ioctls: socket_option.c ----
// Ends an overlapped call that is done: with status and so many bytes; later: as one that was under way.
CALL NTSTATUS SocketEndCall(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                            GPTR IO_STATUS_BLOCK *io, NTSTATUS status, ULONG bytes, BOOLEAN later);

// ---- the machine's addresses: socket_address_list.c ----
// Both wait until an address of the socket's family comes or goes. STATUS_DEVICE_NOT_READY: the socket is
// non-blocking.
CALL NTSTATUS SocketAddressChange(HANDLE socket);
CALL NTSTATUS SocketAddressChangeOverlapped(HANDLE socket, HANDLE event, GPTR void *apc, GPTR void *context,
                                            GPTR IO_STATUS_BLOCK *io);

TYPE(SOCKET_BUFFER)
TYPE(SOCKET_MESSAGE)
TYPE(SOCKET_POLL)
