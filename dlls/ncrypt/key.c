// Keys: making, importing, opening, ending them.
#include "ncrypt_internal.h"

static SECURITY_STATUS new_key(NCRYPT_PROV_HANDLE handle, const WCHAR *name, struct ncrypt_object **result)
{
    struct ncrypt_object *provider AUTO_OBJECT = object_resolve(handle, NCRYPT_KIND_PROVIDER);
    if (!provider) return NTE_INVALID_HANDLE;
    struct ncrypt_object *key = object_new(NCRYPT_KIND_KEY);
    if (!key) return NTE_NO_MEMORY;
    key->provider = handle;
    key->usage = NCRYPT_ALLOW_DECRYPT_FLAG | NCRYPT_ALLOW_SIGNING_FLAG | NCRYPT_ALLOW_KEY_AGREEMENT_FLAG;
    if (name && !copy_text(key->name, KEY_NAME_MAX, name)) {
        object_release(key);
        return NTE_INVALID_PARAMETER;
    }
    *result = key;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS hand_out(struct ncrypt_object *key, SECURITY_STATUS status, NCRYPT_KEY_HANDLE *result)
{
    if (status)
        object_release(key);
    else
        *result = object_add(key);
    return status;
}

// ---- import ----

// The name among the parameters of an import, NULL when it is not to last.
static const WCHAR *name_among(const NCryptBufferDesc *list)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++)
        if (list->pBuffers[i].BufferType == NCRYPTBUFFER_PKCS_KEY_NAME) return list->pBuffers[i].pvBuffer;
    return NULL;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptImportKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE import_key,
                                                LPCWSTR type, NCryptBufferDesc *list,
                                                NCRYPT_KEY_HANDLE *result, BYTE *blob, DWORD size,
                                                DWORD flags)
{
    struct ncrypt_object *key;
    if (!type || !result || !blob) return NTE_INVALID_PARAMETER;
    if (import_key) return NTE_NOT_SUPPORTED; // wrapped keys
    SECURITY_STATUS status = new_key(provider, name_among(list), &key);
    if (status) return status;
    key->export_policy = NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    status = import_blob(key, type, blob, size);
    if (!status && *key->name) status = store_save(key, flags & NCRYPT_OVERWRITE_KEY_FLAG);
    return hand_out(key, status, result);
}

// ---- making and opening ----

static DWORD usual_bits(const WCHAR *algorithm)
{
    if (same_text(algorithm, BCRYPT_RSA_ALGORITHM) || same_text(algorithm, BCRYPT_DH_ALGORITHM)) return 2048;
    return same_text(algorithm, BCRYPT_DSA_ALGORITHM) ? 1024 : 0; // a curve's is known
}

HOTPATCH SECURITY_STATUS WINAPI NCryptCreatePersistedKey(NCRYPT_PROV_HANDLE provider,
                                                         NCRYPT_KEY_HANDLE *result, LPCWSTR algorithm,
                                                         LPCWSTR name, DWORD spec, DWORD flags)
{
    BCRYPT_ALG_HANDLE handle;
    struct ncrypt_object *key;
    (void)spec; // of the CryptoAPI's containers
    if (!result || !algorithm) return NTE_INVALID_PARAMETER;
    SECURITY_STATUS status = NCryptIsAlgSupported(provider, algorithm, 0);
    if (status) return status;
    bool overwrite = flags & NCRYPT_OVERWRITE_KEY_FLAG;
    if (name && *name && !overwrite && store_has(name)) return NTE_EXISTS;
    status = new_key(provider, name, &key);
    if (status) return status;
    key->overwrite = overwrite;
    copy_text(key->algorithm, ALGORITHM_NAME_MAX, algorithm);
    status = status_from_nt(BCryptOpenAlgorithmProvider(&handle, algorithm, NULL, 0));
    if (!status) {
        status = status_from_nt(BCryptGenerateKeyPair(handle, &key->key, usual_bits(algorithm), 0));
        BCryptCloseAlgorithmProvider(handle, 0);
    }
    return hand_out(key, status, result);
}

HOTPATCH SECURITY_STATUS WINAPI NCryptFinalizeKey(NCRYPT_KEY_HANDLE handle, DWORD flags)
{
    (void)flags; // silent anyway
    struct ncrypt_object *key AUTO_OBJECT = object_resolve(handle, NCRYPT_KIND_KEY);
    if (!key || key->final) return NTE_INVALID_HANDLE;
    SECURITY_STATUS status = status_from_nt(BCryptFinalizeKeyPair(key->key, 0));
    if (!status && *key->name) status = store_save(key, key->overwrite);
    if (!status) key->final = true;
    return status;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptOpenKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *result,
                                              LPCWSTR name, DWORD spec, DWORD flags)
{
    struct ncrypt_object *key;
    (void)spec;
    (void)flags; // one user's and the machine's keys are the same here
    if (!result || !name) return NTE_INVALID_PARAMETER;
    SECURITY_STATUS status = new_key(provider, name, &key);
    return status ? status : hand_out(key, store_load(key), result);
}

HOTPATCH SECURITY_STATUS WINAPI NCryptDeleteKey(NCRYPT_KEY_HANDLE handle, DWORD flags)
{
    (void)flags;
    struct ncrypt_object *key AUTO_OBJECT = object_resolve(handle, NCRYPT_KIND_KEY);
    if (!key) return NTE_INVALID_HANDLE;
    // Before it is finished, what the registry has of its name is another one, or nothing.
    SECURITY_STATUS status = key->final && *key->name ? store_delete(key->name) : ERROR_SUCCESS;
    if (!status) object_close(handle);
    return status;
}
