// Symmetric keys, and what all keys share: making, duplicating, ending, blobs of key data.
#include "cng.h"

struct cng_key *cng_new_key(const struct cng_algorithm *algorithm)
{
    struct cng_key *key = cng_new(CNG_KEY, sizeof(*key));
    if (!key) return NULL;
    key->info = algorithm->info;
    key->settings = algorithm->settings;
    key->pair = cng_is_pair(algorithm->info);
    return key;
}

void cng_key_destroy(struct cng_key *key)
{
    cng_free_secret(key->secret, key->secret_size);
    cng_drop_body(key);
    RtlSecureZeroMemory(&key->rc4, sizeof(key->rc4));
}

void cng_drop_body(struct cng_key *key)
{
    cng_free_secret(key->body, key->body_size);
    key->body = NULL;
    key->body_size = 0;
}

NTSTATUS cng_new_body(struct cng_key *key, ULONG size)
{
    BYTE *body = cng_alloc(size);
    if (!body) return STATUS_NO_MEMORY;
    cng_drop_body(key);
    key->body = body;
    key->body_size = size;
    return STATUS_SUCCESS;
}

static NTSTATUS set_secret(struct cng_key *key, const BYTE *secret, ULONG size)
{
    key->secret = cng_alloc(size ? size : 1);
    if (!key->secret) return STATUS_NO_MEMORY;
    memcpy(key->secret, secret, size);
    key->secret_size = size;
    if (key->info->family == FAMILY_RC4) rc4_begin(&key->rc4, secret, size);
    return STATUS_SUCCESS;
}

// Secrets beyond the greatest key length are cut to it. STATUS_INVALID_PARAMETER for any other wrong size.
static NTSTATUS fit(const struct cng_info *info, ULONG *size)
{
    const BCRYPT_KEY_LENGTHS_STRUCT *lengths = &info->lengths;
    ULONG min = lengths->dwMinLength / 8, max = lengths->dwMaxLength / 8, step = lengths->dwIncrement / 8;
    if (info->family == FAMILY_KDF) return STATUS_SUCCESS;
    if (*size < min) return STATUS_INVALID_PARAMETER;
    if (*size > max) *size = max;
    return step && (*size - min) % step ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS make(const struct cng_algorithm *algorithm, const BYTE *secret, ULONG size,
                     const UCHAR *object, ULONG object_size, BCRYPT_KEY_HANDLE *result)
{
    enum cng_family family = algorithm->info->family;
    if (family != FAMILY_BLOCK && family != FAMILY_RC4 && family != FAMILY_KDF) return STATUS_NOT_SUPPORTED;
    if (object && object_size < cng_object_length(algorithm->info)) return STATUS_BUFFER_TOO_SMALL;
    NTSTATUS status = fit(algorithm->info, &size);
    if (!NT_SUCCESS(status)) return status;
    struct cng_key *key = cng_new_key(algorithm);
    if (!key) return STATUS_NO_MEMORY;
    status = set_secret(key, secret, size);
    if (NT_SUCCESS(status)) return cng_hand_out(key, result);
    cng_release(key);
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptGenerateSymmetricKey(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE *result,
                                                    UCHAR *object, ULONG object_size, UCHAR *secret,
                                                    ULONG size, ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!result || flags || (!secret && size)) return STATUS_INVALID_PARAMETER;
    return make(algorithm, secret, size, object, object_size, result);
}

// ---- blobs ----

// An opaque blob is ours to define: key data under another name.
static const ULONG opaque_magic = 0x4B574F4C;

HOTPATCH NTSTATUS WINAPI BCryptImportKey(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE import_key, LPCWSTR type,
                                         BCRYPT_KEY_HANDLE *result, UCHAR *object, ULONG object_size,
                                         UCHAR *blob, ULONG size, ULONG flags)
{
    BCRYPT_KEY_DATA_BLOB_HEADER header;
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!type || !result || !blob || flags) return STATUS_INVALID_PARAMETER;
    if (import_key) return STATUS_NOT_SUPPORTED; // wrapped keys
    bool opaque = cng_same(type, BCRYPT_OPAQUE_KEY_BLOB);
    if (!opaque && !cng_same(type, BCRYPT_KEY_DATA_BLOB)) return STATUS_NOT_SUPPORTED;
    if (size < sizeof(header)) return STATUS_BUFFER_TOO_SMALL;
    memcpy(&header, blob, sizeof(header));
    if (header.dwMagic != (opaque ? opaque_magic : BCRYPT_KEY_DATA_BLOB_MAGIC) ||
        header.dwVersion != BCRYPT_KEY_DATA_BLOB_VERSION1 || header.cbKeyData > size - sizeof(header))
        return STATUS_INVALID_PARAMETER;
    ULONG fitted = header.cbKeyData;
    if (!NT_SUCCESS(fit(algorithm->info, &fitted)) || fitted != header.cbKeyData)
        return STATUS_INVALID_PARAMETER;
    return make(algorithm, blob + sizeof(header), header.cbKeyData, object, object_size, result);
}

