// Windows: their tree, creation and destruction. None of them is on a screen: they are there for messages.
#include "window.h"
#include "console_window.h"
#include "nonclient.h"
#include "procedure.h"
#include "property.h"
#include "queue.h"
#include "timer.h"

static struct window *desktop, *message_root;

struct window *window_find(HWND handle)
{
    struct window *window = user_handle_object(handle, USER_WINDOW);
    return window ? window : console_window_find(handle);
}

RECT window_client_rect(const struct window *window)
{
    RECT margins = nonclient_margins(window->style, window->ex_style, FALSE);
    LONG width = window->rect.right - window->rect.left, height = window->rect.bottom - window->rect.top;
    RECT client = {0, 0, width - margins.left - margins.right, height - margins.top - margins.bottom};
    if (client.right < 0) client.right = 0;
    if (client.bottom < 0) client.bottom = 0;
    return client;
}

// ---- the tree, under the lock ----

static void link_window(struct window *window, struct window *parent)
{
    window->parent = parent;
    window->next = parent->first_child;
    parent->first_child = window;
}

static void unlink_window(struct window *window)
{
    if (!window->parent) return;
    struct window **link = &window->parent->first_child;
    while (*link != window) link = &(*link)->next;
    *link = window->next;
    window->parent = window->next = NULL;
}

void window_free(struct window *window)
{
    unlink_window(window);
    user_handle_free(window->handle);
    window->class->windows--;
    property_free_all(window);
    user_free(window->text);
    user_free(window);
}

// ---- creation ----

// A fresh window of a class, whose handle is a new one unless given; NULL with the last error set. Under the
// lock.
static struct window *make(struct class *class, struct queue *queue, HWND handle)
{
    struct window *window = user_alloc(sizeof(*window) + (SIZE_T) class->window_extra);
    if (!window) return NULL;
    window->handle = handle ? handle : user_handle_create(window, USER_WINDOW);
    if (!window->handle) {
        user_free(window);
        return NULL;
    }
    window->class = class;
    window->queue = queue;
    window->procedure = class->procedure;
    window->unicode = class->unicode;
    class->windows++;
    return window;
}

static HWND root(struct window **place, const WCHAR *class_name)
{
    user_lock();
    if (!*place) {
        struct class *class = class_find(class_name, NULL);
        *place = class ? make(class, NULL, NULL) : NULL;
        if (*place) {
            (*place)->style = WS_POPUP | WS_CLIPSIBLINGS | WS_CLIPCHILDREN;
            if (place == &desktop) {
                (*place)->style |= WS_VISIBLE;
                (*place)->rect = (RECT){0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN)};
            } else {
                (*place)->rect = (RECT){0, 0, 100, 100};
            }
        }
    }
    HWND handle = *place ? (*place)->handle : NULL;
    user_unlock();
    return handle;
}

HWND window_desktop(void)
{
    return root(&desktop, CLASS_DESKTOP);
}

HWND window_message_root(void)
{
    return root(&message_root, CLASS_MESSAGE);
}

HOTPATCH HWND WINAPI GetDesktopWindow(void)
{
    return window_desktop();
}

struct window *window_adopt(HWND handle, const WCHAR *class_name)
{
    struct class *class = window_desktop() ? class_find(class_name, NULL) : NULL;
    struct window *window = class ? make(class, NULL, handle) : NULL;
    if (window) link_window(window, desktop);
    return window;
}

// The top-level window that one belongs to: an owner is always one. Under the lock.
static HWND top_level_of(struct window *window)
{
    while (window && window->parent && window->parent != desktop && window->parent != message_root)
        window = window->parent;
    return window ? window->handle : NULL;
}

// The window as far as it is made before anybody hears of it. NULL with the last error set. Under the lock.
static struct window *make_child(const CREATESTRUCTW *create, struct class *class, struct queue *queue)
{
    HWND parent_handle = create->hwndParent;
    struct window *parent = desktop;
    HWND owner = NULL;
    if (parent_handle == HWND_MESSAGE || parent_handle == message_root->handle) {
        parent = message_root;
    } else if (parent_handle && parent_handle != desktop->handle) {
        struct window *given = window_find(parent_handle);
        if (!given) {
            SetLastError(ERROR_INVALID_WINDOW_HANDLE);
            return NULL;
        }
        if (create->style & WS_CHILD)
            parent = given;
        else
            owner = top_level_of(given);
    } else if ((create->style & (WS_CHILD | WS_POPUP)) == WS_CHILD && !parent_handle) {
        SetLastError(ERROR_TLW_WITH_WSCHILD);
        return NULL;
    }
    struct window *window = make(class, queue, NULL);
    if (!window) return NULL;
    link_window(window, parent);
    window->owner = owner;
    return window;
}

enum { DEFAULT = CW_USEDEFAULT };

static LONG size_or_default(int value, int fallback)
{
    return value == (int)DEFAULT ? fallback : value < 0 ? 0 : value;
}

