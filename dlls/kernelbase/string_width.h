// Full and half width, hiragana and katakana: the mappings of LCMapString between forms of one character.
#ifndef LOWLAND_KERNELBASE_STRING_WIDTH_H
#define LOWLAND_KERNELBASE_STRING_WIDTH_H

#include "base.h"

// The full-width form of the text's first characters: how many of them it takes the place of (a half-width
// syllable and its voicing mark become one).
int string_full_width(const WCHAR *text, int length, WCHAR *full);

// The half-width form: one unit, or two for a voiced syllable. How many.
int string_half_width(WCHAR full, WCHAR half[2]);

WCHAR string_hiragana(WCHAR katakana);
WCHAR string_katakana(WCHAR hiragana);

#endif
