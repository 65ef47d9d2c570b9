// Canonical decompositions of single characters, and combining marks.
#ifndef LOWLAND_KERNELBASE_STRING_DECOMPOSE_H
#define LOWLAND_KERNELBASE_STRING_DECOMPOSE_H

#include "base.h"

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
