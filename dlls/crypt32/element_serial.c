// Elements and stores as bytes: Windows' serialized form, and PKCS #7's signed data without signatures.
#include "store.h"

enum {
    ID_CERTIFICATE = 32,
    ID_CRL = 33,
    SEALED_KEY_PROP_ID = LOWLAND_PRIVATE_KEY_PROP_ID + 1, // only where it is kept
    FILE_MAGIC = 0x54524543
};

struct head {
    DWORD id, encoding, size;
};

static void put_part(struct der_writer *out, DWORD id, DWORD encoding, const void *data, DWORD size)
{
    struct head head = {id, encoding, size};
    der_put(out, &head, sizeof head);
    der_put(out, data, size);
}

// A private key as CryptProtectData leaves it. Where that can't be done there is none.
static void put_sealed_key(struct der_writer *out, const struct property *key)
{
    DATA_BLOB plain = {key->size, (BYTE *)key->data}, sealed;
    if (!CryptProtectData(&plain, NULL, NULL, NULL, NULL, 0, &sealed)) return;
    put_part(out, SEALED_KEY_PROP_ID, X509_ASN_ENCODING, sealed.pbData, sealed.cbData);
    LocalFree(sealed.pbData);
}

void element_serialize(struct der_writer *out, const struct element *element, bool with_key)
{
    for (const struct property *p = element->properties; p; p = p->next) {
        if (p->id == LOWLAND_PRIVATE_KEY_PROP_ID) {
            if (with_key) put_sealed_key(out, p);
        } else if (p->id != CERT_KEY_CONTEXT_PROP_ID && p->id != CERT_KEY_PROV_HANDLE_PROP_ID) {
            put_part(out, p->id, X509_ASN_ENCODING, p->data, p->size);
        }
    }
    put_part(out, element->kind == ELEMENT_CRL ? ID_CRL : ID_CERTIFICATE, X509_ASN_ENCODING,
             element->context.pbCertEncoded, element->context.cbCertEncoded);
}

// The next part; false at the end, and *good false when it is malformed.
static bool next_part(const BYTE **data, DWORD *size, struct head *head, bool *good)
{
    *good = true;
    if (!*size) return false;
    *good = *size >= sizeof *head;
    if (!*good) return false;
    memcpy(head, *data, sizeof *head);
    if (!head->id && !head->encoding && !head->size) return false;
    *good = head->size <= *size - sizeof *head;
    *data += sizeof *head;
    *size -= sizeof *head;
    return *good;
}

// A key that can't be opened (another user's) is left out; false without memory.
static bool set_sealed_key(struct element *element, const BYTE *data, DWORD size)
{
    DATA_BLOB sealed = {size, (BYTE *)data}, plain;
    if (!CryptUnprotectData(&sealed, NULL, NULL, NULL, NULL, 0, &plain)) return true;
    bool good = property_set(element, LOWLAND_PRIVATE_KEY_PROP_ID, plain.pbData, plain.cbData);
    SecureZeroMemory(plain.pbData, plain.cbData);
    LocalFree(plain.pbData);
    return good;
}

// Gives an element the properties that lie before it.
static bool add_properties(struct element *element, const BYTE *data, const BYTE *end)
{
    struct head head;
    bool good;
    for (DWORD size = (DWORD)(end - data); next_part(&data, &size, &head, &good);) {
        if (head.id == ID_CERTIFICATE || head.id == ID_CRL) break;
        // Such a property's offsets lead only inside of it if we wrote it; keys are never written plainly.
        bool trusted = head.id != CERT_KEY_PROV_INFO_PROP_ID && head.id != LOWLAND_PRIVATE_KEY_PROP_ID;
        if (head.id == SEALED_KEY_PROP_ID) {
            if (!set_sealed_key(element, data, head.size)) return false;
        } else if (trusted && !property_set(element, head.id, data, head.size)) {
            return false;
        }
        data += head.size;
        size -= head.size;
    }
    return true;
}

