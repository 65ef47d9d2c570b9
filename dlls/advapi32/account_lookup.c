// LookupAccountSid, LookupAccountName and the user's own name.
#include "account.h"

// Hands out a name: *size in characters becomes its length, or with the NUL what is needed. NULL takes
// nothing.
static void give(WCHAR *target, DWORD *size, const WCHAR *text, bool whole)
{
    DWORD length = (DWORD)lstrlenW(text);
    if (whole && target) copy_wide(target, text);
    *size = whole ? length : length + 1;
}

static bool fits(const WCHAR *text, DWORD size)
{
    return size > (DWORD)lstrlenW(text);
}

HOTPATCH BOOL WINAPI LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, DWORD *name_size, LPWSTR domain,
                                       DWORD *domain_size, SID_NAME_USE *use)
{
    struct account account;
    if (!RtlValidSid(sid)) return fail_with(ERROR_INVALID_SID);
    if (!is_local_system(system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    if (!account_by_sid(&account, sid)) return fail_with(ERROR_NONE_MAPPED);
    bool whole = fits(account.name, *name_size) && fits(account.domain, *domain_size);
    give(name, name_size, account.name, whole);
    give(domain, domain_size, account.domain, whole);
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    *use = account.use;
    return TRUE;
}

static void give_ansi(char *target, DWORD *size, const WCHAR *text, bool whole)
{
    DWORD needed = ansi_size(text);
    if (whole && target) WideCharToMultiByte(CP_ACP, 0, text, -1, target, (int)needed, NULL, NULL);
    *size = whole ? needed - 1 : needed;
}

HOTPATCH BOOL WINAPI LookupAccountSidA(LPCSTR system, PSID sid, LPSTR name, DWORD *name_size, LPSTR domain,
                                       DWORD *domain_size, SID_NAME_USE *use)
{
    WCHAR wide_name[ACCOUNT_NAME_MAX], wide_domain[ACCOUNT_NAME_MAX];
    DWORD wide_name_size = ACCOUNT_NAME_MAX, wide_domain_size = ACCOUNT_NAME_MAX;
    SID_NAME_USE found;
    AUTO_FREE WCHAR *wide_system = wide_from_ansi(system);
    if (conversion_failed(system, wide_system)) return FALSE;
    if (!LookupAccountSidW(wide_system, sid, wide_name, &wide_name_size, wide_domain, &wide_domain_size,
                           &found))
        return FALSE;
    bool whole = *name_size >= ansi_size(wide_name) && *domain_size >= ansi_size(wide_domain);
    give_ansi(name, name_size, wide_name, whole);
    give_ansi(domain, domain_size, wide_domain, whole);
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    *use = found;
    return TRUE;
}

// Without a name the local accounts' own domain is meant.
static bool find_name(struct account *account, const WCHAR *name)
{
    return account_by_name(account, name ? name : L"BUILTIN");
}

HOTPATCH BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR name, PSID sid, DWORD *sid_size,
                                        LPWSTR domain, DWORD *domain_size, SID_NAME_USE *use)
{
    struct account account;
    if (!is_local_system(system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    if (!find_name(&account, name)) {
        *sid_size = *domain_size = 0;
        return fail_with(ERROR_NONE_MAPPED);
    }
    DWORD needed = RtlLengthSid(&account.sid);
    bool whole = *sid_size >= needed && fits(account.domain, *domain_size);
    *sid_size = needed;
    give(domain, domain_size, account.domain, whole);
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    RtlCopySid(needed, sid, &account.sid);
    *use = account.use;
    return TRUE;
}

HOTPATCH BOOL WINAPI LookupAccountNameA(LPCSTR system, LPCSTR name, PSID sid, DWORD *sid_size, LPSTR domain,
                                        DWORD *domain_size, SID_NAME_USE *use)
{
    BYTE made[SECURITY_MAX_SID_SIZE];
    WCHAR wide_domain[ACCOUNT_NAME_MAX];
    DWORD made_size = sizeof(made), wide_size = ACCOUNT_NAME_MAX;
    SID_NAME_USE found;
    AUTO_FREE WCHAR *wide_system = wide_from_ansi(system), *wide_name = wide_from_ansi(name);
    if (conversion_failed(system, wide_system) || conversion_failed(name, wide_name)) return FALSE;
    if (!LookupAccountNameW(wide_system, wide_name, made, &made_size, wide_domain, &wide_size, &found)) {
        if (GetLastError() == ERROR_NONE_MAPPED) *sid_size = *domain_size = 0;
        return FALSE;
    }
    bool whole = *sid_size >= made_size && *domain_size >= ansi_size(wide_domain);
    *sid_size = made_size;
    give_ansi(domain, domain_size, wide_domain, whole);
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    RtlCopySid(made_size, sid, made);
    *use = found;
    return TRUE;
}

// The user's name is what the environment of the session says, as the session's own logon does on Windows.
HOTPATCH BOOL WINAPI GetUserNameW(LPWSTR name, DWORD *size)
{
    DWORD needed = GetEnvironmentVariableW(L"USERNAME", NULL, 0);
    if (!needed) return fail_with(ERROR_NO_SUCH_USER);
    if (*size < needed || !name) {
        *size = needed;
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = GetEnvironmentVariableW(L"USERNAME", name, *size) + 1;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetUserNameA(LPSTR name, DWORD *size)
{
    WCHAR wide[ACCOUNT_NAME_MAX];
    DWORD wide_size = ACCOUNT_NAME_MAX;
    if (!GetUserNameW(wide, &wide_size)) return FALSE;
    DWORD needed = ansi_size(wide);
    if (*size < needed || !name) {
        *size = needed;
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, -1, name, (int)*size, NULL, NULL);
    return TRUE;
}
