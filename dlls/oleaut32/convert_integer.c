// Conversions of numbers to integers: halves to even, and DISP_E_OVERFLOW for what the type has no room for.
#include "automation.h"

static HRESULT check_range(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high ? S_OK : DISP_E_OVERFLOW;
}

// below: the first number that is too large.
static HRESULT real_to_integer(double value, double low, double below, int64_t *result)
{
    value = round_to_even(value);
    if (!(value >= low && value < below)) return DISP_E_OVERFLOW;
    *result = value < 0x1p63 ? (int64_t)value : (int64_t)(uint64_t)value;
    return S_OK;
}

// As a 64-bit number of the type's sign.
static HRESULT decimal_to_signed(const DECIMAL *value, bool is_unsigned, int64_t *result)
{
    bool negative;
    uint64_t magnitude;
    HRESULT status = decimal_to_integer(value, &negative, &magnitude);
    if (FAILED(status)) return status;
    if (negative ? is_unsigned || magnitude > (uint64_t)INT64_MAX + 1 : !is_unsigned && magnitude > INT64_MAX)
        return DISP_E_OVERFLOW;
    *result = (int64_t)(negative ? -magnitude : magnitude);
    return S_OK;
}

#define FROM_SIGNED(to, type, low, high, from, source)                                                       \
    HOTPATCH HRESULT WINAPI Var##to##From##from(source value, type *to_)                                     \
    {                                                                                                        \
        HRESULT status = check_range(value, low, high);                                                      \
        if (SUCCEEDED(status)) *to_ = (type)value;                                                           \
        return status;                                                                                       \
    }

#define FROM_UI8(to, type, high)                                                                             \
    HOTPATCH HRESULT WINAPI Var##to##FromUI8(ULONG64 value, type *to_)                                       \
    {                                                                                                        \
        if (value > (ULONG64)(high)) return DISP_E_OVERFLOW;                                                 \
        *to_ = (type)value;                                                                                  \
        return S_OK;                                                                                         \
    }

#define FROM_REAL(to, type, low, below, from, source)                                                        \
    HOTPATCH HRESULT WINAPI Var##to##From##from(source value, type *to_)                                     \
    {                                                                                                        \
        int64_t whole;                                                                                       \
        HRESULT status = real_to_integer(value, low, below, &whole);                                         \
        if (SUCCEEDED(status)) *to_ = (type)whole;                                                           \
        return status;                                                                                       \
    }

// below: high + 1 as a double. A BOOL's bits are taken as they are.
#define FROM_OTHERS(to, type, low, high, below)                                                              \
    FROM_REAL(to, type, low, below, R4, FLOAT)                                                               \
    FROM_REAL(to, type, low, below, R8, DOUBLE)                                                              \
    FROM_REAL(to, type, low, below, Date, DATE)                                                              \
    HOTPATCH HRESULT WINAPI Var##to##FromBool(VARIANT_BOOL value, type *to_)                                 \
    {                                                                                                        \
        *to_ = (type)value;                                                                                  \
        return S_OK;                                                                                         \
    }                                                                                                        \
    HOTPATCH HRESULT WINAPI Var##to##FromDec(DECIMAL *value, type *to_)                                      \
    {                                                                                                        \
        int64_t whole;                                                                                       \
        HRESULT status = decimal_to_signed(value, (type)-1 > 0, &whole);                                     \
        if (SUCCEEDED(status) && sizeof(type) < sizeof(whole))                                               \
            status = check_range(whole, low, (int64_t)high);                                                 \
        if (SUCCEEDED(status)) *to_ = (type)whole;                                                           \
        return status;                                                                                       \
    }

#define FROM_CY(to, type, low, high)                                                                         \
    HOTPATCH HRESULT WINAPI Var##to##FromCy(CY value, type *to_)                                             \
    {                                                                                                        \
        int64_t whole = divide_to_even(value.int64, CY_SCALE);                                               \
        HRESULT status = check_range(whole, low, high);                                                      \
        if (SUCCEEDED(status)) *to_ = (type)whole;                                                           \
        return status;                                                                                       \
    }

#define FROM_I1(to, type, low, high)  FROM_SIGNED(to, type, low, high, I1, CHAR)
#define FROM_UI1(to, type, low, high) FROM_SIGNED(to, type, low, high, UI1, BYTE)
#define FROM_I2(to, type, low, high)  FROM_SIGNED(to, type, low, high, I2, SHORT)
#define FROM_UI2(to, type, low, high) FROM_SIGNED(to, type, low, high, UI2, USHORT)
#define FROM_I4(to, type, low, high)  FROM_SIGNED(to, type, low, high, I4, LONG)
#define FROM_UI4(to, type, low, high) FROM_SIGNED(to, type, low, high, UI4, ULONG)
#define FROM_I8(to, type, low, high)  FROM_SIGNED(to, type, low, high, I8, LONG64)

