// One I/O call on its way: what it must signal when it is done.
#ifndef LOWLAND_IO_H
#define LOWLAND_IO_H

#include "object.h"

struct file;

struct io {
    struct file *file;    // retained
    struct object *event; // retained, or NULL
    ACCESS_MASK32 access; // which of the rights asked for the handle has
    gptr apc, context;
    gptr block; // IO_STATUS_BLOCK of the guest
    uint32_t information;
};

// Begins a call: resolves the handles, resets the event. The file's handle must have all rights of `access`.
NTSTATUS io_begin(struct io *io, HANDLE32 file, ACCESS_MASK32 access, HANDLE32 event, gptr apc, gptr context,
                  gptr block);

// Ends a call that io_begin began, on the thread that made it; returns what the call returns. STATUS_PENDING:
// all of io now belongs to async.c. An error leaves the guest's status block alone. Else the block is
// written, event or file are set, the APC and the completion packet queued.
NTSTATUS io_end(struct io *io, NTSTATUS status);

// Ends a call that was pending, from any thread. thread: the object of the thread that made it, needed for an
// APC.
void io_finish(struct io *io, NTSTATUS status, struct object *thread);

#endif
