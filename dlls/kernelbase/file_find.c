// Finding files by mask: a directory handle and a buffer of entries, read in batches.
#include "file_find.h"

struct search {
    DWORD magic;
    HANDLE directory; // NULL: everything has been read, or there is one entry only
    RTL_CRITICAL_SECTION lock;
    ULONG length; // of what the buffer holds
    ULONG position;
    bool basic; // no short names wanted
    char buffer[8192] __attribute__((aligned(8)));
};

// Copies an entry of NT's listing.
static void fill_data(WIN32_FIND_DATAW *data, const FILE_BOTH_DIR_INFORMATION *entry, bool basic)
{
    data->dwFileAttributes = entry->FileAttributes;
    memcpy(&data->ftCreationTime, &entry->CreationTime, sizeof(FILETIME));
    memcpy(&data->ftLastAccessTime, &entry->LastAccessTime, sizeof(FILETIME));
    memcpy(&data->ftLastWriteTime, &entry->LastWriteTime, sizeof(FILETIME));
    data->nFileSizeHigh = (DWORD)entry->EndOfFile.HighPart;
    data->nFileSizeLow = entry->EndOfFile.LowPart;
    // The size of extended attributes is the tag of a reparse point.
    data->dwReserved0 = entry->FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ? entry->EaSize : 0;
    data->dwReserved1 = 0;
    SIZE_T length = entry->FileNameLength / sizeof(WCHAR);
    if (length >= MAX_PATH) length = MAX_PATH - 1;
    memcpy(data->cFileName, entry->FileName, length * sizeof(WCHAR));
    data->cFileName[length] = 0;
    length = basic ? 0 : (SIZE_T)entry->ShortNameLength / sizeof(WCHAR);
    memcpy(data->cAlternateFileName, entry->ShortName, length * sizeof(WCHAR));
    data->cAlternateFileName[length] = 0;
}

