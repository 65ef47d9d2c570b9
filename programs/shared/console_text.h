// What our console programs write and ask. Text goes to a console as it is, to files and pipes in the
// console's code page. Standard output is buffered until the program ends, asks something or complains.
#ifndef PROGRAMS_CONSOLE_TEXT_H
#define PROGRAMS_CONSOLE_TEXT_H
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdbool.h>
#include <stddef.h>

// A format of wprintf's kind (%s: wide), to standard output.
void print(const WCHAR *format, ...);
void print_text(const WCHAR *text, size_t length);
// Bytes as they are, among the text: a file's own lines.
void print_bytes(const void *bytes, size_t size);
void print_flush(void);
// The same as print, to standard error.
void complain(const WCHAR *format, ...);
// The system's text of an error without its line's end, in memory that the next call uses again.
const WCHAR *error_text(DWORD error);

// One line of standard input without its end. False at the end of input.
bool read_answer(WCHAR *line, size_t room);

// Memory, or the end of the program with a line about it.
void *take_memory(size_t size);
// *MEMORY with room for COUNT elements of WIDTH bytes, which grows by halves.
void make_room(void *memory, size_t *capacity, size_t count, size_t width);
WCHAR *copy_text(const WCHAR *text);

#endif
