// Words at the beginning of a line that stand for other text, program by program.
#ifndef LOWLAND_CONSOLE_ALIAS_H
#define LOWLAND_CONSOLE_ALIAS_H

#include <stddef.h>
#include <stdint.h>

enum { ALIAS_UNITS = 16384 };

// All of a console's, in the memory that its processes share: program, word and what it stands for, each with
// a NUL, one alias behind the other. Every call with the share's lock.
struct console_aliases {
    uint32_t n; // units
    uint16_t text[ALIAS_UNITS];
};

// What a line of n units that a program reads stands for: each command in it ended by CR LF. How many units;
// 0: its first word is no alias, or out is too small.
uint32_t console_alias_expand(struct console_aliases *aliases, const uint16_t *exe, uint32_t exe_length,
                              const uint16_t *line, uint32_t n, uint16_t *out, uint32_t capacity);

#endif
