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
