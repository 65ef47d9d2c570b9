// What the subjects of user32 share: handles, the lock, memory and texts. Windows, queues and timers of this
// process live in its own memory and 32-bit code works on them; between threads they are guarded by one lock,
// which is never held while a window procedure runs or a thread waits.
#ifndef LOWLAND_USER32_USER_H
#define LOWLAND_USER32_USER_H

#include "ntdll.h"
#include "nt/nt.h"
#include <stdbool.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// ---- the lock of all shared state; not across callbacks or waits ----

void user_lock(void);
void user_unlock(void);

// ---- handles: windows and cursors have one table. Under the lock ----

enum user_type { USER_FREE, USER_WINDOW, USER_CURSOR };

// A new handle for an object; NULL when there are too many.
HANDLE user_handle_create(void *object, enum user_type type);
void user_handle_free(HANDLE handle);
// The object of a handle, NULL unless there is one of this type. The low word alone is a handle too.
void *user_handle_object(HANDLE handle, enum user_type type);
// The objects of a type one after the other: *index begins at 0. NULL at the end.
void *user_handle_next(unsigned *index, enum user_type type);

// ---- memory and texts; NULL with the last error set without memory ----

void *user_alloc(SIZE_T size); // zeroed
void user_free(void *memory);
WCHAR *user_copy_text(const WCHAR *text);
// The UTF-16 of ANSI text; NULL for NULL.
WCHAR *user_wide_text(const char *text);
// Whether a name's pointer is a number (MAKEINTATOM, MAKEINTRESOURCE).
static inline bool user_is_number(const void *name)
{
    return !((ULONG_PTR)name >> 16);
}

static inline BOOL user_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

// ---- atoms of class names and registered messages, C000h to FFFFh: of all processes of the prefix ----

enum { USER_ATOM_NAME_MAX = 255 };

// The atom of a name, made if need be; 0 with the last error set. Names of numbers are their own atoms.
ATOM user_atom_add(const WCHAR *name);
ATOM user_atom_find(const WCHAR *name);
// The name of an atom ("#123" for an integer's), with a NUL; its length, 0 for an unknown one.
UINT user_atom_name(ATOM atom, WCHAR name[USER_ATOM_NAME_MAX + 1]);

#endif
