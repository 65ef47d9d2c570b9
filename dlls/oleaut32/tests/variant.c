// link: -loleaut32 -lole32
// VARIANTs: conversions between their types, arithmetic, dates and arrays.
#include "check.h"
#include <windows.h>
#include <oleauto.h>

static LCID english(void)
{
    return MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
}

static void test_integers(void)
{
    BYTE byte = 7;
    LONG number = 0;
    CHECK(VarUI1FromI2(256, &byte) == DISP_E_OVERFLOW && byte == 7);
    CHECK(VarUI1FromR8(-0.5, &byte) == S_OK && byte == 0);
    CHECK(VarI4FromR8(2.5, &number) == S_OK && number == 2);
    CHECK(VarI4FromR8(2147483647.5, &number) == DISP_E_OVERFLOW);
    CHECK(VarI4FromStr((OLECHAR *)L" -1,234 ", english(), LOCALE_NOUSEROVERRIDE, &number) == S_OK &&
          number == -1234);
    CHECK(VarI4FromStr((OLECHAR *)L"&H10", english(), LOCALE_NOUSEROVERRIDE, &number) == S_OK &&
          number == 16);
    CHECK(VarI4FromStr((OLECHAR *)L"(12)", english(), LOCALE_NOUSEROVERRIDE, &number) == S_OK &&
          number == -12);
    CHECK(VarI4FromStr((OLECHAR *)L"12x", english(), 0, &number) == DISP_E_TYPEMISMATCH);
    CHECK(VarI4FromStr((OLECHAR *)L"2147483648", english(), 0, &number) == DISP_E_OVERFLOW);
}

static int is_text(BSTR text, const WCHAR *wanted)
{
    int same = text && !lstrcmpW(text, wanted);
    if (!same) printf("got '%ls', not '%ls'\n", text ? text : L"(null)", wanted);
    SysFreeString(text);
    return same;
}

static void test_texts(void)
{
    BSTR text = NULL;
    double real = 0;
    DECIMAL decimal;
    CHECK(VarBstrFromR8(0.1, english(), 0, &text) == S_OK && is_text(text, L"0.1"));
    CHECK(VarBstrFromR8(1e15, english(), 0, &text) == S_OK && is_text(text, L"1E+15"));
    CHECK(VarBstrFromR8(-5.6789e-12, english(), 0, &text) == S_OK && is_text(text, L"-5.6789E-12"));
    CHECK(VarBstrFromR4(12.345678f, english(), 0, &text) == S_OK && is_text(text, L"12.34568"));
    CHECK(VarBstrFromCy((CY){.int64 = -15000}, english(), 0, &text) == S_OK && is_text(text, L"-1.5"));
    CHECK(VarR8FromStr((OLECHAR *)L"1.5e3", english(), LOCALE_NOUSEROVERRIDE, &real) == S_OK && real == 1500);
    CHECK(VarR8FromStr((OLECHAR *)L"0.001", english(), LOCALE_NOUSEROVERRIDE, &real) == S_OK &&
          real == 0.001);
    CHECK(VarR8FromStr((OLECHAR *)L"100.250", english(), LOCALE_NOUSEROVERRIDE, &real) == S_OK &&
          real == 100.25);
    CHECK(VarDecFromStr((OLECHAR *)L"79228162514264337593543950335", english(), 0, &decimal) == S_OK);
    CHECK(decimal.Hi32 == 0xFFFFFFFF && decimal.Lo64 == ~0ull && !decimal.scale);
    CHECK(VarBstrFromDec(&decimal, english(), 0, &text) == S_OK &&
          is_text(text, L"79228162514264337593543950335"));
}

// A number of more digits than there is room for.
static void test_digits(void)
{
    BYTE digits[3];
    NUMPARSE parse = {.cDig = 3, .dwInFlags = NUMPRS_STD};
    CHECK(VarParseNumFromStr((OLECHAR *)L"120056", english(), LOCALE_NOUSEROVERRIDE, &parse, digits) == S_OK);
    CHECK(parse.cDig == 2 && digits[0] == 1 && digits[1] == 2 && parse.nPwr10 == 4 &&
          parse.dwOutFlags & NUMPRS_INEXACT);
}

