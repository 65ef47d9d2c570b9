/*
 * The formatting core, once for both widths; printf_core.c includes it twice. Everything goes to a sink, in
 * pieces.
 */
#include "dlls/template.h"

struct T(printer, printer_wide) {
    struct print_sink *sink;
    const struct crt_locale *locale;
    unsigned options;
    int total;
    bool failed;
};

static void T(emit, emit_wide)(struct T(printer, printer_wide) * p, const CHAR *text, int count)
{
    if (count <= 0 || p->failed) return;
    p->total += count;
    if (!p->sink->put(p->sink, text, count)) p->failed = true;
}

static void T(pad, pad_wide)(struct T(printer, printer_wide) * p, CHAR c, int count)
{
    CHAR run[32];

    for (int i = 0; i < 32; i++) run[i] = c;
    for (; count > 0 && !p->failed; count -= 32) T(emit, emit_wide)(p, run, count < 32 ? count : 32);
}

/* Writes ASCII text. */
static void T(emit_ascii, emit_ascii_wide)(struct T(printer, printer_wide) * p, const char *text, int count)
{
#ifdef WIDE
    wchar_t block[64];
    while (count > 0) {
        int n = count < 64 ? count : 64;
        for (int i = 0; i < n; i++) block[i] = (unsigned char)text[i];
        emit_wide(p, block, n);
        text += n;
        count -= n;
    }
#else
    emit(p, text, count);
#endif
}

/* Sign or prefix, zeros and body in the field. */
static void T(field, field_wide)(struct T(printer, printer_wide) * p, const struct conversion *c,
                                 const char *prefix, int zeros, const char *body, int length)
{
    int prefix_length = strlen(prefix), fill = c->width - prefix_length - zeros - length;

    if (!(c->flags & (FLAG_LEFT | FLAG_ZERO))) T(pad, pad_wide)(p, ' ', fill);
    T(emit_ascii, emit_ascii_wide)(p, prefix, prefix_length);
    if ((c->flags & (FLAG_LEFT | FLAG_ZERO)) == FLAG_ZERO) T(pad, pad_wide)(p, '0', fill);
    T(pad, pad_wide)(p, '0', zeros);
    T(emit_ascii, emit_ascii_wide)(p, body, length);
    if (c->flags & FLAG_LEFT) T(pad, pad_wide)(p, ' ', fill);
}

static void T(print_integer, print_integer_wide)(struct T(printer, printer_wide) * p, struct conversion *c,
                                                 uint64_t value, bool negative)
{
    char digits[24], *end = digits + sizeof(digits), *start;
    const char *prefix = "";
    int zeros;

    start = integer_digits(end, value, c->type);
    if (c->type == 'x' || c->type == 'X' || c->type == 'p') {
        if (c->flags & FLAG_ALTERNATE && (value || c->type == 'p')) prefix = c->type == 'x' ? "0x" : "0X";
    } else if (c->type == 'd' || c->type == 'i') {
        prefix = negative ? "-" : c->flags & FLAG_PLUS ? "+" : c->flags & FLAG_SPACE ? " " : "";
    }
    if (c->precision >= 0) c->flags &= ~FLAG_ZERO;
    zeros = (c->precision < 0 ? 1 : c->precision) - (end - start);
    if (c->type == 'o' && c->flags & FLAG_ALTERNATE && zeros <= 0 && (start == end || *start != '0'))
        zeros = 1;
    T(field, field_wide)(p, c, prefix, zeros > 0 ? zeros : 0, start, end - start);
}

