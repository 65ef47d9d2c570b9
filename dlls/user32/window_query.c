// Asking and telling windows: longs, relations, enumeration, places, texts, state.
#include "console_window.h"
#include "nonclient.h"
#include "procedure.h"
#include "queue.h"
#include "window.h"

// ---- longs ----

// The DWORD of a window that an index names; NULL with the last error set. Under the lock.
static DWORD *window_long(struct window *window, int index)
{
    switch (index) {
    case GWL_STYLE: return &window->style;
    case GWL_EXSTYLE: return &window->ex_style;
    case GWL_ID: return (DWORD *)&window->id;
    case GWL_HINSTANCE: return (DWORD *)&window->instance;
    case GWL_USERDATA: return (DWORD *)&window->user_data;
    case GWL_HWNDPARENT: return (DWORD *)&window->owner;
    }
    if (index >= 0 && index + (int)sizeof(DWORD) <= window->class->window_extra)
        return (DWORD *)(window->extra + index);
    SetLastError(ERROR_INVALID_INDEX);
    return NULL;
}

static LONG access_long(HWND handle, int index, const LONG *value, bool unicode)
{
    DWORD result = 0;
    user_lock();
    struct window *window = window_find(handle);
    if (!window) {
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    } else if (index == GWL_WNDPROC) {
        result = (DWORD)(ULONG_PTR)procedure_shown(window->procedure, window->unicode, unicode);
        if (value) {
            window->unicode = unicode;
            window->procedure = procedure_resolve((WNDPROC)(ULONG_PTR)*value, &window->unicode);
        }
    } else {
        DWORD *place = window_long(window, index);
        bool is_child = window->style & WS_CHILD && window->parent;
        if (place) result = *place;
        // A child has a parent in its owner's place.
        if (place && index == GWL_HWNDPARENT && is_child) result = (DWORD)(ULONG_PTR)window->parent->handle;
        if (place && value && !(index == GWL_HWNDPARENT && is_child)) *place = (DWORD)*value;
        if (value) console_window_store(window);
    }
    user_unlock();
    return (LONG)result;
}

// Style changes are told before and after; the procedure may change what is to come.
static LONG set_style(HWND handle, int index, LONG value, bool unicode)
{
    STYLESTRUCT styles = {.styleOld = (DWORD)access_long(handle, index, NULL, unicode),
                          .styleNew = (DWORD)value};
    SendMessageW(handle, WM_STYLECHANGING, (WPARAM)index, (LPARAM)&styles);
    value = (LONG)styles.styleNew;
    LONG old = access_long(handle, index, &value, unicode);
    SendMessageW(handle, WM_STYLECHANGED, (WPARAM)index, (LPARAM)&styles);
    return old;
}

static LONG set_long(HWND handle, int index, LONG value, bool unicode)
{
    if (index == GWL_HWNDPARENT && access_long(handle, GWL_STYLE, NULL, unicode) & WS_CHILD)
        return (LONG)(ULONG_PTR)SetParent(handle, (HWND)(ULONG_PTR)value);
    if ((index == GWL_STYLE || index == GWL_EXSTYLE) && IsWindow(handle))
        return set_style(handle, index, value, unicode);
    return access_long(handle, index, &value, unicode);
}

HOTPATCH LONG WINAPI GetWindowLongW(HWND window, int index)
{
    return access_long(window, index, NULL, true);
}

HOTPATCH LONG WINAPI GetWindowLongA(HWND window, int index)
{
    return access_long(window, index, NULL, false);
}

HOTPATCH LONG WINAPI SetWindowLongW(HWND window, int index, LONG value)
{
    return set_long(window, index, value, true);
}

HOTPATCH LONG WINAPI SetWindowLongA(HWND window, int index, LONG value)
{
    return set_long(window, index, value, false);
}

HOTPATCH WORD WINAPI GetWindowWord(HWND handle, int index)
{
    WORD value = 0;
    if (index < 0) return (WORD)GetWindowLongW(handle, index);
    user_lock();
    const struct window *window = window_find(handle);
    if (!window)
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    else if (index + (int)sizeof(value) > window->class->window_extra)
        SetLastError(ERROR_INVALID_INDEX);
    else
        memcpy(&value, window->extra + index, sizeof(value));
    user_unlock();
    return value;
}

// ---- relations ----

HOTPATCH BOOL WINAPI IsWindow(HWND handle)
{
    user_lock();
    bool is = window_find(handle);
    user_unlock();
    return is ? TRUE : user_fail(ERROR_INVALID_WINDOW_HANDLE);
}

HOTPATCH BOOL WINAPI IsWindowUnicode(HWND handle)
{
    user_lock();
    const struct window *window = window_find(handle);
    bool unicode = window && window->unicode;
    user_unlock();
    return unicode;
}

