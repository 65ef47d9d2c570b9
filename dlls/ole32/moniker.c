// IMoniker and IROTData of all kinds of monikers, and what most of them do alike.
#include "moniker.h"

static struct moniker *impl(IMoniker *self)
{
    return (struct moniker *)self;
}

static struct moniker *of_comparison(IROTData *self)
{
    return (struct moniker *)((char *)self - offsetof(struct moniker, comparison));
}

static HRESULT WINAPI query(IMoniker *self, REFIID id, void **result)
{
    const struct moniker_kind *kind = impl(self)->kind;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (same_id(id, &IID_IUnknown) || same_id(id, &IID_IPersistStream) || same_id(id, &IID_IMoniker) ||
        same_id(id, kind->id) || (same_id(id, &IID_IPersist) && kind == &class_kind))
        *result = self;
    else if (same_id(id, &IID_IROTData) && kind->has_data)
        *result = &impl(self)->comparison;
    if (!*result) return E_NOINTERFACE;
    InterlockedIncrement(&impl(self)->references);
    return S_OK;
}

static ULONG WINAPI add_reference(IMoniker *self)
{
    return (ULONG)InterlockedIncrement(&impl(self)->references);
}

static ULONG WINAPI release(IMoniker *self)
{
    struct moniker *moniker = impl(self);
    LONG left = InterlockedDecrement(&moniker->references);
    if (left) return (ULONG)left;
    if (moniker->object) IUnknown_Release(moniker->object);
    for (DWORD i = 0; moniker->parts && i < moniker->count; i++) IMoniker_Release(moniker->parts[i]);
    CoTaskMemFree(moniker->parts);
    CoTaskMemFree(moniker->text);
    CoTaskMemFree(moniker->delimiter);
    CoTaskMemFree(moniker);
    return 0;
}

static HRESULT WINAPI get_class(IMoniker *self, CLSID *class)
{
    if (!class) return E_POINTER;
    *class = *impl(self)->kind->id;
    return S_OK;
}

static HRESULT WINAPI is_dirty(IMoniker *self)
{
    (void)self;
    return S_FALSE; // nothing changes one
}

static HRESULT WINAPI load(IMoniker *self, IStream *stream)
{
    struct moniker *moniker = impl(self);
    if (!stream) return E_INVALIDARG;
    return moniker->kind->load ? moniker->kind->load(moniker, stream) : E_NOTIMPL;
}

static HRESULT WINAPI save(IMoniker *self, IStream *stream, BOOL clear_dirty)
{
    struct moniker *moniker = impl(self);
    (void)clear_dirty;
    if (!stream) return E_INVALIDARG;
    return moniker->kind->save ? moniker->kind->save(moniker, stream) : E_NOTIMPL;
}

static HRESULT WINAPI get_size(IMoniker *self, ULARGE_INTEGER *size)
{
    struct moniker *moniker = impl(self);
    if (!size) return E_INVALIDARG;
    if (!moniker->kind->save_size) return E_NOTIMPL;
    size->QuadPart = moniker->kind->save_size(moniker);
    return S_OK;
}

static HRESULT WINAPI bind_to_object(IMoniker *self, IBindCtx *context, IMoniker *left, REFIID id,
                                     void **result)
{
    struct moniker *moniker = impl(self);
    if (!result) return E_POINTER;
    *result = NULL;
    if (!moniker->kind->bind) return E_NOTIMPL;
    return context ? moniker->kind->bind(moniker, context, left, id, result) : E_INVALIDARG;
}

static HRESULT WINAPI bind_to_storage(IMoniker *self, IBindCtx *context, IMoniker *left, REFIID id,
                                      void **result)
{
    struct moniker *moniker = impl(self);
    if (!result) return E_POINTER;
    *result = NULL;
    if (!context) return E_INVALIDARG;
    return moniker->kind->bind_storage ? moniker->kind->bind_storage(moniker, context, left, id, result)
                                       : E_NOTIMPL;
}

