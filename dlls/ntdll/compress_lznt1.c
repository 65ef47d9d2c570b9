// LZNT1 ([MS-XCA] 2.5): chunks of 4096 bytes of text, each with a header of two bytes, stored as they are or
// as groups of eight literals and references under a byte of flags. How a reference's 16 bits divide into
// distance and length depends on how far into its chunk it stands.
#include "compress.h"

#define CHUNK            4096u
#define HEADER_SIZE      2u
#define HEADER_SIGNATURE 0x3000u
#define HEADER_PACKED    0x8000u
#define HEADER_LENGTH    0x0FFFu // of the chunk's data, less 1

// How many of a reference's bits say its length at that place of a chunk.
static ULONG length_bits(ULONG position)
{
    ULONG bits = 12;

    for (ULONG i = position - 1; i >= 0x10; i >>= 1) bits--;
    return bits;
}

// ---- compression ----

struct packed {
    BYTE *at, *end, *flags;
    ULONG n; // items in the current group
};

// Adds an item of size bytes; false when there is no room.
static bool put_item(struct packed *out, ULONG value, ULONG size, bool is_match)
{
    bool new_group = out->n == 0;

    if ((ULONG)(out->end - out->at) < size + new_group) return false;
    if (new_group) {
        out->flags = out->at++;
        *out->flags = 0;
    }
    if (is_match) *out->flags |= (BYTE)(1u << out->n);
    *out->at++ = (BYTE)value;
    if (size == 2) *out->at++ = (BYTE)(value >> 8);
    out->n = (out->n + 1) % 8;
    return true;
}

// Packs a chunk. Its size, 0 when it doesn't fit into room.
static ULONG pack_chunk(const BYTE *in, ULONG size, BYTE *out, ULONG room, struct matcher *matcher,
                        ULONG depth)
{
    struct packed packed = {out, out + room, NULL, 0};
    const BYTE *end = in + size;

    matcher_init(matcher, in, end, depth);
    for (const BYTE *p = in; p < end;) {
        ULONG position = (ULONG)(p - in), distance = 0, length = 0, bits = 12;

        if (position) {
            bits = length_bits(position);
            length = matcher_find(matcher, p, 1u << (16 - bits), (1u << bits) - 1 + MATCH_MIN, &distance);
        }
        if (length) {
            if (!put_item(&packed, (distance - 1) << bits | (length - MATCH_MIN), 2, true)) return 0;
        } else {
            if (!put_item(&packed, *p, 1, false)) return 0;
            length = 1;
        }
        for (; length; length--) matcher_add(matcher, p++);
    }
    return (ULONG)(packed.at - out);
}

static void put_header(BYTE *out, ULONG header)
{
    out[0] = (BYTE)header;
    out[1] = (BYTE)(header >> 8);
}

static bool all_zero(const BYTE *in, ULONG size)
{
    while (size && !*in) in++, size--;
    return !size;
}

NTSTATUS lznt1_compress(const BYTE *in, ULONG in_size, BYTE *out, ULONG out_size, ULONG *final_size,
                        struct matcher *matcher, ULONG depth)
{
    NTSTATUS status = all_zero(in, in_size) ? STATUS_BUFFER_ALL_ZEROS : STATUS_SUCCESS;
    ULONG used = 0;

    for (ULONG at = 0; at < in_size; at += CHUNK) {
        ULONG size = in_size - at < CHUNK ? in_size - at : CHUNK, room, packed;

        if (out_size - used < HEADER_SIZE) return STATUS_BUFFER_TOO_SMALL;
        room = out_size - used - HEADER_SIZE;
        packed = pack_chunk(in + at, size, out + used + HEADER_SIZE, room < size - 1 ? room : size - 1,
                            matcher, depth);
        if (packed) {
            put_header(out + used, HEADER_PACKED | HEADER_SIGNATURE | (packed - 1));
        } else {
            if (room < size) return STATUS_BUFFER_TOO_SMALL;
            memcpy(out + used + HEADER_SIZE, in + at, size);
            put_header(out + used, HEADER_SIGNATURE | (size - 1));
            packed = size;
        }
        used += HEADER_SIZE + packed;
    }
    *final_size = used;
    return status;
}

// ---- decompression ----

