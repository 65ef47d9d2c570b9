// Linguistic sorting: comparison and sort keys.
#include "tests/check.h"

#include <windows.h>
#include <string.h>

static int compare(const WCHAR *locale, DWORD flags, const WCHAR *first, const WCHAR *second)
{
    return CompareStringEx(locale, flags, first, -1, second, -1, NULL, NULL, 0) - CSTR_EQUAL;
}

// Both ways of comparing say the same.
static int sign_of_keys(const WCHAR *locale, DWORD flags, const WCHAR *first, const WCHAR *second)
{
    BYTE a[400], b[400];
    int n = LCMapStringEx(locale, LCMAP_SORTKEY | flags, first, -1, (WCHAR *)a, sizeof(a), NULL, NULL, 0);
    int m = LCMapStringEx(locale, LCMAP_SORTKEY | flags, second, -1, (WCHAR *)b, sizeof(b), NULL, NULL, 0);
    int result = memcmp(a, b, (size_t)(n < m ? n : m));
    return (result > 0) - (result < 0);
}

static const struct {
    const WCHAR *locale;
    DWORD flags;
    const WCHAR *first, *second;
    int result;
} comparisons[] = {
    // Letters before accents before case.
    {L"en-US", 0, L"a", L"A", -1},
    {L"en-US", 0, L"Ab", L"ac", -1},
    {L"en-US", 0,
     L"\x00E1"
     L"b",
     L"ac", -1},
    {L"en-US", 0, L"resum\x00E9", L"Resume", 1},
    {L"en-US", NORM_IGNORECASE,
     L"stra\x00DF"
     L"e",
     L"STRASSE", 0},
    {L"en-US", NORM_IGNORENONSPACE, L"\x00E9", L"e", 0},
    {L"en-US", LINGUISTIC_IGNOREDIACRITIC, L"\x00E9", L"e", 0},
    {L"en-US", 0, L"A\x030A", L"\x00C5", 0},
    // Hyphens and apostrophes decide last, and earlier ones first.
    {L"en-US", 0, L"coop", L"co-op", -1},
    {L"en-US", 0, L"co-op", L"coops", -1},
    {L"en-US", 0, L"a-bc", L"ab-c", -1},
    {L"en-US", SORT_STRINGSORT, L"co-op", L"coop", -1},
    {L"en-US", NORM_IGNORESYMBOLS, L"a, b", L"ab", 0},
    {L"en-US", 0, L"!", L"0", -1},
    {L"en-US", 0, L"9", L"a", -1},
    // Numbers.
    {L"en-US", 0, L"file10", L"file9", -1},
    {L"en-US", SORT_DIGITSASNUMBERS, L"file10", L"file9", 1},
    {L"en-US", SORT_DIGITSASNUMBERS, L"file10", L"file10a", -1},
    {L"en-US", SORT_DIGITSASNUMBERS, L"007", L"8", -1},
    // Kana: hiragana after katakana, small before full size, half width before full.
    {L"ja-JP", 0, L"\x30A2", L"\x3042", -1},
    {L"ja-JP", NORM_IGNOREKANATYPE, L"\x30A2", L"\x3042", 0},
    {L"ja-JP", NORM_IGNOREWIDTH, L"\xFF76\xFF9E", L"\x30AC", 0},
    {L"ja-JP", 0, L"\x30AB\x30FC", L"\x30AB\x30A2", -1},
    {L"ja-JP", NORM_IGNORENONSPACE, L"\x30AB\x30FC", L"\x30AB\x30A2", 0},
    // Languages.
    {L"en-US", 0, L"\x00E4", L"b", -1},
    {L"sv-SE", 0, L"\x00E4", L"z", 1},
    {L"sv-SE", 0, L"\x00E5", L"\x00E4", -1},
    {L"sv-SE", 0, L"a\x030A", L"\x00E5", 0},
    {L"de-DE", 0, L"\x00E4", L"ad", -1},
    {L"de-DE_phoneb", 0, L"\x00E4", L"ad", 1},
    {L"cs-CZ", 0, L"ch", L"h", 1},
    {L"cs-CZ", 0, L"ch", L"i", -1},
    {L"en-US", 0, L"ch", L"h", -1},
    {L"da-DK", 0, L"aa", L"z", 1},
    {L"pl-PL", 0, L"\x0105", L"b", -1},
    {L"pl-PL", 0, L"\x0105z", L"az", 1},
    {L"fr-FR", 0, L"cot\x00E9", L"c\x00F4te", 1},
    {L"en-US", 0, L"cot\x00E9", L"c\x00F4te", -1},
    {L"tr-TR", NORM_IGNORECASE, L"i", L"I", 0},
    {L"tr-TR", NORM_IGNORECASE | NORM_LINGUISTIC_CASING, L"i", L"I", 1},
    {L"tr-TR", NORM_IGNORECASE | NORM_LINGUISTIC_CASING, L"i", L"\x0130", 0},
    {L"ja-JP", 0, L"\x529B", L"\x733F", 1},  // code page 932's order, not Unicode's
    {L"zh-TW", 0, L"\x7F8A", L"\x6C69", -1}, // six strokes, seven
};

