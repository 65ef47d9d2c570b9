// The service control manager, without a process of its own. The database is the registry, as on Windows;
// what services are doing stands in a volatile value each (service_state.c), written by the processes that
// run them. Who starts a service spawns its program; who controls one talks to its program over a pipe
// (service_pipe.c).
#ifndef LOWLAND_ADVAPI32_SERVICE_H
#define LOWLAND_ADVAPI32_SERVICE_H

#include "base.h"
#include <winsvc.h>

enum { SERVICE_NAME_MAX = 256 };

// ---- handles (service_handle.c) ----

enum sc_kind { SC_KIND_MANAGER, SC_KIND_SERVICE };

struct service_watch; // service_notify.c

struct sc_object {
    struct sc_object *next;
    LONG references; // the handle's own and those of calls under way
    enum sc_kind kind;
    ACCESS_MASK access;
    // of services
    HKEY key;        // in the database
    HANDLE presence; // a named event: while anybody has it, somebody has the service open
    DWORD notified;  // the state that the handle was last told of
    struct service_watch *watch;
    WCHAR name[SERVICE_NAME_MAX + 1];
};

// The object behind a handle, with a reference. NULL with ERROR_INVALID_HANDLE or ERROR_ACCESS_DENIED.
struct sc_object *sc_resolve(SC_HANDLE handle, enum sc_kind kind, ACCESS_MASK access);
void sc_release(struct sc_object *object);
static inline void sc_release_variable(struct sc_object **object)
{
    if (*object) sc_release(*object);
}
#define AUTO_SC __attribute__((cleanup(sc_release_variable)))

// A handle of a service, whose key it takes over. NULL with the last error.
SC_HANDLE sc_new_service(const WCHAR *name, HKEY key, DWORD access);

// ---- the database (service_database.c) ----

// What creates, deletes and starts services happens under a mutex of the prefix.
HANDLE service_lock(void);
// For who only asks: NULL when somebody else has it for long. Whoever starts a program holds it until that
// listens, and the program may ask before.
HANDLE service_lock_soon(void);
void service_unlock(HANDLE *lock);
#define AUTO_SERVICE_LOCK __attribute__((cleanup(service_unlock)))

// Whether a name may be one of a service.
bool service_name_is_valid(const WCHAR *name);
// A service's key; ERROR_SERVICE_DOES_NOT_EXIST for a key that is no service's.
DWORD service_open_key(const WCHAR *name, REGSAM access, HKEY *key);
// The list of services; ERROR_NO_MORE_ITEMS.
DWORD service_at(DWORD index, WCHAR name[SERVICE_NAME_MAX + 1]);

DWORD service_number(HKEY key, const WCHAR *value, DWORD missing);
// Text or texts of a value on the process heap, with two NULs behind; NULL: there is none. *units counts them
// without those.
WCHAR *service_text(HKEY key, const WCHAR *value, DWORD *units);
// NULL: nothing to do; empty: the value goes.
DWORD service_set_text(HKEY key, const WCHAR *value, DWORD type, const WCHAR *text, DWORD units);
static inline DWORD service_set_number(HKEY key, const WCHAR *value, DWORD number)
{
    return (DWORD)RegSetValueExW(key, value, 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
}

// Whether a service waits to be deleted.
bool service_is_deleted(HKEY key);
// Deletes a service if it waits for that and nobody has it open; whether it did.
bool service_delete_if_unused(const WCHAR *name);
// The named event of those who have a service open.
HANDLE service_presence(const WCHAR *name, bool create);

// Whether service and start type go together.
bool service_types_are_valid(DWORD type, DWORD start, DWORD error);
// Another service that has this name, or this display name.
bool service_display_name_is_taken(const WCHAR *name, const WCHAR *display);

// The display name, or the name of a service that has none: on the process heap.
WCHAR *service_display_name(HKEY key, const WCHAR *name);

// ---- what services are doing (service_state.c) ----

struct service_state {
    SERVICE_STATUS status;
    DWORD process; // id; 0: none
    FILETIME created;
};

// The state of a service. A service whose process is gone has stopped with ERROR_PROCESS_ABORTED.
void service_state_get(const WCHAR *name, HKEY key, struct service_state *state);
DWORD service_state_set(const WCHAR *name, const struct service_state *state);
// Whether anything is known of the service since the session began.
bool service_state_is_known(const WCHAR *name);
// Makes it known, unless it is: as one that has not been started.
DWORD service_state_note_new(const WCHAR *name);
// Forgets it.
void service_state_remove(const WCHAR *name);
// The volatile key that changes with each state; the caller closes it.
DWORD service_state_key(HKEY *key);
// A handle of the process that a state names, NULL when it is gone.
HANDLE service_state_process(const struct service_state *state);

// ---- services without a program (service_builtin.c) ----

bool service_is_builtin(const WCHAR *name);
// Such a service's state, but for its type.
void service_builtin_state(struct service_state *state);

// ---- starting (service_start.c) ----

// Whether a service is to start by itself, was there before this session and was not started yet.
bool service_is_due(const WCHAR *name, HKEY key);
// Starts it, if it is; waits until its program listens.
void service_start_due(const WCHAR *name);
// Starts a service again, with the lock held.
void service_restart(const WCHAR *name, HKEY key);

// ---- the start of a session (service_boot.c) ----

// Starts what is due, the first time in a session.
void service_boot(void);

// ---- failure actions (service_failure.c) ----

struct service_failure_action {
    DWORD type;         // SC_ACTION_*
    DWORD delay;        // milliseconds
    DWORD reset_period; // seconds, or INFINITE
};
// The action for a failure by its number (0: the first); the last one holds for all that follow. False when
// the service has none. (service_config2.c)
bool service_failure_action(HKEY key, DWORD index, struct service_failure_action *action);

// Counts a failure, with the lock held.
void service_failure_note(const WCHAR *name, HKEY key);
// Takes the action for the last failure, once its time has come.
void service_failure_act(const WCHAR *name, HKEY key);
// Somebody starts it, with the lock held: the last failure needs no action any more.
void service_failure_settle(const WCHAR *name);
// The service is gone.
void service_failure_forget(const WCHAR *name);

// ---- talking to service programs (service_pipe.c) ----

enum { SERVICE_START_REQUEST = 0, SERVICE_TEXT_MAX = 16384 };

struct service_request {
    DWORD control; // SERVICE_CONTROL_*, or SERVICE_START_REQUEST
    DWORD own_process;
    DWORD argument_count;
    DWORD text_units; // of the arguments, each with its NUL
    WCHAR name[SERVICE_NAME_MAX + 1];
    WCHAR text[SERVICE_TEXT_MAX];
};

// Sends a request and waits for what the program answers. ERROR_SERVICE_REQUEST_TIMEOUT,
// ERROR_SERVICE_NOT_ACTIVE (no such program).
DWORD service_pipe_call(DWORD process, const struct service_request *request);
// The server's end. INVALID_HANDLE_VALUE on failure.
HANDLE service_pipe_create(void);
// The event that a service program sets when it listens.
HANDLE service_connected_event(DWORD process, bool create);

// ---- notification (service_notify.c) ----

// A handle is closed: nobody is told any more.
void service_watch_end(struct sc_object *object);

#endif
