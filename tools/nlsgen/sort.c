// sort.nls: how Windows sorts (dlls/kernelbase/sort_record.h).
#include "sort.h"
#include <stdlib.h>

void words_set32(struct words *file, size_t at, uint32_t value)
{
    file->data[at] = value & 0xFFFF;
    file->data[at + 1] = value >> 16;
}

void words_add32(struct words *file, uint32_t value)
{
    words_add(file, value & 0xFFFF);
    words_add(file, value >> 16);
}

static void write_expansions(const struct sort_table *table, struct words *file, struct sort_header *header)
{
    size_t texts;

    header->expansions_at = file->n;
    texts = file->n + 2 * table->expansions_n;
    for (unsigned i = 0; i < table->expansions_n; i++) words_add32(file, texts + table->expansion_starts[i]);
    words_append(file, table->expansions.data, table->expansions.n);
}

void write_sort_weights(const char *directory)
{
    struct sort_table *table = calloc(1, sizeof *table);
    struct words file = {0};
    struct sort_header header = {0};

    if (!table) die("out of memory");
    weigh_all(table);
    words_append(&file, (const uint16_t *)&header, SORT_HEADER_WORDS);
    words_append(&file, (const uint16_t *)table->weights, 2 * UNITS);
    write_expansions(table, &file, &header);
    write_collations(table, &file, &header);
    for (size_t i = 0; i < SORT_HEADER_WORDS / 2; i++)
        words_set32(&file, 2 * i, ((const uint32_t *)&header)[i]);
    words_write(&file, directory, "sort.nls");
    free(file.data);
    free(table->expansions.data);
    free(table);
}
