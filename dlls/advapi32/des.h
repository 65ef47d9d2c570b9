// DES with keys of 7 bytes, as the numbered functions need it.
#ifndef LOWLAND_ADVAPI32_DES_H
#define LOWLAND_ADVAPI32_DES_H

#include "base.h"

// Encrypts or decrypts one block of 8 bytes. key has 7 bytes: 56 bits without parity. The 64-bit side does
// it: STATUS_NOT_SUPPORTED when its library isn't there.
NTSTATUS des_block(const BYTE *key, const BYTE *in, BYTE *out, bool decrypt);

#endif
