// Encrypting and decrypting.
#include "crypt.h"
#include "dlls/bcrypt/rsa_padding.h"

// Only RSA has a choice of paddings.
static bool valid_flags(const struct crypt_key *key, DWORD flags)
{
    return !flags || (flags == CRYPT_OAEP && key->body);
}

static DWORD run_blocks(struct crypt_key *key, bool encrypt, BYTE *data, DWORD size)
{
    if (key->mode == CRYPT_MODE_OFB) return (DWORD)NTE_BAD_ALGID; // may be set, but no provider has it
    NTSTATUS status =
        CryptoCipher(key->algorithm, encrypt, key->mode, 1, key->bytes, key->size, key->effective_bits,
                     key->chain, crypt_block_size(key->algorithm), data, size);
    key->under_way = true;
    return RtlNtStatusToDosError(status);
}

// ---- encrypting: the last part is filled up to whole blocks ----

static DWORD encrypt_blocks(struct crypt_key *key, BOOL final, BYTE *data, DWORD *length, DWORD room)
{
    DWORD block = crypt_block_size(key->algorithm), size = *length;
    DWORD whole = final ? (size / block + 1) * block : size;
    if (!final && size % block) return (DWORD)NTE_BAD_DATA;
    *length = whole;
    if (!data) return ERROR_SUCCESS;
    if (whole > room) return ERROR_MORE_DATA;
    memset(data + size, (int)(whole - size), whole - size);
    return run_blocks(key, true, data, whole);
}

static DWORD encrypt_rsa(const struct crypt_key *key, bool oaep, BYTE *data, DWORD *length, DWORD room)
{
    BYTE block[RSA_BLOCK_MAX];
    DWORD size = *length, whole = crypt_rsa_size(key);
    *length = whole;
    if (!data) return ERROR_SUCCESS;
    if (room < whole) return ERROR_MORE_DATA;
    DWORD error = crypt_rsa_pad(key, oaep, data, size, block);
    if (!error) error = crypt_rsa_apply(key, false, block);
    if (!error) memcpy(data, block, whole);
    return error;
}

static DWORD hash_along(struct crypt_hash *hash, const BYTE *data, DWORD size)
{
    if (!hash) return ERROR_SUCCESS;
    return hash->finished || !hash->state ? (DWORD)NTE_BAD_HASH_STATE : crypt_hash_update(hash, data, size);
}

static DWORD encrypt(struct crypt_key *key, BOOL final, DWORD flags, BYTE *data, DWORD *length, DWORD room)
{
    if (key->imported) return (DWORD)NTE_BAD_KEY;
    if (key->body) return encrypt_rsa(key, flags & CRYPT_OAEP, data, length, room);
    DWORD error = ERROR_SUCCESS;
    if (key->algorithm != CALG_RC4)
        error = encrypt_blocks(key, final, data, length, room);
    else if (data && *length > room)
        error = ERROR_MORE_DATA;
    else if (data)
        rc4_run(&key->rc4, data, *length);
    if (!error && final && data) crypt_key_reset(key);
    return error;
}

HOTPATCH BOOL WINAPI CryptEncrypt(HCRYPTKEY handle, HCRYPTHASH hash_handle, BOOL final, DWORD flags,
                                  BYTE *data, DWORD *length, DWORD room)
{
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_KEY);
    if (!key) return FALSE;
    struct crypt_hash *hash AUTO_CRYPT = hash_handle ? crypt_resolve(hash_handle, CRYPT_KIND_HASH) : NULL;
    if ((hash_handle && !hash) || !length) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (!valid_flags(key, flags)) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    DWORD error = data ? hash_along(hash, data, *length) : ERROR_SUCCESS;
    if (!error) error = encrypt(key, final, flags, data, length, room);
    return error ? crypt_fail(error) : TRUE;
}

// ---- decrypting ----

// Takes the filling off the last block.
static DWORD unfill(const BYTE *data, DWORD *length, DWORD block)
{
    BYTE fill = data[*length - 1];
    if (!fill || fill > block) return (DWORD)NTE_BAD_DATA;
    for (DWORD i = 1; i <= fill; i++)
        if (data[*length - i] != fill) return (DWORD)NTE_BAD_DATA;
    *length -= fill;
    return ERROR_SUCCESS;
}

static DWORD decrypt_rsa(const struct crypt_key *key, bool oaep, BYTE *data, DWORD *length)
{
    BYTE block[RSA_BLOCK_MAX];
    if (!crypt_has_private(key)) return (DWORD)NTE_BAD_KEY;
    DWORD whole = crypt_rsa_size(key);
    if (*length < whole) return (DWORD)NTE_BAD_LEN;
    memcpy(block, data, whole);
    DWORD error = crypt_rsa_apply(key, true, block);
    if (!error) error = crypt_rsa_unpad(key, oaep, block, data, length);
    RtlSecureZeroMemory(block, sizeof(block));
    return error;
}

static DWORD decrypt(struct crypt_key *key, BOOL final, DWORD flags, BYTE *data, DWORD *length)
{
    DWORD block = crypt_block_size(key->algorithm), error = ERROR_SUCCESS;
    if (key->imported) return (DWORD)NTE_BAD_KEY;
    if (key->body) return decrypt_rsa(key, flags & CRYPT_OAEP, data, length);
    if (final && !*length) return (DWORD)NTE_BAD_LEN;
    if (key->algorithm == CALG_RC4) {
        rc4_run(&key->rc4, data, *length);
    } else {
        if (*length % block) return (DWORD)NTE_BAD_DATA;
        error = run_blocks(key, false, data, *length);
        if (!error && final) error = unfill(data, length, block);
    }
    if (final) crypt_key_reset(key);
    return error;
}

HOTPATCH BOOL WINAPI CryptDecrypt(HCRYPTKEY handle, HCRYPTHASH hash_handle, BOOL final, DWORD flags,
                                  BYTE *data, DWORD *length)
{
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_KEY);
    if (!key) return FALSE;
    struct crypt_hash *hash AUTO_CRYPT = hash_handle ? crypt_resolve(hash_handle, CRYPT_KIND_HASH) : NULL;
    if ((hash_handle && !hash) || !length || !data) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (!valid_flags(key, flags)) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    DWORD error = decrypt(key, final, flags, data, length);
    if (!error) error = hash_along(hash, data, *length);
    return error ? crypt_fail(error) : TRUE;
}
