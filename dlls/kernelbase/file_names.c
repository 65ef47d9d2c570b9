// FindFirstFileName: the names of a file. All are read at once and told in turn, each from the volume's root
// on.
#include "file_find.h"

struct name_search {
    DWORD magic;
    RTL_CRITICAL_SECTION lock;
    FILE_LINK_ENTRY_INFORMATION *next; // NULL: all are told
    USHORT directory_length;           // of the directory that they lie in, with its last backslash
    WCHAR directory[];
};

static HANDLE fail_search(DWORD error)
{
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

// The directory of a file within its volume, in a buffer of FILE_NAME_INFORMATION. False with the last error.
static bool read_directory(HANDLE file, FILE_NAME_INFORMATION *name, ULONG size)
{
    IO_STATUS_BLOCK io;
    if (!bool_from_status(NtQueryInformationFile(file, &io, name, size, FileNameInformation))) return false;
    ULONG length = name->FileNameLength / sizeof(WCHAR);
    while (length && name->FileName[length - 1] != '\\') length--;
    name->FileNameLength = length;
    return true;
}

// A search with the names behind it; NULL and the last error.
static struct name_search *read_names(HANDLE file)
{
    enum { NAME_BYTES = 65536 };
    AUTO_FREE FILE_NAME_INFORMATION *name = heap_alloc(NAME_BYTES);
    if (!name || !read_directory(file, name, NAME_BYTES)) return NULL;
    SIZE_T head = sizeof(struct name_search) + (name->FileNameLength + 4) * sizeof(WCHAR);
    head = (head + 7) & ~(SIZE_T)7;
    for (ULONG size = 1024;;) {
        IO_STATUS_BLOCK io;
        struct name_search *search = heap_alloc(head + size);
        if (!search) return NULL;
        FILE_LINKS_INFORMATION *links = (void *)((char *)search + head);
        NTSTATUS status =
            NtQueryInformationFile(file, &io, links, size, (FILE_INFORMATION_CLASS)FileHardLinkInformation);
        if (status == STATUS_SUCCESS) {
            search->next = &links->Entry;
            search->directory_length = (USHORT)name->FileNameLength;
            memcpy(search->directory, name->FileName, name->FileNameLength * sizeof(WCHAR));
            return search;
        }
        if (status == STATUS_BUFFER_OVERFLOW) size = links->BytesNeeded;
        heap_free(search);
        if (status == STATUS_BUFFER_OVERFLOW) continue;
        set_error_from_status(status);
        return NULL;
    }
}

// Tells the next name; *length: room in characters, then what the name takes with its NUL.
static BOOL tell(struct name_search *search, DWORD *length, WCHAR *buffer)
{
    FILE_LINK_ENTRY_INFORMATION *link = search->next;
    DWORD needed = search->directory_length + link->FileNameLength + 1, room = *length;
    *length = needed;
    if (room < needed) return fail_with(ERROR_MORE_DATA);
    memcpy(buffer, search->directory, search->directory_length * sizeof(WCHAR));
    memcpy(buffer + search->directory_length, link->FileName, link->FileNameLength * sizeof(WCHAR));
    buffer[needed - 1] = 0;
    search->next = link->NextEntryOffset ? (void *)((char *)link + link->NextEntryOffset) : NULL;
    return TRUE;
}

HOTPATCH HANDLE WINAPI FindFirstFileNameW(const WCHAR *path, DWORD flags, DWORD *length, WCHAR *buffer)
{
    if (flags || !path || !length || !buffer) return fail_search(ERROR_INVALID_PARAMETER);
    HANDLE file =
        CreateFileW(path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (file == INVALID_HANDLE_VALUE) return file;
    struct name_search *search = read_names(file);
    NtClose(file);
    if (!search) return INVALID_HANDLE_VALUE;
    if (!tell(search, length, buffer)) {
        heap_free(search);
        return INVALID_HANDLE_VALUE;
    }
    search->magic = NAME_SEARCH_MAGIC;
    RtlInitializeCriticalSection(&search->lock);
    return search;
}

HOTPATCH BOOL WINAPI FindNextFileNameW(HANDLE handle, DWORD *length, WCHAR *buffer)
{
    struct name_search *search = handle;
    if (!handle || handle == INVALID_HANDLE_VALUE || search->magic != NAME_SEARCH_MAGIC)
        return fail_with(ERROR_INVALID_HANDLE);
    RtlEnterCriticalSection(&search->lock);
    BOOL told = search->next ? tell(search, length, buffer) : fail_with(ERROR_HANDLE_EOF);
    RtlLeaveCriticalSection(&search->lock);
    return told;
}

void name_search_free(HANDLE handle)
{
    struct name_search *search = handle;
    RtlDeleteCriticalSection(&search->lock);
    search->magic = 0;
    heap_free(search);
}
