// DefWindowProc: what windows do with messages that their procedures leave. Without a screen: texts, closing,
// and the messages that others follow from.
#include "nonclient.h"
#include "window.h"

static LRESULT set_text(HWND handle, const WCHAR *text)
{
    WCHAR *copy = user_copy_text(text ? text : L"");
    if (!copy) return FALSE;
    user_lock();
    struct window *window = window_find(handle);
    WCHAR *old = copy;
    if (window) {
        old = window->text;
        window->text = copy;
    }
    user_unlock();
    user_free(old);
    return window != NULL;
}

// A copy of the window's text, never NULL but without memory.
static WCHAR *get_text(HWND handle)
{
    user_lock();
    const struct window *window = window_find(handle);
    WCHAR *copy = user_copy_text(window && window->text ? window->text : L"");
    user_unlock();
    return copy;
}

static LRESULT give_text(HWND handle, WPARAM size, WCHAR *buffer)
{
    WCHAR *text = size ? get_text(handle) : NULL;
    if (!text) return 0;
    lstrcpynW(buffer, text, (int)size);
    user_free(text);
    return lstrlenW(buffer);
}

static LRESULT text_length(HWND handle)
{
    WCHAR *text = get_text(handle);
    LRESULT length = text ? lstrlenW(text) : 0;
    user_free(text);
    return length;
}

// The place that a window came to, as the two messages that most programs look at.
static void tell_place(HWND handle, const WINDOWPOS *pos)
{
    RECT client, margins;
    user_lock();
    const struct window *window = window_find(handle);
    POINT at = {0, 0};
    if (window) {
        client = window_client_rect(window);
        margins = nonclient_margins(window->style, window->ex_style, FALSE);
        at = (POINT){window->rect.left + margins.left, window->rect.top + margins.top};
    }
    user_unlock();
    if (!window) return;
    if (!(pos->flags & SWP_NOMOVE)) SendMessageW(handle, WM_MOVE, 0, MAKELPARAM(at.x, at.y));
    if (pos->flags & SWP_NOSIZE) return;
    WPARAM kind = IsIconic(handle) ? SIZE_MINIMIZED : IsZoomed(handle) ? SIZE_MAXIMIZED : SIZE_RESTORED;
    SendMessageW(handle, WM_SIZE, kind, MAKELPARAM(client.right, client.bottom));
}

static void calculate_client(HWND handle, RECT *rect)
{
    user_lock();
    const struct window *window = window_find(handle);
    RECT margins = window ? nonclient_margins(window->style, window->ex_style, FALSE) : (RECT){};
    user_unlock();
    rect->left += margins.left;
    rect->top += margins.top;
    rect->right -= margins.right;
    rect->bottom -= margins.bottom;
}

// What needs no text.
static LRESULT common(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_CLOSE: DestroyWindow(window); return 0;
    case WM_SYSCOMMAND:
        if ((wparam & 0xFFF0) == SC_CLOSE) SendMessageW(window, WM_CLOSE, 0, 0);
        return 0;
    case WM_QUERYOPEN:
    case WM_QUERYENDSESSION: return TRUE;
    case WM_NCCALCSIZE: calculate_client(window, (RECT *)lparam); return 0;
    case WM_WINDOWPOSCHANGED: tell_place(window, (const WINDOWPOS *)lparam); return 0;
    case WM_NOTIFYFORMAT: return lparam == NF_QUERY ? (IsWindowUnicode(window) ? NFR_UNICODE : NFR_ANSI) : 0;
    case WM_MOUSEACTIVATE: return MA_ACTIVATE;
    case WM_VKEYTOITEM:
    case WM_CHARTOITEM: return -1;
    default: return 0;
    }
}

HOTPATCH LRESULT WINAPI DefWindowProcW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_NCCREATE: {
        const CREATESTRUCTW *create = (const CREATESTRUCTW *)lparam;
        // A number in the name's place is that of a resource: it has no text.
        set_text(window, user_is_number(create->lpszName) ? NULL : create->lpszName);
        return TRUE;
    }
    case WM_SETTEXT: return set_text(window, (const WCHAR *)lparam);
    case WM_GETTEXT: return give_text(window, wparam, (WCHAR *)lparam);
    case WM_GETTEXTLENGTH: return text_length(window);
    default: return common(window, message, wparam, lparam);
    }
}

static LRESULT give_ansi_text(HWND handle, WPARAM size, char *buffer)
{
    WCHAR *text = size ? get_text(handle) : NULL;
    if (!text) return 0;
    int needed = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    char *ansi = user_alloc((SIZE_T)needed);
    if (ansi) {
        WideCharToMultiByte(CP_ACP, 0, text, -1, ansi, needed, NULL, NULL);
        lstrcpynA(buffer, ansi, (int)size);
    }
    user_free(ansi);
    user_free(text);
    return ansi ? lstrlenA(buffer) : 0;
}

HOTPATCH LRESULT WINAPI DefWindowProcA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_NCCREATE:
    case WM_SETTEXT: {
        const char *text = message == WM_SETTEXT ? (const char *)lparam : ((CREATESTRUCTA *)lparam)->lpszName;
        WCHAR *wide = user_is_number(text) ? NULL : user_wide_text(text);
        LRESULT result = set_text(window, wide);
        user_free(wide);
        return result;
    }
    case WM_GETTEXT: return give_ansi_text(window, wparam, (char *)lparam);
    case WM_GETTEXTLENGTH: {
        WCHAR *text = get_text(window);
        int length = text ? WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL) - 1 : 0;
        user_free(text);
        return length;
    }
    default: return common(window, message, wparam, lparam);
    }
}
