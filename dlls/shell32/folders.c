// Where the folders of the user and of Windows are, by CSIDL (shlobj.h) and by KNOWNFOLDERID
// (knownfolders.h).
#include "nt/nt.h"
#include <shlobj.h>
#include <initguid.h>
#include <knownfolders.h>
#include <stdbool.h>

#define FOLDER_MASK         0xFF // of a CSIDL: the rest are flags
#define NO_ID               (-1)
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// A folder's place below what an environment variable names. The session's variables are made with the
// prefix.
static const struct folder {
    int id; // NO_ID: it came after CSIDLs
    const KNOWNFOLDERID *known;
    const WCHAR *variable, *below;
} folders[] = {
    {CSIDL_DESKTOP, NULL, L"USERPROFILE", L"\\Desktop"},
    {CSIDL_DESKTOPDIRECTORY, &FOLDERID_Desktop, L"USERPROFILE", L"\\Desktop"},
    {CSIDL_PERSONAL, &FOLDERID_Documents, L"USERPROFILE", L"\\Documents"},
    {CSIDL_MYMUSIC, &FOLDERID_Music, L"USERPROFILE", L"\\Music"},
    {CSIDL_MYPICTURES, &FOLDERID_Pictures, L"USERPROFILE", L"\\Pictures"},
    {CSIDL_MYVIDEO, &FOLDERID_Videos, L"USERPROFILE", L"\\Videos"},
    {CSIDL_FAVORITES, &FOLDERID_Favorites, L"USERPROFILE", L"\\Favorites"},
    {CSIDL_PROFILE, &FOLDERID_Profile, L"USERPROFILE", L""},
    {CSIDL_APPDATA, &FOLDERID_RoamingAppData, L"APPDATA", L""},
    {CSIDL_LOCAL_APPDATA, &FOLDERID_LocalAppData, L"LOCALAPPDATA", L""},
    {CSIDL_PROGRAMS, &FOLDERID_Programs, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu\\Programs"},
    {CSIDL_STARTMENU, &FOLDERID_StartMenu, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu"},
    {CSIDL_STARTUP, &FOLDERID_Startup, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"},
    {CSIDL_RECENT, &FOLDERID_Recent, L"APPDATA", L"\\Microsoft\\Windows\\Recent"},
    {CSIDL_SENDTO, &FOLDERID_SendTo, L"APPDATA", L"\\Microsoft\\Windows\\SendTo"},
    {CSIDL_NETHOOD, &FOLDERID_NetHood, L"APPDATA", L"\\Microsoft\\Windows\\Network Shortcuts"},
    {CSIDL_PRINTHOOD, &FOLDERID_PrintHood, L"APPDATA", L"\\Microsoft\\Windows\\Printer Shortcuts"},
    {CSIDL_TEMPLATES, &FOLDERID_Templates, L"APPDATA", L"\\Microsoft\\Windows\\Templates"},
    {CSIDL_INTERNET_CACHE, &FOLDERID_InternetCache, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\INetCache"},
    {CSIDL_COOKIES, &FOLDERID_Cookies, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\INetCookies"},
    {CSIDL_HISTORY, &FOLDERID_History, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\History"},
    {CSIDL_ADMINTOOLS, &FOLDERID_AdminTools, L"APPDATA",
     L"\\Microsoft\\Windows\\Start Menu\\Programs\\Administrative Tools"},
    {CSIDL_COMMON_APPDATA, &FOLDERID_ProgramData, L"ProgramData", L""},
    {CSIDL_COMMON_PROGRAMS, &FOLDERID_CommonPrograms, L"ProgramData",
     L"\\Microsoft\\Windows\\Start Menu\\Programs"},
    {CSIDL_COMMON_STARTMENU, &FOLDERID_CommonStartMenu, L"ProgramData", L"\\Microsoft\\Windows\\Start Menu"},
    {CSIDL_COMMON_STARTUP, &FOLDERID_CommonStartup, L"ProgramData",
     L"\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"},
    {CSIDL_COMMON_TEMPLATES, &FOLDERID_CommonTemplates, L"ProgramData", L"\\Microsoft\\Windows\\Templates"},
    {CSIDL_COMMON_DESKTOPDIRECTORY, &FOLDERID_PublicDesktop, L"PUBLIC", L"\\Desktop"},
    {CSIDL_COMMON_DOCUMENTS, &FOLDERID_PublicDocuments, L"PUBLIC", L"\\Documents"},
    {CSIDL_COMMON_MUSIC, &FOLDERID_PublicMusic, L"PUBLIC", L"\\Music"},
    {CSIDL_COMMON_PICTURES, &FOLDERID_PublicPictures, L"PUBLIC", L"\\Pictures"},
    {CSIDL_COMMON_VIDEO, &FOLDERID_PublicVideos, L"PUBLIC", L"\\Videos"},
    {CSIDL_WINDOWS, &FOLDERID_Windows, L"SystemRoot", L""},
    {CSIDL_SYSTEM, &FOLDERID_System, L"SystemRoot", L"\\system32"},
    {CSIDL_SYSTEMX86, &FOLDERID_SystemX86, L"SystemRoot", L"\\SysWOW64"},
    {CSIDL_FONTS, &FOLDERID_Fonts, L"SystemRoot", L"\\Fonts"},
    {CSIDL_RESOURCES, &FOLDERID_ResourceDir, L"SystemRoot", L"\\resources"},
    {CSIDL_PROGRAM_FILES, &FOLDERID_ProgramFiles, L"ProgramFiles", L""},
    {CSIDL_PROGRAM_FILESX86, &FOLDERID_ProgramFilesX86, L"ProgramFiles(x86)", L""},
    {CSIDL_PROGRAM_FILES_COMMON, &FOLDERID_ProgramFilesCommon, L"CommonProgramFiles", L""},
    {CSIDL_PROGRAM_FILES_COMMONX86, &FOLDERID_ProgramFilesCommonX86, L"CommonProgramFiles(x86)", L""},
    {NO_ID, &FOLDERID_ProgramFilesX64, L"ProgramW6432", L""},
    {NO_ID, &FOLDERID_ProgramFilesCommonX64, L"CommonProgramW6432", L""},
    {NO_ID, &FOLDERID_Downloads, L"USERPROFILE", L"\\Downloads"},
    {NO_ID, &FOLDERID_Contacts, L"USERPROFILE", L"\\Contacts"},
    {NO_ID, &FOLDERID_Links, L"USERPROFILE", L"\\Links"},
    {NO_ID, &FOLDERID_SavedGames, L"USERPROFILE", L"\\Saved Games"},
    {NO_ID, &FOLDERID_SavedSearches, L"USERPROFILE", L"\\Searches"},
    {NO_ID, &FOLDERID_LocalAppDataLow, L"USERPROFILE", L"\\AppData\\LocalLow"},
    {NO_ID, &FOLDERID_UserProgramFiles, L"LOCALAPPDATA", L"\\Programs"},
    {NO_ID, &FOLDERID_UserProgramFilesCommon, L"LOCALAPPDATA", L"\\Programs\\Common"},
    {NO_ID, &FOLDERID_QuickLaunch, L"APPDATA", L"\\Microsoft\\Internet Explorer\\Quick Launch"},
    {NO_ID, &FOLDERID_Public, L"PUBLIC", L""},
    {NO_ID, &FOLDERID_PublicDownloads, L"PUBLIC", L"\\Downloads"},
    {CSIDL_COMMON_ADMINTOOLS, &FOLDERID_CommonAdminTools, L"ProgramData",
     L"\\Microsoft\\Windows\\Start Menu\\Programs\\Administrative Tools"},
};

static const struct folder *folder_by_id(int id)
{
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
        if (folders[i].id == id) return &folders[i];
    return NULL;
}

static const struct folder *folder_by_known(const KNOWNFOLDERID *known)
{
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
        if (folders[i].known && IsEqualGUID(folders[i].known, known)) return &folders[i];
    return NULL;
}

static HRESULT find_path(const struct folder *folder, WCHAR path[MAX_PATH])
{
    if (!folder) return E_INVALIDARG;
    DWORD length = GetEnvironmentVariableW(folder->variable, path, MAX_PATH);
    if (!length || length + (DWORD)lstrlenW(folder->below) >= MAX_PATH) return E_FAIL;
    lstrcpyW(path + length, folder->below);
    return S_OK;
}

static bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

// With all directories above it.
static bool create_directory(WCHAR *path)
{
    for (WCHAR *at = path; *at; at++) {
        if (*at != '\\' || at - path < 3) continue;
        *at = 0;
        if (!is_directory(path)) CreateDirectoryW(path, NULL);
        *at = '\\';
    }
    return CreateDirectoryW(path, NULL) || is_directory(path);
}

HOTPATCH HRESULT WINAPI SHGetFolderPathW(HWND window, int folder, HANDLE token, DWORD flags, LPWSTR path)
{
    (void)window, (void)token, (void)flags; // one user, whose current and default folders are the same
    if (!path) return E_INVALIDARG;
    path[0] = 0;
    HRESULT result = find_path(folder_by_id(folder & FOLDER_MASK), path);
    if (FAILED(result) || folder & CSIDL_FLAG_DONT_VERIFY || is_directory(path)) return result;
    if (!(folder & CSIDL_FLAG_CREATE)) {
        path[0] = 0;
        return S_FALSE;
    }
    return create_directory(path) ? S_OK : HRESULT_FROM_WIN32(GetLastError());
}

HOTPATCH HRESULT WINAPI SHGetFolderPathA(HWND window, int folder, HANDLE token, DWORD flags, LPSTR path)
{
    WCHAR wide[MAX_PATH];
    if (!path) return E_INVALIDARG;
    HRESULT result = SHGetFolderPathW(window, folder, token, flags, wide);
    if (WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL)) return result;
    path[0] = 0;
    return FAILED(result) ? result : HRESULT_FROM_WIN32(GetLastError());
}

HOTPATCH BOOL WINAPI SHGetSpecialFolderPathW(HWND window, LPWSTR path, int folder, BOOL create)
{
    return SHGetFolderPathW(window, folder | (create ? CSIDL_FLAG_CREATE : 0), NULL, SHGFP_TYPE_CURRENT,
                            path) == S_OK;
}

HOTPATCH BOOL WINAPI SHGetSpecialFolderPathA(HWND window, LPSTR path, int folder, BOOL create)
{
    return SHGetFolderPathA(window, folder | (create ? CSIDL_FLAG_CREATE : 0), NULL, SHGFP_TYPE_CURRENT,
                            path) == S_OK;
}

HOTPATCH HRESULT WINAPI SHGetFolderPathEx(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, LPWSTR path,
                                          UINT size)
{
    WCHAR found[MAX_PATH];
    (void)token;
    if (!id || !path || !size) return E_INVALIDARG;
    path[0] = 0;
    const struct folder *folder = folder_by_known(id);
    if (!folder) return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    HRESULT result = find_path(folder, found);
    if (FAILED(result)) return result;
    if (!(flags & KF_FLAG_DONT_VERIFY) && !is_directory(found)) {
        if (!(flags & KF_FLAG_CREATE)) return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
        if (!create_directory(found)) return HRESULT_FROM_WIN32(GetLastError());
    }
    if ((UINT)lstrlenW(found) >= size) return HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    lstrcpyW(path, found);
    return S_OK;
}

// The path is the caller's to free with CoTaskMemFree.
HOTPATCH HRESULT WINAPI SHGetKnownFolderPath(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, PWSTR *path)
{
    WCHAR found[MAX_PATH];
    if (!path) return E_INVALIDARG;
    *path = NULL;
    HRESULT result = SHGetFolderPathEx(id, flags, token, found, MAX_PATH);
    if (FAILED(result)) return result;
    *path = CoTaskMemAlloc(((SIZE_T)lstrlenW(found) + 1) * sizeof(WCHAR));
    if (!*path) return E_OUTOFMEMORY;
    lstrcpyW(*path, found);
    return S_OK;
}
