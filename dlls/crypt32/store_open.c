// Opening stores of every kind, saving them, and files.
#include "store.h"
#include "string_binary.h"

enum { FILE_MAX = 64 << 20 };

BYTE *read_whole_file(const WCHAR *path, HANDLE given, DWORD *size)
{
    LARGE_INTEGER length;
    HANDLE file =
        path ? CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL) : given;
    if (file == INVALID_HANDLE_VALUE) return NULL;
    BYTE *data = NULL;
    if (GetFileSizeEx(file, &length) && length.QuadPart <= FILE_MAX) {
        data = heap_alloc((SIZE_T)length.QuadPart + 1);
        if (data && !ReadFile(file, data, (DWORD)length.QuadPart, size, NULL)) {
            heap_free(data);
            data = NULL;
        }
    }
    if (path) CloseHandle(file);
    return data;
}

bool write_whole_file(const WCHAR *path, HANDLE given, const BYTE *data, DWORD size)
{
    DWORD written;
    HANDLE file = path ? CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL) : given;
    if (file == INVALID_HANDLE_VALUE) return false;
    if (!path) {
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        SetEndOfFile(file);
    }
    bool good = WriteFile(file, data, size, &written, NULL) && written == size;
    if (path) CloseHandle(file);
    return good;
}

static WCHAR *wide_of(const char *text)
{
    int length = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = heap_alloc((SIZE_T)length * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    return wide;
}

// --- kinds

// A store of what bytes hold; NULL with the last error.
static struct store *open_bytes(const BYTE *data, DWORD size,
                                bool (*read)(struct store *store, const BYTE *data, DWORD size))
{
    struct store *store = store_new();
    if (!store) return NULL;
    store->loaded = true;
    if (read(store, data, size)) return store;
    DWORD error = GetLastError();
    store_release(store);
    SetLastError(error);
    return NULL;
}

// A file's store: serialized, PKCS #7, or one certificate, each also as text.
static bool read_anything(struct store *store, const BYTE *data, DWORD size)
{
    if (!size || store_read_serialized(store, data, size) || store_read_pkcs7(store, data, size)) return true;
    struct text_span rest = {(const char *)data, size}, body;
    bool any = false;
    while (pem_next(&rest, &body)) {
        DWORD length;
        AUTO_FREE BYTE *decoded = base64_decode(body, NULL, &length) ? heap_alloc(length) : NULL;
        if (decoded && base64_decode(body, decoded, &length)) any |= read_anything(store, decoded, length);
    }
    if (any) return true;
    struct element *element = element_new(ELEMENT_CERTIFICATE, X509_ASN_ENCODING, data, size);
    if (!element) element = element_new(ELEMENT_CRL, X509_ASN_ENCODING, data, size);
    if (!element) return der_fail((DWORD)CRYPT_E_FILE_ERROR);
    element->outside = 0;
    store_list(store, element);
    return true;
}

static struct store *open_path(const WCHAR *path, DWORD flags)
{
    DWORD size = 0;
    AUTO_FREE BYTE *data = read_whole_file(path, NULL, &size);
    bool fresh = !data && GetLastError() == ERROR_FILE_NOT_FOUND &&
                 !(flags & CERT_STORE_OPEN_EXISTING_FLAG) &&
                 flags & (CERT_FILE_STORE_COMMIT_ENABLE_FLAG | CERT_STORE_CREATE_NEW_FLAG);
    if (!data && !fresh) return NULL;
    struct store *store = open_bytes(data, size, read_anything);
    if (!store) return NULL;
    store->read_only = flags & CERT_STORE_READONLY_FLAG;
    store->changed = fresh;
    store->path_flags = flags;
    store->path = heap_alloc((wcslen(path) + 1) * sizeof(WCHAR));
    if (store->path) wcscpy(store->path, path);
    return store;
}

static struct store *open_file(HANDLE file)
{
    DWORD size = 0;
    AUTO_FREE BYTE *data = read_whole_file(NULL, file, &size);
    return data ? open_bytes(data, size, read_anything) : NULL;
}

static struct store *open_collection(void)
{
    struct store *store = store_new();
    if (store) store->collection = true;
    return store;
}

static struct store *open_blob(const DATA_BLOB *blob, bool (*read)(struct store *, const BYTE *, DWORD))
{
    return open_bytes(blob->pbData, blob->cbData, read);
}

static struct store *open_ansi(const char *text, DWORD flags, struct store *(*open)(const WCHAR *, DWORD))
{
    if (!text) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    AUTO_FREE WCHAR *wide = wide_of(text);
    return wide ? open(wide, flags) : NULL;
}

static struct store *open_kind(DWORD kind, DWORD flags, const void *parameter)
{
    switch (kind) {
    case 2: return store_new(); // CERT_STORE_PROV_MEMORY
    case 3: return open_file((HANDLE)parameter);
    case 5: return open_blob(parameter, store_read_pkcs7);
    case 6: return open_blob(parameter, store_read_serialized);
    case 7: return open_ansi(parameter, flags, open_path);
    case 8: return open_path(parameter, flags);
    case 9:
    case 12: return open_ansi(parameter, flags, store_open_system);
    case 10:
    case 13:
    case 14: return store_open_system(parameter, flags);
    case 11: return open_collection();
    }
    SetLastError(ERROR_FILE_NOT_FOUND);
    return NULL;
}

static const struct {
    const char *name;
    DWORD kind;
} named_kinds[] = {
    {sz_CERT_STORE_PROV_MEMORY, 2},
    {sz_CERT_STORE_PROV_FILENAME_W, 8},
    {sz_CERT_STORE_PROV_SYSTEM_W, 10},
    {sz_CERT_STORE_PROV_PKCS7, 5},
    {sz_CERT_STORE_PROV_SERIALIZED, 6},
    {sz_CERT_STORE_PROV_COLLECTION, 11},
    {sz_CERT_STORE_PROV_SYSTEM_REGISTRY_W, 13},
};

HOTPATCH HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding, HCRYPTPROV_LEGACY crypt,
                                         DWORD flags, const void *parameter)
{
    DWORD kind = (DWORD)(ULONG_PTR)provider;
    (void)encoding;
    (void)crypt;
    for (DWORD i = 0; kind >> 16 && i < ARRAY_LENGTH(named_kinds); i++)
        if (!_stricmp(provider, named_kinds[i].name)) kind = named_kinds[i].kind;
    return open_kind(kind, flags, parameter);
}

