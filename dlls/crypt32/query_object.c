// CryptQueryObject: what a blob or a file holds.
#include "store.h"
#include "string_binary.h"

struct answer {
    DWORD content;
    struct store *store;
    const void *context;
};

static bool try_one(enum element_kind kind, const BYTE *data, DWORD size, struct answer *answer)
{
    struct element *element = element_new(kind, X509_ASN_ENCODING, data, size);
    if (!element) return false;
    answer->store = store_new();
    if (answer->store && store_add(answer->store, element, CERT_STORE_ADD_ALWAYS, NULL)) {
        answer->context = element;
        return true;
    }
    if (answer->store) store_release(answer->store);
    answer->store = NULL;
    element_free(element);
    return false;
}

static bool try_store(bool (*read)(struct store *, const BYTE *, DWORD), const BYTE *data, DWORD size,
                      struct answer *answer)
{
    struct store *store = store_new();
    if (store && read(store, data, size)) {
        answer->store = store;
        return true;
    }
    if (store) store_release(store);
    return false;
}

// The kinds of content that are known, among those that are wanted.
static bool identify(const BYTE *data, DWORD size, DWORD wanted, struct answer *answer)
{
    CRYPT_DATA_BLOB blob = {size, (BYTE *)data};
    pki_lock();
    bool found = true;
    if (wanted & CERT_QUERY_CONTENT_FLAG_CERT && try_one(ELEMENT_CERTIFICATE, data, size, answer))
        answer->content = CERT_QUERY_CONTENT_CERT;
    else if (wanted & CERT_QUERY_CONTENT_FLAG_CRL && try_one(ELEMENT_CRL, data, size, answer))
        answer->content = CERT_QUERY_CONTENT_CRL;
    else if (wanted & CERT_QUERY_CONTENT_FLAG_SERIALIZED_STORE &&
             try_store(store_read_serialized, data, size, answer))
        answer->content = CERT_QUERY_CONTENT_SERIALIZED_STORE;
    else if (wanted & CERT_QUERY_CONTENT_FLAG_PKCS7_SIGNED && try_store(store_read_pkcs7, data, size, answer))
        answer->content = CERT_QUERY_CONTENT_PKCS7_SIGNED;
    else if (wanted & CERT_QUERY_CONTENT_FLAG_PFX && PFXIsPFXBlob(&blob))
        answer->content = CERT_QUERY_CONTENT_PFX;
    else
        found = false;
    pki_unlock();
    return found;
}

static bool identify_text(const BYTE *data, DWORD size, DWORD wanted, struct answer *answer)
{
    DWORD length = 0;
    if (!CryptStringToBinaryA((const char *)data, size, CRYPT_STRING_BASE64_ANY, NULL, &length, NULL, NULL))
        return false;
    AUTO_FREE BYTE *binary = heap_alloc(length);
    return binary &&
           CryptStringToBinaryA((const char *)data, size, CRYPT_STRING_BASE64_ANY, binary, &length, NULL,
                                NULL) &&
           identify(binary, length, wanted, answer);
}

static void hand_out(struct answer *answer, HCERTSTORE *store, const void **context)
{
    if (context)
        *context = answer->context;
    else if (answer->context)
        CertFreeCertificateContext(answer->context);
    if (store)
        *store = answer->store;
    else if (answer->store)
        CertCloseStore(answer->store, 0);
}

HOTPATCH BOOL WINAPI CryptQueryObject(DWORD object_type, const void *object, DWORD content_flags,
                                      DWORD format_flags, DWORD flags, DWORD *encoding, DWORD *content_type,
                                      DWORD *format_type, HCERTSTORE *store, HCRYPTMSG *message,
                                      const void **context)
{
    struct answer answer = {0};
    const DATA_BLOB *blob = object;
    DATA_BLOB bytes = {0};
    AUTO_FREE BYTE *file = NULL;
    DWORD format = CERT_QUERY_FORMAT_BINARY;
    (void)flags;
    if (object_type == CERT_QUERY_OBJECT_FILE) {
        bytes.pbData = file = read_whole_file(object, NULL, &bytes.cbData);
        if (!file) return FALSE;
    } else if (object_type == CERT_QUERY_OBJECT_BLOB) {
        bytes = *blob;
    } else {
        return fail_with((DWORD)E_INVALIDARG);
    }
    bool found = format_flags & CERT_QUERY_FORMAT_FLAG_BINARY &&
                 identify(bytes.pbData, bytes.cbData, content_flags, &answer);
    if (!found && format_flags & CERT_QUERY_FORMAT_FLAG_BASE64_ENCODED) {
        format = CERT_QUERY_FORMAT_BASE64_ENCODED;
        found = identify_text(bytes.pbData, bytes.cbData, content_flags, &answer);
    }
    if (message) *message = NULL;
    if (!found) return fail_with((DWORD)CRYPT_E_NO_MATCH);
    if (encoding) *encoding = X509_ASN_ENCODING;
    if (content_type) *content_type = answer.content;
    if (format_type) *format_type = format;
    hand_out(&answer, store, context);
    return TRUE;
}
