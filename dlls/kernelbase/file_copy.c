// Copying files with all their streams, and telling a program's routine how far it is.
#include "file_copy.h"

#define COPY_BUFFER (256u << 10)

enum copy_event { STREAM_STARTED, CHUNK_STARTED, CHUNK_FINISHED, STREAM_FINISHED };

// What a routine is to be told, and what it answered.
enum copy_answer { COPY_ON, COPY_QUIETLY, COPY_STOP, COPY_CANCEL };

struct copy {
    HANDLE source, target; // of the stream at hand
    const WCHAR *source_path, *target_path;
    enum copy_answer (*tell)(struct copy *copy, enum copy_event event); // NULL: nobody listens
    LPPROGRESS_ROUTINE routine;
    PCOPYFILE2_PROGRESS_ROUTINE routine2;
    void *data;
    const BOOL *cancel;
    bool keep_part; // stopped, to be begun again later
    DWORD stream;   // from 1
    ULARGE_INTEGER chunk, chunk_size;
    LARGE_INTEGER size, done;               // of the file
    LARGE_INTEGER stream_size, stream_done; // of the stream at hand
};

static enum copy_answer tell_progress(struct copy *copy, enum copy_event event)
{
    if (event == CHUNK_STARTED || event == STREAM_FINISHED) return COPY_ON;
    DWORD reason = event == STREAM_STARTED ? CALLBACK_STREAM_SWITCH : CALLBACK_CHUNK_FINISHED;
    switch (copy->routine(copy->size, copy->done, copy->stream_size, copy->stream_done, copy->stream, reason,
                          copy->source, copy->target, copy->data)) {
    case PROGRESS_CANCEL: return COPY_CANCEL;
    case PROGRESS_STOP: return COPY_STOP;
    case PROGRESS_QUIET: return COPY_QUIETLY;
    default: return COPY_ON;
    }
}

static ULARGE_INTEGER to_unsigned(LARGE_INTEGER value)
{
    return (ULARGE_INTEGER){.QuadPart = (ULONGLONG)value.QuadPart};
}

// The messages differ in what they have beside a common beginning.
static enum copy_answer tell_message(struct copy *copy, enum copy_event event)
{
    static const COPYFILE2_MESSAGE_TYPE types[] = {
        [STREAM_STARTED] = COPYFILE2_CALLBACK_STREAM_STARTED,
        [CHUNK_STARTED] = COPYFILE2_CALLBACK_CHUNK_STARTED,
        [CHUNK_FINISHED] = COPYFILE2_CALLBACK_CHUNK_FINISHED,
        [STREAM_FINISHED] = COPYFILE2_CALLBACK_STREAM_FINISHED,
    };
    COPYFILE2_MESSAGE message;
    memset(&message, 0, sizeof(message));
    message.Type = types[event];
    ULARGE_INTEGER size = to_unsigned(copy->size), stream_size = to_unsigned(copy->stream_size);
    // All four begin with the stream's number and the handles.
    message.Info.StreamStarted.dwStreamNumber = copy->stream;
    message.Info.StreamStarted.hSourceFile = copy->source;
    message.Info.StreamStarted.hDestinationFile = copy->target;
    switch (event) {
    case STREAM_STARTED:
        message.Info.StreamStarted.uliStreamSize = stream_size;
        message.Info.StreamStarted.uliTotalFileSize = size;
        break;
    case CHUNK_STARTED:
        message.Info.ChunkStarted.uliChunkNumber = copy->chunk;
        message.Info.ChunkStarted.uliChunkSize = copy->chunk_size;
        message.Info.ChunkStarted.uliStreamSize = stream_size;
        message.Info.ChunkStarted.uliTotalFileSize = size;
        break;
    case CHUNK_FINISHED:
        message.Info.ChunkFinished.uliChunkNumber = copy->chunk;
        message.Info.ChunkFinished.uliChunkSize = copy->chunk_size;
        message.Info.ChunkFinished.uliStreamSize = stream_size;
        message.Info.ChunkFinished.uliStreamBytesTransferred = to_unsigned(copy->stream_done);
        message.Info.ChunkFinished.uliTotalFileSize = size;
        message.Info.ChunkFinished.uliTotalBytesTransferred = to_unsigned(copy->done);
        break;
    case STREAM_FINISHED:
        message.Info.StreamFinished.uliStreamSize = stream_size;
        message.Info.StreamFinished.uliStreamBytesTransferred = to_unsigned(copy->stream_done);
        message.Info.StreamFinished.uliTotalFileSize = size;
        message.Info.StreamFinished.uliTotalBytesTransferred = to_unsigned(copy->done);
        break;
    }
    switch (copy->routine2(&message, copy->data)) {
    case COPYFILE2_PROGRESS_CANCEL: return COPY_CANCEL;
    case COPYFILE2_PROGRESS_STOP:
    case COPYFILE2_PROGRESS_PAUSE: return COPY_STOP;
    case COPYFILE2_PROGRESS_QUIET: return COPY_QUIETLY;
    default: return COPY_ON;
    }
}

