// The software key storage provider, the only one there is.
#include "ncrypt_internal.h"

HOTPATCH SECURITY_STATUS WINAPI NCryptOpenStorageProvider(NCRYPT_PROV_HANDLE *result, LPCWSTR name,
                                                          DWORD flags)
{
    (void)flags;
    if (!result) return NTE_INVALID_PARAMETER;
    if (name && !same_text(name, MS_KEY_STORAGE_PROVIDER)) return NTE_NOT_FOUND;
    struct ncrypt_object *provider = object_new(NCRYPT_KIND_PROVIDER);
    if (!provider) return NTE_NO_MEMORY;
    *result = object_add(provider);
    return ERROR_SUCCESS;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptIsAlgSupported(NCRYPT_PROV_HANDLE handle, LPCWSTR name, DWORD flags)
{
    static const WCHAR *const names[] = {
        BCRYPT_RSA_ALGORITHM,        BCRYPT_DSA_ALGORITHM,        BCRYPT_DH_ALGORITHM,
        BCRYPT_ECDSA_P256_ALGORITHM, BCRYPT_ECDSA_P384_ALGORITHM, BCRYPT_ECDSA_P521_ALGORITHM,
        BCRYPT_ECDH_P256_ALGORITHM,  BCRYPT_ECDH_P384_ALGORITHM,  BCRYPT_ECDH_P521_ALGORITHM};
    struct ncrypt_object *provider AUTO_OBJECT = object_resolve(handle, NCRYPT_KIND_PROVIDER);
    if (!provider) return NTE_INVALID_HANDLE;
    if (!name) return NTE_INVALID_PARAMETER;
    if (flags & ~(DWORD)NCRYPT_SILENT_FLAG) return NTE_BAD_FLAGS;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (same_text(names[i], name)) return ERROR_SUCCESS;
    return NTE_NOT_SUPPORTED;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptFreeObject(NCRYPT_HANDLE handle)
{
    return object_close(handle) ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}

HOTPATCH BOOL WINAPI NCryptIsKeyHandle(NCRYPT_KEY_HANDLE handle)
{
    struct ncrypt_object *key AUTO_OBJECT = object_resolve(handle, NCRYPT_KIND_KEY);
    return key != NULL;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptFreeBuffer(void *buffer)
{
    HeapFree(GetProcessHeap(), 0, buffer);
    return ERROR_SUCCESS;
}
