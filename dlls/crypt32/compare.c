// Comparing certificates and their parts, and looking into one: extensions, usages, times, keys, signatures.
#include "crypt32.h"
#include "store.h"

bool blobs_equal(const DATA_BLOB *one, const DATA_BLOB *other)
{
    return one->cbData == other->cbData && !memcmp(one->pbData, other->pbData, one->cbData);
}

const CERT_EXTENSION *extension_of(const CERT_INFO *info, const char *oid)
{
    return CertFindExtension(oid, info->cExtension, info->rgExtension);
}

void *decode_extension_of(const CERT_INFO *info, const char *oid)
{
    const CERT_EXTENSION *extension = extension_of(info, oid);
    return extension ? decode_local(oid, extension->Value.pbData, extension->Value.cbData) : NULL;
}

HOTPATCH PCERT_EXTENSION WINAPI CertFindExtension(LPCSTR oid, DWORD count, CERT_EXTENSION extensions[])
{
    for (DWORD i = 0; oid && i < count; i++)
        if (!strcmp(oid, extensions[i].pszObjId)) return &extensions[i];
    return NULL;
}

HOTPATCH PCRYPT_ATTRIBUTE WINAPI CertFindAttribute(LPCSTR oid, DWORD count, CRYPT_ATTRIBUTE attributes[])
{
    for (DWORD i = 0; oid && i < count; i++)
        if (!strcmp(oid, attributes[i].pszObjId)) return &attributes[i];
    return NULL;
}

HOTPATCH PCERT_RDN_ATTR WINAPI CertFindRDNAttr(LPCSTR oid, PCERT_NAME_INFO name)
{
    for (DWORD i = 0; oid && i < name->cRDN; i++)
        for (DWORD j = 0; j < name->rgRDN[i].cRDNAttr; j++)
            if (!strcmp(oid, name->rgRDN[i].rgRDNAttr[j].pszObjId)) return &name->rgRDN[i].rgRDNAttr[j];
    return NULL;
}

HOTPATCH BOOL WINAPI CertCompareCertificate(DWORD encoding, PCERT_INFO one, PCERT_INFO other)
{
    return CertCompareCertificateName(encoding, &one->Issuer, &other->Issuer) &&
           CertCompareIntegerBlob(&one->SerialNumber, &other->SerialNumber);
}

HOTPATCH BOOL WINAPI CertCompareCertificateName(DWORD encoding, PCERT_NAME_BLOB one, PCERT_NAME_BLOB other)
{
    (void)encoding;
    return blobs_equal((const DATA_BLOB *)one, (const DATA_BLOB *)other);
}

// How many bytes of a number say more than its sign.
static DWORD significant(const CRYPT_INTEGER_BLOB *number)
{
    DWORD size = number->cbData;
    while (size > 1 && ((number->pbData[size - 1] == 0 && !(number->pbData[size - 2] & 0x80)) ||
                        (number->pbData[size - 1] == 0xFF && number->pbData[size - 2] & 0x80)))
        size--;
    return size;
}

HOTPATCH BOOL WINAPI CertCompareIntegerBlob(PCRYPT_INTEGER_BLOB one, PCRYPT_INTEGER_BLOB other)
{
    DWORD size = significant(one);
    return size == significant(other) && !memcmp(one->pbData, other->pbData, size);
}

HOTPATCH BOOL WINAPI CertComparePublicKeyInfo(DWORD encoding, PCERT_PUBLIC_KEY_INFO one,
                                              PCERT_PUBLIC_KEY_INFO other)
{
    (void)encoding;
    return one->PublicKey.cbData == other->PublicKey.cbData &&
           !memcmp(one->PublicKey.pbData, other->PublicKey.pbData, one->PublicKey.cbData);
}

// Whether every attribute of wanted is in the name.
HOTPATCH BOOL WINAPI CertIsRDNAttrsInCertificateName(DWORD encoding, DWORD flags, PCERT_NAME_BLOB name,
                                                     PCERT_RDN wanted)
{
    bool wide = flags & CERT_UNICODE_IS_RDN_ATTRS_FLAG,
         no_case = flags & CERT_CASE_INSENSITIVE_IS_RDN_ATTRS_FLAG;
    CERT_NAME_INFO *info = decode_local(wide ? X509_UNICODE_NAME : X509_NAME, name->pbData, name->cbData);
    (void)encoding;
    if (!info) return FALSE;
    bool all = true;
    for (DWORD i = 0; i < wanted->cRDNAttr && all; i++) {
        const CERT_RDN_ATTR *attribute = &wanted->rgRDNAttr[i];
        PCERT_RDN_ATTR found = CertFindRDNAttr(attribute->pszObjId, info);
        DWORD size = attribute->Value.cbData;
        all = found && size == found->Value.cbData &&
              (!memcmp(attribute->Value.pbData, found->Value.pbData, size) ||
               (no_case &&
                !(wide ? _wcsnicmp((WCHAR *)attribute->Value.pbData, (WCHAR *)found->Value.pbData, size / 2)
                       : _strnicmp((char *)attribute->Value.pbData, (char *)found->Value.pbData, size))));
    }
    LocalFree(info);
    return all || fail_with((DWORD)CRYPT_E_NO_MATCH);
}

