// Where profiles are, as the registry's ProfileList says.
#include "profile.h"
#include <sddl.h>
#include <userenv.h>

#define PROFILE_LIST L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"

BOOL fail_with(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static LSTATUS read_path(const WCHAR *key, const WCHAR *value, WCHAR path[PATH_ROOM])
{
    DWORD size = PATH_ROOM * sizeof(WCHAR);
    return RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ, NULL, path, &size);
}

LSTATUS profile_list_path(const WCHAR *value, WCHAR path[PATH_ROOM])
{
    return read_path(PROFILE_LIST, value, path);
}

LSTATUS profile_of_token(HANDLE token, WCHAR path[PATH_ROOM])
{
    WCHAR key[256] = PROFILE_LIST L"\\", *sid;
    char user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    DWORD size;
    if (!GetTokenInformation(token, TokenUser, user, sizeof(user), &size)) return (LSTATUS)GetLastError();
    if (!ConvertSidToStringSidW(((TOKEN_USER *)(void *)user)->User.Sid, &sid)) return (LSTATUS)GetLastError();
    lstrcpynW(key + lstrlenW(key), sid, ARRAYSIZE(key) - lstrlenW(key));
    LocalFree(sid);
    return read_path(key, L"ProfileImagePath", path);
}

// Gives a path to the caller. *SIZE, in characters with the NUL, becomes what it takes.
static BOOL give(LSTATUS status, const WCHAR *path, WCHAR *buffer, DWORD *size)
{
    if (!size) return fail_with(ERROR_INVALID_PARAMETER);
    if (status) return fail_with((DWORD)status);
    DWORD room = *size, needed = (DWORD)lstrlenW(path) + 1;
    *size = needed;
    if (!buffer || room < needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, path, needed * sizeof(WCHAR));
    return TRUE;
}

static BOOL give_ansi(LSTATUS status, const WCHAR *path, char *buffer, DWORD *size)
{
    if (!size) return fail_with(ERROR_INVALID_PARAMETER);
    if (status) return fail_with((DWORD)status);
    DWORD room = *size, needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, path, -1, NULL, 0, NULL, NULL);
    *size = needed;
    if (!buffer || room < needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    WideCharToMultiByte(CP_ACP, 0, path, -1, buffer, (int)needed, NULL, NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetProfilesDirectoryW(LPWSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give(profile_list_path(L"ProfilesDirectory", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetProfilesDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give_ansi(profile_list_path(L"ProfilesDirectory", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetAllUsersProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give(profile_list_path(L"ProgramData", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetAllUsersProfileDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give_ansi(profile_list_path(L"ProgramData", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetDefaultUserProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give(profile_list_path(L"Default", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetDefaultUserProfileDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give_ansi(profile_list_path(L"Default", path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetUserProfileDirectoryW(HANDLE token, LPWSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give(profile_of_token(token, path), path, buffer, size);
}

HOTPATCH BOOL WINAPI GetUserProfileDirectoryA(HANDLE token, LPSTR buffer, LPDWORD size)
{
    WCHAR path[PATH_ROOM];
    return give_ansi(profile_of_token(token, path), path, buffer, size);
}
