// Generic composite monikers: several monikers from left to right. What an anti moniker takes away is never
// kept.
#include "moniker.h"

enum { PARTS_MAX = 0x1000 };

// ---- putting together ----

struct parts {
    IMoniker **list;
    DWORD count, capacity;
};

static void free_parts(struct parts *parts)
{
    for (DWORD i = 0; i < parts->count; i++) IMoniker_Release(parts->list[i]);
    CoTaskMemFree(parts->list);
}

static HRESULT push(struct parts *parts, IMoniker *moniker)
{
    if (parts->count == parts->capacity) {
        DWORD capacity = parts->capacity ? parts->capacity * 2 : 8;
        IMoniker **list = CoTaskMemRealloc(parts->list, capacity * sizeof(*list));
        if (!list) return E_OUTOFMEMORY;
        parts->list = list;
        parts->capacity = capacity;
    }
    IMoniker_AddRef(moniker);
    parts->list[parts->count++] = moniker;
    return S_OK;
}

// Joins one to the right end, with the last one first where these two make a moniker of their own.
static HRESULT join(struct parts *parts, IMoniker *moniker)
{
    HRESULT status = S_OK;
    IMoniker_AddRef(moniker);
    while (moniker) {
        IMoniker *made = NULL;
        status = parts->count ? IMoniker_ComposeWith(parts->list[parts->count - 1], moniker, TRUE, &made)
                              : MK_E_NEEDGENERIC;
        if (FAILED(status)) break;
        parts->count--;
        IMoniker_Release(parts->list[parts->count]);
        IMoniker_Release(moniker);
        moniker = made; // nothing: they took each other away
    }
    if (status == MK_E_NEEDGENERIC) status = push(parts, moniker);
    if (moniker) IMoniker_Release(moniker);
    return status;
}

static HRESULT join_all(struct parts *parts, IMoniker *moniker)
{
    struct moniker *composite = moniker_of(moniker, &composite_kind);
    HRESULT status = composite ? S_OK : join(parts, moniker);
    for (DWORD i = 0; composite && i < composite->count && SUCCEEDED(status); i++)
        status = join(parts, composite->parts[i]);
    return status;
}

// The parts as one moniker: nothing for none, a single one itself. Takes the parts over.
static HRESULT make_whole(struct parts *parts, IMoniker **result)
{
    *result = NULL;
    if (parts->count < 2) {
        if (parts->count) give(parts->list[0], result);
        free_parts(parts);
        return S_OK;
    }
    struct moniker *moniker = moniker_new(&composite_kind);
    if (!moniker) {
        free_parts(parts);
        return E_OUTOFMEMORY;
    }
    moniker->parts = parts->list;
    moniker->count = parts->count;
    *result = &moniker->head;
    return S_OK;
}

HOTPATCH HRESULT WINAPI CreateGenericComposite(LPMONIKER first, LPMONIKER rest, LPMONIKER *result)
{
    struct parts parts = {0};
    if (!result) return E_POINTER;
    *result = NULL;
    HRESULT status = first ? join_all(&parts, first) : S_OK;
    if (SUCCEEDED(status) && rest) status = join_all(&parts, rest);
    if (SUCCEEDED(status)) return make_whole(&parts, result);
    free_parts(&parts);
    return status;
}

// All but the last part, behind `left` where that is given. E_UNEXPECTED: nothing was loaded into it yet.
static HRESULT make_left(const struct moniker *self, IMoniker *left, IMoniker **result)
{
    struct parts parts = {0};
    if (!self->count) return E_UNEXPECTED;
    HRESULT status = left ? join_all(&parts, left) : S_OK;
    for (DWORD i = 0; i + 1 < self->count && SUCCEEDED(status); i++) status = join(&parts, self->parts[i]);
    if (SUCCEEDED(status)) return make_whole(&parts, result);
    free_parts(&parts);
    return status;
}

static IMoniker *last_of(const struct moniker *self)
{
    return self->parts[self->count - 1];
}

// ---- what its last part does, with the others to the left ----