static void test_change(void)
{
    VARIANT from, to;
    VariantInit(&from);
    VariantInit(&to);
    V_VT(&from) = VT_BOOL;
    V_BOOL(&from) = VARIANT_TRUE;
    CHECK(VariantChangeType(&to, &from, 0, VT_BSTR) == S_OK && is_text(V_BSTR(&to), L"-1"));
    V_VT(&to) = VT_EMPTY;
    CHECK(VariantChangeType(&to, &from, VARIANT_ALPHABOOL, VT_BSTR) == S_OK && is_text(V_BSTR(&to), L"True"));
    V_VT(&to) = VT_EMPTY;
    V_VT(&from) = VT_I4;
    V_I4(&from) = -1;
    CHECK(VariantChangeType(&to, &from, 0, VT_UI4) == S_OK && V_UI4(&to) == 0xFFFFFFFF);
    CHECK(VariantChangeType(&to, &from, 0, VT_UI2) == DISP_E_OVERFLOW && V_VT(&to) == VT_UI4);
    CHECK(VariantChangeType(&to, &from, 0, VT_CLSID) == DISP_E_BADVARTYPE);
    V_VT(&from) = VT_NULL;
    CHECK(VariantChangeType(&to, &from, 0, VT_I4) == DISP_E_TYPEMISMATCH);
    // A reference gives what it refers to, and a VARIANT may change in place.
    LONG number = 42;
    V_VT(&from) = VT_I4 | VT_BYREF;
    V_I4REF(&from) = &number;
    CHECK(VariantCopyInd(&to, &from) == S_OK && V_VT(&to) == VT_I4 && V_I4(&to) == 42);
    CHECK(VariantChangeType(&from, &from, 0, VT_BSTR) == S_OK && !lstrcmpW(V_BSTR(&from), L"42"));
    CHECK(VariantChangeType(&from, &from, 0, VT_DECIMAL) == S_OK && V_DECIMAL(&from).Lo64 == 42);
    CHECK(VariantClear(&from) == S_OK && VariantClear(&to) == S_OK);
    V_VT(&from) = VT_I4 | VT_BYREF;
    V_I4REF(&from) = NULL;
    CHECK(VariantCopyInd(&to, &from) == E_INVALIDARG && VarNot(&from, &to) != S_OK);
}

static void test_arithmetic(void)
{
    VARIANT left = {.vt = VT_I2}, right = {.vt = VT_I2}, result;
    V_I2(&left) = 32767, V_I2(&right) = 1;
    CHECK(VarAdd(&left, &right, &result) == S_OK && V_VT(&result) == VT_I4 && V_I4(&result) == 32768);
    CHECK(VarDiv(&right, &left, &result) == S_OK && V_VT(&result) == VT_R8);
    V_I2(&right) = 0;
    CHECK(VarIdiv(&left, &right, &result) == DISP_E_DIVBYZERO);
    CHECK(VarMod(&left, &left, &result) == S_OK && V_VT(&result) == VT_I2 && V_I2(&result) == 0);
    V_VT(&right) = VT_BSTR;
    V_BSTR(&right) = SysAllocString(L"2.5");
    CHECK(VarMul(&left, &right, &result) == S_OK && V_VT(&result) == VT_R8 && V_R8(&result) == 81917.5);
    CHECK(VarCat(&left, &right, &result) == S_OK && is_text(V_BSTR(&result), L"327672.5"));
    CHECK(VarCmp(&right, &right, english(), 0) == VARCMP_EQ);
    VariantClear(&right);
    V_VT(&right) = VT_NULL;
    CHECK(VarSub(&left, &right, &result) == S_OK && V_VT(&result) == VT_NULL);
    CHECK(VarCmp(&left, &right, english(), 0) == VARCMP_NULL);
    CHECK(VarNot(&left, &result) == S_OK && V_VT(&result) == VT_I2 && V_I2(&result) == -32768);
    CHECK(VarNeg(&left, &result) == S_OK && V_VT(&result) == VT_I2 && V_I2(&result) == -32767);
    // The result may be an operand.
    V_VT(&right) = VT_I2, V_I2(&right) = 6, V_I2(&left) = 3;
    CHECK(VarAnd(&left, &right, &left) == S_OK && V_VT(&left) == VT_I2 && V_I2(&left) == 2);
    V_VT(&right) = VT_UI8, V_UI8(&right) = 6;
    CHECK(VarOr(&left, &right, &result) == S_OK && V_VT(&result) == VT_I4 && V_I4(&result) == 6);
    V_VT(&right) = VT_BSTR, V_BSTR(&right) = SysAllocString(L"True");
    CHECK(VarNot(&right, &result) == S_OK && V_VT(&result) == VT_BOOL && V_BOOL(&result) == VARIANT_FALSE);
    VariantClear(&right);
    V_VT(&right) = VT_R8, V_R8(&right) = 5e9;
    CHECK(VarAnd(&left, &right, &result) == DISP_E_OVERFLOW);
    V_VT(&left) = VT_R8, V_R8(&left) = -1.5;
    CHECK(VarInt(&left, &result) == S_OK && V_R8(&result) == -2);
    CHECK(VarFix(&left, &result) == S_OK && V_R8(&result) == -1);
    CHECK(VarRound(&left, 0, &result) == S_OK && V_R8(&result) == -2);
}

