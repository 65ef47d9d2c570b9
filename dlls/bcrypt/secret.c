// What two keys agree on, and the keys derived from it.
#include "derive.h"

HOTPATCH NTSTATUS WINAPI BCryptSecretAgreement(BCRYPT_KEY_HANDLE private_handle,
                                               BCRYPT_KEY_HANDLE public_handle, BCRYPT_SECRET_HANDLE *result,
                                               ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(private_handle, CNG_KEY);
    struct cng_key *other AUTO_CNG = cng_resolve(public_handle, CNG_KEY);
    if (!key || !other || !key->final || !other->final) return STATUS_INVALID_HANDLE;
    if (!result || flags || key->info->family != other->info->family || !key->has_private)
        return STATUS_INVALID_PARAMETER;
    const struct cng_pair_functions *functions = cng_pair_functions_of(key->info);
    if (!functions->agree) return STATUS_NOT_SUPPORTED;
    struct cng_secret *secret = cng_new(CNG_SECRET, sizeof(*secret));
    if (!secret) return STATUS_NO_MEMORY;
    NTSTATUS status = functions->agree(key, other, secret->bytes, &secret->size);
    if (NT_SUCCESS(status)) return cng_hand_out(secret, result);
    cng_release(secret);
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptDestroySecret(BCRYPT_SECRET_HANDLE handle)
{
    return cng_close(handle, CNG_SECRET);
}

// ---- a hash, an HMAC ----

// prepended bytes, the secret, appended bytes; or without the secret, when it is the key.
static bool gather(struct gathered *input, const struct cng_secret *secret, const BCryptBufferDesc *list)
{
    return derive_add_all(input, list, KDF_SECRET_PREPEND) &&
           (!secret || derive_add(input, secret->bytes, secret->size)) &&
           derive_add_all(input, list, KDF_SECRET_APPEND);
}

static NTSTATUS by_hash(const struct cng_secret *secret, const BCryptBufferDesc *list, bool hmac, ULONG flags,
                        BYTE *out, ULONG room, ULONG *result)
{
    const struct cng_info *hash;
    struct gathered input AUTO_WIPE = {0};
    BYTE digest[DIGEST_MAX];
    const BCryptBuffer *key = derive_find(list, KDF_HMAC_KEY);
    bool secret_key = hmac && flags & KDF_USE_SECRET_AS_HMAC_KEY_FLAG;
    NTSTATUS status = derive_hash(list, BCRYPT_SHA1_ALGORITHM, &hash);
    if (!NT_SUCCESS(status)) return status;
    if (!gather(&input, secret_key ? NULL : secret, list)) return STATUS_INVALID_PARAMETER;
    *result = hash->digest;
    if (!out) return STATUS_SUCCESS;
    if (!hmac)
        status = CryptoHash(hash->number, FALSE, NULL, 0, input.bytes, input.size, digest, hash->digest);
    else if (secret_key)
        status = cng_mac(hash, secret->bytes, secret->size, input.bytes, input.size, digest);
    else
        status = cng_mac(hash, key ? key->pvBuffer : NULL, key ? key->cbBuffer : 0, input.bytes, input.size,
                         digest);
    if (!NT_SUCCESS(status)) return status;
    *result = room < hash->digest ? room : hash->digest; // a shorter key is its beginning
    memcpy(out, digest, *result);
    RtlSecureZeroMemory(digest, sizeof(digest));
    return STATUS_SUCCESS;
}

// ---- TLS (RFC 2246, 5; RFC 5246, 5) ----

enum { TLS_SECRET_SIZE = 48, TLS_SEED_SIZE = 64 };

// Changes out by P_hash.
static NTSTATUS tls_expand(const struct cng_info *hash, const BYTE *key, ULONG key_size,
                           const struct gathered *seed, BYTE out[TLS_SECRET_SIZE])
{
    BYTE a[DIGEST_MAX], digest[DIGEST_MAX];
    NTSTATUS status = cng_mac(hash, key, key_size, seed->bytes, seed->size, a);
    for (ULONG done = 0; NT_SUCCESS(status) && done < TLS_SECRET_SIZE;) {
        struct gathered input = {0};
        if (!derive_add(&input, a, hash->digest) || !derive_add(&input, seed->bytes, seed->size))
            return STATUS_INVALID_PARAMETER;
        status = cng_mac(hash, key, key_size, input.bytes, input.size, digest);
        for (ULONG i = 0; i < hash->digest && done < TLS_SECRET_SIZE; i++) out[done++] ^= digest[i];
        if (NT_SUCCESS(status)) {
            status = cng_mac(hash, key, key_size, a, hash->digest, digest);
            memcpy(a, digest, hash->digest);
        }
    }
    return status;
}

static NTSTATUS by_tls(const struct cng_secret *secret, const BCryptBufferDesc *list, BYTE *out, ULONG room,
                       ULONG *result)
{
    struct gathered seed = {0};
    BYTE made[TLS_SECRET_SIZE] = {0};
    ULONG version = 0x0301, half = (secret->size + 1) / 2;
    const struct cng_info *hash;
    const BCryptBuffer *given = derive_find(list, KDF_TLS_PRF_PROTOCOL),
                       *bytes = derive_find(list, KDF_TLS_PRF_SEED);
    if (given && given->cbBuffer == sizeof(version)) memcpy(&version, given->pvBuffer, sizeof(version));
    if (!bytes || bytes->cbBuffer != TLS_SEED_SIZE || !derive_find(list, KDF_TLS_PRF_LABEL) ||
        !derive_add_all(&seed, list, KDF_TLS_PRF_LABEL) || !derive_add_all(&seed, list, KDF_TLS_PRF_SEED))
        return STATUS_INVALID_PARAMETER;
    *result = TLS_SECRET_SIZE;
    if (!out) return STATUS_SUCCESS;
    NTSTATUS status;
    if (version >= 0x0303) {
        status = derive_hash(list, BCRYPT_SHA256_ALGORITHM, &hash);
        if (NT_SUCCESS(status)) status = tls_expand(hash, secret->bytes, secret->size, &seed, made);
    } else { // the halves of the secret overlap by a byte of an odd one
        status = tls_expand(cng_find(BCRYPT_MD5_ALGORITHM), secret->bytes, half, &seed, made);
        if (NT_SUCCESS(status))
            status = tls_expand(cng_find(BCRYPT_SHA1_ALGORITHM), secret->bytes + secret->size - half, half,
                                &seed, made);
    }
    if (!NT_SUCCESS(status)) return status;
    *result = room < TLS_SECRET_SIZE ? room : TLS_SECRET_SIZE;
    memcpy(out, made, *result);
    RtlSecureZeroMemory(made, sizeof(made));
    return STATUS_SUCCESS;
}

// ---- the others ----

static NTSTATUS by_hkdf(const struct cng_secret *secret, const BCryptBufferDesc *list, BYTE *out, ULONG room,
                        ULONG *result)
{
    const struct cng_info *hash;
    BYTE extracted[DIGEST_MAX];
    const BCryptBuffer *salt = derive_find(list, KDF_HKDF_SALT);
    NTSTATUS status = derive_hash(list, NULL, &hash);
    if (!NT_SUCCESS(status)) return status;
    *result = out ? room : hash->digest;
    if (!out) return STATUS_SUCCESS;
    status = cng_mac(hash, salt ? salt->pvBuffer : NULL, salt ? salt->cbBuffer : 0, secret->bytes,
                     secret->size, extracted);
    if (NT_SUCCESS(status)) status = derive_hkdf_expand(hash, extracted, hash->digest, list, out, room);
    RtlSecureZeroMemory(extracted, sizeof(extracted));
    return status;
}

// The secret itself, least significant byte first.
static NTSTATUS raw(const struct cng_secret *secret, BYTE *out, ULONG room, ULONG *result)
{
    *result = secret->size;
    if (!out) return STATUS_SUCCESS;
    if (room < *result) *result = room;
    for (ULONG i = 0; i < *result; i++) out[i] = secret->bytes[secret->size - 1 - i];
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptDeriveKey(BCRYPT_SECRET_HANDLE handle, LPCWSTR function,
                                         BCryptBufferDesc *list, UCHAR *out, ULONG room, ULONG *result,
                                         ULONG flags)
{
    struct cng_secret *secret AUTO_CNG = cng_resolve(handle, CNG_SECRET);
    if (!secret) return STATUS_INVALID_HANDLE;
    if (!function || !result || (list && list->cBuffers && !list->pBuffers)) return STATUS_INVALID_PARAMETER;
    if (cng_same(function, BCRYPT_KDF_HASH)) return by_hash(secret, list, false, flags, out, room, result);
    if (cng_same(function, BCRYPT_KDF_HMAC)) return by_hash(secret, list, true, flags, out, room, result);
    if (cng_same(function, BCRYPT_KDF_TLS_PRF)) return by_tls(secret, list, out, room, result);
    if (cng_same(function, BCRYPT_KDF_RAW_SECRET)) return raw(secret, out, room, result);
    if (cng_same(function, BCRYPT_KDF_HKDF)) return by_hkdf(secret, list, out, room, result);
    if (cng_same(function, BCRYPT_KDF_SP80056A_CONCAT))
        return derive_concat(list, secret->bytes, secret->size, out, room, result);
    return STATUS_NOT_SUPPORTED;
}
