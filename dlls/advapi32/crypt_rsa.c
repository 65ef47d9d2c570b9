// RSA as the cryptography API uses it: paddings, signatures.
#include "crypt.h"
#include "dlls/bcrypt/rsa_padding.h"

DWORD crypt_rsa_apply(const struct crypt_key *key, bool with_private, BYTE *block)
{
    NTSTATUS status = CryptoRsaApply(key->body, key->body_size, with_private, block, crypt_rsa_size(key));
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (DWORD)NTE_BAD_DATA;
}

static const struct rsa_hash oaep_hash = {CALG_SHA1, 20}; // the CryptoAPI's only one

DWORD crypt_rsa_pad(const struct crypt_key *key, bool oaep, const BYTE *message, DWORD size, BYTE *block)
{
    BYTE padded[RSA_BLOCK_MAX];
    DWORD whole = crypt_rsa_size(key);
    if (whole > RSA_BLOCK_MAX) return (DWORD)NTE_BAD_LEN;
    NTSTATUS status = oaep ? rsa_pad_oaep(padded, whole, &oaep_hash, NULL, 0, message, size)
                           : rsa_pad_pkcs1(padded, whole, message, size);
    if (NT_SUCCESS(status)) rsa_copy_reversed(block, padded, whole);
    RtlSecureZeroMemory(padded, sizeof(padded));
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (DWORD)NTE_BAD_LEN;
}

DWORD crypt_rsa_unpad(const struct crypt_key *key, bool oaep, const BYTE *block, BYTE *message, DWORD *size)
{
    BYTE padded[RSA_BLOCK_MAX];
    const BYTE *found;
    DWORD whole = crypt_rsa_size(key);
    if (whole > RSA_BLOCK_MAX) return (DWORD)NTE_BAD_DATA;
    rsa_copy_reversed(padded, block, whole);
    NTSTATUS status = oaep ? rsa_unpad_oaep(padded, whole, &oaep_hash, NULL, 0, &found, size)
                           : rsa_unpad_pkcs1(padded, whole, &found, size);
    if (NT_SUCCESS(status)) memcpy(message, found, *size);
    RtlSecureZeroMemory(padded, sizeof(padded));
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (DWORD)NTE_BAD_DATA;
}

// ---- signatures ----

// The block that a signature of a hash is made of. An error.
static DWORD signature_block(struct crypt_hash *hash, const struct crypt_key *key, DWORD flags, BYTE *block)
{
    BYTE padded[RSA_BLOCK_MAX];
    DWORD whole = crypt_rsa_size(key);
    DWORD error = crypt_hash_finish(hash);
    if (error) return error;
    if (whole > RSA_BLOCK_MAX) return (DWORD)NTE_BAD_LEN;
    // An HMAC, and a hash that has no name in RFC 8017, is signed alone.
    DWORD named = flags & CRYPT_NOHASHOID ? 0 : hash->algorithm;
    NTSTATUS status = rsa_pad_signature(padded, whole, named, hash->digest, hash->size);
    if (status == STATUS_NOT_SUPPORTED)
        status = rsa_pad_signature(padded, whole, 0, hash->digest, hash->size);
    if (!NT_SUCCESS(status)) return (DWORD)NTE_BAD_LEN;
    rsa_copy_reversed(block, padded, whole);
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI CryptSignHashW(HCRYPTHASH handle, DWORD which, LPCWSTR description, DWORD flags,
                                    BYTE *signature, DWORD *length)
{
    BYTE block[RSA_BLOCK_MAX];
    (void)description; // documented as unused
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_HASH);
    if (!hash) return FALSE;
    if (flags & ~(DWORD)CRYPT_NOHASHOID) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    struct crypt_key *key = crypt_container_load(hash->object.provider, which);
    if (!key) return FALSE;
    crypt_add(key, CRYPT_KIND_KEY, hash->object.provider);
    DWORD size = crypt_rsa_size(key), error = ERROR_SUCCESS;
    if (signature) error = signature_block(hash, key, flags, block);
    if (!error && signature) error = crypt_rsa_apply(key, true, block);
    crypt_close((ULONG_PTR)key, CRYPT_KIND_KEY);
    return error ? crypt_fail(error) : crypt_put(block, size, signature, length);
}

HOTPATCH BOOL WINAPI CryptSignHashA(HCRYPTHASH handle, DWORD which, LPCSTR description, DWORD flags,
                                    BYTE *signature, DWORD *length)
{
    (void)description;
    return CryptSignHashW(handle, which, NULL, flags, signature, length);
}

HOTPATCH BOOL WINAPI CryptVerifySignatureW(HCRYPTHASH handle, const BYTE *signature, DWORD size,
                                           HCRYPTKEY key_handle, LPCWSTR description, DWORD flags)
{
    BYTE wanted[RSA_BLOCK_MAX], block[RSA_BLOCK_MAX];
    (void)description;
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_HASH);
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(key_handle, CRYPT_KIND_KEY);
    if (!hash || !key || (!signature && size)) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)CRYPT_NOHASHOID) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    if (!key->body) return crypt_fail((DWORD)NTE_BAD_KEY);
    if (!signature || size != crypt_rsa_size(key) || size > RSA_BLOCK_MAX)
        return crypt_fail((DWORD)NTE_BAD_SIGNATURE);
    DWORD error = signature_block(hash, key, flags, wanted);
    if (error) return crypt_fail(error);
    memcpy(block, signature, size);
    if (crypt_rsa_apply(key, false, block) || memcmp(block, wanted, size))
        return crypt_fail((DWORD)NTE_BAD_SIGNATURE);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptVerifySignatureA(HCRYPTHASH handle, const BYTE *signature, DWORD size,
                                           HCRYPTKEY key, LPCSTR description, DWORD flags)
{
    (void)description;
    return CryptVerifySignatureW(handle, signature, size, key, NULL, flags);
}
