// What the interpreter writes: to its handles 1 and 2, in the console's code page or as UTF-16.
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H
#include "shell.h"

void write_part(int handle, const WCHAR *text, size_t length);
// To handle 1; a format of wsprintf's kind (%s: wide).
void print(const WCHAR *format, ...);
// One line to handle 2.
void complain(const WCHAR *format, ...);
// The system's text of an error, to handle 2.
void complain_error(DWORD error);
bool is_console(HANDLE handle);

// Text of bytes in the console's code page, in the region.
WCHAR *decode_bytes(const char *bytes, size_t size);

#define MESSAGE_SYNTAX L"The syntax of the command is incorrect."

#endif
