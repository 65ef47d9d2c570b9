// Numbers in texts: first their digits, then the value of the smallest type that the caller accepts.
#include "automation.h"
#include <stdio.h>
#include <stdlib.h>

// What a locale writes numbers with.
struct number_signs {
    WCHAR decimal, thousands, currency_decimal, currency_thousands, currency[8];
};

static WCHAR locale_character(LCID lcid, ULONG flags, LCTYPE type)
{
    WCHAR text[8] = L"";
    GetLocaleInfoW(lcid, type | (flags & LOCALE_NOUSEROVERRIDE), text, ARRAY_LENGTH(text));
    return text[0];
}

static void get_signs(LCID lcid, ULONG flags, struct number_signs *signs)
{
    signs->decimal = locale_character(lcid, flags, LOCALE_SDECIMAL);
    signs->thousands = locale_character(lcid, flags, LOCALE_STHOUSAND);
    signs->currency_decimal = locale_character(lcid, flags, LOCALE_SMONDECIMALSEP);
    signs->currency_thousands = locale_character(lcid, flags, LOCALE_SMONTHOUSANDSEP);
    signs->currency[0] = 0;
    GetLocaleInfoW(lcid, LOCALE_SCURRENCY | (flags & LOCALE_NOUSEROVERRIDE), signs->currency,
                   ARRAY_LENGTH(signs->currency));
    // What a user left empty has a default, but for the separator of thousands.
    if (!signs->decimal) signs->decimal = '.';
    if (!signs->currency_decimal) signs->currency_decimal = signs->decimal;
    if (!signs->currency_thousands) signs->currency_thousands = ',';
    if (!signs->currency[0]) lstrcpyW(signs->currency, L"$");
}

// A parse under way.
struct parser {
    const WCHAR *start, *at;
    NUMPARSE *parse;
    BYTE *digits;
    struct number_signs signs;
    INT room;
    INT pending_zeros; // digits 0 that count only if another digit follows
    INT seen;          // digits before the point, or behind it
    INT stored_at;     // `seen` when the last digit was stored
    bool any, stored_in_fraction;
};

static bool is_space(WCHAR character)
{
    return character == ' ' || character == 0xA0 || (character >= '\t' && character <= '\r');
}

static bool allows(const struct parser *p, ULONG flag)
{
    return p->parse->dwInFlags & flag;
}

static bool take_currency(struct parser *p)
{
    int length = lstrlenW(p->signs.currency);
    if (!length || wcsncmp(p->at, p->signs.currency, (size_t)length)) return false;
    p->at += length;
    p->parse->dwOutFlags |= NUMPRS_CURRENCY;
    return true;
}

// White space, one sign, one currency sign and a parenthesis, in any order.
static void take_leading(struct parser *p)
{
    NUMPARSE *parse = p->parse;
    for (;; p->at++) {
        ULONG out = parse->dwOutFlags, sign = NUMPRS_LEADING_PLUS | NUMPRS_LEADING_MINUS | NUMPRS_PARENS;
        if (allows(p, NUMPRS_LEADING_WHITE) && is_space(*p->at)) {
            parse->dwOutFlags |= NUMPRS_LEADING_WHITE;
        } else if (allows(p, NUMPRS_LEADING_PLUS) && *p->at == '+' && !(out & sign)) {
            parse->dwOutFlags |= NUMPRS_LEADING_PLUS;
        } else if (allows(p, NUMPRS_LEADING_MINUS) && *p->at == '-' && !(out & sign)) {
            parse->dwOutFlags |= NUMPRS_LEADING_MINUS | NUMPRS_NEG;
        } else if (allows(p, NUMPRS_PARENS) && *p->at == '(' && !(out & sign)) {
            parse->dwOutFlags |= NUMPRS_PARENS | NUMPRS_NEG;
        } else if (allows(p, NUMPRS_CURRENCY) && !(out & NUMPRS_CURRENCY) && take_currency(p)) {
            p->at--;
        } else {
            return;
        }
    }
}

static void put_digit(struct parser *p, unsigned digit)
{
    if (p->parse->cDig < p->room)
        p->digits[p->parse->cDig++] = (BYTE)digit;
    else
        p->parse->dwOutFlags |= NUMPRS_INEXACT;
}