HOTPATCH DWORD WINAPI GetWindowThreadProcessId(HWND handle, DWORD *process)
{
    user_lock();
    const struct window *window = window_find(handle);
    DWORD thread = window && window->queue ? window->queue->thread : window ? window->thread : 0;
    DWORD owner = window && window->process ? window->process : GetCurrentProcessId();
    user_unlock();
    if (!window) return (DWORD)user_fail(ERROR_INVALID_WINDOW_HANDLE);
    if (process) *process = owner;
    return thread;
}

HOTPATCH HWND WINAPI GetAncestor(HWND handle, UINT which)
{
    HWND desktop = window_desktop(), message_root = window_message_root(), result = NULL;
    user_lock();
    const struct window *window = window_find(handle);
    if (window && which == GA_PARENT && window->parent) result = window->parent->handle;
    if (window && (which == GA_ROOT || which == GA_ROOTOWNER)) {
        for (;;) {
            while (window->parent && window->parent->handle != desktop &&
                   window->parent->handle != message_root)
                window = window->parent;
            const struct window *owner = which == GA_ROOTOWNER ? window_find(window->owner) : NULL;
            if (!owner) break;
            window = owner;
        }
        result = window->handle;
    }
    user_unlock();
    return result;
}

HOTPATCH HWND WINAPI GetParent(HWND handle)
{
    HWND parent = NULL;
    user_lock();
    const struct window *window = window_find(handle);
    if (!window)
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    else if (window->style & WS_POPUP)
        parent = window->owner;
    else if (window->style & WS_CHILD && window->parent)
        parent = window->parent->handle;
    user_unlock();
    return parent;
}

HOTPATCH BOOL WINAPI IsChild(HWND parent, HWND handle)
{
    user_lock();
    const struct window *window = window_find(handle);
    bool found = false;
    while (window && window->style & WS_CHILD && !found) {
        window = window->parent;
        found = window && window->handle == parent;
    }
    user_unlock();
    return found;
}

HOTPATCH HWND WINAPI GetWindow(HWND handle, UINT which)
{
    HWND result = NULL;
    user_lock();
    const struct window *window = window_find(handle), *other = NULL, *first = NULL;
    if (!window) SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    if (window && window->parent) first = window->parent->first_child;
    switch (window ? which : ~0u) {
    case GW_HWNDFIRST: other = first; break;
    case GW_HWNDLAST:
        for (other = first; other && other->next;) other = other->next;
        break;
    case GW_HWNDNEXT: other = window->next; break;
    case GW_HWNDPREV:
        for (other = first; other && other->next != window;) other = other->next;
        break;
    case GW_CHILD: other = window->first_child; break;
    case GW_OWNER: result = window->owner; break;
    }
    if (other) result = other->handle;
    user_unlock();
    return result;
}

HOTPATCH HWND WINAPI GetTopWindow(HWND parent)
{
    return GetWindow(parent ? parent : window_desktop(), GW_CHILD);
}

// ---- finding and enumerating: over a copy of the list, since callbacks change it ----

// A window's children in z order, with theirs if deep: allocated, NULL at the end.
struct collection {
    HWND *windows;
    unsigned n, room;
};

static void collect(struct collection *to, const struct window *parent, bool deep)
{
    for (const struct window *child = parent->first_child; child; child = child->next) {
        if (to->n < to->room) to->windows[to->n++] = child->handle;
        if (deep) collect(to, child, true);
    }
}

static HWND *children(HWND handle, bool deep)
{
    struct collection collection = {};
    unsigned index = 0;
    HWND desktop = window_desktop();
    user_lock();
    collection.room = handle == desktop ? console_windows_update() : 0;
    const struct window *parent = window_find(handle);
    while (user_handle_next(&index, USER_WINDOW)) collection.room++;
    collection.windows = user_alloc((collection.room + 1) * sizeof(HWND));
    if (parent && collection.windows) collect(&collection, parent, deep);
    user_unlock();
    return collection.windows;
}

static BOOL enumerate(HWND parent, bool deep, DWORD thread, WNDENUMPROC callback, LPARAM parameter)
{
    HWND *list = children(parent, deep);
    BOOL going = TRUE;
    for (HWND *window = list; window && *window && going; window++) {
        DWORD of = GetWindowThreadProcessId(*window, NULL);
        if (of && (!thread || of == thread)) going = callback(*window, parameter);
    }
    user_free(list);
    return going;
}

