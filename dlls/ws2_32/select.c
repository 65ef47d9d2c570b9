// select and WSAPoll: looking at many sockets at once.
#include "winsock.h"

enum { ENTRIES_INLINE = 64, TICKS_PER_MS = 10000, TICKS_PER_SECOND = 10000000, TICKS_PER_US = 10 };
// What the 64-bit side finds (SOCKET_POLL).
enum {
    FOUND_READABLE = 0x001,
    FOUND_OUT_OF_BAND = 0x002,
    FOUND_WRITABLE = 0x004,
    FOUND_DISCONNECTED = 0x008,
    FOUND_RESET = 0x010,
    FOUND_CLOSED = 0x020,
    FOUND_CONNECTED = 0x040,
    FOUND_ACCEPTABLE = 0x080,
    FOUND_CONNECT_FAILED = 0x100,
};
static const USHORT ready_to_read =
                        FOUND_READABLE | FOUND_DISCONNECTED | FOUND_RESET | FOUND_ACCEPTABLE | FOUND_CLOSED,
                    ready_to_write = FOUND_WRITABLE | FOUND_CONNECTED | FOUND_RESET,
                    exceptional = FOUND_OUT_OF_BAND | FOUND_CONNECT_FAILED;

static NTSTATUS look(SOCKET_POLL *entries, ULONG count, LARGE_INTEGER *timeout, ULONG *ready)
{
    NTSTATUS status;
    do status = SocketPoll(entries, count, timeout, ready);
    while (interrupted(status));
    return status;
}

HOTPATCH int WSAAPI __WSAFDIsSet(SOCKET socket, fd_set *set)
{
    for (u_int i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == socket) return 1;
    return 0;
}

static u_int set_size(const fd_set *set)
{
    return set ? set->fd_count : 0;
}

static SOCKET_POLL *add_set(SOCKET_POLL *at, const fd_set *set, USHORT wanted)
{
    for (u_int i = 0; i < set_size(set); i++)
        *at++ = (SOCKET_POLL){.Socket = handle_of(set->fd_array[i]), .Wanted = wanted};
    return at;
}

// Puts the sockets into the emptied set at whose entries something was found that it asked for; how many.
// Programs pass one set for several, or one socket twice: it counts once.
static int add_found(fd_set *set, const SOCKET_POLL *entries, u_int n)
{
    int added = 0;
    for (u_int i = 0; i < n; i++) {
        SOCKET socket = (SOCKET)entries[i].Socket;
        if (!(entries[i].Found & entries[i].Wanted) || __WSAFDIsSet(socket, set)) continue;
        set->fd_array[set->fd_count++] = socket;
        added++;
    }
    return added;
}

static void empty(fd_set *set)
{
    if (set) set->fd_count = 0;
}

static int select_among(SOCKET_POLL *entries, ULONG count, fd_set *reading, fd_set *writing,
                        fd_set *exceptions, LARGE_INTEGER *timeout)
{
    ULONG ready = 0;
    u_int reads = set_size(reading), writes = set_size(writing), others = set_size(exceptions);
    SOCKET_POLL *write_at = add_set(entries, reading, ready_to_read);
    SOCKET_POLL *other_at = add_set(write_at, writing, ready_to_write);
    add_set(other_at, exceptions, exceptional);
    NTSTATUS status = look(entries, count, timeout, &ready);
    if (status) return result_of_wait(status);
    empty(reading);
    empty(writing);
    empty(exceptions);
    int n = add_found(reading, entries, reads);
    n += add_found(writing, write_at, writes);
    n += add_found(exceptions, other_at, others);
    // What else can be found is that a socket was closed meanwhile.
    return ready && !n ? fail(WSAENOTSOCK) : n;
}

HOTPATCH int WSAAPI select(int ignored, fd_set *reading, fd_set *writing, fd_set *exceptions,
                           const PTIMEVAL timeout)
{
    (void)ignored;
    LARGE_INTEGER until;
    SOCKET_POLL inline_entries[ENTRIES_INLINE], *entries = inline_entries;
    ULONG count = set_size(reading) + set_size(writing) + set_size(exceptions);
    if (!winsock_started()) return SOCKET_ERROR;
    if (!count) return fail(WSAEINVAL);
    if (timeout) {
        if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return fail(WSAEINVAL);
        until.QuadPart =
            -((LONGLONG)timeout->tv_sec * TICKS_PER_SECOND + (LONGLONG)timeout->tv_usec * TICKS_PER_US);
    }
    if (count > ENTRIES_INLINE) {
        entries = RtlAllocateHeap(peb_self()->ProcessHeap, 0, count * sizeof *entries);
        if (!entries) return fail(WSAENOBUFS);
    }
    int result = select_among(entries, count, reading, writing, exceptions, timeout ? &until : NULL);
    if (entries != inline_entries) text_free(entries);
    return result;
}

