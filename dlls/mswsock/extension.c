// AcceptEx and its like by name: ws2_32 has the functions themselves, and gives them out for a socket.
#include "extension.h"

// The function of a GUID, kept in *known. NULL with the error set.
static void *function_of(SOCKET socket, GUID guid, void **known)
{
    void *function = *known;
    DWORD size;
    if (function) return function;
    if (WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &function, sizeof function,
                 &size, NULL, NULL))
        return NULL;
    return *known = function;
}

HOTPATCH BOOL WINAPI AcceptEx(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD receive, DWORD local,
                              DWORD remote, LPDWORD received, LPOVERLAPPED overlapped)
{
    static void *known;
    LPFN_ACCEPTEX function = function_of(listener, (GUID)WSAID_ACCEPTEX, &known);
    return function && function(listener, accepted, buffer, receive, local, remote, received, overlapped);
}

// Where AcceptEx has left the addresses: after the data, each behind its length.
HOTPATCH VOID WINAPI GetAcceptExSockaddrs(PVOID buffer, DWORD receive, DWORD local, DWORD remote,
                                          struct sockaddr **local_address, LPINT local_length,
                                          struct sockaddr **remote_address, LPINT remote_length)
{
    char *at = (char *)buffer + receive;
    USHORT size = 0;
    if (local >= sizeof size) memcpy(&size, at, sizeof size);
    if (local) {
        *local_address = (struct sockaddr *)(at + sizeof size);
        *local_length = size;
    }
    size = 0;
    if (remote >= sizeof size) memcpy(&size, at + local, sizeof size);
    *remote_address = (struct sockaddr *)(at + local + sizeof size);
    *remote_length = size;
}

HOTPATCH BOOL WINAPI TransmitFile(SOCKET socket, HANDLE file, DWORD bytes, DWORD per_send,
                                  LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags)
{
    static void *known;
    LPFN_TRANSMITFILE function = function_of(socket, (GUID)WSAID_TRANSMITFILE, &known);
    return function && function(socket, file, bytes, per_send, overlapped, buffers, flags);
}

HOTPATCH int WINAPI WSARecvEx(SOCKET socket, char *data, int length, int *flags)
{
    DWORD received = 0;
    WSABUF buffer = {length, data};
    int result = WSARecv(socket, &buffer, 1, &received, (DWORD *)flags, NULL, NULL);
    // A message that is longer is no error here: *flags says so.
    return result && WSAGetLastError() != WSAEMSGSIZE ? SOCKET_ERROR : (int)received;
}
