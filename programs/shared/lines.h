// Lines of a file or of standard input, one after another, of whatever length.
#ifndef PROGRAMS_LINES_H
#define PROGRAMS_LINES_H
#include "console_text.h"

struct lines {
    HANDLE handle;
    char *buffer;
    size_t start, end, capacity;
    bool begun, wide, finished; // wide: the file is UTF-16 with a byte order mark
    WCHAR *decoded;
    size_t decoded_capacity;
};

struct line {
    const char *bytes; // as the file has them, without the line's end
    size_t size, whole; // without and with the end
    const WCHAR *text; // decoded from the console's code page, or UTF-16; NUL-terminated
    size_t length;
    bool wide;
};

// Zeroed but for the handle is the beginning. False at the end. The line lasts until the next call.
bool lines_next(struct lines *lines, struct line *line);
void lines_free(struct lines *lines);
// Writes a line as it came (UTF-16 as text) and an end.
void print_line(const struct line *line);

// Opens a file for reading; NULL: standard input. INVALID_HANDLE_VALUE when it can't be opened.
HANDLE open_for_reading(const WCHAR *path);

#endif
