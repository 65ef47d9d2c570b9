// This process as one that is debugged.
#include "debug_event.h"
#include "thread_object.h"
#include "loader/exception.h"
#include "loader/process.h"
#include "loader/suspend.h"
#include "peer.h"
#include "section_view.h"
#include "thread_control.h"
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // debugger, channel
static struct debugger debugger;
static _Atomic bool active;
static _Atomic bool announced; // the debugger knows the process
static struct service_watch channel_watch;
static int channel = -1; // to the debugger

bool debuggee_is_active(void)
{
    return atomic_load_explicit(&active, memory_order_acquire);
}

static struct debugger current(void)
{
    pthread_mutex_lock(&lock);
    struct debugger copy = debugger;
    pthread_mutex_unlock(&lock);
    return copy;
}

struct debugger debuggee_inherited(void)
{
    struct debugger copy = current();
    return copy.only_this ? (struct debugger){0} : copy;
}

bool debuggee_inherits(void)
{
    return !current().only_this;
}

void debuggee_set_announced(void)
{
    atomic_store(&announced, true);
}

static void set_being_debugged(uint8_t value)
{
    guest_write(process_peb() + offsetof(PEB32, BeingDebugged), &value, sizeof value);
}

// ---- threads that stand still until the debugger has heard of them ----

static void release(struct thread *thread, void *tid)
{
    if (tid && thread->tid != *(uint32_t *)tid) return;
    if (atomic_exchange(&thread->debug_held, false)) thread_resume(thread, NULL);
}

void debuggee_release(uint32_t tid)
{
    thread_for_each(release, &tid);
}

// ---- the connection to the debugger, whose end is the debugger's ----

void debuggee_detach(void)
{
    pthread_mutex_lock(&lock);
    atomic_store(&active, false);
    debugger = (struct debugger){0};
    int fd = channel;
    channel = -1;
    pthread_mutex_unlock(&lock);
    set_being_debugged(0);
    thread_for_each(release, NULL);
    if (fd < 0) return;
    service_watch_remove(&channel_watch);
    close(fd);
}

static void lost(void)
{
    if (current().kill) process_exit(STATUS_DEBUGGER_INACTIVE);
    debuggee_detach();
}

static void obey(uint32_t order)
{
    if (order == DEBUG_ORDER_DETACH) debuggee_detach();
    if (order == DEBUG_ORDER_END) process_exit(STATUS_DEBUGGER_INACTIVE);
    if (order != DEBUG_ORDER_KEEP && order != DEBUG_ORDER_KILL) return;
    pthread_mutex_lock(&lock);
    debugger.kill = order == DEBUG_ORDER_KILL;
    pthread_mutex_unlock(&lock);
}

static void channel_ready(struct service_watch *watch, uint32_t events)
{
    struct {
        struct peer_head head;
        uint32_t order;
    } message;
    (void)events;
    int fd = watch->fd;
    while (channel == fd) {
        ssize_t n = recv(fd, &message, sizeof message, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            lost();
            return;
        }
        if (n == sizeof message && message.head.operation == PEER_EVENT_DEBUG) obey(message.order);
    }
}

NTSTATUS debuggee_attach(const struct debugger *wanted)
{
    const struct debug_link introduction = {
        .object = wanted->object, .pid = process_id(), .attachment = wanted->attachment};
    if (debuggee_is_active()) return STATUS_PORT_ALREADY_SET;
    int fd = peer_connect((int)wanted->host_pid);
    if (fd < 0) return STATUS_DEBUGGER_INACTIVE;
    peer_send(fd, PEER_DEBUG_LINK, &introduction, sizeof introduction);
    pthread_mutex_lock(&lock);
    debugger = *wanted;
    channel = fd;
    atomic_store(&active, true);
    pthread_mutex_unlock(&lock);
    set_being_debugged(1);
    if (service_watch_add(&channel_watch, fd, EPOLLIN, channel_ready) == 0) return STATUS_SUCCESS;
    debuggee_detach();
    return STATUS_NO_MEMORY;
}

// ---- reports ----

// One event at a time, and everybody else stands still for it.
static struct {
    struct object object;
    struct waitable waitable;
} turn;

static void make_turn(void)
{
    static const struct object_type type = {.name = "Event"};
    object_init(&turn.object, &type);
    waitable_init(&turn.object, &turn.waitable, WAITABLE_SYNCHRONIZATION, 1);
}

static NTSTATUS take_turn(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct object *object = &turn.object;
    pthread_once(&once, make_turn);
    return host_wait(&object, 1, false, false, NULL);
}