static void T(print_float, print_float_wide)(struct T(printer, printer_wide) * p, struct conversion *c,
                                             double value)
{
    struct float_text text;
    int point, length;
    const char *decimal_point = p->locale->lconv.decimal_point;
    int fill;

    float_text(&text, c, value, p->options);
    length = text.length + text.zeros + text.tail_length;
    fill = c->width - (int)strlen(text.prefix) - length;
    if (!(c->flags & (FLAG_LEFT | FLAG_ZERO))) T(pad, pad_wide)(p, ' ', fill);
    T(emit_ascii, emit_ascii_wide)(p, text.prefix, strlen(text.prefix));
    if ((c->flags & (FLAG_LEFT | FLAG_ZERO)) == FLAG_ZERO) T(pad, pad_wide)(p, '0', fill);
    for (point = 0; point < text.length && text.body[point] != '.'; point++) {
    }
    T(emit_ascii, emit_ascii_wide)(p, text.body, point);
    if (point < text.length) {
        T(emit_ascii, emit_ascii_wide)(p, decimal_point, 1);
        T(emit_ascii, emit_ascii_wide)(p, text.body + point + 1, text.length - point - 1);
    }
    T(pad, pad_wide)(p, '0', text.zeros);
    T(emit_ascii, emit_ascii_wide)(p, text.tail, text.tail_length);
    if (c->flags & FLAG_LEFT) T(pad, pad_wide)(p, ' ', fill);
}

/* A string or character of this or the other width; COUNT < 0: up to its NUL. */
static void T(print_text, print_text_wide)(struct T(printer, printer_wide) * p, const struct conversion *c,
                                           const void *text, int count, bool wide)
{
    const CHAR *same = text;
    CHAR small[128], *converted = NULL;
    CHAR fill_with = c->flags & FLAG_ZERO && !(c->flags & FLAG_LEFT) ? '0' : ' ';
    int limit = c->precision < 0 ? INT_MAX : c->precision, length;

    if (wide == (sizeof(CHAR) == 2)) {
        length = count >= 0 ? count : (int)T(strnlen, wcsnlen)(text, limit);
    } else {
        length = T(convert_to_narrow, convert_to_wide)(p->locale, text, count, limit, small,
                                                       ARRAY_SIZE(small), &converted);
        if (length < 0) {
            if (count < 0) p->failed = true; /* a single character without equivalent is left out */
            return;
        }
        same = converted ? converted : small;
    }
    if (count < 0 && length > limit) length = limit;
    if (!(c->flags & FLAG_LEFT)) T(pad, pad_wide)(p, fill_with, c->width - length);
    T(emit, emit_wide)(p, same, length);
    if (c->flags & FLAG_LEFT) T(pad, pad_wide)(p, ' ', c->width - length);
    free(converted);
}

/* Does %TYPE with this size prefix mean wide text? Capitals mean the other width than the small letter. */
static bool T(is_wide_text, is_wide_text_wide)(const struct conversion *c, unsigned options)
{
    bool capital = c->type == 'S' || c->type == 'C';

    if (c->size & (SIZE_LONG | SIZE_WIDE)) return true;
    if (c->size & SIZE_SHORT) return false;
    return capital != (sizeof(CHAR) == 2 && !(options & FORMAT_ISO_WIDE));
}

static void T(print_conversion, print_conversion_wide)(struct T(printer, printer_wide) * p,
                                                       struct conversion *c, union argument *value)
{
    switch (c->type) {
    case 'd':
    case 'i': {
        int64_t number = c->size & SIZE_64      ? (int64_t)value->integer
                         : c->size & SIZE_BYTE  ? (signed char)value->integer
                         : c->size & SIZE_SHORT ? (short)value->integer
                                                : (int)value->integer;
        T(print_integer, print_integer_wide)
        (p, c, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0);
        break;
    }
    case 'p':
        if (c->precision < 0) c->precision = 8;
        c->precision = 8;
        T(print_integer, print_integer_wide)(p, c, (uint32_t)value->integer, false);
        break;
    case 'o':
    case 'u':
    case 'x':
    case 'X': {
        uint64_t number = c->size & SIZE_64      ? value->integer
                          : c->size & SIZE_BYTE  ? (unsigned char)value->integer
                          : c->size & SIZE_SHORT ? (unsigned short)value->integer
                                                 : (uint32_t)value->integer;
        T(print_integer, print_integer_wide)(p, c, number, false);
        break;
    }
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': T(print_float, print_float_wide)(p, c, value->number); break;
    case 'c':
    case 'C': {
        bool wide = T(is_wide_text, is_wide_text_wide)(c, p->options);
        wchar_t wide_char = value->integer;
        char narrow_char = value->integer;
        c->precision = -1;
        T(print_text, print_text_wide)(p, c, wide ? (void *)&wide_char : (void *)&narrow_char, 1, wide);
        break;
    }
    case 's':
    case 'S':
        if (value->pointer) T(print_text, print_text_wide)
        (p, c, value->pointer, -1, T(is_wide_text, is_wide_text_wide)(c, p->options));
        else T(print_text, print_text_wide)(p, c, TEXT_LITERAL("(null)"), -1, sizeof(CHAR) == 2);
        break;
    case 'Z': { /* a counted string: ANSI_STRING or, with l or w, UNICODE_STRING */
        const UNICODE_STRING *counted = value->pointer;
        bool wide = c->size & (SIZE_LONG | SIZE_WIDE);
        int count;
        if (!counted || !counted->Buffer) {
            T(print_text, print_text_wide)(p, c, TEXT_LITERAL("(null)"), -1, sizeof(CHAR) == 2);
            break;
        }
        count = wide ? counted->Length / 2 : counted->Length;
        if (c->precision >= 0 && count > c->precision) count = c->precision;
        c->precision = -1;
        T(print_text, print_text_wide)(p, c, counted->Buffer, count, wide);
        break;
    }
    }
}

