// Parking: the table of sleeping threads under all of ntdll's locks, and WaitOnAddress, which is parking
// itself.
#include "parking.h"
#include "ldr.h"

#define BUCKETS 128

static struct parking_bucket buckets[BUCKETS];

struct parking_bucket *parking_lock(const volatile void *address)
{
    ULONG_PTR key = (ULONG_PTR)address >> 2;
    struct parking_bucket *bucket = &buckets[(key ^ key >> 7 ^ key >> 14) % BUCKETS];

    for (ULONG turn = 0; __atomic_exchange_n(&bucket->lock, 1, __ATOMIC_ACQUIRE);) {
        // The holder was preempted or suspended: let others run.
        if (!spin_turn(&turn)) NtYieldExecution();
    }
    return bucket;
}

void parking_unlock(struct parking_bucket *bucket)
{
    __atomic_store_n(&bucket->lock, 0, __ATOMIC_RELEASE);
}

static BOOLEAN is_equal(const volatile void *address, const void *expected, SIZE_T size)
{
    switch (size) {
    case 1: return *(const volatile BYTE *)address == *(const BYTE *)expected;
    case 2: return *(const volatile USHORT *)address == *(const USHORT *)expected;
    case 4: return *(const volatile ULONG *)address == *(const ULONG *)expected;
    default:
        return __atomic_load_n((const volatile ULONGLONG *)address, __ATOMIC_SEQ_CST) ==
               *(const ULONGLONG *)expected;
    }
}

// Whoever held it was stopped inside, so what it guards is broken: as on Windows, the process ends here and
// now instead of waiting for nobody.
static void end_process_if_alone(void)
{
    if (process_shutting_down) NtTerminateProcess(NtCurrentProcess(), process_exit_status);
}

NTSTATUS park(const volatile void *address, const void *expected, SIZE_T size, ULONG kind,
              const LARGE_INTEGER *timeout)
{
    struct parked self = {.address = address, .kind = kind};
    LARGE_INTEGER left = {0};
    ULONGLONG deadline = 0;
    struct parking_bucket *bucket;

    self.thread_id = teb_self()->ClientId.UniqueThread;
    bucket = parking_lock(address);
    if (!is_equal(address, expected, size)) {
        parking_unlock(bucket);
        return STATUS_SUCCESS;
    }
    self.previous = bucket->last;
    *(bucket->last ? &bucket->last->next : &bucket->first) = &self;
    bucket->last = &self;
    parking_unlock(bucket);

    if (!timeout) end_process_if_alone();
    if (timeout) {
        left = *timeout;
        if (left.QuadPart < 0) deadline = interrupt_time() - left.QuadPart;
    }
    for (;;) {
        NTSTATUS status = NtWaitForAlertByThreadId((void *)address, timeout ? &left : NULL);

        if (__atomic_load_n(&self.woken, __ATOMIC_ACQUIRE)) return STATUS_SUCCESS;
        if (status == STATUS_TIMEOUT) {
            bucket = parking_lock(address);
            if (self.woken) {
                parking_unlock(bucket);
                return STATUS_SUCCESS; // an alert is on its way; the next sleep may end early by it
            }
            parking_remove(bucket, &self);
            parking_unlock(bucket);
            return STATUS_TIMEOUT;
        }
        // An alert that wasn't ours: sleep for what is left.
        if (deadline) {
            ULONGLONG now = interrupt_time();
            left.QuadPart = now < deadline ? (LONGLONG)(now - deadline) : 0;
        }
    }
}

struct parked *parking_next(struct parking_bucket *bucket, struct parked *from, const volatile void *address)
{
    struct parked *waiter = from ? from : bucket->first;

    while (waiter && waiter->address != address) waiter = waiter->next;
    return waiter;
}

HANDLE parking_remove(struct parking_bucket *bucket, struct parked *waiter)
{
    HANDLE thread_id = waiter->thread_id;

    *(waiter->previous ? &waiter->previous->next : &bucket->first) = waiter->next;
    *(waiter->next ? &waiter->next->previous : &bucket->last) = waiter->previous;
    __atomic_store_n(&waiter->woken, 1, __ATOMIC_RELEASE); // from here on it may be gone
    return thread_id;
}

void parking_alert(HANDLE thread_id)
{
    NtAlertThreadByThreadId(thread_id);
}

void unpark_one(const volatile void *address)
{
    struct parking_bucket *bucket = parking_lock(address);
    struct parked *waiter = parking_next(bucket, NULL, address);
    HANDLE thread_id = waiter ? parking_remove(bucket, waiter) : NULL;

    parking_unlock(bucket);
    if (thread_id) parking_alert(thread_id);
}

void unpark_all(const volatile void *address)
{
    HANDLE thread_ids[32];
    ULONG n;

    do {
        struct parking_bucket *bucket = parking_lock(address);
        struct parked *waiter = NULL;

        for (n = 0; n < ARRAYSIZE(thread_ids) && (waiter = parking_next(bucket, waiter, address)); n++) {
            struct parked *next = waiter->next;
            thread_ids[n] = parking_remove(bucket, waiter);
            waiter = next;
            if (!next) {
                n++;
                break;
            }
        }
        parking_unlock(bucket);
        for (ULONG i = 0; i < n; i++) parking_alert(thread_ids[i]);
    } while (n == ARRAYSIZE(thread_ids));
}

void parking_forget_all(void)
{
    memset(buckets, 0, sizeof(buckets));
}

/**
 * Sleeps while *address equals *compare. Returns STATUS_SUCCESS (woken, different already, or for no reason),
 * STATUS_TIMEOUT, or STATUS_INVALID_PARAMETER for a size other than 1, 2, 4 and 8.
 */
NTSTATUS WINAPI RtlWaitOnAddress(const void *address, const void *compare, SIZE_T size,
                                 const LARGE_INTEGER *timeout)
{
    if (size != 1 && size != 2 && size != 4 && size != 8) return STATUS_INVALID_PARAMETER;
    return park(address, compare, size, 0, timeout);
}

void WINAPI RtlWakeAddressSingle(const void *address)
{
    if (address) unpark_one(address);
}

void WINAPI RtlWakeAddressAll(const void *address)
{
    if (address) unpark_all(address);
}