static HRESULT WINAPI reduce(IMoniker *self, IBindCtx *context, DWORD how, IMoniker **left, IMoniker **result)
{
    (void)how, (void)left;
    if (!result || (impl(self)->kind->needs_context && !context)) return E_INVALIDARG;
    give(self, result);
    return MK_S_REDUCED_TO_SELF;
}

// An anti moniker to the right takes one away; what is left of it after a class does not count.
static HRESULT compose_with_anti(const struct moniker *anti, IMoniker *self, IMoniker **result)
{
    if (impl(self)->kind == &class_kind && anti->count) return S_OK;
    if (anti->count > 1) return make_anti(anti->count - 1, result);
    if (anti->count == 1) return S_OK;
    give(self, result);
    return S_OK;
}

static HRESULT WINAPI compose(IMoniker *self, IMoniker *right, BOOL only_itself, IMoniker **result)
{
    struct moniker *moniker = impl(self), *anti, *ours;
    if (!result) return E_POINTER;
    *result = NULL;
    if (!right) {
        if (moniker->kind != &composite_kind) return E_INVALIDARG;
        if (only_itself) return MK_E_NEEDGENERIC;
        give(self, result);
        return S_OK;
    }
    bool plain = moniker->kind != &anti_kind && moniker->kind != &composite_kind;
    anti = moniker_of(right, &anti_kind);
    if (plain && anti) return compose_with_anti(anti, self, result);
    ours = moniker_of(right, moniker->kind);
    HRESULT status = ours && moniker->kind->compose ? moniker->kind->compose(moniker, ours, result) : S_FALSE;
    if (status != S_FALSE) return status;
    return only_itself ? MK_E_NEEDGENERIC : CreateGenericComposite(self, right, result);
}

static HRESULT WINAPI enumerate(IMoniker *self, BOOL forward, IEnumMoniker **result)
{
    struct moniker *moniker = impl(self);
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (moniker->kind == &pointer_kind) return E_NOTIMPL;
    if (!moniker->parts) return S_OK;
    IMoniker **parts = CoTaskMemAlloc(moniker->count * sizeof(*parts));
    if (!parts) return E_OUTOFMEMORY;
    for (DWORD i = 0; i < moniker->count; i++)
        parts[i] = moniker->parts[forward ? i : moniker->count - 1 - i];
    HRESULT status = make_moniker_enum(parts, moniker->count, result);
    CoTaskMemFree(parts);
    return status;
}

static HRESULT WINAPI is_equal(IMoniker *self, IMoniker *other)
{
    struct moniker *moniker = impl(self);
    if (!other) return E_INVALIDARG;
    struct moniker *ours = moniker_of(other, moniker->kind);
    return ours && moniker->kind->equal(moniker, ours) ? S_OK : S_FALSE;
}

static HRESULT WINAPI hash(IMoniker *self, DWORD *result)
{
    struct moniker *moniker = impl(self);
    if (!result) return E_INVALIDARG;
    if (moniker->kind == &composite_kind && !moniker->parts) return E_UNEXPECTED;
    *result = moniker->kind->hash(moniker);
    return S_OK;
}

static HRESULT WINAPI is_running(IMoniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    struct moniker *moniker = impl(self);
    if (moniker->kind->is_running) return moniker->kind->is_running(moniker, context, left, newly);
    if (newly) return IMoniker_IsEqual(self, newly);
    return context ? rot_is_running(context, self) : E_INVALIDARG;
}

static HRESULT WINAPI get_time(IMoniker *self, IBindCtx *context, IMoniker *left, FILETIME *time)
{
    struct moniker *moniker = impl(self);
    if (!time) return E_INVALIDARG;
    return moniker->kind->time ? moniker->kind->time(moniker, context, left, time) : E_NOTIMPL;
}

static HRESULT WINAPI inverse(IMoniker *self, IMoniker **result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    return impl(self)->kind->inverse(impl(self), result);
}

