// Folders that shall exist, and files looked for below a folder.
#include "session.h"

static bool is_separator(char c)
{
    return c == '\\' || c == '/';
}

// All folders of a path; what follows the last separator is a file's name.
HOTPATCH BOOL WINAPI MakeSureDirectoryPathExists(PCSTR path)
{
    char folder[MAX_PATH];
    if (!path || lstrlenA(path) >= MAX_PATH) return debug_fail(ERROR_INVALID_PARAMETER);
    lstrcpyA(folder, path);
    char *at = folder;
    if (at[0] && at[1] == ':') at += 2; // the drive is there or isn't
    while (is_separator(*at)) at++;
    for (; *at; at++) {
        if (!is_separator(*at)) continue;
        char separator = *at;
        *at = 0;
        if (!CreateDirectoryA(folder, NULL)) {
            DWORD error = GetLastError(), attributes = GetFileAttributesA(folder);
            if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY))
                return debug_fail(error);
        }
        *at = separator;
    }
    return TRUE;
}

// Links to folders are not followed: they may lead upwards.
static bool is_subfolder(const WIN32_FIND_DATAW *data)
{
    return data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
           !(data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && lstrcmpW(data->cFileName, L".") &&
           lstrcmpW(data->cFileName, L"..");
}

// "folder\name" in path, which has MAX_PATH characters.
static bool join(WCHAR *path, const WCHAR *folder, const WCHAR *name)
{
    int length = lstrlenW(folder);
    bool separated = length && (folder[length - 1] == '\\' || folder[length - 1] == '/');
    if (length + 1 + lstrlenW(name) >= MAX_PATH) return false;
    lstrcpyW(path, folder);
    if (!separated) path[length++] = '\\';
    lstrcpyW(path + length, name);
    return true;
}

// Looks for a name, which may have wildcards, in a folder. found has MAX_PATH characters.
static bool search_folder(const WCHAR *folder, const WCHAR *name, WCHAR *found)
{
    WCHAR path[MAX_PATH];
    WIN32_FIND_DATAW data;
    if (!join(path, folder, name)) return false;
    HANDLE find = FindFirstFileW(path, &data);
    bool is_found = false;
    for (BOOL more = find != INVALID_HANDLE_VALUE; more && !is_found; more = FindNextFileW(find, &data))
        is_found = !(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) && join(found, folder, data.cFileName);
    if (find != INVALID_HANDLE_VALUE) FindClose(find);
    return is_found;
}

static bool search_tree(const WCHAR *folder, const WCHAR *name, WCHAR *found)
{
    WCHAR path[MAX_PATH];
    WIN32_FIND_DATAW data;
    if (search_folder(folder, name, found)) return true;
    if (!join(path, folder, L"*")) return false;
    HANDLE find = FindFirstFileW(path, &data);
    bool is_found = false;
    for (BOOL more = find != INVALID_HANDLE_VALUE; more && !is_found; more = FindNextFileW(find, &data))
        is_found =
            is_subfolder(&data) && join(path, folder, data.cFileName) && search_tree(path, name, found);
    if (find != INVALID_HANDLE_VALUE) FindClose(find);
    return is_found;
}

HOTPATCH BOOL WINAPI SearchTreeForFileW(PWSTR root, PWSTR name, PWSTR found)
{
    WCHAR path[MAX_PATH];
    if (!root || !name || !found) return debug_fail(ERROR_INVALID_PARAMETER);
    if (!search_tree(root, name, path)) return debug_fail(ERROR_FILE_NOT_FOUND);
    lstrcpyW(found, path);
    return TRUE;
}

HOTPATCH BOOL WINAPI SearchTreeForFile(PSTR root, PSTR name, PSTR found)
{
    WCHAR *wide_root = debug_wide(root), *wide_name = debug_wide(name), path[MAX_PATH];
    BOOL done = found && SearchTreeForFileW(wide_root, wide_name, path);
    debug_free(wide_root);
    debug_free(wide_name);
    if (done) debug_narrow(path, found, MAX_PATH);
    return done;
}
