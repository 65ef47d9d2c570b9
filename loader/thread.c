// Guest threads: their TEBs and LDT entries, their pthreads, their birth and end.
#include "dlls/ntdll/unix/async.h"
#include "dlls/ntdll/unix/debug_event.h"
#include "loader/thread.h"
#include "guest_constants.h"
#include "loader/context.h"
#include "loader/exception.h"
#include "loader/fail.h"
#include "loader/gate.h"
#include "loader/host_futex.h"
#include "loader/host_segments.h"
#include "loader/host_syscalls.h"
#include "loader/process.h"
#include "loader/signals.h"
#include "loader/suspend.h"
#include "loader/teb.h"
#include "dlls/ntdll/unix/thread_object.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread *threads;
static unsigned threads_count;
static struct thread *spare; // ended, with their signal stacks: the next threads start faster
static _Thread_local struct thread *self;

struct thread *thread_self(void)
{
    return self;
}

unsigned thread_count(void)
{
    pthread_mutex_lock(&list_lock);
    unsigned n = threads_count;
    pthread_mutex_unlock(&list_lock);
    return n;
}

void thread_for_each(void (*visit)(struct thread *thread, void *context), void *context)
{
    pthread_mutex_lock(&list_lock);
    for (struct thread *thread = threads; thread; thread = thread->next) visit(thread, context);
    pthread_mutex_unlock(&list_lock);
}

static struct thread *structure_get(void)
{
    pthread_mutex_lock(&list_lock);
    struct thread *thread = spare;
    if (thread) spare = thread->next;
    pthread_mutex_unlock(&list_lock);
    void *signal_stack = NULL;
    struct guest_registers *resume = NULL;
    if (thread) {
        signal_stack = thread->signal_stack, resume = thread->resume;
    } else {
        thread = malloc(sizeof *thread);
        resume = aligned_alloc(_Alignof(struct guest_registers), sizeof *resume);
        if (!thread || !resume) {
            free(thread);
            free(resume);
            return NULL;
        }
    }
    memset(thread, 0, sizeof *thread);
    thread->signal_stack = signal_stack;
    thread->resume = resume;
    thread->apcs_tail = &thread->apcs;
    pthread_mutex_init(&thread->apc_lock, NULL);
    return thread;
}

static void structure_put(struct thread *thread)
{
    pthread_mutex_lock(&list_lock);
    thread->next = spare;
    spare = thread;
    pthread_mutex_unlock(&list_lock);
}

static void list_add(struct thread *thread)
{
    pthread_mutex_lock(&list_lock);
    thread->previous = NULL;
    thread->next = threads;
    if (threads) threads->previous = thread;
    threads = thread;
    threads_count++;
    pthread_mutex_unlock(&list_lock);
}

static unsigned list_remove(struct thread *thread)
{
    pthread_mutex_lock(&list_lock);
    if (thread->previous)
        thread->previous->next = thread->next;
    else
        threads = thread->next;
    if (thread->next) thread->next->previous = thread->previous;
    unsigned left = --threads_count;
    pthread_mutex_unlock(&list_lock);
    return left;
}

// Where it will run, once the loader has made it ready (thread_leave.c). Until then others see and change this.
static void first_registers(struct thread *thread, struct guest_registers *r)
{
    context_initial_registers(r);
    r->eax = thread->start;
    r->ebx = thread->argument;
    r->eip = guest_entry_points.user_thread_start;
    r->esp = thread->stack.base - 16;
}

// The stack that goes is the one that the thread ended on: another fiber may still run on its first.
static void thread_release(struct thread *thread)
{
    enum { DEALLOCATION_STACK = 0xe0c }; // in the TEB
    uint32_t size = 0;
    gptr stack = 0;
    if (!guest_read32(&stack, thread->teb + DEALLOCATION_STACK) || !stack)
        stack = thread->stack.allocation_base;
    if (stack) vm_free(&stack, &size, MEM_RELEASE);
    teb_free(thread);
}

