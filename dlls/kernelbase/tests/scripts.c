// The scripts that a text is written in.
#include <windows.h>
#include "tests/check.h"

typedef int(WINAPI *get_function)(DWORD flags, const WCHAR *text, int length, WCHAR *scripts, int size);
typedef BOOL(WINAPI *verify_function)(DWORD flags, const WCHAR *locale, int locale_n, const WCHAR *test,
                                      int test_n);

static get_function get;

static void check(DWORD flags, const WCHAR *text, const WCHAR *expected)
{
    WCHAR buffer[64] = L"?";
    CHECK_EQUAL(get(flags, text, -1, buffer, 64), lstrlenW(expected) + 1);
    CHECK(!lstrcmpW(buffer, expected));
    CHECK_EQUAL(get(flags, text, -1, NULL, 0), lstrlenW(expected) + 1);
}

int main(void)
{
    HMODULE kernel = GetModuleHandleA("kernel32.dll");
    verify_function verify = (verify_function)(void (*)(void))GetProcAddress(kernel, "VerifyScripts");
    WCHAR buffer[4];
    get = (get_function)(void (*)(void))GetProcAddress(kernel, "GetStringScripts");
    CHECK(get && verify);
    check(0, L"plain text", L"Latn;");
    check(0, L"\x043F\x0430ypal", L"Cyrl;Latn;");
    check(0, L"12 34", L"");
    check(1, L"a1\x0301", L"Latn;Qaii;Zyyy;");
    check(0, L"\xD801\xDC00", L"Dsrt;");
    CHECK_EQUAL(get(0, L"abc", -1, buffer, 4), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(get(0, NULL, -1, NULL, 0), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    WCHAR scripts[32];
    CHECK(
        GetLocaleInfoW(MAKELCID(MAKELANGID(LANG_RUSSIAN, SUBLANG_DEFAULT), SORT_DEFAULT), 0x6C, scripts, 32));
    CHECK(!lstrcmpW(scripts, L"Cyrl;"));
    CHECK(GetLocaleInfoW(MAKELCID(MAKELANGID(LANG_JAPANESE, SUBLANG_DEFAULT), SORT_DEFAULT), 0x6C, scripts,
                         32));
    CHECK(!lstrcmpW(scripts, L"Hani;Hira;Jpan;Kana;"));
    CHECK(verify(0, L"Cyrl;Latn;", -1, L"Cyrl;", -1));
    CHECK(!verify(0, L"Cyrl;", -1, L"Cyrl;Latn;", -1));
    CHECK(verify(1, L"Cyrl;", -1, L"Cyrl;Latn;", -1));
    CHECK(!verify(0, L"Cyrl;", -1, L"", -1));
    CHECK(!verify(2, L"Cyrl;", -1, L"Cyrl;", -1));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    return check_summary();
}
