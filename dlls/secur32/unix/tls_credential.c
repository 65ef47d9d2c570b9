// Credentials of TLS: a chain of certificates and its key, or neither.
#include "dlls/crypt32/unix/gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "tls_session.h"

enum { CHAIN_MAX = 16 };

static void credential_destroy(struct object *object)
{
    struct tls_credential *credential = (struct tls_credential *)object;
    if (credential->handle) tls.gnutls_certificate_free_credentials(credential->handle);
    object_free(object);
}

static const struct object_type credential_type = {
    .name = "TlsCredential",
    .valid_access = MAXIMUM_ALLOWED | STANDARD_RIGHTS_ALL,
    .destroy = credential_destroy,
};

NTSTATUS tls_credential_resolve(HANDLE32 handle, struct tls_credential **credential)
{
    return handle_resolve(handle, &credential_type, 0, (struct object **)credential);
}

// The size of the DER element at data, 0 when there is no whole one.
static size_t element_size(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    size_t length = data[1], head = 2;
    if (length & 0x80) {
        size_t digits = length & 0x7F;
        if (!digits || digits > 3 || size < head + digits) return 0;
        for (length = 0; digits; digits--) length = length << 8 | data[head++];
    }
    return length <= size - head ? head + length : 0;
}

static unsigned import_chain(const struct guest_copy *bytes, gnutls_x509_crt_t chain[CHAIN_MAX])
{
    unsigned count = 0;
    for (size_t at = 0; at < bytes->size && count < CHAIN_MAX; count++) {
        size_t size = element_size(bytes->data + at, bytes->size - at);
        const gnutls_datum_t datum = {bytes->data + at, (unsigned)size};
        if (!size || tls.gnutls_x509_crt_init(&chain[count])) break;
        if (tls.gnutls_x509_crt_import(chain[count], &datum, GNUTLS_X509_FMT_DER)) {
            tls.gnutls_x509_crt_deinit(chain[count]);
            break;
        }
        at += size;
    }
    return count;
}

static bool set_key(struct tls_credential *credential, const struct guest_copy *chain_bytes,
                    const struct guest_copy *key_bytes)
{
    gnutls_x509_crt_t chain[CHAIN_MAX];
    gnutls_x509_privkey_t key;
    const gnutls_datum_t datum = {key_bytes->data, key_bytes->size};
    if (tls.gnutls_x509_privkey_init(&key)) return false;
    unsigned count = import_chain(chain_bytes, chain);
    bool set = count && !tls.gnutls_x509_privkey_import2(key, &datum, GNUTLS_X509_FMT_DER, NULL, 0) &&
               tls.gnutls_certificate_set_x509_key(credential->handle, chain, (int)count, key) >= 0;
    while (count) tls.gnutls_x509_crt_deinit(chain[--count]);
    tls.gnutls_x509_privkey_deinit(key);
    return set;
}

NTSTATUS TlsOpenCredential(gptr chain, uint32_t chain_size, gptr key, uint32_t key_size, HANDLE32 *handle)
{
    AUTO_COPY struct guest_copy chain_copy = {0};
    AUTO_COPY struct guest_copy key_copy = {0};
    if (!gnutls_load()) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = guest_copy(&chain_copy, chain, chain_size);
    if (!status) status = guest_copy(&key_copy, key, key_size);
    if (status) return status;
    struct tls_credential *credential = object_alloc(sizeof *credential);
    if (!credential) return STATUS_NO_MEMORY;
    credential->handle = NULL;
    object_init(&credential->object, &credential_type);
    if (tls.gnutls_certificate_allocate_credentials(&credential->handle))
        status = STATUS_NO_MEMORY;
    else if (key_size && !set_key(credential, &chain_copy, &key_copy))
        status = SEC_E_UNKNOWN_CREDENTIALS;
    else
        status = handle_create(&credential->object, 0, 0, handle);
    object_release(&credential->object);
    return status;
}
#endif
