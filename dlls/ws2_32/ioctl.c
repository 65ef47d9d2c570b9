// The ioctls of sockets.
#include "winsock.h"

#define UDP_CONNRESET 0x9800000Cu // SIO_UDP_CONNRESET and SIO_UDP_NETRESET of mstcpip.h
#define UDP_NETRESET  0x9800000Fu
enum {
    KEEPALIVE_VALUES = 0x98000004,
    BASE_HANDLE = 0x48000022,
    // Layered providers would answer these with the socket below them.
    BSP_HANDLE = 0x4800001B,
    BSP_HANDLE_SELECT = 0x4800001C,
    BSP_HANDLE_POLL = 0x4800001D,
    IDEAL_SEND_BACKLOG = 0x4004747B,
    INTERFACE_LIST = 0x4004747F,
};

HOTPATCH int WSAAPI ioctlsocket(SOCKET socket, LONG code, u_long *value)
{
    if (!winsock_started()) return SOCKET_ERROR;
    return result_of(SocketControl(handle_of(socket), code, value));
}

// ---- WSAIoctl: those that are done at once ----

// A number of 32 bits goes in, or out.
static int number_ioctl(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                        DWORD *returned)
{
    ULONG value = 0;
    bool takes = code == (DWORD)FIONBIO || code == UDP_CONNRESET || code == UDP_NETRESET;
    if (takes ? !in || in_size < sizeof value : !out || out_size < sizeof value) return fail(WSAEFAULT);
    if (takes) memcpy(&value, in, sizeof value);
    NTSTATUS status = SocketControl(handle_of(socket), code, &value);
    if (status) return result_of(status);
    if (!takes) memcpy(out, &value, sizeof value);
    *returned = takes ? 0 : sizeof value;
    return result_of(STATUS_SUCCESS);
}

static int extension_ioctl(SOCKET socket, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    if (!in || in_size < sizeof(GUID) || !out || out_size < sizeof(void *)) return fail(WSAEFAULT);
    void *function = extension_function(in);
    if (!function) return fail(WSAEINVAL);
    memcpy(out, &function, sizeof function);
    *returned = sizeof function;
    return result_of(STATUS_SUCCESS);
}

static int keepalive_ioctl(SOCKET socket, void *in, DWORD in_size)
{
    enum { KEEP_IDLE = 3, KEEP_INTERVAL = 17, MS_PER_SECOND = 1000 }; // TCP_KEEPALIVE, TCP_KEEPINTVL
    struct {
        ULONG on, time, interval;
    } wish; // struct tcp_keepalive
    if (!in || in_size < sizeof wish) return fail(WSAEFAULT);
    memcpy(&wish, in, sizeof wish);
    BOOL on = wish.on != 0;
    int idle = (wish.time + MS_PER_SECOND - 1) / MS_PER_SECOND;
    int interval = (wish.interval + MS_PER_SECOND - 1) / MS_PER_SECOND;
    if (setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on)) return SOCKET_ERROR;
    if (on && idle && setsockopt(socket, IPPROTO_TCP, KEEP_IDLE, (char *)&idle, sizeof idle))
        return SOCKET_ERROR;
    if (on && interval && setsockopt(socket, IPPROTO_TCP, KEEP_INTERVAL, (char *)&interval, sizeof interval))
        return SOCKET_ERROR;
    return result_of(STATUS_SUCCESS);
}

static int base_handle_ioctl(SOCKET socket, void *out, DWORD out_size, DWORD *returned)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    if (!out || out_size < sizeof socket) return fail(WSAEFAULT);
    memcpy(out, &socket, sizeof socket); // nobody is layered above it
    *returned = sizeof socket;
    return result_of(STATUS_SUCCESS);
}

// How much a connection should have under way: what TCP's window allows, which the host finds out by itself.
static int backlog_ioctl(SOCKET socket, void *out, DWORD out_size, DWORD *returned)
{
    enum { IDEAL_BACKLOG = 0x10000 };
    SOCKET_INFO info;
    SOCKADDR_IN6 peer;
    int length = sizeof peer;
    ULONG backlog = IDEAL_BACKLOG;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    if (info.Type != SOCK_STREAM) return fail(WSAEOPNOTSUPP);
    if (getpeername(socket, (struct sockaddr *)&peer, &length)) return SOCKET_ERROR;
    if (!out || out_size < sizeof backlog) return fail(WSAEFAULT);
    memcpy(out, &backlog, sizeof backlog);
    *returned = sizeof backlog;
    return result_of(STATUS_SUCCESS);
}

// Which datagrams a full buffer loses, the oldest or the newest, is the host's choice.
static int queueing_ioctl(SOCKET socket)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    return info.Type == SOCK_STREAM ? fail(WSAEOPNOTSUPP) : result_of(STATUS_SUCCESS);
}

// The result of a call of interface_ioctl.c, for a handle that is a socket.
static int checked(SOCKET socket, int error)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    return status ? result_of(status) : error ? fail(error) : result_of(STATUS_SUCCESS);
}

