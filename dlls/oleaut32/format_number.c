// VarFormat for numbers: digits are placed as a section's 0 and # say.
#include "format.h"

#define DIGITS 64

// A magnitude as decimal digits: 0.d0d1d2... times 10 to the power of `point`; no digits: zero.
struct digits {
    int count, point;
    BYTE digit[DIGITS];
    bool negative;
};

// What a section asks for.
struct picture {
    int integer, integer_zeros;   // places left of the point, and how many of them are always filled
    int fraction, fraction_zeros; // to the right of it
    int shift;                    // powers of ten by % and by commas
    int exponent_zeros;
    bool grouped, scientific;
};

// Reads what VarBstrFrom... makes of a number in English: 12.5, -1.5E-07.
static void read_digits(const WCHAR *text, struct digits *number)
{
    int exponent = 0;
    bool behind = false;
    *number = (struct digits){.negative = *text == '-'};
    if (number->negative) text++;
    for (; *text && *text != 'E'; text++) {
        if (*text == '.') {
            behind = true;
            continue;
        }
        if (!behind) number->point++;
        if (!number->count && *text == '0')
            number->point--; // a leading zero is no digit
        else if (number->count < DIGITS)
            number->digit[number->count++] = (BYTE)(*text - '0');
    }
    if (*text == 'E') {
        bool negative = text[1] == '-';
        for (text += 2; *text; text++) exponent = exponent * 10 + *text - '0';
        number->point += negative ? -exponent : exponent;
    }
}

static HRESULT digits_of(VARIANT *value, LCID lcid, struct digits *number)
{
    const LCID english = MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
    VARIANT plain, text;
    VariantInit(&plain);
    VariantInit(&text);
    HRESULT status = S_OK;
    // Texts and dates become numbers first, others keep all of their digits.
    bool numeric = V_VT(value) != VT_BSTR && V_VT(value) != VT_DATE && V_VT(value) != VT_BOOL &&
                   V_VT(value) != VT_DISPATCH && V_VT(value) != VT_EMPTY;
    if (!numeric) {
        status = VariantChangeTypeEx(&plain, value, lcid, 0, VT_R8);
        if (FAILED(status) && V_VT(value) == VT_BSTR) {
            status = VariantChangeTypeEx(&plain, value, lcid, 0, VT_DATE);
            if (SUCCEEDED(status)) V_VT(&plain) = VT_R8; // a DATE is a number of days
        }
    }
    if (SUCCEEDED(status))
        status =
            VariantChangeTypeEx(&text, numeric ? value : &plain, english, VARIANT_NOUSEROVERRIDE, VT_BSTR);
    if (SUCCEEDED(status)) read_digits(V_BSTR(&text), number);
    VariantClear(&text);
    return status;
}

// Rounds to so many digits, halves up.
static void round_digits(struct digits *number, int kept)
{
    if (kept >= number->count) kept = number->count;
    bool up = kept >= 0 && kept < number->count && number->digit[kept] >= 5;
    number->count = kept > 0 ? kept : 0;
    int i = number->count - 1;
    for (; up && i >= 0; i--) {
        up = ++number->digit[i] == 10;
        if (up) number->digit[i] = 0;
    }
    if (up) { // 9.99 became 10.00, or 0.5 became 1
        number->digit[0] = 1;
        number->count = 1;
        number->point += kept < 0 ? 0 : 1;
    }
    while (number->count && !number->digit[number->count - 1]) number->count--;
}

// Takes the sign and the digits of an exponent behind its letter; false: it is only a letter.
static bool take_exponent(struct section *section, WCHAR *sign, int *zeros)
{
    const WCHAR *at = section->at;
    if (at >= section->end || (*at != '+' && *at != '-')) return false;
    *sign = *at++;
    for (*zeros = 0; at < section->end && (*at == '0' || *at == '#'); at++) *zeros += *at == '0';
    section->at = at;
    return true;
}