HOTPATCH HCERTSTORE WINAPI CertOpenSystemStoreW(HCRYPTPROV_LEGACY crypt, LPCWSTR name)
{
    (void)crypt;
    return store_open_system(name, CERT_SYSTEM_STORE_CURRENT_USER);
}

HOTPATCH HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY crypt, LPCSTR name)
{
    (void)crypt;
    return open_ansi(name, CERT_SYSTEM_STORE_CURRENT_USER, store_open_system);
}

// --- saving

static BOOL save_to_blob(const struct der_writer *out, DATA_BLOB *blob)
{
    DWORD room = blob->cbData;
    blob->cbData = out->size;
    if (!blob->pbData) return TRUE;
    if (room < out->size) return fail_with(ERROR_MORE_DATA);
    memcpy(blob->pbData, out->data, out->size);
    return TRUE;
}

HOTPATCH BOOL WINAPI CertSaveStore(HCERTSTORE handle, DWORD encoding, DWORD as, DWORD to, void *parameter,
                                   DWORD flags)
{
    AUTO_WRITER struct der_writer out = {0};
    struct store *store = store_of(handle);
    (void)encoding;
    if (!store) return FALSE;
    if (flags || (as != CERT_STORE_SAVE_AS_STORE && as != CERT_STORE_SAVE_AS_PKCS7))
        return fail_with(ERROR_INVALID_PARAMETER);
    pki_lock();
    if (as == CERT_STORE_SAVE_AS_PKCS7)
        store_write_pkcs7(&out, store);
    else
        store_write_serialized(&out, store);
    pki_unlock();
    if (out.error) return fail_with(out.error);
    switch (to) {
    case CERT_STORE_SAVE_TO_FILE: return write_whole_file(NULL, parameter, out.data, out.size);
    case CERT_STORE_SAVE_TO_MEMORY: return save_to_blob(&out, parameter);
    case CERT_STORE_SAVE_TO_FILENAME_W: return write_whole_file(parameter, NULL, out.data, out.size);
    case CERT_STORE_SAVE_TO_FILENAME_A: {
        AUTO_FREE WCHAR *path = wide_of(parameter);
        return path && write_whole_file(path, NULL, out.data, out.size);
    }
    }
    return fail_with(ERROR_INVALID_PARAMETER);
}

HOTPATCH BOOL WINAPI CertControlStore(HCERTSTORE handle, DWORD flags, DWORD control, const void *parameter)
{
    struct store *store = store_of(handle);
    (void)flags;
    (void)parameter;
    if (!store) return FALSE;
    switch (control) {
    case CERT_STORE_CTRL_AUTO_RESYNC: return TRUE; // changes go to the registry at once
    case CERT_STORE_CTRL_COMMIT:
        if (!store->path) return TRUE;
        {
            AUTO_WRITER struct der_writer out = {0};
            pki_lock();
            store_write_serialized(&out, store);
            store->changed = false;
            pki_unlock();
            return !out.error && write_whole_file(store->path, NULL, out.data, out.size);
        }
    }
    return fail_with(ERROR_NOT_SUPPORTED);
}
