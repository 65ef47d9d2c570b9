// Certificates, revocation lists and requests, and what they are made of.
#include "encoding.h"

bool decode_algorithm(struct decoding *to, struct der in, void *result)
{
    CRYPT_ALGORITHM_IDENTIFIER *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) && decode_oid(to, &content, &out->pszObjId) &&
           decode_blob(to, content, (DATA_BLOB *)&out->Parameters);
}

void encode_blob(struct der_writer *out, const DATA_BLOB *blob)
{
    der_put(out, blob->pbData, blob->cbData);
}

// Whether parameters that are absent are a NULL: not with ECDSA and EdDSA (RFC 5758, RFC 8410).
static bool takes_null(const char *oid)
{
    static const char ecdsa[] = "1.2.840.10045.4.", eddsa[] = "1.3.101.";
    return !oid || (strncmp(oid, ecdsa, sizeof ecdsa - 1) && strncmp(oid, eddsa, sizeof eddsa - 1));
}

void encode_algorithm(struct der_writer *out, const void *structure)
{
    const CRYPT_ALGORITHM_IDENTIFIER *in = structure;
    static const BYTE null[] = {DER_NULL, 0};
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_oid(out, in->pszObjId);
    if (in->Parameters.cbData)
        der_put(out, in->Parameters.pbData, in->Parameters.cbData);
    else if (takes_null(in->pszObjId))
        der_put(out, null, sizeof null);
    der_close(out, mark);
}

bool decode_public_key(struct decoding *to, struct der in, void *result)
{
    CERT_PUBLIC_KEY_INFO *out = result;
    struct der content, algorithm, bits;
    return der_take(&in, DER_SEQUENCE, &content) && der_take_whole(&content, &algorithm) &&
           decode_algorithm(to, algorithm, &out->Algorithm) && der_take(&content, DER_BIT_STRING, &bits) &&
           decode_bit_blob(to, bits, &out->PublicKey);
}

void encode_public_key(struct der_writer *out, const void *structure)
{
    const CERT_PUBLIC_KEY_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    encode_algorithm(out, &in->Algorithm);
    der_put_bits(out, DER_BIT_STRING, in->PublicKey.pbData, in->PublicKey.cbData, in->PublicKey.cUnusedBits);
    der_close(out, mark);
}

bool decode_time(struct decoding *to, struct der in, void *result)
{
    BYTE tag;
    struct der content;
    (void)to;
    if (!der_next(&in, &tag, &content)) return false;
    if (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME) return der_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    return der_time(tag, content, result);
}

void encode_time(struct der_writer *out, const void *structure)
{
    der_put_time(out, structure);
}

static bool take_time(struct der *in, FILETIME *time)
{
    struct der whole;
    return der_take_whole(in, &whole) && decode_time(NULL, whole, time);
}

// --- extensions

static bool decode_extension(struct decoding *to, struct der in, void *result)
{
    CERT_EXTENSION *out = result;
    struct der content, value;
    if (!der_take(&in, DER_SEQUENCE, &content) || !decode_oid(to, &content, &out->pszObjId)) return false;
    if (der_is(&content, DER_BOOLEAN) && !der_take_bool(&content, &out->fCritical)) return false;
    return der_take(&content, DER_OCTET_STRING, &value) && decode_blob(to, value, (DATA_BLOB *)&out->Value);
}

bool decode_extensions(struct decoding *to, struct der in, void *result)
{
    CERT_EXTENSIONS *out = result;
    struct der content;
    return der_take(&in, DER_SEQUENCE, &content) &&
           decode_array(to, content, sizeof(CERT_EXTENSION), decode_extension, &out->cExtension,
                        &out->rgExtension);
}

void encode_extensions(struct der_writer *out, const void *structure)
{
    const CERT_EXTENSIONS *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    for (DWORD i = 0; i < in->cExtension; i++) {
        const CERT_EXTENSION *extension = &in->rgExtension[i];
        DWORD inner = der_open(out, DER_SEQUENCE);
        der_put_oid(out, extension->pszObjId);
        if (extension->fCritical) der_put_bool(out, TRUE);
        der_put_element(out, DER_OCTET_STRING, extension->Value.pbData, extension->Value.cbData);
        der_close(out, inner);
    }
    der_close(out, mark);
}

// Extensions in an explicit [number], if they are there.
static bool take_extensions(struct decoding *to, struct der *in, BYTE tag, DWORD *count,
                            CERT_EXTENSION **array)
{
    struct der content;
    CERT_EXTENSIONS extensions = {0};
    if (!der_take_optional(in, tag, &content)) return false;
    if (!content.data) return true;
    if (!decode_extensions(to, content, &extensions)) return false;
    *count = extensions.cExtension;
    *array = extensions.rgExtension;
    return true;
}

static void put_extensions(struct der_writer *out, BYTE tag, DWORD count, CERT_EXTENSION *array)
{
    CERT_EXTENSIONS extensions = {count, array};
    if (!count) return;
    DWORD mark = der_open(out, tag);
    encode_extensions(out, &extensions);
    der_close(out, mark);
}