static void test_comparisons(void)
{
    for (unsigned i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        int result =
            compare(comparisons[i].locale, comparisons[i].flags, comparisons[i].first, comparisons[i].second);
        int reverse =
            compare(comparisons[i].locale, comparisons[i].flags, comparisons[i].second, comparisons[i].first);
        int keys = sign_of_keys(comparisons[i].locale, comparisons[i].flags, comparisons[i].first,
                                comparisons[i].second);
        CHECK(result == comparisons[i].result);
        CHECK(reverse == -comparisons[i].result);
        CHECK(keys == comparisons[i].result);
    }
}

static void check_key(const WCHAR *text, const char *key, int length)
{
    BYTE buffer[100];
    int n = LCMapStringEx(L"en-US", LCMAP_SORTKEY, text, -1, (WCHAR *)buffer, sizeof(buffer), NULL, NULL, 0);
    CHECK(n == length);
    CHECK(!memcmp(buffer, key, (size_t)length));
    CHECK(LCMapStringEx(L"en-US", LCMAP_SORTKEY, text, -1, NULL, 0, NULL, NULL, 0) == length);
}

static void test_keys(void)
{
    check_key(L"", "\1\1\1\1", 5);
    check_key(L"a", "\x0E\x02\1\1\1\1", 7);
    check_key(L"A", "\x0E\x02\1\1\x12\1\1", 8);
    check_key(L"ak\x03B1", "\x0E\x02\x0E\x36\x0F\x02\1\1\1\1", 11);
    check_key(L"\x00E9", "\x0E\x21\1\x0E\1\1\1", 8);

    BYTE buffer[8];
    memset(buffer, 0xCC, sizeof(buffer));
    SetLastError(0);
    CHECK(!LCMapStringEx(L"en-US", LCMAP_SORTKEY, L"ab", -1, (WCHAR *)buffer, 6, NULL, NULL, 0));
    CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    CHECK(buffer[4] == 1 && buffer[5] == 1 && buffer[6] == 0xCC); // whole levels, as far as they go
}

static void test_find(void)
{
    int found = 0;
    CHECK(FindNLSStringEx(L"en-US", FIND_FROMSTART | NORM_IGNORECASE, L"one TWO", -1, L"two", -1, &found,
                          NULL, NULL, 0) == 4);
    CHECK(found == 3);
    CHECK(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"xe\x0301y", -1, L"\x00E9", -1, &found, NULL, NULL, 0) ==
          1);
    CHECK(found == 2);
    CHECK(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"xe\x0301y", -1, L"e", -1, NULL, NULL, NULL, 0) == -1);
    CHECK(FindNLSStringEx(L"en-US", FIND_ENDSWITH, L"abcabc", -1, L"abc", -1, NULL, NULL, NULL, 0) == 3);
    SetLastError(0);
    CHECK(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"abc", -5, L"abc", -1, NULL, NULL, NULL, 0) == -1);
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
}

static void test_code_page_of_locale(void)
{
    // 0xB9 is a letter of Polish in its code page, and a raised digit in the western one.
    LCID polish = MAKELCID(MAKELANGID(LANG_POLISH, SUBLANG_DEFAULT), SORT_DEFAULT);
    CHECK(CompareStringA(polish, 0, "a", 1, "\xB9", 1) == CSTR_LESS_THAN);
    CHECK(CompareStringA(polish, 0, "\xB9", 1, "b", 1) == CSTR_LESS_THAN);
    SetLastError(0);
    CHECK(!CompareStringA(polish, SORT_DIGITSASNUMBERS, "a", 1, "b", 1));
    CHECK(GetLastError() == ERROR_INVALID_FLAGS);
}

int main(void)
{
    test_comparisons();
    test_keys();
    test_find();
    test_code_page_of_locale();
    return check_summary();
}
