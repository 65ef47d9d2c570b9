// DbgPrint and its relatives: text for a debugger, by an exception that it continues. Without one it goes
// nowhere, as on Windows when no kernel debugger is there either.
#include "exception.h"
#include "nt/rtl_debug.h"
#include "rtl.h"

#define TEXT_MAX      512  // bytes that one call prints at most
#define NO_COMPONENT  ~0u  // always printed
#define DEFAULT_LEVEL 0x1u // the mask of levels that are printed: those of errors

int __cdecl _vsnprintf(char *buffer, size_t size, const char *format, va_list args);

// Small levels are numbers of bits in a component's mask, others are masks.
static bool is_printed(ULONG component, ULONG level)
{
    if (component == NO_COMPONENT) return true;
    return (level < 32 ? 1u << level : level) & DEFAULT_LEVEL;
}

// Continues the exception if the debugger did not.
static EXCEPTION_DISPOSITION __cdecl continue_printing(EXCEPTION_RECORD *record, void *establisher,
                                                       CONTEXT *context, void *dispatcher)
{
    (void)establisher, (void)context, (void)dispatcher;
    if (record->ExceptionCode != DBG_PRINTEXCEPTION_C ||
        record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))
        return ExceptionContinueSearch;
    return ExceptionContinueExecution;
}

static void tell_debugger(const char *text, ULONG length)
{
    frame guard = {.Next = exception_list(), .Handler = (void *)continue_printing};
    EXCEPTION_RECORD record = {.ExceptionCode = DBG_PRINTEXCEPTION_C,
                               .NumberParameters = 2,
                               .ExceptionInformation = {length + 1, (ULONG_PTR)text}};

    set_exception_list(&guard);
    RtlRaiseException(&record);
    set_exception_list(guard.Next);
}

/** Prints prefix and the formatted text, cut to 511 bytes, if the component's level is on. STATUS_SUCCESS
 * whether or not anybody hears it. */
ULONG NTAPI vDbgPrintExWithPrefix(PCSTR prefix, ULONG component, ULONG level, PCSTR format, va_list arguments)
{
    char text[TEXT_MAX];
    size_t used = strlen(prefix);
    int n;

    if (!peb_self()->BeingDebugged || !is_printed(component, level)) return STATUS_SUCCESS;
    if (used > TEXT_MAX - 1) used = TEXT_MAX - 1;
    memcpy(text, prefix, used);
    n = _vsnprintf(text + used, TEXT_MAX - used, format, arguments);
    if (n < 0 || (size_t)n >= TEXT_MAX - used) {
        used = TEXT_MAX - 1;
        text[used - 1] = '\n';
    } else {
        used += (size_t)n;
    }
    text[used] = 0;
    tell_debugger(text, (ULONG)used);
    return STATUS_SUCCESS;
}

ULONG NTAPI vDbgPrintEx(ULONG component, ULONG level, PCSTR format, va_list arguments)
{
    return vDbgPrintExWithPrefix("", component, level, format, arguments);
}

ULONG __cdecl DbgPrintEx(ULONG component, ULONG level, PCSTR format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    ULONG status = vDbgPrintEx(component, level, format, arguments);
    va_end(arguments);
    return status;
}

/** Prints whatever the filters say. DbgPrintReturnControlC is the same here: a kernel debugger could answer
 * DBG_CONTROL_C. */
ULONG __cdecl DbgPrint(PCSTR format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    ULONG status = vDbgPrintEx(NO_COMPONENT, DPFLTR_ERROR_LEVEL, format, arguments);
    va_end(arguments);
    return status;
}
