// Keys that last: a registry key each, with the algorithm, the private blob and the export policy.
// Unencrypted, as CryptoAPI's containers are.
#include "ncrypt_internal.h"

#define KEYS L"Software\\Microsoft\\Cryptography\\Keys"

// False for what is no name.
static bool path_of(WCHAR path[KEY_NAME_MAX + 64], const WCHAR *name)
{
    if (lstrlenW(name) >= KEY_NAME_MAX) return false;
    lstrcpyW(path, KEYS L"\\");
    lstrcatW(path, name);
    for (const WCHAR *p = name; *p; p++)
        if (*p == '\\') return false; // would name a key in a key
    return *name != 0;
}

// What holds a private key of an algorithm.
static const WCHAR *blob_type(const WCHAR *algorithm)
{
    return same_text(algorithm, BCRYPT_RSA_ALGORITHM) ? BCRYPT_RSAFULLPRIVATE_BLOB : BCRYPT_PRIVATE_KEY_BLOB;
}

bool store_has(const WCHAR *name)
{
    WCHAR path[KEY_NAME_MAX + 64];
    HKEY key;
    if (!path_of(path, name) || RegOpenKeyExW(HKEY_CURRENT_USER, path, 0, KEY_READ, &key)) return false;
    RegCloseKey(key);
    return true;
}

SECURITY_STATUS store_save(const struct ncrypt_object *object, bool overwrite)
{
    WCHAR path[KEY_NAME_MAX + 64];
    BYTE blob[BLOB_MAX];
    ULONG size;
    HKEY key;
    if (!path_of(path, object->name)) return NTE_INVALID_PARAMETER;
    if (!overwrite && store_has(object->name)) return NTE_EXISTS;
    NTSTATUS status =
        BCryptExportKey(object->key, NULL, blob_type(object->algorithm), blob, sizeof(blob), &size, 0);
    if (!NT_SUCCESS(status)) return status_from_nt(status);
    LONG error = RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (!error) {
        error = RegSetValueExW(key, L"Algorithm", 0, REG_SZ, (const BYTE *)object->algorithm,
                               ((DWORD)lstrlenW(object->algorithm) + 1) * sizeof(WCHAR));
        if (!error)
            error = RegSetValueExW(key, L"Export Policy", 0, REG_DWORD, (const BYTE *)&object->export_policy,
                                   sizeof(DWORD));
        if (!error) error = RegSetValueExW(key, L"Key", 0, REG_BINARY, blob, size);
        RegCloseKey(key);
    }
    RtlSecureZeroMemory(blob, sizeof(blob));
    return error ? NTE_FAIL : ERROR_SUCCESS;
}

SECURITY_STATUS store_load(struct ncrypt_object *object)
{
    WCHAR path[KEY_NAME_MAX + 64];
    BYTE blob[BLOB_MAX];
    DWORD size = sizeof(blob), text_size = sizeof(object->algorithm), policy_size = sizeof(DWORD);
    if (!path_of(path, object->name)) return NTE_INVALID_PARAMETER;
    if (!store_has(object->name)) return NTE_BAD_KEYSET;
    RegGetValueW(HKEY_CURRENT_USER, path, L"Export Policy", RRF_RT_REG_DWORD, NULL, &object->export_policy,
                 &policy_size);
    if (RegGetValueW(HKEY_CURRENT_USER, path, L"Algorithm", RRF_RT_REG_SZ, NULL, object->algorithm,
                     &text_size) ||
        RegGetValueW(HKEY_CURRENT_USER, path, L"Key", RRF_RT_REG_BINARY, NULL, blob, &size))
        return NTE_BAD_KEYSET;
    SECURITY_STATUS status = import_blob(object, blob_type(object->algorithm), blob, size);
    RtlSecureZeroMemory(blob, sizeof(blob));
    return status;
}

SECURITY_STATUS store_delete(const WCHAR *name)
{
    WCHAR path[KEY_NAME_MAX + 64];
    if (!path_of(path, name)) return NTE_INVALID_PARAMETER;
    return RegDeleteKeyExW(HKEY_CURRENT_USER, path, 0, 0) ? NTE_BAD_KEYSET : ERROR_SUCCESS;
}
