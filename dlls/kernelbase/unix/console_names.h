// Names and lists of them that pass between programs and what a console keeps for programs by their names.
#ifndef LOWLAND_CONSOLE_NAMES_H
#define LOWLAND_CONSOLE_NAMES_H

#include "guest_constants.h"
#include "guest_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONSOLE_NAME = 2048 }; // units

struct console_name {
    uint16_t units[CONSOLE_NAME];
    uint32_t length; // in units
};

// Captures a name of some bytes. STATUS_INVALID_PARAMETER for one that is too long, STATUS_ACCESS_VIOLATION.
NTSTATUS console_name_read(struct console_name *name, gptr text, uint32_t bytes);
// Gives n bytes to the guest. STATUS_BUFFER_TOO_SMALL: they don't fit, and nothing was written.
NTSTATUS console_list_write(gptr list, uint32_t size, const uint16_t *text, uint32_t n);
// The name of the file that this process runs.
void console_name_own(struct console_name *name);
// Whether two names are equal but for the case of ASCII letters.
bool console_names_equal(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length);

#endif
