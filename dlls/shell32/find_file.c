// Which file a name that a user could type means. Unlike SearchPath and CreateProcess, the shell doesn't look
// beside the running program, and knows App Paths ("Application Registration" in Microsoft's documentation).
#include "execute.h"
#include <shlwapi.h>

static const WCHAR *const program_extensions[] = {L".pif", L".com", L".exe", L".bat", L".cmd", L".lnk"};
static const WCHAR app_paths[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\";

static bool exists(const WCHAR *path, bool folders)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (folders || !(attributes & FILE_ATTRIBUTE_DIRECTORY));
}

// PATH itself, or a program's name that PATH lacks only the extension of.
static bool complete(WCHAR *path, bool folders)
{
    if (exists(path, folders)) return true;
    size_t length = (size_t)lstrlenW(path);
    if (!length || *PathFindExtensionW(path) || length + 5 > MAX_PATH) return false;
    for (size_t i = 0; i < ARRAYSIZE(program_extensions); i++) {
        lstrcpyW(path + length, program_extensions[i]);
        if (exists(path, false)) return true;
    }
    path[length] = 0;
    return false;
}

// NAME below FOLDER as a full path.
static bool join(const WCHAR *folder, const WCHAR *name, WCHAR *path)
{
    WCHAR joined[MAX_PATH * 2];
    if (!*folder || lstrlenW(folder) + lstrlenW(name) + 2 > (int)ARRAYSIZE(joined)) return false;
    lstrcpyW(joined, folder);
    if (joined[lstrlenW(joined) - 1] != '\\') lstrcatW(joined, L"\\");
    lstrcatW(joined, name);
    DWORD length = GetFullPathNameW(joined, MAX_PATH, path, NULL);
    return length && length < MAX_PATH;
}

static bool is_below(const WCHAR *folder, const WCHAR *name, WCHAR *path, bool folders)
{
    return join(folder, name, path) && complete(path, folders);
}

static bool is_in_system(const WCHAR *name, WCHAR *path)
{
    WCHAR folder[MAX_PATH];
    return (GetSystemDirectoryW(folder, MAX_PATH) && is_below(folder, name, path, false)) ||
           (GetWindowsDirectoryW(folder, MAX_PATH) && is_below(folder, name, path, false));
}

static bool is_in_path(const WCHAR *name, WCHAR *path)
{
    DWORD size = GetEnvironmentVariableW(L"PATH", NULL, 0);
    WCHAR *folders = size ? HeapAlloc(GetProcessHeap(), 0, size * sizeof(WCHAR)) : NULL;
    bool found = false;
    if (folders && GetEnvironmentVariableW(L"PATH", folders, size) < size) {
        for (WCHAR *state = NULL, *folder = wcstok_s(folders, L";", &state); folder && !found;
             folder = wcstok_s(NULL, L";", &state)) {
            PathUnquoteSpacesW(folder);
            found = is_below(folder, name, path, false);
        }
    }
    if (folders) HeapFree(GetProcessHeap(), 0, folders);
    return found;
}

// A value of a program's key among App Paths, the user's before the machine's. VALUE NULL: the program's
// path.
static bool app_path_value(const WCHAR *program, const WCHAR *value, WCHAR *text, DWORD size)
{
    WCHAR key[ARRAYSIZE(app_paths) + MAX_PATH + 4];
    const HKEY roots[] = {HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE};
    if (!*program || lstrlenW(program) >= MAX_PATH || wcschr(program, '\\')) return false;
    lstrcpyW(key, app_paths);
    lstrcatW(key, program);
    if (!*PathFindExtensionW(program)) lstrcatW(key, L".exe");
    for (size_t i = 0; i < ARRAYSIZE(roots); i++) {
        DWORD left = size;
        if (!RegGetValueW(roots[i], key, value, RRF_RT_REG_SZ, NULL, text, &left) && *text) return true;
    }
    return false;
}

static bool is_app_path(const WCHAR *name, WCHAR *path)
{
    if (!app_path_value(name, NULL, path, MAX_PATH * sizeof(WCHAR))) return false;
    PathUnquoteSpacesW(path);
    return exists(path, false);
}

WCHAR *app_path_folders(const WCHAR *program)
{
    enum { FOLDERS_UNITS = 4096 };
    WCHAR *folders = HeapAlloc(GetProcessHeap(), 0, FOLDERS_UNITS * sizeof(WCHAR));
    if (folders &&
        app_path_value(PathFindFileNameW(program), L"Path", folders, FOLDERS_UNITS * sizeof(WCHAR)))
        return folders;
    if (folders) HeapFree(GetProcessHeap(), 0, folders);
    return NULL;
}

static enum target_kind kind_of(const WCHAR *path)
{
    if (!(GetFileAttributesW(path) & FILE_ATTRIBUTE_DIRECTORY)) return TARGET_FILE;
    return PathIsRootW(path) ? TARGET_DRIVE : TARGET_FOLDER;
}

DWORD find_file(const WCHAR *name, const WCHAR *folder, WCHAR *path, enum target_kind *kind)
{
    WCHAR base[MAX_PATH];
    DWORD length = GetFullPathNameW(folder && *folder ? folder : L".", MAX_PATH, base, NULL);
    if (!length || length >= MAX_PATH) return ERROR_PATH_NOT_FOUND;
    bool found;
    if (PathIsRelativeW(name)) {
        found = is_below(base, name, path, true);
    } else {
        length = GetFullPathNameW(name, MAX_PATH, path, NULL);
        found = length && length < MAX_PATH && complete(path, true);
    }
    if (!found && PathIsFileSpecW(name))
        found = is_in_system(name, path) || is_in_path(name, path) || is_app_path(name, path);
    if (!found) return ERROR_FILE_NOT_FOUND;
    *kind = kind_of(path);
    return 0;
}
