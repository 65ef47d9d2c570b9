// Functions of one VARIANT: negation, sign and rounding; and the logical operations of two.
#include "automation.h"
#include <math.h>

enum unary { NEGATE, MAGNITUDE, FIX, INTEGER, ROUND };

static HRESULT real_function(enum unary function, int digits, double value, double *result)
{
    switch (function) {
    case NEGATE: *result = -value; return S_OK;
    case MAGNITUDE: *result = fabs(value); return S_OK;
    case FIX: *result = value < 0 ? ceil(value) : floor(value); return S_OK;
    case INTEGER: *result = floor(value); return S_OK;
    default: return VarR8Round(value, digits, result);
    }
}

static HRESULT currency_function(enum unary function, int digits, CY value, CY *result)
{
    switch (function) {
    case NEGATE: return VarCyNeg(value, result);
    case MAGNITUDE: return VarCyAbs(value, result);
    case FIX: return VarCyFix(value, result);
    case INTEGER: return VarCyInt(value, result);
    default: return VarCyRound(value, digits, result);
    }
}

static HRESULT decimal_function(enum unary function, int digits, DECIMAL *value, DECIMAL *result)
{
    switch (function) {
    case NEGATE: return VarDecNeg(value, result);
    case MAGNITUDE: return VarDecAbs(value, result);
    case FIX: return VarDecFix(value, result);
    case INTEGER: return VarDecInt(value, result);
    default: return VarDecRound(value, digits, result);
    }
}

// Integers change by sign only; one that has no room for its negative becomes the next larger type.
static HRESULT integer_function(enum unary function, VARIANT *value)
{
    VARTYPE type = V_VT(value) == VT_EMPTY || V_VT(value) == VT_BOOL ? VT_I2 : V_VT(value);
    VARIANT wide;
    VariantInit(&wide);
    if (function == MAGNITUDE && type == VT_UI8) return S_OK; // which VT_I8 has no room for
    HRESULT status = VariantChangeType(&wide, value, 0, VT_I8);
    if (FAILED(status)) return status;
    if (function == NEGATE || (function == MAGNITUDE && V_I8(&wide) < 0)) {
        if (V_I8(&wide) == INT64_MIN) {
            V_VT(value) = VT_R8;
            V_R8(value) = 0x1p63;
            return S_OK;
        }
        V_I8(&wide) = -V_I8(&wide);
    }
    V_VT(value) = VT_EMPTY;
    status = VariantChangeType(value, &wide, 0, type);
    if (status != DISP_E_OVERFLOW) return status;
    VARTYPE next = type == VT_UI1 || type == VT_I1 ? VT_I2 : type == VT_I2 ? VT_I4 : VT_R8;
    return VariantChangeType(value, &wide, 0, next);
}

static HRESULT apply(enum unary function, int digits, VARIANT *source, VARIANT *result)
{
    VARIANT value;
    if (V_VT(source) & VT_ARRAY) return DISP_E_TYPEMISMATCH;
    if (V_VT(source) & VT_BYREF && !V_BYREF(source)) return DISP_E_BADVARTYPE;
    if (V_VT(source) == VT_DISPATCH && !V_DISPATCH(source)) return DISP_E_TYPEMISMATCH;
    VariantInit(&value);
    // Texts are read where they are.
    HRESULT status = V_VT(source) == VT_BSTR ? VariantChangeType(&value, source, 0, VT_R8)
                                             : VariantCopyInd(&value, source);
    if (SUCCEEDED(status) && (V_VT(&value) == VT_BSTR || V_VT(&value) == VT_DISPATCH))
        status = VariantChangeType(&value, &value, 0, VT_R8);
    if (FAILED(status)) {
        VariantClear(&value);
        return status;
    }
    switch (V_VT(&value)) {
    case VT_NULL: break;
    case VT_EMPTY:
    case VT_BOOL:
    case VT_I1:
    case VT_UI1:
    case VT_I2:
    case VT_UI2:
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_I8:
    case VT_UI8: status = integer_function(function, &value); break;
    case VT_R4: {
        double wide;
        status = real_function(function, digits, V_R4(&value), &wide);
        if (SUCCEEDED(status)) status = VarR4FromR8(wide, &V_R4(&value));
        break;
    }
    case VT_R8:
    case VT_DATE: status = real_function(function, digits, V_R8(&value), &V_R8(&value)); break;
    case VT_CY: status = currency_function(function, digits, V_CY(&value), &V_CY(&value)); break;
    case VT_DECIMAL: {
        DECIMAL decimal = V_DECIMAL(&value);
        status = decimal_function(function, digits, &decimal, &V_DECIMAL(&value));
        V_VT(&value) = VT_DECIMAL;
        break;
    }
    case VT_ERROR:
    case VT_RECORD:
    case VT_UNKNOWN: status = DISP_E_TYPEMISMATCH; break;
    default: status = DISP_E_BADVARTYPE;
    }
    if (FAILED(status))
        VariantClear(&value);
    else
        *result = value;
    return status;
}

