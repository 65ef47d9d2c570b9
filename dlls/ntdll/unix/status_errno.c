// How a failed host call is reported to the guest: errno to NTSTATUS.
#include "status_errno.h"
#include "guest_constants.h"
#include <errno.h>

NTSTATUS status_from_errno(int error)
{
    switch (error) {
    case 0: return STATUS_SUCCESS;

    // Rights and modes
    case EACCES:
    case EPERM: return STATUS_ACCESS_DENIED;
    case EROFS: return STATUS_MEDIA_WRITE_PROTECTED;
    case EBUSY:
    case ETXTBSY: return STATUS_SHARING_VIOLATION;

    // Names. Who knows that it is a parent that is missing says STATUS_OBJECT_PATH_NOT_FOUND itself.
    case ENOENT: return STATUS_OBJECT_NAME_NOT_FOUND;
    case ENOTDIR: return STATUS_OBJECT_PATH_NOT_FOUND;
    case EISDIR: return STATUS_FILE_IS_A_DIRECTORY;
    case EEXIST: return STATUS_OBJECT_NAME_COLLISION;
    case ENOTEMPTY: return STATUS_DIRECTORY_NOT_EMPTY;
    case ENAMETOOLONG: return STATUS_OBJECT_NAME_INVALID;
    case EILSEQ: return STATUS_OBJECT_NAME_INVALID;
    case ELOOP: return STATUS_REPARSE_POINT_NOT_RESOLVED;
    case EXDEV: return STATUS_NOT_SAME_DEVICE;
    case EMLINK: return STATUS_TOO_MANY_LINKS;
    case ESTALE: return STATUS_FILE_INVALID;

    // Memory and arguments
    case EFAULT: return STATUS_ACCESS_VIOLATION;
    case ENOMEM: return STATUS_NO_MEMORY;
    case ENOBUFS: return STATUS_INSUFFICIENT_RESOURCES;
    case EMFILE:
    case ENFILE: return STATUS_TOO_MANY_OPENED_FILES;
    case EBADF: return STATUS_INVALID_HANDLE;
    case EINVAL:
    case EDOM:
    case E2BIG: return STATUS_INVALID_PARAMETER;
    case ERANGE:
    case EOVERFLOW: return STATUS_INTEGER_OVERFLOW;
    case ENOSYS:
    case EOPNOTSUPP: return STATUS_NOT_SUPPORTED;
    case ENOTTY: return STATUS_INVALID_DEVICE_REQUEST;

    // Space
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return STATUS_DISK_FULL;

    // Locks
    case EDEADLK: return STATUS_POSSIBLE_DEADLOCK;
    case ENOLCK: return STATUS_INSUFFICIENT_RESOURCES;

    // Devices
    case EIO: return STATUS_IO_DEVICE_ERROR;
    case ENXIO:
    case ENODEV: return STATUS_NO_SUCH_DEVICE;
    case ENOTBLK: return STATUS_INVALID_DEVICE_REQUEST;
    case ENOMEDIUM: return STATUS_NO_MEDIA_IN_DEVICE;
    case EMEDIUMTYPE: return STATUS_UNRECOGNIZED_MEDIA;
    case ESPIPE: return STATUS_INVALID_DEVICE_REQUEST;

    // Streams and sockets
    case EPIPE: return STATUS_PIPE_BROKEN;
    case EAGAIN: return STATUS_DEVICE_NOT_READY;
    case EINTR: return STATUS_CANCELLED;
    case ECANCELED: return STATUS_CANCELLED;
    case EINPROGRESS:
    case EALREADY: return STATUS_PENDING;
    case ETIMEDOUT: return STATUS_IO_TIMEOUT;
    case EMSGSIZE: return STATUS_BUFFER_OVERFLOW;
    case EPROTO:
    case EPROTOTYPE:
    case ENOPROTOOPT:
    case EPROTONOSUPPORT:
    case ESOCKTNOSUPPORT:
    case EPFNOSUPPORT:
    case EAFNOSUPPORT: return STATUS_NOT_SUPPORTED;
    case ENOTSOCK: return STATUS_OBJECT_TYPE_MISMATCH;
    case EDESTADDRREQ: return STATUS_INVALID_PARAMETER;
    case EADDRINUSE: return STATUS_ADDRESS_ALREADY_EXISTS;
    case EADDRNOTAVAIL: return STATUS_INVALID_ADDRESS_COMPONENT;
    case ENETDOWN:
    case ENETUNREACH: return STATUS_NETWORK_UNREACHABLE;
    case EHOSTDOWN:
    case EHOSTUNREACH: return STATUS_HOST_UNREACHABLE;
    case ECONNREFUSED: return STATUS_CONNECTION_REFUSED;
    case ECONNRESET:
    case ENETRESET: return STATUS_CONNECTION_RESET;
    case ECONNABORTED: return STATUS_CONNECTION_ABORTED;
    case EISCONN: return STATUS_CONNECTION_ACTIVE;
    case ENOTCONN: return STATUS_CONNECTION_DISCONNECTED;
    case ESHUTDOWN: return STATUS_PIPE_CLOSING;

    // Processes
    case ESRCH:
    case ECHILD: return STATUS_INVALID_CID;
    case ENOEXEC: return STATUS_INVALID_IMAGE_FORMAT;

    // Extended attributes
    case ENODATA: return STATUS_NOT_FOUND;
    default: return STATUS_UNSUCCESSFUL;
    }
}
