/* Formatting: what is the same for narrow and wide output, and the template for both. */
#include "msvcrt.h"

enum { FLAG_LEFT = 1, FLAG_PLUS = 2, FLAG_SPACE = 4, FLAG_ALTERNATE = 8, FLAG_ZERO = 16 };
enum {
    SIZE_SHORT = 1,
    SIZE_LONG = 2,
    SIZE_64 = 4,
    SIZE_WIDE = 8,
    SIZE_BYTE = 16
}; /* bits: old formats pile them up */
enum { FROM_ARGUMENT = -1, POSITIONS = 100 };

struct conversion {
    unsigned flags;
    int width, precision; /* precision < 0: none */
    int width_from, precision_from, position;
    int width_scale; /* of the argument for '*', where digits follow it */
    unsigned size;
    char type;  /* 0: not ASCII, or */
    bool ended; /* the format's end came first */
};

union argument {
    uint64_t integer;
    double number;
    void *pointer;
};

/* The arguments of %1$d formats, by number. */
struct positional {
    int used;
    char kind[POSITIONS]; /* 0: unused, 'i' int, 'l' 64-bit, 'f' double */
    union argument value[POSITIONS];
};

static bool note_one(struct positional *all, int position, char kind)
{
    if (position <= 0 || position >= POSITIONS) return position == 0;
    if (all->kind[position] && all->kind[position] != kind) return false;
    all->kind[position] = kind;
    if (position > all->used) all->used = position;
    return true;
}

static bool positional_note(struct positional *all, const struct conversion *c)
{
    char kind = c->type && strchr("aAeEfFgG", c->type) ? 'f' : c->size & SIZE_64 ? 'l' : 'i';

    return note_one(all, c->position, kind) && c->width_from != FROM_ARGUMENT &&
           c->precision_from != FROM_ARGUMENT && note_one(all, c->width_from, 'i') &&
           note_one(all, c->precision_from, 'i');
}

static void positional_read(struct positional *all, va_list args)
{
    for (int i = 1; i <= all->used; i++) {
        if (all->kind[i] == 'f')
            all->value[i].number = va_arg(args, double);
        else if (all->kind[i] == 'l')
            all->value[i].integer = va_arg(args, uint64_t);
        else
            all->value[i].integer = va_arg(args, uint32_t);
    }
}

/* Writes the digits of VALUE before END in the base that TYPE says; none at all for zero. */
static char *integer_digits(char *end, uint64_t value, char type)
{
    const char *digits = type == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    uint32_t low;

    if (type == 'x' || type == 'X' || type == 'p') {
        for (; value; value >>= 4) *--end = digits[value & 15];
        return end;
    }
    if (type == 'o') {
        for (; value; value >>= 3) *--end = '0' + (value & 7);
        return end;
    }
    for (; value > UINT32_MAX; value /= 10) *--end = '0' + value % 10;
    for (low = value; low; low /= 10) *--end = '0' + low % 10;
    return end;
}

/* A number as text with '.' for the point: body, zeros, tail. */
struct float_text {
    const char *prefix;
    char *body;
    int length, zeros;
    char tail[8];
    int tail_length;
    char digits[1100]; /* for the least number: 0.<1074 places> */
};

static int exponent_text(char *out, char letter, int exponent, unsigned options)
{
    char *p = out, digits[6], *end = digits + sizeof(digits), *start;
    int size;

    *p++ = letter;
    *p++ = exponent < 0 ? '-' : '+';
    start = integer_digits(end, exponent < 0 ? -exponent : exponent, 'd');
    for (size = end - start; size < (letter == 'p' || letter == 'P'   ? 1
                                     : options & FORMAT_LONG_EXPONENT ? 3
                                     : output_format & 1              ? 2
                                                                      : (int)crt_profile.exponent_digits);
         size++)
        *p++ = '0';
    while (start < end) *p++ = *start++;
    return p - out;
}

static void float_hex(struct float_text *out, struct conversion *c, double value, unsigned options)
{
    union {
        double value;
        uint64_t bits;
    } number = {value};
    uint64_t mantissa = number.bits & 0xFFFFFFFFFFFFFull;
    int exponent = (number.bits >> 52 & 0x7FF) - 1023, precision = c->precision < 0 ? 13 : c->precision,
        lead = 1;
    bool upper = c->type == 'A';
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char *p = out->body;

    if (exponent == -1023) {
        lead = 0;
        exponent = mantissa ? -1022 : 0;
    }
    if (precision < 13) {
        uint64_t unit = 1ull << (52 - 4 * precision), rest;
        mantissa |= (uint64_t)lead << 52;
        rest = mantissa & (unit - 1);
        mantissa &= ~(unit - 1);
        if (rest >= unit / 2 && unit > 1) mantissa += unit;
        lead = mantissa >> 52;
        mantissa &= 0xFFFFFFFFFFFFFull;
    }
    *p++ = '0';
    *p++ = upper ? 'X' : 'x';
    *p++ = '0' + lead;
    if (precision || c->flags & FLAG_ALTERNATE) *p++ = '.';
    for (int i = 0; i < precision && i < 13; i++) *p++ = digits[mantissa >> (48 - 4 * i) & 15];
    out->length = p - out->body;
    out->zeros = precision > 13 ? precision - 13 : 0;
    out->tail_length = exponent_text(out->tail, upper ? 'P' : 'p', exponent, options);
}

