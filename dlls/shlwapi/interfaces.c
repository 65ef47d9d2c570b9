// Helpers for those who implement COM interfaces.
#include "shlwapi_local.h"

// Finds an interface of an object in a table of where each of them stands in it; IUnknown is the first. The
// result has a reference of the caller's.
HOTPATCH HRESULT WINAPI QISearch(void *object, const QITAB *table, REFIID id, void **out)
{
    const QITAB *found = NULL;

    if (!out) return E_POINTER;
    *out = NULL;
    if (!object || !table) return E_POINTER;
    for (const QITAB *at = table; at->piid && !found; at++)
        if (IsEqualIID(at->piid, id)) found = at;
    if (!found && IsEqualIID(id, &IID_IUnknown) && table->piid) found = table;
    if (!found) return E_NOINTERFACE;
    IUnknown *unknown = (IUnknown *)((BYTE *)object + found->dwOffset);
    unknown->lpVtbl->AddRef(unknown);
    *out = unknown;
    return S_OK;
}
