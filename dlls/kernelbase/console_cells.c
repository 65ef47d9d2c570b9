// The cells of the console's screen: runs and rectangles of them, read, written, filled and moved.
#include "console.h"

enum part { CHARACTERS = 1, ATTRIBUTES = 2 }; // of the boundary's calls

// ---- runs: from a place on, line after line ----

static BOOL give_count(NTSTATUS status, ULONG done, DWORD *count)
{
    if (count) *count = done;
    return bool_from_status(status);
}

static BOOL fill(HANDLE console, enum part part, WORD value, DWORD length, COORD at, DWORD *filled)
{
    ULONG done = 0;
    NTSTATUS status =
        ConsoleFillRun(resolve_standard_handle(console), part, value, length, at.X, at.Y, &done);
    return give_count(status, done, filled);
}

HOTPATCH BOOL WINAPI FillConsoleOutputCharacterW(HANDLE console, WCHAR character, DWORD length, COORD at,
                                                 DWORD *filled)
{
    return fill(console, CHARACTERS, character, length, at, filled);
}

HOTPATCH BOOL WINAPI FillConsoleOutputCharacterA(HANDLE console, char character, DWORD length, COORD at,
                                                 DWORD *filled)
{
    WCHAR wide = 0;
    MultiByteToWideChar(GetConsoleOutputCP(), 0, &character, 1, &wide, 1);
    return FillConsoleOutputCharacterW(console, wide, length, at, filled);
}

HOTPATCH BOOL WINAPI FillConsoleOutputAttribute(HANDLE console, WORD attribute, DWORD length, COORD at,
                                                DWORD *filled)
{
    return fill(console, ATTRIBUTES, attribute, length, at, filled);
}

static BOOL write_run(HANDLE console, enum part part, const WORD *values, DWORD length, COORD at,
                      DWORD *written)
{
    ULONG done = 0;
    NTSTATUS status =
        ConsoleWriteRun(resolve_standard_handle(console), part, (WORD *)values, length, at.X, at.Y, &done);
    return give_count(status, done, written);
}

HOTPATCH BOOL WINAPI WriteConsoleOutputCharacterW(HANDLE console, const WCHAR *text, DWORD length, COORD at,
                                                  DWORD *written)
{
    return write_run(console, CHARACTERS, (const WORD *)text, length, at, written);
}

HOTPATCH BOOL WINAPI WriteConsoleOutputCharacterA(HANDLE console, const char *text, DWORD length, COORD at,
                                                  DWORD *written)
{
    DWORD units, done;
    *written = 0;
    AUTO_FREE WCHAR *wide = console_to_wide(text, length, true, &units);
    if (!wide || !WriteConsoleOutputCharacterW(console, wide, units, at, &done)) return FALSE;
    *written = done == units ? length : done;
    return TRUE;
}

HOTPATCH BOOL WINAPI WriteConsoleOutputAttribute(HANDLE console, const WORD *attributes, DWORD length,
                                                 COORD at, DWORD *written)
{
    return write_run(console, ATTRIBUTES, attributes, length, at, written);
}

static BOOL read_run(HANDLE console, enum part part, WORD *values, DWORD length, COORD at, DWORD *read)
{
    ULONG done = 0;
    NTSTATUS status =
        ConsoleReadRun(resolve_standard_handle(console), part, values, length, at.X, at.Y, &done);
    return give_count(status, done, read);
}

HOTPATCH BOOL WINAPI ReadConsoleOutputCharacterW(HANDLE console, WCHAR *text, DWORD length, COORD at,
                                                 DWORD *read)
{
    return read_run(console, CHARACTERS, (WORD *)text, length, at, read);
}