static void place(struct window *window, const CREATESTRUCTW *create)
{
    bool overlapped = !(create->style & (WS_CHILD | WS_POPUP));
    int x = create->x == (int)DEFAULT ? 0 : create->x, y = create->x == (int)DEFAULT ? 0 : create->y;
    LONG width = size_or_default(create->cx, overlapped ? GetSystemMetrics(SM_CXSCREEN) * 3 / 4 : 0);
    LONG height = create->cx == (int)DEFAULT ? (overlapped ? GetSystemMetrics(SM_CYSCREEN) * 3 / 4 : 0)
                                             : size_or_default(create->cy, 0);
    window->rect = (RECT){x, y, x + width, y + height};
}

// What Windows adds to the styles that are asked for.
static DWORD completed_style(DWORD style)
{
    if (!(style & (WS_CHILD | WS_POPUP))) style |= WS_CAPTION;
    if (!(style & WS_CHILD)) style |= WS_CLIPSIBLINGS;
    return style;
}

static DWORD completed_ex_style(DWORD style, DWORD ex_style)
{
    bool frame = style & (WS_DLGFRAME | WS_THICKFRAME) || ex_style & WS_EX_DLGMODALFRAME;
    if (ex_style & WS_EX_DLGMODALFRAME || (frame && !(ex_style & WS_EX_STATICEDGE)))
        return ex_style | WS_EX_WINDOWEDGE;
    return ex_style & ~(DWORD)WS_EX_WINDOWEDGE;
}

// A message to the window being made, with texts in its procedure's alphabet already.
static LRESULT tell(HWND handle, UINT message, WPARAM wparam, LPARAM lparam, bool unicode)
{
    return unicode ? SendMessageW(handle, message, wparam, lparam)
                   : SendMessageA(handle, message, wparam, lparam);
}

static void tell_size(HWND handle)
{
    RECT client;
    POINT origin = {0, 0};
    user_lock();
    const struct window *window = window_find(handle);
    if (window) {
        RECT margins = nonclient_margins(window->style, window->ex_style, FALSE);
        client = window_client_rect(window);
        origin = (POINT){window->rect.left + margins.left, window->rect.top + margins.top};
    }
    user_unlock();
    if (!window) return;
    SendMessageW(handle, WM_SIZE, SIZE_RESTORED, MAKELPARAM(client.right, client.bottom));
    SendMessageW(handle, WM_MOVE, 0, MAKELPARAM(origin.x, origin.y));
}

static void tell_parent(HWND handle, UINT event)
{
    user_lock();
    const struct window *window = window_find(handle);
    bool tells =
        window && window->style & WS_CHILD && !(window->ex_style & WS_EX_NOPARENTNOTIFY) && window->parent;
    HWND parent = tells ? window->parent->handle : NULL;
    WPARAM wparam = tells ? MAKEWPARAM(event, window->id) : 0;
    user_unlock();
    if (tells) SendMessageW(parent, WM_PARENTNOTIFY, wparam, (LPARAM)handle);
}

// The messages of a new window's first moments. False: the procedure doesn't want it.
static bool announce(HWND handle, CREATESTRUCTW *create, bool message_only, bool unicode)
{
    if (create->style & (WS_THICKFRAME | WS_DLGFRAME) && !(create->style & WS_CHILD) && !message_only) {
        MINMAXINFO info;
        nonclient_min_max(&info);
        SendMessageW(handle, WM_GETMINMAXINFO, 0, (LPARAM)&info);
    }
    if (!tell(handle, WM_NCCREATE, 0, (LPARAM)create, unicode)) return false;
    RECT rect = {create->x, create->y, create->x + create->cx, create->y + create->cy};
    SendMessageW(handle, WM_NCCALCSIZE, FALSE, (LPARAM)&rect);
    if (tell(handle, WM_CREATE, 0, (LPARAM)create, unicode) == -1) {
        DestroyWindow(handle);
        return false;
    }
    if (!message_only) {
        tell_size(handle);
        tell_parent(handle, WM_CREATE);
    }
    return true;
}

// create has the names in the caller's alphabet; class_name is the class's as UTF-16.
static HWND create_window(CREATESTRUCTW *create, const WCHAR *class_name, bool unicode)
{
    struct queue *queue = queue_self();
    if (!queue || !window_desktop() || !window_message_root()) return NULL;
    if (!create->hInstance) create->hInstance = GetModuleHandleW(NULL);
    user_lock();
    struct class *class = class_find(class_name, create->hInstance);
    if (!class) SetLastError(ERROR_CANNOT_FIND_WND_CLASS);
    DWORD shown = create->style & WS_VISIBLE;
    create->style = (LONG)completed_style((DWORD)create->style & ~(DWORD)WS_VISIBLE);
    create->dwExStyle = completed_ex_style((DWORD)create->style, create->dwExStyle);
    struct window *window = class ? make_child(create, class, queue) : NULL;
    HWND handle = NULL;
    bool message_only = false;
    if (window) {
        handle = window->handle;
        message_only = window->parent == message_root;
        window->style = (DWORD)create->style;
        window->ex_style = create->dwExStyle;
        window->id = (UINT_PTR)create->hMenu;
        window->instance = create->hInstance;
        place(window, create);
        create->x = window->rect.left;
        create->y = window->rect.top;
        create->cx = window->rect.right - window->rect.left;
        create->cy = window->rect.bottom - window->rect.top;
    }
    user_unlock();
    if (!handle) return NULL;
    if (announce(handle, create, message_only, unicode)) {
        if (shown && !message_only) ShowWindow(handle, SW_SHOW);
        return IsWindow(handle) ? handle : NULL;
    }
    user_lock();
    window = window_find(handle);
    if (window) window_free(window);
    user_unlock();
    return NULL;
}

