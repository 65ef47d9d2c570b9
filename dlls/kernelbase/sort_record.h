// What sort.nls holds: weights of characters for comparison and sort keys, laid out as [MS-UCODEREF] 3.1.5
// says. tools/nlsgen writes the file; kernelbase reads it where it is mapped, so both include this. The file:
// the header, the weights of all UTF-16 units, then what the header points at.
#ifndef LOWLAND_KERNELBASE_SORT_RECORD_H
#define LOWLAND_KERNELBASE_SORT_RECORD_H

#include <stdint.h>

// Scripts below SORT_DIGIT aren't scripts but ways to treat the character.
enum {
    SORT_UNSORTABLE = 0, // counts for nothing
    SORT_MARK = 1,       // only a diacritic weight, which adds to the character's before
    SORT_EXPANSION = 2,  // primary and diacritic (high byte) are an index of expansions
    SORT_KANA_MARKED =
        3,              // kana: primary as of SORT_KANA, or SORT_REPEAT, SORT_LENGTHEN; casing of SORT_KANA_*
    SORT_EXTENSION = 5, // primary and diacritic are two more bytes of main weight, after all other scripts
    SORT_PUNCTUATION = 6, // hyphens and apostrophes, which word sort sets aside
    SORT_SYMBOL = 7,      // up to the next: symbols
    SORT_DIGIT = 0x0D,
    SORT_LATIN = 0x0E,
    SORT_GREEK = 0x0F,
    SORT_CYRILLIC = 0x10,
    SORT_OTHER_EUROPEAN = 0x11,
    SORT_KANA = 0x22,
    SORT_BOPOMOFO = 0x23,
    SORT_OTHER = 0x24,
    SORT_HANGUL = 0x52,
    SORT_HAN = 0x80,
    SORT_PRIVATE = 0xD8,
    SORT_EXTENSION_MAIN = 0xFE, // the main weight's first byte of SORT_EXTENSION
};

enum {
    SORT_WEIGHT_MIN = 2, // what an unmarked character has as its diacritic and casing weights

    // Primaries of SORT_KANA_MARKED that stand for the character before or its vowel.
    SORT_REPEAT = 0,
    SORT_LENGTHEN = 1,

    // Casing: of all characters ...
    SORT_WIDE = 0x01,
    SORT_UPPER = 0x10,
    SORT_SMALL_CAPITAL = 0x08,
    // ... and of kana.
    SORT_KANA_FULL_SIZE = 0x02,
    SORT_KANA_HIRAGANA = 0x20,
};

struct sort_weight {
    uint8_t script, primary, diacritic, casing;
};

// Places are in 16-bit words from the start of the file.
struct sort_header {
    uint32_t expansions_at; // for each the place of its characters, which end with a NUL
    uint32_t locales_at, locales_n;
    uint32_t collations_at;
};

#define SORT_HEADER_WORDS (sizeof(struct sort_header) / sizeof(uint16_t))

// The collation of a locale; locales that aren't listed have none of their own.
struct sort_locale {
    uint32_t id; // its LCID
    uint32_t collation;
    uint32_t linguistic; // the collation with NORM_LINGUISTIC_CASING
};

// A range of scripts that a collation has elsewhere.
struct sort_move {
    uint8_t first, last;
    int16_t by;
};

// How a language sorts differently. Scripts are moved first, then come the exceptions.
struct sort_collation {
    uint32_t exceptions_at, exceptions_n;
    uint32_t contractions_at, contractions_n;
    uint32_t reversed_diacritics; // the last difference decides
    struct sort_move moves[2];
};

struct sort_exception {
    uint16_t character;
    struct sort_weight weight;
};

// Two or three characters that sort as one letter; the third may be 0. Longer ones first.
struct sort_contraction {
    uint16_t text[3];
    struct sort_weight weight;
};

#endif
