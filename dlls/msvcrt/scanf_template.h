/* The scanning core, once for both widths; scanf_core.c includes it twice. */
#include "dlls/template.h"

struct T(scanner, scanner_wide) {
    struct scan_source *source;
    const struct crt_locale *locale;
    int next;  /* the character read ahead; CRT_EOF at the end */
    int count; /* characters consumed */
};
#define SCANNER struct T(scanner, scanner_wide)

static inline void T(advance, advance_wide)(SCANNER *s)
{
    s->count++;
    s->next = s->source->get(s->source);
}

static inline bool T(is_blank, is_blank_wide)(const SCANNER *s, int c)
{
    return c != CRT_EOF && (T(s->locale->ctype[(UCHAR)c + 1], ((void)s, wide_class(c))) & CT_SPACE) != 0;
}

static void T(skip_blanks, skip_blanks_wide)(SCANNER *s)
{
    while (T(is_blank, is_blank_wide)(s, s->next)) T(advance, advance_wide)(s);
}

static int T(digit_value, digit_value_wide)(int c, int base)
{
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    return value < base ? value : -1;
}

/* An integer of at most WIDTH characters; false if there is none. */
static bool T(scan_integer, scan_integer_wide)(SCANNER *s, int base, int width, bool pointer,
                                               uint64_t *result)
{
    bool negative = false, any = false;
    uint64_t value = 0;
    int digit;

    if (width && (s->next == '-' || s->next == '+')) {
        negative = s->next == '-';
        T(advance, advance_wide)(s), width--;
    }
    if (width && (base == 0 || base == 16) && s->next == '0') {
        any = true;
        T(advance, advance_wide)(s), width--;
        if (width && !pointer && (s->next == 'x' || s->next == 'X')) {
            T(advance, advance_wide)(s), width--;
            base = 16;
        } else if (!base) {
            base = 8;
        }
    }
    if (!base) base = 10;
    while (width && (digit = T(digit_value, digit_value_wide)(s->next, base)) >= 0) {
        value = value * base + digit;
        any = true;
        T(advance, advance_wide)(s), width--;
    }
    *result = negative ? -value : value;
    return any;
}

/* Takes the letters of WORD, in either case; false at the first that differs. */
static bool T(take_word, take_word_wide)(SCANNER *s, int *width, const char *word)
{
    for (; *word; word++) {
        if (!*width || (s->next | 0x20) != *word) return false;
        T(advance, advance_wide)(s), --*width;
    }
    return true;
}

/* "inf", "infinity", "nan" or "nan(text)" where a number may stand. */
static bool T(scan_named_float, scan_named_float_wide)(SCANNER *s, int width, double *result)
{
    if ((s->next | 0x20) == 'i') {
        if (!T(take_word, take_word_wide)(s, &width, "inf")) return false;
        if (width && (s->next | 0x20) == 'i' && !T(take_word, take_word_wide)(s, &width, "inity"))
            return false;
        *result = __builtin_inf();
        return true;
    }
    if (!T(take_word, take_word_wide)(s, &width, "nan")) return false;
    if (width && s->next == '(') {
        while (width && s->next != CRT_EOF && s->next != ')') T(advance, advance_wide)(s), width--;
        if (!width || s->next != ')') return false;
        T(advance, advance_wide)(s);
    }
    *result = __builtin_nan("");
    return true;
}

static bool T(scan_float, scan_float_wide)(SCANNER *s, int width, bool c99, double *result)
{
    char text[1100];
    int n = 0, point = (unsigned char)*s->locale->lconv.decimal_point, base = 10;
    bool any = false;
#define TAKE() (text[n < 1090 ? n++ : n] = s->next, T(advance, advance_wide)(s), width--)

    if (width && (s->next == '-' || s->next == '+')) TAKE();
    if (c99 && width && ((s->next | 0x20) == 'i' || (s->next | 0x20) == 'n')) {
        if (!T(scan_named_float, scan_named_float_wide)(s, width, result)) return false;
        if (n && text[0] == '-') *result = -*result;
        return true;
    }
    if (c99 && width && s->next == '0') {
        TAKE(), any = true;
        if (width && (s->next | 0x20) == 'x') TAKE(), base = 16, any = false;
    }
    while (width && T(digit_value, digit_value_wide)(s->next, base) >= 0) TAKE(), any = true;
    if (width && s->next == point) {
        TAKE();
        while (width && T(digit_value, digit_value_wide)(s->next, base) >= 0) TAKE(), any = true;
    }
    if (!any) return false;
    if (width && (base == 16 ? (s->next | 0x20) == 'p'
                             : (s->next | 0x20) == 'e' || (!c99 && (s->next | 0x20) == 'd'))) {
        TAKE();
        if (width && (s->next == '-' || s->next == '+')) TAKE();
        while (width && T(digit_value, digit_value_wide)(s->next, 10) >= 0) TAKE();
    }
#undef TAKE
    text[n] = 0;
    *result = _strtod_l(text, NULL, NULL);
    return true;
}

