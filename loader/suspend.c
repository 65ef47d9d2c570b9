// Stopping other threads. A poke signal makes the target look; it acknowledges from where it is: parked inside the
// handler when it was in guest code, or by declaring its frame stable when it is in 64-bit code, which it cannot
// leave while THREAD_PENDING_SUSPEND is set.
#include "loader/suspend.h"
#include "guest_constants.h"
#include "loader/host_futex.h"
#include "loader/signals.h"
#include "dlls/ntdll/unix/wait.h"
#include <string.h>

enum { SUSPEND_MAX = 127 };
enum thread_parked { RUNNING, STOPPED_IN_GUEST, STOPPED_IN_HOST };

// Serializes suspend counts and the registers of stopped threads. Never held while waiting for a futex.
static pthread_mutex_t suspend_lock = PTHREAD_MUTEX_INITIALIZER;

static void poke(struct thread *thread)
{
    pthread_kill(thread->pthread, SIGNAL_POKE);
}

static void wait_until_stopped(struct thread *thread)
{
    uint32_t parked;
    while ((parked = atomic_load(&thread->parked)) == RUNNING) host_futex_wait(&thread->parked, RUNNING, NULL);
}

NTSTATUS thread_suspend(struct thread *thread, uint32_t *previous)
{
    pthread_mutex_lock(&suspend_lock);
    uint32_t count = atomic_load(&thread->suspend_count);
    if (previous) *previous = count;
    if (count == SUSPEND_MAX) {
        pthread_mutex_unlock(&suspend_lock);
        return STATUS_SUSPEND_COUNT_EXCEEDED;
    }
    atomic_store(&thread->suspend_count, count + 1);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_SUSPEND);
    pthread_mutex_unlock(&suspend_lock);
    if (thread == thread_self()) return STATUS_SUCCESS;
    if (count == 0 && atomic_load(&thread->parked) == RUNNING) poke(thread);
    wait_until_stopped(thread);
    return STATUS_SUCCESS;
}

NTSTATUS thread_resume(struct thread *thread, uint32_t *previous)
{
    pthread_mutex_lock(&suspend_lock);
    uint32_t count = atomic_load(&thread->suspend_count);
    if (previous) *previous = count;
    if (count == 1) {
        atomic_fetch_and(&thread->pending, ~THREAD_PENDING_SUSPEND);
        atomic_store(&thread->parked, RUNNING);
    }
    if (count > 0) atomic_store(&thread->suspend_count, count - 1);
    pthread_mutex_unlock(&suspend_lock);
    if (count == 1) host_futex_wake(&thread->suspend_count, INT32_MAX);
    return STATUS_SUCCESS;
}

static void acknowledge(struct thread *thread, enum thread_parked how)
{
    atomic_store(&thread->parked, how);
    host_futex_wake(&thread->parked, INT32_MAX);
}

// Each time round it acknowledges anew: a resume and the next suspension may both fall into one wait.
static void park(struct thread *thread, enum thread_parked how)
{
    uint32_t count;
    while ((count = atomic_load(&thread->suspend_count)) != 0) {
        if (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE) return;
        acknowledge(thread, how);
        host_futex_wait(&thread->suspend_count, count, NULL);
    }
}

void suspend_acknowledge_in_host(struct thread *thread)
{
    if (atomic_load(&thread->pending) & THREAD_PENDING_SUSPEND) acknowledge(thread, STOPPED_IN_HOST);
}

bool suspend_park_in_guest(struct thread *thread, struct guest_registers *registers)
{
    struct guest_registers before = *registers;
    thread->parked_registers = registers;
    park(thread, STOPPED_IN_GUEST);
    // Under the lock nobody reads or writes the registers any more.
    pthread_mutex_lock(&suspend_lock);
    thread->parked_registers = NULL;
    pthread_mutex_unlock(&suspend_lock);
    return memcmp(&before, registers, sizeof before) != 0;
}

void suspend_thread_ended(struct thread *thread)
{
    acknowledge(thread, STOPPED_IN_HOST);
}

void suspend_park_in_host(struct thread *thread)
{
    park(thread, STOPPED_IN_HOST);
}

static void read_registers(struct thread *thread, struct guest_registers *registers)
{
    if (thread->parked_registers)
        *registers = *thread->parked_registers;
    else if (atomic_load(&thread->pending) & THREAD_PENDING_CONTEXT)
        *registers = *thread->resume;
    else
        context_registers_of_frame(registers, thread);
}

NTSTATUS thread_get_registers(struct thread *thread, struct guest_registers *registers)
{
    NTSTATUS status = thread_suspend(thread, NULL);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&suspend_lock);
    read_registers(thread, registers);
    pthread_mutex_unlock(&suspend_lock);
    return thread_resume(thread, NULL);
}

NTSTATUS thread_set_context(struct thread *thread, const CONTEXT32 *context)
{
    struct guest_registers registers;
    NTSTATUS status = thread_suspend(thread, NULL);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&suspend_lock);
    read_registers(thread, &registers);
    context_to_registers(&registers, context);
    if (thread->parked_registers) {
        *thread->parked_registers = registers;
    } else {
        *thread->resume = registers;
        atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
    }
    pthread_mutex_unlock(&suspend_lock);
    return thread_resume(thread, NULL);
}

void thread_terminate_other(struct thread *thread)
{
    atomic_fetch_or(&thread->pending, THREAD_PENDING_TERMINATE);
    wait_interrupt(thread);
    host_futex_wake(&thread->suspend_count, INT32_MAX);
    poke(thread);
}
