// Mailslots: a datagram socket in the directory of pipe names. The host queues few messages there and would
// let writers wait, which Windows doesn't: so the reader's process takes them over as they come.
#include "mailslot.h"
#include "async.h"
#include "loader/host_clock.h"
#include "loader/address_space.h"
#include "ntdll_host.h"
#include "pipe_name.h"
#include "status_errno.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUEUE_MAX = 64 << 20 }; // bytes taken over at most: beyond that writers do wait

struct message {
    struct message *next;
    uint32_t length;
    uint8_t data[];
};

// file->state of the reading end, under file->lock. file->fd is an eventfd that is readable while there are
// messages.
struct mailslot {
    struct file *file;
    struct pipe_claim claim;
    int socket;
    uint32_t max_message;
    int64_t timeout; // of reads: 100 ns, negative; -1: for ever
    struct message *first, **last;
    uint32_t count;
    size_t bytes;
    bool full;
    struct service_watch watch;
    struct service_timer timer; // of the pending read that gives up first
};

// Takes over one message. False when there is none, or no memory for it.
static bool take_over(struct mailslot *slot)
{
    // Not by FIONREAD: that says 0 also of an empty queue, and the next message would be cut to nothing.
    ssize_t size = recv(slot->socket, NULL, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (size < 0) return false;
    struct message *message = malloc(sizeof *message + size);
    if (message == NULL) return false;
    ssize_t n = recv(slot->socket, message->data, size, MSG_DONTWAIT);
    if (n < 0) {
        free(message);
        return false;
    }
    message->next = NULL;
    message->length = n;
    *slot->last = message;
    slot->last = &message->next;
    slot->bytes += n + sizeof *message;
    if (slot->count++ == 0) eventfd_write(slot->file->fd, 1);
    return true;
}

// Takes over what has arrived, as far as there is room.
static void drain(struct mailslot *slot)
{
    while (slot->bytes < QUEUE_MAX && take_over(slot)) {
    }
    bool full = slot->bytes >= QUEUE_MAX;
    if (full != slot->full) service_watch_change(&slot->watch, full ? 0 : EPOLLIN);
    slot->full = full;
}

static void arrived(struct service_watch *watch, uint32_t events)
{
    (void)events;
    struct mailslot *slot = (struct mailslot *)((char *)watch - offsetof(struct mailslot, watch));
    pthread_mutex_lock(&slot->file->lock);
    drain(slot);
    pthread_mutex_unlock(&slot->file->lock);
}

// ---- reading ----

// One step: STATUS_PENDING without a message. Call with the file's lock held.
static NTSTATUS read_step(struct mailslot *slot, gptr buffer, uint32_t length, uint32_t *done)
{
    drain(slot);
    struct message *message = slot->first;
    if (message == NULL) return STATUS_PENDING;
    if (message->length > length) return STATUS_BUFFER_TOO_SMALL; // it stays
    if (!guest_write(buffer, message->data, message->length)) return STATUS_ACCESS_VIOLATION;
    *done = message->length;
    slot->first = message->next;
    if (slot->first == NULL) slot->last = &slot->first;
    slot->bytes -= message->length + sizeof *message;
    eventfd_t none;
    if (--slot->count == 0) eventfd_read(slot->file->fd, &none);
    free(message);
    return STATUS_SUCCESS;
}

static void read_expired(struct service_timer *timer)
{
    struct mailslot *slot = (struct mailslot *)((char *)timer - offsetof(struct mailslot, timer));
    async_run(slot->file, EPOLLIN);
}

static NTSTATUS read_attempt(struct async *async)
{
    struct mailslot *slot = async->io.file->state;
    NTSTATUS status = read_step(slot, async->buffer, async->length, &async->io.information);
    if (status != STATUS_PENDING || async->deadline == 0) return status;
    if (host_monotonic_ns() >= async->deadline) return STATUS_IO_TIMEOUT;
    service_timer_set(&slot->timer, async->deadline, read_expired);
    return status;
}

static NTSTATUS read_later(struct io *io, struct mailslot *slot, gptr buffer, uint32_t length,
                           int64_t timeout)
{
    struct async pattern = {.io = *io,
                            .events = EPOLLIN,
                            .attempt = read_attempt,
                            .buffer = buffer,
                            .length = length,
                            .deadline = timeout == -1 ? 0 : host_monotonic_ns() - timeout * 100};
    NTSTATUS status = async_start(&pattern, io->file->fd);
    // Whichever timer is set, its end sets the next one.
    if (status == STATUS_PENDING && pattern.deadline != 0)
        service_timer_set(&slot->timer, pattern.deadline, read_expired);
    return status;
}

static NTSTATUS mailslot_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    struct file *file = io->file;
    struct mailslot *slot = file->state;
    bool queue = !file_is_synchronous(file) && async_must_queue(file, EPOLLIN);
    for (;;) {
        pthread_mutex_lock(&file->lock);
        NTSTATUS status = queue ? STATUS_PENDING : read_step(slot, buffer, length, &io->information);
        int64_t timeout = slot->timeout;
        pthread_mutex_unlock(&file->lock);
        if (status != STATUS_PENDING) return status;
        if (timeout == 0) return STATUS_IO_TIMEOUT;
        if (!file_is_synchronous(file)) return read_later(io, slot, buffer, length, timeout);
        status = host_wait_io(file->fd, POLLIN, file_is_alertable(file), timeout == -1 ? NULL : &timeout,
                              &file->waitable);
        if (status == STATUS_TIMEOUT) return STATUS_IO_TIMEOUT;
        if (status != STATUS_SUCCESS) return status;
    }
}