static void test_decimals(void)
{
    DECIMAL one = {.Lo64 = 1}, three = {.Lo64 = 3}, result;
    CHECK(VarDecDiv(&one, &three, &result) == S_OK && result.scale == 28 && result.Lo32 == 0x05555555);
    CHECK(VarDecMul(&result, &three, &result) == S_OK && result.scale == 28);
    CHECK(VarDecSub(&one, &result, &result) == S_OK && result.Lo64 == 1 && result.scale == 28);
    CHECK(VarDecFromR8(-0.6, &result) == S_OK && result.Lo64 == 6 && result.scale == 1 &&
          result.sign == DECIMAL_NEG);
    CHECK(VarDecCmp(&result, &one) == VARCMP_LT);
}

static void test_dates(void)
{
    BSTR text = NULL;
    DATE date = 0;
    SYSTEMTIME time;
    USHORT dos_date, dos_time;
    CHECK(VarDateFromStr((OLECHAR *)L"6/30/2011 01:20:34 PM", english(), LOCALE_NOUSEROVERRIDE, &date) ==
          S_OK);
    CHECK(VariantTimeToSystemTime(date, &time) && time.wYear == 2011 && time.wMonth == 6 && time.wDay == 30);
    CHECK(time.wHour == 13 && time.wMinute == 20 && time.wSecond == 34 && time.wDayOfWeek == 4);
    CHECK(VarDateFromStr((OLECHAR *)L"2 January, 1970", english(), LOCALE_NOUSEROVERRIDE, &date) == S_OK &&
          date == 25570);
    CHECK(VarDateFromStr((OLECHAR *)L"1 2 3 4", english(), LOCALE_NOUSEROVERRIDE, &date) ==
          DISP_E_TYPEMISMATCH);
    // An hour too many goes over into the next day, on either side of day 0.
    CHECK(
        SystemTimeToVariantTime(&(SYSTEMTIME){.wYear = 1899, .wMonth = 12, .wDay = 28, .wHour = 30}, &date) &&
        date == -1.25);
    CHECK(VarBstrFromDate(3339.34, english(), LOCALE_NOUSEROVERRIDE, &text) == S_OK &&
          is_text(text, L"2/20/1909 8:09:36 AM"));
    CHECK(VarBstrFromDate(-657434, english(), LOCALE_NOUSEROVERRIDE, &text) == S_OK &&
          is_text(text, L"1/1/100"));
    CHECK(VariantTimeToDosDateTime(29221.5, &dos_date, &dos_time) && dos_date == 33 && dos_time == 12 << 11);
}

