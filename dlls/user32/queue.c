// The queue of a thread: posted and sent messages, and waiting for them. It is made when the thread first
// needs one, and found through the TEB.
#include "queue.h"
#include "procedure.h"
#include "timer.h"
#include "window.h"

enum { POSTED_MAX = 10000 }; // Windows' limit for one queue

static struct queue *queues;

static struct queue *create(void)
{
    struct queue *queue = user_alloc(sizeof(*queue));
    if (!queue) return NULL;
    if (!NT_SUCCESS(NtCreateEvent(&queue->wake, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE))) {
        user_free(queue);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    queue->thread = GetCurrentThreadId();
    user_lock();
    queue->next = queues;
    queues = queue;
    user_unlock();
    return queue;
}

struct queue *queue_self(void)
{
    TEB *teb = teb_self();
    if (!teb->Win32ThreadInfo) teb->Win32ThreadInfo = create();
    return teb->Win32ThreadInfo;
}

struct queue *queue_of_thread(DWORD thread)
{
    struct queue *queue = queues;
    while (queue && queue->thread != thread) queue = queue->next;
    return queue;
}

void queue_signal(struct queue *queue, DWORD bits)
{
    queue->bits |= bits;
    queue->changed |= bits;
    queue->arrivals++;
    if (queue->wake_mask & bits || !bits) NtSetEvent(queue->wake, NULL);
}

void queue_wait(struct queue *queue, unsigned seen, DWORD milliseconds)
{
    LARGE_INTEGER timeout;
    user_lock();
    bool there = queue->bits & QS_SENDMESSAGE || queue->arrivals != seen;
    if (!there) {
        queue->wake_mask = ~0u;
        NtClearEvent(queue->wake);
    }
    user_unlock();
    if (there) return;
    timeout.QuadPart = -(LONGLONG)milliseconds * 10000;
    NtWaitForSingleObject(queue->wake, FALSE, milliseconds == INFINITE ? NULL : &timeout);
    user_lock();
    queue->wake_mask = 0;
    user_unlock();
}

bool queue_post(struct queue *queue, const MSG *message)
{
    unsigned n = 0;
    for (const struct posted *posted = queue->first; posted; posted = posted->next) n++;
    struct posted *posted = n < POSTED_MAX ? user_alloc(sizeof(*posted)) : NULL;
    if (!posted) {
        SetLastError(ERROR_NOT_ENOUGH_QUOTA);
        return false;
    }
    posted->message = *message;
    posted->message.time = GetTickCount();
    if (queue->last)
        queue->last->next = posted;
    else
        queue->first = posted;
    queue->last = posted;
    queue_signal(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    return true;
}

void queue_forget_window(struct queue *queue, HWND window)
{
    struct posted **link = &queue->first;
    queue->last = NULL;
    while (*link) {
        struct posted *posted = *link;
        if (posted->message.hwnd == window) {
            *link = posted->next;
            user_free(posted);
        } else {
            queue->last = posted;
            link = &posted->next;
        }
    }
    if (!queue->first) queue->bits &= ~(DWORD)(QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
}

// ---- sent messages ----

static void release(struct sent *sent)
{
    if (!--sent->references) user_free(sent);
}

// The answer goes to the sender, who may wait for it or wants to be called. Under the lock.
static void answer(struct sent *sent, LRESULT result)
{
    struct queue *sender = sent->sender;
    if (sent->answered) return;
    sent->answered = true;
    sent->result = result;
    sent->sender = NULL;
    if (!sender) return;
    if (sent->callback) {
        sent->references++;
        sent->next = sender->answers;
        sender->answers = sent;
        queue_signal(sender, QS_SENDMESSAGE);
    } else {
        NtSetEvent(sender->wake, NULL);
    }
}

static void call_back(struct queue *queue)
{
    for (;;) {
        user_lock();
        struct sent *sent = queue->answers;
        if (sent) queue->answers = sent->next;
        user_unlock();
        if (!sent) return;
        sent->callback(sent->window, sent->message, sent->callback_data, sent->result);
        user_lock();
        release(sent);
        user_unlock();
    }
}

static void handle_one(struct queue *queue, struct sent *sent)
{
    LRESULT result = 0;
    user_lock();
    sent->outer = queue->handled;
    queue->handled = sent;
    const struct window *window = window_find(sent->window);
    WNDPROC procedure = window ? window->procedure : NULL;
    bool unicode = window && window->unicode;
    user_unlock();
    if (procedure)
        result = procedure_call(procedure, unicode, sent->window, sent->message, sent->wparam, sent->lparam,
                                sent->unicode);
    user_lock();
    queue->handled = sent->outer;
    answer(sent, result);
    release(sent);
    user_unlock();
}

void queue_handle_sent(struct queue *queue)
{
    for (;;) {
        call_back(queue);
        user_lock();
        struct sent *sent = queue->first_sent;
        if (sent) {
            queue->first_sent = sent->next;
            if (!queue->first_sent) queue->last_sent = NULL;
        }
        if (!queue->first_sent && !queue->answers) queue->bits &= ~(DWORD)QS_SENDMESSAGE;
        user_unlock();
        if (!sent) return;
        handle_one(queue, sent);
    }
}

// What a call that sends to another thread wants.
struct sending {
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    bool unicode;
    bool wait;
    SENDASYNCPROC callback;
    ULONG_PTR callback_data;
};

// Hangs a message on the queue of its window; two references if the caller wants to wait. NULL with the last
// error set.
static struct sent *enqueue(const struct sending *how, struct queue *sender)
{
    struct sent *sent = user_alloc(sizeof(*sent));
    if (!sent) return NULL;
    *sent = (struct sent){.references = how->wait ? 2 : 1,
                          .sender = how->wait || how->callback ? sender : NULL,
                          .window = how->window,
                          .message = how->message,
                          .wparam = how->wparam,
                          .lparam = how->lparam,
                          .unicode = how->unicode,
                          .callback = how->callback,
                          .callback_data = how->callback_data};
    user_lock();
    const struct window *window = window_find(how->window);
    struct queue *queue = window ? window->queue : NULL;
    if (queue) {
        if (queue->last_sent)
            queue->last_sent->next = sent;
        else
            queue->first_sent = sent;
        queue->last_sent = sent;
        queue_signal(queue, QS_SENDMESSAGE);
    }
    user_unlock();
    if (queue) return sent;
    user_free(sent);
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return NULL;
}

// Waits for the answer, handling messages that others send meanwhile unless block. False: the time is over.
static bool await(struct queue *queue, struct sent *sent, DWORD milliseconds, bool block)
{
    ULONGLONG end = GetTickCount64() + milliseconds;
    for (;;) {
        if (!block) queue_handle_sent(queue);
        user_lock();
        bool answered = sent->answered, more = !block && queue->bits & QS_SENDMESSAGE;
        queue->wake_mask = block ? 0 : QS_SENDMESSAGE;
        if (!answered && !more) NtClearEvent(queue->wake);
        user_unlock();
        ULONGLONG now = GetTickCount64();
        if (answered) return true;
        if (more) continue;
        if (milliseconds != INFINITE && now >= end) return false;
        LARGE_INTEGER timeout;
        timeout.QuadPart = -(LONGLONG)(end - now) * 10000;
        NtWaitForSingleObject(queue->wake, FALSE, milliseconds == INFINITE ? NULL : &timeout);
    }
}

static bool send_and_wait(const struct sending *how, DWORD milliseconds, bool block, LRESULT *result)
{
    struct queue *queue = queue_self();
    struct sent *sent = queue ? enqueue(how, queue) : NULL;
    if (!sent) return false;
    bool answered = await(queue, sent, milliseconds, block);
    user_lock();
    queue->wake_mask = 0;
    *result = sent->result;
    if (!answered) sent->sender = NULL;
    release(sent);
    user_unlock();
    if (!answered) SetLastError(ERROR_TIMEOUT);
    return answered;
}

// ---- sending to any window ----

struct target {
    WNDPROC procedure; // of the calling thread's windows
    bool unicode, own;
};

static bool find_target(HWND handle, struct target *target)
{
    user_lock();
    const struct window *window = window_find(handle);
    if (window) {
        bool own = !window->queue || window->queue->thread == GetCurrentThreadId();
        *target = (struct target){window->procedure, window->unicode, own};
    }
    user_unlock();
    if (!window) SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return window;
}

static bool send_message(const struct sending *how, DWORD milliseconds, UINT flags, LRESULT *result)
{
    struct target target;
    *result = 0;
    if (!find_target(how->window, &target)) return false;
    if (!target.own) return send_and_wait(how, milliseconds, flags & SMTO_BLOCK, result);
    *result = procedure_call(target.procedure, target.unicode, how->window, how->message, how->wparam,
                             how->lparam, how->unicode);
    return true;
}

// The top-level windows at this moment, for messages to all of them: allocated, NULL at the end.
static HWND *top_level_windows(void)
{
    unsigned n = 0, index = 0;
    const struct window *window;
    HWND desktop = window_desktop();
    user_lock();
    while ((window = user_handle_next(&index, USER_WINDOW))) n++;
    HWND *list = user_alloc((n + 1) * sizeof(*list));
    for (n = index = 0; list && (window = user_handle_next(&index, USER_WINDOW));)
        if (window->parent && window->parent->handle == desktop) list[n++] = window->handle;
    user_unlock();
    return list;
}

static LRESULT send_to(struct sending *how)
{
    LRESULT result = 0;
    if (how->window != HWND_BROADCAST) {
        send_message(how, INFINITE, 0, &result);
        return result;
    }
    HWND *windows = top_level_windows();
    for (HWND *window = windows; window && *window; window++) {
        how->window = *window;
        send_message(how, INFINITE, 0, &result);
    }
    user_free(windows);
    return TRUE;
}

HOTPATCH LRESULT WINAPI SendMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct sending how = {window, message, wparam, lparam, .unicode = true, .wait = true};
    return send_to(&how);
}

HOTPATCH LRESULT WINAPI SendMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct sending how = {window, message, wparam, lparam, .unicode = false, .wait = true};
    return send_to(&how);
}

static LRESULT send_timeout(struct sending *how, UINT flags, UINT milliseconds, DWORD_PTR *result)
{
    LRESULT answer = 0;
    bool sent = send_message(how, milliseconds, flags, &answer);
    if (result) *result = sent ? (DWORD_PTR)answer : 0;
    return sent;
}

HOTPATCH LRESULT WINAPI SendMessageTimeoutW(HWND window, UINT message, WPARAM wparam, LPARAM lparam,
                                            UINT flags, UINT milliseconds, DWORD_PTR *result)
{
    struct sending how = {window, message, wparam, lparam, .unicode = true, .wait = true};
    return send_timeout(&how, flags, milliseconds, result);
}

HOTPATCH LRESULT WINAPI SendMessageTimeoutA(HWND window, UINT message, WPARAM wparam, LPARAM lparam,
                                            UINT flags, UINT milliseconds, DWORD_PTR *result)
{
    struct sending how = {window, message, wparam, lparam, .unicode = false, .wait = true};
    return send_timeout(&how, flags, milliseconds, result);
}

// To the thread's own windows at once, to others' without waiting; a callback comes in any case.
static BOOL send_unawaited(struct sending *how)
{
    struct target target;
    LRESULT result;
    if (!find_target(how->window, &target)) return FALSE;
    if (!target.own) return enqueue(how, queue_self()) != NULL;
    if (!send_message(how, INFINITE, 0, &result)) return FALSE;
    if (how->callback) how->callback(how->window, how->message, how->callback_data, result);
    return TRUE;
}

HOTPATCH BOOL WINAPI SendNotifyMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct sending how = {window, message, wparam, lparam, .unicode = true};
    return send_unawaited(&how);
}