// --- what is signed

static bool decode_signed(struct decoding *to, struct der in, void *result)
{
    CERT_SIGNED_CONTENT_INFO *out = result;
    struct der content, part, bits;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_whole(&content, &part) ||
        !decode_blob(to, part, (DATA_BLOB *)&out->ToBeSigned) || !der_take_whole(&content, &part) ||
        !decode_algorithm(to, part, &out->SignatureAlgorithm) || !der_take(&content, DER_BIT_STRING, &bits))
        return false;
    if (to->flags & CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG)
        return decode_bit_blob(to, bits, &out->Signature);
    const BYTE *data;
    DATA_BLOB blob;
    DWORD size;
    if (!der_bits(bits, &data, &size, &out->Signature.cUnusedBits) ||
        !decode_reversed(to, (struct der){data, size}, &blob))
        return false;
    out->Signature.cbData = blob.cbData;
    out->Signature.pbData = blob.pbData;
    return true;
}

static void encode_signed(struct der_writer *out, const void *structure)
{
    const CERT_SIGNED_CONTENT_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    encode_blob(out, (const DATA_BLOB *)&in->ToBeSigned);
    encode_algorithm(out, &in->SignatureAlgorithm);
    // Windows has signatures least significant byte first.
    DWORD bits = der_open(out, DER_BIT_STRING);
    BYTE unused = (BYTE)(in->Signature.cUnusedBits & 7);
    der_put(out, &unused, 1);
    for (DWORD i = in->Signature.cbData; i; i--) der_put(out, &in->Signature.pbData[i - 1], 1);
    der_close(out, bits);
    der_close(out, mark);
}

// The content of what is to be signed: also that of a signed whole, whose first part it is.
static bool enter_signed(struct der in, struct der *content)
{
    if (!der_take(&in, DER_SEQUENCE, content)) return false;
    struct der rest = *content, inner, algorithm, bits;
    if (!der_is(&rest, DER_SEQUENCE) || !der_take(&rest, DER_SEQUENCE, &inner)) return true;
    if (!der_is(&rest, DER_SEQUENCE) || !der_take(&rest, DER_SEQUENCE, &algorithm) ||
        !der_is(&rest, DER_BIT_STRING))
        return true;
    if (!der_take(&rest, DER_BIT_STRING, &bits) || !der_end(&rest)) return false;
    *content = inner;
    return true;
}

static bool take_unique_id(struct decoding *to, struct der *in, BYTE tag, CRYPT_BIT_BLOB *out)
{
    struct der bits;
    return der_take_optional(in, tag, &bits) && (!bits.data || decode_bit_blob(to, bits, out));
}

static bool decode_certificate(struct decoding *to, struct der in, void *result)
{
    CERT_INFO *out = result;
    struct der content, version, part, validity;
    int number = 0;
    if (!enter_signed(in, &content) || !der_take_optional(&content, DER_CONSTRUCTED(0), &version))
        return false;
    if (version.data && !der_take_int(&version, DER_INTEGER, &number)) return false;
    out->dwVersion = (DWORD)number;
    return der_take(&content, DER_INTEGER, &part) &&
           decode_reversed(to, part, (DATA_BLOB *)&out->SerialNumber) && der_take_whole(&content, &part) &&
           decode_algorithm(to, part, &out->SignatureAlgorithm) && der_take_whole(&content, &part) &&
           decode_blob(to, part, (DATA_BLOB *)&out->Issuer) && der_take(&content, DER_SEQUENCE, &validity) &&
           take_time(&validity, &out->NotBefore) && take_time(&validity, &out->NotAfter) &&
           der_take_whole(&content, &part) && decode_blob(to, part, (DATA_BLOB *)&out->Subject) &&
           der_take_whole(&content, &part) && decode_public_key(to, part, &out->SubjectPublicKeyInfo) &&
           take_unique_id(to, &content, DER_CONTEXT(1), &out->IssuerUniqueId) &&
           take_unique_id(to, &content, DER_CONTEXT(2), &out->SubjectUniqueId) &&
           take_extensions(to, &content, DER_CONSTRUCTED(3), &out->cExtension, &out->rgExtension) &&
           der_end(&content);
}

static void put_version(struct der_writer *out, DWORD version)
{
    if (!version) return;
    DWORD mark = der_open(out, DER_CONSTRUCTED(0));
    der_put_int(out, DER_INTEGER, (int)version);
    der_close(out, mark);
}

static void put_name(struct der_writer *out, const CERT_NAME_BLOB *name)
{
    if (name->cbData)
        der_put(out, name->pbData, name->cbData);
    else
        der_put_element(out, DER_SEQUENCE, NULL, 0);
}

