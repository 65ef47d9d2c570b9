// LPC ports: a server's connection port, which clients find by its name, and for each connection a port on
// either side. The two ends of a connection exchange packets over a socket, in whichever processes they are.
#ifndef LOWLAND_PORT_H
#define LOWLAND_PORT_H

#include "loader/service.h"
#include "wait.h"
#include <pthread.h>

enum { PORT_HEAD = sizeof(PORT_MESSAGE6432), PORT_MESSAGE_MAX = UINT16_MAX };

enum port_role {
    PORT_LISTENER, // NtCreatePort's
    PORT_SERVER,   // the server's end of a connection
    PORT_CLIENT,
    PORT_ELSEWHERE, // stands for another process's listener
};

// A message in a queue, or a request that was received and waits for its reply.
struct port_message {
    struct port_message *next;
    struct port *from; // the end of the connection that it came over; retained
    PORT_MESSAGE6432 head;
    uint8_t data[]; // TotalLength - PORT_HEAD bytes
};

// A thread that waits for the other end's answer. Semaphore-like: set once.
struct port_wait {
    struct object object;
    struct waitable waitable;
    struct port_wait *next;
    uint32_t message_id;
    struct port_message *answer; // NULL: the other end is gone
    bool refused;                // of a connection
    uint32_t max_message;        // of a connection
};

struct port {
    struct object object;
    struct waitable waitable; // of waitable listeners: set while there are messages
    enum port_role role;
    pthread_mutex_t lock;
    uint32_t max_message; // bytes, with the head
    uint32_t max_connection_data;

    // Listeners and clients: what has arrived. Under lock.
    struct {
        struct object object;
        struct waitable waitable;
    } arrivals; // counts the messages; never gets a handle
    struct port_message *first, **end;
    struct port_message *unanswered;
    bool closed; // nobody can receive any more

    // Listeners, and those that stand for them.
    uint64_t id; // in its process
    uint32_t pid;
    struct port *next; // of this process's listeners

    // Ends of connections.
    struct port *listener;      // servers: whose queue gets the messages; retained
    int socket;                 // -1: none
    struct service_watch watch; // of socket
    struct port_wait *waits;    // under lock
    _Atomic bool disconnected;  // set under lock
    bool accepted;              // the connection was made; a server's client may not know yet
    bool said_goodbye;          // servers: LPC_PORT_CLOSED has come
    gptr context;               // servers
    uint32_t level;             // servers: SECURITY_IMPERSONATION_LEVEL of the client
    PORT_MESSAGE6432 request;   // servers: the head of the connection request
    struct port_message *reply; // servers: what goes with the acceptance
};

extern const struct object_type port_type;

// A fresh port, NULL without memory. Listeners and clients have a queue.
struct port *port_new(enum port_role role);

// This process's listener with a number, retained; NULL: none. Any thread.
struct port *port_find_listener(uint64_t id);

// A message with room for total - PORT_HEAD bytes; NULL without memory.
struct port_message *port_message_new(const PORT_MESSAGE6432 *head);
void port_message_free(struct port_message *message);
// The same with those behind it.
void port_messages_free(struct port_message *first);

// The port whose queue a port's messages come into: itself, or a server's listener.
struct port *port_queue(struct port *port);
// Puts a message into the queue of a port, which takes it over; of a closed port it is lost. Any thread.
void port_queue_add(struct port *queue, struct port_message *message);
// Waits for a message and takes it: what host_wait returns.
NTSTATUS port_queue_take(struct port *queue, const int64_t *timeout, struct port_message **message);
// Takes the request that a reply's head answers out of those unanswered; NULL when there is none.
struct port_message *port_take_unanswered(struct port *queue, const PORT_MESSAGE6432 *head);
// A copy of it, which stays. NULL without memory, too.
struct port_message *port_copy_unanswered(struct port *queue, const PORT_MESSAGE6432 *head);
// The same for a connection request, which a listener of this process has received.
struct port_message *port_take_connection_request(const PORT_MESSAGE6432 *head);
// Keeps a request that was received, unless there is nobody left to answer or to be answered.
void port_keep_unanswered(struct port *queue, struct port_message *message);

// --- connections: port_socket.c

// What goes over a socket: this, and the message's bytes.
enum port_packet_kind {
    PORT_PACKET_MESSAGE = 1,
    PORT_PACKET_REPLY,
    PORT_PACKET_ACCEPTED,
    PORT_PACKET_REFUSED
};
struct port_packet {
    uint32_t kind; // enum port_packet_kind
    uint32_t max_message;
    PORT_MESSAGE6432 head;
};

// Gives an end of a connection its socket, which it owns, and begins to receive. False without memory; the
// socket is closed with the port.
bool port_socket_open(struct port *port, int socket);
// Says that no more will come; the other end hears of it. Any thread.
void port_socket_disconnect(struct port *port);
// Stops receiving. From the port's destroy.
void port_socket_close(struct port *port);
// Sends a packet and bytes of data behind it. wait: may block, on a guest thread. STATUS_PORT_DISCONNECTED,
// and what host_wait_fd returns.
NTSTATUS port_send(struct port *port, const struct port_packet *packet, const void *data, bool wait);

// Announces that an answer to message_id is awaited; NULL without memory. Where the other end is gone already
// the wait is over.
struct port_wait *port_wait_begin(struct port *port, uint32_t message_id);
// Waits for it. STATUS_PORT_DISCONNECTED, STATUS_THREAD_IS_TERMINATING.
NTSTATUS port_wait_for(struct port_wait *wait);
void port_wait_end(struct port *port, struct port_wait *wait);

// --- messages

// A head for a message of the calling thread, with a fresh number. data_length bytes of data.
PORT_MESSAGE6432 port_own_head(uint32_t type, uint32_t data_length);
// Reads a message's head and checks its lengths. STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER.
NTSTATUS port_read_head(gptr message, PORT_MESSAGE6432 *head);
// Writes a message, head and data. STATUS_ACCESS_VIOLATION.
NTSTATUS port_write_message(gptr to, const struct port_message *message);
// Resolves a handle to a port.
NTSTATUS port_resolve(HANDLE32 handle, struct port **port);

// Says LPC_PORT_CLOSED of a client that is about to go. (port_connect.c)
void port_say_goodbye(struct port *port);

// Sends LPC_CLIENT_DIED to the ports that a thread registered. On the thread, at its end.
struct thread_object;
void port_thread_ended(struct thread_object *thread);

#endif