HOTPATCH BOOL WINAPI SendNotifyMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct sending how = {window, message, wparam, lparam, .unicode = false};
    return send_unawaited(&how);
}

HOTPATCH BOOL WINAPI SendMessageCallbackW(HWND window, UINT message, WPARAM wparam, LPARAM lparam,
                                          SENDASYNCPROC callback, ULONG_PTR data)
{
    struct sending how = {window, message, wparam, lparam, true, false, callback, data};
    return send_unawaited(&how);
}

HOTPATCH BOOL WINAPI SendMessageCallbackA(HWND window, UINT message, WPARAM wparam, LPARAM lparam,
                                          SENDASYNCPROC callback, ULONG_PTR data)
{
    struct sending how = {window, message, wparam, lparam, false, false, callback, data};
    return send_unawaited(&how);
}

HOTPATCH BOOL WINAPI ReplyMessage(LRESULT result)
{
    struct queue *queue = queue_self();
    struct sent *sent = queue ? queue->handled : NULL;
    if (!sent) return FALSE;
    user_lock();
    bool first = !sent->answered;
    answer(sent, result);
    user_unlock();
    return first;
}

HOTPATCH DWORD WINAPI InSendMessageEx(void *reserved)
{
    const struct queue *queue = queue_self();
    const struct sent *sent = queue ? queue->handled : NULL;
    (void)reserved;
    if (!sent) return ISMEX_NOSEND;
    user_lock();
    DWORD how = sent->callback ? ISMEX_CALLBACK : sent->references > 1 ? ISMEX_SEND : ISMEX_NOTIFY;
    if (sent->answered) how |= ISMEX_REPLIED;
    user_unlock();
    return how;
}

