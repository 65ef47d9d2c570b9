// Encryption that notices changes: AES-256-GCM, by GnuTLS.
#include "gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "crypt32_host.h"
#include "guest_copy.h"

enum { KEY_SIZE = 32, NONCE_SIZE = 12, TAG_SIZE = 16 };

static int apply(bool open, const struct guest_copy *key, const struct guest_copy *nonce,
                 const struct guest_copy *extra, struct guest_copy *data)
{
    gnutls_aead_cipher_hd_t cipher;
    const gnutls_datum_t key_datum = {key->data, key->size};
    size_t plain = data->size - TAG_SIZE, whole = data->size;
    uint8_t *result = malloc(data->size);
    if (!result) return GNUTLS_E_MEMORY_ERROR;
    int error = tls.gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_GCM, &key_datum);
    if (!error) {
        error =
            open ? tls.gnutls_aead_cipher_decrypt(cipher, nonce->data, nonce->size, extra->data, extra->size,
                                                  TAG_SIZE, data->data, whole, result, &plain)
                 : tls.gnutls_aead_cipher_encrypt(cipher, nonce->data, nonce->size, extra->data, extra->size,
                                                  TAG_SIZE, data->data, plain, result, &whole);
        tls.gnutls_aead_cipher_deinit(cipher);
    }
    if (!error) memcpy(data->data, result, open ? plain : whole);
    explicit_bzero(result, data->size);
    free(result);
    return error;
}

NTSTATUS PkiSeal(uint8_t open, gptr key, uint32_t key_size, gptr nonce, uint32_t nonce_size, gptr extra,
                 uint32_t extra_size, gptr data, uint32_t size)
{
    AUTO_COPY struct guest_copy key_copy = {0};
    AUTO_COPY struct guest_copy nonce_copy = {0};
    AUTO_COPY struct guest_copy extra_copy = {0};
    AUTO_COPY struct guest_copy data_copy = {0};
    if (!gnutls_load()) return STATUS_NOT_SUPPORTED;
    if (key_size != KEY_SIZE || nonce_size != NONCE_SIZE || size < TAG_SIZE) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = guest_copy(&key_copy, key, key_size);
    if (!status) status = guest_copy(&nonce_copy, nonce, nonce_size);
    if (!status) status = guest_copy(&extra_copy, extra, extra_size);
    if (!status) status = guest_copy(&data_copy, data, size);
    if (status) return status;
    int error = apply(open, &key_copy, &nonce_copy, &extra_copy, &data_copy);
    if (error) return error == GNUTLS_E_MEMORY_ERROR ? STATUS_NO_MEMORY : STATUS_DECRYPTION_FAILED;
    return guest_write(data, data_copy.data, open ? size - TAG_SIZE : size) ? STATUS_SUCCESS
                                                                            : STATUS_ACCESS_VIOLATION;
}
#endif
