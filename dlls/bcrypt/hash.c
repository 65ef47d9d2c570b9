// Hashes, HMACs and CMACs.
#include "cng.h"

NTSTATUS cng_hash_finish(struct cng_hash *hash, void *digest)
{
    NTSTATUS status = CryptoFinishHash(hash->state, digest, hash->size);
    if (NT_SUCCESS(status) && !hash->reusable) hash->finished = true;
    return status;
}

void cng_hash_destroy(struct cng_hash *hash)
{
    if (hash->state) NtClose(hash->state);
}

// Whether a digest of this algorithm has a key, and the number it has below the boundary.
static NTSTATUS choose(const struct cng_algorithm *algorithm, ULONG secret_size, bool *keyed, ULONG *number)
{
    const struct cng_info *info = algorithm->info;
    *keyed = algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG || info->family == FAMILY_MAC;
    *number = info->number;
    if (info->family != FAMILY_HASH && info->family != FAMILY_MAC) return STATUS_NOT_SUPPORTED;
    if (!*keyed && secret_size) return STATUS_INVALID_PARAMETER;
    if (info->family == FAMILY_MAC) {
        if (secret_size != 16 && secret_size != 24 && secret_size != 32) return STATUS_INVALID_PARAMETER;
        *number += (secret_size - 16) / 8; // CALG_AES_128, _192, _256
    }
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptCreateHash(BCRYPT_ALG_HANDLE handle, BCRYPT_HASH_HANDLE *result, UCHAR *object,
                                          ULONG object_size, UCHAR *secret, ULONG secret_size, ULONG flags)
{
    bool keyed;
    ULONG number, block;
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!result || flags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG || (!secret && secret_size))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = choose(algorithm, secret_size, &keyed, &number);
    if (!NT_SUCCESS(status)) return status;
    if (object && object_size < cng_object_length(algorithm->info)) return STATUS_BUFFER_TOO_SMALL;
    struct cng_hash *hash = cng_new(CNG_HASH, sizeof(*hash));
    if (!hash) return STATUS_NO_MEMORY;
    hash->info = algorithm->info;
    hash->keyed = keyed;
    hash->reusable = (flags | algorithm->flags) & BCRYPT_HASH_REUSABLE_FLAG;
    status = CryptoCreateHash(number, keyed, secret, secret_size, &hash->state, &hash->size, &block);
    if (NT_SUCCESS(status)) return cng_hand_out(hash, result);
    cng_release(hash);
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptHashData(BCRYPT_HASH_HANDLE handle, UCHAR *data, ULONG size, ULONG flags)
{
    struct cng_hash *hash AUTO_CNG = cng_resolve(handle, CNG_HASH);
    if (!hash || hash->finished) return STATUS_INVALID_HANDLE;
    if (flags || (!data && size)) return STATUS_INVALID_PARAMETER;
    return size ? CryptoUpdateHash(hash->state, data, size) : STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptFinishHash(BCRYPT_HASH_HANDLE handle, UCHAR *digest, ULONG size, ULONG flags)
{
    struct cng_hash *hash AUTO_CNG = cng_resolve(handle, CNG_HASH);
    if (!hash || hash->finished) return STATUS_INVALID_HANDLE;
    if (!digest || flags || size != hash->size) return STATUS_INVALID_PARAMETER;
    return cng_hash_finish(hash, digest);
}

HOTPATCH NTSTATUS WINAPI BCryptDuplicateHash(BCRYPT_HASH_HANDLE handle, BCRYPT_HASH_HANDLE *result,
                                             UCHAR *object, ULONG object_size, ULONG flags)
{
    struct cng_hash *hash AUTO_CNG = cng_resolve(handle, CNG_HASH);
    if (!hash) return STATUS_INVALID_HANDLE;
    if (!result || flags) return STATUS_INVALID_PARAMETER;
    if (object && object_size < cng_object_length(hash->info)) return STATUS_BUFFER_TOO_SMALL;
    struct cng_hash *copy = cng_new(CNG_HASH, sizeof(*copy));
    if (!copy) return STATUS_NO_MEMORY;
    const struct cng_object fresh = copy->object;
    *copy = *hash;
    copy->object = fresh;
    copy->state = NULL;
    NTSTATUS status = CryptoDuplicateHash(hash->state, &copy->state);
    if (NT_SUCCESS(status)) return cng_hand_out(copy, result);
    cng_release(copy);
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptDestroyHash(BCRYPT_HASH_HANDLE handle)
{
    // Unlike the other objects' functions, on Windows too.
    return NT_SUCCESS(cng_close(handle, CNG_HASH)) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

HOTPATCH NTSTATUS WINAPI BCryptHash(BCRYPT_ALG_HANDLE handle, UCHAR *secret, ULONG secret_size, UCHAR *data,
                                    ULONG size, UCHAR *digest, ULONG digest_size)
{
    bool keyed;
    ULONG number;
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!digest || (!data && size) || (!secret && secret_size)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = choose(algorithm, secret_size, &keyed, &number);
    if (!NT_SUCCESS(status)) return status;
    if (digest_size != algorithm->info->digest) return STATUS_INVALID_PARAMETER;
    return CryptoHash(number, keyed, secret, secret_size, data, size, digest, digest_size);
}
