// Finding certificates in stores.
#include "store.h"

// A certificate that is looked for: what is compared with, and how.
struct search {
    DWORD what, flags;
    const void *parameter;
};
typedef bool matcher(const struct element *element, const struct search *search);

static const DATA_BLOB *blob(const void *any_blob)
{
    return any_blob;
}

static bool property_is(const struct element *element, DWORD id, const DATA_BLOB *wanted)
{
    BYTE value[DIGEST_MAX];
    DWORD size = sizeof value;
    struct property *kept = property_find(element, id);
    if (kept) return wanted->cbData == kept->size && !memcmp(wanted->pbData, kept->data, kept->size);
    return property_compute(element, id, value, &size) && size == wanted->cbData &&
           !memcmp(value, wanted->pbData, size);
}

static bool match_any(const struct element *element, const struct search *search)
{
    (void)element;
    (void)search;
    return true;
}

static bool match_hash(const struct element *element, const struct search *search)
{
    DWORD kind = search->what >> CERT_COMPARE_SHIFT;
    DWORD id = kind == CERT_COMPARE_MD5_HASH          ? CERT_MD5_HASH_PROP_ID
               : kind == CERT_COMPARE_SIGNATURE_HASH  ? CERT_SIGNATURE_HASH_PROP_ID
               : kind == CERT_COMPARE_KEY_IDENTIFIER  ? CERT_KEY_IDENTIFIER_PROP_ID
               : kind == CERT_COMPARE_PUBKEY_MD5_HASH ? CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID
                                                      : CERT_SHA1_HASH_PROP_ID;
    return property_is(element, id, search->parameter);
}

static bool match_property(const struct element *element, const struct search *search)
{
    return property_find(element, *(const DWORD *)search->parameter);
}

static bool match_private_key(const struct element *element, const struct search *search)
{
    (void)search;
    return property_find(element, CERT_KEY_PROV_INFO_PROP_ID) ||
           property_find(element, LOWLAND_PRIVATE_KEY_PROP_ID) ||
           property_find(element, CERT_KEY_CONTEXT_PROP_ID);
}

static bool match_public_key(const struct element *element, const struct search *search)
{
    return CertComparePublicKeyInfo(X509_ASN_ENCODING, &element->context.pCertInfo->SubjectPublicKeyInfo,
                                    (PCERT_PUBLIC_KEY_INFO)search->parameter);
}

static bool is_issuer(const struct search *search)
{
    return (search->what & CERT_INFO_ISSUER_FLAG) == CERT_INFO_ISSUER_FLAG &&
           (search->what & 0xFF) == CERT_INFO_ISSUER_FLAG;
}

static CERT_NAME_BLOB *name_of(const struct element *element, const struct search *search)
{
    CERT_INFO *info = element->context.pCertInfo;
    return is_issuer(search) ? &info->Issuer : &info->Subject;
}

static bool match_name(const struct element *element, const struct search *search)
{
    return blobs_equal(blob(name_of(element, search)), search->parameter);
}

static bool match_attributes(const struct element *element, const struct search *search)
{
    return CertIsRDNAttrsInCertificateName(X509_ASN_ENCODING, search->flags, name_of(element, search),
                                           (PCERT_RDN)search->parameter);
}

static bool contains(const WCHAR *text, const WCHAR *part)
{
    size_t length = wcslen(part);
    for (; wcslen(text) >= length; text++)
        if (!_wcsnicmp(text, part, length)) return true;
    return false;
}

static bool match_text(const struct element *element, const struct search *search)
{
    CERT_NAME_BLOB *name = name_of(element, search);
    DWORD length = CertNameToStrW(X509_ASN_ENCODING, name, CERT_SIMPLE_NAME_STR, NULL, 0);
    AUTO_FREE WCHAR *text = heap_alloc(length * sizeof(WCHAR));
    return text && CertNameToStrW(X509_ASN_ENCODING, name, CERT_SIMPLE_NAME_STR, text, length) &&
           contains(text, search->parameter);
}

