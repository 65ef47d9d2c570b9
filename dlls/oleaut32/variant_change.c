// Changing a VARIANT's type.
#include "automation.h"

// A type's own conversion to itself, and others that oleaut32 does not export.
#define VarI1FromI1(value, result)     (*(result) = (value), S_OK)
#define VarUI1FromUI1(value, result)   (*(result) = (value), S_OK)
#define VarI2FromI2(value, result)     (*(result) = (value), S_OK)
#define VarUI2FromUI2(value, result)   (*(result) = (value), S_OK)
#define VarR4FromR4(value, result)     (*(result) = (value), S_OK)
#define VarR8FromR8(value, result)     (*(result) = (value), S_OK)
#define VarCyFromCy(value, result)     (*(result) = (value), S_OK)
#define VarDateFromDate(value, result) (*(result) = (value), S_OK)
#define VarBoolFromBool(value, result) (*(result) = (value), S_OK)
#define VarDecFromDec(value, result)   (*(result) = *(value), S_OK)
#define VarI8FromI4(value, result)     (*(result) = (value), S_OK)
#define VarUI8FromI4(value, result)    ((value) < 0 ? DISP_E_OVERFLOW : (*(result) = (ULONG64)(value), S_OK))
#undef VarI4FromI4
#undef VarUI4FromUI4
#undef VarI8FromI8
#undef VarUI8FromUI8
#define VarI4FromI4(value, result)   (*(result) = (value), S_OK)
#define VarUI4FromUI4(value, result) (*(result) = (value), S_OK)
#define VarI8FromI8(value, result)   (*(result) = (value), S_OK)
#define VarUI8FromUI8(value, result) (*(result) = (value), S_OK)

struct conversion {
    LCID lcid;
    USHORT flags;     // VARIANT_...
    ULONG text_flags; // LOCALE_NOUSEROVERRIDE and VAR_...
};

// From each type that has numbers, texts included. `result`: of the target's type.
#define FROM_ALL(to, source, how, result)                                                                    \
    switch (V_VT(source)) {                                                                                  \
    case VT_I1: return Var##to##FromI1(V_I1(source), result);                                                \
    case VT_UI1: return Var##to##FromUI1(V_UI1(source), result);                                             \
    case VT_I2: return Var##to##FromI2(V_I2(source), result);                                                \
    case VT_UI2: return Var##to##FromUI2(V_UI2(source), result);                                             \
    case VT_INT:                                                                                             \
    case VT_I4: return Var##to##FromI4(V_I4(source), result);                                                \
    case VT_UINT:                                                                                            \
    case VT_UI4: return Var##to##FromUI4(V_UI4(source), result);                                             \
    case VT_I8: return Var##to##FromI8(V_I8(source), result);                                                \
    case VT_UI8: return Var##to##FromUI8(V_UI8(source), result);                                             \
    case VT_R4: return Var##to##FromR4(V_R4(source), result);                                                \
    case VT_R8: return Var##to##FromR8(V_R8(source), result);                                                \
    case VT_CY: return Var##to##FromCy(V_CY(source), result);                                                \
    case VT_DATE: return Var##to##FromDate(V_DATE(source), result);                                          \
    case VT_BOOL: return Var##to##FromBool(V_BOOL(source), result);                                          \
    case VT_DECIMAL: return Var##to##FromDec(&V_DECIMAL(source), result);                                    \
    case VT_BSTR: return Var##to##FromStr(V_BSTR(source), (how)->lcid, (how)->text_flags, result);           \
    }                                                                                                        \
    return DISP_E_TYPEMISMATCH

#define CONVERTER(to, type)                                                                                  \
    static HRESULT to_##to(VARIANT *source, const struct conversion *how, type *result)                      \
    {                                                                                                        \
        FROM_ALL(to, source, how, result);                                                                   \
    }

CONVERTER(I1, CHAR)
CONVERTER(UI1, BYTE)
CONVERTER(I2, SHORT)
CONVERTER(UI2, USHORT)
CONVERTER(I4, LONG)
CONVERTER(UI4, ULONG)
CONVERTER(I8, LONG64)
CONVERTER(UI8, ULONG64)
CONVERTER(R4, FLOAT)
CONVERTER(R8, DOUBLE)
CONVERTER(Cy, CY)
CONVERTER(Date, DATE)
CONVERTER(Bool, VARIANT_BOOL)
CONVERTER(Dec, DECIMAL)

