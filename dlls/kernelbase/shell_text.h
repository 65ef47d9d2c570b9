// Characters of texts in the shell's functions, and the declarations of those functions.
#ifndef LOWLAND_KERNELBASE_SHELL_TEXT_H
#define LOWLAND_KERNELBASE_SHELL_TEXT_H

#include "base.h"

// These return a BOOL since Windows 7, where the header has none.
#define PathQuoteSpacesA   shlwapi_h_PathQuoteSpacesA
#define PathQuoteSpacesW   shlwapi_h_PathQuoteSpacesW
#define PathUnquoteSpacesA shlwapi_h_PathUnquoteSpacesA
#define PathUnquoteSpacesW shlwapi_h_PathUnquoteSpacesW
#include <shlwapi.h>
#undef PathQuoteSpacesA
#undef PathQuoteSpacesW
#undef PathUnquoteSpacesA
#undef PathUnquoteSpacesW

// The place of the next character: two bytes further after a lead byte that has a trail byte.
static inline const char *narrow_after(const char *text)
{
    return IsDBCSLeadByte((BYTE)*text) && text[1] ? text + 2 : text + 1;
}

static inline const WCHAR *wide_after(const WCHAR *text)
{
    return text + 1;
}

// The same for a text that may be changed.
#define next_narrow(text) ((__typeof__(text))narrow_after(text))
#define next_wide(text)   ((__typeof__(text))wide_after(text))

#endif
