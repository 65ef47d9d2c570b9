// The cryptography API: provider contexts, keys and hashes. What they compute is done on the 64-bit side
// (thunks/bcryptprimitives.h); here are handles, rules, blobs, paddings.
#ifndef LOWLAND_ADVAPI32_CRYPT_H
#define LOWLAND_ADVAPI32_CRYPT_H

#include "bcryptprimitives.h"
#include "base.h"
#include "rc4.h"
#include <wincrypt.h>

enum crypt_kind { CRYPT_KIND_PROVIDER = 1, CRYPT_KIND_HASH, CRYPT_KIND_KEY };
enum { CRYPT_NAME_MAX = 256, SESSION_KEY_MAX = 256, DIGEST_MAX = 64, BLOCK_MAX = 16 };

// What begins every object: handles are pointers that are looked up before they are used.
struct crypt_object {
    enum crypt_kind kind;
    LONG references;
    struct crypt_object *next;
    struct crypt_provider *provider; // of hashes and keys
};

struct crypt_provider {
    struct crypt_object object;
    DWORD type, flags; // flags: of CryptAcquireContext
    bool base;         // the provider for export: short keys
    WCHAR name[CRYPT_NAME_MAX], container[CRYPT_NAME_MAX];
};

struct crypt_key {
    struct crypt_object object;
    ALG_ID algorithm;
    bool exportable;
    // session keys
    BYTE bytes[SESSION_KEY_MAX];
    DWORD size, effective_bits, mode;
    BYTE iv[BLOCK_MAX], chain[BLOCK_MAX]; // chain: while a message is under way
    bool under_way;
    struct rc4 rc4;
    BYTE *imported; // what is only there to be hashed (CRYPT_IPSEC_HMAC_KEY), of imported_size
    DWORD imported_size;
    // RSA: the body of a blob
    BYTE *body;
    DWORD body_size;
};

struct crypt_hash {
    struct crypt_object object;
    ALG_ID algorithm;
    HANDLE state; // of the 64-bit side
    DWORD size, block;
    bool finished;
    BYTE digest[DIGEST_MAX];
    // HMAC
    ALG_ID inner;
    BYTE key[128]; // of size bytes until the kind of hash is known
    bool keyed;
};

// ---- objects (crypt_object.c) ----

// With a reference; NULL with ERROR_INVALID_PARAMETER.
void *crypt_resolve(ULONG_PTR handle, enum crypt_kind kind);
// The same for a function whose flags have to be 0: NTE_BAD_FLAGS.
void *crypt_resolve_plain(ULONG_PTR handle, enum crypt_kind kind, DWORD flags);
void crypt_release(void *object);
static inline void crypt_release_variable(void *variable)
{
    void *object;
    __builtin_memcpy(&object, variable, sizeof(object));
    if (object) crypt_release(object);
}
#define AUTO_CRYPT __attribute__((cleanup(crypt_release_variable)))
// Adds a filled object to those that handles name.
ULONG_PTR crypt_add(void *object, enum crypt_kind kind, struct crypt_provider *provider);
// Takes the handle away; FALSE with ERROR_INVALID_PARAMETER.
BOOL crypt_close(ULONG_PTR handle, enum crypt_kind kind);
// Closes what belongs to a provider.
void crypt_close_all(struct crypt_provider *provider);

static inline BOOL crypt_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

// Hands out bytes by the API's rules: no buffer asks for the size. ERROR_MORE_DATA.
BOOL crypt_put(const void *bytes, DWORD size, BYTE *buffer, DWORD *length);

// ---- providers in the registry (crypt_provider.c) ----

// The name and kind behind what CryptAcquireContext was given. An error of it.
DWORD crypt_find_provider(const WCHAR *name, DWORD type, WCHAR found[CRYPT_NAME_MAX]);

// ---- containers (crypt_container.c) ----

// The registry key of a container; with create it is made.
DWORD crypt_container_open(const struct crypt_provider *provider, bool create, HKEY *key);
DWORD crypt_container_delete(const struct crypt_provider *provider);
// The RSA key of a container (AT_KEYEXCHANGE, AT_SIGNATURE), a fresh object; NULL with the last error.
struct crypt_key *crypt_container_load(struct crypt_provider *provider, DWORD which);
DWORD crypt_container_store(const struct crypt_provider *provider, const struct crypt_key *key);

// ---- keys and hashes ----

static inline bool crypt_is_rsa(ALG_ID algorithm)
{
    return algorithm == CALG_RSA_KEYX || algorithm == CALG_RSA_SIGN;
}
static inline DWORD crypt_rsa_size(const struct crypt_key *key)
{
    return ((const RSAPUBKEY *)key->body)->bitlen / 8;
}
static inline bool crypt_has_private(const struct crypt_key *key)
{
    return ((const RSAPUBKEY *)key->body)->magic == 0x32415352;
}
// The block size of a cipher, 0 for RC4, RSA and what is none.
DWORD crypt_block_size(ALG_ID algorithm);
// Begins a message anew.
void crypt_key_reset(struct crypt_key *key);
// The digest, which ends the hash. An error.
DWORD crypt_hash_finish(struct crypt_hash *hash);
DWORD crypt_hash_update(struct crypt_hash *hash, const BYTE *data, DWORD size);
// One RSA operation in place on a block of the key's size.
DWORD crypt_rsa_apply(const struct crypt_key *key, bool with_private, BYTE *block);
// The paddings of encryption: OAEP with SHA-1, or PKCS #1 1.5. *size: of the message in block.
DWORD crypt_rsa_pad(const struct crypt_key *key, bool oaep, const BYTE *message, DWORD size, BYTE *block);
DWORD crypt_rsa_unpad(const struct crypt_key *key, bool oaep, const BYTE *block, BYTE *message, DWORD *size);

#endif
