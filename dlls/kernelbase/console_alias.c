// Aliases: words that programs which read lines have stand for other text. The console keeps them by the
// programs' names. Lengths of buffers are in bytes.
#include "console.h"

static ULONG bytes_of(const WCHAR *text)
{
    return text ? (ULONG)(wide_length(text) * sizeof(WCHAR)) : 0;
}

HOTPATCH BOOL WINAPI AddConsoleAliasW(WCHAR *source, WCHAR *target, WCHAR *exe)
{
    return bool_from_status(
        ConsoleSetAlias(exe, bytes_of(exe), source, bytes_of(source), target, bytes_of(target)));
}

HOTPATCH BOOL WINAPI AddConsoleAliasA(char *source, char *target, char *exe)
{
    AUTO_FREE WCHAR *wide_source = wide_from_ansi(source), *wide_target = wide_from_ansi(target);
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    if (conversion_failed(source, wide_source) || conversion_failed(target, wide_target) ||
        conversion_failed(exe, wide_exe))
        return FALSE;
    return AddConsoleAliasW(wide_source, wide_target, wide_exe);
}

// What a call that gives text returns: how many bytes; 0 and too_small where they didn't fit.
static DWORD given(NTSTATUS status, ULONG needed, DWORD too_small)
{
    if (status == STATUS_BUFFER_TOO_SMALL) return (DWORD)fail_with(too_small);
    return bool_from_status(status) ? needed : 0;
}

HOTPATCH DWORD WINAPI GetConsoleAliasW(WCHAR *source, WCHAR *target, DWORD size, WCHAR *exe)
{
    ULONG needed = 0;
    NTSTATUS status = ConsoleGetAlias(exe, bytes_of(exe), source, bytes_of(source), target, size, &needed);
    return given(status, needed, ERROR_INSUFFICIENT_BUFFER);
}

HOTPATCH DWORD WINAPI GetConsoleAliasesW(WCHAR *list, DWORD size, WCHAR *exe)
{
    ULONG needed = 0;
    NTSTATUS status = ConsoleListAliases(exe, bytes_of(exe), list, size, &needed);
    return given(status, needed, ERROR_BUFFER_OVERFLOW);
}

HOTPATCH DWORD WINAPI GetConsoleAliasesLengthW(WCHAR *exe)
{
    ULONG needed = 0;
    NTSTATUS status = ConsoleListAliases(exe, bytes_of(exe), NULL, 0, &needed);
    return status == STATUS_BUFFER_TOO_SMALL || bool_from_status(status) ? needed : 0;
}

HOTPATCH DWORD WINAPI GetConsoleAliasExesW(WCHAR *list, DWORD size)
{
    ULONG needed = 0;
    NTSTATUS status = ConsoleListAliasExes(list, size, &needed);
    return given(status, needed, ERROR_BUFFER_OVERFLOW);
}

HOTPATCH DWORD WINAPI GetConsoleAliasExesLengthW(void)
{
    ULONG needed = 0;
    NTSTATUS status = ConsoleListAliasExes(NULL, 0, &needed);
    return status == STATUS_BUFFER_TOO_SMALL || bool_from_status(status) ? needed : 0;
}

// ---- the same in the code page of programs ----

HOTPATCH DWORD WINAPI GetConsoleAliasA(char *source, char *target, DWORD size, char *exe)
{
    AUTO_FREE WCHAR *wide_source = wide_from_ansi(source), *wide_exe = wide_from_ansi(exe);
    const DWORD room = console_list_room(size) * sizeof(WCHAR);
    AUTO_FREE WCHAR *wide = heap_alloc(room + sizeof(WCHAR));
    if (conversion_failed(source, wide_source) || conversion_failed(exe, wide_exe) || !wide) return 0;
    DWORD bytes = GetConsoleAliasW(wide_source, wide, room, wide_exe);
    return console_list_to_ansi(target, size, wide, bytes, ERROR_INSUFFICIENT_BUFFER);
}

HOTPATCH DWORD WINAPI GetConsoleAliasesLengthA(char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    if (conversion_failed(exe, wide_exe)) return 0;
    DWORD size = GetConsoleAliasesLengthW(wide_exe);
    AUTO_FREE WCHAR *wide = heap_alloc(size + sizeof(WCHAR));
    return wide ? console_list_to_ansi(NULL, 0, wide, GetConsoleAliasesW(wide, size, wide_exe), 0) : 0;
}

HOTPATCH DWORD WINAPI GetConsoleAliasesA(char *list, DWORD size, char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    const DWORD room = console_list_room(size) * sizeof(WCHAR);
    AUTO_FREE WCHAR *wide = heap_alloc(room + sizeof(WCHAR));
    if (conversion_failed(exe, wide_exe) || !wide) return 0;
    DWORD bytes = GetConsoleAliasesW(wide, room, wide_exe);
    return console_list_to_ansi(list, size, wide, bytes, ERROR_BUFFER_OVERFLOW);
}

HOTPATCH DWORD WINAPI GetConsoleAliasExesLengthA(void)
{
    DWORD size = GetConsoleAliasExesLengthW();
    AUTO_FREE WCHAR *wide = heap_alloc(size + sizeof(WCHAR));
    return wide ? console_list_to_ansi(NULL, 0, wide, GetConsoleAliasExesW(wide, size), 0) : 0;
}

HOTPATCH DWORD WINAPI GetConsoleAliasExesA(char *list, DWORD size)
{
    const DWORD room = console_list_room(size) * sizeof(WCHAR);
    AUTO_FREE WCHAR *wide = heap_alloc(room + sizeof(WCHAR));
    if (!wide) return 0;
    DWORD bytes = GetConsoleAliasExesW(wide, room);
    return console_list_to_ansi(list, size, wide, bytes, ERROR_BUFFER_OVERFLOW);
}
