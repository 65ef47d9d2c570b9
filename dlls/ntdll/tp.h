// The thread pool inside ntdll. Work, timers, waits and I/O are all objects that callbacks are due for; a
// pool's workers run these. Services (one thread for all timers, one per 63 waits, one for I/O) say when they
// are due.
#ifndef LOWLAND_NTDLL_TP_H
#define LOWLAND_NTDLL_TP_H

#include "rtl.h"

enum tp_kind { TP_KIND_SIMPLE, TP_KIND_WORK, TP_KIND_TIMER, TP_KIND_WAIT, TP_KIND_IO };

// References: the owner's, one for each pending or running callback, one while a service has the object.
struct tp_object {
    enum tp_kind kind;
    LONG references;
    struct _TP_POOL *pool;
    TP_CALLBACK_PRIORITY priority;
    void *callback, *context;
    void *owned;       // freed with the object
    HANDLE completion; // set then; NULL: none
    ULONG runner;      // the thread that runs a callback
    BOOLEAN ended;     // can't be armed any more; under the service's lock
    PTP_SIMPLE_CALLBACK finalization;
    void *race_dll; // stays loaded while a callback runs
    struct _ACTIVATION_CONTEXT *activation_context;

    // Under the pool's lock.
    struct tp_object *next_queued;
    ULONG pending; // callbacks to run; while not 0 the object is queued
    ULONG running; // callbacks that run and that waiters wait for
    RTL_CONDITION_VARIABLE done;

    // Under the group's lock.
    struct _TP_CLEANUP_GROUP *group;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK group_cancel;
    struct tp_object *next_member, **member_link; // member_link NULL: no member (any more)
};

struct _TP_WORK {
    struct tp_object object;
};

// A completed operation whose callback is pending.
struct tp_packet {
    struct tp_packet *next;
    void *apc_context;
    IO_STATUS_BLOCK io;
};

struct _TP_IO {
    struct tp_object object;
    BOOLEAN is_legacy; // of RtlSetIoCompletionCallback: never released, operations are not announced
    ULONG outstanding; // announced operations; under the pool's lock, as is:
    struct tp_packet *first, *last;
};

struct _TP_TIMER {
    struct tp_object object;
    // Under the timer service's lock.
    struct _TP_TIMER *next;
    ULONGLONG due; // of interrupt_time()
    ULONG period;  // milliseconds, 0: none
    BOOLEAN armed; // in the service's list
    BOOLEAN set;   // what TpIsTimerSet says
};

struct _TP_WAIT {
    struct tp_object object;
    // Under the wait service's lock.
    struct tp_bucket *bucket; // NULL: not armed
    HANDLE handle;
    ULONGLONG due; // of interrupt_time(); ~0: never
    TP_WAIT_RESULT result;
};

// Makes an object of size bytes with one reference, in the environment's pool and group.
NTSTATUS tp_object_create(SIZE_T size, enum tp_kind kind, void *callback, void *context,
                          PTP_CALLBACK_ENVIRON environment, struct tp_object **out);
// The pool that an environment names, with a reference; and giving that back.
PTP_POOL tp_pool_of(PTP_CALLBACK_ENVIRON environment);
void tp_pool_release(PTP_POOL pool);

void tp_object_reference(struct tp_object *object);
void tp_object_release(struct tp_object *object);

// The owner's release: the object leaves its group and goes away after its last callback. Nothing when the
// group has released it already.
void tp_object_abandon(struct tp_object *object);

// One more callback is due. Takes over a reference of the caller's.
void tp_post(struct tp_object *object);

// Waits until no callback is pending or running; cancel: pending ones are dropped. The number dropped.
ULONG tp_wait_idle(struct tp_object *object, BOOLEAN cancel);

// Drops pending callbacks. Whether one is running.
BOOLEAN tp_drop_pending(struct tp_object *object);

// The pool's lock, which guards its objects' counts.
PRTL_SRWLOCK tp_lock(struct tp_object *object);

// Stops a service from making more callbacks due.
void tp_timer_disarm(PTP_TIMER timer);
void tp_wait_disarm(PTP_WAIT wait);

// The same for ever.
void tp_timer_end(PTP_TIMER timer);
void tp_wait_end(PTP_WAIT wait);

// The oldest completed operation; NULL when there is none. Under the pool's lock.
struct tp_packet *tp_io_take(PTP_IO io);

// Starts one of the pool's own threads. The kernel's answer.
NTSTATUS tp_start_thread(void *entry, void *argument, const TP_POOL_STACK_INFORMATION *stack);

// A point of interrupt_time() from a relative (negative) or absolute NT time.
ULONGLONG tp_due_time(const LARGE_INTEGER *time);

#endif