static bool match_usage(const struct element *element, const struct search *search)
{
    const CERT_ENHKEY_USAGE *wanted = search->parameter;
    CERT_ENHKEY_USAGE *usage = decode_extension_of(element->context.pCertInfo, szOID_ENHANCED_KEY_USAGE);
    if (!usage) return !(search->flags & CERT_FIND_EXT_ONLY_ENHKEY_USAGE_FLAG);
    bool all = true;
    for (DWORD i = 0; wanted && i < wanted->cUsageIdentifier && all; i++) {
        all = false;
        for (DWORD j = 0; j < usage->cUsageIdentifier && !all; j++)
            all = !strcmp(wanted->rgpszUsageIdentifier[i], usage->rgpszUsageIdentifier[j]);
    }
    LocalFree(usage);
    return all;
}

static bool match_identity(const struct element *element, const struct search *search)
{
    const CERT_INFO *info = element->context.pCertInfo, *wanted = search->parameter;
    return CertCompareIntegerBlob((PCRYPT_INTEGER_BLOB)&info->SerialNumber,
                                  (PCRYPT_INTEGER_BLOB)&wanted->SerialNumber) &&
           blobs_equal(blob(&info->Issuer), blob(&wanted->Issuer));
}

static bool match_issuer_of(const struct element *element, const struct search *search)
{
    const CERT_CONTEXT *subject = search->parameter;
    return blobs_equal(blob(&element->context.pCertInfo->Subject), blob(&subject->pCertInfo->Issuer));
}

static bool match_existing(const struct element *element, const struct search *search)
{
    const CERT_CONTEXT *wanted = search->parameter;
    return element->context.cbCertEncoded == wanted->cbCertEncoded &&
           !memcmp(element->context.pbCertEncoded, wanted->pbCertEncoded, wanted->cbCertEncoded);
}

static bool match_id(const struct element *element, const struct search *search)
{
    const CERT_ID *id = search->parameter;
    const CERT_INFO *info = element->context.pCertInfo;
    switch (id->dwIdChoice) {
    case CERT_ID_ISSUER_SERIAL_NUMBER:
        return blobs_equal(blob(&info->Issuer), blob(&id->IssuerSerialNumber.Issuer)) &&
               blobs_equal(blob(&info->SerialNumber), blob(&id->IssuerSerialNumber.SerialNumber));
    case CERT_ID_KEY_IDENTIFIER: return property_is(element, CERT_KEY_IDENTIFIER_PROP_ID, blob(&id->KeyId));
    case CERT_ID_SHA1_HASH: return property_is(element, CERT_SHA1_HASH_PROP_ID, blob(&id->HashId));
    }
    return false;
}

static matcher *find_matcher(DWORD what)
{
    switch (what >> CERT_COMPARE_SHIFT) {
    case CERT_COMPARE_ANY: return match_any;
    case CERT_COMPARE_SHA1_HASH:
    case CERT_COMPARE_MD5_HASH:
    case CERT_COMPARE_SIGNATURE_HASH:
    case CERT_COMPARE_KEY_IDENTIFIER:
    case CERT_COMPARE_PUBKEY_MD5_HASH: return match_hash;
    case CERT_COMPARE_NAME: return match_name;
    case CERT_COMPARE_ATTR: return match_attributes;
    case CERT_COMPARE_PROPERTY: return match_property;
    case CERT_COMPARE_PUBLIC_KEY: return match_public_key;
    case CERT_COMPARE_NAME_STR_W:
    case CERT_COMPARE_NAME_STR_A: return match_text;
    case CERT_COMPARE_ENHKEY_USAGE: return match_usage;
    case CERT_COMPARE_SUBJECT_CERT: return match_identity;
    case CERT_COMPARE_ISSUER_OF: return match_issuer_of;
    case CERT_COMPARE_EXISTING: return match_existing;
    case CERT_COMPARE_CERT_ID: return match_id;
    case CERT_COMPARE_HAS_PRIVATE_KEY: return match_private_key;
    }
    return NULL;
}

