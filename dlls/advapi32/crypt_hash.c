// Hashes of the cryptography API, and HMACs made of them.
#include "crypt.h"

static const ALG_ID hashes[] = {CALG_MD2,     CALG_MD4,     CALG_MD5,    CALG_SHA1,
                                CALG_SHA_256, CALG_SHA_384, CALG_SHA_512};

static bool is_hash(ALG_ID algorithm)
{
    for (size_t i = 0; i < ARRAY_LENGTH(hashes); i++)
        if (hashes[i] == algorithm) return true;
    return false;
}

DWORD crypt_hash_update(struct crypt_hash *hash, const BYTE *data, DWORD size)
{
    return RtlNtStatusToDosError(CryptoUpdateHash(hash->state, data, size));
}

DWORD crypt_hash_finish(struct crypt_hash *hash)
{
    if (hash->finished) return ERROR_SUCCESS;
    if (hash->algorithm == CALG_HMAC && !hash->keyed) return (DWORD)NTE_BAD_HASH_STATE;
    DWORD error = RtlNtStatusToDosError(CryptoFinishHash(hash->state, hash->digest, hash->size));
    hash->finished = !error;
    return error;
}

// key: an HMAC's, NULL for a plain hash.
static DWORD begin(struct crypt_hash *hash, ALG_ID algorithm, const BYTE *key, DWORD key_size)
{
    ULONG size = 0, block = 0;
    HANDLE state = NULL;
    if (!is_hash(algorithm)) return (DWORD)NTE_BAD_ALGID;
    NTSTATUS status = CryptoCreateHash(algorithm, key != NULL, key, key_size, &state, &size, &block);
    if (!NT_SUCCESS(status))
        return status == STATUS_NOT_SUPPORTED ? (DWORD)NTE_BAD_ALGID : RtlNtStatusToDosError(status);
    if (hash->state) NtClose(hash->state);
    hash->state = state;
    hash->size = size;
    hash->block = block;
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI CryptCreateHash(HCRYPTPROV handle, ALG_ID algorithm, HCRYPTKEY key_handle, DWORD flags,
                                     HCRYPTHASH *result)
{
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (!result) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    struct crypt_key *key AUTO_CRYPT =
        algorithm == CALG_HMAC ? crypt_resolve(key_handle, CRYPT_KIND_KEY) : NULL;
    if (algorithm == CALG_HMAC && !key) return crypt_fail((DWORD)NTE_BAD_KEY);
    struct crypt_hash *hash = heap_alloc(sizeof(*hash));
    if (!hash) return FALSE;
    hash->algorithm = algorithm;
    DWORD error = ERROR_SUCCESS;
    if (key) { // the kind of hash comes with HP_HMAC_INFO
        const BYTE *bytes = key->imported ? key->imported : key->bytes;
        DWORD size = key->imported ? key->imported_size : key->size;
        if (size > sizeof(hash->key)) error = (DWORD)NTE_BAD_KEY;
        if (!error) memcpy(hash->key, bytes, size);
        hash->size = size; // until then: of the key
    } else {
        error = begin(hash, algorithm, NULL, 0);
    }
    if (error) {
        heap_free(hash);
        return crypt_fail(error);
    }
    *result = crypt_add(hash, CRYPT_KIND_HASH, provider);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptHashData(HCRYPTHASH handle, const BYTE *data, DWORD size, DWORD flags)
{
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve_plain(handle, CRYPT_KIND_HASH, flags);
    if (!hash) return FALSE;
    if (hash->finished || !hash->state) return crypt_fail((DWORD)NTE_BAD_HASH_STATE);
    DWORD error = crypt_hash_update(hash, data, size);
    return error ? crypt_fail(error) : TRUE;
}

HOTPATCH BOOL WINAPI CryptHashSessionKey(HCRYPTHASH handle, HCRYPTKEY key_handle, DWORD flags)
{
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_HASH);
    struct crypt_key *key AUTO_CRYPT = crypt_resolve(key_handle, CRYPT_KIND_KEY);
    if (!hash || !key) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    if (key->body) return crypt_fail((DWORD)NTE_BAD_KEY);
    if (hash->finished || !hash->state) return crypt_fail((DWORD)NTE_BAD_HASH_STATE);
    DWORD error = crypt_hash_update(hash, key->bytes, key->size);
    return error ? crypt_fail(error) : TRUE;
}

HOTPATCH BOOL WINAPI CryptDestroyHash(HCRYPTHASH handle)
{
    return crypt_close(handle, CRYPT_KIND_HASH);
}

HOTPATCH BOOL WINAPI CryptDuplicateHash(HCRYPTHASH handle, DWORD *reserved, DWORD flags, HCRYPTHASH *result)
{
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_HASH);
    if (!hash) return FALSE;
    if (reserved || flags || !result) return crypt_fail(ERROR_INVALID_PARAMETER);
    struct crypt_hash *copy = heap_alloc(sizeof(*copy));
    if (!copy) return FALSE;
    *copy = *hash;
    copy->state = NULL;
    NTSTATUS status = hash->state ? CryptoDuplicateHash(hash->state, &copy->state) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) {
        heap_free(copy);
        return crypt_fail(RtlNtStatusToDosError(status));
    }
    *result = crypt_add(copy, CRYPT_KIND_HASH, hash->object.provider);
    return TRUE;
}

// ---- parameters ----

HOTPATCH BOOL WINAPI CryptGetHashParam(HCRYPTHASH handle, DWORD which, BYTE *buffer, DWORD *length,
                                       DWORD flags)
{
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve_plain(handle, CRYPT_KIND_HASH, flags);
    if (!hash) return FALSE;
    DWORD error = ERROR_SUCCESS;
    switch (which) {
    case HP_ALGID: return crypt_put(&hash->algorithm, sizeof(hash->algorithm), buffer, length);
    case HP_HASHSIZE: return crypt_put(&hash->size, sizeof(hash->size), buffer, length);
    case HP_HASHVAL:
        if (!buffer) return crypt_put(NULL, hash->size, NULL, length);
        if (length && *length >= hash->size) error = crypt_hash_finish(hash);
        return error ? crypt_fail(error) : crypt_put(hash->digest, hash->size, buffer, length);
    default: return crypt_fail((DWORD)NTE_BAD_TYPE);
    }
}

static DWORD set_hmac(struct crypt_hash *hash, const HMAC_INFO *info)
{
    if (hash->algorithm != CALG_HMAC || hash->keyed) return (DWORD)NTE_BAD_HASH_STATE;
    DWORD error = begin(hash, info->HashAlgid, hash->key, hash->size);
    if (error) return error;
    hash->inner = info->HashAlgid;
    hash->keyed = true;
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI CryptSetHashParam(HCRYPTHASH handle, DWORD which, const BYTE *data, DWORD flags)
{
    struct crypt_hash *hash AUTO_CRYPT = crypt_resolve_plain(handle, CRYPT_KIND_HASH, flags);
    if (!hash) return FALSE;
    if (!data) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (which == HP_HASHVAL) {
        if (!hash->state) return crypt_fail((DWORD)NTE_BAD_HASH_STATE); // size is still its key's
        memcpy(hash->digest, data, hash->size);
        hash->finished = true;
        return TRUE;
    }
    DWORD error = which == HP_HMAC_INFO ? set_hmac(hash, (const HMAC_INFO *)data) : (DWORD)NTE_BAD_TYPE;
    return error ? crypt_fail(error) : TRUE;
}
