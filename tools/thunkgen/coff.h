// Symbols of i386 COFF object files, and the members of ar archives.
#ifndef LOWLAND_THUNKGEN_COFF_H
#define LOWLAND_THUNKGEN_COFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coff_symbol {
    const char *name;
    bool defined; // here, or common
};

struct coff {
    struct coff_symbol *symbols; // external ones
    unsigned symbols_n;
    const uint8_t *bytes;
    size_t size;
};

// Reads the symbols of an object. NULL, or what is wrong with it. The bytes stay in use.
const char *coff_read(const uint8_t *bytes, size_t size, struct coff *coff);

// The contents of the first section with this name; NULL when there is none.
const uint8_t *coff_section(const struct coff *coff, const char *name, uint32_t *size);

// Calls visit for each member of an archive. NULL, or what is wrong with it.
const char *archive_for_each(const uint8_t *bytes, size_t size,
                             void (*visit)(const uint8_t *bytes, size_t size, void *context), void *context);

#endif
