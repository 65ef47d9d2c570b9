// The boundary under user32: what the processes of a prefix share of USER.
#include "define.h"
#include "nt/nt.h"

INTERFACE(user32, 2)

// ---- names of messages, clipboard formats and classes: dlls/user32/unix/atom.c ----
// length in bytes. Names of numbers ("#123", or a number in place of the pointer) are their own atoms.
CALL NTSTATUS UserAddAtom(IN_BYTES(length) const WCHAR *name, ULONG length, OUT ATOM *atom);
CALL NTSTATUS UserFindAtom(IN_BYTES(length) const WCHAR *name, ULONG length, OUT ATOM *atom);
// No NUL is written. STATUS_INVALID_HANDLE for a number without a name.
CALL NTSTATUS UserAtomName(ATOM atom, OUT_BYTES(length) WCHAR *name, ULONG length, OUT ULONG *units);

// ---- windows of consoles: dlls/user32/unix/console_window.c ----
// STATUS_INVALID_HANDLE for a window that is none, and once it is gone. client: as large as the
// client area, with the window's own top left on the screen. The process is one that is attached.
CALL NTSTATUS UserConsoleWindow(HANDLE window, OUT ULONG *process, OUT ULONG *thread, OUT ULONG *style,
                                OUT RECT *client);
CALL NTSTATUS UserSetConsoleWindow(HANDLE window, ULONG style, LONG x, LONG y);
// *units: the title's whole length, without a NUL; none is written.
CALL NTSTATUS UserConsoleTitle(HANDLE window, OUT_BYTES(length) WCHAR *title, ULONG length, OUT ULONG *units);
// CTRL_CLOSE_EVENT for the processes attached.
CALL NTSTATUS UserCloseConsole(HANDLE window);
// The windows of all consoles of the prefix, as many as there is room for.
CALL NTSTATUS UserConsoleWindows(GPTR ULONG *list, ULONG max, OUT ULONG *count);
