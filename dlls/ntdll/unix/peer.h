// Requests between the processes of a prefix: every process listens on a socket named by its host pid in the
// runtime directory, and its service thread answers. One message is a request (head, body, descriptors), one
// its reply. What the operations of a subject say and do is in peer_SUBJECT.c, for both ends.
#ifndef LOWLAND_PEER_H
#define LOWLAND_PEER_H

#include "process_object.h"

enum peer_operation {
    PEER_NONE,
    PEER_HELLO,
    PEER_MEMORY,
    PEER_MEMORY_READ,
    PEER_MEMORY_WRITE,
    PEER_MEMORY_QUERY,
    PEER_THREAD_OPEN,
    PEER_THREAD_CREATE,
    PEER_THREAD_CONTROL,
    PEER_THREAD_GET_CONTEXT,
    PEER_THREAD_SET_CONTEXT,
    PEER_THREAD_STATE,
    PEER_THREAD_SET,
    PEER_PROCESS_STATE,
    PEER_PROCESS_SET,
    PEER_PROCESS_NAME,
    PEER_PROCESS_LIST,
    PEER_PROCESS_TERMINATE,
    PEER_PROCESS_SUSPEND,
    PEER_HANDLE_TAKE,
    PEER_HANDLE_GIVE,
    PEER_HANDLE_COPY,
    PEER_HANDLE_CLOSE,
    PEER_VIEW_MAP,
    PEER_JOB_JOIN,
    PEER_JOB_LIMITS,
    PEER_JOB_NEWS,
    PEER_JOB_MESSAGE,
    PEER_DEBUG_LINK,
    PEER_DEBUG_EVENT,
    PEER_DEBUG_NEWS,
    PEER_DEBUG_ATTACH,
    PEER_DEBUG_DETACH,
    PEER_DEBUG_RELEASE,
    PEER_CONSOLE_EVENT,
    PEER_PORT_CONNECT,
    PEER_OPERATIONS,
    // What a process tells those who watch it, unasked.
    PEER_EVENT_EXIT,
    PEER_EVENT_THREAD_ENDED,
    PEER_EVENT_DEBUG, // what a debugger tells a debuggee: enum debug_order
};

enum { PEER_BODY_MAX = 60 * 1024, PEER_DESCRIPTORS_MAX = 4 };

// Precedes the body of each message.
struct peer_head {
    uint32_t operation;
    NTSTATUS status; // replies
    uint32_t size;   // of the body
};

// ---- the asking end: peer_client.c ----

// One request. The caller fills what it sends and says what it takes.
struct peer_exchange {
    const void *in;   // fixed part of the request
    uint32_t in_size; // at most PEER_BODY_MAX together with more
    const void *more; // follows it
    uint32_t more_size;
    void *out; // fixed part of the reply: received whole, or the call fails
    uint32_t out_size;
    void *rest; // gets what follows it, at most rest_size bytes
    uint32_t rest_size;
    uint32_t rest_got;
    int descriptors[PEER_DESCRIPTORS_MAX]; // to send; borrowed
    uint32_t descriptors_n;
    const int64_t *timeout; // as of host_wait; NULL: as long as the process lives
    bool wants_descriptors; // those of the reply go to received: the caller closes them
    int received[PEER_DESCRIPTORS_MAX];
    uint32_t received_n;
};
// Closes what was received and is not -1.
void peer_close_received(struct peer_exchange *exchange);

// Asks another process. Returns the status of its reply; STATUS_PROCESS_IS_TERMINATING when it is gone,
// STATUS_TIMEOUT, STATUS_THREAD_IS_TERMINATING (the calling thread must end). The parts of the reply are
// valid with every status that the peer returned. Guest threads only, without locks.
NTSTATUS peer_call(struct process_object *process, enum peer_operation operation,
                   struct peer_exchange *exchange);

// Connects to the process with this host pid; the descriptor, or -1 with errno (ENOENT: no process of this
// prefix, EAGAIN: it answers nobody at the moment).
int peer_connect(int host_pid);

