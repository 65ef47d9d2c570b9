/* The names of locales: reading those that programs give to setlocale, making those that it returns. */
#include "msvcrt.h"

static const struct {
    const char *alias, *name;
} languages[] = {
    {"american", "ENU"},
    {"american english", "ENU"},
    {"american-english", "ENU"},
    {"english-american", "ENU"},
    {"english-us", "ENU"},
    {"english-usa", "ENU"},
    {"us", "ENU"},
    {"usa", "ENU"},
    {"english", "ENU"},
    {"australian", "ENA"},
    {"belgian", "NLB"},
    {"canadian", "ENC"},
    {"chinese", "CHS"},
    {"chinese-simplified", "CHS"},
    {"chinese-traditional", "CHT"},
    {"dutch-belgian", "NLB"},
    {"english-aus", "ENA"},
    {"english-can", "ENC"},
    {"english-nz", "ENZ"},
    {"english-uk", "ENG"},
    {"uk", "ENG"},
    {"french-belgian", "FRB"},
    {"french-canadian", "FRC"},
    {"french-swiss", "FRS"},
    {"german-austrian", "DEA"},
    {"german-swiss", "DES"},
    {"italian-swiss", "ITS"},
    {"norwegian", "NOR"},
    {"norwegian-bokmal", "NOR"},
    {"norwegian-nynorsk", "NON"},
    {"portuguese-brazilian", "PTB"},
    {"portuguese-brazil", "PTB"},
    {"spanish-mexican", "ESM"},
    {"spanish-modern", "ESN"},
    {"swiss", "DES"},
};
static const struct {
    const char *alias, *name;
} countries[] = {
    {"america", "USA"},
    {"britain", "GBR"},
    {"china", "CHN"},
    {"czech", "CZE"},
    {"england", "GBR"},
    {"great britain", "GBR"},
    {"holland", "NLD"},
    {"hong-kong", "HKG"},
    {"new-zealand", "NZL"},
    {"nz", "NZL"},
    {"pr china", "CHN"},
    {"pr-china", "CHN"},
    {"puerto-rico", "PRI"},
    {"slovak", "SVK"},
    {"south africa", "ZAF"},
    {"south korea", "KOR"},
    {"south-africa", "ZAF"},
    {"south-korea", "KOR"},
    {"trinidad & tobago", "TTO"},
    {"uk", "GBR"},
    {"united-kingdom", "GBR"},
    {"united-states", "USA"},
    {"us", "USA"},
    {"usa", "USA"},
};

struct name_search {
    char language[64], country[64];
    LCID found;
    int score;
};

static bool info_is(LCID lcid, LCTYPE type, const char *text)
{
    char buffer[128];
    return GetLocaleInfoA(lcid, type | LOCALE_NOUSEROVERRIDE, buffer, sizeof(buffer)) &&
           !_stricmp(buffer, text);
}

/* "Chinese" of "Chinese (Traditional)" */
static bool info_begins(LCID lcid, LCTYPE type, const char *word)
{
    char buffer[128];
    size_t n = strlen(word);
    return n && GetLocaleInfoA(lcid, type | LOCALE_NOUSEROVERRIDE, buffer, sizeof(buffer)) &&
           !_strnicmp(buffer, word, n) && buffer[n] == ' ';
}

/* How well a system locale fits the words searched for; 0: not at all. */
static int score_locale(LCID lcid, const struct name_search *search)
{
    bool language = info_is(lcid, LOCALE_SENGLANGUAGE, search->language) ||
                    (*search->country && info_begins(lcid, LOCALE_SENGLANGUAGE, search->language)) ||
                    info_is(lcid, LOCALE_SABBREVLANGNAME, search->language);
    bool iso = info_is(lcid, LOCALE_SISO639LANGNAME, search->language);

    if (!language && !iso && *search->language) return 0;
    if (!*search->country)
        return info_is(lcid, LOCALE_SABBREVLANGNAME, search->language) ? 4
               : SUBLANGID(LANGIDFROMLCID(lcid)) == SUBLANG_DEFAULT    ? 3
                                                                       : 1;
    if (info_is(lcid, LOCALE_SENGCOUNTRY, search->country) ||
        info_is(lcid, LOCALE_SABBREVCTRYNAME, search->country) ||
        info_is(lcid, LOCALE_SISO3166CTRYNAME, search->country))
        return 4;
    return 0;
}

static struct name_search *enumeration; /* under LOCK_LOCALE: EnumSystemLocales passes nothing through */

static BOOL CALLBACK consider_locale(char *text)
{
    LCID lcid = 0;
    int score;

    for (; *text; text++) lcid = lcid * 16 + (*text <= '9' ? *text - '0' : (*text & 0xDF) - 'A' + 10);
    score = score_locale(lcid, enumeration);
    if (score > enumeration->score) {
        enumeration->score = score;
        enumeration->found = lcid;
    }
    return enumeration->score < 4;
}

