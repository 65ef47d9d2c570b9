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

// The current font. maximum asks for the size of the largest window in its size's place, in characters.
static bool tell_font(HANDLE console, BOOL maximum, CONSOLE_FONT_INFOEX *told)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return false;
    *told = current_font();
    if (maximum) told->dwFontSize = info.dwMaximumWindowSize;
    return true;
}

HOTPATCH BOOL WINAPI GetCurrentConsoleFont(HANDLE console, BOOL maximum, CONSOLE_FONT_INFO *info)
{
    CONSOLE_FONT_INFOEX told = {};
    BOOL done = tell_font(console, maximum, &told);
    info->nFont = told.nFont;
    info->dwFontSize = told.dwFontSize;
    return done;
}

HOTPATCH BOOL WINAPI GetCurrentConsoleFontEx(HANDLE console, BOOL maximum, CONSOLE_FONT_INFOEX *info)
{
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    return tell_font(console, maximum, info);
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
