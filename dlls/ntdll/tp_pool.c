// Pools: queues of objects with pending callbacks, and the workers that run them.
//
// A worker that takes a callback and leaves others behind starts one more worker when all are busy: so
// blocked callbacks never starve others, and short ones don't make threads that nobody needs.
#include "tp.h"

#define IDLE_MS         5000
#define MAXIMUM_THREADS 500

struct _TP_POOL {
    RTL_SRWLOCK lock;
    RTL_CONDITION_VARIABLE wake;
    struct {
        struct tp_object *first, *last;
    } queues[TP_CALLBACK_PRIORITY_COUNT];
    ULONG threads, idle, minimum, maximum;
    BOOLEAN starting; // a worker is on its way
    BOOLEAN released;
    LONG references; // the owner's, each object's and each worker's
    TP_POOL_STACK_INFORMATION stack;
};

// Lives on the worker's stack.
struct _TP_CALLBACK_INSTANCE {
    struct tp_object *object;
    BOOLEAN associated, may_run_long;
    HANDLE event, mutex, semaphore;
    ULONG semaphore_count;
    PRTL_CRITICAL_SECTION section;
    void *dll;
};

static struct _TP_POOL default_pool = {.maximum = MAXIMUM_THREADS, .references = 1};

PRTL_SRWLOCK tp_lock(struct tp_object *object)
{
    return &object->pool->lock;
}

NTSTATUS tp_start_thread(void *entry, void *argument, const TP_POOL_STACK_INFORMATION *stack)
{
    HANDLE thread;
    NTSTATUS status =
        NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), entry, argument, 0, 0,
                         stack ? stack->StackCommit : 0, stack ? stack->StackReserve : 0, NULL);

    if (NT_SUCCESS(status)) NtClose(thread);
    return status;
}

static void pool_release(PTP_POOL pool)
{
    if (!__atomic_sub_fetch(&pool->references, 1, __ATOMIC_ACQ_REL)) RtlFreeHeap(process_heap(), 0, pool);
}

// ---- running callbacks ----

// What the callback asked for at its end, in the documented order.
static void complete_instance(struct _TP_CALLBACK_INSTANCE *instance)
{
    if (instance->section) RtlLeaveCriticalSection(instance->section);
    if (instance->mutex) NtReleaseMutant(instance->mutex, NULL);
    if (instance->semaphore) NtReleaseSemaphore(instance->semaphore, instance->semaphore_count, NULL);
    if (instance->event) NtSetEvent(instance->event, NULL);
    if (instance->dll) LdrUnloadDll(instance->dll);
}

static void call(struct tp_object *object, struct _TP_CALLBACK_INSTANCE *instance, struct tp_packet *packet)
{
    switch (object->kind) {
    case TP_KIND_SIMPLE: ((PTP_SIMPLE_CALLBACK)object->callback)(instance, object->context); break;
    case TP_KIND_WORK:
        ((PTP_WORK_CALLBACK)object->callback)(instance, object->context, (PTP_WORK)object);
        break;
    case TP_KIND_TIMER:
        ((PTP_TIMER_CALLBACK)object->callback)(instance, object->context, (PTP_TIMER)object);
        break;
    case TP_KIND_WAIT:
        ((PTP_WAIT_CALLBACK)object->callback)(instance, object->context, (PTP_WAIT)object,
                                              ((PTP_WAIT)object)->result);
        break;
    case TP_KIND_IO:
        if (((PTP_IO)object)->is_legacy) {
            ((LPOVERLAPPED_COMPLETION_ROUTINE)object->callback)(RtlNtStatusToDosErrorNoTeb(packet->io.Status),
                                                                packet->io.Information, packet->apc_context);
        } else {
            ((PTP_IO_CALLBACK)object->callback)(instance, object->context, packet->apc_context, &packet->io,
                                                (PTP_IO)object);
        }
        break;
    }
}

// Runs one callback of object, whose reference for it ends with it.
static void run_callback(struct tp_object *object, struct tp_packet *packet)
{
    struct _TP_CALLBACK_INSTANCE instance = {.object = object, .associated = TRUE};
    ULONG_PTR cookie = 0;
    BOOLEAN activated = object->activation_context && object->activation_context != (void *)(LONG_PTR)-1 &&
                        NT_SUCCESS(RtlActivateActivationContext(0, object->activation_context, &cookie));

    if (object->race_dll) LdrAddRefDll(0, object->race_dll);
    object->runner = current_thread_id();
    call(object, &instance, packet);
    if (object->finalization) object->finalization(&instance, object->context);
    if (activated) RtlDeactivateActivationContext(0, cookie);
    if (packet) RtlFreeHeap(process_heap(), 0, packet);
    complete_instance(&instance);
    if (object->race_dll) LdrUnloadDll(object->race_dll);
    object->runner = 0;
    TpDisassociateCallback(&instance);
    // Nobody owns a simple callback but its group, which it leaves now.
    if (object->kind == TP_KIND_SIMPLE) tp_object_abandon(object);
    tp_object_release(object);
}

