// The clipboard: who has it open, who owns it, and its formats in the order they were placed. Like windows,
// it is the process's own. Text placed in one form is there in the other two as well.
#include "clipboard.h"
#include "window.h"

struct format {
    struct format *next;
    UINT number;
    HANDLE data; // NULL: its owner renders it when it is asked for
    bool synthesized;
};

static struct format *formats;
static HWND owner, opener;
static DWORD open_thread; // 0: nobody has it open
static DWORD sequence;

static bool is_open_here(void)
{
    return open_thread == GetCurrentThreadId();
}

static struct format **place_of(UINT number)
{
    struct format **place = &formats;
    while (*place && (*place)->number != number) place = &(*place)->next;
    return place;
}

static bool is_text(UINT number)
{
    return number == CF_TEXT || number == CF_OEMTEXT || number == CF_UNICODETEXT;
}

static UINT code_page(UINT number)
{
    return number == CF_OEMTEXT ? CP_OEMCP : CP_ACP;
}

// The text format that another is made from: what was placed first of them. NULL without text.
static const struct format *text_source(void)
{
    for (const struct format *format = formats; format; format = format->next)
        if (is_text(format->number) && !format->synthesized) return format;
    return NULL;
}

// A program's private formats, and handles of GDI objects, are not blocks of memory that the clipboard may
// free: the owner frees the former when it is told that the clipboard is emptied.
static bool is_memory(UINT number)
{
    switch (number) {
    case CF_BITMAP:
    case CF_DSPBITMAP:
    case CF_PALETTE:
    case CF_ENHMETAFILE:
    case CF_DSPENHMETAFILE: return false;
    default: return number < CF_PRIVATEFIRST || number > CF_GDIOBJLAST;
    }
}

static void free_data(UINT number, HANDLE data)
{
    if (data && is_memory(number)) GlobalFree(data);
}

HOTPATCH BOOL WINAPI OpenClipboard(HWND window)
{
    BOOL ok = TRUE;
    DWORD thread = GetCurrentThreadId();
    user_lock();
    if (window && !window_find(window))
        ok = user_fail(ERROR_INVALID_WINDOW_HANDLE);
    else if (open_thread && (open_thread != thread || opener != window))
        ok = user_fail(ERROR_ACCESS_DENIED);
    else
        open_thread = thread, opener = window;
    user_unlock();
    return ok;
}

HOTPATCH BOOL WINAPI CloseClipboard(void)
{
    BOOL ok = TRUE;
    user_lock();
    if (is_open_here())
        open_thread = 0, opener = NULL;
    else
        ok = user_fail(ERROR_CLIPBOARD_NOT_OPEN);
    user_unlock();
    return ok;
}

void clipboard_thread_exit(void)
{
    user_lock();
    if (is_open_here()) open_thread = 0, opener = NULL;
    user_unlock();
}

HOTPATCH BOOL WINAPI EmptyClipboard(void)
{
    user_lock();
    if (!is_open_here()) {
        user_unlock();
        return user_fail(ERROR_CLIPBOARD_NOT_OPEN);
    }
    HWND old_owner = owner;
    user_unlock();
    // The owner is told while its data is still there; nobody else changes it while it is open here.
    if (old_owner) SendMessageW(old_owner, WM_DESTROYCLIPBOARD, 0, 0);
    user_lock();
    struct format *old = formats;
    formats = NULL;
    owner = opener;
    sequence++;
    user_unlock();
    while (old) {
        struct format *next = old->next;
        free_data(old->number, old->data);
        user_free(old);
        old = next;
    }
    return TRUE;
}

// Puts data in the place of a format, at the end where it is new. False with the last error set. Under the
// lock.
static bool place(UINT number, HANDLE data, bool synthesized, HANDLE *replaced)
{
    struct format **at = place_of(number);
    if (!*at) {
        *at = user_alloc(sizeof(**at));
        if (!*at) return false;
        (*at)->number = number;
    }
    *replaced = (*at)->data != data ? (*at)->data : NULL;
    (*at)->data = data;
    (*at)->synthesized = synthesized;
    return true;
}

// While a format is rendered for WM_RENDERFORMAT its owner places it without opening the clipboard.
HOTPATCH HANDLE WINAPI SetClipboardData(UINT number, HANDLE data)
{
    HANDLE replaced = NULL;
    bool ok;
    user_lock();
    if (!open_thread || (!is_open_here() && !owner))
        ok = user_fail(ERROR_CLIPBOARD_NOT_OPEN);
    else if (!number || (!data && !owner))
        ok = user_fail(ERROR_INVALID_PARAMETER);
    else
        ok = place(number, data, false, &replaced);
    sequence += ok;
    user_unlock();
    free_data(number, replaced);
    return ok ? data : NULL;
}

