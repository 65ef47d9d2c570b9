/* Single characters of the multibyte code page: classes, case, and the Japanese conversions. */
#include "msvcrt.h"

static bool is_lead(unsigned c)
{
    return _mbctype[(c & 0xFF) + 1] & 4;
}
static bool is_trail(unsigned c)
{
    return _mbctype[(c & 0xFF) + 1] & 8;
}

int EXPORT _ismbclegal(unsigned c)
{
    return is_lead(c >> 8) && is_trail(c);
}

/* The class of one or two bytes as wide text has it. */
static unsigned class_of(unsigned c)
{
    char bytes[2] = {c >> 8, c};
    wchar_t wide;

    if (c < 256) return locale_current()->ctype[c + 1];
    if (!is_lead(c >> 8) || !MultiByteToWideChar(mb_codepage, MB_ERR_INVALID_CHARS, bytes, 2, &wide, 1))
        return 0;
    return wide_class(wide);
}

int EXPORT _ismbcalpha(unsigned c)
{
    return (class_of(c) & CT_ALPHA) != 0 || (c < 256 && _mbctype[c + 1] & 1);
}
int EXPORT _ismbcalnum(unsigned c)
{
    return (class_of(c) & (CT_ALPHA | CT_DIGIT)) != 0;
}
int EXPORT _ismbcdigit(unsigned c)
{
    return (class_of(c) & CT_DIGIT) != 0;
}
int EXPORT _ismbcgraph(unsigned c)
{
    return (class_of(c) & (CT_PUNCT | CT_ALPHA | CT_DIGIT)) != 0;
}
int EXPORT _ismbcprint(unsigned c)
{
    return (class_of(c) & (CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT)) != 0;
}
int EXPORT _ismbcpunct(unsigned c)
{
    return (class_of(c) & CT_PUNCT) != 0;
}
int EXPORT _ismbcspace(unsigned c)
{
    return (class_of(c) & CT_SPACE) != 0;
}

int EXPORT _ismbclower(unsigned c)
{
    if (mb_codepage == 932 && c >= 256) return c >= 0x8281 && c <= 0x829A;
    return (class_of(c) & CT_LOWER) != 0;
}

int EXPORT _ismbcupper(unsigned c)
{
    if (mb_codepage == 932 && c >= 256) return c >= 0x8260 && c <= 0x8279;
    return (class_of(c) & CT_UPPER) != 0;
}

/* Case of two bytes by way of wide characters. */
static unsigned map_double(unsigned c, DWORD map)
{
    unsigned char bytes[2] = {c >> 8, c};
    wchar_t wide;

    if (!is_lead(c >> 8) ||
        !MultiByteToWideChar(mb_codepage, MB_ERR_INVALID_CHARS, (char *)bytes, 2, &wide, 1))
        return c;
    if (!LCMapStringW(0x409, map, &wide, 1, &wide, 1)) return c;
    if (WideCharToMultiByte(mb_codepage, 0, &wide, 1, (char *)bytes, 2, NULL, NULL) != 2) return c;
    return bytes[0] << 8 | bytes[1];
}

unsigned EXPORT _mbctolower(unsigned c)
{
    if (c < 256) return _mbctype[c + 1] & 0x10 ? _mbcasemap[c] : c;
    return mb_codepage != 932 ? map_double(c, LCMAP_LOWERCASE) : _ismbcupper(c) ? c + 0x21 : c;
}

unsigned EXPORT _mbctoupper(unsigned c)
{
    if (c < 256) return _mbctype[c + 1] & 0x20 ? _mbcasemap[c] : c;
    return mb_codepage != 932 ? map_double(c, LCMAP_UPPERCASE) : _ismbclower(c) ? c - 0x21 : c;
}

/* ---- kinds of bytes: 0 single, 1 lead, 2 trail, -1 none ---- */

int EXPORT _mbbtype(unsigned char c, int previous)
{
    if (previous == 1) return is_trail(c) ? 2 : -1;
    if (is_lead(c)) return 1;
    return (locale_current()->ctype[c + 1] & (CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT)) ||
                   _mbctype[c + 1] & 3
               ? 0
               : -1;
}

int EXPORT _mbsbtype(const unsigned char *s, size_t n)
{
    int type = 0;

    if (!s) return -1;
    for (;; s++) {
        type = _mbbtype(*s, type);
        if (!n--) return type;
        if (!*s) return -1;
    }
}

static int side_at(const unsigned char *start, const unsigned char *at)
{
    while (start < at) {
        if (!*start) return 0;
        if (!is_lead(*start)) {
            start++;
            continue;
        }
        if (start + 1 == at) return 2;
        if (!start[1]) return 0;
        start += 2;
    }
    return is_lead(*at) ? 1 : 0;
}

int EXPORT _ismbslead(const unsigned char *start, const unsigned char *at)
{
    return side_at(start, at) == 1 ? -1 : 0;
}
int EXPORT _ismbstrail(const unsigned char *start, const unsigned char *at)
{
    return side_at(start, at) == 2 ? -1 : 0;
}

/* ---- Japanese, code page 932 ---- */

int EXPORT _ismbchira(unsigned c)
{
    return mb_codepage == 932 && c >= 0x829F && c <= 0x82F1;
}
int EXPORT _ismbckata(unsigned c)
{
    return mb_codepage == 932 && c >= 0x8340 && c <= 0x8396 && c != 0x837F;
}
int EXPORT _ismbcsymbol(unsigned c)
{
    return mb_codepage == 932 && c >= 0x8141 && c <= 0x81AC && c != 0x817F;
}
int EXPORT _ismbcl0(unsigned c)
{
    return mb_codepage == 932 && _ismbclegal(c) && c >= 0x8140 && c < 0x889F;
}
int EXPORT _ismbcl1(unsigned c)
{
    return mb_codepage == 932 && _ismbclegal(c) && c >= 0x889F && c <= 0x9872;
}
int EXPORT _ismbcl2(unsigned c)
{
    return mb_codepage == 932 && _ismbclegal(c) && c >= 0x989F && c <= 0xEAA4;
}

