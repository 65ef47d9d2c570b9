// The shell's functions on strings, URLs and registry values.
// link: -lshlwapi -ladvapi32
#include <windows.h>
#include <shlwapi.h>
#include "tests/check.h"
#include <string.h>
#include <wchar.h>

static void test_finding(void)
{
    const char *text = "Hello, World";
    const WCHAR *wide = L"Hello, World";

    CHECK(StrChrA(text, 'o') == text + 4 && StrRChrA(text, NULL, 'o') == text + 8, "characters");
    CHECK(StrRChrA(text, text + 8, 'o') == text + 4 && !StrChrA(text, 'h'), "characters");
    CHECK(StrChrIA(text, 'h') == text && StrRChrIW(wide, NULL, 'O') == wide + 8, "any case");
    CHECK(!StrChrW(wide, 0) && !StrChrA(NULL, 'a') && !StrChrNW(wide, 'o', 4) && StrChrNW(wide, 'o', 5),
          "ends");
    CHECK(StrChrNW(wide, 'd', ~0u) == wide + 11 && StrChrNIW(wide, 'D', ~0u) == wide + 11, "all of it");
    CHECK(StrStrA(text, "World") == text + 7 && !StrStrA(text, "world") && !StrStrA(text, ""), "parts");
    CHECK(StrStrIW(wide, L"WORLD") == wide + 7 && StrStrIA(text, "d") == text + 11, "parts in any case");
    CHECK(StrRStrIW(wide, NULL, L"O") == wide + 8 && StrRStrIA(text, text + 8, "o") == text + 4,
          "last parts");
    CHECK(!StrStrNW(wide, L"World", 11) && StrStrNW(wide, L"World", 12), "bounded parts");
    CHECK_EQUAL(StrSpnA(text, "eHl"), 4);
    CHECK_EQUAL(StrCSpnW(wide, L"W,"), 5);
    CHECK_EQUAL(StrCSpnIW(wide, L"w"), 7);
    CHECK(StrPBrkA(text, "Wo") == text + 4 && !StrPBrkA(text, "xyz"), "sets");
}

static void test_comparing(void)
{
    CHECK(StrCmpNA("abcd", "abce", 3) == 0 && StrCmpNA("abcd", "abce", 4) < 0, "bounded");
    CHECK(StrCmpNIW(L"ABC", L"abd", 2) == 0 && StrCmpIW(L"ABC", L"abc") == 0 && StrCmpW(L"a", L"b") < 0, "");
    CHECK(StrCmpCA("a", "B") > 0 && StrCmpICA("a", "B") < 0 && StrCmpNICW(L"aX", L"Ay", 1) == 0, "by number");
    CHECK(StrIsIntlEqualA(FALSE, "ABC", "abd", 2) && !StrIsIntlEqualW(TRUE, L"ABC", L"abc", 3), "");
    CHECK(StrCmpLogicalW(L"a2", L"a10") < 0 && StrCmpLogicalW(L"a10", L"A10") == 0, "numbers");
    CHECK(StrCmpLogicalW(L"a", L"a1") < 0 && StrCmpLogicalW(L"1", L"a") < 0 &&
              StrCmpLogicalW(L"b", L"a9") > 0,
          "");
    CHECK(StrCmpLogicalW(L"18446744073709551617", L"2") > 0 && StrCmpLogicalW(L"007a", L"7A") == 0,
          "long ones");
    CHECK(!ChrCmpIW('a', 'A') && ChrCmpIA('a', 'b'), "characters");
}

static void test_copying(void)
{
    char text[20] = "  x y  ", *copy = StrDupA("abc");
    WCHAR wide[20] = L"ab";

    CHECK(copy && !strcmp(copy, "abc"), "%s", copy);
    LocalFree(copy);
    CHECK(StrTrimA(text, " ") && !strcmp(text, "x y") && !StrTrimA(text, " "), "%s", text);
    CHECK(!wcscmp(StrCatBuffW(wide, L"cdef", 5), L"abcd"), "%ls", wide);
    CHECK(!wcscmp(StrCpyNW(wide, L"uvwxyz", 4), L"uvw"), "%ls", wide);
    CHECK_EQUAL(StrCatChainW(wide, 20, 3, L"12"), 5);
    CHECK(!wcscmp(wide, L"uvw12"), "%ls", wide);
    CHECK_EQUAL(wnsprintfA(text, 5, "%s%d", "ab", 123), -1);
    CHECK(!strcmp(text, "ab12"), "%s", text);
    CHECK_EQUAL(wnsprintfW(wide, 20, L"%s %d", L"ab", 123), 6);
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        DWORD flags;
        BOOL found;
        int value;
        int plain; // what StrToInt makes of it
    } tests[] = {
        {"12", 0, TRUE, 12, 12}, {"-12x", 0, TRUE, -12, -12}, {" 12", 0, TRUE, 12, 0},
        {"0x1F", 0, TRUE, 0, 0}, {"0x1F", 1, TRUE, 31, 0},    {"-0x1F", 1, TRUE, 31, 0},
        {"x", 1, FALSE, 7, 0},   {"", 0, FALSE, 7, 0},        {"+5", 0, TRUE, 5, 0},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        int value = 7;
        BOOL found = StrToIntExA(tests[i].text, tests[i].flags, &value);
        CHECK(found == tests[i].found && value == tests[i].value, "%s: %d", tests[i].text, value);
        CHECK(StrToIntA(tests[i].text) == tests[i].plain, "%s", tests[i].text);
    }
    LONGLONG big;
    CHECK(StrToInt64ExW(L"12345678901234", 0, &big) && big == 12345678901234, "64 bits");
}

