// Writing text, and converting it.
#include "output.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static UINT code_page(void)
{
    UINT page = GetConsoleOutputCP();
    return page ? page : GetOEMCP();
}

bool is_console(HANDLE handle)
{
    DWORD mode;
    return GetConsoleMode(handle, &mode) != 0;
}

static void write_bytes(HANDLE handle, const void *bytes, DWORD size)
{
    DWORD written;
    for (const char *p = bytes; size; p += written, size -= written)
        if (!WriteFile(handle, p, size, &written, NULL) || !written) return;
}

void write_part(int index, const WCHAR *text, size_t length)
{
    HANDLE handle = shell.handles[index];
    DWORD written;
    if (!length) return;
    if (is_console(handle)) {
        WriteConsoleW(handle, text, (DWORD)length, &written, NULL);
        return;
    }
    if (shell.unicode_output) {
        write_bytes(handle, text, (DWORD)(length * sizeof(WCHAR)));
        return;
    }
    struct mark mark = region_mark();
    int size = (int)length * 4 + 16;
    char *bytes = region_take(size);
    size = WideCharToMultiByte(code_page(), 0, text, (int)length, bytes, size, NULL, NULL);
    if (size > 0) write_bytes(handle, bytes, size);
    region_release(mark);
}

static void write_format(int handle, const WCHAR *format, va_list arguments, const WCHAR *end)
{
    struct mark mark = region_mark();
    va_list again;
    va_copy(again, arguments);
    int length = _vscwprintf(format, again);
    va_end(again);
    if (length >= 0) {
        struct text text = {};
        WCHAR *line = region_take((length + 1) * sizeof(WCHAR));
        _vsnwprintf(line, length + 1, format, arguments);
        text_add_part(&text, line, length);
        text_add_string(&text, end);
        write_part(handle, text.data, text.length);
    }
    region_release(mark);
}

void print(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(1, format, arguments, L"");
    va_end(arguments);
}

void complain(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(2, format, arguments, L"\r\n");
    va_end(arguments);
}

void complain_error(DWORD error)
{
    WCHAR text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0,
                                  text, ARRAYSIZE(text), NULL);
    if (length)
        write_part(2, text, length);
    else
        complain(L"Error %lu.", error);
}

WCHAR *decode_bytes(const char *bytes, size_t size)
{
    WCHAR *text = region_take((size + 1) * sizeof(WCHAR));
    int length = size ? MultiByteToWideChar(code_page(), 0, bytes, (int)size, text, (int)size) : 0;
    text[length] = 0;
    return text;
}
