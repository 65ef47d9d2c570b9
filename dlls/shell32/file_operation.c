// SHFileOperation and SHCreateDirectory: where things go by lists of paths and flags. There is no desktop:
// what Windows would ask counts as answered by Cancel, and errors are only returned. The rules where the
// lists differ in length are those of shell32's conformance suite (shlfileop). Nothing is kept in a recycle
// bin: as on a volume without one, FOF_ALLOWUNDO deletes for good, and FOF_WANTNUKEWARNING would ask first.
#include "file_operation.h"
#include <shlobj.h>
#include <shlwapi.h>
#include <wchar.h>

static DWORD ask(SHFILEOPSTRUCTW *request)
{
    request->fAnyOperationsAborted = TRUE;
    return DE_OPCANCELLED;
}

static DWORD delete_all(SHFILEOPSTRUCTW *request, const struct path_list *from)
{
    bool lost = request->fFlags & FOF_ALLOWUNDO && request->fFlags & FOF_WANTNUKEWARNING;
    if (from->count && (lost || !(request->fFlags & FOF_NOCONFIRMATION))) return ask(request);
    DWORD error = 0;
    for (int i = 0; i < from->count && !error; i++) error = tree_delete(from->paths[i]);
    return error;
}

static bool is_same_folder(const WCHAR *a, const WCHAR *b)
{
    WCHAR folder_a[MAX_PATH], folder_b[MAX_PATH];
    lstrcpyW(folder_a, a);
    lstrcpyW(folder_b, b);
    return PathRemoveFileSpecW(folder_a) && PathRemoveFileSpecW(folder_b) && !lstrcmpiW(folder_a, folder_b);
}

static DWORD rename_one(SHFILEOPSTRUCTW *request, const struct path_list *from, const struct path_list *to)
{
    struct tree_operation operation = {.flags = request->fFlags, .move = true};
    if (from->count != 1 || from->entries != 1) return DE_MANYSRC1DEST;
    if (!is_same_folder(from->paths[0], to->paths[0])) return DE_DIFFDIR;
    if (!lstrcmpiW(from->paths[0], to->paths[0]) && wcscmp(from->paths[0], to->paths[0]))
        return MoveFileExW(from->paths[0], to->paths[0], 0) ? 0
                                                            : GetLastError(); // another case is no other file
    if (path_is_folder(to->paths[0]) && !path_is_folder(from->paths[0])) return DE_FILEDESTISFLD;
    DWORD error = tree_transfer(&operation, from->paths[0], to->paths[0]);
    request->fAnyOperationsAborted = operation.aborted;
    return error;
}

// Whether a destination is the new name of its source, and not the folder that it goes into.
static bool is_name(const SHFILEOPSTRUCTW *request, const struct path_list *from, const struct path_list *to)
{
    if (from->wildcards) return false;
    if (request->fFlags & FOF_MULTIDESTFILES && from->entries == to->entries) return true;
    return from->entries == 1 && !path_is_folder(to->paths[0]);
}

static DWORD transfer_into(struct tree_operation *operation, const WCHAR *from, const WCHAR *folder)
{
    WCHAR to[MAX_PATH];
    if (path_exists(folder) && !path_is_folder(folder)) return DE_FLDDESTISFILE;
    if (!path_join(to, folder, PathFindFileNameW(from))) return DE_PATHTOODEEP;
    DWORD error = tree_make_folder(folder, NULL);
    if (error && error != ERROR_ALREADY_EXISTS) return error;
    return tree_transfer(operation, from, to);
}

static DWORD transfer_as(struct tree_operation *operation, const WCHAR *from, const WCHAR *to)
{
    WCHAR folder[MAX_PATH];
    lstrcpyW(folder, to);
    if (PathRemoveFileSpecW(folder) && !path_exists(folder)) {
        DWORD error = tree_make_folder(folder, NULL);
        if (error && error != ERROR_ALREADY_EXISTS) return error;
    }
    return tree_transfer(operation, from, to);
}

static DWORD transfer_all(SHFILEOPSTRUCTW *request, const struct path_list *from, const struct path_list *to)
{
    struct tree_operation operation = {.flags = request->fFlags, .move = request->wFunc == FO_MOVE};
    bool names = is_name(request, from, to), many = request->fFlags & FOF_MULTIDESTFILES && !from->wildcards;
    DWORD error = 0;
    for (int i = 0; i < from->count && !error; i++) {
        const WCHAR *path = from->paths[i];
        if (many && i >= to->count) // there is no place left for it but its own
            error = path_is_folder(path) ? DE_DESTSAMETREE : DE_SAMEFILE;
        else
            error = names ? transfer_as(&operation, path, to->paths[many ? i : 0])
                          : transfer_into(&operation, path, to->paths[many ? i : 0]);
    }
    request->fAnyOperationsAborted = operation.aborted;
    return error;
}

