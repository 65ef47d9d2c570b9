// Bind contexts: what a binding takes along, as options, objects that stay bound, and objects by name.
#include "moniker.h"

struct bound {
    struct bound *next;
    IUnknown *object;
    WCHAR *name; // NULL: an object that only stays bound
};

struct context {
    IBindCtx head;
    LONG references;
    BIND_OPTS3 options;
    struct bound *bound;
};

static struct context *impl(IBindCtx *self)
{
    return (struct context *)self;
}

static HRESULT WINAPI query(IBindCtx *self, REFIID id, void **result)
{
    if (!result) return E_POINTER;
    *result = NULL;
    if (!same_id(id, &IID_IUnknown) && !same_id(id, &IID_IBindCtx)) return E_NOINTERFACE;
    IBindCtx_AddRef(self);
    *result = self;
    return S_OK;
}

static ULONG WINAPI add_reference(IBindCtx *self)
{
    return (ULONG)InterlockedIncrement(&impl(self)->references);
}

static void free_bound(struct bound *bound)
{
    if (bound->object) IUnknown_Release(bound->object);
    CoTaskMemFree(bound->name);
    CoTaskMemFree(bound);
}

static HRESULT WINAPI release_bound(IBindCtx *self)
{
    for (struct bound **at = &impl(self)->bound; *at;) {
        struct bound *bound = *at;
        if (bound->name) {
            at = &bound->next;
            continue;
        }
        *at = bound->next;
        free_bound(bound);
        at = &impl(self)->bound; // an object that goes may change the list
    }
    return S_OK;
}

static ULONG WINAPI release(IBindCtx *self)
{
    struct context *context = impl(self);
    LONG left = InterlockedDecrement(&context->references);
    if (left) return (ULONG)left;
    while (context->bound) {
        struct bound *bound = context->bound;
        context->bound = bound->next;
        free_bound(bound);
    }
    CoTaskMemFree(context);
    return 0;
}

static HRESULT add(struct context *context, WCHAR *name, IUnknown *object)
{
    struct bound *bound = CoTaskMemAlloc(sizeof(*bound));
    if (!bound) return E_OUTOFMEMORY;
    *bound = (struct bound){.next = context->bound, .object = object, .name = name};
    if (object) IUnknown_AddRef(object);
    context->bound = bound;
    return S_OK;
}

static HRESULT WINAPI register_bound(IBindCtx *self, IUnknown *object)
{
    return object ? add(impl(self), NULL, object) : S_OK;
}

static HRESULT WINAPI revoke_bound(IBindCtx *self, IUnknown *object)
{
    if (!object) return E_INVALIDARG;
    for (struct bound **at = &impl(self)->bound; *at; at = &(*at)->next) {
        struct bound *bound = *at;
        if (bound->name || bound->object != object) continue;
        *at = bound->next;
        free_bound(bound);
        return S_OK;
    }
    return MK_E_NOTBOUND;
}

// ---- options: callers know shorter forms of the structure ----

static HRESULT WINAPI set_options(IBindCtx *self, BIND_OPTS *options)
{
    if (!options || options->cbStruct > sizeof(BIND_OPTS3)) return E_INVALIDARG;
    memcpy(&impl(self)->options, options, options->cbStruct);
    return S_OK;
}

static HRESULT WINAPI get_options(IBindCtx *self, BIND_OPTS *options)
{
    if (!options) return E_INVALIDARG;
    DWORD size = options->cbStruct < sizeof(BIND_OPTS3) ? options->cbStruct : sizeof(BIND_OPTS3);
    memcpy(options, &impl(self)->options, size);
    options->cbStruct = size;
    return S_OK;
}

static HRESULT WINAPI get_table(IBindCtx *self, IRunningObjectTable **table)
{
    (void)self;
    return table ? GetRunningObjectTable(0, table) : E_INVALIDARG;
}

// ---- objects by name, without regard to case ----

static struct bound **find_name(IBindCtx *self, const WCHAR *name)
{
    struct bound **at = &impl(self)->bound;
    while (*at &&
           (!(*at)->name || CompareStringOrdinal((*at)->name, -1, name ? name : L"", -1, TRUE) != CSTR_EQUAL))
        at = &(*at)->next;
    return at;
}

static HRESULT WINAPI register_name(IBindCtx *self, LPOLESTR name, IUnknown *object)
{
    if (!object) return E_INVALIDARG;
    struct bound *known = *find_name(self, name);
    if (known) { // another object by this name
        IUnknown *before = known->object;
        IUnknown_AddRef(object);
        known->object = object;
        IUnknown_Release(before); // which may revoke the name
        return S_OK;
    }
    WCHAR *copy = copy_text(name ? name : L"");
    HRESULT status = copy ? add(impl(self), copy, object) : E_OUTOFMEMORY;
    if (FAILED(status)) CoTaskMemFree(copy);
    return status;
}

static HRESULT WINAPI get_name(IBindCtx *self, LPOLESTR name, IUnknown **object)
{
    if (!object) return E_POINTER;
    struct bound *known = *find_name(self, name);
    *object = known ? known->object : NULL;
    if (!known) return E_FAIL;
    IUnknown_AddRef(*object);
    return S_OK;
}

static HRESULT WINAPI revoke_name(IBindCtx *self, LPOLESTR name)
{
    struct bound **at = find_name(self, name), *known = *at;
    if (!known) return E_FAIL;
    *at = known->next;
    free_bound(known);
    return S_OK;
}

static HRESULT WINAPI enumerate_names(IBindCtx *self, IEnumString **result)
{
    (void)self;
    if (!result) return E_POINTER;
    *result = NULL;
    return E_NOTIMPL; // on Windows, too
}

HOTPATCH HRESULT WINAPI CreateBindCtx(DWORD reserved, LPBC *result)
{
    static IBindCtxVtbl functions = {query,        add_reference, release,     register_bound,
                                     revoke_bound, release_bound, set_options, get_options,
                                     get_table,    register_name, get_name,    enumerate_names,
                                     revoke_name};
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (reserved) return E_INVALIDARG;
    struct context *context = CoTaskMemAlloc(sizeof(*context));
    if (!context) return E_OUTOFMEMORY;
    *context = (struct context){.head = {&functions},
                                .references = 1,
                                .options = {.cbStruct = sizeof(BIND_OPTS3),
                                            .grfMode = STGM_READWRITE,
                                            .dwClassContext = CLSCTX_SERVER,
                                            .locale = GetThreadLocale()}};
    *result = &context->head;
    return S_OK;
}
