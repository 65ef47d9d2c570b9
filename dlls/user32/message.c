// Getting, posting and dispatching messages, and waiting for them.
#include "procedure.h"
#include "queue.h"
#include "timer.h"
#include "window.h"

// What a caller of GetMessage or PeekMessage looks for.
struct filter {
    HWND window; // NULL: all of the thread; -1: its own without windows
    UINT first, last;
    DWORD bits; // QS_* to look for
};

static struct filter make_filter(HWND window, UINT first, UINT last, DWORD bits)
{
    struct filter filter = {window, first, last, bits};
    if (!first && !last) filter.last = ~0u;
    if (!bits) filter.bits = QS_ALLINPUT;
    return filter;
}

static bool is_or_is_child(HWND handle, HWND of)
{
    const struct window *window = window_find(handle);
    while (window && window->handle != of) window = window->parent;
    return window;
}

static bool matches(const struct filter *filter, const MSG *message)
{
    if (message->message < filter->first || message->message > filter->last) return false;
    if (!filter->window) return true;
    if (filter->window == (HWND)-1) return !message->hwnd;
    return message->hwnd && is_or_is_child(message->hwnd, filter->window);
}

static bool wants_timers(const struct filter *filter)
{
    return filter->bits & QS_TIMER && filter->first <= WM_TIMER && filter->last >= WM_TIMER;
}

