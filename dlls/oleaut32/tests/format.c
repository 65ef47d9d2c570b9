// VarFormat and its like: numbers, dates and texts by formats.
// link: -loleaut32 -lole32 -luuid
#include "tests/check.h"
#include <windows.h>
#include <oleauto.h>

// Whether a value has a text by a format. Takes the value over.
static void check_text(VARIANT value, const WCHAR *format, const WCHAR *expected)
{
    BSTR text = NULL;
    HRESULT status = VarFormat(&value, (WCHAR *)format, 0, 0, 0, &text);
    if (status != S_OK || !text || lstrcmpW(text, expected))
        printf("'%ls': %#lx '%ls', not '%ls'\n", format, status, text ? text : L"", expected);
    CHECK(status == S_OK && text && !lstrcmpW(text, expected));
    SysFreeString(text);
    VariantClear(&value);
}

static VARIANT real(double number)
{
    VARIANT value = {.vt = VT_R8, .dblVal = number};
    return value;
}

static VARIANT date(double days)
{
    VARIANT value = {.vt = VT_DATE, .date = days};
    return value;
}

static VARIANT text(const WCHAR *string)
{
    VARIANT value = {.vt = VT_BSTR, .bstrVal = SysAllocString(string)};
    return value;
}

static void test_numbers(void)
{
    check_text(real(1234.5), NULL, L"1234.5");
    check_text(real(1234.5), L"standard", L"1,234.50");
    check_text(real(0.125), L"0.0%", L"12.5%");
    check_text(real(-1234.5), L"#,##0.00;(#,##0.00);nothing", L"(1,234.50)");
    check_text(real(-1234.5), L"#,##0.00;;nothing", L"-1,234.50");
    check_text(real(0), L"#,##0.00;(#,##0.00);nothing", L"nothing");
    check_text(real(1234567), L"#,##0,", L"1,235");
    check_text(real(12345), L".0", L"12345.0");
    check_text(real(1.005), L"0.00", L"1.01"); // digits are rounded, not the double
    check_text(real(9.999), L"0.00", L"10.00");
    check_text(real(0.5), L"0", L"1");
    check_text(real(0.05), L"0", L"0");
    check_text(real(1e20), L"#,##0", L"100,000,000,000,000,000,000");
    check_text(real(12345.678), L"scientific", L"1.23E+04");
    check_text(real(99999), L"0.00e-0", L"1.00e5");
    check_text(real(12), L"0.0E+000000000000000000000000", L"1.2E+000000000000000000000001");
    check_text(real(5551234), L"000-0000", L"555-1234");
    check_text(real(3), L"yes/no", L"Yes");
    check_text(real(3), L"\\#0 \"0\" \\d", L"#3 0 d");
    VARIANT money = {.vt = VT_CY, .cyVal = {.int64 = -1234567}};
    check_text(money, L"#,##0.0000", L"-123.4567");
    check_text(text(L"12.5"), L"00.00", L"12.50");
    check_text(text(L"twelve"), L"00.00", L"twelve");
}

static void test_dates(void)
{
    check_text(date(39448.75), L"dddd, d mmm yyyy h:nn am/pm", L"Tuesday, 1 Jan 2008 6:00 pm");
    check_text(date(39448.75), L"yyyy-mm-dd hh:mm:ss", L"2008-01-01 18:00:00");
    check_text(date(39448.75), L"y q w ww", L"1 1 3 1");
    check_text(date(39448.75), L"general date", L"1/1/2008 6:00:00 PM");
    check_text(date(39448.75), L"medium date", L"01-Jan-08");
    check_text(text(L"5/3/2008"), L"dd.mm.yyyy", L"03.05.2008");
    BSTR week = NULL;
    VARIANT late = date(39813); // 31 December 2008, in the first week of 2009
    CHECK(VarFormat(&late, L"ww", 2, 2, 0, &week) == S_OK && !lstrcmpW(week, L"1"));
    SysFreeString(week);
    late.date = 40179; // 1 January 2010 is a Friday
    CHECK(VarFormat(&late, L"ww", 2, 2, 0, &week) == S_OK && !lstrcmpW(week, L"53"));
    SysFreeString(week);
    late.date = 44197; // 1 January 2021 is one, too, behind a leap year
    CHECK(VarFormat(&late, L"ww", 2, 2, 0, &week) == S_OK && !lstrcmpW(week, L"53"));
    SysFreeString(week);
}

