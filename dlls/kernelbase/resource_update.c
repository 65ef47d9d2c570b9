// Changing the resources of PE files: BeginUpdateResource to EndUpdateResource. The handle is movable memory,
// as on Windows, whose seventh pointer is the file's name.
#include "resource_update.h"

struct update {
    struct resource *list;
    void *reserved[5];
    HGLOBAL file_name;
};

// ---- beginning ----

static HGLOBAL copy_name(const WCHAR *path)
{
    SIZE_T size = (wide_length(path) + 1) * sizeof(WCHAR);
    HGLOBAL copy = GlobalAlloc(GMEM_MOVEABLE, size);
    if (!copy) return NULL;
    memcpy(GlobalLock(copy), path, size);
    GlobalUnlock(copy);
    return copy;
}

static void update_free(HANDLE handle, struct update *update)
{
    resource_list_free(update->list);
    GlobalFree(update->file_name);
    GlobalUnlock(handle);
    GlobalFree(handle);
}

// The file must be there and be a PE file. It is not kept open: EndUpdateResource reads it again.
HOTPATCH HANDLE WINAPI BeginUpdateResourceW(const WCHAR *path, BOOL delete_existing)
{
    struct resource_image image;
    HANDLE handle = GlobalAlloc(GHND, sizeof(struct update));
    if (!handle) return NULL;
    struct update *update = GlobalLock(handle);
    update->file_name = copy_name(path);
    bool good = update->file_name && resource_image_read(&image, path) &&
                (delete_existing || resource_image_list(&image, &update->list));
    if (update->file_name) resource_image_free(&image);
    if (good) {
        GlobalUnlock(handle);
        return handle;
    }
    DWORD error = GetLastError();
    update_free(handle, update);
    SetLastError(error);
    return NULL;
}

HOTPATCH HANDLE WINAPI BeginUpdateResourceA(const char *path, BOOL delete_existing)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return conversion_failed(path, wide) ? NULL : BeginUpdateResourceW(wide, delete_existing);
}

// ---- changing ----

static BOOL id_from_wide(struct resource_id *id, const WCHAR *text)
{
    *id = (struct resource_id){.number = (WORD)(ULONG_PTR)text};
    if (!((ULONG_PTR)text >> 16)) return TRUE;
    SIZE_T length = wide_length(text);
    if (length > 0xFFFF) return fail_with(ERROR_INVALID_PARAMETER);
    id->text = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!id->text) return FALSE;
    for (SIZE_T i = 0; i < length; i++) id->text[i] = RtlUpcaseUnicodeChar(text[i]);
    id->length = (WORD)length;
    return TRUE;
}

HOTPATCH BOOL WINAPI UpdateResourceW(HANDLE handle, const WCHAR *type, const WCHAR *name, WORD language,
                                     void *data, DWORD size)
{
    struct resource_id type_id, name_id;
    struct update *update = GlobalLock(handle);
    if (!update) return FALSE;
    BOOL done = id_from_wide(&type_id, type);
    if (done && !id_from_wide(&name_id, name)) {
        if (type_id.text) heap_free(type_id.text);
        done = FALSE;
    }
    if (done)
        done = resource_list_set(&update->list, type_id, name_id, language, 0, size ? data : NULL, size);
    GlobalUnlock(handle);
    return done;
}

HOTPATCH BOOL WINAPI UpdateResourceA(HANDLE handle, const char *type, const char *name, WORD language,
                                     void *data, DWORD size)
{
    bool type_is_text = (ULONG_PTR)type >> 16, name_is_text = (ULONG_PTR)name >> 16;
    AUTO_FREE WCHAR *wide_type = type_is_text ? wide_from_ansi(type) : NULL;
    AUTO_FREE WCHAR *wide_name = name_is_text ? wide_from_ansi(name) : NULL;
    if ((type_is_text && !wide_type) || (name_is_text && !wide_name)) return FALSE;
    return UpdateResourceW(handle, wide_type ? wide_type : (const WCHAR *)type,
                           wide_name ? wide_name : (const WCHAR *)name, language, data, size);
}

// ---- ending ----

static BOOL write_file(const struct resource_image *image, const WCHAR *path)
{
    DWORD written = 0;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    BOOL done = WriteFile(file, image->bytes, image->size, &written, NULL);
    if (done && written != image->size) done = fail_with(ERROR_DISK_FULL);
    NtClose(file);
    return done;
}

// Writes beside the file and renames, so that a full disk leaves the file as it was.
static BOOL replace_file(const struct resource_image *image, const WCHAR *path)
{
    WCHAR directory[MAX_PATH], temporary[MAX_PATH], *base = NULL;
    DWORD length = GetFullPathNameW(path, MAX_PATH, directory, &base);
    if (!length) return FALSE;
    if (length >= MAX_PATH || !base) return fail_with(ERROR_FILENAME_EXCED_RANGE);
    *base = 0;
    if (!GetTempFileNameW(directory, L"RCX", 0, temporary)) return FALSE;
    if (write_file(image, temporary) && MoveFileExW(temporary, path, MOVEFILE_REPLACE_EXISTING)) return TRUE;
    DWORD error = GetLastError();
    DeleteFileW(temporary);
    return fail_with(error);
}

HOTPATCH BOOL WINAPI EndUpdateResourceW(HANDLE handle, BOOL discard)
{
    struct resource_image image = {};
    struct update *update = GlobalLock(handle);
    if (!update) return FALSE;
    BOOL done = TRUE;
    if (!discard) {
        const WCHAR *path = GlobalLock(update->file_name);
        done = resource_image_read(&image, path) && resource_image_replace(&image, update->list) &&
               replace_file(&image, path);
        resource_image_free(&image);
        GlobalUnlock(update->file_name);
    }
    DWORD error = GetLastError();
    update_free(handle, update);
    SetLastError(error);
    return done;
}

HOTPATCH BOOL WINAPI EndUpdateResourceA(HANDLE handle, BOOL discard)
{
    return EndUpdateResourceW(handle, discard);
}
