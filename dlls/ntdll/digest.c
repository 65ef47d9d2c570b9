// Blocks and padding of message digests.
#include "digest.h"
#include "rtl.h"

void digest_update(void *context, ULONG bits[2], BYTE *block, const BYTE *data, ULONG length,
                   digest_transform transform)
{
    ULONG used = (bits[0] >> 3) & (DIGEST_BLOCK - 1);
    ULONGLONG total = ((ULONGLONG)bits[1] << 32 | bits[0]) + (ULONGLONG)length * 8;

    bits[0] = (ULONG)total;
    bits[1] = (ULONG)(total >> 32);
    if (used && used + length >= DIGEST_BLOCK) {
        memcpy(block + used, data, DIGEST_BLOCK - used);
        transform(context, block);
        data += DIGEST_BLOCK - used;
        length -= DIGEST_BLOCK - used;
        used = 0;
    }
    for (; length >= DIGEST_BLOCK; data += DIGEST_BLOCK, length -= DIGEST_BLOCK) transform(context, data);
    memcpy(block + used, data, length);
}

void digest_pad(void *context, ULONG bits[2], BYTE *block, bool big_endian, digest_transform transform)
{
    enum { LENGTH = 8 };
    ULONG used = (bits[0] >> 3) & (DIGEST_BLOCK - 1);

    block[used++] = 0x80;
    if (used > DIGEST_BLOCK - LENGTH) {
        memset(block + used, 0, DIGEST_BLOCK - used);
        transform(context, block);
        used = 0;
    }
    memset(block + used, 0, DIGEST_BLOCK - used);
    for (int i = 0; i < LENGTH; i++) {
        int shift = 8 * (big_endian ? LENGTH - 1 - i : i);
        block[DIGEST_BLOCK - LENGTH + i] = (BYTE)(((ULONGLONG)bits[1] << 32 | bits[0]) >> shift);
    }
    transform(context, block);
}
