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

// The sizes of single sends are the host's affair.
static BOOL transmit(SOCKET socket, const SOCKET_ELEMENT *elements, DWORD count, LPOVERLAPPED overlapped,
                     DWORD flags)
{
    if (overlapped) {
        struct overlapped_call call = overlapped_event(overlapped);
        call.io->Status = STATUS_PENDING;
        return bool_of(
            SocketTransmit(handle_of(socket), call.event, call.context, call.io, elements, count, flags));
    }
    IO_STATUS_BLOCK block;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event) return fail(WSAENOBUFS) == 0;
    return wait_for(SocketTransmit(handle_of(socket), event, NULL, &block, elements, count, flags), &block,
                    event);
}

static BOOL WINAPI transmit_file(SOCKET socket, HANDLE file, DWORD bytes, DWORD per_send,
                                 LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags)
{
    SOCKET_ELEMENT elements[3] = {{.IsFile = FALSE}, {.IsFile = TRUE, .Length = bytes, .File = file}};
    LARGE_INTEGER own_position = {.QuadPart = -1};
    (void)per_send;
    if (overlapped)
        elements[1].Offset = (LARGE_INTEGER){.u = {overlapped->Offset, overlapped->OffsetHigh}};
    else
        elements[1].Offset = own_position;
    if (buffers) {
        elements[0].Length = buffers->HeadLength;
        elements[0].Data = buffers->Head;
        elements[2].Length = buffers->TailLength;
        elements[2].Data = buffers->Tail;
    }
    return transmit(socket, elements, ARRAYSIZE(elements), overlapped, flags);
}

static BOOL WINAPI transmit_packets(SOCKET socket, LPTRANSMIT_PACKETS_ELEMENT packets, DWORD count,
                                    DWORD send_size, LPOVERLAPPED overlapped, DWORD flags)
{
    enum { MOST = 1024 };
    (void)send_size;
    if (!packets || !count || count > MOST) return fail(WSAEINVAL) == 0;
    SOCKET_ELEMENT *elements =
        RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, count * sizeof *elements);
    if (!elements) return fail(WSAENOBUFS) == 0;
    for (DWORD i = 0; i < count; i++) {
        elements[i].IsFile = (packets[i].dwElFlags & TP_ELEMENT_FILE) != 0;
        elements[i].Length = packets[i].cLength;
        if (elements[i].IsFile) {
            elements[i].File = packets[i].hFile;
            elements[i].Offset = packets[i].nFileOffset;
        } else {
            elements[i].Data = packets[i].pBuffer;
        }
    }
    BOOL done = transmit(socket, elements, count, overlapped, flags);
    text_free(elements);
    return done;
}

static const struct {
    GUID guid;
    void *function;
} functions[] = {
    {WSAID_ACCEPTEX, accept_ex},         {WSAID_GETACCEPTEXSOCKADDRS, get_accept_ex_sockaddrs},
    {WSAID_CONNECTEX, connect_ex},       {WSAID_WSARECVMSG, receive_message},
    {WSAID_WSASENDMSG, WSASendMsg},      {WSAID_DISCONNECTEX, disconnect_ex},
    {WSAID_TRANSMITFILE, transmit_file}, {WSAID_TRANSMITPACKETS, transmit_packets},
};

void *extension_function(const GUID *guid)
{
    for (unsigned i = 0; i < ARRAYSIZE(functions); i++)
        if (IsEqualGUID(&functions[i].guid, guid)) return functions[i].function;
    return NULL;
}
