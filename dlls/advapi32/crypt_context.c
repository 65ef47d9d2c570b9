// Provider contexts.
#include "crypt.h"

static bool uses_short_keys(const WCHAR *name)
{
    return !lstrcmpiW(name, MS_DEF_PROV_W);
}

HOTPATCH BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *handle, LPCWSTR container, LPCWSTR name, DWORD type,
                                          DWORD flags)
{
    const DWORD known =
        CRYPT_VERIFYCONTEXT | CRYPT_NEWKEYSET | CRYPT_DELETEKEYSET | CRYPT_MACHINE_KEYSET | CRYPT_SILENT;
    HKEY key = NULL;
    DWORD size = CRYPT_NAME_MAX;
    if (!handle) return crypt_fail(ERROR_INVALID_PARAMETER);
    struct crypt_provider *provider = heap_alloc(sizeof(*provider));
    if (!provider) return FALSE;
    DWORD error = crypt_find_provider(name, type, provider->name);
    if (!error && flags & ~known) error = (DWORD)NTE_BAD_FLAGS;
    if (!error && container && lstrlenW(container) >= CRYPT_NAME_MAX) error = (DWORD)NTE_BAD_KEYSET_PARAM;
    provider->type = type;
    provider->flags = flags;
    provider->base = uses_short_keys(provider->name);
    if (!error && container && *container)
        copy_wide(provider->container, container);
    else if (!error && !GetUserNameW(provider->container, &size)) // the default one bears the user's name
        error = GetLastError();
    if (!error && flags & CRYPT_DELETEKEYSET)
        error = crypt_container_delete(provider);
    else if (!error && !(flags & CRYPT_VERIFYCONTEXT))
        error = crypt_container_open(provider, flags & CRYPT_NEWKEYSET, &key);
    if (key) RegCloseKey(key);
    if (error || flags & CRYPT_DELETEKEYSET) {
        heap_free(provider);
        if (!error) *handle = 0;
        return error ? crypt_fail(error) : TRUE;
    }
    *handle = crypt_add(provider, CRYPT_KIND_PROVIDER, NULL);
    SetLastError(ERROR_SUCCESS);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *handle, LPCSTR container, LPCSTR name, DWORD type,
                                          DWORD flags)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(container);
    WCHAR *wide_name AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(container, wide) || conversion_failed(name, wide_name)) return FALSE;
    return CryptAcquireContextW(handle, wide, wide_name, type, flags);
}

// References that CryptContextAddRef added are counted apart from those of calls.
static SRWLOCK lock = SRWLOCK_INIT;
static struct {
    HCRYPTPROV handle;
    LONG more;
} added[64];

static bool take_added(HCRYPTPROV handle)
{
    bool taken = false;
    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < ARRAY_LENGTH(added) && !taken; i++) {
        if (added[i].handle != handle || !added[i].more) continue;
        taken = true;
        added[i].more--;
    }
    ReleaseSRWLockExclusive(&lock);
    return taken;
}

HOTPATCH BOOL WINAPI CryptContextAddRef(HCRYPTPROV handle, DWORD *reserved, DWORD flags)
{
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (reserved || flags) return crypt_fail(ERROR_INVALID_PARAMETER);
    bool noted = false;
    AcquireSRWLockExclusive(&lock);
    for (int pass = 0; pass < 2 && !noted; pass++) {
        for (size_t i = 0; i < ARRAY_LENGTH(added) && !noted; i++) {
            if (pass ? added[i].more != 0 : added[i].handle != handle) continue;
            added[i].handle = handle;
            added[i].more++;
            noted = true;
        }
    }
    ReleaseSRWLockExclusive(&lock);
    return noted ? TRUE : crypt_fail(ERROR_NOT_ENOUGH_MEMORY);
}

HOTPATCH BOOL WINAPI CryptReleaseContext(HCRYPTPROV handle, DWORD flags)
{
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (!take_added(handle)) {
        crypt_close_all(provider);
        crypt_close(handle, CRYPT_KIND_PROVIDER);
    }
    // It is released nonetheless.
    return flags ? crypt_fail((DWORD)NTE_BAD_FLAGS) : TRUE;
}

HOTPATCH BOOL WINAPI CryptGenRandom(HCRYPTPROV handle, DWORD length, BYTE *buffer)
{
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    return provider && bool_from_status(LowlandRandom(buffer, length));
}

// ---- parameters ----

static BOOL get_security(const struct crypt_provider *provider, BYTE *buffer, DWORD *length,
                         DWORD information)
{
    HKEY key;
    DWORD needed = length ? *length : 0;
    if (!length) return crypt_fail(ERROR_INVALID_PARAMETER);
    DWORD error = crypt_container_open(provider, false, &key);
    if (error) return crypt_fail(error);
    if (!buffer) needed = 0;
    error = (DWORD)RegGetKeySecurity(key, information, buffer, &needed);
    RegCloseKey(key);
    *length = needed;
    if (error == ERROR_INSUFFICIENT_BUFFER && !buffer) { // the size is what was wanted
        SetLastError(error);
        return TRUE;
    }
    return error ? crypt_fail(error == ERROR_INSUFFICIENT_BUFFER ? ERROR_MORE_DATA : error) : TRUE;
}

static BOOL put_ansi(const WCHAR *text, BYTE *buffer, DWORD *length)
{
    char narrow[3 * CRYPT_NAME_MAX];
    int size = WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, sizeof(narrow), NULL, NULL);
    return crypt_put(narrow, (DWORD)size, buffer, length);
}

HOTPATCH BOOL WINAPI CryptGetProvParam(HCRYPTPROV handle, DWORD which, BYTE *buffer, DWORD *length,
                                       DWORD flags)
{
    DWORD number;
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    switch (which) {
    case PP_NAME: return put_ansi(provider->name, buffer, length);
    case PP_CONTAINER:
    case PP_UNIQUE_CONTAINER: return put_ansi(provider->container, buffer, length);
    case PP_KEYSET_SEC_DESCR: return get_security(provider, buffer, length, flags);
    case PP_PROVTYPE: number = provider->type; break;
    case PP_IMPTYPE: number = CRYPT_IMPL_SOFTWARE; break;
    case PP_VERSION: number = 0x200; break;
    case PP_KEYSPEC: number = AT_KEYEXCHANGE | AT_SIGNATURE; break;
    case PP_KEYSET_TYPE: number = provider->flags & CRYPT_MACHINE_KEYSET; break;
    default: return crypt_fail((DWORD)NTE_BAD_TYPE);
    }
    return crypt_put(&number, sizeof(number), buffer, length);
}

HOTPATCH BOOL WINAPI CryptSetProvParam(HCRYPTPROV handle, DWORD which, const BYTE *data, DWORD flags)
{
    HKEY key;
    struct crypt_provider *provider AUTO_CRYPT = crypt_resolve(handle, CRYPT_KIND_PROVIDER);
    if (!provider) return FALSE;
    if (which != PP_KEYSET_SEC_DESCR) return crypt_fail((DWORD)NTE_BAD_TYPE);
    DWORD error = crypt_container_open(provider, false, &key);
    if (error) return crypt_fail(error);
    error = (DWORD)RegSetKeySecurity(key, flags, (PSECURITY_DESCRIPTOR)data);
    RegCloseKey(key);
    return error ? crypt_fail(error) : TRUE;
}
