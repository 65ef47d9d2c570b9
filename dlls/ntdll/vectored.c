// Vectored exception and continue handlers. A handler may remove itself or others while it runs: entries are
// counted, and a removed one is freed when nobody is inside it.
#include "exception.h"
#include "rtl.h"

struct handler {
    LIST_ENTRY link;
    ULONG references; // 1 for being registered
    BOOLEAN removed;
    PVOID encoded; // so that an overwritten pointer can't be aimed
};

enum { EXCEPTION_HANDLERS, CONTINUE_HANDLERS };

static LIST_ENTRY lists[2] = {{&lists[0], &lists[0]}, {&lists[1], &lists[1]}};
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

static void release(struct handler *handler)
{
    if (--handler->references) return;
    handler->link.Blink->Flink = handler->link.Flink;
    handler->link.Flink->Blink = handler->link.Blink;
    RtlFreeHeap(process_heap(), 0, handler);
}

static bool call_handlers(LIST_ENTRY *list, EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    LONG result = EXCEPTION_CONTINUE_SEARCH;
    LIST_ENTRY *at;

    // Most processes have none.
    if (__atomic_load_n(&list->Flink, __ATOMIC_ACQUIRE) == list) return false;
    RtlAcquireSRWLockExclusive(&lock);
    for (at = list->Flink; at != list && result != EXCEPTION_CONTINUE_EXECUTION;) {
        struct handler *handler = CONTAINING_RECORD(at, struct handler, link);
        if (!handler->removed) {
            handler->references++;
            RtlReleaseSRWLockExclusive(&lock);
            result = ((PRTL_VECTORED_EXCEPTION_HANDLER)RtlDecodePointer(handler->encoded))(&pointers);
            RtlAcquireSRWLockExclusive(&lock);
            at = at->Flink;
            release(handler);
        } else {
            at = at->Flink;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    return result == EXCEPTION_CONTINUE_EXECUTION;
}

bool call_vectored_handlers(EXCEPTION_RECORD *record, CONTEXT *context)
{
    return call_handlers(&lists[EXCEPTION_HANDLERS], record, context);
}

void call_continue_handlers(EXCEPTION_RECORD *record, CONTEXT *context)
{
    call_handlers(&lists[CONTINUE_HANDLERS], record, context);
}

static PVOID add(LIST_ENTRY *list, ULONG first, PRTL_VECTORED_EXCEPTION_HANDLER function)
{
    struct handler *handler = RtlAllocateHeap(process_heap(), 0, sizeof(*handler));

    if (!handler) return NULL;
    handler->references = 1;
    handler->removed = FALSE;
    handler->encoded = RtlEncodePointer((PVOID)function);
    RtlAcquireSRWLockExclusive(&lock);
    LIST_ENTRY *after = first ? list : list->Blink;
    handler->link.Blink = after;
    handler->link.Flink = after->Flink;
    after->Flink->Blink = &handler->link;
    after->Flink = &handler->link;
    RtlReleaseSRWLockExclusive(&lock);
    return handler;
}

static ULONG remove_handler(LIST_ENTRY *list, PVOID cookie)
{
    ULONG found = 0;

    RtlAcquireSRWLockExclusive(&lock);
    for (LIST_ENTRY *at = list->Flink; at != list; at = at->Flink) {
        struct handler *handler = CONTAINING_RECORD(at, struct handler, link);
        if (handler != cookie || handler->removed) continue;
        handler->removed = TRUE;
        release(handler);
        found = 1;
        break;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return found;
}

PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG first, PRTL_VECTORED_EXCEPTION_HANDLER handler)
{
    return add(&lists[EXCEPTION_HANDLERS], first, handler);
}

ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID handle)
{
    return remove_handler(&lists[EXCEPTION_HANDLERS], handle);
}

PVOID NTAPI RtlAddVectoredContinueHandler(ULONG first, PRTL_VECTORED_EXCEPTION_HANDLER handler)
{
    return add(&lists[CONTINUE_HANDLERS], first, handler);
}

ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID handle)
{
    return remove_handler(&lists[CONTINUE_HANDLERS], handle);
}