static NTSTATUS export_secret(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room,
                              ULONG *result)
{
    bool opaque = cng_same(type, BCRYPT_OPAQUE_KEY_BLOB);
    BCRYPT_KEY_DATA_BLOB_HEADER header = {opaque ? opaque_magic : BCRYPT_KEY_DATA_BLOB_MAGIC,
                                          BCRYPT_KEY_DATA_BLOB_VERSION1, key->secret_size};
    if (key->info->family == FAMILY_KDF || (!opaque && !cng_same(type, BCRYPT_KEY_DATA_BLOB)))
        return STATUS_NOT_SUPPORTED;
    *result = sizeof(header) + key->secret_size;
    if (!blob) return STATUS_SUCCESS;
    if (room < *result) return STATUS_BUFFER_TOO_SMALL;
    memcpy(blob, &header, sizeof(header));
    memcpy(blob + sizeof(header), key->secret, key->secret_size);
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptExportKey(BCRYPT_KEY_HANDLE handle, BCRYPT_KEY_HANDLE export_key, LPCWSTR type,
                                         UCHAR *blob, ULONG room, ULONG *result, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || (key->pair && !key->final)) return STATUS_INVALID_HANDLE;
    if (!type || !result || flags) return STATUS_INVALID_PARAMETER;
    if (export_key) return STATUS_NOT_SUPPORTED; // wrapped keys
    return key->pair ? cng_pair_functions_of(key->info)->export(key, type, blob, room, result)
                     : export_secret(key, type, blob, room, result);
}

// ---- copies and ends ----

static NTSTATUS copy_parts(const struct cng_key *key, struct cng_key *copy)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (key->secret) {
        status = set_secret(copy, key->secret, key->secret_size);
        copy->rc4 = key->rc4;
    }
    if (NT_SUCCESS(status) && key->body) {
        status = cng_new_body(copy, key->body_size);
        if (NT_SUCCESS(status)) memcpy(copy->body, key->body, key->body_size);
    }
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptDuplicateKey(BCRYPT_KEY_HANDLE handle, BCRYPT_KEY_HANDLE *result,
                                            UCHAR *object, ULONG object_size, ULONG flags)
{
    struct cng_key *key AUTO_CNG = cng_resolve(handle, CNG_KEY);
    if (!key || (key->pair && !key->final)) return STATUS_INVALID_HANDLE;
    if (!result || flags) return STATUS_INVALID_PARAMETER;
    if (object && object_size < cng_object_length(key->info)) return STATUS_BUFFER_TOO_SMALL;
    struct cng_key *copy = cng_new(CNG_KEY, sizeof(*copy));
    if (!copy) return STATUS_NO_MEMORY;
    const struct cng_object fresh = copy->object;
    *copy = *key;
    copy->object = fresh;
    copy->secret = NULL;
    copy->body = NULL;
    NTSTATUS status = copy_parts(key, copy);
    if (NT_SUCCESS(status)) return cng_hand_out(copy, result);
    cng_release(copy);
    return status;
}

HOTPATCH NTSTATUS WINAPI BCryptDestroyKey(BCRYPT_KEY_HANDLE handle)
{
    return cng_close(handle, CNG_KEY);
}
