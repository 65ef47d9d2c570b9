// Normalization forms and internationalized domain names.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

typedef int(WINAPI *normalize_function)(int form, const WCHAR *source, int length, WCHAR *target, int size);
typedef BOOL(WINAPI *is_normalized_function)(int form, const WCHAR *text, int length);
typedef int(WINAPI *idn_function)(DWORD flags, const WCHAR *name, int length, WCHAR *buffer, int size);

static normalize_function normalize;
static is_normalized_function is_normalized;

static const int forms[] = {1, 2, 5, 6}; // C, D, KC, KD

static const struct {
    const WCHAR *text;
    const WCHAR *expected[4];
} texts[] = {
    {L"plain", {L"plain", L"plain", L"plain", L"plain"}},
    {L"\x00C5", {L"\x00C5", L"A\x030A", L"\x00C5", L"A\x030A"}},
    {L"\x212B", {L"\x00C5", L"A\x030A", L"\x00C5", L"A\x030A"}},
    {L"\xFB01", {L"\xFB01", L"\xFB01", L"fi", L"fi"}},
    {L"s\x0307\x0323", {L"\x1E69", L"s\x0323\x0307", L"\x1E69", L"s\x0323\x0307"}},
    {L"\xAC01", {L"\xAC01", L"\x1100\x1161\x11A8", L"\xAC01", L"\x1100\x1161\x11A8"}},
    {L"\x1100\x1161", {L"\xAC00", L"\x1100\x1161", L"\xAC00", L"\x1100\x1161"}},
    {L"\x0958", {L"\x0915\x093C", L"\x0915\x093C", L"\x0915\x093C", L"\x0915\x093C"}}, // never composed
    {L"\xD834\xDD5E",
     {L"\xD834\xDD57\xD834\xDD65", L"\xD834\xDD57\xD834\xDD65", L"\xD834\xDD57\xD834\xDD65",
      L"\xD834\xDD57\xD834\xDD65"}},
    {L"a\x0301"
     L"b\x0301",
     {L"\x00E1"
      L"b\x0301",
      L"a\x0301"
      L"b\x0301",
      L"\x00E1"
      L"b\x0301",
      L"a\x0301"
      L"b\x0301"}},
};

static void test_forms(void)
{
    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (int k = 0; k < 4; k++) {
            WCHAR buffer[32];
            const WCHAR *expected = texts[i].expected[k];
            int n = normalize(forms[k], texts[i].text, -1, buffer, 32);
            CHECK(n == lstrlenW(expected) + 1);
            CHECK(!memcmp(buffer, expected, (size_t)n * sizeof(WCHAR)));
            CHECK(is_normalized(forms[k], texts[i].text, -1) == !wcscmp(texts[i].text, expected));
            CHECK(is_normalized(forms[k], expected, -1));
        }
}

static void test_errors(void)
{
    WCHAR buffer[8];
    CHECK(normalize(1, L"abc", -1, NULL, 0) >= 4);
    SetLastError(0);
    CHECK(normalize(1, L"AB\xD800Z", -1, buffer, 8) == -3);
    CHECK(GetLastError() == ERROR_NO_UNICODE_TRANSLATION);
    CHECK(normalize(1, L"AB\xD800Z", -1, buffer, 1) < -4); // what stands before has no room
    CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    CHECK(normalize(2, L"\x00C5\x00C5", -1, buffer, 3) < 0);
    CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    CHECK(normalize(3, L"abc", -1, buffer, 8) <= 0);
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(!is_normalized(1, L"\xDC00", 1));
    CHECK(GetLastError() == ERROR_NO_UNICODE_TRANSLATION);
}

// A letter under more marks than any buffer of ours has room for.
static void test_many_marks(void)
{
    static WCHAR source[4001], target[8000];
    source[0] = 'x';
    for (int i = 1; i < 4001; i++) source[i] = i & 1 ? 0x0301 : 0x0323;
    CHECK(normalize(2, source, 4001, target, 8000) == 4001);
    CHECK(target[1] == 0x0323 && target[2000] == 0x0323 && target[2001] == 0x0301 && target[4000] == 0x0301);
}

static void check_idn(idn_function convert, DWORD flags, const WCHAR *name, const WCHAR *expected)
{
    WCHAR buffer[80];
    int n = convert(flags, name, -1, buffer, 80);
    CHECK(convert(flags, name, -1, NULL, 0) == n);
    if (!expected) {
        CHECK(!n);
        CHECK(GetLastError() == ERROR_INVALID_NAME);
        return;
    }
    CHECK(n == lstrlenW(expected) + 1);
    CHECK(n && !wcscmp(buffer, expected));
}

static void test_idn(void)
{
    HMODULE kernel = GetModuleHandleA("kernel32.dll");
    idn_function to_ascii = (idn_function)(void (*)(void))GetProcAddress(kernel, "IdnToAscii");
    idn_function to_unicode = (idn_function)(void (*)(void))GetProcAddress(kernel, "IdnToUnicode");
    idn_function nameprep = (idn_function)(void (*)(void))GetProcAddress(kernel, "IdnToNameprepUnicode");
    check_idn(to_ascii, 0, L"Example.org", L"Example.org");
    check_idn(to_ascii, 0,
              L"b\x00FC"
              L"cher.example",
              L"xn--bcher-kva.example");
    check_idn(to_ascii, 0,
              L"B\x00DC"
              L"CHER\x3002"
              L"example",
              L"xn--bcher-kva.example");
    check_idn(to_ascii, 0, L"a..b", NULL);
    check_idn(to_ascii, IDN_USE_STD3_ASCII_RULES, L"-a", NULL);
    check_idn(to_ascii, 0, L"\xE000", NULL);
    check_idn(nameprep, 0,
              L"Stra\x00DF"
              L"e",
              L"strasse");
    check_idn(to_unicode, 0, L"xn--bcher-kva.Example",
              L"b\x00FC"
              L"cher.Example");
    check_idn(to_unicode, 0, L"xn--99999999999", NULL);
    check_idn(to_unicode, 0, L"xn\r\rbcher-kva", L"xn\r\rbcher-kva"); // no prefix
    check_idn(to_unicode, 0, L"b\x00FC", NULL);
    CHECK(!to_ascii(0x100, L"a", -1, NULL, 0));
    CHECK(GetLastError() == ERROR_INVALID_FLAGS);
}

int main(void)
{
    // normaliz.dll has the same.
    HMODULE normaliz = LoadLibraryA("normaliz.dll");
    normalize = (normalize_function)(void (*)(void))GetProcAddress(normaliz, "NormalizeString");
    is_normalized = (is_normalized_function)(void (*)(void))GetProcAddress(normaliz, "IsNormalizedString");
    CHECK(normalize && is_normalized);
    test_forms();
    test_errors();
    test_many_marks();
    test_idn();
    return check_summary();
}
