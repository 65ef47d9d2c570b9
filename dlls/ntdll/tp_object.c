// Objects of the thread pool and the groups that release them together; work and simple callbacks.
#include "tp.h"

struct _TP_CLEANUP_GROUP {
    LONG references; // the owner's and each object's
    RTL_SRWLOCK lock;
    struct tp_object *members;
};

// ---- groups: a member's owner's reference belongs to whoever takes it from the list ----

static void group_join(struct tp_object *object)
{
    PTP_CLEANUP_GROUP group = object->group;

    __atomic_add_fetch(&group->references, 1, __ATOMIC_RELAXED);
    RtlAcquireSRWLockExclusive(&group->lock);
    object->next_member = group->members;
    object->member_link = &group->members;
    if (group->members) group->members->member_link = &object->next_member;
    group->members = object;
    RtlReleaseSRWLockExclusive(&group->lock);
}

// Under the group's lock.
static void group_leave(struct tp_object *object)
{
    *object->member_link = object->next_member;
    if (object->next_member) object->next_member->member_link = object->member_link;
    object->member_link = NULL;
}

static void group_release(PTP_CLEANUP_GROUP group)
{
    if (!__atomic_sub_fetch(&group->references, 1, __ATOMIC_ACQ_REL)) RtlFreeHeap(process_heap(), 0, group);
}

NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *out)
{
    *out = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(**out));
    if (!*out) return STATUS_NO_MEMORY;
    (*out)->references = 1;
    return STATUS_SUCCESS;
}

/** Ends a group, whose members must have been released. */
VOID NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP group)
{
    group_release(group);
}

/** Waits for the callbacks of all members and releases these. cancel: pending callbacks don't run. */
VOID NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP group, LOGICAL cancel, PVOID context)
{
    for (;;) {
        RtlAcquireSRWLockExclusive(&group->lock);
        struct tp_object *object = group->members;
        if (object) group_leave(object);
        RtlReleaseSRWLockExclusive(&group->lock);
        if (!object) break;
        if (object->kind == TP_KIND_TIMER) tp_timer_disarm((PTP_TIMER)object);
        if (object->kind == TP_KIND_WAIT) tp_wait_disarm((PTP_WAIT)object);
        ULONG cancelled = tp_wait_idle(object, cancel != 0);
        // A simple callback that has run is no member any more: Windows doesn't tell of it.
        if (cancel && object->group_cancel && (cancelled || object->kind != TP_KIND_SIMPLE))
            object->group_cancel(object->context, context);
        tp_object_release(object);
    }
}

// ---- objects ----

NTSTATUS tp_object_create(SIZE_T size, enum tp_kind kind, void *callback, void *context,
                          PTP_CALLBACK_ENVIRON environment, struct tp_object **out)
{
    struct tp_object *object = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size);

    if (!object) return STATUS_NO_MEMORY;
    object->kind = kind;
    object->references = 1;
    object->callback = callback;
    object->context = context;
    object->pool = tp_pool_of(environment);
    object->priority = TP_CALLBACK_PRIORITY_NORMAL;
    if (environment) {
        object->race_dll = environment->RaceDll;
        object->activation_context = environment->ActivationContext;
        object->finalization = environment->FinalizationCallback;
        object->group = environment->CleanupGroup;
        object->group_cancel = environment->CleanupGroupCancelCallback;
        // Version 1 ends before the priority.
        if (environment->Version >= 3 && environment->CallbackPriority < TP_CALLBACK_PRIORITY_COUNT)
            object->priority = environment->CallbackPriority;
    }
    if (object->group) group_join(object);
    *out = object;
    return STATUS_SUCCESS;
}

void tp_object_reference(struct tp_object *object)
{
    __atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
}

void tp_object_release(struct tp_object *object)
{
    if (__atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL)) return;
    if (object->completion) NtSetEvent(object->completion, NULL);
    if (object->group) group_release(object->group);
    if (object->owned) RtlFreeHeap(process_heap(), 0, object->owned);
    tp_pool_release(object->pool);
    RtlFreeHeap(process_heap(), 0, object);
}

void tp_object_abandon(struct tp_object *object)
{
    PTP_CLEANUP_GROUP group = object->group;
    BOOLEAN owned = TRUE;

    if (group && object->member_link) {
        RtlAcquireSRWLockExclusive(&group->lock);
        owned = object->member_link != NULL;
        if (owned) group_leave(object);
        RtlReleaseSRWLockExclusive(&group->lock);
    } else if (group) {
        owned = FALSE;
    }
    if (owned) tp_object_release(object);
}

// ---- what the older functions need besides ----

/** Has memory of the process heap freed with an object. */
void lowland_tp_own(void *object, void *memory)
{
    ((struct tp_object *)object)->owned = memory;
}

/**
 * Ends a timer or a wait: no callback begins any more, and the object goes away with the last one. completion
 * NULL: doesn't wait for that; INVALID_HANDLE_VALUE: waits, unless a callback of the object calls; else it is
 * an event, which is set then. FALSE: a callback runs still.
 */
BOOLEAN lowland_tp_end(void *argument, HANDLE completion)
{
    struct tp_object *object = argument;
    BOOLEAN running;

    if (object->kind == TP_KIND_TIMER) tp_timer_end((PTP_TIMER)object);
    if (object->kind == TP_KIND_WAIT) tp_wait_end((PTP_WAIT)object);
    running = tp_drop_pending(object);
    if (completion == INVALID_HANDLE_VALUE) {
        if (object->runner != current_thread_id()) {
            tp_wait_idle(object, FALSE);
            running = FALSE;
        }
    } else {
        object->completion = completion;
        // A wait's own callback may end it without hearing that it runs.
        if (!completion && object->kind == TP_KIND_WAIT && object->runner == current_thread_id())
            running = FALSE;
    }
    tp_object_abandon(object);
    return !running;
}

// ---- simple callbacks and work ----

/** Has callback run once. */
NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    NTSTATUS status =
        tp_object_create(sizeof(*object), TP_KIND_SIMPLE, (void *)callback, context, environment, &object);

    if (!NT_SUCCESS(status)) return status;
    tp_object_reference(object);
    tp_post(object);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpAllocWork(PTP_WORK *out, PTP_WORK_CALLBACK callback, PVOID context,
                           PTP_CALLBACK_ENVIRON environment)
{
    return tp_object_create(sizeof(**out), TP_KIND_WORK, (void *)callback, context, environment,
                            (struct tp_object **)out);
}

/** Has the work's callback run once more. */
VOID NTAPI TpPostWork(PTP_WORK work)
{
    tp_object_reference(&work->object);
    tp_post(&work->object);
}

VOID NTAPI TpWaitForWork(PTP_WORK work, LOGICAL cancel)
{
    tp_wait_idle(&work->object, cancel != 0);
}

VOID NTAPI TpReleaseWork(PTP_WORK work)
{
    tp_object_abandon(&work->object);
}