/* Where text goes: both widths, with or without a limit. */
struct T(text_target, text_target_wide) {
    char *narrow;
    wchar_t *wide;
    size_t room;
    bool full;
};

static void T(store_text, store_text_wide)(SCANNER *s, struct T(text_target, text_target_wide) * target,
                                           int c)
{
#ifdef WIDE
    char bytes[8];
    int n;
    if (target->wide) {
        if (!target->room) {
            target->full = true;
            return;
        }
        *target->wide++ = c;
        target->room--;
    } else if (target->narrow) {
        n = text_from_wide(s->locale, bytes, c);
        if (n < 0) return;
        if (target->room < (size_t)n) {
            target->full = true;
            return;
        }
        memcpy(target->narrow, bytes, n);
        target->narrow += n;
        target->room -= n;
    }
#else
    char bytes[2] = {c};
    int n = 1;
    if (target->narrow) {
        if (!target->room) {
            target->full = true;
            return;
        }
        *target->narrow++ = c;
        target->room--;
    } else if (target->wide) {
        if (!target->room) {
            target->full = true;
            return;
        }
        if (s->locale->ctype[(unsigned char)c + 1] & CT_LEADBYTE && s->next != CRT_EOF) {
            bytes[1] = s->next;
            advance(s);
            n = 2;
        }
        if (wide_from_text(s->locale, target->wide, bytes, n) > 0) {
            target->wide++;
            target->room--;
        }
    }
#endif
}

/* A set "[a-z]" as bits over all characters of this width; returns the character behind ']'. */
static const CHAR *T(parse_set, parse_set_wide)(const CHAR *format, unsigned char *bits, bool *inverted)
{
    bool first = true;

    *inverted = *format == '^';
    if (*inverted) format++;
    for (; *format && (*format != ']' || first); format++, first = false) {
        unsigned low = (UCHAR)*format, high = low;
        if (format[1] == '-' && format[2] && format[2] != ']') {
            high = (UCHAR)format[2];
            format += 2;
            if (high < low) {
                unsigned other = low;
                low = high;
                high = other;
            }
        }
        for (unsigned c = low; c <= high; c++) bits[c / 8] |= 1 << c % 8;
    }
    return *format ? format + 1 : format;
}

