// DES (FIPS 46-3) and RC4, as the numbered functions need them.
#ifndef LOWLAND_ADVAPI32_DES_H
#define LOWLAND_ADVAPI32_DES_H

#include "base.h"

// One block of 8 bytes. key has 7 bytes: 56 bits without parity.
void des_block(const BYTE *key, const BYTE *in, BYTE *out, bool decrypt);

// Encrypts or decrypts in place.
void rc4(const BYTE *key, ULONG key_length, BYTE *data, ULONG length);

#endif
