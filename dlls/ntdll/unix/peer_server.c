// The answering end of requests between processes: connections, the dispatch of their requests, and what is
// told to those who watch this process. All requests are served on the service thread, one at a time.
#include "peer.h"
#include "debug_event.h"
#include "job_name.h"
#include "peer_socket.h"
#include "loader/fail.h"
#include "loader/host_clock.h"
#include "peer_messages.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

struct peer_connection {
    struct peer_connection *next;
    struct service_watch watch;
    uint32_t watcher; // 0: only asks
    bool hears_threads;
    void (*closed)(struct peer_connection *connection); // of peer_keep; NULL: nobody wants to know
};

// Connections and their flags; the service thread adds and removes, any thread tells watchers.
static pthread_mutex_t connections_lock = PTHREAD_MUTEX_INITIALIZER;
static struct peer_connection *connections;
static uint32_t last_watcher;
static _Atomic uint32_t thread_watchers;

static const struct {
    peer_handler *serve;
    uint32_t size; // of the body's fixed part
} operations[PEER_OPERATIONS] = {
    [PEER_HELLO] = {peer_serve_hello, 0},
    [PEER_MEMORY] = {peer_serve_memory, sizeof(struct memory_request)},
    [PEER_MEMORY_READ] = {peer_serve_memory_read, sizeof(struct peer_range)},
    [PEER_MEMORY_WRITE] = {peer_serve_memory_write, sizeof(struct peer_range)},
    [PEER_MEMORY_QUERY] = {peer_serve_memory_query, sizeof(struct peer_memory_query)},
    [PEER_THREAD_OPEN] = {peer_serve_thread_open, sizeof(struct peer_thread_open)},
    [PEER_THREAD_CREATE] = {peer_serve_thread_create, sizeof(struct peer_thread_create)},
    [PEER_THREAD_CONTROL] = {peer_serve_thread_control, sizeof(struct peer_thread_control)},
    [PEER_THREAD_GET_CONTEXT] = {peer_serve_thread_get_context, sizeof(struct peer_thread_context)},
    [PEER_THREAD_SET_CONTEXT] = {peer_serve_thread_set_context, sizeof(struct peer_thread_context)},
    [PEER_THREAD_STATE] = {peer_serve_thread_state, sizeof(struct peer_thread)},
    [PEER_THREAD_SET] = {peer_serve_thread_set, sizeof(struct peer_thread_set)},
    [PEER_PROCESS_STATE] = {peer_serve_process_state, 0},
    [PEER_PROCESS_SET] = {peer_serve_process_set, sizeof(struct peer_process_set)},
    [PEER_PROCESS_NAME] = {peer_serve_process_name, 0},
    [PEER_PROCESS_LIST] = {peer_serve_process_list, 0},
    [PEER_PROCESS_TERMINATE] = {peer_serve_terminate, sizeof(uint32_t)},
    [PEER_PROCESS_SUSPEND] = {peer_serve_suspend, sizeof(uint32_t)},
    [PEER_HANDLE_TAKE] = {peer_serve_handle_take, sizeof(HANDLE32)},
    [PEER_HANDLE_GIVE] = {peer_serve_handle_give, sizeof(struct peer_handle)},
    [PEER_HANDLE_COPY] = {peer_serve_handle_copy, sizeof(struct peer_handle_copy)},
    [PEER_HANDLE_CLOSE] = {peer_serve_handle_close, sizeof(HANDLE32)},
    [PEER_VIEW_MAP] = {peer_serve_view_map, sizeof(struct peer_view)},
    [PEER_JOB_JOIN] = {peer_serve_job_join, sizeof(struct job_name)},
    [PEER_JOB_LIMITS] = {peer_serve_job_limits, 0},
    [PEER_JOB_NEWS] = {peer_serve_job_news, sizeof(uint32_t)},
    [PEER_JOB_MESSAGE] = {peer_serve_job_message, sizeof(struct job_message)},
    [PEER_DEBUG_LINK] = {peer_serve_debug_link, sizeof(struct debug_link)},
    [PEER_DEBUG_EVENT] = {peer_serve_debug_event, sizeof(struct debug_event)},
    [PEER_DEBUG_NEWS] = {peer_serve_debug_news, sizeof(struct debug_event)},
    [PEER_DEBUG_ATTACH] = {peer_serve_debug_attach, sizeof(struct debugger)},
    [PEER_DEBUG_DETACH] = {peer_serve_debug_detach, 0},
    [PEER_DEBUG_RELEASE] = {peer_serve_debug_release, sizeof(uint32_t)},
    [PEER_CONSOLE_EVENT] = {peer_serve_console_event, sizeof(uint32_t)},
    [PEER_PORT_CONNECT] = {peer_serve_port_connect, sizeof(struct port_connect)},
};

// ---- connections ----

static void drop(struct peer_connection *connection)
{
    pthread_mutex_lock(&connections_lock);
    struct peer_connection **link = &connections;
    while (*link != connection) link = &(*link)->next;
    *link = connection->next;
    if (connection->hears_threads) atomic_fetch_sub(&thread_watchers, 1);
    pthread_mutex_unlock(&connections_lock);
    if (connection->closed) connection->closed(connection);
    service_watch_remove(&connection->watch);
    close(connection->watch.fd);
    free(connection);
}

