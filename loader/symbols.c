// The COFF symbol table that linkers of the GNU kind leave in an image's file (PE/COFF specification, 5.4).
// Nothing is allocated and nothing believed: a process that crashes asks, perhaps about a file that is no
// image any more.
#include "loader/symbols.h"
#include "dlls/ntdll/unix/path.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SYMBOL_SIZE = 18, SECTION_SIZE = 40, SECTIONS_MAX = 96, BATCH = 256, TYPE_FUNCTION = 0x20 };

struct symbol_table {
    int fd;
    uint32_t offset, count; // of the symbols; the strings follow
    uint32_t section_rva[SECTIONS_MAX];
    uint32_t sections;
};

static bool read_at(int fd, void *buffer, size_t size, uint64_t offset)
{
    return pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

static int open_image(const uint16_t *dos_name, uint32_t length)
{
    uint16_t name[512] = {'\\', '?', '?', '\\'};
    struct path path;
    if (length > sizeof name / 2 - 4) return -1;
    memcpy(name + 4, dos_name, 2 * (size_t)length);
    if (path_parse(&path, name, length + 4, -1) != 0 || path.kind != PATH_FILE) return -1;
    return openat(path.base, path.host, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static bool read_table(struct symbol_table *table)
{
    uint32_t header, numbers[2];
    uint16_t sections, optional;
    if (!read_at(table->fd, &header, 4, 0x3c) || !read_at(table->fd, &sections, 2, (uint64_t)header + 6) ||
        !read_at(table->fd, numbers, 8, (uint64_t)header + 12) ||
        !read_at(table->fd, &optional, 2, (uint64_t)header + 20))
        return false;
    table->offset = numbers[0];
    table->count = numbers[1];
    if (!table->offset || !table->count) return false;
    table->sections = sections < SECTIONS_MAX ? sections : SECTIONS_MAX;
    for (uint32_t i = 0; i < table->sections; i++)
        if (!read_at(table->fd, &table->section_rva[i], 4,
                     (uint64_t)header + 24 + optional + SECTION_SIZE * i + 12))
            return false;
    return true;
}

// The name of a symbol, without the underscore that C names begin with.
static bool read_name(const struct symbol_table *table, const uint8_t *symbol, char *name, size_t size)
{
    char text[256] = "";
    uint32_t parts[2];
    memcpy(parts, symbol, 8);
    if (parts[0] != 0) {
        memcpy(text, symbol, 8);
    } else {
        uint64_t at = (uint64_t)table->offset + (uint64_t)table->count * SYMBOL_SIZE + parts[1];
        if (pread(table->fd, text, sizeof text - 1, (off_t)at) <= 0) return false;
    }
    const char *begin = text[0] == '_' ? text + 1 : text;
    size_t n = strnlen(begin, sizeof text - 1);
    if (n == 0 || n >= size) return false;
    memcpy(name, begin, n);
    name[n] = 0;
    return true;
}

// The function nearest below rva. Names of sections and data are no functions by their type.
static bool find(const struct symbol_table *table, uint32_t rva, uint8_t best[SYMBOL_SIZE],
                 uint32_t *best_rva)
{
    uint8_t batch[BATCH][SYMBOL_SIZE];
    uint32_t skip = 0;
    bool found = false;
    for (uint32_t first = 0; first < table->count; first += BATCH) {
        uint32_t n = table->count - first < BATCH ? table->count - first : BATCH;
        if (!read_at(table->fd, batch, (size_t)n * SYMBOL_SIZE,
                     table->offset + (uint64_t)first * SYMBOL_SIZE))
            break;
        for (uint32_t i = 0; i < n; i++) {
            if (skip) {
                skip--; // an auxiliary record
                continue;
            }
            const uint8_t *symbol = batch[i];
            uint32_t value;
            uint16_t section, type;
            memcpy(&value, symbol + 8, 4);
            memcpy(&section, symbol + 12, 2);
            memcpy(&type, symbol + 14, 2);
            skip = symbol[17];
            if (type != TYPE_FUNCTION || section == 0 || section > table->sections) continue;
            uint32_t at = table->section_rva[section - 1] + value;
            if (at > rva || (found && at <= *best_rva)) continue;
            memcpy(best, symbol, SYMBOL_SIZE);
            *best_rva = at;
            found = true;
        }
    }
    return found;
}

bool symbols_find(const uint16_t *dos_name, uint32_t length, uint32_t rva, char *name, size_t size,
                  uint32_t *at)
{
    struct symbol_table table = {.fd = open_image(dos_name, length)};
    uint8_t symbol[SYMBOL_SIZE];
    if (table.fd < 0) return false;
    bool found = read_table(&table) && find(&table, rva, symbol, at) && read_name(&table, symbol, name, size);
    close(table.fd);
    return found;
}
