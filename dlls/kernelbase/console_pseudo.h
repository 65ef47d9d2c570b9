// What starting a process needs of pseudo-consoles.
#ifndef LOWLAND_KERNELBASE_CONSOLE_PSEUDO_H
#define LOWLAND_KERNELBASE_CONSOLE_PSEUDO_H

#include "base.h"

// Of a newer Windows than the headers are told: wincon.h and winbase.h.
typedef void *HPCON;
#define PSEUDOCONSOLE_INHERIT_CURSOR        1u
#define PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE 0x20016
HRESULT WINAPI CreatePseudoConsole(COORD size, HANDLE input, HANDLE output, DWORD flags, HPCON *result);
HRESULT WINAPI ResizePseudoConsole(HPCON console, COORD size);
void WINAPI ClosePseudoConsole(HPCON console);

// In ConsoleFlags of a new process, between the two kernelbases only: its standard handles are to be the
// console's.
#define CONSOLE_GIVES_HANDLES 0x80000000u

// The console of the pseudo-console that a new process's attributes name, for its ConsoleHandle; NULL: they
// name none.
HANDLE pseudo_console_reference(const STARTUPINFOW *info, DWORD flags);

// process_attributes.c: the HPCON in an attribute list, NULL.
void *proc_thread_pseudo_console(LPPROC_THREAD_ATTRIBUTE_LIST list);

#endif
