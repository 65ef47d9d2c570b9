// Sockets: making and closing them, their addresses and connections.
#include "winsock.h"

static SOCKET no_socket(int error)
{
    SetLastError(error);
    return INVALID_SOCKET;
}

static SOCKET create(const WSAPROTOCOL_INFOW *entry, int protocol, DWORD flags)
{
    HANDLE handle;
    int number = protocol ? protocol : entry->iProtocol;
    NTSTATUS status =
        SocketCreate(entry->iAddressFamily, entry->iSocketType, number, (flags & WSA_FLAG_OVERLAPPED) != 0,
                     !(flags & WSA_FLAG_NO_HANDLE_INHERIT), &handle);
    return status ? no_socket(winsock_error(status)) : (SOCKET)handle;
}

HOTPATCH SOCKET WSAAPI WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info, GROUP group,
                                  DWORD flags)
{
    (void)group;
    if (!winsock_started()) return INVALID_SOCKET;
    if (info) {
        // WSADuplicateSocket has already put a handle into this process.
        if (info->dwProviderReserved) return info->dwProviderReserved;
        if (family == FROM_PROTOCOL_INFO || family == AF_UNSPEC) family = info->iAddressFamily;
        if (type == FROM_PROTOCOL_INFO || type == 0) type = info->iSocketType;
        if (protocol == FROM_PROTOCOL_INFO || protocol == 0) protocol = info->iProtocol;
    }
    const WSAPROTOCOL_INFOW *entry = protocol_find(family, type, protocol);
    return entry ? create(entry, protocol, flags) : INVALID_SOCKET;
}

HOTPATCH SOCKET WSAAPI WSASocketA(int family, int type, int protocol, WSAPROTOCOL_INFOA *info, GROUP group,
                                  DWORD flags)
{
    // Of the two kinds only the name differs, which nobody reads.
    return WSASocketW(family, type, protocol, (WSAPROTOCOL_INFOW *)info, group, flags);
}

HOTPATCH SOCKET WSAAPI socket(int family, int type, int protocol)
{
    return WSASocketW(family, type, protocol, NULL, 0, WSA_FLAG_OVERLAPPED);
}

// Puts a handle of the socket into another process, which takes it out by WSASocket.
HOTPATCH int WSAAPI WSADuplicateSocketW(SOCKET socket, DWORD process_id, WSAPROTOCOL_INFOW *info)
{
    if (!winsock_started()) return SOCKET_ERROR;
    WSAPROTOCOL_INFOW described;
    int error = protocol_describe(socket, &described);
    if (error) return fail(error);
    HANDLE copy, process = OpenProcess(PROCESS_DUP_HANDLE, FALSE, process_id);
    if (!process) return fail(WSAEINVAL);
    if (!info) {
        CloseHandle(process);
        return fail(WSAEFAULT);
    }
    *info = described;
    BOOL done = DuplicateHandle(GetCurrentProcess(), handle_of(socket), process, &copy, 0, FALSE,
                                DUPLICATE_SAME_ACCESS);
    CloseHandle(process);
    if (!done) return fail(WSAEINVAL);
    info->dwProviderReserved = (DWORD)copy;
    return 0;
}

HOTPATCH int WSAAPI WSADuplicateSocketA(SOCKET socket, DWORD process_id, WSAPROTOCOL_INFOA *info)
{
    WSAPROTOCOL_INFOW wide;
    int result = WSADuplicateSocketW(socket, process_id, info ? &wide : NULL);
    if (!result) protocol_info_to_ansi(info, &wide);
    return result;
}

HOTPATCH int WSAAPI closesocket(SOCKET socket)
{
    SOCKET_INFO info;
    if (!winsock_started()) return SOCKET_ERROR;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (!status) async_select_end(socket);
    return result_of(status ? status : NtClose(handle_of(socket)));
}

HOTPATCH int WSAAPI bind(SOCKET socket, const struct sockaddr *address, int length)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (!address) return fail(WSAEFAULT);
    NTSTATUS status = SocketBind(handle_of(socket), address, length);
    // An address of another family is not supported, one that isn't the machine's not available.
    SOCKET_INFO info;
    if (status == STATUS_INVALID_ADDRESS_COMPONENT && !SocketGetInfo(handle_of(socket), &info) &&
        info.Family != address->sa_family)
        return fail(WSAEAFNOSUPPORT);
    return result_of(status);
}

