// Block ciphers: each call brings its key, so that nothing is kept between them.
#include "advapi32_host.h"
#include "crypto_library.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <string.h>

enum { CHUNK = 16384, KEY_MAX = 256, IV_MAX = 16 };
enum {
    RC2 = 0x6602,
    DES = 0x6601,
    TRIPLE_DES_112 = 0x6609,
    TRIPLE_DES = 0x6603,
    AES_128 = 0x660E,
    AES_192,
    AES_256
};

// A cipher with its key.
struct cipher {
    union {
        struct aes128_ctx aes128;
        struct aes192_ctx aes192;
        struct aes256_ctx aes256;
        struct arctwo_ctx arctwo;
        struct des_ctx des;
        struct des3_ctx des3;
    } context;
    nettle_cipher_func *function;
    uint32_t block;
};

static void pick(struct cipher *cipher, uint32_t block, void *function)
{
    cipher->block = block;
    cipher->function = (nettle_cipher_func *)function;
}

static void set_aes(struct cipher *cipher, uint32_t algorithm, bool encrypt, const uint8_t *key)
{
    if (algorithm == AES_128) {
        (encrypt ? crypto.nettle_aes128_set_encrypt_key
                 : crypto.nettle_aes128_set_decrypt_key)(&cipher->context.aes128, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes128_encrypt : crypto.nettle_aes128_decrypt);
    } else if (algorithm == AES_192) {
        (encrypt ? crypto.nettle_aes192_set_encrypt_key
                 : crypto.nettle_aes192_set_decrypt_key)(&cipher->context.aes192, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes192_encrypt : crypto.nettle_aes192_decrypt);
    } else {
        (encrypt ? crypto.nettle_aes256_set_encrypt_key
                 : crypto.nettle_aes256_set_decrypt_key)(&cipher->context.aes256, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes256_encrypt : crypto.nettle_aes256_decrypt);
    }
}

static NTSTATUS set_key(struct cipher *cipher, uint32_t algorithm, bool encrypt, const uint8_t *key,
                        uint32_t size, uint32_t effective_bits)
{
    uint8_t three[24];
    static const uint8_t aes_sizes[] = {16, 24, 32};
    switch (algorithm) {
    case AES_128:
    case AES_192:
    case AES_256:
        if (size != aes_sizes[algorithm - AES_128]) return STATUS_INVALID_PARAMETER;
        set_aes(cipher, algorithm, encrypt, key);
        return STATUS_SUCCESS;
    case RC2:
        if (!size || size > 128 || effective_bits > 1024) return STATUS_INVALID_PARAMETER;
        crypto.nettle_arctwo_set_key_ekb(&cipher->context.arctwo, size, key,
                                         effective_bits ? effective_bits : size * 8);
        pick(cipher, 8, encrypt ? crypto.nettle_arctwo_encrypt : crypto.nettle_arctwo_decrypt);
        return STATUS_SUCCESS;
    case DES: // weak keys are keys
        if (size != 8) return STATUS_INVALID_PARAMETER;
        crypto.nettle_des_set_key(&cipher->context.des, key);
        pick(cipher, 8, encrypt ? crypto.nettle_des_encrypt : crypto.nettle_des_decrypt);
        return STATUS_SUCCESS;
    case TRIPLE_DES:
    case TRIPLE_DES_112:
        if (size != (algorithm == TRIPLE_DES ? 24 : 16)) return STATUS_INVALID_PARAMETER;
        memcpy(three, key, size);
        if (size == 16) memcpy(three + 16, key, 8);
        crypto.nettle_des3_set_key(&cipher->context.des3, three);
        pick(cipher, 8, encrypt ? crypto.nettle_des3_encrypt : crypto.nettle_des3_decrypt);
        return STATUS_SUCCESS;
    default: return STATUS_NOT_SUPPORTED;
    }
}

static void run(const struct cipher *cipher, bool encrypt, bool chained, uint8_t *iv, uint8_t *data,
                uint32_t size)
{
    if (!chained)
        cipher->function(&cipher->context, size, data, data);
    else if (encrypt)
        crypto.nettle_cbc_encrypt(&cipher->context, cipher->function, cipher->block, iv, size, data, data);
    else
        crypto.nettle_cbc_decrypt(&cipher->context, cipher->function, cipher->block, iv, size, data, data);
}

NTSTATUS CryptoCipher(uint32_t algorithm, uint8_t encrypt, uint8_t chained, gptr key, uint32_t key_size,
                      uint32_t effective_bits, gptr iv, uint32_t iv_size, gptr data, uint32_t size)
{
    uint8_t key_bytes[KEY_MAX], iv_bytes[IV_MAX], chunk[CHUNK];
    struct cipher cipher;
    if (key_size > KEY_MAX) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(key_bytes, key, key_size)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = set_key(&cipher, algorithm, encrypt, key_bytes, key_size, effective_bits);
    if (status) return status;
    if (iv_size != cipher.block || size % cipher.block) return STATUS_INVALID_PARAMETER;
    if (!guest_read(iv_bytes, iv, iv_size)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t done = 0; done < size;) {
        uint32_t part = size - done < CHUNK ? size - done : CHUNK;
        if (!guest_read(chunk, data + done, part)) return STATUS_ACCESS_VIOLATION;
        run(&cipher, encrypt, chained, iv_bytes, chunk, part);
        if (!guest_write(data + done, chunk, part)) return STATUS_ACCESS_VIOLATION;
        done += part;
    }
    return guest_write(iv, iv_bytes, iv_size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
