// Locales, comparison, mapping, character types, and dates and numbers as text.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

#define ENGLISH MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT)

static int compare(const WCHAR *a, const WCHAR *b, DWORD flags)
{
    return CompareStringW(ENGLISH, flags, a, -1, b, -1) - CSTR_EQUAL;
}

static void test_compare(void)
{
    CHECK_EQUAL(compare(L"abc", L"abc", 0), 0);
    CHECK_EQUAL(compare(L"abc", L"abd", 0), -1);
    CHECK_EQUAL(compare(L"abc", L"ABC", 0), -1);
    CHECK_EQUAL(compare(L"abc", L"ABC", NORM_IGNORECASE), 0);
    CHECK_EQUAL(compare(L"abc", L"ABD", 0), -1);
    CHECK_EQUAL(compare(L"a", L"ab", 0), -1);
    CHECK_EQUAL(compare(L"9", L"a", 0), -1);
    CHECK_EQUAL(compare(L"_", L"1", 0), -1);
    CHECK_EQUAL(compare(L"a", L"\xE4", 0), -1);
    CHECK_EQUAL(compare(L"\xE4", L"b", 0), -1);
    CHECK_EQUAL(compare(L"a", L"\xE4", NORM_IGNORENONSPACE), 0);
    CHECK_EQUAL(compare(L"co-op", L"coop", 0), 1);
    CHECK_EQUAL(compare(L"co-op", L"cooq", 0), -1);
    CHECK_EQUAL(compare(L"\xC4", L"\xE4", NORM_IGNORECASE), 0);
    CHECK_EQUAL(CompareStringW(ENGLISH, 0x08000000 >> 1 | 0xFF0000, L"a", 1, L"b", 1), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK_EQUAL(CompareStringOrdinal(L"a", -1, L"B", -1, FALSE), CSTR_GREATER_THAN);
    CHECK_EQUAL(CompareStringOrdinal(L"a", -1, L"B", -1, TRUE), CSTR_LESS_THAN);
    CHECK_EQUAL(lstrcmpiA("Hello", "hELLO"), 0);
    CHECK_EQUAL(lstrcmpA("a", NULL), 1);
}

static void test_map(void)
{
    WCHAR buffer[16];
    char key_a[64], key_b[64];

    CHECK_EQUAL(LCMapStringW(ENGLISH, LCMAP_UPPERCASE, L"a\xE4z", -1, buffer, 16), 4);
    CHECK(!memcmp(buffer, L"A\xC4Z", 8), "upper");
    CHECK_EQUAL(LCMapStringW(ENGLISH, LCMAP_LOWERCASE, L"ABC", 3, buffer, 2), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(LCMapStringW(ENGLISH, LCMAP_LOWERCASE, L"ABC", 3, NULL, 0), 3);
    CHECK(LCMapStringW(ENGLISH, LCMAP_SORTKEY, L"abc", -1, (WCHAR *)key_a, 64) > 0, "key");
    CHECK(LCMapStringW(ENGLISH, LCMAP_SORTKEY, L"ABD", -1, (WCHAR *)key_b, 64) > 0, "key");
    CHECK(strcmp(key_a, key_b) < 0, "keys sort");
}

static void test_types(void)
{
    WORD types[4];

    CHECK(GetStringTypeW(CT_CTYPE1, L"a1 \xE4", 4, types), "types");
    CHECK_EQUAL(types[0], C1_LOWER | C1_ALPHA | C1_XDIGIT | C1_DEFINED);
    CHECK_EQUAL(types[1], C1_DIGIT | C1_XDIGIT | C1_DEFINED);
    CHECK_EQUAL(types[2], C1_SPACE | C1_BLANK | C1_DEFINED);
    CHECK_EQUAL(types[3], C1_LOWER | C1_ALPHA | C1_DEFINED);
    CHECK(GetStringTypeW(CT_CTYPE2, L"a1", 2, types), "types");
    CHECK_EQUAL(types[0], C2_LEFTTORIGHT);
    CHECK_EQUAL(types[1], C2_EUROPENUMBER);
    CHECK(!GetStringTypeW(9, L"a", 1, types), "no such type");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void check_info(LCTYPE type, const WCHAR *wanted)
{
    WCHAR buffer[80] = L"";
    int length = GetLocaleInfoW(ENGLISH, type, buffer, 80);
    CHECK(length == lstrlenW(wanted) + 1 && !lstrcmpW(buffer, wanted), "type %lx: %ls", type, buffer);
}

static void test_info(void)
{
    DWORD number = 0;
    char ansi[8];

    check_info(LOCALE_SNAME, L"en-US");
    check_info(LOCALE_SENGLISHLANGUAGENAME, L"English");
    check_info(LOCALE_SABBREVLANGNAME, L"ENU");
    check_info(LOCALE_SDECIMAL, L".");
    check_info(LOCALE_STHOUSAND, L",");
    check_info(LOCALE_SGROUPING, L"3;0");
    check_info(LOCALE_SCURRENCY, L"$");
    check_info(LOCALE_SDAYNAME1, L"Monday");
    check_info(LOCALE_SABBREVDAYNAME7, L"Sun");
    check_info(LOCALE_SMONTHNAME12, L"December");
    check_info(LOCALE_SSHORTDATE, L"M/d/yyyy");
    check_info(LOCALE_SLONGDATE, L"dddd, MMMM d, yyyy");
    check_info(LOCALE_STIMEFORMAT, L"h:mm:ss tt");
    check_info(LOCALE_IDEFAULTANSICODEPAGE, L"1252");
    check_info(LOCALE_IDEFAULTCODEPAGE, L"437");
    check_info(LOCALE_ILANGUAGE, L"0409");
    check_info(LOCALE_IDATE, L"0");
    check_info(LOCALE_S1159, L"AM");
    CHECK_EQUAL(
        GetLocaleInfoW(ENGLISH, LOCALE_IDEFAULTANSICODEPAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&number, 2), 2);
    CHECK_EQUAL(number, 1252);
    CHECK_EQUAL(GetLocaleInfoA(ENGLISH, LOCALE_SDECIMAL, ansi, 8), 2);
    CHECK_EQUAL(GetLocaleInfoW(ENGLISH, LOCALE_SDAYNAME1, NULL, 0), 7);
    CHECK_EQUAL(GetLocaleInfoW(0xABCD, LOCALE_SDECIMAL, NULL, 0), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(IsValidLocale(ENGLISH, LCID_INSTALLED), "valid");
    CHECK(!IsValidLocale(0xABCD, LCID_INSTALLED), "invalid");
}

static void test_formats(void)
{
    SYSTEMTIME time = {.wYear = 2002, .wMonth = 5, .wDay = 4, .wHour = 15, .wMinute = 4, .wSecond = 9};
    WCHAR buffer[80];
    char ansi[80];
    NUMBERFMTW format = {1, 0, 3, L",", L".", 0};

    GetDateFormatW(ENGLISH, 0, &time, NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"5/4/2002"), "%ls", buffer);
    GetDateFormatW(ENGLISH, DATE_LONGDATE, &time, NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"Saturday, May 4, 2002"), "%ls", buffer);
    GetDateFormatW(ENGLISH, 0, &time, L"yy'a''b'MM-ddd", buffer, 80);
    CHECK(!lstrcmpW(buffer, L"02a'b05-Sat"), "%ls", buffer);
    GetTimeFormatW(ENGLISH, 0, &time, NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"3:04:09 PM"), "%ls", buffer);
    GetTimeFormatW(ENGLISH, TIME_NOSECONDS, &time, NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"3:04 PM"), "%ls", buffer);
    GetTimeFormatW(ENGLISH, 0, &time, L"HH'h'mm t", buffer, 80);
    CHECK(!lstrcmpW(buffer, L"15h04 P"), "%ls", buffer);
    CHECK_EQUAL(GetDateFormatA(ENGLISH, 0, &time, "yyyy", ansi, 80), 5);
    CHECK_EQUAL(GetDateFormatW(ENGLISH, 0, &time, L"yyyy", buffer, 2), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    time.wMonth = 13;
    CHECK_EQUAL(GetDateFormatW(ENGLISH, 0, &time, NULL, buffer, 80), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    GetNumberFormatW(ENGLISH, 0, L"-1234567.895", NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"-1,234,567.90"), "%ls", buffer);
    GetNumberFormatW(ENGLISH, 0, L"-0.04", &format, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"(,0)"), "%ls", buffer);
    GetNumberFormatW(ENGLISH, 0, L"-1999.96", &format, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"(2.000,0)"), "%ls", buffer);
    GetCurrencyFormatW(ENGLISH, 0, L"1234.5", NULL, buffer, 80);
    CHECK(!lstrcmpW(buffer, L"$1,234.50"), "%ls", buffer);
}