HOTPATCH int WSAAPI listen(SOCKET socket, int backlog)
{
    return winsock_started() ? result_of(SocketListen(handle_of(socket), backlog)) : SOCKET_ERROR;
}

HOTPATCH int WSAAPI shutdown(SOCKET socket, int how)
{
    return winsock_started() ? result_of(SocketShutdown(handle_of(socket), how)) : SOCKET_ERROR;
}

HOTPATCH int WSAAPI getsockname(SOCKET socket, struct sockaddr *address, int *length)
{
    if (!winsock_started()) return SOCKET_ERROR;
    return result_of(SocketGetName(handle_of(socket), FALSE, address, (LONG *)length));
}

HOTPATCH int WSAAPI getpeername(SOCKET socket, struct sockaddr *address, int *length)
{
    if (!winsock_started()) return SOCKET_ERROR;
    return result_of(SocketGetName(handle_of(socket), TRUE, address, (LONG *)length));
}

// ---- connections ----

HOTPATCH int WSAAPI connect(SOCKET socket, const struct sockaddr *address, int length)
{
    NTSTATUS status;
    if (!winsock_started()) return SOCKET_ERROR;
    do status = SocketConnect(handle_of(socket), address, length);
    while (interrupted(status));
    SOCKET_INFO info;
    if (status == STATUS_INVALID_ADDRESS_COMPONENT && !SocketGetInfo(handle_of(socket), &info) &&
        info.Family != address->sa_family)
        return fail(WSAEAFNOSUPPORT);
    return result_of_wait(status);
}

// No transport here has data for the other side while it connects.
HOTPATCH int WSAAPI WSAConnect(SOCKET socket, const struct sockaddr *address, int length, LPWSABUF caller,
                               LPWSABUF callee, LPQOS qos, LPQOS group_qos)
{
    (void)caller, (void)callee, (void)qos, (void)group_qos;
    return connect(socket, address, length);
}

HOTPATCH SOCKET WSAAPI accept(SOCKET socket, struct sockaddr *address, int *length)
{
    HANDLE accepted;
    NTSTATUS status;
    if (!winsock_started()) return INVALID_SOCKET;
    do status = SocketAccept(handle_of(socket), &accepted);
    while (interrupted(status));
    if (status) return no_socket(status == STATUS_CANCELLED ? WSAEINTR : winsock_error(status));
    if (address && length) {
        status = SocketGetName(accepted, TRUE, address, (LONG *)length);
        if (status == STATUS_BUFFER_TOO_SMALL) {
            NtClose(accepted);
            return no_socket(WSAEFAULT);
        }
    }
    async_select_inherit(socket, (SOCKET)accepted);
    return (SOCKET)accepted;
}

// Asks the program whether it wants the connection: CF_ACCEPT, CF_REJECT or CF_DEFER.
static int wanted(SOCKET accepted, LPCONDITIONPROC condition, DWORD_PTR argument)
{
    SOCKADDR_STORAGE caller, callee;
    int caller_length = sizeof caller, callee_length = sizeof callee;
    WSABUF none = {0, NULL}, from = {0, (char *)&caller}, to = {0, (char *)&callee};
    GROUP group = 0;
    if (!getpeername(accepted, (struct sockaddr *)&caller, &caller_length)) from.len = caller_length;
    if (!getsockname(accepted, (struct sockaddr *)&callee, &callee_length)) to.len = callee_length;
    return condition(&from, &none, NULL, NULL, &to, &none, &group, argument);
}

HOTPATCH SOCKET WSAAPI WSAAccept(SOCKET socket, struct sockaddr *address, LPINT length,
                                 LPCONDITIONPROC condition, DWORD_PTR argument)
{
    SOCKET accepted = accept(socket, address, length);
    if (accepted == INVALID_SOCKET || !condition) return accepted;
    switch (wanted(accepted, condition, argument)) {
    case CF_ACCEPT: return accepted;
    case CF_DEFER:
        async_select_end(accepted);
        SocketDeferAccept(handle_of(socket), handle_of(accepted));
        return no_socket(WSATRY_AGAIN);
    default: closesocket(accepted); return no_socket(WSAECONNREFUSED);
    }
}
