// The lines that were typed at programs: the console keeps them by the programs' names. Lengths of buffers
// are in bytes.
#include "console.h"

HOTPATCH BOOL WINAPI GetConsoleHistoryInfo(CONSOLE_HISTORY_INFO *info)
{
    CONSOLE_HISTORY_INFO told;
    if (!info || info->cbSize != sizeof(*info)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!console_required() || !bool_from_status(ConsoleGetHistoryInfo(&told))) return FALSE;
    *info = told;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleHistoryInfo(CONSOLE_HISTORY_INFO *info)
{
    if (!info || info->cbSize != sizeof(*info) || info->dwFlags & ~(DWORD)HISTORY_NO_DUP_FLAG)
        return fail_with(ERROR_INVALID_PARAMETER);
    return console_required() && bool_from_status(ConsoleSetHistoryInfo(info));
}

HOTPATCH DWORD WINAPI GetConsoleCommandHistoryW(WCHAR *list, DWORD size, WCHAR *exe)
{
    ULONG needed = 0;
    if (!exe) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = ConsoleListHistory(exe, (ULONG)(wide_length(exe) * sizeof(WCHAR)), list, size, &needed);
    if (status == STATUS_BUFFER_TOO_SMALL) return (DWORD)fail_with(ERROR_BUFFER_OVERFLOW);
    return bool_from_status(status) ? needed : 0;
}

HOTPATCH DWORD WINAPI GetConsoleCommandHistoryLengthW(WCHAR *exe)
{
    ULONG needed = 0;
    if (!exe) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = ConsoleListHistory(exe, (ULONG)(wide_length(exe) * sizeof(WCHAR)), NULL, 0, &needed);
    return status == STATUS_BUFFER_TOO_SMALL || bool_from_status(status) ? needed : 0;
}

HOTPATCH DWORD WINAPI GetConsoleCommandHistoryA(char *list, DWORD size, char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    const DWORD room = console_list_room(size) * sizeof(WCHAR);
    AUTO_FREE WCHAR *wide = heap_alloc(room + sizeof(WCHAR));
    if (conversion_failed(exe, wide_exe) || !wide) return 0;
    DWORD bytes = GetConsoleCommandHistoryW(wide, room, wide_exe);
    return console_list_to_ansi(list, size, wide, bytes, ERROR_BUFFER_OVERFLOW);
}

HOTPATCH DWORD WINAPI GetConsoleCommandHistoryLengthA(char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    if (conversion_failed(exe, wide_exe)) return 0;
    DWORD size = GetConsoleCommandHistoryLengthW(wide_exe);
    AUTO_FREE WCHAR *wide = heap_alloc(size + sizeof(WCHAR));
    if (!wide) return 0;
    return console_list_to_ansi(NULL, 0, wide, GetConsoleCommandHistoryW(wide, size, wide_exe), 0);
}

HOTPATCH void WINAPI ExpungeConsoleCommandHistoryW(WCHAR *exe)
{
    if (exe) ConsoleExpungeHistory(exe, (ULONG)(wide_length(exe) * sizeof(WCHAR)));
}

HOTPATCH void WINAPI ExpungeConsoleCommandHistoryA(char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    ExpungeConsoleCommandHistoryW(wide_exe);
}

HOTPATCH BOOL WINAPI SetConsoleNumberOfCommandsW(DWORD lines, WCHAR *exe)
{
    if (!exe) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(ConsoleSetHistorySize(exe, (ULONG)(wide_length(exe) * sizeof(WCHAR)), lines));
}

HOTPATCH BOOL WINAPI SetConsoleNumberOfCommandsA(DWORD lines, char *exe)
{
    AUTO_FREE WCHAR *wide_exe = wide_from_ansi(exe);
    return !conversion_failed(exe, wide_exe) && SetConsoleNumberOfCommandsW(lines, wide_exe);
}