/* Scans SOURCE by FORMAT: how many values were stored, or EOF if the input ended before the first. */
int T(scan_narrow, scan_wide)(struct scan_source *source, unsigned options, const struct crt_locale *locale,
                              const CHAR *format, va_list args)
{
    SCANNER scanner = {source, locale, 0, 0}, *s = &scanner;
    int stored = 0;
    bool converted = false;

    s->next = source->get(source);
    while (*format) {
        int width = -1, size = SIZE_PLAIN;
        bool suppress = false, ended;
        CHAR type;

        if (T(is_blank, is_blank_wide)(s, (UCHAR)*format)) {
            T(skip_blanks, skip_blanks_wide)(s);
            while (*format && T(is_blank, is_blank_wide)(s, (UCHAR)*format)) format++;
            continue;
        }
        if (*format != '%' || format[1] == '%') {
            if (*format == '%') format++;
            if (s->next != (UCHAR)*format) break;
            format++;
            T(advance, advance_wide)(s);
            continue;
        }
        format++;
        if (*format == '*') suppress = true, format++;
        for (;; format++) {
            if (*format >= '0' && *format <= '9') /* the width may stand between the sizes */
                width = (width < 0 ? 0 : width * 10) + (*format - '0');
            else if (*format == 'h' && format[1] == 'h' && options & FORMAT_C99)
                size = SIZE_BYTE, format++;
            else if (*format == 'h')
                size = size == SIZE_SHORT ? SIZE_PLAIN : SIZE_SHORT;
            else if (*format == 'l')
                size = size == SIZE_LONG ? SIZE_64 : SIZE_LONG;
            else if (*format == 'L')
                size = SIZE_LONG;
            else if (*format == 'w')
                size = SIZE_WIDE;
            else if (*format == 'I' && format[1] == '6' && format[2] == '4')
                size = SIZE_64, format += 2;
            else if (*format == 'I' && format[1] == '3' && format[2] == '2')
                format += 2;
            else if (*format == 'j' && options & FORMAT_C99)
                size = SIZE_64;
            else if (*format == 'I' || ((*format == 'z' || *format == 't') && options & FORMAT_C99))
                continue;
            else
                break;
        }
        type = *format;
        if (!type) break;
        format++;
        if (type != 'c' && type != 'C' && type != '[' && type != 'n') T(skip_blanks, skip_blanks_wide)(s);
        ended = s->next == CRT_EOF;
        switch (type) {
        case 'd':
        case 'u':
        case 'i':
        case 'o':
        case 'x':
        case 'X':
        case 'p':
        case 'P': {
            int base = type == 'i' ? 0 : type == 'o' ? 8 : type == 'd' || type == 'u' ? 10 : 16;
            uint64_t value;
            if (ended ||
                !T(scan_integer, scan_integer_wide)(s, base, width, type == 'p' || type == 'P', &value))
                goto done;
            if (suppress) break;
            if (size == SIZE_64)
                *va_arg(args, uint64_t *) = value;
            else if (size == SIZE_BYTE)
                *va_arg(args, char *) = value;
            else if (size == SIZE_SHORT)
                *va_arg(args, short *) = value;
            else
                *va_arg(args, int *) = value;
            stored++;
            break;
        }
        case 'a':
        case 'A':
        case 'F':
            if (!(options & FORMAT_C99)) goto literal;
            __attribute__((fallthrough));
        case 'e':
        case 'E':
        case 'f':
        case 'g':
        case 'G': {
            double value;
            if (ended || !T(scan_float, scan_float_wide)(s, width, options & FORMAT_C99, &value)) goto done;
            if (suppress) break;
            if (size == SIZE_LONG || size == SIZE_64)
                *va_arg(args, double *) = value;
            else
                *va_arg(args, float *) = value;
            stored++;
            break;
        }
        case 'n':
            if (!suppress) {
                if (size == SIZE_64)
                    *va_arg(args, int64_t *) = s->count;
                else if (size == SIZE_BYTE)
                    *va_arg(args, char *) = s->count;
                else if (size == SIZE_SHORT)
                    *va_arg(args, short *) = s->count;
                else
                    *va_arg(args, int *) = s->count;
            }
            continue;
        case 'c':
        case 'C':
        case 's':
        case 'S':
        case '[': {
            bool capital = type == 'C' || type == 'S', one = type == 'c' || type == 'C', inverted = false,
                 any = false;
            bool wide = size == SIZE_SHORT ? false
                        : size == SIZE_LONG || size == SIZE_WIDE
                            ? true
                            : capital != (sizeof(CHAR) == 2 && !(options & FORMAT_ISO_WIDE));
            struct T(text_target, text_target_wide) target = {NULL, NULL, SIZE_MAX, false}, start;
            unsigned char *bits = NULL;
            size_t limit = SIZE_MAX;

            if (type == '[') {
                bits = calloc(1, sizeof(CHAR) == 2 ? 8192 : 32);
                if (!bits) goto done;
                format = T(parse_set, parse_set_wide)(format, bits, &inverted);
            }
            if (!suppress) {
                if (wide)
                    target.wide = va_arg(args, wchar_t *);
                else
                    target.narrow = va_arg(args, char *);
                if (options & FORMAT_SECURE) {
                    limit = va_arg(args, unsigned);
                    target.room = one ? limit : limit - !!limit;
                    if (!limit) target.full = true;
                }
            }
            start = target;
            if (one && width < 0) width = 1;
            while (width && s->next != CRT_EOF && !target.full) {
                int c = s->next;
                if (bits && !(bits[c / 8] >> c % 8 & 1) != inverted) break;
                if (!bits && !one && T(is_blank, is_blank_wide)(s, c)) break;
                T(advance, advance_wide)(s);
                T(store_text, store_text_wide)(s, &target, c);
                any = true;
                if (width > 0) width--;
            }
            free(bits);
            if (target.full) { /* too long for what the caller has */
                if (start.narrow && limit) *start.narrow = 0;
                if (start.wide && limit) *start.wide = 0;
                errno = ENOMEM;
                ended = false;
                converted = true;
                goto done;
            }
            if (!any) goto done;
            if (one && width > 0) { /* fewer characters than asked for are none */
                goto done;
            }
            if (suppress) break;
            if (!one && target.wide) *target.wide = 0;
            if (!one && target.narrow) *target.narrow = 0;
            stored++;
            break;
        }
        literal:
        default: /* an unknown type stands for itself */
            if (s->next != (UCHAR)type) goto done;
            T(advance, advance_wide)(s);
            continue;
        }
        converted = true;
    }
done:
    /* Wide input that had blanks isn't at its end for Windows. */
    if (s->next == CRT_EOF && !stored && !converted && (sizeof(CHAR) == 1 || !s->count)) stored = CRT_EOF;
    if (s->next != CRT_EOF) source->unget(source, s->next);
    return stored;
}
#undef SCANNER
#include "dlls/template_end.h"
