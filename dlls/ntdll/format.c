// printf for ntdll's own exports: _snprintf, swprintf and their kin, with Windows' sizes and meanings of s,
// S, c and C, and without floating point, which ntdll's have neither. DbgPrint's text is made here too.
#include "rtl.h"
#include <stdarg.h>

// Where characters go. Counts what doesn't fit.
struct sink {
    void *buffer;
    SIZE_T room, n;
    BOOLEAN wide;
};

static void put(struct sink *sink, WCHAR c)
{
    if (sink->n < sink->room) {
        if (sink->wide) {
            ((WCHAR *)sink->buffer)[sink->n] = c;
        } else {
            ((char *)sink->buffer)[sink->n] = c;
        }
    }
    sink->n++;
}

enum { LEFT = 1, PLUS = 2, SPACE = 4, ZERO = 8, HASH = 16 };
enum size { SIZE_INT, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_WIDE };

struct spec {
    ULONG flags;
    int width, precision; // precision -1: none
    enum size size;
};

static void pad(struct sink *sink, int n, WCHAR c)
{
    while (n-- > 0) put(sink, c);
}

static void put_number(struct sink *sink, const struct spec *spec, ULONGLONG value, BOOLEAN negative,
                       int base, const char *digits)
{
    char text[72], *end = text + sizeof(text), *p = end;
    const char *prefix = negative ? "-" : spec->flags & PLUS ? "+" : spec->flags & SPACE ? " " : "";
    int length, zeros, prefix_length;

    if (base != 10) prefix = "";
    if (spec->flags & HASH && base == 16 && value) prefix = digits[10] == 'a' ? "0x" : "0X";
    if (value || spec->precision) {
        do {
            *--p = digits[value % base];
            value /= base;
        } while (value);
    }
    if (spec->flags & HASH && base == 8 && (p == end || *p != '0')) *--p = '0';
    length = end - p;
    prefix_length = strlen(prefix);
    zeros = spec->precision > length ? spec->precision - length : 0;
    if (spec->precision < 0 && spec->flags & ZERO && !(spec->flags & LEFT)) {
        zeros = spec->width - length - prefix_length;
        if (zeros < 0) zeros = 0;
    }
    if (!(spec->flags & LEFT)) pad(sink, spec->width - length - zeros - prefix_length, ' ');
    while (*prefix) put(sink, *prefix++);
    pad(sink, zeros, '0');
    while (p < end) put(sink, *p++);
    if (spec->flags & LEFT) pad(sink, spec->width - length - zeros - prefix_length, ' ');
}

// A string argument of either width, converted through the ANSI code page where it has to be.
static void put_string(struct sink *sink, const struct spec *spec, const void *text, BOOLEAN wide,
                       SIZE_T limit)
{
    const char *narrow = text;
    const WCHAR *units = text;
    SIZE_T length;

    if (!text) {
        narrow = "(null)";
        wide = FALSE;
    }
    if (spec->precision >= 0 && (SIZE_T)spec->precision < limit) limit = spec->precision;
    length = wide ? wcsnlen(units, limit) : strnlen(narrow, limit);
    if (!(spec->flags & LEFT)) pad(sink, spec->width - length, spec->flags & ZERO ? '0' : ' ');
    if (wide == sink->wide) {
        for (SIZE_T i = 0; i < length; i++) put(sink, wide ? units[i] : (BYTE)narrow[i]);
    } else if (wide) {
        for (SIZE_T i = 0; i < length; i++) {
            CHAR bytes[4];
            ULONG n = 0;
            RtlUnicodeToMultiByteN(bytes, sizeof(bytes), &n, units + i, sizeof(WCHAR));
            for (ULONG k = 0; k < n; k++) put(sink, (BYTE)bytes[k]);
        }
    } else {
        for (SIZE_T i = 0; i < length; i += 64) {
            WCHAR out[64];
            ULONG n = 0;
            RtlMultiByteToUnicodeN(out, sizeof(out), &n, narrow + i, length - i < 64 ? length - i : 64);
            for (ULONG k = 0; k < n / sizeof(WCHAR); k++) put(sink, out[k]);
        }
    }
    if (spec->flags & LEFT) pad(sink, spec->width - length, ' ');
}

static ULONGLONG take_integer(va_list *args, enum size size, BOOLEAN is_signed)
{
    if (size == SIZE_64) return va_arg(*args, ULONGLONG);
    ULONG value = va_arg(*args, ULONG);
    if (size == SIZE_SHORT) return is_signed ? (ULONGLONG)(SHORT)value : (USHORT)value;
    return is_signed ? (ULONGLONG)(LONG)value : value;
}

// The format is read through this, whatever its width.
#define AT(i) (wide_format ? ((const WCHAR *)format)[i] : (BYTE)((const char *)format)[i])

