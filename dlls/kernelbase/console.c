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
    return ConsoleGetCodePage(FALSE);
}

HOTPATCH UINT WINAPI GetConsoleOutputCP(void)
{
    return ConsoleGetCodePage(TRUE);
}

HOTPATCH BOOL WINAPI SetConsoleCP(UINT code_page)
{
    return bool_from_status(ConsoleSetCodePage(FALSE, code_page));
}

HOTPATCH BOOL WINAPI SetConsoleOutputCP(UINT code_page)
{
    return bool_from_status(ConsoleSetCodePage(TRUE, code_page));
}

// ---- title ----

HOTPATCH BOOL WINAPI SetConsoleTitleW(const WCHAR *title)
{
    return bool_from_status(ConsoleSetTitle(title, (ULONG)(wide_length(title) * sizeof(WCHAR))));
}

HOTPATCH BOOL WINAPI SetConsoleTitleA(const char *title)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(title);
    return wide && SetConsoleTitleW(wide);
}

HOTPATCH DWORD WINAPI GetConsoleTitleW(WCHAR *buffer, DWORD size)
{
    ULONG units = 0;
    if (!size) return 0;
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

HOTPATCH DWORD WINAPI GetConsoleOriginalTitleW(WCHAR *buffer, DWORD size)
{
    return GetConsoleTitleW(buffer, size);
}

HOTPATCH DWORD WINAPI GetConsoleOriginalTitleA(char *buffer, DWORD size)
{
    return GetConsoleTitleA(buffer, size);
}

// ---- attaching: the console is the host's terminal, or one in memory ----

// A standard handle that names nothing becomes the new console's; redirected ones stay.
static void set_missing_handle(DWORD which, const WCHAR *name)
{
    HANDLE handle = GetStdHandle(which);
    if (handle && handle != INVALID_HANDLE_VALUE && GetFileType(handle) != FILE_TYPE_UNKNOWN) return;
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
    handle = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit,
                         OPEN_EXISTING, 0, NULL);
    if (handle != INVALID_HANDLE_VALUE) SetStdHandle(which, handle);
}

// There is no window to show it in: a new console is kept in memory. ERROR_ACCESS_DENIED with one.
HOTPATCH BOOL WINAPI AllocConsole(void)
{
    if (!bool_from_status(ConsoleAllocate())) return FALSE;
    set_missing_handle(STD_INPUT_HANDLE, L"CONIN$");
    set_missing_handle(STD_OUTPUT_HANDLE, L"CONOUT$");
    set_missing_handle(STD_ERROR_HANDLE, L"CONOUT$");
    return TRUE;
}

HOTPATCH BOOL WINAPI AttachConsole(DWORD process)
{
    (void)process;
    return fail_with(ConsoleExists() ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE);
}

// The process goes on without: its console handles stay valid, as they do for redirected ones.
HOTPATCH BOOL WINAPI FreeConsole(void)
{
    return bool_from_status(ConsoleFree());
}

// There is a terminal but no window of its own.
HOTPATCH HWND WINAPI GetConsoleWindow(void)
{
    return NULL;
}

HOTPATCH DWORD WINAPI GetConsoleProcessList(DWORD *list, DWORD count)
{
    if (!list || !count) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    if (!ConsoleExists()) return (DWORD)fail_with(ERROR_INVALID_HANDLE);
    list[0] = GetCurrentProcessId();
    return 1;
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
