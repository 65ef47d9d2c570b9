// WSAAsyncSelect: what happens at a socket, as messages to a window. It is WSAEventSelect with an event that
// the thread pool waits for.
#include "winsock.h"

struct selection {
    struct selection *next;
    SOCKET socket;
    HWND window;
    UINT message;
    LONG events;
    volatile bool closing;
    HANDLE event;
    PTP_WAIT wait;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct selection *selections;

// In the order in which a program expects them.
static const unsigned order[] = {FD_CONNECT_BIT, FD_ACCEPT_BIT, FD_READ_BIT,
                                 FD_OOB_BIT,     FD_WRITE_BIT,  FD_CLOSE_BIT};

static VOID CALLBACK happened(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
                              TP_WAIT_RESULT result)
{
    struct selection *selection = context;
    SOCKET_EVENTS found;
    (void)instance, (void)result;
    if (SocketEnumEvents(handle_of(selection->socket), selection->event, &found)) return;
    for (unsigned i = 0; i < ARRAYSIZE(order); i++) {
        LONG bit = 1 << order[i];
        if (!(found.Events & bit)) continue;
        int error = winsock_error(found.Status[order[i]]);
        post_message(selection->window, selection->message, selection->socket,
                     WSAMAKESELECTREPLY(bit, error));
    }
    if (!selection->closing) SetThreadpoolWait(wait, selection->event, NULL);
}

static void selection_free(struct selection *selection)
{
    if (selection->wait) CloseThreadpoolWait(selection->wait);
    if (selection->event) NtClose(selection->event);
    text_free(selection);
}

static struct selection *take_out(SOCKET socket)
{
    AcquireSRWLockExclusive(&lock);
    struct selection **link = &selections;
    while (*link && (*link)->socket != socket) link = &(*link)->next;
    struct selection *selection = *link;
    if (selection) *link = selection->next;
    ReleaseSRWLockExclusive(&lock);
    return selection;
}

void async_select_end(SOCKET socket)
{
    if (!selections) return;
    struct selection *selection = take_out(socket);
    if (!selection) return;
    selection->closing = true;
    // Twice: a callback that had not seen closing may have begun to wait anew, and so another may have begun.
    for (int i = 0; i < 2; i++) {
        SetThreadpoolWait(selection->wait, NULL, NULL);
        WaitForThreadpoolWaitCallbacks(selection->wait, TRUE);
    }
    selection_free(selection);
}

void async_select_inherit(SOCKET listener, SOCKET accepted)
{
    HWND window = NULL;
    UINT message = 0;
    LONG events = 0;
    AcquireSRWLockShared(&lock);
    for (const struct selection *each = selections; each; each = each->next)
        if (each->socket == listener) {
            window = each->window;
            message = each->message;
            events = each->events;
        }
    ReleaseSRWLockShared(&lock);
    if (events) WSAAsyncSelect(accepted, window, message, events);
}

HOTPATCH int WSAAPI WSAAsyncSelect(SOCKET socket, HWND window, u_int message, LONG events)
{
    SOCKET_INFO info;
    if (!winsock_started()) return SOCKET_ERROR;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    async_select_end(socket);
    if (!events) return result_of(SocketEventSelect(handle_of(socket), NULL, 0, TRUE));
    if (!is_window(window)) return fail(WSAEINVAL);
    struct selection *selection =
        RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *selection);
    if (!selection) return fail(WSAENOBUFS);
    selection->socket = socket;
    selection->window = window;
    selection->message = message;
    selection->events = events;
    selection->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    selection->wait = selection->event ? CreateThreadpoolWait(happened, selection, NULL) : NULL;
    status = selection->wait ? SocketEventSelect(handle_of(socket), selection->event, events, TRUE)
                             : STATUS_NO_MEMORY;
    if (status) {
        selection_free(selection);
        return result_of(status);
    }
    AcquireSRWLockExclusive(&lock);
    selection->next = selections;
    selections = selection;
    ReleaseSRWLockExclusive(&lock);
    SetThreadpoolWait(selection->wait, selection->event, NULL);
    return result_of(STATUS_SUCCESS);
}
