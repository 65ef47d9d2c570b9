// Reads i386 COFF objects and ar archives: as much of them as naming exports takes.
#include "coff.h"
#include "thunkgen.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE    20u
#define SECTION_SIZE   40u
#define SYMBOL_SIZE    18u
#define MACHINE_I386   0x14c
#define CLASS_EXTERNAL 2
#define CLASS_WEAK     105

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

// Names of up to 8 characters stand in place, longer ones in the string table that follows the symbols.
static const char *symbol_name(const struct coff *coff, const uint8_t *symbol, size_t strings)
{
    if (get32(symbol) != 0) return format("%.8s", (const char *)symbol);
    size_t offset = strings + get32(symbol + 4);
    if (offset >= coff->size) return NULL;
    const uint8_t *end = memchr(coff->bytes + offset, 0, coff->size - offset);
    return end ? format("%s", (const char *)coff->bytes + offset) : NULL;
}

const char *coff_read(const uint8_t *bytes, size_t size, struct coff *coff)
{
    *coff = (struct coff){.bytes = bytes, .size = size};
    if (size < HEADER_SIZE || get16(bytes) != MACHINE_I386) return "is no i386 COFF object";
    size_t symbols = get32(bytes + 8), n = get32(bytes + 12);
    size_t strings = symbols + n * SYMBOL_SIZE;
    if (n > size / SYMBOL_SIZE || strings > size) return "has a broken symbol table";
    for (size_t i = 0; i < n; i++) {
        const uint8_t *symbol = bytes + symbols + i * SYMBOL_SIZE;
        int16_t section = (int16_t)get16(symbol + 12);
        uint8_t class = symbol[16];
        i += symbol[17]; // auxiliary entries
        if (class != CLASS_EXTERNAL && class != CLASS_WEAK) continue;
        const char *name = symbol_name(coff, symbol, strings);
        if (!name) return "has a broken string table";
        struct coff_symbol *entry = append_slot((void **)&coff->symbols, &coff->symbols_n, sizeof *entry);
        entry->name = name;
        entry->defined = section != 0 || class == CLASS_WEAK || get32(symbol + 8) != 0;
    }
    return NULL;
}

const uint8_t *coff_section(const struct coff *coff, const char *name, uint32_t *size)
{
    size_t table = HEADER_SIZE + get16(coff->bytes + 16);
    for (unsigned i = 0; i < get16(coff->bytes + 2); i++) {
        size_t at = table + i * SECTION_SIZE;
        if (at + SECTION_SIZE > coff->size) return NULL;
        const uint8_t *header = coff->bytes + at;
        if (strncmp((const char *)header, name, 8) != 0) continue;
        size_t offset = get32(header + 20);
        *size = get32(header + 16);
        if (offset > coff->size || *size > coff->size - offset || *size == 0) return NULL;
        return coff->bytes + offset;
    }
    return NULL;
}

const char *archive_for_each(const uint8_t *bytes, size_t size,
                             void (*visit)(const uint8_t *bytes, size_t size, void *context), void *context)
{
    if (size < 8 || memcmp(bytes, "!<arch>\n", 8) != 0) return "is no archive";
    for (size_t at = 8; at + 60 <= size;) {
        char digits[11] = {0};
        memcpy(digits, bytes + at + 48, 10);
        size_t length = strtoul(digits, NULL, 10);
        const char *name = (const char *)bytes + at;
        at += 60;
        if (length > size - at) return "is cut short";
        // "/" and "//" are the archive's own index and name table.
        if (name[0] != '/' || isdigit((unsigned char)name[1])) visit(bytes + at, length, context);
        at += length + (length & 1);
    }
    return NULL;
}
