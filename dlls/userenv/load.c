// Loading profiles. There is one user, whose part of the registry is always there: a loaded profile is a key
// of it.
#include "profile.h"
#include <userenv.h>

static BOOL load(HANDLE token, const void *user, DWORD size, DWORD least, HANDLE *profile)
{
    WCHAR path[PATH_ROOM];
    HKEY key;
    if (size < least || !user) return fail_with(ERROR_INVALID_PARAMETER);
    LSTATUS status = profile_of_token(token, path); // who has none is nobody here
    if (!status) status = RegOpenKeyExW(HKEY_CURRENT_USER, NULL, 0, MAXIMUM_ALLOWED, &key);
    if (status) return fail_with((DWORD)status);
    *profile = key;
    return TRUE;
}

HOTPATCH BOOL WINAPI LoadUserProfileW(HANDLE token, LPPROFILEINFOW info)
{
    if (!info) return fail_with(ERROR_INVALID_PARAMETER);
    return load(token, info->lpUserName, info->dwSize, sizeof(*info), &info->hProfile);
}

HOTPATCH BOOL WINAPI LoadUserProfileA(HANDLE token, LPPROFILEINFOA info)
{
    if (!info) return fail_with(ERROR_INVALID_PARAMETER);
    return load(token, info->lpUserName, info->dwSize, sizeof(*info), &info->hProfile);
}

HOTPATCH BOOL WINAPI UnloadUserProfile(HANDLE token, HANDLE profile)
{
    if (!token || !profile) return fail_with(ERROR_INVALID_PARAMETER);
    LSTATUS status = RegCloseKey(profile);
    return status ? fail_with((DWORD)status) : TRUE;
}

// It neither roams nor is it temporary.
HOTPATCH BOOL WINAPI GetProfileType(DWORD *flags)
{
    if (!flags) return fail_with(ERROR_INVALID_PARAMETER);
    *flags = 0;
    return TRUE;
}