static LCID search_locale(struct name_search *search)
{
    LCID user = GetUserDefaultLCID();

    for (size_t i = 0; i < ARRAY_SIZE(languages); i++)
        if (!_stricmp(search->language, languages[i].alias) &&
            !(*search->country && !_strnicmp(languages[i].name, "CH", 2)))
            strcpy(search->language, languages[i].name);
    for (size_t i = 0; i < ARRAY_SIZE(countries); i++)
        if (!_stricmp(search->country, countries[i].alias)) strcpy(search->country, countries[i].name);
    /* What nearly always is asked for needs no walk through all locales. */
    if (score_locale(0x409, search) == 4) return 0x409;
    if (score_locale(user, search) == 4) return user;
    enumeration = search;
    EnumSystemLocalesA(consider_locale, LCID_INSTALLED);
    return search->found;
}

/* "en-US", the system's names, which the Universal CRT takes too, also with "_"; what follows a dot isn't
 * looked at. */
static LCID system_locale(const char *name)
{
    wchar_t wide[LOCALE_NAME_MAX_LENGTH];
    size_t n;
    LCID lcid;

    for (n = 0; name[n] && name[n] != '.' && n + 1 < ARRAY_SIZE(wide); n++)
        wide[n] = name[n] == '_' ? '-' : (unsigned char)name[n];
    wide[n] = 0;
    if (n < 4 || !(name[2] == '-' || name[2] == '_' || name[3] == '-' || name[3] == '_')) return 0;
    lcid = LocaleNameToLCID(wide, 0);
    return lcid == LOCALE_CUSTOM_UNSPECIFIED ? 0 : lcid;
}

static bool is_utf8(const char *codepage)
{
    return !_stricmp(codepage, "utf8") || !_stricmp(codepage, "utf-8") || !strcmp(codepage, "65001");
}

bool locale_parse_name(const char *name, LCID *lcid, UINT *codepage)
{
    struct name_search search = {0};
    const char *dot = strchr(name, '.'), *bar = strchr(name, '_');
    char digits[8];
    size_t n;

    *codepage = 0;
    if (bar && dot && bar > dot) bar = NULL;
    if (!*name) {
        *lcid = GetUserDefaultLCID();
    } else if (name == dot) {
        *lcid = GetUserDefaultLCID();
    } else if (crt_profile.version < 140 || !(*lcid = system_locale(name))) {
        n = (bar ? bar : dot ? dot : name + strlen(name)) - name;
        if (n >= sizeof(search.language)) return false;
        memcpy(search.language, name, n);
        if (bar) {
            n = (dot ? dot : bar + strlen(bar)) - bar - 1;
            if (n >= sizeof(search.country)) return false;
            memcpy(search.country, bar + 1, n);
        }
        *lcid = search_locale(&search);
        if (!*lcid) return false;
    }
    if (dot && is_utf8(dot + 1)) {
        *codepage = CP_UTF8;
        return crt_profile.version >= 140;
    }
    if (dot && !_stricmp(dot + 1, "ACP")) dot = NULL;
    if (dot && !_stricmp(dot + 1, "OCP")) {
        if (GetLocaleInfoA(*lcid, LOCALE_IDEFAULTCODEPAGE | LOCALE_NOUSEROVERRIDE, digits, sizeof(digits)))
            for (char *p = digits; *p; p++) *codepage = *codepage * 10 + (*p - '0');
    } else if (dot) {
        for (const char *p = dot + 1; *p >= '0' && *p <= '9'; p++) *codepage = *codepage * 10 + (*p - '0');
        if (!*codepage) return false;
    } else if (GetLocaleInfoA(*lcid, LOCALE_IDEFAULTANSICODEPAGE | LOCALE_NOUSEROVERRIDE, digits,
                              sizeof(digits))) {
        for (char *p = digits; *p; p++) *codepage = *codepage * 10 + (*p - '0');
    }
    if (!*codepage) *codepage = GetACP();
    return *codepage != CP_UTF7 && *codepage != CP_UTF8 && IsValidCodePage(*codepage);
}

char *locale_make_name(const char *asked, LCID lcid, UINT codepage)
{
    char language[64], country[64], *name, *p, digits[8], *d = digits + sizeof(digits);

    if (crt_profile.version >= 140 && system_locale(asked)) return _strdup(asked);
    if (!GetLocaleInfoA(lcid, LOCALE_SENGLANGUAGE | LOCALE_NOUSEROVERRIDE, language, sizeof(language)))
        return NULL;
    if (!GetLocaleInfoA(lcid, LOCALE_SENGCOUNTRY | LOCALE_NOUSEROVERRIDE, country, sizeof(country)))
        *country = 0;
    /* The runtime keeps older spellings than the system. */
    if (!strcmp(language, "Norwegian Nynorsk")) language[9] = '-';
    if (!strcmp(language, "Chinese") && LANGIDFROMLCID(lcid) == 0x804)
        strcpy(language, "Chinese (Simplified)");
    if (!strcmp(language, "Chinese") && LANGIDFROMLCID(lcid) == 0x404)
        strcpy(language, "Chinese (Traditional)");
    if (!strcmp(country, "South Korea")) strcpy(country, "Korea");
    name = malloc(strlen(language) + strlen(country) + 12);
    if (!name) return NULL;
    p = name;
    strcpy(p, language);
    if (*country) strcat(strcat(p, "_"), country);
    if (codepage == CP_UTF8) {
        strcat(p, ".utf8");
    } else if (codepage) {
        strcat(p, ".");
        *--d = 0;
        for (; codepage; codepage /= 10) *--d = '0' + codepage % 10;
        strcat(p, d);
    }
    return name;
}
