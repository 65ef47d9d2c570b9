// Sending and receiving, with and without an OVERLAPPED.
#include "winsock.h"

HOTPATCH int WSAAPI sendto(SOCKET socket, const char *data, int length, int flags, const struct sockaddr *to,
                           int to_length)
{
    ULONG sent = 0;
    SOCKET_BUFFER buffer = {length, (void *)data};
    if (!winsock_started()) return SOCKET_ERROR;
    NTSTATUS status = SocketSend(handle_of(socket), &buffer, 1, flags, to, to_length, &sent);
    return result_of_wait(status) ? SOCKET_ERROR : (int)sent;
}

HOTPATCH int WSAAPI send(SOCKET socket, const char *data, int length, int flags)
{
    return sendto(socket, data, length, flags, NULL, 0);
}

// One receive that waits; *flags on return as WSARecvFrom has them.
static NTSTATUS receive(SOCKET socket, WSABUF *buffers, DWORD count, ULONG *flags, struct sockaddr *from,
                        int *length, ULONG *received)
{
    NTSTATUS status;
    ULONG asked = *flags;
    do {
        *flags = asked;
        status = SocketReceive(handle_of(socket), (SOCKET_BUFFER *)buffers, count, flags, from,
                               (LONG *)length, received);
    } while (interrupted(status));
    return status;
}

HOTPATCH int WSAAPI recvfrom(SOCKET socket, char *data, int length, int flags, struct sockaddr *from,
                             int *from_length)
{
    ULONG received = 0, asked = flags;
    WSABUF buffer = {length, data};
    if (!winsock_started()) return SOCKET_ERROR;
    NTSTATUS status = receive(socket, &buffer, 1, &asked, from, from_length, &received);
    return result_of_wait(status) ? SOCKET_ERROR : (int)received;
}

HOTPATCH int WSAAPI recv(SOCKET socket, char *data, int length, int flags)
{
    return recvfrom(socket, data, length, flags, NULL, NULL);
}

// ---- WSASend and WSARecv ----

// A call that waits has nowhere to put its result.
static int no_result(SOCKET socket)
{
    SOCKET_INFO info;
    return fail(SocketGetInfo(handle_of(socket), &info) ? WSAENOTSOCK : WSAEFAULT);
}

HOTPATCH int WSAAPI WSASendTo(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                              const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    NTSTATUS status;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!overlapped) {
        ULONG done = 0;
        if (!sent) return no_result(socket);
        status = SocketSend(handle_of(socket), (SOCKET_BUFFER *)buffers, count, flags, to, to_length, &done);
        if (!status) *sent = done;
        return result_of_wait(status);
    }
    struct overlapped_call call = overlapped_call(overlapped, routine);
    call.io->Status = STATUS_PENDING;
    status = SocketSendOverlapped(handle_of(socket), call.event, call.apc, call.context, call.io,
                                  (SOCKET_BUFFER *)buffers, count, flags, to, to_length);
    if (!status && sent) *sent = call.io->Information;
    return result_of(status);
}

HOTPATCH int WSAAPI WSASend(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    return WSASendTo(socket, buffers, count, sent, flags, NULL, 0, overlapped, routine);
}

HOTPATCH int WSAAPI WSARecvFrom(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    NTSTATUS status;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!flags) return fail(WSAEFAULT);
    if (!count) return fail(WSAEINVAL);
    if (!overlapped) {
        ULONG done = 0;
        if (!received) return no_result(socket);
        status = receive(socket, buffers, count, flags, from, from_length, &done);
        if (!status || status == STATUS_BUFFER_OVERFLOW) *received = done;
        return result_of_wait(status);
    }
    struct overlapped_call call = overlapped_call(overlapped, routine);
    call.io->Status = STATUS_PENDING;
    status = SocketReceiveOverlapped(handle_of(socket), call.event, call.apc, call.context, call.io,
                                     (SOCKET_BUFFER *)buffers, count, flags, from, (LONG *)from_length);
    if ((!status || status == STATUS_BUFFER_OVERFLOW) && received) *received = call.io->Information;
    return result_of(status);
}

HOTPATCH int WSAAPI WSARecv(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    return WSARecvFrom(socket, buffers, count, received, flags, NULL, NULL, overlapped, routine);
}

int WSAAPI receive_message(SOCKET socket, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    NTSTATUS status;
    ULONG done = 0;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!message) return fail(WSAEFAULT);
    if (!overlapped) {
        do status = SocketReceiveMessage(handle_of(socket), (SOCKET_MESSAGE *)message, &done);
        while (interrupted(status));
        if (received && (!status || status == STATUS_BUFFER_OVERFLOW)) *received = done;
        return result_of_wait(status);
    }
    struct overlapped_call call = overlapped_call(overlapped, routine);
    call.io->Status = STATUS_PENDING;
    status = SocketReceiveMessageOverlapped(handle_of(socket), call.event, call.apc, call.context, call.io,
                                            (SOCKET_MESSAGE *)message);
    if ((!status || status == STATUS_BUFFER_OVERFLOW) && received) *received = call.io->Information;
    return result_of(status);
}

HOTPATCH int WSAAPI WSASendMsg(SOCKET socket, LPWSAMSG message, DWORD flags, LPDWORD sent,
                               LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    NTSTATUS status;
    ULONG done = 0;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!message) return fail(WSAEFAULT);
    if (!overlapped && !sent) return no_result(socket);
    if (!overlapped) {
        status = SocketSendMessage(handle_of(socket), (SOCKET_MESSAGE *)message, flags, &done);
        if (sent && !status) *sent = done;
        return result_of_wait(status);
    }
    struct overlapped_call call = overlapped_call(overlapped, routine);
    call.io->Status = STATUS_PENDING;
    status = SocketSendMessageOverlapped(handle_of(socket), call.event, call.apc, call.context, call.io,
                                         (SOCKET_MESSAGE *)message, flags);
    if (!status && sent) *sent = call.io->Information;
    return result_of(status);
}

HOTPATCH int WSAAPI WSASendDisconnect(SOCKET socket, LPWSABUF data)
{
    (void)data; // no transport here has such data
    return shutdown(socket, SD_SEND);
}

HOTPATCH int WSAAPI WSARecvDisconnect(SOCKET socket, LPWSABUF data)
{
    (void)data;
    return shutdown(socket, SD_RECEIVE);
}
