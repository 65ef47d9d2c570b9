// Debugging between processes. The debugger has a debug object, with a queue of what happened
// (debug_object.c). Each thread of a debuggee to which something happens sends it there and waits for the
// answer over a connection of its own (debuggee.c): so whichever side dies, the other one hears of it.
#ifndef LOWLAND_DEBUG_EVENT_H
#define LOWLAND_DEBUG_EVENT_H

#include "guest_constants.h"
#include "guest_types.h"
#include <stdbool.h>

// Whose debuggee a process is.
struct debugger {
    uint32_t host_pid;   // 0: nobody's
    uint32_t object;     // the number of its debug object
    uint32_t attachment; // which one of the debugger's; 0: a debuggee from its start on
    uint8_t kill;        // the debuggee ends with it
    uint8_t only_this;   // children are not debugged
};

// Not from here: checked by who receives it.
struct debug_event {
    uint32_t object; // the debug object's number
    uint32_t state;  // DBG_STATE
    uint32_t pid, tid;
    uint32_t first_chance;
    EXCEPTION_RECORD32 exception;
    gptr base;  // of the image
    gptr start; // of the thread
    gptr name;  // where the image's name stands
    uint32_t status;
};

// PEER_DEBUG_ATTACH's reply begins with this; then come the ids of threads, the first one first, and the
// bases of images, the program first and ntdll second.
struct debug_state {
    uint32_t threads, images;
    gptr start; // of the first thread
};

// What a debugger tells over a debuggee's link.
enum debug_order { DEBUG_ORDER_KEEP, DEBUG_ORDER_KILL, DEBUG_ORDER_DETACH, DEBUG_ORDER_END };

// ---- the debuggee: debuggee.c ----

// Whether this process is being debugged. Any thread, cheap.
bool debuggee_is_active(void);
// The debugger that a child of this process gets; host_pid 0: none.
struct debugger debuggee_inherited(void);
bool debuggee_inherits(void);
// An attaching debugger makes up the events of the process's start.
void debuggee_set_announced(void);

// Makes this process a debuggee. Service thread, or before any guest code.
// STATUS_PORT_ALREADY_SET; STATUS_DEBUGGER_INACTIVE: the debugger is gone.
NTSTATUS debuggee_attach(const struct debugger *debugger);
// Threads that were suspended for the debugger's sake run on.
void debuggee_detach(void);
// The debugger has heard of a thread that stood still for that (thread->debug_held). Service thread.
void debuggee_release(uint32_t tid);

// The following are for guest threads, without locks, and return at once where nobody debugs.

// Tells of an exception and waits for what the debugger says to it: DBG_CONTINUE or
// DBG_EXCEPTION_NOT_HANDLED. The registers stand in thread->resume.
NTSTATUS debuggee_report_exception(const EXCEPTION_RECORD32 *record, bool first_chance);
// The calling thread is about to begin.
void debuggee_report_start(void);
void debuggee_report_load(gptr base, int fd);
void debuggee_report_unload(gptr base);
// These don't wait.
void debuggee_tell_thread_end(uint32_t status);
void debuggee_tell_exit(uint32_t status);

// ---- the debugger: debug_object.c ----

struct process_object;
struct peer_connection;

extern const struct object_type debug_type;

// Resolves a handle to a debug object with DEBUG_PROCESS_ASSIGN, retained, and says how it is named.
struct object;
NTSTATUS debug_object_resolve(HANDLE32 handle, struct object **object, struct debugger *debugger);
// Expects events of a process that is about to have them. attachment: as in struct debugger.
// STATUS_PORT_ALREADY_SET: it is being attached to and has them already.
NTSTATUS debug_object_expect(struct object *object, struct process_object *process, uint32_t attachment);

// An event that the program gets.
struct debug_given {
    struct debug_event event;
    struct process_object *process; // retained for the caller
    int fd;                         // owned by the caller; -1: none
};
// Gives out the next event of a process of which none is out. False: there is none.
bool debug_object_take(struct object *object, struct debug_given *given);
// Ends the event that is out of a process's thread: STATUS_INVALID_PARAMETER when there is none. *held: the
// process, retained, if the thread was suspended for the event; else NULL.
NTSTATUS debug_object_continue(struct object *object, const CLIENT_ID32 *id, NTSTATUS status,
                               struct process_object **held);
// Queues an event that no thread waits for. held: its thread is suspended until then.
NTSTATUS debug_object_add(struct object *object, const struct debug_event *event, bool held);
// Before a process is detached: those of its threads that wait go on, and nothing that it still tells becomes
// an event. False: it is not debugged by this object.
bool debug_object_leave(struct object *object, const struct process_object *process);
// Then, or when it could not be attached to.
void debug_object_forget(struct object *object, const struct process_object *process);

// From debuggees; service thread. False: there is no such object any more.
struct debug_link;
bool debug_object_linked(const struct debug_link *introduction, struct peer_connection *link);
// connection NULL: nobody waits for an answer. Owns fd if it returns true.
bool debug_object_queue(const struct debug_event *event, struct peer_connection *connection, int fd);
void debug_object_connection_closed(struct peer_connection *connection);

// ---- between them: peer_debug.c ----

// Returns the debugger's answer, or a status of peer_call's.
NTSTATUS peer_debug_report(const struct debugger *debugger, const struct debug_event *event, int fd);
// Asks a process to become a debuggee: *bytes of `list` are filled with what debug_state announces.
NTSTATUS peer_debug_attach(struct process_object *process, const struct debugger *debugger,
                           struct debug_state *state, uint32_t *list, uint32_t room);
NTSTATUS peer_debug_detach(struct process_object *process);
// A thread of the process that was found when it was attached to may run.
NTSTATUS peer_debug_release(struct process_object *process, uint32_t tid);

#endif
