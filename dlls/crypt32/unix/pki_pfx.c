// PKCS #12 files, by GnuTLS.
#include "gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "crypt32_host.h"
#include "guest_copy.h"

enum { PASSWORD_MAX = 1024 };

struct contents {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t *chain, *others;
    unsigned chain_count, other_count;
};

struct items {
    uint8_t *data;
    size_t size;
    bool failed;
};

// Appends and frees what the library made.
static void add_item(struct items *items, uint32_t kind, gnutls_datum_t *bytes, int error)
{
    PKI_ITEM32 head = {kind, bytes->size};
    // Not realloc, which could leave a key behind.
    uint8_t *grown = error || items->failed ? NULL : malloc(items->size + sizeof head + bytes->size);
    if (grown) {
        if (items->size) memcpy(grown, items->data, items->size);
        memcpy(grown + items->size, &head, sizeof head);
        memcpy(grown + items->size + sizeof head, bytes->data, bytes->size);
        if (items->size) explicit_bzero(items->data, items->size);
        free(items->data);
        items->data = grown;
        items->size += sizeof head + bytes->size;
    } else {
        items->failed = true;
    }
    if (!error) {
        explicit_bzero(bytes->data, bytes->size);
        gnutls_release(bytes->data);
    }
}

static void add_certificates(struct items *items, gnutls_x509_crt_t *certificates, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        gnutls_datum_t bytes = {0};
        int error = tls.gnutls_x509_crt_export2(certificates[i], GNUTLS_X509_FMT_DER, &bytes);
        add_item(items, PKI_ITEM_CERTIFICATE, &bytes, error);
        tls.gnutls_x509_crt_deinit(certificates[i]);
    }
    gnutls_release(certificates);
}

static void add_key(struct items *items, gnutls_x509_privkey_t key)
{
    gnutls_datum_t bytes = {0};
    if (!key) return;
    int error =
        tls.gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &bytes);
    add_item(items, PKI_ITEM_KEY, &bytes, error);
    tls.gnutls_x509_privkey_deinit(key);
}

static NTSTATUS parse(const struct guest_copy *file, const char *password, struct contents *contents)
{
    gnutls_pkcs12_t pfx;
    const gnutls_datum_t datum = {file->data, file->size};
    if (tls.gnutls_pkcs12_init(&pfx)) return STATUS_NO_MEMORY;
    NTSTATUS status = STATUS_SUCCESS;
    if (tls.gnutls_pkcs12_import(pfx, &datum, GNUTLS_X509_FMT_DER, 0))
        status = STATUS_INVALID_PARAMETER;
    else if (tls.gnutls_pkcs12_verify_mac(pfx, password))
        status = STATUS_WRONG_PASSWORD;
    else if (tls.gnutls_pkcs12_simple_parse(pfx, password, &contents->key, &contents->chain,
                                            &contents->chain_count, &contents->others, &contents->other_count,
                                            NULL, 0))
        status = STATUS_INVALID_PARAMETER;
    tls.gnutls_pkcs12_deinit(pfx);
    return status;
}

static NTSTATUS read_password(char password[PASSWORD_MAX], gptr source)
{
    for (unsigned i = 0; i < PASSWORD_MAX; i++) {
        if (!guest_read(&password[i], source + i, 1)) return STATUS_ACCESS_VIOLATION;
        if (!password[i]) return STATUS_SUCCESS;
    }
    return STATUS_WRONG_PASSWORD;
}

NTSTATUS PkiOpenPfx(gptr file, uint32_t size, gptr password, gptr items, uint32_t room, uint32_t *needed)
{
    char text[PASSWORD_MAX];
    struct contents contents = {0};
    struct items all = {0};
    AUTO_COPY struct guest_copy copy = {0};
    if (!gnutls_load()) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = password ? read_password(text, password) : STATUS_SUCCESS;
    if (!status) status = guest_copy(&copy, file, size);
    if (!status) status = parse(&copy, password ? text : NULL, &contents);
    explicit_bzero(text, sizeof text);
    if (status) return status;
    add_certificates(&all, contents.chain, contents.chain_count);
    add_key(&all, contents.key);
    add_certificates(&all, contents.others, contents.other_count);
    status = all.failed ? STATUS_NO_MEMORY : guest_hand_out(items, room, all.data, all.size, needed);
    if (all.data) explicit_bzero(all.data, all.size);
    free(all.data);
    return status;
}
#endif
