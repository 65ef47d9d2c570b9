// Atoms of class names and registered messages. They stay for the life of the process, as those that a
// session on Windows has met stay until it ends.
#include "user.h"

enum { ATOM_FIRST = 0xC000, ATOMS_MAX = 0x4000, NAME_MAX = 255 };

static WCHAR **names; // by number from ATOM_FIRST
static unsigned count, capacity;

static bool same(const WCHAR *one, const WCHAR *two)
{
    return !RtlCompareUnicodeStrings(one, (SIZE_T)lstrlenW(one), two, (SIZE_T)lstrlenW(two), TRUE);
}

static ATOM find(const WCHAR *name)
{
    for (unsigned i = 0; i < count; i++)
        if (same(names[i], name)) return (ATOM)(ATOM_FIRST + i);
    return 0;
}

static bool grow(void)
{
    unsigned wanted = capacity ? 2 * capacity : 64;
    WCHAR **bigger = user_alloc(wanted * sizeof(*bigger));
    if (!bigger) return false;
    if (names) memcpy(bigger, names, count * sizeof(*bigger));
    user_free(names);
    names = bigger;
    capacity = wanted;
    return true;
}

static ATOM add(const WCHAR *name)
{
    ATOM atom = find(name);
    if (atom) return atom;
    if (count == ATOMS_MAX || (count == capacity && !grow())) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return 0;
    }
    names[count] = user_copy_text(name);
    if (!names[count]) return 0;
    return (ATOM)(ATOM_FIRST + count++);
}

ATOM user_atom_add(const WCHAR *name)
{
    if (user_is_number(name)) return (ATOM)(ULONG_PTR)name;
    int length = lstrlenW(name);
    if (!length || length > NAME_MAX) {
        SetLastError(length ? ERROR_INVALID_PARAMETER : ERROR_INVALID_NAME);
        return 0;
    }
    user_lock();
    ATOM atom = add(name);
    user_unlock();
    return atom;
}

ATOM user_atom_find(const WCHAR *name)
{
    if (user_is_number(name)) return (ATOM)(ULONG_PTR)name;
    user_lock();
    ATOM atom = find(name);
    user_unlock();
    return atom;
}

const WCHAR *user_atom_name(ATOM atom)
{
    user_lock();
    const WCHAR *name = atom >= ATOM_FIRST && atom < ATOM_FIRST + count ? names[atom - ATOM_FIRST] : NULL;
    user_unlock();
    return name;
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
