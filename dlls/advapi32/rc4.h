// RC4.
#ifndef LOWLAND_ADVAPI32_RC4_H
#define LOWLAND_ADVAPI32_RC4_H

#include "nt/nt.h"

struct rc4 {
    BYTE state[256], i, j;
};

// Makes the table of a key; an empty one leaves it in order.
void rc4_begin(struct rc4 *rc4, const BYTE *key, ULONG key_length);

// Encrypts or decrypts in place what comes next.
void rc4_run(struct rc4 *rc4, BYTE *data, ULONG length);

#endif
