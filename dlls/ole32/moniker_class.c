// Class monikers: the class object of a CLSID.
#include "moniker.h"

enum { EXTRA_MAX = 0x10000, GUID_TEXT = 36 };

static HRESULT bind_class(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result)
{
    BIND_OPTS2 options = {.cbStruct = sizeof(options)};
    HRESULT status = IBindCtx_GetBindOptions(context, (BIND_OPTS *)&options);
    if (FAILED(status)) return status;
    if (!left) return CoGetClassObject(&self->class, options.dwClassContext, NULL, id, result);
    IClassActivator *activator;
    status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);
    if (FAILED(status)) return status;
    status = IClassActivator_GetClassObject(activator, &self->class, options.dwClassContext, options.locale,
                                            id, result);
    IClassActivator_Release(activator);
    return status;
}

static HRESULT parse_class(struct moniker *self, IBindCtx *context, IMoniker *left, WCHAR *text, ULONG *eaten,
                           IMoniker **result)
{
    IParseDisplayName *parser;
    HRESULT status = bind_class(self, context, left, &IID_IParseDisplayName, (void **)&parser);
    if (FAILED(status)) return status;
    status = IParseDisplayName_ParseDisplayName(parser, context, text, eaten, result);
    IParseDisplayName_Release(parser);
    return status;
}

static HRESULT class_is_running(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly)
{
    (void)self, (void)context, (void)left, (void)newly;
    return E_NOTIMPL; // on Windows, too
}

static HRESULT class_time(struct moniker *self, IBindCtx *context, IMoniker *left, FILETIME *time)
{
    (void)self, (void)context, (void)left, (void)time;
    return MK_E_UNAVAILABLE;
}

// What follows the class does not count.
static bool equal_class(struct moniker *self, struct moniker *other)
{
    return same_id(&self->class, &other->class);
}

static DWORD hash_class(struct moniker *self)
{
    return self->class.Data1;
}

static HRESULT class_name(struct moniker *self, IBindCtx *context, WCHAR **result)
{
    WCHAR guid[GUID_TEXT + 3], whole[6 + GUID_TEXT + 1] = L"clsid:";
    (void)context;
    StringFromGUID2(&self->class, guid, ARRAY_LENGTH(guid));
    lstrcpynW(whole + 6, guid + 1, GUID_TEXT + 1); // without braces
    WCHAR *named = join_text(whole, self->text ? self->text : L"");
    *result = named ? join_text(named, L":") : NULL;
    CoTaskMemFree(named);
    return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT class_data(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size)
{
    *size = sizeof(self->class);
    if (room < *size) return E_OUTOFMEMORY;
    memcpy(buffer, &self->class, *size);
    return S_OK;
}

// ---- saved: the CLSID, the bytes of what follows, what follows with its NUL ----

static ULONG extra_size(const struct moniker *self)
{
    return self->text ? ((ULONG)lstrlenW(self->text) + 1) * sizeof(WCHAR) : 0;
}

static ULONG class_size(const struct moniker *self)
{
    return sizeof(CLSID) + sizeof(ULONG) + extra_size(self);
}

static HRESULT save_class(struct moniker *self, IStream *stream)
{
    const ULONG size = extra_size(self);
    HRESULT status = stream_write(stream, &self->class, sizeof(self->class));
    if (SUCCEEDED(status)) status = stream_write(stream, &size, sizeof(size));
    return SUCCEEDED(status) && size ? stream_write(stream, self->text, size) : status;
}

static HRESULT load_class(struct moniker *self, IStream *stream)
{
    CLSID class;
    ULONG size;
    WCHAR *text = NULL;
    HRESULT status = stream_read(stream, &class, sizeof(class));
    if (SUCCEEDED(status)) status = stream_read(stream, &size, sizeof(size));
    if (FAILED(status)) return status;
    if (size > EXTRA_MAX) return E_INVALIDARG;
    if (size) {
        text = CoTaskMemAlloc(size + sizeof(WCHAR));
        if (!text) return E_OUTOFMEMORY;
        status = stream_read(stream, text, size);
        text[size / sizeof(WCHAR)] = 0;
    }
    if (FAILED(status)) {
        CoTaskMemFree(text);
        return status;
    }
    CoTaskMemFree(self->text);
    self->text = text;
    self->class = class;
    return S_OK;
}

const struct moniker_kind class_kind = {
    .id = &CLSID_ClassMoniker,
    .number = MKSYS_CLASSMONIKER,
    .has_data = true,
    .load = load_class,
    .save = save_class,
    .save_size = class_size,
    .bind = bind_class,
    .bind_storage = bind_class,
    .equal = equal_class,
    .hash = hash_class,
    .is_running = class_is_running,
    .time = class_time,
    .inverse = inverse_is_anti,
    .name = class_name,
    .parse = parse_class,
    .data = class_data,
};

HOTPATCH HRESULT WINAPI CreateClassMoniker(REFCLSID class, LPMONIKER *result)
{
    if (!result || !class) return E_INVALIDARG;
    struct moniker *moniker = moniker_new(&class_kind);
    if (!moniker) return E_OUTOFMEMORY;
    moniker->class = *class;
    *result = &moniker->head;
    return S_OK;
}
