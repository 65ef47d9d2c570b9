// Connecting by name: the first of a host's addresses that answers.
#include "winsock.h"

static BOOL failed(int error)
{
    SetLastError(error);
    return FALSE;
}

// Gives one of the connection's addresses to a caller that wants it.
static void give_address(const struct sockaddr *address, DWORD size, DWORD *length, struct sockaddr *out)
{
    if (!length) return;
    if (out) memcpy(out, address, size);
    *length = size;
}

static DWORD address_size(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN);
}

// Whether the rooms that the caller states hold addresses of the socket's family.
static bool has_room(int family, const DWORD *local_length, const struct sockaddr *local,
                     const DWORD *remote_length, const struct sockaddr *remote)
{
    DWORD needed = family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN);
    return !(local && local_length && *local_length < needed) &&
           !(remote && remote_length && *remote_length < needed);
}

static BOOL give_addresses(SOCKET socket, const struct sockaddr *peer, DWORD *local_length,
                           struct sockaddr *local, DWORD *remote_length, struct sockaddr *remote)
{
    SOCKADDR_IN6 own = {0};
    int length = sizeof own;
    getsockname(socket, (struct sockaddr *)&own, &length);
    own.sin6_port = 0; // the port is not told
    give_address((struct sockaddr *)&own, length, local_length, local);
    give_address(peer, address_size(peer), remote_length, remote);
    SetLastError(0);
    return TRUE;
}

HOTPATCH BOOL PASCAL WSAConnectByNameA(SOCKET socket, LPSTR node, LPSTR service, LPDWORD local_length,
                                       LPSOCKADDR local, LPDWORD remote_length, LPSOCKADDR remote,
                                       const PTIMEVAL timeout, LPWSAOVERLAPPED reserved)
{
    SOCKET_INFO info;
    ADDRINFOA *list;
    (void)timeout; // the host gives up by itself
    if (!winsock_started()) return FALSE;
    if (!node || !service || reserved) return failed(WSAEINVAL);
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return failed(winsock_error(status));
    if (info.Type != SOCK_STREAM) return failed(WSAEFAULT);
    if (!has_room(info.Family, local_length, local, remote_length, remote)) return failed(WSAEFAULT);
    ADDRINFOA hints = {.ai_family = info.Family, .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    int error = getaddrinfo(node, service, &hints, &list);
    if (error) return failed(error);
    error = WSAHOST_NOT_FOUND;
    for (const ADDRINFOA *each = list; each && error; each = each->ai_next) {
        error = connect(socket, each->ai_addr, each->ai_addrlen) ? (int)GetLastError() : 0;
        if (!error) give_addresses(socket, each->ai_addr, local_length, local, remote_length, remote);
    }
    freeaddrinfo(list);
    return error ? failed(error) : TRUE;
}

HOTPATCH BOOL PASCAL WSAConnectByNameW(SOCKET socket, LPWSTR node, LPWSTR service, LPDWORD local_length,
                                       LPSOCKADDR local, LPDWORD remote_length, LPSOCKADDR remote,
                                       const PTIMEVAL timeout, LPWSAOVERLAPPED reserved)
{
    char *node8 = NULL, *service8 = NULL;
    BOOL done = FALSE;
    if (!winsock_started()) return FALSE;
    if (text_to_utf8(node, &node8) && text_to_utf8(service, &service8))
        done = WSAConnectByNameA(socket, node8, service8, local_length, local, remote_length, remote, timeout,
                                 reserved);
    else
        SetLastError(WSAENOBUFS);
    text_free(node8);
    text_free(service8);
    return done;
}

HOTPATCH BOOL PASCAL WSAConnectByList(SOCKET socket, PSOCKET_ADDRESS_LIST list, LPDWORD local_length,
                                      LPSOCKADDR local, LPDWORD remote_length, LPSOCKADDR remote,
                                      const PTIMEVAL timeout, LPWSAOVERLAPPED reserved)
{
    SOCKET_INFO info;
    (void)timeout;
    if (!winsock_started()) return FALSE;
    if (!list || list->iAddressCount <= 0 || reserved) return failed(WSAEINVAL);
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return failed(winsock_error(status));
    if (info.Type != SOCK_STREAM) return failed(WSAEINVAL);
    if (!has_room(info.Family, local_length, local, remote_length, remote)) return failed(WSAEFAULT);
    int error = WSAEINVAL;
    for (INT i = 0; i < list->iAddressCount && error; i++) {
        const SOCKET_ADDRESS *each = &list->Address[i];
        error = connect(socket, each->lpSockaddr, each->iSockaddrLength) ? (int)GetLastError() : 0;
        if (!error) give_addresses(socket, each->lpSockaddr, local_length, local, remote_length, remote);
    }
    return error ? failed(error) : TRUE;
}