static void *thread_main(void *argument)
{
    struct thread *thread = argument;
    self = thread;
    signals_init_thread(thread);
    gate_prepare_thread(thread);
    host_segments_load(thread->fs_selector);
    host_syscalls_confine_thread();
    first_registers(thread, thread->resume);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT | THREAD_PENDING_START);
    thread_object_started(thread);
    gate_start(thread);
    struct thread_object *object = thread->object;
    if (atomic_load(&object->pending_io) != 0) async_thread_ended(thread->tid);
    unsigned left = list_remove(thread);
    if (left) debuggee_tell_thread_end(thread_object_exit_status(object));
    wait_thread_exit(&thread->wait);
    suspend_thread_ended(thread);
    thread_object_detach(object);
    thread_release(thread);
    uint32_t status = thread_object_exit_status(object);
    if (left == 0) process_exit(status);
    self = NULL;
    thread_object_ended(
        object);          // whoever joins may go on; the structure must not be touched through it any more
    signals_end_thread(); // the next thread may have the signal stack
    struct thread_apc apc;
    while (thread_next_apc(thread, &apc)) {
    }
    debug_registers_release(&thread->debug_registers);
    structure_put(thread);
    return NULL;
}

NTSTATUS thread_create(const struct thread_options *options)
{
    struct thread *thread = structure_get();
    if (!thread) return STATUS_NO_MEMORY;
    NTSTATUS status = teb_allocate(thread);
    if (NT_SUCCESS(status))
        status = vm_allocate_stack(options->stack_reserve, options->stack_commit, &thread->stack);
    if (NT_SUCCESS(status)) status = teb_init(thread);
    if (!NT_SUCCESS(status)) {
        thread_release(thread);
        structure_put(thread);
        return status;
    }
    thread->start = options->start;
    thread->argument = options->argument;
    thread->object = options->object;
    if (options->suspended) {
        atomic_store(&thread->suspend_count, 1);
        atomic_store(&thread->stop_request, 1);
        atomic_store(&thread->pending, THREAD_PENDING_SUSPEND);
    }
    list_add(thread);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, HOST_STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread->pthread, &attributes, thread_main, thread);
    pthread_attr_destroy(&attributes);
    if (error) {
        list_remove(thread);
        thread_release(thread);
        structure_put(thread);
        return STATUS_NO_MEMORY;
    }
    _Atomic uint32_t *started = &options->object->started;
    while (!atomic_load(started)) host_futex_wait(started, 0, NULL);
    return STATUS_SUCCESS;
}

void thread_end(struct thread *thread)
{
    gate_exit(thread);
}

void thread_end_now(struct thread *thread)
{
    gate_exit(thread);
}

NTSTATUS thread_queue_apc(struct thread *thread, gptr routine, const uint32_t arguments[3])
{
    struct thread_apc *apc = malloc(sizeof *apc);
    if (!apc) return STATUS_NO_MEMORY;
    *apc = (struct thread_apc){.routine = routine};
    memcpy(apc->arguments, arguments, sizeof apc->arguments);
    pthread_mutex_lock(&thread->apc_lock);
    *thread->apcs_tail = apc;
    thread->apcs_tail = &apc->next;
    pthread_mutex_unlock(&thread->apc_lock);
    atomic_fetch_add(&thread->wait.apc_pending, 1);
    wait_apc_queued(thread);
    return STATUS_SUCCESS;
}

bool thread_next_apc(struct thread *thread, struct thread_apc *result)
{
    pthread_mutex_lock(&thread->apc_lock);
    struct thread_apc *apc = thread->apcs;
    if (apc) {
        thread->apcs = apc->next;
        if (!apc->next) thread->apcs_tail = &thread->apcs;
        atomic_fetch_sub(&thread->wait.apc_pending, 1);
    }
    pthread_mutex_unlock(&thread->apc_lock);
    if (!apc) return false;
    *result = *apc;
    free(apc);
    return true;
}