static HRESULT bool_to_text(VARIANT_BOOL value, const struct conversion *how, BSTR *result)
{
    if (how->flags & VARIANT_LOCALBOOL)
        return VarBstrFromBool(value, how->lcid, how->text_flags | VAR_LOCALBOOL, result);
    if (how->flags & VARIANT_ALPHABOOL) return VarBstrFromBool(value, how->lcid, how->text_flags, result);
    return VarBstrFromI2(value, how->lcid, how->text_flags, result);
}

static HRESULT to_text(VARIANT *source, const struct conversion *how, BSTR *result)
{
    LCID lcid = how->lcid;
    ULONG flags = how->text_flags;
    switch (V_VT(source)) {
    case VT_EMPTY: *result = SysAllocString(L""); return *result ? S_OK : E_OUTOFMEMORY;
    case VT_I1: return VarBstrFromI1(V_I1(source), lcid, flags, result);
    case VT_UI1: return VarBstrFromUI1(V_UI1(source), lcid, flags, result);
    case VT_I2: return VarBstrFromI2(V_I2(source), lcid, flags, result);
    case VT_UI2: return VarBstrFromUI2(V_UI2(source), lcid, flags, result);
    case VT_INT:
    case VT_I4: return VarBstrFromI4(V_I4(source), lcid, flags, result);
    case VT_UINT:
    case VT_UI4: return VarBstrFromUI4(V_UI4(source), lcid, flags, result);
    case VT_I8: return VarBstrFromI8(V_I8(source), lcid, flags, result);
    case VT_UI8: return VarBstrFromUI8(V_UI8(source), lcid, flags, result);
    case VT_R4: return VarBstrFromR4(V_R4(source), lcid, flags, result);
    case VT_R8: return VarBstrFromR8(V_R8(source), lcid, flags, result);
    case VT_CY: return VarBstrFromCy(V_CY(source), lcid, flags, result);
    case VT_DATE: return VarBstrFromDate(V_DATE(source), lcid, flags, result);
    case VT_DECIMAL: return VarBstrFromDec(&V_DECIMAL(source), lcid, flags, result);
    case VT_BOOL: return bool_to_text(V_BOOL(source), how, result);
    }
    return DISP_E_TYPEMISMATCH;
}

static HRESULT to_object(VARIANT *source, VARTYPE type, VARIANT *result)
{
    if (V_VT(source) != VT_UNKNOWN && V_VT(source) != VT_DISPATCH) return DISP_E_TYPEMISMATCH;
    V_UNKNOWN(result) = NULL;
    if (!V_UNKNOWN(source)) return S_OK;
    REFIID id = type == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown;
    return SUCCEEDED(IUnknown_QueryInterface(V_UNKNOWN(source), id, (void **)&V_UNKNOWN(result)))
               ? S_OK
               : DISP_E_TYPEMISMATCH;
}

// Signed and unsigned integers of one size pass their bits, without a look at the sign.
static bool same_bits(VARTYPE from, VARTYPE to)
{
    unsigned size = element_size(from);
    bool integers = ((from >= VT_I1 && from <= VT_UINT) || from == VT_I2 || from == VT_I4) &&
                    ((to >= VT_I1 && to <= VT_UINT) || to == VT_I2 || to == VT_I4);
    return integers && size == element_size(to);
}

