// Window procedures, which take ANSI or UTF-16 texts.
#ifndef LOWLAND_USER32_PROCEDURE_H
#define LOWLAND_USER32_PROCEDURE_H

#include "user.h"

// What a caller that speaks ANSI or UTF-16 sees of a procedure: itself, or for one of the other alphabet a
// value that only CallWindowProc and SetWindowLong understand. Under the lock.
WNDPROC procedure_shown(WNDPROC procedure, bool procedure_unicode, bool caller_unicode);

// The procedure behind a value that procedure_shown may have made; *unicode is changed to its alphabet then.
WNDPROC procedure_resolve(WNDPROC shown, bool *unicode);

// Calls a procedure with a message whose texts are in the caller's alphabet. No lock may be held.
LRESULT procedure_call(WNDPROC procedure, bool procedure_unicode, HWND window, UINT message, WPARAM wparam,
                       LPARAM lparam, bool caller_unicode);

#endif