static const CHAR *T(read_number, read_number_wide)(const CHAR *format, int *number)
{
    int n = 0;
    for (; *format >= '0' && *format <= '9'; format++)
        if (n < INT_MAX / 10 - 1) n = n * 10 + (*format - '0');
    *number = n;
    return format;
}

/* Reads one conversion behind its '%'; returns the character behind its type (or at the NUL). */
static const CHAR *T(parse, parse_wide)(const CHAR *format, struct conversion *c, unsigned options)
{
    const CHAR *start = format;

    memset(c, 0, sizeof(*c));
    c->precision = -1;
    if (options & FORMAT_POSITIONAL && *format >= '1' && *format <= '9') {
        format = T(read_number, read_number_wide)(format, &c->position);
        if (*format != '$') {
            format = start;
            c->position = 0;
        } else {
            format++;
        }
    }
    for (;; format++) {
        if (*format == '-')
            c->flags |= FLAG_LEFT;
        else if (*format == '+')
            c->flags |= FLAG_PLUS;
        else if (*format == ' ')
            c->flags |= FLAG_SPACE;
        else if (*format == '#')
            c->flags |= FLAG_ALTERNATE;
        else if (*format == '0')
            c->flags |= FLAG_ZERO;
        else
            break;
    }
    if (*format == '*') {
        c->width_from = FROM_ARGUMENT;
        format++;
        if (options & FORMAT_POSITIONAL && *format >= '1' && *format <= '9') {
            format = T(read_number, read_number_wide)(format, &c->width_from);
            if (*format == '$') format++;
        } else { /* digits behind '*' go on where its value ends */
            const CHAR *digits = format;
            format = T(read_number, read_number_wide)(format, &c->width);
            for (c->width_scale = 1; digits < format; digits++) c->width_scale *= 10;
        }
    } else {
        format = T(read_number, read_number_wide)(format, &c->width);
    }
    if (*format == '.') {
        format++;
        c->precision = 0;
        if (*format == '*') {
            c->precision_from = FROM_ARGUMENT;
            format++;
            if (options & FORMAT_POSITIONAL && *format >= '1' && *format <= '9') {
                format = T(read_number, read_number_wide)(format, &c->precision_from);
                if (*format == '$') format++;
            }
        } else {
            format = T(read_number, read_number_wide)(format, &c->precision);
        }
    }
    for (;; format++) {
        CHAR next = format[1];
        bool integer_next = next && (UCHAR)next < 0x80 && strchr("dioxXu", next);

        if (*format == 'h' && next == 'h' && options & FORMAT_C99) {
            c->size |= SIZE_BYTE;
            format++;
        } else if (*format == 'h') {
            c->size |= SIZE_SHORT;
        } else if (*format == 'l') {
            c->size |= next == 'l' ? SIZE_LONG | SIZE_64 : SIZE_LONG;
            if (next == 'l') format++;
        } else if (*format == 'w') {
            c->size |= SIZE_WIDE;
        } else if (*format == 'j') {
            c->size |= SIZE_64;
        } else if (*format == 'I' && next == '6' && format[2] == '4') {
            c->size |= SIZE_64;
            format += 2;
        } else if (*format == 'I' && next == '3' && format[2] == '2') {
            format += 2;
        } else if (*format == 'I' || *format == 'z' || *format == 't') {
            if (!integer_next) break;
        } else if (*format == 'F' && options & FORMAT_C99) {
            break;
        } else if (*format == 'T' && options & FORMAT_C99) { /* the function's own width */
            c->size |= sizeof(CHAR) == 2 ? SIZE_WIDE : SIZE_SHORT;
        } else if (*format != 'L' && *format != 'F' && *format != 'N') {
            break; /* those three: long double is double, far and near pointers are pointers */
        }
    }
    c->ended = !*format;
    c->type = (UCHAR)*format < 0x80 ? *format : 0;
    return *format ? format + 1 : format;
}

