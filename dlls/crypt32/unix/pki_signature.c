// Checking signatures, by GnuTLS.
#include "gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "crypt32_host.h"
#include "guest_copy.h"

enum { OID_MAX = 128 };

// Signatures with MD5 and SHA-1 are weak but valid: what to think of them is the caller's decision.
#define VERIFY_FLAGS                                                                                         \
    (GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5 | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1)

static gnutls_sign_algorithm_t pss_algorithm(uint32_t hash)
{
    switch (hash) {
    case 0x800C: return GNUTLS_SIGN_RSA_PSS_SHA256;
    case 0x800D: return GNUTLS_SIGN_RSA_PSS_SHA384;
    case 0x800E: return GNUTLS_SIGN_RSA_PSS_SHA512;
    }
    return GNUTLS_SIGN_UNKNOWN;
}

static bool read_oid(char oid[OID_MAX], gptr source)
{
    for (unsigned i = 0; i < OID_MAX; i++) {
        if (!guest_read(&oid[i], source + i, 1)) return false;
        if (!oid[i]) return true;
    }
    oid[0] = 0; // longer than any that is known
    return true;
}

static NTSTATUS verify(const struct guest_copy *key, gnutls_sign_algorithm_t algorithm,
                       const struct guest_copy *data, const struct guest_copy *signature)
{
    gnutls_pubkey_t public;
    const gnutls_datum_t key_datum = {key->data, key->size}, data_datum = {data->data, data->size},
                         signature_datum = {signature->data, signature->size};
    if (tls.gnutls_pubkey_init(&public)) return STATUS_NO_MEMORY;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    if (!tls.gnutls_pubkey_import(public, &key_datum, GNUTLS_X509_FMT_DER)) {
        int result =
            tls.gnutls_pubkey_verify_data2(public, algorithm, VERIFY_FLAGS, &data_datum, &signature_datum);
        status = result < 0 ? STATUS_INVALID_SIGNATURE : STATUS_SUCCESS;
    }
    tls.gnutls_pubkey_deinit(public);
    return status;
}

NTSTATUS PkiVerify(gptr key, uint32_t key_size, gptr oid, uint32_t pss_hash, gptr data, uint32_t size,
                   gptr signature, uint32_t signature_size)
{
    char name[OID_MAX];
    AUTO_COPY struct guest_copy key_copy = {0};
    AUTO_COPY struct guest_copy data_copy = {0};
    AUTO_COPY struct guest_copy signature_copy = {0};
    if (!gnutls_load()) return STATUS_NOT_SUPPORTED;
    if (!read_oid(name, oid)) return STATUS_ACCESS_VIOLATION;
    gnutls_sign_algorithm_t algorithm = pss_hash ? pss_algorithm(pss_hash) : tls.gnutls_oid_to_sign(name);
    if (algorithm == GNUTLS_SIGN_UNKNOWN) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = guest_copy(&key_copy, key, key_size);
    if (!status) status = guest_copy(&data_copy, data, size);
    if (!status) status = guest_copy(&signature_copy, signature, signature_size);
    return status ? status : verify(&key_copy, algorithm, &data_copy, &signature_copy);
}
#endif
