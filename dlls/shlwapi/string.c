// Functions on strings that are shlwapi's own: plain copies, formatted sizes and durations, bounded printf.
#include "shlwapi_local.h"
#include <stdarg.h>

int __cdecl _vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
int __cdecl _vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments);

WCHAR *wide_copy(const char *text)
{
    int n = text ? MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0) : 0;
    WCHAR *copy = n ? RtlAllocateHeap(process_heap(), 0, (SIZE_T)n * sizeof(WCHAR)) : NULL;

    if (copy) MultiByteToWideChar(CP_ACP, 0, text, -1, copy, n);
    return copy;
}

HOTPATCH WCHAR *WINAPI StrCpyW(WCHAR *text, const WCHAR *from)
{
    if (text && from) memcpy(text, from, (wide_length(from) + 1) * sizeof(WCHAR));
    return text;
}

HOTPATCH WCHAR *WINAPI StrCatW(WCHAR *text, const WCHAR *more)
{
    if (text) StrCpyW(text + wide_length(text), more);
    return text;
}

// Appends at most n characters of a text, which are all that there is room for.
HOTPATCH char *WINAPI StrNCatA(char *text, const char *more, int n)
{
    if (!text || !more || n <= 0) return text;
    StrCpyNXA(text + strlen(text), more, n);
    return text;
}

HOTPATCH WCHAR *WINAPI StrNCatW(WCHAR *text, const WCHAR *more, int n)
{
    if (!text || !more || n <= 0) return text;
    StrCpyNXW(text + wide_length(text), more, n);
    return text;
}

// ---- copies for the caller to free with CoTaskMemFree, which is the process heap ----

HOTPATCH HRESULT WINAPI SHStrDupW(const WCHAR *text, WCHAR **out)
{
    SIZE_T size;

    if (!out) return E_INVALIDARG;
    *out = NULL;
    if (!text) return E_INVALIDARG;
    size = (wide_length(text) + 1) * sizeof(WCHAR);
    *out = RtlAllocateHeap(process_heap(), 0, size);
    if (!*out) return E_OUTOFMEMORY;
    memcpy(*out, text, size);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SHStrDupA(const char *text, WCHAR **out)
{
    if (!out) return E_INVALIDARG;
    *out = NULL;
    if (!text) return E_INVALIDARG;
    *out = wide_copy(text);
    return *out ? S_OK : E_OUTOFMEMORY;
}

// ---- formatted text, cut to size with the terminator; the number of characters, -1 when it was cut ----

HOTPATCH int WINAPI wvnsprintfA(char *out, int size, const char *format, va_list arguments)
{
    int n;

    if (size <= 0) return -1;
    n = _vsnprintf(out, (size_t)size, format, arguments);
    if (n >= 0 && n < size) return n;
    out[size - 1] = 0;
    return -1;
}

HOTPATCH int WINAPI wvnsprintfW(WCHAR *out, int size, const WCHAR *format, va_list arguments)
{
    int n;

    if (size <= 0) return -1;
    n = _vsnwprintf(out, (size_t)size, format, arguments);
    if (n >= 0 && n < size) return n;
    out[size - 1] = 0;
    return -1;
}

int WINAPIV wnsprintfA(char *out, int size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int n = wvnsprintfA(out, size, format, arguments);
    va_end(arguments);
    return n;
}

int WINAPIV wnsprintfW(WCHAR *out, int size, const WCHAR *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int n = wvnsprintfW(out, size, format, arguments);
    va_end(arguments);
    return n;
}

// ---- sizes of files: three digits and a unit ----

static const struct {
    ULONGLONG limit; // the first size that a larger unit takes
    int shift;       // to the unit, but for ten bits: a fraction
    const char *unit;
} units[] = {
    {1ull << 10, 0, "bytes"}, {1ull << 20, 0, "KB"},  {1ull << 30, 10, "MB"}, {1ull << 40, 20, "GB"},
    {1ull << 50, 30, "TB"},   {1ull << 60, 40, "PB"}, {~0ull, 50, "EB"},
};

// Like "1.23 KB", "12.3 KB", "123 KB"; digits beyond are cut off.
static void format_size(ULONGLONG size, char *out)
{
    unsigned i = 0;

    while (i + 1 < ARRAYSIZE(units) && size >= units[i].limit) i++;
    if (!i) {
        wnsprintfA(out, 40, "%u bytes", (unsigned)size);
        return;
    }
    ULONG thousandths = (ULONG)(((size >> units[i].shift) * 1000) >> 10), whole = thousandths / 1000;
    ULONG fraction = thousandths % 1000;
    if (whole < 10)
        wnsprintfA(out, 40, "%lu.%02lu %s", whole, fraction / 10, units[i].unit);
    else if (whole < 100)
        wnsprintfA(out, 40, "%lu.%lu %s", whole, fraction / 100, units[i].unit);
    else
        wnsprintfA(out, 40, "%lu %s", whole, units[i].unit);
}

HOTPATCH WCHAR *WINAPI StrFormatByteSizeW(LONGLONG size, WCHAR *out, UINT room)
{
    char text[40];

    if (!out || !room) return out;
    format_size((ULONGLONG)size, text);
    UINT i = 0;
    for (; i + 1 < room && text[i]; i++) out[i] = (BYTE)text[i];
    out[i] = 0;
    return out;
}

HOTPATCH char *WINAPI StrFormatByteSize64A(LONGLONG size, char *out, UINT room)
{
    char text[40];

    if (!out || !room) return out;
    format_size((ULONGLONG)size, text);
    StrCpyNXA(out, text, (int)room);
    return out;
}

HOTPATCH char *WINAPI StrFormatByteSizeA(DWORD size, char *out, UINT room)
{
    return StrFormatByteSize64A(size, out, room);
}
