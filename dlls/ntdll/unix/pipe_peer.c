// Which ends of named pipes this process has, by name and instance: both ends of a pipe are often in one
// process.
#include "async.h"
#include "pipe_state.h"
#include <string.h>
#include <sys/epoll.h>

enum { BUCKETS = 64 };
static struct pipe *buckets[BUCKETS];
static _Atomic uint32_t clients; // without any, no server has a peer here
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *key_of(const struct pipe *pipe)
{
    return pipe->server ? pipe->claim.key : pipe->connection.key;
}

static uint32_t slot_of(const struct pipe *pipe)
{
    return pipe->server ? pipe->claim.slot : pipe->connection.slot;
}

static struct pipe **bucket_of(const struct pipe *pipe)
{
    uint32_t hash = slot_of(pipe);
    for (const char *p = key_of(pipe); *p != '\0'; p++) hash = hash * 31 + (uint8_t)*p;
    return &buckets[hash % BUCKETS];
}

void pipe_peer_add(struct file *file)
{
    struct pipe *pipe = file->state, **bucket = bucket_of(pipe);
    pthread_mutex_lock(&lock);
    pipe->peer_next = *bucket;
    *bucket = pipe;
    if (!pipe->server) clients++;
    pthread_mutex_unlock(&lock);
}

void pipe_peer_remove(struct file *file)
{
    struct pipe *pipe = file->state, **link = bucket_of(pipe);
    pthread_mutex_lock(&lock);
    while (*link != NULL && *link != pipe) link = &(*link)->peer_next;
    if (*link == pipe) {
        *link = pipe->peer_next;
        if (!pipe->server) clients--;
    }
    pthread_mutex_unlock(&lock);
}

// The other end, retained; NULL when it is not here, or with waiting when nothing waits there. Of several
// that were connected one after the other, the last.
static struct file *find_peer(const struct pipe *pipe, bool waiting)
{
    struct file *found = NULL;
    pthread_mutex_lock(&lock);
    for (struct pipe *each = *bucket_of(pipe); each != NULL && found == NULL; each = each->peer_next)
        if (each->server != pipe->server && (!waiting || each->file->pending != NULL) &&
            slot_of(each) == slot_of(pipe) && strcmp(key_of(each), key_of(pipe)) == 0 &&
            file_retain_living(each->file))
            found = each->file;
    pthread_mutex_unlock(&lock);
    return found;
}

static bool may_have_peer(const struct pipe *pipe)
{
    return atomic_load_explicit(&clients, memory_order_relaxed) != 0 && key_of(pipe)[0] != '\0';
}

struct file *pipe_peer(const struct file *file)
{
    const struct pipe *pipe = file->state;
    return may_have_peer(pipe) ? find_peer(pipe, false) : NULL;
}

void pipe_peer_run(struct file *file)
{
    struct pipe *pipe = file->state;
    if (!may_have_peer(pipe)) return;
    struct file *peer = find_peer(pipe, true);
    if (peer == NULL) return;
    async_run(peer, EPOLLIN);
    async_run(peer, EPOLLOUT);
    async_run(peer, PIPE_DRAINED);
    file_release(peer);
}