static void test_sizes(void)
{
    static const struct {
        LONGLONG size;
        const char *text;
    } tests[] = {
        {0, "0 bytes"},       {1023, "1023 bytes"},    {1024, "1.00 KB"},
        {1536, "1.50 KB"},    {10240, "10.0 KB"},      {1048575, "1023 KB"},
        {1048576, "1.00 MB"}, {0x7FFFFFFF, "1.99 GB"}, {1ll << 40, "1.00 TB"},
    };
    char out[40];
    WCHAR wide[40];

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++)
        CHECK(!strcmp(StrFormatByteSize64A(tests[i].size, out, 40), tests[i].text), "%s, not %s", out,
              tests[i].text);
    CHECK(!wcscmp(StrFormatByteSizeW(1536, wide, 40), L"1.50 KB"), "%ls", wide);
}

static void test_urls(void)
{
    static const struct {
        const char *path, *url;
    } files[] = {
        {"foo", "file:foo"},
        {"foo\\bar", "file:foo/bar"},
        {"\\foo\\bar", "file:///foo/bar"},
        {"c:\\foo\\bar", "file:///c:/foo/bar"},
        {"c:\\a b%", "file:///c:/a%20b%25"},
        {"\\\\server\\x", "file://server/x"},
    };
    static const struct {
        const char *url;
        DWORD flags;
        const char *escaped;
    } escapes[] = {
        {"http://x/a b", 0, "http://x/a%20b"},
        {"http://x/a\\b", 0, "http://x/a/b"},
        {"http://x/a%b", 0, "http://x/a%b"},
        {"http://x/a%b", URL_ESCAPE_PERCENT, "http://x/a%25b"},
        {"http://x/a b?c d", URL_DONT_ESCAPE_EXTRA_INFO, "http://x/a%20b?c d"},
        {"<a>", URL_ESCAPE_SPACES_ONLY, "<a>"},
    };
    static const struct {
        DWORD part;
        HRESULT result;
        const char *text;
    } parts[] = {
        {URL_PART_SCHEME, S_OK, "http"}, {URL_PART_HOSTNAME, S_OK, "host"}, {URL_PART_USERNAME, S_OK, "user"},
        {URL_PART_PASSWORD, S_OK, "pw"}, {URL_PART_PORT, S_OK, "81"},       {URL_PART_QUERY, S_OK, "q=1"},
    };
    char out[100];
    DWORD size;

    for (unsigned i = 0; i < ARRAYSIZE(files); i++) {
        size = 100;
        CHECK(UrlCreateFromPathA(files[i].path, out, &size, 0) == S_OK && !strcmp(out, files[i].url), "%s",
              out);
        CHECK_EQUAL(size, strlen(out));
        size = 100;
        CHECK(PathCreateFromUrlA(files[i].url, out, &size, 0) == S_OK && !strcmp(out, files[i].path), "%s",
              out);
    }
    size = 3;
    CHECK_EQUAL(UrlCreateFromPathA("foo", out, &size, 0), E_POINTER);
    CHECK_EQUAL(size, 9);
    size = 100;
    CHECK_EQUAL(PathCreateFromUrlA("http://x", out, &size, 0), E_INVALIDARG);
    size = 100;
    CHECK(PathCreateFromUrlA("file://localhost/c|/x", out, &size, 0) == S_OK && !strcmp(out, "c:\\x"), "%s",
          out);
    for (unsigned i = 0; i < ARRAYSIZE(escapes); i++) {
        size = 100;
        CHECK(UrlEscapeA(escapes[i].url, out, &size, escapes[i].flags) == S_OK &&
                  !strcmp(out, escapes[i].escaped),
              "%s", out);
    }
    size = 100;
    CHECK(UrlUnescapeA((char *)"a%20b%2", out, &size, 0) == S_OK && !strcmp(out, "a b%2"), "%s", out);
    WCHAR wide[] = L"%C3%A4x";
    CHECK(UrlUnescapeW(wide, NULL, NULL, URL_UNESCAPE_INPLACE | 0x40000) == S_OK && !wcscmp(wide, L"\xE4x"),
          "%ls", wide);
    WCHAR url[40], path[40];
    DWORD room = 40;
    CHECK(UrlCreateFromPathW(L"c:\\\xE4", url, &room, 0) == S_OK && !wcscmp(url, L"file:///c:/%E4"), "%ls",
          url);
    room = 40;
    CHECK(PathCreateFromUrlW(url, path, &room, 0) == S_OK && !wcscmp(path, L"c:\\\xE4"), "%ls", path);
    room = 40;
    CHECK(PathCreateFromUrlW(L"file:///c:/%C3%A4", path, &room, 0) == S_OK && !wcscmp(path, L"c:\\\xE4"),
          "%ls", path);
    for (unsigned i = 0; i < ARRAYSIZE(parts); i++) {
        size = 100;
        HRESULT result = UrlGetPartA("http://user:pw@host:81/p?q=1#f", out, &size, parts[i].part, 0);
        CHECK(result == parts[i].result && !strcmp(out, parts[i].text), "%lu: %lx %s", parts[i].part, result,
              out);
    }
    size = 100;
    CHECK_EQUAL(UrlGetPartA("http://host", out, &size, URL_PART_PORT, 0), S_FALSE);
    CHECK(UrlIsA("mailto:x", URLIS_OPAQUE) && !UrlIsA("http:x", URLIS_OPAQUE) && UrlIsFileUrlA("file:x"),
          "kinds");
    CHECK(UrlIsW(L"x/", URLIS_DIRECTORY) && PathIsURLW(L"abc:x") && !PathIsURLW(L"c:\\x") &&
              !PathIsURLW(L"x"),
          "");
    CHECK(!strcmp(UrlGetLocationA("http://x#y"), "#y") && !UrlGetLocationA("mailto:x#y"), "location");
}

