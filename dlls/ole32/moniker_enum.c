// Enumerations of monikers.
#include "moniker.h"

struct list {
    IEnumMoniker head;
    LONG references;
    ULONG count, next;
    IMoniker *monikers[];
};

static struct list *impl(IEnumMoniker *self)
{
    return (struct list *)self;
}

static HRESULT WINAPI query(IEnumMoniker *self, REFIID id, void **result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!same_id(id, &IID_IUnknown) && !same_id(id, &IID_IEnumMoniker)) return E_NOINTERFACE;
    IEnumMoniker_AddRef(self);
    *result = self;
    return S_OK;
}

static ULONG WINAPI add_reference(IEnumMoniker *self)
{
    return (ULONG)InterlockedIncrement(&impl(self)->references);
}

static ULONG WINAPI release(IEnumMoniker *self)
{
    struct list *list = impl(self);
    LONG left = InterlockedDecrement(&list->references);
    if (left) return (ULONG)left;
    for (ULONG i = 0; i < list->count; i++) IMoniker_Release(list->monikers[i]);
    CoTaskMemFree(list);
    return 0;
}

static HRESULT WINAPI next(IEnumMoniker *self, ULONG wanted, IMoniker **monikers, ULONG *given)
{
    struct list *list = impl(self);
    ULONG n = 0;
    if (!monikers || (!given && wanted != 1)) return E_INVALIDARG;
    for (; n < wanted && list->next < list->count; n++) {
        monikers[n] = list->monikers[list->next++];
        IMoniker_AddRef(monikers[n]);
    }
    if (given) *given = n;
    return n == wanted ? S_OK : S_FALSE;
}

static HRESULT WINAPI skip(IEnumMoniker *self, ULONG count)
{
    struct list *list = impl(self);
    if (count > list->count - list->next) return S_FALSE;
    list->next += count;
    return S_OK;
}

static HRESULT WINAPI reset(IEnumMoniker *self)
{
    impl(self)->next = 0;
    return S_OK;
}

static HRESULT WINAPI clone(IEnumMoniker *self, IEnumMoniker **result)
{
    struct list *list = impl(self);
    if (!result) return E_INVALIDARG;
    HRESULT status = make_moniker_enum(list->monikers, list->count, result);
    if (SUCCEEDED(status)) impl(*result)->next = list->next;
    return status;
}

HRESULT make_moniker_enum(IMoniker *const *monikers, ULONG count, IEnumMoniker **result)
{
    static IEnumMonikerVtbl functions = {query, add_reference, release, next, skip, reset, clone};
    struct list *list = CoTaskMemAlloc(sizeof(*list) + count * sizeof(*monikers));
    *result = NULL;
    if (!list) return E_OUTOFMEMORY;
    *list = (struct list){.head = {&functions}, .references = 1, .count = count};
    for (ULONG i = 0; i < count; i++) {
        list->monikers[i] = monikers[i];
        IMoniker_AddRef(monikers[i]);
    }
    *result = &list->head;
    return S_OK;
}
