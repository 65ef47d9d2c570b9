// Lengths of time as text.
#include <windows.h>
#include "tests/check.h"

typedef int(WINAPI *format_function)(const WCHAR *locale, DWORD flags, const SYSTEMTIME *duration,
                                     ULONGLONG ticks, const WCHAR *picture, WCHAR *buffer, int size);

static format_function format;

static void check(ULONGLONG ticks, const WCHAR *picture, const WCHAR *expected)
{
    WCHAR buffer[64];
    int n = format(L"en-US", 0, NULL, ticks, picture, buffer, 64);
    CHECK_EQUAL(n, lstrlenW(expected) + 1);
    CHECK(n && !lstrcmpW(buffer, expected));
    CHECK_EQUAL(format(L"en-US", 0, NULL, ticks, picture, NULL, 0), n);
}

int main(void)
{
    const ULONGLONG second = 10000000, hour = 3600 * second;
    const SYSTEMTIME time = {0, 0, 0, 2, 3, 4, 5, 678};
    WCHAR buffer[64];
    format = (format_function)(void (*)(void))GetProcAddress(GetModuleHandleA("kernel32.dll"),
                                                             "GetDurationFormatEx");
    CHECK(format != NULL);
    check(26 * hour + 61 * second, NULL, L"26:01:01");
    check(26 * hour + 61 * second, L"d 'd' hh:mm", L"1 d 02:01");
    check(2 * hour + 61 * second, L"m:ss", L"121:01");
    check(second + 2345678, L"s.fff", L"1.234");
    check(second + 2345678, L"ss.fffffffff", L"01.234567800");
    check(second, L"ssssssssssssssssssssssssssssssssssssssss", L"0000000000000000000000000000000000000001");
    CHECK_EQUAL(format(L"en-US", 0, &time, 0, L"d.hh:mm:ss.fff", buffer, 64), 15);
    CHECK(!lstrcmpW(buffer, L"2.03:04:05.678"));
    CHECK_EQUAL(format(L"en-US", 0, &time, 0, L"hh", buffer, 2), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(format(L"en-US", LOCALE_NOUSEROVERRIDE, &time, 0, L"hh", buffer, 64), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FLAGS);
    CHECK_EQUAL(format(L"no such", 0, &time, 0, L"hh", buffer, 64), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(GetCalendarInfoW(LOCALE_USER_DEFAULT, CAL_GREGORIAN_US, CAL_ICALINTVALUE, buffer, 64, NULL));
    CHECK(!lstrcmpW(buffer, L"2"));
    return check_summary();
}
