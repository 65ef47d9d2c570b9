// The streams of a file, found one after the other: all are read at once and told in turn.
#include "file_find.h"

struct stream_search {
    DWORD magic;
    RTL_CRITICAL_SECTION lock;
    FILE_STREAM_INFORMATION *next; // NULL: all are told
};

static HANDLE fail_search(DWORD error)
{
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

// Reads what streams a file has behind a search of its own; NULL and the last error.
static struct stream_search *read_streams(HANDLE file)
{
    const SIZE_T head = (sizeof(struct stream_search) + 7) & ~(SIZE_T)7;
    for (ULONG size = 4096;; size *= 2) {
        IO_STATUS_BLOCK io;
        struct stream_search *search = heap_alloc(head + size);
        if (!search) return NULL;
        FILE_STREAM_INFORMATION *first = (void *)((char *)search + head);
        NTSTATUS status = NtQueryInformationFile(file, &io, first, size, FileStreamInformation);
        if (NT_SUCCESS(status) && io.Information) {
            search->next = first;
            return search;
        }
        heap_free(search);
        if (status == STATUS_BUFFER_OVERFLOW) continue;
        if (NT_SUCCESS(status)) status = STATUS_END_OF_FILE; // a directory without any
        set_error_from_status(status);
        return NULL;
    }
}

static void tell(struct stream_search *search, WIN32_FIND_STREAM_DATA *data)
{
    FILE_STREAM_INFORMATION *stream = search->next;
    SIZE_T length = stream->StreamNameLength / sizeof(WCHAR);
    if (length >= ARRAY_LENGTH(data->cStreamName)) length = ARRAY_LENGTH(data->cStreamName) - 1;
    data->StreamSize = stream->StreamSize;
    memcpy(data->cStreamName, stream->StreamName, length * sizeof(WCHAR));
    data->cStreamName[length] = 0;
    search->next = stream->NextEntryOffset ? (void *)((char *)stream + stream->NextEntryOffset) : NULL;
}

HOTPATCH HANDLE WINAPI FindFirstStreamW(const WCHAR *path, STREAM_INFO_LEVELS level, void *data, DWORD flags)
{
    if (level != FindStreamInfoStandard || flags || !path || !data)
        return fail_search(ERROR_INVALID_PARAMETER);
    HANDLE file =
        CreateFileW(path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file == INVALID_HANDLE_VALUE) return file;
    struct stream_search *search = read_streams(file);
    NtClose(file);
    if (!search) return INVALID_HANDLE_VALUE;
    search->magic = STREAM_SEARCH_MAGIC;
    RtlInitializeCriticalSection(&search->lock);
    tell(search, data);
    return search;
}

HOTPATCH BOOL WINAPI FindNextStreamW(HANDLE handle, void *data)
{
    struct stream_search *search = handle;
    if (!handle || handle == INVALID_HANDLE_VALUE || search->magic != STREAM_SEARCH_MAGIC)
        return fail_with(ERROR_INVALID_HANDLE);
    RtlEnterCriticalSection(&search->lock);
    bool more = search->next;
    if (more) tell(search, data);
    RtlLeaveCriticalSection(&search->lock);
    return more || fail_with(ERROR_HANDLE_EOF);
}

void stream_search_free(HANDLE handle)
{
    struct stream_search *search = handle;
    RtlDeleteCriticalSection(&search->lock);
    search->magic = 0;
    heap_free(search);
}