static bool T(collect_positional, collect_positional_wide)(const CHAR *format, unsigned options,
                                                           struct positional *all, va_list args)
{
    struct conversion c;

    memset(all, 0, sizeof(*all));
    while (*format) {
        if (*format++ != '%') continue;
        if (*format == '%') {
            format++;
            continue;
        }
        format = T(parse, parse_wide)(format, &c, options);
        if (!c.position) return false;
        if (!positional_note(all, &c)) return false;
    }
    positional_read(all, args);
    return true;
}

/* Formats to SINK; the number of characters, or -1 on failure of the sink, a conversion or (_s) the format.
 */
int T(print_narrow, print_wide)(struct print_sink *sink, unsigned options, const struct crt_locale *locale,
                                const CHAR *format, va_list args)
{
    struct T(printer, printer_wide) p = {sink, locale, options, 0, false};
    struct positional positional;
    struct conversion c;
    bool by_position = false;

    if (options & FORMAT_POSITIONAL) {
        by_position = T(collect_positional, collect_positional_wide)(format, options, &positional, args);
        if (!by_position && positional.used) REQUIRE(false, EINVAL, -1);
    }
    while (*format && !p.failed) {
        const CHAR *start = format;
        union argument value = {0};

        while (*format && *format != '%') format++;
        T(emit, emit_wide)(&p, start, format - start);
        if (!*format) break;
        start = ++format;
        if (*format == '%') {
            T(emit, emit_wide)(&p, format++, 1);
            continue;
        }
        format = T(parse, parse_wide)(format, &c, options);
        if (c.width_from) {
            int width = by_position ? (int)positional.value[c.width_from].integer : va_arg(args, int);
            c.width = c.width_scale ? width * c.width_scale + c.width : width;
            if (c.width < 0) c.width = -c.width, c.flags |= FLAG_LEFT;
        }
        if (c.precision_from)
            c.precision = by_position ? positional.value[c.precision_from].integer : va_arg(args, int);
        if (c.type == 'n') {
            void *target = by_position ? positional.value[c.position].pointer : va_arg(args, void *);
            if (options & FORMAT_NO_COUNT || (options & FORMAT_SECURE && !(options & FORMAT_C99)))
                REQUIRE(false, EINVAL, -1);
            if (c.size & SIZE_64 && options & FORMAT_C99)
                *(int64_t *)target = p.total;
            else if (c.size & SIZE_BYTE)
                *(char *)target = p.total;
            else if (c.size & SIZE_SHORT)
                *(short *)target = p.total;
            else
                *(int *)target = p.total;
            continue;
        }
        if (!c.type ||
            !strchr(options & FORMAT_C99 ? "diopuxXaAeEfFgGcCsSZ" : "diopuxXaAeEfgGcCsSZ", c.type)) {
            if (options & FORMAT_SECURE) REQUIRE(false, EINVAL, -1);
            if (c.ended) break;
            T(emit, emit_wide)(&p, format - 1, 1); /* an unknown type prints itself */
            continue;
        }
        if (by_position)
            value = positional.value[c.position];
        else if (strchr("aAeEfFgG", c.type))
            value.number = va_arg(args, double);
        else if (c.size & SIZE_64 && strchr("dioxXu", c.type))
            value.integer = va_arg(args, uint64_t);
        else
            value.integer = va_arg(args, uint32_t);
        T(print_conversion, print_conversion_wide)(&p, &c, &value);
    }
    return p.failed ? -1 : p.total;
}
#include "dlls/template_end.h"
