// A block cipher with its key, for the modes and MACs made of it.
#ifndef LOWLAND_CRYPTO_CIPHER_H
#define LOWLAND_CRYPTO_CIPHER_H

#include "crypto_library.h"
#include "loader/guest.h"

enum { CIPHER_KEY_MAX = 256, CIPHER_BLOCK_MAX = 16 };
// wincrypt.h's numbers.
enum cipher_algorithm {
    CIPHER_DES = 0x6601,
    CIPHER_RC2 = 0x6602,
    CIPHER_3DES = 0x6603,
    CIPHER_3DES_112 = 0x6609,
    CIPHER_AES_128 = 0x660E,
    CIPHER_AES_192,
    CIPHER_AES_256
};

struct cipher {
    union {
        struct aes128_ctx aes128;
        struct aes192_ctx aes192;
        struct aes256_ctx aes256;
        struct arctwo_ctx arctwo;
        struct des_ctx des;
        struct des3_ctx des3;
    } context;
    nettle_cipher_func *function; // for whole blocks
    uint32_t block;               // bytes
};

// Makes a cipher ready, in one direction. effective_bits is RC2's, 0: all. STATUS_INVALID_PARAMETER for a key
// of another size, STATUS_NOT_SUPPORTED. After crypto_load. Wipe the cipher after use.
NTSTATUS cipher_set_key(struct cipher *cipher, uint32_t algorithm, bool encrypt, const uint8_t *key,
                        uint32_t size, uint32_t effective_bits);
// The same with AES by the key's size, and a key that lies in the guest. STATUS_ACCESS_VIOLATION.
NTSTATUS cipher_set_guest_aes_key(struct cipher *cipher, gptr key, uint32_t size);

#endif
