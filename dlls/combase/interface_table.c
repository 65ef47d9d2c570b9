// Interfaces that are handed from one place to another within the process: the global interface table and
// streams. There are no proxies: an interface reaches another apartment only when its object says that it may
// be called there.
#include "combase.h"

static const CLSID free_threaded_marshaler = {0x0000033A, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};

static struct kept {
    struct kept *next;
    IUnknown *object;
    DWORD cookie, apartment;
    bool agile;
} * kept_interfaces;

static SRWLOCK lock = SRWLOCK_INIT;

// Whether the object may be called from any apartment, by IAgileObject or the free-threaded marshaler.
static bool is_agile(IUnknown *object)
{
    static const IID agile_object = {
        0x94EA2B94, 0xE9CC, 0x49E0, {0xC0, 0xFF, 0xEE, 0x64, 0xCA, 0x8F, 0x5B, 0x90}};
    IUnknown *agile;
    IMarshal *marshal;
    CLSID class;
    if (SUCCEEDED(IUnknown_QueryInterface(object, &agile_object, (void **)&agile))) {
        IUnknown_Release(agile);
        return true;
    }
    if (FAILED(IUnknown_QueryInterface(object, &IID_IMarshal, (void **)&marshal))) return false;
    HRESULT status = IMarshal_GetUnmarshalClass(marshal, &IID_IUnknown, object, MSHCTX_INPROC, NULL,
                                                MSHLFLAGS_NORMAL, &class);
    IMarshal_Release(marshal);
    return SUCCEEDED(status) && same_id(&class, &free_threaded_marshaler);
}

HRESULT keep_interface(IUnknown *object, REFIID id, DWORD *cookie)
{
    static LONG last_cookie = 0x100;
    IUnknown *kept;
    if (!current_apartment()) return CO_E_NOTINITIALIZED;
    HRESULT status = IUnknown_QueryInterface(object, id, (void **)&kept);
    if (FAILED(status)) return status;
    struct kept *entry = HeapAlloc(GetProcessHeap(), 0, sizeof(*entry));
    if (!entry) {
        IUnknown_Release(kept);
        return E_OUTOFMEMORY;
    }
    *entry = (struct kept){.object = kept, .apartment = current_apartment(), .agile = is_agile(kept)};
    *cookie = entry->cookie = (DWORD)InterlockedIncrement(&last_cookie);
    AcquireSRWLockExclusive(&lock);
    entry->next = kept_interfaces;
    kept_interfaces = entry;
    ReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT take_interface(DWORD cookie, REFIID id, bool forget, void **result)
{
    struct kept *found = NULL;
    IUnknown *object = NULL;
    bool allowed = false;
    if (result) *result = NULL;
    AcquireSRWLockExclusive(&lock);
    for (struct kept **at = &kept_interfaces; *at; at = &(*at)->next) {
        if ((*at)->cookie != cookie) continue;
        found = *at;
        object = found->object;
        allowed = found->agile || found->apartment == current_apartment();
        if (forget)
            *at = found->next;
        else if (allowed)
            IUnknown_AddRef(object);
        break;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!found) return E_INVALIDARG;
    HRESULT status = !result   ? S_OK
                     : allowed ? IUnknown_QueryInterface(object, id, result)
                               : RPC_E_WRONG_THREAD;
    if (allowed || forget) IUnknown_Release(object);
    if (forget) HeapFree(GetProcessHeap(), 0, found);
    return status;
}

static HRESULT WINAPI query(IGlobalInterfaceTable *self, REFIID id, void **result)
{
    bool known = same_id(id, &IID_IUnknown) || same_id(id, &IID_IGlobalInterfaceTable);
    *result = known ? self : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI reference(IGlobalInterfaceTable *self)
{
    (void)self;
    return 1; // the process's only one
}

static HRESULT WINAPI register_interface(IGlobalInterfaceTable *self, IUnknown *object, REFIID id,
                                         DWORD *cookie)
{
    (void)self;
    if (!object || !cookie) return E_INVALIDARG;
    return keep_interface(object, id, cookie);
}

static HRESULT WINAPI revoke_interface(IGlobalInterfaceTable *self, DWORD cookie)
{
    (void)self;
    return take_interface(cookie, &IID_IUnknown, true, NULL);
}

static HRESULT WINAPI get_interface(IGlobalInterfaceTable *self, DWORD cookie, REFIID id, void **result)
{
    (void)self;
    return take_interface(cookie, id, false, result);
}

HRESULT get_interface_table(REFIID id, void **result)
{
    static const IGlobalInterfaceTableVtbl functions = {
        query, reference, reference, register_interface, revoke_interface, get_interface};
    static IGlobalInterfaceTable table = {(IGlobalInterfaceTableVtbl *)&functions};
    return query(&table, id, result);
}

// The stream holds the number by which the interface is kept.
HOTPATCH HRESULT WINAPI CoMarshalInterThreadInterfaceInStream(REFIID id, LPUNKNOWN object, LPSTREAM *result)
{
    static const LARGE_INTEGER start;
    DWORD cookie;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!object) return E_INVALIDARG;
    HRESULT status = keep_interface(object, id, &cookie);
    if (FAILED(status)) return status;
    status = CreateStreamOnHGlobal(NULL, TRUE, result);
    if (SUCCEEDED(status)) {
        status = IStream_Write(*result, &cookie, sizeof(cookie), NULL);
        if (SUCCEEDED(status)) return IStream_Seek(*result, start, STREAM_SEEK_SET, NULL);
        IStream_Release(*result);
        *result = NULL;
    }
    take_interface(cookie, id, true, NULL);
    return status;
}

HOTPATCH HRESULT WINAPI CoGetInterfaceAndReleaseStream(LPSTREAM stream, REFIID id, LPVOID *result)
{
    DWORD cookie, length = 0;
    if (!stream || !result) return E_INVALIDARG;
    *result = NULL;
    HRESULT status = IStream_Read(stream, &cookie, sizeof(cookie), &length);
    if (SUCCEEDED(status))
        status = length == sizeof(cookie) ? take_interface(cookie, id, true, result) : E_INVALIDARG;
    IStream_Release(stream);
    return status;
}
