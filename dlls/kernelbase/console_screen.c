// The console's screen: size, window, cursor, colours, and further screen buffers.
#include "console.h"

HOTPATCH BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE console, CONSOLE_SCREEN_BUFFER_INFO *info)
{
    return bool_from_status(ConsoleGetScreenInfo(resolve_standard_handle(console), info));
}

HOTPATCH BOOL WINAPI GetConsoleScreenBufferInfoEx(HANDLE console, CONSOLE_SCREEN_BUFFER_INFOEX *info)
{
    CONSOLE_SCREEN_BUFFER_INFOEX all;
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!bool_from_status(ConsoleGetScreenInfoEx(resolve_standard_handle(console), &all))) return FALSE;
    *info = all;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleScreenBufferInfoEx(HANDLE console, CONSOLE_SCREEN_BUFFER_INFOEX *info)
{
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(ConsoleSetScreenInfoEx(resolve_standard_handle(console), info));
}

HOTPATCH COORD WINAPI GetLargestConsoleWindowSize(HANDLE console)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    return GetConsoleScreenBufferInfo(console, &info) ? info.dwMaximumWindowSize : (COORD){0, 0};
}

HOTPATCH BOOL WINAPI SetConsoleScreenBufferSize(HANDLE console, COORD size)
{
    return bool_from_status(ConsoleSetBufferSize(resolve_standard_handle(console), size.X, size.Y));
}

HOTPATCH BOOL WINAPI SetConsoleWindowInfo(HANDLE console, BOOL absolute, const SMALL_RECT *window)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    SMALL_RECT wanted = *window;
    if (!absolute) {
        if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
        wanted.Left = (SHORT)(wanted.Left + info.srWindow.Left);
        wanted.Top = (SHORT)(wanted.Top + info.srWindow.Top);
        wanted.Right = (SHORT)(wanted.Right + info.srWindow.Right);
        wanted.Bottom = (SHORT)(wanted.Bottom + info.srWindow.Bottom);
    }
    return bool_from_status(ConsoleSetWindow(resolve_standard_handle(console), &wanted));
}

HOTPATCH BOOL WINAPI SetConsoleCursorPosition(HANDLE console, COORD position)
{
    return bool_from_status(
        ConsoleSetCursorPosition(resolve_standard_handle(console), position.X, position.Y));
}

// The handle is looked at first: info may be NULL where there is nothing to tell.
HOTPATCH BOOL WINAPI GetConsoleCursorInfo(HANDLE console, CONSOLE_CURSOR_INFO *info)
{
    CONSOLE_CURSOR_INFO told;
    if (!bool_from_status(ConsoleGetCursorInfo(resolve_standard_handle(console), &told))) return FALSE;
    *info = told;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleCursorInfo(HANDLE console, const CONSOLE_CURSOR_INFO *info)
{
    return bool_from_status(
        ConsoleSetCursorInfo(resolve_standard_handle(console), (CONSOLE_CURSOR_INFO *)info));
}

HOTPATCH BOOL WINAPI SetConsoleTextAttribute(HANDLE console, WORD attribute)
{
    return bool_from_status(ConsoleSetAttribute(resolve_standard_handle(console), attribute));
}

// Nothing can be marked here; a terminal's own marks are not told.
HOTPATCH BOOL WINAPI GetConsoleSelectionInfo(CONSOLE_SELECTION_INFO *info)
{
    if (!console_required()) return FALSE;
    *info = (CONSOLE_SELECTION_INFO){.dwFlags = CONSOLE_NO_SELECTION};
    return TRUE;
}

// Never the whole screen.
HOTPATCH BOOL WINAPI GetConsoleDisplayMode(DWORD *flags)
{
    if (!console_required()) return FALSE;
    *flags = 0;
    return TRUE;
}

// In a window it is already; the whole screen is not ours to take.
HOTPATCH BOOL WINAPI SetConsoleDisplayMode(HANDLE console, DWORD flags, COORD *size)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    if (flags == CONSOLE_FULLSCREEN_MODE) return fail_with(ERROR_NOT_SUPPORTED);
    if (flags != CONSOLE_WINDOWED_MODE) return fail_with(ERROR_INVALID_PARAMETER);
    if (size) *size = info.dwSize;
    return TRUE;
}

// ---- further screen buffers ----

HOTPATCH HANDLE WINAPI CreateConsoleScreenBuffer(DWORD access, DWORD sharing,
                                                 const SECURITY_ATTRIBUTES *security, DWORD flags, void *data)
{
    HANDLE console = NULL;
    (void)sharing; // nothing is refused for another open
    if (flags != CONSOLE_TEXTMODE_BUFFER || data) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    // Rights are those of the generic ones that were asked for.
    ACCESS_MASK rights = SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    if (access & (GENERIC_READ | GENERIC_ALL)) rights |= FILE_GENERIC_READ;
    if (access & (GENERIC_WRITE | GENERIC_ALL)) rights |= FILE_GENERIC_WRITE;
    NTSTATUS status = ConsoleCreateBuffer(rights, security && security->bInheritHandle, &console);
    return bool_from_status(status) ? console : INVALID_HANDLE_VALUE;
}

HOTPATCH BOOL WINAPI SetConsoleActiveScreenBuffer(HANDLE console)
{
    return bool_from_status(ConsoleSetActiveBuffer(resolve_standard_handle(console)));
}
