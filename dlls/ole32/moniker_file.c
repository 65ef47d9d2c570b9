// File monikers: a path, and the object that its class makes of the file.
#include "moniker.h"

enum { PATH_BYTES_MAX = 0x10000 };

// The class of a file is that of its extension: HKEY_CLASSES_ROOT\.ext names a program's name for it.
HOTPATCH HRESULT WINAPI GetClassFile(LPCOLESTR path, CLSID *class)
{
    WCHAR name[256];
    DWORD size = sizeof(name);
    const WCHAR *extension = NULL;
    if (!path || !class) return E_INVALIDARG;
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) return MK_E_CANTOPENFILE;
    for (const WCHAR *at = path; *at; at++) {
        if (*at == '.') extension = at;
        if (*at == '\\' || *at == '/') extension = NULL;
    }
    if (!extension || RegGetValueW(HKEY_CLASSES_ROOT, extension, NULL, RRF_RT_REG_SZ, NULL, name, &size))
        return MK_E_INVALIDEXTENSION;
    return SUCCEEDED(CLSIDFromProgID(name, class)) ? S_OK : MK_E_INVALIDEXTENSION;
}

// ---- binding ----

// A new object of the file's class, made by the object to the left where there is one.
static HRESULT make_object(struct moniker *self, IBindCtx *context, IMoniker *left, IPersistFile **file)
{
    CLSID class;
    IClassFactory *factory;
    if (!left) {
        HRESULT status = GetClassFile(self->text, &class);
        return FAILED(status)
                   ? status
                   : CoCreateInstance(&class, NULL, CLSCTX_SERVER, &IID_IPersistFile, (void **)file);
    }
    HRESULT status = IMoniker_BindToObject(left, context, NULL, &IID_IClassFactory, (void **)&factory);
    if (FAILED(status)) return status;
    status = IClassFactory_CreateInstance(factory, NULL, &IID_IPersistFile, (void **)file);
    IClassFactory_Release(factory);
    return status;
}

static HRESULT bind_file(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result)
{
    BIND_OPTS options = {.cbStruct = sizeof(options)};
    IUnknown *running;
    IPersistFile *file;
    if (!left && SUCCEEDED(rot_object(context, &self->head, &running))) {
        HRESULT status = IUnknown_QueryInterface(running, id, result);
        IUnknown_Release(running);
        return status;
    }
    HRESULT status = IBindCtx_GetBindOptions(context, &options);
    if (SUCCEEDED(status)) status = make_object(self, context, left, &file);
    if (FAILED(status)) return status;
    status = IPersistFile_Load(file, self->text, options.grfMode);
    if (SUCCEEDED(status)) status = IPersistFile_QueryInterface(file, id, result);
    IPersistFile_Release(file);
    return status;
}

static HRESULT parse_file(struct moniker *self, IBindCtx *context, IMoniker *left, WCHAR *text, ULONG *eaten,
                          IMoniker **result)
{
    IParseDisplayName *parser;
    HRESULT status = bind_file(self, context, left, &IID_IParseDisplayName, (void **)&parser);
    if (FAILED(status)) return status;
    status = IParseDisplayName_ParseDisplayName(parser, context, text, eaten, result);
    IParseDisplayName_Release(parser);
    return status;
}

// What the running object table noted, else the file's own.
static HRESULT file_time(struct moniker *self, IBindCtx *context, IMoniker *left, FILETIME *time)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    (void)left;
    if (!context) return E_INVALIDARG;
    HRESULT status = rot_time(context, &self->head, time);
    if (SUCCEEDED(status)) return status;
    if (!GetFileAttributesExW(self->text, GetFileExInfoStandard, &data)) return MK_E_NOOBJECT;
    *time = data.ftLastWriteTime;
    return S_OK;
}

// ---- paths ----

static bool equal_file(struct moniker *self, struct moniker *other)
{
    return CompareStringOrdinal(self->text, -1, other->text, -1, TRUE) == CSTR_EQUAL;
}

static DWORD hash_file(struct moniker *self)
{
    return hash_text(self->text);
}