/* DIGITS places after the point, the digit string of NUMBER continued with zeros. */
static void place_fixed(struct float_text *out, const struct decimal *number, int places, bool point)
{
    char *p = out->body;
    int at = 0, have;

    if (number->exponent < 0 || !number->digits) *p++ = '0';
    for (int i = 0; i <= number->exponent && number->digits; i++)
        *p++ = at < number->digits ? number->text[at++] : '0';
    if (places || point) *p++ = '.';
    have = 0;
    for (int i = number->exponent + 1; number->digits && i < 0 && have < places; i++, have++) *p++ = '0';
    for (; at < number->digits && have < places; have++) *p++ = number->text[at++];
    out->length = p - out->body;
    out->zeros = places - have;
}

static void place_scientific(struct float_text *out, const struct decimal *number, int places, bool point,
                             char letter, unsigned options)
{
    char *p = out->body;
    int have = 0;

    *p++ = number->text[0];
    if (places || point) *p++ = '.';
    for (; have < places && have + 1 < number->digits; have++) *p++ = number->text[have + 1];
    out->length = p - out->body;
    out->zeros = places - have;
    out->tail_length = exponent_text(out->tail, letter, number->exponent, options);
}

static void strip_zeros(struct float_text *out)
{
    if (!memchr(out->body, '.', out->length)) return;
    out->zeros = 0;
    while (out->length && out->body[out->length - 1] == '0') out->length--;
    if (out->length && out->body[out->length - 1] == '.') out->length--;
}

/* "inf", "nan(snan)" and so on, as C99 has them: padded by blanks, whatever the flags say. */
static void name_special(struct float_text *out, struct conversion *c, const struct decimal *number)
{
    static const char *const names[][2] = {
        {"inf", "INF"}, {"nan", "NAN"}, {"nan(ind)", "NAN(IND)"}, {"nan(snan)", "NAN(SNAN)"}};
    int kind = number->text[4] == 'F' ? 0 : number->text[2] == 'Q' ? 1 : number->text[2] == 'I' ? 2 : 3;

    out->body = (char *)names[kind][c->type >= 'A' && c->type <= 'Z'];
    out->length = strlen(out->body);
    c->flags &= ~FLAG_ZERO;
}

static void float_text(struct float_text *out, struct conversion *c, double value, unsigned options)
{
    struct decimal number;
    int precision = c->precision < 0 ? 6 : c->precision;
    char letter = c->type == 'e' || c->type == 'g' ? 'e' : 'E';
    bool point = c->flags & FLAG_ALTERNATE, special;

    out->body = out->digits;
    out->zeros = out->tail_length = 0;
    decimal_exact(&number, value);
    number.half_even = options & FORMAT_HALF_EVEN;
    special = number.digits > 1 && number.text[1] == '#';
    out->prefix = number.negative ? "-" : c->flags & FLAG_PLUS ? "+" : c->flags & FLAG_SPACE ? " " : "";
    if (special && options & FORMAT_C99) {
        name_special(out, c, &number);
        return;
    }
    if ((c->type == 'a' || c->type == 'A') && !special) {
        float_hex(out, c, value, options);
        return;
    }
    switch (c->type) {
    case 'f':
    case 'F':
        decimal_round(&number, number.exponent + 1 + precision);
        place_fixed(out, &number, precision, point);
        break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
        decimal_round(&number, precision + 1);
        place_scientific(out, &number, precision, point, letter, options);
        if (c->type == 'a' || c->type == 'A') out->tail_length = 0;
        break;
    default:
        if (!precision) precision = 1;
        decimal_round(&number, precision);
        if (number.exponent < -4 || number.exponent >= precision)
            place_scientific(out, &number, precision - 1, point, letter, options);
        else
            place_fixed(out, &number, precision - 1 - number.exponent, point);
        if (!point) strip_zeros(out);
        break;
    }
}

/*
 * Text of the other width, at most LIMIT units of the result. What fits goes to SMALL, else to *ALLOCATED.
 * COUNT < 0: up to the NUL. -1 and EILSEQ if it has no equivalent.
 */
static int convert_to_narrow(const struct crt_locale *locale, const wchar_t *text, int count, int limit,
                             char *small, int size, char **allocated)
{
    char unit[8], *out = small;
    int used = 0, room = size;

    for (int i = 0; count < 0 ? text[i] != 0 : i < count; i++) {
        int n = text_from_wide(locale, unit, text[i]);
        if (n < 0) return -1;
        if (used + n > limit) break;
        if (used + n > room) {
            char *bigger = realloc(*allocated, room * 2);
            if (!bigger) return -1;
            if (!*allocated) memcpy(bigger, small, used);
            out = *allocated = bigger;
            room *= 2;
        }
        memcpy(out + used, unit, n);
        used += n;
    }
    return used;
}

static int convert_to_wide(const struct crt_locale *locale, const char *text, int count, int limit,
                           wchar_t *small, int size, wchar_t **allocated)
{
    wchar_t *out = small;
    int used = 0, room = size, at = 0;

    while (used < limit && (count < 0 ? text[at] != 0 : at < count)) {
        int lead = text_length(locale, text + at, count < 0 ? SIZE_MAX : (size_t)(count - at));
        if (used == room) {
            wchar_t *bigger = realloc(*allocated, room * 2 * sizeof(*bigger));
            if (!bigger) return -1;
            if (!*allocated) memcpy(bigger, small, used * sizeof(*bigger));
            out = *allocated = bigger;
            room *= 2;
        }
        if (wide_from_text(locale, out + used, text + at, lead) < 0) return -1;
        used++;
        at += lead;
    }
    return used;
}

#include "printf_template.h"
#define WIDE
#include "printf_template.h"