// &H and &O, as Basic writes them. Whether there was such a number.
static bool take_radix(struct parser *p)
{
    WCHAR letter = p->at[0] == '&' ? p->at[1] | 0x20 : 0;
    if (!allows(p, NUMPRS_HEX_OCT) || (letter != 'h' && letter != 'o') ||
        p->parse->dwOutFlags & NUMPRS_CURRENCY)
        return false;
    p->parse->nBaseShift = letter == 'h' ? 4 : 3;
    p->parse->dwOutFlags |= NUMPRS_HEX_OCT;
    const WCHAR *first = p->at += 2;
    for (;; p->at++) {
        WCHAR lower = *p->at | 0x20;
        unsigned digit = 16;
        if (*p->at >= '0' && *p->at <= '9')
            digit = *p->at - '0';
        else if (lower >= 'a' && lower <= 'f')
            digit = lower - 'a' + 10;
        if (digit >> p->parse->nBaseShift) break;
        if (digit || p->parse->cDig) put_digit(p, digit);
    }
    if (p->at > first && !p->parse->cDig) put_digit(p, 0);
    return true;
}

static bool is_separator(const struct parser *p, WCHAR plain, WCHAR currency)
{
    WCHAR character = *p->at;
    if (!character) return false;
    // A locale's no-break space may be typed as a blank.
    if (character == plain || (plain == 0xA0 && character == ' ')) return true;
    return allows(p, NUMPRS_CURRENCY) && character == currency;
}

// One decimal digit: zeros before the first other digit are dropped, those at the end become a power of ten.
static void take_digit(struct parser *p, bool fraction)
{
    unsigned digit = (unsigned)(*p->at++ - '0');
    INT stored = p->parse->cDig;
    p->any = true;
    p->seen++;
    if (p->parse->dwOutFlags & NUMPRS_INEXACT) return;
    if (!digit) {
        if (stored) p->pending_zeros++;
        return;
    }
    // Zeros without the digit behind them would move the power of ten.
    if (stored + p->pending_zeros >= p->room) {
        p->parse->dwOutFlags |= NUMPRS_INEXACT;
        return;
    }
    for (; p->pending_zeros; p->pending_zeros--) put_digit(p, 0);
    put_digit(p, digit);
    p->stored_at = p->seen;
    p->stored_in_fraction = fraction;
}

static bool is_digit(WCHAR character)
{
    return character >= '0' && character <= '9';
}

static void take_integer(struct parser *p)
{
    for (;;) {
        if (is_digit(*p->at)) {
            take_digit(p, false);
        } else if (p->any && allows(p, NUMPRS_THOUSANDS) &&
                   is_separator(p, p->signs.thousands, p->signs.currency_thousands)) {
            // A blank that separates must stand between digits.
            if (is_space(*p->at) && !is_digit(p->at[1])) return;
            p->parse->dwOutFlags |= NUMPRS_THOUSANDS;
            p->at++;
        } else {
            return;
        }
    }
}

// The integer, and what follows its decimal point. The power of ten belongs to the last digit that was
// stored.
static void take_decimal(struct parser *p)
{
    take_integer(p);
    INT integer_digits = p->seen;
    if (allows(p, NUMPRS_DECIMAL) && is_separator(p, p->signs.decimal, p->signs.currency_decimal)) {
        p->parse->dwOutFlags |= NUMPRS_DECIMAL;
        p->seen = 0;
        for (p->at++; is_digit(*p->at);) take_digit(p, true);
    }
    p->parse->nPwr10 = p->stored_in_fraction ? -p->stored_at : integer_digits - p->stored_at;
}

static void take_exponent(struct parser *p)
{
    const WCHAR *at = p->at + 1;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    if (*at < '0' || *at > '9') return;
    INT exponent = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        if (exponent < 100000) exponent = exponent * 10 + *at - '0';
    p->at = at;
    p->parse->dwOutFlags |= NUMPRS_EXPONENT;
    p->parse->nPwr10 += negative ? -exponent : exponent;
}

