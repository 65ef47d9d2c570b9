// RC4, which is smaller than a call to the 64-bit side.
#include "rc4.h"

void rc4_begin(struct rc4 *rc4, const BYTE *key, ULONG key_length)
{
    BYTE j = 0;
    for (int i = 0; i < 256; i++) rc4->state[i] = (BYTE)i;
    for (int i = 0; key_length && i < 256; i++) {
        BYTE at = rc4->state[i];
        j = (BYTE)(j + at + key[(ULONG)i % key_length]);
        rc4->state[i] = rc4->state[j];
        rc4->state[j] = at;
    }
    rc4->i = rc4->j = 0;
}

void rc4_run(struct rc4 *rc4, BYTE *data, ULONG length)
{
    for (ULONG n = 0; n < length; n++) {
        BYTE at = rc4->state[++rc4->i];
        rc4->j = (BYTE)(rc4->j + at);
        rc4->state[rc4->i] = rc4->state[rc4->j];
        rc4->state[rc4->j] = at;
        data[n] ^= rc4->state[(BYTE)(rc4->state[rc4->i] + at)];
    }
}
