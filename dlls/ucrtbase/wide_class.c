/* Classes and mappings of wide characters, also by name. */
#include "ucrtbase.h"

int EXPORT isblank(int c);
int EXPORT isalpha(int c);
int EXPORT iswalpha(wint_t c);
int EXPORT iswalnum(wint_t c);
int EXPORT iswctype(wint_t c, wctype_t mask);
wint_t EXPORT towlower(wint_t c);
wint_t EXPORT towupper(wint_t c);

int EXPORT iswblank(wint_t c)
{
    return c == '\t' ? CT_BLANK : iswctype(c, CT_BLANK);
}

int EXPORT _iswblank_l(wint_t c, crt_locale_t l)
{
    (void)l;
    return iswblank(c);
}

int EXPORT __iswcsymf(wint_t c)
{
    return c == '_' || iswalpha(c);
}
int EXPORT __iswcsym(wint_t c)
{
    return c == '_' || iswalnum(c);
}
int EXPORT _iswcsymf_l(wint_t c, crt_locale_t l)
{
    (void)l;
    return __iswcsymf(c);
}
int EXPORT _iswcsym_l(wint_t c, crt_locale_t l)
{
    (void)l;
    return __iswcsym(c);
}

/* By name: classes for iswctype, mappings for towctrans; 0 for an unknown one. */
wctype_t EXPORT wctype(const char *name)
{
    static const struct {
        const char *name;
        wctype_t mask;
    } classes[] = {{"alnum", CT_ALPHA | CT_DIGIT},
                   {"alpha", CT_ALPHA},
                   {"blank", CT_BLANK},
                   {"cntrl", CT_CONTROL},
                   {"digit", CT_DIGIT},
                   {"graph", CT_PUNCT | CT_ALPHA | CT_DIGIT},
                   {"lower", CT_LOWER},
                   {"print", CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT},
                   {"punct", CT_PUNCT},
                   {"space", CT_SPACE},
                   {"upper", CT_UPPER},
                   {"xdigit", CT_HEX}};

    for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
        if (!strcmp(name, classes[i].name)) return classes[i].mask;
    return 0;
}

enum { TO_UPPER = 1, TO_LOWER = 2 };

wctype_t EXPORT wctrans(const char *name)
{
    return !strcmp(name, "toupper") ? TO_UPPER : !strcmp(name, "tolower") ? TO_LOWER : 0;
}

wint_t EXPORT towctrans(wint_t c, wctype_t mapping)
{
    return mapping == TO_UPPER ? towupper(c) : mapping == TO_LOWER ? towlower(c) : c;
}

/* How many of the first N characters come before a NUL. */
size_t EXPORT __wcsncnt(const wchar_t *s, size_t n)
{
    return wcsnlen(s, n);
}