static void check_map(DWORD flags, const WCHAR *text, const WCHAR *wanted)
{
    WCHAR buffer[16];
    CHECK_EQUAL(LCMapStringW(ENGLISH, flags, text, -1, buffer, 16), lstrlenW(wanted) + 1);
    CHECK(!lstrcmpW(buffer, wanted), "flags %lx: %ls", flags, buffer);
    CHECK_EQUAL(LCMapStringW(ENGLISH, flags, text, -1, NULL, 0), lstrlenW(wanted) + 1);
}

static void test_forms(void)
{
    const DWORD invalid[] = {0, LCMAP_LOWERCASE | SORT_STRINGSORT, LCMAP_UPPERCASE | NORM_IGNORESYMBOLS,
                             LCMAP_HIRAGANA | LCMAP_KATAKANA, LCMAP_FULLWIDTH | LCMAP_SIMPLIFIED_CHINESE};
    WCHAR buffer[4];

    // A voiced syllable is two half-width characters.
    check_map(LCMAP_HALFWIDTH, L"\x30AC\x30D1\x30F4", L"\xFF76\xFF9E\xFF8A\xFF9F\xFF73\xFF9E");
    check_map(LCMAP_FULLWIDTH,
              L"\xFF76\xFF9E\xFF8A\xFF9F\xFF73\xFF9E"
              L"a",
              L"\x30AC\x30D1\x30F4\xFF41");
    check_map(LCMAP_FULLWIDTH | LCMAP_HIRAGANA, L"\xFF76\xFF9E", L"\x304C");
    check_map(LCMAP_HALFWIDTH | LCMAP_KATAKANA, L"\x304C", L"\xFF76\xFF9E");
    check_map(LCMAP_HIRAGANA, L"\x30A4\x30FD", L"\x3044\x309D");
    check_map(NORM_IGNORENONSPACE, L"\xE0\xE7 \xF6!", L"ac o!");
    CHECK(!LCMapStringW(ENGLISH, LCMAP_HALFWIDTH, L"\x30AC", 1, buffer, 1), "no room for two");
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    for (unsigned i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        SetLastError(0);
        CHECK(!LCMapStringW(ENGLISH, invalid[i], L"a", -1, buffer, 4), "flags %lx", invalid[i]);
        CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    }
}

