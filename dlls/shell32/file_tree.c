// Copying, moving and deleting files and whole folders for SHFileOperation.
#include "file_operation.h"
#include <shlwapi.h>
#include <wchar.h>

typedef DWORD visitor(const WCHAR *path, const WCHAR *name, void *context);

// Calls VISIT for all in a folder, until it returns an error.
static DWORD for_each_in(const WCHAR *folder, visitor *visit, void *context)
{
    WIN32_FIND_DATAW found;
    WCHAR path[MAX_PATH];
    DWORD error = 0;
    if (!path_join(path, folder, L"*")) return DE_PATHTOODEEP;
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_FILE_NOT_FOUND ? 0 : GetLastError();
    do {
        const WCHAR *name = found.cFileName;
        if (!lstrcmpW(name, L".") || !lstrcmpW(name, L"..")) continue;
        error = path_join(path, folder, name) ? visit(path, name, context) : DE_PATHTOODEEP;
    } while (!error && FindNextFileW(search, &found));
    if (!error && GetLastError() != ERROR_NO_MORE_FILES) error = GetLastError();
    FindClose(search);
    return error;
}

static void allow_writing(const WCHAR *path, DWORD attributes)
{
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
}

static DWORD delete_found(const WCHAR *path, const WCHAR *name, void *context)
{
    (void)name, (void)context;
    return tree_delete(path);
}

DWORD tree_delete(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) return GetLastError();
    bool link = attributes & FILE_ATTRIBUTE_REPARSE_POINT;
    if (!link) allow_writing(path, attributes);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) return DeleteFileW(path) ? 0 : GetLastError();
    // Of a link only itself goes, and nothing of what it leads to.
    DWORD error = link ? 0 : for_each_in(path, delete_found, NULL);
    if (error) return error;
    return RemoveDirectoryW(path) ? 0 : GetLastError();
}

DWORD tree_make_folder(const WCHAR *path, const SECURITY_ATTRIBUTES *security)
{
    WCHAR above[MAX_PATH];
    if (CreateDirectoryW(path, (SECURITY_ATTRIBUTES *)security)) return 0;
    if (GetLastError() != ERROR_PATH_NOT_FOUND) return GetLastError();
    lstrcpynW(above, path, MAX_PATH);
    if (!PathRemoveFileSpecW(above) || !*above) return ERROR_PATH_NOT_FOUND;
    DWORD error = tree_make_folder(above, security);
    if (error && error != ERROR_ALREADY_EXISTS) return error;
    return CreateDirectoryW(path, (SECURITY_ATTRIBUTES *)security) ? 0 : GetLastError();
}

// "name (2).txt" and so on: the first that nothing has.
static bool find_other_name(WCHAR *path)
{
    WCHAR stem[MAX_PATH], extension[MAX_PATH];
    lstrcpyW(extension, PathFindExtensionW(path));
    lstrcpyW(stem, path);
    *PathFindExtensionW(stem) = 0;
    for (unsigned n = 2; n < 10000; n++) {
        int length = _snwprintf(path, MAX_PATH, L"%ls (%u)%ls", stem, n, extension);
        if (length < 0 || length >= MAX_PATH) return false;
        if (!path_exists(path)) return true;
    }
    return false;
}

// What is in the way of TO is renamed around or may be replaced; nobody is there to be asked.
static DWORD settle(struct tree_operation *operation, WCHAR *to)
{
    if (!path_exists(to)) return 0;
    if (operation->flags & FOF_RENAMEONCOLLISION) return find_other_name(to) ? 0 : ERROR_ALREADY_EXISTS;
    if (operation->flags & FOF_NOCONFIRMATION) return 0;
    operation->aborted = true;
    return DE_OPCANCELLED;
}

static DWORD transfer_file(struct tree_operation *operation, const WCHAR *from, const WCHAR *wanted)
{
    WCHAR to[MAX_PATH];
    lstrcpyW(to, wanted);
    if (path_is_folder(to)) return DE_FILEDESTISFLD;
    DWORD error = settle(operation, to);
    if (error) return error;
    DWORD attributes = GetFileAttributesW(to);
    if (attributes != INVALID_FILE_ATTRIBUTES) allow_writing(to, attributes);
    BOOL done = operation->move
                    ? MoveFileExW(from, to,
                                  MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
                    : CopyFileW(from, to, FALSE);
    return done ? 0 : GetLastError();
}

struct transfer {
    struct tree_operation *operation;
    const WCHAR *to;
};

static DWORD transfer_found(const WCHAR *path, const WCHAR *name, void *context)
{
    const struct transfer *transfer = context;
    WCHAR to[MAX_PATH];
    if (transfer->operation->flags & FOF_NORECURSION && path_is_folder(path)) return 0;
    if (!path_join(to, transfer->to, name)) return DE_PATHTOODEEP;
    return tree_transfer(transfer->operation, path, to);
}

static DWORD transfer_contents(struct tree_operation *operation, const WCHAR *from, const WCHAR *to)
{
    // What a link leads to is copied where the link can't be moved itself, and stays where it is.
    struct tree_operation inside = *operation;
    if (GetFileAttributesW(from) & FILE_ATTRIBUTE_REPARSE_POINT) inside.move = false;
    DWORD error = for_each_in(from, transfer_found, &(struct transfer){&inside, to});
    operation->aborted = inside.aborted;
    return error;
}

static DWORD transfer_folder(struct tree_operation *operation, const WCHAR *from, const WCHAR *wanted)
{
    WCHAR to[MAX_PATH];
    lstrcpyW(to, wanted);
    if (path_exists(to) && !path_is_folder(to)) return DE_FLDDESTISFILE;
    DWORD error = settle(operation, to);
    if (error) return error;
    bool whole = !(operation->flags & FOF_NORECURSION);
    if (operation->move && whole && !path_exists(to) && MoveFileExW(from, to, 0)) return 0;
    error = tree_make_folder(to, NULL);
    if (error && error != ERROR_ALREADY_EXISTS) return error;
    error = transfer_contents(operation, from, to);
    if (error) return error;
    if (!operation->move) return SetFileAttributesW(to, GetFileAttributesW(from)) ? 0 : GetLastError();
    allow_writing(from, GetFileAttributesW(from));
    if (RemoveDirectoryW(from)) return 0;
    return !whole && GetLastError() == ERROR_DIR_NOT_EMPTY ? 0 : GetLastError(); // the folders in it stay
}

// Whether PATH lies in FOLDER, in any depth.
static bool is_below(const WCHAR *path, const WCHAR *folder)
{
    int length = lstrlenW(folder);
    if (length && folder[length - 1] == '\\') length--; // a drive's
    return !_wcsnicmp(path, folder, (size_t)length) && path[length] == '\\';
}

DWORD tree_transfer(struct tree_operation *operation, const WCHAR *from, const WCHAR *to)
{
    bool folder = path_is_folder(from);
    if (!lstrcmpiW(from, to)) return folder ? DE_DESTSAMETREE : DE_SAMEFILE;
    if (folder && is_below(to, from)) return DE_DESTSUBTREE;
    return folder ? transfer_folder(operation, from, to) : transfer_file(operation, from, to);
}
