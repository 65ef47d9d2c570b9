// MD4 (RFC 1320), as ntdll exports it.
#include "digest.h"
#include "rtl.h"

typedef struct {
    ULONG state[4];
    ULONG bits[2];
    BYTE block[DIGEST_BLOCK];
    BYTE digest[16];
} MD4_CTX;

static ULONG round1(ULONG x, ULONG y, ULONG z)
{
    return (x & y) | (~x & z);
}

static ULONG round2(ULONG x, ULONG y, ULONG z)
{
    return (x & y) | (x & z) | (y & z);
}

static ULONG round3(ULONG x, ULONG y, ULONG z)
{
    return x ^ y ^ z;
}

static void transform(void *context, const BYTE *block)
{
    static const BYTE order[3][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                      {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
                                      {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}};
    static const BYTE shifts[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    static const ULONG constants[3] = {0, 0x5A827999, 0x6ED9EBA1};
    static ULONG (*const functions[3])(ULONG, ULONG, ULONG) = {round1, round2, round3};
    MD4_CTX *md4 = context;
    ULONG words[16], s[4];

    memcpy(words, block, sizeof(words));
    memcpy(s, md4->state, sizeof(s));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 16; i++) {
            ULONG sum = s[0] + functions[round](s[1], s[2], s[3]) + words[order[round][i]] + constants[round];
            s[0] = s[3], s[3] = s[2], s[2] = s[1];
            s[1] = digest_rotate(sum, shifts[round][i & 3]);
        }
    }
    for (int i = 0; i < 4; i++) md4->state[i] += s[i];
}

void WINAPI MD4Init(MD4_CTX *context)
{
    static const ULONG initial[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};

    memcpy(context->state, initial, sizeof(initial));
    memset(context->bits, 0, sizeof(context->bits));
}

void WINAPI MD4Update(MD4_CTX *context, const BYTE *data, ULONG length)
{
    digest_update(context, context->bits, context->block, data, length, transform);
}

void WINAPI MD4Final(MD4_CTX *context)
{
    digest_pad(context, context->bits, context->block, false, transform);
    memcpy(context->digest, context->state, sizeof(context->digest));
}