static HRESULT file_name(struct moniker *self, IBindCtx *context, WCHAR **result)
{
    (void)context;
    *result = copy_text(self->text);
    return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT file_data(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size)
{
    return text_data(self->text, L"", buffer, room, size);
}

static bool is_absolute(const WCHAR *path)
{
    return path[0] == '\\' || (path[0] && path[1] == ':');
}

static bool goes_up(const WCHAR *path)
{
    return path[0] == '.' && path[1] == '.' && path[2] == '\\';
}

static WCHAR *last_separator(WCHAR *path)
{
    WCHAR *found = NULL;
    for (; *path; path++)
        if (*path == '\\') found = path;
    return found;
}

// A relative path behind another: each ..\ takes a name away.
static HRESULT compose_files(struct moniker *self, struct moniker *right, IMoniker **result)
{
    const WCHAR *rest = right->text;
    if (is_absolute(rest)) return MK_E_SYNTAX;
    WCHAR *base = copy_text(self->text), *separator;
    if (!base) return E_OUTOFMEMORY;
    for (; goes_up(rest); rest += 3) {
        separator = last_separator(base);
        if (separator && !separator[1]) { // it ended in one
            *separator = 0;
            separator = last_separator(base);
        }
        if (!*base) break;
        *(separator ? separator : base) = 0;
    }
    const int length = lstrlenW(base);
    WCHAR *folder = length && base[length - 1] != '\\' ? join_text(base, L"\\") : copy_text(base);
    WCHAR *path = folder ? join_text(folder, rest) : NULL;
    HRESULT status = path ? CreateFileMoniker(path, result) : E_OUTOFMEMORY;
    CoTaskMemFree(path);
    CoTaskMemFree(folder);
    CoTaskMemFree(base);
    return status;
}

// The folders that both paths begin with.
static HRESULT file_prefix(struct moniker *self, IMoniker *other, IMoniker **result)
{
    struct moniker *file = moniker_of(other, &file_kind);
    int same = 0;
    if (!file) return MonikerCommonPrefixWith(&self->head, other, result);
    const WCHAR *left = self->text, *right = file->text;
    for (int i = 0;; i++) {
        bool left_ends = !left[i] || left[i] == '\\', right_ends = !right[i] || right[i] == '\\';
        if (left_ends && right_ends) same = i;
        if (!left[i] || !right[i] || RtlUpcaseUnicodeChar(left[i]) != RtlUpcaseUnicodeChar(right[i])) break;
    }
    if (!left[same] || !right[same]) {
        *result = left[same] ? other : &self->head;
        IMoniker_AddRef(*result);
        return left[same] ? MK_S_HIM : right[same] ? MK_S_ME : MK_S_US;
    }
    if (!same) return MK_E_NOPREFIX;
    WCHAR *path = copy_text(left);
    if (!path) return E_OUTOFMEMORY;
    path[same] = 0;
    HRESULT status = CreateFileMoniker(path, result);
    CoTaskMemFree(path);
    return status;
}

// ---- saved: [MS-OSHARED] 2.3.7.8, FileMoniker ----

#pragma pack(push, 1)
struct saved_tail {
    WORD end_server, version;
    BYTE reserved[20];
    DWORD wide_size; // of all that follows
};
struct saved_wide {
    DWORD bytes;
    WORD key;
};
#pragma pack(pop)
enum { END_SERVER = 0xFFFF, VERSION = 0xDEAD, KEY = 3, LEVELS_MAX = 0xFFFF };

static HRESULT save_file(struct moniker *self, IStream *stream)
{
    WORD levels = 0;
    const WCHAR *path = self->text;
    for (; goes_up(path) && levels < LEVELS_MAX; path += 3) levels++;
    BOOL lost = FALSE;
    const DWORD ansi =
        (DWORD)WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, path, -1, NULL, 0, NULL, &lost);
    const struct saved_wide wide = {.bytes = (DWORD)lstrlenW(path) * sizeof(WCHAR), .key = KEY};
    const struct saved_tail tail = {
        .end_server = END_SERVER, .version = VERSION, .wide_size = lost ? sizeof(wide) + wide.bytes : 0};
    char *bytes = CoTaskMemAlloc(ansi);
    if (!bytes) return E_OUTOFMEMORY;
    WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, path, -1, bytes, (int)ansi, NULL, NULL);
    HRESULT status = stream_write(stream, &levels, sizeof(levels));
    if (SUCCEEDED(status)) status = stream_write(stream, &ansi, sizeof(ansi));
    if (SUCCEEDED(status)) status = stream_write(stream, bytes, ansi);
    if (SUCCEEDED(status)) status = stream_write(stream, &tail, sizeof(tail));
    if (SUCCEEDED(status) && lost) status = stream_write(stream, &wide, sizeof(wide));
    if (SUCCEEDED(status) && lost) status = stream_write(stream, path, wide.bytes);
    CoTaskMemFree(bytes);
    return status;
}

