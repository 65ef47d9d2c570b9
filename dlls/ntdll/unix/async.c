// Calls under way: each file has them in a list, and each has a watch with the service thread.
#include "async.h"
#include "file.h"
#include "loader/thread.h"
#include "thread_object.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool async_must_queue(struct file *file, uint32_t events)
{
    bool queue = false;
    pthread_mutex_lock(&file->lock);
    for (const struct async *a = file->pending; a != NULL && !queue; a = a->next)
        queue = !a->unordered && (a->events & events) != 0;
    pthread_mutex_unlock(&file->lock);
    return queue;
}

static void free_extra(const struct async *async)
{
    if (async->free_extra != NULL)
        async->free_extra(async->extra);
    else
        free(async->extra);
}

static void destroy(struct async *async)
{
    if (async->fd >= 0) close(async->fd);
    if (async->thread != NULL) {
        atomic_fetch_sub(&((struct thread_object *)async->thread)->pending_io, 1);
        object_release(async->thread);
    }
    free_extra(async);
    free(async);
}

// Tells the guest and lets go of everything. The call is in no list any more.
static void finish(struct async *async, NTSTATUS status)
{
    if (async->fd >= 0) service_watch_remove(&async->watch);
    io_finish(&async->io, status, async->thread);
    destroy(async);
}

void async_run(struct file *file, uint32_t events)
{
    for (;;) {
        pthread_mutex_lock(&file->lock);
        struct async **link = &file->pending;
        while (*link != NULL && ((*link)->unordered || !((*link)->events & events))) link = &(*link)->next;
        struct async *first = *link;
        NTSTATUS status = first != NULL ? first->attempt(first) : STATUS_PENDING;
        if (status != STATUS_PENDING) *link = first->next;
        pthread_mutex_unlock(&file->lock);
        if (status == STATUS_PENDING) return;
        object_retain(&file->object); // the call may hold the last reference
        finish(first, status);
        object_release(&file->object);
    }
}

void async_attempt(struct file *file, const void *extra)
{
    pthread_mutex_lock(&file->lock);
    struct async **link = &file->pending;
    while (*link != NULL && (*link)->extra != extra) link = &(*link)->next;
    struct async *async = *link;
    NTSTATUS status = async != NULL ? async->attempt(async) : STATUS_PENDING;
    if (status != STATUS_PENDING) *link = async->next;
    pthread_mutex_unlock(&file->lock);
    if (status != STATUS_PENDING) finish(async, status);
}

static void ready(struct service_watch *watch, uint32_t events)
{
    (void)events;
    struct async *async = (struct async *)((char *)watch - offsetof(struct async, watch));
    struct file *file = async->io.file;
    object_retain(&file->object);
    async_run(file, async->events);
    object_release(&file->object);
}

NTSTATUS async_start(const struct async *pattern, int fd)
{
    struct async *async = malloc(sizeof *async);
    if (async == NULL) {
        free_extra(pattern);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *async = *pattern;
    async->next = NULL;
    async->fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (fd >= 0 && async->fd < 0) {
        free_extra(async);
        free(async);
        return STATUS_TOO_MANY_OPENED_FILES;
    }
    async->thread = NULL;
    struct thread *self = thread_self();
    async->tid = self != NULL ? self->tid : 0;
    if (self != NULL && self->object != NULL) {
        async->thread = &self->object->object;
        object_retain(async->thread);
        atomic_fetch_add(&self->object->pending_io, 1);
    }

    struct file *file = async->io.file;
    waitable_reset(&file->waitable);
    pthread_mutex_lock(&file->lock);
    struct async **link = &file->pending;
    while (*link != NULL) link = &(*link)->next;
    *link = async;
    // Under the lock: a watch that fires at once finds the call in the list.
    int error = fd >= 0 ? service_watch_add(&async->watch, async->fd, async->events, ready) : 0;
    if (error != 0) *link = NULL;
    pthread_mutex_unlock(&file->lock);
    if (error == 0) return STATUS_PENDING;
    destroy(async);
    return STATUS_INSUFFICIENT_RESOURCES;
}

// Which calls are to be cancelled; 0 for any.
struct selection {
    uint32_t tid, events;
    gptr block;
    bool of_handle; // leaves those alone that outlive the file's last handle
    bool of_thread; // leaves those alone that outlive their thread
};

static bool outlives_thread(const struct async *async)
{
    const struct io *io = &async->io;
    return atomic_load(&io->file->port) != NULL && io->context != 0 && io->event == NULL;
}

static bool selects(const struct selection *selection, const struct async *async)
{
    if (selection->of_handle && async->outlives_handle) return false;
    if (selection->of_thread && outlives_thread(async)) return false;
    return (selection->tid == 0 || async->tid == selection->tid) &&
           (selection->block == 0 || async->io.block == selection->block) &&
           (selection->events == 0 || async->events & selection->events);
}

static unsigned cancel(struct file *file, const struct selection *selection, NTSTATUS status)
{
    struct async *found = NULL, **last = &found;
    pthread_mutex_lock(&file->lock);
    for (struct async **link = &file->pending; *link != NULL;) {
        struct async *a = *link;
        if (selects(selection, a)) {
            *link = a->next;
            a->next = NULL;
            *last = a;
            last = &a->next;
        } else {
            link = &a->next;
        }
    }
    pthread_mutex_unlock(&file->lock);
    unsigned n = 0;
    object_retain(&file->object);
    while (found != NULL) {
        struct async *next = found->next;
        found->io.information = 0;
        if (found->cancelled != NULL && status == STATUS_CANCELLED) found->cancelled(found);
        finish(found, status);
        found = next;
        n++;
    }
    object_release(&file->object);
    return n;
}

unsigned async_cancel(struct file *file, uint32_t tid, gptr block, NTSTATUS status)
{
    return cancel(file, &(struct selection){.tid = tid, .block = block}, status);
}

void async_handle_closed(struct file *file, NTSTATUS status)
{
    cancel(file, &(struct selection){.of_handle = true}, status);
}

// Files with calls under way, gathered while the handle table is locked.
struct files {
    uint32_t count, capacity;
    struct file **files; // malloc'd; each retained
};

static void gather(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes,
                   void *context)
{
    struct files *files = context;
    (void)handle, (void)access, (void)attributes;
    if (object->type != &file_type || ((struct file *)object)->pending == NULL) return;
    if (files->count == files->capacity) {
        uint32_t capacity = files->capacity != 0 ? files->capacity * 2 : 64;
        struct file **grown = realloc(files->files, capacity * sizeof *grown);
        if (grown == NULL) return;
        files->files = grown;
        files->capacity = capacity;
    }
    object_retain(object);
    files->files[files->count++] = (struct file *)object;
}

void async_thread_ended(uint32_t tid)
{
    struct files files = {.count = 0};
    handle_for_each(0, gather, &files);
    for (uint32_t i = 0; i < files.count; i++) {
        cancel(files.files[i], &(struct selection){.tid = tid, .of_thread = true}, STATUS_CANCELLED);
        file_release(files.files[i]);
    }
    free(files.files);
}

unsigned async_cancel_events(struct file *file, uint32_t events)
{
    return cancel(file, &(struct selection){.events = events}, STATUS_CANCELLED);
}
