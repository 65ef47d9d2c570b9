// What the user is told when loading fails: one line, composed where the reason is known.
#include "ldr.h"
#include "rtl.h"
#include <stdarg.h>

static char message[512];
static NTSTATUS message_status;

static char *append(char *at, char *end, const char *text)
{
    while (*text && at < end) *at++ = *text++;
    return at;
}

static char *append_number(char *at, char *end, ULONG number, ULONG base)
{
    char digits[12], *digit = digits + sizeof(digits) - 1;

    *digit = 0;
    do {
        *--digit = "0123456789abcdef"[number % base];
        number /= base;
    } while (number);
    return append(at, end, digit);
}

// %s, %u and %x: all that our lines need, without the C run-time.
static ULONG compose(char *buffer, ULONG size, const char *format, va_list arguments)
{
    char *at = buffer, *end = buffer + size;

    for (; *format && at < end; format++) {
        if (*format != '%') {
            *at++ = *format;
            continue;
        }
        switch (*++format) {
        case 's': at = append(at, end, va_arg(arguments, const char *)); break;
        case 'u': at = append_number(at, end, va_arg(arguments, ULONG), 10); break;
        case 'x': at = append_number(at, end, va_arg(arguments, ULONG), 16); break;
        }
    }
    return at - buffer;
}

void load_error(NTSTATUS status, const char *format, ...)
{
    va_list arguments;
    ULONG length;

    if (message_status) return;
    va_start(arguments, format);
    length = compose(message, sizeof(message) - 1, format, arguments);
    va_end(arguments);
    message[length] = 0;
    message_status = status;
}

void load_error_clear(void)
{
    message_status = STATUS_SUCCESS;
}

void load_error_fatal(NTSTATUS status)
{
    if (!message_status) load_error(status, "the program cannot be started: status %x", (unsigned)status);
    LowlandFatal(status, message, strlen(message));
    NtTerminateProcess(NtCurrentProcess(), status);
    __builtin_trap();
}

void report(const char *format, ...)
{
    char line[512];
    va_list arguments;
    ULONG length;

    va_start(arguments, format);
    length = compose(line, sizeof(line), format, arguments);
    va_end(arguments);
    LowlandReport(line, length);
}
