// Logging on, and programs started as somebody. There are no accounts but the host's, whose passwords are not
// ours to try: nobody can be logged on. Programs may be started with a token of the user who runs Lowland.
#include "base.h"

// What is asked for must make sense before it is refused.
static BOOL refuse(const void *user, DWORD type, DWORD provider, HANDLE *token)
{
    bool known_type = (type >= LOGON32_LOGON_INTERACTIVE && type <= LOGON32_LOGON_SERVICE) ||
                      (type >= LOGON32_LOGON_UNLOCK && type <= LOGON32_LOGON_NEW_CREDENTIALS);
    if (token) *token = NULL;
    if (!user || !token || provider > LOGON32_PROVIDER_WINNT50) return fail_with(ERROR_INVALID_PARAMETER);
    return fail_with(known_type ? ERROR_LOGON_FAILURE : ERROR_INVALID_LOGON_TYPE);
}

HOTPATCH BOOL WINAPI LogonUserW(LPCWSTR user, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD provider,
                                HANDLE *token)
{
    (void)domain, (void)password;
    return refuse(user, type, provider, token);
}

HOTPATCH BOOL WINAPI LogonUserA(LPCSTR user, LPCSTR domain, LPCSTR password, DWORD type, DWORD provider,
                                HANDLE *token)
{
    (void)domain, (void)password;
    return refuse(user, type, provider, token);
}

HOTPATCH BOOL WINAPI LogonUserExW(LPCWSTR user, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD provider,
                                  HANDLE *token, PSID *sid, void **profile, DWORD *profile_length,
                                  QUOTA_LIMITS *quotas)
{
    HANDLE none;
    (void)domain, (void)password, (void)sid, (void)profile, (void)profile_length, (void)quotas;
    return refuse(user, type, provider, token ? token : &none);
}

HOTPATCH BOOL WINAPI LogonUserExA(LPCSTR user, LPCSTR domain, LPCSTR password, DWORD type, DWORD provider,
                                  HANDLE *token, PSID *sid, void **profile, DWORD *profile_length,
                                  QUOTA_LIMITS *quotas)
{
    HANDLE none;
    (void)domain, (void)password, (void)sid, (void)profile, (void)profile_length, (void)quotas;
    return refuse(user, type, provider, token ? token : &none);
}

static bool are_logon_flags(DWORD flags)
{
    return flags == 0 || flags == LOGON_WITH_PROFILE || flags == LOGON_NETCREDENTIALS_ONLY;
}

HOTPATCH BOOL WINAPI CreateProcessWithLogonW(LPCWSTR user, LPCWSTR domain, LPCWSTR password,
                                             DWORD logon_flags, LPCWSTR application, LPWSTR line, DWORD flags,
                                             void *environment, LPCWSTR directory, STARTUPINFOW *startup,
                                             PROCESS_INFORMATION *information)
{
    (void)domain, (void)password, (void)flags, (void)environment, (void)directory;
    if (!user || !are_logon_flags(logon_flags) || (!application && !line) || !startup || !information)
        return fail_with(ERROR_INVALID_PARAMETER);
    return fail_with(ERROR_LOGON_FAILURE);
}

// The token's user has a profile that is loaded already.
HOTPATCH BOOL WINAPI CreateProcessWithTokenW(HANDLE token, DWORD logon_flags, LPCWSTR application,
                                             LPWSTR line, DWORD flags, void *environment, LPCWSTR directory,
                                             STARTUPINFOW *startup, PROCESS_INFORMATION *information)
{
    if (!are_logon_flags(logon_flags)) return fail_with(ERROR_INVALID_PARAMETER);
    return CreateProcessAsUserW(token, application, line, NULL, NULL, FALSE, flags, environment, directory,
                                startup, information);
}
