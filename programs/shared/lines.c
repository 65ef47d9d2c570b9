// Reading lines.
#include "lines.h"
#include <stdlib.h>
#include <string.h>

enum { PIECE = 16384 };

// More bytes behind those that are there. False at the end of the file.
static bool fill(struct lines *lines)
{
    DWORD got;
    if (lines->finished) return false;
    if (lines->start) {
        memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    make_room(&lines->buffer, &lines->capacity, lines->end + PIECE, 1);
    if (!ReadFile(lines->handle, lines->buffer + lines->end, PIECE, &got, NULL) || !got) {
        lines->finished = true;
        return false;
    }
    lines->end += got;
    return true;
}

static void begin(struct lines *lines)
{
    lines->begun = true;
    while (lines->end < 2 && fill(lines)) {
    }
    lines->wide = lines->end >= 2 && memcmp(lines->buffer, "\xff\xfe", 2) == 0;
    if (lines->wide) lines->start = 2;
}

// The newline at or behind FROM bytes of what is left, as an offset; the length of all when there is none.
static size_t find_end(const struct lines *lines, size_t from)
{
    const char *bytes = lines->buffer + lines->start;
    size_t left = lines->end - lines->start;
    if (!lines->wide) {
        const char *newline = left > from ? memchr(bytes + from, '\n', left - from) : NULL;
        return newline ? (size_t)(newline - bytes) : left;
    }
    for (size_t i = from & ~(size_t)1; i + 1 < left; i += 2)
        if (bytes[i] == '\n' && !bytes[i + 1]) return i;
    return left;
}

// Whether the last of a line's bytes are a carriage return: of UTF-16 both count, since many letters end in
// 0Dh.
static bool ends_in_return(const struct line *line, size_t width)
{
    return line->size >= width && memcmp(line->bytes + line->size - width, "\r", width) == 0;
}

static void decode(struct lines *lines, struct line *line)
{
    size_t room = line->size + 1;
    make_room(&lines->decoded, &lines->decoded_capacity, room, sizeof(WCHAR));
    if (lines->wide) {
        line->length = line->size / sizeof(WCHAR);
        memcpy(lines->decoded, line->bytes, line->length * sizeof(WCHAR));
    } else {
        UINT page = GetConsoleOutputCP();
        line->length = line->size ? (size_t)MultiByteToWideChar(page ? page : GetOEMCP(), 0, line->bytes,
                                                                (int)line->size, lines->decoded, (int)room)
                                  : 0;
    }
    lines->decoded[line->length] = 0;
    line->text = lines->decoded;
}

bool lines_next(struct lines *lines, struct line *line)
{
    size_t width, searched = 0, size;
    if (!lines->begun) begin(lines);
    width = lines->wide ? sizeof(WCHAR) : 1;
    for (;;) {
        size = find_end(lines, searched);
        searched = lines->end - lines->start;
        if (size < searched || !fill(lines)) break;
    }
    size_t left = lines->end - lines->start;
    if (!left) return false;
    bool ended = size < left;
    line->bytes = lines->buffer + lines->start;
    line->size = size;
    line->wide = lines->wide;
    line->whole = ended ? size + width : left;
    if (ended && ends_in_return(line, width)) line->size -= width;
    lines->start += line->whole;
    decode(lines, line);
    return true;
}

void lines_free(struct lines *lines)
{
    free(lines->buffer);
    free(lines->decoded);
    if (lines->handle != GetStdHandle(STD_INPUT_HANDLE)) CloseHandle(lines->handle);
}

void print_line(const struct line *line)
{
    if (line->wide)
        print_text(line->text, line->length);
    else
        print_bytes(line->bytes, line->size);
    print_bytes("\r\n", 2);
}

HANDLE open_for_reading(const WCHAR *path)
{
    if (!path) return GetStdHandle(STD_INPUT_HANDLE);
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, 0, NULL);
}
