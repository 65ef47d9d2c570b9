// Events of sockets: WSAEventSelect and what goes with it. WinSock's event objects are Windows' own.
#include "winsock.h"

HOTPATCH int WSAAPI WSAEventSelect(SOCKET socket, WSAEVENT event, LONG events)
{
    if (!winsock_started()) return SOCKET_ERROR;
    async_select_end(socket);
    return result_of(SocketEventSelect(handle_of(socket), event, events, FALSE));
}

HOTPATCH int WSAAPI WSAEnumNetworkEvents(SOCKET socket, WSAEVENT event, LPWSANETWORKEVENTS result)
{
    SOCKET_EVENTS found;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!result) return fail(WSAEFAULT);
    NTSTATUS status = SocketEnumEvents(handle_of(socket), event, &found);
    if (status) return result_of(status);
    result->lNetworkEvents = found.Events;
    for (unsigned i = 0; i < FD_MAX_EVENTS; i++)
        if (found.Events & (1 << i)) result->iErrorCode[i] = winsock_error(found.Status[i]);
    return 0;
}

HOTPATCH WSAEVENT WSAAPI WSACreateEvent(void)
{
    return CreateEventW(NULL, TRUE, FALSE, NULL);
}

static BOOL event_result(BOOL done)
{
    if (!done) SetLastError(WSA_INVALID_HANDLE);
    return done;
}

HOTPATCH BOOL WSAAPI WSACloseEvent(WSAEVENT event)
{
    return event_result(CloseHandle(event));
}

HOTPATCH BOOL WSAAPI WSASetEvent(WSAEVENT event)
{
    return event_result(SetEvent(event));
}

HOTPATCH BOOL WSAAPI WSAResetEvent(WSAEVENT event)
{
    return event_result(ResetEvent(event));
}

HOTPATCH DWORD WSAAPI WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL all, DWORD timeout,
                                               BOOL alertable)
{
    return WaitForMultipleObjectsEx(count, events, all, timeout, alertable);
}