HOTPATCH BOOL WINAPI ReadConsoleOutputCharacterA(HANDLE console, char *text, DWORD length, COORD at,
                                                 DWORD *read)
{
    DWORD units = 0;
    *read = 0;
    AUTO_FREE WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!wide || !ReadConsoleOutputCharacterW(console, wide, length, at, &units)) return FALSE;
    // What has two bytes is given as far as they fit.
    if (units)
        *read = (DWORD)WideCharToMultiByte(GetConsoleOutputCP(), 0, wide, (int)units, text, (int)length, NULL,
                                           NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI ReadConsoleOutputAttribute(HANDLE console, WORD *attributes, DWORD length, COORD at,
                                                DWORD *read)
{
    return read_run(console, ATTRIBUTES, attributes, length, at, read);
}

// ---- rectangles ----

// Characters between the code page and UTF-16, in place.
static void to_wide(CHAR_INFO *cells, LONG count)
{
    UINT code_page = GetConsoleOutputCP();
    for (LONG i = 0; i < count; i++) {
        char byte = cells[i].Char.AsciiChar;
        WCHAR wide = ' ';
        if (byte) MultiByteToWideChar(code_page, 0, &byte, 1, &wide, 1);
        cells[i].Char.UnicodeChar = wide;
    }
}

static void to_ansi(CHAR_INFO *cells, LONG count)
{
    UINT code_page = GetConsoleOutputCP();
    for (LONG i = 0; i < count; i++) {
        char bytes[4] = {};
        WideCharToMultiByte(code_page, 0, &cells[i].Char.UnicodeChar, 1, bytes, sizeof(bytes), NULL, NULL);
        cells[i].Char.UnicodeChar = (BYTE)bytes[0];
    }
}

// Cuts region to what an array of cells holds from origin on. False, and nothing changed: that is nothing.
static bool clip_to_array(COORD size, COORD origin, SMALL_RECT *region)
{
    SMALL_RECT cut = *region;
    if (cut.Right - cut.Left >= size.X - origin.X) cut.Right = (SHORT)(cut.Left + size.X - origin.X - 1);
    if (cut.Bottom - cut.Top >= size.Y - origin.Y) cut.Bottom = (SHORT)(cut.Top + size.Y - origin.Y - 1);
    if (cut.Left > cut.Right || cut.Top > cut.Bottom) return false;
    *region = cut;
    return true;
}

// Cuts it to the screen, and moves origin along. False, and nothing changed: it lies outside.
static bool clip_to_screen(const CONSOLE_SCREEN_BUFFER_INFO *info, COORD *origin, SMALL_RECT *region)
{
    SMALL_RECT cut = *region;
    if (cut.Left < 0) cut.Left = 0;
    if (cut.Top < 0) cut.Top = 0;
    if (cut.Right >= info->dwSize.X) cut.Right = (SHORT)(info->dwSize.X - 1);
    if (cut.Bottom >= info->dwSize.Y) cut.Bottom = (SHORT)(info->dwSize.Y - 1);
    if (cut.Left > cut.Right || cut.Top > cut.Bottom) return false;
    origin->X = (SHORT)(origin->X + cut.Left - region->Left);
    origin->Y = (SHORT)(origin->Y + cut.Top - region->Top);
    *region = cut;
    return true;
}

static BOOL write_cells(HANDLE console, const CHAR_INFO *cells, COORD size, COORD origin, SMALL_RECT *region,
                        bool ansi)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!clip_to_array(size, origin, region)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    if (!clip_to_screen(&info, &origin, region)) return TRUE;
    LONG columns = region->Right - region->Left + 1, rows = region->Bottom - region->Top + 1;
    AUTO_FREE CHAR_INFO *part = heap_alloc((SIZE_T)(columns * rows) * sizeof(*part));
    if (!part) return FALSE;
    for (LONG y = 0; y < rows; y++)
        memcpy(part + y * columns, cells + (origin.Y + y) * size.X + origin.X,
               (SIZE_T)columns * sizeof(*part));
    if (ansi) to_wide(part, columns * rows);
    return bool_from_status(ConsoleWriteCells(resolve_standard_handle(console), part, (ULONG)columns,
                                              (ULONG)rows, region->Left, region->Top));
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

static BOOL read_cells(HANDLE console, CHAR_INFO *cells, COORD size, COORD origin, SMALL_RECT *region,
                       bool ansi)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    bool some = clip_to_array(size, origin, region);
    if (!GetConsoleScreenBufferInfo(console, &info)) return FALSE;
    if (!some || !clip_to_screen(&info, &origin, region)) {
        // Nothing was read.
        region->Right = (SHORT)(region->Left - 1);
        region->Bottom = (SHORT)(region->Top - 1);
        return fail_with(some ? ERROR_INVALID_PARAMETER : ERROR_INVALID_FUNCTION);
    }
    LONG columns = region->Right - region->Left + 1, rows = region->Bottom - region->Top + 1;
    AUTO_FREE CHAR_INFO *part = heap_alloc((SIZE_T)(columns * rows) * sizeof(*part));
    if (!part || !bool_from_status(ConsoleReadCells(resolve_standard_handle(console), part, (ULONG)columns,
                                                    (ULONG)rows, region->Left, region->Top)))
        return FALSE;
    if (ansi) to_ansi(part, columns * rows);
    for (LONG y = 0; y < rows; y++)
        memcpy(cells + (origin.Y + y) * size.X + origin.X, part + y * columns,
               (SIZE_T)columns * sizeof(*part));
    return TRUE;
}

HOTPATCH BOOL WINAPI ReadConsoleOutputW(HANDLE console, CHAR_INFO *cells, COORD size, COORD origin,
                                        SMALL_RECT *region)
{
    return read_cells(console, cells, size, origin, region, false);
}

HOTPATCH BOOL WINAPI ReadConsoleOutputA(HANDLE console, CHAR_INFO *cells, COORD size, COORD origin,
                                        SMALL_RECT *region)
{
    return read_cells(console, cells, size, origin, region, true);
}

// ---- scrolling ----

HOTPATCH BOOL WINAPI ScrollConsoleScreenBufferW(HANDLE console, const SMALL_RECT *region,
                                                const SMALL_RECT *clip, COORD target, const CHAR_INFO *blank)
{
    return bool_from_status(ConsoleMoveCells(resolve_standard_handle(console), (SMALL_RECT *)region,
                                             (SMALL_RECT *)clip, target.X, target.Y, (CHAR_INFO *)blank));
}

HOTPATCH BOOL WINAPI ScrollConsoleScreenBufferA(HANDLE console, const SMALL_RECT *region,
                                                const SMALL_RECT *clip, COORD target, const CHAR_INFO *blank)
{
    CHAR_INFO wide = *blank;
    to_wide(&wide, 1);
    return ScrollConsoleScreenBufferW(console, region, clip, target, &wide);
}
