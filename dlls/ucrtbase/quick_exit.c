/* The end of a program that skips most of it: quick_exit and what was registered for it. */
#include "ucrtbase.h"
#include "dlls/msvcrt/exit.h"

static struct onexit_table quick_functions;

int EXPORT _crt_at_quick_exit(exit_function function)
{
    return _register_onexit_function(&quick_functions, function);
}

void EXPORT quick_exit(int status)
{
    _execute_onexit_table(&quick_functions);
    _exit(status);
}
