// NtNotifyChangeKey. A key object that was watched once remembers what happened until the next call asks.
// Changes by other processes come as records of a file in the runtime directory, which inotify tells of; it
// is there only once somebody has watched a key, so that writers who nobody watches pay for one look.
#include "registry_notify.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include "runtime_dir.h"
#include "loader/service.h"
#include "thread_object.h"
#include "wait.h"
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHAIN_MAX = 512, FILTERS = 15, FILE_MAX_SIZE = 1 << 20, RECORD_MAGIC = 0x43474552 };
static const char file_name[] = "registry-changes";

// One call under way.
struct request {
    struct request *next;
    struct object *event; // NULL: none
    struct object *thread;
    struct waitable *waiter; // of a synchronous call
    gptr apc, context, block;
};

struct registry_watch {
    struct registry_watch *next;
    key_id id;
    uint32_t filter;
    bool subtree;
    bool changed; // since the last call was answered
    struct request *requests;
};

static pthread_mutex_t watches_lock = PTHREAD_MUTEX_INITIALIZER;
static struct registry_watch *watches;
static _Atomic bool any_watch;

// ---- answers ----

static struct waitable *waitable_of(struct object *object)
{
    return (struct waitable *)((char *)object + object->waitable_offset);
}

static void queue_apc(const struct request *request)
{
    HANDLE32 handle;
    if (handle_create(request->thread, THREAD_SET_CONTEXT, 0, &handle)) return;
    NtQueueApcThread(handle, request->apc, request->context, request->block, 0);
    handle_close(handle);
}

static void request_free(struct request *request)
{
    if (request->event) object_release(request->event);
    object_release(request->thread);
    free(request);
}

// Answers calls that were taken off their watch, without locks.
static void answer(struct request *requests, NTSTATUS status)
{
    while (requests) {
        struct request *request = requests;
        uint32_t block[2] = {(uint32_t)status, 0};
        requests = request->next;
        guest_write(request->block, block, sizeof block); // a block that is gone takes the answer with it
        if (request->event) waitable_set(waitable_of(request->event));
        if (request->apc) queue_apc(request);
        struct waitable *waiter = request->waiter;
        request_free(request);
        if (waiter) waitable_set(waiter); // last: it lies on the waiting thread's stack
    }
}

static struct request *take_requests(struct registry_watch *watch, struct request *before)
{
    struct request **end = &before;
    watch->changed = !watch->requests; // nobody waits: the next call learns of it
    while (*end) end = &(*end)->next;
    *end = watch->requests;
    watch->requests = NULL;
    return before;
}

static bool is_below(const struct registry_watch *watch, const key_id *chain, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (chain[i] == watch->id) return i == 0 || watch->subtree;
    return false;
}

// Tells the watches of this process. count 0: anything may have happened.
static void tell(const key_id *chain, uint32_t count, uint32_t filter)
{
    struct request *ready = NULL;
    pthread_mutex_lock(&watches_lock);
    for (struct registry_watch *watch = watches; watch; watch = watch->next)
        if (!count || (watch->filter & filter && is_below(watch, chain, count)))
            ready = take_requests(watch, ready);
    pthread_mutex_unlock(&watches_lock);
    answer(ready, STATUS_NOTIFY_ENUM_DIR);
}

// ---- between processes ----

struct record {
    uint32_t magic, process, filter, count;
    key_id chain[CHAIN_MAX];
};

static int changes = -1, inotify = -1;
static off_t position;
static struct service_watch inotify_watch;

static size_t record_size(const struct record *record)
{
    return offsetof(struct record, chain) + record->count * sizeof record->chain[0];
}

static void publish(const struct record *record)
{
    static _Atomic int fd = -1;
    struct stat st;
    if (atomic_load(&fd) < 0 && runtime_dir() >= 0) {
        int opened = openat(runtime_dir(), file_name, O_WRONLY | O_APPEND | O_CLOEXEC), none = -1;
        if (opened >= 0 && !atomic_compare_exchange_strong(&fd, &none, opened)) close(opened);
    }
    int file = atomic_load(&fd);
    if (file < 0) return;
    // Who reads finds itself behind the end then, and takes everything for changed.
    if (fstat(file, &st) == 0 && st.st_size > FILE_MAX_SIZE) (void)!ftruncate(file, 0);
    (void)!write(file, record, record_size(record));
}

