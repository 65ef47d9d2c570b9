// SAFEARRAYs: descriptors, data and their lifetimes. What lies before a descriptor tells of its elements: an
// IRecordInfo four bytes before it, an interface's IID sixteen, or the VARTYPE four (fFeatures says which).
#include "automation.h"
#include <objbase.h>

#define HIDDEN_SIZE       16
#define FADF_CREATEVECTOR 0x2000 // mingw-w64's oaidl.h lacks it
#define OWNED_ELSEWHERE   (FADF_AUTO | FADF_STATIC | FADF_EMBEDDED)

unsigned element_size(VARTYPE type)
{
    switch (type) {
    case VT_I1:
    case VT_UI1: return 1;
    case VT_BOOL:
    case VT_I2:
    case VT_UI2: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_ERROR: return 4;
    case VT_BSTR:
    case VT_UNKNOWN:
    case VT_DISPATCH: return sizeof(void *);
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE: return 8;
    case VT_VARIANT: return sizeof(VARIANT);
    case VT_DECIMAL: return sizeof(DECIMAL);
    }
    return 0;
}

static void *allocate(SIZE_T size)
{
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
}

static void release(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

static DWORD *hidden_type(SAFEARRAY *array)
{
    return (DWORD *)array - 1;
}

static GUID *hidden_iid(SAFEARRAY *array)
{
    return (GUID *)array - 1;
}

static IRecordInfo **hidden_record(SAFEARRAY *array)
{
    return (IRecordInfo **)array - 1;
}

static ULONG element_count(const SAFEARRAY *array)
{
    ULONG count = 1;
    for (int i = 0; i < array->cDims; i++) count *= array->rgsabound[i].cElements;
    return count;
}

HOTPATCH HRESULT WINAPI SafeArrayAllocDescriptor(UINT dimensions, SAFEARRAY **result)
{
    if (!dimensions || dimensions > 65535) return E_INVALIDARG;
    if (!result) return E_POINTER;
    char *memory = allocate(HIDDEN_SIZE + sizeof(SAFEARRAY) + (dimensions - 1) * sizeof(SAFEARRAYBOUND));
    if (!memory) return E_OUTOFMEMORY;
    *result = (SAFEARRAY *)(memory + HIDDEN_SIZE);
    (*result)->cDims = (USHORT)dimensions;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayAllocDescriptorEx(VARTYPE type, UINT dimensions, SAFEARRAY **result)
{
    HRESULT status = SafeArrayAllocDescriptor(dimensions, result);
    if (FAILED(status)) return status;
    SAFEARRAY *array = *result;
    array->cbElements = element_size(type);
    if (type == VT_RECORD)
        array->fFeatures = FADF_RECORD;
    else if (type == VT_UNKNOWN || type == VT_DISPATCH)
        array->fFeatures = FADF_HAVEIID;
    else
        array->fFeatures = FADF_HAVEVARTYPE;
    if (array->fFeatures & FADF_HAVEVARTYPE) *hidden_type(array) = type;
    if (array->fFeatures & FADF_HAVEIID)
        *hidden_iid(array) = type == VT_UNKNOWN ? IID_IUnknown : IID_IDispatch;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayAllocData(SAFEARRAY *array)
{
    if (!array) return E_INVALIDARG;
    uint64_t size = array->cbElements;
    for (int i = 0; i < array->cDims; i++) {
        size *= array->rgsabound[i].cElements;
        if (size > INT32_MAX) return E_OUTOFMEMORY;
    }
    array->pvData = allocate((SIZE_T)size);
    return array->pvData ? S_OK : E_OUTOFMEMORY;
}

// What must be done to let go of an element.
static USHORT element_feature(VARTYPE type)
{
    switch (type) {
    case VT_BSTR: return FADF_BSTR;
    case VT_UNKNOWN: return FADF_UNKNOWN;
    case VT_DISPATCH: return FADF_DISPATCH;
    case VT_VARIANT: return FADF_VARIANT;
    }
    return 0;
}

// extra: the IRecordInfo of records, an IID of interfaces, or NULL.
static SAFEARRAY *create(VARTYPE type, UINT dimensions, SAFEARRAYBOUND *bounds, void *extra)
{
    SAFEARRAY *array;
    if (type == VT_RECORD ? !extra : !element_size(type)) return NULL;
    if (FAILED(SafeArrayAllocDescriptorEx(type, dimensions, &array))) return NULL;
    array->fFeatures |= element_feature(type);
    if (type == VT_RECORD) {
        SafeArraySetRecordInfo(array, extra);
        IRecordInfo_GetSize((IRecordInfo *)extra, &array->cbElements);
    } else if (extra && array->fFeatures & FADF_HAVEIID) {
        SafeArraySetIID(array, extra);
    }
    // The first dimension is kept last.
    for (UINT i = 0; i < dimensions; i++) array->rgsabound[dimensions - 1 - i] = bounds[i];
    if (SUCCEEDED(SafeArrayAllocData(array))) return array;
    SafeArrayDestroyDescriptor(array);
    return NULL;
}

HOTPATCH SAFEARRAY *WINAPI SafeArrayCreateEx(VARTYPE type, UINT dimensions, SAFEARRAYBOUND *bounds,
                                             PVOID extra)
{
    return bounds ? create(type, dimensions, bounds, extra) : NULL;
}

HOTPATCH SAFEARRAY *WINAPI SafeArrayCreate(VARTYPE type, UINT dimensions, SAFEARRAYBOUND *bounds)
{
    return bounds && type != VT_RECORD ? create(type, dimensions, bounds, NULL) : NULL;
}

HOTPATCH SAFEARRAY *WINAPI SafeArrayCreateVectorEx(VARTYPE type, LONG low, ULONG count, PVOID extra)
{
    SAFEARRAYBOUND bound = {count, low};
    SAFEARRAY *array = create(type, 1, &bound, extra);
    if (array) array->fFeatures |= FADF_CREATEVECTOR;
    return array;
}

HOTPATCH SAFEARRAY *WINAPI SafeArrayCreateVector(VARTYPE type, LONG low, ULONG count)
{
    return type == VT_RECORD ? NULL : SafeArrayCreateVectorEx(type, low, count, NULL);
}

// Gives up what the elements from `first` on hold.
static void clear_elements(SAFEARRAY *array, ULONG first, ULONG count)
{
    char *at = (char *)array->pvData + (SIZE_T)first * array->cbElements;
    for (; count; count--, at += array->cbElements) {
        if (array->fFeatures & FADF_BSTR)
            SysFreeString(*(BSTR *)at);
        else if (array->fFeatures & FADF_VARIANT)
            VariantClear((VARIANT *)at);
        else if (array->fFeatures & FADF_RECORD)
            IRecordInfo_RecordClear(*hidden_record(array), at);
        else if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH) && *(IUnknown **)at)
            IUnknown_Release(*(IUnknown **)at);
    }
}

HOTPATCH HRESULT WINAPI SafeArrayDestroyData(SAFEARRAY *array)
{
    if (!array) return E_INVALIDARG;
    if (array->cLocks) return DISP_E_ARRAYISLOCKED;
    if (!array->pvData) return S_OK;
    ULONG count = element_count(array);
    clear_elements(array, 0, count);
    memset(array->pvData, 0, (SIZE_T)count * array->cbElements);
    if (array->fFeatures & OWNED_ELSEWHERE) return S_OK;
    release(array->pvData);
    array->pvData = NULL;
    array->fFeatures &= (USHORT)~FADF_CREATEVECTOR;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayDestroyDescriptor(SAFEARRAY *array)
{
    if (!array) return S_OK;
    if (array->cLocks) return DISP_E_ARRAYISLOCKED;
    if (array->fFeatures & FADF_RECORD) SafeArraySetRecordInfo(array, NULL);
    if (!(array->fFeatures & OWNED_ELSEWHERE)) release((char *)array - HIDDEN_SIZE);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayDestroy(SAFEARRAY *array)
{
    if (!array) return S_OK;
    HRESULT status = SafeArrayDestroyData(array);
    return FAILED(status) ? status : SafeArrayDestroyDescriptor(array);
}

// Elements of *target, which hold nothing yet.
static HRESULT copy_elements(SAFEARRAY *source, SAFEARRAY *target)
{
    const char *from = source->pvData;
    char *to = target->pvData;
    ULONG count = element_count(source), size = source->cbElements;
    HRESULT status = S_OK;
    if (!(source->fFeatures & (FADF_BSTR | FADF_VARIANT | FADF_RECORD | FADF_UNKNOWN | FADF_DISPATCH))) {
        memcpy(to, from, (SIZE_T)count * size);
        return S_OK;
    }
    for (; count && SUCCEEDED(status); count--, from += size, to += size) {
        if (source->fFeatures & FADF_BSTR) {
            BSTR text = *(const BSTR *)from;
            *(BSTR *)to = text ? SysAllocStringByteLen((const char *)text, SysStringByteLen(text)) : NULL;
            if (text && !*(BSTR *)to) status = E_OUTOFMEMORY;
        } else if (source->fFeatures & FADF_VARIANT) {
            status = VariantCopy((VARIANT *)to, (VARIANT *)from);
        } else if (source->fFeatures & FADF_RECORD) {
            status = IRecordInfo_RecordCopy(*hidden_record(source), (void *)from, to);
        } else {
            *(IUnknown **)to = *(IUnknown *const *)from;
            if (*(IUnknown **)to) IUnknown_AddRef(*(IUnknown **)to);
        }
    }
    return status;
}

HOTPATCH HRESULT WINAPI SafeArrayCopyData(SAFEARRAY *source, SAFEARRAY *target)
{
    if (!source || !target || source->cDims != target->cDims || source->cbElements != target->cbElements)
        return E_INVALIDARG;
    for (int i = 0; i < source->cDims; i++)
        if (source->rgsabound[i].cElements != target->rgsabound[i].cElements) return E_INVALIDARG;
    if (!source->pvData || !target->pvData) return E_INVALIDARG;
    if (target->fFeatures & FADF_RECORD && source->fFeatures & FADF_RECORD)
        SafeArraySetRecordInfo(target, *hidden_record(source));
    ULONG count = element_count(target);
    // Records are copied over what is there: that is RecordCopy's to give up.
    if (!(target->fFeatures & FADF_RECORD)) {
        clear_elements(target, 0, count);
        memset(target->pvData, 0, (SIZE_T)count * target->cbElements);
    }
    return copy_elements(source, target);
}

HOTPATCH HRESULT WINAPI SafeArrayCopy(SAFEARRAY *source, SAFEARRAY **result)
{
    SAFEARRAY *copy;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!source) return S_OK;
    if (!source->cbElements) return E_INVALIDARG;
    HRESULT status = SafeArrayAllocDescriptor(source->cDims, &copy);
    if (FAILED(status)) return status;
    // The data and the descriptor are this copy's own, however the source came by its.
    const USHORT kept = FADF_HAVEVARTYPE | FADF_HAVEIID | FADF_RECORD | FADF_BSTR | FADF_VARIANT |
                        FADF_UNKNOWN | FADF_DISPATCH | FADF_CREATEVECTOR;
    copy->fFeatures = source->fFeatures & kept;
    copy->cbElements = source->cbElements;
    memcpy(copy->rgsabound, source->rgsabound, source->cDims * sizeof(SAFEARRAYBOUND));
    if (source->fFeatures & FADF_RECORD)
        SafeArraySetRecordInfo(copy, *hidden_record(source));
    else if (source->fFeatures & FADF_HAVEIID)
        *hidden_iid(copy) = *hidden_iid(source);
    else if (source->fFeatures & FADF_HAVEVARTYPE)
        *hidden_type(copy) = *hidden_type(source);
    if (source->pvData) {
        status = SafeArrayAllocData(copy);
        if (SUCCEEDED(status)) status = copy_elements(source, copy);
    }
    if (SUCCEEDED(status))
        *result = copy;
    else
        SafeArrayDestroy(copy);
    return status;
}

// Changes the last dimension, whose elements lie furthest apart.
HOTPATCH HRESULT WINAPI SafeArrayRedim(SAFEARRAY *array, SAFEARRAYBOUND *bound)
{
    if (!array || !bound) return E_INVALIDARG;
    if (array->cLocks || array->fFeatures & FADF_FIXEDSIZE) return DISP_E_ARRAYISLOCKED;
    ULONG old = element_count(array);
    uint64_t count = bound->cElements, size = count * array->cbElements;
    for (int i = 1; i < array->cDims && size <= INT32_MAX; i++) {
        count *= array->rgsabound[i].cElements;
        size *= array->rgsabound[i].cElements;
    }
    if (size > INT32_MAX) return E_OUTOFMEMORY;
    ULONG kept = count < old ? (ULONG)count : old;
    char *fresh = allocate((SIZE_T)size);
    if (!fresh) return E_OUTOFMEMORY;
    if (array->pvData) {
        clear_elements(array, kept, old - kept);
        memcpy(fresh, array->pvData, (SIZE_T)kept * array->cbElements);
        if (!(array->fFeatures & OWNED_ELSEWHERE)) release(array->pvData);
    }
    array->pvData = fresh;
    array->rgsabound[0] = *bound;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArraySetRecordInfo(SAFEARRAY *array, IRecordInfo *info)
{
    if (!array || !(array->fFeatures & FADF_RECORD)) return E_INVALIDARG;
    if (info) IRecordInfo_AddRef(info);
    if (*hidden_record(array)) IRecordInfo_Release(*hidden_record(array));
    *hidden_record(array) = info;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayGetRecordInfo(SAFEARRAY *array, IRecordInfo **result)
{
    if (!array || !result || !(array->fFeatures & FADF_RECORD)) return E_INVALIDARG;
    *result = *hidden_record(array);
    if (*result) IRecordInfo_AddRef(*result);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArraySetIID(SAFEARRAY *array, REFGUID id)
{
    if (!array || !id || !(array->fFeatures & FADF_HAVEIID)) return E_INVALIDARG;
    *hidden_iid(array) = *id;
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayGetIID(SAFEARRAY *array, GUID *result)
{
    if (!array || !result || !(array->fFeatures & FADF_HAVEIID)) return E_INVALIDARG;
    *result = *hidden_iid(array);
    return S_OK;
}

HOTPATCH HRESULT WINAPI SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *result)
{
    if (!array || !result) return E_INVALIDARG;
    if (array->fFeatures & FADF_RECORD)
        *result = VT_RECORD;
    else if (array->fFeatures & FADF_HAVEIID)
        *result = array->fFeatures & FADF_DISPATCH ? VT_DISPATCH : VT_UNKNOWN;
    else if (array->fFeatures & FADF_HAVEVARTYPE)
        *result = (VARTYPE)*hidden_type(array);
    else if (array->fFeatures & FADF_BSTR)
        *result = VT_BSTR;
    else if (array->fFeatures & FADF_UNKNOWN)
        *result = VT_UNKNOWN;
    else if (array->fFeatures & FADF_DISPATCH)
        *result = VT_DISPATCH;
    else if (array->fFeatures & FADF_VARIANT)
        *result = VT_VARIANT;
    else
        return E_INVALIDARG;
    return S_OK;
}
