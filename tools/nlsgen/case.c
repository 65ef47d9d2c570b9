// l_intl.nls: simple case mapping of the basic plane, as Windows restricts it: only pairs that lead back to
// where they came from (so no dotless i, long s or micro sign).
#include "nlsgen.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

static uint16_t upper(UChar32 c)
{
    UChar32 u = u_toupper(c);

    return u <= 0xFFFF && u_tolower(u) == c ? u : c;
}

static uint16_t lower(UChar32 c)
{
    UChar32 l = u_tolower(c);

    return l <= 0xFFFF && u_toupper(l) == c ? l : c;
}

// Finds a block of 16 words in a table behind start, or adds it; returns its offset.
static uint16_t share(struct words *table, size_t start, const uint16_t block[16])
{
    for (size_t i = start; i + 16 <= table->n; i += 16) {
        if (!memcmp(table->data + i, block, 16 * sizeof *block)) return i;
    }
    words_append(table, block, 16);
    return table->n - 16;
}

// A trie over 8, 4 and 4 bits of a code unit: 256 offsets, blocks of 16 offsets, blocks of 16 differences.
// The table is built in two passes, since the middle blocks come before all differences.
static struct words build_trie(uint16_t (*map)(UChar32))
{
    struct words table = {0}, leaves = {0}, middles = {0};
    uint16_t top[256], *middle_index;
    size_t shift;

    for (unsigned high = 0; high < 256; high++) {
        uint16_t middle[16];
        for (unsigned mid = 0; mid < 16; mid++) {
            uint16_t leaf[16];
            for (unsigned low = 0; low < 16; low++) {
                unsigned c = high << 8 | mid << 4 | low;
                leaf[low] = map(c) - c;
            }
            middle[mid] = share(&leaves, 0, leaf);
        }
        top[high] = share(&middles, 0, middle);
    }
    shift = 256 + middles.n;
    for (unsigned i = 0; i < 256; i++) top[i] += 256;
    middle_index = middles.data;
    for (size_t i = 0; i < middles.n; i++) middle_index[i] += shift;
    words_append(&table, top, 256);
    words_append(&table, middles.data, middles.n);
    words_append(&table, leaves.data, leaves.n);
    free(leaves.data);
    free(middles.data);
    return table;
}

void write_case_table(const char *directory)
{
    struct words file = {0}, up = build_trie(upper), down = build_trie(lower);

    words_add(&file, 2);        // words before the size of the first table, as Windows' file has them
    words_add(&file, up.n + 1); // the size of each table stands before it, itself included
    words_append(&file, up.data, up.n);
    words_add(&file, down.n + 1);
    words_append(&file, down.data, down.n);
    words_write(&file, directory, "l_intl.nls");
    free(file.data);
    free(up.data);
    free(down.data);
}
