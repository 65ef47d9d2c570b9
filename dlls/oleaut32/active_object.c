// The active object of a class: what GetObject of Visual Basic finds. It stands in the running object table
// by the moniker "!{CLSID}", so only objects of this process are seen.
#include "automation.h"

static HRESULT name_of_class(REFCLSID class, IMoniker **result)
{
    WCHAR text[40];
    StringFromGUID2(class, text, ARRAY_LENGTH(text));
    return CreateItemMoniker(L"!", text, result);
}

HOTPATCH HRESULT WINAPI RegisterActiveObject(IUnknown *object, REFCLSID class, DWORD flags, DWORD *cookie)
{
    IRunningObjectTable *table;
    IMoniker *moniker;
    if (!object || !cookie) return E_INVALIDARG;
    HRESULT status = name_of_class(class, &moniker);
    if (FAILED(status)) return status;
    status = GetRunningObjectTable(0, &table);
    if (SUCCEEDED(status)) {
        const DWORD kept = flags == ACTIVEOBJECT_WEAK ? 0 : ROTFLAGS_REGISTRATIONKEEPSALIVE;
        status = IRunningObjectTable_Register(table, kept, object, moniker, cookie);
        IRunningObjectTable_Release(table);
    }
    IMoniker_Release(moniker);
    return status;
}

HOTPATCH HRESULT WINAPI RevokeActiveObject(DWORD cookie, void *reserved)
{
    IRunningObjectTable *table;
    (void)reserved;
    HRESULT status = GetRunningObjectTable(0, &table);
    if (FAILED(status)) return status;
    status = IRunningObjectTable_Revoke(table, cookie);
    IRunningObjectTable_Release(table);
    return status;
}

HOTPATCH HRESULT WINAPI GetActiveObject(REFCLSID class, void *reserved, IUnknown **object)
{
    IRunningObjectTable *table;
    IMoniker *moniker;
    (void)reserved;
    if (!object) return E_POINTER;
    *object = NULL;
    HRESULT status = name_of_class(class, &moniker);
    if (FAILED(status)) return status;
    status = GetRunningObjectTable(0, &table);
    if (SUCCEEDED(status)) {
        status = IRunningObjectTable_GetObject(table, moniker, object);
        IRunningObjectTable_Release(table);
    }
    IMoniker_Release(moniker);
    return status;
}
