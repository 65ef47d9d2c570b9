// Where the folders of the user and of Windows are, by CSIDL (shlobj.h).
#include "nt/nt.h"
#include <shlobj.h>
#include <stdbool.h>

#define FOLDER_MASK         0xFF // of a CSIDL: the rest are flags
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// A folder's place below what an environment variable names. The session's variables are made with the
// prefix.
static const struct folder {
    int id;
    const WCHAR *variable, *below;
} folders[] = {
    {CSIDL_DESKTOP, L"USERPROFILE", L"\\Desktop"},
    {CSIDL_DESKTOPDIRECTORY, L"USERPROFILE", L"\\Desktop"},
    {CSIDL_PERSONAL, L"USERPROFILE", L"\\Documents"},
    {CSIDL_MYMUSIC, L"USERPROFILE", L"\\Music"},
    {CSIDL_MYPICTURES, L"USERPROFILE", L"\\Pictures"},
    {CSIDL_MYVIDEO, L"USERPROFILE", L"\\Videos"},
    {CSIDL_FAVORITES, L"USERPROFILE", L"\\Favorites"},
    {CSIDL_PROFILE, L"USERPROFILE", L""},
    {CSIDL_APPDATA, L"APPDATA", L""},
    {CSIDL_LOCAL_APPDATA, L"LOCALAPPDATA", L""},
    {CSIDL_PROGRAMS, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu\\Programs"},
    {CSIDL_STARTMENU, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu"},
    {CSIDL_STARTUP, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"},
    {CSIDL_RECENT, L"APPDATA", L"\\Microsoft\\Windows\\Recent"},
    {CSIDL_SENDTO, L"APPDATA", L"\\Microsoft\\Windows\\SendTo"},
    {CSIDL_NETHOOD, L"APPDATA", L"\\Microsoft\\Windows\\Network Shortcuts"},
    {CSIDL_PRINTHOOD, L"APPDATA", L"\\Microsoft\\Windows\\Printer Shortcuts"},
    {CSIDL_TEMPLATES, L"APPDATA", L"\\Microsoft\\Windows\\Templates"},
    {CSIDL_INTERNET_CACHE, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\INetCache"},
    {CSIDL_COOKIES, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\INetCookies"},
    {CSIDL_HISTORY, L"LOCALAPPDATA", L"\\Microsoft\\Windows\\History"},
    {CSIDL_ADMINTOOLS, L"APPDATA", L"\\Microsoft\\Windows\\Start Menu\\Programs\\Administrative Tools"},
    {CSIDL_COMMON_APPDATA, L"ProgramData", L""},
    {CSIDL_COMMON_PROGRAMS, L"ProgramData", L"\\Microsoft\\Windows\\Start Menu\\Programs"},
    {CSIDL_COMMON_STARTMENU, L"ProgramData", L"\\Microsoft\\Windows\\Start Menu"},
    {CSIDL_COMMON_STARTUP, L"ProgramData", L"\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"},
    {CSIDL_COMMON_TEMPLATES, L"ProgramData", L"\\Microsoft\\Windows\\Templates"},
    {CSIDL_COMMON_DESKTOPDIRECTORY, L"PUBLIC", L"\\Desktop"},
    {CSIDL_COMMON_DOCUMENTS, L"PUBLIC", L"\\Documents"},
    {CSIDL_COMMON_MUSIC, L"PUBLIC", L"\\Music"},
    {CSIDL_COMMON_PICTURES, L"PUBLIC", L"\\Pictures"},
    {CSIDL_COMMON_VIDEO, L"PUBLIC", L"\\Videos"},
    {CSIDL_WINDOWS, L"SystemRoot", L""},
    {CSIDL_SYSTEM, L"SystemRoot", L"\\system32"},
    {CSIDL_SYSTEMX86, L"SystemRoot", L"\\SysWOW64"},
    {CSIDL_FONTS, L"SystemRoot", L"\\Fonts"},
    {CSIDL_RESOURCES, L"SystemRoot", L"\\resources"},
    {CSIDL_PROGRAM_FILES, L"ProgramFiles", L""},
    {CSIDL_PROGRAM_FILESX86, L"ProgramFiles(x86)", L""},
    {CSIDL_PROGRAM_FILES_COMMON, L"CommonProgramFiles", L""},
    {CSIDL_PROGRAM_FILES_COMMONX86, L"CommonProgramFiles(x86)", L""},
};

static HRESULT find_path(int id, WCHAR *path)
{
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        if (folders[i].id != id) continue;
        DWORD length = GetEnvironmentVariableW(folders[i].variable, path, MAX_PATH);
        if (!length || length + (DWORD)lstrlenW(folders[i].below) >= MAX_PATH) return E_FAIL;
        lstrcpyW(path + length, folders[i].below);
        return S_OK;
    }
    return E_INVALIDARG;
}

static bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

// With all directories above it.
static bool create_directory(WCHAR *path)
{
    for (WCHAR *at = path + 3; *at; at++) {
        if (*at != '\\') continue;
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
    HRESULT result = find_path(folder & FOLDER_MASK, path);
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
    if (!WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL)) path[0] = 0;
    return result;
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
