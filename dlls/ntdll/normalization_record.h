// What norm*.nls hold: how one normalization form maps code points. tools/nlsgen writes the files; ntdll
// reads them where they are mapped, so both include this. The file: the header, for each 128 code points the
// number of their block, the blocks (for each code point the number of its record), the records, the texts,
// the pairs.
#ifndef LOWLAND_NTDLL_NORMALIZATION_RECORD_H
#define LOWLAND_NTDLL_NORMALIZATION_RECORD_H

#include <stdint.h>

enum {
    NORMALIZATION_OF_DOMAIN_NAMES = 13, // what stands for them among the numbers of NORM_FORM
    NORMALIZATION_BLOCK = 128,

    // Beside the combining class in a record's flags.
    NORMALIZATION_CLASS = 0x00FF,
    NORMALIZATION_MAPPED = 0x0100,     // to its text, which may be empty
    NORMALIZATION_COMBINES = 0x0200,   // may compose with what stands before
    NORMALIZATION_UNASSIGNED = 0x0400, // in Unicode, or of private use: no part of a domain name
    NORMALIZATION_FORBIDDEN = 0x0800,  // an error
};

// Places are in 16-bit words from the start of the file.
struct normalization_header {
    uint32_t composes; // whether the form does
    uint32_t blocks_at, records_at, texts_at, pairs_at, pairs_n;
};

#define NORMALIZATION_HEADER_WORDS (sizeof(struct normalization_header) / sizeof(uint16_t))

struct normalization_record {
    uint16_t flags;
    uint16_t text; // behind texts_at
    uint16_t text_length;
};

static inline const struct normalization_record *normalization_record_of(const uint16_t *words, uint32_t c)
{
    const struct normalization_header *header = (const struct normalization_header *)words;
    const uint16_t block = words[NORMALIZATION_HEADER_WORDS + c / NORMALIZATION_BLOCK];
    const uint16_t record = words[header->blocks_at + block * NORMALIZATION_BLOCK + c % NORMALIZATION_BLOCK];

    return (const struct normalization_record *)(words + header->records_at) + record;
}

// Ordered by first and second.
struct normalization_pair {
    uint32_t first, second, composed;
};

#endif
