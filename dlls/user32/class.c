// Window classes: registering, finding, asking.
#include "class.h"
#include "console_window.h"
#include "procedure.h"
#include "window.h"

enum { EXTRA_MAX = 0xFFFF };

static struct class *classes;

static HINSTANCE program_if_null(HINSTANCE instance)
{
    return instance ? instance : GetModuleHandleW(NULL);
}

static struct class *find_atom(ATOM atom, HINSTANCE instance)
{
    for (struct class *class = classes; class; class = class->next)
        if (class->atom == atom && class->instance == instance && !class->system) return class;
    for (struct class *class = classes; class; class = class->next)
        if (class->atom == atom && class->style & CS_GLOBALCLASS) return class;
    return NULL;
}

struct class *class_find(const WCHAR *name, HINSTANCE instance)
{
    ATOM atom = user_atom_find(name);
    return atom ? find_atom(atom, program_if_null(instance)) : NULL;
}

static void free_menu(WCHAR *menu)
{
    if (!user_is_number(menu)) user_free(menu);
}

// The class enters the list unless there is one of the same name and module.
static ATOM enter(struct class *class)
{
    user_lock();
    for (const struct class *other = classes; other; other = other->next) {
        if (other->atom != class->atom || other->instance != class->instance) continue;
        user_unlock();
        free_menu(class->menu);
        user_free(class);
        SetLastError(ERROR_CLASS_ALREADY_EXISTS);
        return 0;
    }
    class->next = classes;
    classes = class;
    ATOM atom = class->atom;
    user_unlock();
    return atom;
}

// wanted has the texts as UTF-16; menu passes to the class.
static ATOM register_class(const WNDCLASSEXW *wanted, WCHAR *menu, bool unicode, bool system)
{
    ATOM atom = 0;
    if (wanted->cbClsExtra < 0 || wanted->cbWndExtra < 0 || wanted->cbClsExtra > EXTRA_MAX ||
        wanted->cbWndExtra > EXTRA_MAX || !wanted->lpfnWndProc)
        SetLastError(ERROR_INVALID_PARAMETER);
    else
        atom = user_atom_add(wanted->lpszClassName);
    struct class *class = atom ? user_alloc(sizeof(*class) + (SIZE_T)wanted->cbClsExtra) : NULL;
    if (!class) {
        free_menu(menu);
        return 0;
    }
    class->atom = atom;
    class->instance = program_if_null(wanted->hInstance);
    class->style = wanted->style;
    class->procedure = procedure_resolve(wanted->lpfnWndProc, &unicode);
    class->unicode = unicode;
    class->system = system;
    class->class_extra = wanted->cbClsExtra;
    class->window_extra = wanted->cbWndExtra;
    class->icon = wanted->hIcon;
    class->small_icon = wanted->hIconSm;
    class->cursor = wanted->hCursor;
    class->background = wanted->hbrBackground;
    class->menu = menu;
    return enter(class);
}

HOTPATCH ATOM WINAPI RegisterClassExW(const WNDCLASSEXW *class)
{
    if (class->cbSize != sizeof(*class) || !class->lpszClassName)
        return (ATOM)user_fail(ERROR_INVALID_PARAMETER);
    const WCHAR *menu = class->lpszMenuName;
    WCHAR *copy = user_is_number(menu) ? (WCHAR *)menu : user_copy_text(menu);
    return register_class(class, copy, true, false);
}

HOTPATCH ATOM WINAPI RegisterClassExA(const WNDCLASSEXA *class)
{
    WNDCLASSEXW wide;
    if (class->cbSize != sizeof(*class) || !class->lpszClassName)
        return (ATOM)user_fail(ERROR_INVALID_PARAMETER);
    memcpy(&wide, class, sizeof(wide));
    WCHAR *name = NULL, *menu = (WCHAR *)class->lpszMenuName;
    if (!user_is_number(class->lpszClassName))
        wide.lpszClassName = name = user_wide_text(class->lpszClassName);
    if (!user_is_number(menu)) menu = user_wide_text(class->lpszMenuName);
    ATOM atom = wide.lpszClassName ? register_class(&wide, menu, false, false) : 0;
    user_free(name);
    return atom;
}

