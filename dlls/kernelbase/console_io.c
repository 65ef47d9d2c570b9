// Reading and writing text and input records of the console.
#include "console.h"

WCHAR *console_to_wide(const char *bytes, DWORD length, bool output, DWORD *units)
{
    UINT code_page = ConsoleGetCodePage(output);
    *units = length ? (DWORD)MultiByteToWideChar(code_page, 0, bytes, (int)length, NULL, 0) : 0;
    WCHAR *wide = heap_alloc((*units + 1) * sizeof(WCHAR));
    if (wide && length) MultiByteToWideChar(code_page, 0, bytes, (int)length, wide, (int)*units);
    return wide;
}

DWORD console_list_to_ansi(char *list, DWORD size, const WCHAR *wide, DWORD bytes, DWORD error)
{
    int units = (int)(bytes / sizeof(WCHAR));
    DWORD needed = units ? (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, units, NULL, 0, NULL, NULL) : 0;
    if (!list) return needed;
    if (needed > size) return (DWORD)fail_with(error);
    return units ? (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, units, list, (int)size, NULL, NULL) : 0;
}

HOTPATCH BOOL WINAPI WriteConsoleW(HANDLE console, const void *text, DWORD length, DWORD *written,
                                   void *reserved)
{
    ULONG bytes = 0;
    (void)reserved;
    NTSTATUS status =
        ConsoleWrite(resolve_standard_handle(console), (WCHAR *)text, length * (ULONG)sizeof(WCHAR), &bytes);
    if (written) *written = bytes / sizeof(WCHAR);
    return bool_from_status(status);
}

// A character that a call ends in the middle of is not kept for the next one.
HOTPATCH BOOL WINAPI WriteConsoleA(HANDLE console, const void *text, DWORD length, DWORD *written,
                                   void *reserved)
{
    DWORD units, done;
    if (written) *written = 0;
    AUTO_FREE WCHAR *wide = console_to_wide(text, length, true, &units);
    if (!wide || !WriteConsoleW(console, wide, units, &done, reserved)) return FALSE;
    if (written) *written = length;
    return TRUE;
}

// control: text that the line begins with, and control characters that end it.
HOTPATCH BOOL WINAPI ReadConsoleW(HANDLE console, void *buffer, DWORD size, DWORD *read, void *control)
{
    ULONG bytes = 0;
    WCHAR exe[MAX_PATH];
    CONSOLE_READCONSOLE_CONTROL *wanted = control;
    console_exe_name(exe);
    if (wanted && wanted->nLength != sizeof(*wanted)) return fail_with(ERROR_INVALID_PARAMETER);
    if (size > MAXLONG / sizeof(WCHAR)) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    NTSTATUS status = ConsoleRead(resolve_standard_handle(console), buffer, size * (ULONG)sizeof(WCHAR),
                                  &bytes, exe, (ULONG)(wide_length(exe) * sizeof(WCHAR)), wanted);
    if (!bool_from_status(status)) return FALSE;
    *read = bytes / sizeof(WCHAR);
    return TRUE;
}

HOTPATCH BOOL WINAPI ReadConsoleA(HANDLE console, void *buffer, DWORD size, DWORD *read, void *control)
{
    DWORD units = 0;
    if (size > MAXLONG) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    if (!size) {
        *read = 0;
        return TRUE;
    }
    // In a multi-byte code page a unit becomes up to three bytes: fewer units always fit.
    UINT code_page = ConsoleGetCodePage(FALSE);
    CPINFO info;
    DWORD width = GetCPInfo(code_page, &info) && info.MaxCharSize > 1 ? info.MaxCharSize : 1;
    DWORD limit = size / width ? size / width : 1;
    AUTO_FREE WCHAR *wide = heap_alloc(limit * sizeof(WCHAR));
    (void)control; // is for text of 16-bit units only
    if (!wide || !ReadConsoleW(console, wide, limit, &units, NULL)) return FALSE;
    *read = 0;
    if (units)
        *read = (DWORD)WideCharToMultiByte(code_page, 0, wide, (int)units, buffer, (int)size, NULL, NULL);
    return TRUE;
}

// ---- input records ----

