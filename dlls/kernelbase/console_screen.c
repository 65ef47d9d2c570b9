// The console's screen: size, cursor, attributes, filling, writing cells, scrolling.
#include "console.h"

HOTPATCH BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE console, CONSOLE_SCREEN_BUFFER_INFO *info)
{
    return bool_from_status(ConsoleGetScreenInfo(resolve_standard_handle(console), info));
}

// The sixteen colours of the classic console.
static const COLORREF palette[16] = {
    RGB(0, 0, 0),       RGB(0, 0, 128),   RGB(0, 128, 0),   RGB(0, 128, 128),
    RGB(128, 0, 0),     RGB(128, 0, 128), RGB(128, 128, 0), RGB(192, 192, 192),
    RGB(128, 128, 128), RGB(0, 0, 255),   RGB(0, 255, 0),   RGB(0, 255, 255),
    RGB(255, 0, 0),     RGB(255, 0, 255), RGB(255, 255, 0), RGB(255, 255, 255),
};

HOTPATCH BOOL WINAPI GetConsoleScreenBufferInfoEx(HANDLE console, CONSOLE_SCREEN_BUFFER_INFOEX *info)
{
    CONSOLE_SCREEN_BUFFER_INFO basic;
    if (info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!GetConsoleScreenBufferInfo(console, &basic)) return FALSE;
    info->dwSize = basic.dwSize;
    info->dwCursorPosition = basic.dwCursorPosition;
    info->wAttributes = basic.wAttributes;
    info->srWindow = basic.srWindow;
    info->dwMaximumWindowSize = basic.dwMaximumWindowSize;
    info->wPopupAttributes = FOREGROUND_RED | FOREGROUND_BLUE | BACKGROUND_INTENSITY;
    info->bFullscreenSupported = FALSE;
    memcpy(info->ColorTable, palette, sizeof(palette));
    return TRUE;
}

HOTPATCH COORD WINAPI GetLargestConsoleWindowSize(HANDLE console)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    return GetConsoleScreenBufferInfo(console, &info) ? info.dwMaximumWindowSize : (COORD){0, 0};
}

// The size is the terminal's: asking for another one fails, for the same one succeeds.
HOTPATCH BOOL WINAPI SetConsoleScreenBufferSize(HANDLE console, COORD size)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    if (size.X != info.dwSize.X || size.Y < info.srWindow.Bottom - info.srWindow.Top + 1)
        return fail_with(ERROR_INVALID_PARAMETER);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleWindowInfo(HANDLE console, BOOL absolute, const SMALL_RECT *window)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    SMALL_RECT wanted = *window;
    if (!absolute) {
        wanted.Left = (SHORT)(wanted.Left + info.srWindow.Left);
        wanted.Top = (SHORT)(wanted.Top + info.srWindow.Top);
        wanted.Right = (SHORT)(wanted.Right + info.srWindow.Right);
        wanted.Bottom = (SHORT)(wanted.Bottom + info.srWindow.Bottom);
    }
    if (memcmp(&wanted, &info.srWindow, sizeof(wanted))) return fail_with(ERROR_INVALID_PARAMETER);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleCursorPosition(HANDLE console, COORD position)
{
    return bool_from_status(
        ConsoleSetCursorPosition(resolve_standard_handle(console), position.X, position.Y));
}

HOTPATCH BOOL WINAPI GetConsoleCursorInfo(HANDLE console, CONSOLE_CURSOR_INFO *info)
{
    return bool_from_status(ConsoleGetCursorInfo(resolve_standard_handle(console), info));
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

// ---- filling and cells ----

static BOOL fill(HANDLE console, ULONG character, ULONG attribute, DWORD length, COORD at, DWORD *filled)
{
    ULONG done = 0;
    NTSTATUS status =
        ConsoleFill(resolve_standard_handle(console), character, attribute, length, at.X, at.Y, &done);
    if (filled) *filled = done;
    return bool_from_status(status);
}

// The attribute in force now: what a fill by character leaves the cells with.
static WORD current_attribute(HANDLE console)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    return GetConsoleScreenBufferInfo(console, &info) ? info.wAttributes : 7;
}

HOTPATCH BOOL WINAPI FillConsoleOutputCharacterW(HANDLE console, WCHAR character, DWORD length, COORD at,
                                                 DWORD *filled)
{
    return fill(console, character, current_attribute(console), length, at, filled);
}

HOTPATCH BOOL WINAPI FillConsoleOutputCharacterA(HANDLE console, char character, DWORD length, COORD at,
                                                 DWORD *filled)
{
    WCHAR wide = 0;
    MultiByteToWideChar(GetConsoleOutputCP(), 0, &character, 1, &wide, 1);
    return FillConsoleOutputCharacterW(console, wide, length, at, filled);
}

// A terminal can't be asked for its characters: cells get the attribute as blanks. Programs use this together
// with a fill by blanks, to clear.
HOTPATCH BOOL WINAPI FillConsoleOutputAttribute(HANDLE console, WORD attribute, DWORD length, COORD at,
                                                DWORD *filled)
{
    return fill(console, 0, attribute, length, at, filled);
}