HOTPATCH HRESULT WINAPI VarNeg(LPVARIANT value, LPVARIANT result)
{
    return apply(NEGATE, 0, value, result);
}

HOTPATCH HRESULT WINAPI VarAbs(LPVARIANT value, LPVARIANT result)
{
    return apply(MAGNITUDE, 0, value, result);
}

HOTPATCH HRESULT WINAPI VarFix(LPVARIANT value, LPVARIANT result)
{
    return apply(FIX, 0, value, result);
}

HOTPATCH HRESULT WINAPI VarInt(LPVARIANT value, LPVARIANT result)
{
    return apply(INTEGER, 0, value, result);
}

HOTPATCH HRESULT WINAPI VarRound(LPVARIANT value, int digits, LPVARIANT result)
{
    return digits < 0 ? E_INVALIDARG : apply(ROUND, digits, value, result);
}

// The type in which bits are combined: what both fit in, a BOOL only with its like. Windows has a VT_UI8 fit
// in VT_I4.
static VARTYPE logical_type(VARTYPE left, VARTYPE right)
{
    if (left == right && (left == VT_BOOL || left == VT_UI1 || left == VT_I2)) return left;
    if (left == VT_I8 || right == VT_I8) return VT_I8;
    bool small_left = left == VT_BOOL || left == VT_UI1 || left == VT_I2 || left == VT_EMPTY;
    bool small_right = right == VT_BOOL || right == VT_UI1 || right == VT_I2 || right == VT_EMPTY;
    if (small_left && small_right) return VT_I2;
    if ((left == VT_BSTR && right == VT_BOOL) || (left == VT_BOOL && right == VT_BSTR)) return VT_BOOL;
    return VT_I4;
}

enum logic { AND, OR, XOR, EQUIVALENT, IMPLIES };

static int64_t combine(enum logic logic, int64_t left, int64_t right)
{
    switch (logic) {
    case AND: return left & right;
    case OR: return left | right;
    case XOR: return left ^ right;
    case EQUIVALENT: return ~(left ^ right);
    default: return ~left | right;
    }
}

// Null stays unless the other operand decides alone: False And Null is False, True Or Null is True.
static bool decides(enum logic logic, const VARIANT *value, bool is_left)
{
    if (logic == AND) return V_I8(value) == 0;
    if (logic == OR) return V_I8(value) != 0;
    return logic == IMPLIES && (is_left ? V_I8(value) == 0 : V_I8(value) != 0);
}

static HRESULT combine_with_null(enum logic logic, VARIANT *left, VARIANT *right, VARIANT *result)
{
    bool is_left = V_VT(left) != VT_NULL;
    VARIANT *known = is_left ? left : right, wide;
    V_VT(result) = VT_NULL;
    if (V_VT(known) == VT_NULL) return S_OK;
    VARTYPE type = V_VT(known) == VT_EMPTY ? VT_I2 : logical_type(V_VT(known), V_VT(known));
    VariantInit(&wide);
    HRESULT status = VariantChangeType(&wide, known, 0, VT_I8);
    if (FAILED(status) || !decides(logic, &wide, is_left)) return status;
    if (logic == IMPLIES && is_left) V_I8(&wide) = -1;
    V_VT(result) = VT_EMPTY;
    return VariantChangeType(result, &wide, 0, type);
}

