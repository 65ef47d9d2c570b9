// The console's font. Nothing is drawn with it here: what a program sets is kept and told.
#include "console.h"

static bool current_font(HANDLE console, CONSOLE_FONT_INFOEX *font)
{
    return bool_from_status(ConsoleGetFont(resolve_standard_handle(console), font));
}

// The current font. maximum asks for the size of the largest window in its size's place, in characters.
static bool tell_font(HANDLE console, BOOL maximum, CONSOLE_FONT_INFOEX *told)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info) || !current_font(console, told)) return false;
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
    return bool_from_status(ConsoleSetFont(resolve_standard_handle(console), info));
}

// Only the current font has a number.
HOTPATCH COORD WINAPI GetConsoleFontSize(HANDLE console, DWORD index)
{
    CONSOLE_FONT_INFOEX current;
    if (!current_font(console, &current)) return (COORD){0, 0};
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