// On the service thread: the file has grown.
static void changes_ready(struct service_watch *watch, uint32_t events)
{
    char drain[4096];
    struct record record;
    struct stat st;
    (void)watch, (void)events;
    while (read(inotify, drain, sizeof drain) > 0) {
    }
    if (fstat(changes, &st) == 0 && st.st_size < position) {
        position = st.st_size;
        tell(NULL, 0, FILTERS);
    }
    for (;;) {
        ssize_t got = pread(changes, &record, sizeof record, position);
        if (got < (ssize_t)offsetof(struct record, chain)) return;
        if (record.magic != RECORD_MAGIC || record.count > CHAIN_MAX || (ssize_t)record_size(&record) > got) {
            position = lseek(changes, 0, SEEK_END);
            tell(NULL, 0, FILTERS);
            return;
        }
        position += (off_t)record_size(&record);
        if (record.process != (uint32_t)getpid()) tell(record.chain, record.count, record.filter);
    }
}

static void listen_once(void)
{
    char path[64];
    if (runtime_dir() < 0) return;
    changes = openat(runtime_dir(), file_name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (changes < 0 || inotify < 0) return;
    position = lseek(changes, 0, SEEK_END);
    snprintf(path, sizeof path, "/proc/self/fd/%d", changes);
    if (inotify_add_watch(inotify, path, IN_MODIFY) >= 0)
        service_watch_add(&inotify_watch, inotify, EPOLLIN, changes_ready);
}

// ---- changes ----

struct chain {
    key_id ids[CHAIN_MAX];
    uint32_t count;
};

static NTSTATUS find_chain(struct registry_view *view, void *context)
{
    struct chain *chain = context;
    struct key_info info;
    key_id id = chain->ids[0];
    for (chain->count = 1; chain->count < CHAIN_MAX && id != KEY_ID_ROOT; chain->count++) {
        if (key_get(view, id, &info)) break;
        id = info.parent;
        chain->ids[chain->count] = id;
    }
    return STATUS_SUCCESS;
}

static bool is_anybody_watching(void)
{
    return atomic_load(&any_watch) ||
           (runtime_dir() >= 0 && faccessat(runtime_dir(), file_name, F_OK, 0) == 0);
}

void registry_changed(key_id id, uint32_t filter)
{
    if (!is_anybody_watching()) return;
    struct chain chain = {.ids = {id}};
    if (registry_read(find_chain, &chain)) return;
    struct record record = {RECORD_MAGIC, (uint32_t)getpid(), filter, chain.count, {0}};
    memcpy(record.chain, chain.ids, chain.count * sizeof chain.ids[0]);
    tell(chain.ids, chain.count, filter);
    publish(&record);
}

void registry_deleted(key_id id, key_id parent)
{
    if (!is_anybody_watching()) return;
    struct record record = {RECORD_MAGIC, (uint32_t)getpid(), FILTERS, 1, {id}};
    tell(&id, 1, FILTERS);
    publish(&record);
    registry_changed(parent, REG_NOTIFY_CHANGE_NAME);
}

// ---- watches ----

// The key's watch, made when it is first asked for: its filter is that of the first call.
static struct registry_watch *find_watch(struct registry_key *key, uint32_t filter, bool subtree)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, listen_once);
    pthread_mutex_lock(&watches_lock);
    struct registry_watch *watch = atomic_load(&key->watch);
    if (!watch && (watch = calloc(1, sizeof *watch))) {
        *watch = (struct registry_watch){watches, key->place.id, filter, subtree, false, NULL};
        watches = watch;
        atomic_store(&key->watch, watch);
        atomic_store(&any_watch, true);
    }
    pthread_mutex_unlock(&watches_lock);
    return watch;
}

void registry_watch_end(struct registry_key *key)
{
    pthread_mutex_lock(&watches_lock);
    struct registry_watch *watch = atomic_exchange(&key->watch, NULL);
    struct request *requests = NULL;
    for (struct registry_watch **at = &watches; watch && *at; at = &(*at)->next)
        if (*at == watch) {
            *at = watch->next;
            requests = watch->requests;
            break;
        }
    pthread_mutex_unlock(&watches_lock);
    free(watch);
    answer(requests, STATUS_NOTIFY_CLEANUP);
}