static const CERT_CONTEXT *find(struct store *store, const struct search *search, matcher *matches,
                                struct element *previous)
{
    pki_lock();
    struct element *found = previous;
    do found = store_next(store, ELEMENT_CERTIFICATE, found);
    while (found && !matches(found, search));
    if (found) element_retain(found);
    if (previous) element_release(previous);
    pki_unlock();
    if (!found) SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return found ? &found->context : NULL;
}

HOTPATCH PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE handle, DWORD encoding, DWORD flags,
                                                          DWORD what, const void *parameter,
                                                          PCCERT_CONTEXT previous)
{
    struct search search = {what, flags, parameter};
    struct store *store = store_of(handle);
    matcher *matches = find_matcher(what);
    AUTO_FREE WCHAR *wide = NULL;
    (void)encoding;
    if (store && matches && what >> CERT_COMPARE_SHIFT == CERT_COMPARE_NAME_STR_A) {
        int length = MultiByteToWideChar(CP_ACP, 0, parameter, -1, NULL, 0);
        search.parameter = wide = heap_alloc((SIZE_T)length * sizeof(WCHAR));
        if (wide)
            MultiByteToWideChar(CP_ACP, 0, parameter, -1, wide, length);
        else
            store = NULL;
    }
    if (store && matches) return find(store, &search, matches, (struct element *)previous);
    CertFreeCertificateContext(previous);
    if (store) SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

HOTPATCH PCCERT_CONTEXT WINAPI CertGetSubjectCertificateFromStore(HCERTSTORE store, DWORD encoding,
                                                                  PCERT_INFO id)
{
    if (!id) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return CertFindCertificateInStore(store, encoding, 0, CERT_FIND_SUBJECT_CERT, id, NULL);
}

// Checks what its caller asks for, and clears the flags of what holds.
HOTPATCH BOOL WINAPI CertVerifySubjectCertificateContext(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer,
                                                         DWORD *flags)
{
    if (*flags &
        ~(DWORD)(CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG | CERT_STORE_REVOCATION_FLAG))
        return fail_with((DWORD)E_INVALIDARG);
    if (*flags & CERT_STORE_SIGNATURE_FLAG) {
        if (!issuer) return fail_with((DWORD)E_INVALIDARG);
        if (signature_fits(subject->pbCertEncoded, subject->cbCertEncoded,
                           &issuer->pCertInfo->SubjectPublicKeyInfo))
            *flags &= ~(DWORD)CERT_STORE_SIGNATURE_FLAG;
    }
    if (*flags & CERT_STORE_TIME_VALIDITY_FLAG && !CertVerifyTimeValidity(NULL, subject->pCertInfo))
        *flags &= ~(DWORD)CERT_STORE_TIME_VALIDITY_FLAG;
    if (*flags & CERT_STORE_REVOCATION_FLAG)
        *flags = (*flags & ~(DWORD)CERT_STORE_REVOCATION_FLAG) | CERT_STORE_NO_CRL_FLAG;
    return TRUE;
}

HOTPATCH PCCERT_CONTEXT WINAPI CertGetIssuerCertificateFromStore(HCERTSTORE store, PCCERT_CONTEXT subject,
                                                                 PCCERT_CONTEXT previous, DWORD *flags)
{
    if (!subject) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    if (CertCompareCertificateName(X509_ASN_ENCODING, &subject->pCertInfo->Subject,
                                   &subject->pCertInfo->Issuer)) {
        CertFreeCertificateContext(previous);
        SetLastError((DWORD)CRYPT_E_SELF_SIGNED);
        return NULL;
    }
    PCCERT_CONTEXT issuer =
        CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ISSUER_OF, subject, previous);
    if (!issuer || CertVerifySubjectCertificateContext(subject, issuer, flags)) return issuer;
    CertFreeCertificateContext(issuer);
    return NULL;
}
