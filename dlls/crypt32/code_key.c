// Keys and signatures: between DER, which begins numbers at their first byte, and the blobs of CryptoAPI.
#include "encoding.h"

enum { RSA1 = 0x31415352, RSA2 = 0x32415352 };

// A number's bytes without those that only say that it isn't negative.
static bool take_number(struct der *in, struct der *content)
{
    if (!der_take(in, DER_INTEGER, content)) return false;
    while (content->size > 1 && !content->data[0]) {
        content->data++;
        content->size--;
    }
    return true;
}

// Writes it least significant byte first into size bytes.
static bool put_reversed(BYTE *to, DWORD size, struct der number)
{
    if (number.size > size) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    for (DWORD i = 0; i < size; i++) to[i] = i < number.size ? number.data[number.size - 1 - i] : 0;
    return true;
}

static void start_blob(BYTE type, BYTE *blob, DWORD magic, DWORD bytes, struct der exponent)
{
    BLOBHEADER *header = (BLOBHEADER *)blob;
    RSAPUBKEY *key = (RSAPUBKEY *)(header + 1);
    *header = (BLOBHEADER){type, CUR_BLOB_VERSION, 0, CALG_RSA_KEYX};
    key->magic = magic;
    key->bitlen = bytes * 8;
    for (key->pubexp = 0; exponent.size; exponent.size--) key->pubexp = key->pubexp << 8 | *exponent.data++;
}

// A blob's size is the structure's own, so it is the whole block.
static BYTE *extend(struct decoding *to, DWORD size)
{
    to->used = 0;
    return decoding_take(to, size);
}

static bool decode_rsa_public(struct decoding *to, struct der in, void *out)
{
    struct der content, modulus, exponent;
    (void)out;
    if (!der_take(&in, DER_SEQUENCE, &content) || !take_number(&content, &modulus) ||
        !take_number(&content, &exponent))
        return false;
    if (exponent.size > 4) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    BYTE *blob = extend(to, sizeof(BLOBHEADER) + sizeof(RSAPUBKEY) + modulus.size);
    if (!blob) return false;
    start_blob(PUBLICKEYBLOB, blob, RSA1, modulus.size, exponent);
    return put_reversed(blob + sizeof(BLOBHEADER) + sizeof(RSAPUBKEY), modulus.size, modulus);
}

static void encode_rsa_public(struct der_writer *out, const void *structure)
{
    const BLOBHEADER *header = structure;
    const RSAPUBKEY *key = (const RSAPUBKEY *)(header + 1);
    if (header->bType != PUBLICKEYBLOB || header->bVersion != CUR_BLOB_VERSION || key->magic != RSA1) {
        der_write_fail(out, (DWORD)E_INVALIDARG);
        return;
    }
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_integer(out, (const BYTE *)(key + 1), key->bitlen / 8, true);
    der_put_integer(out, (const BYTE *)&key->pubexp, sizeof key->pubexp, true);
    der_close(out, mark);
}

static bool decode_rsa_private(struct decoding *to, struct der in, void *out)
{
    struct der content, numbers[8]; // modulus, exponents, primes, their exponents, coefficient
    int version;
    (void)out;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_int(&content, DER_INTEGER, &version))
        return false;
    for (int i = 0; i < 8; i++)
        if (!take_number(&content, &numbers[i])) return false;
    if (numbers[1].size > 4) return der_fail((DWORD)CRYPT_E_ASN1_LARGE);
    DWORD whole = numbers[0].size, half = (whole + 1) / 2;
    BYTE *blob = extend(to, sizeof(BLOBHEADER) + sizeof(RSAPUBKEY) + whole * 2 + half * 5);
    if (!blob) return false;
    start_blob(PRIVATEKEYBLOB, blob, RSA2, whole, numbers[1]);
    BYTE *at = blob + sizeof(BLOBHEADER) + sizeof(RSAPUBKEY);
    if (!put_reversed(at, whole, numbers[0])) return false;
    at += whole;
    for (int i = 3; i < 8; i++, at += half)
        if (!put_reversed(at, half, numbers[i])) return false;
    return put_reversed(at, whole, numbers[2]);
}

