// Stopping other threads. A poke signal makes the target look; it acknowledges from where it is: parked
// inside the handler when it was in guest code, or by declaring its frame stable when it is in 64-bit code,
// which it cannot leave while THREAD_PENDING_SUSPEND is set. Requests are numbered: an acknowledgement that
// comes late cannot be taken for one of the next request, and a parked thread sleeps on the request that it
// has seen.
#include "loader/suspend.h"
#include "guest_constants.h"
#include "loader/host_futex.h"
#include "loader/host_program.h"
#include "loader/signals.h"
#include "dlls/ntdll/unix/wait.h"
#include <string.h>

enum { SUSPEND_MAX = 127 };
enum { STOP_WANTED = 1, STOP_NEXT = 2 }; // in stop_request
#define THREAD_ENDED 0xffffffffu         // in stopped

// Serializes suspend counts, requests and the registers of stopped threads. Never held while waiting for a
// futex.
static pthread_mutex_t suspend_lock = PTHREAD_MUTEX_INITIALIZER;

static void poke(struct thread *thread)
{
    // One that pthread_create has not named yet looks before it enters the guest.
    if (thread->pthread) pthread_kill(thread->pthread, SIGNAL_POKE);
}

// Until the thread has seen the request, has ended, or someone has withdrawn the request.
static void wait_until_stopped(struct thread *thread, uint32_t request)
{
    uint32_t seen;
    while ((seen = atomic_load(&thread->stopped)) != request && seen != THREAD_ENDED &&
           atomic_load(&thread->stop_request) == request)
        host_futex_wait(&thread->stopped, seen, NULL);
}

// Asks the thread to stand still, and lets it go again; with suspend_lock.
static void request_stop(struct thread *thread)
{
    atomic_store(&thread->stop_request, (atomic_load(&thread->stop_request) + STOP_NEXT) | STOP_WANTED);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_SUSPEND);
}

static void withdraw_stop(struct thread *thread)
{
    atomic_fetch_and(&thread->pending, ~THREAD_PENDING_SUSPEND);
    atomic_fetch_and(&thread->stop_request, ~(uint32_t)STOP_WANTED);
}

// Without the lock.
static void await_stop(struct thread *thread, uint32_t request)
{
    if (atomic_load(&thread->stopped) != request) poke(thread);
    wait_until_stopped(thread, request);
}

NTSTATUS thread_suspend(struct thread *thread, uint32_t *previous)
{
    pthread_mutex_lock(&suspend_lock);
    uint32_t count = atomic_load(&thread->suspend_count);
    if (previous) *previous = count;
    NTSTATUS status = count == SUSPEND_MAX ? STATUS_SUSPEND_COUNT_EXCEEDED : STATUS_SUCCESS;
    if (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE) status = STATUS_THREAD_IS_TERMINATING;
    if (NT_SUCCESS(status)) {
        atomic_store(&thread->suspend_count, count + 1);
        if (count == 0 && !atomic_load(&thread->frozen)) request_stop(thread);
    }
    uint32_t request = atomic_load(&thread->stop_request);
    pthread_mutex_unlock(&suspend_lock);
    if (!NT_SUCCESS(status) || thread == thread_self()) return status;
    if (count == 0) host_program_stop(true);
    await_stop(thread, request);
    return STATUS_SUCCESS;
}

NTSTATUS thread_resume(struct thread *thread, uint32_t *previous)
{
    pthread_mutex_lock(&suspend_lock);
    uint32_t count = atomic_load(&thread->suspend_count);
    if (previous) *previous = count;
    bool goes = count == 1 && !atomic_load(&thread->frozen);
    if (goes) withdraw_stop(thread);
    if (count > 0) atomic_store(&thread->suspend_count, count - 1);
    pthread_mutex_unlock(&suspend_lock);
    if (goes) host_futex_wake(&thread->stop_request, INT32_MAX);
    if (goes) host_program_stop(false);
    return STATUS_SUCCESS;
}

void thread_freeze(struct thread *thread)
{
    pthread_mutex_lock(&suspend_lock);
    bool stops = !atomic_exchange(&thread->frozen, true) && atomic_load(&thread->suspend_count) == 0 &&
                 !(atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE);
    if (stops) request_stop(thread);
    uint32_t request = atomic_load(&thread->stop_request);
    pthread_mutex_unlock(&suspend_lock);
    if (stops) await_stop(thread, request);
}

