// The lines that were typed on a console, kept apart for each program that read them.
#ifndef LOWLAND_CONSOLE_HISTORY_H
#define LOWLAND_CONSOLE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HISTORIES = 16, // at most; how many there may be is told apart
    HISTORY_EXE = 260,
    HISTORY_UNITS = 16384, // of all lines together, with a NUL each
    HISTORY_LIMIT = 999,
};

// Lines of one program: text has them one behind the other, the oldest first.
struct console_history {
    uint16_t exe[HISTORY_EXE]; // its name
    uint32_t exe_length;       // 0: unused
    uint32_t serial;           // when it was used last
    uint32_t limit, n;         // lines: how many may be kept, and are
    uint32_t at;               // the recalled one from 0; n: none
    uint32_t units;
    uint16_t text[HISTORY_UNITS];
};

// All of a console's, in the memory that its processes share. Every call with the share's lock.
struct console_histories {
    uint32_t reader; // from 1: whose line is being typed; 0: nobody's
    uint32_t serials;
    uint32_t lines, programs; // how many lines new ones keep, and how many there may be
    uint32_t no_duplicates;
    struct console_history all[HISTORIES];
};

void console_histories_init(struct console_histories *histories);

// A program's, NULL when it has none. Names are compared without case.
struct console_history *console_history_find(struct console_histories *histories, const uint16_t *exe,
                                             uint32_t length);
// Makes a program the reader. One that had no history takes the place of the one not used for longest.
void console_history_set_reader(struct console_histories *histories, const uint16_t *exe, uint32_t length);
// The reader's; NULL: there is none, or it remembers nothing.
struct console_history *console_history_reader(struct console_histories *histories);

// A line by its number from 0; NULL: there is none such.
const uint16_t *console_history_line(const struct console_history *history, uint32_t number,
                                     uint32_t *length);
// Remembers a line, unless it is the last one again; drops the oldest ones that it leaves no room for.
void console_history_add(struct console_histories *histories, struct console_history *history,
                         const uint16_t *line, uint32_t length);

#endif
