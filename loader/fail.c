// Lowland's own failures: the one line, and what must be undone before the process ends.
#include "loader/fail.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { UNDO_MAX = 8 };
static void (*undo_list[UNDO_MAX])(void);
static _Atomic unsigned undo_count;

void at_process_end(void (*undo)(void))
{
    unsigned i = atomic_fetch_add(&undo_count, 1);
    if (i < UNDO_MAX) undo_list[i] = undo;
}

void run_process_end(void)
{
    unsigned n = atomic_exchange(&undo_count, 0);
    if (n > UNDO_MAX) n = UNDO_MAX;
    while (n-- > 0)
        if (undo_list[n]) undo_list[n]();
}

void fail(enum fail_status status, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    int head = snprintf(line, sizeof line, "lowland: ");
    va_start(arguments, format);
    int n = vsnprintf(line + head, sizeof line - head - 1, format, arguments);
    va_end(arguments);
    size_t length = head + (n < 0 ? 0 : n);
    if (length > sizeof line - 2) length = sizeof line - 2;
    line[length++] = '\n';
    run_process_end();
    if (write(STDERR_FILENO, line, length) < 0) { /* nowhere left to say it */
    }
    _exit(status);
}
