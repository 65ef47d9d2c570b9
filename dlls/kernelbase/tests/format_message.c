// FormatMessage: how inserts are counted, and what it leaves alone when it fails.
#include <windows.h>
#include <stdarg.h>
#include "tests/check.h"

static WCHAR out[64];

static DWORD format(const WCHAR *text, ...)
{
    va_list list;
    va_start(list, text);
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_STRING, text, 0, 0, out, 64, &list);
    va_end(list);
    return length;
}

static DWORD format_array(const WCHAR *text, ULONG_PTR *inserts)
{
    return FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, text, 0, 0, out, 64,
                          (va_list *)inserts);
}

static void test_stars(void)
{
    ULONG_PTR inserts[] = {6, 4, 2, 5, 3, 1};

    CHECK_EQUAL(format(L"%1!*.*u!,%1!*.*u!", 5, 3, 1, 4, 2), 11);
    CHECK(!lstrcmpW(out, L"  001, 0002"), "%ls", out);
    CHECK_EQUAL(format(L"%1!*.*u!,%3!*.*u!", 5, 3, 1, 6, 4, 2), 12);
    CHECK(!lstrcmpW(out, L"  001,  0002"), "%ls", out);
    CHECK_EQUAL(format(L"%1!*s!", 4, L"t"), 4);
    CHECK(!lstrcmpW(out, L"   t"), "%ls", out);
    CHECK_EQUAL(format_array(L"%1!*.*u!,%1!*.*u!", inserts), 13);
    CHECK(!lstrcmpW(out, L"  0002, 00003"), "%ls", out);
    CHECK_EQUAL(format_array(L"%1!*.*u!,%4!*.*u!", inserts), 12);
    CHECK(!lstrcmpW(out, L"  0002,  001"), "%ls", out);
}

static void test_failures(void)
{
    lstrcpyW(out, L"xxxxxx");
    CHECK(!FormatMessageW(FORMAT_MESSAGE_FROM_STRING, L"%1", 0, 0, out, 64, NULL), "no inserts");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!lstrcmpW(out, L"xxxxxx"), "untouched");
    CHECK(!FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0, 0, NULL, 0, NULL), "no buffer");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!FormatMessageW(FORMAT_MESSAGE_FROM_STRING, L"", 0, 0, out, 64, NULL) && !*out, "an empty message");
}

int main(void)
{
    test_stars();
    test_failures();
    return check_summary();
}
