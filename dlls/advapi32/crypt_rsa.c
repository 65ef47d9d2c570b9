// RSA as the cryptography API uses it: the paddings of PKCS #1 1.5, signatures.
#include "crypt.h"

enum { BLOCK_BYTES_MAX = 2048 };

DWORD crypt_rsa_apply(const struct crypt_key *key, bool with_private, BYTE *block)
{
    NTSTATUS status = CryptoRsaApply(key->body, key->body_size, with_private, block, crypt_rsa_size(key));
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (DWORD)NTE_BAD_DATA;
}

// Blocks are least significant byte first: the message stands at the beginning, turned round.
DWORD crypt_rsa_pad(const struct crypt_key *key, const BYTE *message, DWORD size, BYTE *block)
{
    DWORD whole = crypt_rsa_size(key);
    if (size > whole - 11) return (DWORD)NTE_BAD_LEN;
    for (DWORD i = 0; i < size; i++) block[i] = message[size - 1 - i];
    block[size] = 0;
    DWORD fill = whole - size - 3;
    if (!NT_SUCCESS(LowlandRandom(block + size + 1, fill))) return (DWORD)NTE_FAIL;
    for (DWORD i = 0; i < fill; i++)
        if (!block[size + 1 + i]) block[size + 1 + i] = 0x5A; // zero would end the filling
    block[whole - 2] = 2;
    block[whole - 1] = 0;
    return ERROR_SUCCESS;
}

DWORD crypt_rsa_unpad(const struct crypt_key *key, const BYTE *block, BYTE *message, DWORD *size)
{
    DWORD whole = crypt_rsa_size(key), end = whole - 3;
    if (block[whole - 1] != 0 || block[whole - 2] != 2) return (DWORD)NTE_BAD_DATA;
    while (end && block[end]) end--;
    if (block[end] || whole - 3 - end < 8) return (DWORD)NTE_BAD_DATA;
    for (DWORD i = 0; i < end; i++) message[i] = block[end - 1 - i];
    *size = end;
    return ERROR_SUCCESS;
}

// ---- signatures ----

// The DER of DigestInfo before a digest (RFC 8017, 9.2).
static const struct {
    ALG_ID algorithm;
    BYTE size, bytes[20];
} prefixes[] = {
    {CALG_MD2,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 2, 5, 0, 4, 0x10}},
    {CALG_MD4,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 4, 5, 0, 4, 0x10}},
    {CALG_MD5,
     18,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 5, 5, 0, 4, 0x10}},
    {CALG_SHA1, 15, {0x30, 0x21, 0x30, 0x09, 0x06, 5, 0x2B, 0x0E, 3, 2, 0x1A, 5, 0, 4, 0x14}},
    {CALG_SHA_256,
     19,
     {0x30, 0x31, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20}},
    {CALG_SHA_384,
     19,
     {0x30, 0x41, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30}},
    {CALG_SHA_512,
     19,
     {0x30, 0x51, 0x30, 0x0D, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40}},
};

// The block that a signature of a hash is made of. An error.
static DWORD signature_block(struct crypt_hash *hash, const struct crypt_key *key, DWORD flags, BYTE *block)
{
    DWORD whole = crypt_rsa_size(key), at = 0;
    DWORD error = crypt_hash_finish(hash);
    if (error) return error;
    if (whole > BLOCK_BYTES_MAX || hash->size + 20 + 11 > whole) return (DWORD)NTE_BAD_LEN;
    for (; at < hash->size; at++) block[at] = hash->digest[hash->size - 1 - at];
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes) && !(flags & CRYPT_NOHASHOID); i++)
        if (prefixes[i].algorithm == hash->algorithm)
            for (BYTE n = prefixes[i].size; n; n--) block[at++] = prefixes[i].bytes[n - 1];
    block[at++] = 0;
    while (at < whole - 2) block[at++] = 0xFF;
    block[whole - 2] = 1;
    block[whole - 1] = 0;
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI CryptSignHashW(HCRYPTHASH handle, DWORD which, LPCWSTR description, DWORD flags,
                                    BYTE *signature, DWORD *length)
{
    BYTE block[BLOCK_BYTES_MAX];
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
    BYTE wanted[BLOCK_BYTES_MAX], block[BLOCK_BYTES_MAX];
    (void)description;
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_HASH);
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(key_handle, CRYPT_KIND_KEY);
    if (!hash || !key || (!signature && size)) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)CRYPT_NOHASHOID) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    if (!key->body) return crypt_fail((DWORD)NTE_BAD_KEY);
    if (!signature || size != crypt_rsa_size(key) || size > BLOCK_BYTES_MAX)
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