static NTSTATUS mailslot_no_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)io, (void)buffer, (void)length, (void)offset;
    return STATUS_INVALID_PARAMETER;
}

// ---- information ----

static NTSTATUS mailslot_query(struct file *file, uint32_t class, gptr buffer, uint32_t length,
                               uint32_t *information)
{
    struct mailslot *slot = file->state;
    if (class != FileMailslotQueryInformation) return STATUS_INVALID_INFO_CLASS;
    pthread_mutex_lock(&file->lock);
    drain(slot);
    FILE_MAILSLOT_QUERY_INFORMATION32 info = {
        .MaximumMessageSize = slot->max_message,
        .MailslotQuota = 0,
        .NextMessageSize = slot->first != NULL ? slot->first->length : UINT32_MAX, // MAILSLOT_NO_MESSAGE
        .MessagesAvailable = slot->count,
        .ReadTimeout.QuadPart = slot->timeout,
    };
    pthread_mutex_unlock(&file->lock);
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    *information = sizeof info;
    return STATUS_SUCCESS;
}

static NTSTATUS mailslot_set(struct file *file, uint32_t class, gptr buffer, uint32_t length)
{
    struct mailslot *slot = file->state;
    int64_t timeout; // all of FILE_MAILSLOT_SET_INFORMATION; the structure says it is a pointer to that
    if (class != FileMailslotSetInformation) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof timeout) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&timeout, buffer, sizeof timeout)) return STATUS_ACCESS_VIOLATION;
    if (timeout > 0) return STATUS_INVALID_PARAMETER;
    pthread_mutex_lock(&file->lock);
    slot->timeout = timeout;
    pthread_mutex_unlock(&file->lock);
    return STATUS_SUCCESS;
}

// ---- making and ending ----

static void mailslot_cleanup(struct file *file)
{
    struct mailslot *slot = file->state;
    service_watch_remove(&slot->watch);
    service_timer_cancel(&slot->timer);
    pipe_unclaim(&slot->claim);
}

static void mailslot_destroy(struct file *file)
{
    struct mailslot *slot = file->state;
    if (slot == NULL) return;
    mailslot_cleanup(file);
    close(slot->socket);
    for (struct message *each = slot->first; each != NULL;) {
        struct message *next = each->next;
        free(each);
        each = next;
    }
    free(slot);
}

static const struct file_device reader_device = {
    .type = FILE_DEVICE_MAILSLOT,
    .read = mailslot_read,
    .write = mailslot_no_write,
    .query = mailslot_query,
    .set = mailslot_set,
    .cleanup = mailslot_cleanup,
    .destroy = mailslot_destroy,
};

// A mailslot's name among those of pipes, which are folded: none of them has small letters.
static void slot_name(char name[PATH_MAX + 16], const struct path *path)
{
    snprintf(name, PATH_MAX + 16, "mailslot:%s", path->host);
}

