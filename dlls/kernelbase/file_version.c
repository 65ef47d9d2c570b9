// Version resources of files: reading them, and looking values up in what was read.
#include "base.h"
#include <winver.h>

// What stands behind the resource in a buffer of GetFileVersionInfo; behind it is room for texts in ANSI.
#define ANSI_MARK      "FE2X"
#define ANSI_MARK_SIZE 4

// ---- reading ----

// The resource in a module; NULL with the last error when it has none.
static const void *find_version(HMODULE module, DWORD flags, DWORD *size)
{
    WORD language = flags & FILE_VER_GET_LOCALISED ? GetUserDefaultUILanguage()
                                                   : MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL);
    HRSRC resource =
        FindResourceExW(module, (WCHAR *)RT_VERSION, MAKEINTRESOURCEW(VS_VERSION_INFO), language);
    if (!resource) resource = FindResourceW(module, MAKEINTRESOURCEW(VS_VERSION_INFO), (WCHAR *)RT_VERSION);
    HGLOBAL loaded = resource ? LoadResource(module, resource) : NULL;
    if (!loaded) {
        SetLastError(ERROR_RESOURCE_TYPE_NOT_FOUND);
        return NULL;
    }
    const WORD *data = LockResource(loaded);
    *size = SizeofResource(module, resource);
    if (*size < 3 * sizeof(WORD)) {
        SetLastError(ERROR_RESOURCE_DATA_NOT_FOUND);
        return NULL;
    }
    // The resource says its own length; padding may follow.
    if (data[0] >= 3 * sizeof(WORD) && data[0] < *size) *size = data[0];
    return data;
}

static HMODULE open_module(const WCHAR *file)
{
    if (!file) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!*file) {
        SetLastError(ERROR_BAD_PATHNAME);
        return NULL;
    }
    HMODULE module = LoadLibraryExW(file, NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module && GetLastError() == ERROR_BAD_EXE_FORMAT) SetLastError(ERROR_RESOURCE_DATA_NOT_FOUND);
    return module;
}

// The bytes that a file's version information needs; 0 with the last error when the file has none. A success
// clears the last error.
HOTPATCH DWORD WINAPI GetFileVersionInfoSizeExW(DWORD flags, const WCHAR *file, DWORD *handle)
{
    DWORD size = 0, error = ERROR_SUCCESS;
    if (handle) *handle = 0;
    HMODULE module = open_module(file);
    if (!module) return 0;
    if (!find_version(module, flags, &size)) {
        error = GetLastError();
        size = 0;
    }
    FreeLibrary(module);
    SetLastError(error);
    return size ? 2 * size + ANSI_MARK_SIZE : 0;
}

// Copies a file's version information into data, as much of it as size holds.
HOTPATCH BOOL WINAPI GetFileVersionInfoExW(DWORD flags, const WCHAR *file, DWORD handle, DWORD size,
                                           void *data)
{
    (void)handle;
    DWORD length = 0, error = ERROR_SUCCESS;
    if (!data) return fail_with(ERROR_INVALID_DATA);
    HMODULE module = open_module(file);
    if (!module) return FALSE;
    const void *resource = find_version(module, flags, &length);
    if (resource) {
        memcpy(data, resource, length < size ? length : size);
        if (size >= length + ANSI_MARK_SIZE) memcpy((char *)data + length, ANSI_MARK, ANSI_MARK_SIZE);
    } else {
        error = GetLastError();
    }
    FreeLibrary(module);
    SetLastError(error);
    return resource != NULL;
}

HOTPATCH DWORD WINAPI GetFileVersionInfoSizeW(const WCHAR *file, DWORD *handle)
{
    return GetFileVersionInfoSizeExW(FILE_VER_GET_LOCALISED, file, handle);
}

HOTPATCH BOOL WINAPI GetFileVersionInfoW(const WCHAR *file, DWORD handle, DWORD size, void *data)
{
    return GetFileVersionInfoExW(FILE_VER_GET_LOCALISED, file, handle, size, data);
}

HOTPATCH DWORD WINAPI GetFileVersionInfoSizeExA(DWORD flags, const char *file, DWORD *handle)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(file);
    return conversion_failed(file, wide) ? 0 : GetFileVersionInfoSizeExW(flags, wide, handle);
}

HOTPATCH BOOL WINAPI GetFileVersionInfoExA(DWORD flags, const char *file, DWORD handle, DWORD size,
                                           void *data)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(file);
    return !conversion_failed(file, wide) && GetFileVersionInfoExW(flags, wide, handle, size, data);
}

HOTPATCH DWORD WINAPI GetFileVersionInfoSizeA(const char *file, DWORD *handle)
{
    return GetFileVersionInfoSizeExA(FILE_VER_GET_LOCALISED, file, handle);
}

