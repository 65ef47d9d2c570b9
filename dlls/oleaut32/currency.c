// Arithmetic of CYs: 64-bit integers of ten thousandths.
#include "automation.h"

int64_t divide_to_even(int64_t value, int64_t divisor)
{
    int64_t quotient = value / divisor, rest = value % divisor, left = divisor - (rest < 0 ? -rest : rest);
    int64_t magnitude = rest < 0 ? -rest : rest;
    if (magnitude > left || (magnitude == left && quotient & 1)) quotient += value < 0 ? -1 : 1;
    return quotient;
}

HOTPATCH HRESULT WINAPI VarCyAdd(const CY left, const CY right, LPCY result)
{
    return __builtin_add_overflow(left.int64, right.int64, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCySub(const CY left, const CY right, LPCY result)
{
    return __builtin_sub_overflow(left.int64, right.int64, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

HOTPATCH HRESULT WINAPI VarCyMul(const CY left, const CY right, LPCY result)
{
    struct wide product, l = wide_of_integer(magnitude(left.int64)),
                         r = wide_of_integer(magnitude(right.int64));
    wide_multiply(&product, &l, &r);
    uint32_t rest = wide_divide_small(&product, CY_SCALE);
    if (rest > CY_SCALE / 2 || (rest == CY_SCALE / 2 && product.limb[0] & 1))
        wide_add(&product, &(struct wide){{1}});
    bool negative = (left.int64 < 0) != (right.int64 < 0);
    uint64_t value = (uint64_t)product.limb[1] << 32 | product.limb[0];
    if (product.limb[2] || product.limb[3] || value > (uint64_t)INT64_MAX + negative) return DISP_E_OVERFLOW;
    result->int64 = (int64_t)(negative ? -value : value);
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarCyMulI8(const CY left, LONG64 right, LPCY result)
{
    return __builtin_mul_overflow(left.int64, right, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCyMulI4(const CY left, LONG right, LPCY result)
{
    return VarCyMulI8(left, right, result);
}

HOTPATCH HRESULT WINAPI VarCyNeg(const CY value, LPCY result)
{
    return __builtin_sub_overflow((int64_t)0, value.int64, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCyAbs(const CY value, LPCY result)
{
    if (value.int64 < 0) return VarCyNeg(value, result);
    *result = value;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarCyFix(const CY value, LPCY result)
{
    result->int64 = value.int64 / CY_SCALE * CY_SCALE;
    return S_OK;
}

// The largest integer that is not above.
HOTPATCH HRESULT WINAPI VarCyInt(const CY value, LPCY result)
{
    int64_t whole = value.int64 / CY_SCALE;
    if (value.int64 % CY_SCALE < 0) whole--;
    return __builtin_mul_overflow(whole, (int64_t)CY_SCALE, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCyRound(const CY value, int digits, LPCY result)
{
    if (digits < 0) return E_INVALIDARG;
    int64_t unit = 1;
    for (int i = digits; i < CY_DIGITS; i++) unit *= 10;
    int64_t rounded = divide_to_even(value.int64, unit);
    return __builtin_mul_overflow(rounded, unit, &result->int64) ? DISP_E_OVERFLOW : S_OK;
}

HOTPATCH HRESULT WINAPI VarCyCmp(const CY left, const CY right)
{
    if (left.int64 == right.int64) return VARCMP_EQ;
    return left.int64 < right.int64 ? VARCMP_LT : VARCMP_GT;
}

HOTPATCH HRESULT WINAPI VarCyCmpR8(const CY left, double right)
{
    CY currency;
    HRESULT result = VarCyFromR8(right, &currency);
    return FAILED(result) ? result : VarCyCmp(left, currency);
}