// Months beside a day's number stand in the genitive where a language has one.
static void test_genitive(void)
{
    const LCID russian = 0x0419;
    const SYSTEMTIME may = {.wYear = 2002, .wMonth = 5, .wDay = 4};
    WCHAR nominative[32], genitive[32], buffer[64], wanted[64];

    GetDateFormatW(russian, 0, &may, L"MMMM", nominative, 32);
    CHECK(GetLocaleInfoW(russian, LOCALE_SMONTHNAME5 | LOCALE_RETURN_GENITIVE_NAMES, genitive, 32),
          "genitive");
    CHECK(lstrcmpW(nominative, genitive), "two forms");
    GetDateFormatW(russian, 0, &may, L"dd MMMM", buffer, 64);
    wsprintfW(wanted, L"04 %s", genitive);
    CHECK(!lstrcmpW(buffer, wanted), "%ls", buffer);
    GetDateFormatW(russian, 0, &may, L"MMMM yyyy dd", buffer, 64);
    wsprintfW(wanted, L"%s 2002 04", nominative);
    CHECK(!lstrcmpW(buffer, wanted), "%ls", buffer);
    CHECK(!GetDateFormatW(ENGLISH, LOCALE_NOUSEROVERRIDE, &may, L"d", buffer, 64), "a picture and a flag");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
}

