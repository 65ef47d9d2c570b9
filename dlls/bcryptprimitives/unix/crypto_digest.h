// Hashes, HMACs and CMACs: a state that bytes go into and a digest comes out of.
#ifndef LOWLAND_CRYPTO_DIGEST_H
#define LOWLAND_CRYPTO_DIGEST_H

#include "crypto_cipher.h"

enum { DIGEST_CONTEXT_MAX = 256, DIGEST_MAX = 64 };

struct digest {
    const struct nettle_hash *hash; // NULL: a CMAC
    bool hmac;
    uint32_t size, block;
    union {
        struct {
            _Alignas(16) uint8_t state[DIGEST_CONTEXT_MAX], inner[DIGEST_CONTEXT_MAX],
                outer[DIGEST_CONTEXT_MAX];
        };
        struct {
            struct cipher cipher;
            struct cmac128_key key;
            struct cmac128_ctx cmac;
        };
    };
};

// Begins a digest of a hash, keyed: an HMAC, or the CMAC of a cipher (wincrypt.h's ALG_IDs).
// STATUS_NOT_SUPPORTED, STATUS_INVALID_PARAMETER for the size of a cipher's key. Wipe the state after use
// when it is keyed.
NTSTATUS digest_begin(struct digest *digest, uint32_t algorithm, bool keyed, const uint8_t *key, size_t size);
// Takes more bytes.
void digest_update(struct digest *digest, size_t size, const uint8_t *data);
// The first size bytes of it; the digest begins anew with its key.
void digest_finish(struct digest *digest, size_t size, uint8_t *bytes);

#endif
