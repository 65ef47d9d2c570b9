// One printf-like specification: flags, width, precision, size, and the types of wsprintf.
#include "format_argument.h"

void text_put(struct text *text, WCHAR unit)
{
    if (text->failed) return;
    if (text->length + 1 >= text->capacity) {
        SIZE_T capacity = text->capacity ? text->capacity * 2 : 128;
        WCHAR *units = text->units
                           ? RtlReAllocateHeap(process_heap(), 0, text->units, capacity * sizeof(WCHAR))
                           : RtlAllocateHeap(process_heap(), 0, capacity * sizeof(WCHAR));
        if (!units) {
            text->failed = true;
            return;
        }
        text->units = units;
        text->capacity = capacity;
    }
    text->units[text->length++] = unit;
    text->units[text->length] = 0;
}

void text_put_all(struct text *text, const WCHAR *units, SIZE_T length)
{
    for (SIZE_T i = 0; i < length; i++) text_put(text, units[i]);
}

struct specification {
    bool left, zero, alternate, plus, blank;
    int width, precision; // precision -1: none
    enum { SIZE_DEFAULT, SIZE_SHORT, SIZE_LONG, SIZE_64 } size;
};

static void put_padding(struct text *out, int count, WCHAR unit)
{
    while (count-- > 0) text_put(out, unit);
}

static void put_padded(struct text *out, const struct specification *how, const WCHAR *units, int length)
{
    if (!how->left) put_padding(out, how->width - length, how->zero ? '0' : ' ');
    text_put_all(out, units, (SIZE_T)length);
    if (how->left) put_padding(out, how->width - length, ' ');
}

static void put_number(struct text *out, const struct specification *how, ULONGLONG value, unsigned base,
                       bool upper, bool is_signed)
{
    WCHAR digits[24], prefix[3];
    int n = 0, prefix_length = 0;
    bool negative = is_signed && (LONGLONG)value < 0;
    if (negative) value = 0 - value;
    if (how->alternate && base == 16 && value) {
        prefix[prefix_length++] = '0';
        prefix[prefix_length++] = upper ? 'X' : 'x';
    }
    for (; value; value /= base)
        digits[n++] = (upper ? L"0123456789ABCDEF" : L"0123456789abcdef")[value % base];
    int least = how->precision < 0 ? 1 : how->precision;
    if (how->alternate && base == 8 && least <= n) least = n + 1;
    if (negative)
        prefix[prefix_length++] = '-';
    else if (is_signed && how->plus)
        prefix[prefix_length++] = '+';
    else if (is_signed && how->blank)
        prefix[prefix_length++] = ' ';
    int zeros = least > n ? least - n : 0;
    int padding = how->width - prefix_length - zeros - n;
    bool zero = how->zero && !how->left && how->precision < 0;
    if (!how->left && !zero) put_padding(out, padding, ' ');
    text_put_all(out, prefix, (SIZE_T)prefix_length);
    if (zero) put_padding(out, padding, '0');
    put_padding(out, zeros, '0');
    while (n) text_put(out, digits[--n]);
    if (how->left) put_padding(out, padding, ' ');
}

static void put_string(struct text *out, const struct specification *how, const void *argument, bool ansi)
{
    if (!argument) {
        put_padded(out, how, L"(null)", 6);
        return;
    }
    SIZE_T limit = how->precision < 0 ? ~(SIZE_T)0 : (SIZE_T)how->precision, length = 0;
    if (!ansi) {
        const WCHAR *text = argument;
        while (length < limit && text[length]) length++;
        put_padded(out, how, text, (int)length);
        return;
    }
    const char *text = argument;
    while (length < limit && text[length]) length++;
    AUTO_FREE WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    ULONG bytes = 0;
    if (!wide) {
        out->failed = true;
        return;
    }
    RtlMultiByteToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &bytes, text, (ULONG)length);
    put_padded(out, how, wide, (int)(bytes / sizeof(WCHAR)));
}

static void put_character(struct text *out, const struct specification *how, ULONG_PTR value, bool ansi)
{
    WCHAR unit = (WCHAR)value;
    ULONG bytes;
    char byte = (char)value;
    if (ansi) RtlMultiByteToUnicodeN(&unit, sizeof(unit), &bytes, &byte, 1);
    put_padded(out, how, &unit, 1);
}

static const WCHAR *parse_number(const WCHAR *at, struct arguments *arguments, int *value)
{
    *value = 0;
    if (*at == '*') {
        *value = (int)arguments->next(arguments);
        return at + 1;
    }
    while (*at >= '0' && *at <= '9' && *value < 100000) *value = *value * 10 + (*at++ - '0');
    return at;
}

static ULONGLONG next_integer(const struct specification *how, struct arguments *arguments, bool is_signed)
{
    ULONG_PTR low = arguments->next(arguments);
    if (how->size == SIZE_64) return (ULONGLONG)arguments->next(arguments) << 32 | low;
    if (how->size == SIZE_SHORT) return is_signed ? (ULONGLONG)(LONGLONG)(SHORT)low : (USHORT)low;
    return is_signed ? (ULONGLONG)(LONGLONG)(LONG)low : low;
}

