// Block ciphers: each call brings its key, so that nothing is kept between them.
#include "bcryptprimitives_host.h"
#include "crypto_cipher.h"
#include "guest_constants.h"
#include <string.h>

enum { CHUNK = 16384 };
enum { MODE_CBC = 1, MODE_ECB = 2, MODE_CFB = 4 }; // wincrypt.h's CRYPT_MODE_

static void pick(struct cipher *cipher, uint32_t block, void *function)
{
    cipher->block = block;
    cipher->function = (nettle_cipher_func *)function;
}

static void set_aes(struct cipher *cipher, uint32_t algorithm, bool encrypt, const uint8_t *key)
{
    if (algorithm == CIPHER_AES_128) {
        (encrypt ? crypto.nettle_aes128_set_encrypt_key
                 : crypto.nettle_aes128_set_decrypt_key)(&cipher->context.aes128, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes128_encrypt : crypto.nettle_aes128_decrypt);
    } else if (algorithm == CIPHER_AES_192) {
        (encrypt ? crypto.nettle_aes192_set_encrypt_key
                 : crypto.nettle_aes192_set_decrypt_key)(&cipher->context.aes192, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes192_encrypt : crypto.nettle_aes192_decrypt);
    } else {
        (encrypt ? crypto.nettle_aes256_set_encrypt_key
                 : crypto.nettle_aes256_set_decrypt_key)(&cipher->context.aes256, key);
        pick(cipher, 16, encrypt ? crypto.nettle_aes256_encrypt : crypto.nettle_aes256_decrypt);
    }
}

NTSTATUS cipher_set_key(struct cipher *cipher, uint32_t algorithm, bool encrypt, const uint8_t *key,
                        uint32_t size, uint32_t effective_bits)
{
    uint8_t three[24];
    static const uint8_t aes_sizes[] = {16, 24, 32};
    switch (algorithm) {
    case CIPHER_AES_128:
    case CIPHER_AES_192:
    case CIPHER_AES_256:
        if (size != aes_sizes[algorithm - CIPHER_AES_128]) return STATUS_INVALID_PARAMETER;
        set_aes(cipher, algorithm, encrypt, key);
        return STATUS_SUCCESS;
    case CIPHER_RC2:
        if (!size || size > 128 || effective_bits > 1024) return STATUS_INVALID_PARAMETER;
        crypto.nettle_arctwo_set_key_ekb(&cipher->context.arctwo, size, key,
                                         effective_bits ? effective_bits : size * 8);
        pick(cipher, 8, encrypt ? crypto.nettle_arctwo_encrypt : crypto.nettle_arctwo_decrypt);
        return STATUS_SUCCESS;
    case CIPHER_DES: // weak keys are keys
        if (size != 8) return STATUS_INVALID_PARAMETER;
        crypto.nettle_des_set_key(&cipher->context.des, key);
        pick(cipher, 8, encrypt ? crypto.nettle_des_encrypt : crypto.nettle_des_decrypt);
        return STATUS_SUCCESS;
    case CIPHER_3DES:
    case CIPHER_3DES_112:
        if (size != (algorithm == CIPHER_3DES ? 24 : 16)) return STATUS_INVALID_PARAMETER;
        memcpy(three, key, size);
        if (size == 16) memcpy(three + 16, key, 8);
        crypto.nettle_des3_set_key(&cipher->context.des3, three);
        explicit_bzero(three, sizeof three);
        pick(cipher, 8, encrypt ? crypto.nettle_des3_encrypt : crypto.nettle_des3_decrypt);
        return STATUS_SUCCESS;
    default: return STATUS_NOT_SUPPORTED;
    }
}

NTSTATUS cipher_set_guest_aes_key(struct cipher *cipher, gptr key, uint32_t size)
{
    uint8_t bytes[32];
    if (size != 16 && size != 24 && size != 32) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(bytes, key, size)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = cipher_set_key(cipher, CIPHER_AES_128 + (size - 16) / 8, true, bytes, size, 0);
    explicit_bzero(bytes, sizeof bytes);
    return status;
}

// How a message is cut and chained.
struct mode {
    uint32_t mode, feedback;
    bool encrypt;
};

static void run(const struct cipher *cipher, const struct mode *mode, uint8_t *iv, uint8_t *data,
                uint32_t size)
{
    const void *context = &cipher->context;
    if (mode->mode == MODE_ECB)
        cipher->function(context, size, data, data);
    else if (mode->mode == MODE_CBC)
        (mode->encrypt ? crypto.nettle_cbc_encrypt : crypto.nettle_cbc_decrypt)(
            context, cipher->function, cipher->block, iv, size, data, data);
    else if (mode->feedback == 1)
        (mode->encrypt ? crypto.nettle_cfb8_encrypt : crypto.nettle_cfb8_decrypt)(
            context, cipher->function, cipher->block, iv, size, data, data);
    else
        (mode->encrypt ? crypto.nettle_cfb_encrypt : crypto.nettle_cfb_decrypt)(
            context, cipher->function, cipher->block, iv, size, data, data);
}

static bool valid_mode(const struct mode *mode, const struct cipher *cipher, uint32_t size)
{
    if (mode->mode == MODE_ECB || mode->mode == MODE_CBC) return size % cipher->block == 0;
    if (mode->mode != MODE_CFB) return false;
    return mode->feedback == 1 || (mode->feedback == cipher->block && size % cipher->block == 0);
}

static NTSTATUS run_guest(const struct cipher *cipher, const struct mode *mode, gptr iv, gptr data,
                          uint32_t size)
{
    uint8_t iv_bytes[CIPHER_BLOCK_MAX], chunk[CHUNK];
    if (!guest_read(iv_bytes, iv, cipher->block)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t done = 0; done < size;) {
        uint32_t part = size - done < CHUNK ? size - done : CHUNK;
        if (!guest_read(chunk, data + done, part)) return STATUS_ACCESS_VIOLATION;
        run(cipher, mode, iv_bytes, chunk, part);
        if (!guest_write(data + done, chunk, part)) return STATUS_ACCESS_VIOLATION;
        done += part;
    }
    return guest_write(iv, iv_bytes, cipher->block) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS CryptoCipher(uint32_t algorithm, uint8_t encrypt, uint32_t chaining, uint32_t feedback, gptr key,
                      uint32_t key_size, uint32_t effective_bits, gptr iv, uint32_t iv_size, gptr data,
                      uint32_t size)
{
    uint8_t key_bytes[CIPHER_KEY_MAX];
    struct cipher cipher;
    const struct mode mode = {chaining, feedback, encrypt};
    if (key_size > CIPHER_KEY_MAX) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(key_bytes, key, key_size)) return STATUS_ACCESS_VIOLATION;
    // CFB encrypts its register in both directions.
    NTSTATUS status = cipher_set_key(&cipher, algorithm, encrypt || chaining == MODE_CFB, key_bytes, key_size,
                                     effective_bits);
    if (!status && (iv_size != cipher.block || !valid_mode(&mode, &cipher, size)))
        status = STATUS_INVALID_PARAMETER;
    if (!status) status = run_guest(&cipher, &mode, iv, data, size);
    explicit_bzero(key_bytes, sizeof key_bytes);
    explicit_bzero(&cipher, sizeof cipher);
    return status;
}
