// Socket options.
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
        int error = pending > 0 ? pending : winsock_error(pending); // above 0: what the program has set
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