static void test_registry(void)
{
    WCHAR value[20] = L"";
    DWORD type = 0, size = sizeof(value);

    CHECK_EQUAL(SHSetValueW(HKEY_CURRENT_USER, L"Software\\LowlandTest\\a", L"v", REG_SZ, L"text", 10), 0);
    CHECK_EQUAL(SHGetValueW(HKEY_CURRENT_USER, L"Software\\LowlandTest\\a", L"v", &type, value, &size), 0);
    CHECK(type == REG_SZ && size == 10 && !wcscmp(value, L"text"), "%ls", value);
    CHECK_EQUAL(SHDeleteEmptyKeyW(HKEY_CURRENT_USER, L"Software\\LowlandTest"), ERROR_KEY_HAS_CHILDREN);
    CHECK_EQUAL(SHDeleteValueW(HKEY_CURRENT_USER, L"Software\\LowlandTest\\a", L"v"), 0);
    CHECK_EQUAL(SHDeleteValueA(HKEY_CURRENT_USER, "Software\\LowlandTest\\a", "v"), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(SHDeleteKeyW(HKEY_CURRENT_USER, L"Software\\LowlandTest"), 0);
    CHECK_EQUAL(SHDeleteKeyA(HKEY_CURRENT_USER, "Software\\LowlandTest"), ERROR_FILE_NOT_FOUND);
}

static void test_indirect(void)
{
    WCHAR out[40], short_out[6];

    CHECK(SHLoadIndirectString(L"plain", out, 40, NULL) == S_OK && !wcscmp(out, L"plain"), "%ls", out);
    CHECK_EQUAL(SHLoadIndirectString(L"plain", NULL, 40, NULL), E_INVALIDARG);
    CHECK_EQUAL(SHLoadIndirectString(L"@no such file.dll,-1", out, 40, NULL),
                HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK_EQUAL(SHLoadIndirectString(L"@kernel32.dll", out, 40, NULL),
                HRESULT_FROM_WIN32(ERROR_INVALID_DATA));
    // A time zone's name
    CHECK(SHLoadIndirectString(L"@%SystemRoot%\\system32\\tzres.dll,-322", out, 40, NULL) == S_OK && *out,
          "%ls", out);
    CHECK_EQUAL(SHLoadIndirectString(L"@tzres.dll,-322", short_out, 6, NULL), S_OK);
    CHECK(wcslen(short_out) == 5 && !wcsncmp(out, short_out, 5), "%ls", short_out);
}

static void test_api_sets(void)
{
    static const struct {
        const char *set, *function;
    } tests[] = {
        {"api-ms-win-core-shlwapi-legacy-l1-1-0.dll", "PathFindExtensionW"},
        {"api-ms-win-core-shlwapi-obsolete-l1-1-0.dll", "StrStrIA"},
        {"api-ms-win-core-string-l2-1-0.dll", "IsCharBlankW"},
        {"api-ms-win-core-url-l1-1-0.dll", "UrlIsW"},
        {"api-ms-win-core-path-l1-1-0.dll", "PathCchCombine"},
        {"api-ms-win-downlevel-shlwapi-l1-1-0.dll", "PathAppendW"},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        HMODULE set = LoadLibraryA(tests[i].set);
        CHECK(set && GetProcAddress(set, tests[i].function), "%s", tests[i].set);
    }
}

int main(void)
{
    test_finding();
    test_comparing();
    test_copying();
    test_numbers();
    test_sizes();
    test_urls();
    test_registry();
    test_indirect();
    test_api_sets();
    return check_summary();
}
