// How a host socket's errors are reported: errno to NTSTATUS. ws2_32's error.c makes WinSock's numbers of
// them.
#include "socket.h"
#include "status_errno.h"
#include <errno.h>

NTSTATUS socket_status(int error)
{
    switch (error) {
    case EPIPE:
    case ESHUTDOWN: return STATUS_PIPE_DISCONNECTED; // this side has been shut down
    case ENOTCONN:
    case EDESTADDRREQ: return STATUS_INVALID_CONNECTION;
    case EALREADY: return STATUS_CONNECTION_IN_USE;
    case EINPROGRESS: return STATUS_DEVICE_NOT_READY; // as non-blocking calls report it
    case ETIMEDOUT: return STATUS_IO_TIMEOUT;
    case EAFNOSUPPORT: return STATUS_INVALID_ADDRESS_COMPONENT; // an address of another family
    case ENOPROTOOPT: return STATUS_INVALID_INFO_CLASS;
    case EPERM: return STATUS_ACCESS_DENIED;
    case ENODEV: return STATUS_INVALID_ADDRESS_COMPONENT;
    default: return status_from_errno(error);
    }
}