static HRESULT bind_composite(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id,
                              void **result)
{
    IUnknown *object;
    IMoniker *before;
    if (!left && SUCCEEDED(rot_object(context, &self->head, &object))) {
        HRESULT status = IUnknown_QueryInterface(object, id, result);
        IUnknown_Release(object);
        return status;
    }
    HRESULT status = make_left(self, left, &before);
    if (FAILED(status)) return status;
    status = IMoniker_BindToObject(last_of(self), context, before, id, result);
    if (before) IMoniker_Release(before);
    return status;
}

static HRESULT bind_composite_storage(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id,
                                      void **result)
{
    IMoniker *before;
    HRESULT status = make_left(self, left, &before);
    if (FAILED(status)) return status;
    status = IMoniker_BindToStorage(last_of(self), context, before, id, result);
    if (before) IMoniker_Release(before);
    return status;
}

static HRESULT parse_composite(struct moniker *self, IBindCtx *context, IMoniker *left, WCHAR *text,
                               ULONG *eaten, IMoniker **result)
{
    IMoniker *before;
    HRESULT status = make_left(self, left, &before);
    if (FAILED(status)) return status;
    status = IMoniker_ParseDisplayName(last_of(self), context, before, text, eaten, result);
    if (before) IMoniker_Release(before);
    return status;
}

static HRESULT composite_is_running(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    IMoniker *before;
    if (!context) return E_INVALIDARG;
    if (!left && newly) return IMoniker_IsEqual(&self->head, newly);
    if (!left && rot_is_running(context, &self->head) == S_OK) return S_OK;
    HRESULT status = make_left(self, left, &before);
    if (FAILED(status)) return status;
    status = IMoniker_IsRunning(last_of(self), context, before, newly);
    if (before) IMoniker_Release(before);
    return status;
}

static HRESULT composite_time(struct moniker *self, IBindCtx *context, IMoniker *left, FILETIME *time)
{
    IMoniker *before;
    if (!context) return E_INVALIDARG;
    HRESULT status = make_left(self, left, &before);
    if (FAILED(status)) return status;
    status = IMoniker_GetTimeOfLastChange(last_of(self), context, before, time);
    if (before) IMoniker_Release(before);
    return status;
}

// ---- what all parts do together ----

static bool equal_composite(struct moniker *self, struct moniker *other)
{
    bool equal = self->count == other->count;
    for (DWORD i = 0; equal && i < self->count; i++)
        equal = IMoniker_IsEqual(self->parts[i], other->parts[i]) == S_OK;
    return equal;
}

static DWORD hash_composite(struct moniker *self)
{
    DWORD whole = 0, hash;
    for (DWORD i = 0; i < self->count; i++)
        if (SUCCEEDED(IMoniker_Hash(self->parts[i], &hash))) whole ^= hash;
    return whole;
}

static HRESULT composite_name(struct moniker *self, IBindCtx *context, WCHAR **result)
{
    if (!self->count) return E_INVALIDARG;
    WCHAR *whole = copy_text(L"");
    HRESULT status = whole ? S_OK : E_OUTOFMEMORY;
    for (DWORD i = 0; i < self->count && SUCCEEDED(status); i++) {
        WCHAR *name = NULL;
        status = IMoniker_GetDisplayName(self->parts[i], context, NULL, &name);
        if (FAILED(status)) break;
        WCHAR *longer = join_text(whole, name);
        CoTaskMemFree(name);
        CoTaskMemFree(whole);
        whole = longer;
        if (!longer) status = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(status))
        *result = whole;
    else
        CoTaskMemFree(whole);
    return status;
}

static HRESULT composite_inverse(struct moniker *self, IMoniker **result)
{
    struct parts parts = {0};
    HRESULT status = self->count ? S_OK : E_UNEXPECTED;
    for (DWORD i = self->count; i-- && SUCCEEDED(status);) {
        IMoniker *inverse;
        status = IMoniker_Inverse(self->parts[i], &inverse);
        if (FAILED(status)) break;
        status = join_all(&parts, inverse);
        IMoniker_Release(inverse);
    }
    if (SUCCEEDED(status)) return make_whole(&parts, result);
    free_parts(&parts);
    return status;
}