// Puts a request under way, or says that it is answered already; takes it over in any case.
static NTSTATUS submit(struct registry_key *key, struct request *request, uint32_t filter, bool subtree)
{
    struct registry_watch *watch = find_watch(key, filter, subtree);
    if (!watch) {
        request_free(request);
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_lock(&watches_lock);
    bool changed = watch->changed;
    watch->changed = false;
    if (!changed) {
        request->next = watch->requests;
        watch->requests = request;
    }
    pthread_mutex_unlock(&watches_lock);
    if (!changed) return STATUS_PENDING;
    request->next = NULL;
    answer(request, STATUS_NOTIFY_ENUM_DIR);
    return STATUS_SUCCESS;
}

// Takes a request back; whether it was still under way.
static bool withdraw(struct registry_key *key, struct request *request)
{
    bool found = false;
    pthread_mutex_lock(&watches_lock);
    struct registry_watch *watch = atomic_load(&key->watch);
    for (struct request **at = watch ? &watch->requests : NULL; at && *at; at = &(*at)->next)
        if (*at == request) {
            *at = request->next;
            found = true;
            break;
        }
    pthread_mutex_unlock(&watches_lock);
    return found;
}

static const struct object_type waiter_type = {.name = "Event"};

static NTSTATUS wait_for(struct registry_key *key, struct request *request, uint32_t filter, bool subtree)
{
    struct {
        struct object object; // never gets a handle
        struct waitable waitable;
    } waiter;
    object_init(&waiter.object, &waiter_type);
    waitable_init(&waiter.object, &waiter.waitable, WAITABLE_NOTIFICATION, 0);
    request->waiter = &waiter.waitable;
    NTSTATUS status = submit(key, request, filter, subtree);
    if (status != STATUS_PENDING) return status;
    struct object *object = &waiter.object;
    status = host_wait(&object, 1, false, false, NULL);
    if (status == STATUS_WAIT_0) return STATUS_NOTIFY_ENUM_DIR;
    if (withdraw(key, request)) {
        request_free(request);
        return status;
    }
    // Being answered at this moment by somebody who still needs the waiter.
    while (!waitable_is_set(&waiter.waitable)) sched_yield();
    return status;
}

NTSTATUS NtNotifyChangeMultipleKeys(HANDLE32 handle, uint32_t count, gptr subordinates, HANDLE32 event,
                                    gptr apc, gptr context, gptr block, uint32_t filter, uint8_t subtree,
                                    gptr buffer, uint32_t length, uint8_t asynchronous)
{
    if (count > 1 || (count == 1 && subordinates == 0)) return STATUS_INVALID_PARAMETER;
    if (count == 1) return STATUS_NOT_SUPPORTED; // a second key, in another hive
    return NtNotifyChangeKey(handle, event, apc, context, block, filter, subtree, buffer, length,
                             asynchronous);
}

NTSTATUS NtNotifyChangeKey(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                           uint32_t filter, uint8_t subtree, gptr buffer, uint32_t length,
                           uint8_t asynchronous)
{
    struct registry_key *key;
    (void)buffer, (void)length;
    if (!(filter & FILTERS)) return STATUS_INVALID_PARAMETER;
    if (!guest_probe_write(block, 8)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = registry_key_resolve(handle, KEY_NOTIFY, &key);
    if (status) return status;
    struct request *request = calloc(1, sizeof *request);
    if (!request) status = STATUS_NO_MEMORY;
    if (!status && event) {
        status = handle_resolve(event, NULL, EVENT_MODIFY_STATE, &request->event);
        if (!status && !request->event->waitable_offset) {
            object_release(request->event);
            status = STATUS_OBJECT_TYPE_MISMATCH;
        }
        if (!status) waitable_reset(waitable_of(request->event));
    }
    if (!status) {
        request->thread = (struct object *)thread_self()->object;
        object_retain(request->thread);
        request->apc = apc;
        request->context = context;
        request->block = block;
        status = asynchronous ? submit(key, request, filter, subtree != 0)
                              : wait_for(key, request, filter, subtree != 0);
    } else {
        free(request);
    }
    object_release(&key->object);
    return status;
}
