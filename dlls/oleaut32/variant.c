// VARIANTs: clearing and copying. Arrays are not supported yet and are refused.
#include "nt/nt.h"
#include <oleauto.h>

HOTPATCH void WINAPI VariantInit(VARIANTARG *variant)
{
    V_VT(variant) = VT_EMPTY;
}

// Whether a type is one that a VARIANT can hold and this file can handle.
static HRESULT check_type(VARTYPE type)
{
    VARTYPE base = type & VT_TYPEMASK;
    VARTYPE flags = type & (VARTYPE)~VT_TYPEMASK;
    if (flags & ~(VARTYPE)(VT_BYREF | VT_ARRAY)) return DISP_E_BADVARTYPE;
    if ((flags & VT_ARRAY) && !(flags & VT_BYREF)) return DISP_E_BADVARTYPE;
    if (base <= VT_DECIMAL && base != 15) return S_OK;
    if (base >= VT_I1 && base <= VT_UINT) return S_OK;
    return base == VT_RECORD && (flags & VT_BYREF) ? S_OK : DISP_E_BADVARTYPE;
}

HOTPATCH HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    HRESULT result = check_type(V_VT(variant));
    if (FAILED(result)) return result;
    switch (V_VT(variant)) {
    case VT_BSTR: SysFreeString(V_BSTR(variant)); break;
    case VT_DISPATCH:
    case VT_UNKNOWN:
        if (V_UNKNOWN(variant)) IUnknown_Release(V_UNKNOWN(variant));
        break;
    }
    V_VT(variant) = VT_EMPTY;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VariantCopy(VARIANTARG *target, VARIANTARG *source)
{
    if (target == source) return S_OK;
    HRESULT result = check_type(V_VT(source));
    if (FAILED(result)) return result;
    BSTR text = NULL;
    if (V_VT(source) == VT_BSTR && V_BSTR(source)) {
        text = SysAllocStringByteLen((const char *)V_BSTR(source), SysStringByteLen(V_BSTR(source)));
        if (!text) return E_OUTOFMEMORY;
    }
    result = VariantClear(target);
    if (FAILED(result)) {
        SysFreeString(text);
        return result;
    }
    *target = *source;
    if (V_VT(source) == VT_BSTR)
        V_BSTR(target) = text;
    else if ((V_VT(source) == VT_UNKNOWN || V_VT(source) == VT_DISPATCH) && V_UNKNOWN(source))
        IUnknown_AddRef(V_UNKNOWN(source));
    return S_OK;
}