void thread_thaw(struct thread *thread)
{
    pthread_mutex_lock(&suspend_lock);
    bool goes = atomic_exchange(&thread->frozen, false) && atomic_load(&thread->suspend_count) == 0;
    if (goes) withdraw_stop(thread);
    pthread_mutex_unlock(&suspend_lock);
    if (goes) host_futex_wake(&thread->stop_request, INT32_MAX);
}

// Tells which request this thread stands by; a newer one may have come meanwhile.
static uint32_t acknowledge(struct thread *thread)
{
    uint32_t request;
    do {
        request = atomic_load(&thread->stop_request);
        atomic_store(&thread->stopped, request);
    } while (atomic_load(&thread->stop_request) != request);
    host_futex_wake(&thread->stopped, INT32_MAX);
    return request;
}

static void park(struct thread *thread)
{
    while (!(atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE)) {
        uint32_t request = acknowledge(thread);
        if (!(request & STOP_WANTED)) return;
        host_futex_wait(&thread->stop_request, request, NULL);
    }
}

void suspend_acknowledge_in_host(struct thread *thread)
{
    acknowledge(thread);
}

bool suspend_park_in_guest(struct thread *thread, struct guest_registers *registers)
{
    struct guest_registers before;
    registers_copy(&before, registers);
    thread->parked_registers = registers;
    park(thread);
    // Under the lock nobody reads or writes the registers any more.
    pthread_mutex_lock(&suspend_lock);
    thread->parked_registers = NULL;
    pthread_mutex_unlock(&suspend_lock);
    return memcmp((const uint8_t *)&before, (const uint8_t *)registers, registers_size()) != 0;
}

void suspend_thread_ended(struct thread *thread)
{
    atomic_store(&thread->stopped, THREAD_ENDED);
    host_futex_wake(&thread->stopped, INT32_MAX);
}

void suspend_park_in_host(struct thread *thread)
{
    park(thread);
}

void suspend_lock_registers(void)
{
    pthread_mutex_lock(&suspend_lock);
}

void suspend_unlock_registers(void)
{
    pthread_mutex_unlock(&suspend_lock);
}

// Whether the thread stands in a call whose result is still to come.
static bool is_in_call(const struct thread *thread)
{
    return !thread->parked_registers && !(atomic_load(&thread->pending) & THREAD_PENDING_CONTEXT);
}

static void read_registers(struct thread *thread, struct guest_registers *registers)
{
    if (thread->parked_registers)
        registers_copy(registers, thread->parked_registers);
    else if (atomic_load(&thread->pending) & THREAD_PENDING_CONTEXT)
        registers_copy(registers, thread->resume);
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

NTSTATUS thread_set_context(struct thread *thread, const struct thread_context *context)
{
    struct guest_registers registers;
    NTSTATUS status = thread_suspend(thread, NULL);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&suspend_lock);
    read_registers(thread, &registers);
    if (is_in_call(thread)) thread->result_outstanding = true;
    context_to_registers(&registers, &context->legacy);
    if ((context->legacy.ContextFlags & CONTEXT_XSTATE) == CONTEXT_XSTATE)
        xstate_copy(&registers.xstate, &context->xstate);
    debug_registers_write(&thread->debug_registers, thread->tid, &context->legacy);
    if (thread->parked_registers) {
        registers_copy(thread->parked_registers, &registers);
    } else {
        registers_copy(thread->resume, &registers);
        atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
    }
    pthread_mutex_unlock(&suspend_lock);
    return thread_resume(thread, NULL);
}

void thread_terminate_other(struct thread *thread)
{
    pthread_mutex_lock(&suspend_lock);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_TERMINATE);
    // Nobody suspends it from now on, so whoever sleeps on an older value wakes for good.
    atomic_store(&thread->stop_request,
                 (atomic_load(&thread->stop_request) + STOP_NEXT) & ~(uint32_t)STOP_WANTED);
    pthread_mutex_unlock(&suspend_lock);
    host_futex_wake(&thread->stop_request, INT32_MAX);
    host_futex_wake(&thread->stopped, INT32_MAX);
    wait_interrupt(thread);
    poke(thread);
}
