// RSA keys in blobs: CNG's have the most significant byte first, the CryptoAPI's, and our bodies, the least.
#include "rsa_key.h"
#include "rsa_padding.h"

static const ULONG capi_public_magic = 0x31415352, capi_private_magic = 0x32415352; // "RSA1", "RSA2"

static ULONG capi_size(ULONG bits, bool with_private)
{
    ULONG modulus = bits / 8;
    return sizeof(RSAPUBKEY) + (with_private ? modulus * 9 / 2 : modulus);
}

// An empty body of this size with its head.
static NTSTATUS begin_body(struct cng_key *key, ULONG bits, ULONG exponent, bool with_private)
{
    if (bits < 512 || bits > 16384 || bits % 16) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = cng_new_body(key, capi_size(bits, with_private));
    if (!NT_SUCCESS(status)) return status;
    *(RSAPUBKEY *)key->body =
        (RSAPUBKEY){with_private ? capi_private_magic : capi_public_magic, bits, exponent};
    key->bits = bits;
    key->has_private = with_private;
    return STATUS_SUCCESS;
}

NTSTATUS rsa_generate(struct cng_key *key)
{
    NTSTATUS status = begin_body(key, key->bits, 0, true);
    return NT_SUCCESS(status) ? CryptoRsaGenerate(key->bits, key->body, key->body_size) : status;
}

// ---- import ----

// Of at most 32 bits.
static bool read_exponent(const BYTE *bytes, ULONG size, ULONG *exponent)
{
    *exponent = 0;
    for (ULONG i = 0; i < size; i++) {
        if (*exponent >> 24) return false;
        *exponent = *exponent << 8 | bytes[i];
    }
    return *exponent != 0;
}

// Checks a private key and makes the numbers that its blob lacks. given: it lacks none, and they stay, since
// there is more than one private exponent to a key.
static NTSTATUS complete(struct cng_key *key, bool given)
{
    if (!given) return CryptoRsaComplete(key->body, key->body_size);
    BYTE *copy = cng_alloc(key->body_size);
    if (!copy) return STATUS_NO_MEMORY;
    memcpy(copy, key->body, key->body_size);
    NTSTATUS status = CryptoRsaComplete(copy, key->body_size);
    cng_free_secret(copy, key->body_size);
    return status;
}

static NTSTATUS import_cng(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size)
{
    BCRYPT_RSAKEY_BLOB head;
    ULONG exponent;
    if (size < sizeof(head)) return STATUS_INVALID_PARAMETER;
    memcpy(&head, blob, sizeof(head));
    bool full = head.Magic == BCRYPT_RSAFULLPRIVATE_MAGIC,
         with_private = full || head.Magic == BCRYPT_RSAPRIVATE_MAGIC;
    if (!with_private && head.Magic != BCRYPT_RSAPUBLIC_MAGIC) return STATUS_INVALID_PARAMETER;
    if ((cng_same(type, BCRYPT_RSAPUBLIC_BLOB) && with_private) ||
        (cng_same(type, BCRYPT_RSAPRIVATE_BLOB) && (!with_private || full)) ||
        (cng_same(type, BCRYPT_RSAFULLPRIVATE_BLOB) && !full))
        return STATUS_INVALID_PARAMETER;
    ULONG modulus = head.cbModulus, half = modulus / 2;
    if (head.BitLength != 8 * modulus) return STATUS_NOT_SUPPORTED;
    if (head.cbPublicExp > 8) return NTE_BAD_DATA; // a status here too
    if (modulus > 2048) return STATUS_INVALID_PARAMETER;
    if ((with_private && (head.cbPrime1 != half || head.cbPrime2 != half))) return STATUS_NOT_SUPPORTED;
    ULONG wanted = sizeof(head) + head.cbPublicExp + modulus + (with_private ? 2 * half : 0) +
                   (full ? 3 * half + modulus : 0);
    if (size < wanted) return STATUS_INVALID_PARAMETER;
    const BYTE *from = blob + sizeof(head);
    if (!read_exponent(from, head.cbPublicExp, &exponent)) return STATUS_INVALID_PARAMETER;
    from += head.cbPublicExp;
    NTSTATUS status = begin_body(key, head.BitLength, exponent, with_private);
    if (!NT_SUCCESS(status)) return status;
    BYTE *to = key->body + sizeof(RSAPUBKEY);
    rsa_copy_reversed(to, from, modulus);
    if (!with_private) return STATUS_SUCCESS;
    for (ULONG i = 0; i < (full ? 5u : 2u); i++) { // p, q, exponents, the inverse
        to += i ? half : modulus;
        from += i ? half : modulus;
        rsa_copy_reversed(to, from, half);
    }
    if (full) rsa_copy_reversed(to + half, from + half, modulus);
    return complete(key, full);
}

