// PKCS #12 files.
#include "crypt32.h"
#include "store.h"

static char *utf8_of(const WCHAR *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = heap_alloc((SIZE_T)size);
    if (bytes) WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
    return bytes;
}

// What lies in the file; NULL with the last error.
static BYTE *open_items(const DATA_BLOB *file, const WCHAR *password, ULONG *size)
{
    BYTE *items = NULL;
    AUTO_FREE char *text = password ? utf8_of(password) : NULL;
    if (password && !text) return NULL;
    NTSTATUS status = PkiOpenPfx(file->pbData, file->cbData, text, NULL, 0, size);
    if (status == STATUS_BUFFER_TOO_SMALL) {
        items = heap_alloc(*size);
        status = items ? PkiOpenPfx(file->pbData, file->cbData, text, items, *size, size) : STATUS_NO_MEMORY;
    }
    if (status == STATUS_WRONG_PASSWORD)
        SetLastError(ERROR_INVALID_PASSWORD);
    else if (status == STATUS_INVALID_PARAMETER)
        SetLastError((DWORD)CRYPT_E_BAD_ENCODE);
    else if (status)
        RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    if (!status) return items;
    heap_free(items);
    return NULL;
}

static bool add_items(struct store *store, const BYTE *items, ULONG size)
{
    struct element *first = NULL;
    for (ULONG at = 0; size - at >= sizeof(PKI_ITEM);) {
        PKI_ITEM item;
        memcpy(&item, items + at, sizeof item);
        at += sizeof item;
        if (item.size > size - at) break;
        if (item.kind == PKI_ITEM_CERTIFICATE) {
            struct element *element =
                element_new(ELEMENT_CERTIFICATE, X509_ASN_ENCODING, items + at, item.size);
            if (!element) return false;
            element->outside = 0;
            store_list(store, element);
            if (!first) first = element;
        } else if (first && !property_set(first, LOWLAND_PRIVATE_KEY_PROP_ID, items + at, item.size)) {
            return false;
        }
        at += item.size;
    }
    return true;
}

HOTPATCH HCERTSTORE WINAPI PFXImportCertStore(CRYPT_DATA_BLOB *file, LPCWSTR password, DWORD flags)
{
    ULONG size;
    (void)flags; // where keys go and who may read them: they stay with the certificate here
    if (!file) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    BYTE *items = open_items((const DATA_BLOB *)file, password, &size);
    if (!items) return NULL;
    struct store *store = store_new();
    if (store && !add_items(store, items, size)) {
        store_release(store);
        store = NULL;
    }
    SecureZeroMemory(items, size);
    heap_free(items);
    return store;
}

// The outermost part only: a version and what may hold certificates.
HOTPATCH BOOL WINAPI PFXIsPFXBlob(CRYPT_DATA_BLOB *file)
{
    struct der in = {file ? file->pbData : NULL, file ? file->cbData : 0}, content, inner;
    int version;
    return der_take(&in, DER_SEQUENCE, &content) && der_take_int(&content, DER_INTEGER, &version) &&
           version == 3 && der_take(&content, DER_SEQUENCE, &inner);
}

HOTPATCH BOOL WINAPI PFXVerifyPassword(CRYPT_DATA_BLOB *file, LPCWSTR password, DWORD flags)
{
    ULONG size;
    (void)flags;
    if (!file) return fail_with(ERROR_INVALID_PARAMETER);
    BYTE *items = open_items((const DATA_BLOB *)file, password, &size);
    if (items) SecureZeroMemory(items, size);
    heap_free(items);
    return items != NULL;
}
