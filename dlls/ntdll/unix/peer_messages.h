// The fixed parts of the requests between processes, and of their replies.
#ifndef LOWLAND_PEER_MESSAGES_H
#define LOWLAND_PEER_MESSAGES_H

#include "guest_types.h"
#include "loader/context.h"
#include "memory_request.h"
#include "object_parcel.h"
#include "section_view.h"

// PEER_HELLO: who answers. Body: 1 byte, whether the connection shall carry events.
struct peer_identity {
    uint32_t parent_pid;
    gptr peb;
    uint32_t affinity;
    uint32_t watcher; // the number of this connection as a watcher, 0: it is none
    uint64_t created; // 100 ns since 1601
};

// What may be set of a process and is only kept: process_detail.c.
struct process_settings {
    uint32_t page_priority, io_priority;
    uint32_t break_on_termination;
    uint32_t throttling;     // control mask in the upper half, state mask in the lower one
    uint32_t mitigations;    // a bit for each PROCESS_MITIGATION_POLICY
    uint32_t working_set[2]; // least and most bytes
};

// PEER_PROCESS_STATE: what changes while it runs.
struct peer_process_state {
    uint32_t affinity, priority_class, priority_boost_disabled;
    uint32_t error_mode, execute_flags, handles;
    uint32_t debugged, debug_inherit;
    struct process_settings settings;
    struct peer_identity identity; // watcher is 0
};
struct peer_process_set {
    uint32_t class, value; // of NtSetInformationProcess
};

// PEER_MEMORY has a struct memory_request both ways.
struct peer_range {
    gptr address;
    uint32_t size;
};
struct peer_memory_query {
    uint32_t class;
    gptr address;
    uint32_t length;
};

// Names a thread. The number alone may be another's by now.
struct peer_thread {
    uint32_t tid;
    uint64_t created;
};
// The whole body of an event: the end of the process, or of one of its threads.
struct peer_event {
    struct peer_thread thread; // zeroes: the process
    uint32_t status;
    uint64_t ended; // 100 ns since 1601
    uint64_t kernel_time, user_time;
};
// PEER_THREAD_OPEN
struct peer_thread_open {
    uint32_t tid;
    uint32_t watcher; // who is to hear of its end: a number, or PEER_THIS_CONNECTION
};
#define PEER_THIS_CONNECTION UINT32_MAX
// The reply to it and to PEER_THREAD_CREATE.
struct peer_thread_identity {
    struct peer_thread thread;
    gptr teb, start;
};
struct peer_thread_create {
    gptr start, argument;
    uint32_t flags, stack_commit, stack_reserve;
    uint32_t watcher;
};

enum peer_thread_action { PEER_SUSPEND, PEER_RESUME, PEER_TERMINATE, PEER_QUEUE_APC };
// The reply is the suspend count before.
struct peer_thread_control {
    struct peer_thread thread;
    uint32_t action; // enum peer_thread_action
    uint32_t status; // PEER_TERMINATE
    gptr routine;    // PEER_QUEUE_APC
    uint32_t arguments[3];
};
// The reply is the context again.
struct peer_thread_context {
    struct peer_thread thread;
    struct thread_context context;
};
// PEER_THREAD_STATE; the name follows.
struct peer_thread_state {
    gptr start;
    uint32_t priority, affinity, suspend_count, priority_boost_disabled, last;
    uint64_t kernel_time, user_time;
};
struct peer_thread_set {
    struct peer_thread thread;
    uint32_t class, value; // of NtSetInformationThread; with ThreadNameInformation the name follows
};

// PEER_HANDLE_TAKE (reply) and PEER_HANDLE_GIVE: an object, with its descriptors, and its handle's terms.
struct peer_handle {
    struct object_parcel parcel;
    ACCESS_MASK32 access;
    uint32_t attributes;
};
struct peer_handle_copy {
    HANDLE32 source;
    ACCESS_MASK32 access;
    uint32_t attributes, options;
};
// PEER_DEBUG_LINK: the connection that is there as long as a debuggee is one's.
struct debug_link {
    uint32_t object;     // the debug object's number
    uint32_t pid;        // the debuggee's
    uint32_t attachment; // 0: a new process, which its debugger need not know yet
};
// PEER_VIEW_MAP: the section's parcel with its descriptors. The reply is the request again.
struct peer_view {
    struct object_parcel section;
    struct view_terms terms;
};

// PEER_PORT_CONNECT, with the server's end of the connection as its descriptor; the connection data follows.
struct port_connect {
    uint64_t id;    // the listener's
    uint32_t level; // SECURITY_IMPERSONATION_LEVEL
    PORT_MESSAGE6432 head;
};

#endif
