/* The multibyte code page (_setmbcp): lead and trail bytes, and classes of single bytes under it. */
#include "msvcrt.h"

enum {
    MB_KANA = 0x01,   /* half-width kana letter */
    MB_KPUNCT = 0x02, /* half-width kana punctuation */
    MB_LEAD = 0x04,
    MB_TRAIL = 0x08,
    MB_UPPER = 0x10,
    MB_LOWER = 0x20,
};
enum { MB_SBCS = 0, MB_OEM = -2, MB_ANSI = -3, MB_LOCALE = -4 };

unsigned char _mbctype[257];
unsigned char _mbcasemap[257]; /* 256 used */
int mb_codepage;
static LCID mb_lcid;

/* Trail bytes by code page; lead bytes come from the system. */
static const struct {
    int codepage;
    unsigned char trail[4][2];
} trails[] = {
    {932, {{0x40, 0x7E}, {0x80, 0xFC}}},
    {936, {{0x40, 0xFE}}},
    {949, {{0x41, 0xFE}}},
    {950, {{0x40, 0x7E}, {0xA1, 0xFE}}},
    {1361, {{0x31, 0x7E}, {0x81, 0xFE}}},
    {20932, {{0x21, 0x7E}, {0xA1, 0xFE}}},
};

static void set_cases(int codepage)
{
    for (int i = 0; i < 256; i++) {
        char byte = i, back;
        wchar_t wide, mapped;
        BOOL lossy = FALSE;
        WORD type = 0;

        if (_mbctype[i + 1] & MB_LEAD) continue;
        if (!codepage && i >= 0x80) continue;
        if (MultiByteToWideChar(codepage ? codepage : 1252, MB_ERR_INVALID_CHARS, &byte, 1, &wide, 1) != 1)
            continue;
        GetStringTypeW(CT_CTYPE1, &wide, 1, &type);
        if (!(type & (CT_UPPER | CT_LOWER))) continue;
        LCMapStringW(mb_lcid ? mb_lcid : 0x409, type & CT_UPPER ? LCMAP_LOWERCASE : LCMAP_UPPERCASE, &wide, 1,
                     &mapped, 1);
        if (mapped == wide) continue;
        if (WideCharToMultiByte(codepage ? codepage : 1252, WC_NO_BEST_FIT_CHARS, &mapped, 1, &back, 1, NULL,
                                &lossy) != 1 ||
            lossy)
            continue;
        _mbctype[i + 1] |= type & CT_UPPER ? MB_UPPER : MB_LOWER;
        _mbcasemap[i] = back;
    }
}

int EXPORT _setmbcp(int codepage)
{
    CPINFO info;

    if (codepage == MB_OEM) codepage = GetOEMCP();
    if (codepage == MB_ANSI) codepage = GetACP();
    if (codepage == MB_LOCALE) codepage = locale_current()->codepage;
    if (codepage && (codepage == CP_UTF7 || codepage == CP_UTF8 || !GetCPInfo(codepage, &info))) {
        errno = EINVAL;
        return -1;
    }
    _lock(LOCK_MBCTYPE);
    memset(_mbctype, 0, sizeof(_mbctype));
    memset(_mbcasemap, 0, sizeof(_mbcasemap));
    mb_lcid = codepage == 932   ? 0x411
              : codepage == 936 ? 0x804
              : codepage == 949 ? 0x412
              : codepage == 950 ? 0x404
                                : 0;
    if (codepage && info.MaxCharSize > 1) {
        for (const BYTE *range = info.LeadByte; range[0]; range += 2)
            for (int i = range[0]; i <= range[1]; i++) _mbctype[i + 1] |= MB_LEAD;
        for (size_t t = 0; t < ARRAY_SIZE(trails); t++) {
            if (trails[t].codepage != codepage) continue;
            for (int r = 0; r < 4 && trails[t].trail[r][0]; r++)
                for (int i = trails[t].trail[r][0]; i <= trails[t].trail[r][1]; i++)
                    _mbctype[i + 1] |= MB_TRAIL;
        }
    }
    if (codepage == 932)
        for (int i = 0xA1; i <= 0xDF; i++) _mbctype[i + 1] |= i <= 0xA5 ? MB_KPUNCT : MB_KANA;
    set_cases(codepage);
    /* A code page of single bytes is none to the multibyte functions. */
    mb_codepage = codepage;
    _unlock(LOCK_MBCTYPE);
    return 0;
}

int EXPORT _getmbcp(void)
{
    CPINFO info;
    return mb_codepage && GetCPInfo(mb_codepage, &info) && info.MaxCharSize > 1 ? mb_codepage : 0;
}

void mbctype_init(void)
{
    _setmbcp(MB_ANSI);
}

unsigned char *EXPORT __p__mbctype(void)
{
    return _mbctype;
}
unsigned char *EXPORT __p__mbcasemap(void)
{
    return _mbcasemap;
}

static int type_of(unsigned c)
{
    return _mbctype[(unsigned char)c + 1];
}
static int class_of(unsigned c)
{
    return locale_current()->ctype[(unsigned char)c + 1];
}

/* Each with its _l form, whose locale matters no more than the code page that is set. */
#define BYTE_CLASS(name, test)                                                                               \
    int EXPORT name(unsigned c)                                                                              \
    {                                                                                                        \
        return test;                                                                                         \
    }                                                                                                        \
    int EXPORT name##_l(unsigned c, crt_locale_t l)                                                          \
    {                                                                                                        \
        (void)l;                                                                                             \
        return test;                                                                                         \
    }
BYTE_CLASS(_ismbblead, (type_of(c) & MB_LEAD) != 0)
BYTE_CLASS(_ismbbtrail, (type_of(c) & MB_TRAIL) != 0)
BYTE_CLASS(_ismbbkana, mb_codepage == 932 ? type_of(c) & (MB_KANA | MB_KPUNCT) : 0)
BYTE_CLASS(_ismbbkalnum, type_of(c) & MB_KANA)
BYTE_CLASS(_ismbbkpunct, type_of(c) & MB_KPUNCT)
BYTE_CLASS(_ismbbkprint, type_of(c) & (MB_KANA | MB_KPUNCT))
BYTE_CLASS(_ismbbalpha, (class_of(c) & CT_ALPHA) | (type_of(c) & MB_KANA))
BYTE_CLASS(_ismbbalnum, (class_of(c) & (CT_ALPHA | CT_DIGIT)) | (type_of(c) & MB_KANA))
BYTE_CLASS(_ismbbprint,
           (class_of(c) & (CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT)) | (type_of(c) & (MB_KANA | MB_KPUNCT)))
BYTE_CLASS(_ismbbgraph,
           (class_of(c) & (CT_PUNCT | CT_ALPHA | CT_DIGIT)) | (type_of(c) & (MB_KANA | MB_KPUNCT)))
BYTE_CLASS(_ismbbpunct, (class_of(c) & CT_PUNCT) | (type_of(c) & MB_KPUNCT))