static NTSTATUS report_once(struct debug_event *event, int fd)
{
    if (take_turn() != STATUS_SUCCESS) return STATUS_THREAD_IS_TERMINATING;
    const struct debugger to = current();
    NTSTATUS status = DBG_EXCEPTION_NOT_HANDLED;
    if (to.host_pid) {
        event->object = to.object;
        thread_control_freeze_all();
        status = peer_debug_report(&to, event, fd);
        thread_control_thaw_all();
    }
    waitable_set(&turn.waitable);
    return status;
}

// ThreadHideFromDebugger: nothing that happens to the thread is told any more.
static bool is_hidden(const struct thread *thread)
{
    return thread->object && atomic_load(&thread->object->hidden);
}

// What the debugger answers; for an event that it wants to see again once its thread runs on, that one's.
static NTSTATUS report(struct debug_event *event, int fd)
{
    struct thread *thread = thread_self();
    if (is_hidden(thread)) return DBG_EXCEPTION_NOT_HANDLED;
    event->pid = process_id();
    event->tid = thread->tid;
    for (;;) {
        NTSTATUS status = report_once(event, fd);
        if (status != DBG_REPLY_LATER) return status;
        suspend_park_in_host(thread);
        if (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE) return status;
    }
}

NTSTATUS debuggee_report_exception(const EXCEPTION_RECORD32 *record, bool first_chance)
{
    struct debug_event event = {
        .state = DbgExceptionStateChange, .first_chance = first_chance, .exception = *record};
    if (!debuggee_is_active()) return DBG_EXCEPTION_NOT_HANDLED;
    if (record->ExceptionCode == (uint32_t)STATUS_BREAKPOINT) event.state = DbgBreakpointStateChange;
    if (record->ExceptionCode == (uint32_t)STATUS_SINGLE_STEP) event.state = DbgSingleStepStateChange;
    NTSTATUS status = report(&event, -1);
    return status == DBG_CONTINUE || status == DBG_EXCEPTION_HANDLED ? DBG_CONTINUE
                                                                     : DBG_EXCEPTION_NOT_HANDLED;
}

static void report_image(uint32_t state, gptr base, gptr start)
{
    struct debug_event event = {.state = state, .base = base, .start = start};
    int fd = section_image_open(base);
    report(&event, fd);
    if (fd >= 0) close(fd);
}

static gptr image_base(void)
{
    uint32_t base = 0;
    guest_read32(&base, process_peb() + offsetof(PEB32, ImageBaseAddress));
    return base;
}

void debuggee_report_start(void)
{
    struct thread *thread = thread_self();
    if (!debuggee_is_active() || atomic_exchange(&thread->debug_announced, true)) return;
    if (!atomic_exchange(&announced, true)) {
        report_image(DbgCreateProcessStateChange, image_base(), thread->start);
        report_image(DbgLoadDllStateChange, guest_entry_points.ntdll, 0);
    } else {
        struct debug_event event = {.state = DbgCreateThreadStateChange, .start = thread->start};
        report(&event, -1);
    }
}

void debuggee_report_load(gptr base, int fd)
{
    enum { TEB_ARBITRARY_USER_POINTER = 0x14 };
    const struct thread *thread = thread_self();
    if (!debuggee_is_active() || !thread) return;
    struct debug_event event = {
        .state = DbgLoadDllStateChange, .base = base, .name = thread->teb + TEB_ARBITRARY_USER_POINTER};
    report(&event, fd);
}

void debuggee_report_unload(gptr base)
{
    struct debug_event event = {.state = DbgUnloadDllStateChange, .base = base};
    if (debuggee_is_active() && thread_self()) report(&event, -1);
}

static void tell(uint32_t state, uint32_t tid, uint32_t status)
{
    struct debug_event event = {.state = state, .pid = process_id(), .tid = tid, .status = status};
    pthread_mutex_lock(&lock);
    event.object = debugger.object;
    if (channel >= 0) peer_send(channel, PEER_DEBUG_NEWS, &event, sizeof event);
    pthread_mutex_unlock(&lock);
}

void debuggee_tell_thread_end(uint32_t status)
{
    const struct thread *thread = thread_self();
    if (debuggee_is_active() && !is_hidden(thread)) tell(DbgExitThreadStateChange, thread->tid, status);
}

void debuggee_tell_exit(uint32_t status)
{
    const struct thread *thread = thread_self();
    if (debuggee_is_active()) tell(DbgExitProcessStateChange, thread ? thread->tid : 0, status);
}
