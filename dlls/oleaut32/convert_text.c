// Conversions of numbers to and from texts, in the way of a locale.
#include "automation.h"
#include <stdio.h>

// oleauto.h has these for callers of VarBstrFromBool; mingw-w64's lacks them.
#define VAR_BOOLONOFF 0x0400
#define VAR_BOOLYESNO 0x0800

// The value in the text as the one type that `types` allows.
static HRESULT parse_number(const OLECHAR *text, LCID lcid, ULONG flags, ULONG types, VARIANT *result)
{
    NUMPARSE parse = {.cDig = 64, .dwInFlags = NUMPRS_STD};
    BYTE digits[64];
    HRESULT status = VarParseNumFromStr((OLECHAR *)text, lcid, flags, &parse, digits);
    return FAILED(status) ? status : VarNumFromParseNum(&parse, digits, types, result);
}

#define FROM_STR(to, type, bit, member)                                                                      \
    HOTPATCH HRESULT WINAPI Var##to##FromStr(OLECHAR *text, LCID lcid, ULONG flags, type *result)            \
    {                                                                                                        \
        VARIANT value;                                                                                       \
        HRESULT status = parse_number(text, lcid, flags, bit, &value);                                       \
        if (SUCCEEDED(status)) *result = member(&value);                                                     \
        return status;                                                                                       \
    }

FROM_STR(I1, CHAR, VTBIT_I1, V_I1)
FROM_STR(UI1, BYTE, VTBIT_UI1, V_UI1)
FROM_STR(I2, SHORT, VTBIT_I2, V_I2)
FROM_STR(UI2, USHORT, VTBIT_UI2, V_UI2)
FROM_STR(I4, LONG, VTBIT_I4, V_I4)
FROM_STR(UI4, ULONG, VTBIT_UI4, V_UI4)
FROM_STR(I8, LONG64, VTBIT_I8, V_I8)
FROM_STR(UI8, ULONG64, VTBIT_UI8, V_UI8)
FROM_STR(R4, FLOAT, VTBIT_R4, V_R4)
FROM_STR(R8, DOUBLE, VTBIT_R8, V_R8)
FROM_STR(Cy, CY, VTBIT_CY, V_CY)

HOTPATCH HRESULT WINAPI VarDecFromStr(OLECHAR *text, LCID lcid, ULONG flags, DECIMAL *result)
{
    VARIANT value;
    HRESULT status = parse_number(text, lcid, flags, VTBIT_DECIMAL, &value);
    if (FAILED(status)) return status;
    WORD reserved = result->wReserved;
    *result = V_DECIMAL(&value);
    result->wReserved = reserved;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarBoolFromStr(OLECHAR *text, LCID lcid, ULONG flags, VARIANT_BOOL *result)
{
    if (!text) return DISP_E_TYPEMISMATCH;
    if (!lstrcmpiW(text, L"True") || !wcscmp(text, L"#TRUE#")) {
        *result = VARIANT_TRUE;
        return S_OK;
    }
    if (!lstrcmpiW(text, L"False") || !wcscmp(text, L"#FALSE#")) {
        *result = VARIANT_FALSE;
        return S_OK;
    }
    double number;
    HRESULT status = VarR8FromStr(text, lcid, flags & ~(ULONG)VARIANT_LOCALBOOL, &number);
    if (SUCCEEDED(status)) *result = number != 0 ? VARIANT_TRUE : VARIANT_FALSE;
    return status;
}

static HRESULT store_text(const WCHAR *text, BSTR *result)
{
    *result = SysAllocString(text);
    return *result ? S_OK : E_OUTOFMEMORY;
}

// digits, the lowest first, as text before *end.
static WCHAR *put_digits(struct wide value, int least, WCHAR *end)
{
    for (; least > 0 || !wide_is_zero(&value); least--) *--end = (WCHAR)('0' + wide_divide_small(&value, 10));
    return end;
}

// A number of `scale` digits behind the point, without zeros at the end.
static HRESULT format_scaled(struct wide magnitude, int scale, bool negative, LCID lcid, ULONG flags,
                             BSTR *result)
{
    WCHAR text[80], *end = text + ARRAY_LENGTH(text) - 1, point[8] = L".";
    *end = 0;
    for (; scale > 0; scale--) {
        struct wide shorter = magnitude;
        if (wide_divide_small(&shorter, 10)) break;
        magnitude = shorter;
    }
    WCHAR *at = put_digits(magnitude, scale + 1, end);
    if (scale) {
        GetLocaleInfoW(lcid, LOCALE_SDECIMAL | (flags & LOCALE_NOUSEROVERRIDE), point, ARRAY_LENGTH(point));
        memmove(at - 1, at, (size_t)(end - scale - at) * sizeof(WCHAR));
        at--;
        end[-scale - 1] = point[0];
    }
    if (negative) *--at = '-';
    return store_text(at, result);
}

static HRESULT format_signed(int64_t value, LCID lcid, ULONG flags, BSTR *result)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    return format_scaled(wide_of_integer(magnitude), 0, value < 0, lcid, flags, result);
}

#define BSTR_FROM(from, source)                                                                              \
    HOTPATCH HRESULT WINAPI VarBstrFrom##from(source value, LCID lcid, ULONG flags, BSTR *result)            \
    {                                                                                                        \
        return result ? format_signed(value, lcid, flags, result) : E_INVALIDARG;                            \
    }

BSTR_FROM(I1, CHAR)
BSTR_FROM(UI1, BYTE)
BSTR_FROM(I2, SHORT)
BSTR_FROM(UI2, USHORT)
BSTR_FROM(I4, LONG)
BSTR_FROM(UI4, ULONG)
BSTR_FROM(I8, LONG64)

