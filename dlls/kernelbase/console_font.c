// The console's font. Nothing is drawn with it here: what a program sets is kept and told.
#include "console.h"

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static CONSOLE_FONT_INFOEX font = {sizeof(font), 0,          {8, 16}, FF_MODERN | TMPF_TRUETYPE | TMPF_VECTOR,
                                   FW_NORMAL,    L"Consolas"};

static bool is_screen(HANDLE console)
{
    CONSOLE_CURSOR_INFO info;
    return bool_from_status(ConsoleGetCursorInfo(resolve_standard_handle(console), &info));
}

static CONSOLE_FONT_INFOEX current_font(void)
{
    RtlAcquireSRWLockShared(&lock);
    CONSOLE_FONT_INFOEX copy = font;
    RtlReleaseSRWLockShared(&lock);
    return copy;
}

// The size in characters of a window as large as it can be, or of the present one.
static bool window_size(HANDLE console, BOOL maximum, COORD *size)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return false;
    *size = maximum ? info.dwMaximumWindowSize
                    : (COORD){(SHORT)(info.srWindow.Right - info.srWindow.Left + 1),
                              (SHORT)(info.srWindow.Bottom - info.srWindow.Top + 1)};
    return true;
}

// dwFontSize is the window's size here, as it has been on Windows ever since.
HOTPATCH BOOL WINAPI GetCurrentConsoleFont(HANDLE console, BOOL maximum, CONSOLE_FONT_INFO *info)
{
    COORD size;
    if (!window_size(console, maximum, &size)) {
        memset(info, 0, sizeof(*info));
        return FALSE;
    }
    info->nFont = current_font().nFont;
    info->dwFontSize = size;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetCurrentConsoleFontEx(HANDLE console, BOOL maximum, CONSOLE_FONT_INFOEX *info)
{
    (void)maximum; // there is one size
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!is_screen(console)) return FALSE;
    *info = current_font();
    return TRUE;
}

HOTPATCH BOOL WINAPI SetCurrentConsoleFontEx(HANDLE console, BOOL maximum, CONSOLE_FONT_INFOEX *info)
{
    (void)maximum;
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!is_screen(console)) return FALSE;
    RtlAcquireSRWLockExclusive(&lock);
    font = *info;
    font.nFont = 0;
    font.FaceName[ARRAY_LENGTH(font.FaceName) - 1] = 0;
    RtlReleaseSRWLockExclusive(&lock);
    return TRUE;
}

// Only the current font has a number.
HOTPATCH COORD WINAPI GetConsoleFontSize(HANDLE console, DWORD index)
{
    CONSOLE_FONT_INFOEX current = current_font();
    if (!is_screen(console)) return (COORD){0, 0};
    if (index != current.nFont) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return (COORD){0, 0};
    }
    return current.dwFontSize;
}

HOTPATCH DWORD WINAPI GetNumberOfConsoleFonts(void)
{
    return 1;
}
