// Full and half width, hiragana and katakana, as Unicode's blocks "Halfwidth and Fullwidth Forms", "Hiragana"
// and "Katakana" pair them.
#include "string_width.h"
#include "dlls/ntdll/normalization.h"

enum {
    HALF_FIRST = 0xFF61, // half-width forms of katakana and their punctuation
    HALF_LAST = 0xFF9F,
    VOICED = 0xFF9E,
    SEMI_VOICED = 0xFF9F,
    HALF_U = 0xFF73,
    FULL_VU = 0x30F4,
};

// The full-width forms of HALF_FIRST and those that follow.
static const WCHAR full_forms[] = {
    0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5,
    0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3,
    0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC,
    0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4,
    0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C,
};

// Signs whose full-width forms stand at the block's end.
static const struct {
    WCHAR half, full;
} signs[] = {{0xA2, 0xFFE0}, {0xA3, 0xFFE1}, {0xAC, 0xFFE2},  {0xAF, 0xFFE3},
             {0xA6, 0xFFE4}, {0xA5, 0xFFE5}, {0x20A9, 0xFFE6}};

// Syllables with a voiced form behind them, and with a semi-voiced one behind that.
static bool takes_voicing(WCHAR full)
{
    return (full >= 0x30AB && full <= 0x30C1 && full & 1) ||
           (full >= 0x30C4 && full <= 0x30C8 && !(full & 1)) ||
           (full >= 0x30CF && full <= 0x30DB && !((full - 0x30CF) % 3));
}

static bool takes_semi_voicing(WCHAR full)
{
    return full >= 0x30CF && full <= 0x30DB && !((full - 0x30CF) % 3);
}

// Letters of the supplementary planes that are forms of others (mathematical ones, compatibility ideographs)
// become those. False: text doesn't begin with such.
static bool plain_form(const WCHAR *text, int length, WCHAR *plain)
{
    WCHAR normal[8];
    LONG n = ARRAY_LENGTH(normal);
    if (length < 2 || (text[0] & 0xFC00) != 0xD800 || (text[1] & 0xFC00) != 0xDC00) return false;
    if (!NT_SUCCESS(RtlNormalizeString(NormalizationKC, text, 2, normal, &n)) || n != 1) return false;
    *plain = normal[0];
    return true;
}

int string_full_width(const WCHAR *text, int length, WCHAR *full)
{
    WCHAR c = text[0], mark = length > 1 ? text[1] : 0;
    *full = c;
    if (plain_form(text, length, full)) return 2;
    if (c == 0x20) *full = 0x3000;
    if (c > 0x20 && c < 0x7F) *full = (WCHAR)(c + 0xFEE0);
    for (size_t i = 0; i < ARRAY_LENGTH(signs); i++)
        if (signs[i].half == c) *full = signs[i].full;
    if (c < HALF_FIRST || c > HALF_LAST) return 1;
    *full = full_forms[c - HALF_FIRST];
    if (mark == VOICED && c == HALF_U) {
        *full = FULL_VU;
        return 2;
    }
    if (mark == VOICED && takes_voicing(*full)) {
        *full += 1;
        return 2;
    }
    if (mark == SEMI_VOICED && takes_semi_voicing(*full)) {
        *full += 2;
        return 2;
    }
    return 1;
}

static WCHAR half_of(WCHAR full)
{
    for (size_t i = 0; i < ARRAY_LENGTH(full_forms); i++)
        if (full_forms[i] == full) return (WCHAR)(HALF_FIRST + i);
    return 0;
}

int string_half_width(WCHAR full, WCHAR half[2])
{
    WCHAR found = half_of(full);
    half[0] = found ? found : full;
    if (full == 0x3000) half[0] = 0x20;
    if (full >= 0xFF01 && full <= 0xFF5E) half[0] = (WCHAR)(full - 0xFEE0);
    for (size_t i = 0; i < ARRAY_LENGTH(signs); i++)
        if (signs[i].full == full) half[0] = signs[i].half;
    if (found || full < 0x30A1 || full > FULL_VU) return 1;
    half[1] = VOICED;
    if (full == FULL_VU) {
        half[0] = HALF_U;
        return 2;
    }
    if (takes_voicing((WCHAR)(full - 1))) {
        half[0] = half_of((WCHAR)(full - 1));
        return 2;
    }
    if (takes_semi_voicing((WCHAR)(full - 2))) {
        half[0] = half_of((WCHAR)(full - 2));
        half[1] = SEMI_VOICED;
        return 2;
    }
    return 1;
}

// The blocks lie 60h apart; iteration marks are in both.
WCHAR string_hiragana(WCHAR katakana)
{
    bool has = (katakana >= 0x30A1 && katakana <= 0x30F6) || katakana == 0x30FD || katakana == 0x30FE;
    return has ? (WCHAR)(katakana - 0x60) : katakana;
}

WCHAR string_katakana(WCHAR hiragana)
{
    bool has = (hiragana >= 0x3041 && hiragana <= 0x3096) || hiragana == 0x309D || hiragana == 0x309E;
    return has ? (WCHAR)(hiragana + 0x60) : hiragana;
}
