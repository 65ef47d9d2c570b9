// Hangul: each leading consonant, with the same one at the end of a syllable, before the syllables that begin
// with it; old consonants between by the letters that they are made of; the vowels behind the silent
// consonant.
#include "sort.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#define LETTERS_MAX 4
#define SYLLABLES   588 // that begin with one consonant

// The basic consonants in order, with the old ones behind what they resemble.
static const char *const consonants[] = {
    "KIYEOK",  "NIEUN",         "TIKEUT",           "RIEUL",   "MIEUM",           "PIEUP",
    "SIOS",    "CHITUEUMSIOS",  "CEONGCHIEUMSIOS",  "PANSIOS", "IEUNG",           "YESIEUNG",
    "CIEUC",   "CHITUEUMCIEUC", "CEONGCHIEUMCIEUC", "CHIEUCH", "CHITUEUMCHIEUCH", "CEONGCHIEUMCHIEUCH",
    "KHIEUKH", "THIEUTH",       "PHIEUPH",          "HIEUH",   "YEORINHIEUH",
};
#define CONSONANTS (sizeof consonants / sizeof *consonants)

static const char *const vowels[] = {
    "FILLER", "A",  "AE", "YA",  "YAE", "EO", "E",  "YEO", "YE", "O", "WA",    "WAE",
    "OE",     "YO", "U",  "WEO", "WE",  "WI", "YU", "EU",  "YI", "I", "ARAEA",
};
#define VOWELS (sizeof vowels / sizeof *vowels)

// A consonant or vowel as its letters, 1 up; 0 behind the last.
struct jamo {
    uint16_t character;
    uint8_t letters[LETTERS_MAX];
    bool final;
};

static void add_letter(struct jamo *jamo, const char *name)
{
    const bool light = !strncmp(name, "KAPYEOUN", 8); // with the silent consonant below
    const char *twice;
    char once[50];
    unsigned n = 0;

    if (light) name += 8;
    twice = strstr(name, "SSANG");
    if (twice) {
        snprintf(once, sizeof once, "%.*s%s", (int)(twice - name), name, twice + 5);
        name = once;
    }
    for (unsigned i = 0; i < CONSONANTS; i++) {
        if (strcmp(name, consonants[i]) != 0) continue;
        while (n < LETTERS_MAX && jamo->letters[n]) n++;
        if (n < LETTERS_MAX) jamo->letters[n++] = i + 1;
        if (twice && n < LETTERS_MAX) jamo->letters[n] = i + 1;
        if (light && n < LETTERS_MAX) jamo->letters[n] = CONSONANTS;
        return;
    }
}

static void add_vowel(struct jamo *jamo, const char *name)
{
    unsigned n = 0;

    while (n < LETTERS_MAX - 1 && jamo->letters[n]) n++;
    for (unsigned i = 0; i < VOWELS; i++)
        if (!strcmp(name, vowels[i])) jamo->letters[n] = i + 1;
}

// Takes a name apart that begins with one of the kinds; false: it doesn't, or has no letter that is known.
static bool parse_name(uint16_t c, struct jamo *jamo, const char *kind,
                       void (*add)(struct jamo *, const char *))
{
    char name[100];
    UErrorCode error = U_ZERO_ERROR;
    char *save;

    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &error);
    *jamo = (struct jamo){.character = c};
    if (U_FAILURE(error) || strncmp(name, kind, strlen(kind)) != 0) return false;
    for (char *letter = strtok_r(name + strlen(kind), "-", &save); letter;
         letter = strtok_r(NULL, "-", &save))
        add(jamo, letter);
    return jamo->letters[0];
}

static bool parse_consonant(uint16_t c, struct jamo *jamo)
{
    if (parse_name(c, jamo, "HANGUL CHOSEONG ", add_letter)) return true;
    if (!parse_name(c, jamo, "HANGUL JONGSEONG ", add_letter)) return false;
    jamo->final = true;
    return true;
}

static int compare_jamo(const void *first, const void *second)
{
    const struct jamo *a = first, *b = second;
    int result = memcmp(a->letters, b->letters, sizeof a->letters);

    return result ? result : a->character - b->character;
}

static struct sort_weight next_weight(unsigned *place)
{
    struct sort_weight weight = {SORT_HANGUL + *place / 254, 2 + *place % 254, SORT_WEIGHT_MIN,
                                 SORT_WEIGHT_MIN};

    if (weight.script >= SORT_HAN) die("too much Hangul");
    ++*place;
    return weight;
}

static void weigh_vowels(struct sort_table *table, unsigned *place)
{
    struct jamo jamo[200];
    unsigned n = 0;

    for (unsigned c = 0x1160; c < 0xD7D0; c++) {
        if (c == 0x11A8) c = 0xD7B0;
        if (parse_name(c, &jamo[n], "HANGUL JUNGSEONG ", add_vowel)) n++;
    }
    qsort(jamo, n, sizeof *jamo, compare_jamo);
    for (unsigned i = 0; i < n; i++) set_weight(table, jamo[i].character, next_weight(place));
}

void weigh_hangul(struct sort_table *table)
{
    struct jamo jamo[300];
    unsigned n = 0, place = 0;
    struct sort_weight weight = {0};

    for (unsigned c = 0x1100; c < 0xD800; c++) {
        if (c == 0x1200) c = 0xA960; // the two blocks of old letters
        if (c == 0xA980) c = 0xD7B0;
        if (parse_consonant(c, &jamo[n])) n++;
    }
    qsort(jamo, n, sizeof *jamo, compare_jamo);
    for (unsigned i = 0; i < n; i++) {
        const uint16_t c = jamo[i].character;

        if (!i || memcmp(jamo[i].letters, jamo[i - 1].letters, LETTERS_MAX) != 0)
            weight = next_weight(&place);
        weight.casing = SORT_WEIGHT_MIN + (jamo[i].final ? 2 : 0);
        set_weight(table, c, weight);
        if (c == 0x110B) weigh_vowels(table, &place);
        if (c < 0x1100 || c > 0x1112) continue;
        for (unsigned k = 0; k < SYLLABLES; k++)
            set_weight(table, 0xAC00 + (c - 0x1100) * SYLLABLES + k, next_weight(&place));
    }
}
