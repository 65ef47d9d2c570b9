// SHA-1 (RFC 3174), as ntdll exports it.
#include "digest.h"
#include "rtl.h"

typedef struct {
    ULONG reserved[6];
    ULONG state[5];
    ULONG count[2]; // of bits, the high part first
    BYTE block[DIGEST_BLOCK];
} SHA_CTX;

static void transform(void *context, const BYTE *block)
{
    SHA_CTX *sha = context;
    ULONG w[80], s[5];

    for (int i = 0; i < 16; i++) w[i] = digest_big_endian(block + 4 * i);
    for (int i = 16; i < 80; i++) w[i] = digest_rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    memcpy(s, sha->state, sizeof(s));
    for (int i = 0; i < 80; i++) {
        ULONG f = i < 20   ? ((s[1] & s[2]) | (~s[1] & s[3])) + 0x5A827999
                  : i < 40 ? (s[1] ^ s[2] ^ s[3]) + 0x6ED9EBA1
                  : i < 60 ? ((s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3])) + 0x8F1BBCDC
                           : (s[1] ^ s[2] ^ s[3]) + 0xCA62C1D6;
        ULONG next = digest_rotate(s[0], 5) + f + s[4] + w[i];
        s[4] = s[3], s[3] = s[2], s[2] = digest_rotate(s[1], 30), s[1] = s[0], s[0] = next;
    }
    for (int i = 0; i < 5; i++) sha->state[i] += s[i];
}

void WINAPI A_SHAInit(SHA_CTX *context)
{
    static const ULONG initial[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};

    memcpy(context->state, initial, sizeof(initial));
    memset(context->count, 0, sizeof(context->count));
}

void WINAPI A_SHAUpdate(SHA_CTX *context, const BYTE *data, ULONG length)
{
    ULONG bits[2] = {context->count[1], context->count[0]};

    digest_update(context, bits, context->block, data, length, transform);
    context->count[0] = bits[1];
    context->count[1] = bits[0];
}

/** The digest as five numbers in memory order of their bytes; the context starts anew. */
void WINAPI A_SHAFinal(SHA_CTX *context, ULONG *result)
{
    ULONG bits[2] = {context->count[1], context->count[0]};

    digest_pad(context, bits, context->block, true, transform);
    for (int i = 0; i < 5; i++) result[i] = __builtin_bswap32(context->state[i]);
    A_SHAInit(context);
}

void sha1_digest(const BYTE *data, ULONG length, ULONG result[5])
{
    SHA_CTX context;

    A_SHAInit(&context);
    A_SHAUpdate(&context, data, length);
    A_SHAFinal(&context, result);
}