// Tells whoever listens: ERROR_SUCCESS, or why not to go on.
static DWORD report(struct copy *copy, enum copy_event event)
{
    if (copy->cancel && *(volatile const BOOL *)copy->cancel) return ERROR_REQUEST_ABORTED;
    enum copy_answer answer = copy->tell ? copy->tell(copy, event) : COPY_ON;
    if (answer == COPY_QUIETLY) copy->tell = NULL;
    if (answer == COPY_STOP) copy->keep_part = true;
    return answer == COPY_STOP || answer == COPY_CANCEL ? ERROR_REQUEST_ABORTED : ERROR_SUCCESS;
}

static DWORD copy_chunk(struct copy *copy, char *buffer, bool *end)
{
    DWORD got, put;
    if (!ReadFile(copy->source, buffer, COPY_BUFFER, &got, NULL)) return GetLastError();
    *end = !got;
    if (!got) return ERROR_SUCCESS;
    copy->chunk_size.QuadPart = got;
    DWORD error = report(copy, CHUNK_STARTED);
    if (error) return error;
    if (!WriteFile(copy->target, buffer, got, &put, NULL)) return GetLastError();
    copy->done.QuadPart += put;
    copy->stream_done.QuadPart += put;
    error = report(copy, CHUNK_FINISHED);
    copy->chunk.QuadPart++;
    return error;
}

// Copies what source has to target, both open.
static DWORD copy_contents(struct copy *copy)
{
    AUTO_FREE char *buffer = heap_alloc(COPY_BUFFER);
    if (!buffer) return ERROR_NOT_ENOUGH_MEMORY;
    copy->stream++;
    copy->chunk.QuadPart = 0;
    copy->stream_done.QuadPart = 0;
    DWORD error = report(copy, STREAM_STARTED);
    for (bool end = false; !error && !end;) error = copy_chunk(copy, buffer, &end);
    return error ? error : report(copy, STREAM_FINISHED);
}

// ---- alternate streams ----

// path with a stream's name (":name:$DATA") behind it; allocated.
static WCHAR *stream_path(const WCHAR *path, const WCHAR *stream)
{
    SIZE_T length = wide_length(path), name = wide_length(stream);
    WCHAR *full = heap_alloc((length + name + 1) * sizeof(WCHAR));
    if (!full) return NULL;
    memcpy(full, path, length * sizeof(WCHAR));
    memcpy(full + length, stream, (name + 1) * sizeof(WCHAR));
    return full;
}

