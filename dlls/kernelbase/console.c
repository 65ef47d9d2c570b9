// The console as a whole: modes, code pages, title, attaching, and its handles.
#include "console.h"

HOTPATCH BOOL WINAPI GetConsoleMode(HANDLE console, DWORD *mode)
{
    ULONG value = 0;
    if (!bool_from_status(ConsoleGetMode(resolve_standard_handle(console), &value))) return FALSE;
    *mode = value;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleMode(HANDLE console, DWORD mode)
{
    return bool_from_status(ConsoleSetMode(resolve_standard_handle(console), mode));
}

// 0 without a console.
HOTPATCH UINT WINAPI GetConsoleCP(void)
{
    return console_required() ? ConsoleGetCodePage(FALSE) : 0;
}

HOTPATCH UINT WINAPI GetConsoleOutputCP(void)
{
    return console_required() ? ConsoleGetCodePage(TRUE) : 0;
}

HOTPATCH BOOL WINAPI SetConsoleCP(UINT code_page)
{
    return console_required() && bool_from_status(ConsoleSetCodePage(FALSE, code_page));
}

HOTPATCH BOOL WINAPI SetConsoleOutputCP(UINT code_page)
{
    return console_required() && bool_from_status(ConsoleSetCodePage(TRUE, code_page));
}

// ---- title ----

HOTPATCH BOOL WINAPI SetConsoleTitleW(const WCHAR *title)
{
    return console_required() &&
           bool_from_status(ConsoleSetTitle(title, (ULONG)(wide_length(title) * sizeof(WCHAR))));
}

HOTPATCH BOOL WINAPI SetConsoleTitleA(const char *title)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(title);
    return wide && SetConsoleTitleW(wide);
}

HOTPATCH DWORD WINAPI GetConsoleTitleW(WCHAR *buffer, DWORD size)
{
    ULONG units = 0;
    if (!size || !console_required()) return 0;
    if (!bool_from_status(ConsoleGetTitle(buffer, (size - 1) * sizeof(WCHAR), &units))) return 0;
    buffer[units < size ? units : size - 1] = 0;
    return units;
}

HOTPATCH DWORD WINAPI GetConsoleTitleA(char *buffer, DWORD size)
{
    AUTO_FREE WCHAR *wide = heap_alloc((size + 1) * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetConsoleTitleW(wide, size);
    return ansi_from_wide(buffer, size, wide, wide_length(wide)) < size ? length : 0;
}

// The title that the process was started with. The whole length, however much of it fits.
HOTPATCH DWORD WINAPI GetConsoleOriginalTitleW(WCHAR *buffer, DWORD size)
{
    const UNICODE_STRING *title = &current_parameters()->WindowTitle;
    DWORD length = title->Length / sizeof(WCHAR), n = length < size ? length : size - 1;
    if (!size) return 0;
    memcpy(buffer, title->Buffer, n * sizeof(WCHAR));
    buffer[n] = 0;
    return length;
}

HOTPATCH DWORD WINAPI GetConsoleOriginalTitleA(char *buffer, DWORD size)
{
    const UNICODE_STRING *title = &current_parameters()->WindowTitle;
    DWORD length = title->Length / sizeof(WCHAR);
    if (!size) return 0;
    return ansi_from_wide(buffer, size, title->Buffer, length) < size ? length : 0;
}

HOTPATCH BOOL WINAPI VerifyConsoleIoHandle(HANDLE handle)
{
    ULONG mode;
    return NT_SUCCESS(ConsoleGetMode(handle, &mode));
}

HOTPATCH BOOL WINAPI GetNumberOfConsoleMouseButtons(DWORD *count)
{
    *count = 0;
    return TRUE;
}