// ---- WSAPoll ----

static USHORT wanted_of(SHORT events)
{
    USHORT wanted = FOUND_DISCONNECTED | FOUND_RESET | FOUND_CONNECT_FAILED | FOUND_CLOSED;
    if (events & POLLRDNORM) wanted |= FOUND_READABLE | FOUND_ACCEPTABLE;
    if (events & POLLRDBAND) wanted |= FOUND_OUT_OF_BAND;
    if (events & POLLWRNORM) wanted |= FOUND_WRITABLE | FOUND_CONNECTED;
    return wanted;
}

static SHORT events_of(USHORT found, SHORT asked)
{
    SHORT events = 0;
    if (found & (FOUND_READABLE | FOUND_ACCEPTABLE)) events |= POLLRDNORM & asked;
    if (found & FOUND_OUT_OF_BAND) events |= POLLRDBAND & asked;
    if (found & (FOUND_WRITABLE | FOUND_CONNECTED)) events |= POLLWRNORM & asked;
    if (found & FOUND_DISCONNECTED) events |= POLLHUP;
    if (found & FOUND_RESET) events |= POLLERR | POLLHUP;
    if (found & FOUND_CONNECT_FAILED) events |= POLLERR | POLLHUP | (POLLWRNORM & asked);
    if (found & FOUND_CLOSED) events |= POLLNVAL;
    return events;
}

// Whether the entry is a socket; an entry with a negative number is none on purpose.
static bool is_socket(const WSAPOLLFD *fd)
{
    SOCKET_INFO info;
    return !SocketGetInfo(handle_of(fd->fd), &info);
}

// Whether what is looked for at the entries can be; of those that are none on purpose nobody cares.
static bool events_are_known(const WSAPOLLFD *fds, ULONG count)
{
    const SHORT known = POLLRDNORM | POLLRDBAND | POLLWRNORM;
    for (ULONG i = 0; i < count; i++)
        if ((SSIZE_T)fds[i].fd >= 0 && fds[i].events & ~known) return false;
    return true;
}

// Sockets that are none are said to be so, but neither counted nor a reason to return.
static int poll_among(WSAPOLLFD *fds, ULONG count, SOCKET_POLL *entries, LARGE_INTEGER *timeout)
{
    ULONG used = 0, ready = 0;
    int found = 0;
    for (ULONG i = 0; i < count; i++) {
        fds[i].revents = 0;
        if (is_socket(&fds[i]))
            entries[used++] =
                (SOCKET_POLL){.Socket = handle_of(fds[i].fd), .Wanted = wanted_of(fds[i].events)};
        else
            fds[i].revents = POLLNVAL;
    }
    if (!used) return fail(WSAENOTSOCK);
    if (!events_are_known(fds, count)) {
        for (ULONG i = 0; i < count; i++) fds[i].revents = 0;
        return fail(WSAEINVAL);
    }
    NTSTATUS status = look(entries, used, timeout, &ready);
    if (status) return result_of_wait(status);
    for (ULONG i = 0, at = 0; i < count; i++) {
        if (fds[i].revents) continue;
        fds[i].revents = events_of(entries[at++].Found, fds[i].events);
        found += fds[i].revents != 0;
    }
    return found;
}

HOTPATCH int WSAAPI WSAPoll(LPWSAPOLLFD fds, ULONG count, INT timeout)
{
    LARGE_INTEGER until = {.QuadPart = -(LONGLONG)timeout * TICKS_PER_MS};
    if (!winsock_started()) return SOCKET_ERROR;
    if (!count) return fail(WSAEINVAL);
    if (!fds) return fail(WSAEFAULT);
    SOCKET_POLL *entries = RtlAllocateHeap(peb_self()->ProcessHeap, 0, count * sizeof *entries);
    if (!entries) return fail(WSAENOBUFS);
    int result = poll_among(fds, count, entries, timeout < 0 ? NULL : &until);
    text_free(entries);
    if (result >= 0) SetLastError(0);
    return result;
}
