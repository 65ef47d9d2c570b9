// ctype.nls: what GetStringTypeW tells of each UTF-16 unit (CT_CTYPE1, 2 and 3), from the Unicode character
// database.
//
// Our own format, in 16-bit words: the number N of classes; N times the three types; 256 offsets in words
// from the start of the file, one per high byte; there 128 words hold 256 one-byte class numbers, one per low
// byte.
#include "nlsgen.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum {
    C1_UPPER = 1,
    C1_LOWER = 2,
    C1_DIGIT = 4,
    C1_SPACE = 8,
    C1_PUNCT = 0x10,
    C1_CNTRL = 0x20,
    C1_BLANK = 0x40,
    C1_XDIGIT = 0x80,
    C1_ALPHA = 0x100,
    C1_DEFINED = 0x200,
    C3_NONSPACING = 1,
    C3_DIACRITIC = 2,
    C3_VOWELMARK = 4,
    C3_SYMBOL = 8,
    C3_KATAKANA = 0x10,
    C3_HIRAGANA = 0x20,
    C3_HALFWIDTH = 0x40,
    C3_FULLWIDTH = 0x80,
    C3_IDEOGRAPH = 0x100,
    C3_KASHIDA = 0x200,
    C3_LEXICAL = 0x400,
    C3_HIGHSURROGATE = 0x800,
    C3_LOWSURROGATE = 0x1000,
    C3_ALPHA = 0x8000,
};

// Latin 1 in CT_CTYPE3 follows no property: up to `last`, from behind the entry before.
static const struct {
    uint8_t last;
    uint16_t type;
} latin1_type3[] = {
    {0x08, 0x0000}, {0x0D, 0x0008}, {0x1F, 0x0000}, {0x21, 0x0048}, {0x22, 0x0448}, {0x23, 0x0048},
    {0x24, 0x0448}, {0x26, 0x0048}, {0x27, 0x0440}, {0x2C, 0x0048}, {0x2D, 0x0440}, {0x2E, 0x0048},
    {0x2F, 0x0448}, {0x39, 0x0040}, {0x3C, 0x0048}, {0x3D, 0x0448}, {0x3F, 0x0048}, {0x40, 0x0448},
    {0x5A, 0x8040}, {0x5B, 0x0048}, {0x5C, 0x0448}, {0x5D, 0x0048}, {0x5E, 0x044A}, {0x5F, 0x0448},
    {0x60, 0x044A}, {0x7A, 0x8040}, {0x7D, 0x0048}, {0x7E, 0x0448}, {0x9F, 0x0000}, {0xA1, 0x0008},
    {0xA3, 0x0048}, {0xA4, 0x0008}, {0xA6, 0x0048}, {0xA7, 0x0008}, {0xA8, 0x040A}, {0xA9, 0x0008},
    {0xAA, 0x8400}, {0xAB, 0x0008}, {0xAC, 0x0048}, {0xAD, 0x0408}, {0xAE, 0x0008}, {0xAF, 0x044A},
    {0xB1, 0x0008}, {0xB3, 0x0000}, {0xB4, 0x040A}, {0xB5, 0x8008}, {0xB6, 0x0008}, {0xB7, 0x000A},
    {0xB8, 0x040A}, {0xB9, 0x0000}, {0xBA, 0x8400}, {0xBB, 0x0008}, {0xBE, 0x0000}, {0xBF, 0x0008},
    {0xC5, 0x8003}, {0xC6, 0x8000}, {0xCF, 0x8003}, {0xD0, 0x8000}, {0xD6, 0x8003}, {0xD7, 0x0008},
    {0xDD, 0x8003}, {0xDF, 0x8000}, {0xE5, 0x8003}, {0xE6, 0x8000}, {0xEF, 0x8003}, {0xF0, 0x8000},
    {0xF6, 0x8003}, {0xF7, 0x0008}, {0xFD, 0x8003}, {0xFE, 0x8000}, {0xFF, 0x8003},
};

static uint16_t type1(UChar32 c)
{
    uint16_t type = u_isdefined(c) || (c >= 0xE000 && c < 0xF900) ? C1_DEFINED : 0;

    if (c >= 0xD800 && c < 0xE000) return C1_DEFINED;
    if (u_isupper(c) || u_istitle(c)) type |= C1_UPPER | C1_ALPHA;
    if (u_islower(c) || u_istitle(c)) type |= C1_LOWER | C1_ALPHA;
    if (u_isalpha(c) || u_charType(c) == U_LETTER_NUMBER) type |= C1_ALPHA;
    // Vowels, tone marks and signs that Windows counts among the letters of Thai and Mongolian.
    if ((c >= 0xE31 && c <= 0xE3A) || (c >= 0xE47 && c <= 0xE4E) || c == 0x1885 || c == 0x1886)
        type |= C1_ALPHA;
    if (c == 0x2071 || c == 0x207F) type |= C1_LOWER | C1_ALPHA;
    if (u_charDigitValue(c) >= 0 && u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE) != U_NT_NUMERIC)
        type |= C1_DIGIT;
    if (u_isUWhiteSpace(c)) type |= C1_SPACE;
    // Beyond Latin 1 symbols are no punctuation; in it all that isn't a plain letter is.
    if (u_ispunct(c) || c == 0xAA || c == 0xAD || c == 0xB5 || c == 0xBA ||
        (c < 0x100 && u_isdefined(c) && !u_isalnum(c) && u_charType(c) != U_CONTROL_CHAR &&
         u_charType(c) != U_SPACE_SEPARATOR)) {
        type |= C1_PUNCT;
    }
    if (c == 0xB2 || c == 0xB3 || c == 0xB9) type |= C1_DIGIT | C1_PUNCT;
    if (u_charType(c) == U_CONTROL_CHAR || u_charType(c) == U_FORMAT_CHAR) type |= C1_CNTRL;
    if (c == '\t' || c == 0xFEFF || u_charType(c) == U_SPACE_SEPARATOR) type |= C1_BLANK;
    if ((c < 0x80 || (c >= 0xFF10 && c <= 0xFF46)) && u_isxdigit(c)) type |= C1_XDIGIT;
    return type;
}

