// Waitable timers, on the service thread's timers; of a shared one (shared_timer.h) only the APC is.
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/shared_timer.h"
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/thread_object.h"
#include "dlls/ntdll/unix/wait.h"
#include "loader/host_clock.h"
#include "loader/service.h"
#include "ntdll_host.h"
#include <pthread.h>

struct timer {
    struct object object;
    struct waitable waitable;
    pthread_mutex_t lock; // setting and cancelling; the expiry runs without it, as both wait for its end
    struct service_timer service;
    int64_t period;               // ns, 0: once
    uint32_t setting;             // of a shared one: which setting our APC is of
    struct thread_object *thread; // who set it with an APC, else NULL
    gptr routine, context;
};

static struct timer *timer_of(struct service_timer *service)
{
    return (struct timer *)((char *)service - offsetof(struct timer, service));
}

static void timer_destroy(struct object *object)
{
    struct timer *timer = (struct timer *)object;
    service_timer_cancel(&timer->service);
    if (timer->thread) object_release(&timer->thread->object);
    pthread_mutex_destroy(&timer->lock);
    object_free(object);
}

static void publish(struct object *object, struct shared_record *record)
{
    const struct timer *timer = (const struct timer *)object;
    int64_t due = timer->service.due;
    atomic_store(&record->data[TIMER_DUE], timer->service.position ? (uint64_t)due : 0);
    atomic_store(&record->data[TIMER_LAST_DUE], (uint64_t)due);
    atomic_store(&record->data[TIMER_PERIOD], (uint64_t)timer->period);
    atomic_store(&record->data[TIMER_SETTING], timer->setting);
}

static struct timer *timer_new(enum waitable_kind kind);

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)index;
    struct timer *timer = timer_new(copy->waitable == WAITABLE_NOTIFICATION + 1 ? WAITABLE_NOTIFICATION
                                                                                : WAITABLE_SYNCHRONIZATION);
    *object = (struct object *)timer;
    return timer ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

const struct object_type timer_type = {
    .name = "Timer",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | TIMER_QUERY_STATE,
                .GenericWrite = STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = TIMER_ALL_ACCESS},
    .valid_access = TIMER_ALL_ACCESS,
    .destroy = timer_destroy,
    .shared_kind = SHARED_TIMER,
    .publish = publish,
    .adopt = adopt,
};

static struct timer *timer_new(enum waitable_kind kind)
{
    struct timer *timer = object_alloc(sizeof *timer);
    if (!timer) return NULL;
    object_init(&timer->object, &timer_type);
    waitable_init(&timer->object, &timer->waitable, kind, 0);
    pthread_mutex_init(&timer->lock, NULL);
    return timer;
}

NTSTATUS NtCreateTimer(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                       uint32_t type)
{
    if (type != NotificationTimer && type != SynchronizationTimer) return STATUS_INVALID_PARAMETER_4;
    struct timer *timer =
        timer_new(type == NotificationTimer ? WAITABLE_NOTIFICATION : WAITABLE_SYNCHRONIZATION);
    if (!timer) return STATUS_NO_MEMORY;
    return object_create_handle(&timer->object, attributes, access, handle);
}

NTSTATUS NtOpenTimer(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&timer_type, attributes, access, handle);
}

// The APC of a timer gets its context and the time at which it went off.
static void queue_apc(struct timer *timer)
{
    uint64_t now = (uint64_t)host_system_time();
    const uint32_t arguments[3] = {timer->context, (uint32_t)now, (uint32_t)(now >> 32)};
    pthread_mutex_lock(&timer->thread->lock);
    if (timer->thread->thread) thread_queue_apc(timer->thread->thread, timer->routine, arguments);
    pthread_mutex_unlock(&timer->thread->lock);
}

static bool is_shared(const struct timer *timer)
{
    return atomic_load(&timer->object.moved);
}

static void expired(struct service_timer *service)
{
    struct timer *timer = timer_of(service);
    struct shared_timer shared;
    if (is_shared(timer)) {
        shared_timer_look(&timer->waitable, &shared);
        if (shared.setting != timer->setting) return; // set anew or cancelled elsewhere
    } else {
        waitable_set(&timer->waitable);
    }
    if (timer->thread) queue_apc(timer);
    if (timer->period) {
        // Ticks that were missed are left out.
        int64_t now = host_monotonic_ns(), next = service->due + timer->period;
        if (next <= now) next = now + timer->period - (now - service->due) % timer->period;
        service_timer_set(service, next, expired);
    }
}

// Disarms under the timer's lock and forgets who wanted an APC.
static void disarm(struct timer *timer)
{
    service_timer_cancel(&timer->service);
    if (timer->thread) object_release(&timer->thread->object);
    timer->thread = NULL;
    timer->period = 0;
}

static bool arm(struct timer *timer, int64_t due)
{
    const int64_t longest = INT64_MAX / 200;
    if (due > 0) return service_timer_set_system(&timer->service, due, expired);
    if (due < -longest) due = -longest;
    return service_timer_set(&timer->service, host_monotonic_ns() - due * 100, expired);
}

// A due time as NtSetTimer takes it, on the monotonic clock.
static int64_t monotonic_due(int64_t due)
{
    const int64_t longest = INT64_MAX / 200;
    if (due > 0)
        due -= host_system_time();
    else
        due = due < -longest ? longest : -due;
    if (due > longest) due = longest;
    return host_monotonic_ns() + due * 100;
}

// Sets it for all processes. Our service thread has part in it only to queue an APC.
static bool set_shared(struct timer *timer, int64_t due, NTSTATUS *status)
{
    struct shared_timer shared = {.due = monotonic_due(due), .period = timer->period};
    bool was_set = shared_timer_set(&timer->waitable, &shared);
    timer->setting = shared.setting;
    if (timer->thread && !service_timer_set(&timer->service, shared.due, expired)) *status = STATUS_NO_MEMORY;
    return was_set;
}