static void read_picture(struct section section, struct picture *picture)
{
    struct piece piece;
    bool behind = false;
    int commas = 0;
    WCHAR sign;
    *picture = (struct picture){0};
    while (next_piece(&section, &piece)) {
        if (piece.literal) continue;
        switch (piece.c) {
        case '0':
        case '#':
            if (picture->scientific) break;
            if (behind) {
                picture->fraction++;
                if (piece.c == '0') picture->fraction_zeros = picture->fraction;
                break;
            }
            picture->integer++;
            if (piece.c == '0' || picture->integer_zeros) picture->integer_zeros++;
            picture->grouped |= commas > 0;
            commas = 0;
            break;
        case '.': behind = true; break;
        case ',': commas += !behind && picture->integer; break;
        case '%': picture->shift += 2; break;
        case 'e':
        case 'E':
            if (!picture->scientific && take_exponent(&section, &sign, &picture->exponent_zeros))
                picture->scientific = true;
            break;
        }
    }
    picture->shift -= 3 * commas; // those that no digit follows divide
}

static bool is_empty(const struct format *format, int index)
{
    return index >= format->sections || format->section[index].at == format->section[index].end;
}

// Digits are numbered from the point to the left, from 1. Writes those from `high` to `low`.
static void put_integer(struct output *out, const struct digits *number, const struct picture *picture,
                        int high, int low)
{
    for (int place = high; place >= low; place--) {
        int index = number->point - place;
        put_character(out, index >= 0 && index < number->count ? '0' + number->digit[index] : '0');
        if (picture->grouped && place > 1 && (place - 1) % 3 == 0) put_locale(out, LOCALE_STHOUSAND);
    }
}

static void put_exponent(struct output *out, int exponent, WCHAR letter, WCHAR sign, int zeros)
{
    put_character(out, letter);
    if (exponent < 0 || sign == '+') put_character(out, exponent < 0 ? '-' : '+');
    put_number(out, (unsigned)(exponent < 0 ? -exponent : exponent), zeros > 0 ? zeros : 1);
}

static void put_section(struct output *out, struct section section, const struct digits *number,
                        const struct picture *picture, int exponent)
{
    int left = picture->integer, total = number->count && number->point > 0 ? number->point : 0, behind = 0;
    const int last = number->count - number->point; // places of fraction
    bool point = false, scientific = false;
    struct piece piece;
    WCHAR sign;
    int zeros;
    if (total < picture->integer_zeros) total = picture->integer_zeros;
    while (next_piece(&section, &piece)) {
        if (piece.literal) {
            put_text(out, piece.literal, piece.length);
        } else if ((piece.c == '0' || piece.c == '#') && !scientific) {
            if (!point) {
                // What has no place of its own stands before the first one.
                put_integer(out, number, picture, left == picture->integer || left > total ? total : left,
                            left);
                left--;
            } else if (++behind <= picture->fraction_zeros || (number->count && behind <= last)) {
                int index = number->point + behind - 1;
                put_character(out, index >= 0 && index < number->count ? '0' + number->digit[index] : '0');
            }
        } else if (piece.c == '.' && !point) {
            if (!picture->integer) put_integer(out, number, picture, total, 1);
            point = true;
            put_locale(out, LOCALE_SDECIMAL);
        } else if ((piece.c == 'e' || piece.c == 'E') && !scientific &&
                   take_exponent(&section, &sign, &zeros)) {
            scientific = true;
            put_exponent(out, exponent, piece.c, sign, zeros);
        } else if (piece.c != ',' && piece.c != '0' && piece.c != '#') {
            put_character(out, piece.c);
        }
    }
}

HRESULT format_number(struct output *out, const struct format *format, VARIANT *value)
{
    struct digits number;
    struct picture picture;
    int section = 0, exponent = 0;
    HRESULT status = digits_of(value, out->lcid, &number);
    if (FAILED(status)) return status;
    if (number.negative && !is_empty(format, 1)) section = 1;
    if (!number.count && !is_empty(format, 2)) section = 2;
    read_picture(format->section[section], &picture);
    number.point += picture.shift;
    if (picture.scientific) {
        if (number.count) exponent = number.point - picture.integer;
        number.point = picture.integer;
        round_digits(&number, picture.integer + picture.fraction);
        if (number.point > picture.integer) exponent++;
        number.point = picture.integer;
    } else {
        round_digits(&number, number.point + picture.fraction);
    }
    if (number.negative && section == 0 && number.count) put_character(out, '-');
    put_section(out, format->section[section], &number, &picture, exponent);
    return S_OK;
}
