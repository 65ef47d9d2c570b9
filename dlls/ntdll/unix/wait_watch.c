// Watches: waits of no thread. To the dispatcher they are threads that are blocked all the time.
#include "wait_watch.h"

NTSTATUS wait_watch_start(struct wait_watch *watch, struct object *object,
                          void (*ended)(struct wait_thread *watch), bool *signalled)
{
    NTSTATUS status;
    watch->thread = (struct wait_thread){.ended = ended, .event_fd = -1};
    dispatcher_lock();
    if (is_stand_in(waitable_of(object))) {
        dispatcher_unlock();
        return STATUS_NOT_SUPPORTED;
    }
    watch->thread.blocks = &watch->block;
    watch->thread.blocks_n = 1;
    wait_block_link(&watch->block, waitable_of(object), &watch->thread);
    *signalled = wait_satisfy(&watch->thread, &status);
    if (*signalled) wait_blocks_unlink(&watch->thread);
    dispatcher_unlock();
    return STATUS_SUCCESS;
}

bool wait_watch_cancel(struct wait_watch *watch)
{
    dispatcher_lock();
    bool waiting = watch->thread.blocks_n != 0;
    if (waiting) wait_blocks_unlink(&watch->thread);
    dispatcher_unlock();
    return waiting;
}