static DWORD copy_stream(struct copy *copy, const WIN32_FIND_STREAM_DATA *stream)
{
    AUTO_FREE WCHAR *from = stream_path(copy->source_path, stream->cStreamName);
    AUTO_FREE WCHAR *to = stream_path(copy->target_path, stream->cStreamName);
    if (!from || !to) return ERROR_NOT_ENOUGH_MEMORY;
    HANDLE source = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (source == INVALID_HANDLE_VALUE) return GetLastError();
    AUTO_CLOSE HANDLE close_source = source;
    HANDLE target = CreateFileW(to, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    // A file system without streams gets what it can keep.
    if (target == INVALID_HANDLE_VALUE)
        return GetLastError() == ERROR_INVALID_NAME ? ERROR_SUCCESS : GetLastError();
    AUTO_CLOSE HANDLE close_target = target;
    copy->source = source;
    copy->target = target;
    copy->stream_size = stream->StreamSize;
    return copy_contents(copy);
}

// Whether an open file has more than its data. Nearly none has: one call tells.
static bool has_streams(HANDLE file)
{
    struct {
        FILE_STREAM_INFORMATION info;
        WCHAR text[16];
    } first;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(file, &io, &first, sizeof(first), FileStreamInformation);
    return status == STATUS_BUFFER_OVERFLOW ||
           (NT_SUCCESS(status) && io.Information && first.info.NextEntryOffset);
}

static DWORD copy_streams(struct copy *copy)
{
    static const WCHAR data[] = L"::$DATA";
    WIN32_FIND_STREAM_DATA stream;
    if (!has_streams(copy->source)) return ERROR_SUCCESS;
    HANDLE search = FindFirstStreamW(copy->source_path, FindStreamInfoStandard, &stream, 0);
    if (search == INVALID_HANDLE_VALUE) return GetLastError();
    DWORD error = ERROR_SUCCESS;
    do {
        if (wide_length(stream.cStreamName) != ARRAY_LENGTH(data) - 1 ||
            memcmp(stream.cStreamName, data, sizeof(data)))
            error = copy_stream(copy, &stream);
    } while (!error && FindNextStreamW(search, &stream));
    FindClose(search);
    return error;
}

// ---- files ----

void delete_open_file(HANDLE file)
{
    FILE_DISPOSITION_INFORMATION info = {TRUE};
    IO_STATUS_BLOCK io;
    NtSetInformationFile(file, &io, &info, sizeof(info), FileDispositionInformation);
}

static bool identify(HANDLE file, FILE_ID_INFO *id)
{
    IO_STATUS_BLOCK io;
    return NT_SUCCESS(
        NtQueryInformationFile(file, &io, id, sizeof(*id), (FILE_INFORMATION_CLASS)FileIdInformation));
}

bool are_one_file(HANDLE first, HANDLE second)
{
    FILE_ID_INFO one, other;
    return identify(first, &one) && identify(second, &other) && !memcmp(&one, &other, sizeof(one));
}

// Whether path leads to the open file.
static bool is_same_file(HANDLE file, const WCHAR *path)
{
    HANDLE other =
        CreateFileW(path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (other == INVALID_HANDLE_VALUE) return false;
    bool same = are_one_file(file, other);
    NtClose(other);
    return same;
}

// Opens the target. One that others have open is written all the same where they share that, and then only
// deleted by a failed copy if they share that too. A file is no target of its own.
static HANDLE open_target(HANDLE source, const WCHAR *target, DWORD disposition, DWORD attributes)
{
    static const struct {
        DWORD access, sharing;
    } attempts[] = {
        {GENERIC_WRITE | DELETE, 0},
        {GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_WRITE},
        {GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE},
    };
    HANDLE file = INVALID_HANDLE_VALUE;
    for (size_t i = 0; i < ARRAY_LENGTH(attempts); i++) {
        file =
            CreateFileW(target, attempts[i].access, attempts[i].sharing, NULL, disposition, attributes, NULL);
        if (file != INVALID_HANDLE_VALUE || GetLastError() != ERROR_SHARING_VIOLATION) break;
        if (!i && is_same_file(source, target)) {
            SetLastError(ERROR_SHARING_VIOLATION);
            break;
        }
    }
    return file;
}

// Copies copy's paths. The copy has the source's attributes and last write time. The last error is set.
static BOOL copy_file(struct copy *copy, DWORD flags)
{
    FILE_BASIC_INFORMATION basic;
    FILE_STANDARD_INFORMATION standard;
    IO_STATUS_BLOCK io;
    if (!copy->source_path || !copy->target_path) return fail_with(ERROR_PATH_NOT_FOUND);
    HANDLE from =
        CreateFileW(copy->source_path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (from == INVALID_HANDLE_VALUE) return FALSE;
    AUTO_CLOSE HANDLE close_from = from;
    NTSTATUS status = NtQueryInformationFile(from, &io, &basic, sizeof(basic), FileBasicInformation);
    if (NT_SUCCESS(status))
        status = NtQueryInformationFile(from, &io, &standard, sizeof(standard), FileStandardInformation);
    if (!bool_from_status(status)) return FALSE;

    DWORD exists = flags & COPY_FILE_FAIL_IF_EXISTS ? CREATE_NEW : CREATE_ALWAYS;
    HANDLE to =
        open_target(from, copy->target_path, exists, basic.FileAttributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    if (to == INVALID_HANDLE_VALUE) return FALSE;
    copy->source = from;
    copy->target = to;
    copy->size = copy->stream_size = standard.EndOfFile;
    DWORD error = copy_contents(copy);
    if (!error) error = copy_streams(copy);
    if (error) {
        if (!copy->keep_part) delete_open_file(to);
    } else {
        FILE_BASIC_INFORMATION kept;
        memset(&kept, 0, sizeof(kept));
        kept.LastWriteTime = basic.LastWriteTime;
        kept.FileAttributes = basic.FileAttributes;
        NtSetInformationFile(to, &io, &kept, sizeof(kept), FileBasicInformation);
    }
    NtClose(to);
    SetLastError(error);
    return !error;
}

HOTPATCH BOOL WINAPI CopyFileExW(const WCHAR *source, const WCHAR *target, LPPROGRESS_ROUTINE routine,
                                 void *data, BOOL *cancel, DWORD flags)
{
    struct copy copy = {.source_path = source,
                        .target_path = target,
                        .tell = routine ? tell_progress : NULL,
                        .routine = routine,
                        .data = data,
                        .cancel = cancel};
    return copy_file(&copy, flags);
}

HOTPATCH HRESULT WINAPI CopyFile2(const WCHAR *source, const WCHAR *target,
                                  COPYFILE2_EXTENDED_PARAMETERS *extended)
{
    struct copy copy = {.source_path = source, .target_path = target};
    DWORD flags = 0;
    if (extended) {
        if (extended->dwSize < sizeof(*extended)) return E_INVALIDARG;
        flags = extended->dwCopyFlags;
        copy.cancel = extended->pfCancel;
        copy.routine2 = extended->pProgressRoutine;
        copy.data = extended->pvCallbackContext;
        copy.tell = copy.routine2 ? tell_message : NULL;
    }
    return copy_file(&copy, flags) ? S_OK : HRESULT_FROM_WIN32(GetLastError());
}

HOTPATCH BOOL WINAPI CopyFileW(const WCHAR *source, const WCHAR *target, BOOL fail_if_exists)
{
    return CopyFileExW(source, target, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

HOTPATCH BOOL WINAPI CopyFileExA(const char *source, const char *target, LPPROGRESS_ROUTINE routine,
                                 void *data, BOOL *cancel, DWORD flags)
{
    AUTO_FREE WCHAR *wide_source = wide_from_file_ansi(source);
    AUTO_FREE WCHAR *wide_target = wide_from_file_ansi(target);
    if (conversion_failed(source, wide_source) || conversion_failed(target, wide_target)) return FALSE;
    return CopyFileExW(wide_source, wide_target, routine, data, cancel, flags);
}

HOTPATCH BOOL WINAPI CopyFileA(const char *source, const char *target, BOOL fail_if_exists)
{
    return CopyFileExA(source, target, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}
