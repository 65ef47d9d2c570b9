// Windows: what there is of one without a screen.
#ifndef LOWLAND_USER32_WINDOW_H
#define LOWLAND_USER32_WINDOW_H

#include "class.h"

struct queue;
struct property;

struct window {
    HWND handle;
    struct class *class;
    struct queue *queue;               // of the thread that it belongs to; NULL: the two roots
    struct window *parent;             // a root for top-level and message-only windows
    struct window *first_child, *next; // in z order, topmost first
    HWND owner;
    DWORD style, ex_style;
    UINT_PTR id; // or the menu
    HINSTANCE instance;
    ULONG_PTR user_data;
    WNDPROC procedure;
    bool unicode; // procedure takes UTF-16
    RECT rect;    // in the parent's client area
    WCHAR *text;
    struct property *properties;
    bool destroying;
    DWORD process, thread;       // a console's window: one that is attached to it (console_window.c)
    struct window *next_console; // further ones known here
    BYTE extra[];
};

// The window of a handle, NULL when there is none. Under the lock; the pointer is good until it is given up.
struct window *window_find(HWND handle);

// The client area relative to the window's own corner.
RECT window_client_rect(const struct window *window);

// A window that this process has not made gets a place in its tree, below the desktop. NULL with the last
// error set. Under the lock.
struct window *window_adopt(HWND handle, const WCHAR *class_name);
// Takes a window out of the tree and frees it, telling nobody. Under the lock.
void window_free(struct window *window);

// Takes away the windows of an ending thread without telling their procedures, as Windows does. Under the
// lock.
void window_thread_exit(struct queue *queue);

// The roots of the two trees. Made at first use; false without memory.
HWND window_desktop(void);
HWND window_message_root(void);

#endif