static uint16_t type2(UChar32 c)
{
    static const uint16_t types[] = {
        [U_LEFT_TO_RIGHT] = 1,
        [U_RIGHT_TO_LEFT] = 2,
        [U_EUROPEAN_NUMBER] = 3,
        [U_EUROPEAN_NUMBER_SEPARATOR] = 4,
        [U_EUROPEAN_NUMBER_TERMINATOR] = 5,
        [U_ARABIC_NUMBER] = 6,
        [U_COMMON_NUMBER_SEPARATOR] = 7,
        [U_BLOCK_SEPARATOR] = 8,
        [U_SEGMENT_SEPARATOR] = 9,
        [U_WHITE_SPACE_NEUTRAL] = 10,
        [U_OTHER_NEUTRAL] = 11,
        [U_RIGHT_TO_LEFT_ARABIC] = 2,
        [U_DIR_NON_SPACING_MARK] = 11,
        [U_BOUNDARY_NEUTRAL] = 0,
        [U_LEFT_TO_RIGHT_EMBEDDING] = 11,
        [U_LEFT_TO_RIGHT_OVERRIDE] = 11,
        [U_RIGHT_TO_LEFT_EMBEDDING] = 11,
        [U_RIGHT_TO_LEFT_OVERRIDE] = 11,
        [U_POP_DIRECTIONAL_FORMAT] = 11,
    };
    unsigned direction = u_charDirection(c);

    if (!u_isdefined(c) && !(c >= 0xE000 && c < 0xF900)) return 0;
    return direction < sizeof types / sizeof *types ? types[direction] : 0;
}

static uint16_t type3(UChar32 c)
{
    uint16_t type = 0;
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &error);
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH), category = u_charType(c);

    for (unsigned i = 0; c < 0x100; i++) {
        if (c <= latin1_type3[i].last) return latin1_type3[i].type;
    }
    if (c >= 0xD800 && c < 0xDC00) return C3_HIGHSURROGATE;
    if (c >= 0xDC00 && c < 0xE000) return C3_LOWSURROGATE;
    if (!u_isdefined(c)) return 0;
    if (u_isalpha(c)) type |= C3_ALPHA;
    if (category == U_NON_SPACING_MARK) type |= C3_NONSPACING;
    if (u_hasBinaryProperty(c, UCHAR_DIACRITIC))
        type |= category == U_NON_SPACING_MARK ? C3_DIACRITIC : C3_SYMBOL;
    if (category == U_MATH_SYMBOL || category == U_CURRENCY_SYMBOL || category == U_MODIFIER_SYMBOL ||
        category == U_OTHER_SYMBOL || u_ispunct(c)) {
        type |= C3_SYMBOL;
    }
    if (script == USCRIPT_KATAKANA || c == 0x30FC) type |= C3_KATAKANA;
    if (script == USCRIPT_HIRAGANA || c == 0x30FC) type |= C3_HIRAGANA;
    if (width == U_EA_HALFWIDTH || (c >= 0x20 && c < 0x7F)) type |= C3_HALFWIDTH;
    if (width == U_EA_FULLWIDTH) type |= C3_FULLWIDTH;
    if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) type |= C3_IDEOGRAPH;
    if (c == 0x640) type |= C3_KASHIDA;
    return type;
}

void write_character_types(const char *directory)
{
    static uint16_t classes[256][3];
    static uint8_t class_of[65536];
    struct words file = {0};
    unsigned n = 0;
    size_t offsets;

    for (unsigned c = 0; c < 65536; c++) {
        uint16_t types[3] = {type1(c), type2(c), type3(c)};
        unsigned i = 0;
        while (i < n && memcmp(classes[i], types, sizeof types)) i++;
        if (i == 256) die("more than 256 classes of characters");
        if (i == n) memcpy(classes[n++], types, sizeof types);
        class_of[c] = i;
    }
    words_add(&file, n);
    words_append(&file, classes[0], 3 * n);
    offsets = file.n;
    for (unsigned high = 0; high < 256; high++) words_add(&file, 0);
    for (unsigned high = 0; high < 256; high++) {
        const uint8_t *block = class_of + 256 * high;
        size_t at = offsets + 256;
        uint16_t words[128];

        memcpy(words, block, sizeof words);
        while (at < file.n && memcmp(file.data + at, words, sizeof words)) at += 128;
        if (at == file.n) words_append(&file, words, 128);
        file.data[offsets + high] = at;
    }
    words_write(&file, directory, "ctype.nls");
    free(file.data);
}
