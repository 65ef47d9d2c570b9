// Timers that call a function or set an event, once or again and again: timeSetEvent. One thread serves those
// of the process, the one due first at the list's head.
#include "multimedia.h"

struct time_event {
    struct time_event *next;
    UINT id, delay, flags; // delay in ms
    ULONGLONG due;         // by multimedia_time
    LPTIMECALLBACK callback;
    DWORD_PTR user;
};

static SRWLOCK lock = SRWLOCK_INIT; // of all below; not held in callbacks
static struct time_event *events;   // by due
static UINT last_id;
static UINT running_id, running_flags; // whose callback is running, 0: none's
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
        event->due += (ULONGLONG)event->delay * UNITS_PER_MILLISECOND;
        insert(event);
    } else {
        HeapFree(GetProcessHeap(), 0, event);
    }
    running_id = copy.id, running_flags = copy.flags;
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
        ULONGLONG now = multimedia_time();
        if (events && events->due <= now) {
            run_first();
            continue;
        }
        // Rounded up, since what wakes too early would only wait again.
        DWORD wait = events ? (DWORD)((events->due - now + UNITS_PER_MILLISECOND - 1) / UNITS_PER_MILLISECOND)
                            : INFINITE;
        ReleaseSRWLockExclusive(&lock);
        WaitForSingleObject(changed, wait);
        AcquireSRWLockExclusive(&lock);
    }
    return 0;
}

// The thread never ends, so the DLL has to stay. Not under the lock: a DllMain may call here too.
static bool stay_loaded(void)
{
    static volatile bool stays;
    HMODULE self;
    if (!stays)
        stays = GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                                   (const WCHAR *)(ULONG_PTR)serve, &self);
    return stays;
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
    if (delay < PERIOD_MIN || delay > PERIOD_MAX || !callback || !stay_loaded()) return 0;
    struct time_event *event = HeapAlloc(GetProcessHeap(), 0, sizeof(*event));
    if (!event) return 0;
    *event = (struct time_event){.delay = delay, .flags = flags, .callback = callback, .user = user};
    AcquireSRWLockExclusive(&lock);
    UINT id = 0;
    if (start_thread()) {
        if (!++last_id) last_id = 1;
        id = event->id = last_id;
        event->due = multimedia_time() + (ULONGLONG)delay * UNITS_PER_MILLISECOND;
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
    // One that was to happen once is gone from the list while its callback runs. A callback that ends its own
    // timer must not wait for itself.
    bool wait =
        id && running_id == id && running_flags & TIME_KILL_SYNCHRONOUS && GetCurrentThreadId() != thread_id;
    while (wait && running_id == id) SleepConditionVariableSRW(&callback_ended, &lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&lock);
    if (!event) return MMSYSERR_INVALPARAM;
    HeapFree(GetProcessHeap(), 0, event);
    return TIMERR_NOERROR;
}
