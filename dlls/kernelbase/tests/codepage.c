// Code pages: conversions with their flags and errors, and what can be asked about them.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static void test_utf8(void)
{
    WCHAR wide[16];
    char bytes[16];

    CHECK_EQUAL(MultiByteToWideChar(CP_UTF8, 0, "a\xC3\xA4\xE2\x82\xAC", -1, wide, 16), 4);
    CHECK_EQUAL(wide[1], 0xE4);
    CHECK_EQUAL(wide[2], 0x20AC);
    CHECK_EQUAL(MultiByteToWideChar(CP_UTF8, 0, "\xF0\x9F\x98\x80", 4, wide, 16), 2);
    CHECK_EQUAL(wide[0], 0xD83D);
    CHECK_EQUAL(wide[1], 0xDE00);
    // Malformed: one replacement for each maximal part.
    CHECK_EQUAL(MultiByteToWideChar(CP_UTF8, 0, "\xE2\x82z", 3, wide, 16), 2);
    CHECK_EQUAL(wide[0], 0xFFFD);
    CHECK_EQUAL(wide[1], 'z');
    CHECK_EQUAL(MultiByteToWideChar(CP_UTF8, 0, "\xC0\x80", 2, wide, 16), 2);
    SetLastError(0);
    CHECK_EQUAL(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xFF", 1, wide, 16), 0);
    CHECK_EQUAL(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, L"\x20AC", 1, bytes, 16, NULL, NULL), 3);
    CHECK(!memcmp(bytes, "\xE2\x82\xAC", 3), "euro");
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, L"\xD800", 1, bytes, 16, NULL, NULL), 3);
    CHECK(!memcmp(bytes, "\xEF\xBF\xBD", 3), "lone surrogate");
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, L"\xD800", 1, bytes, 16, NULL, NULL), 0);
    CHECK_EQUAL(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
}

static void test_single_byte(void)
{
    WCHAR wide[16];
    char bytes[16];
    BOOL used = 2;

    CHECK_EQUAL(MultiByteToWideChar(1252, 0, "\x80\xE4", 2, wide, 16), 2);
    CHECK_EQUAL(wide[0], 0x20AC);
    CHECK_EQUAL(wide[1], 0xE4);
    CHECK_EQUAL(MultiByteToWideChar(437, 0, "\x84", 1, wide, 16), 1);
    CHECK_EQUAL(wide[0], 0xE4);
    CHECK_EQUAL(WideCharToMultiByte(1252, 0, L"x\x4E00", 2, bytes, 16, NULL, &used), 2);
    CHECK_EQUAL(bytes[1], '?');
    CHECK_EQUAL(used, TRUE);
    CHECK_EQUAL(WideCharToMultiByte(1252, 0, L"\x4E00", 1, bytes, 16, "*", &used), 1);
    CHECK_EQUAL(bytes[0], '*');
    CHECK_EQUAL(WideCharToMultiByte(1252, 0, L"?\xE4", 2, bytes, 16, NULL, &used), 2);
    CHECK_EQUAL(used, FALSE);
    // Best fit, and without.
    CHECK_EQUAL(WideCharToMultiByte(1252, 0, L"\x0101", 1, bytes, 16, NULL, &used), 1);
    CHECK_EQUAL(bytes[0], 'a');
    CHECK_EQUAL(WideCharToMultiByte(1252, WC_NO_BEST_FIT_CHARS, L"\x0101", 1, bytes, 16, NULL, &used), 1);
    CHECK_EQUAL(bytes[0], '?');
}

// A letter and the mark behind it become the composed letter where the code page has that.
static void test_composed(void)
{
    static const struct {
        DWORD flags;
        const char *wanted;
    } ways[] = {{0, "e\xB4z\xB4"},
                {WC_COMPOSITECHECK, "\xE9z\xB4"},
                {WC_COMPOSITECHECK | WC_SEPCHARS, "\xE9z\xB4"},
                {WC_COMPOSITECHECK | WC_DISCARDNS, "\xE9z"},
                {WC_COMPOSITECHECK | WC_DEFAULTCHAR, "\xE9?"}};
    char bytes[16];
    BOOL used;
    for (unsigned i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        int length = (int)strlen(ways[i].wanted) + 1;
        CHECK_EQUAL(WideCharToMultiByte(1252, ways[i].flags, L"e\x301z\x301", -1, NULL, 0, NULL, NULL),
                    length);
        CHECK_EQUAL(WideCharToMultiByte(1252, ways[i].flags, L"e\x301z\x301", -1, bytes, 16, NULL, &used),
                    length);
        CHECK(!strcmp(bytes, ways[i].wanted), "%lx: %s", ways[i].flags, bytes);
        CHECK_EQUAL(used, i == 4);
    }
    // A default character of NUL is one, too.
    CHECK_EQUAL(
        WideCharToMultiByte(1252, WC_COMPOSITECHECK | WC_DEFAULTCHAR, L"z\x301", 2, bytes, 16, "", &used), 1);
    CHECK(!bytes[0] && used, "a NUL for both");
}