HOTPATCH BOOL WINAPI GetFileVersionInfoA(const char *file, DWORD handle, DWORD size, void *data)
{
    return GetFileVersionInfoExA(FILE_VER_GET_LOCALISED, file, handle, size, data);
}

// ---- looking up ----

// One block, as the resource holds it: three words, the key, at the next multiple of four the value, at the
// next multiple of four the blocks inside. length counts all of it.
struct block {
    WORD length;
    WORD value_length; // of a text in characters
    WORD is_text;
    WCHAR key[];
};

// Offsets are from the resource's start, which alignment counts from; all stay within end.
struct place {
    const char *base;
    DWORD at, end;
};

static DWORD align4(DWORD offset)
{
    return (offset + 3) & ~3u;
}

static bool valid_block(struct place place)
{
    const struct block *block = (const void *)(place.base + place.at);
    return place.at + sizeof(*block) <= place.end && block->length >= sizeof(*block) &&
           block->length <= place.end - place.at;
}

static const struct block *block_at(struct place place)
{
    return (const void *)(place.base + place.at);
}

static DWORD block_end(struct place place)
{
    return place.at + block_at(place)->length;
}

// Where the value lies, and its bytes.
static DWORD value_of(struct place place, DWORD *size)
{
    const struct block *block = block_at(place);
    DWORD end = block_end(place), at = place.at + sizeof(*block);
    while (at + sizeof(WCHAR) <= end && *(const WCHAR *)(place.base + at)) at += sizeof(WCHAR);
    at = align4(at + sizeof(WCHAR));
    if (at > end) at = end;
    *size = block->value_length * (block->is_text ? sizeof(WCHAR) : 1);
    if (*size > end - at) *size = end - at;
    return at;
}

static bool key_equals(struct place place, const WCHAR *name, SIZE_T length)
{
    const WCHAR *key = block_at(place)->key;
    SIZE_T room = (block_at(place)->length - sizeof(struct block)) / sizeof(WCHAR), n = 0;
    while (n < room && key[n]) n++;
    return n == length && !RtlCompareUnicodeStrings(key, n, name, length, TRUE);
}

// The block inside place whose key is name.
static bool find_child(struct place *place, const WCHAR *name, SIZE_T length)
{
    DWORD size, value = value_of(*place, &size);
    struct place child = {place->base, align4(value + size), block_end(*place)};
    while (child.at < child.end && valid_block(child)) {
        if (key_equals(child, name, length)) {
            child.end = block_end(child);
            *place = child;
            return true;
        }
        child.at = align4(block_end(child));
    }
    return false;
}

// Follows path, whose parts backslashes separate, from the whole resource inwards.
static bool find_block(const void *data, const WCHAR *path, struct place *place)
{
    *place = (struct place){data, 0, data ? *(const WORD *)data : 0};
    if (!data || !valid_block(*place)) return fail_with(ERROR_INVALID_DATA);
    while (path && *path) {
        while (*path == '\\') path++;
        SIZE_T length = 0;
        while (path[length] && path[length] != '\\') length++;
        if (length && !find_child(place, path, length)) return fail_with(ERROR_RESOURCE_TYPE_NOT_FOUND);
        path += length;
    }
    return true;
}

// The value at a path: in *length the characters of a text with its NUL, the bytes of anything else.
HOTPATCH BOOL WINAPI VerQueryValueW(const void *data, const WCHAR *path, void **value, UINT *length)
{
    struct place place;
    DWORD size = 0;
    if (length) *length = 0;
    if (!find_block(data, path, &place)) return FALSE;
    *value = (void *)(place.base + value_of(place, &size));
    if (length) *length = block_at(place)->is_text ? size / sizeof(WCHAR) : size;
    return TRUE;
}

// Texts are converted into the room behind the resource, each to a place of its own.
HOTPATCH BOOL WINAPI VerQueryValueA(const void *data, const char *path, void **value, UINT *length)
{
    struct place place;
    DWORD size = 0;
    AUTO_FREE WCHAR *wide = wide_from_ansi(path);
    if (length) *length = 0;
    if (conversion_failed(path, wide) || !find_block(data, wide, &place)) return FALSE;
    DWORD at = value_of(place, &size);
    *value = (void *)(place.base + at);
    if (block_at(place)->is_text && size) {
        char *room = (char *)data + *(const WORD *)data + ANSI_MARK_SIZE + at;
        ULONG written = 0;
        RtlUnicodeToMultiByteN(room, size, &written, (const WCHAR *)*value, size);
        *value = room;
        size = written;
    }
    if (length) *length = size;
    return TRUE;
}
