// The windows of consoles. What there is of one lies in its console's memory; a stand-in brings it among this
// process's windows, and is brought up to date whenever it is looked for.
#include "console_window.h"
#include "nonclient.h"
#include "user32.h"

// Handles of consoles begin here, above those that a process makes itself (handle.c).
enum { FIRST = 0x8000, WINDOWS_MAX = 1024, TITLE_MAX = 1024 };

static struct window *known;

// Under the lock, like all that follows.
static bool refresh(struct window *window)
{
    RECT client;
    ULONG units = 0;
    if (UserConsoleWindow(window->handle, &window->process, &window->thread, &window->style, &client) < 0 ||
        UserConsoleTitle(window->handle, window->text, TITLE_MAX * sizeof(WCHAR), &units) < 0)
        return false;
    window->text[units < TITLE_MAX ? units : TITLE_MAX] = 0;
    RECT margins = nonclient_margins(window->style, window->ex_style, FALSE);
    client.right += margins.left + margins.right;
    client.bottom += margins.top + margins.bottom;
    window->rect = client;
    return true;
}

static void forget(struct window *window)
{
    struct window **link = &known;
    while (*link && *link != window) link = &(*link)->next_console;
    if (*link) *link = window->next_console;
    window_free(window);
}

static struct window *adopt(HWND handle)
{
    RECT client;
    DWORD process, thread, style;
    if (UserConsoleWindow(handle, &process, &thread, &style, &client) < 0) return NULL;
    struct window *window = window_adopt(handle, CLASS_CONSOLE);
    if (!window) return NULL;
    window->ex_style = WS_EX_WINDOWEDGE;
    window->next_console = known;
    known = window;
    window->text = user_alloc((TITLE_MAX + 1) * sizeof(WCHAR));
    return window;
}

struct window *console_window_find(HWND handle)
{
    if (((ULONG_PTR)handle & 0xFFFF) < FIRST) return NULL;
    struct window *window = known;
    while (window && window->handle != handle) window = window->next_console;
    if (!window) window = adopt(handle);
    if (!window || (window->text && refresh(window))) return window;
    forget(window);
    return NULL;
}

unsigned console_windows_update(void)
{
    ULONG count = 0;
    ULONG *list = user_alloc(WINDOWS_MAX * sizeof(*list));
    for (struct window *window = known, *next; window; window = next) {
        next = window->next_console;
        if (!refresh(window)) forget(window);
    }
    if (list && UserConsoleWindows(list, WINDOWS_MAX, &count) < 0) count = 0;
    for (ULONG i = 0; i < count; i++) console_window_find((HWND)(ULONG_PTR)list[i]);
    user_free(list);
    unsigned n = 0;
    for (const struct window *window = known; window; window = window->next_console) n++;
    return n;
}

void console_window_store(const struct window *window)
{
    if (window->process)
        UserSetConsoleWindow(window->handle, window->style, window->rect.left, window->rect.top);
}

// The title is the program's own to set; closing ends the processes attached, as long as they let it.
LRESULT CALLBACK console_window_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_SETTEXT:
        return window == GetConsoleWindow() && SetConsoleTitleW(lparam ? (const WCHAR *)lparam : L"");
    case WM_CLOSE: UserCloseConsole(window); return 0;
    default: return DefWindowProcW(window, message, wparam, lparam);
    }
}
