// Key containers: a registry key each, with the RSA keys as values. Who may read the registry may read them.
#include "crypt.h"

#define CONTAINERS L"Software\\Microsoft\\Cryptography\\UserKeys\\"

static HKEY root_of(const struct crypt_provider *provider)
{
    return provider->flags & CRYPT_MACHINE_KEYSET ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

static void container_path(const struct crypt_provider *provider, WCHAR path[CRYPT_NAME_MAX + 64])
{
    lstrcpyW(path, CONTAINERS);
    WCHAR *at = path + lstrlenW(path);
    for (const WCHAR *from = provider->container; *from; from++) *at++ = *from == '\\' ? '/' : *from;
    *at = 0;
}

DWORD crypt_container_open(const struct crypt_provider *provider, bool create, HKEY *key)
{
    WCHAR path[CRYPT_NAME_MAX + 64];
    DWORD disposition;
    container_path(provider, path);
    if (!create) {
        DWORD error = (DWORD)RegOpenKeyExW(root_of(provider), path, 0, KEY_ALL_ACCESS, key);
        return error == ERROR_FILE_NOT_FOUND ? (DWORD)NTE_BAD_KEYSET : error;
    }
    DWORD error =
        (DWORD)RegCreateKeyExW(root_of(provider), path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key, &disposition);
    if (error || disposition == REG_CREATED_NEW_KEY) return error;
    RegCloseKey(*key);
    return (DWORD)NTE_EXISTS;
}

DWORD crypt_container_delete(const struct crypt_provider *provider)
{
    WCHAR path[CRYPT_NAME_MAX + 64];
    container_path(provider, path);
    DWORD error = (DWORD)RegDeleteTreeW(root_of(provider), path);
    return error == ERROR_FILE_NOT_FOUND ? (DWORD)NTE_BAD_KEYSET : error;
}

static const WCHAR *value_of(DWORD which)
{
    return which == AT_SIGNATURE ? L"Signature" : L"KeyExchange";
}

struct crypt_key *crypt_container_load(struct crypt_provider *provider, DWORD which)
{
    HKEY container;
    DWORD size = 0, error = (DWORD)NTE_NO_KEY;
    struct crypt_key *key = NULL;
    if (which != AT_KEYEXCHANGE && which != AT_SIGNATURE) error = (DWORD)NTE_BAD_KEY;
    if (provider->flags & CRYPT_VERIFYCONTEXT || error == (DWORD)NTE_BAD_KEY ||
        crypt_container_open(provider, false, &container)) {
        SetLastError(error);
        return NULL;
    }
    if (!RegGetValueW(container, NULL, value_of(which), RRF_RT_REG_BINARY, NULL, NULL, &size) &&
        size >= sizeof(RSAPUBKEY) && (key = heap_alloc(sizeof(*key)))) {
        key->body = heap_alloc(size);
        key->body_size = size;
        key->algorithm = which == AT_SIGNATURE ? CALG_RSA_SIGN : CALG_RSA_KEYX;
        key->exportable = true;
        if (!key->body ||
            RegGetValueW(container, NULL, value_of(which), RRF_RT_REG_BINARY, NULL, key->body, &size)) {
            heap_free(key->body);
            heap_free(key);
            key = NULL;
        }
    }
    RegCloseKey(container);
    if (!key) SetLastError(error);
    return key;
}

DWORD crypt_container_store(const struct crypt_provider *provider, const struct crypt_key *key)
{
    HKEY container;
    if (provider->flags & CRYPT_VERIFYCONTEXT) return ERROR_SUCCESS;
    DWORD error = crypt_container_open(provider, false, &container);
    if (error) return error;
    error = (DWORD)RegSetValueExW(container,
                                  value_of(key->algorithm == CALG_RSA_SIGN ? AT_SIGNATURE : AT_KEYEXCHANGE),
                                  0, REG_BINARY, key->body, key->body_size);
    RegCloseKey(container);
    return error;
}
