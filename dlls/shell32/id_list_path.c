// ID lists of file system paths: this computer, a drive, then one item for each name.
#include "nt/nt.h"
#include <shlobj.h>
#include <stdbool.h>
#include <stddef.h>

// The first byte of an item says what it is, as in Windows' own (MS-SHLLINK and the public notes on shell
// items).
enum item_kind { ITEM_COMPUTER = 0x1F, ITEM_DRIVE = 0x2F, ITEM_FOLDER = 0x31, ITEM_FILE = 0x32 };

#pragma pack(push, 1)
struct item {
    USHORT size;
    BYTE kind;
    BYTE unused;
    WCHAR name[]; // of a drive with its backslash; ends in NUL
};
#pragma pack(pop)

static LPITEMIDLIST append(LPITEMIDLIST list, BYTE kind, const WCHAR *name, int length)
{
    char buffer[offsetof(struct item, name) + (MAX_PATH + 1) * sizeof(WCHAR)];
    struct item *item = (struct item *)buffer;
    if (length > MAX_PATH) return NULL;
    item->size = (USHORT)(offsetof(struct item, name) + ((size_t)length + 1) * sizeof(WCHAR));
    item->kind = kind;
    item->unused = 0;
    memcpy(item->name, name, (size_t)length * sizeof(WCHAR));
    item->name[length] = 0;
    return ILAppendID(list, (LPCSHITEMID)item, TRUE);
}

// The name as the folder has it.
static int own_name(const WCHAR *path, WCHAR *name, BYTE *kind)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE) return 0;
    FindClose(search);
    *kind = found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? ITEM_FOLDER : ITEM_FILE;
    lstrcpyW(name, found.cFileName);
    return lstrlenW(name);
}

static bool add_names(LPITEMIDLIST *list, WCHAR *path)
{
    for (WCHAR *at = path + 3; *at;) {
        WCHAR name[MAX_PATH], *end = at, separator;
        BYTE kind;
        while (*end && *end != '\\') end++;
        separator = *end;
        *end = 0;
        int length = own_name(path, name, &kind);
        *end = separator;
        if (!length) return false;
        LPITEMIDLIST longer = append(*list, kind, name, length);
        if (!longer) return false;
        *list = longer;
        at = separator ? end + 1 : end;
    }
    return true;
}

// The path must exist.
static HRESULT list_of_path(const WCHAR *path, LPITEMIDLIST *result)
{
    WCHAR full[MAX_PATH];
    *result = NULL;
    DWORD length = GetFullPathNameW(path, MAX_PATH, full, NULL);
    if (!length || length >= MAX_PATH || full[1] != ':') return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    // Drives have no entry to look for, and names with wildcards would find others.
    if (GetFileAttributesW(full) == INVALID_FILE_ATTRIBUTES) return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    WCHAR drive[] = {(WCHAR)(full[0] & ~0x20), ':', '\\', 0};
    full[0] = drive[0];
    LPITEMIDLIST list = append(NULL, ITEM_COMPUTER, L"", 0);
    if (list) {
        LPITEMIDLIST longer = append(list, ITEM_DRIVE, drive, 3);
        if (longer) list = longer;
        if (longer && add_names(&list, full)) {
            *result = list;
            return S_OK;
        }
    }
    ILFree(list);
    return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
}

HOTPATCH HRESULT WINAPI SHILCreateFromPath(PCWSTR path, LPITEMIDLIST *result, DWORD *attributes)
{
    if (!result) return E_INVALIDARG;
    HRESULT status = list_of_path(path, result);
    if (SUCCEEDED(status) && attributes) {
        DWORD found = GetFileAttributesW(path), known = SFGAO_FILESYSTEM;
        if (found & FILE_ATTRIBUTE_DIRECTORY) known |= SFGAO_FOLDER | SFGAO_FILESYSANCESTOR;
        if (found & FILE_ATTRIBUTE_READONLY) known |= SFGAO_READONLY;
        if (found & FILE_ATTRIBUTE_HIDDEN) known |= SFGAO_HIDDEN;
        *attributes &= known;
    }
    return status;
}