bool elements_read(struct store *store, const BYTE *data, DWORD size)
{
    struct head head;
    bool good;
    const BYTE *properties = data;
    while (next_part(&data, &size, &head, &good)) {
        if (head.id == ID_CERTIFICATE || head.id == ID_CRL) {
            struct element *element = element_new(head.id == ID_CRL ? ELEMENT_CRL : ELEMENT_CERTIFICATE,
                                                  X509_ASN_ENCODING, data, head.size);
            if (!element) return false;
            element->outside = 0;
            store_list(store, element);
            if (!add_properties(element, properties, data)) return false;
            properties = data + head.size;
        }
        data += head.size;
        size -= head.size;
    }
    return good || der_fail((DWORD)CRYPT_E_FILE_ERROR);
}

bool store_read_serialized(struct store *store, const BYTE *data, DWORD size)
{
    DWORD start[2];
    if (size < sizeof start) return der_fail((DWORD)CRYPT_E_FILE_ERROR);
    memcpy(start, data, sizeof start);
    if (start[0] || start[1] != FILE_MAGIC) return der_fail((DWORD)CRYPT_E_FILE_ERROR);
    return elements_read(store, data + sizeof start, size - sizeof start);
}

void store_write_serialized(struct der_writer *out, struct store *store)
{
    static const DWORD start[2] = {0, FILE_MAGIC};
    der_put(out, start, sizeof start);
    for (int kind = 0; kind < ELEMENT_KINDS; kind++)
        for (struct element *e = NULL; (e = store_next(store, kind, e));) element_serialize(out, e, false);
    put_part(out, 0, 0, NULL, 0);
}

// --- PKCS #7

static bool add_list(struct store *store, struct der list, enum element_kind kind)
{
    struct der whole;
    while (list.size) {
        if (!der_take_whole(&list, &whole)) return false;
        struct element *element = element_new(kind, X509_ASN_ENCODING, whole.data, whole.size);
        if (!element) return false;
        element->outside = 0;
        store_list(store, element);
    }
    return true;
}

bool store_read_pkcs7(struct store *store, const BYTE *data, DWORD size)
{
    struct der in = {data, size}, content, oid, wrapped, signed_data, skipped, certificates, lists;
    char text[32];
    DWORD length;
    int version;
    if (!der_take(&in, DER_SEQUENCE, &content) || !der_take(&content, DER_OID, &oid) ||
        !der_oid_text(oid, text, sizeof text, &length))
        return false;
    if (strcmp(text, szOID_RSA_signedData)) return der_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    return der_take(&content, DER_CONSTRUCTED(0), &wrapped) &&
           der_take(&wrapped, DER_SEQUENCE, &signed_data) &&
           der_take_int(&signed_data, DER_INTEGER, &version) && der_take(&signed_data, DER_SET, &skipped) &&
           der_take(&signed_data, DER_SEQUENCE, &skipped) &&
           der_take_optional(&signed_data, DER_CONSTRUCTED(0), &certificates) &&
           der_take_optional(&signed_data, DER_CONSTRUCTED(1), &lists) &&
           add_list(store, certificates, ELEMENT_CERTIFICATE) && add_list(store, lists, ELEMENT_CRL);
}

static void put_list(struct der_writer *out, struct store *store, enum element_kind kind, BYTE tag)
{
    if (!store_next(store, kind, NULL)) return;
    DWORD mark = der_open(out, tag);
    for (struct element *e = NULL; (e = store_next(store, kind, e));)
        der_put(out, e->context.pbCertEncoded, e->context.cbCertEncoded);
    der_close(out, mark);
}

void store_write_pkcs7(struct der_writer *out, struct store *store)
{
    DWORD outer = der_open(out, DER_SEQUENCE);
    der_put_oid(out, szOID_RSA_signedData);
    DWORD wrapped = der_open(out, DER_CONSTRUCTED(0)), content = der_open(out, DER_SEQUENCE);
    der_put_int(out, DER_INTEGER, 1);
    der_put_element(out, DER_SET, NULL, 0);
    DWORD data = der_open(out, DER_SEQUENCE);
    der_put_oid(out, szOID_RSA_data);
    der_close(out, data);
    put_list(out, store, ELEMENT_CERTIFICATE, DER_CONSTRUCTED(0));
    put_list(out, store, ELEMENT_CRL, DER_CONSTRUCTED(1));
    der_put_element(out, DER_SET, NULL, 0);
    der_close(out, content);
    der_close(out, wrapped);
    der_close(out, outer);
}