static void test_arrays(void)
{
    SAFEARRAYBOUND bounds[] = {{2, 1}, {3, 0}};
    LONG at[] = {2, 1}, bound = 0;
    SAFEARRAY *array = SafeArrayCreate(VT_VARIANT, 2, bounds), *copy = NULL;
    VARIANT value = {.vt = VT_BSTR}, got;
    V_BSTR(&value) = SysAllocString(L"cell");
    CHECK(array && SafeArrayGetDim(array) == 2 && SafeArrayGetElemsize(array) == sizeof(VARIANT));
    CHECK(SafeArrayGetUBound(array, 1, &bound) == S_OK && bound == 2);
    CHECK(SafeArrayGetUBound(array, 3, &bound) == DISP_E_BADINDEX);
    CHECK(SafeArrayPutElement(array, at, &value) == S_OK);
    CHECK(SafeArrayCopy(array, &copy) == S_OK && SafeArrayGetElement(copy, at, &got) == S_OK);
    CHECK(V_VT(&got) == VT_BSTR && V_BSTR(&got) != V_BSTR(&value) && !lstrcmpW(V_BSTR(&got), L"cell"));
    CHECK(SafeArrayLock(array) == S_OK && SafeArrayDestroy(array) == DISP_E_ARRAYISLOCKED);
    CHECK(SafeArrayUnlock(array) == S_OK && SafeArrayUnlock(array) == E_UNEXPECTED);
    bounds[1].cElements = 1;
    CHECK(SafeArrayRedim(array, &bounds[1]) == S_OK &&
          SafeArrayGetElement(array, at, &got) == DISP_E_BADINDEX);
    CHECK(SafeArrayDestroy(array) == S_OK && SafeArrayDestroy(copy) == S_OK);
    SAFEARRAYBOUND large[] = {{0x10000, 0}, {0x10000, 0}, {0, 0}}, one = {1, 0};
    array = SafeArrayCreate(VT_UI1, 3, large);
    CHECK(array && SafeArrayRedim(array, &one) == E_OUTOFMEMORY && SafeArrayDestroy(array) == S_OK);
    CHECK(VectorFromBstr(V_BSTR(&value), &array) == S_OK && array->rgsabound[0].cElements == 8);
    CHECK(SafeArrayDestroy(array) == S_OK && VariantClear(&value) == S_OK);
}