static void test_pictures(void)
{
    const SYSTEMTIME time = {.wHour = 8, .wMinute = 56, .wSecond = 13};
    NUMBERFMTW format = {1, 1, 2003, L".", L",", 1};
    WCHAR buffer[64];

    GetTimeFormatW(ENGLISH, TIME_NOSECONDS, &time, L"h.@:m.@:s.@:tt", buffer, 64);
    CHECK(!lstrcmpW(buffer, L"8.@:56AM"), "%ls", buffer);
    CHECK_EQUAL(GetTimeFormatW(ENGLISH, TIME_NOSECONDS, &time, L"s1s2s3", buffer, 64), 1);
    GetTimeFormatW(ENGLISH, TIME_NOTIMEMARKER, &time, L"h1t2tt3m", buffer, 64);
    CHECK(!lstrcmpW(buffer, L"856"), "%ls", buffer);
    GetNumberFormatW(ENGLISH, 0, L"123456789", &format, buffer, 64);
    CHECK(!lstrcmpW(buffer, L"1,234,567,,,89.0"), "%ls", buffer);
}

// A language without a region, a sort order, and what both mean.
static void test_names(void)
{
    WCHAR text[LOCALE_NAME_MAX_LENGTH];

    CHECK_EQUAL(LocaleNameToLCID(L"zh-Hant", 0), 0x0C04);
    CHECK_EQUAL(LocaleNameToLCID(L"zh-Hant", LOCALE_ALLOW_NEUTRAL_NAMES), 0x7C04);
    CHECK_EQUAL(LocaleNameToLCID(L"DE_de-PHONEB", 0), 0x10407);
    CHECK(LCIDToLocaleName(0x10407, text, LOCALE_NAME_MAX_LENGTH, 0) && !lstrcmpW(text, L"de-DE_phoneb"),
          "%ls", text);
    CHECK(GetLocaleInfoEx(L"en", LOCALE_SNAME, text, LOCALE_NAME_MAX_LENGTH) == 3, "%ls", text);
    CHECK_EQUAL(GetLocaleInfoEx(L"en", LOCALE_SPARENT, text, LOCALE_NAME_MAX_LENGTH), 1);
    CHECK(ResolveLocaleName(L"fr-CH_XX", text, LOCALE_NAME_MAX_LENGTH) && !lstrcmpW(text, L"fr-CH"), "%ls",
          text);
    CHECK(!ResolveLocaleName(L"en-US", text, 4) && !lstrcmpW(text, L"en-"), "what fits: %ls", text);
    CHECK(!ResolveLocaleName(L"zz+XX", text, LOCALE_NAME_MAX_LENGTH), "no name");
    CHECK_EQUAL(ConvertDefaultLocale(0x7804), 0x0804);
    CHECK_EQUAL(ConvertDefaultLocale(0x10411), 0x10411);
    CHECK(!IsValidLocale(LOCALE_USER_DEFAULT, 0) && IsValidLocale(LOCALE_INVARIANT, 0), "valid");
}

static void test_settings(void)
{
    WCHAR text[32], before[32];

    GetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_STHOUSAND, before, 32);
    CHECK(SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_STHOUSAND, L"~"), "set: %lu", GetLastError());
    CHECK(GetNumberFormatW(LOCALE_USER_DEFAULT, 0, L"1234", NULL, text, 32) && text[1] == '~', "%ls", text);
    GetNumberFormatW(LOCALE_USER_DEFAULT, LOCALE_NOUSEROVERRIDE, L"1234", NULL, text, 32);
    CHECK(text[1] != '~', "%ls", text);
    CHECK(SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_STHOUSAND, before), "set back");
    CHECK(!SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_SDAYNAME1, L"x"), "a day's name");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK(!SetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_STHOUSAND, NULL), "no text");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_folding(void)
{
    static const WCHAR digits[] = {0x0661, 0xD801, 0xDCA7,
                                   0x00B2, 'x',    0}; // Arabic 1, Osmanya 7, superscript 2
    WCHAR text[16];

    CHECK_EQUAL(FoldStringW(MAP_FOLDDIGITS, digits, -1, text, 16), 5);
    CHECK(!lstrcmpW(text, L"172x"), "%ls", text);
    CHECK_EQUAL(FoldStringW(MAP_EXPAND_LIGATURES, L"\x00C6\xFB03", -1, NULL, 0), 6);
    CHECK_EQUAL(FoldStringW(MAP_COMPOSITE, L"\x1E69", -1, text, 16), 4); // s, dot below, dot above
    CHECK(text[0] == 's' && text[1] == 0x323 && text[2] == 0x307, "decomposed");
    CHECK_EQUAL(FoldStringW(MAP_PRECOMPOSED, L"s\x0323\x0307", -1, text, 16), 2);
    CHECK_EQUAL(text[0], 0x1E69);
    CHECK(!FoldStringW(MAP_COMPOSITE | MAP_PRECOMPOSED, L"a", -1, text, 16), "both");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    LCMapStringEx(L"tr-TR", LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING, L"i", 1, text, 16, NULL, NULL, 0);
    CHECK_EQUAL(text[0], 0x0130);
    LCMapStringEx(L"tr-TR", LCMAP_UPPERCASE, L"i", 1, text, 16, NULL, NULL, 0);
    CHECK_EQUAL(text[0], 'I');
}

