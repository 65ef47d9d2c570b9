// Overlapped calls: an OVERLAPPED as NT's status block, completion routines as APCs, and results.
#include "winsock.h"

// The APC of a call with a completion routine: its status block is the OVERLAPPED.
static void NTAPI completed(void *routine, IO_STATUS_BLOCK *io, ULONG reserved)
{
    (void)reserved;
    ((LPWSAOVERLAPPED_COMPLETION_ROUTINE)routine)(winsock_result(io->Status), io->Information,
                                                  (WSAOVERLAPPED *)io, 0);
}

struct overlapped_call overlapped_call(WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct overlapped_call call = {.io = (IO_STATUS_BLOCK *)overlapped};
    if (routine) {
        call.apc = completed; // hEvent is the program's own then
        call.context = routine;
    } else {
        // With the lowest bit set the result goes to no completion port.
        ULONG_PTR event = (ULONG_PTR)overlapped->hEvent;
        call.event = (HANDLE)(event & ~(ULONG_PTR)1);
        call.context = event & 1 ? NULL : overlapped;
    }
    return call;
}

HOTPATCH BOOL WSAAPI WSAGetOverlappedResult(SOCKET socket, LPWSAOVERLAPPED overlapped, LPDWORD transferred,
                                            BOOL wait, LPDWORD flags)
{
    SOCKET_INFO info;
    if (!winsock_started()) return FALSE;
    if (!overlapped || !transferred) return fail(WSAEFAULT) == 0;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return fail(winsock_error(status)) == 0;
    volatile const ULONG_PTR *state = (volatile const ULONG_PTR *)&overlapped->Internal;
    if (*state == STATUS_PENDING) {
        if (!wait) return fail(WSA_IO_INCOMPLETE) == 0;
        HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
        if (WaitForSingleObject(event ? event : handle_of(socket), INFINITE) == WAIT_FAILED) return FALSE;
    }
    status = *state;
    // Whoever set the event knows that it is over.
    if (status == STATUS_PENDING) status = STATUS_SUCCESS;
    *transferred = overlapped->InternalHigh;
    if (!flags) return fail(WSAEFAULT) == 0;
    int error = winsock_result(status);
    if (!error) *flags = 0;
    SetLastError(error);
    return !error;
}