static bool take_posted(struct queue *queue, const struct filter *filter, bool remove, MSG *message)
{
    struct posted *before = NULL;
    for (struct posted *posted = queue->first; posted; before = posted, posted = posted->next) {
        if (!matches(filter, &posted->message)) continue;
        *message = posted->message;
        if (!remove) return true;
        if (before)
            before->next = posted->next;
        else
            queue->first = posted->next;
        if (queue->last == posted) queue->last = before;
        user_free(posted);
        if (!queue->first) queue->bits &= ~(DWORD)(QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
        return true;
    }
    return false;
}

// In Windows' order: posted messages, the end, timers. Under the lock.
static bool take(struct queue *queue, const struct filter *filter, bool remove, MSG *message)
{
    queue->changed &= ~filter->bits;
    if (filter->bits & QS_POSTMESSAGE && take_posted(queue, filter, remove, message)) return true;
    if (queue->quit && filter->bits & QS_POSTMESSAGE) {
        *message = (MSG){.message = WM_QUIT, .wParam = (WPARAM)queue->quit_code, .time = GetTickCount()};
        if (remove) queue->quit = false;
        return true;
    }
    return wants_timers(filter) && timer_take(queue, filter->window, remove, message);
}

// Looks once. *seen and *next tell what was there, and how long nothing can come by itself.
static bool peek(struct queue *queue, const struct filter *filter, bool remove, MSG *message, unsigned *seen,
                 DWORD *next)
{
    queue_handle_sent(queue);
    user_lock();
    bool found = take(queue, filter, remove, message);
    if (found) queue->retrieved = *message;
    *seen = queue->arrivals;
    *next = wants_timers(filter) ? timer_next(queue, filter->window) : INFINITE;
    user_unlock();
    return found;
}

static bool check_window(HWND window)
{
    if (!window || window == (HWND)-1 || IsWindow(window)) return true;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return false;
}

// Posted messages of text are few: those of typed characters.
static void convert_character(MSG *message)
{
    if (message->message < WM_CHAR || message->message > WM_DEADCHAR) return;
    WCHAR unit = (WCHAR)message->wParam;
    char bytes[2] = {0, 0};
    WideCharToMultiByte(CP_ACP, 0, &unit, 1, bytes, 2, NULL, NULL);
    message->wParam = (BYTE)bytes[0] | (WPARAM)(BYTE)bytes[1] << 8;
}

HOTPATCH BOOL WINAPI PeekMessageW(MSG *message, HWND window, UINT first, UINT last, UINT flags)
{
    struct queue *queue = queue_self();
    if (!queue || !check_window(window)) return FALSE;
    struct filter filter = make_filter(window, first, last, flags >> 16);
    unsigned seen;
    DWORD next;
    return peek(queue, &filter, flags & PM_REMOVE, message, &seen, &next);
}

HOTPATCH BOOL WINAPI PeekMessageA(MSG *message, HWND window, UINT first, UINT last, UINT flags)
{
    if (!PeekMessageW(message, window, first, last, flags)) return FALSE;
    convert_character(message);
    return TRUE;
}

// FALSE for WM_QUIT, -1 for errors.
HOTPATCH BOOL WINAPI GetMessageW(MSG *message, HWND window, UINT first, UINT last)
{
    struct queue *queue = queue_self();
    if (!queue || !check_window(window)) return -1;
    struct filter filter = make_filter(window, first, last, 0);
    unsigned seen;
    DWORD next;
    while (!peek(queue, &filter, true, message, &seen, &next)) queue_wait(queue, seen, next);
    return message->message != WM_QUIT;
}

HOTPATCH BOOL WINAPI GetMessageA(MSG *message, HWND window, UINT first, UINT last)
{
    BOOL result = GetMessageW(message, window, first, last);
    if (result > 0) convert_character(message);
    return result;
}

HOTPATCH BOOL WINAPI WaitMessage(void)
{
    struct queue *queue = queue_self();
    if (!queue) return FALSE;
    MsgWaitForMultipleObjectsEx(0, NULL, INFINITE, QS_ALLINPUT, 0);
    return TRUE;
}

// ---- posting ----

static BOOL post_to_thread(DWORD thread, const MSG *message)
{
    DWORD error = ERROR_INVALID_THREAD_ID;
    bool posted = false;
    if (thread == GetCurrentThreadId()) queue_self();
    user_lock();
    struct queue *queue = queue_of_thread(thread);
    if (queue) {
        posted = queue_post(queue, message);
        error = ERROR_NOT_ENOUGH_QUOTA;
    }
    user_unlock();
    return posted ? TRUE : user_fail(error);
}

static BOOL post_to_window(const MSG *message)
{
    bool posted = false;
    DWORD error = ERROR_INVALID_WINDOW_HANDLE;
    user_lock();
    const struct window *window = window_find(message->hwnd);
    bool console = window && window->process;
    if (window && window->queue) {
        MSG whole = *message;
        whole.hwnd = window->handle;
        posted = queue_post(window->queue, &whole);
        error = ERROR_NOT_ENOUGH_QUOTA;
    }
    user_unlock();
    // No thread has a queue for a console's window.
    if (console) return SendNotifyMessageW(message->hwnd, message->message, message->wParam, message->lParam);
    return posted ? TRUE : user_fail(error);
}

static void post_to_all(const MSG *message)
{
    unsigned index = 0;
    const struct window *window;
    HWND desktop = window_desktop();
    user_lock();
    while ((window = user_handle_next(&index, USER_WINDOW))) {
        if (!window->parent || window->parent->handle != desktop || !window->queue) continue;
        MSG one = *message;
        one.hwnd = window->handle;
        queue_post(window->queue, &one);
    }
    user_unlock();
}

HOTPATCH BOOL WINAPI PostMessageW(HWND window, UINT code, WPARAM wparam, LPARAM lparam)
{
    const MSG message = {.hwnd = window, .message = code, .wParam = wparam, .lParam = lparam};
    if (!window) return post_to_thread(GetCurrentThreadId(), &message);
    if (window != HWND_BROADCAST) return post_to_window(&message);
    post_to_all(&message);
    return TRUE;
}

HOTPATCH BOOL WINAPI PostThreadMessageW(DWORD thread, UINT code, WPARAM wparam, LPARAM lparam)
{
    const MSG message = {.message = code, .wParam = wparam, .lParam = lparam};
    return post_to_thread(thread, &message);
}

static WPARAM wide_character(UINT code, WPARAM wparam)
{
    if (code < WM_CHAR || code > WM_DEADCHAR) return wparam;
    char bytes[2] = {(char)wparam, (char)(wparam >> 8)};
    WCHAR unit = 0;
    MultiByteToWideChar(CP_ACP, 0, bytes, bytes[1] ? 2 : 1, &unit, 1);
    return unit;
}

HOTPATCH BOOL WINAPI PostMessageA(HWND window, UINT code, WPARAM wparam, LPARAM lparam)
{
    return PostMessageW(window, code, wide_character(code, wparam), lparam);
}

HOTPATCH BOOL WINAPI PostThreadMessageA(DWORD thread, UINT code, WPARAM wparam, LPARAM lparam)
{
    return PostThreadMessageW(thread, code, wide_character(code, wparam), lparam);
}

HOTPATCH void WINAPI PostQuitMessage(int code)
{
    struct queue *queue = queue_self();
    if (!queue) return;
    user_lock();
    queue->quit = true;
    queue->quit_code = code;
    queue_signal(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    user_unlock();
}

// ---- dispatching ----

static LRESULT dispatch(const MSG *message, bool unicode)
{
    WNDPROC procedure = NULL;
    bool procedure_unicode = unicode, timer = message->message == WM_TIMER && message->lParam;
    user_lock();
    const struct window *window = window_find(message->hwnd);
    const struct queue *queue = queue_of_thread(GetCurrentThreadId());
    if (timer) timer = queue && timer_has_procedure(queue, message);
    if (window) {
        procedure = window->procedure;
        procedure_unicode = window->unicode;
    }
    user_unlock();
    if (timer) {
        ((TIMERPROC)message->lParam)(message->hwnd, WM_TIMER, message->wParam, GetTickCount());
        return 0;
    }
    if (!message->hwnd) return 0;
    if (!procedure) return (LRESULT)user_fail(ERROR_INVALID_WINDOW_HANDLE);
    return procedure_call(procedure, procedure_unicode, message->hwnd, message->message, message->wParam,
                          message->lParam, unicode);
}

HOTPATCH LRESULT WINAPI DispatchMessageW(const MSG *message)
{
    return dispatch(message, true);
}

HOTPATCH LRESULT WINAPI DispatchMessageA(const MSG *message)
{
    return dispatch(message, false);
}

// There is no keyboard whose keys would mean characters: no WM_CHAR is posted.
HOTPATCH BOOL WINAPI TranslateMessage(const MSG *message)
{
    return message->message == WM_KEYDOWN || message->message == WM_KEYUP ||
           message->message == WM_SYSKEYDOWN || message->message == WM_SYSKEYUP;
}

// ---- what is there ----

static DWORD present(const struct queue *queue)
{
    DWORD bits = queue->bits;
    if (queue->quit) bits |= QS_POSTMESSAGE | QS_ALLPOSTMESSAGE;
    if (!timer_next(queue, NULL)) bits |= QS_TIMER;
    return bits;
}

// High word: what is there; low word: what of it came since somebody looked.
HOTPATCH DWORD WINAPI GetQueueStatus(UINT flags)
{
    struct queue *queue = queue_self();
    if (!queue) return 0;
    user_lock();
    DWORD bits = present(queue), changed = queue->changed | (bits & QS_TIMER);
    queue->changed &= ~flags;
    user_unlock();
    return MAKELONG(changed & flags, bits & flags);
}

HOTPATCH BOOL WINAPI GetInputState(void)
{
    return HIWORD(GetQueueStatus(QS_KEY | QS_MOUSEBUTTON)) != 0;
}

HOTPATCH LONG WINAPI GetMessageTime(void)
{
    const struct queue *queue = queue_self();
    return queue ? (LONG)queue->retrieved.time : 0;
}

HOTPATCH DWORD WINAPI GetMessagePos(void)
{
    const struct queue *queue = queue_self();
    return queue ? MAKELONG(queue->retrieved.pt.x, queue->retrieved.pt.y) : 0;
}

HOTPATCH LPARAM WINAPI GetMessageExtraInfo(void)
{
    const struct queue *queue = queue_self();
    return queue ? queue->extra_info : 0;
}

HOTPATCH LPARAM WINAPI SetMessageExtraInfo(LPARAM info)
{
    struct queue *queue = queue_self();
    if (!queue) return 0;
    LPARAM old = queue->extra_info;
    queue->extra_info = info;
    return old;
}

// ---- waiting for objects and messages ----

// One wait: on the objects and on the queue's event, no longer than until the next timer.
static DWORD wait_once(struct queue *queue, DWORD count, const HANDLE *handles, DWORD mask,
                       DWORD milliseconds, DWORD flags)
{
    HANDLE all[MAXIMUM_WAIT_OBJECTS];
    if (count) memcpy(all, handles, count * sizeof(*all));
    all[count] = queue->wake;
    user_lock();
    DWORD timer = mask & QS_TIMER ? timer_next(queue, NULL) : INFINITE;
    DWORD there = (flags & MWMO_INPUTAVAILABLE ? present(queue) : queue->changed) & mask;
    queue->wake_mask = mask;
    if (there || !timer)
        NtSetEvent(queue->wake, NULL);
    else
        NtClearEvent(queue->wake);
    user_unlock();
    if (timer < milliseconds) milliseconds = timer;
    DWORD result = WaitForMultipleObjectsEx(count + 1, all, (flags & MWMO_WAITALL) != 0, milliseconds,
                                            (flags & MWMO_ALERTABLE) != 0);
    user_lock();
    queue->wake_mask = 0;
    user_unlock();
    return result;
}

HOTPATCH DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, DWORD milliseconds,
                                                  DWORD mask, DWORD flags)
{
    struct queue *queue = queue_self();
    ULONGLONG end = GetTickCount64() + milliseconds;
    if (count >= MAXIMUM_WAIT_OBJECTS || !queue) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    for (;;) {
        ULONGLONG now = GetTickCount64();
        DWORD rest = milliseconds == INFINITE ? INFINITE : now < end ? (DWORD)(end - now) : 0;
        DWORD result = wait_once(queue, count, handles, mask, rest, flags);
        if (result != WAIT_TIMEOUT && result != WAIT_OBJECT_0 + count) return result;
        user_lock();
        DWORD there = (flags & MWMO_INPUTAVAILABLE ? present(queue) : queue->changed) & mask;
        if (mask & QS_TIMER && !timer_next(queue, NULL)) there |= QS_TIMER;
        user_unlock();
        if (there && !(flags & MWMO_WAITALL)) return WAIT_OBJECT_0 + count;
        if (result != WAIT_TIMEOUT && flags & MWMO_WAITALL) return result;
        if (result == WAIT_TIMEOUT && milliseconds != INFINITE && GetTickCount64() >= end) return result;
    }
}

HOTPATCH DWORD WINAPI MsgWaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all,
                                                DWORD milliseconds, DWORD mask)
{
    return MsgWaitForMultipleObjectsEx(count, handles, milliseconds, mask, all ? MWMO_WAITALL : 0);
}