// A moniker that is no composite counts as one of one part.
static HRESULT composite_prefix(struct moniker *self, IMoniker *other, IMoniker **result)
{
    struct moniker *composite = moniker_of(other, &composite_kind);
    IMoniker **theirs = composite ? composite->parts : &other;
    const DWORD count = composite ? composite->count : 1;
    struct parts parts = {0};
    DWORD same = 0;
    HRESULT status = S_OK;
    while (SUCCEEDED(status) && same < self->count && same < count &&
           IMoniker_IsEqual(self->parts[same], theirs[same]) == S_OK)
        status = push(&parts, self->parts[same++]);
    if (SUCCEEDED(status))
        status = make_whole(&parts, result);
    else
        free_parts(&parts);
    if (FAILED(status)) return status;
    if (!same) return MK_E_NOPREFIX;
    if (same == self->count) return same == count ? MK_S_US : MK_S_ME;
    return same == count ? MK_S_HIM : S_OK;
}

static HRESULT composite_data(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size)
{
    *size = 0;
    if (!self->count) return E_UNEXPECTED;
    for (DWORD i = 0; i < self->count; i++) {
        IROTData *comparison;
        ULONG part = 0;
        HRESULT status = IMoniker_QueryInterface(self->parts[i], &IID_IROTData, (void **)&comparison);
        if (FAILED(status)) return status;
        status = IROTData_GetComparisonData(comparison, buffer + *size, room - *size, &part);
        IROTData_Release(comparison);
        if (FAILED(status)) return status;
        if (part > room - *size) return E_UNEXPECTED; // a moniker of the program's that wrote too much
        *size += part;
    }
    return S_OK;
}

// ---- saved: how many, then each with its class ----

static HRESULT save_composite(struct moniker *self, IStream *stream)
{
    if (!self->count) return E_UNEXPECTED;
    HRESULT status = stream_write(stream, &self->count, sizeof(self->count));
    for (DWORD i = 0; i < self->count && SUCCEEDED(status); i++)
        status = OleSaveToStream((IPersistStream *)self->parts[i], stream);
    return status;
}

static ULONG composite_size(const struct moniker *self)
{
    ULONG whole = sizeof(CLSID) + sizeof(self->count);
    for (DWORD i = 0; i < self->count; i++) {
        ULARGE_INTEGER size = {0};
        IMoniker_GetSizeMax(self->parts[i], &size);
        whole += sizeof(CLSID) + size.LowPart;
    }
    return whole;
}

// Only an empty one can be loaded.
static HRESULT load_composite(struct moniker *self, IStream *stream)
{
    struct parts parts = {0};
    DWORD count;
    if (self->parts) return E_UNEXPECTED;
    HRESULT status = stream_read(stream, &count, sizeof(count));
    if (SUCCEEDED(status) && (count < 2 || count > PARTS_MAX)) status = E_UNEXPECTED;
    for (DWORD i = 0; SUCCEEDED(status) && i < count; i++) {
        IMoniker *part;
        status = OleLoadFromStream(stream, &IID_IMoniker, (void **)&part);
        if (FAILED(status)) break;
        status = push(&parts, part);
        IMoniker_Release(part);
    }
    if (FAILED(status)) {
        free_parts(&parts);
        return status;
    }
    self->parts = parts.list;
    self->count = parts.count;
    return S_OK;
}

const struct moniker_kind composite_kind = {
    .id = &CLSID_CompositeMoniker,
    .number = MKSYS_GENERICCOMPOSITE,
    .has_data = true,
    .load = load_composite,
    .save = save_composite,
    .save_size = composite_size,
    .bind = bind_composite,
    .bind_storage = bind_composite_storage,
    .equal = equal_composite,
    .hash = hash_composite,
    .is_running = composite_is_running,
    .time = composite_time,
    .inverse = composite_inverse,
    .prefix = composite_prefix,
    .name = composite_name,
    .parse = parse_composite,
    .data = composite_data,
};

HOTPATCH HRESULT WINAPI MonikerCommonPrefixWith(LPMONIKER self, LPMONIKER other, LPMONIKER *result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!self || !other) return MK_E_NOPREFIX;
    struct moniker *composite = moniker_of(self, &composite_kind);
    if (composite) return composite_prefix(composite, other, result);
    composite = moniker_of(other, &composite_kind);
    if (composite) { // seen from the other side
        HRESULT status = composite_prefix(composite, self, result);
        return status == MK_S_HIM ? MK_S_ME : status;
    }
    if (IMoniker_IsEqual(self, other) != S_OK) return MK_E_NOPREFIX;
    give(self, result);
    return MK_S_US;
}
