// Where command lines come from: a batch file at its position, standard input, or one given line.
#ifndef CMD_LINES_H
#define CMD_LINES_H
#include "text.h"

enum { LINE_MAX = 8191 }; // the longest line, in characters

// Reads the line of a file at *POSITION, which moves behind its newline, and adds it with the newline but
// without the carriage return. False at the end of the file; ERROR says when the file itself can't be read.
bool line_from_file(struct text *line, const WCHAR *path, ULONGLONG *position, DWORD *error);

// Adds what a handle gives up to a newline, without consuming more than that where another program may read
// on. PROMPTED: it is the console's user who types. False at the end.
bool line_from_handle(struct text *line, HANDLE handle);

#endif