// ---- workers ----

static struct tp_object *first_queued(PTP_POOL pool)
{
    for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++) {
        if (pool->queues[i].first) return pool->queues[i].first;
    }
    return NULL;
}

static void enqueue(PTP_POOL pool, struct tp_object *object)
{
    struct tp_object **end = pool->queues[object->priority].first
                                 ? &pool->queues[object->priority].last->next_queued
                                 : &pool->queues[object->priority].first;
    object->next_queued = NULL;
    *end = pool->queues[object->priority].last = object;
}

static void dequeue(PTP_POOL pool, struct tp_object *object)
{
    struct tp_object *previous = NULL, **at = &pool->queues[object->priority].first;

    while (*at != object) previous = *at, at = &previous->next_queued;
    *at = object->next_queued;
    if (pool->queues[object->priority].last == object) pool->queues[object->priority].last = previous;
}

// Whether to start a worker: callbacks wait and nobody is there for them. Under the lock; the caller starts
// it.
static BOOLEAN wants_worker(PTP_POOL pool)
{
    if (pool->idle || pool->starting || pool->threads >= pool->maximum || !first_queued(pool)) return FALSE;
    pool->starting = TRUE;
    pool->threads++;
    __atomic_add_fetch(&pool->references, 1, __ATOMIC_RELAXED);
    return TRUE;
}

static DWORD WINAPI worker(void *argument);

// Starts the worker that wants_worker counted.
static void start_worker(PTP_POOL pool)
{
    if (NT_SUCCESS(tp_start_thread(worker, pool, &pool->stack))) return;
    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->starting = FALSE;
    pool->threads--;
    RtlReleaseSRWLockExclusive(&pool->lock);
    pool_release(pool);
}

static DWORD WINAPI worker(void *argument)
{
    PTP_POOL pool = argument;
    LARGE_INTEGER idle = {.QuadPart = -(LONGLONG)IDLE_MS * 10000};

    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->starting = FALSE;
    for (;;) {
        struct tp_object *object = first_queued(pool);

        if (object) {
            struct tp_packet *packet = object->kind == TP_KIND_IO ? tp_io_take((PTP_IO)object) : NULL;

            dequeue(pool, object);
            object->running++;
            if (--object->pending) enqueue(pool, object);
            BOOLEAN more = wants_worker(pool);
            RtlReleaseSRWLockExclusive(&pool->lock);
            if (more) start_worker(pool);
            run_callback(object, packet);
            RtlAcquireSRWLockExclusive(&pool->lock);
            continue;
        }
        if (pool->released || pool->threads > pool->maximum) break;
        pool->idle++;
        NTSTATUS status = RtlSleepConditionVariableSRW(&pool->wake, &pool->lock, &idle, 0);
        pool->idle--;
        if (status == STATUS_TIMEOUT && !first_queued(pool) && pool->threads > pool->minimum) break;
    }
    pool->threads--;
    RtlReleaseSRWLockExclusive(&pool->lock);
    pool_release(pool);
    RtlExitUserThread(0);
}

void tp_post(struct tp_object *object)
{
    PTP_POOL pool = object->pool;

    RtlAcquireSRWLockExclusive(&pool->lock);
    if (!object->pending++) enqueue(pool, object);
    BOOLEAN start = wants_worker(pool), wake = pool->idle != 0;
    // Woken without the lock, it could find the pool gone.
    if (wake) RtlWakeConditionVariable(&pool->wake);
    RtlReleaseSRWLockExclusive(&pool->lock);
    if (start) start_worker(pool);
}

// Under the lock. The packets of dropped I/O callbacks are the caller's to free.
static ULONG drop_pending(struct tp_object *object, struct tp_packet **packets)
{
    PTP_IO io = object->kind == TP_KIND_IO ? (PTP_IO)object : NULL;
    ULONG dropped = object->pending;

    *packets = NULL;
    if (!dropped) return 0;
    dequeue(object->pool, object);
    object->pending = 0;
    if (io) {
        *packets = io->first;
        io->first = io->last = NULL;
    }
    return dropped;
}

static void free_dropped(struct tp_object *object, ULONG dropped, struct tp_packet *packets)
{
    while (packets) {
        struct tp_packet *next = packets->next;
        RtlFreeHeap(process_heap(), 0, packets);
        packets = next;
    }
    while (dropped--) tp_object_release(object);
}

ULONG tp_wait_idle(struct tp_object *object, BOOLEAN cancel)
{
    PRTL_SRWLOCK lock = &object->pool->lock;
    PTP_IO io = object->kind == TP_KIND_IO ? (PTP_IO)object : NULL;
    struct tp_packet *packets = NULL;
    ULONG dropped = 0;

    RtlAcquireSRWLockExclusive(lock);
    if (cancel) dropped = drop_pending(object, &packets);
    while (object->pending || object->running || (io && !cancel && io->outstanding))
        RtlSleepConditionVariableSRW(&object->done, lock, NULL, 0);
    RtlReleaseSRWLockExclusive(lock);
    free_dropped(object, dropped, packets);
    return dropped;
}

