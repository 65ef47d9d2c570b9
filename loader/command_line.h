// A Windows command line as arguments.
#ifndef LOWLAND_COMMAND_LINE_H
#define LOWLAND_COMMAND_LINE_H

#include <stddef.h>
#include <stdint.h>

// Splits a line as Microsoft's C run-time library does ("Parsing C command-line arguments"). The result is
// one allocation: a NULL-terminated array with its UTF-8 strings behind it. NULL without memory.
char **command_line_split(const uint16_t *line, size_t length);

#endif
