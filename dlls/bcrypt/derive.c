// Keys from secrets: PBKDF2, SP 800-108, HKDF, SP 800-56A, the CryptoAPI's way.
#include "derive.h"

const BCryptBuffer *derive_find(const BCryptBufferDesc *list, ULONG kind)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++)
        if (list->pBuffers[i].BufferType == kind) return &list->pBuffers[i];
    return NULL;
}

bool derive_add(struct gathered *gathered, const void *bytes, ULONG size)
{
    if (size > GATHERED_MAX - gathered->size) return false;
    memcpy(gathered->bytes + gathered->size, bytes, size);
    gathered->size += size;
    return true;
}

bool derive_add_all(struct gathered *gathered, const BCryptBufferDesc *list, ULONG kind)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++) {
        const BCryptBuffer *buffer = &list->pBuffers[i];
        if (buffer->BufferType == kind && !derive_add(gathered, buffer->pvBuffer, buffer->cbBuffer))
            return false;
    }
    return true;
}

NTSTATUS derive_hash(const BCryptBufferDesc *list, const WCHAR *usual, const struct cng_info **hash)
{
    WCHAR name[NAME_MAX] = {0};
    const BCryptBuffer *given = derive_find(list, KDF_HASH_ALGORITHM);
    if (!given) return cng_find_hash(usual, hash);
    if (given->cbBuffer >= sizeof(name)) return STATUS_INVALID_PARAMETER;
    memcpy(name, given->pvBuffer, given->cbBuffer);
    return cng_find_hash(name, hash);
}

static bool add_number(struct gathered *gathered, ULONG number)
{
    const BYTE bytes[] = {(BYTE)(number >> 24), (BYTE)(number >> 16), (BYTE)(number >> 8), (BYTE)number};
    return derive_add(gathered, bytes, sizeof(bytes));
}

static ULONG smaller(ULONG a, ULONG b)
{
    return a < b ? a : b;
}

// ---- PBKDF2 ----

HOTPATCH NTSTATUS WINAPI BCryptDeriveKeyPBKDF2(BCRYPT_ALG_HANDLE handle, UCHAR *password, ULONG password_size,
                                               UCHAR *salt, ULONG salt_size, ULONGLONG iterations, UCHAR *key,
                                               ULONG size, ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (algorithm->info->family != FAMILY_HASH || !(algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) || !key ||
        !size || !iterations || iterations > MAXDWORD || flags || (!password && password_size) ||
        (!salt && salt_size))
        return STATUS_INVALID_PARAMETER;
    return CryptoPbkdf2(algorithm->info->number, password, password_size, salt, salt_size, (ULONG)iterations,
                        key, size);
}

static NTSTATUS pbkdf2(const struct cng_key *key, const BCryptBufferDesc *list, BYTE *out, ULONG size)
{
    const struct cng_info *hash;
    const BCryptBuffer *salt = derive_find(list, KDF_SALT), *count = derive_find(list, KDF_ITERATION_COUNT);
    ULONGLONG iterations = 10000; // documented
    NTSTATUS status = derive_hash(list, NULL, &hash);
    if (!NT_SUCCESS(status)) return status;
    if (count) {
        if (count->cbBuffer != sizeof(iterations)) return STATUS_INVALID_PARAMETER;
        memcpy(&iterations, count->pvBuffer, sizeof(iterations));
    }
    if (!iterations || iterations > MAXDWORD) return STATUS_INVALID_PARAMETER;
    return CryptoPbkdf2(hash->number, key->secret, key->secret_size, salt ? salt->pvBuffer : NULL,
                        salt ? salt->cbBuffer : 0, (ULONG)iterations, out, size);
}

// ---- SP 800-108, counter mode ----