static bool reply(int fd, const struct peer_head *head, const void *body, const int *descriptors, uint32_t n)
{
    union peer_descriptors control;
    struct iovec parts[2] = {{(void *)head, sizeof *head}, {(void *)body, head->size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (n) peer_attach(&message, &control, descriptors, n);
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)(sizeof *head + head->size);
}

// The next message; its size, 0 at the end of the connection, -1 when there is none yet.
static ssize_t receive(int fd, struct peer_head *head, uint8_t *body, struct peer_call *call)
{
    union peer_descriptors control;
    struct iovec parts[2] = {{head, sizeof *head}, {body, PEER_BODY_MAX}};
    struct msghdr message = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.bytes, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0) return errno == EAGAIN || errno == EINTR ? -1 : 0;
    call->descriptors_n = peer_detach(&message, call->descriptors);
    return message.msg_flags & MSG_TRUNC ? 0 : n;
}

static NTSTATUS serve(const struct peer_head *head, struct peer_call *call)
{
    if (head->operation >= PEER_OPERATIONS || !operations[head->operation].serve)
        return STATUS_INVALID_SYSTEM_SERVICE;
    if (call->size != head->size || call->size < operations[head->operation].size)
        return STATUS_INVALID_PARAMETER;
    return operations[head->operation].serve(call);
}

static void request_came(struct service_watch *watch, uint32_t events)
{
    static uint8_t body[PEER_BODY_MAX], answer[PEER_BODY_MAX];
    struct peer_connection *connection =
        (struct peer_connection *)((char *)watch - offsetof(struct peer_connection, watch));
    struct peer_head head;
    struct peer_call call = {.from = connection, .body = body, .answer = answer};
    (void)events;
    ssize_t n = receive(watch->fd, &head, body, &call);
    if (n < 0) return;
    bool whole = n >= (ssize_t)sizeof head;
    if (whole) {
        call.size = (uint32_t)(n - sizeof head);
        head.status = serve(&head, &call);
        head.size = call.answer_size;
    }
    for (uint32_t i = 0; i < call.descriptors_n; i++)
        if (call.descriptors[i] >= 0) close(call.descriptors[i]);
    bool told = whole && (call.deferred || reply(watch->fd, &head, answer, call.answer_descriptors,
                                                 call.answer_descriptors_n));
    if (call.answered) call.answered(call.kept);
    if (call.kept) object_release(call.kept);
    if (!told) drop(connection);
}

void peer_keep(struct peer_call *call, void (*closed)(struct peer_connection *connection))
{
    call->deferred = true;
    call->from->closed = closed;
}

void peer_tell(struct peer_connection *connection, enum peer_operation operation, const void *body,
               uint32_t size)
{
    const struct peer_head head = {.operation = operation, .size = size};
    reply(connection->watch.fd, &head, body, NULL, 0);
}

void peer_answer(struct peer_connection *connection, enum peer_operation operation, NTSTATUS status)
{
    const struct peer_head head = {.operation = operation, .status = status};
    reply(connection->watch.fd, &head, NULL, NULL, 0);
}

static struct peer_connection *add(int fd)
{
    struct peer_connection *connection = calloc(1, sizeof *connection);
    if (!connection) return NULL;
    pthread_mutex_lock(&connections_lock);
    connection->next = connections;
    connections = connection;
    pthread_mutex_unlock(&connections_lock);
    if (service_watch_add(&connection->watch, fd, EPOLLIN, request_came) == 0) return connection;
    pthread_mutex_lock(&connections_lock);
    connections = connection->next;
    pthread_mutex_unlock(&connections_lock);
    free(connection);
    return NULL;
}

static void peer_came(struct service_watch *watch, uint32_t events)
{
    struct ucred peer;
    (void)events;
    int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    if (!peer_socket_owner(fd, &peer) || !add(fd)) close(fd);
}

bool peer_server_start(void)
{
    static struct service_watch watch;
    int fd = peer_socket_listen();
    if (fd < 0) return false;
    at_process_end(peer_socket_remove);
    return service_watch_add(&watch, fd, EPOLLIN, peer_came) == 0;
}

uint32_t peer_server_adopt(int fd)
{
    struct peer_connection *connection = add(fd);
    if (!connection) {
        close(fd);
        return 0;
    }
    uint32_t watcher = peer_watch(connection);
    peer_watch_threads(watcher);
    return watcher;
}

// ---- watchers ----

uint32_t peer_watch(struct peer_connection *connection)
{
    pthread_mutex_lock(&connections_lock);
    if (!connection->watcher) connection->watcher = ++last_watcher;
    uint32_t watcher = connection->watcher;
    pthread_mutex_unlock(&connections_lock);
    return watcher;
}

void peer_watch_threads(uint32_t watcher)
{
    pthread_mutex_lock(&connections_lock);
    for (struct peer_connection *c = connections; c; c = c->next) {
        if (!watcher || c->watcher != watcher || c->hears_threads) continue;
        c->hears_threads = true;
        atomic_fetch_add(&thread_watchers, 1);
    }
    pthread_mutex_unlock(&connections_lock);
}

static void announce(uint32_t operation, const struct peer_event *event, bool threads)
{
    const struct peer_head head = {.operation = operation, .size = sizeof *event};
    pthread_mutex_lock(&connections_lock);
    for (struct peer_connection *c = connections; c; c = c->next)
        if (c->watcher && (!threads || c->hears_threads)) reply(c->watch.fd, &head, event, NULL, 0);
    pthread_mutex_unlock(&connections_lock);
}

void peer_announce_exit(uint32_t status)
{
    struct rusage usage = {0};
    if (!last_watcher) return;
    getrusage(RUSAGE_SELF, &usage);
    const struct peer_event event = {.status = status,
                                     .ended = host_system_time(),
                                     .kernel_time = host_interval(&usage.ru_stime),
                                     .user_time = host_interval(&usage.ru_utime)};
    announce(PEER_EVENT_EXIT, &event, false);
}

void peer_announce_thread_end(const struct peer_event *event)
{
    if (atomic_load(&thread_watchers)) announce(PEER_EVENT_THREAD_ENDED, event, true);
}