static HANDLE fail_search(DWORD error)
{
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

static void free_search(struct search *search)
{
    if (search->directory) NtClose(search->directory);
    RtlDeleteCriticalSection(&search->lock);
    search->magic = 0;
    heap_free(search);
}

// DOS masks in the form that NT's matching wants: "*.*" is everything, '?' matches up to a dot, and a '*'
// before a dot stops at the last one.
static void translate_mask(UNICODE_STRING *mask, bool dot_at_end)
{
    SIZE_T length = mask->Length / sizeof(WCHAR);
    if (length == 3 && !memcmp(mask->Buffer, L"*.*", 6)) {
        mask->Length = sizeof(WCHAR);
        return;
    }
    for (SIZE_T i = 0; i < length; i++) {
        WCHAR *c = &mask->Buffer[i];
        if (*c == '?')
            *c = '>';
        else if (*c == '.' && i + 1 < length && (c[1] == '?' || c[1] == '*'))
            *c = '"';
        else if (*c == '*' && (i + 1 < length ? c[1] == '.' && i + 2 < length : dot_at_end))
            *c = '<';
    }
}

static struct search *new_search(HANDLE directory, bool basic)
{
    struct search *search = heap_alloc(sizeof(*search));
    if (!search) return NULL;
    search->magic = SEARCH_MAGIC;
    search->directory = directory;
    search->basic = basic;
    search->length = search->position = 0;
    RtlInitializeCriticalSection(&search->lock);
    return search;
}

// A device such as NUL is in every directory. device: where its name lies in path, as RtlIsDosDeviceName_U
// gives it.
static HANDLE find_device(const WCHAR *path, ULONG device, WIN32_FIND_DATAW *data)
{
    SIZE_T offset = (device >> 16) / sizeof(WCHAR), length = (device & 0xFFFF) / sizeof(WCHAR);
    if (offset) {
        AUTO_FREE WCHAR *directory = heap_alloc((offset + 1) * sizeof(WCHAR));
        if (!directory) return INVALID_HANDLE_VALUE;
        memcpy(directory, path, offset * sizeof(WCHAR));
        directory[offset] = 0;
        if (GetFileAttributesW(directory) == INVALID_FILE_ATTRIBUTES)
            return fail_search(ERROR_PATH_NOT_FOUND);
    }
    struct search *search = new_search(NULL, true);
    if (!search) return INVALID_HANDLE_VALUE;
    memset(data, 0, sizeof(*data));
    data->dwFileAttributes = FILE_ATTRIBUTE_ARCHIVE;
    memcpy(data->cFileName, path + offset, length * sizeof(WCHAR));
    return search;
}

HOTPATCH HANDLE WINAPI FindFirstFileExW(const WCHAR *path, FINDEX_INFO_LEVELS level, void *data,
                                        FINDEX_SEARCH_OPS operation, void *filter, DWORD flags)
{
    if (level >= FindExInfoMaxInfoLevel || operation >= FindExSearchMaxSearchOp || filter || !path)
        return fail_search(ERROR_INVALID_PARAMETER);
    AUTO_NAME struct nt_name name = {};
    WCHAR *file_part = NULL;
    if (!NT_SUCCESS(RtlDosPathNameToNtPathName_U_WithStatus(path, &name.name, &file_part, NULL)))
        return fail_search(ERROR_PATH_NOT_FOUND);
    ULONG device = RtlIsDosDeviceName_U(path);
    if (device) return find_device(path, device, data);
    // Without a last component there is nothing to look for: "C:\dir\" has no mask.
    if (!file_part || !file_part[0]) {
        bool exists = GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
        return fail_search(exists ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND);
    }

    // What follows the last separator is the mask; the rest names the directory.
    UNICODE_STRING mask;
    RtlInitUnicodeString(&mask, file_part);
    name.name.Length = (USHORT)((char *)file_part - (char *)name.name.Buffer);
    // The separator stays after a drive: "\??\C:\" is a directory, "\??\C:" a volume.
    USHORT length = name.name.Length / sizeof(WCHAR);
    if (length > 7 && name.name.Buffer[length - 2] != ':') name.name.Length -= sizeof(WCHAR);
    // RtlDosPathNameToNtPathName_U drops dots at the end; "dir\*." means names without extension.
    SIZE_T given = wide_length(path);
    bool dot_at_end = given && path[given - 1] == '.' && mask.Length >= sizeof(WCHAR) &&
                      mask.Buffer[mask.Length / sizeof(WCHAR) - 1] == '*';

    HANDLE directory = NULL;
    IO_STATUS_BLOCK io;
    InitializeObjectAttributes(&name.attributes, &name.name,
                               flags & FIND_FIRST_EX_CASE_SENSITIVE ? 0 : OBJ_CASE_INSENSITIVE, NULL, NULL);
    NTSTATUS status =
        NtOpenFile(&directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &name.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT);
    if (!NT_SUCCESS(status)) {
        // A directory that isn't one is a path that isn't there.
        if (status == STATUS_NOT_A_DIRECTORY) return fail_search(ERROR_DIRECTORY);
        if (status == STATUS_OBJECT_NAME_NOT_FOUND) return fail_search(ERROR_PATH_NOT_FOUND);
        set_error_from_status(status);
        return INVALID_HANDLE_VALUE;
    }
    struct search *search = new_search(directory, level == FindExInfoBasic);
    if (!search) {
        NtClose(directory);
        return INVALID_HANDLE_VALUE;
    }
    translate_mask(&mask, dot_at_end);
    status = NtQueryDirectoryFile(directory, NULL, NULL, NULL, &io, search->buffer, sizeof(search->buffer),
                                  FileBothDirectoryInformation, FALSE, &mask, TRUE);
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_OVERFLOW) {
        free_search(search);
        set_error_from_status(status);
        return INVALID_HANDLE_VALUE;
    }
    search->length = (ULONG)io.Information;
    const FILE_BOTH_DIR_INFORMATION *entry = (const void *)search->buffer;
    fill_data(data, entry, search->basic);
    search->position = entry->NextEntryOffset ? entry->NextEntryOffset : search->length;
    return search;
}

