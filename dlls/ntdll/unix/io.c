// Beginning and ending of I/O calls: events, APCs, completion packets and status blocks.
#include "io.h"
#include "file.h"
#include "io_completion.h"
#include "ntdll_host.h"

static struct waitable *waitable_of(struct object *object)
{
    return (struct waitable *)((char *)object + object->waitable_offset);
}

NTSTATUS io_begin(struct io *io, HANDLE32 file, ACCESS_MASK32 access, HANDLE32 event, gptr apc, gptr context,
                  gptr block)
{
    NTSTATUS status = file_resolve(file, access, &io->file);
    if (!NT_SUCCESS(status)) return status;
    // A call ends in one way: by an APC or at the file's port.
    if (apc != 0 && atomic_load_explicit(&io->file->port, memory_order_acquire) != NULL) {
        file_release(io->file);
        return STATUS_INVALID_PARAMETER;
    }
    io->event = NULL;
    io->access = access;
    io->apc = apc;
    io->context = context;
    io->block = block;
    io->information = 0;
    if (event != 0) {
        status = handle_resolve(event, NULL, EVENT_MODIFY_STATE, &io->event);
        if (NT_SUCCESS(status) &&
            (io->event->waitable_offset == 0 || waitable_of(io->event)->kind > WAITABLE_SYNCHRONIZATION)) {
            object_release(io->event);
            status = STATUS_OBJECT_TYPE_MISMATCH;
        }
        if (!NT_SUCCESS(status)) {
            file_release(io->file);
            return status;
        }
        waitable_reset(waitable_of(io->event));
    }
    return STATUS_SUCCESS;
}

// Queues the call's APC to the thread that made it.
static void queue_apc(const struct io *io, struct object *thread)
{
    HANDLE32 handle = (HANDLE32)-2;
    if (thread != NULL && !NT_SUCCESS(handle_create(thread, THREAD_SET_CONTEXT, 0, &handle))) return;
    NtQueueApcThread(handle, io->apc, io->context, io->block, 0);
    if (thread != NULL) handle_close(handle);
}

static bool write_block(const struct io *io, NTSTATUS status)
{
    uint32_t block[2] = {(uint32_t)status, io->information};
    return guest_write(io->block, block, sizeof block);
}

// Everything that tells the guest, after the status block.
static void notify(struct io *io, NTSTATUS status, bool was_pending, struct object *thread)
{
    struct file *file = io->file;
    bool set = was_pending ? io->event == NULL : !waitable_is_set(&file->waitable);
    if (set && !file->device->signals_itself) waitable_set(&file->waitable);
    struct object *port = atomic_load_explicit(&file->port, memory_order_acquire);
    if (io->apc != 0)
        queue_apc(io, thread);
    else if (port != NULL && io->context != 0 &&
             (was_pending || !(atomic_load(&file->completion_modes) & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)))
        io_completion_post(port, file->port_key, io->context, status, io->information);
    // Last: who waits for the event finds the rest done.
    if (io->event != NULL) {
        waitable_set(waitable_of(io->event));
        object_release(io->event);
    }
}

NTSTATUS io_end(struct io *io, NTSTATUS status)
{
    if (status == STATUS_PENDING) return status;
    if ((uint32_t)status >= 0xC0000000) {
        // Windows resets the file as a call begins and signals it with its end, which a failed call hasn't.
        if (waitable_is_set(&io->file->waitable) && !io->file->device->signals_itself)
            waitable_reset(&io->file->waitable);
        if (io->event != NULL) object_release(io->event);
    } else if (!write_block(io, status)) {
        status = STATUS_ACCESS_VIOLATION;
        if (io->event != NULL) object_release(io->event);
    } else {
        notify(io, status, false, NULL);
    }
    file_release(io->file);
    return status;
}

void io_finish(struct io *io, NTSTATUS status, struct object *thread)
{
    write_block(io, status); // a block that is gone takes the result with it
    notify(io, status, true, thread);
    file_release(io->file);
}