static BOOL write_cells(HANDLE console, const CHAR_INFO *cells, COORD size, COORD origin, SMALL_RECT *region,
                        bool ansi)
{
    LONG columns = region->Right - region->Left + 1, rows = region->Bottom - region->Top + 1;
    if (columns > size.X - origin.X) columns = size.X - origin.X;
    if (rows > size.Y - origin.Y) rows = size.Y - origin.Y;
    if (columns <= 0 || rows <= 0) {
        region->Right = (SHORT)(region->Left - 1);
        region->Bottom = (SHORT)(region->Top - 1);
        return TRUE;
    }
    AUTO_FREE CHAR_INFO *part = heap_alloc((SIZE_T)(columns * rows) * sizeof(*part));
    UINT code_page = ansi ? GetConsoleOutputCP() : 0;
    if (!part) return FALSE;
    for (LONG y = 0; y < rows; y++)
        for (LONG x = 0; x < columns; x++) {
            CHAR_INFO cell = cells[(origin.Y + y) * size.X + origin.X + x];
            if (ansi) {
                char byte = cell.Char.AsciiChar;
                cell.Char.UnicodeChar = ' ';
                if (byte) MultiByteToWideChar(code_page, 0, &byte, 1, &cell.Char.UnicodeChar, 1);
            }
            part[y * columns + x] = cell;
        }
    NTSTATUS status = ConsoleWriteCells(resolve_standard_handle(console), part, (ULONG)columns, (ULONG)rows,
                                        region->Left, region->Top);
    if (!bool_from_status(status)) return FALSE;
    region->Right = (SHORT)(region->Left + columns - 1);
    region->Bottom = (SHORT)(region->Top + rows - 1);
    return TRUE;
}

HOTPATCH BOOL WINAPI WriteConsoleOutputW(HANDLE console, const CHAR_INFO *cells, COORD size, COORD origin,
                                         SMALL_RECT *region)
{
    return write_cells(console, cells, size, origin, region, false);
}

HOTPATCH BOOL WINAPI WriteConsoleOutputA(HANDLE console, const CHAR_INFO *cells, COORD size, COORD origin,
                                         SMALL_RECT *region)
{
    return write_cells(console, cells, size, origin, region, true);
}

HOTPATCH BOOL WINAPI WriteConsoleOutputCharacterW(HANDLE console, const WCHAR *text, DWORD length, COORD at,
                                                  DWORD *written)
{
    AUTO_FREE CHAR_INFO *cells = heap_alloc(length * sizeof(*cells) + 1);
    WORD attribute = current_attribute(console);
    CONSOLE_SCREEN_BUFFER_INFO info;
    *written = 0;
    if (!cells || !GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    for (DWORD i = 0; i < length; i++) {
        cells[i].Char.UnicodeChar = text[i];
        cells[i].Attributes = attribute;
    }
    // What reaches the right edge goes on in the next line.
    for (DWORD done = 0; done < length;) {
        DWORD n = (DWORD)(info.dwSize.X - at.X);
        if (n > length - done) n = length - done;
        NTSTATUS status = ConsoleWriteCells(resolve_standard_handle(console), cells + done, n, 1, at.X, at.Y);
        if (!bool_from_status(status)) return FALSE;
        done += n;
        *written = done;
        at.X = 0;
        at.Y++;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI WriteConsoleOutputCharacterA(HANDLE console, const char *text, DWORD length, COORD at,
                                                  DWORD *written)
{
    DWORD units, done;
    *written = 0;
    AUTO_FREE WCHAR *wide = console_to_wide(text, length, true, &units);
    if (!wide || !WriteConsoleOutputCharacterW(console, wide, units, at, &done)) return FALSE;
    *written = length;
    return TRUE;
}

// Whole lines that move vertically; a terminal can do no more without knowing its contents.
HOTPATCH BOOL WINAPI ScrollConsoleScreenBufferW(HANDLE console, const SMALL_RECT *region,
                                                const SMALL_RECT *clip, COORD target, const CHAR_INFO *blank)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    bool whole = region->Left <= 0 && region->Right >= info.dwSize.X - 1 && target.X == region->Left;
    if (!whole) return fail_with(ERROR_NOT_SUPPORTED);
    LONG lines = target.Y - region->Top;
    LONG top = lines < 0 ? target.Y : region->Top,
         bottom = lines < 0 ? region->Bottom : region->Bottom + lines;
    if (clip) {
        if (top < clip->Top) top = clip->Top;
        if (bottom > clip->Bottom) bottom = clip->Bottom;
    }
    return bool_from_status(
        ConsoleScroll(resolve_standard_handle(console), top, bottom, lines, blank->Attributes));
}

HOTPATCH BOOL WINAPI ScrollConsoleScreenBufferA(HANDLE console, const SMALL_RECT *region,
                                                const SMALL_RECT *clip, COORD target, const CHAR_INFO *blank)
{
    return ScrollConsoleScreenBufferW(console, region, clip, target, blank);
}

HOTPATCH BOOL WINAPI GetCurrentConsoleFont(HANDLE console, BOOL maximum, CONSOLE_FONT_INFO *info)
{
    CONSOLE_SCREEN_BUFFER_INFO screen;
    (void)maximum;
    if (!GetConsoleScreenBufferInfo(console, &screen)) return FALSE;
    info->nFont = 0;
    info->dwFontSize = (COORD){8, 16};
    return TRUE;
}
