// System stores: in the registry, where Windows keeps them; Root has the host's list of trusted roots
// besides.
#include "crypt32.h"
#include "store.h"
#include "string_binary.h"

enum { THUMB_LENGTH = 2 * HASH_SIZE, NAME_MAX = 256, BLOB_MAX = 1 << 20 };

static const WCHAR *const parts[ELEMENT_KINDS] = {L"Certificates", L"CRLs"};

// --- the host's roots

static void add_pem(struct store *store, struct text_span body)
{
    DWORD size;
    AUTO_FREE BYTE *data = base64_decode(body, NULL, &size) ? heap_alloc(size) : NULL;
    if (!data || !base64_decode(body, data, &size)) return;
    struct element *element = element_new(ELEMENT_CERTIFICATE, X509_ASN_ENCODING, data, size);
    if (!element) return;
    element->outside = 0;
    store_list(store, element);
}

static void load_host_roots(struct store *store)
{
    ULONG size = 0;
    if (PkiReadRoots(NULL, 0, &size) != STATUS_BUFFER_TOO_SMALL) return;
    AUTO_FREE char *text = heap_alloc(size);
    if (!text || !NT_SUCCESS(PkiReadRoots(text, size, &size))) return;
    struct text_span rest = {text, size}, body;
    while (pem_next(&rest, &body)) add_pem(store, body);
}

// --- the registry

static void load_part(struct store *store, HKEY base, const WCHAR *part)
{
    WCHAR name[NAME_MAX];
    HKEY list;
    if (RegOpenKeyExW(base, part, 0, KEY_READ, &list)) return;
    for (DWORD i = 0, length = NAME_MAX; !RegEnumKeyExW(list, i, name, &length, NULL, NULL, NULL, NULL);
         i++, length = NAME_MAX) {
        DWORD size = 0;
        if (RegGetValueW(list, name, L"Blob", RRF_RT_REG_BINARY, NULL, NULL, &size) || size > BLOB_MAX)
            continue;
        AUTO_FREE BYTE *blob = heap_alloc(size);
        if (blob && !RegGetValueW(list, name, L"Blob", RRF_RT_REG_BINARY, NULL, blob, &size))
            elements_read(store, blob, size);
    }
    RegCloseKey(list);
}

static void load(struct store *store)
{
    for (int kind = 0; kind < ELEMENT_KINDS; kind++) load_part(store, store->key, parts[kind]);
}

static void load_root(struct store *store)
{
    if (store->key) load(store);
    load_host_roots(store);
}

// "Certificates\0123...": where an element lies.
static void element_path(const struct element *element, WCHAR path[NAME_MAX])
{
    BYTE hash[HASH_SIZE] = {0};
    digest(CALG_SHA1, element->context.pbCertEncoded, element->context.cbCertEncoded, hash, HASH_SIZE);
    WCHAR *at = path;
    for (const WCHAR *part = parts[element->kind]; *part;) *at++ = *part++;
    *at++ = '\\';
    for (int i = 0; i < HASH_SIZE; i++) {
        *at++ = L"0123456789ABCDEF"[hash[i] >> 4];
        *at++ = L"0123456789ABCDEF"[hash[i] & 15];
    }
    *at = 0;
}

bool store_system_written(struct store *store, const struct element *element)
{
    WCHAR path[NAME_MAX];
    AUTO_WRITER struct der_writer out = {0};
    element_path(element, path);
    element_serialize(&out, element, true);
    DWORD error = out.error;
    if (!error) error = (DWORD)RegSetKeyValueW(store->key, path, L"Blob", REG_BINARY, out.data, out.size);
    return !error || der_fail(error);
}

void store_system_removed(struct store *store, const struct element *element)
{
    WCHAR path[NAME_MAX];
    element_path(element, path);
    RegDeleteKeyExW(store->key, path, 0, 0);
}

// --- opening

static HKEY root_of(DWORD flags)
{
    switch (flags & CERT_SYSTEM_STORE_LOCATION_MASK) {
    case CERT_SYSTEM_STORE_LOCAL_MACHINE:
    case CERT_SYSTEM_STORE_LOCAL_MACHINE_GROUP_POLICY:
    case CERT_SYSTEM_STORE_LOCAL_MACHINE_ENTERPRISE: return HKEY_LOCAL_MACHINE;
    case CERT_SYSTEM_STORE_CURRENT_USER:
    case CERT_SYSTEM_STORE_CURRENT_USER_GROUP_POLICY: return HKEY_CURRENT_USER;
    }
    return NULL;
}

static bool open_key(struct store *store, HKEY root, const WCHAR *name, DWORD flags)
{
    static const WCHAR place[] = L"Software\\Microsoft\\SystemCertificates\\";
    WCHAR path[ARRAY_LENGTH(place) + NAME_MAX];
    if (wcslen(name) >= NAME_MAX) return der_fail(ERROR_INVALID_PARAMETER);
    wcscpy(path, place);
    wcscat(path, name);
    store->read_only = flags & CERT_STORE_READONLY_FLAG;
    REGSAM access = store->read_only ? KEY_READ : KEY_READ | KEY_WRITE | DELETE;
    LSTATUS error = flags & (CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_READONLY_FLAG)
                        ? RegOpenKeyExW(root, path, 0, access, &store->key)
                        : RegCreateKeyExW(root, path, 0, NULL, 0, access, NULL, &store->key, NULL);
    return !error || der_fail((DWORD)error);
}

struct store *store_open_system(const WCHAR *name, DWORD flags)
{
    HKEY root = root_of(flags);
    bool is_root = name && !_wcsicmp(name, L"Root");
    if (!name || !root) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    struct store *store = store_new();
    if (!store) return NULL;
    bool there = open_key(store, root, name, flags),
         predefined = is_root || !_wcsicmp(name, L"MY") || !_wcsicmp(name, L"CA");
    if (!there && !(predefined && GetLastError() == ERROR_FILE_NOT_FOUND)) {
        store_release(store);
        return NULL;
    }
    store->load = is_root ? load_root : store->key ? load : NULL;
    return store;
}