static void test_texts(void)
{
    check_text(text(L"5551234"), L"@@@-@@@@", L"555-1234");
    check_text(text(L"abc"), L"@@@@@", L"  abc");
    check_text(text(L"abc"), L"!@@@@@", L"abc  ");
    check_text(text(L"abc"), L"&&&&&>", L"ABC");
    check_text(text(L""), L"@;none", L"none");
}

static void test_amounts(void)
{
    VARIANT value = real(-1234.567), null = {.vt = VT_NULL};
    BSTR made = NULL;
    CHECK(VarFormatNumber(&value, 1, -2, -1, 0, 0, &made) == S_OK && !lstrcmpW(made, L"(1234.6)"));
    SysFreeString(made);
    CHECK(VarFormatNumber(&value, -1, -2, 0, -1, 0, &made) == S_OK && !lstrcmpW(made, L"-1,234.57"));
    SysFreeString(made);
    CHECK(VarFormatCurrency(&value, 2, -2, -1, -2, 0, &made) == S_OK && !lstrcmpW(made, L"($1,234.57)"));
    SysFreeString(made);
    CHECK(VarFormatCurrency(&value, 2, -2, 0, -2, 0, &made) == S_OK && !lstrcmpW(made, L"-$1,234.57"));
    SysFreeString(made);
    value.dblVal = -0.5;
    CHECK(VarFormatPercent(&value, 0, 0, -1, -2, 0, &made) == S_OK && !lstrcmpW(made, L"(50%)"));
    SysFreeString(made);
    CHECK(VarFormatNumber(&value, 2, 0, 0, 0, 0, &made) == S_OK && !lstrcmpW(made, L"-.50"));
    SysFreeString(made);
    CHECK(VarFormatDateTime(&null, 0, 0, &made) == S_OK && !made);
    value = date(39448.75);
    CHECK(VarFormatDateTime(&value, 4, 0, &made) == S_OK && !lstrcmpW(made, L"18:00"));
    SysFreeString(made);
    CHECK_EQUAL(VarFormatDateTime(&value, 5, 0, &made), E_INVALIDARG);
    CHECK_EQUAL(VarFormatNumber(&value, -3, 0, 0, 0, 0, &made), E_INVALIDARG);
    CHECK(VarMonthName(5, TRUE, 0, &made) == S_OK && !lstrcmpW(made, L"May"));
    SysFreeString(made);
    CHECK(VarWeekdayName(1, FALSE, 2, 0, &made) == S_OK && !lstrcmpW(made, L"Monday"));
    SysFreeString(made);
    CHECK_EQUAL(VarMonthName(13, TRUE, 0, &made), E_INVALIDARG);
    LPOLESTR *names;
    CHECK(GetAltMonthNames(MAKELCID(LANG_ENGLISH, SORT_DEFAULT), &names) == S_OK && !names);
    CHECK(GetAltMonthNames(MAKELCID(LANG_RUSSIAN, SORT_DEFAULT), &names) == S_OK && names[0][0] &&
          !names[12]);
}

static void test_tokens(void)
{
    BYTE tokens[64];
    BSTR made = NULL;
    VARIANT value = real(1234.5);
    const LCID german = MAKELCID(MAKELANGID(LANG_GERMAN, SUBLANG_GERMAN), SORT_DEFAULT);
    CHECK_EQUAL(VarTokenizeFormatString(L"#,##0.00", tokens, 1, 0, 0, german, NULL), TYPE_E_BUFFERTOOSMALL);
    CHECK_EQUAL(VarTokenizeFormatString(L"#,##0.00", tokens, sizeof(tokens), 0, 0, german, NULL), S_OK);
    CHECK(VarFormatFromTokens(&value, L"#,##0.00", tokens, 0, &made, german) == S_OK &&
          !lstrcmpW(made, L"1.234,50"));
    SysFreeString(made);
}

int main(void)
{
    test_numbers();
    test_dates();
    test_texts();
    test_amounts();
    test_tokens();
    return check_summary();
}
