// SAFEARRAYs: bounds, locks and single elements, and arrays of bytes as BSTRs.
#include "automation.h"

HOTPATCH UINT WINAPI SafeArrayGetDim(SAFEARRAY *array)
{
    return array ? array->cDims : 0;
}

HOTPATCH UINT WINAPI SafeArrayGetElemsize(SAFEARRAY *array)
{
    return array ? array->cbElements : 0;
}

// dimension: from 1 on.
static const SAFEARRAYBOUND *bound_of(const SAFEARRAY *array, UINT dimension)
{
    return &array->rgsabound[array->cDims - dimension];
}

HOTPATCH HRESULT WINAPI SafeArrayGetUBound(SAFEARRAY *array, UINT dimension, LONG *result)
{
    if (!array || !result) return E_INVALIDARG;
    if (!dimension || dimension > array->cDims) return DISP_E_BADINDEX;
    *result = bound_of(array, dimension)->lLbound + (LONG)bound_of(array, dimension)->cElements - 1;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayGetLBound(SAFEARRAY *array, UINT dimension, LONG *result)
{
    if (!array || !result) return E_INVALIDARG;
    if (!dimension || dimension > array->cDims) return DISP_E_BADINDEX;
    *result = bound_of(array, dimension)->lLbound;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayLock(SAFEARRAY *array)
{
    if (!array) return E_INVALIDARG;
    if (InterlockedIncrement((LONG *)&array->cLocks) <= 0xFFFF) return S_OK;
    InterlockedDecrement((LONG *)&array->cLocks);
    return E_UNEXPECTED;
}

HOTPATCH HRESULT WINAPI SafeArrayUnlock(SAFEARRAY *array)
{
    if (!array) return E_INVALIDARG;
    if (InterlockedDecrement((LONG *)&array->cLocks) >= 0) return S_OK;
    InterlockedIncrement((LONG *)&array->cLocks);
    return E_UNEXPECTED;
}

HOTPATCH HRESULT WINAPI SafeArrayAccessData(SAFEARRAY *array, void **data)
{
    if (!array || !data) return E_INVALIDARG;
    HRESULT status = SafeArrayLock(array);
    *data = SUCCEEDED(status) ? array->pvData : NULL;
    return status;
}

HOTPATCH HRESULT WINAPI SafeArrayUnaccessData(SAFEARRAY *array)
{
    return SafeArrayUnlock(array);
}

HOTPATCH HRESULT WINAPI SafeArrayPtrOfIndex(SAFEARRAY *array, LONG *indices, void **result)
{
    if (!array || !indices || !result) return E_INVALIDARG;
    ULONG cell = 0, step = 1;
    for (UINT dimension = 1; dimension <= array->cDims; dimension++) {
        const SAFEARRAYBOUND *bound = bound_of(array, dimension);
        ULONG index = (ULONG)indices[dimension - 1] - (ULONG)bound->lLbound;
        if (indices[dimension - 1] < bound->lLbound || index >= bound->cElements) return DISP_E_BADINDEX;
        cell += index * step;
        step *= bound->cElements;
    }
    *result = (char *)array->pvData + (SIZE_T)cell * array->cbElements;
    return S_OK;
}

static HRESULT get_element(SAFEARRAY *array, void *element, void *result)
{
    if (array->fFeatures & FADF_VARIANT) return VariantCopy(result, element);
    if (array->fFeatures & FADF_BSTR) {
        BSTR text = *(BSTR *)element, copy = NULL;
        if (text) {
            copy = SysAllocStringByteLen((const char *)text, SysStringByteLen(text));
            if (!copy) return E_OUTOFMEMORY;
        }
        *(BSTR *)result = copy;
        return S_OK;
    }
    if (array->fFeatures & FADF_RECORD) {
        IRecordInfo *info;
        HRESULT status = SafeArrayGetRecordInfo(array, &info);
        if (FAILED(status)) return status;
        if (!info) return E_INVALIDARG;
        status = IRecordInfo_RecordCopy(info, element, result);
        IRecordInfo_Release(info);
        return status;
    }
    if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH) && *(IUnknown **)element)
        IUnknown_AddRef(*(IUnknown **)element);
    memcpy(result, element, array->cbElements);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *result)
{
    void *element;
    if (!array || !indices || !result) return E_INVALIDARG;
    HRESULT status = SafeArrayLock(array);
    if (FAILED(status)) return status;
    // A VARIANT that the caller did not initialize is overwritten.
    if (array->fFeatures & FADF_VARIANT) VariantInit(result);
    status = SafeArrayPtrOfIndex(array, indices, &element);
    if (SUCCEEDED(status)) status = get_element(array, element, result);
    SafeArrayUnlock(array);
    return status;
}

// BSTRs and interfaces are given as themselves, everything else as pointer to the value.
static HRESULT put_element(SAFEARRAY *array, void *element, void *value)
{
    if (array->fFeatures & FADF_VARIANT) return VariantCopy(element, value);
    if (array->fFeatures & FADF_BSTR) {
        BSTR text = value, copy = NULL;
        if (text) {
            copy = SysAllocStringByteLen((const char *)text, SysStringByteLen(text));
            if (!copy) return E_OUTOFMEMORY;
        }
        SysFreeString(*(BSTR *)element);
        *(BSTR *)element = copy;
        return S_OK;
    }
    if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH)) {
        IUnknown *old = *(IUnknown **)element;
        if (value) IUnknown_AddRef((IUnknown *)value);
        *(IUnknown **)element = value;
        if (old) IUnknown_Release(old);
        return S_OK;
    }
    if (array->fFeatures & FADF_RECORD) return get_element(array, value, element);
    memcpy(element, value, array->cbElements);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    void *element;
    if (!array || !indices) return E_INVALIDARG;
    HRESULT status = SafeArrayLock(array);
    if (FAILED(status)) return status;
    status = SafeArrayPtrOfIndex(array, indices, &element);
    if (SUCCEEDED(status)) status = put_element(array, element, value);
    SafeArrayUnlock(array);
    return status;
}

HOTPATCH HRESULT WINAPI VectorFromBstr(BSTR text, SAFEARRAY **result)
{
    if (!result) return E_INVALIDARG;
    UINT bytes = SysStringByteLen(text);
    *result = SafeArrayCreateVector(VT_UI1, 0, bytes);
    if (!*result) return E_OUTOFMEMORY;
    memcpy((*result)->pvData, text, bytes);
    return S_OK;
}

HOTPATCH HRESULT WINAPI BstrFromVector(SAFEARRAY *array, BSTR *result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!array || array->cbElements != 1) return E_INVALIDARG;
    if (array->cDims != 1) return E_INVALIDARG;
    *result = SysAllocStringByteLen(array->pvData, array->rgsabound[0].cElements);
    return *result ? S_OK : E_OUTOFMEMORY;
}
