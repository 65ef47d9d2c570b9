// Linguistic sorting: weights of characters in a language, comparison, sort keys ([MS-UCODEREF] 3.1.5).
#ifndef LOWLAND_KERNELBASE_SORT_H
#define LOWLAND_KERNELBASE_SORT_H

#include "locale.h"
#include "sort_record.h"

// ---- sort_collation.c: the order of a language ----

struct collation {
    const struct sort_weight *weights; // of all UTF-16 units
    const WORD *file;
    const struct sort_contraction *contractions;
    unsigned contractions_n;
    bool reversed_diacritics;
    BYTE starts[32]; // a bit for each low byte that a contraction's first unit has
};

// The order of a locale under CompareString's flags; the common one for a locale that has none of its own, or
// without memory for it. Lives as long as the process. Any thread may ask.
const struct collation *collation_of(struct locale_found locale, DWORD flags);

// Which of sort.nls's collations a locale has; -1: the common one.
int collation_number_of(struct locale_found locale);

static inline bool may_start_contraction(const struct collation *collation, WCHAR c)
{
    return collation->starts[(BYTE)c >> 3] & 1 << (c & 7);
}

// ---- sort_walk.c: a string as what counts in it ----

enum sort_kind {
    SORT_END,
    SORT_PRIMARY,            // a letter, digit or symbol
    SORT_DIACRITIC,          // adds to the letter before
    SORT_SET_ASIDE,          // a hyphen or apostrophe of word sort
    SORT_EXPANDED_DIACRITIC, // one that is part of a single character
};

// Kana as the weakest levels tell them apart.
enum kana_size {
    KANA_SMALL = 0xC4,
    KANA_REPEATED = 0xC8,
    KANA_LENGTHENED = 0xCC,
    KANA_NORMAL = 0xE4,
};

struct sort_element {
    enum sort_kind kind;
    BYTE main[4]; // the last two are 0 when there are only two
    BYTE diacritic, casing;
    bool kana;
    BYTE kana_size, kana_type, kana_width;
};

struct sort_walker {
    const struct collation *collation;
    const WCHAR *text, *end;
    const WCHAR *expansion;     // what is left of a character that sorts as several, or NULL
    DWORD flags;                // of CompareString
    unsigned number_left;       // digits of a number that was announced by its length
    struct sort_element before; // what a repetition mark repeats
};

void sort_walk(struct sort_walker *walker, const struct collation *collation, DWORD flags, const WCHAR *text,
               int length);
void sort_next(struct sort_walker *walker, struct sort_element *element);

// ---- sort_key.c ----

enum sort_level {
    LEVEL_PRIMARY,
    LEVEL_DIACRITIC,
    LEVEL_CASING,
    LEVEL_KANA,
    LEVEL_SPECIAL,
    LEVELS,
};

struct sort_bytes {
    BYTE *data;
    unsigned n, room;
    BYTE small[64];
};

// The levels of a sort key, each without its separator.
struct sort_key {
    struct sort_bytes levels[LEVELS];
    bool failed; // no memory
};

// As LCMapString makes it, or as CompareString compares: expanded characters differ. Free the key afterwards.
void sort_key_make(struct sort_key *key, const struct collation *collation, DWORD flags, const WCHAR *text,
                   int length, bool compare);
void sort_key_free(struct sort_key *key);

// LCMapString's LCMAP_SORTKEY: bytes written or, with size 0, needed; 0 with the last error set.
int sort_key_bytes(const struct collation *collation, DWORD flags, const WCHAR *text, int length,
                   BYTE *buffer, int size);

// ---- sort_compare.c ----

// Compares by flags of CompareString: negative, 0 or positive.
int compare_linguistic(const struct collation *collation, DWORD flags, const WCHAR *first, int first_length,
                       const WCHAR *second, int second_length);

#endif
