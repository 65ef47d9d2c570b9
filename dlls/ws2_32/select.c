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

// Leaves the sockets in the set at whose entries something was found.
static int keep_found(const SOCKET_POLL **at, fd_set *set)
{
    u_int kept = 0, n = set_size(set);
    for (u_int i = 0; i < n; i++, (*at)++)
        if ((*at)->Found) set->fd_array[kept++] = (SOCKET)(*at)->Socket;
    if (set) set->fd_count = kept;
    return kept;
}

static int select_among(SOCKET_POLL *entries, ULONG count, fd_set *reading, fd_set *writing,
                        fd_set *exceptions, LARGE_INTEGER *timeout)
{
    ULONG ready = 0;
    SOCKET_POLL *at = add_set(entries, reading, ready_to_read);
    at = add_set(at, writing, ready_to_write);
    add_set(at, exceptions, exceptional);
    NTSTATUS status = look(entries, count, timeout, &ready);
    if (status) return result_of_wait(status);
    const SOCKET_POLL *found = entries;
    int n = keep_found(&found, reading);
    n += keep_found(&found, writing);
    return n + keep_found(&found, exceptions);
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

static int poll_among(WSAPOLLFD *fds, ULONG count, SOCKET_POLL *entries, LARGE_INTEGER *timeout)
{
    ULONG used = 0, ready = 0;
    int invalid = 0, found = 0;
    for (ULONG i = 0; i < count; i++) {
        fds[i].revents = 0;
        if (is_socket(&fds[i]))
            entries[used++] =
                (SOCKET_POLL){.Socket = handle_of(fds[i].fd), .Wanted = wanted_of(fds[i].events)};
        else
            fds[i].revents = POLLNVAL, invalid++;
    }
    if (!used) return fail(WSAENOTSOCK);
    LARGE_INTEGER now = {.QuadPart = 0};
    NTSTATUS status = look(entries, used, invalid ? &now : timeout, &ready);
    if (status) return result_of_wait(status);
    for (ULONG i = 0, at = 0; i < count; i++) {
        if (!fds[i].revents) fds[i].revents = events_of(entries[at++].Found, fds[i].events);
        found += fds[i].revents && fds[i].revents != POLLNVAL;
    }
    return found + invalid;
}

HOTPATCH int WSAAPI WSAPoll(LPWSAPOLLFD fds, ULONG count, INT timeout)
{
    const SHORT known = POLLRDNORM | POLLRDBAND | POLLWRNORM;
    LARGE_INTEGER until = {.QuadPart = -(LONGLONG)timeout * TICKS_PER_MS};
    if (!winsock_started()) return SOCKET_ERROR;
    if (!count) return fail(WSAEINVAL);
    if (!fds) return fail(WSAEFAULT);
    for (ULONG i = 0; i < count; i++)
        if (fds[i].events & ~known) return fail(WSAEINVAL);
    SOCKET_POLL *entries = RtlAllocateHeap(peb_self()->ProcessHeap, 0, count * sizeof *entries);
    if (!entries) return fail(WSAENOBUFS);
    int result = poll_among(fds, count, entries, timeout < 0 ? NULL : &until);
    text_free(entries);
    return result;
}
