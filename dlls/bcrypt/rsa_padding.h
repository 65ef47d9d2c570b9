// The paddings of RFC 8017 (PKCS #1): encryption and signatures. Blocks are most significant byte first, of
// the modulus' size; hashes are wincrypt.h's ALG_IDs. Nothing here knows keys or handles: bcrypt and advapi32
// both contain it.
#ifndef LOWLAND_BCRYPT_RSA_PADDING_H
#define LOWLAND_BCRYPT_RSA_PADDING_H

#include "nt/nt.h"
#include <wincrypt.h>
#include <stdbool.h>

enum { RSA_BLOCK_MAX = 2048, RSA_DIGEST_MAX = 64 };

// A hash with its digest's size in bytes.
struct rsa_hash {
    ULONG number, size;
};

// The CryptoAPI's numbers, and the boundary's, have the least significant byte first.
static inline void rsa_copy_reversed(BYTE *target, const BYTE *source, ULONG size)
{
    for (ULONG i = 0; i < size; i++) target[i] = source[size - 1 - i];
}

// RSAES-PKCS1-v1_5. STATUS_INVALID_PARAMETER: too long a message; nothing that was padded so.
NTSTATUS rsa_pad_pkcs1(BYTE *block, ULONG block_size, const BYTE *message, ULONG size);
NTSTATUS rsa_unpad_pkcs1(const BYTE *block, ULONG block_size, const BYTE **message, ULONG *size);

// RSAES-OAEP with MGF1 of the same hash. The block is changed by unpadding, and message points into it.
NTSTATUS rsa_pad_oaep(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *label,
                      ULONG label_size, const BYTE *message, ULONG size);
NTSTATUS rsa_unpad_oaep(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *label,
                        ULONG label_size, const BYTE **message, ULONG *size);

// EMSA-PKCS1-v1_5. number 0: the digest alone, without the DigestInfo that names its hash.
// STATUS_INVALID_PARAMETER: it does not fit. STATUS_NOT_SUPPORTED: a hash without a known name.
NTSTATUS rsa_pad_signature(BYTE *block, ULONG block_size, ULONG number, const BYTE *digest,
                           ULONG digest_size);

// EMSA-PSS.
NTSTATUS rsa_pad_pss(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *digest,
                     ULONG salt_size);
// STATUS_INVALID_SIGNATURE. The block is changed.
NTSTATUS rsa_check_pss(BYTE *block, ULONG block_size, const struct rsa_hash *hash, const BYTE *digest,
                       ULONG salt_size);

#endif