static bool set_own(struct timer *timer, int64_t due, NTSTATUS *status)
{
    bool was_set = waitable_reset(&timer->waitable);
    if (!arm(timer, due)) *status = STATUS_NO_MEMORY;
    return was_set;
}

// period: ns.
static NTSTATUS set_timer(HANDLE32 handle, int64_t due, gptr apc, gptr context, int64_t period,
                          uint8_t *previous)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &timer_type, TIMER_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct timer *timer = (struct timer *)object;
    pthread_mutex_lock(&timer->lock);
    disarm(timer);
    timer->period = period;
    if (apc) {
        timer->thread = thread_self()->object;
        object_retain(&timer->thread->object);
        timer->routine = apc;
        timer->context = context;
    }
    bool was_set = (is_shared(timer) ? set_shared : set_own)(timer, due, &status);
    pthread_mutex_unlock(&timer->lock);
    object_release(object);
    if (previous) *previous = was_set;
    return status;
}

// resume would wake a sleeping computer: that is the host's business.
NTSTATUS NtSetTimer(HANDLE32 handle, const LARGE_INTEGER32 *due, gptr apc, gptr context, uint8_t resume,
                    int32_t period, uint8_t *previous)
{
    (void)resume;
    if (period < 0) return STATUS_INVALID_PARAMETER_6;
    return set_timer(handle, due->QuadPart, apc, context, (int64_t)period * 1000000, previous);
}

// The tolerable delay is none: the service thread's timers are exact.
NTSTATUS NtSetTimerEx(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length)
{
    TIMER_SET_COALESCABLE_TIMER_INFO32 info;
    uint8_t previous = 0;
    if (class != TimerSetCoalescableTimer) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if ((int32_t)info.TimerPeriod < 0) return STATUS_INVALID_PARAMETER;
    if (info.PreviousState && !guest_probe_write(info.PreviousState, sizeof previous)) return STATUS_ACCESS_VIOLATION;
    const LARGE_INTEGER32 due = info.DueTime;
    NTSTATUS status = NtSetTimer(handle, &due, info.TimerApcRoutine, info.TimerContext, info.WakeContext != 0,
                                 (int32_t)info.TimerPeriod, &previous);
    if (status == STATUS_SUCCESS && info.PreviousState && !guest_write(info.PreviousState, &previous, sizeof previous))
        return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NtCancelTimer(HANDLE32 handle, uint8_t *previous)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &timer_type, TIMER_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct timer *timer = (struct timer *)object;
    pthread_mutex_lock(&timer->lock);
    disarm(timer);
    struct shared_timer shared;
    if (is_shared(timer)) shared_timer_look(&timer->waitable, &shared);
    if (is_shared(timer)) shared_timer_cancel(&timer->waitable);
    pthread_mutex_unlock(&timer->lock);
    if (previous) *previous = waitable_is_set(&timer->waitable);
    object_release(object);
    return STATUS_SUCCESS;
}

// ---- timers of Windows 8 and later: no APCs, periods in units of 100 ns ----

// How exact they are is as with all others, whatever the flags ask for.
NTSTATUS NtCreateTimer2(HANDLE32 *handle, gptr reserved, const OBJECT_ATTRIBUTES32 *attributes,
                        uint32_t flags, ACCESS_MASK32 access)
{
    const uint32_t known =
        EX_TIMER_HIGH_RESOLUTION | EX_TIMER_NO_WAKE | EX_TIMER_UNLIMITED_TOLERANCE | EX_TIMER_NOTIFICATION;
    if (reserved || flags & ~known) return STATUS_INVALID_PARAMETER;
    return NtCreateTimer(handle, access, attributes,
                         flags & EX_TIMER_NOTIFICATION ? NotificationTimer : SynchronizationTimer);
}

NTSTATUS NtSetTimer2(HANDLE32 handle, const LARGE_INTEGER32 *due, const LARGE_INTEGER32 *period,
                     gptr parameters)
{
    const int64_t longest = INT64_MAX / 200;
    const int64_t every = period ? period->QuadPart : 0;
    T2_SET_PARAMETERS32 set;
    if (parameters && !guest_read(&set, parameters, sizeof set)) return STATUS_ACCESS_VIOLATION;
    if (parameters && (set.Version || set.Reserved)) return STATUS_INVALID_PARAMETER;
    if (every < 0 || every > longest) return STATUS_INVALID_PARAMETER;
    return set_timer(handle, due->QuadPart, 0, 0, every * 100, NULL);
}

NTSTATUS NtCancelTimer2(HANDLE32 handle, gptr parameters)
{
    return parameters ? STATUS_INVALID_PARAMETER : NtCancelTimer(handle, NULL);
}

NTSTATUS NtQueryTimer(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    TIMER_BASIC_INFORMATION32 info = {0};
    struct object *object;
    if (class != TimerBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_resolve(handle, &timer_type, TIMER_QUERY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct timer *timer = (struct timer *)object;
    pthread_mutex_lock(&timer->lock);
    // Since when it is over where that is negative, as on Windows.
    int64_t due = timer->service.due;
    struct shared_timer shared;
    if (is_shared(timer)) {
        shared_timer_look(&timer->waitable, &shared);
        due = shared.last_due;
    }
    info.RemainingTime.QuadPart = due ? (due - host_monotonic_ns()) / 100 : 0;
    info.TimerState = waitable_is_set(&timer->waitable);
    pthread_mutex_unlock(&timer->lock);
    object_release(object);
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = sizeof info;
    return STATUS_SUCCESS;
}
