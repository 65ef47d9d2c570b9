// Item monikers: a name within a container, which the moniker to the left stands for.
#include "moniker.h"

enum { TEXT_BYTES_MAX = 0x10000 };

// How long the caller waits for an object: BINDSPEED_..., from the time that the context allows.
static DWORD bind_speed(IBindCtx *context)
{
    BIND_OPTS options = {.cbStruct = sizeof(options)};
    if (FAILED(IBindCtx_GetBindOptions(context, &options)) || !options.dwTickCountDeadline)
        return BINDSPEED_INDEFINITE;
    return options.dwTickCountDeadline < 2500 ? BINDSPEED_IMMEDIATE : BINDSPEED_MODERATE;
}

static HRESULT open_container(IBindCtx *context, IMoniker *left, IOleItemContainer **container)
{
    return IMoniker_BindToObject(left, context, NULL, &IID_IOleItemContainer, (void **)container);
}

static HRESULT bind_item(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result)
{
    IOleItemContainer *container;
    if (!left) return E_INVALIDARG;
    HRESULT status = open_container(context, left, &container);
    if (FAILED(status)) return status;
    status = IOleItemContainer_GetObject(container, self->text, bind_speed(context), context, id, result);
    IOleItemContainer_Release(container);
    return status;
}

static HRESULT bind_item_storage(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id,
                                 void **result)
{
    IOleItemContainer *container;
    if (!left) return E_INVALIDARG;
    HRESULT status = open_container(context, left, &container);
    if (FAILED(status)) return status;
    status = IOleItemContainer_GetObjectStorage(container, self->text, context, id, result);
    IOleItemContainer_Release(container);
    return status;
}

static HRESULT item_is_running(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    IOleItemContainer *container;
    if (!context) return E_INVALIDARG;
    if (!left) return newly ? IMoniker_IsEqual(&self->head, newly) : rot_is_running(context, &self->head);
    HRESULT status = IMoniker_IsRunning(left, context, NULL, NULL);
    if (status != S_OK) return status;
    status = open_container(context, left, &container);
    if (FAILED(status)) return status;
    status = IOleItemContainer_IsRunning(container, self->text);
    IOleItemContainer_Release(container);
    return status;
}

// What the running object table noted for the whole, else the container's.
static HRESULT item_time(struct moniker *self, IBindCtx *context, IMoniker *left, FILETIME *time)
{
    IMoniker *whole;
    if (!context) return E_INVALIDARG;
    if (!left) return MK_E_NOTBINDABLE;
    HRESULT status = CreateGenericComposite(left, &self->head, &whole);
    if (FAILED(status)) return status;
    status = rot_time(context, whole, time);
    IMoniker_Release(whole);
    return status == S_OK ? status : IMoniker_GetTimeOfLastChange(left, context, NULL, time);
}

static HRESULT parse_item(struct moniker *self, IBindCtx *context, IMoniker *left, WCHAR *text, ULONG *eaten,
                          IMoniker **result)
{
    IParseDisplayName *parser;
    if (!left) return MK_E_SYNTAX;
    HRESULT status = bind_item(self, context, left, &IID_IParseDisplayName, (void **)&parser);
    if (FAILED(status)) return status;
    status = IParseDisplayName_ParseDisplayName(parser, context, text, eaten, result);
    IParseDisplayName_Release(parser);
    return status;
}

static bool equal_item(struct moniker *self, struct moniker *other)
{
    return CompareStringOrdinal(self->text, -1, other->text, -1, TRUE) == CSTR_EQUAL;
}

static DWORD hash_item(struct moniker *self)
{
    return hash_text(self->text);
}

static HRESULT item_name(struct moniker *self, IBindCtx *context, WCHAR **result)
{
    (void)context;
    *result = join_text(self->delimiter ? self->delimiter : L"", self->text);
    return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT item_data(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size)
{
    return text_data(self->delimiter ? self->delimiter : L"", self->text, buffer, room, size);
}

// ---- saved: each text as ANSI with its NUL, and as UTF-16 without one behind that where ANSI can't hold it
// ----

static HRESULT save_text(IStream *stream, const WCHAR *text)
{
    BOOL lost = FALSE;
    const int ansi =
        text ? WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, text, -1, NULL, 0, NULL, &lost) : 0;
    const ULONG wide = lost ? (ULONG)lstrlenW(text) * sizeof(WCHAR) : 0, total = (ULONG)ansi + wide;
    char *bytes = CoTaskMemAlloc(total ? total : 1);
    if (!bytes) return E_OUTOFMEMORY;
    if (text) WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, text, -1, bytes, ansi, NULL, NULL);
    if (wide) memcpy(bytes + ansi, text, wide);
    HRESULT status = stream_write(stream, &total, sizeof(total));
    if (SUCCEEDED(status) && total) status = stream_write(stream, bytes, total);
    CoTaskMemFree(bytes);
    return status;
}