// The reading end around a claimed name, which it owns from then on.
static NTSTATUS make_reader(struct pipe_claim *claim, const struct pipe_terms *terms, uint32_t access,
                            uint32_t options, struct file **file)
{
    struct mailslot *slot = calloc(1, sizeof *slot);
    int socket = slot != NULL ? mailslot_bind(claim) : -1, ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    NTSTATUS status = slot == NULL ? STATUS_NO_MEMORY : status_from_errno(errno);
    *file = NULL;
    if (socket >= 0 && ready >= 0) {
        *file = file_new(FILE_KIND_MAILSLOT, &reader_device, ready, access, options);
        ready = -1;
        status = STATUS_NO_MEMORY;
    }
    if (*file == NULL) {
        if (socket >= 0) close(socket);
        if (ready >= 0) close(ready);
        pipe_unclaim(claim);
        free(slot);
        return status;
    }
    slot->file = *file;
    slot->claim = *claim;
    slot->socket = socket;
    slot->max_message = terms->in_quota;
    slot->timeout = terms->timeout;
    slot->last = &slot->first;
    (*file)->state = slot;
    if (service_watch_add(&slot->watch, socket, EPOLLIN, arrived) == 0) return STATUS_SUCCESS;
    file_release(*file);
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS NtCreateMailslotFile(HANDLE32 *mailslot, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                              IO_STATUS_BLOCK32 *io, uint32_t options, uint32_t quota, uint32_t max_message,
                              const LARGE_INTEGER32 *timeout)
{
    (void)quota;
    struct path path;
    struct file *root, *file = NULL;
    struct pipe_claim claim;
    bool existed;
    char name[PATH_MAX + 16];
    struct pipe_terms terms = {
        .max_instances = 1,
        .in_quota = max_message,
        .timeout = timeout != NULL ? timeout->QuadPart : -1,
    };
    if (terms.timeout > 0) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_parse_name(attributes, &path, &root);
    if (!NT_SUCCESS(status)) return status;
    if (root != NULL) file_release(root);
    if (path.kind != PATH_MAILSLOT) return STATUS_OBJECT_NAME_INVALID;
    slot_name(name, &path);
    status = pipe_claim(&claim, name, NULL, true, false, &terms, &existed);
    if (status == STATUS_ACCESS_DENIED) return STATUS_OBJECT_NAME_COLLISION;
    if (!NT_SUCCESS(status)) return status;
    access = object_map_access(&file_type, access);
    status = make_reader(&claim, &terms, access, options, &file);
    if (!NT_SUCCESS(status)) return status;
    status = file_new_handle(file, access, attributes->Attributes, mailslot);
    io->Status = status;
    io->Information = FILE_CREATED;
    return status;
}

// ---- writing ----

static NTSTATUS send_message(int fd, gptr buffer, uint32_t length)
{
    for (int tries = 0;; tries++) {
        if (send(fd, guest_ptr(buffer), length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return STATUS_SUCCESS;
        switch (errno) {
        case EAGAIN:
        case EINTR:
        case ENOBUFS: return STATUS_PENDING;
        case EPIPE:
        case ECONNREFUSED:
        case ECONNRESET:
        case ENOTCONN: return STATUS_FILE_FORCED_CLOSED; // its reader is gone
        case EMSGSIZE: return STATUS_INVALID_PARAMETER;
        case EFAULT: break;
        default: return status_from_errno(errno);
        }
        NTSTATUS status = tries > 0 ? STATUS_ACCESS_VIOLATION : vm_touch(buffer, length, VM_READ);
        if (!NT_SUCCESS(status)) return status;
    }
}

// file->state of a writing end.
struct writer {
    uint32_t max_message;
};

static NTSTATUS writer_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    struct file *file = io->file;
    const struct writer *writer = file->state;
    if (writer->max_message != 0 && length > writer->max_message) return STATUS_INVALID_PARAMETER;
    for (;;) {
        NTSTATUS status = send_message(file->fd, buffer, length);
        if (status == STATUS_SUCCESS) io->information = length;
        if (status != STATUS_PENDING) return status;
        // The reader's process is stopped or has its memory full.
        status = host_wait_fd(file->fd, POLLOUT, file_is_alertable(file), NULL);
        if (status != STATUS_SUCCESS) return status;
    }
}

static NTSTATUS writer_no_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    return mailslot_no_write(io, buffer, length, offset);
}

static NTSTATUS writer_query(struct file *file, uint32_t class, gptr buffer, uint32_t length,
                             uint32_t *information)
{
    (void)file, (void)buffer, (void)length, (void)information;
    // The queue is the reader's, as it was Windows' before version 8.
    return class == FileMailslotQueryInformation ? STATUS_INVALID_PARAMETER : STATUS_INVALID_INFO_CLASS;
}

static void writer_destroy(struct file *file)
{
    free(file->state);
}

static const struct file_device writer_device = {
    .type = FILE_DEVICE_MAILSLOT,
    .read = writer_no_read,
    .write = writer_write,
    .query = writer_query,
    .destroy = writer_destroy,
};

NTSTATUS mailslot_open(const struct path *path, uint32_t access, uint32_t options, struct file **file)
{
    char name[PATH_MAX + 16];
    struct pipe_terms terms;
    int fd;
    slot_name(name, path);
    NTSTATUS status = mailslot_connect(name, &terms, &fd);
    if (!NT_SUCCESS(status)) return status;
    struct writer *writer = malloc(sizeof *writer);
    if (writer == NULL) {
        close(fd);
        return STATUS_NO_MEMORY;
    }
    writer->max_message = terms.in_quota;
    *file = file_new(FILE_KIND_MAILSLOT, &writer_device, fd, access, options);
    if (*file != NULL)
        (*file)->state = writer;
    else
        free(writer);
    return *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
