// Numbers of names, the same in all processes of the prefix: class names, registered messages, clipboard
// formats.
#include "user32.h"
#include "user.h"
#include "nt/atom_name.h"

static ULONG bytes_of(const WCHAR *name)
{
    return user_is_number(name) ? 0 : (ULONG)lstrlenW(name) * sizeof(WCHAR);
}

ATOM user_atom_add(const WCHAR *name)
{
    ATOM atom = 0;
    NTSTATUS status = UserAddAtom(name, bytes_of(name), &atom);
    if (status != STATUS_SUCCESS) SetLastError(RtlNtStatusToDosError(status));
    return atom;
}

ATOM user_atom_find(const WCHAR *name)
{
    ATOM atom = 0;
    UserFindAtom(name, bytes_of(name), &atom);
    return atom;
}

UINT user_atom_name(ATOM atom, WCHAR name[USER_ATOM_NAME_MAX + 1])
{
    ULONG units = 0;
    if (UserAtomName(atom, name, USER_ATOM_NAME_MAX * sizeof(WCHAR), &units) != STATUS_SUCCESS) return 0;
    name[units] = 0;
    return units;
}

HOTPATCH UINT WINAPI RegisterWindowMessageW(const WCHAR *name)
{
    if (!name) return (UINT)user_fail(ERROR_INVALID_PARAMETER);
    return user_atom_add(name);
}

HOTPATCH UINT WINAPI RegisterWindowMessageA(const char *name)
{
    WCHAR *wide = user_wide_text(name);
    UINT message = wide ? RegisterWindowMessageW(wide) : (UINT)user_fail(ERROR_INVALID_PARAMETER);
    user_free(wide);
    return message;
}

HOTPATCH UINT WINAPI RegisterClipboardFormatW(const WCHAR *name)
{
    return RegisterWindowMessageW(name);
}

HOTPATCH UINT WINAPI RegisterClipboardFormatA(const char *name)
{
    return RegisterWindowMessageA(name);
}

// Windows' own formats have no names. 0 for a name that can't be told.
static UINT format_name(UINT format, WCHAR name[USER_ATOM_NAME_MAX + 1])
{
    UINT length = format >= ATOM_FIRST && format <= 0xFFFF ? user_atom_name((ATOM)format, name) : 0;
    return length ? length : (UINT)user_fail(ERROR_INVALID_PARAMETER);
}

HOTPATCH int WINAPI GetClipboardFormatNameW(UINT format, WCHAR *buffer, int size)
{
    WCHAR name[USER_ATOM_NAME_MAX + 1];
    if (!format_name(format, name) || size <= 0) return 0;
    lstrcpynW(buffer, name, size);
    return lstrlenW(buffer);
}

HOTPATCH int WINAPI GetClipboardFormatNameA(UINT format, char *buffer, int size)
{
    WCHAR name[USER_ATOM_NAME_MAX + 1];
    char text[3 * ARRAY_LENGTH(name)];
    if (!format_name(format, name) || size <= 0) return 0;
    WideCharToMultiByte(CP_ACP, 0, name, -1, text, sizeof(text), NULL, NULL);
    lstrcpynA(buffer, text, size);
    return lstrlenA(buffer);
}
