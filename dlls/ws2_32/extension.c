// The functions that WSAIoctl gives out by their GUIDs, and that mswsock.dll exports: AcceptEx and its like.
#include "winsock.h"

static BOOL bool_of(NTSTATUS status)
{
    return result_of(status) == 0;
}

static BOOL WINAPI accept_ex(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD receive, DWORD local,
                             DWORD remote, LPDWORD received, LPOVERLAPPED overlapped)
{
    if (!overlapped) return fail(WSAEINVAL) == 0;
    struct overlapped_call call = overlapped_event(overlapped);
    call.io->Status = STATUS_PENDING;
    NTSTATUS status = SocketAcceptOverlapped(handle_of(listener), handle_of(accepted), call.event,
                                             call.context, call.io, buffer, receive, local, remote);
    if (!status && received) *received = call.io->Information;
    return bool_of(status);
}

// One of the addresses that accept_ex left: its length, then itself.
static void find_address(char *at, DWORD room, struct sockaddr **address, int *length)
{
    USHORT size = 0;
    if (room >= sizeof size) memcpy(&size, at, sizeof size);
    *length = size;
    *address = (struct sockaddr *)(at + sizeof size);
}

static VOID WINAPI get_accept_ex_sockaddrs(PVOID buffer, DWORD receive, DWORD local, DWORD remote,
                                           struct sockaddr **local_address, LPINT local_length,
                                           struct sockaddr **remote_address, LPINT remote_length)
{
    char *at = (char *)buffer + receive;
    find_address(at, local, local_address, local_length);
    find_address(at + local, remote, remote_address, remote_length);
}

static BOOL WINAPI connect_ex(SOCKET socket, const struct sockaddr *address, int length, PVOID data,
                              DWORD size, LPDWORD sent, LPOVERLAPPED overlapped)
{
    if (!overlapped) return fail(ERROR_INVALID_PARAMETER) == 0;
    struct overlapped_call call = overlapped_event(overlapped);
    call.io->Status = STATUS_PENDING;
    NTSTATUS status = SocketConnectOverlapped(handle_of(socket), call.event, call.context, call.io, address,
                                              length, data, size);
    if (!status && sent) *sent = call.io->Information;
    return bool_of(status);
}

static const struct {
    GUID guid;
    void *function;
} functions[] = {
    {WSAID_ACCEPTEX, accept_ex},    {WSAID_GETACCEPTEXSOCKADDRS, get_accept_ex_sockaddrs},
    {WSAID_CONNECTEX, connect_ex},  {WSAID_WSARECVMSG, receive_message},
    {WSAID_WSASENDMSG, WSASendMsg},
};

void *extension_function(const GUID *guid)
{
    for (unsigned i = 0; i < ARRAYSIZE(functions); i++)
        if (IsEqualGUID(&functions[i].guid, guid)) return functions[i].function;
    return NULL;
}