FROM_UI1(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_I2(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_UI2(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_I4(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_UI4(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_I8(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_UI8(I1, CHAR, INT8_MAX)
FROM_CY(I1, CHAR, INT8_MIN, INT8_MAX)
FROM_OTHERS(I1, CHAR, INT8_MIN, INT8_MAX, 0x1p7)

FROM_I1(UI1, BYTE, 0, UINT8_MAX)
FROM_I2(UI1, BYTE, 0, UINT8_MAX)
FROM_UI2(UI1, BYTE, 0, UINT8_MAX)
FROM_I4(UI1, BYTE, 0, UINT8_MAX)
FROM_UI4(UI1, BYTE, 0, UINT8_MAX)
FROM_I8(UI1, BYTE, 0, UINT8_MAX)
FROM_UI8(UI1, BYTE, UINT8_MAX)
FROM_CY(UI1, BYTE, 0, UINT8_MAX)
FROM_OTHERS(UI1, BYTE, 0, UINT8_MAX, 0x1p8)

FROM_I1(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_UI1(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_UI2(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_I4(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_UI4(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_I8(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_UI8(I2, SHORT, INT16_MAX)
FROM_CY(I2, SHORT, INT16_MIN, INT16_MAX)
FROM_OTHERS(I2, SHORT, INT16_MIN, INT16_MAX, 0x1p15)

FROM_I1(UI2, USHORT, 0, UINT16_MAX)
FROM_UI1(UI2, USHORT, 0, UINT16_MAX)
FROM_I2(UI2, USHORT, 0, UINT16_MAX)
FROM_I4(UI2, USHORT, 0, UINT16_MAX)
FROM_UI4(UI2, USHORT, 0, UINT16_MAX)
FROM_I8(UI2, USHORT, 0, UINT16_MAX)
FROM_UI8(UI2, USHORT, UINT16_MAX)
FROM_CY(UI2, USHORT, 0, UINT16_MAX)
FROM_OTHERS(UI2, USHORT, 0, UINT16_MAX, 0x1p16)

FROM_I1(I4, LONG, INT32_MIN, INT32_MAX)
FROM_UI1(I4, LONG, INT32_MIN, INT32_MAX)
FROM_I2(I4, LONG, INT32_MIN, INT32_MAX)
FROM_UI2(I4, LONG, INT32_MIN, INT32_MAX)
FROM_UI4(I4, LONG, INT32_MIN, INT32_MAX)
FROM_I8(I4, LONG, INT32_MIN, INT32_MAX)
FROM_UI8(I4, LONG, INT32_MAX)
FROM_CY(I4, LONG, INT32_MIN, INT32_MAX)
FROM_OTHERS(I4, LONG, INT32_MIN, INT32_MAX, 0x1p31)

FROM_I1(UI4, ULONG, 0, UINT32_MAX)
FROM_UI1(UI4, ULONG, 0, UINT32_MAX)
FROM_I2(UI4, ULONG, 0, UINT32_MAX)
FROM_UI2(UI4, ULONG, 0, UINT32_MAX)
FROM_I4(UI4, ULONG, 0, UINT32_MAX)
FROM_I8(UI4, ULONG, 0, UINT32_MAX)
FROM_UI8(UI4, ULONG, UINT32_MAX)
FROM_CY(UI4, ULONG, 0, UINT32_MAX)
FROM_OTHERS(UI4, ULONG, 0, UINT32_MAX, 0x1p32)

FROM_I1(I8, LONG64, INT64_MIN, INT64_MAX)
FROM_UI1(I8, LONG64, INT64_MIN, INT64_MAX)
FROM_I2(I8, LONG64, INT64_MIN, INT64_MAX)
FROM_UI2(I8, LONG64, INT64_MIN, INT64_MAX)
FROM_UI4(I8, LONG64, INT64_MIN, INT64_MAX)
FROM_UI8(I8, LONG64, INT64_MAX)
FROM_OTHERS(I8, LONG64, INT64_MIN, INT64_MAX, 0x1p63)

// Windows does not round as elsewhere: what is below zero goes to the next integer below, even from an
// integer.
HOTPATCH HRESULT WINAPI VarI8FromCy(CY value, LONG64 *result)
{
    *result = value.int64 / CY_SCALE - (value.int64 < 0);
    if (value.int64 > 0) *result = divide_to_even(value.int64, CY_SCALE);
    return S_OK;
}

FROM_I1(UI8, ULONG64, 0, INT64_MAX)
FROM_UI1(UI8, ULONG64, 0, INT64_MAX)
FROM_I2(UI8, ULONG64, 0, INT64_MAX)
FROM_UI2(UI8, ULONG64, 0, INT64_MAX)
FROM_UI4(UI8, ULONG64, 0, INT64_MAX)
FROM_I8(UI8, ULONG64, 0, INT64_MAX)
FROM_CY(UI8, ULONG64, 0, INT64_MAX)
FROM_OTHERS(UI8, ULONG64, 0, UINT64_MAX, 0x1p64)
