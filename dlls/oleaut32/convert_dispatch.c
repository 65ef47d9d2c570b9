// Conversions of objects: the value of their default property.
#include "automation.h"

HRESULT dispatch_property(IDispatch *object, LCID lcid, VARIANT *value)
{
    static const IID no_interface;
    DISPPARAMS none = {0};
    VariantInit(value);
    if (!object) return DISP_E_BADVARTYPE;
    return IDispatch_Invoke(object, DISPID_VALUE, &no_interface, lcid, DISPATCH_PROPERTYGET, &none, value,
                            NULL, NULL);
}

HRESULT dispatch_value(IDispatch *object, LCID lcid, USHORT flags, VARTYPE type, VARIANT *result)
{
    VARIANT value;
    VariantInit(result);
    if (!object) return DISP_E_BADVARTYPE;
    HRESULT status = dispatch_property(object, lcid, &value);
    status = FAILED(status) ? DISP_E_TYPEMISMATCH : VariantChangeTypeEx(result, &value, lcid, flags, type);
    VariantClear(&value);
    return status;
}

#define FROM_DISP(to, type, vt, member)                                                                      \
    HOTPATCH HRESULT WINAPI Var##to##FromDisp(IDispatch *object, LCID lcid, type *result)                    \
    {                                                                                                        \
        VARIANT value;                                                                                       \
        HRESULT status = dispatch_value(object, lcid, 0, vt, &value);                                        \
        if (SUCCEEDED(status)) *result = member(&value);                                                     \
        return status;                                                                                       \
    }

FROM_DISP(I1, CHAR, VT_I1, V_I1)
FROM_DISP(UI1, BYTE, VT_UI1, V_UI1)
FROM_DISP(I2, SHORT, VT_I2, V_I2)
FROM_DISP(UI2, USHORT, VT_UI2, V_UI2)
FROM_DISP(I4, LONG, VT_I4, V_I4)
FROM_DISP(UI4, ULONG, VT_UI4, V_UI4)
FROM_DISP(I8, LONG64, VT_I8, V_I8)
FROM_DISP(UI8, ULONG64, VT_UI8, V_UI8)
FROM_DISP(R4, FLOAT, VT_R4, V_R4)
FROM_DISP(R8, DOUBLE, VT_R8, V_R8)
FROM_DISP(Date, DATE, VT_DATE, V_DATE)
FROM_DISP(Cy, CY, VT_CY, V_CY)
FROM_DISP(Bool, VARIANT_BOOL, VT_BOOL, V_BOOL)
FROM_DISP(Dec, DECIMAL, VT_DECIMAL, V_DECIMAL)

HOTPATCH HRESULT WINAPI VarBstrFromDisp(IDispatch *object, LCID lcid, ULONG flags, BSTR *result)
{
    VARIANT value;
    HRESULT status = dispatch_value(object, lcid, (USHORT)flags, VT_BSTR, &value);
    if (SUCCEEDED(status)) *result = V_BSTR(&value);
    return status;
}