// The older structures are the newer ones without size and small icon.
HOTPATCH ATOM WINAPI RegisterClassW(const WNDCLASSW *class)
{
    WNDCLASSEXW extended = {.cbSize = sizeof(extended)};
    memcpy(&extended.style, class, sizeof(*class));
    return RegisterClassExW(&extended);
}

HOTPATCH ATOM WINAPI RegisterClassA(const WNDCLASSA *class)
{
    WNDCLASSEXA extended = {.cbSize = sizeof(extended)};
    memcpy(&extended.style, class, sizeof(*class));
    return RegisterClassExA(&extended);
}

HOTPATCH BOOL WINAPI UnregisterClassW(const WCHAR *name, HINSTANCE instance)
{
    DWORD error = ERROR_CLASS_DOES_NOT_EXIST;
    user_lock();
    struct class *class = class_find(name, instance);
    if (class && !class->system) {
        error = class->windows ? ERROR_CLASS_HAS_WINDOWS : ERROR_SUCCESS;
        struct class **link = &classes;
        while (!error && *link != class) link = &(*link)->next;
        if (!error) *link = class->next;
    }
    user_unlock();
    if (error) return user_fail(error);
    free_menu(class->menu);
    user_free(class);
    return TRUE;
}

HOTPATCH BOOL WINAPI UnregisterClassA(const char *name, HINSTANCE instance)
{
    if (user_is_number(name)) return UnregisterClassW((const WCHAR *)name, instance);
    WCHAR *wide = user_wide_text(name);
    BOOL done = wide && UnregisterClassW(wide, instance);
    user_free(wide);
    return done;
}

// Fills all but the name, which is the caller's pointer, and the menu. The class's atom; 0 with the last
// error set.
static ATOM class_info(const WCHAR *name, HINSTANCE instance, bool unicode, WNDCLASSEXW *info)
{
    user_lock();
    const struct class *class = class_find(name, instance);
    ATOM atom = class ? class->atom : 0;
    if (class) {
        info->style = class->style;
        info->lpfnWndProc = procedure_shown(class->procedure, class->unicode, unicode);
        info->cbClsExtra = class->class_extra;
        info->cbWndExtra = class->window_extra;
        info->hInstance = class->system ? NULL : instance;
        info->hIcon = class->icon;
        info->hIconSm = class->small_icon;
        info->hCursor = class->cursor;
        info->hbrBackground = class->background;
        info->lpszMenuName = class->menu;
    }
    user_unlock();
    if (!atom) SetLastError(ERROR_CLASS_DOES_NOT_EXIST);
    return atom;
}

HOTPATCH BOOL WINAPI GetClassInfoExW(HINSTANCE instance, const WCHAR *name, WNDCLASSEXW *info)
{
    ATOM atom = class_info(name, instance, true, info);
    if (atom) info->lpszClassName = name;
    return atom;
}

HOTPATCH BOOL WINAPI GetClassInfoExA(HINSTANCE instance, const char *name, WNDCLASSEXA *info)
{
    WCHAR *wide = user_is_number(name) ? (WCHAR *)name : user_wide_text(name);
    ATOM atom = wide ? class_info(wide, instance, false, (WNDCLASSEXW *)info) : 0;
    if (atom) {
        info->lpszClassName = name;
        // A menu's name as ANSI would need a text of the class's own: only numbers are told.
        if (!user_is_number(info->lpszMenuName)) info->lpszMenuName = NULL;
    }
    if (!user_is_number(wide)) user_free(wide);
    return atom;
}

