// Code points of UTF-16 text.
#ifndef LOWLAND_NTDLL_UTF16_H
#define LOWLAND_NTDLL_UTF16_H

#include "nt/nt.h"

// The code point at *at, below n, which moves behind it. Half a pair stands for itself.
static inline DWORD utf16_next(const WCHAR *text, int n, int *at)
{
    const WCHAR c = text[(*at)++];
    if ((c & 0xFC00) != 0xD800 || *at == n || (text[*at] & 0xFC00) != 0xDC00) return c;
    return 0x10000 + ((c & 0x3FFu) << 10) + (text[(*at)++] & 0x3FF);
}

#endif
