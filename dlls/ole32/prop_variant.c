// PROPVARIANTs: freeing and copying what they hold.
#include "nt/nt.h"
#include <ole2.h>
#include <propidl.h>
#include <stdbool.h>

// The bytes of one value of a type in a vector, 0: no type that vectors have.
static ULONG element_size(VARTYPE type)
{
    switch (type) {
    case VT_I1:
    case VT_UI1: return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_R4:
    case VT_ERROR: return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_FILETIME: return 8;
    case VT_CLSID: return sizeof(CLSID);
    case VT_BSTR:
    case VT_LPSTR:
    case VT_LPWSTR: return sizeof(void *);
    case VT_CF: return sizeof(CLIPDATA);
    case VT_VARIANT: return sizeof(PROPVARIANT);
    }
    return 0;
}

static bool has_own_memory(VARTYPE type)
{
    return type == VT_BSTR || type == VT_LPSTR || type == VT_LPWSTR || type == VT_CF || type == VT_VARIANT;
}

// ---- BSTRs and SAFEARRAYs are oleaut32's, which is loaded when there is one ----

static void *automation(const char *name)
{
    return (void *)GetProcAddress(LoadLibraryW(L"oleaut32.dll"), name);
}

static void free_bstr(BSTR text)
{
    void(WINAPI * free)(BSTR) = text ? automation("SysFreeString") : NULL;
    if (free) free(text);
}

// Up to the first NUL.
static BSTR copy_bstr(BSTR text)
{
    BSTR(WINAPI * copy)(const WCHAR *) = text ? automation("SysAllocString") : NULL;
    return copy ? copy(text) : NULL;
}

// ---- freeing ----

static void free_clip(CLIPDATA *clip)
{
    if (clip) CoTaskMemFree(clip->pClipData);
}

static void free_elements(VARTYPE type, BYTE *elements, ULONG count)
{
    for (ULONG i = 0; i < count && has_own_memory(type); i++, elements += element_size(type)) {
        if (type == VT_BSTR)
            free_bstr(*(BSTR *)elements);
        else if (type == VT_CF)
            free_clip((CLIPDATA *)elements);
        else if (type == VT_VARIANT)
            PropVariantClear((PROPVARIANT *)elements);
        else
            CoTaskMemFree(*(void **)elements);
    }
}

// In which forms PROPVARIANTs have a type.
enum { PLAIN = 1, VECTOR = 2, AUTOMATION = 4 /* arrays and pointers, as VARIANTs have them */ };

static int forms_of(VARTYPE type)
{
    switch (type) {
    case VT_EMPTY:
    case VT_NULL:
    case VT_BLOB:
    case VT_BLOB_OBJECT:
    case VT_STREAM:
    case VT_STREAMED_OBJECT:
    case VT_STORAGE:
    case VT_STORED_OBJECT:
    case VT_VERSIONED_STREAM: return PLAIN;
    case VT_INT:
    case VT_UINT:
    case VT_DECIMAL:
    case VT_DISPATCH:
    case VT_UNKNOWN: return PLAIN | AUTOMATION;
    case VT_LPSTR:
    case VT_LPWSTR:
    case VT_FILETIME:
    case VT_CF:
    case VT_CLSID: return PLAIN | VECTOR;
    case VT_VARIANT: return VECTOR | AUTOMATION;
    }
    return element_size(type) ? PLAIN | VECTOR | AUTOMATION : 0;
}

// A vector is no array and no pointer.
static bool is_valid(VARTYPE type)
{
    const bool automation = type & (VT_BYREF | VT_ARRAY), vector = type & VT_VECTOR;
    const int form = automation ? AUTOMATION : vector ? VECTOR : PLAIN;
    return !(automation && vector) && forms_of(type & VT_TYPEMASK) & form;
}

static void free_array(SAFEARRAY *array)
{
    HRESULT(WINAPI * destroy)(SAFEARRAY *) = array ? automation("SafeArrayDestroy") : NULL;
    if (destroy) destroy(array);
}

static void free_value(PROPVARIANT *value)
{
    switch (value->vt) {
    case VT_BSTR: free_bstr(value->bstrVal); break;
    case VT_LPSTR:
    case VT_LPWSTR:
    case VT_CLSID: CoTaskMemFree(value->pszVal); break;
    case VT_BLOB:
    case VT_BLOB_OBJECT: CoTaskMemFree(value->blob.pBlobData); break;
    case VT_CF:
        free_clip(value->pclipdata);
        CoTaskMemFree(value->pclipdata);
        break;
    case VT_STREAM:
    case VT_STREAMED_OBJECT:
    case VT_STORAGE:
    case VT_STORED_OBJECT:
    case VT_DISPATCH:
    case VT_UNKNOWN:
        if (value->punkVal) IUnknown_Release(value->punkVal);
        break;
    case VT_VERSIONED_STREAM:
        if (value->pVersionedStream && value->pVersionedStream->pStream)
            IStream_Release(value->pVersionedStream->pStream);
        CoTaskMemFree(value->pVersionedStream);
        break;
    }
}

HOTPATCH HRESULT WINAPI PropVariantClear(PROPVARIANT *value)
{
    if (!value) return S_OK;
    const bool valid = is_valid(value->vt);
    if (valid && value->vt & VT_VECTOR) {
        if (value->caub.pElems)
            free_elements(value->vt & VT_TYPEMASK, value->caub.pElems, value->caub.cElems);
        CoTaskMemFree(value->caub.pElems);
    } else if (valid && value->vt & VT_ARRAY && !(value->vt & VT_BYREF)) {
        free_array(value->parray);
    } else if (valid) {
        free_value(value);
    }
    memset(value, 0, sizeof(*value));
    return valid ? S_OK : STG_E_INVALIDPARAMETER;
}

