// Certificates and revocation lists ("elements"), their properties and the stores that hold them. One lock
// guards all lists and counts; what a function does under it calls the system (heap, registry, files) but
// never a program.
#ifndef LOWLAND_CRYPT32_STORE_H
#define LOWLAND_CRYPT32_STORE_H

#include "encoding.h"
#include "private_key.h"

enum { HASH_SIZE = 20, DIGEST_MAX = 64 };

struct property {
    struct property *next;
    DWORD id, size;
    BYTE data[];
};

struct store;

enum element_kind { ELEMENT_CERTIFICATE, ELEMENT_CRL, ELEMENT_KINDS };

// The context that programs see comes first: a CERT_CONTEXT, or a CRL_CONTEXT, which has the same members.
struct element {
    CERT_CONTEXT context;
    enum element_kind kind;
    LONG outside; // references of programs
    bool listed;  // in its store's list
    DWORD order;  // its place there, never used again
    struct store *store;
    struct element *next;
    struct property *properties;
};

enum { STORE_MAGIC = 0x6F747343, COLLECTION_MAX = 64 };

struct store {
    DWORD magic;
    LONG references; // handles, and elements that programs have
    bool read_only, loaded, collection, changed;
    DWORD next_order;
    struct element *first;
    void (*load)(struct store *store); // fills it when it is first looked at (may be NULL)
    HKEY key;                          // of the registry, where it is kept (NULL: nowhere)
    WCHAR *path;                       // of the file, to which it is written when it is closed (NULL: none)
    DWORD path_flags;
    struct store *members[COLLECTION_MAX];
    DWORD member_flags[COLLECTION_MAX], member_count;
};

void pki_lock(void);
void pki_unlock(void);

// --- elements (element.c)

// Not listed, with one reference; NULL with the last error.
struct element *element_new(enum element_kind kind, DWORD encoding, const BYTE *data, DWORD size);
void element_free(struct element *element);
// With the lock.
void element_retain(struct element *element);
void element_release(struct element *element);

// --- properties (property.c), with the lock
struct property *property_find(const struct element *element, DWORD id);
// Replaces it; data NULL removes it. False without memory.
bool property_set(struct element *element, DWORD id, const void *data, DWORD size);
// One that is not kept but follows from the element; result has room for DIGEST_MAX. Needs no lock.
bool property_compute(const struct element *element, DWORD id, BYTE *result, DWORD *size);
// Copies all of them.
bool property_copy_all(struct element *to, const struct element *from);
// The digest of bytes by an ALG_ID; false with the last error.
bool digest(ALG_ID algorithm, const void *data, DWORD size, BYTE *result, DWORD result_size);

// --- stores (store.c)

struct store *store_new(void);
// Checked; NULL with ERROR_INVALID_PARAMETER... for what is no store's handle.
struct store *store_of(HCERTSTORE handle);
void store_retain(struct store *store);
// With the lock. The last one frees it.
void store_release(struct store *store);
// With the lock: appends an element that is not listed; takes it over.
void store_list(struct store *store, struct element *element);
// The element after one (NULL: the first) of a kind, with the lock. Looks into collections.
struct element *store_next(struct store *store, enum element_kind kind, const struct element *after);
// Adds a copy by a CERT_STORE_ADD_ disposition; *result is retained (may be NULL). False with the last error.
bool store_add(struct store *store, const struct element *element, DWORD disposition,
               struct element **result);

// --- where stores are kept
struct store *store_open_system(const WCHAR *name, DWORD flags); // store_system.c
// With the lock. False with the last error.
bool store_system_written(struct store *store, const struct element *element);
void store_system_removed(struct store *store, const struct element *element); // with the lock
// An element as files and the registry have it: properties, then what is encoded (element_serial.c).
// with_key: also its private key, protected as CryptProtectData does.
void element_serialize(struct der_writer *out, const struct element *element, bool with_key);
// Elements one after another are added to store. False for what is malformed.
bool elements_read(struct store *store, const BYTE *data, DWORD size);
bool store_read_serialized(struct store *store, const BYTE *data, DWORD size); // a whole store: with its head
void store_write_serialized(struct der_writer *out, struct store *store);
bool store_read_pkcs7(struct store *store, const BYTE *data, DWORD size);
void store_write_pkcs7(struct der_writer *out, struct store *store);
BYTE *read_whole_file(const WCHAR *path, HANDLE file, DWORD *size); // by heap_alloc; NULL with the last error
bool write_whole_file(const WCHAR *path, HANDLE file, const BYTE *data, DWORD size);

// --- shared by certificates' functions
const CERT_EXTENSION *extension_of(const CERT_INFO *info, const char *oid);
// An extension's value decoded (LocalFree), or NULL.
void *decode_extension_of(const CERT_INFO *info, const char *oid);
// By heap_alloc; NULL when there is none, or one with a NUL inside, which would compare as less than it is.
WCHAR *common_name_of(PCCERT_CONTEXT context); // name_text.c
bool blobs_equal(const DATA_BLOB *one, const DATA_BLOB *other);
// Whether key signed the signed content in encoded (a whole certificate or list).
bool signature_fits(const BYTE *encoded, DWORD size, const CERT_PUBLIC_KEY_INFO *key);

#endif