// Room for the wide form, which is read when there is one.
static HRESULT load_wide(IStream *stream, const struct saved_tail *tail, WCHAR **path)
{
    struct saved_wide wide;
    if (!tail->wide_size) return S_FALSE;
    HRESULT status = stream_read(stream, &wide, sizeof(wide));
    if (FAILED(status)) return status;
    if (wide.bytes > PATH_BYTES_MAX || wide.bytes % sizeof(WCHAR)) return E_INVALIDARG;
    *path = CoTaskMemAlloc(wide.bytes + sizeof(WCHAR));
    if (!*path) return E_OUTOFMEMORY;
    (*path)[wide.bytes / sizeof(WCHAR)] = 0;
    return stream_read(stream, *path, wide.bytes);
}

static HRESULT load_ansi(IStream *stream, WCHAR **path)
{
    DWORD size;
    HRESULT status = stream_read(stream, &size, sizeof(size));
    if (FAILED(status)) return status;
    if (size > PATH_BYTES_MAX) return E_INVALIDARG;
    char *bytes = CoTaskMemAlloc(size + 1);
    *path = CoTaskMemAlloc((size + 1) * sizeof(WCHAR));
    if (bytes && *path) {
        status = stream_read(stream, bytes, size);
        bytes[size] = 0;
        if (SUCCEEDED(status)) MultiByteToWideChar(CP_ACP, 0, bytes, -1, *path, (int)size + 1);
    } else {
        status = E_OUTOFMEMORY;
    }
    CoTaskMemFree(bytes);
    return status;
}

static HRESULT load_file(struct moniker *self, IStream *stream)
{
    WORD levels;
    struct saved_tail tail;
    WCHAR *ansi = NULL, *wide = NULL, *path = NULL;
    HRESULT status = stream_read(stream, &levels, sizeof(levels));
    if (SUCCEEDED(status)) status = load_ansi(stream, &ansi);
    if (SUCCEEDED(status)) status = stream_read(stream, &tail, sizeof(tail));
    if (SUCCEEDED(status)) status = load_wide(stream, &tail, &wide);
    if (SUCCEEDED(status)) {
        const WCHAR *rest = wide ? wide : ansi;
        SIZE_T prefix = (SIZE_T)levels * 3;
        path = CoTaskMemAlloc((prefix + (SIZE_T)lstrlenW(rest) + 1) * sizeof(WCHAR));
        for (WORD i = 0; path && i < levels; i++) memcpy(path + 3 * i, L"..\\", 3 * sizeof(WCHAR));
        if (path) lstrcpyW(path + prefix, rest);
        status = path ? S_OK : E_OUTOFMEMORY;
    }
    if (path) {
        CoTaskMemFree(self->text);
        self->text = path;
    }
    CoTaskMemFree(ansi);
    CoTaskMemFree(wide);
    return status;
}

static ULONG file_size(const struct moniker *self)
{
    const ULONG length = (ULONG)lstrlenW(self->text) + 1;
    return sizeof(WORD) + sizeof(DWORD) + 2 * length + sizeof(struct saved_tail) + sizeof(struct saved_wide) +
           length * sizeof(WCHAR);
}

const struct moniker_kind file_kind = {
    .id = &CLSID_FileMoniker,
    .number = MKSYS_FILEMONIKER,
    .has_data = true,
    .needs_context = true,
    .load = load_file,
    .save = save_file,
    .save_size = file_size,
    .bind = bind_file,
    .compose = compose_files,
    .equal = equal_file,
    .hash = hash_file,
    .time = file_time,
    .inverse = inverse_is_anti,
    .prefix = file_prefix,
    .name = file_name,
    .parse = parse_file,
    .data = file_data,
};

HOTPATCH HRESULT WINAPI CreateFileMoniker(LPCOLESTR path, LPMONIKER *result)
{
    if (!path || !result) return E_INVALIDARG;
    *result = NULL;
    struct moniker *moniker = moniker_new(&file_kind);
    if (!moniker) return E_OUTOFMEMORY;
    moniker->text = copy_text(path);
    if (!moniker->text) {
        IMoniker_Release(&moniker->head);
        return E_OUTOFMEMORY;
    }
    *result = &moniker->head;
    return S_OK;
}
