// Key storage: providers and keys behind handles that are looked up; a key is one of bcrypt's with a name.
#ifndef LOWLAND_NCRYPT_NCRYPT_INTERNAL_H
#define LOWLAND_NCRYPT_NCRYPT_INTERNAL_H

#include "ntdll.h"
#include "nt/nt.h"
#include <bcrypt.h>
#include <ncrypt.h>
#include <stdbool.h>

enum { KEY_NAME_MAX = 256, ALGORITHM_NAME_MAX = 32, BLOB_MAX = 16384 };

enum ncrypt_kind { NCRYPT_KIND_PROVIDER = 1, NCRYPT_KIND_KEY };

struct ncrypt_object {
    enum ncrypt_kind kind;
    LONG references;
    struct ncrypt_object *next;
    // a key's
    NCRYPT_PROV_HANDLE provider;
    BCRYPT_KEY_HANDLE key;
    WCHAR name[KEY_NAME_MAX], algorithm[ALGORITHM_NAME_MAX]; // name: empty for one that does not last
    DWORD export_policy, usage;                              // as the properties have them
    bool final, overwrite;
};

// ---- handles (handle.c) ----

// A zeroed object with one reference; NULL without memory.
struct ncrypt_object *object_new(enum ncrypt_kind kind);
// Makes the handle, which takes over the caller's reference.
NCRYPT_HANDLE object_add(struct ncrypt_object *object);
// Another reference; NULL for a handle that is none of this kind (0: of any).
struct ncrypt_object *object_resolve(NCRYPT_HANDLE handle, enum ncrypt_kind kind);
void object_release(struct ncrypt_object *object);
// Takes the handle away. False for a wrong one.
bool object_close(NCRYPT_HANDLE handle);

static inline void object_release_variable(struct ncrypt_object **object)
{
    if (*object) object_release(*object);
}
#define AUTO_OBJECT __attribute__((cleanup(object_release_variable)))

// ---- statuses and results (handle.c) ----

SECURITY_STATUS status_from_nt(NTSTATUS status);
// Hands out bytes; no buffer asks for the size. NTE_BUFFER_TOO_SMALL.
SECURITY_STATUS put_bytes(const void *bytes, DWORD size, BYTE *buffer, DWORD room, DWORD *result);
bool same_text(const WCHAR *a, const WCHAR *b);
// False when it does not fit.
bool copy_text(WCHAR *target, DWORD units, const WCHAR *text);

// ---- keys that last (store.c): registry keys, as CryptoAPI's containers are ----

SECURITY_STATUS store_save(const struct ncrypt_object *key, bool overwrite);
// Fills a fresh object's key. NTE_BAD_KEYSET when there is none of its name.
SECURITY_STATUS store_load(struct ncrypt_object *key);
bool store_has(const WCHAR *name);
SECURITY_STATUS store_delete(const WCHAR *name);

// A blob's key in an algorithm of bcrypt's (blob.c).
SECURITY_STATUS import_blob(struct ncrypt_object *key, const WCHAR *type, const BYTE *blob, DWORD size);

#endif
