// Socket options, and the ioctls of sockets.
#include "winsock.h"

enum { OPEN_TYPE = 0x7008 }; // SO_OPENTYPE, of threads and not of sockets

static int get_protocol_info(SOCKET socket, int name, void *value, int *length)
{
    WSAPROTOCOL_INFOW info;
    int size = name == SO_PROTOCOL_INFOW ? (int)sizeof info : (int)sizeof(WSAPROTOCOL_INFOA);
    int error = protocol_describe(socket, &info);
    if (error) return fail(error);
    if (!value || *length < size) {
        *length = size;
        return fail(WSAEFAULT);
    }
    if (name == SO_PROTOCOL_INFOW)
        memcpy(value, &info, size);
    else
        protocol_info_to_ansi(value, &info);
    return result_of(STATUS_SUCCESS);
}

static int get_open_type(char *value, int *length)
{
    struct thread_answers *thread = thread_answers();
    if (!thread) return SOCKET_ERROR;
    if (!value || (unsigned)*length < sizeof thread->open_type) return fail(WSAEFAULT);
    memcpy(value, &thread->open_type, sizeof thread->open_type);
    *length = sizeof thread->open_type;
    return result_of(STATUS_SUCCESS);
}

static int set_open_type(const char *value, int length)
{
    struct thread_answers *thread = thread_answers();
    if (!thread) return SOCKET_ERROR;
    if (!value || (unsigned)length < sizeof thread->open_type) return fail(WSAEFAULT);
    memcpy(&thread->open_type, value, sizeof thread->open_type);
    return result_of(STATUS_SUCCESS);
}

HOTPATCH int WSAAPI getsockopt(SOCKET socket, int level, int name, char *value, int *length)
{
    SOCKET_INFO info;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!length) return fail(SocketGetInfo(handle_of(socket), &info) ? WSAENOTSOCK : WSAEFAULT);
    if (level == SOL_SOCKET && name == OPEN_TYPE) return get_open_type(value, length);
    if (level == SOL_SOCKET && (name == SO_PROTOCOL_INFOA || name == SO_PROTOCOL_INFOW))
        return get_protocol_info(socket, name, value, length);
    NTSTATUS status = SocketGetOption(handle_of(socket), level, name, value, (LONG *)length);
    if (!status && level == SOL_SOCKET && name == SO_ERROR) {
        NTSTATUS pending;
        memcpy(&pending, value, sizeof pending);
        int error = winsock_error(pending);
        memcpy(value, &error, sizeof error);
    }
    return result_of(status);
}

HOTPATCH int WSAAPI setsockopt(SOCKET socket, int level, int name, const char *value, int length)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (level == SOL_SOCKET && name == OPEN_TYPE) return set_open_type(value, length);
    return result_of(SocketSetOption(handle_of(socket), level, name, value, length));
}

HOTPATCH int WSAAPI ioctlsocket(SOCKET socket, LONG code, u_long *value)
{
    if (!winsock_started()) return SOCKET_ERROR;
    return result_of(SocketControl(handle_of(socket), code, value));
}

// ---- WSAIoctl: those that are done at once ----

// A number of 32 bits goes in, or out.
#define UDP_CONNRESET 0x9800000Cu // SIO_UDP_CONNRESET of mstcpip.h

static int number_ioctl(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                        DWORD *returned)
{
    ULONG value = 0;
    bool takes = code == (DWORD)FIONBIO || code == UDP_CONNRESET;
    if (takes ? !in || in_size < sizeof value : !out || out_size < sizeof value) return fail(WSAEFAULT);
    if (takes) memcpy(&value, in, sizeof value);
    NTSTATUS status = SocketControl(handle_of(socket), code, &value);
    if (status) return result_of(status);
    if (!takes) memcpy(out, &value, sizeof value);
    *returned = takes ? 0 : sizeof value;
    return 0;
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
    return 0;
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
    return 0;
}

static int base_handle_ioctl(SOCKET socket, void *out, DWORD out_size, DWORD *returned)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    if (!out || out_size < sizeof socket) return fail(WSAEFAULT);
    memcpy(out, &socket, sizeof socket); // nobody is layered above it
    *returned = sizeof socket;
    return 0;
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
    return 0;
}

// The result of a call of interface_ioctl.c, for a handle that is a socket.
static int checked(SOCKET socket, int error)
{
    SOCKET_INFO info;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    return status ? result_of(status) : error ? fail(error) : result_of(STATUS_SUCCESS);
}

static int do_ioctl(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                    DWORD *returned)
{
    enum { KEEPALIVE_VALUES = 0x98000004, BASE_HANDLE = 0x48000022, IDEAL_SEND_BACKLOG = 0x4004747B };
    enum { INTERFACE_LIST = 0x4004747F };
    // Layered providers would answer these with the socket below them.
    enum { BSP_HANDLE = 0x4800001B, BSP_HANDLE_SELECT = 0x4800001C, BSP_HANDLE_POLL = 0x4800001D };
    switch (code) {
    case FIONBIO:
    case UDP_CONNRESET:
    case FIONREAD:
    case SIOCATMARK: return number_ioctl(socket, code, in, in_size, out, out_size, returned);
    case SIO_GET_EXTENSION_FUNCTION_POINTER:
        return extension_ioctl(socket, in, in_size, out, out_size, returned);
    case KEEPALIVE_VALUES: return keepalive_ioctl(socket, in, in_size);
    case IDEAL_SEND_BACKLOG: return backlog_ioctl(socket, out, out_size, returned);
    case INTERFACE_LIST: return checked(socket, interface_list_ioctl(out, out_size, returned));
    case SIO_ADDRESS_LIST_QUERY: return checked(socket, address_list_ioctl(out, out_size, returned));
    case SIO_ROUTING_INTERFACE_QUERY:
        return checked(socket, routing_interface_ioctl(in, in_size, out, out_size, returned));
    case BSP_HANDLE:
    case BSP_HANDLE_SELECT:
    case BSP_HANDLE_POLL:
    case BASE_HANDLE: return base_handle_ioctl(socket, out, out_size, returned);
    default: return fail(WSAEOPNOTSUPP);
    }
}

HOTPATCH int WSAAPI WSAIoctl(SOCKET socket, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                             LPDWORD returned, LPWSAOVERLAPPED overlapped,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    DWORD size = returned ? *returned : 0;
    (void)routine;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!returned && !overlapped) return fail(WSAEFAULT);
    if (code != SIO_ROUTING_INTERFACE_QUERY) size = 0; // which leaves it alone on errors
    int result = do_ioctl(socket, code, in, in_size, out, out_size, &size);
    if (returned) *returned = size;
    if (!result && overlapped) {
        overlapped->Internal = STATUS_SUCCESS;
        overlapped->InternalHigh = size;
        HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
        if (event) SetEvent(event);
    }
    return result;
}