HOTPATCH BOOL WINAPI EnumWindows(WNDENUMPROC callback, LPARAM parameter)
{
    return enumerate(window_desktop(), false, 0, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumThreadWindows(DWORD thread, WNDENUMPROC callback, LPARAM parameter)
{
    return enumerate(window_desktop(), false, thread, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumChildWindows(HWND parent, WNDENUMPROC callback, LPARAM parameter)
{
    if (!parent) return EnumWindows(callback, parameter);
    return enumerate(parent, true, 0, callback, parameter);
}

static bool is_named(HWND handle, ATOM class, const WCHAR *title)
{
    user_lock();
    const struct window *window = window_find(handle);
    const WCHAR *text = window && window->text ? window->text : L"";
    bool is = window && (!class || window->class->atom == class) && (!title || !lstrcmpiW(text, title));
    user_unlock();
    return is;
}

HOTPATCH HWND WINAPI FindWindowExW(HWND parent, HWND after, const WCHAR *class, const WCHAR *title)
{
    ATOM atom = class ? user_atom_find(class) : 0;
    if (class && !atom) return NULL;
    if (!parent) parent = window_desktop();
    if (parent == HWND_MESSAGE) parent = window_message_root();
    HWND *list = children(parent, false), found = NULL;
    HWND *window = list;
    while (after && window && *window && *window != after) window++;
    if (after && window && *window) window++;
    for (; window && *window && !found; window++)
        if (is_named(*window, atom, title)) found = *window;
    user_free(list);
    return found;
}

HOTPATCH HWND WINAPI FindWindowExA(HWND parent, HWND after, const char *class, const char *title)
{
    WCHAR *wide_class = user_is_number(class) ? (WCHAR *)class : user_wide_text(class);
    WCHAR *wide_title = user_wide_text(title);
    HWND window = FindWindowExW(parent, after, wide_class, wide_title);
    if (!user_is_number(wide_class)) user_free(wide_class);
    user_free(wide_title);
    return window;
}

HOTPATCH HWND WINAPI FindWindowW(const WCHAR *class, const WCHAR *title)
{
    return FindWindowExW(NULL, NULL, class, title);
}

HOTPATCH HWND WINAPI FindWindowA(const char *class, const char *title)
{
    return FindWindowExA(NULL, NULL, class, title);
}

// ---- texts ----

HOTPATCH BOOL WINAPI SetWindowTextW(HWND window, const WCHAR *text)
{
    return IsWindow(window) && SendMessageW(window, WM_SETTEXT, 0, (LPARAM)text);
}

HOTPATCH BOOL WINAPI SetWindowTextA(HWND window, const char *text)
{
    return IsWindow(window) && SendMessageA(window, WM_SETTEXT, 0, (LPARAM)text);
}

HOTPATCH int WINAPI GetWindowTextW(HWND window, WCHAR *buffer, int size)
{
    if (size <= 0) return 0;
    buffer[0] = 0;
    return (int)SendMessageW(window, WM_GETTEXT, (WPARAM)size, (LPARAM)buffer);
}

HOTPATCH int WINAPI GetWindowTextA(HWND window, char *buffer, int size)
{
    if (size <= 0) return 0;
    buffer[0] = 0;
    return (int)SendMessageA(window, WM_GETTEXT, (WPARAM)size, (LPARAM)buffer);
}

HOTPATCH int WINAPI GetWindowTextLengthW(HWND window)
{
    return (int)SendMessageW(window, WM_GETTEXTLENGTH, 0, 0);
}

HOTPATCH int WINAPI GetWindowTextLengthA(HWND window)
{
    return (int)SendMessageA(window, WM_GETTEXTLENGTH, 0, 0);
}

// ---- state ----

static bool has_style(HWND handle, DWORD style, bool all_parents)
{
    bool has = false;
    user_lock();
    const struct window *window = window_find(handle);
    if (window) {
        has = window->style & style;
        while (has && all_parents && window->style & WS_CHILD && window->parent) {
            window = window->parent;
            has = window->style & style;
        }
    }
    user_unlock();
    return has;
}

HOTPATCH BOOL WINAPI IsWindowVisible(HWND window)
{
    return has_style(window, WS_VISIBLE, true);
}

HOTPATCH BOOL WINAPI IsWindowEnabled(HWND window)
{
    return IsWindow(window) && !has_style(window, WS_DISABLED, false);
}

HOTPATCH BOOL WINAPI IsIconic(HWND window)
{
    return has_style(window, WS_MINIMIZE, false);
}

HOTPATCH BOOL WINAPI IsZoomed(HWND window)
{
    return has_style(window, WS_MAXIMIZE, false);
}

// Changes a style bit; the bit before.
static bool change_style(HWND handle, DWORD bit, bool set)
{
    bool before = false;
    user_lock();
    struct window *window = window_find(handle);
    if (window) {
        before = window->style & bit;
        window->style = set ? window->style | bit : window->style & ~bit;
        console_window_store(window);
    }
    user_unlock();
    return before;
}

// Whether it was disabled before.
HOTPATCH BOOL WINAPI EnableWindow(HWND window, BOOL enable)
{
    if (!IsWindow(window)) return FALSE;
    if (!enable) SendMessageW(window, WM_CANCELMODE, 0, 0);
    bool was_disabled = change_style(window, WS_DISABLED, !enable);
    if (was_disabled == (enable != 0)) SendMessageW(window, WM_ENABLE, enable != 0, 0);
    return was_disabled;
}

// Whether it was shown before. "Shown" is a property that a window has; there is no screen to be seen on.
HOTPATCH BOOL WINAPI ShowWindow(HWND window, int command)
{
    if (!IsWindow(window)) return FALSE;
    bool shown = has_style(window, WS_VISIBLE, false), show = command != SW_HIDE;
    switch (command) {
    case SW_SHOWMINIMIZED:
    case SW_MINIMIZE:
    case SW_FORCEMINIMIZE:
    case SW_SHOWMINNOACTIVE: change_style(window, WS_MINIMIZE, true); break;
    case SW_SHOWMAXIMIZED: change_style(window, WS_MAXIMIZE, true); break;
    case SW_SHOWNORMAL:
    case SW_RESTORE:
    case SW_SHOWNOACTIVATE:
        change_style(window, WS_MINIMIZE, false);
        change_style(window, WS_MAXIMIZE, false);
        break;
    }
    if (shown == show) return shown;
    SendMessageW(window, WM_SHOWWINDOW, show, 0);
    change_style(window, WS_VISIBLE, show);
    return shown;
}

// ---- places ----

// A window's area on the screen. Under the lock.
static RECT screen_rect(const struct window *window)
{
    RECT rect = window->rect;
    for (const struct window *parent = window->parent; parent && parent->queue; parent = parent->parent) {
        RECT margins = nonclient_margins(parent->style, parent->ex_style, FALSE);
        LONG x = parent->rect.left + margins.left, y = parent->rect.top + margins.top;
        rect = (RECT){rect.left + x, rect.top + y, rect.right + x, rect.bottom + y};
    }
    return rect;
}

HOTPATCH BOOL WINAPI GetWindowRect(HWND handle, RECT *rect)
{
    user_lock();
    const struct window *window = window_find(handle);
    if (window) *rect = screen_rect(window);
    user_unlock();
    return window ? TRUE : user_fail(ERROR_INVALID_WINDOW_HANDLE);
}

HOTPATCH BOOL WINAPI GetClientRect(HWND handle, RECT *rect)
{
    user_lock();
    const struct window *window = window_find(handle);
    if (window) *rect = window_client_rect(window);
    user_unlock();
    return window ? TRUE : user_fail(ERROR_INVALID_WINDOW_HANDLE);
}

static void move(HWND handle, const WINDOWPOS *pos)
{
    user_lock();
    struct window *window = window_find(handle);
    if (window) {
        RECT *rect = &window->rect;
        LONG width = rect->right - rect->left, height = rect->bottom - rect->top;
        if (!(pos->flags & SWP_NOMOVE)) rect->left = pos->x, rect->top = pos->y;
        if (!(pos->flags & SWP_NOSIZE)) width = pos->cx < 0 ? 0 : pos->cx, height = pos->cy < 0 ? 0 : pos->cy;
        rect->right = rect->left + width;
        rect->bottom = rect->top + height;
        console_window_store(window);
    }
    user_unlock();
}

// The z order is kept as it is: nothing overlaps where nothing is seen.
HOTPATCH BOOL WINAPI SetWindowPos(HWND window, HWND after, int x, int y, int width, int height, UINT flags)
{
    WINDOWPOS pos = {window, after, x, y, width, height, flags};
    if (!IsWindow(window)) return FALSE;
    if (!(flags & SWP_NOSENDCHANGING)) SendMessageW(window, WM_WINDOWPOSCHANGING, 0, (LPARAM)&pos);
    move(window, &pos);
    if (pos.flags & SWP_SHOWWINDOW) ShowWindow(window, SW_SHOWNA);
    if (pos.flags & SWP_HIDEWINDOW) ShowWindow(window, SW_HIDE);
    SendMessageW(window, WM_WINDOWPOSCHANGED, 0, (LPARAM)&pos);
    return TRUE;
}

HOTPATCH BOOL WINAPI MoveWindow(HWND window, int x, int y, int width, int height, BOOL repaint)
{
    UINT flags = SWP_NOZORDER | SWP_NOACTIVATE | (repaint ? 0 : SWP_NOREDRAW);
    return SetWindowPos(window, NULL, x, y, width, height, flags);
}