unsigned EXPORT _mbctohira(unsigned c)
{
    if (!_ismbckata(c) || c > 0x8393) return c;
    return c - (c < 0x837F ? 0xA1 : 0xA2);
}

unsigned EXPORT _mbctokata(unsigned c)
{
    if (!_ismbchira(c)) return c;
    return c + (c < 0x82DE ? 0xA1 : 0xA2);
}

unsigned EXPORT _mbcjmstojis(unsigned c)
{
    unsigned high = c >> 8, low = c & 0xFF;

    if (mb_codepage != 932) return c;
    if (!_ismbclegal(c) || c < 256 || high >= 0xF0) return 0;
    high = (high - (high >= 0xE0 ? 0xC1 : 0x81)) * 2 + 0x21;
    if (low >= 0x9F) return (high + 1) << 8 | (low - 0x7E);
    return high << 8 | (low - (low > 0x7F ? 0x20 : 0x1F));
}

unsigned EXPORT _mbcjistojms(unsigned c)
{
    unsigned high = c >> 8, low = c & 0xFF;

    if (mb_codepage != 932) return c;
    if (high < 0x21 || high > 0x7E || low < 0x21 || low > 0x7E) return 0;
    low += high & 1 ? (low >= 0x60 ? 0x20 : 0x1F) : 0x7E;
    high = (high - 0x21) / 2 + 0x81;
    if (high > 0x9F) high += 0x40;
    return high << 8 | low;
}

/* Full-width forms of 20h…7Eh and of the half-width kana. */
static const unsigned short full_width[] = {
    0x8140, 0x8149, 0x8168, 0x8194, 0x8190, 0x8193, 0x8195, 0x8166, 0x8169, 0x816A, 0x8196, 0x817B,
    0x8143, 0x817C, 0x8144, 0x815E, 0x824F, 0x8250, 0x8251, 0x8252, 0x8253, 0x8254, 0x8255, 0x8256,
    0x8257, 0x8258, 0x8146, 0x8147, 0x8183, 0x8181, 0x8184, 0x8148, 0x8197, 0x8260, 0x8261, 0x8262,
    0x8263, 0x8264, 0x8265, 0x8266, 0x8267, 0x8268, 0x8269, 0x826A, 0x826B, 0x826C, 0x826D, 0x826E,
    0x826F, 0x8270, 0x8271, 0x8272, 0x8273, 0x8274, 0x8275, 0x8276, 0x8277, 0x8278, 0x8279, 0x816D,
    0x818F, 0x816E, 0x814F, 0x8151, 0x8165, 0x8281, 0x8282, 0x8283, 0x8284, 0x8285, 0x8286, 0x8287,
    0x8288, 0x8289, 0x828A, 0x828B, 0x828C, 0x828D, 0x828E, 0x828F, 0x8290, 0x8291, 0x8292, 0x8293,
    0x8294, 0x8295, 0x8296, 0x8297, 0x8298, 0x8299, 0x829A, 0x816F, 0x8162, 0x8170, 0x8150,
};
static const unsigned short full_kana[] = {
    0x8142, 0x8175, 0x8176, 0x8141, 0x8145, 0x8392, 0x8340, 0x8342, 0x8344, 0x8346, 0x8348, 0x8383, 0x8385,
    0x8387, 0x8362, 0x815B, 0x8341, 0x8343, 0x8345, 0x8347, 0x8349, 0x834A, 0x834C, 0x834E, 0x8350, 0x8352,
    0x8354, 0x8356, 0x8358, 0x835A, 0x835C, 0x835E, 0x8360, 0x8363, 0x8365, 0x8367, 0x8369, 0x836A, 0x836B,
    0x836C, 0x836D, 0x836E, 0x8371, 0x8374, 0x8377, 0x837A, 0x837D, 0x837E, 0x8380, 0x8381, 0x8382, 0x8384,
    0x8386, 0x8388, 0x8389, 0x838A, 0x838B, 0x838C, 0x838D, 0x838F, 0x8393, 0x814A, 0x814B,
};

unsigned EXPORT _mbbtombc(unsigned c)
{
    if (mb_codepage != 932) return c;
    if (c >= 0x20 && c <= 0x7E) return full_width[c - 0x20];
    if (c >= 0xA1 && c <= 0xDF) return full_kana[c - 0xA1];
    return c;
}

unsigned EXPORT _mbctombb(unsigned c)
{
    static const unsigned short rare[][2] = {{0x838E, 0xDC}, {0x8390, 0xB2}, {0x8391, 0xB4},
                                             {0x8394, 0xB3}, {0x8395, 0xB6}, {0x8396, 0xB9}};

    if (mb_codepage != 932) return c;
    for (size_t i = 0; i < ARRAY_SIZE(full_width); i++)
        if (full_width[i] == c) return 0x20 + i;
    if (_ismbchira(c)) c = _mbctokata(c);
    for (size_t r = 0; r < ARRAY_SIZE(rare); r++)
        if (rare[r][0] == c) return rare[r][1];
    /* A voiced kana has no half-width form: the plain one in front of it in the code stands for it. */
    for (unsigned voice = 0; voice <= (_ismbckata(c) ? 2 : 0); voice++)
        for (size_t i = 0; i < ARRAY_SIZE(full_kana); i++)
            if (full_kana[i] == c - voice) return 0xA1 + i;
    return c;
}
