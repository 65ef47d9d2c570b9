// Kana: fifty sounds in rows of eight, so that a vowel is what a weight's low bits say; size and kind of kana
// are casing.
#include "sort.h"
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>

// The consonants in order of their rows; a row begins at 2 + 8 * its number.
static const char consonants[] = " KSTNHMYRW";
static const char vowels[] = "AIUEO";

// The primary weight of a syllable as Unicode spells it ("KA", "A", "N"); 0: it is none.
static uint8_t syllable_weight(const char *name)
{
    const char *consonant, *vowel;

    if (!strcmp(name, "N")) return 0x80;
    consonant = strlen(name) == 2 ? strchr(consonants, name[0]) : strlen(name) == 1 ? consonants : NULL;
    if (!consonant) return 0;
    vowel = strchr(vowels, name[strlen(name) - 1]);
    return vowel ? 2 + 8 * (consonant - consonants) + (vowel - vowels) : 0;
}

static void weigh_one(struct sort_table *table, uint16_t c)
{
    char name[100], kind[20], syllable[50];
    UErrorCode error = U_ZERO_ERROR;
    uint8_t casing = SORT_KANA_FULL_SIZE | SORT_WIDE;
    const char *rest;
    uint8_t primary;

    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &error);
    if (U_FAILURE(error) || sscanf(name, "%19s LETTER %49[^\n]", kind, syllable) != 2) return;
    if (!strcmp(kind, "HIRAGANA"))
        casing |= SORT_KANA_HIRAGANA;
    else if (strcmp(kind, "KATAKANA") != 0)
        return;
    rest = syllable;
    if (!strncmp(rest, "SMALL ", 6)) {
        casing &= ~SORT_KANA_FULL_SIZE;
        rest += 6;
    }
    primary = syllable_weight(rest);
    if (primary)
        set_weight(table, c, (struct sort_weight){SORT_KANA_MARKED, primary, SORT_WEIGHT_MIN, casing});
}

void weigh_kana(struct sort_table *table)
{
    static const uint16_t repeat[] = {0x3005, 0x3031, 0x3032, 0x303B, 0x309D, 0x30FD};
    static const uint16_t marks[] = {0x3099, 0x309B, 0xFF9E, 0x309A, 0x309C, 0xFF9F};
    const uint8_t full = SORT_KANA_FULL_SIZE | SORT_WIDE;

    for (unsigned c = 0x3041; c < 0x3200; c++) weigh_one(table, c);
    for (size_t i = 0; i < sizeof repeat / sizeof *repeat; i++) {
        uint8_t casing = repeat[i] == 0x309D ? full | SORT_KANA_HIRAGANA : full;
        set_weight(table, repeat[i],
                   (struct sort_weight){SORT_KANA_MARKED, SORT_REPEAT, SORT_WEIGHT_MIN, casing});
    }
    set_weight(table, 0x30FC, (struct sort_weight){SORT_KANA_MARKED, SORT_LENGTHEN, SORT_WEIGHT_MIN, full});
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        set_weight(table, marks[i], (struct sort_weight){SORT_MARK, 0, 1 + i / 3, SORT_WEIGHT_MIN});
}