HOTPATCH LONG WINAPI CertVerifyTimeValidity(LPFILETIME time, PCERT_INFO info)
{
    FILETIME now;
    if (!time)
        GetSystemTimeAsFileTime(&now);
    else
        now = *time;
    if (CompareFileTime(&now, &info->NotBefore) < 0) return -1;
    return CompareFileTime(&now, &info->NotAfter) > 0;
}

HOTPATCH BOOL WINAPI CertVerifyValidityNesting(PCERT_INFO subject, PCERT_INFO issuer)
{
    return CompareFileTime(&subject->NotBefore, &issuer->NotBefore) >= 0 &&
           CompareFileTime(&subject->NotAfter, &issuer->NotAfter) <= 0;
}

// --- keys

static DWORD curve_bits(const CRYPT_OBJID_BLOB *parameters)
{
    char text[32];
    DWORD length;
    struct der in = {parameters->pbData, parameters->cbData}, content;
    if (!der_take(&in, DER_OID, &content) || !der_oid_text(content, text, sizeof text, &length)) return 0;
    if (!strcmp(text, "1.2.840.10045.3.1.7")) return 256;
    if (!strcmp(text, "1.3.132.0.34")) return 384;
    return strcmp(text, "1.3.132.0.35") ? 0 : 521;
}

HOTPATCH DWORD WINAPI CertGetPublicKeyLength(DWORD encoding, PCERT_PUBLIC_KEY_INFO key)
{
    (void)encoding;
    if (!strcmp(key->Algorithm.pszObjId, szOID_ECC_PUBLIC_KEY)) return curve_bits(&key->Algorithm.Parameters);
    BLOBHEADER *blob = decode_local(RSA_CSP_PUBLICKEYBLOB, key->PublicKey.pbData, key->PublicKey.cbData);
    if (!blob) return 0;
    DWORD bits = ((RSAPUBKEY *)(blob + 1))->bitlen;
    LocalFree(blob);
    return bits;
}

// --- usages

HOTPATCH BOOL WINAPI CertGetIntendedKeyUsage(DWORD encoding, PCERT_INFO info, BYTE *usage, DWORD size)
{
    CRYPT_BIT_BLOB *bits = decode_extension_of(info, szOID_KEY_USAGE);
    (void)encoding;
    if (!bits) return fail_with(0);
    memset(usage, 0, size);
    memcpy(usage, bits->pbData, bits->cbData < size ? bits->cbData : size);
    LocalFree(bits);
    return TRUE;
}

// A usage that is a property goes before that of the extension.
static bool usage_bytes(PCCERT_CONTEXT context, DWORD flags, const BYTE **data, DWORD *size, BYTE **owned)
{
    if (!(flags & CERT_FIND_EXT_ONLY_ENHKEY_USAGE_FLAG) &&
        CertGetCertificateContextProperty(context, CERT_ENHKEY_USAGE_PROP_ID, NULL, size)) {
        *owned = heap_alloc(*size);
        *data = *owned;
        return *owned && CertGetCertificateContextProperty(context, CERT_ENHKEY_USAGE_PROP_ID, *owned, size);
    }
    const CERT_EXTENSION *extension = extension_of(context->pCertInfo, szOID_ENHANCED_KEY_USAGE);
    if (flags & CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG || !extension) return false;
    *data = extension->Value.pbData;
    *size = extension->Value.cbData;
    return true;
}

HOTPATCH BOOL WINAPI CertGetEnhancedKeyUsage(PCCERT_CONTEXT context, DWORD flags, PCERT_ENHKEY_USAGE usage,
                                             DWORD *size)
{
    const BYTE *data;
    DWORD length, room = *size;
    AUTO_FREE BYTE *owned = NULL;
    if (usage_bytes(context, flags, &data, &length, &owned))
        return CryptDecodeObjectEx(X509_ASN_ENCODING, X509_ENHANCED_KEY_USAGE, data, length, 0, NULL, usage,
                                   size);
    // Without a restriction every usage is good, which the last error says.
    *size = sizeof *usage;
    if (usage) {
        if (room < sizeof *usage) return fail_with(ERROR_MORE_DATA);
        *usage = (CERT_ENHKEY_USAGE){0};
    }
    SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return !(flags & CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG);
}

// --- digests and signatures