HOTPATCH HWND WINAPI CreateWindowExW(DWORD ex_style, const WCHAR *class, const WCHAR *name, DWORD style,
                                     int x, int y, int width, int height, HWND parent, HMENU menu,
                                     HINSTANCE instance, void *parameter)
{
    CREATESTRUCTW create = {parameter, instance, menu,        parent, height, width,
                            y,         x,        (LONG)style, name,   class,  ex_style};
    if (!class) {
        SetLastError(ERROR_CANNOT_FIND_WND_CLASS);
        return NULL;
    }
    return create_window(&create, class, true);
}

HOTPATCH HWND WINAPI CreateWindowExA(DWORD ex_style, const char *class, const char *name, DWORD style, int x,
                                     int y, int width, int height, HWND parent, HMENU menu,
                                     HINSTANCE instance, void *parameter)
{
    CREATESTRUCTA create = {parameter, instance, menu,        parent, height, width,
                            y,         x,        (LONG)style, name,   class,  ex_style};
    if (!class) {
        SetLastError(ERROR_CANNOT_FIND_WND_CLASS);
        return NULL;
    }
    WCHAR *wide = user_is_number(class) ? (WCHAR *)class : user_wide_text(class);
    // One layout; the names in it stay ANSI, as do the messages that carry them.
    HWND window = wide ? create_window((CREATESTRUCTW *)&create, wide, false) : NULL;
    if (!user_is_number(wide)) user_free(wide);
    return window;
}

// ---- destruction ----

// The windows that go with one: its children, or what it owns.
static HWND next_dependent(HWND handle)
{
    unsigned index = 0;
    struct window *other;
    HWND found = NULL;
    user_lock();
    const struct window *window = window_find(handle);
    if (window && window->first_child) found = window->first_child->handle;
    while (!found && window && (other = user_handle_next(&index, USER_WINDOW)))
        if (other->owner == handle && !other->destroying) found = other->handle;
    user_unlock();
    return found;
}

static void destroy_tree(HWND handle)
{
    HWND dependent, last = NULL;
    SendMessageW(handle, WM_DESTROY, 0, 0);
    while ((dependent = next_dependent(handle)) && dependent != last) {
        destroy_tree(dependent);
        last = dependent;
    }
    SendMessageW(handle, WM_NCDESTROY, 0, 0);
    user_lock();
    struct window *window = window_find(handle);
    if (window) {
        queue_forget_window(window->queue, handle);
        timer_forget(window->queue, handle);
        window_free(window);
    }
    user_unlock();
}

HOTPATCH BOOL WINAPI DestroyWindow(HWND handle)
{
    DWORD error = ERROR_INVALID_WINDOW_HANDLE;
    user_lock();
    struct window *window = window_find(handle);
    bool own = window && window->queue && window->queue->thread == GetCurrentThreadId();
    if (window && !own) error = ERROR_ACCESS_DENIED;
    bool already = own && window->destroying;
    if (own) {
        window->destroying = true;
        handle = window->handle;
    }
    user_unlock();
    if (!own) return user_fail(error);
    if (already) return TRUE;
    tell_parent(handle, WM_DESTROY);
    ShowWindow(handle, SW_HIDE);
    destroy_tree(handle);
    return TRUE;
}

// The children of a window of an ending thread may be another thread's: they stay, without a parent but the
// desktop.
void window_thread_exit(struct queue *queue)
{
    unsigned index = 0;
    struct window *window;
    while ((window = user_handle_next(&index, USER_WINDOW))) {
        if (window->queue != queue) continue;
        while (window->first_child) {
            struct window *child = window->first_child;
            unlink_window(child);
            link_window(child, desktop);
        }
        window_free(window);
    }
}

// ---- parents ----

HOTPATCH HWND WINAPI SetParent(HWND handle, HWND parent_handle)
{
    HWND old = NULL;
    DWORD error = ERROR_INVALID_WINDOW_HANDLE;
    if (!window_desktop() || !window_message_root()) return NULL;
    user_lock();
    struct window *window = window_find(handle);
    struct window *parent = parent_handle == HWND_MESSAGE ? message_root
                            : parent_handle               ? window_find(parent_handle)
                                                          : desktop;
    if (window && parent && window->parent) {
        const struct window *above = parent;
        while (above && above != window) above = above->parent;
        if (above) {
            error = ERROR_INVALID_PARAMETER; // it would be its own parent
        } else {
            old = window->parent->handle;
            unlink_window(window);
            link_window(window, parent);
        }
    }
    user_unlock();
    if (!old) SetLastError(error);
    return old;
}