static void format_all(struct sink *sink, const void *format, BOOLEAN wide_format, va_list *args)
{
    for (SIZE_T i = 0; AT(i); i++) {
        struct spec spec = {.precision = -1};
        BOOLEAN wide;
        WCHAR c;

        if (AT(i) != '%') {
            put(sink, AT(i));
            continue;
        }
        for (i++;; i++) {
            c = AT(i);
            if (c == '-')
                spec.flags |= LEFT;
            else if (c == '+')
                spec.flags |= PLUS;
            else if (c == ' ')
                spec.flags |= SPACE;
            else if (c == '0')
                spec.flags |= ZERO;
            else if (c == '#')
                spec.flags |= HASH;
            else
                break;
        }
        if (AT(i) == '*') {
            spec.width = va_arg(*args, int);
            if (spec.width < 0) {
                spec.width = -spec.width;
                spec.flags |= LEFT;
            }
            i++;
        } else {
            while (AT(i) >= '0' && AT(i) <= '9') spec.width = spec.width * 10 + AT(i++) - '0';
        }
        if (AT(i) == '.') {
            spec.precision = 0;
            if (AT(++i) == '*') {
                spec.precision = va_arg(*args, int);
                i++;
            } else {
                while (AT(i) >= '0' && AT(i) <= '9') spec.precision = spec.precision * 10 + AT(i++) - '0';
            }
        }
        for (;; i++) {
            if (AT(i) == 'h')
                spec.size = SIZE_SHORT;
            else if (AT(i) == 'l' && AT(i + 1) == 'l')
                spec.size = SIZE_64, i++;
            else if (AT(i) == 'l')
                spec.size = SIZE_LONG;
            else if (AT(i) == 'w')
                spec.size = SIZE_WIDE;
            else if (AT(i) == 'I' && AT(i + 1) == '6' && AT(i + 2) == '4')
                spec.size = SIZE_64, i += 2;
            else if (AT(i) == 'I' && AT(i + 1) == '3' && AT(i + 2) == '2')
                i += 2;
            else if (AT(i) != 'I' && AT(i) != 'L' && AT(i) != 'z' && AT(i) != 't')
                break;
        }
        // s and c have the function's width, S and C the other; h and l decide.
        wide = sink->wide;
        c = AT(i);
        if (c == 'S' || c == 'C' || c == 'Z') wide = !wide;
        if (c == 'Z') wide = FALSE;
        if (spec.size == SIZE_SHORT) wide = FALSE;
        if (spec.size == SIZE_LONG || spec.size == SIZE_WIDE) wide = TRUE;
        switch (c) {
        case 'd':
        case 'i': {
            LONGLONG value = take_integer(args, spec.size, TRUE);
            put_number(sink, &spec, value < 0 ? -(ULONGLONG)value : (ULONGLONG)value, value < 0, 10,
                       "0123456789");
            break;
        }
        case 'u':
            spec.flags &= ~(PLUS | SPACE);
            put_number(sink, &spec, take_integer(args, spec.size, FALSE), FALSE, 10, "0123456789");
            break;
        case 'o': put_number(sink, &spec, take_integer(args, spec.size, FALSE), FALSE, 8, "01234567"); break;
        case 'x':
            put_number(sink, &spec, take_integer(args, spec.size, FALSE), FALSE, 16, "0123456789abcdef");
            break;
        case 'X':
            put_number(sink, &spec, take_integer(args, spec.size, FALSE), FALSE, 16, "0123456789ABCDEF");
            break;
        case 'p':
            spec.precision = 8;
            put_number(sink, &spec, va_arg(*args, ULONG), FALSE, 16, "0123456789ABCDEF");
            break;
        case 'c':
        case 'C': {
            int value = va_arg(*args, int);
            WCHAR unit = value;
            CHAR byte = value;
            spec.precision = -1;
            put_string(sink, &spec, wide ? (const void *)&unit : &byte, wide, value ? 1 : 0);
            if (!value) put(sink, 0);
            break;
        }
        case 's':
        case 'S': put_string(sink, &spec, va_arg(*args, const void *), wide, ~(SIZE_T)0); break;
        case 'Z': { // counted strings: ANSI_STRING, with w UNICODE_STRING
            const STRING *string = va_arg(*args, const STRING *);
            put_string(sink, &spec, string ? string->Buffer : NULL, wide,
                       string ? string->Length / (wide ? sizeof(WCHAR) : 1) : ~(SIZE_T)0);
            break;
        }
        case 'n': *va_arg(*args, int *) = sink->n; break;
        case 0: return;
        default: put(sink, c); break;
        }
    }
}

// Windows' _vsnprintf: -1 when it doesn't fit, no terminator when it fits exactly.
static int finish(struct sink *sink)
{
    SIZE_T n = sink->n;

    if (n < sink->room) put(sink, 0);
    return n > sink->room ? -1 : (int)n;
}

int __cdecl _vsnprintf(char *buffer, size_t size, const char *format, va_list args)
{
    struct sink sink = {buffer, size, 0, FALSE};

    format_all(&sink, format, FALSE, &args);
    return finish(&sink);
}

int __cdecl _snprintf(char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = _vsnprintf(buffer, size, format, args);
    va_end(args);
    return n;
}

int __cdecl vsprintf(char *buffer, const char *format, va_list args)
{
    return _vsnprintf(buffer, 0x7FFFFFFF, format, args);
}

int __cdecl sprintf(char *buffer, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsprintf(buffer, format, args);
    va_end(args);
    return n;
}

int __cdecl _vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list args)
{
    struct sink sink = {buffer, size, 0, TRUE};

    format_all(&sink, format, TRUE, &args);
    return finish(&sink);
}

int __cdecl _snwprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = _vsnwprintf(buffer, size, format, args);
    va_end(args);
    return n;
}

// What the name swprintf stands for in ntdll: without a size. The header gives the name another meaning.
int __cdecl format_swprintf(WCHAR *buffer, const WCHAR *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = _vsnwprintf(buffer, 0x3FFFFFFF, format, args);
    va_end(args);
    return n;
}
