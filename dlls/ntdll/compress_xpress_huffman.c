// Xpress with Huffman codes ([MS-XCA] 2.2), its decompression: blocks of 64 KB of text, each after the
// lengths of 512 symbols' codes. Bits come in words of 16, between which lengths lie as bytes.
#include "compress.h"

#define SYMBOLS      512u
#define TABLE_BYTES  (SYMBOLS / 2) // a code's length in half a byte
#define LONGEST_CODE 15u
#define BLOCK        0x10000u
#define END_SYMBOL   256u

struct bits {
    struct compressed in;
    ULONG next; // bits to come, highest first
    LONG spare; // beyond the 16 that are always there
};

// The next bytes as a number; zeroes beyond the input's end, where reading bits ahead may lead.
static ULONG get_bytes(struct compressed *in, ULONG size)
{
    ULONG value = 0;

    for (ULONG i = 0; i < size && in->at < in->end; i++) value |= (ULONG)*in->at++ << (i * 8);
    return value;
}

static void start_bits(struct bits *bits)
{
    bits->next = get_bytes(&bits->in, 2) << 16;
    bits->next |= get_bytes(&bits->in, 2);
    bits->spare = 16;
}

static void skip_bits(struct bits *bits, ULONG n)
{
    bits->next <<= n;
    bits->spare -= (LONG)n;
    if (bits->spare >= 0) return;
    bits->next |= get_bytes(&bits->in, 2) << -bits->spare;
    bits->spare += 16;
}

static ULONG length_of_code(const BYTE *lengths, ULONG symbol)
{
    return lengths[symbol / 2] >> (symbol % 2 * 4) & 0xF;
}

// Fills the table of all 15-bit beginnings: the symbol, with its code's length in the upper bits' place.
// False unless the codes fill it exactly.
static bool make_table(const BYTE *lengths, USHORT *table)
{
    ULONG at = 0;

    for (ULONG length = 1; length <= LONGEST_CODE; length++)
        for (ULONG symbol = 0; symbol < SYMBOLS; symbol++) {
            ULONG n = 1u << (LONGEST_CODE - length);

            if (length_of_code(lengths, symbol) != length) continue;
            if (at + n > 1u << LONGEST_CODE) return false;
            while (n--) table[at++] = (USHORT)symbol;
        }
    return at == 1u << LONGEST_CODE;
}

// The rest of a length whose four bits are all set. False for one that the format forbids.
static bool get_length(struct compressed *in, ULONG *length)
{
    ULONG part = get_bytes(in, 1);

    *length = 15 + part;
    if (part < 255) return true;
    *length = get_bytes(in, 2);
    if (!*length) *length = get_bytes(in, 4);
    return *length >= 15;
}

// Unpacks a block, until its text or the output is full. *ended: the text has.
static bool unpack_block(struct bits *bits, const BYTE *lengths, const USHORT *table, struct plain *out,
                         bool *ended)
{
    const BYTE *end = (ULONG)(out->end - out->at) > BLOCK ? out->at + BLOCK : out->end;

    while (out->at < end) {
        ULONG symbol = table[bits->next >> (32 - LONGEST_CODE)], length, distance_bits, distance;

        skip_bits(bits, length_of_code(lengths, symbol));
        if (symbol < END_SYMBOL) {
            *out->at++ = (BYTE)symbol;
            continue;
        }
        if (symbol == END_SYMBOL && bits->in.at == bits->in.end) {
            *ended = true;
            return true;
        }
        length = symbol & 0xF;
        distance_bits = (symbol - END_SYMBOL) >> 4;
        if (length == 15 && !get_length(&bits->in, &length)) return false;
        distance = (distance_bits ? bits->next >> (32 - distance_bits) : 0) + (1u << distance_bits);
        skip_bits(bits, distance_bits);
        if (!copy_match(out, distance, length + MATCH_MIN)) return false;
    }
    return true;
}

NTSTATUS xpress_huffman_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size,
                                   ULONG *final_size, USHORT *table)
{
    struct bits bits = {.in = {in, in + in_size}};
    struct plain plain = {out, out, out + out_size};
    bool ended = false;

    while (!ended && plain.at < plain.end) {
        const BYTE *lengths = bits.in.at;

        if ((ULONG)(bits.in.end - bits.in.at) < TABLE_BYTES + 4) return STATUS_BAD_COMPRESSION_BUFFER;
        if (!make_table(lengths, table)) return STATUS_BAD_COMPRESSION_BUFFER;
        bits.in.at += TABLE_BYTES;
        start_bits(&bits);
        if (!unpack_block(&bits, lengths, table, &plain, &ended)) return STATUS_BAD_COMPRESSION_BUFFER;
    }
    *final_size = (ULONG)(plain.at - out);
    return STATUS_SUCCESS;
}
