// What the message digests share: their blocks of 64 bytes, padded with the message's length.
#ifndef LOWLAND_NTDLL_DIGEST_H
#define LOWLAND_NTDLL_DIGEST_H

#include "nt/nt.h"
#include <stdbool.h>

enum { DIGEST_BLOCK = 64 };

typedef void (*digest_transform)(void *context, const BYTE *block);

static inline ULONG digest_rotate(ULONG value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static inline ULONG digest_big_endian(const BYTE *bytes)
{
    return (ULONG)bytes[0] << 24 | (ULONG)bytes[1] << 16 | (ULONG)bytes[2] << 8 | bytes[3];
}

// Takes more of the message. bits is its length so far, the low part first; block holds what fills no block
// yet.
void digest_update(void *context, ULONG bits[2], BYTE *block, const BYTE *data, ULONG length,
                   digest_transform transform);

// Ends the message: a 1 bit, zeros, and the length in the digest's byte order.
void digest_pad(void *context, ULONG bits[2], BYTE *block, bool big_endian, digest_transform transform);

// The SHA-1 of some bytes, in the order in memory that it is shown in.
void sha1_digest(const BYTE *data, ULONG length, ULONG result[5]);

#endif