// The text of `size` bytes; NULL: no memory.
static WCHAR *decode_text(const char *bytes, ULONG size)
{
    const ULONG ansi = (ULONG)lstrlenA(bytes) + 1, room = size + 1;
    WCHAR *text = CoTaskMemAlloc(room * sizeof(WCHAR));
    if (!text) return NULL;
    if (size > ansi) {
        memcpy(text, bytes + ansi, size - ansi);
        text[(size - ansi) / sizeof(WCHAR)] = 0;
    } else {
        MultiByteToWideChar(CP_ACP, 0, bytes, -1, text, (int)room);
    }
    return text;
}

// *text stays NULL where there is none.
static HRESULT load_text(IStream *stream, WCHAR **text)
{
    ULONG size;
    *text = NULL;
    HRESULT status = stream_read(stream, &size, sizeof(size));
    if (FAILED(status) || !size) return status;
    if (size > TEXT_BYTES_MAX) return E_INVALIDARG;
    char *bytes = CoTaskMemAlloc(size + 1);
    if (!bytes) return E_OUTOFMEMORY;
    bytes[size] = 0;
    status = stream_read(stream, bytes, size);
    if (SUCCEEDED(status)) {
        *text = decode_text(bytes, size);
        if (!*text) status = E_OUTOFMEMORY;
    }
    CoTaskMemFree(bytes);
    return status;
}

static HRESULT save_item(struct moniker *self, IStream *stream)
{
    HRESULT status = save_text(stream, self->delimiter);
    return FAILED(status) ? status : save_text(stream, self->text);
}

static HRESULT load_item(struct moniker *self, IStream *stream)
{
    WCHAR *delimiter, *text = NULL;
    HRESULT status = load_text(stream, &delimiter);
    if (SUCCEEDED(status)) status = load_text(stream, &text);
    if (SUCCEEDED(status) && !text && !(text = copy_text(L""))) status = E_OUTOFMEMORY;
    if (FAILED(status)) {
        CoTaskMemFree(delimiter);
        return status;
    }
    CoTaskMemFree(self->delimiter);
    CoTaskMemFree(self->text);
    self->delimiter = delimiter;
    self->text = text;
    return S_OK;
}

// What Windows says: room for both forms of each text, and more.
static ULONG item_size(const struct moniker *self)
{
    enum { FIXED = 26, CHARACTER = 4 };
    const ULONG delimiter = self->delimiter ? (ULONG)lstrlenW(self->delimiter) + 1 : 0;
    return FIXED + CHARACTER * (delimiter + (ULONG)lstrlenW(self->text) + 1);
}

const struct moniker_kind item_kind = {
    .id = &CLSID_ItemMoniker,
    .number = MKSYS_ITEMMONIKER,
    .has_data = true,
    .load = load_item,
    .save = save_item,
    .save_size = item_size,
    .bind = bind_item,
    .bind_storage = bind_item_storage,
    .equal = equal_item,
    .hash = hash_item,
    .is_running = item_is_running,
    .time = item_time,
    .inverse = inverse_is_anti,
    .name = item_name,
    .parse = parse_item,
    .data = item_data,
};

HOTPATCH HRESULT WINAPI CreateItemMoniker(LPCOLESTR delimiter, LPCOLESTR item, LPMONIKER *result)
{
    if (!result || !item) return E_INVALIDARG;
    *result = NULL;
    struct moniker *moniker = moniker_new(&item_kind);
    if (!moniker) return E_OUTOFMEMORY;
    moniker->text = copy_text(item);
    if (delimiter) moniker->delimiter = copy_text(delimiter);
    if (!moniker->text || (delimiter && !moniker->delimiter)) {
        IMoniker_Release(&moniker->head);
        return E_OUTOFMEMORY;
    }
    *result = &moniker->head;
    return S_OK;
}
