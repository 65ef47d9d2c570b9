// What callers and implementers of IDispatch pass along: arguments by position, and type libraries' custom
// data.
#include "automation.h"

// Arguments lie in reverse order, the named ones first, each with its position for an identifier.
// DISP_E_PARAMNOTFOUND: there is none; *error_index: where the argument lies that can't be converted.
HOTPATCH HRESULT WINAPI DispGetParam(DISPPARAMS *parameters, UINT position, VARTYPE type, VARIANT *result,
                                     UINT *error_index)
{
    UINT count = parameters->cArgs, named = parameters->cNamedArgs, index = count;
    UINT positional = count > named ? count - named : 0;
    if (position < positional) {
        index = count - 1 - position;
    } else {
        for (UINT i = 0; i < named && i < count; i++)
            if (parameters->rgdispidNamedArgs[i] == (DISPID)position) index = i;
    }
    if (result) V_VT(result) = VT_EMPTY;
    if (index == count) return DISP_E_PARAMNOTFOUND;
    HRESULT status = E_INVALIDARG;
    if (result && parameters->rgvarg) status = VariantChangeType(result, &parameters->rgvarg[index], 0, type);
    if (FAILED(status) && error_index) *error_index = index;
    return status;
}

HOTPATCH void WINAPI ClearCustData(LPCUSTDATA data)
{
    for (DWORD i = 0; i < data->cCustData; i++) VariantClear(&data->prgCustData[i].varValue);
    CoTaskMemFree(data->prgCustData);
    data->prgCustData = NULL;
    data->cCustData = 0;
}