static void test_calendars(void)
{
    DWORD year = 0, before = 0;
    char text[8] = "", old[8];

    CHECK(GetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX, old, sizeof(old), NULL),
          "text");
    CHECK(SetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX, "2599"), "set");
    CHECK(GetCalendarInfoW(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX | CAL_RETURN_NUMBER, NULL, 0,
                           &year) &&
              year == 2599,
          "year %lu", year);
    CHECK(GetCalendarInfoW(LOCALE_USER_DEFAULT, CAL_THAI,
                           CAL_ITWODIGITYEARMAX | CAL_RETURN_NUMBER | CAL_NOUSEROVERRIDE, NULL, 0, &before) &&
              before == 2572,
          "without the user's: %lu", before);
    CHECK(SetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX, old), "back");
    CHECK(GetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX, text, sizeof(text), NULL) &&
              !strcmp(text, old),
          "%s", text);
    CHECK(!SetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_SCALNAME, "x"), "another type");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK(!SetCalendarInfoA(LOCALE_USER_DEFAULT, CAL_THAI, CAL_ITWODIGITYEARMAX, "98"), "no such year");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

// What differs between locales beside names and patterns.
static void test_facts(void)
{
    static const struct {
        const WCHAR *locale;
        LCTYPE type;
        const WCHAR *wanted;
    } facts[] = {{L"ja-JP", LOCALE_ICURRDIGITS, L"0"},
                 {L"ar-KW", LOCALE_ICURRDIGITS, L"3"},
                 {L"en-US", LOCALE_ICURRDIGITS, L"2"},
                 {L"", LOCALE_ICURRDIGITS, L"2"},
                 {L"he-IL", LOCALE_IREADINGLAYOUT, L"1"},
                 {L"ja-JP", LOCALE_IREADINGLAYOUT, L"2"},
                 {L"de-DE", LOCALE_IREADINGLAYOUT, L"0"},
                 {L"de-DE", LOCALE_SCONSOLEFALLBACKNAME, L"de-DE"},
                 {L"th-TH", LOCALE_SCONSOLEFALLBACKNAME, L"en-US"},
                 {L"de-DE", LOCALE_IDEFAULTCOUNTRY, L"49"},
                 {L"en-US", LOCALE_IPOSITIVEPERCENT, L"1"},
                 {L"de-DE", LOCALE_INEGATIVEPERCENT, L"0"}};
    SYSTEMTIME day = {.wYear = 2021, .wMonth = 3, .wDay = 7};
    WCHAR text[32];
    for (unsigned i = 0; i < sizeof(facts) / sizeof(*facts); i++)
        CHECK(GetLocaleInfoEx(facts[i].locale, facts[i].type, text, 32) && !wcscmp(text, facts[i].wanted),
              "%u: %ls", i, text);
    CHECK(GetDateFormatEx(L"de-DE", 0, &day, L"yyyy gg", text, 32, NULL) && !wcscmp(text, L"2021 n. Chr."),
          "%ls", text);
    CHECK(GetCalendarInfoEx(L"en-GB", CAL_GREGORIAN, NULL, CAL_SERASTRING, text, 32, NULL) &&
              !wcscmp(text, L"A.D."),
          "%ls", text);
    memset(text, '#', sizeof(text));
    CHECK(VerLanguageNameW(0x409, text, 5) > 5 && !wcscmp(text, L"Engl"), "as much as fits: %ls", text);
    char bytes[8] = "#######";
    CHECK(VerLanguageNameA(0x409, bytes, 5) > 5 && !strcmp(bytes, "Engl"), "as much as fits: %s", bytes);
}

int main(void)
{
    test_facts();
    test_compare();
    test_map();
    test_types();
    test_info();
    test_formats();
    test_forms();
    test_genitive();
    test_pictures();
    test_names();
    test_settings();
    test_folding();
    test_calendars();
    return check_summary();
}
