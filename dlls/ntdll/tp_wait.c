// Waits of the thread pool: each thread waits for up to 63 handles, and for an event that says that they
// changed.
#include "tp.h"

#define NEVER (~0ull)

struct tp_bucket {
    struct tp_bucket *next;
    HANDLE wake;
    PTP_WAIT waits[MAXIMUM_WAIT_OBJECTS - 1];
    ULONG count;
    ULONG changes, seen; // the thread waits for the handles as of change number `seen`
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static RTL_CONDITION_VARIABLE seen_changed = RTL_CONDITION_VARIABLE_INIT;
static struct tp_bucket *buckets;

// Under the lock, like the following.
static void take_out(PTP_WAIT wait)
{
    struct tp_bucket *bucket = wait->bucket;
    ULONG i = 0;

    while (bucket->waits[i] != wait) i++;
    bucket->waits[i] = bucket->waits[--bucket->count];
    wait->bucket = NULL;
    bucket->changes++;
}

// The wait is over: its callback is due.
static void finish(PTP_WAIT wait, TP_WAIT_RESULT result)
{
    take_out(wait);
    wait->result = result;
    tp_object_reference(&wait->object);
    tp_post(&wait->object);
}

static void finish_timed_out(struct tp_bucket *bucket)
{
    ULONGLONG now = interrupt_time();

    for (ULONG i = bucket->count; i--;) {
        if (bucket->waits[i]->due <= now) finish(bucket->waits[i], WAIT_TIMEOUT);
    }
}

// Some handle is no good: those that are not won't be waited for again.
static void drop_invalid(struct tp_bucket *bucket)
{
    LARGE_INTEGER none = {.QuadPart = 0};

    for (ULONG i = bucket->count; i--;) {
        NTSTATUS status = NtWaitForSingleObject(bucket->waits[i]->handle, FALSE, &none);
        if (status == STATUS_SUCCESS)
            finish(bucket->waits[i], WAIT_OBJECT_0);
        else if (!NT_SUCCESS(status))
            take_out(bucket->waits[i]);
    }
}

static DWORD WINAPI serve(void *argument)
{
    struct tp_bucket *bucket = argument;
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    PTP_WAIT waits[MAXIMUM_WAIT_OBJECTS];

    RtlAcquireSRWLockExclusive(&lock);
    for (;;) {
        ULONGLONG due = NEVER, now = interrupt_time();
        ULONG count = bucket->count, changes = bucket->changes;
        LARGE_INTEGER timeout;

        handles[0] = bucket->wake;
        for (ULONG i = 0; i < count; i++) {
            waits[i] = bucket->waits[i];
            handles[i + 1] = waits[i]->handle;
            if (waits[i]->due < due) due = waits[i]->due;
        }
        bucket->seen = changes;
        RtlWakeAllConditionVariable(&seen_changed);
        RtlReleaseSRWLockExclusive(&lock);
        timeout.QuadPart = due > now ? -(LONGLONG)(due - now) : 0;
        NTSTATUS status =
            NtWaitForMultipleObjects(count + 1, handles, WaitAny, FALSE, due == NEVER ? NULL : &timeout);
        RtlAcquireSRWLockExclusive(&lock);
        if (status >= STATUS_ABANDONED_WAIT_0 && status <= STATUS_ABANDONED_WAIT_63)
            status -= STATUS_ABANDONED_WAIT_0;
        if (status > 0 && (ULONG)status <= count) {
            // Taken out meanwhile it is somebody else's, perhaps freed: only compare.
            for (ULONG i = 0; i < bucket->count; i++) {
                if (bucket->waits[i] != waits[status - 1] || bucket->waits[i]->handle != handles[status])
                    continue;
                finish(bucket->waits[i], WAIT_OBJECT_0);
                break;
            }
        } else if (!NT_SUCCESS(status)) {
            drop_invalid(bucket);
        }
        finish_timed_out(bucket);
    }
    return 0;
}

static struct tp_bucket *bucket_with_room(void)
{
    struct tp_bucket *bucket = buckets;

    while (bucket && bucket->count == MAXIMUM_WAIT_OBJECTS - 1) bucket = bucket->next;
    if (bucket) return bucket;
    bucket = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*bucket));
    if (!bucket) return NULL;
    if (NT_SUCCESS(NtCreateEvent(&bucket->wake, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE))) {
        if (NT_SUCCESS(tp_start_thread(serve, bucket, NULL))) {
            bucket->next = buckets;
            return buckets = bucket;
        }
        NtClose(bucket->wake);
    }
    RtlFreeHeap(process_heap(), 0, bucket);
    return NULL;
}

NTSTATUS NTAPI TpAllocWait(PTP_WAIT *out, PTP_WAIT_CALLBACK callback, PVOID context,
                           PTP_CALLBACK_ENVIRON environment)
{
    return tp_object_create(sizeof(**out), TP_KIND_WAIT, (void *)callback, context, environment,
                            (struct tp_object **)out);
}

/**
 * Has the callback run when handle is signaled or the time is up; NULL: ends the wait. A wait that ended
 * doesn't take the object's signal any more when this returns. Whether there was a wait before.
 */
LOGICAL NTAPI TpSetWaitEx(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout, PVOID reserved)
{
    struct tp_bucket *bucket;
    BOOLEAN was_set;

    (void)reserved;
    RtlAcquireSRWLockExclusive(&lock);
    bucket = wait->bucket;
    was_set = bucket != NULL;
    if (bucket) {
        take_out(wait);
        ULONG change = bucket->changes;
        NtSetEvent(bucket->wake, NULL);
        while ((LONG)(bucket->seen - change) < 0) RtlSleepConditionVariableSRW(&seen_changed, &lock, NULL, 0);
    }
    bucket = handle && !wait->object.ended ? bucket_with_room() : NULL;
    if (bucket) {
        wait->handle = handle;
        wait->due = timeout ? tp_due_time(timeout) : NEVER;
        wait->bucket = bucket;
        bucket->waits[bucket->count++] = wait;
        bucket->changes++;
        NtSetEvent(bucket->wake, NULL);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return was_set;
}

VOID NTAPI TpSetWait(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout)
{
    TpSetWaitEx(wait, handle, timeout, NULL);
}

void tp_wait_disarm(PTP_WAIT wait)
{
    TpSetWaitEx(wait, NULL, NULL, NULL);
}

void tp_wait_end(PTP_WAIT wait)
{
    RtlAcquireSRWLockExclusive(&lock);
    wait->object.ended = TRUE;
    RtlReleaseSRWLockExclusive(&lock);
    tp_wait_disarm(wait);
}

VOID NTAPI TpWaitForWait(PTP_WAIT wait, LOGICAL cancel)
{
    tp_wait_idle(&wait->object, cancel != 0);
}

VOID NTAPI TpReleaseWait(PTP_WAIT wait)
{
    tp_wait_disarm(wait);
    tp_object_abandon(&wait->object);
}