// The UTF-16 of a placed text. Its program may have left out the NUL: no more is read than its block has.
// NULL with the last error set.
static WCHAR *wide_of(UINT number, HANDLE data)
{
    const void *text = GlobalLock(data);
    if (!text) return NULL;
    SIZE_T size = GlobalSize(data);
    WCHAR *wide = user_alloc((size + 1) * sizeof(WCHAR)); // a byte makes at most one unit
    if (wide && number == CF_UNICODETEXT)
        memcpy(wide, text, size & ~(SIZE_T)1);
    else if (wide && size)
        MultiByteToWideChar(code_page(number), 0, text, (int)size, wide, (int)size);
    GlobalUnlock(data);
    return wide;
}

// The wide or narrow form of a text with its NUL; a movable block, NULL with the last error set.
static HANDLE convert_text(UINT from, HANDLE data, UINT to)
{
    WCHAR *wide = wide_of(from, data);
    if (!wide) return NULL;
    bool narrow = to != CF_UNICODETEXT;
    SIZE_T size = narrow ? (SIZE_T)WideCharToMultiByte(code_page(to), 0, wide, -1, NULL, 0, NULL, NULL)
                         : (wcslen(wide) + 1) * sizeof(WCHAR);
    HANDLE result = GlobalAlloc(GMEM_MOVEABLE, size);
    void *target = result ? GlobalLock(result) : NULL;
    if (target && narrow)
        WideCharToMultiByte(code_page(to), 0, wide, -1, target, (int)size, NULL, NULL);
    else if (target)
        memcpy(target, wide, size);
    if (target) GlobalUnlock(result);
    user_free(wide);
    return result;
}

// The data of a format that was placed, rendered by the owner if need be.
static HANDLE placed_data(UINT number)
{
    user_lock();
    const struct format *format = *place_of(number);
    HANDLE data = format ? format->data : NULL;
    HWND renderer = format && !data ? owner : NULL;
    user_unlock();
    if (!renderer) return data;
    SendMessageW(renderer, WM_RENDERFORMAT, number, 0);
    user_lock();
    format = *place_of(number);
    data = format ? format->data : NULL;
    user_unlock();
    return data;
}

static HANDLE synthesized_text(UINT number)
{
    user_lock();
    const struct format *source = is_text(number) ? text_source() : NULL;
    UINT from = source ? source->number : 0;
    user_unlock();
    HANDLE data = from ? placed_data(from) : NULL;
    if (!data) return NULL;
    HANDLE made = convert_text(from, data, number), replaced = NULL;
    if (!made) return NULL;
    user_lock();
    bool ok = place(number, made, true, &replaced);
    user_unlock();
    if (replaced) GlobalFree(replaced);
    if (!ok) GlobalFree(made);
    return ok ? made : NULL;
}

HOTPATCH HANDLE WINAPI GetClipboardData(UINT number)
{
    user_lock();
    bool here = is_open_here(), there = *place_of(number);
    user_unlock();
    if (!here) {
        SetLastError(ERROR_CLIPBOARD_NOT_OPEN);
        return NULL;
    }
    return there ? placed_data(number) : synthesized_text(number);
}

HOTPATCH BOOL WINAPI IsClipboardFormatAvailable(UINT number)
{
    user_lock();
    BOOL there = *place_of(number) || (is_text(number) && text_source());
    user_unlock();
    return there;
}

// The format at a place in the order: the placed ones, then texts that can be made of one. 0 at the end.
static UINT format_at(UINT index)
{
    static const UINT texts[] = {CF_UNICODETEXT, CF_TEXT, CF_OEMTEXT};
    for (const struct format *format = formats; format; format = format->next)
        if (!index--) return format->number;
    for (UINT i = 0; text_source() && i < ARRAY_LENGTH(texts); i++)
        if (!*place_of(texts[i]) && !index--) return texts[i];
    return 0;
}

HOTPATCH int WINAPI CountClipboardFormats(void)
{
    UINT count = 0;
    user_lock();
    while (format_at(count)) count++;
    user_unlock();
    return (int)count;
}

HOTPATCH UINT WINAPI EnumClipboardFormats(UINT number)
{
    UINT index = 0, found;
    user_lock();
    bool here = is_open_here();
    while (number && (found = format_at(index++)) && found != number)
        ;
    found = here ? format_at(index) : 0;
    user_unlock();
    SetLastError(here ? ERROR_SUCCESS : ERROR_CLIPBOARD_NOT_OPEN);
    return found;
}

HOTPATCH int WINAPI GetPriorityClipboardFormat(UINT *list, int count)
{
    if (!CountClipboardFormats()) return 0;
    for (int i = 0; i < count; i++)
        if (IsClipboardFormatAvailable(list[i])) return (int)list[i];
    return -1;
}

HOTPATCH HWND WINAPI GetClipboardOwner(void)
{
    user_lock();
    HWND window = owner && window_find(owner) ? owner : NULL;
    user_unlock();
    return window;
}

HOTPATCH HWND WINAPI GetOpenClipboardWindow(void)
{
    user_lock();
    HWND window = open_thread ? opener : NULL;
    user_unlock();
    return window;
}

HOTPATCH DWORD WINAPI GetClipboardSequenceNumber(void)
{
    user_lock();
    DWORD number = sequence;
    user_unlock();
    return number;
}
