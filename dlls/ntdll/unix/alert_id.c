// Alerts by thread id: what critical sections, SRW locks, condition variables and WaitOnAddress of the guest
// block on. One word per thread; an alert that comes before the wait is kept.
#include "dlls/ntdll/unix/alert_id.h"
#include "dlls/ntdll/unix/wait_deadline.h"
#include "loader/shared_data.h"
#include "loader/thread.h"
#include "guest_constants.h"
#include "ntdll_host.h"
#include <errno.h>
#include <pthread.h>

enum { NOT_ALERTED, ALERTED, WAITING, INTERRUPTED };
enum { BUCKETS = 256 };

static struct bucket {
    pthread_mutex_t lock;
    struct wait_thread *first;
} buckets[BUCKETS] = {[0 ... BUCKETS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};

static struct bucket *bucket_of(uint32_t tid)
{
    return &buckets[tid / 4 % BUCKETS];
}

void alert_id_register(struct wait_thread *wait)
{
    struct bucket *bucket = bucket_of(wait->tid);
    pthread_mutex_lock(&bucket->lock);
    wait->id_next = bucket->first;
    bucket->first = wait;
    pthread_mutex_unlock(&bucket->lock);
}

void alert_id_unregister(struct wait_thread *wait)
{
    struct bucket *bucket = bucket_of(wait->tid);
    pthread_mutex_lock(&bucket->lock);
    struct wait_thread **link = &bucket->first;
    while (*link && *link != wait) link = &(*link)->id_next;
    if (*link) *link = wait->id_next;
    pthread_mutex_unlock(&bucket->lock);
}

void alert_id_interrupt(struct wait_thread *wait)
{
    uint32_t expected = WAITING;
    if (atomic_compare_exchange_strong(&wait->alert_id, &expected, INTERRUPTED))
        host_futex_wake(&wait->alert_id, 1);
}

NTSTATUS NtAlertThreadByThreadId(HANDLE32 thread_id)
{
    uint32_t tid = thread_id & ~3u;
    struct bucket *bucket = bucket_of(tid);
    NTSTATUS status = STATUS_INVALID_CID;
    pthread_mutex_lock(&bucket->lock);
    struct wait_thread *wait = bucket->first;
    while (wait && wait->tid != tid) wait = wait->id_next;
    bool wake = false;
    if (wait) {
        wake = atomic_exchange_explicit(&wait->alert_id, ALERTED, memory_order_acq_rel) == WAITING;
        status = STATUS_SUCCESS;
    }
    pthread_mutex_unlock(&bucket->lock);
    // The thread may be gone by now; then this wakes nobody.
    if (wake) host_futex_wake(&wait->alert_id, 1);
    return status;
}

// address only tells debuggers what the thread waits for.
NTSTATUS NtWaitForAlertByThreadId(gptr address, const LARGE_INTEGER32 *timeout)
{
    (void)address;
    struct wait_thread *self = &thread_self()->wait;
    _Atomic uint32_t *word = &self->alert_id;
    uint32_t expected = ALERTED;
    if (atomic_compare_exchange_strong(word, &expected, NOT_ALERTED)) return STATUS_ALERTED;
    if (timeout && !timeout->QuadPart) return STATUS_TIMEOUT;
    struct host_deadline deadline;
    if (timeout) deadline = deadline_from_timeout(timeout->QuadPart);

    expected = NOT_ALERTED;
    if (!atomic_compare_exchange_strong(word, &expected, WAITING)) {
        atomic_store(word, NOT_ALERTED);
        return STATUS_ALERTED;
    }
    int result = 0;
    shared_data_thread_stops();
    // Either wait_interrupt sees WAITING or this sees its flag.
    while (atomic_load(word) == WAITING && result != -ETIMEDOUT && !atomic_load(&self->interrupted))
        result = host_futex_wait(word, WAITING, timeout ? &deadline : NULL);
    shared_data_thread_runs();
    if (atomic_exchange(word, NOT_ALERTED) == ALERTED) return STATUS_ALERTED;
    return result == -ETIMEDOUT ? STATUS_TIMEOUT : STATUS_THREAD_IS_TERMINATING;
}