static void take_trailing(struct parser *p)
{
    NUMPARSE *parse = p->parse;
    for (;; p->at++) {
        ULONG out = parse->dwOutFlags;
        ULONG sign = NUMPRS_LEADING_PLUS | NUMPRS_LEADING_MINUS | NUMPRS_TRAILING_PLUS |
                     NUMPRS_TRAILING_MINUS | NUMPRS_PARENS;
        if (allows(p, NUMPRS_TRAILING_WHITE) && is_space(*p->at)) {
            parse->dwOutFlags |= NUMPRS_TRAILING_WHITE;
        } else if (allows(p, NUMPRS_TRAILING_PLUS) && *p->at == '+' && !(out & sign)) {
            parse->dwOutFlags |= NUMPRS_TRAILING_PLUS;
        } else if (allows(p, NUMPRS_TRAILING_MINUS) && *p->at == '-' && !(out & sign)) {
            parse->dwOutFlags |= NUMPRS_TRAILING_MINUS | NUMPRS_NEG;
        } else if (*p->at == ')' && out & NUMPRS_PARENS && p->start) {
            p->start = NULL; // closed
        } else if (allows(p, NUMPRS_CURRENCY) && take_currency(p)) {
            p->at--;
        } else {
            return;
        }
    }
}

HOTPATCH HRESULT WINAPI VarParseNumFromStr(OLECHAR *text, LCID lcid, ULONG flags, NUMPARSE *parse,
                                           BYTE *digits)
{
    if (!text) return DISP_E_TYPEMISMATCH;
    struct parser p = {.start = text, .at = text, .parse = parse, .digits = digits, .room = parse->cDig};
    get_signs(lcid, flags, &p.signs);
    parse->cDig = parse->dwOutFlags = 0;
    parse->cchUsed = parse->nBaseShift = parse->nPwr10 = 0;
    memset(digits, 0xFF, (size_t)p.room);
    take_leading(&p);
    if (!take_radix(&p)) {
        take_decimal(&p);
        if (!p.any) return DISP_E_TYPEMISMATCH;
        if (allows(&p, NUMPRS_EXPONENT) && (*p.at | 0x20) == 'e') take_exponent(&p);
    } else if (!parse->cDig) {
        return DISP_E_TYPEMISMATCH;
    }
    if (!parse->cDig) {
        put_digit(&p, 0);
        parse->nPwr10 = 0;
    }
    take_trailing(&p);
    if (parse->dwOutFlags & NUMPRS_PARENS && p.start) return DISP_E_TYPEMISMATCH;
    if (allows(&p, NUMPRS_USE_ALL) && *p.at) return DISP_E_TYPEMISMATCH;
    parse->cchUsed = (INT)(p.at - text);
    return S_OK;
}

// The types that hold integers, the preferred first.
static const struct integer_type {
    VARTYPE type;
    int64_t low;
    uint64_t high;
} integer_types[] = {
    {VT_I1, INT8_MIN, INT8_MAX},   {VT_UI1, 0, UINT8_MAX},        {VT_I2, INT16_MIN, INT16_MAX},
    {VT_UI2, 0, UINT16_MAX},       {VT_I4, INT32_MIN, INT32_MAX}, {VT_UI4, 0, UINT32_MAX},
    {VT_I8, INT64_MIN, INT64_MAX}, {VT_UI8, 0, UINT64_MAX},
};

// An integer of hexadecimal or octal digits is a pattern of bits: its type is one of that many.
static HRESULT from_bits(const NUMPARSE *parse, const BYTE *digits, ULONG types, VARIANT *result)
{
    struct wide bits = {{0}};
    for (INT i = 0; i < parse->cDig; i++) {
        wide_multiply_small(&bits, 1u << parse->nBaseShift);
        bits.limb[0] |= digits[i];
        if (!wide_fits_decimal(&bits)) return DISP_E_OVERFLOW;
    }
    uint64_t value = (uint64_t)bits.limb[1] << 32 | bits.limb[0];
    for (size_t i = 0; i < ARRAY_LENGTH(integer_types) && !bits.limb[2]; i++) {
        uint64_t most = integer_types[i | 1].high;
        if (!(types & 1u << integer_types[i].type) || value > most) continue;
        V_VT(result) = integer_types[i].type;
        V_UI8(result) = value;
        return S_OK;
    }
    DECIMAL decimal;
    decimal_pack(bits, 0, false, &decimal);
    V_VT(result) = VT_R8;
    if (types & VTBIT_R8) return VarR8FromDec(&decimal, &V_R8(result));
    V_VT(result) = VT_R4;
    if (types & VTBIT_R4) return VarR4FromDec(&decimal, &V_R4(result));
    V_VT(result) = VT_CY;
    if (types & VTBIT_CY) return VarCyFromDec(&decimal, &V_CY(result));
    V_VT(result) = VT_EMPTY;
    if (!(types & VTBIT_DECIMAL)) return DISP_E_OVERFLOW;
    V_DECIMAL(result) = decimal;
    V_VT(result) = VT_DECIMAL;
    return S_OK;
}