static void test_double_byte(void)
{
    WCHAR wide[16];
    char bytes[16];

    CHECK_EQUAL(MultiByteToWideChar(932, 0,
                                    "\x88\x9F"
                                    "a",
                                    3, wide, 16),
                2);
    CHECK_EQUAL(wide[0], 0x4E9C);
    CHECK_EQUAL(WideCharToMultiByte(932, 0, L"\x4E9C", 1, bytes, 16, NULL, NULL), 2);
    CHECK(!memcmp(bytes, "\x88\x9F", 2), "shift-jis");
    // Bytes without meaning: Japanese has a character of its own for them.
    CHECK_EQUAL(MultiByteToWideChar(932, 0, "\x81\x20\x88", 3, wide, 16), 2);
    CHECK_EQUAL(wide[0], 0x30FB);
    CHECK_EQUAL(wide[1], 0x30FB);
    CHECK_EQUAL(MultiByteToWideChar(932, MB_ERR_INVALID_CHARS, "\x81\x20", 2, wide, 16), 0);
    CHECK_EQUAL(MultiByteToWideChar(932, MB_ERR_INVALID_CHARS, "\x81\x45", 2, wide, 16), 1);
    CHECK_EQUAL(WideCharToMultiByte(932, 0, L"\x30FB\x0E01", 2, bytes, 16, NULL, NULL), 3);
    CHECK(!memcmp(bytes, "\x81\x45?", 3), "the middle dot");
    CHECK_EQUAL(MultiByteToWideChar(936, 0, "\x81", 1, wide, 16), 1);
    CHECK_EQUAL(wide[0], '?');
    CHECK(IsDBCSLeadByteEx(932, 0x88), "lead byte");
    CHECK(!IsDBCSLeadByteEx(932, 'a'), "no lead byte");
}

static void test_arguments(void)
{
    WCHAR wide[4];
    char bytes[4];

    CHECK_EQUAL(MultiByteToWideChar(CP_ACP, 0, "abcdef", 6, wide, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(MultiByteToWideChar(CP_ACP, 0, "abc", 3, NULL, 0), 3);
    CHECK_EQUAL(MultiByteToWideChar(CP_ACP, 0, NULL, 3, wide, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(MultiByteToWideChar(CP_ACP, 0, "abc", 0, wide, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, L"a", 1, bytes, 4, "x", NULL), 1);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF7, 0, L"a", 1, bytes, 4, "x", NULL), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(MultiByteToWideChar(12345, 0, "a", 1, wide, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_information(void)
{
    CPINFO info;
    CPINFOEXW extended;

    CHECK(IsValidCodePage(437) && IsValidCodePage(1252) && IsValidCodePage(CP_UTF8), "valid");
    CHECK(!IsValidCodePage(CP_ACP) && !IsValidCodePage(12345), "invalid");
    CHECK(GetCPInfo(1252, &info), "info");
    CHECK_EQUAL(info.MaxCharSize, 1);
    CHECK_EQUAL(info.DefaultChar[0], '?');
    CHECK(GetCPInfo(932, &info), "info");
    CHECK_EQUAL(info.MaxCharSize, 2);
    CHECK_EQUAL(info.LeadByte[0], 0x81);
    CHECK(GetCPInfo(CP_UTF8, &info), "info");
    CHECK_EQUAL(info.MaxCharSize, 4);
    CHECK(GetCPInfoExW(CP_ACP, 0, &extended), "extended");
    CHECK_EQUAL(extended.CodePage, GetACP());
}

static void test_utf7(void)
{
    WCHAR wide[16];
    char bytes[16];

    CHECK_EQUAL(MultiByteToWideChar(CP_UTF7, 0, "+AOQ-x", 6, wide, 16), 2);
    CHECK_EQUAL(wide[0], 0xE4);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF7, 0, L"\xE4", 1, bytes, 16, NULL, NULL), 5);
    CHECK(!memcmp(bytes, "+AOQ-", 5), "utf-7");
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF7, 0, L"+", 1, bytes, 16, NULL, NULL), 2);
}

// Johab spells syllables by their letters and has the rest of Korean in the order of code page 949.
static void test_johab(void)
{
    static const struct {
        const char *bytes;
        WCHAR wide;
    } pairs[] = {
        {"\x88\x61", 0xAC00}, {"\xD3\xBD", 0xD7A3}, {"\x88\x41", 0x3131}, {"\x84\x61", 0x314F},
        {"\xD9\x31", 0x3000}, {"\xD9\xA1", 0x21D2}, {"\xE0\x31", 0x4F3D}, {"\xF9\xFE", 0x8A70},
    };
    CPINFO info;
    WCHAR wide[4];
    char bytes[4];

    CHECK(GetCPInfo(1361, &info), "info");
    CHECK_EQUAL(info.MaxCharSize, 2);
    for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        CHECK_EQUAL(MultiByteToWideChar(1361, MB_ERR_INVALID_CHARS, pairs[i].bytes, 2, wide, 4), 1);
        CHECK_EQUAL(wide[0], pairs[i].wide);
        CHECK_EQUAL(WideCharToMultiByte(1361, 0, &pairs[i].wide, 1, bytes, 4, NULL, NULL), 2);
        CHECK(!memcmp(bytes, pairs[i].bytes, 2), "pair");
    }
    CHECK_EQUAL(MultiByteToWideChar(1361, MB_ERR_INVALID_CHARS, "\xD8\x31", 2, wide, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_EQUAL(MultiByteToWideChar(936, 0, "\x81\x20", 2, wide, 4), 1); // no character
    CHECK_EQUAL(wide[0], '?');
}

int main(void)
{
    test_utf8();
    test_single_byte();
    test_composed();
    test_double_byte();
    test_arguments();
    test_information();
    test_utf7();
    test_johab();
    return check_summary();
}