HOTPATCH BOOL WINAPI InSendMessage(void)
{
    return InSendMessageEx(NULL) != ISMEX_NOSEND;
}

// ---- the thread's end ----

void queue_thread_exit(void)
{
    struct queue *queue = teb_self()->Win32ThreadInfo;
    if (!queue) return;
    user_lock();
    struct queue **link = &queues;
    while (*link != queue) link = &(*link)->next;
    *link = queue->next;
    window_thread_exit(queue);
    timer_forget(queue, NULL);
    while (queue->first_sent) {
        struct sent *sent = queue->first_sent;
        queue->first_sent = sent->next;
        answer(sent, 0);
        release(sent);
    }
    while (queue->answers) {
        struct sent *sent = queue->answers;
        queue->answers = sent->next;
        release(sent);
    }
    // It may end while it handles messages.
    while (queue->handled) {
        struct sent *sent = queue->handled;
        queue->handled = sent->outer;
        answer(sent, 0);
        release(sent);
    }
    // Nobody who still handles a message of this thread may answer into its queue.
    for (struct queue *other = queues; other; other = other->next) {
        for (struct sent *sent = other->first_sent; sent; sent = sent->next)
            if (sent->sender == queue) sent->sender = NULL;
        for (struct sent *sent = other->handled; sent; sent = sent->outer)
            if (sent->sender == queue) sent->sender = NULL;
    }
    while (queue->first) {
        struct posted *posted = queue->first;
        queue->first = posted->next;
        user_free(posted);
    }
    user_unlock();
    NtClose(queue->wake);
    user_free(queue);
    teb_self()->Win32ThreadInfo = NULL;
}