// What is fixed: label, 0, context, the length in bits; or all of it as KDF_GENERIC_PARAMETER.
static bool fixed_input(struct gathered *input, const BCryptBufferDesc *list, ULONG size)
{
    const BCryptBuffer *generic = derive_find(list, KDF_GENERIC_PARAMETER);
    if (generic) return derive_add(input, generic->pvBuffer, generic->cbBuffer);
    return derive_add_all(input, list, KDF_LABEL) && derive_add(input, "", 1) &&
           derive_add_all(input, list, KDF_CONTEXT) && add_number(input, 8 * size);
}

static NTSTATUS counter_hmac(const struct cng_key *key, const BCryptBufferDesc *list, BYTE *out, ULONG size)
{
    const struct cng_info *hash;
    struct gathered input = {0};
    BYTE digest[DIGEST_MAX];
    NTSTATUS status = derive_hash(list, NULL, &hash);
    if (!NT_SUCCESS(status)) return status;
    if (!add_number(&input, 0) || !fixed_input(&input, list, size)) return STATUS_INVALID_PARAMETER;
    for (ULONG done = 0, counter = 1; done < size; counter++) {
        for (int i = 0; i < 4; i++) input.bytes[i] = (BYTE)(counter >> (24 - 8 * i));
        status = cng_mac(hash, key->secret, key->secret_size, input.bytes, input.size, digest);
        if (!NT_SUCCESS(status)) return status;
        ULONG part = smaller(hash->digest, size - done);
        memcpy(out + done, digest, part);
        done += part;
    }
    return STATUS_SUCCESS;
}

// ---- HKDF ----

NTSTATUS derive_hkdf_expand(const struct cng_info *hash, const BYTE *key, ULONG key_size,
                            const BCryptBufferDesc *list, BYTE *out, ULONG size)
{
    BYTE digest[DIGEST_MAX];
    if (size > 255 * hash->digest) return STATUS_INVALID_PARAMETER;
    for (ULONG done = 0, counter = 1; done < size; counter++) {
        struct gathered input AUTO_WIPE = {0};
        const BYTE number = (BYTE)counter;
        if ((done && !derive_add(&input, digest, hash->digest)) ||
            !derive_add_all(&input, list, KDF_HKDF_INFO) || !derive_add(&input, &number, 1))
            return STATUS_INVALID_PARAMETER;
        NTSTATUS status = cng_mac(hash, key, key_size, input.bytes, input.size, digest);
        if (!NT_SUCCESS(status)) return status;
        ULONG part = smaller(hash->digest, size - done);
        memcpy(out + done, digest, part);
        done += part;
    }
    return STATUS_SUCCESS;
}

// ---- SP 800-56A ----

NTSTATUS derive_concat(const BCryptBufferDesc *list, const BYTE *secret, ULONG secret_size, BYTE *out,
                       ULONG room, ULONG *result)
{
    static const ULONG parts[] = {KDF_ALGORITHMID, KDF_PARTYUINFO, KDF_PARTYVINFO, KDF_SUPPPUBINFO,
                                  KDF_SUPPPRIVINFO};
    const struct cng_info *hash;
    struct gathered input AUTO_WIPE = {0};
    BYTE digest[DIGEST_MAX];
    NTSTATUS status = derive_hash(list, BCRYPT_SHA1_ALGORITHM, &hash);
    if (!NT_SUCCESS(status)) return status;
    bool fits = add_number(&input, 0) && derive_add(&input, secret, secret_size);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) fits = fits && derive_add_all(&input, list, parts[i]);
    if (!fits) return STATUS_INVALID_PARAMETER;
    *result = out ? room : hash->digest;
    for (ULONG done = 0, counter = 1; out && done < room; counter++) {
        for (int i = 0; i < 4; i++) input.bytes[i] = (BYTE)(counter >> (24 - 8 * i));
        status = CryptoHash(hash->number, FALSE, NULL, 0, input.bytes, input.size, digest, hash->digest);
        if (!NT_SUCCESS(status)) break;
        ULONG part = smaller(hash->digest, room - done);
        memcpy(out + done, digest, part);
        done += part;
    }
    RtlSecureZeroMemory(digest, sizeof(digest));
    return status;
}