BOOLEAN tp_drop_pending(struct tp_object *object)
{
    struct tp_packet *packets;
    BOOLEAN running;

    RtlAcquireSRWLockExclusive(&object->pool->lock);
    ULONG dropped = drop_pending(object, &packets);
    running = object->running != 0;
    RtlReleaseSRWLockExclusive(&object->pool->lock);
    free_dropped(object, dropped, packets);
    return running;
}

// ---- pools ----

PTP_POOL tp_pool_of(PTP_CALLBACK_ENVIRON environment)
{
    PTP_POOL pool = environment && environment->Pool ? environment->Pool : &default_pool;

    __atomic_add_fetch(&pool->references, 1, __ATOMIC_RELAXED);
    return pool;
}

void tp_pool_release(PTP_POOL pool)
{
    pool_release(pool);
}

/** Makes a pool. */
NTSTATUS NTAPI TpAllocPool(PTP_POOL *out, PVOID reserved)
{
    PTP_POOL pool;

    if (reserved) return STATUS_INVALID_PARAMETER_2;
    pool = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*pool));
    if (!pool) return STATUS_NO_MEMORY;
    pool->maximum = MAXIMUM_THREADS;
    pool->references = 1;
    *out = pool;
    return STATUS_SUCCESS;
}

/** Gives a pool up. It lives on until its last object is released. */
VOID NTAPI TpReleasePool(PTP_POOL pool)
{
    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->released = TRUE;
    RtlWakeAllConditionVariable(&pool->wake);
    RtlReleaseSRWLockExclusive(&pool->lock);
    pool_release(pool);
}

/** The most workers that a pool may have. */
VOID NTAPI TpSetPoolMaxThreads(PTP_POOL pool, ULONG maximum)
{
    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->maximum = maximum ? maximum : 1;
    if (pool->minimum > pool->maximum) pool->minimum = pool->maximum;
    RtlReleaseSRWLockExclusive(&pool->lock);
}

/** The workers that a pool keeps, which start at once. */
NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL pool, ULONG minimum)
{
    NTSTATUS status = STATUS_SUCCESS;

    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->minimum = minimum;
    if (pool->maximum < minimum) pool->maximum = minimum;
    while (NT_SUCCESS(status) && pool->threads < minimum) {
        pool->threads++;
        __atomic_add_fetch(&pool->references, 1, __ATOMIC_RELAXED);
        status = tp_start_thread(worker, pool, &pool->stack);
        if (NT_SUCCESS(status)) continue;
        pool->threads--;
        __atomic_sub_fetch(&pool->references, 1, __ATOMIC_RELAXED);
    }
    RtlReleaseSRWLockExclusive(&pool->lock);
    return status;
}

/** The stacks of workers to come. */
NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    RtlAcquireSRWLockExclusive(&pool->lock);
    pool->stack = *information;
    RtlReleaseSRWLockExclusive(&pool->lock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    const IMAGE_NT_HEADERS *program = RtlImageNtHeader(peb_self()->ImageBaseAddress);

    RtlAcquireSRWLockShared(&pool->lock);
    *information = pool->stack;
    RtlReleaseSRWLockShared(&pool->lock);
    if (!information->StackReserve) information->StackReserve = program->OptionalHeader.SizeOfStackReserve;
    if (!information->StackCommit) information->StackCommit = program->OptionalHeader.SizeOfStackCommit;
    return STATUS_SUCCESS;
}

// ---- what a running callback may ask for ----

/** The callback takes long: others get a worker of their own. STATUS_TOO_MANY_THREADS when there can be none.
 */
NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    PTP_POOL pool = instance->object->pool;
    BOOLEAN room;

    if (instance->may_run_long) return STATUS_UNSUCCESSFUL;
    instance->may_run_long = TRUE;
    RtlAcquireSRWLockShared(&pool->lock);
    room = pool->idle || pool->threads < pool->maximum;
    RtlReleaseSRWLockShared(&pool->lock);
    return room ? STATUS_SUCCESS : STATUS_TOO_MANY_THREADS;
}

/** Waiters for the object's callbacks don't wait for this one any more. */
VOID NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE instance)
{
    struct tp_object *object = instance->object;

    if (!instance->associated) return;
    instance->associated = FALSE;
    RtlAcquireSRWLockExclusive(&object->pool->lock);
    if (!--object->running && !object->pending) RtlWakeAllConditionVariable(&object->done);
    RtlReleaseSRWLockExclusive(&object->pool->lock);
}

VOID NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE event)
{
    instance->event = event;
}

VOID NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore,
                                                  ULONG count)
{
    instance->semaphore = semaphore;
    instance->semaphore_count = count;
}

VOID NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE mutex)
{
    instance->mutex = mutex;
}

VOID NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE instance,
                                                      PRTL_CRITICAL_SECTION section)
{
    instance->section = section;
}

VOID NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE instance, PVOID dll)
{
    instance->dll = dll;
}
