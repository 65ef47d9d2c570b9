// DES blocks by the 64-bit side's cipher.
#include "des.h"
#include "bcryptprimitives.h"
#include <wincrypt.h>

enum { BLOCK = 8 };

// Seven bits of the key in each byte; the eighth, which is parity, counts for nothing.
static void spread_key(const BYTE *key, BYTE spread[BLOCK])
{
    ULONGLONG bits = 0;
    for (int i = 0; i < 7; i++) bits = bits << 8 | key[i];
    for (int i = 0; i < BLOCK; i++) spread[i] = (BYTE)(bits >> (49 - 7 * i) << 1);
}

NTSTATUS des_block(const BYTE *key, const BYTE *in, BYTE *out, bool decrypt)
{
    BYTE spread[BLOCK], block[BLOCK], no_vector[BLOCK] = {0};
    spread_key(key, spread);
    memcpy(block, in, BLOCK);
    NTSTATUS status =
        CryptoCipher(CALG_DES, !decrypt, CRYPT_MODE_ECB, 0, spread, BLOCK, 0, no_vector, BLOCK, block, BLOCK);
    RtlSecureZeroMemory(spread, sizeof(spread));
    if (NT_SUCCESS(status)) memcpy(out, block, BLOCK);
    return status;
}