static void encode_certificate(struct der_writer *out, const void *structure)
{
    const CERT_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    put_version(out, in->dwVersion);
    der_put_integer(out, in->SerialNumber.pbData, in->SerialNumber.cbData, false);
    encode_algorithm(out, &in->SignatureAlgorithm);
    put_name(out, &in->Issuer);
    DWORD validity = der_open(out, DER_SEQUENCE);
    der_put_time(out, &in->NotBefore);
    der_put_time(out, &in->NotAfter);
    der_close(out, validity);
    put_name(out, &in->Subject);
    encode_public_key(out, &in->SubjectPublicKeyInfo);
    const CRYPT_BIT_BLOB *issuer = &in->IssuerUniqueId, *subject = &in->SubjectUniqueId;
    if (issuer->cbData)
        der_put_bits(out, DER_CONTEXT(1), issuer->pbData, issuer->cbData, issuer->cUnusedBits);
    if (subject->cbData)
        der_put_bits(out, DER_CONTEXT(2), subject->pbData, subject->cbData, subject->cUnusedBits);
    put_extensions(out, DER_CONSTRUCTED(3), in->cExtension, in->rgExtension);
    der_close(out, mark);
}

// --- revocation lists

static bool decode_crl_entry(struct decoding *to, struct der in, void *result)
{
    CRL_ENTRY *out = result;
    struct der content, serial;
    CERT_EXTENSIONS extensions = {0};
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take(&content, DER_INTEGER, &serial) ||
        !decode_reversed(to, serial, (DATA_BLOB *)&out->SerialNumber) ||
        !take_time(&content, &out->RevocationDate))
        return false;
    if (content.size && !decode_extensions(to, content, &extensions)) return false;
    out->cExtension = extensions.cExtension;
    out->rgExtension = extensions.rgExtension;
    return true;
}

static bool decode_crl(struct decoding *to, struct der in, void *result)
{
    CRL_INFO *out = result;
    struct der content, part;
    int version = 0;
    if (!enter_signed(in, &content)) return false;
    if (der_is(&content, DER_INTEGER) && !der_take_int(&content, DER_INTEGER, &version)) return false;
    out->dwVersion = (DWORD)version;
    if (!der_take_whole(&content, &part) || !decode_algorithm(to, part, &out->SignatureAlgorithm) ||
        !der_take_whole(&content, &part) || !decode_blob(to, part, (DATA_BLOB *)&out->Issuer) ||
        !take_time(&content, &out->ThisUpdate))
        return false;
    if ((der_is(&content, DER_UTC_TIME) || der_is(&content, DER_GENERALIZED_TIME)) &&
        !take_time(&content, &out->NextUpdate))
        return false;
    if (!der_take_optional(&content, DER_SEQUENCE, &part)) return false;
    if (part.data &&
        !decode_array(to, part, sizeof(CRL_ENTRY), decode_crl_entry, &out->cCRLEntry, &out->rgCRLEntry))
        return false;
    return take_extensions(to, &content, DER_CONSTRUCTED(0), &out->cExtension, &out->rgExtension) &&
           der_end(&content);
}

static void encode_crl(struct der_writer *out, const void *structure)
{
    const CRL_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    if (in->dwVersion) der_put_int(out, DER_INTEGER, (int)in->dwVersion);
    encode_algorithm(out, &in->SignatureAlgorithm);
    put_name(out, &in->Issuer);
    der_put_time(out, &in->ThisUpdate);
    if (in->NextUpdate.dwLowDateTime || in->NextUpdate.dwHighDateTime) der_put_time(out, &in->NextUpdate);
    if (in->cCRLEntry) {
        DWORD list = der_open(out, DER_SEQUENCE);
        for (DWORD i = 0; i < in->cCRLEntry; i++) {
            const CRL_ENTRY *entry = &in->rgCRLEntry[i];
            CERT_EXTENSIONS extensions = {entry->cExtension, entry->rgExtension};
            DWORD inner = der_open(out, DER_SEQUENCE);
            der_put_integer(out, entry->SerialNumber.pbData, entry->SerialNumber.cbData, false);
            der_put_time(out, &entry->RevocationDate);
            if (entry->cExtension) encode_extensions(out, &extensions);
            der_close(out, inner);
        }
        der_close(out, list);
    }
    put_extensions(out, DER_CONSTRUCTED(0), in->cExtension, in->rgExtension);
    der_close(out, mark);
}

const struct encoding_kind certificate_kinds[] = {
    {1, NULL, sizeof(CERT_SIGNED_CONTENT_INFO), decode_signed, encode_signed},
    {2, NULL, sizeof(CERT_INFO), decode_certificate, encode_certificate},
    {3, NULL, sizeof(CRL_INFO), decode_crl, encode_crl},
    {5, szOID_RSA_certExtensions, sizeof(CERT_EXTENSIONS), decode_extensions, encode_extensions},
    {8, NULL, sizeof(CERT_PUBLIC_KEY_INFO), decode_public_key, encode_public_key},
    {30, szOID_RSA_signingTime, sizeof(FILETIME), decode_time, encode_time},
    {17, NULL, sizeof(FILETIME), decode_time, encode_time},
    {74, NULL, sizeof(CRYPT_ALGORITHM_IDENTIFIER), decode_algorithm, encode_algorithm},
    {0},
};
