// Sort weights of characters, shared by comparison and sort keys.
#ifndef LOWLAND_KERNELBASE_SORT_H
#define LOWLAND_KERNELBASE_SORT_H

#include "base.h"

struct sort_element {
    WORD primary;   // 0: a combining mark
    BYTE secondary; // diacritics
    BYTE tertiary;  // case and width
};

// The elements of a character: how many were written to out; 0 for characters that don't count.
unsigned sort_elements(WCHAR c, struct sort_element out[2]);

// Hyphens and apostrophes, which word sort sets aside.
bool is_word_sort_character(WCHAR c);

// Compares by flags of CompareString: negative, 0 or positive.
int compare_linguistic(DWORD flags, const WCHAR *first, int first_length, const WCHAR *second,
                       int second_length);

// Whether a CT_CTYPE3 is a combining mark's: letters that include a mark are C3_NONSPACING, too.
static inline bool is_combining_mark(WORD type3)
{
    return (type3 & (C3_NONSPACING | C3_ALPHA)) == C3_NONSPACING;
}

// What a composed character consists of: mark 0 for a single equivalent. False: it isn't composed.
bool canonical_parts(WCHAR c, WCHAR *base, WCHAR *mark);
// What the two compose to, or 0.
WCHAR canonical_composition(WCHAR base, WCHAR mark);

// The character without the marks that it is composed with.
WCHAR base_character(WCHAR c);

#endif
