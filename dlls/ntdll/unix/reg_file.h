// .reg files: their text as a sequence of changes, and back. Versions 4 (ANSI) and 5 (Unicode), as regedit
// has them. Compiled for both sides: `lowland reg` and our reg.exe read and write alike.
#ifndef LOWLAND_REG_FILE_H
#define LOWLAND_REG_FILE_H

#ifdef _WIN32
#include <windows.h>
#else
#include "guest_constants.h"
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a file says, one call each; a function that returns false ends the parse, having noted why.
struct reg_file_sink {
    bool (*key)(void *context, const uint16_t *path, uint32_t count, bool remove);
    // Of the key named last. name_count 0: the default value.
    bool (*value)(void *context, const uint16_t *name, uint32_t name_count, uint32_t type,
                  const uint8_t *data, size_t size);
    bool (*remove_value)(void *context, const uint16_t *name, uint32_t name_count);
    // What is wrong with a line; true: go on with the next one. NULL: the first such line ends the parse.
    bool (*malformed)(void *context, unsigned line, const char *message);
};

struct reg_file_error {
    unsigned line;       // from 1
    const char *message; // NULL: the sink's
    bool no_memory;
};

// The bytes of a file as UTF-16 (malloc'd): with a byte order mark UTF-16 or UTF-8, without one UTF-8 if it
// is that, else Windows-1252. NULL without memory.
uint16_t *reg_file_decode(const uint8_t *bytes, size_t size, size_t *count);

// Parses a whole file. False with *error filled.
bool reg_file_parse(const uint16_t *text, size_t count, const struct reg_file_sink *sink, void *context,
                    struct reg_file_error *error);

// Text being written, UTF-16; grows as needed. failed: there was no memory for it.
struct reg_file_writer {
    uint16_t *text;
    size_t count, capacity;
    bool version4; // what strings hold beyond type REG_SZ is Windows-1252
    bool failed;
};
void reg_file_begin(struct reg_file_writer *writer, bool version4);
void reg_file_key(struct reg_file_writer *writer, const uint16_t *path, uint32_t count);
void reg_file_value(struct reg_file_writer *writer, const uint16_t *name, uint32_t name_count, uint32_t type,
                    const uint8_t *data, size_t size);
void reg_file_end(struct reg_file_writer *writer); // the empty line that files end with

// The Windows-1252 character of a unit, '?' when there is none; and back.
uint8_t reg_file_to_ansi(uint16_t unit);
uint16_t reg_file_from_ansi(uint8_t character);

#endif
