// Code page 1361, Johab (KS X 1001, annex 3), which ICU doesn't have: syllables by their letters' five bits
// each, signs and Han in the order of code page 949.
#include "johab.h"

enum { NONE = -1, FILLER = -2 };

// What a consonant or vowel is by its five bits.
static int initial_of(unsigned bits)
{
    return bits == 1 ? FILLER : bits >= 2 && bits <= 20 ? (int)bits - 2 : NONE;
}

static int vowel_of(unsigned bits)
{
    if (bits == 2) return FILLER;
    if (bits < 3 || bits > 29 || bits % 8 < 2) return NONE;
    // Two of each eight stand empty, three before the first.
    return bits / 8 * 6 + bits % 8 - 3;
}

static int final_of(unsigned bits)
{
    if (bits == 1) return FILLER;
    return bits >= 2 && bits <= 17 ? (int)bits - 1 : bits >= 19 && bits <= 29 ? (int)bits - 2 : NONE;
}

// The compatibility letters of initial and of final consonants.
static const uint16_t initials[] = {0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141,
                                    0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149,
                                    0x314A, 0x314B, 0x314C, 0x314D, 0x314E};
static const uint16_t finals[] = {0,      0x3131, 0x3132, 0x3133, 0x3134, 0x3135, 0x3136,
                                  0x3137, 0x3139, 0x313A, 0x313B, 0x313C, 0x313D, 0x313E,
                                  0x313F, 0x3140, 0x3141, 0x3142, 0x3144, 0x3145, 0x3146,
                                  0x3147, 0x3148, 0x314A, 0x314B, 0x314C, 0x314D, 0x314E};

// A final consonant alone: only those that don't begin syllables are written so.
static uint16_t final_letter(int final)
{
    for (unsigned i = 0; i < sizeof initials / sizeof *initials; i++)
        if (initials[i] == finals[final]) return JOHAB_NONE;
    return finals[final];
}

static uint16_t hangul(unsigned code)
{
    const int initial = initial_of(code >> 10 & 31), vowel = vowel_of(code >> 5 & 31),
              final = final_of(code & 31);

    if (initial == NONE || vowel == NONE || final == NONE) return JOHAB_NONE;
    if (initial != FILLER && vowel != FILLER)
        return 0xAC00 + (initial * 21 + vowel) * 28 + (final == FILLER ? 0 : final);
    if (initial != FILLER) return final == FILLER ? initials[initial] : JOHAB_NONE;
    if (vowel != FILLER) return final == FILLER ? 0x314F + vowel : JOHAB_NONE;
    return final == FILLER ? 0x3164 : final_letter(final);
}

// The place of a trail byte in two rows of 94, or NONE.
static int place_of(unsigned trail)
{
    if (trail >= 0x31 && trail <= 0x7E) return trail - 0x31;
    return trail >= 0x91 && trail <= 0xFE ? (int)trail - 0x91 + 78 : NONE;
}

uint16_t johab_character(unsigned lead, unsigned trail,
                         uint16_t (*code_page_949)(unsigned lead, unsigned trail))
{
    const bool signs = lead >= 0xD9 && lead <= 0xDE, han = lead >= 0xE0 && lead <= 0xF9;
    const int place = place_of(trail);
    unsigned row;

    if (lead >= 0x84 && lead <= 0xD3) return hangul(lead << 8 | trail);
    if ((!signs && !han) || place == NONE) return JOHAB_NONE;
    row = (signs ? 2 * (lead - 0xD9) : 41 + 2 * (lead - 0xE0)) + place / 94;
    return code_page_949(0xA1 + row, 0xA1 + place % 94);
}
