// The files of event logs.
#include "eventlog.h"
#include <stddef.h>

enum {
    DEFAULT_MAX_SIZE = 1 << 20,
    LARGEST_FILE = 1 << 28,
    RECORD_SIZE_MIN = sizeof(EVENTLOGRECORD) + sizeof(DWORD)
};

// What stands behind the last record (ELF_EOF_RECORD).
struct end_record {
    DWORD size, pattern[4], start, end, next, oldest, size_again;
};

static HANDLE lock_log(const struct eventlog *log)
{
    WCHAR name[EVENTLOG_NAME_MAX + 32];
    lstrcpyW(name, L"Global\\LowlandEventLog ");
    WCHAR *at = name + lstrlenW(name);
    for (const WCHAR *from = log->log; *from; from++) *at++ = RtlUpcaseUnicodeChar(*from);
    *at = 0;
    HANDLE mutex = CreateMutexW(NULL, FALSE, name);
    if (mutex) WaitForSingleObject(mutex, INFINITE);
    return mutex;
}

static void unlock_variable(HANDLE *mutex)
{
    if (!*mutex) return;
    ReleaseMutex(*mutex);
    CloseHandle(*mutex);
}
#define AUTO_LOCK __attribute__((cleanup(unlock_variable)))

static void close_file_variable(HANDLE *file)
{
    if (*file != INVALID_HANDLE_VALUE) CloseHandle(*file);
}
#define AUTO_FILE __attribute__((cleanup(close_file_variable)))

static bool write_at(HANDLE file, DWORD offset, const void *bytes, DWORD size)
{
    DWORD written;
    OVERLAPPED place = {.Offset = offset};
    return WriteFile(file, bytes, size, &written, &place) && written == size;
}

static struct eventlog_head empty_head(DWORD next)
{
    return (struct eventlog_head){.size = sizeof(struct eventlog_head),
                                  .signature = EVENTLOG_SIGNATURE,
                                  .major = 1,
                                  .minor = 1,
                                  .start = sizeof(struct eventlog_head),
                                  .end = sizeof(struct eventlog_head),
                                  .next = next,
                                  .max_size = DEFAULT_MAX_SIZE,
                                  .end_size = sizeof(struct eventlog_head)};
}

// ---- reading ----

static bool record_is_whole(const EVENTLOGRECORD *record, DWORD room)
{
    if (room < RECORD_SIZE_MIN) return false;
    DWORD length = record->Length, closing;
    if (length < RECORD_SIZE_MIN || length > room || length % 4 || record->Reserved != EVENTLOG_SIGNATURE)
        return false;
    memcpy(&closing, (const BYTE *)record + length - sizeof(closing), sizeof(closing));
    if (closing != length || record->UserSidOffset > length ||
        record->UserSidLength > length - record->UserSidOffset)
        return false;
    return record->StringOffset <= length && record->DataOffset <= length &&
           record->DataLength <= length - record->DataOffset;
}

// Whether a file's bytes are a log; fills in what is known of it.
static DWORD check_image(struct eventlog_head *head, struct eventlog_image *image)
{
    if (head->size != sizeof(*head) || head->signature != EVENTLOG_SIGNATURE ||
        head->start != sizeof(*head) || head->end < head->start || head->end - head->start > image->size)
        return ERROR_EVENTLOG_FILE_CORRUPT;
    image->size = head->end - head->start;
    image->count = 0;
    image->oldest = 0;
    for (DWORD at = 0; at < image->size; image->count++) {
        const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(image->bytes + at);
        if (!record_is_whole(record, image->size - at)) return ERROR_EVENTLOG_FILE_CORRUPT;
        if (!image->count) image->oldest = record->RecordNumber;
        if (record->RecordNumber != image->oldest + image->count) return ERROR_EVENTLOG_FILE_CORRUPT;
        at += record->Length;
    }
    return ERROR_SUCCESS;
}

static DWORD read_file(HANDLE file, struct eventlog_head *head, struct eventlog_image *image)
{
    DWORD size = GetFileSize(file, NULL), done;
    memset(image, 0, sizeof(*image));
    if (size == INVALID_FILE_SIZE) return GetLastError();
    if (size < sizeof(*head) || size > LARGEST_FILE) return ERROR_EVENTLOG_FILE_CORRUPT;
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    if (!ReadFile(file, head, sizeof(*head), &done, NULL) || done != sizeof(*head))
        return ERROR_EVENTLOG_FILE_CORRUPT;
    image->bytes = heap_alloc(size);
    if (!image->bytes) return ERROR_NOT_ENOUGH_MEMORY;
    if (!ReadFile(file, image->bytes, size - sizeof(*head), &image->size, NULL)) return GetLastError();
    return check_image(head, image);
}