// Sends one request over a fresh connection and receives the reply. For connections that are not a process
// object's yet; otherwise as peer_call.
NTSTATUS peer_exchange_over(int fd, enum peer_operation operation, struct peer_exchange *exchange);

// Sends a request whose reply somebody else receives. Any thread, never waits; what can't be sent is lost
// with the connection.
void peer_send(int fd, enum peer_operation operation, const void *body, uint32_t size);

// Calls visit with the host pid of every process of this prefix but the calling one.
void peer_for_each_pid(void (*visit)(int host_pid, void *context), void *context);

// ---- the answering end: peer_server.c ----

struct peer_connection;

// A request being served, on the service thread.
struct peer_call {
    struct peer_connection *from;
    const void *body;
    uint32_t size;
    uint8_t *answer; // PEER_BODY_MAX bytes
    uint32_t answer_size;
    int descriptors[PEER_DESCRIPTORS_MAX]; // received; a handler that keeps one puts -1 in its place
    uint32_t descriptors_n;
    int answer_descriptors[PEER_DESCRIPTORS_MAX]; // to go with the answer; borrowed
    uint32_t answer_descriptors_n;
    struct object *kept;                   // released once the answer is sent
    void (*answered)(struct object *kept); // before that; NULL: nothing is left to do
    bool deferred;                         // peer_keep: no answer yet
};

// Leaves a request unanswered and has the end of its connection told. Of one connection always the same
// closed.
void peer_keep(struct peer_call *call, void (*closed)(struct peer_connection *connection));
// Answer such a request, or tell something unasked. Any thread, while closed cannot have returned.
void peer_answer(struct peer_connection *connection, enum peer_operation operation, NTSTATUS status);
void peer_tell(struct peer_connection *connection, enum peer_operation operation, const void *body,
               uint32_t size);

// Handlers of the operations, one line each in peer_server.c's table, which has checked that the body has at
// least the fixed part. They must not trust it further, and not block.
typedef NTSTATUS peer_handler(struct peer_call *call);
peer_handler peer_serve_hello;                                                            // peer_process.c
peer_handler peer_serve_process_state, peer_serve_process_set, peer_serve_process_name;   //
peer_handler peer_serve_process_list, peer_serve_terminate, peer_serve_suspend;           //
peer_handler peer_serve_memory, peer_serve_memory_read, peer_serve_memory_write;          // peer_memory.c
peer_handler peer_serve_memory_query;                                                     //
peer_handler peer_serve_thread_open, peer_serve_thread_create, peer_serve_thread_control; // peer_thread.c
peer_handler peer_serve_thread_get_context, peer_serve_thread_set_context;                //
peer_handler peer_serve_thread_state, peer_serve_thread_set;                              //
peer_handler peer_serve_handle_take, peer_serve_handle_give, peer_serve_handle_copy;      // peer_handle.c
peer_handler peer_serve_handle_close;                                                     //
peer_handler peer_serve_view_map;                                                         // section_view.c
peer_handler peer_serve_job_join, peer_serve_job_limits, peer_serve_job_news,
    peer_serve_job_message;                                                              // peer_job.c
peer_handler peer_serve_debug_link, peer_serve_debug_event, peer_serve_debug_news;       // peer_debug.c
peer_handler peer_serve_debug_attach, peer_serve_debug_detach, peer_serve_debug_release; //
peer_handler peer_serve_port_connect;                                                    // port_connect.c
peer_handler peer_serve_console_event; // dlls/kernelbase/unix/console_attach.c

// Starts answering: makes this process visible to the others of its prefix. False when the runtime directory
// refuses; the process then runs unseen. Once, before its program runs.
bool peer_server_start(void);

// Answers over a connection that was made otherwise: the one to the parent, which hears of all that ends. Its
// number as a watcher; 0 without memory.
uint32_t peer_server_adopt(int fd);

// Makes a connection one that events are sent over; its number, for peer_watch_threads.
uint32_t peer_watch(struct peer_connection *connection);
// Lets the watcher of that number hear of threads that end, too.
void peer_watch_threads(uint32_t watcher);

// Tell the watchers. Any thread.
void peer_announce_exit(uint32_t status);
void peer_announce_thread_end(const struct peer_event *event);

#endif
