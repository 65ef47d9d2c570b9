// Versions of the sorting tables, language groups, and narrow text in the code page of a locale.
#include <windows.h>
#include <stddef.h>
#include <string.h>
#include "tests/check.h"

#define RUSSIAN MAKELCID(MAKELANGID(LANG_RUSSIAN, SUBLANG_DEFAULT), SORT_DEFAULT)

struct version_info { // NLSVERSIONINFOEX
    DWORD size, version, defined, effective;
    GUID order;
};

typedef BOOL(WINAPI *get_version_function)(DWORD function, const WCHAR *locale, struct version_info *info);

static FARPROC import(const char *name)
{
    return GetProcAddress(GetModuleHandleA("kernel32.dll"), name);
}

static void test_versions(void)
{
    get_version_function get = (get_version_function)(void (*)(void))import("GetNLSVersionEx");
    get_version_function is_valid = (get_version_function)(void (*)(void))import("IsValidNLSVersion");
    struct version_info info = {.size = sizeof(info)}, other = info;
    CHECK(get(COMPARE_STRING, L"fr-CA", &info));
    CHECK_EQUAL(info.effective, 0x0C0C);
    CHECK_EQUAL(info.order.Data1, 3);
    CHECK(get(COMPARE_STRING, L"en-US", &other));
    CHECK_EQUAL(other.order.Data1, 1);
    CHECK(get(COMPARE_STRING, L"sv-SE", &info));
    CHECK(info.order.Data1 != other.order.Data1);
    CHECK(is_valid(COMPARE_STRING, L"en-US", &other));
    CHECK(!is_valid(COMPARE_STRING, L"en-US", &info));
    other.version += 0x700;
    CHECK(!is_valid(COMPARE_STRING, L"en-US", &other));
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    other.size = 8;
    CHECK(!get(COMPARE_STRING, L"en-US", &other));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    other.size = offsetof(struct version_info, effective);
    CHECK(get(COMPARE_STRING, L"en-US", &other));
    CHECK(!get(2, L"en-US", &other));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK(!get(COMPARE_STRING, L"no such", &other));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_defined(void)
{
    typedef BOOL(WINAPI * function)(DWORD, DWORD, struct version_info *, const WCHAR *, int);
    function is_defined = (function)(void (*)(void))import("IsNLSDefinedString");
    struct version_info info = {.size = sizeof(info)};
    CHECK(is_defined(COMPARE_STRING, 0, &info, L"ABC", -1));
    CHECK(is_defined(COMPARE_STRING, 0, &info, L"\xD83D\xDE00", 2));
    CHECK(!is_defined(COMPARE_STRING, 0, &info, L"\xD800", 1));
    CHECK(!is_defined(COMPARE_STRING, 0, &info, L"a\xFFFF", 2));
}

static int group_count, locale_count;

static BOOL CALLBACK count_locale(LGRPID group, LCID locale, LPSTR number, LONG_PTR parameter)
{
    (void)number;
    (void)parameter;
    CHECK_EQUAL(group, LGRPID_WESTERN_EUROPE);
    CHECK(IsValidLocale(locale, LCID_SUPPORTED));
    locale_count++;
    return TRUE;
}

static BOOL CALLBACK count_group(LGRPID group, LPSTR number, LPSTR name, DWORD flags, LONG_PTR parameter)
{
    CHECK(IsValidLanguageGroup(group, flags));
    CHECK_EQUAL(parameter, 7);
    if (group == LGRPID_ARMENIAN) CHECK(!strcmp(number, "11") && !strcmp(name, "Armenian"));
    group_count++;
    return TRUE;
}

static void test_groups(void)
{
    CHECK(EnumSystemLanguageGroupsA(count_group, 0, 7));
    CHECK_EQUAL(group_count, 17);
    CHECK(EnumLanguageGroupLocalesA(count_locale, LGRPID_WESTERN_EUROPE, 0, 0));
    CHECK(locale_count > 10);
    CHECK(!EnumSystemLanguageGroupsA(count_group, LGRPID_INSTALLED | LGRPID_SUPPORTED, 7));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK(!EnumLanguageGroupLocalesA(count_locale, LGRPID_ARMENIAN + 1, 0, 0));
}

static void test_code_page(void)
{
    SYSTEMTIME time = {2002, 5, 6, 4, 0, 0, 0, 0};
    char text[64];
    CHECK(GetDateFormatA(RUSSIAN, 0, &time, "MMMM", text, sizeof(text)) > 1);
    CHECK_EQUAL((BYTE)text[1], 0xE0); // "May" in code page 1251
    CHECK(GetDateFormatA(RUSSIAN, LOCALE_USE_CP_ACP, &time, "MMMM", text, sizeof(text)) > 1);
    CHECK_EQUAL(text[1], '?');
}

static void test_full_width(void)
{
    WCHAR buffer[4] = {0};
    CHECK_EQUAL(LCMapStringW(LOCALE_USER_DEFAULT, LCMAP_FULLWIDTH, L"\xD835\xDC00", 2, buffer, 4), 1);
    CHECK_EQUAL(buffer[0], 'A');
    CHECK_EQUAL(LCMapStringW(LOCALE_USER_DEFAULT, LCMAP_FULLWIDTH, L"\xD83D\xDE00", 2, buffer, 4), 2);
    CHECK(!memcmp(buffer, L"\xD83D\xDE00", 4));
}

int main(void)
{
    test_versions();
    test_defined();
    test_groups();
    test_code_page();
    test_full_width();
    return check_summary();
}
