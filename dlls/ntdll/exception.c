// Dispatching exceptions: vectored handlers first, then the frames that the thread's stack registers, then
// the second chance, which the 64-bit side ends with a report. Behaviour after Matt Pietrek's articles and
// Microsoft's documentation of the handlers' results.
#include "exception.h"
#include "ldr.h"

bool frame_is_valid(const frame *frame)
{
    const TEB *teb = teb_self();
    ULONG_PTR address = (ULONG_PTR)frame, handler;

    if (address < (ULONG_PTR)teb->NtTib.StackLimit ||
        address + sizeof(*frame) > (ULONG_PTR)teb->NtTib.StackBase || (address & 3))
        return false;
    handler = (ULONG_PTR)frame->Handler;
    return handler < (ULONG_PTR)teb->NtTib.StackLimit || handler >= (ULONG_PTR)teb->NtTib.StackBase;
}

// Raises an exception about the handling of another.
static void raise_nested(NTSTATUS code, EXCEPTION_RECORD *cause)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = (DWORD)code,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .ExceptionRecord = cause,
    };
    RtlRaiseException(&record);
}

// Walks the frames. True: a handler wants execution to go on.
static bool call_frame_handlers(EXCEPTION_RECORD *record, CONTEXT *context)
{
    frame *nested = NULL, *dispatcher;

    for (frame *at = exception_list(); at != EXCEPTION_CHAIN_END; at = at->Next) {
        if (!frame_is_valid(at)) {
            record->ExceptionFlags |= EXCEPTION_STACK_INVALID;
            return false;
        }
        EXCEPTION_DISPOSITION disposition =
            execute_handler(record, at, context, &dispatcher, (void *)at->Handler);
        if (at == nested) { // out of the range where the earlier exception was being handled
            nested = NULL;
            record->ExceptionFlags &= ~EXCEPTION_NESTED_CALL;
        }
        switch (disposition) {
        case ExceptionContinueExecution:
            if (!(record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)) return true;
            raise_nested(STATUS_NONCONTINUABLE_EXCEPTION, record);
            break;
        case ExceptionContinueSearch: break;
        case ExceptionNestedException:
            record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
            if (dispatcher > nested) nested = dispatcher;
            break;
        default: raise_nested(STATUS_INVALID_DISPOSITION, record);
        }
    }
    return false;
}

BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD record, PCONTEXT context)
{
    if (!call_vectored_handlers(record, context) && !call_frame_handlers(record, context)) return FALSE;
    call_continue_handlers(record, context);
    return TRUE;
}

// A pop from an interlocked list reads the link of an entry that another thread may have freed meanwhile: it
// begins again (slist.S).
static bool restart_list_pop(const EXCEPTION_RECORD *record, CONTEXT *context)
{
    extern const char fault[] __asm__("_ExpInterlockedPopEntrySListFault@0");
    extern const char resume[] __asm__("_ExpInterlockedPopEntrySListResume@0");

    if (record->ExceptionCode != (DWORD)STATUS_ACCESS_VIOLATION || context->Eip != (DWORD)fault) return false;
    context->Eip = (DWORD)resume;
    return true;
}

// KiUserExceptionDispatcher's C half.
void dispatch_user_exception(EXCEPTION_RECORD *record, CONTEXT *context)
{
    NTSTATUS status;

    if (restart_list_pop(record, context) || RtlDispatchException(record, context))
        status = NtContinue(context, FALSE);
    else
        status = NtRaiseException(record, context, FALSE);
    raise_nested(status, record);
}

// RtlRaiseException's C half: context is the caller's.
void raise_exception(EXCEPTION_RECORD *record, CONTEXT *context)
{
    NTSTATUS status;

    record->ExceptionAddress = (void *)context->Eip;
    if (peb_self()->BeingDebugged) {
        status = NtRaiseException(record, context, TRUE);
    } else if (RtlDispatchException(record, context)) {
        status = NtContinue(context, FALSE);
    } else {
        status = NtRaiseException(record, context, FALSE);
    }
    raise_nested(status, record);
}

// RtlRaiseStatus's C half.
void raise_status(NTSTATUS code, CONTEXT *context)
{
    EXCEPTION_RECORD record = {.ExceptionCode = (DWORD)code, .ExceptionFlags = EXCEPTION_NONCONTINUABLE};

    raise_exception(&record, context);
}

static PRTLP_UNHANDLED_EXCEPTION_FILTER unhandled_filter;

// Sets what decides about exceptions that nothing handled (kernelbase's UnhandledExceptionFilter).
VOID NTAPI RtlSetUnhandledExceptionFilter(PRTLP_UNHANDLED_EXCEPTION_FILTER filter)
{
    unhandled_filter = filter;
}

// The outermost frame of every thread.
EXCEPTION_DISPOSITION __cdecl last_handler(EXCEPTION_RECORD *record, void *establisher, CONTEXT *context,
                                           void *dispatcher)
{
    EXCEPTION_POINTERS pointers = {record, context};

    (void)establisher;
    (void)dispatcher;
    if (record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))
        return ExceptionContinueSearch;
    switch (unhandled_filter ? unhandled_filter(&pointers) : EXCEPTION_CONTINUE_SEARCH) {
    case EXCEPTION_CONTINUE_EXECUTION: return ExceptionContinueExecution;
    case EXCEPTION_EXECUTE_HANDLER:
        NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)record->ExceptionCode);
        break;
    }
    return ExceptionContinueSearch;
}

// ---- exports that are not implemented ----

struct missing_export {
    const char *dll, *function;
};

// What a call of one ends in: says once which it was and who called, and raises what Windows raises for a
// missing entry point. context is the caller's.
void missing_export(const struct missing_export *export, CONTEXT *context)
{
    static const struct missing_export *reported[64];
    static LONG reported_count;
    EXCEPTION_RECORD record = {
        .ExceptionCode = (DWORD)STATUS_ENTRYPOINT_NOT_FOUND,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .NumberParameters = 2,
        .ExceptionInformation = {(ULONG_PTR) export->dll, (ULONG_PTR) export->function},
    };
    struct module *caller = module_from_address((void *)context->Eip);
    char name[128] = "code outside any module";
    LONG count = reported_count < 64 ? reported_count : 64;
    bool known = false;

    for (LONG i = 0; i < count; i++)
        if (reported[i] == export) known = true;
    if (!known) {
        LONG index = InterlockedIncrement(&reported_count) - 1;
        if (index < 64) reported[index] = export;
        if (caller) {
            ULONG length = 0;
            RtlUnicodeToUTF8N(name, sizeof(name) - 1, &length, caller->entry.BaseDllName.Buffer,
                              caller->entry.BaseDllName.Length);
            name[length] = 0;
        }
        report("%s: %s is not implemented yet (called from %s)", export->dll, export->function, name);
    }
    raise_exception(&record, context);
}