static void encode_rsa_private(struct der_writer *out, const void *structure)
{
    const BLOBHEADER *header = structure;
    const RSAPUBKEY *key = (const RSAPUBKEY *)(header + 1);
    if (header->bType != PRIVATEKEYBLOB || key->magic != RSA2) {
        der_write_fail(out, (DWORD)E_INVALIDARG);
        return;
    }
    DWORD whole = key->bitlen / 8, half = (whole + 1) / 2, mark = der_open(out, DER_SEQUENCE);
    const BYTE *modulus = (const BYTE *)(key + 1), *at = modulus + whole;
    der_put_int(out, DER_INTEGER, 0);
    der_put_integer(out, modulus, whole, true);
    der_put_integer(out, (const BYTE *)&key->pubexp, sizeof key->pubexp, true);
    der_put_integer(out, at + 5 * half, whole, true);
    for (int i = 0; i < 5; i++, at += half) der_put_integer(out, at, half, true);
    der_close(out, mark);
}

static bool decode_private_info(struct decoding *to, struct der in, void *result)
{
    CRYPT_PRIVATE_KEY_INFO *out = result;
    struct der content, algorithm, key;
    int version;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_int(&content, DER_INTEGER, &version))
        return false;
    out->Version = (DWORD)version;
    return der_take_whole(&content, &algorithm) && decode_algorithm(to, algorithm, &out->Algorithm) &&
           der_take(&content, DER_OCTET_STRING, &key) && decode_blob(to, key, (DATA_BLOB *)&out->PrivateKey);
}

static void encode_private_info(struct der_writer *out, const void *structure)
{
    const CRYPT_PRIVATE_KEY_INFO *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_int(out, DER_INTEGER, (int)in->Version);
    encode_algorithm(out, &in->Algorithm);
    der_put_element(out, DER_OCTET_STRING, in->PrivateKey.pbData, in->PrivateKey.cbData);
    der_close(out, mark);
}

static bool decode_ecc_signature(struct decoding *to, struct der in, void *result)
{
    CERT_ECC_SIGNATURE *out = result;
    struct der content, r, s;
    return der_take(&in, DER_SEQUENCE, &content) && take_number(&content, &r) && take_number(&content, &s) &&
           decode_reversed(to, r, (DATA_BLOB *)&out->r) && decode_reversed(to, s, (DATA_BLOB *)&out->s);
}

static void encode_ecc_signature(struct der_writer *out, const void *structure)
{
    const CERT_ECC_SIGNATURE *in = structure;
    DWORD mark = der_open(out, DER_SEQUENCE);
    der_put_integer(out, in->r.pbData, in->r.cbData, true);
    der_put_integer(out, in->s.pbData, in->s.cbData, true);
    der_close(out, mark);
}

static bool decode_ecc_private(struct decoding *to, struct der in, void *result)
{
    CRYPT_ECC_PRIVATE_KEY_INFO *out = result;
    struct der content, part, bits;
    int version;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take_int(&content, DER_INTEGER, &version))
        return false;
    out->dwVersion = (DWORD)version;
    if (!der_take(&content, DER_OCTET_STRING, &part) ||
        !decode_blob(to, part, (DATA_BLOB *)&out->PrivateKey) ||
        !der_take_optional(&content, DER_CONSTRUCTED(0), &part))
        return false;
    if (part.data && !decode_oid(to, &part, &out->szCurveOid)) return false;
    if (!der_take_optional(&content, DER_CONSTRUCTED(1), &part)) return false;
    return !part.data ||
           (der_take(&part, DER_BIT_STRING, &bits) && decode_bit_blob(to, bits, &out->PublicKey));
}

const struct encoding_kind key_kinds[] = {
    {19, NULL, sizeof(BLOBHEADER), decode_rsa_public, encode_rsa_public},
    {43, NULL, sizeof(BLOBHEADER), decode_rsa_private, encode_rsa_private},
    {44, NULL, sizeof(CRYPT_PRIVATE_KEY_INFO), decode_private_info, encode_private_info},
    {47, NULL, sizeof(CERT_ECC_SIGNATURE), decode_ecc_signature, encode_ecc_signature},
    {82, NULL, sizeof(CRYPT_ECC_PRIVATE_KEY_INFO), decode_ecc_private, NULL},
    {0},
};
