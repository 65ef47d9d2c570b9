// Properties of certificates and revocation lists: kept ones, and those that are computed when they are asked
// for.
#include "store.h"
#include "bcryptprimitives.h"

bool digest(ALG_ID algorithm, const void *data, DWORD size, BYTE *result, DWORD result_size)
{
    return bool_from_status(CryptoHash(algorithm, FALSE, NULL, 0, data, size, result, result_size));
}

struct property *property_find(const struct element *element, DWORD id)
{
    struct property *property = element->properties;
    while (property && property->id != id) property = property->next;
    return property;
}

bool property_set(struct element *element, DWORD id, const void *data, DWORD size)
{
    struct property *fresh = NULL, **link = &element->properties;
    if (data) {
        fresh = heap_alloc(sizeof *fresh + size);
        if (!fresh) return false;
        fresh->id = id;
        fresh->size = size;
        memcpy(fresh->data, data, size);
    }
    while (*link && (*link)->id != id) link = &(*link)->next;
    struct property *old = *link;
    if (old) {
        *link = old->next;
        SecureZeroMemory(old->data, old->size); // it may be a key
        heap_free(old);
    }
    if (fresh) {
        // At the end: they are enumerated in the order in which they came.
        for (link = &element->properties; *link;) link = &(*link)->next;
        *link = fresh;
    }
    return true;
}

bool property_copy_all(struct element *to, const struct element *from)
{
    for (const struct property *p = from->properties; p; p = p->next)
        if (!property_set(to, p->id, p->data, p->size)) return false;
    return true;
}

// --- computed ones

// A certificate's key identifier: its extension's, or else the digest of its key.
static bool compute_key_identifier(const CERT_CONTEXT *context, BYTE *result, DWORD *size)
{
    CRYPT_DATA_BLOB *blob = decode_extension_of(context->pCertInfo, szOID_SUBJECT_KEY_IDENTIFIER);
    bool good = blob && blob->cbData <= DIGEST_MAX;
    if (good) {
        *size = blob->cbData;
        memcpy(result, blob->pbData, blob->cbData);
    }
    if (blob) LocalFree(blob);
    if (good) return true;
    AUTO_WRITER struct der_writer out = {0};
    encode_public_key(&out, &context->pCertInfo->SubjectPublicKeyInfo);
    *size = HASH_SIZE;
    return !out.error && digest(CALG_SHA1, out.data, out.size, result, HASH_SIZE);
}

// The digest of what is signed, by the signature's algorithm.
static bool compute_signature_hash(const CERT_CONTEXT *context, BYTE *result, DWORD *size)
{
    struct der in = {context->pbCertEncoded, context->cbCertEncoded}, content, part;
    PCCRYPT_OID_INFO info =
        CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, context->pCertInfo->SignatureAlgorithm.pszObjId, 0);
    ALG_ID algorithm = info ? info->Algid : 0;
    *size = algorithm == CALG_MD5       ? 16
            : algorithm == CALG_SHA_256 ? 32
            : algorithm == CALG_SHA_384 ? 48
            : algorithm == CALG_SHA_512 ? 64
                                        : HASH_SIZE;
    if (!algorithm) algorithm = CALG_SHA1;
    return der_take(&in, DER_SEQUENCE, &content) && der_take_whole(&content, &part) &&
           digest(algorithm, part.data, part.size, result, *size);
}

bool property_compute(const struct element *element, DWORD id, BYTE *result, DWORD *size)
{
    const CERT_CONTEXT *context = &element->context;
    const CERT_INFO *info = context->pCertInfo;
    bool certificate = element->kind == ELEMENT_CERTIFICATE;
    switch (id) {
    case CERT_SHA1_HASH_PROP_ID:
        *size = HASH_SIZE;
        return digest(CALG_SHA1, context->pbCertEncoded, context->cbCertEncoded, result, *size);
    case CERT_MD5_HASH_PROP_ID:
        *size = 16;
        return digest(CALG_MD5, context->pbCertEncoded, context->cbCertEncoded, result, *size);
    case 107: // CERT_SHA256_HASH_PROP_ID
        *size = 32;
        return digest(CALG_SHA_256, context->pbCertEncoded, context->cbCertEncoded, result, *size);
    case CERT_SIGNATURE_HASH_PROP_ID: return certificate && compute_signature_hash(context, result, size);
    case CERT_KEY_IDENTIFIER_PROP_ID: return certificate && compute_key_identifier(context, result, size);
    case CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID:
        *size = 16;
        return certificate && digest(CALG_MD5, info->SubjectPublicKeyInfo.PublicKey.pbData,
                                     info->SubjectPublicKeyInfo.PublicKey.cbData, result, *size);
    case CERT_SUBJECT_NAME_MD5_HASH_PROP_ID:
        *size = 16;
        return certificate && digest(CALG_MD5, info->Subject.pbData, info->Subject.cbData, result, *size);
    }
    return der_fail((DWORD)CRYPT_E_NOT_FOUND);
}

// --- a key's place: a structure with pointers, which are kept as offsets

static DWORD text_size(const WCHAR *text)
{
    return text ? (DWORD)(wcslen(text) + 1) * sizeof(WCHAR) : 0;
}