static NTSTATUS import_capi(struct cng_key *key, const BYTE *blob, ULONG size, bool with_private)
{
    BLOBHEADER header;
    RSAPUBKEY head;
    if (size < sizeof(header) + sizeof(head)) return STATUS_INVALID_PARAMETER;
    memcpy(&header, blob, sizeof(header));
    memcpy(&head, blob + sizeof(header), sizeof(head));
    if (header.bType != (with_private ? PRIVATEKEYBLOB : PUBLICKEYBLOB) ||
        head.magic != (with_private ? capi_private_magic : capi_public_magic))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = begin_body(key, head.bitlen, head.pubexp, with_private);
    if (!NT_SUCCESS(status)) return status;
    if (size - sizeof(header) < key->body_size) return STATUS_INVALID_PARAMETER;
    memcpy(key->body, blob + sizeof(header), key->body_size);
    return with_private ? complete(key, true) : STATUS_SUCCESS;
}

NTSTATUS rsa_import(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size)
{
    if (cng_same(type, LEGACY_RSAPUBLIC_BLOB)) return import_capi(key, blob, size, false);
    if (cng_same(type, LEGACY_RSAPRIVATE_BLOB)) return import_capi(key, blob, size, true);
    if (cng_same(type, BCRYPT_PUBLIC_KEY_BLOB) || cng_same(type, BCRYPT_PRIVATE_KEY_BLOB) ||
        cng_same(type, BCRYPT_RSAPUBLIC_BLOB) || cng_same(type, BCRYPT_RSAPRIVATE_BLOB) ||
        cng_same(type, BCRYPT_RSAFULLPRIVATE_BLOB))
        return import_cng(key, type, blob, size);
    return STATUS_NOT_SUPPORTED;
}

// ---- export ----

enum form { FORM_PUBLIC, FORM_PRIVATE, FORM_FULL };

static NTSTATUS export_cng(const struct cng_key *key, enum form form, BYTE *blob, ULONG room, ULONG *result)
{
    static const ULONG magics[] = {BCRYPT_RSAPUBLIC_MAGIC, BCRYPT_RSAPRIVATE_MAGIC,
                                   BCRYPT_RSAFULLPRIVATE_MAGIC};
    ULONG modulus = key->bits / 8, half = modulus / 2, exponent = ((const RSAPUBKEY *)key->body)->pubexp;
    ULONG exponent_size = exponent >> 24 ? 4 : exponent >> 16 ? 3 : exponent >> 8 ? 2 : 1;
    ULONG primes = form == FORM_PUBLIC ? 0 : half;
    const BCRYPT_RSAKEY_BLOB head = {magics[form], key->bits, exponent_size, modulus, primes, primes};
    if (form != FORM_PUBLIC && !key->has_private) return STATUS_INVALID_PARAMETER;
    *result =
        sizeof(head) + exponent_size + modulus + 2 * primes + (form == FORM_FULL ? 3 * half + modulus : 0);
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &head, sizeof(head));
    BYTE *to = blob + sizeof(head);
    rsa_copy_reversed(to, (const BYTE *)&exponent, exponent_size);
    to += exponent_size;
    const BYTE *from = key->body + sizeof(RSAPUBKEY);
    rsa_copy_reversed(to, from, modulus);
    ULONG halves = form == FORM_FULL ? 5 : form == FORM_PRIVATE ? 2 : 0; // p, q, exponents, the inverse
    to += modulus;
    from += modulus;
    for (ULONG i = 0; i < halves; i++, to += half, from += half) rsa_copy_reversed(to, from, half);
    if (form == FORM_FULL) rsa_copy_reversed(to, from, modulus);
    return STATUS_SUCCESS;
}

static NTSTATUS export_capi(const struct cng_key *key, bool with_private, BYTE *blob, ULONG room,
                            ULONG *result)
{
    const BLOBHEADER header = {with_private ? PRIVATEKEYBLOB : PUBLICKEYBLOB, CUR_BLOB_VERSION, 0,
                               CALG_RSA_KEYX};
    ULONG size = capi_size(key->bits, with_private);
    if (with_private && !key->has_private) return STATUS_INVALID_PARAMETER;
    *result = sizeof(header) + size;
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &header, sizeof(header));
    memcpy(blob + sizeof(header), key->body, size);
    ((RSAPUBKEY *)(blob + sizeof(header)))->magic = with_private ? capi_private_magic : capi_public_magic;
    return STATUS_SUCCESS;
}

NTSTATUS rsa_export(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result)
{
    if (cng_same(type, LEGACY_RSAPUBLIC_BLOB)) return export_capi(key, false, blob, room, result);
    if (cng_same(type, LEGACY_RSAPRIVATE_BLOB)) return export_capi(key, true, blob, room, result);
    if (cng_same(type, BCRYPT_RSAPUBLIC_BLOB) || cng_same(type, BCRYPT_PUBLIC_KEY_BLOB))
        return export_cng(key, FORM_PUBLIC, blob, room, result);
    if (cng_same(type, BCRYPT_RSAPRIVATE_BLOB) || cng_same(type, BCRYPT_PRIVATE_KEY_BLOB))
        return export_cng(key, FORM_PRIVATE, blob, room, result);
    if (cng_same(type, BCRYPT_RSAFULLPRIVATE_BLOB)) return export_cng(key, FORM_FULL, blob, room, result);
    return STATUS_NOT_SUPPORTED;
}
