// Timers of the thread pool: one thread sleeps until the next of all of them is due.
#include "tp.h"

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static RTL_CONDITION_VARIABLE changed = RTL_CONDITION_VARIABLE_INIT;
static PTP_TIMER armed; // by time
static BOOLEAN running; // the thread

ULONGLONG tp_due_time(const LARGE_INTEGER *time)
{
    LARGE_INTEGER now;

    if (time->QuadPart <= 0) return interrupt_time() - time->QuadPart;
    NtQuerySystemTime(&now);
    return interrupt_time() + (time->QuadPart > now.QuadPart ? time->QuadPart - now.QuadPart : 0);
}

// Under the lock, like the next two.
static void arm(PTP_TIMER timer)
{
    PTP_TIMER *at = &armed;

    while (*at && (*at)->due <= timer->due) at = &(*at)->next;
    timer->next = *at;
    *at = timer;
    timer->armed = TRUE;
    if (at == &armed) RtlWakeConditionVariable(&changed);
}

static void disarm(PTP_TIMER timer)
{
    PTP_TIMER *at = &armed;

    while (*at != timer) at = &(*at)->next;
    *at = timer->next;
    timer->armed = FALSE;
}

static void fire(PTP_TIMER timer, ULONGLONG now)
{
    disarm(timer);
    tp_object_reference(&timer->object); // the callback's
    if (timer->period) {
        timer->due += timer->period * 10000ull;
        if (timer->due < now) timer->due = now; // late: what was missed counts once
        arm(timer);
    } else {
        timer->set = FALSE;
    }
}

static DWORD WINAPI serve(void *argument)
{
    (void)argument;
    RtlAcquireSRWLockExclusive(&lock);
    for (;;) {
        ULONGLONG now = interrupt_time();
        PTP_TIMER timer = armed;

        if (timer && timer->due <= now) {
            fire(timer, now);
            RtlReleaseSRWLockExclusive(&lock);
            tp_post(&timer->object);
            RtlAcquireSRWLockExclusive(&lock);
            continue;
        }
        LARGE_INTEGER delay = {.QuadPart = timer ? -(LONGLONG)(timer->due - now) : 0};
        RtlSleepConditionVariableSRW(&changed, &lock, timer ? &delay : NULL, 0);
    }
    return 0;
}

NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *out, PTP_TIMER_CALLBACK callback, PVOID context,
                            PTP_CALLBACK_ENVIRON environment)
{
    return tp_object_create(sizeof(**out), TP_KIND_TIMER, (void *)callback, context, environment,
                            (struct tp_object **)out);
}

/** Sets a timer, or stops it when due is NULL; callbacks that are pending already run. Whether it was set
 * before. */
LOGICAL NTAPI TpSetTimerEx(PTP_TIMER timer, PLARGE_INTEGER due, ULONG period, ULONG window)
{
    BOOLEAN was_set;

    (void)window; // how much later it may come: never is right, too
    RtlAcquireSRWLockExclusive(&lock);
    was_set = timer->set;
    if (timer->armed) disarm(timer);
    if (timer->object.ended) due = NULL;
    timer->set = due != NULL;
    if (due) {
        if (!running) running = NT_SUCCESS(tp_start_thread(serve, NULL, NULL));
        timer->due = tp_due_time(due);
        timer->period = period;
        arm(timer);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return was_set;
}

VOID NTAPI TpSetTimer(PTP_TIMER timer, PLARGE_INTEGER due, ULONG period, ULONG window)
{
    TpSetTimerEx(timer, due, period, window);
}

/** Whether the timer will be due, once or again. */
LOGICAL NTAPI TpIsTimerSet(PTP_TIMER timer)
{
    return timer->set;
}

void tp_timer_disarm(PTP_TIMER timer)
{
    TpSetTimerEx(timer, NULL, 0, 0);
}

void tp_timer_end(PTP_TIMER timer)
{
    RtlAcquireSRWLockExclusive(&lock);
    timer->object.ended = TRUE;
    RtlReleaseSRWLockExclusive(&lock);
    tp_timer_disarm(timer);
}

VOID NTAPI TpWaitForTimer(PTP_TIMER timer, LOGICAL cancel)
{
    tp_wait_idle(&timer->object, cancel != 0);
}

VOID NTAPI TpReleaseTimer(PTP_TIMER timer)
{
    tp_timer_disarm(timer);
    tp_object_abandon(&timer->object);
}