HOTPATCH BOOL WINAPI CryptHashCertificate(HCRYPTPROV_LEGACY provider, ALG_ID algorithm, DWORD flags,
                                          const BYTE *data, DWORD size, BYTE *hash, DWORD *hash_size)
{
    DWORD room = *hash_size;
    (void)provider;
    (void)flags;
    if (!algorithm) algorithm = CALG_SHA1;
    *hash_size = algorithm == CALG_SHA1      ? 20
                 : algorithm == CALG_SHA_256 ? 32
                 : algorithm == CALG_SHA_384 ? 48
                 : algorithm == CALG_SHA_512 ? 64
                                             : 16;
    if (!hash) return TRUE;
    if (room < *hash_size) return fail_with(ERROR_MORE_DATA);
    return digest(algorithm, data, size, hash, *hash_size) || fail_with((DWORD)NTE_BAD_ALGID);
}

HOTPATCH BOOL WINAPI CryptHashPublicKeyInfo(HCRYPTPROV_LEGACY provider, ALG_ID algorithm, DWORD flags,
                                            DWORD encoding, PCERT_PUBLIC_KEY_INFO info, BYTE *hash,
                                            DWORD *size)
{
    AUTO_WRITER struct der_writer out = {0};
    (void)encoding;
    encode_public_key(&out, info);
    if (out.error) return fail_with(out.error);
    return CryptHashCertificate(provider, algorithm ? algorithm : CALG_MD5, flags, out.data, out.size, hash,
                                size);
}

// The hash of RSASSA-PSS's parameters: [0] AlgorithmIdentifier.
static ULONG pss_hash(struct der parameters)
{
    struct der content, part;
    char text[32];
    DWORD length;
    if (!der_take(&parameters, DER_SEQUENCE, &content) ||
        !der_take_optional(&content, DER_CONSTRUCTED(0), &part) || !part.data ||
        !der_take(&part, DER_SEQUENCE, &content) || !der_take(&content, DER_OID, &part) ||
        !der_oid_text(part, text, sizeof text, &length))
        return CALG_SHA1;
    PCCRYPT_OID_INFO info = CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, text, CRYPT_HASH_ALG_OID_GROUP_ID);
    return info ? info->Algid : CALG_SHA1;
}

bool signature_fits(const BYTE *encoded, DWORD size, const CERT_PUBLIC_KEY_INFO *key)
{
    struct der in = {encoded, size}, content, body, algorithm, oid, bits;
    char text[64];
    DWORD length, signature_size, unused;
    const BYTE *signature;
    AUTO_WRITER struct der_writer out = {0};
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_whole(&content, &body) ||
        !der_take(&content, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid) ||
        !der_oid_text(oid, text, sizeof text, &length) || !der_take(&content, DER_BIT_STRING, &bits) ||
        !der_bits(bits, &signature, &signature_size, &unused))
        return false;
    encode_public_key(&out, key);
    if (out.error) return der_fail(out.error);
    bool pss = !strcmp(text, "1.2.840.113549.1.1.10");
    NTSTATUS status = PkiVerify(out.data, out.size, text, pss ? pss_hash(algorithm) : 0, body.data, body.size,
                                signature, signature_size);
    if (NT_SUCCESS(status)) return true;
    return der_fail(status == STATUS_NOT_SUPPORTED ? (DWORD)NTE_BAD_ALGID : (DWORD)NTE_BAD_SIGNATURE);
}

HOTPATCH BOOL WINAPI CryptVerifyCertificateSignature(HCRYPTPROV_LEGACY provider, DWORD encoding,
                                                     const BYTE *data, DWORD size, PCERT_PUBLIC_KEY_INFO key)
{
    (void)provider;
    (void)encoding;
    return signature_fits(data, size, key);
}

HOTPATCH BOOL WINAPI CryptVerifyCertificateSignatureEx(HCRYPTPROV_LEGACY provider, DWORD encoding,
                                                       DWORD subject_type, void *subject, DWORD issuer_type,
                                                       void *issuer, DWORD flags, void *extra)
{
    const DATA_BLOB *blob = subject;
    const CERT_CONTEXT *context = subject, *issuer_context = issuer;
    const CERT_PUBLIC_KEY_INFO *key = issuer;
    DATA_BLOB encoded;
    (void)provider;
    (void)encoding;
    (void)flags;
    (void)extra;
    switch (subject_type) {
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_BLOB: encoded = *blob; break;
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT:
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_CRL:
        encoded = (DATA_BLOB){context->cbCertEncoded, context->pbCertEncoded};
        break;
    default: return fail_with((DWORD)E_INVALIDARG);
    }
    switch (issuer_type) {
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_PUBKEY: break;
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT: key = &issuer_context->pCertInfo->SubjectPublicKeyInfo; break;
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_CHAIN:
        key = &((PCCERT_CHAIN_CONTEXT)issuer)
                   ->rgpChain[0]
                   ->rgpElement[0]
                   ->pCertContext->pCertInfo->SubjectPublicKeyInfo;
        break;
    default: return fail_with((DWORD)E_INVALIDARG);
    }
    return signature_fits(encoded.pbData, encoded.cbData, key);
}
