// Reading lines. A batch file is opened anew for each one: it may change, move or go while it runs.
#include "lines.h"
#include "output.h"
#include <string.h>

enum { PIECE = 1024, BYTES_MAX = 64 * 1024 };

// Ends a line at Ctrl-Z, as files of the 1980s do, drops NULs and carriage returns before the newline, and
// adds the newline.
static void add_line(struct text *line, const char *bytes, size_t size)
{
    const WCHAR *text = decode_bytes(bytes, size);
    size_t length = wcslen(text);
    while (length && text[length - 1] == '\r') length--;
    text_add_part(line, text, length < LINE_MAX ? length : LINE_MAX);
    text_add(line, '\n');
}

static bool read_at(HANDLE file, ULONGLONG position, void *buffer, DWORD size, DWORD *got)
{
    OVERLAPPED at = {.Offset = (DWORD)position, .OffsetHigh = (DWORD)(position >> 32)};
    *got = 0;
    return ReadFile(file, buffer, size, got, &at) && *got;
}

bool line_from_file(struct text *line, const WCHAR *path, ULONGLONG *position, DWORD *error)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    *error = ERROR_SUCCESS;
    if (file == INVALID_HANDLE_VALUE) {
        *error = GetLastError();
        return false;
    }
    size_t size = 0, capacity = PIECE;
    char *bytes = region_take(capacity), *newline = NULL;
    DWORD got;
    while (!newline && size < BYTES_MAX) {
        if (size + PIECE > capacity) {
            char *bigger = region_take(capacity *= 2);
            memcpy(bigger, bytes, size);
            bytes = bigger;
        }
        if (!read_at(file, *position + size, bytes + size, PIECE, &got)) break;
        newline = memchr(bytes + size, '\n', got);
        size += got;
    }
    CloseHandle(file);
    if (!size) return false;
    size_t length = newline ? (size_t)(newline - bytes) : size;
    char *end = memchr(bytes, 0x1a, length);
    *position += newline ? length + 1 : size;
    if (end) length = end - bytes;
    add_line(line, bytes, length);
    return true;
}

static bool line_from_console(struct text *line, HANDLE console)
{
    WCHAR buffer[PIECE];
    for (;;) {
        DWORD got = 0;
        if (!ReadConsoleW(console, buffer, PIECE, &got, NULL) || !got) return line->length > 0;
        DWORD length = got;
        bool end = buffer[got - 1] == '\n';
        if (line->length == 0 && buffer[0] == 0x1a) return false;
        while (length && (buffer[length - 1] == '\n' || buffer[length - 1] == '\r')) length--;
        text_add_part(line, buffer, length);
        if (!end) continue;
        text_add(line, '\n');
        return true;
    }
}

bool line_from_handle(struct text *line, HANDLE handle)
{
    if (is_console(handle)) return line_from_console(line, handle);
    bool seekable = GetFileType(handle) == FILE_TYPE_DISK;
    // From a pipe byte by byte: what follows is for whoever reads next.
    DWORD piece = seekable ? 256 : 1, got;
    char *bytes = region_take(BYTES_MAX), *newline = NULL;
    size_t size = 0;
    while (!newline && size + piece <= BYTES_MAX) {
        if (!ReadFile(handle, bytes + size, piece, &got, NULL) || !got) break;
        newline = memchr(bytes + size, '\n', got);
        size += got;
    }
    if (!size) return false;
    size_t length = newline ? (size_t)(newline - bytes) : size;
    if (seekable && newline) {
        LARGE_INTEGER back = {.QuadPart = -(LONGLONG)(size - length - 1)};
        SetFilePointerEx(handle, back, NULL, FILE_CURRENT);
    }
    add_line(line, bytes, length);
    return true;
}
