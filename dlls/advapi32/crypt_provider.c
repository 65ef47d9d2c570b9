// Which providers there are: the registry's lists, as Windows has them.
#include "crypt.h"

#define DEFAULTS L"Software\\Microsoft\\Cryptography\\Defaults\\"

// "Type 001" behind a path; NULL-terminated into name.
static void type_path(WCHAR *name, const WCHAR *prefix, DWORD type)
{
    lstrcpyW(name, prefix);
    WCHAR *at = name + lstrlenW(name);
    *at++ = (WCHAR)('0' + type / 100);
    *at++ = (WCHAR)('0' + type / 10 % 10);
    *at++ = (WCHAR)('0' + type % 10);
    *at = 0;
}

static bool provider_type(const WCHAR *name, DWORD *type)
{
    WCHAR path[CRYPT_NAME_MAX + 64];
    DWORD size = sizeof(*type);
    lstrcpyW(path, DEFAULTS L"Provider\\");
    lstrcatW(path, name);
    return !RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Type", RRF_RT_REG_DWORD, NULL, type, &size);
}

// The default of a type: the user's own, else the machine's.
static bool default_provider(DWORD type, bool user, WCHAR name[CRYPT_NAME_MAX])
{
    WCHAR path[128];
    DWORD size = CRYPT_NAME_MAX * sizeof(WCHAR);
    type_path(path,
              user ? L"Software\\Microsoft\\Cryptography\\Provider Type " : DEFAULTS L"Provider Types\\Type ",
              type);
    return !RegGetValueW(user ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE, path, L"Name", RRF_RT_REG_SZ, NULL,
                         name, &size);
}

DWORD crypt_find_provider(const WCHAR *name, DWORD type, WCHAR found[CRYPT_NAME_MAX])
{
    DWORD own;
    if (!type || type > 999) return (DWORD)NTE_BAD_PROV_TYPE;
    if (!name || !*name)
        return default_provider(type, true, found) || default_provider(type, false, found)
                   ? ERROR_SUCCESS
                   : (DWORD)NTE_PROV_TYPE_NOT_DEF;
    if (lstrlenW(name) >= CRYPT_NAME_MAX || !provider_type(name, &own)) return (DWORD)NTE_KEYSET_NOT_DEF;
    if (own != type) return (DWORD)NTE_PROV_TYPE_NO_MATCH;
    copy_wide(found, name);
    return ERROR_SUCCESS;
}

// Hands out a text in either form; *size is in bytes and counts the end.
static BOOL put_text(const WCHAR *text, bool ansi, void *buffer, DWORD *size)
{
    char narrow[3 * CRYPT_NAME_MAX];
    if (!ansi) return crypt_put(text, ((DWORD)lstrlenW(text) + 1) * sizeof(WCHAR), buffer, size);
    int length = WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, sizeof(narrow), NULL, NULL);
    return crypt_put(narrow, (DWORD)length, buffer, size);
}

// ---- lists ----

static DWORD name_at(const WCHAR *list, DWORD index, WCHAR name[CRYPT_NAME_MAX])
{
    HKEY key;
    DWORD size = CRYPT_NAME_MAX;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, list, 0, KEY_READ, &key)) return ERROR_NO_MORE_ITEMS;
    DWORD error = (DWORD)RegEnumKeyExW(key, index, name, &size, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return error;
}

static BOOL check_list_call(const DWORD *reserved, DWORD flags, const DWORD *type, const DWORD *size)
{
    if (reserved || !type || !size) return crypt_fail(ERROR_INVALID_PARAMETER);
    return flags ? crypt_fail((DWORD)NTE_BAD_FLAGS) : TRUE;
}

static BOOL enum_providers(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, bool ansi, void *name,
                           DWORD *size)
{
    WCHAR found[CRYPT_NAME_MAX];
    if (!check_list_call(reserved, flags, type, size)) return FALSE;
    DWORD error = name_at(DEFAULTS L"Provider", index, found);
    if (error) return crypt_fail(error);
    if (!provider_type(found, type)) return crypt_fail((DWORD)NTE_FAIL);
    return put_text(found, ansi, name, size);
}

HOTPATCH BOOL WINAPI CryptEnumProvidersW(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPWSTR name,
                                         DWORD *size)
{
    return enum_providers(index, reserved, flags, type, false, name, size);
}

HOTPATCH BOOL WINAPI CryptEnumProvidersA(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPSTR name,
                                         DWORD *size)
{
    return enum_providers(index, reserved, flags, type, true, name, size);
}

