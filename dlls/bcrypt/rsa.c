// RSA pairs: encryption and signatures. A key is the body of a CryptoAPI blob, as below the boundary.
#include "cng.h"
#include "rsa_key.h"
#include "rsa_padding.h"

static void reverse(BYTE *bytes, ULONG size)
{
    for (ULONG i = 0; i < size / 2; i++) {
        BYTE one = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = one;
    }
}

// The operation on a block of the modulus' size, most significant byte first.
static NTSTATUS apply(const struct cng_key *key, bool with_private, BYTE *block)
{
    ULONG size = key->bits / 8;
    if (with_private && !key->has_private) return STATUS_INVALID_HANDLE;
    reverse(block, size);
    NTSTATUS status = CryptoRsaApply(key->body, key->body_size, with_private, block, size);
    reverse(block, size);
    return status;
}

static NTSTATUS find_hash(const WCHAR *name, struct rsa_hash *hash)
{
    const struct cng_info *info;
    NTSTATUS status = cng_find_hash(name, &info);
    if (NT_SUCCESS(status)) *hash = (struct rsa_hash){info->number, info->digest};
    return status;
}

// ---- encryption ----

static NTSTATUS pad(const void *padding, ULONG flags, BYTE *block, ULONG whole, const BYTE *data, ULONG size)
{
    struct rsa_hash hash;
    const BCRYPT_OAEP_PADDING_INFO *oaep = padding;
    NTSTATUS status;
    switch (flags) {
    case BCRYPT_PAD_NONE:
        if (size != whole) return STATUS_INVALID_PARAMETER;
        memcpy(block, data, size);
        return STATUS_SUCCESS;
    case BCRYPT_PAD_PKCS1: return rsa_pad_pkcs1(block, whole, data, size);
    case BCRYPT_PAD_OAEP:
        if (!oaep || (!oaep->pbLabel && oaep->cbLabel)) return STATUS_INVALID_PARAMETER;
        status = find_hash(oaep->pszAlgId, &hash);
        if (!NT_SUCCESS(status)) return status;
        return rsa_pad_oaep(block, whole, &hash, oaep->pbLabel, oaep->cbLabel, data, size);
    default: return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS rsa_encrypt(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *data,
                     ULONG size, BYTE *out, ULONG room, ULONG *result)
{
    BYTE block[RSA_BLOCK_MAX];
    ULONG whole = key->bits / 8;
    if (key->info->number != CALG_RSA_KEYX) return STATUS_NOT_SUPPORTED;
    if (flags != BCRYPT_PAD_NONE && flags != BCRYPT_PAD_PKCS1 && flags != BCRYPT_PAD_OAEP)
        return STATUS_INVALID_PARAMETER;
    *result = whole;
    if (!out) return STATUS_SUCCESS;
    if (room < whole) return STATUS_BUFFER_TOO_SMALL;
    NTSTATUS status = pad(padding, flags, block, whole, data, size);
    if (NT_SUCCESS(status)) status = apply(key, false, block);
    if (NT_SUCCESS(status)) memcpy(out, block, whole);
    return status;
}

static NTSTATUS unpad(const void *padding, ULONG flags, BYTE *block, ULONG whole, const BYTE **data,
                      ULONG *size)
{
    struct rsa_hash hash;
    const BCRYPT_OAEP_PADDING_INFO *oaep = padding;
    NTSTATUS status;
    switch (flags) {
    case BCRYPT_PAD_NONE:
        *data = block;
        *size = whole;
        return STATUS_SUCCESS;
    case BCRYPT_PAD_PKCS1: return rsa_unpad_pkcs1(block, whole, data, size);
    case BCRYPT_PAD_OAEP:
        if (!oaep || (!oaep->pbLabel && oaep->cbLabel)) return STATUS_INVALID_PARAMETER;
        status = find_hash(oaep->pszAlgId, &hash);
        if (!NT_SUCCESS(status)) return status;
        return rsa_unpad_oaep(block, whole, &hash, oaep->pbLabel, oaep->cbLabel, data, size);
    default: return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS rsa_decrypt(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *data,
                     ULONG size, BYTE *out, ULONG room, ULONG *result)
{
    BYTE block[RSA_BLOCK_MAX];
    ULONG whole = key->bits / 8, used;
    const BYTE *clear;
    if (key->info->number != CALG_RSA_KEYX) return STATUS_NOT_SUPPORTED;
    if (size != whole) return STATUS_INVALID_PARAMETER;
    *result = whole;
    memcpy(block, data, whole);
    NTSTATUS status = apply(key, true, block);
    if (NT_SUCCESS(status)) status = unpad(padding, flags, block, whole, &clear, &used);
    if (NT_SUCCESS(status)) status = cng_put(clear, used, out, room, result);
    RtlSecureZeroMemory(block, sizeof(block));
    return status;
}

// ---- signatures ----

static NTSTATUS pad_signature(const void *padding, ULONG flags, BYTE *block, ULONG whole, const BYTE *digest,
                              ULONG size)
{
    struct rsa_hash hash = {0, size};
    const BCRYPT_PKCS1_PADDING_INFO *pkcs1 = padding;
    const BCRYPT_PSS_PADDING_INFO *pss = padding;
    NTSTATUS status = STATUS_SUCCESS;
    if (flags == BCRYPT_PAD_NONE) {
        if (size != whole) return STATUS_INVALID_PARAMETER;
        memcpy(block, digest, size);
        return STATUS_SUCCESS;
    }
    if (!padding || (flags != BCRYPT_PAD_PKCS1 && flags != BCRYPT_PAD_PSS)) return STATUS_INVALID_PARAMETER;
    if (flags == BCRYPT_PAD_PSS || pkcs1->pszAlgId) status = find_hash(pkcs1->pszAlgId, &hash);
    if (!NT_SUCCESS(status)) return status;
    if (hash.size != size) return STATUS_INVALID_PARAMETER;
    return flags == BCRYPT_PAD_PSS ? rsa_pad_pss(block, whole, &hash, digest, pss->cbSalt)
                                   : rsa_pad_signature(block, whole, hash.number, digest, size);
}

static NTSTATUS sign(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                     ULONG size, BYTE *signature)
{
    BYTE block[RSA_BLOCK_MAX];
    NTSTATUS status = pad_signature(padding, flags, block, key->bits / 8, digest, size);
    if (NT_SUCCESS(status)) status = apply(key, true, block);
    if (NT_SUCCESS(status)) memcpy(signature, block, key->bits / 8);
    return status;
}

static NTSTATUS check_pss(const BCRYPT_PSS_PADDING_INFO *pss, BYTE *block, ULONG whole, const BYTE *digest,
                          ULONG size)
{
    struct rsa_hash hash;
    if (!pss) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = find_hash(pss->pszAlgId, &hash);
    if (!NT_SUCCESS(status)) return status;
    if (hash.size != size) return STATUS_INVALID_PARAMETER;
    return rsa_check_pss(block, whole, &hash, digest, pss->cbSalt);
}

static NTSTATUS verify(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest,
                       ULONG size, const BYTE *signature, ULONG signature_size)
{
    BYTE block[RSA_BLOCK_MAX], wanted[RSA_BLOCK_MAX];
    ULONG whole = key->bits / 8;
    if (signature_size != whole) return STATUS_INVALID_PARAMETER;
    memcpy(block, signature, whole);
    bool valid = NT_SUCCESS(apply(key, false, block));
    if (flags == BCRYPT_PAD_PSS && valid) return check_pss(padding, block, whole, digest, size);
    NTSTATUS status = pad_signature(padding, flags, wanted, whole, digest, size);
    if (!NT_SUCCESS(status)) return status;
    return valid && !memcmp(block, wanted, whole) ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

static ULONG signature_size(const struct cng_key *key)
{
    return key->bits / 8;
}

const struct cng_pair_functions rsa_functions = {
    .generate = rsa_generate,
    .import = rsa_import,
    .export = rsa_export,
    .sign = sign,
    .verify = verify,
    .signature_size = signature_size,
};
