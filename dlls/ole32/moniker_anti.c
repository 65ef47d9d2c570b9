// Anti monikers, which take away what stands to their left, and pointer monikers, which are an object.
#include "moniker.h"

#define COUNT_MAX 0xFFFFF

// ---- anti monikers ----

static HRESULT load_anti(struct moniker *self, IStream *stream)
{
    DWORD count;
    HRESULT status = stream_read(stream, &count, sizeof(count));
    if (FAILED(status)) return status;
    if (count > COUNT_MAX) return E_INVALIDARG;
    self->count = count;
    return S_OK;
}

static HRESULT save_anti(struct moniker *self, IStream *stream)
{
    return stream_write(stream, &self->count, sizeof(self->count));
}

static ULONG anti_size(const struct moniker *self)
{
    (void)self;
    return sizeof(CLSID) + sizeof(DWORD);
}

static bool equal_anti(struct moniker *self, struct moniker *other)
{
    return self->count == other->count;
}

static DWORD hash_anti(struct moniker *self)
{
    return 0x80000000 | self->count;
}

static HRESULT anti_is_running(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    (void)context, (void)left;
    return newly ? IMoniker_IsEqual(&self->head, newly) : S_FALSE;
}

static HRESULT no_inverse(struct moniker *self, IMoniker **result)
{
    (void)self, (void)result;
    return MK_E_NOINVERSE;
}

// The one that takes less away is the prefix.
static HRESULT anti_prefix(struct moniker *self, IMoniker *other, IMoniker **result)
{
    struct moniker *anti = moniker_of(other, &anti_kind);
    if (!anti) return MonikerCommonPrefixWith(&self->head, other, result);
    *result = self->count <= anti->count ? &self->head : other;
    IMoniker_AddRef(*result);
    return self->count == anti->count ? MK_S_US : self->count < anti->count ? MK_S_ME : MK_S_HIM;
}

static HRESULT anti_name(struct moniker *self, IBindCtx *context, WCHAR **result)
{
    WCHAR *name = CoTaskMemAlloc((self->count * 3 + 1) * sizeof(WCHAR));
    (void)context;
    if (!name) return E_OUTOFMEMORY;
    *name = 0;
    for (DWORD i = 0; i < self->count; i++) memcpy(name + i * 3, L"\\..", 4 * sizeof(WCHAR));
    *result = name;
    return S_OK;
}

static HRESULT anti_data(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size)
{
    *size = sizeof(self->count);
    if (room < *size) return E_OUTOFMEMORY;
    memcpy(buffer, &self->count, *size);
    return S_OK;
}

const struct moniker_kind anti_kind = {
    .id = &CLSID_AntiMoniker,
    .number = MKSYS_ANTIMONIKER,
    .has_data = true,
    .load = load_anti,
    .save = save_anti,
    .save_size = anti_size,
    .equal = equal_anti,
    .hash = hash_anti,
    .is_running = anti_is_running,
    .inverse = no_inverse,
    .prefix = anti_prefix,
    .name = anti_name,
    .data = anti_data,
};

HRESULT make_anti(DWORD count, IMoniker **result)
{
    struct moniker *moniker = moniker_new(&anti_kind);
    if (!moniker) return E_OUTOFMEMORY;
    moniker->count = count;
    *result = &moniker->head;
    return S_OK;
}

HOTPATCH HRESULT WINAPI CreateAntiMoniker(LPMONIKER *result)
{
    return result ? make_anti(1, result) : E_INVALIDARG;
}

HRESULT inverse_is_anti(struct moniker *self, IMoniker **result)
{
    (void)self;
    return CreateAntiMoniker(result);
}

// ---- pointer monikers ----

static HRESULT bind_pointer(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result)
{
    (void)context, (void)left;
    return self->object ? IUnknown_QueryInterface(self->object, id, result) : E_UNEXPECTED;
}

static bool equal_pointer(struct moniker *self, struct moniker *other)
{
    return self->object == other->object;
}

static DWORD hash_pointer(struct moniker *self)
{
    return (DWORD)(DWORD_PTR)self->object;
}

static HRESULT pointer_is_running(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    (void)self, (void)context, (void)left, (void)newly;
    return S_OK;
}

const struct moniker_kind pointer_kind = {
    .id = &CLSID_PointerMoniker,
    .number = MKSYS_POINTERMONIKER,
    .bind = bind_pointer,
    .bind_storage = bind_pointer,
    .equal = equal_pointer,
    .hash = hash_pointer,
    .is_running = pointer_is_running,
    .inverse = inverse_is_anti,
};

HOTPATCH HRESULT WINAPI CreatePointerMoniker(LPUNKNOWN object, LPMONIKER *result)
{
    if (!result) return E_INVALIDARG;
    struct moniker *moniker = moniker_new(&pointer_kind);
    if (!moniker) return E_OUTOFMEMORY;
    if (object) IUnknown_AddRef(object);
    moniker->object = object;
    *result = &moniker->head;
    return S_OK;
}
