// MD5 (RFC 1321), as ntdll exports it.
#include "digest.h"
#include "rtl.h"

typedef struct {
    ULONG bits[2];
    ULONG state[4];
    BYTE block[DIGEST_BLOCK];
    BYTE digest[16];
} MD5_CTX;

// floor(2^32 * abs(sin(i + 1)))
static const ULONG sines[64] = {
    0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
    0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
    0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
    0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
    0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
    0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
    0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
    0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
};

static void transform(void *context, const BYTE *block)
{
    static const BYTE shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    MD5_CTX *md5 = context;
    ULONG words[16], a = md5->state[0], b = md5->state[1], c = md5->state[2], d = md5->state[3];

    memcpy(words, block, sizeof(words));
    for (int i = 0; i < 64; i++) {
        ULONG f;
        int word;

        switch (i >> 4) {
        case 0: f = (b & c) | (~b & d), word = i; break;
        case 1: f = (d & b) | (~d & c), word = (5 * i + 1) & 15; break;
        case 2: f = b ^ c ^ d, word = (3 * i + 5) & 15; break;
        default: f = c ^ (b | ~d), word = (7 * i) & 15; break;
        }
        f += a + sines[i] + words[word];
        a = d, d = c, c = b;
        b += digest_rotate(f, shifts[i >> 4][i & 3]);
    }
    md5->state[0] += a;
    md5->state[1] += b;
    md5->state[2] += c;
    md5->state[3] += d;
}

void WINAPI MD5Init(MD5_CTX *context)
{
    static const ULONG initial[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};

    memset(context->bits, 0, sizeof(context->bits));
    memcpy(context->state, initial, sizeof(initial));
}

void WINAPI MD5Update(MD5_CTX *context, const BYTE *data, ULONG length)
{
    digest_update(context, context->bits, context->block, data, length, transform);
}

void WINAPI MD5Final(MD5_CTX *context)
{
    digest_pad(context, context->bits, context->block, false, transform);
    memcpy(context->digest, context->state, sizeof(context->digest));
}