static bool set_key_place(struct element *element, const CRYPT_KEY_PROV_INFO *info)
{
    DWORD container = text_size(info->pwszContainerName), provider = text_size(info->pwszProvName);
    AUTO_FREE CRYPT_KEY_PROV_INFO *flat = heap_alloc(sizeof *flat + container + provider);
    if (!flat) return false;
    BYTE *at = (BYTE *)(flat + 1);
    *flat = (CRYPT_KEY_PROV_INFO){
        .dwProvType = info->dwProvType, .dwFlags = info->dwFlags, .dwKeySpec = info->dwKeySpec};
    if (container) flat->pwszContainerName = (LPWSTR)(at - (BYTE *)flat);
    memcpy(at, info->pwszContainerName, container);
    if (provider) flat->pwszProvName = (LPWSTR)(at + container - (BYTE *)flat);
    memcpy(at + container, info->pwszProvName, provider);
    return property_set(element, CERT_KEY_PROV_INFO_PROP_ID, flat, sizeof *flat + container + provider);
}

static void get_key_place(CRYPT_KEY_PROV_INFO *info)
{
    if (info->pwszContainerName)
        info->pwszContainerName = (LPWSTR)((BYTE *)info + (ULONG_PTR)info->pwszContainerName);
    if (info->pwszProvName) info->pwszProvName = (LPWSTR)((BYTE *)info + (ULONG_PTR)info->pwszProvName);
}

// --- exported

// Whether its changes are kept: in a system store that wasn't opened for reading only.
static bool is_persistent(const struct element *element)
{
    return element->store && element->store->key && !element->store->read_only;
}

// With the lock. data NULL: the size is wanted.
static BOOL get(const struct element *element, DWORD id, void *data, DWORD *size)
{
    BYTE computed[DIGEST_MAX];
    const void *bytes = computed;
    DWORD needed = 0, room = *size;
    struct property *kept = property_find(element, id);
    if (kept) {
        bytes = kept->data;
        needed = kept->size;
    } else if (id == CERT_ACCESS_STATE_PROP_ID) {
        DWORD state = is_persistent(element) ? CERT_ACCESS_STATE_WRITE_PERSIST_FLAG : 0;
        memcpy(computed, &state, needed = sizeof state);
    } else if (!property_compute(element, id, computed, &needed)) {
        return FALSE;
    }
    *size = needed;
    if (!data) return TRUE;
    if (room < needed) return fail_with(ERROR_MORE_DATA);
    memcpy(data, bytes, needed);
    if (id == CERT_KEY_PROV_INFO_PROP_ID) get_key_place(data);
    return TRUE;
}

static BOOL get_locked(const void *context, DWORD id, void *data, DWORD *size)
{
    pki_lock();
    BOOL good = get(context, id, data, size);
    pki_unlock();
    return good;
}

static bool is_blob(DWORD id)
{
    switch (id) {
    case CERT_KEY_PROV_HANDLE_PROP_ID:
    case CERT_KEY_PROV_INFO_PROP_ID:
    case CERT_KEY_CONTEXT_PROP_ID:
    case CERT_KEY_SPEC_PROP_ID:
    case CERT_DATE_STAMP_PROP_ID: return false;
    }
    return true;
}

static bool set(struct element *element, DWORD id, const void *data)
{
    if (!data) return property_set(element, id, NULL, 0);
    if (is_blob(id)) {
        const DATA_BLOB *blob = data;
        return property_set(element, id, blob->pbData ? blob->pbData : (const BYTE *)"", blob->cbData);
    }
    switch (id) {
    case CERT_KEY_PROV_INFO_PROP_ID: return set_key_place(element, data);
    case CERT_KEY_CONTEXT_PROP_ID: return property_set(element, id, data, sizeof(CERT_KEY_CONTEXT));
    case CERT_DATE_STAMP_PROP_ID: return property_set(element, id, data, sizeof(FILETIME));
    case CERT_KEY_PROV_HANDLE_PROP_ID: return property_set(element, id, &data, sizeof data);
    }
    return property_set(element, id, data, sizeof(DWORD));
}

static BOOL set_locked(const void *context, DWORD id, const void *data)
{
    struct element *element = (struct element *)context;
    if (!id || id == CERT_ACCESS_STATE_PROP_ID) return fail_with((DWORD)E_INVALIDARG);
    pki_lock();
    bool good = set(element, id, data);
    if (good && element->listed && is_persistent(element))
        good = store_system_written(element->store, element);
    pki_unlock();
    return good;
}

static DWORD next(const void *context, DWORD id)
{
    pki_lock();
    const struct property *property = ((const struct element *)context)->properties;
    if (id) {
        while (property && property->id != id) property = property->next;
        if (property) property = property->next;
    }
    while (property && property->id == LOWLAND_PRIVATE_KEY_PROP_ID) property = property->next;
    DWORD found = property ? property->id : 0;
    pki_unlock();
    return found;
}

HOTPATCH BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT context, DWORD id, void *data,
                                                       DWORD *size)
{
    return get_locked(context, id, data, size);
}

HOTPATCH BOOL WINAPI CertSetCertificateContextProperty(PCCERT_CONTEXT context, DWORD id, DWORD flags,
                                                       const void *data)
{
    (void)flags;
    return set_locked(context, id, data);
}

HOTPATCH DWORD WINAPI CertEnumCertificateContextProperties(PCCERT_CONTEXT context, DWORD id)
{
    return next(context, id);
}

HOTPATCH BOOL WINAPI CertGetCRLContextProperty(PCCRL_CONTEXT context, DWORD id, void *data, DWORD *size)
{
    return get_locked(context, id, data, size);
}

HOTPATCH BOOL WINAPI CertSetCRLContextProperty(PCCRL_CONTEXT context, DWORD id, DWORD flags, const void *data)
{
    (void)flags;
    return set_locked(context, id, data);
}

HOTPATCH DWORD WINAPI CertEnumCRLContextProperties(PCCRL_CONTEXT context, DWORD id)
{
    return next(context, id);
}