HOTPATCH int WINAPI GetClassNameW(HWND handle, WCHAR *buffer, int size)
{
    user_lock();
    const struct window *window = window_find(handle);
    ATOM atom = window ? window->class->atom : 0;
    user_unlock();
    if (!atom || size <= 0) return 0;
    WCHAR name[USER_ATOM_NAME_MAX + 1];
    if (!user_atom_name(atom, name)) return 0;
    lstrcpynW(buffer, name, size);
    return lstrlenW(buffer);
}

HOTPATCH int WINAPI GetClassNameA(HWND handle, char *buffer, int size)
{
    WCHAR wide[256];
    if (!GetClassNameW(handle, wide, ARRAY_LENGTH(wide)) || size <= 0) return 0;
    char text[3 * 256];
    WideCharToMultiByte(CP_ACP, 0, wide, -1, text, sizeof(text), NULL, NULL);
    lstrcpynA(buffer, text, size);
    return lstrlenA(buffer);
}

// ---- class longs ----

// The DWORD of a class that an index names; NULL with the last error set.
static DWORD *class_long(struct class *class, int index)
{
    switch (index) {
    case GCL_STYLE: return (DWORD *)&class->style;
    case GCL_CBCLSEXTRA: return (DWORD *)&class->class_extra;
    case GCL_CBWNDEXTRA: return (DWORD *)&class->window_extra;
    case GCL_HICON: return (DWORD *)&class->icon;
    case GCL_HICONSM: return (DWORD *)&class->small_icon;
    case GCL_HCURSOR: return (DWORD *)&class->cursor;
    case GCL_HBRBACKGROUND: return (DWORD *)&class->background;
    case GCL_HMODULE: return (DWORD *)&class->instance;
    }
    if (index >= 0 && index + (int)sizeof(DWORD) <= class->class_extra)
        return (DWORD *)(class->extra + index);
    SetLastError(ERROR_INVALID_INDEX);
    return NULL;
}

static DWORD access_class(HWND handle, int index, const DWORD *value, bool unicode)
{
    DWORD result = 0;
    user_lock();
    const struct window *window = window_find(handle);
    struct class *class = window ? window->class : NULL;
    if (!window) {
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    } else if (index == GCL_WNDPROC) {
        result = (DWORD)(ULONG_PTR)procedure_shown(class->procedure, class->unicode, unicode);
        if (value) {
            class->unicode = unicode;
            class->procedure = procedure_resolve((WNDPROC)(ULONG_PTR)*value, &class->unicode);
        }
    } else if (index == GCW_ATOM) {
        result = class->atom;
    } else {
        DWORD *place = class_long(class, index);
        if (place) result = *place;
        if (place && value) *place = *value;
    }
    user_unlock();
    return result;
}

HOTPATCH DWORD WINAPI GetClassLongW(HWND window, int index)
{
    return access_class(window, index, NULL, true);
}

HOTPATCH DWORD WINAPI GetClassLongA(HWND window, int index)
{
    return access_class(window, index, NULL, false);
}

HOTPATCH DWORD WINAPI SetClassLongW(HWND window, int index, LONG value)
{
    return access_class(window, index, (const DWORD *)&value, true);
}

HOTPATCH DWORD WINAPI SetClassLongA(HWND window, int index, LONG value)
{
    return access_class(window, index, (const DWORD *)&value, false);
}

bool class_init(HINSTANCE module)
{
    const WNDCLASSEXW own[] = {
        {.lpszClassName = CLASS_DESKTOP, .style = CS_GLOBALCLASS | CS_DBLCLKS},
        {.lpszClassName = CLASS_MESSAGE, .style = CS_GLOBALCLASS},
        {.lpszClassName = CLASS_CONSOLE, .style = CS_GLOBALCLASS, .lpfnWndProc = console_window_procedure},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(own); i++) {
        WNDCLASSEXW class = own[i];
        if (!class.lpfnWndProc) class.lpfnWndProc = DefWindowProcW;
        class.hInstance = module;
        if (!register_class(&class, NULL, true, true)) return false;
    }
    return true;
}