const WCHAR *format_argument(struct text *out, const WCHAR *at, struct arguments *arguments, bool ansi)
{
    struct specification how = {.precision = -1};
    for (;; at++) {
        if (*at == '-')
            how.left = true;
        else if (*at == '0')
            how.zero = true;
        else if (*at == '#')
            how.alternate = true;
        else if (*at == '+')
            how.plus = true;
        else if (*at == ' ')
            how.blank = true;
        else
            break;
    }
    at = parse_number(at, arguments, &how.width);
    if (how.width < 0) {
        how.left = true;
        how.width = -how.width;
    }
    if (*at == '.') at = parse_number(at + 1, arguments, &how.precision);
    bool wide_size = false;
    if (*at == 'h') {
        how.size = SIZE_SHORT;
        at++;
    } else if (*at == 'I' && at[1] == '6' && at[2] == '4') {
        how.size = SIZE_64;
        at += 3;
    } else if (*at == 'I' && at[1] == '3' && at[2] == '2') {
        at += 3;
    } else if (*at == 'I') {
        at++;
    } else if (*at == 'l' || *at == 'w') {
        wide_size = true;
        at++;
        if (*at == 'l') {
            how.size = SIZE_64;
            at++;
        }
    }
    // Sizes decide the alphabet of strings; upper-case types mean the other one.
    bool narrow = how.size == SIZE_SHORT ? true : wide_size ? false : ansi;
    bool other = how.size == SIZE_SHORT ? true : wide_size ? false : !ansi;
    switch (*at) {
    case 'c': put_character(out, &how, arguments->next(arguments), narrow); break;
    case 'C': put_character(out, &how, arguments->next(arguments), other); break;
    case 's': put_string(out, &how, (void *)arguments->next(arguments), narrow); break;
    case 'S': put_string(out, &how, (void *)arguments->next(arguments), other); break;
    case 'd':
    case 'i': put_number(out, &how, next_integer(&how, arguments, true), 10, false, true); break;
    case 'u': put_number(out, &how, next_integer(&how, arguments, false), 10, false, false); break;
    case 'o': put_number(out, &how, next_integer(&how, arguments, false), 8, false, false); break;
    case 'x': put_number(out, &how, next_integer(&how, arguments, false), 16, false, false); break;
    case 'X': put_number(out, &how, next_integer(&how, arguments, false), 16, true, false); break;
    case 'p':
        how.precision = 8;
        put_number(out, &how, arguments->next(arguments), 16, true, false);
        break;
    case 0: return at;
    default: text_put(out, *at); break; // an unknown type stands for itself
    }
    return at + 1;
}

// ---- wvnsprintf: the formatting behind user32's wsprintf and shlwapi's wnsprintf ----

static ULONG_PTR next_of_list(struct arguments *arguments)
{
    return va_arg(*arguments->list, ULONG_PTR);
}

static bool format_list(struct text *out, const WCHAR *format, va_list list, bool ansi)
{
    va_list copy;
    va_copy(copy, list);
    struct arguments arguments = {.next = next_of_list, .list = &copy};
    while (*format) {
        if (*format != '%') {
            text_put(out, *format++);
        } else if (format[1] == '%') {
            text_put(out, '%');
            format += 2;
        } else {
            format = format_argument(out, format + 1, &arguments, ansi);
        }
    }
    va_end(copy);
    return !out->failed;
}

// At most size units with the NUL. The length without it, or -1 when the text was cut off.
HOTPATCH int WINAPI wvnsprintfW(WCHAR *buffer, int size, const WCHAR *format, va_list list)
{
    struct text text = {};
    if (size <= 0) return -1;
    bool formatted = format_list(&text, format, list, false);
    int length = (int)text.length, n = length < size ? length : size - 1;
    if (n) memcpy(buffer, text.units, (SIZE_T)n * sizeof(WCHAR));
    buffer[n] = 0;
    if (text.units) heap_free(text.units);
    return formatted && length < size ? length : -1;
}

HOTPATCH int WINAPI wvnsprintfA(char *buffer, int size, const char *format, va_list list)
{
    struct text text = {};
    AUTO_FREE WCHAR *wide = wide_from_ansi(format);
    ULONG written = 0, needed = 0;
    if (size <= 0 || !wide) return -1;
    bool formatted = format_list(&text, wide, list, true);
    if (text.length) {
        RtlUnicodeToMultiByteSize(&needed, text.units, (ULONG)(text.length * sizeof(WCHAR)));
        RtlUnicodeToMultiByteN(buffer, (ULONG)size - 1, &written, text.units,
                               (ULONG)(text.length * sizeof(WCHAR)));
        heap_free(text.units);
    }
    buffer[written] = 0;
    return formatted && needed < (ULONG)size ? (int)written : -1;
}

HOTPATCH int __cdecl wnsprintfW(WCHAR *buffer, int size, const WCHAR *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = wvnsprintfW(buffer, size, format, list);
    va_end(list);
    return length;
}

HOTPATCH int __cdecl wnsprintfA(char *buffer, int size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = wvnsprintfA(buffer, size, format, list);
    va_end(list);
    return length;
}
