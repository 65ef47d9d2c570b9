// Plain Xpress ([MS-XCA] 2.3 and 2.4): literals and references under words of 32 flags. A reference has 13
// bits of distance and 3 of length; longer lengths follow in half a byte that two references share, a byte,
// or more.
#include "compress.h"

#define REACH        0x1FFFu // less 1 than the format allows: a distance of the whole window
#define SHORT_LENGTH 7u
#define HALF_LENGTH  15u
#define BYTE_LENGTH  255u

// ---- compression ----

struct writer {
    BYTE *at, *end;
    BYTE *flags_at; // where the current 32 flags go
    ULONG flags, n; // those known so far
    BYTE *half;     // a byte whose upper half is free
};

static void put_word(BYTE *at, ULONG value, ULONG size)
{
    for (ULONG i = 0; i < size; i++) at[i] = (BYTE)(value >> (i * 8));
}

static bool reserve_flags(struct writer *out)
{
    if (out->end - out->at < 4) return false;
    out->flags_at = out->at;
    out->at += 4;
    out->flags = out->n = 0;
    return true;
}

static bool put_flag(struct writer *out, bool flag)
{
    out->flags = out->flags << 1 | flag;
    if (++out->n < 32) return true;
    put_word(out->flags_at, out->flags, 4);
    return reserve_flags(out);
}

static bool put_bytes(struct writer *out, ULONG value, ULONG size)
{
    if ((ULONG)(out->end - out->at) < size) return false;
    put_word(out->at, value, size);
    out->at += size;
    return true;
}

// The half byte of a length: into the free half, or a new byte.
static bool put_half(struct writer *out, ULONG value)
{
    if (out->half) {
        *out->half |= (BYTE)(value << 4);
        out->half = NULL;
        return true;
    }
    out->half = out->at;
    return put_bytes(out, value, 1);
}

static bool put_match(struct writer *out, ULONG distance, ULONG length)
{
    ULONG rest = length - MATCH_MIN, short_part = rest < SHORT_LENGTH ? rest : SHORT_LENGTH;

    if (!put_bytes(out, (distance - 1) << 3 | short_part, 2)) return false;
    if (short_part < SHORT_LENGTH) return true;
    rest -= SHORT_LENGTH;
    if (rest < HALF_LENGTH) return put_half(out, rest);
    if (!put_half(out, HALF_LENGTH)) return false;
    rest -= HALF_LENGTH;
    if (rest < BYTE_LENGTH) return put_bytes(out, rest, 1);
    if (!put_bytes(out, BYTE_LENGTH, 1)) return false;
    rest = length - MATCH_MIN;
    if (rest < 0x10000) return put_bytes(out, rest, 2);
    return put_bytes(out, 0, 2) && put_bytes(out, rest, 4);
}

NTSTATUS xpress_compress(const BYTE *in, ULONG in_size, BYTE *out, ULONG out_size, ULONG *final_size,
                         struct matcher *matcher, ULONG depth)
{
    struct writer writer = {.at = out, .end = out + out_size};
    const BYTE *end = in + in_size;

    matcher_init(matcher, in, end, depth);
    if (!reserve_flags(&writer)) return STATUS_BUFFER_TOO_SMALL;
    while (in < end) {
        ULONG distance, length = matcher_find(matcher, in, REACH, ~0u, &distance);
        bool fits = length ? put_match(&writer, distance, length) : put_bytes(&writer, *in, 1);

        if (!fits || !put_flag(&writer, length != 0)) return STATUS_BUFFER_TOO_SMALL;
        for (ULONG n = length ? length : 1; n; n--) matcher_add(matcher, in++);
    }
    // Flags of nothing are set: a reference at the input's end is the end of the text.
    ULONG unused = 32 - writer.n;
    put_word(writer.flags_at, unused == 32 ? ~0u : writer.flags << unused | ((1u << unused) - 1), 4);
    *final_size = (ULONG)(writer.at - out);
    return STATUS_SUCCESS;
}

// ---- decompression ----

struct reader {
    struct compressed in;
    const BYTE *half; // a byte whose upper half is unread
};

static bool get_bytes(struct compressed *in, ULONG size, ULONG *value)
{
    if ((ULONG)(in->end - in->at) < size) return false;
    *value = 0;
    for (ULONG i = 0; i < size; i++) *value |= (ULONG)*in->at++ << (i * 8);
    return true;
}

static bool get_half(struct reader *reader, ULONG *value)
{
    if (reader->half) {
        *value = *reader->half >> 4;
        reader->half = NULL;
        return true;
    }
    reader->half = reader->in.at;
    if (!get_bytes(&reader->in, 1, value)) return false;
    *value &= 0xF;
    return true;
}

// The rest of a length whose three bits are all set, without MATCH_MIN.
static bool get_length(struct reader *reader, ULONG *length)
{
    ULONG part;

    if (!get_half(reader, &part)) return false;
    *length = SHORT_LENGTH + part;
    if (part < HALF_LENGTH) return true;
    if (!get_bytes(&reader->in, 1, &part)) return false;
    *length += part;
    if (part < BYTE_LENGTH) return true;
    if (!get_bytes(&reader->in, 2, length)) return false;
    if (!*length && !get_bytes(&reader->in, 4, length)) return false;
    return *length >= SHORT_LENGTH + HALF_LENGTH;
}

NTSTATUS xpress_decompress(BYTE *out, ULONG out_size, const BYTE *in, ULONG in_size, ULONG *final_size)
{
    struct reader reader = {.in = {in, in + in_size}};
    struct plain plain = {out, out, out + out_size};
    ULONG flags = 0, n = 0, item, length;

    while (plain.at < plain.end) {
        if (!n) {
            if (!get_bytes(&reader.in, 4, &flags)) break;
            n = 32;
        }
        bool is_match = flags >> --n & 1;
        if (reader.in.at == reader.in.end) break;
        if (!is_match) {
            *plain.at++ = *reader.in.at++;
            continue;
        }
        if (!get_bytes(&reader.in, 2, &item)) return STATUS_BAD_COMPRESSION_BUFFER;
        length = item & 7;
        if (length == SHORT_LENGTH && !get_length(&reader, &length)) return STATUS_BAD_COMPRESSION_BUFFER;
        if (!copy_match(&plain, (item >> 3) + 1, length + MATCH_MIN)) return STATUS_BAD_COMPRESSION_BUFFER;
    }
    *final_size = (ULONG)(plain.at - out);
    return STATUS_SUCCESS;
}