// What Windows refuses to add, and what it reads without a length.
static void test_operands(void)
{
    VARIANT left = {.vt = VT_UI4}, right = {.vt = VT_I4}, result = {0};
    CHECK(VarAdd(&left, &right, &result) == DISP_E_BADVARTYPE);
    CHECK(VarMod(&left, &right, &result) == DISP_E_DIVBYZERO);
    left.vt = VT_ARRAY | VT_BSTR; // never looked at
    V_ARRAY(&left) = (SAFEARRAY *)1;
    CHECK(VarSub(&left, &right, &result) == DISP_E_TYPEMISMATCH);
    left.vt = VT_BYREF | VT_BSTR;
    CHECK(VarMul(&left, &right, &result) == DISP_E_BADVARTYPE);
    left.vt = VT_DISPATCH;
    V_DISPATCH(&left) = NULL;
    right.vt = VT_NULL;
    CHECK(VarAdd(&left, &right, &result) == S_OK && V_VT(&result) == VT_NULL);
    CHECK(VarAbs(&left, &result) == DISP_E_TYPEMISMATCH);
    left.vt = VT_BSTR;
    V_BSTR(&left) = (BSTR)L"-15";
    CHECK(VarAbs(&left, &result) == S_OK && V_VT(&result) == VT_R8 && V_R8(&result) == 15);
    left.vt = VT_EMPTY;
    right.vt = VT_UI1;
    V_UI1(&right) = 3;
    CHECK(VarAdd(&left, &right, &result) == S_OK && V_VT(&result) == VT_UI1 && V_UI1(&result) == 3);
    left.vt = VT_I8;
    V_I8(&left) = 100;
    right.vt = VT_R8;
    V_R8(&right) = 7;
    CHECK(VarMod(&left, &right, &result) == S_OK && V_VT(&result) == VT_I8 && V_I8(&result) == 2);
    left.vt = VT_CY;
    V_CY(&left).int64 = 15000;
    right.vt = VT_R8;
    V_R8(&right) = 2;
    CHECK(VarMul(&left, &right, &result) == S_OK && V_VT(&result) == VT_R8 && V_R8(&result) == 3);
    V_R8(&right) = 1e30; // has no room in a CY
    CHECK(VarAdd(&left, &right, &result) == S_OK && V_VT(&result) == VT_R8 && V_R8(&result) == 1e30);
    left.vt = VT_UI8;
    V_UI8(&left) = ~0ull;
    right.vt = VT_I4;
    V_I4(&right) = -1;
    CHECK(VarCmp(&left, &right, english(), 0) == DISP_E_BADVARTYPE);
    DECIMAL one = {.Lo32 = 1}, bad = {.scale = 29}, sum;
    CHECK(VarDecAdd(&one, &bad, &sum) == E_INVALIDARG);
    left.vt = VT_BSTR;
    V_BSTR(&left) = (BSTR)L"#TRUE#";
    CHECK(VarAnd(&left, &right, &result) == S_OK && V_VT(&result) == VT_I4 && V_I4(&result) == -1);
    V_BSTR(&left) = (BSTR)L"7";
    right.vt = VT_NULL;
    CHECK(VarOr(&left, &right, &result) == S_OK && V_VT(&result) == VT_I4 && V_I4(&result) == 7);
    left.vt = VT_BYREF | VT_I4;
    V_BYREF(&left) = NULL;
    CHECK(VarOr(&left, &right, &result) == DISP_E_TYPEMISMATCH);
    left.vt = VT_CLSID;
    CHECK(VariantCopy(&result, &left) == DISP_E_BADVARTYPE);
}

// Spanish in its traditional order is written as Spanish is.
static void test_traditional_spanish(void)
{
    BSTR text = NULL;
    LCID spanish = MAKELCID(MAKELANGID(LANG_SPANISH, SUBLANG_SPANISH), SORT_DEFAULT);
    CHECK(VarBstrFromR8(0.5, spanish, LOCALE_NOUSEROVERRIDE, &text) == S_OK && is_text(text, L"0,5"));
}

static void test_parameters(void)
{
    VARIANT arguments[3] = {{.vt = VT_I2}, {.vt = VT_I4}, {.vt = VT_I4}}, result;
    DISPID names[] = {2};
    DISPPARAMS parameters = {arguments, names, 3, 1};
    UINT at = 77;
    V_I2(&arguments[0]) = 42; // the named one
    V_I4(&arguments[1]) = 0x12345678;
    V_I4(&arguments[2]) = 9;
    CHECK(DispGetParam(&parameters, 0, VT_I2, &result, &at) == S_OK && V_I2(&result) == 9 && at == 77);
    CHECK(DispGetParam(&parameters, 2, VT_I4, &result, &at) == S_OK && V_I4(&result) == 42);
    CHECK(DispGetParam(&parameters, 3, VT_I4, &result, &at) == DISP_E_PARAMNOTFOUND && at == 77);
    CHECK(DispGetParam(&parameters, 1, VT_I2, &result, &at) == DISP_E_OVERFLOW && at == 1 &&
          V_VT(&result) == VT_EMPTY);
    CUSTDATA data = {1, CoTaskMemAlloc(sizeof(CUSTDATAITEM))};
    V_VT(&data.prgCustData->varValue) = VT_BSTR;
    V_BSTR(&data.prgCustData->varValue) = SysAllocString(L"custom");
    ClearCustData(&data);
    CHECK(!data.cCustData && !data.prgCustData);
}

int main(void)
{
    test_operands();
    test_traditional_spanish();
    test_parameters();
    test_integers();
    test_texts();
    test_digits();
    test_change();
    test_arithmetic();
    test_decimals();
    test_dates();
    test_arrays();
    return check_summary();
}
