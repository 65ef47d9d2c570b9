// ole32's own classes: monikers that are made empty, to be loaded from a stream.
#include "moniker.h"

#define SYSTEM_CLASS(number)                                                                                 \
    {                                                                                                        \
        number, 0, 0,                                                                                        \
        {                                                                                                    \
            0xC0, 0, 0, 0, 0, 0, 0, 0x46                                                                     \
        }                                                                                                    \
    }

const CLSID CLSID_FileMoniker = SYSTEM_CLASS(0x303), CLSID_ItemMoniker = SYSTEM_CLASS(0x304),
            CLSID_AntiMoniker = SYSTEM_CLASS(0x305), CLSID_PointerMoniker = SYSTEM_CLASS(0x306),
            CLSID_CompositeMoniker = SYSTEM_CLASS(0x309), CLSID_ClassMoniker = SYSTEM_CLASS(0x31A);

struct factory {
    IClassFactory head;
    const struct moniker_kind *kind;
};

static HRESULT WINAPI query(IClassFactory *self, REFIID id, void **result)
{
    if (!result) return E_POINTER;
    bool known = same_id(id, &IID_IUnknown) || same_id(id, &IID_IClassFactory);
    *result = known ? self : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI reference(IClassFactory *self)
{
    (void)self;
    return 2; // always there
}

static HRESULT WINAPI create(IClassFactory *self, IUnknown *outer, REFIID id, void **result)
{
    if (!result) return E_POINTER;
    *result = NULL;
    if (outer) return CLASS_E_NOAGGREGATION;
    struct moniker *moniker = moniker_new(((struct factory *)self)->kind);
    if (!moniker) return E_OUTOFMEMORY;
    HRESULT status = S_OK;
    if (moniker->kind == &item_kind || moniker->kind == &file_kind) moniker->text = copy_text(L"");
    if (moniker->kind == &item_kind) moniker->delimiter = copy_text(L"");
    if (moniker->kind == &anti_kind) moniker->count = 1;
    if ((moniker->kind == &item_kind && !(moniker->text && moniker->delimiter)) ||
        (moniker->kind == &file_kind && !moniker->text))
        status = E_OUTOFMEMORY;
    if (SUCCEEDED(status)) status = IMoniker_QueryInterface(&moniker->head, id, result);
    IMoniker_Release(&moniker->head);
    return status;
}

static HRESULT WINAPI lock_server(IClassFactory *self, BOOL locked)
{
    (void)self, (void)locked;
    return S_OK;
}

HRESULT WINAPI DllGetClassObject(REFCLSID class, REFIID id, LPVOID *result)
{
    static IClassFactoryVtbl functions = {query, reference, reference, create, lock_server};
    static struct factory factories[] = {
        {{&functions}, &anti_kind},    {{&functions}, &item_kind},  {{&functions}, &file_kind},
        {{&functions}, &pointer_kind}, {{&functions}, &class_kind}, {{&functions}, &composite_kind},
    };
    if (!result) return E_POINTER;
    *result = NULL;
    for (unsigned i = 0; i < ARRAY_LENGTH(factories); i++)
        if (same_id(class, factories[i].kind->id)) return query(&factories[i].head, id, result);
    return CLASS_E_CLASSNOTAVAILABLE;
}