// Equal ones are each other's prefix, others have none in common.
static HRESULT WINAPI common_prefix(IMoniker *self, IMoniker *other, IMoniker **result)
{
    struct moniker *moniker = impl(self);
    if (!result || !other) return E_INVALIDARG;
    *result = NULL;
    if (moniker->kind->prefix) return moniker->kind->prefix(moniker, other, result);
    if (is_equal(self, other) != S_OK) return MK_E_NOPREFIX;
    give(self, result);
    return MK_S_US;
}

// Nothing leads from an anti moniker to another but that one itself; an item alone leads nowhere.
static HRESULT WINAPI relative_path(IMoniker *self, IMoniker *other, IMoniker **result)
{
    const struct moniker_kind *kind = impl(self)->kind;
    if (!result || !other) return E_INVALIDARG;
    *result = NULL;
    if (kind != &anti_kind) return kind == &item_kind ? MK_E_NOTBINDABLE : E_NOTIMPL;
    give(other, result);
    return MK_S_HIM;
}

static HRESULT WINAPI get_name(IMoniker *self, IBindCtx *context, IMoniker *left, LPOLESTR *name)
{
    struct moniker *moniker = impl(self);
    (void)left;
    if (!name) return moniker->kind == &pointer_kind ? E_INVALIDARG : E_POINTER;
    *name = NULL;
    if (!context) return E_INVALIDARG;
    return moniker->kind->name ? moniker->kind->name(moniker, context, name) : E_NOTIMPL;
}

static HRESULT WINAPI parse(IMoniker *self, IBindCtx *context, IMoniker *left, LPOLESTR text, ULONG *eaten,
                            IMoniker **result)
{
    struct moniker *moniker = impl(self);
    if (!context || !text || !eaten || !result) return E_INVALIDARG;
    *eaten = 0;
    *result = NULL;
    return moniker->kind->parse ? moniker->kind->parse(moniker, context, left, text, eaten, result)
                                : E_NOTIMPL;
}

static HRESULT WINAPI is_system(IMoniker *self, DWORD *number)
{
    if (!number) return E_INVALIDARG;
    *number = impl(self)->kind->number;
    return S_OK;
}

// ---- IROTData ----

static HRESULT WINAPI query_comparison(IROTData *self, REFIID id, void **result)
{
    return query(&of_comparison(self)->head, id, result);
}

static ULONG WINAPI reference_comparison(IROTData *self)
{
    return add_reference(&of_comparison(self)->head);
}

static ULONG WINAPI release_comparison(IROTData *self)
{
    return release(&of_comparison(self)->head);
}

static HRESULT WINAPI get_data(IROTData *self, byte *buffer, ULONG room, ULONG *size)
{
    struct moniker *moniker = of_comparison(self);
    ULONG rest = 0;
    if (!buffer || !size) return E_INVALIDARG;
    *size = 0;
    if (room < sizeof(CLSID)) return E_OUTOFMEMORY;
    memcpy(buffer, moniker->kind->id, sizeof(CLSID));
    HRESULT status = moniker->kind->data(moniker, buffer + sizeof(CLSID), room - sizeof(CLSID), &rest);
    if (SUCCEEDED(status)) *size = sizeof(CLSID) + rest;
    return status;
}

static IMonikerVtbl functions = {
    query,          add_reference,   release,       get_class,     is_dirty,  load,     save,     get_size,
    bind_to_object, bind_to_storage, reduce,        compose,       enumerate, is_equal, hash,     is_running,
    get_time,       inverse,         common_prefix, relative_path, get_name,  parse,    is_system};
static IROTDataVtbl comparison_functions = {query_comparison, reference_comparison, release_comparison,
                                            get_data};

struct moniker *moniker_new(const struct moniker_kind *kind)
{
    struct moniker *moniker = CoTaskMemAlloc(sizeof(*moniker));
    if (moniker)
        *moniker = (struct moniker){
            .head = {&functions}, .comparison = {&comparison_functions}, .references = 1, .kind = kind};
    return moniker;
}

struct moniker *moniker_of(IMoniker *moniker, const struct moniker_kind *kind)
{
    return moniker && moniker->lpVtbl == &functions && impl(moniker)->kind == kind ? impl(moniker) : NULL;
}