HOTPATCH HRESULT WINAPI FreePropVariantArray(ULONG count, PROPVARIANT *values)
{
    HRESULT result = S_OK;
    if (!values) return E_INVALIDARG;
    for (ULONG i = 0; i < count; i++) {
        HRESULT status = PropVariantClear(&values[i]);
        if (FAILED(status)) result = status;
    }
    return result;
}

// ---- copying: each returns NULL when there is no memory ----

static void *copy_bytes(const void *bytes, SIZE_T size)
{
    void *copy = CoTaskMemAlloc(size ? size : 1);
    if (copy && size) memcpy(copy, bytes, size);
    return copy;
}

static bool copy_clip(const CLIPDATA *from, CLIPDATA *to)
{
    const ULONG size = from->cbSize > sizeof(from->ulClipFmt) ? from->cbSize - sizeof(from->ulClipFmt) : 0;
    *to = *from;
    to->pClipData = from->pClipData ? copy_bytes(from->pClipData, size) : NULL;
    return to->pClipData || !from->pClipData;
}

// Where an element has memory of its own, `to` gets its own. NULL pointers stay.
static bool copy_element(VARTYPE type, const BYTE *from, BYTE *to)
{
    const void *text = type == VT_CF || type == VT_VARIANT ? NULL : *(void *const *)from;
    void *copy = NULL;
    switch (type) {
    case VT_CF: return copy_clip((const CLIPDATA *)from, (CLIPDATA *)to);
    case VT_VARIANT: return SUCCEEDED(PropVariantCopy((PROPVARIANT *)to, (const PROPVARIANT *)from));
    case VT_BSTR: copy = copy_bstr((BSTR)text); break;
    case VT_LPSTR: copy = text ? copy_bytes(text, (SIZE_T)lstrlenA(text) + 1) : NULL; break;
    case VT_LPWSTR:
        copy = text ? copy_bytes(text, ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR)) : NULL;
        break;
    }
    *(void **)to = copy;
    return copy || !text;
}

static HRESULT copy_vector(PROPVARIANT *to, const PROPVARIANT *from)
{
    const VARTYPE type = from->vt & VT_TYPEMASK;
    const ULONG size = element_size(type), count = from->caub.cElems;
    to->caub.pElems = NULL;
    if (!count || !from->caub.pElems) return S_OK;
    if (count > 0x7FFFFFFF / size) return E_OUTOFMEMORY;
    to->caub.pElems = copy_bytes(from->caub.pElems, (SIZE_T)count * size);
    if (!to->caub.pElems) return E_OUTOFMEMORY;
    for (ULONG i = 0; i < count && has_own_memory(type); i++) {
        if (copy_element(type, from->caub.pElems + i * size, to->caub.pElems + i * size)) continue;
        free_elements(type, to->caub.pElems, i);
        CoTaskMemFree(to->caub.pElems);
        return E_OUTOFMEMORY;
    }
    return S_OK;
}

static HRESULT copy_value(PROPVARIANT *to, const PROPVARIANT *from)
{
    bool copied = true;
    switch (from->vt) {
    case VT_BSTR:
    case VT_LPSTR:
    case VT_LPWSTR: copied = copy_element(from->vt, (const BYTE *)&from->pszVal, (BYTE *)&to->pszVal); break;
    case VT_CLSID:
        to->puuid = from->puuid ? copy_bytes(from->puuid, sizeof(CLSID)) : NULL;
        copied = to->puuid || !from->puuid;
        break;
    case VT_BLOB:
    case VT_BLOB_OBJECT:
        to->blob.pBlobData =
            from->blob.pBlobData ? copy_bytes(from->blob.pBlobData, from->blob.cbSize) : NULL;
        copied = to->blob.pBlobData || !from->blob.pBlobData;
        break;
    case VT_CF:
        if (!from->pclipdata) break;
        to->pclipdata = copy_bytes(from->pclipdata, sizeof(CLIPDATA));
        copied = to->pclipdata && copy_clip(from->pclipdata, to->pclipdata);
        if (!copied) CoTaskMemFree(to->pclipdata);
        break;
    case VT_STREAM:
    case VT_STREAMED_OBJECT:
    case VT_STORAGE:
    case VT_STORED_OBJECT:
    case VT_DISPATCH:
    case VT_UNKNOWN:
        if (from->punkVal) IUnknown_AddRef(from->punkVal);
        break;
    case VT_VERSIONED_STREAM:
        if (!from->pVersionedStream) break;
        to->pVersionedStream = copy_bytes(from->pVersionedStream, sizeof(*from->pVersionedStream));
        copied = to->pVersionedStream != NULL;
        if (copied && to->pVersionedStream->pStream) IStream_AddRef(to->pVersionedStream->pStream);
        break;
    }
    return copied ? S_OK : E_OUTOFMEMORY;
}

HOTPATCH HRESULT WINAPI PropVariantCopy(PROPVARIANT *to, const PROPVARIANT *from)
{
    PROPVARIANT copy = *from;
    HRESULT status = S_OK;
    if (!is_valid(from->vt)) return DISP_E_BADVARTYPE;
    if (from->vt & VT_VECTOR) {
        status = copy_vector(&copy, from);
    } else if (from->vt & VT_BYREF) {
        // points to what belongs to somebody else
    } else if (from->vt & VT_ARRAY) {
        HRESULT(WINAPI * copy_array)(SAFEARRAY *, SAFEARRAY **) = automation("SafeArrayCopy");
        copy.uhVal.QuadPart = 0;
        status = !from->parray ? S_OK : copy_array ? copy_array(from->parray, &copy.parray) : E_OUTOFMEMORY;
    } else {
        status = copy_value(&copy, from);
    }
    if (SUCCEEDED(status)) *to = copy;
    return status;
}
