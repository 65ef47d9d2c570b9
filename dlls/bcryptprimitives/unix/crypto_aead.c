// GCM (SP 800-38D) and CCM (SP 800-38C) of AES.
#include "bcryptprimitives_host.h"
#include "crypto_cipher.h"
#include "guest_constants.h"
#include <string.h>

enum { CHUNK = 16384, BLOCK = 16, NONCE_MAX = 64 }; // CHUNK: whole blocks

_Static_assert(sizeof(CRYPTO_GCM_STATE32) == 48, "as thunks/bcryptprimitives.h has it");

// What both modes do with a part of the guest's bytes.
struct message {
    const struct cipher *cipher;
    bool encrypt;
    struct gcm_key key;
    union {
        struct gcm_ctx gcm;
        struct ccm_ctx ccm;
    };
};
typedef void part_function(struct message *message, size_t size, uint8_t *data);

static NTSTATUS for_parts(struct message *message, part_function *run, gptr data, uint32_t size, bool write)
{
    uint8_t chunk[CHUNK];
    for (uint32_t done = 0; done < size;) {
        uint32_t part = size - done < CHUNK ? size - done : CHUNK;
        if (!guest_read(chunk, data + done, part)) return STATUS_ACCESS_VIOLATION;
        run(message, part, chunk);
        if (write && !guest_write(data + done, chunk, part)) return STATUS_ACCESS_VIOLATION;
        done += part;
    }
    return STATUS_SUCCESS;
}

// ---- GCM ----

static void gcm_auth(struct message *message, size_t size, uint8_t *data)
{
    crypto.nettle_gcm_update(&message->gcm, &message->key, size, data);
}

static void gcm_data(struct message *message, size_t size, uint8_t *data)
{
    (message->encrypt ? crypto.nettle_gcm_encrypt : crypto.nettle_gcm_decrypt)(
        &message->gcm, &message->key, &message->cipher->context, message->cipher->function, size, data, data);
}

// Goes on where a state says; nettle's own checks would end the process.
static bool resume(struct gcm_ctx *gcm, const CRYPTO_GCM_STATE32 *state, uint32_t auth_size, uint32_t size)
{
    if (!state->authenticated && !state->encrypted) return true;
    if ((auth_size && (state->authenticated % BLOCK || state->encrypted)) ||
        (size && state->encrypted % BLOCK))
        return false;
    memcpy(gcm->ctr.b, state->counter, BLOCK);
    memcpy(gcm->x.b, state->hash, BLOCK);
    gcm->auth_size = state->authenticated;
    gcm->data_size = state->encrypted;
    return true;
}

static void keep(const struct gcm_ctx *gcm, CRYPTO_GCM_STATE32 *state)
{
    memcpy(state->counter, gcm->ctr.b, BLOCK);
    memcpy(state->hash, gcm->x.b, BLOCK);
    state->authenticated = gcm->auth_size;
    state->encrypted = gcm->data_size;
}

NTSTATUS CryptoGcm(uint8_t encrypt, gptr key, uint32_t key_size, gptr nonce, uint32_t nonce_size, gptr auth,
                   uint32_t auth_size, CRYPTO_GCM_STATE32 *state, gptr data, uint32_t size, gptr tag,
                   uint32_t tag_size)
{
    uint8_t nonce_bytes[NONCE_MAX], tag_bytes[BLOCK];
    struct cipher cipher;
    struct message message = {.cipher = &cipher, .encrypt = encrypt};
    if (!nonce_size || nonce_size > NONCE_MAX || tag_size > BLOCK) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cipher_set_guest_aes_key(&cipher, key, key_size);
    if (status) return status;
    if (!guest_read(nonce_bytes, nonce, nonce_size)) status = STATUS_ACCESS_VIOLATION;
    if (!status) {
        crypto.nettle_gcm_set_key(&message.key, &cipher.context, cipher.function);
        crypto.nettle_gcm_set_iv(&message.gcm, &message.key, nonce_size, nonce_bytes);
        if (!resume(&message.gcm, state, auth_size, size)) status = STATUS_INVALID_PARAMETER;
    }
    if (!status) status = for_parts(&message, gcm_auth, auth, auth_size, false);
    if (!status) status = for_parts(&message, gcm_data, data, size, true);
    if (!status) keep(&message.gcm, state);
    if (!status && tag_size) {
        crypto.nettle_gcm_digest(&message.gcm, &message.key, &cipher.context, cipher.function, tag_size,
                                 tag_bytes);
        if (!guest_write(tag, tag_bytes, tag_size)) status = STATUS_ACCESS_VIOLATION;
    }
    explicit_bzero(&cipher, sizeof cipher);
    explicit_bzero(&message, sizeof message);
    return status;
}

// ---- CCM ----

static void ccm_auth(struct message *message, size_t size, uint8_t *data)
{
    crypto.nettle_ccm_update(&message->ccm, &message->cipher->context, message->cipher->function, size, data);
}

static void ccm_data(struct message *message, size_t size, uint8_t *data)
{
    (message->encrypt ? crypto.nettle_ccm_encrypt : crypto.nettle_ccm_decrypt)(
        &message->ccm, &message->cipher->context, message->cipher->function, size, data, data);
}

// The nonce leaves 15 - nonce_size bytes for the message's size.
static bool valid_ccm(uint32_t nonce_size, uint32_t tag_size, uint32_t size)
{
    if (nonce_size < 7 || nonce_size > 13 || tag_size < 4 || tag_size > BLOCK || tag_size % 2) return false;
    return nonce_size <= 11 || (uint64_t)size < 1ull << (8 * (15 - nonce_size));
}

NTSTATUS CryptoCcm(uint8_t encrypt, gptr key, uint32_t key_size, gptr nonce, uint32_t nonce_size, gptr auth,
                   uint32_t auth_size, gptr data, uint32_t size, gptr tag, uint32_t tag_size)
{
    uint8_t nonce_bytes[BLOCK], tag_bytes[BLOCK];
    struct cipher cipher;
    struct message message = {.cipher = &cipher, .encrypt = encrypt};
    if (!valid_ccm(nonce_size, tag_size, size)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = cipher_set_guest_aes_key(&cipher, key, key_size);
    if (status) return status;
    if (!guest_read(nonce_bytes, nonce, nonce_size)) status = STATUS_ACCESS_VIOLATION;
    if (!status) {
        crypto.nettle_ccm_set_nonce(&message.ccm, &cipher.context, cipher.function, nonce_size, nonce_bytes,
                                    auth_size, size, tag_size);
        status = for_parts(&message, ccm_auth, auth, auth_size, false);
    }
    if (!status) status = for_parts(&message, ccm_data, data, size, true);
    if (!status) {
        crypto.nettle_ccm_digest(&message.ccm, &cipher.context, cipher.function, tag_size, tag_bytes);
        if (!guest_write(tag, tag_bytes, tag_size)) status = STATUS_ACCESS_VIOLATION;
    }
    explicit_bzero(&cipher, sizeof cipher);
    return status;
}
