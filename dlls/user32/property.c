// Properties of windows: a value for each name that a program chose.
#include "property.h"

struct property {
    struct property *next;
    ATOM atom;
    HANDLE value;
};

void property_free_all(struct window *window)
{
    while (window->properties) {
        struct property *property = window->properties;
        window->properties = property->next;
        user_free(property);
    }
}

static struct property **find(struct window *window, ATOM atom)
{
    struct property **link = &window->properties;
    while (*link && (*link)->atom != atom) link = &(*link)->next;
    return link;
}

// The link to a window's property of that name; NULL when there is no window. Under the lock.
static struct property **find_by_handle(HWND handle, ATOM atom)
{
    struct window *window = window_find(handle);
    if (!window) SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return window && atom ? find(window, atom) : NULL;
}

static HANDLE get(HWND handle, ATOM atom, bool remove)
{
    HANDLE value = NULL;
    user_lock();
    struct property **link = find_by_handle(handle, atom);
    struct property *property = link ? *link : NULL;
    if (property) {
        value = property->value;
        if (remove) {
            *link = property->next;
            user_free(property);
        }
    }
    user_unlock();
    return value;
}

static BOOL set(HWND handle, ATOM atom, HANDLE value)
{
    user_lock();
    struct property **link = find_by_handle(handle, atom);
    if (link && !*link && (*link = user_alloc(sizeof(**link)))) (*link)->atom = atom;
    BOOL done = link && *link;
    if (done) (*link)->value = value;
    user_unlock();
    return done;
}

static ATOM atom_of_ansi(const char *name, bool add)
{
    if (user_is_number(name)) return (ATOM)(ULONG_PTR)name;
    WCHAR *wide = user_wide_text(name);
    ATOM atom = !wide ? 0 : add ? user_atom_add(wide) : user_atom_find(wide);
    user_free(wide);
    return atom;
}

HOTPATCH HANDLE WINAPI GetPropW(HWND window, const WCHAR *name)
{
    return get(window, user_atom_find(name), false);
}

HOTPATCH HANDLE WINAPI GetPropA(HWND window, const char *name)
{
    return get(window, atom_of_ansi(name, false), false);
}

HOTPATCH HANDLE WINAPI RemovePropW(HWND window, const WCHAR *name)
{
    return get(window, user_atom_find(name), true);
}

HOTPATCH HANDLE WINAPI RemovePropA(HWND window, const char *name)
{
    return get(window, atom_of_ansi(name, false), true);
}

HOTPATCH BOOL WINAPI SetPropW(HWND window, const WCHAR *name, HANDLE value)
{
    return set(window, user_atom_add(name), value);
}

HOTPATCH BOOL WINAPI SetPropA(HWND window, const char *name, HANDLE value)
{
    return set(window, atom_of_ansi(name, true), value);
}
