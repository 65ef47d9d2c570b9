// The functions that WSAIoctl gives out by their GUIDs, and that mswsock.dll exports: AcceptEx and its like.
#include "winsock.h"

static BOOL bool_of(NTSTATUS status)
{
    return result_of(status) == 0;
}

static BOOL WINAPI accept_ex(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD receive, DWORD local,
                             DWORD remote, LPDWORD received, LPOVERLAPPED overlapped)
{
    if (!overlapped) return fail(ERROR_INVALID_PARAMETER) == 0;
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
    if (local) find_address(at, local, local_address, local_length);
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

// Waits for a call without an OVERLAPPED, whose event is its own.
static BOOL wait_for(NTSTATUS status, const IO_STATUS_BLOCK *block, HANDLE event)
{
    if (status == STATUS_PENDING) {
        NtWaitForSingleObject(event, FALSE, NULL);
        status = block->Status;
    }
    NtClose(event);
    return bool_of(status);
}

static BOOL WINAPI disconnect_ex(SOCKET socket, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved)
{
    if (reserved || flags & ~TF_REUSE_SOCKET) return fail(WSAEINVAL) == 0;
    if (overlapped) {
        struct overlapped_call call = overlapped_event(overlapped);
        call.io->Status = STATUS_PENDING;
        return bool_of(SocketDisconnect(handle_of(socket), call.event, call.context, call.io,
                                        (flags & TF_REUSE_SOCKET) != 0));
    }
    IO_STATUS_BLOCK block;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event) return fail(WSAENOBUFS) == 0;
    return wait_for(SocketDisconnect(handle_of(socket), event, NULL, &block, (flags & TF_REUSE_SOCKET) != 0),
                    &block, event);
}

// The sizes of single sends are the host's affair. What TF_DISCONNECT asks for comes after the last byte:
// here only for who waits for that.
static BOOL WINAPI transmit_file(SOCKET socket, HANDLE file, DWORD bytes, DWORD per_send,
                                 LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags)
{
    SOCKET_BUFFER head = {0, NULL}, tail = {0, NULL};
    (void)per_send;
    if (buffers) {
        head = (SOCKET_BUFFER){buffers->HeadLength, buffers->Head};
        tail = (SOCKET_BUFFER){buffers->TailLength, buffers->Tail};
    }
    if (overlapped && flags & TF_DISCONNECT) return fail(WSAEOPNOTSUPP) == 0;
    if (overlapped) {
        struct overlapped_call call = overlapped_event(overlapped);
        LARGE_INTEGER offset = {.u = {overlapped->Offset, overlapped->OffsetHigh}};
        call.io->Status = STATUS_PENDING;
        return bool_of(SocketTransmitFile(handle_of(socket), file, call.event, call.context, call.io, bytes,
                                          &offset, &head, &tail));
    }
    IO_STATUS_BLOCK block;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event) return fail(WSAENOBUFS) == 0;
    BOOL done =
        wait_for(SocketTransmitFile(handle_of(socket), file, event, NULL, &block, bytes, NULL, &head, &tail),
                 &block, event);
    if (done && flags & TF_DISCONNECT) return disconnect_ex(socket, NULL, flags & TF_REUSE_SOCKET, 0);
    return done;
}

static const struct {
    GUID guid;
    void *function;
} functions[] = {
    {WSAID_ACCEPTEX, accept_ex},         {WSAID_GETACCEPTEXSOCKADDRS, get_accept_ex_sockaddrs},
    {WSAID_CONNECTEX, connect_ex},       {WSAID_WSARECVMSG, receive_message},
    {WSAID_WSASENDMSG, WSASendMsg},      {WSAID_DISCONNECTEX, disconnect_ex},
    {WSAID_TRANSMITFILE, transmit_file},
};

void *extension_function(const GUID *guid)
{
    for (unsigned i = 0; i < ARRAYSIZE(functions); i++)
        if (IsEqualGUID(&functions[i].guid, guid)) return functions[i].function;
    return NULL;
}