static HRESULT to_decimal(const NUMPARSE *parse, const BYTE *digits, DECIMAL *result)
{
    struct wide magnitude = {{0}};
    int power = parse->nPwr10;
    for (INT i = 0; i < parse->cDig; i++) {
        if (i >= 48) { // more than a wide holds, and more than a DECIMAL shows
            power++;
            continue;
        }
        wide_multiply_small(&magnitude, 10);
        wide_add(&magnitude, &(struct wide){{digits[i]}});
    }
    for (; power > 0 && !wide_is_zero(&magnitude); power--) {
        wide_multiply_small(&magnitude, 10);
        if (!wide_fits_decimal(&magnitude)) return DISP_E_OVERFLOW;
    }
    // Digits beyond the 60th of a fraction leave nothing.
    for (; power < -60 && !wide_is_zero(&magnitude); power++) wide_divide_small(&magnitude, 10);
    if (wide_is_zero(&magnitude)) power = 0;
    return decimal_pack(magnitude, -power, parse->dwOutFlags & NUMPRS_NEG && !wide_is_zero(&magnitude),
                        result);
}

static HRESULT to_real(const NUMPARSE *parse, const BYTE *digits, double *result)
{
    char text[80];
    int length = 0;
    INT count = parse->cDig < 40 ? parse->cDig : 40;
    for (INT i = 0; i < count; i++) text[length++] = (char)('0' + digits[i]);
    _snprintf(text + length, sizeof(text) - (size_t)length, "e%d", parse->nPwr10 + parse->cDig - count);
    double value = atof(text);
    if (value > 1.7976931348623157e308) return DISP_E_OVERFLOW;
    *result = parse->dwOutFlags & NUMPRS_NEG ? -value : value;
    return S_OK;
}

// An integer if one of those types is asked for and no other, or the number is one.
static bool to_integer(const DECIMAL *decimal, ULONG types, VARIANT *result)
{
    bool negative;
    uint64_t magnitude;
    if (FAILED(decimal_to_integer(decimal, &negative, &magnitude))) return false;
    for (size_t i = 0; i < ARRAY_LENGTH(integer_types); i++) {
        const struct integer_type *type = &integer_types[i];
        if (!(types & 1u << type->type)) continue;
        if (negative ? magnitude > -(uint64_t)type->low : magnitude > type->high) continue;
        V_VT(result) = type->type;
        V_UI8(result) = negative ? -magnitude : magnitude;
        return true;
    }
    return false;
}

HOTPATCH HRESULT WINAPI VarNumFromParseNum(NUMPARSE *parse, BYTE *digits, ULONG types, VARIANT *result)
{
    const ULONG reals = VTBIT_R4 | VTBIT_R8 | VTBIT_CY | VTBIT_DECIMAL;
    V_VT(result) = VT_EMPTY;
    if (parse->nBaseShift) return from_bits(parse, digits, types, result);
    DECIMAL decimal;
    double real = 0;
    HRESULT status = to_decimal(parse, digits, &decimal);
    bool whole = SUCCEEDED(status) && (!decimal.scale || !(types & reals));
    if (whole && to_integer(&decimal, types, result)) return S_OK;
    if (types & (VTBIT_R4 | VTBIT_R8) && SUCCEEDED(to_real(parse, digits, &real))) {
        V_VT(result) = VT_R4;
        if (types & VTBIT_R4 && SUCCEEDED(VarR4FromR8(real, &V_R4(result)))) return S_OK;
        V_VT(result) = VT_R8;
        V_R8(result) = real;
        if (types & VTBIT_R8) return S_OK;
    }
    V_VT(result) = VT_EMPTY;
    if (FAILED(status)) return DISP_E_OVERFLOW;
    if (types & VTBIT_CY && SUCCEEDED(VarCyFromDec(&decimal, &V_CY(result)))) {
        V_VT(result) = VT_CY;
        return S_OK;
    }
    if (!(types & VTBIT_DECIMAL)) return DISP_E_OVERFLOW;
    V_DECIMAL(result) = decimal;
    V_VT(result) = VT_DECIMAL;
    return S_OK;
}