// ---- the CryptoAPI's ----

// As CryptDeriveKey's documentation has it: more bytes than a hash has come of the hash with two paddings,
// hashed again.
static NTSTATUS capi(const struct cng_info *hash, const BYTE *digest, BYTE *out, ULONG size)
{
    BYTE halves[2 * DIGEST_MAX];
    if (size > 2 * hash->digest) return STATUS_INVALID_PARAMETER;
    if (size <= hash->digest) {
        memcpy(out, digest, size);
        return STATUS_SUCCESS;
    }
    for (int half = 0; half < 2; half++) {
        BYTE block[64];
        memset(block, half ? 0x5C : 0x36, sizeof(block));
        for (ULONG i = 0; i < hash->digest; i++) block[i] ^= digest[i];
        NTSTATUS status = CryptoHash(hash->number, FALSE, NULL, 0, block, sizeof(block),
                                     halves + (ULONG)half * hash->digest, hash->digest);
        if (!NT_SUCCESS(status)) return status;
    }
    memcpy(out, halves, size);
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptDeriveKeyCapi(BCRYPT_HASH_HANDLE handle, BCRYPT_ALG_HANDLE target, UCHAR *key,
                                             ULONG size, ULONG flags)
{
    BYTE digest[DIGEST_MAX];
    struct cng_hash *hash AUTO_CNG = cng_resolve(handle, CNG_HASH);
    struct cng_algorithm *algorithm AUTO_CNG = target ? cng_resolve(target, CNG_ALGORITHM) : NULL;
    if (!hash || hash->finished || (target && !algorithm)) return STATUS_INVALID_HANDLE;
    if (!key || !size || flags || hash->keyed) return STATUS_INVALID_PARAMETER;
    if (size > 2 * hash->size) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cng_hash_finish(hash, digest);
    return NT_SUCCESS(status) ? capi(hash->info, digest, key, size) : status;
}

static NTSTATUS capi_kdf(const struct cng_key *key, const BCryptBufferDesc *list, BYTE *out, ULONG size)
{
    const struct cng_info *hash;
    BYTE digest[DIGEST_MAX];
    NTSTATUS status = derive_hash(list, NULL, &hash);
    if (NT_SUCCESS(status))
        status =
            CryptoHash(hash->number, FALSE, NULL, 0, key->secret, key->secret_size, digest, hash->digest);
    return NT_SUCCESS(status) ? capi(hash, digest, out, size) : status;
}

// ---- by the algorithm of a key ----

HOTPATCH NTSTATUS WINAPI BCryptKeyDerivation(BCRYPT_KEY_HANDLE handle, BCryptBufferDesc *list, UCHAR *out,
                                             ULONG size, ULONG *result, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key) return STATUS_INVALID_HANDLE;
    if (!out || !size || !result || (list && list->cBuffers && !list->pBuffers))
        return STATUS_INVALID_PARAMETER;
    (void)flags; // BCRYPT_CAPI_AES_FLAG: longer keys are stretched anyway
    const WCHAR *name = key->info->name;
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    *result = size;
    if (cng_same(name, BCRYPT_PBKDF2_ALGORITHM)) {
        status = pbkdf2(key, list, out, size);
    } else if (cng_same(name, BCRYPT_SP800108_CTR_HMAC_ALGORITHM)) {
        status = counter_hmac(key, list, out, size);
    } else if (cng_same(name, BCRYPT_CAPI_KDF_ALGORITHM)) {
        status = capi_kdf(key, list, out, size);
    } else if (cng_same(name, BCRYPT_SP80056A_CONCAT_ALGORITHM)) {
        status = derive_concat(list, key->secret, key->secret_size, out, size, result);
    } else if (cng_same(name, BCRYPT_HKDF_ALGORITHM)) {
        status = key->hkdf_ready
                     ? derive_hkdf_expand(key->hkdf_hash, key->secret, key->secret_size, list, out, size)
                     : STATUS_INVALID_PARAMETER;
    }
    return status;
}