HOTPATCH LPITEMIDLIST WINAPI ILCreateFromPathW(LPCWSTR path)
{
    LPITEMIDLIST list;
    return SUCCEEDED(list_of_path(path, &list)) ? list : NULL;
}

HOTPATCH LPITEMIDLIST WINAPI ILCreateFromPathA(LPCSTR path)
{
    WCHAR wide[MAX_PATH];
    return MultiByteToWideChar(CP_ACP, 0, path, -1, wide, MAX_PATH) ? ILCreateFromPathW(wide) : NULL;
}

HOTPATCH HRESULT WINAPI SHParseDisplayName(LPCWSTR name, IBindCtx *context, LPITEMIDLIST *result,
                                           SFGAOF asked, SFGAOF *attributes)
{
    (void)context;
    DWORD found = asked;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (!name) return E_OUTOFMEMORY;
    HRESULT status = SHILCreateFromPath(name, result, &found);
    if (SUCCEEDED(status) && attributes) *attributes = found;
    return status;
}

// The length of the name in an item; 0: none, as in the items of other makers, which need not end in NUL.
static int name_length(const struct item *item)
{
    int room = ((int)item->size - (int)offsetof(struct item, name)) / (int)sizeof(WCHAR), length = 0;
    if (item->kind != ITEM_DRIVE && item->kind != ITEM_FOLDER && item->kind != ITEM_FILE) return 0;
    while (length < room && item->name[length]) length++;
    return length < room ? length : 0;
}

HOTPATCH BOOL WINAPI SHGetPathFromIDListW(LPCITEMIDLIST list, LPWSTR path)
{
    int length = 0;
    if (!path) return FALSE;
    path[0] = 0;
    if (!list) return FALSE;
    for (; list->mkid.cb; list = ILGetNext(list)) {
        const struct item *item = (const struct item *)list;
        if (item->kind == ITEM_COMPUTER) continue;
        int size = name_length(item);
        if (!size || length + size + 1 >= MAX_PATH) break;
        if (length && path[length - 1] != '\\') path[length++] = '\\';
        memcpy(path + length, item->name, ((size_t)size + 1) * sizeof(WCHAR));
        length += size;
    }
    if (list->mkid.cb) path[0] = 0;
    return path[0] != 0;
}

HOTPATCH BOOL WINAPI SHGetPathFromIDListA(LPCITEMIDLIST list, LPSTR path)
{
    WCHAR wide[MAX_PATH];
    if (!path) return FALSE;
    path[0] = 0;
    return SHGetPathFromIDListW(list, wide) &&
           WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL);
}

// The desktop is the root of all: its list is empty.
HOTPATCH HRESULT WINAPI SHGetFolderLocation(HWND window, int folder, HANDLE token, DWORD reserved,
                                            LPITEMIDLIST *result)
{
    WCHAR path[MAX_PATH];
    if (!result) return E_INVALIDARG;
    *result = NULL;
    if (reserved) return E_INVALIDARG;
    if ((folder & 0xFF) == CSIDL_DESKTOP) {
        *result = CoTaskMemAlloc(sizeof(USHORT));
        if (!*result) return E_OUTOFMEMORY;
        (*result)->mkid.cb = 0;
        return S_OK;
    }
    if ((folder & 0xFF) == CSIDL_DRIVES) {
        *result = append(NULL, ITEM_COMPUTER, L"", 0);
        return *result ? S_OK : E_OUTOFMEMORY;
    }
    HRESULT status = SHGetFolderPathW(window, folder, token, SHGFP_TYPE_CURRENT, path);
    if (status == S_FALSE) return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    return FAILED(status) ? status : list_of_path(path, result);
}

HOTPATCH HRESULT WINAPI SHGetSpecialFolderLocation(HWND window, int folder, LPITEMIDLIST *result)
{
    return SHGetFolderLocation(window, folder, NULL, 0, result);
}

HOTPATCH LPITEMIDLIST WINAPI SHCloneSpecialIDList(HWND window, int folder, BOOL create)
{
    LPITEMIDLIST list;
    return SUCCEEDED(SHGetFolderLocation(window, folder | (create ? CSIDL_FLAG_CREATE : 0), NULL, 0, &list))
               ? list
               : NULL;
}
