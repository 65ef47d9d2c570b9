// Key pairs: what they have in common, whatever their family.
#include "cng.h"

const struct cng_pair_functions *cng_pair_functions_of(const struct cng_info *info)
{
    switch (info->family) {
    case FAMILY_RSA: return &rsa_functions;
    case FAMILY_EC: return &ec_functions;
    case FAMILY_DH: return &dh_functions;
    default: return &dsa_functions;
    }
}

NTSTATUS cng_check_length(const struct cng_info *info, const struct cng_settings *settings, ULONG *bits)
{
    const BCRYPT_KEY_LENGTHS_STRUCT *lengths = &info->lengths;
    ULONG own = cng_curve_bits(settings->curve);
    if (info->family == FAMILY_EC) {
        if (*bits && *bits != own) return STATUS_INVALID_PARAMETER;
        *bits = own;
        return STATUS_SUCCESS;
    }
    if (*bits < lengths->dwMinLength || *bits > lengths->dwMaxLength ||
        (*bits - lengths->dwMinLength) % lengths->dwIncrement)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptGenerateKeyPair(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE *result,
                                               ULONG bits, ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!result || flags) return STATUS_INVALID_PARAMETER;
    if (!cng_is_pair(algorithm->info)) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = cng_check_length(algorithm->info, &algorithm->settings, &bits);
    if (!NT_SUCCESS(status)) return status;
    struct cng_key *key = cng_new_key(algorithm);
    if (!key) return STATUS_NO_MEMORY;
    key->bits = bits;
    return cng_hand_out(key, result);
}

HOTPATCH NTSTATUS WINAPI BCryptFinalizeKeyPair(BCRYPT_KEY_HANDLE handle, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || !key->pair || key->final) return STATUS_INVALID_HANDLE;
    if (flags) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cng_pair_functions_of(key->info)->generate(key);
    if (NT_SUCCESS(status)) key->has_private = key->final = true;
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptImportKeyPair(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE import_key,
                                             LPCWSTR type, BCRYPT_KEY_HANDLE *result, UCHAR *blob, ULONG size,
                                             ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!type || !result || !blob || flags & ~(ULONG)BCRYPT_NO_KEY_VALIDATION)
        return STATUS_INVALID_PARAMETER;
    if (import_key || !cng_is_pair(algorithm->info)) return STATUS_NOT_SUPPORTED;
    struct cng_key *key = cng_new_key(algorithm);
    if (!key) return STATUS_NO_MEMORY;
    NTSTATUS status = cng_pair_functions_of(key->info)->import(key, type, blob, size);
    if (!NT_SUCCESS(status)) {
        cng_release(key);
        return status;
    }
    key->final = true;
    return cng_hand_out(key, result);
}

HOTPATCH NTSTATUS WINAPI BCryptSignHash(BCRYPT_KEY_HANDLE handle, void *padding, UCHAR *digest, ULONG size,
                                        UCHAR *signature, ULONG room, ULONG *result, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || (key->pair && !key->final)) return STATUS_INVALID_HANDLE;
    if (!key->pair) return STATUS_NOT_SUPPORTED;
    const struct cng_pair_functions *functions = cng_pair_functions_of(key->info);
    ULONG whole = functions->signature_size(key);
    if (!functions->sign || !whole) return STATUS_NOT_SUPPORTED;
    if (!result || !digest || !size) return STATUS_INVALID_PARAMETER;
    *result = whole;
    if (!signature) return STATUS_SUCCESS;
    if (room < whole) return STATUS_BUFFER_TOO_SMALL;
    if (!key->has_private) return STATUS_INVALID_PARAMETER;
    return functions->sign(key, padding, flags, digest, size, signature);
}

HOTPATCH NTSTATUS WINAPI BCryptVerifySignature(BCRYPT_KEY_HANDLE handle, void *padding, UCHAR *digest,
                                               ULONG size, UCHAR *signature, ULONG signature_size,
                                               ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || (key->pair && !key->final)) return STATUS_INVALID_HANDLE;
    if (!key->pair) return STATUS_NOT_SUPPORTED;
    const struct cng_pair_functions *functions = cng_pair_functions_of(key->info);
    if (!functions->verify || !functions->signature_size(key)) return STATUS_NOT_SUPPORTED;
    if (!digest || !size || !signature || !signature_size) return STATUS_INVALID_PARAMETER;
    return functions->verify(key, padding, flags, digest, size, signature, signature_size);
}