HOTPATCH BOOL WINAPI FindNextFileW(HANDLE handle, WIN32_FIND_DATAW *data)
{
    // The magic number is read without a probe here: this is called for every file of a tree.
    struct search *search = handle;
    if (!handle || handle == INVALID_HANDLE_VALUE || search->magic != SEARCH_MAGIC)
        return fail_with(ERROR_INVALID_HANDLE);
    NTSTATUS status = STATUS_SUCCESS;
    RtlEnterCriticalSection(&search->lock);
    if (search->position >= search->length) {
        IO_STATUS_BLOCK io = {};
        status = search->directory ? NtQueryDirectoryFile(search->directory, NULL, NULL, NULL, &io,
                                                          search->buffer, sizeof(search->buffer),
                                                          FileBothDirectoryInformation, FALSE, NULL, FALSE)
                                   : STATUS_NO_MORE_FILES;
        search->position = 0;
        search->length = NT_SUCCESS(status) ? (ULONG)io.Information : 0;
        if (status == STATUS_NO_MORE_FILES && search->directory) {
            // The directory can be removed while the search handle is still open.
            NtClose(search->directory);
            search->directory = NULL;
        }
    }
    if (NT_SUCCESS(status)) {
        const FILE_BOTH_DIR_INFORMATION *entry = (const void *)(search->buffer + search->position);
        fill_data(data, entry, search->basic);
        search->position =
            entry->NextEntryOffset ? search->position + entry->NextEntryOffset : search->length;
    }
    RtlLeaveCriticalSection(&search->lock);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI FindClose(HANDLE handle)
{
    DWORD *magic = handle;
    if (!handle || handle == INVALID_HANDLE_VALUE || IsBadReadPtr(magic, sizeof(*magic)))
        return fail_with(ERROR_INVALID_HANDLE);
    if (*magic == SEARCH_MAGIC)
        free_search(handle);
    else if (*magic == STREAM_SEARCH_MAGIC)
        stream_search_free(handle);
    else if (*magic == NAME_SEARCH_MAGIC)
        name_search_free(handle);
    else
        return fail_with(ERROR_INVALID_HANDLE);
    return TRUE;
}

HOTPATCH HANDLE WINAPI FindFirstFileW(const WCHAR *path, WIN32_FIND_DATAW *data)
{
    return FindFirstFileExW(path, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

// ---- ANSI ----

static void data_to_ansi(WIN32_FIND_DATAA *ansi, const WIN32_FIND_DATAW *wide)
{
    memcpy(ansi, wide, offsetof(WIN32_FIND_DATAA, cFileName));
    ansi->cFileName[0] = ansi->cAlternateFileName[0] = 0;
    file_ansi_from_wide(ansi->cFileName, sizeof(ansi->cFileName), wide->cFileName,
                        wide_length(wide->cFileName));
    file_ansi_from_wide(ansi->cAlternateFileName, sizeof(ansi->cAlternateFileName), wide->cAlternateFileName,
                        wide_length(wide->cAlternateFileName));
}

HOTPATCH HANDLE WINAPI FindFirstFileExA(const char *path, FINDEX_INFO_LEVELS level, void *data,
                                        FINDEX_SEARCH_OPS operation, void *filter, DWORD flags)
{
    WIN32_FIND_DATAW wide_data;
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return INVALID_HANDLE_VALUE;
    HANDLE handle = FindFirstFileExW(wide, level, &wide_data, operation, filter, flags);
    if (handle != INVALID_HANDLE_VALUE) data_to_ansi(data, &wide_data);
    return handle;
}

HOTPATCH HANDLE WINAPI FindFirstFileA(const char *path, WIN32_FIND_DATAA *data)
{
    return FindFirstFileExA(path, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

HOTPATCH BOOL WINAPI FindNextFileA(HANDLE handle, WIN32_FIND_DATAA *data)
{
    WIN32_FIND_DATAW wide;
    if (!FindNextFileW(handle, &wide)) return FALSE;
    data_to_ansi(data, &wide);
    return TRUE;
}
