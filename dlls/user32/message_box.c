// Formatting, and message boxes without windows: the text goes to standard error and the default button is
// pressed, so that a program in a job says what it wanted to say and goes on.
#include "nt/nt.h"
#include <stdarg.h>

int WINAPI wvnsprintfW(WCHAR *buffer, int size, const WCHAR *format, va_list list);
int WINAPI wvnsprintfA(char *buffer, int size, const char *format, va_list list);

// wsprintf's results have at most 1,024 characters with the NUL.
#define LIMIT 1025

HOTPATCH int WINAPI wvsprintfW(WCHAR *buffer, const WCHAR *format, va_list list)
{
    int length = wvnsprintfW(buffer, LIMIT, format, list);
    return length < 0 ? lstrlenW(buffer) : length;
}

HOTPATCH int WINAPI wvsprintfA(char *buffer, const char *format, va_list list)
{
    int length = wvnsprintfA(buffer, LIMIT, format, list);
    return length < 0 ? lstrlenA(buffer) : length;
}

HOTPATCH int WINAPIV wsprintfW(WCHAR *buffer, const WCHAR *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = wvsprintfW(buffer, format, list);
    va_end(list);
    return length;
}

HOTPATCH int WINAPIV wsprintfA(char *buffer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = wvsprintfA(buffer, format, list);
    va_end(list);
    return length;
}

// The buttons of each kind, in order.
static const BYTE buttons[][3] = {
    {IDOK},        {IDOK, IDCANCEL},    {IDABORT, IDRETRY, IDIGNORE},       {IDYES, IDNO, IDCANCEL},
    {IDYES, IDNO}, {IDRETRY, IDCANCEL}, {IDCANCEL, IDTRYAGAIN, IDCONTINUE},
};

static void put(HANDLE file, const WCHAR *text)
{
    char bytes[512];
    DWORD written;
    // As UTF-8: standard error is read by people and logs of the host.
    for (int rest = lstrlenW(text); rest;) {
        int n = rest > 128 ? 128 : rest;
        int length = WideCharToMultiByte(CP_UTF8, 0, text, n, bytes, sizeof(bytes), NULL, NULL);
        WriteFile(file, bytes, (DWORD)length, &written, NULL);
        text += n;
        rest -= n;
    }
}

HOTPATCH int WINAPI MessageBoxExW(HWND owner, const WCHAR *text, const WCHAR *caption, UINT type,
                                  WORD language)
{
    HANDLE file = GetStdHandle(STD_ERROR_HANDLE);
    UINT kind = type & MB_TYPEMASK, chosen = (type & MB_DEFMASK) >> 8;
    (void)owner, (void)language;
    if (kind >= sizeof(buttons) / sizeof(buttons[0])) {
        SetLastError(ERROR_INVALID_MSGBOX_STYLE);
        return 0;
    }
    put(file, caption ? caption : L"Error");
    put(file, L": ");
    put(file, text ? text : L"");
    put(file, L"\n");
    if (chosen > 2 || !buttons[kind][chosen]) chosen = 0;
    return buttons[kind][chosen];
}

HOTPATCH int WINAPI MessageBoxW(HWND owner, const WCHAR *text, const WCHAR *caption, UINT type)
{
    return MessageBoxExW(owner, text, caption, type, 0);
}

static WCHAR *wide(const char *text)
{
    if (!text) return NULL;
    int length = lstrlenA(text) + 1;
    WCHAR *copy = HeapAlloc(GetProcessHeap(), 0, (SIZE_T)length * sizeof(WCHAR));
    if (copy) MultiByteToWideChar(CP_ACP, 0, text, length, copy, length);
    return copy;
}

HOTPATCH int WINAPI MessageBoxExA(HWND owner, const char *text, const char *caption, UINT type, WORD language)
{
    WCHAR *wide_text = wide(text), *wide_caption = wide(caption);
    int result = MessageBoxExW(owner, wide_text, wide_caption, type, language);
    if (wide_text) HeapFree(GetProcessHeap(), 0, wide_text);
    if (wide_caption) HeapFree(GetProcessHeap(), 0, wide_caption);
    return result;
}

HOTPATCH int WINAPI MessageBoxA(HWND owner, const char *text, const char *caption, UINT type)
{
    return MessageBoxExA(owner, text, caption, type, 0);
}
