// Reading event logs.
#include "eventlog.h"

enum {
    HOW = EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ,
    WAY = EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ
};

static bool is_one_of(DWORD flags, DWORD mask)
{
    DWORD chosen = flags & mask;
    return chosen && chosen != mask;
}

static const EVENTLOGRECORD *record_of_number(const struct eventlog_image *image, DWORD number)
{
    const BYTE *at = image->bytes;
    for (DWORD i = image->oldest; i < number; i++) at += ((const EVENTLOGRECORD *)at)->Length;
    return (const EVENTLOGRECORD *)at;
}

// ---- records as ANSI ----

// Converts text after text from a record, at most count, and moves both on. False at the record's end.
static bool convert_texts(const BYTE **from, const BYTE *end, WORD count, char **to, DWORD *size)
{
    for (WORD i = 0; i < count; i++) {
        const WCHAR *text = (const WCHAR *)*from;
        SIZE_T room = (SIZE_T)(end - *from) / sizeof(WCHAR), length = 0;
        while (length < room && text[length]) length++;
        if (length == room) return false;
        DWORD bytes = ansi_size(text);
        if (*to) WideCharToMultiByte(CP_ACP, 0, text, -1, *to, (int)bytes, NULL, NULL), *to += bytes;
        *size += bytes;
        *from += (length + 1) * sizeof(WCHAR);
    }
    return true;
}

// A record in the ANSI form; its size. out NULL: the size only. 0 for one that is broken.
static DWORD record_to_ansi(const EVENTLOGRECORD *record, BYTE *out)
{
    const BYTE *base = (const BYTE *)record, *end = base + record->Length - sizeof(DWORD);
    const BYTE *names = base + sizeof(*record), *strings = base + record->StringOffset;
    DWORD names_size = 0, strings_size = 0;
    char *none = NULL;
    if (!convert_texts(&names, end, 2, &none, &names_size)) return 0;
    if (!convert_texts(&strings, end, record->NumStrings, &none, &strings_size)) return 0;
    DWORD sid = ((DWORD)sizeof(*record) + names_size + 7) & ~7u, text = sid + record->UserSidLength;
    DWORD data = text + strings_size;
    DWORD length = ((data + record->DataLength + 3) & ~3u) + (DWORD)sizeof(DWORD);
    if (!out) return length;
    EVENTLOGRECORD head = *record;
    head.Length = length;
    head.StringOffset = text;
    head.UserSidOffset = sid;
    head.DataOffset = data;
    memset(out, 0, length);
    memcpy(out, &head, sizeof(head));
    names = base + sizeof(*record);
    strings = base + record->StringOffset;
    char *to = (char *)out + sizeof(head);
    convert_texts(&names, end, 2, &to, &names_size);
    to = (char *)out + text;
    convert_texts(&strings, end, record->NumStrings, &to, &strings_size);
    memcpy(out + sid, base + record->UserSidOffset, record->UserSidLength);
    memcpy(out + data, base + record->DataOffset, record->DataLength);
    memcpy(out + length - sizeof(length), &length, sizeof(length));
    return length;
}

static DWORD record_to_wide(const EVENTLOGRECORD *record, BYTE *out)
{
    if (out) memcpy(out, record, record->Length);
    return record->Length;
}

// ---- the call ----

// The number of the record that comes next, 0: there is none.
static DWORD next_number(const struct eventlog *log, const struct eventlog_image *image, DWORD flags)
{
    DWORD newest = image->oldest + image->count - 1;
    if (!image->count) return 0;
    bool backwards = flags & EVENTLOG_BACKWARDS_READ;
    DWORD position = log->placed ? log->position : backwards ? newest : image->oldest - 1;
    if (position > newest) position = newest; // it was cleared meanwhile
    if (position + 1 < image->oldest) position = image->oldest - 1;
    if (backwards) return position >= image->oldest ? position : 0;
    return position < newest ? position + 1 : 0;
}

static DWORD read_records(struct eventlog *log, DWORD flags, DWORD offset, BYTE *buffer, DWORD size,
                          DWORD *read, DWORD *needed, DWORD (*put)(const EVENTLOGRECORD *record, BYTE *out))
{
    struct eventlog_image image AUTO_IMAGE;
    DWORD error = eventlog_load(log, &image);
    if (error) return error;
    bool backwards = flags & EVENTLOG_BACKWARDS_READ;
    if (flags & EVENTLOG_SEEK_READ) {
        if (!image.count || offset < image.oldest || offset - image.oldest >= image.count)
            return ERROR_INVALID_PARAMETER;
        log->position = backwards ? offset : offset - 1;
        log->placed = true;
    }
    *read = *needed = 0;
    for (;;) {
        DWORD number = next_number(log, &image, flags);
        if (!number) return *read ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
        const EVENTLOGRECORD *record = record_of_number(&image, number);
        DWORD length = put(record, NULL);
        if (!length) return ERROR_EVENTLOG_FILE_CORRUPT;
        if (length > size - *read) {
            if (*read) return ERROR_SUCCESS;
            *needed = length;
            return ERROR_INSUFFICIENT_BUFFER;
        }
        put(record, buffer + *read);
        *read += length;
        log->position = backwards ? number - 1 : number;
        log->placed = true;
    }
}

static BOOL read_log(HANDLE handle, DWORD flags, DWORD offset, void *buffer, DWORD size, DWORD *read,
                     DWORD *needed, DWORD (*put)(const EVENTLOGRECORD *record, BYTE *out))
{
    if (!is_one_of(flags, HOW) || !is_one_of(flags, WAY) || !buffer || !read || !needed)
        return fail_with(ERROR_INVALID_PARAMETER);
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    DWORD error = read_records(log, flags, offset, buffer, size, read, needed, put);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI ReadEventLogW(HANDLE handle, DWORD flags, DWORD offset, void *buffer, DWORD size,
                                   DWORD *read, DWORD *needed)
{
    return read_log(handle, flags, offset, buffer, size, read, needed, record_to_wide);
}

HOTPATCH BOOL WINAPI ReadEventLogA(HANDLE handle, DWORD flags, DWORD offset, void *buffer, DWORD size,
                                   DWORD *read, DWORD *needed)
{
    return read_log(handle, flags, offset, buffer, size, read, needed, record_to_ansi);
}

// ---- figures ----

static BOOL get_figures(HANDLE handle, struct eventlog_image *image)
{
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    DWORD error = eventlog_load(log, image);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI GetNumberOfEventLogRecords(HANDLE handle, DWORD *count)
{
    struct eventlog_image image AUTO_IMAGE;
    memset(&image, 0, sizeof(image));
    if (!count) return fail_with(ERROR_INVALID_PARAMETER);
    if (!get_figures(handle, &image)) return FALSE;
    *count = image.count;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetOldestEventLogRecord(HANDLE handle, DWORD *oldest)
{
    struct eventlog_image image AUTO_IMAGE;
    memset(&image, 0, sizeof(image));
    if (!oldest) return fail_with(ERROR_INVALID_PARAMETER);
    if (!get_figures(handle, &image)) return FALSE;
    *oldest = image.oldest;
    return TRUE;
}
