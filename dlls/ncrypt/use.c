// What is done with keys: encryption, signatures, export. All of it is bcrypt's.
#include "ncrypt_internal.h"

// A key that has been finished; NULL otherwise.
static struct ncrypt_object *finished(NCRYPT_KEY_HANDLE handle)
{
    struct ncrypt_object *key = object_resolve(handle, NCRYPT_KIND_KEY);
    if (!key || key->final) return key;
    object_release(key);
    return NULL;
}

// bcrypt asks nobody anything.
static ULONG bcrypt_flags(DWORD flags)
{
    return flags & ~(DWORD)NCRYPT_SILENT_FLAG;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptEncrypt(NCRYPT_KEY_HANDLE handle, BYTE *data, DWORD size, void *padding,
                                              BYTE *out, DWORD room, DWORD *result, DWORD flags)
{
    struct ncrypt_object *key AUTO_OBJECT = finished(handle);
    if (!key) return NTE_INVALID_HANDLE;
    return status_from_nt(
        BCryptEncrypt(key->key, data, size, padding, NULL, 0, out, room, result, bcrypt_flags(flags)));
}

HOTPATCH SECURITY_STATUS WINAPI NCryptDecrypt(NCRYPT_KEY_HANDLE handle, BYTE *data, DWORD size, void *padding,
                                              BYTE *out, DWORD room, DWORD *result, DWORD flags)
{
    struct ncrypt_object *key AUTO_OBJECT = finished(handle);
    if (!key) return NTE_INVALID_HANDLE;
    return status_from_nt(
        BCryptDecrypt(key->key, data, size, padding, NULL, 0, out, room, result, bcrypt_flags(flags)));
}

HOTPATCH SECURITY_STATUS WINAPI NCryptSignHash(NCRYPT_KEY_HANDLE handle, void *padding, BYTE *digest,
                                               DWORD size, BYTE *signature, DWORD room, DWORD *result,
                                               DWORD flags)
{
    struct ncrypt_object *key AUTO_OBJECT = finished(handle);
    if (!key) return NTE_INVALID_HANDLE;
    return status_from_nt(
        BCryptSignHash(key->key, padding, digest, size, signature, room, result, bcrypt_flags(flags)));
}

HOTPATCH SECURITY_STATUS WINAPI NCryptVerifySignature(NCRYPT_KEY_HANDLE handle, void *padding, BYTE *digest,
                                                      DWORD size, BYTE *signature, DWORD signature_size,
                                                      DWORD flags)
{
    struct ncrypt_object *key AUTO_OBJECT = finished(handle);
    if (!key) return NTE_INVALID_HANDLE;
    return status_from_nt(BCryptVerifySignature(key->key, padding, digest, size, signature, signature_size,
                                                bcrypt_flags(flags)));
}

HOTPATCH SECURITY_STATUS WINAPI NCryptExportKey(NCRYPT_KEY_HANDLE handle, NCRYPT_KEY_HANDLE export_key,
                                                LPCWSTR type, NCryptBufferDesc *list, BYTE *blob, DWORD room,
                                                DWORD *result, DWORD flags)
{
    struct ncrypt_object *key AUTO_OBJECT = finished(handle);
    (void)list;
    (void)flags;
    if (!key) return NTE_INVALID_HANDLE;
    if (!type || !result) return NTE_INVALID_PARAMETER;
    if (export_key) return NTE_NOT_SUPPORTED; // wrapped keys
    bool is_public = same_text(type, BCRYPT_PUBLIC_KEY_BLOB) || same_text(type, BCRYPT_RSAPUBLIC_BLOB) ||
                     same_text(type, BCRYPT_ECCPUBLIC_BLOB) || same_text(type, BCRYPT_DH_PUBLIC_BLOB) ||
                     same_text(type, BCRYPT_DSA_PUBLIC_BLOB) || same_text(type, LEGACY_RSAPUBLIC_BLOB);
    if (!is_public && !(key->export_policy & NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG)) return NTE_NOT_SUPPORTED;
    return status_from_nt(BCryptExportKey(key->key, NULL, type, blob, room, result, 0));
}
