// The formats behind RtlCompressBuffer and its relatives (compress.c chooses). All work on memory alone; what
// they write never passes the end of the output, what they read never that of the input.
#ifndef LOWLAND_NTDLL_COMPRESS_H
#define LOWLAND_NTDLL_COMPRESS_H

#include "rtl.h"

#define MATCH_MIN 3u // bytes that a reference to earlier text stands for, at least

// A place in the input of a decompressor.
struct compressed {
    const BYTE *at, *end;
};

// A place in the output of one; begin is the earliest byte that a reference may reach.
struct plain {
    BYTE *begin, *at, *end;
};

// Where earlier text that begins with the same bytes stands: chains through positions in a window of the
// input. Lives in the caller's workspace.
#define MATCH_WINDOW 0x2000u
#define MATCH_HASHES 0x1000u
struct matcher {
    const BYTE *begin, *end;
    ULONG depth;                // links to follow at most
    ULONG first[MATCH_HASHES];  // position + 1, 0: none
    ULONG before[MATCH_WINDOW]; // by position modulo the window
};

void matcher_init(struct matcher *matcher, const BYTE *begin, const BYTE *end, ULONG depth);

// Remembers the position of p.
void matcher_add(struct matcher *matcher, const BYTE *p);

// The longest earlier text, at most `reach` bytes back and `longest` bytes long, that p begins with. Its
// length, 0 when it is below MATCH_MIN; *distance is how far back.
ULONG matcher_find(const struct matcher *matcher, const BYTE *p, ULONG reach, ULONG longest, ULONG *distance);

// Copies a reference's text, which may overlap what it makes; cut at the output's end. False when it begins
// before the output.
bool copy_match(struct plain *out, ULONG distance, ULONG length);

// LZNT1: chunks of 4096 bytes. lznt1_decompress begins at a byte offset of the text; chunk is room for one.
NTSTATUS lznt1_compress(const BYTE *in, ULONG in_size, BYTE *out, ULONG out_size, ULONG *final_size,
                        struct matcher *matcher, ULONG depth);
NTSTATUS lznt1_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size, ULONG offset, BYTE *chunk,
                          ULONG *final_size);

// Plain Xpress (LZ77 with plain bytes).
NTSTATUS xpress_compress(const BYTE *in, ULONG in_size, BYTE *out, ULONG out_size, ULONG *final_size,
                         struct matcher *matcher, ULONG depth);
NTSTATUS xpress_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size, ULONG *final_size);

// Xpress with Huffman codes; the workspace holds the decoding table.
#define XPRESS_HUFFMAN_TABLE_SIZE (sizeof(USHORT) << 15)
NTSTATUS xpress_huffman_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size,
                                   ULONG *final_size, USHORT *table);

#endif
