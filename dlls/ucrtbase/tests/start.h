// The start of a program of the Universal CRT, as Visual C++'s start-up code does it; mingw-w64's is for
// msvcrt.dll. A test that includes it links with `-D_UCRT -nostdlib -Wl,--entry,_start -lucrt -lgcc
// -lkernel32`.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <process.h>
#include <corecrt_startup.h>
#include <windows.h>

int main(int argc, char **argv, char **environment);
enum { CONSOLE_PROGRAM = 1, ARGUMENTS_UNEXPANDED = 1 };
void __cdecl _set_app_type(int type);
int __cdecl _configure_narrow_argv(int mode);
int __cdecl _initialize_narrow_environment(void);
char **__cdecl _get_initial_narrow_environment(void);
int *__cdecl __p__commode(void);
int __cdecl _initterm_e(_PIFV *begin, _PIFV *end);
void __cdecl terminate(void);
errno_t __cdecl _get_stream_buffer_pointers(FILE *file, char ***base, char ***at, int **left);
_invalid_parameter_handler __cdecl _set_thread_local_invalid_parameter_handler(
    _invalid_parameter_handler handler);

void __main(void) {} // GCC's main calls it for constructors

void start(void)
{
    _set_app_type(CONSOLE_PROGRAM);
    _set_fmode(0x4000);
    *__p__commode() = 0;
    if (_configure_narrow_argv(ARGUMENTS_UNEXPANDED) || _initialize_narrow_environment()) ExitProcess(255);
    exit(main(*__p___argc(), *__p___argv(), _get_initial_narrow_environment()));
}
