// The sanitizers' options as the program needs them; ASAN_OPTIONS and UBSAN_OPTIONS may say otherwise. Not in
// sanitizer.c, so that unit tests keep the runtimes' own (which look for leaks). Only in a build with any
// (Makefile.in).
#include "fail.h"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

// A finding ends the process as every internal fault does: their default status, 1, would be taken for a
// program's own, by the call fuzzer too.
#define EXIT_STATUS "exitcode=125"
_Static_assert(FAIL_INTERNAL == 125, "EXIT_STATUS says it");

// The signals are ours, and so are the stacks that they run on. What a frame has must lie on its thread's own
// stack, by whose addresses abandoned callbacks are told. Processes end by _exit, and threads with them: what
// they held then is no leak.
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:use_sigaltstack=0:"
           "detect_stack_use_after_return=0:detect_leaks=0:" EXIT_STATUS;
}

__attribute__((visibility("default"))) const char *__ubsan_default_options(void)
{
    return EXIT_STATUS;
}
