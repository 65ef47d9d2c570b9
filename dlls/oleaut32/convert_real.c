// Conversions of numbers to floating point, dates, currency, decimals and truth values.
#include "automation.h"
#include <float.h>
#include <stdio.h>

HOTPATCH HRESULT WINAPI VarR4FromR8(DOUBLE value, FLOAT *result)
{
    if (value > FLT_MAX || value < -FLT_MAX) return DISP_E_OVERFLOW;
    *result = (FLOAT)value;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarDateFromR8(DOUBLE value, DATE *result)
{
    if (!(value > DATE_MIN - 1.0 && value < DATE_MAX + 1.0)) return DISP_E_OVERFLOW;
    *result = value;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarCyFromR8(DOUBLE value, CY *result)
{
    // In two parts: a double has not the digits of a large CY.
    double whole = round_to_even(value);
    if (!(whole >= INT64_MIN / CY_SCALE && whole <= (double)(INT64_MAX / CY_SCALE))) return DISP_E_OVERFLOW;
    int64_t fraction = (int64_t)round_to_even((value - whole) * CY_SCALE);
    bool overflow = __builtin_add_overflow((int64_t)whole * CY_SCALE, fraction, &result->int64);
    return overflow ? DISP_E_OVERFLOW : S_OK;
}

// The number as its first `digits` digits say.
static HRESULT decimal_from_real(double value, int digits, DECIMAL *result)
{
    char text[32];
    int exponent = 0;
    if (!(value > -8e28 && value < 8e28)) return DISP_E_OVERFLOW;
    _snprintf(text, sizeof(text), "%.*e", digits - 1, value < 0 ? -value : value);
    uint64_t magnitude = 0;
    const char *at = text;
    for (; *at && *at != 'e'; at++)
        if (*at != '.') magnitude = magnitude * 10 + (unsigned)(*at - '0');
    bool down = *at && at[1] == '-';
    for (at += 2; *at; at++) exponent = exponent * 10 + *at - '0';
    int scale = digits - 1 - (down ? -exponent : exponent);
    for (; scale > 0 && magnitude && magnitude % 10 == 0; scale--) magnitude /= 10;
    if (!magnitude || scale > DECIMAL_SCALE + digits) magnitude = 0, scale = 0;
    struct wide wide = wide_of_integer(magnitude);
    for (; scale < 0; scale++) wide_multiply_small(&wide, 10);
    return decimal_pack(wide, scale, value < 0 && magnitude, result);
}

HOTPATCH HRESULT WINAPI VarDecFromR8(DOUBLE value, DECIMAL *result)
{
    return decimal_from_real(value, DBL_DIG, result);
}

HOTPATCH HRESULT WINAPI VarDecFromR4(FLOAT value, DECIMAL *result)
{
    return decimal_from_real(value, FLT_DIG + 1, result);
}

HOTPATCH HRESULT WINAPI VarDecFromDate(DATE value, DECIMAL *result)
{
    return VarDecFromR8(value, result);
}

static HRESULT store_decimal(uint64_t magnitude, int scale, bool negative, DECIMAL *result)
{
    result->Hi32 = 0;
    result->Lo64 = magnitude;
    result->scale = (BYTE)scale;
    result->sign = negative ? DECIMAL_NEG : 0;
    return S_OK;
}

static HRESULT decimal_from_signed(int64_t value, int scale, DECIMAL *result)
{
    return store_decimal(value < 0 ? -(uint64_t)value : (uint64_t)value, scale, value < 0, result);
}

HOTPATCH HRESULT WINAPI VarDecFromCy(CY value, DECIMAL *result)
{
    return decimal_from_signed(value.int64, CY_DIGITS, result);
}

HOTPATCH HRESULT WINAPI VarDecFromBool(VARIANT_BOOL value, DECIMAL *result)
{
    return store_decimal(value != VARIANT_FALSE, 0, value < 0, result);
}

HOTPATCH HRESULT WINAPI VarDecFromUI8(ULONG64 value, DECIMAL *result)
{
    return store_decimal(value, 0, false, result);
}

static HRESULT cy_from_signed(int64_t value, CY *result)
{
    return __builtin_mul_overflow(value, (int64_t)CY_SCALE, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCyFromUI8(ULONG64 value, CY *result)
{
    return value > INT64_MAX ? DISP_E_OVERFLOW : cy_from_signed((int64_t)value, result);
}

HOTPATCH HRESULT WINAPI VarCyFromDec(DECIMAL *value, CY *result)
{
    DECIMAL scaled = *value;
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    struct wide magnitude = wide_of_decimal(value);
    for (int i = 0; i < CY_DIGITS; i++) wide_multiply_small(&magnitude, 10);
    HRESULT status = decimal_pack(magnitude, value->scale, value->sign, &scaled);
    if (FAILED(status)) return status;
    bool negative;
    uint64_t whole;
    status = decimal_to_integer(&scaled, &negative, &whole);
    if (FAILED(status)) return status;
    if (whole > (uint64_t)INT64_MAX + negative) return DISP_E_OVERFLOW;
    result->int64 = (int64_t)(negative ? -whole : whole);
    return S_OK;
}

static HRESULT store_bool(bool value, VARIANT_BOOL *result)
{
    *result = value ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarBoolFromDec(DECIMAL *value, VARIANT_BOOL *result)
{
    return decimal_is_valid(value) ? store_bool(value->Hi32 || value->Lo64, result) : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI VarBoolFromCy(CY value, VARIANT_BOOL *result)
{
    return store_bool(value.int64 != 0, result);
}

#define TO_R8(from, source, expression)                                                                      \
    HOTPATCH HRESULT WINAPI VarR8From##from(source value, DOUBLE *result)                                    \
    {                                                                                                        \
        *result = expression;                                                                                \
        return S_OK;                                                                                         \
    }
// Through a double, which rounds no second time.
#define TO_R4(from, source)                                                                                  \
    HOTPATCH HRESULT WINAPI VarR4From##from(source value, FLOAT *result)                                     \
    {                                                                                                        \
        DOUBLE wide;                                                                                         \
        HRESULT status = VarR8From##from(value, &wide);                                                      \
        return FAILED(status) ? status : VarR4FromR8(wide, result);                                          \
    }
#define TO_DATE(from, source)                                                                                \
    HOTPATCH HRESULT WINAPI VarDateFrom##from(source value, DATE *result)                                    \
    {                                                                                                        \
        DOUBLE wide;                                                                                         \
        HRESULT status = VarR8From##from(value, &wide);                                                      \
        return FAILED(status) ? status : VarDateFromR8(wide, result);                                        \
    }
#define TO_CY(from, source)                                                                                  \
    HOTPATCH HRESULT WINAPI VarCyFrom##from(source value, CY *result)                                        \
    {                                                                                                        \
        return cy_from_signed(value, result);                                                                \
    }
#define TO_DEC(from, source)                                                                                 \
    HOTPATCH HRESULT WINAPI VarDecFrom##from(source value, DECIMAL *result)                                  \
    {                                                                                                        \
        return decimal_from_signed(value, 0, result);                                                        \
    }
#define TO_BOOL(from, source)                                                                                \
    HOTPATCH HRESULT WINAPI VarBoolFrom##from(source value, VARIANT_BOOL *result)                            \
    {                                                                                                        \
        return store_bool(value != 0, result);                                                               \
    }
#define FROM_INTEGER(from, source)                                                                           \
    TO_R8(from, source, (double)value) TO_R4(from, source) TO_DATE(from, source) TO_BOOL(from, source)

FROM_INTEGER(I1, CHAR)
TO_CY(I1, CHAR)
TO_DEC(I1, CHAR)
FROM_INTEGER(UI1, BYTE)
TO_CY(UI1, BYTE)
TO_DEC(UI1, BYTE)
FROM_INTEGER(I2, SHORT)
TO_CY(I2, SHORT)
TO_DEC(I2, SHORT)
FROM_INTEGER(UI2, USHORT)
TO_CY(UI2, USHORT)
TO_DEC(UI2, USHORT)
FROM_INTEGER(I4, LONG)
TO_CY(I4, LONG)
TO_DEC(I4, LONG)
FROM_INTEGER(UI4, ULONG)
TO_CY(UI4, ULONG)
TO_DEC(UI4, ULONG)
FROM_INTEGER(I8, LONG64)
TO_DEC(I8, LONG64)
FROM_INTEGER(UI8, ULONG64)

TO_R8(Bool, VARIANT_BOOL, value)
TO_R4(Bool, VARIANT_BOOL)
TO_DATE(Bool, VARIANT_BOOL)
TO_CY(Bool, VARIANT_BOOL)

TO_R8(Cy, CY, (double)value.int64 / CY_SCALE)
TO_R4(Cy, CY)
TO_DATE(Cy, CY)

TO_R8(Date, DATE, value)
TO_R4(Date, DATE)
TO_BOOL(Date, DATE)

TO_R8(R4, FLOAT, value)
TO_DATE(R4, FLOAT)
TO_BOOL(R4, FLOAT)
TO_BOOL(R8, DOUBLE)

// Windows has no use for the last integer on either side, which would fit.
HOTPATCH HRESULT WINAPI VarCyFromI8(LONG64 value, CY *result)
{
    const LONG64 most = INT64_MAX / CY_SCALE - 1;
    return value > most || value < -most ? DISP_E_OVERFLOW : cy_from_signed(value, result);
}

HOTPATCH HRESULT WINAPI VarCyFromR4(FLOAT value, CY *result)
{
    return VarCyFromR8(value, result);
}

HOTPATCH HRESULT WINAPI VarCyFromDate(DATE value, CY *result)
{
    return VarCyFromR8(value, result);
}

HOTPATCH HRESULT WINAPI VarR8FromDec(DECIMAL *value, DOUBLE *result)
{
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    *result = decimal_to_double(value);
    return S_OK;
}
TO_R4(Dec, DECIMAL *)
TO_DATE(Dec, DECIMAL *)

HOTPATCH HRESULT WINAPI VarR4CmpR8(float left, double right)
{
    if ((double)left == right) return VARCMP_EQ;
    return (double)left < right ? VARCMP_LT : VARCMP_GT;
}
