// Quotas of pipes whose ends are both in this process: a write is done once what it left unread fits, and a
// program that waits for nothing writes what fits. Between processes the host's buffers take what they take.
#include "async.h"
#include "pipe_state.h"
#include <poll.h>
#include <sys/epoll.h>

// How many bytes may lie unread on the way from this end.
static uint32_t quota_of(const struct pipe *pipe)
{
    return pipe->server ? pipe->terms.out_quota : pipe->terms.in_quota;
}

// Whether all that this end sent up to a position fits, with what was read of it since; also when there is no
// quota or the other end isn't here.
static bool fits(struct file *file, uint64_t position)
{
    const struct pipe *pipe = file->state;
    uint32_t quota = quota_of(pipe);
    struct file *peer = quota != 0 ? pipe_peer(file) : NULL;
    if (peer == NULL) return true;
    int64_t unread = (int64_t)(position - ((struct pipe *)peer->state)->received);
    file_release(peer);
    return unread <= quota;
}

uint32_t pipe_quota_left(struct file *file)
{
    const struct pipe *pipe = file->state;
    uint32_t quota = quota_of(pipe);
    struct file *peer = quota != 0 ? pipe_peer(file) : NULL;
    if (peer == NULL) return quota;
    int64_t unread = (int64_t)(pipe->sent - ((struct pipe *)peer->state)->received);
    file_release(peer);
    return unread < 0 ? quota : unread > quota ? 0 : quota - (uint32_t)unread;
}

static bool hung_up(int fd)
{
    struct pollfd state = {.fd = fd, .events = 0};
    return poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLERR);
}

// Whether a write that waits to fit does so now.
static NTSTATUS drained(struct async *async)
{
    struct file *file = async->io.file;
    struct pipe *pipe = file->state;
    pipe_refresh(file);
    if (pipe->state == FILE_PIPE_DISCONNECTED_STATE) return STATUS_PIPE_DISCONNECTED;
    if (pipe->left || hung_up(async->fd)) return STATUS_PIPE_BROKEN;
    if (!fits(file, async->position)) return STATUS_PENDING;
    async->io.information = async->done;
    return STATUS_SUCCESS;
}

// What a cancelled write left unread is not read any more.
static void take_back(struct async *async)
{
    struct file *file = async->io.file, *peer = pipe_peer(file);
    if (peer == NULL) return;
    // A handle that is closed leaves what it wrote.
    if (atomic_load(&file->object.handles) != 0) {
        pthread_mutex_lock(&peer->lock);
        pipe_drop(peer, async->position - async->length, async->position);
        pthread_mutex_unlock(&peer->lock);
    }
    file_release(peer);
    async_run(file, PIPE_DRAINED); // later writes may fit now
}

NTSTATUS pipe_wait_to_fit(struct io *io, gptr buffer, uint32_t length, uint64_t position)
{
    if (fits(io->file, position)) return STATUS_SUCCESS;
    struct async pattern = {.io = *io,
                            .events = PIPE_DRAINED,
                            .attempt = drained,
                            .cancelled = take_back,
                            .buffer = buffer,
                            .length = length,
                            .done = length,
                            .position = position};
    pattern.io.information = 0;
    return async_start(&pattern, io->file->fd);
}

// How much calls under way at an end would read.
static uint64_t wanted_reads(struct file *file)
{
    uint64_t bytes = 0;
    pthread_mutex_lock(&file->lock);
    for (const struct async *async = file->pending; async != NULL; async = async->next)
        if (async->events == EPOLLIN) bytes += async->length - async->done;
    pthread_mutex_unlock(&file->lock);
    return bytes;
}

uint32_t pipe_room(struct file *file, uint32_t length)
{
    struct pipe *pipe = file->state;
    uint32_t quota = quota_of(pipe);
    struct file *peer = quota != 0 ? pipe_peer(file) : NULL;
    if (peer == NULL) return length;
    int64_t unread = (int64_t)(pipe->sent - ((struct pipe *)peer->state)->received);
    uint64_t reads = wanted_reads(peer);
    file_release(peer);
    if ((int64_t)(length - reads) <= (int64_t)quota - unread) return length;
    // Only what is read at once goes; a message goes whole or not at all.
    return pipe->terms.message ? 0 : reads;
}

void pipe_leave(struct file *file)
{
    struct pipe *pipe = file->state;
    struct file *peer = pipe_peer(file);
    if (peer == NULL) return;
    struct pipe *other = peer->state;
    pthread_mutex_lock(&peer->lock);
    other->left = !pipe->passed_on;
    other->unread = (int64_t)(other->sent - pipe->received) > 0;
    pthread_mutex_unlock(&peer->lock);
    async_run(peer, PIPE_DRAINED);
    file_release(peer);
}
