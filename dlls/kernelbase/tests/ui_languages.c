// The languages that threads and processes prefer, and those that there are.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static int told;

static BOOL CALLBACK count(char *value, LONG_PTR parameter)
{
    CHECK(strlen(value) == 4 && parameter == 3, "%s", value);
    told++;
    return TRUE;
}

static BOOL CALLBACK stop(WCHAR *value, LONG_PTR parameter)
{
    CHECK(lstrlenW(value) == 5 && parameter == 0, "a name");
    told++;
    return FALSE;
}

static void test_preferred(void)
{
    WCHAR list[64];
    ULONG n, size = 64, before;

    CHECK(GetThreadPreferredUILanguages(MUI_LANGUAGE_NAME, &before, list, &size), "get");
    CHECK(SetThreadPreferredUILanguages(MUI_LANGUAGE_NAME, L"de-DE\0no-such-one\0fr-FR\0", &n) && n == 2,
          "set");
    size = 64;
    CHECK(GetThreadPreferredUILanguages(MUI_LANGUAGE_NAME | MUI_THREAD_LANGUAGES, &n, list, &size), "get");
    CHECK(n == 2 && size == 13 && !lstrcmpW(list, L"de-DE") && !lstrcmpW(list + 6, L"fr-FR"), "%lu, %lu", n,
          size);
    size = 64;
    CHECK(GetThreadPreferredUILanguages(MUI_LANGUAGE_ID, &n, list, &size) && n == before + 2, "%lu", n);
    CHECK(!lstrcmpW(list, L"0407") && !lstrcmpW(list + 5, L"040C"), "numbers");
    CHECK(!SetThreadPreferredUILanguages(MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME, L"0407\0", &n), "both forms");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(SetProcessPreferredUILanguages(MUI_LANGUAGE_ID, L"0411\0", &n) && n == 1, "the process's");
    size = 64;
    CHECK(GetProcessPreferredUILanguages(MUI_LANGUAGE_NAME, &n, list, &size) && !lstrcmpW(list, L"ja-JP"),
          "get");
    CHECK(SetThreadPreferredUILanguages(0, NULL, &n) && n == 0, "forget");
    size = 64;
    CHECK(GetThreadPreferredUILanguages(MUI_LANGUAGE_NAME, &n, list, &size) && !lstrcmpW(list, L"ja-JP"),
          "next");
    CHECK(SetProcessPreferredUILanguages(0, NULL, &n) && n == 0, "forget");
    size = 64;
    CHECK(GetThreadPreferredUILanguages(MUI_LANGUAGE_NAME, &n, list, &size) && n == before, "as before");
    CHECK(SetThreadPreferredUILanguages(MUI_CONSOLE_FILTER, NULL, &n), "a filter");
}

static void test_installed(void)
{
    CHECK(EnumUILanguagesA(count, 0, 3) && told > 0, "%d", told);
    told = 0;
    CHECK(EnumUILanguagesW(stop, MUI_LANGUAGE_NAME, 0) && told == 1, "%d", told);
    CHECK(!EnumUILanguagesA(count, 0x5000, 0), "flags");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK(!EnumUILanguagesA(NULL, 0x5000, 0), "no callback");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_preferred();
    test_installed();
    return check_summary();
}
