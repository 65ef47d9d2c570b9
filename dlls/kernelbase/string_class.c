// Classes of single characters that user32's functions do not tell (api-ms-win-core-string-l2).
#include "shell_text.h"

static bool has_type(WCHAR c, WORD wanted)
{
    WORD type = 0;
    return GetStringTypeW(CT_CTYPE1, &c, 1, &type) && (type & wanted);
}

HOTPATCH BOOL WINAPI IsCharBlankW(WCHAR c)
{
    return has_type(c, C1_BLANK);
}

HOTPATCH BOOL WINAPI IsCharCntrlW(WCHAR c)
{
    return has_type(c, C1_CNTRL);
}

HOTPATCH BOOL WINAPI IsCharDigitW(WCHAR c)
{
    return has_type(c, C1_DIGIT);
}

HOTPATCH BOOL WINAPI IsCharPunctW(WCHAR c)
{
    return has_type(c, C1_PUNCT);
}

HOTPATCH BOOL WINAPI IsCharSpaceW(WCHAR c)
{
    return has_type(c, C1_SPACE);
}

HOTPATCH BOOL WINAPI IsCharXDigitW(WCHAR c)
{
    return has_type(c, C1_XDIGIT);
}

HOTPATCH BOOL WINAPI IsCharSpaceA(char c)
{
    WCHAR wide = 0;
    RtlMultiByteToUnicodeN(&wide, sizeof(wide), NULL, &c, 1);
    return IsCharSpaceW(wide);
}