// Unpacks a chunk's data. Text beyond the output's end is dropped. False for what is no such data.
static bool unpack_chunk(struct plain *out, struct compressed in)
{
    while (in.at < in.end) {
        ULONG flags = *in.at++;

        for (int i = 0; i < 8 && in.at < in.end; i++, flags >>= 1) {
            if (out->at == out->end) return true;
            if (!(flags & 1)) {
                *out->at++ = *in.at++;
                continue;
            }
            if (in.end - in.at < 2 || out->at == out->begin) return false;
            ULONG bits = length_bits((ULONG)(out->at - out->begin)), item = in.at[0] | (ULONG)in.at[1] << 8;
            in.at += 2;
            if (!copy_match(out, (item >> bits) + 1, (item & ((1u << bits) - 1)) + MATCH_MIN)) return false;
        }
    }
    return true;
}

struct chunk {
    const BYTE *data;
    ULONG size;
    bool is_packed;
};

// Takes the next chunk off the input. STATUS_NO_MORE_ENTRIES at its end.
static NTSTATUS next_chunk(struct compressed *in, struct chunk *chunk)
{
    ULONG header;

    if (in->end - in->at < (LONG)HEADER_SIZE) return STATUS_NO_MORE_ENTRIES;
    header = in->at[0] | (ULONG)in->at[1] << 8;
    if (!header) return STATUS_NO_MORE_ENTRIES;
    *chunk = (struct chunk){in->at + HEADER_SIZE, (header & HEADER_LENGTH) + 1, header & HEADER_PACKED};
    if (chunk->size > (ULONG)(in->end - chunk->data)) return STATUS_BAD_COMPRESSION_BUFFER;
    in->at = chunk->data + chunk->size;
    return STATUS_SUCCESS;
}

// Puts a chunk's text, as much of it as fits, at out; *length is how much. False for what is no such data.
static bool read_chunk(const struct chunk *chunk, BYTE *out, ULONG room, ULONG *length)
{
    struct plain plain = {out, out, out + (room < CHUNK ? room : CHUNK)};

    if (chunk->is_packed) {
        if (!unpack_chunk(&plain, (struct compressed){chunk->data, chunk->data + chunk->size})) return false;
        *length = (ULONG)(plain.at - out);
        return true;
    }
    *length = chunk->size < room ? chunk->size : room;
    memcpy(out, chunk->data, *length);
    return true;
}

// The text of a chunk from an offset inside it.
static bool read_chunk_from(const struct chunk *chunk, ULONG offset, BYTE *out, ULONG room, ULONG *length,
                            BYTE *workspace)
{
    if (!read_chunk(chunk, workspace, CHUNK, length)) return false;
    *length = *length > offset ? *length - offset : 0;
    if (*length > room) *length = room;
    memcpy(out, workspace + offset, *length);
    return true;
}

NTSTATUS lznt1_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size, ULONG offset,
                          BYTE *workspace, ULONG *final_size)
{
    struct compressed input = {in, in + in_size};
    ULONG used = 0, start = 0, length; // start: where the next chunk's text belongs
    struct chunk chunk;
    NTSTATUS status = STATUS_SUCCESS;

    if (in_size < HEADER_SIZE) return STATUS_BAD_COMPRESSION_BUFFER;
    for (; offset >= CHUNK && NT_SUCCESS(status); offset -= CHUNK) status = next_chunk(&input, &chunk);
    if (offset && NT_SUCCESS(status) && NT_SUCCESS(status = next_chunk(&input, &chunk))) {
        if (!read_chunk_from(&chunk, offset, out, out_size, &used, workspace))
            return STATUS_BAD_COMPRESSION_BUFFER;
        start = CHUNK - offset;
    }
    while (start < out_size && NT_SUCCESS(status) && NT_SUCCESS(status = next_chunk(&input, &chunk))) {
        // A chunk that another follows is a whole one, with zeroes at its end.
        memset(out + used, 0, start - used);
        if (!read_chunk(&chunk, out + start, out_size - start, &length)) return STATUS_BAD_COMPRESSION_BUFFER;
        used = start + length;
        start += CHUNK;
    }
    if (!NT_SUCCESS(status) && status != (NTSTATUS)STATUS_NO_MORE_ENTRIES) return status;
    *final_size = used;
    return STATUS_SUCCESS;
}
