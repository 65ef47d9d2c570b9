// Timers: a list in the queue of the thread that gets the message. Nothing runs when one is due: who looks
// for messages finds it, who waits for them waits no longer than that.
#include "timer.h"
#include "window.h"

enum { PERIOD_MIN = 10 }; // USER_TIMER_MINIMUM

struct timer {
    struct timer *next;
    HWND window;
    UINT_PTR id;
    UINT period;   // milliseconds
    ULONGLONG due; // of GetTickCount64
    TIMERPROC procedure;
};

static ULONGLONG remaining(const struct timer *timer, ULONGLONG now)
{
    return timer->due > now ? timer->due - now : 0;
}

static bool belongs(const struct timer *timer, HWND window)
{
    return !window || timer->window == (window == (HWND)-1 ? NULL : window);
}

DWORD timer_next(const struct queue *queue, HWND window)
{
    ULONGLONG now = GetTickCount64(), least = INFINITE;
    for (const struct timer *timer = queue->timers; timer; timer = timer->next)
        if (belongs(timer, window) && remaining(timer, now) < least) least = remaining(timer, now);
    return (DWORD)least;
}

bool timer_take(struct queue *queue, HWND window, bool remove, MSG *message)
{
    ULONGLONG now = GetTickCount64();
    struct timer *found = NULL;
    for (struct timer *timer = queue->timers; timer; timer = timer->next)
        if (timer->due <= now && belongs(timer, window) && (!found || timer->due < found->due)) found = timer;
    if (!found) return false;
    *message = (MSG){.hwnd = found->window,
                     .message = WM_TIMER,
                     .wParam = found->id,
                     .lParam = (LPARAM)found->procedure,
                     .time = (DWORD)now};
    // Periods that were missed are not made up for.
    if (remove) found->due = now + found->period;
    return true;
}

void timer_forget(struct queue *queue, HWND window)
{
    for (struct timer **link = &queue->timers; *link;) {
        struct timer *timer = *link;
        if (window && timer->window != window) {
            link = &timer->next;
            continue;
        }
        *link = timer->next;
        user_free(timer);
    }
}

bool timer_has_procedure(const struct queue *queue, const MSG *message)
{
    for (const struct timer *timer = queue->timers; timer; timer = timer->next)
        if (timer->procedure && (LPARAM)timer->procedure == message->lParam) return true;
    return false;
}

static struct timer *find(const struct queue *queue, HWND window, UINT_PTR id)
{
    for (struct timer *timer = queue->timers; timer; timer = timer->next)
        if (timer->window == window && timer->id == id) return timer;
    return NULL;
}

// A number for a timer without window, which the system chooses.
static UINT_PTR new_id(const struct queue *queue)
{
    static UINT_PTR last = 0x7FFF;
    do last = last <= 0x100 ? 0x7FFF : last - 1;
    while (find(queue, NULL, last));
    return last;
}

// The queue that a window's timers are in; the thread's own for NULL. NULL with the last error set.
static struct queue *queue_for(HWND *handle)
{
    if (!*handle) return queue_self();
    const struct window *window = window_find(*handle);
    if (!window || !window->queue) {
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
        return NULL;
    }
    *handle = window->handle;
    return window->queue;
}

HOTPATCH UINT_PTR WINAPI SetTimer(HWND window, UINT_PTR id, UINT period, TIMERPROC procedure)
{
    UINT_PTR result = 0;
    if (period < PERIOD_MIN) period = PERIOD_MIN;
    if (period > USER_TIMER_MAXIMUM) period = USER_TIMER_MAXIMUM;
    queue_self();
    user_lock();
    struct queue *queue = queue_for(&window);
    struct timer *timer = queue ? find(queue, window, id) : NULL;
    if (queue && !timer && (timer = user_alloc(sizeof(*timer)))) {
        timer->window = window;
        timer->id = window ? id : new_id(queue);
        timer->next = queue->timers;
        queue->timers = timer;
    }
    if (timer) {
        timer->period = period;
        timer->due = GetTickCount64() + period;
        timer->procedure = procedure;
        // Any other value than 0 says that it worked.
        result = window && !timer->id ? 1 : timer->id;
        // Who waits there must look when to wake.
        if (queue->thread != GetCurrentThreadId()) queue_signal(queue, 0);
    }
    user_unlock();
    return result;
}

HOTPATCH BOOL WINAPI KillTimer(HWND window, UINT_PTR id)
{
    bool found = false;
    queue_self();
    user_lock();
    struct queue *queue = queue_for(&window);
    for (struct timer **link = queue ? &queue->timers : NULL; link && *link; link = &(*link)->next) {
        struct timer *timer = *link;
        if (timer->window != window || timer->id != id) continue;
        *link = timer->next;
        user_free(timer);
        found = true;
        break;
    }
    user_unlock();
    if (queue && !found) SetLastError(ERROR_INVALID_PARAMETER);
    return found;
}
