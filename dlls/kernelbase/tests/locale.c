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

int main(void)
{
    test_compare();
    test_map();
    test_types();
    test_info();
    test_formats();
    return check_summary();
}