static BOOL read_records(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read, bool peek,
                         bool ansi)
{
    ULONG done = 0;
    NTSTATUS status = ConsoleReadInput(resolve_standard_handle(console), records, count, peek, &done);
    *read = done;
    if (!bool_from_status(status)) return FALSE;
    if (!ansi) return TRUE;
    UINT code_page = ConsoleGetCodePage(FALSE);
    for (DWORD i = 0; i < done; i++) {
        if (records[i].EventType != KEY_EVENT) continue;
        WCHAR c = records[i].Event.KeyEvent.uChar.UnicodeChar;
        char byte[4] = {};
        if (c) WideCharToMultiByte(code_page, 0, &c, 1, byte, sizeof(byte), NULL, NULL);
        records[i].Event.KeyEvent.uChar.UnicodeChar = (BYTE)byte[0];
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI ReadConsoleInputW(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read)
{
    return read_records(console, records, count, read, false, false);
}

HOTPATCH BOOL WINAPI ReadConsoleInputA(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read)
{
    return read_records(console, records, count, read, false, true);
}

HOTPATCH BOOL WINAPI PeekConsoleInputW(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read)
{
    return read_records(console, records, count, read, true, false);
}

HOTPATCH BOOL WINAPI PeekConsoleInputA(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read)
{
    return read_records(console, records, count, read, true, true);
}

// Flags that no header has: leave what is read; return without waiting.
enum { CONSOLE_READ_NOREMOVE = 1, CONSOLE_READ_NOWAIT = 2 };

static BOOL read_records_ex(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read, USHORT flags,
                            bool ansi)
{
    ULONG waiting = 0;
    if (flags & ~(CONSOLE_READ_NOREMOVE | CONSOLE_READ_NOWAIT)) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags != CONSOLE_READ_NOWAIT) {
        if (flags == CONSOLE_READ_NOREMOVE) WaitForSingleObject(console, INFINITE);
        return read_records(console, records, count, read, flags & CONSOLE_READ_NOREMOVE, ansi);
    }
    if (!bool_from_status(ConsoleGetInputCount(resolve_standard_handle(console), &waiting))) return FALSE;
    *read = 0;
    return !waiting || read_records(console, records, count, read, false, ansi);
}

HOTPATCH BOOL WINAPI ReadConsoleInputExW(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read,
                                         USHORT flags)
{
    return read_records_ex(console, records, count, read, flags, false);
}

HOTPATCH BOOL WINAPI ReadConsoleInputExA(HANDLE console, INPUT_RECORD *records, DWORD count, DWORD *read,
                                         USHORT flags)
{
    return read_records_ex(console, records, count, read, flags, true);
}

HOTPATCH BOOL WINAPI WriteConsoleInputW(HANDLE console, const INPUT_RECORD *records, DWORD count,
                                        DWORD *written)
{
    ULONG done = 0;
    if (count && !records) return fail_with(ERROR_INVALID_ACCESS);
    NTSTATUS status =
        ConsoleWriteInput(resolve_standard_handle(console), (INPUT_RECORD *)records, count, &done);
    *written = done;
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI WriteConsoleInputA(HANDLE console, const INPUT_RECORD *records, DWORD count,
                                        DWORD *written)
{
    if (count && !records) return fail_with(ERROR_INVALID_ACCESS);
    AUTO_FREE INPUT_RECORD *wide = heap_alloc(count * sizeof(*wide) + 1);
    UINT code_page = ConsoleGetCodePage(FALSE);
    *written = 0;
    if (!wide) return FALSE;
    memcpy(wide, records, count * sizeof(*wide));
    for (DWORD i = 0; i < count; i++) {
        if (wide[i].EventType != KEY_EVENT) continue;
        char byte = wide[i].Event.KeyEvent.uChar.AsciiChar;
        WCHAR c = 0;
        if (byte) MultiByteToWideChar(code_page, 0, &byte, 1, &c, 1);
        wide[i].Event.KeyEvent.uChar.UnicodeChar = c;
    }
    return WriteConsoleInputW(console, wide, count, written);
}

HOTPATCH BOOL WINAPI GetNumberOfConsoleInputEvents(HANDLE console, DWORD *count)
{
    ULONG waiting;
    if (!bool_from_status(ConsoleGetInputCount(resolve_standard_handle(console), &waiting))) return FALSE;
    *count = waiting;
    return TRUE;
}

HOTPATCH BOOL WINAPI FlushConsoleInputBuffer(HANDLE console)
{
    return bool_from_status(ConsoleFlushInput(resolve_standard_handle(console)));
}
