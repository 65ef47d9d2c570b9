// VARIANTs: which types they hold, clearing and copying.
#include "automation.h"

HOTPATCH void WINAPI VariantInit(VARIANTARG *variant)
{
    V_VT(variant) = VT_EMPTY;
}

HRESULT check_type(VARTYPE type)
{
    VARTYPE base = type & VT_TYPEMASK, flags = type & (VARTYPE)~VT_TYPEMASK;
    if (flags & ~(VARTYPE)(VT_BYREF | VT_ARRAY)) return DISP_E_BADVARTYPE;
    if (base == VT_CLSID) return S_OK; // held, though nothing makes one
    bool known =
        (base <= VT_DECIMAL && base != 15) || (base >= VT_I1 && base <= VT_UINT) || base == VT_RECORD;
    if (!known) return DISP_E_BADVARTYPE;
    // Nothing and a VARIANT by value are no elements and no targets.
    if (flags && base <= VT_NULL) return DISP_E_BADVARTYPE;
    return S_OK;
}

static void release(IUnknown *object)
{
    if (object) IUnknown_Release(object);
}

static void release_record(VARIANTARG *variant)
{
    IRecordInfo *info = V_RECORDINFO(variant);
    if (!info) return;
    if (V_RECORD(variant)) {
        IRecordInfo_RecordClear(info, V_RECORD(variant));
        HeapFree(GetProcessHeap(), 0, V_RECORD(variant));
    }
    IRecordInfo_Release(info);
    V_RECORDINFO(variant) = NULL;
    V_RECORD(variant) = NULL;
}

HOTPATCH HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    HRESULT status = check_type(V_VT(variant));
    if (FAILED(status)) return status;
    VARTYPE type = V_VT(variant);
    if (!(type & VT_BYREF)) {
        if (type & VT_ARRAY)
            status = V_ARRAY(variant) ? SafeArrayDestroy(V_ARRAY(variant)) : S_OK;
        else if (type == VT_BSTR)
            SysFreeString(V_BSTR(variant));
        else if (type == VT_DISPATCH || type == VT_UNKNOWN)
            release(V_UNKNOWN(variant));
        else if (type == VT_RECORD)
            release_record(variant);
    }
    if (FAILED(status)) return status;
    V_VT(variant) = VT_EMPTY;
    return S_OK;
}

static HRESULT copy_record(VARIANTARG *variant)
{
    IRecordInfo *info = V_RECORDINFO(variant);
    void *source = V_RECORD(variant);
    ULONG size = 0;
    if (!info) return source ? E_INVALIDARG : S_OK;
    HRESULT status = IRecordInfo_GetSize(info, &size);
    if (FAILED(status)) return status;
    void *copy = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
    if (!copy) return E_OUTOFMEMORY;
    status = IRecordInfo_RecordCopy(info, source, copy);
    if (FAILED(status)) {
        HeapFree(GetProcessHeap(), 0, copy);
        return status;
    }
    V_RECORD(variant) = copy;
    IRecordInfo_AddRef(info);
    return S_OK;
}

// Turns a VARIANT that was copied bit by bit into one that owns what it holds.
static HRESULT own(VARIANTARG *variant)
{
    VARTYPE type = V_VT(variant);
    if (type & VT_BYREF) return S_OK;
    if (type & VT_ARRAY) return V_ARRAY(variant) ? SafeArrayCopy(V_ARRAY(variant), &V_ARRAY(variant)) : S_OK;
    if (type == VT_BSTR) { // no text becomes an empty one
        BSTR text = V_BSTR(variant);
        V_BSTR(variant) = SysAllocStringByteLen((const char *)text, SysStringByteLen(text));
        return V_BSTR(variant) ? S_OK : E_OUTOFMEMORY;
    }
    if (type == VT_RECORD) return copy_record(variant);
    if ((type == VT_DISPATCH || type == VT_UNKNOWN) && V_UNKNOWN(variant))
        IUnknown_AddRef(V_UNKNOWN(variant));
    return S_OK;
}

// A CLSID can be cleared, but there is no way to copy one.
static HRESULT check_copied(VARTYPE type)
{
    return (type & VT_TYPEMASK) == VT_CLSID ? DISP_E_BADVARTYPE : check_type(type);
}

HOTPATCH HRESULT WINAPI VariantCopy(VARIANTARG *target, VARIANTARG *source)
{
    HRESULT status = check_copied(V_VT(source));
    if (FAILED(status) || target == source) return status;
    // What the target held may be all that keeps the source alive.
    VARIANTARG copy = *source;
    status = own(&copy);
    if (FAILED(status)) return status;
    status = VariantClear(target);
    if (FAILED(status)) {
        VariantClear(&copy);
        return status;
    }
    // Types shorter than the union leave the rest of the target alone.
    *target = copy;
    return S_OK;
}

// The value behind a reference, still owned by it.
static HRESULT follow(const VARIANTARG *reference, VARIANTARG *value)
{
    VARTYPE type = V_VT(reference) & (VARTYPE)~VT_BYREF;
    const void *memory = V_BYREF(reference);
    if (type == VT_VARIANT) {
        const VARIANTARG *inner = memory;
        if (V_VT(inner) == (VT_VARIANT | VT_BYREF)) return E_INVALIDARG;
        if (V_VT(inner) & VT_BYREF) return V_BYREF(inner) ? follow(inner, value) : E_INVALIDARG;
        *value = *inner;
        return S_OK;
    }
    if (type == VT_RECORD) {
        *value = *reference;
    } else if (type == VT_DECIMAL) {
        V_DECIMAL(value) = *(const DECIMAL *)memory;
    } else {
        V_I8(value) = 0;
        memcpy(&V_I8(value), memory, type & VT_ARRAY ? sizeof(void *) : element_size(type));
    }
    V_VT(value) = type;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VariantCopyInd(VARIANT *target, VARIANTARG *source)
{
    if (!(V_VT(source) & VT_BYREF)) return VariantCopy(target, source);
    HRESULT status = check_copied(V_VT(source));
    if (FAILED(status)) return status == DISP_E_BADVARTYPE ? E_INVALIDARG : status;
    if (!V_BYREF(source)) return E_INVALIDARG;
    VARIANT value = {0};
    status = follow(source, &value);
    if (SUCCEEDED(status) && V_VT(&value) == VT_VARIANT) status = E_INVALIDARG;
    if (SUCCEEDED(status)) status = own(&value);
    if (FAILED(status)) return status;
    if (target != source) status = VariantClear(target);
    if (SUCCEEDED(status))
        *target = value;
    else
        VariantClear(&value);
    return status;
}