DWORD eventlog_load(const struct eventlog *log, struct eventlog_image *image)
{
    struct eventlog_head head;
    memset(image, 0, sizeof(*image));
    HANDLE lock AUTO_LOCK = log->backup ? NULL : lock_log(log);
    HANDLE file AUTO_FILE =
        CreateFileW(log->path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        bool none = !log->backup &&
                    (GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND);
        return none ? ERROR_SUCCESS : GetLastError();
    }
    return read_file(file, &head, image);
}

// ---- writing, with the lock held ----

// Writes the end behind the last record, then the head, which makes it all count.
static DWORD write_end(HANDLE file, const struct eventlog_head *head)
{
    const struct end_record end = {sizeof(end), {0x11111111, 0x22222222, 0x33333333, 0x44444444},
                                   head->start, head->end,
                                   head->next,  head->oldest,
                                   sizeof(end)};
    bool good = write_at(file, head->end, &end, sizeof(end)) && write_at(file, 0, head, sizeof(*head));
    return good ? ERROR_SUCCESS : GetLastError();
}

// Opens the file, making it and its folder first; a file that is no log is begun anew.
static DWORD open_for_writing(const struct eventlog *log, HANDLE *file, struct eventlog_head *head)
{
    WCHAR folder[MAX_PATH];
    struct eventlog_image image AUTO_IMAGE;
    memset(&image, 0, sizeof(image));
    lstrcpyW(folder, log->path);
    for (WCHAR *p = folder + 3; *p; p++) {
        if (*p != '\\') continue;
        *p = 0;
        CreateDirectoryW(folder, NULL);
        *p = '\\';
    }
    *file = CreateFileW(log->path, GENERIC_READ | GENERIC_WRITE,
                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS, 0, NULL);
    if (*file == INVALID_HANDLE_VALUE) return GetLastError();
    if (read_file(*file, head, &image)) *head = empty_head(1);
    return ERROR_SUCCESS;
}

// Drops the oldest half of the records.
static DWORD make_room(HANDLE file, struct eventlog_head *head)
{
    struct eventlog_head old;
    struct eventlog_image image AUTO_IMAGE;
    DWORD from = 0;
    DWORD error = read_file(file, &old, &image);
    if (error) return error;
    while (from < image.size / 2) from += ((const EVENTLOGRECORD *)(image.bytes + from))->Length;
    DWORD kept = image.size - from;
    // For a moment there are none: who is killed here loses the log, but no reader sees half a record.
    struct eventlog_head none = *head;
    none.end = none.start;
    none.oldest = 0;
    if (!write_at(file, 0, &none, sizeof(none)) || !write_at(file, head->start, image.bytes + from, kept))
        return GetLastError();
    head->end = head->start + kept;
    head->oldest = kept ? ((const EVENTLOGRECORD *)(image.bytes + from))->RecordNumber : 0;
    return write_end(file, head);
}

DWORD eventlog_append(const struct eventlog *log, EVENTLOGRECORD *record)
{
    struct eventlog_head head;
    HANDLE lock AUTO_LOCK = lock_log(log);
    HANDLE file AUTO_FILE = INVALID_HANDLE_VALUE;
    DWORD error = open_for_writing(log, &file, &head);
    if (!error && head.end + record->Length + sizeof(struct end_record) > head.max_size &&
        head.end > head.start)
        error = make_room(file, &head);
    if (error) return error;
    record->RecordNumber = head.next++;
    if (!head.oldest) head.oldest = record->RecordNumber;
    if (!write_at(file, head.end, record, record->Length)) return GetLastError();
    head.end += record->Length;
    return write_end(file, &head);
}

DWORD eventlog_empty(const struct eventlog *log)
{
    struct eventlog_head head;
    HANDLE lock AUTO_LOCK = lock_log(log);
    HANDLE file AUTO_FILE = INVALID_HANDLE_VALUE;
    DWORD error = open_for_writing(log, &file, &head);
    if (error) return error;
    head = empty_head(head.next);
    error = write_end(file, &head);
    SetFilePointer(file, (LONG)(head.end + sizeof(struct end_record)), NULL, FILE_BEGIN);
    SetEndOfFile(file);
    return error;
}

DWORD eventlog_copy(const struct eventlog *log, const WCHAR *target)
{
    struct eventlog_head head;
    HANDLE lock AUTO_LOCK = log->backup ? NULL : lock_log(log);
    if (!log->backup) { // a log that nobody has written to yet
        HANDLE file AUTO_FILE = INVALID_HANDLE_VALUE;
        DWORD error = open_for_writing(log, &file, &head);
        if (!error) error = write_end(file, &head);
        if (error) return error;
    }
    if (CopyFileW(log->path, target, TRUE)) return ERROR_SUCCESS;
    return GetLastError() == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : GetLastError();
}
