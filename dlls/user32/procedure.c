// Window procedures and their alphabets: messages with texts are translated between ANSI and UTF-16.
#include "procedure.h"

// Values of procedures shown to the other alphabet: FFFF0000h and a number, where no code can be.
#define SHOWN 0xFFFF0000u
enum { SHOWN_MAX = 4096 };

static struct shown {
    WNDPROC procedure;
    bool unicode;
} * shown;
static unsigned count;

WNDPROC procedure_shown(WNDPROC procedure, bool procedure_unicode, bool caller_unicode)
{
    if (procedure_unicode == caller_unicode) return procedure;
    for (unsigned i = 0; i < count; i++)
        if (shown[i].procedure == procedure && shown[i].unicode == procedure_unicode)
            return (WNDPROC)(SHOWN | i);
    if (!shown) shown = user_alloc(SHOWN_MAX * sizeof(*shown));
    if (!shown || count == SHOWN_MAX) return procedure;
    shown[count] = (struct shown){procedure, procedure_unicode};
    return (WNDPROC)(SHOWN | count++);
}

WNDPROC procedure_resolve(WNDPROC value, bool *unicode)
{
    unsigned number = (unsigned)(ULONG_PTR)value & 0xFFFF;
    if (((ULONG_PTR)value & SHOWN) != SHOWN || number >= count) return value;
    *unicode = shown[number].unicode;
    return shown[number].procedure;
}

// ---- messages with texts, for a procedure of the other alphabet ----

struct call {
    WNDPROC procedure;
    HWND window;
    UINT message;
    WPARAM wparam;
    bool to_unicode;
};

static LRESULT invoke(const struct call *call, WPARAM wparam, LPARAM lparam)
{
    return call->procedure(call->window, call->message, wparam, lparam);
}

// The text in the procedure's alphabet: allocated.
static void *translate_text(const void *text, bool to_unicode)
{
    if (to_unicode) return user_wide_text(text);
    int size = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    char *ansi = user_alloc((SIZE_T)size);
    if (ansi) WideCharToMultiByte(CP_ACP, 0, text, -1, ansi, size, NULL, NULL);
    return ansi;
}

static LRESULT call_set_text(const struct call *call, LPARAM lparam)
{
    if (!lparam) return invoke(call, call->wparam, 0);
    void *text = translate_text((const void *)lparam, call->to_unicode);
    if (!text) return FALSE;
    LRESULT result = invoke(call, call->wparam, (LPARAM)text);
    user_free(text);
    return result;
}

// The caller's buffer has wparam units; the procedure gets one of as many of its own.
static LRESULT call_get_text(const struct call *call, LPARAM lparam)
{
    SIZE_T units = call->wparam;
    if (!units || !lparam) return invoke(call, call->wparam, lparam);
    void *buffer = user_alloc((units + 1) * sizeof(WCHAR));
    if (!buffer) return 0;
    LRESULT length = invoke(call, units, (LPARAM)buffer);
    int copied = 0;
    if (length > 0 && call->to_unicode) {
        copied =
            WideCharToMultiByte(CP_ACP, 0, buffer, (int)length, (char *)lparam, (int)units - 1, NULL, NULL);
        // Cut off where it got too long.
        if (!copied && units > 1) copied = (int)units - 1;
        ((char *)lparam)[copied] = 0;
    } else if (length > 0) {
        copied = MultiByteToWideChar(CP_ACP, 0, buffer, (int)length, (WCHAR *)lparam, (int)units - 1);
        ((WCHAR *)lparam)[copied] = 0;
    } else if (call->to_unicode) {
        *(char *)lparam = 0;
    } else {
        *(WCHAR *)lparam = 0;
    }
    user_free(buffer);
    return copied;
}

static LRESULT call_create(const struct call *call, LPARAM lparam)
{
    CREATESTRUCTW create = *(const CREATESTRUCTW *)lparam; // of one layout with the ANSI one
    void *name = NULL, *class = NULL;
    if (!user_is_number(create.lpszName))
        create.lpszName = name = translate_text(create.lpszName, call->to_unicode);
    if (!user_is_number(create.lpszClass))
        create.lpszClass = class = translate_text(create.lpszClass, call->to_unicode);
    LRESULT result = invoke(call, call->wparam, (LPARAM)&create);
    user_free(name);
    user_free(class);
    return result;
}

static LRESULT call_character(const struct call *call, LPARAM lparam)
{
    if (call->to_unicode) {
        char byte = (char)call->wparam;
        WCHAR unit = 0;
        MultiByteToWideChar(CP_ACP, 0, &byte, 1, &unit, 1);
        return invoke(call, unit, lparam);
    }
    WCHAR unit = (WCHAR)call->wparam;
    char bytes[2] = {0, 0};
    int n = WideCharToMultiByte(CP_ACP, 0, &unit, 1, bytes, 2, NULL, NULL);
    // A character of two bytes comes as two messages.
    if (n == 2) {
        invoke(call, (BYTE)bytes[0], lparam);
        bytes[0] = bytes[1];
    }
    return invoke(call, (BYTE)bytes[0], lparam);
}

LRESULT procedure_call(WNDPROC procedure, bool procedure_unicode, HWND window, UINT message, WPARAM wparam,
                       LPARAM lparam, bool caller_unicode)
{
    const struct call call = {procedure, window, message, wparam, procedure_unicode};
    if (procedure_unicode == caller_unicode) return procedure(window, message, wparam, lparam);
    switch (message) {
    case WM_SETTEXT:
    case WM_SETTINGCHANGE: return call_set_text(&call, lparam);
    case WM_GETTEXT: return call_get_text(&call, lparam);
    case WM_NCCREATE:
    case WM_CREATE: return call_create(&call, lparam);
    case WM_CHAR:
    case WM_DEADCHAR:
    case WM_SYSCHAR:
    case WM_SYSDEADCHAR: return call_character(&call, lparam);
    default: return procedure(window, message, wparam, lparam);
    }
}

static LRESULT call_window(WNDPROC value, HWND window, UINT message, WPARAM wparam, LPARAM lparam,
                           bool unicode)
{
    bool procedure_unicode = unicode;
    if (!value) return 0;
    user_lock();
    WNDPROC procedure = procedure_resolve(value, &procedure_unicode);
    user_unlock();
    return procedure_call(procedure, procedure_unicode, window, message, wparam, lparam, unicode);
}

HOTPATCH LRESULT WINAPI CallWindowProcW(WNDPROC procedure, HWND window, UINT message, WPARAM wparam,
                                        LPARAM lparam)
{
    return call_window(procedure, window, message, wparam, lparam, true);
}

HOTPATCH LRESULT WINAPI CallWindowProcA(WNDPROC procedure, HWND window, UINT message, WPARAM wparam,
                                        LPARAM lparam)
{
    return call_window(procedure, window, message, wparam, lparam, false);
}