// What bits are taken of, texts as a number of the type, or else as True or False. The caller clears *copy.
static HRESULT load_logical(VARIANT *value, VARTYPE number, VARIANT *copy)
{
    VariantInit(copy);
    if (FAILED(check_type(V_VT(value)))) return DISP_E_BADVARTYPE;
    if (V_VT(value) == VT_VARIANT) return DISP_E_TYPEMISMATCH;
    if ((V_VT(value) & VT_TYPEMASK) == VT_CLSID) return DISP_E_BADVARTYPE;
    if (V_VT(value) & VT_ARRAY) return DISP_E_TYPEMISMATCH;
    if (V_VT(value) & VT_BYREF && !V_BYREF(value)) return DISP_E_TYPEMISMATCH;
    if (V_VT(value) == VT_DISPATCH && !V_DISPATCH(value)) return DISP_E_TYPEMISMATCH;
    HRESULT status = S_OK;
    VARIANT *source = value;
    if (V_VT(value) != VT_BSTR) {
        status = VariantCopyInd(copy, value);
        source = copy;
    }
    if (FAILED(status) || V_VT(source) != VT_BSTR) return status;
    status = VariantChangeType(copy, source, 0, number);
    return status == DISP_E_TYPEMISMATCH ? VariantChangeType(copy, source, 0, VT_BOOL) : status;
}

static HRESULT combine_variants(enum logic logic, VARIANT *left_source, VARIANT *right_source,
                                VARIANT *result)
{
    VARIANT left, right;
    bool left_text = V_VT(left_source) == VT_BSTR, right_text = V_VT(right_source) == VT_BSTR;
    VariantInit(&right);
    HRESULT status = load_logical(left_source, VT_I8, &left);
    if (SUCCEEDED(status)) status = load_logical(right_source, VT_I8, &right);
    // Windows has no type for these two.
    if (SUCCEEDED(status) && ((V_VT(&left) == VT_I8 && !left_text && V_VT(&right) == VT_INT) ||
                              (V_VT(&left) == VT_INT && V_VT(&right) == VT_I8 && !right_text)))
        status = DISP_E_TYPEMISMATCH;
    VariantInit(result); // only now: it may be one of the operands
    if (SUCCEEDED(status) && (V_VT(&left) == VT_NULL || V_VT(&right) == VT_NULL)) {
        if (left_text && V_VT(&left) == VT_I8) status = VariantChangeType(&left, &left, 0, VT_I4);
        if (right_text && V_VT(&right) == VT_I8) status = VariantChangeType(&right, &right, 0, VT_I4);
        if (SUCCEEDED(status)) status = combine_with_null(logic, &left, &right, result);
    } else if (SUCCEEDED(status)) {
        VARTYPE type = logical_type(left_text ? VT_BSTR : V_VT(&left), right_text ? VT_BSTR : V_VT(&right));
        // What has no room in the result's type is an overflow, not a number with other bits.
        status = VariantChangeType(&left, &left, 0, type);
        if (SUCCEEDED(status)) status = VariantChangeType(&right, &right, 0, type);
        if (SUCCEEDED(status)) {
            V_I8(result) = combine(logic, V_I8(&left), V_I8(&right));
            V_VT(result) = type;
        }
    }
    VariantClear(&left);
    VariantClear(&right);
    return status;
}

HOTPATCH HRESULT WINAPI VarAnd(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return combine_variants(AND, left, right, result);
}

HOTPATCH HRESULT WINAPI VarOr(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return combine_variants(OR, left, right, result);
}

HOTPATCH HRESULT WINAPI VarXor(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return combine_variants(XOR, left, right, result);
}

HOTPATCH HRESULT WINAPI VarEqv(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return combine_variants(EQUIVALENT, left, right, result);
}

HOTPATCH HRESULT WINAPI VarImp(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return combine_variants(IMPLIES, left, right, result);
}

HOTPATCH HRESULT WINAPI VarNot(LPVARIANT value, LPVARIANT result)
{
    VARIANT all = {.vt = VT_EMPTY}, copy;
    HRESULT status = load_logical(value, VT_I4, &copy);
    if (FAILED(status)) {
        VariantClear(&copy);
        return status;
    }
    V_VT(&all) =
        V_VT(&copy) == VT_NULL || V_VT(&copy) == VT_EMPTY ? VT_I2 : logical_type(V_VT(&copy), V_VT(&copy));
    V_I8(&all) = -1;
    if (V_VT(&copy) == VT_NULL)
        V_VT(result) = VT_NULL;
    else
        status = VarXor(&copy, &all, result);
    VariantClear(&copy);
    return status;
}