static BOOL enum_types(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, bool ansi, void *name,
                       DWORD *size)
{
    WCHAR found[CRYPT_NAME_MAX], path[CRYPT_NAME_MAX + 80], text[CRYPT_NAME_MAX] = L"";
    DWORD text_size = sizeof(text);
    if (!check_list_call(reserved, flags, type, size)) return FALSE;
    DWORD error = name_at(DEFAULTS L"Provider Types", index, found);
    if (error) return crypt_fail(error);
    *type = 0;
    for (const WCHAR *p = found; *p; p++)
        if (*p >= '0' && *p <= '9') *type = *type * 10 + (DWORD)(*p - '0');
    lstrcpyW(path, DEFAULTS L"Provider Types\\");
    lstrcatW(path, found);
    RegGetValueW(HKEY_LOCAL_MACHINE, path, L"TypeName", RRF_RT_REG_SZ, NULL, text, &text_size);
    return put_text(text, ansi, name, size);
}

HOTPATCH BOOL WINAPI CryptEnumProviderTypesW(DWORD index, DWORD *reserved, DWORD flags, DWORD *type,
                                             LPWSTR name, DWORD *size)
{
    return enum_types(index, reserved, flags, type, false, name, size);
}

HOTPATCH BOOL WINAPI CryptEnumProviderTypesA(DWORD index, DWORD *reserved, DWORD flags, DWORD *type,
                                             LPSTR name, DWORD *size)
{
    return enum_types(index, reserved, flags, type, true, name, size);
}

// ---- defaults ----

static BOOL get_default(DWORD type, DWORD *reserved, DWORD flags, bool ansi, void *name, DWORD *size)
{
    WCHAR found[CRYPT_NAME_MAX];
    if (reserved || !size) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)(CRYPT_USER_DEFAULT | CRYPT_MACHINE_DEFAULT)) return crypt_fail((DWORD)NTE_BAD_FLAGS);
    if (!type || type > 999) return crypt_fail((DWORD)NTE_BAD_PROV_TYPE);
    bool known = flags & CRYPT_USER_DEFAULT && default_provider(type, true, found);
    if (!known && !default_provider(type, false, found)) return crypt_fail((DWORD)NTE_PROV_TYPE_NOT_DEF);
    return put_text(found, ansi, name, size);
}

HOTPATCH BOOL WINAPI CryptGetDefaultProviderW(DWORD type, DWORD *reserved, DWORD flags, LPWSTR name,
                                              DWORD *size)
{
    return get_default(type, reserved, flags, false, name, size);
}

HOTPATCH BOOL WINAPI CryptGetDefaultProviderA(DWORD type, DWORD *reserved, DWORD flags, LPSTR name,
                                              DWORD *size)
{
    return get_default(type, reserved, flags, true, name, size);
}

HOTPATCH BOOL WINAPI CryptSetProviderExW(LPCWSTR name, DWORD type, DWORD *reserved, DWORD flags)
{
    WCHAR path[128];
    HKEY key;
    DWORD own, where = flags & (CRYPT_USER_DEFAULT | CRYPT_MACHINE_DEFAULT);
    if (reserved || !name) return crypt_fail(ERROR_INVALID_PARAMETER);
    if (!type || type > 999) return crypt_fail((DWORD)NTE_BAD_PROV_TYPE);
    if (where != CRYPT_USER_DEFAULT && where != CRYPT_MACHINE_DEFAULT)
        return crypt_fail((DWORD)NTE_BAD_FLAGS);
    bool user = where == CRYPT_USER_DEFAULT;
    HKEY root = user ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE;
    type_path(path,
              user ? L"Software\\Microsoft\\Cryptography\\Provider Type " : DEFAULTS L"Provider Types\\Type ",
              type);
    DWORD error = (DWORD)RegCreateKeyExW(root, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return crypt_fail(error);
    if (flags & CRYPT_DELETE_DEFAULT)
        error = (DWORD)RegDeleteValueW(key, L"Name");
    else if (lstrlenW(name) >= CRYPT_NAME_MAX || !provider_type(name, &own))
        error = (DWORD)NTE_BAD_PROVIDER;
    else
        error = (DWORD)RegSetValueExW(key, L"Name", 0, REG_SZ, (const BYTE *)name,
                                      ((DWORD)lstrlenW(name) + 1) * sizeof(WCHAR));
    RegCloseKey(key);
    return error ? crypt_fail(error) : TRUE;
}

HOTPATCH BOOL WINAPI CryptSetProviderExA(LPCSTR name, DWORD type, DWORD *reserved, DWORD flags)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    return !conversion_failed(name, wide) && CryptSetProviderExW(wide, type, reserved, flags);
}

HOTPATCH BOOL WINAPI CryptSetProviderW(LPCWSTR name, DWORD type)
{
    return CryptSetProviderExW(name, type, NULL, CRYPT_USER_DEFAULT);
}

HOTPATCH BOOL WINAPI CryptSetProviderA(LPCSTR name, DWORD type)
{
    return CryptSetProviderExA(name, type, NULL, CRYPT_USER_DEFAULT);
}