// An empty list of destinations is the current folder.
static DWORD read_destinations(struct path_list *to, const WCHAR *text)
{
    DWORD error = path_list_read(to, text && *text ? text : L".\0", false, false);
    for (int i = 0; i < to->count && !error; i++)
        if (wcspbrk(to->paths[i], L"*?")) error = DE_INVALIDFILES;
    return error;
}

// A drive can be copied, and nothing else done with it as a whole.
static DWORD refuse_roots(const struct path_list *from)
{
    for (int i = 0; i < from->count; i++)
        if (PathIsRootW(from->paths[i])) return DE_ROOTDIR;
    return 0;
}

static DWORD operate(SHFILEOPSTRUCTW *request)
{
    struct path_list from = {}, to = {};
    DWORD error = path_list_read(&from, request->pFrom, true, request->fFlags & FOF_FILESONLY);
    if (!error && request->wFunc != FO_COPY) error = refuse_roots(&from);
    if (!error && request->wFunc != FO_DELETE) error = read_destinations(&to, request->pTo);
    if (!error) {
        switch (request->wFunc) {
        case FO_DELETE: error = delete_all(request, &from); break;
        case FO_RENAME: error = rename_one(request, &from, &to); break;
        default: error = transfer_all(request, &from, &to); break;
        }
    }
    path_list_free(&from);
    path_list_free(&to);
    return error;
}

// Copies, moves, renames or deletes files and folders (Microsoft's documentation). Returns 0, an error of
// Windows or a DE_ code, and leaves 0 as the last error.
int WINAPI SHFileOperationW(LPSHFILEOPSTRUCTW request)
{
    if (!request || !request->pFrom || request->wFunc < FO_MOVE || request->wFunc > FO_RENAME)
        return ERROR_INVALID_PARAMETER;
    request->fAnyOperationsAborted = FALSE;
    request->hNameMappings = NULL;
    DWORD error = operate(request);
    SetLastError(0);
    return (int)error;
}

// A wide copy of a list that ends in two NULs; NULL: there is no list or no memory.
static WCHAR *widened(const char *list)
{
    if (!list) return NULL;
    const char *end = list;
    while (*end) end += lstrlenA(end) + 1;
    int size = (int)(end - list) + 1;
    int units = MultiByteToWideChar(CP_ACP, 0, list, size, NULL, 0);
    WCHAR *wide = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, ((size_t)units + 1) * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, list, size, wide, units);
    return wide;
}

int WINAPI SHFileOperationA(LPSHFILEOPSTRUCTA narrow)
{
    if (!narrow) return ERROR_INVALID_PARAMETER;
    bool needs_to = narrow->wFunc != FO_DELETE; // else it may be anything
    WCHAR *from = widened(narrow->pFrom), *to = needs_to ? widened(narrow->pTo) : NULL;
    SHFILEOPSTRUCTW request = {
        .hwnd = narrow->hwnd, .wFunc = narrow->wFunc, .pFrom = from, .pTo = to, .fFlags = narrow->fFlags};
    int error = (narrow->pFrom && !from) || (needs_to && narrow->pTo && !to) ? ERROR_NOT_ENOUGH_MEMORY
                                                                             : SHFileOperationW(&request);
    narrow->fAnyOperationsAborted = request.fAnyOperationsAborted;
    narrow->hNameMappings = NULL;
    if (from) HeapFree(GetProcessHeap(), 0, from);
    if (to) HeapFree(GetProcessHeap(), 0, to);
    return error;
}

// --- folders

// Makes a folder and those above it. The path must be a full one. Returns an error of Windows.
int WINAPI SHCreateDirectoryExW(HWND window, LPCWSTR path, const SECURITY_ATTRIBUTES *security)
{
    (void)window;
    DWORD error = PathIsRelativeW(path)        ? ERROR_BAD_PATHNAME
                  : lstrlenW(path) >= MAX_PATH ? ERROR_FILENAME_EXCED_RANGE
                                               : tree_make_folder(path, security);
    SetLastError(error);
    return (int)error;
}

int WINAPI SHCreateDirectoryExA(HWND window, LPCSTR path, const SECURITY_ATTRIBUTES *security)
{
    UNICODE_STRING wide;
    if (!path) return ERROR_INVALID_PARAMETER;
    if (!RtlCreateUnicodeStringFromAsciiz(&wide, path)) return ERROR_NOT_ENOUGH_MEMORY;
    int error = SHCreateDirectoryExW(window, wide.Buffer, security);
    RtlFreeUnicodeString(&wide);
    return error;
}

int WINAPI SHCreateDirectory(HWND window, LPCWSTR path)
{
    return SHCreateDirectoryExW(window, path, NULL);
}
