// The calls of the console boundary, for the console files.
#ifndef LOWLAND_KERNELBASE_CONSOLE_H
#define LOWLAND_KERNELBASE_CONSOLE_H

#include "kernelbase.h"
#include "base.h"

// Converts bytes of the console's output or input code page to text on the heap; NULL on failure with the
// last error set. *units receives the length.
WCHAR *console_to_wide(const char *bytes, DWORD length, bool output, DWORD *units);

// A list of some bytes in the code page of programs: its length there. Without room for it 0, and error
// becomes the last one; list NULL: only the length.
DWORD console_list_to_ansi(char *list, DWORD size, const WCHAR *wide, DWORD bytes, DWORD error);

// Of a buffer of some characters, as many as a list that the console keeps can fill.
static inline DWORD console_list_room(DWORD size)
{
    return size < 0x10000 ? size : 0x10000;
}

// The name by which the console knows this program; room for MAX_PATH.
void console_exe_name(WCHAR *name);

// ---- whether the process has a console: ConsoleHandle of its parameters says so, as on Windows ----

static inline bool console_is_attached(void)
{
    return current_parameters()->ConsoleHandle != NULL;
}

// The same, setting ERROR_INVALID_HANDLE where it has none.
bool console_required(void);

// At the process's start (console_control.c: a new console has no handlers yet).
void console_init(void);
void console_forget_handlers(void);

#endif
