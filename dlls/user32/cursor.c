// Cursors: known by where they come from. Nothing shows their picture.
#include "user.h"

struct cursor {
    HCURSOR handle;
    HINSTANCE module; // NULL: the system's
    UINT_PTR id;      // its number or its name's atom
};

static HCURSOR current;
static LONG display_count;

// The cursor of a module and a name, made at the first use. Under the lock.
static HCURSOR shared_cursor(HINSTANCE module, UINT_PTR id)
{
    unsigned index = 0;
    struct cursor *cursor;
    while ((cursor = user_handle_next(&index, USER_CURSOR)))
        if (cursor->module == module && cursor->id == id) return cursor->handle;
    cursor = user_alloc(sizeof(*cursor));
    if (!cursor) return NULL;
    *cursor = (struct cursor){.module = module, .id = id, .handle = user_handle_create(cursor, USER_CURSOR)};
    if (cursor->handle) return cursor->handle;
    user_free(cursor);
    return NULL;
}

static bool is_system_cursor(const WCHAR *name)
{
    UINT_PTR id = (UINT_PTR)name;
    return (id >= 32512 && id <= 32516) || (id >= 32640 && id <= 32651);
}

HOTPATCH HCURSOR WINAPI LoadCursorW(HINSTANCE module, const WCHAR *name)
{
    bool there =
        module ? FindResourceW(module, name, (WCHAR *)RT_GROUP_CURSOR) != NULL : is_system_cursor(name);
    if (!there) {
        SetLastError(ERROR_RESOURCE_NAME_NOT_FOUND);
        return NULL;
    }
    UINT_PTR id = user_atom_add(name);
    user_lock();
    HCURSOR cursor = id ? shared_cursor(module, id) : NULL;
    user_unlock();
    return cursor;
}

HOTPATCH HCURSOR WINAPI LoadCursorA(HINSTANCE module, const char *name)
{
    if (user_is_number(name)) return LoadCursorW(module, (const WCHAR *)name);
    WCHAR *wide = user_wide_text(name);
    HCURSOR cursor = wide ? LoadCursorW(module, wide) : NULL;
    user_free(wide);
    return cursor;
}

HOTPATCH HCURSOR WINAPI SetCursor(HCURSOR cursor)
{
    user_lock();
    HCURSOR old = current;
    if (!cursor || user_handle_object(cursor, USER_CURSOR)) current = cursor;
    user_unlock();
    return old;
}

HOTPATCH HCURSOR WINAPI GetCursor(void)
{
    return current;
}

HOTPATCH int WINAPI ShowCursor(BOOL show)
{
    return show ? InterlockedIncrement(&display_count) : InterlockedDecrement(&display_count);
}