// source: no reference. *result: its value, without the type.
static HRESULT convert(VARIANT *source, VARTYPE type, const struct conversion *how, VARIANT *result)
{
    VARIANT zero = {.vt = VT_I4};
    if (V_VT(source) == VT_EMPTY && type != VT_BSTR) source = &zero;
    if (V_VT(source) == VT_DISPATCH && type != VT_DISPATCH && type != VT_UNKNOWN &&
        !(how->flags & VARIANT_NOVALUEPROP))
        return dispatch_value(V_DISPATCH(source), how->lcid, how->flags, type, result);
    if (same_bits(V_VT(source), type)) {
        V_I8(result) = V_I8(source);
        return S_OK;
    }
    switch (type) {
    case VT_I1: return to_I1(source, how, &V_I1(result));
    case VT_UI1: return to_UI1(source, how, &V_UI1(result));
    case VT_I2: return to_I2(source, how, &V_I2(result));
    case VT_UI2: return to_UI2(source, how, &V_UI2(result));
    case VT_INT:
    case VT_I4: return to_I4(source, how, &V_I4(result));
    case VT_UINT:
    case VT_UI4: return to_UI4(source, how, &V_UI4(result));
    case VT_I8: return to_I8(source, how, &V_I8(result));
    case VT_UI8: return to_UI8(source, how, &V_UI8(result));
    case VT_R4: return to_R4(source, how, &V_R4(result));
    case VT_R8: return to_R8(source, how, &V_R8(result));
    case VT_CY: return to_Cy(source, how, &V_CY(result));
    case VT_DATE: return to_Date(source, how, &V_DATE(result));
    case VT_BOOL: return to_Bool(source, how, &V_BOOL(result));
    case VT_DECIMAL: return to_Dec(source, how, &V_DECIMAL(result));
    case VT_BSTR: return to_text(source, how, &V_BSTR(result));
    case VT_DISPATCH:
    case VT_UNKNOWN: return to_object(source, type, result);
    }
    return DISP_E_TYPEMISMATCH;
}

static HRESULT convert_array(VARIANT *source, VARTYPE type, VARIANT *result)
{
    if (type == (VT_ARRAY | VT_UI1) && V_VT(source) == VT_BSTR)
        return VectorFromBstr(V_BSTR(source), &V_ARRAY(result));
    if (type == VT_BSTR && V_VT(source) == (VT_ARRAY | VT_UI1))
        return BstrFromVector(V_ARRAY(source), &V_BSTR(result));
    return DISP_E_TYPEMISMATCH;
}

// Nothing changes in *target when it fails. target and source may be the same.
HOTPATCH HRESULT WINAPI VariantChangeTypeEx(VARIANTARG *target, VARIANTARG *source, LCID lcid, USHORT flags,
                                            VARTYPE type)
{
    struct conversion how = {lcid, flags, flags & VARIANT_NOUSEROVERRIDE ? LOCALE_NOUSEROVERRIDE : 0};
    VARTYPE base = type & VT_TYPEMASK;
    if (base == VT_CLSID) return DISP_E_BADVARTYPE;
    if (base != VT_VARIANT && base > VT_NULL && FAILED(check_type(type & (VARTYPE)~VT_BYREF)))
        return DISP_E_BADVARTYPE;
    if (V_VT(source) & VT_BYREF && !V_BYREF(source)) return DISP_E_TYPEMISMATCH;
    if (type & VT_BYREF || type == VT_VARIANT) return DISP_E_TYPEMISMATCH;
    VARIANT value = {0}, result = {0};
    // A conversion only reads: what it converts needn't be copied, and may be a text without a length.
    bool borrowed =
        !(V_VT(source) & VT_BYREF) && V_VT(source) != type && (V_VT(source) != VT_BSTR || V_BSTR(source));
    HRESULT status = borrowed ? check_type(V_VT(source)) : VariantCopyInd(&value, source);
    if (FAILED(status)) return status;
    if (borrowed) value = *source;
    if (V_VT(&value) == type) {
        result = value;
        V_VT(&value) = VT_EMPTY;
    } else if (V_VT(&value) == VT_ERROR || (V_VT(&value) == VT_NULL && type != VT_NULL)) {
        status = DISP_E_TYPEMISMATCH;
    } else if (type & VT_ARRAY || V_VT(&value) & VT_ARRAY) {
        status = convert_array(&value, type, &result);
    } else if (type > VT_NULL) {
        status = convert(&value, type, &how, &result);
    }
    if (!borrowed) VariantClear(&value);
    if (FAILED(status)) return status;
    V_VT(&result) = type;
    status = VariantClear(target);
    if (SUCCEEDED(status))
        *target = result;
    else
        VariantClear(&result);
    return status;
}

HOTPATCH HRESULT WINAPI VariantChangeType(VARIANTARG *target, VARIANTARG *source, USHORT flags, VARTYPE type)
{
    return VariantChangeTypeEx(target, source, LOCALE_USER_DEFAULT, flags, type);
}