HOTPATCH HRESULT WINAPI VarBstrFromUI8(ULONG64 value, LCID lcid, ULONG flags, BSTR *result)
{
    return format_scaled(wide_of_integer(value), 0, false, lcid, flags, result);
}

HOTPATCH HRESULT WINAPI VarBstrFromCy(CY value, LCID lcid, ULONG flags, BSTR *result)
{
    uint64_t magnitude = value.int64 < 0 ? -(uint64_t)value.int64 : (uint64_t)value.int64;
    return format_scaled(wide_of_integer(magnitude), CY_DIGITS, value.int64 < 0, lcid, flags, result);
}

HOTPATCH HRESULT WINAPI VarBstrFromDec(DECIMAL *value, LCID lcid, ULONG flags, BSTR *result)
{
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    return format_scaled(wide_of_decimal(value), value->scale, value->sign, lcid, flags, result);
}

// Up to `most` digits, with an exponent when the number has more before the point, or more than 15 places
// behind it.
static HRESULT format_real(double value, int most, LCID lcid, ULONG flags, BSTR *result)
{
    char digits[40];
    WCHAR text[64], point[8] = L".";
    int exponent = 0, length = 0;
    if (value == 0) return store_text(L"0", result);
    _snprintf(digits, sizeof(digits), "%.*e", most - 1, value < 0 ? -value : value);
    if (digits[1] != '.') { // not a number, or infinite
        _snwprintf(text, ARRAY_LENGTH(text), L"%hs%hs", value < 0 ? "-" : "", digits);
        return store_text(text, result);
    }
    char *e = digits;
    while (*e != 'e') e++;
    for (const char *at = e + 2; *at; at++) exponent = exponent * 10 + *at - '0';
    if (e[1] == '-') exponent = -exponent;
    struct wide magnitude = {{0}};
    int scale = -exponent - 1;
    for (char *at = digits; at < e; at++) {
        if (*at == '.') continue;
        wide_multiply_small(&magnitude, 10);
        wide_add(&magnitude, &(struct wide){{(uint32_t)(*at - '0')}});
        scale++;
    }
    int places = scale, used = most;
    for (struct wide shorter = magnitude; !wide_divide_small(&shorter, 10); used--) places--;
    if (exponent < most && places <= 15) {
        for (; scale < 0; scale++) wide_multiply_small(&magnitude, 10);
        return format_scaled(magnitude, scale, value < 0, lcid, flags, result);
    }
    GetLocaleInfoW(lcid, LOCALE_SDECIMAL | (flags & LOCALE_NOUSEROVERRIDE), point, ARRAY_LENGTH(point));
    if (value < 0) text[length++] = '-';
    text[length++] = (WCHAR)digits[0];
    if (used > 1) text[length++] = point[0];
    for (int i = 1; i < used; i++) text[length++] = (WCHAR)digits[i + 1];
    _snwprintf(text + length, ARRAY_LENGTH(text) - (size_t)length, L"E%c%02d", exponent < 0 ? '-' : '+',
               exponent < 0 ? -exponent : exponent);
    return store_text(text, result);
}

HOTPATCH HRESULT WINAPI VarBstrFromR4(FLOAT value, LCID lcid, ULONG flags, BSTR *result)
{
    return format_real(value, 7, lcid, flags, result);
}

HOTPATCH HRESULT WINAPI VarBstrFromR8(DOUBLE value, LCID lcid, ULONG flags, BSTR *result)
{
    return format_real(value, 15, lcid, flags, result);
}

HOTPATCH HRESULT WINAPI VarBstrFromBool(VARIANT_BOOL value, LCID lcid, ULONG flags, BSTR *result)
{
    if (!result) return E_INVALIDARG;
    if (!(flags & (VAR_BOOLONOFF | VAR_BOOLYESNO | VAR_LOCALBOOL)))
        return store_text(value ? L"True" : L"False", result);
    (void)lcid; // texts of other languages are not there
    if (flags & VAR_BOOLONOFF) return store_text(value ? L"On" : L"Off", result);
    if (flags & VAR_BOOLYESNO) return store_text(value ? L"Yes" : L"No", result);
    return store_text(value ? L"True" : L"False", result);
}

HOTPATCH HRESULT WINAPI VarBstrCat(BSTR left, BSTR right, LPBSTR result)
{
    UINT left_bytes = SysStringByteLen(left), right_bytes = SysStringByteLen(right);
    if (!result) return E_INVALIDARG;
    *result = SysAllocStringByteLen(NULL, left_bytes + right_bytes);
    if (!*result) return E_OUTOFMEMORY;
    memcpy(*result, left, left_bytes);
    memcpy((char *)*result + left_bytes, right, right_bytes);
    return S_OK;
}

// Without a locale the bytes are compared.
HOTPATCH HRESULT WINAPI VarBstrCmp(BSTR left, BSTR right, LCID lcid, ULONG flags)
{
    UINT left_bytes = SysStringByteLen(left), right_bytes = SysStringByteLen(right);
    if (!left_bytes || !right_bytes)
        return left_bytes == right_bytes ? VARCMP_EQ : left_bytes ? VARCMP_GT : VARCMP_LT;
    if (lcid) {
        int order =
            CompareStringW(lcid, flags, left, (int)SysStringLen(left), right, (int)SysStringLen(right));
        return order ? order - CSTR_LESS_THAN : E_INVALIDARG;
    }
    int order = memcmp(left, right, left_bytes < right_bytes ? left_bytes : right_bytes);
    if (!order) order = left_bytes < right_bytes ? -1 : left_bytes > right_bytes;
    return order < 0 ? VARCMP_LT : order ? VARCMP_GT : VARCMP_EQ;
}