// What is not known is the device's to refuse.
static int do_ioctl(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                    DWORD *returned)
{
    switch (code) {
    case FIONBIO:
    case UDP_CONNRESET:
    case UDP_NETRESET:
    case FIONREAD:
    case SIOCATMARK: return number_ioctl(socket, code, in, in_size, out, out_size, returned);
    case SIO_GET_EXTENSION_FUNCTION_POINTER:
        return extension_ioctl(socket, in, in_size, out, out_size, returned);
    case KEEPALIVE_VALUES: return keepalive_ioctl(socket, in, in_size);
    case IDEAL_SEND_BACKLOG: return backlog_ioctl(socket, out, out_size, returned);
    case SIO_ENABLE_CIRCULAR_QUEUEING: return queueing_ioctl(socket);
    case INTERFACE_LIST: return checked(socket, interface_list_ioctl(out, out_size, returned));
    case SIO_ADDRESS_LIST_QUERY: return checked(socket, address_list_ioctl(out, out_size, returned));
    case SIO_ROUTING_INTERFACE_QUERY:
        return checked(socket, routing_interface_ioctl(in, in_size, out, out_size, returned));
    case BSP_HANDLE:
    case BSP_HANDLE_SELECT:
    case BSP_HANDLE_POLL:
    case BASE_HANDLE: return base_handle_ioctl(socket, out, out_size, returned);
    default: return checked(socket, WSAEOPNOTSUPP);
    }
}

// ---- with an OVERLAPPED ----

// Which of them WinSock answers by itself, before any device sees them.
static bool is_answered_at_once(DWORD code)
{
    switch (code) {
    case FIONBIO:
    case UDP_CONNRESET:
    case UDP_NETRESET:
    case FIONREAD:
    case SIOCATMARK:
    case SIO_GET_EXTENSION_FUNCTION_POINTER:
    case KEEPALIVE_VALUES:
    case IDEAL_SEND_BACKLOG:
    case SIO_ADDRESS_LIST_QUERY:
    case SIO_ROUTING_INTERFACE_QUERY: return true;
    default: return false;
    }
}

// A call that is answered ends without bytes, though its caller is told how many there are.
static int end_answered(SOCKET socket, const struct overlapped_call *call)
{
    return result_of(SocketEndCall(handle_of(socket), call->event, call->apc, call->context, call->io,
                                   STATUS_SUCCESS, 0, FALSE));
}

// The others are under way, as far as their caller hears, and have ended already.
static int end_at_device(SOCKET socket, const struct overlapped_call *call, int error, DWORD size)
{
    NTSTATUS status = error == WSAEFAULT       ? STATUS_BUFFER_TOO_SMALL
                      : error == WSAEOPNOTSUPP ? STATUS_NOT_SUPPORTED
                      : error                  ? STATUS_INVALID_PARAMETER
                                               : STATUS_SUCCESS;
    return result_of(SocketEndCall(handle_of(socket), call->event, call->apc, call->context, call->io, status,
                                   error ? 0 : size, TRUE));
}

static int ioctl_overlapped(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                            DWORD *returned, WSAOVERLAPPED *overlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct overlapped_call call = overlapped_call(overlapped, routine);
    DWORD size = *returned;
    if (is_answered_at_once(code)) {
        if (code == KEEPALIVE_VALUES) call.io->Status = STATUS_PENDING; // and stays so on errors
        if (do_ioctl(socket, code, in, in_size, out, out_size, &size)) {
            if (code == SIO_ADDRESS_LIST_QUERY) *returned = size; // which says how much it wants
            return SOCKET_ERROR;
        }
        if (code != KEEPALIVE_VALUES || routine) *returned = code == KEEPALIVE_VALUES ? 0 : size;
        return end_answered(socket, &call);
    }
    // Who is below a socket only WinSock knows, and it is not asked here.
    bool refused = code == BASE_HANDLE;
    int error =
        refused ? checked(socket, WSAEOPNOTSUPP) : do_ioctl(socket, code, in, in_size, out, out_size, &size);
    if (error) error = (int)GetLastError();
    if (error == WSAENOTSOCK) return SOCKET_ERROR;
    return end_at_device(socket, &call, error, size);
}

// SIO_ADDRESS_LIST_CHANGE, the one ioctl that waits.
static int address_change(SOCKET socket, LPDWORD returned, LPWSAOVERLAPPED overlapped,
                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    NTSTATUS status;
    if (returned) *returned = 0;
    if (overlapped) {
        struct overlapped_call call = overlapped_call(overlapped, routine);
        call.io->Status = STATUS_PENDING;
        return result_of(
            SocketAddressChangeOverlapped(handle_of(socket), call.event, call.apc, call.context, call.io));
    }
    do status = SocketAddressChange(handle_of(socket));
    while (interrupted(status));
    return result_of_wait(status);
}

// Which of them leave the size alone when they fail.
static bool keeps_size(DWORD code)
{
    return code == (DWORD)FIONREAD || code == (DWORD)SIOCATMARK || code == SIO_ROUTING_INTERFACE_QUERY;
}

HOTPATCH int WSAAPI WSAIoctl(SOCKET socket, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                             LPDWORD returned, LPWSAOVERLAPPED overlapped,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (code == SIO_ADDRESS_LIST_CHANGE && (returned || overlapped))
        return address_change(socket, returned, overlapped, routine);
    if (!returned) return fail(WSAEFAULT);
    if (overlapped)
        return ioctl_overlapped(socket, code, in, in_size, out, out_size, returned, overlapped, routine);
    DWORD size = keeps_size(code) ? *returned : 0;
    int result = do_ioctl(socket, code, in, in_size, out, out_size, &size);
    *returned = size;
    return result;
}
