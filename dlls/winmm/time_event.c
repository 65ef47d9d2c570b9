// Timers that call a function or set an event, once or again and again: timeSetEvent. One thread serves those
// of the process, the one due first at the list's head.
#include "multimedia.h"

struct time_event {
    struct time_event *next;
    UINT id, delay, flags; // delay in ms
    ULONGLONG due;         // in ms since the start
    LPTIMECALLBACK callback;
    DWORD_PTR user;
};

static SRWLOCK lock = SRWLOCK_INIT; // of all below; not held in callbacks
static struct time_event *events;   // by due
static UINT last_id, running_id;    // running_id: whose callback is running, 0: none's
static CONDITION_VARIABLE callback_ended = CONDITION_VARIABLE_INIT;
static HANDLE changed; // tells the thread of an earlier end
static DWORD thread_id;

static void insert(struct time_event *event)
{
    struct time_event **at = &events;
    while (*at && (*at)->due <= event->due) at = &(*at)->next;
    event->next = *at;
    *at = event;
}

static struct time_event *take(UINT id)
{
    for (struct time_event **at = &events; *at; at = &(*at)->next) {
        struct time_event *event = *at;
        if (event->id != id) continue;
        *at = event->next;
        return event;
    }
    return NULL;
}

static void tell(const struct time_event *event)
{
    if (event->flags & TIME_CALLBACK_EVENT_SET) {
        SetEvent((HANDLE)event->callback);
    } else if (event->flags & TIME_CALLBACK_EVENT_PULSE) {
        PulseEvent((HANDLE)event->callback);
    } else {
        event->callback(event->id, 0, event->user, 0, 0);
    }
}

// Under the lock, which is let go meanwhile.
static void run_first(void)
{
    struct time_event *event = events, copy = *event;
    events = event->next;
    if (event->flags & TIME_PERIODIC) {
        event->due += event->delay;
        insert(event);
    } else {
        HeapFree(GetProcessHeap(), 0, event);
    }
    running_id = copy.id;
    ReleaseSRWLockExclusive(&lock);
    tell(&copy);
    AcquireSRWLockExclusive(&lock);
    running_id = 0;
    WakeAllConditionVariable(&callback_ended);
}

static DWORD WINAPI serve(void *unused)
{
    (void)unused;
    AcquireSRWLockExclusive(&lock);
    for (;;) {
        ULONGLONG now = GetTickCount64();
        if (events && events->due <= now) {
            run_first();
            continue;
        }
        DWORD wait = events ? (DWORD)(events->due - now) : INFINITE;
        ReleaseSRWLockExclusive(&lock);
        WaitForSingleObject(changed, wait);
        AcquireSRWLockExclusive(&lock);
    }
    return 0;
}

// Under the lock.
static bool start_thread(void)
{
    if (thread_id) return true;
    if (!changed) changed = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = changed ? CreateThread(NULL, 0, serve, NULL, 0, &thread_id) : NULL;
    if (!thread) return false;
    SetThreadPriority(thread, THREAD_PRIORITY_TIME_CRITICAL);
    CloseHandle(thread);
    return true;
}

HOTPATCH MMRESULT WINAPI timeSetEvent(UINT delay, UINT resolution, LPTIMECALLBACK callback, DWORD_PTR user,
                                      UINT flags)
{
    (void)resolution; // waits are as exact as the host's, whatever is asked for
    if (delay < PERIOD_MIN || delay > PERIOD_MAX || !callback) return 0;
    struct time_event *event = HeapAlloc(GetProcessHeap(), 0, sizeof(*event));
    if (!event) return 0;
    *event = (struct time_event){.delay = delay, .flags = flags, .callback = callback, .user = user};
    AcquireSRWLockExclusive(&lock);
    UINT id = 0;
    if (start_thread()) {
        if (!++last_id) last_id = 1;
        id = event->id = last_id;
        event->due = GetTickCount64() + delay;
        insert(event);
        if (events == event) SetEvent(changed);
    } else {
        HeapFree(GetProcessHeap(), 0, event);
    }
    ReleaseSRWLockExclusive(&lock);
    return id;
}

HOTPATCH MMRESULT WINAPI timeKillEvent(UINT id)
{
    AcquireSRWLockExclusive(&lock);
    struct time_event *event = take(id);
    // A callback that ends its own timer must not wait for itself.
    bool wait = event && event->flags & TIME_KILL_SYNCHRONOUS && GetCurrentThreadId() != thread_id;
    while (wait && running_id == id) SleepConditionVariableSRW(&callback_ended, &lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&lock);
    if (!event) return MMSYSERR_INVALPARAM;
    HeapFree(GetProcessHeap(), 0, event);
    return TIMERR_NOERROR;
}
