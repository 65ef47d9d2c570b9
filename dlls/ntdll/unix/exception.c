// NtRaiseException: a debugger sees each chance. The first goes back to the guest's dispatcher, the second
// ends the process.
#include "debug_event.h"
#include "guest_constants.h"
#include "loader/crash.h"
#include "loader/exception.h"
#include "loader/process.h"
#include "ntdll_host.h"

NTSTATUS NtRaiseException(const EXCEPTION_RECORD32 *record, gptr address, uint8_t first_chance)
{
    struct thread *thread = thread_self();
    struct thread_context context;
    NTSTATUS status = context_read(&context, address);
    if (status == STATUS_INVALID_PARAMETER && !first_chance) { // a copied CONTEXT does for a report
        context.legacy.ContextFlags &= ~(uint32_t)(CONTEXT_XSTATE & ~CONTEXT_i386);
        status = STATUS_SUCCESS;
    }
    if (!NT_SUCCESS(status)) return status;
    context_install(thread, &context);
    if (first_chance) {
        exception_raise(thread, record);
    } else if (debuggee_report_exception(record, false) != DBG_CONTINUE) {
        crash_report(thread, record, thread->resume);
        process_exit(record->ExceptionCode);
    }
    return STATUS_SUCCESS;
}
