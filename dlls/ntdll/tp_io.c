// I/O of the thread pool: one completion port, whose thread passes what arrives to the objects' pools.
#include "tp.h"

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static HANDLE port;

// The packet becomes the object's; for an announced operation so does its reference.
static void arrived(PTP_IO io, struct tp_packet *packet)
{
    PRTL_SRWLOCK pool = tp_lock(&io->object);

    RtlAcquireSRWLockExclusive(pool);
    if (io->last && io->first)
        io->last->next = packet;
    else
        io->first = packet;
    io->last = packet;
    if (!io->is_legacy) io->outstanding--;
    RtlReleaseSRWLockExclusive(pool);
    if (io->is_legacy) tp_object_reference(&io->object);
    tp_post(&io->object);
}

static DWORD WINAPI serve(void *argument)
{
    (void)argument;
    for (;;) {
        struct tp_packet *packet = RtlAllocateHeap(process_heap(), HEAP_GENERATE_EXCEPTIONS, sizeof(*packet));
        ULONG_PTR key, context;

        packet->next = NULL;
        if (!NT_SUCCESS(NtRemoveIoCompletion(port, &key, &context, &packet->io, NULL))) break;
        packet->apc_context = (void *)context;
        arrived((PTP_IO)key, packet);
    }
    return 0;
}

struct tp_packet *tp_io_take(PTP_IO io)
{
    struct tp_packet *packet = io->first;

    if (packet) io->first = packet->next;
    if (!io->first) io->last = NULL;
    return packet;
}

static NTSTATUS attach(HANDLE file, PTP_IO io)
{
    FILE_COMPLETION_INFORMATION information;
    IO_STATUS_BLOCK status_block;
    NTSTATUS status = STATUS_SUCCESS;

    RtlAcquireSRWLockExclusive(&lock);
    if (!port) {
        status = NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, 1);
        if (NT_SUCCESS(status)) status = tp_start_thread(serve, NULL, NULL);
        if (!NT_SUCCESS(status) && port) {
            NtClose(port);
            port = NULL;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!NT_SUCCESS(status)) return status;
    information = (FILE_COMPLETION_INFORMATION){port, io};
    return NtSetInformationFile(file, &status_block, &information, sizeof(information),
                                FileCompletionInformation);
}

/** Ties a file's operations to callbacks. STATUS_INVALID_PARAMETER when the file has a completion port. */
NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *out, HANDLE file, PTP_IO_CALLBACK callback, PVOID context,
                                   PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    NTSTATUS status =
        tp_object_create(sizeof(**out), TP_KIND_IO, (void *)callback, context, environment, &object);

    if (!NT_SUCCESS(status)) return status;
    status = attach(file, (PTP_IO)object);
    if (NT_SUCCESS(status))
        *out = (PTP_IO)object;
    else
        tp_object_abandon(object);
    return status;
}

/** Announces an operation, before it starts. */
VOID NTAPI TpStartAsyncIoOperation(PTP_IO io)
{
    tp_object_reference(&io->object);
    RtlAcquireSRWLockExclusive(tp_lock(&io->object));
    io->outstanding++;
    RtlReleaseSRWLockExclusive(tp_lock(&io->object));
}

/** Takes an announcement back: the operation failed at once. */
VOID NTAPI TpCancelAsyncIoOperation(PTP_IO io)
{
    RtlAcquireSRWLockExclusive(tp_lock(&io->object));
    io->outstanding--;
    RtlWakeAllConditionVariable(&io->object.done);
    RtlReleaseSRWLockExclusive(tp_lock(&io->object));
    tp_object_release(&io->object);
}

VOID NTAPI TpWaitForIoCompletion(PTP_IO io, LOGICAL cancel)
{
    tp_wait_idle(&io->object, cancel != 0);
}

VOID NTAPI TpReleaseIoCompletion(PTP_IO io)
{
    tp_object_abandon(&io->object);
}

/** Has callback run for every operation on file that completes. It stays so until the file is closed. */
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE callback, ULONG flags)
{
    struct tp_object *object;
    NTSTATUS status =
        tp_object_create(sizeof(struct _TP_IO), TP_KIND_IO, (void *)callback, NULL, NULL, &object);

    (void)flags;
    if (!NT_SUCCESS(status)) return status;
    ((PTP_IO)object)->is_legacy = TRUE;
    status = attach(file, (PTP_IO)object);
    if (!NT_SUCCESS(status)) tp_object_abandon(object);
    return status;
}
