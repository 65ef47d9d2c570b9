// CNG: algorithms, keys, hashes and secrets behind validated handles, and what their files share.
#ifndef LOWLAND_BCRYPT_CNG_H
#define LOWLAND_BCRYPT_CNG_H

#include "bcryptprimitives.h"
#include "dlls/advapi32/rc4.h"
#include "ntdll.h"
#include "nt/nt.h"
#include <wincrypt.h>
#include <stdbool.h>
#include <stddef.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// What mingw-w64's bcrypt.h has only for later versions, or not at all (Windows SDK, bcrypt.h).
#ifndef KDF_HKDF_SALT
#define KDF_HKDF_SALT                 0x13
#define KDF_HKDF_INFO                 0x14
#define BCRYPT_KDF_HKDF               L"HKDF"
#define BCRYPT_HKDF_HASH_ALGORITHM    L"HkdfHashAlgorithm"
#define BCRYPT_HKDF_SALT_AND_FINALIZE L"HkdfSaltAndFinalize"
#define BCRYPT_HKDF_PRK_AND_FINALIZE  L"HkdfPrkAndFinalize"
#endif
#ifndef STATUS_AUTH_TAG_MISMATCH
#define STATUS_AUTH_TAG_MISMATCH ((NTSTATUS)0xC000A002)
#endif
#define BCRYPT_HKDF_ALGORITHM  L"HKDF"
#define BCRYPT_ECDSA_ALGORITHM L"ECDSA"
#define BCRYPT_ECDH_ALGORITHM  L"ECDH"
#define BCRYPT_ECC_CURVE_NAME  L"ECCCurveName"

enum { DIGEST_MAX = 64, BLOCK_MAX = 16, SECRET_MAX = 512, NAME_MAX = 64 };

// ---- objects (handle.c): handles are indices with a generation, never pointers ----

enum cng_kind { CNG_ALGORITHM = 1, CNG_HASH, CNG_KEY, CNG_SECRET };

struct cng_object {
    enum cng_kind kind;
    LONG references;
};

// A zeroed object of size bytes with one reference, NULL without memory.
void *cng_new(enum cng_kind kind, SIZE_T size);
// Another reference to what a handle names; NULL for a wrong one. Knows the pseudo-handles of algorithms. Any
// thread.
void *cng_resolve(BCRYPT_HANDLE handle, enum cng_kind kind);
// Gives a reference back; the last one ends the object.
void cng_release(void *object);
// Makes the handle, which takes over the caller's reference, also on failure. STATUS_NO_MEMORY.
NTSTATUS cng_hand_out(void *object, BCRYPT_HANDLE *handle);
// Takes the handle away. STATUS_INVALID_HANDLE.
NTSTATUS cng_close(BCRYPT_HANDLE handle, enum cng_kind kind);

static inline void cng_release_variable(void *variable)
{
    void *object;
    __builtin_memcpy(&object, variable, sizeof(object));
    if (object) cng_release(object);
}
// Releases what a variable points to when it goes out of scope.
#define AUTO_CNG __attribute__((cleanup(cng_release_variable)))

// ---- memory of the process heap, zeroed ----

static inline void *cng_alloc(SIZE_T size)
{
    return RtlAllocateHeap(NtCurrentTeb()->ProcessEnvironmentBlock->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

static inline void cng_free(void *memory)
{
    if (memory) RtlFreeHeap(NtCurrentTeb()->ProcessEnvironmentBlock->ProcessHeap, 0, memory);
}

// Wipes first.
static inline void cng_free_secret(void *memory, SIZE_T size)
{
    if (memory) RtlSecureZeroMemory(memory, size);
    cng_free(memory);
}

// ---- algorithms (algorithm.c) ----

enum cng_family {
    FAMILY_HASH,
    FAMILY_MAC,
    FAMILY_BLOCK,
    FAMILY_RC4,
    FAMILY_RSA,
    FAMILY_EC,
    FAMILY_DH,
    FAMILY_DSA,
    FAMILY_RNG,
    FAMILY_KDF
};
enum cng_mode {
    MODE_NONE,
    MODE_CBC = CRYPT_MODE_CBC,
    MODE_ECB = CRYPT_MODE_ECB,
    MODE_CFB = CRYPT_MODE_CFB,
    MODE_GCM = 16,
    MODE_CCM
};

struct cng_info {
    const WCHAR *name;
    ULONG class;      // BCRYPT_..._INTERFACE
    ULONG operations; // BCRYPT_..._OPERATION
    enum cng_family family;
    ULONG number;        // wincrypt.h's ALG_ID; of curves: their number below the boundary, 0: by property
    ULONG digest, block; // bytes
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
};

// What may be set on an algorithm and goes over to its keys.
struct cng_settings {
    enum cng_mode mode;
    ULONG feedback, effective_bits, curve;
};

struct cng_algorithm {
    struct cng_object object;
    const struct cng_info *info;
    ULONG flags; // BCRYPT_ALG_HANDLE_HMAC_FLAG, BCRYPT_HASH_REUSABLE_FLAG
    struct cng_settings settings;
};

// By name; NULL when there is none.
const struct cng_info *cng_find(const WCHAR *name);
// The hash that a name in a parameter stands for; STATUS_NOT_SUPPORTED, STATUS_INVALID_PARAMETER.
NTSTATUS cng_find_hash(const WCHAR *name, const struct cng_info **hash);
// The algorithm of a pseudo-handle, NULL for what is none. Never ends.
struct cng_algorithm *cng_pseudo_algorithm(BCRYPT_HANDLE handle);
// Whether two texts are equal, with the cases of their letters.
bool cng_same(const WCHAR *a, const WCHAR *b);

// ---- properties (property.c) ----

// Hands out bytes by CNG's rules: no buffer asks for the size. STATUS_BUFFER_TOO_SMALL.
NTSTATUS cng_put(const void *bytes, ULONG size, void *buffer, ULONG room, ULONG *result);
static inline NTSTATUS cng_put_number(ULONG number, void *buffer, ULONG room, ULONG *result)
{
    return cng_put(&number, sizeof(number), buffer, room, result);
}
// The size of the memory that callers are to bring for a hash or key.
ULONG cng_object_length(const struct cng_info *info);

// ---- hashes (hash.c) ----

struct cng_hash {
    struct cng_object object;
    const struct cng_info *info;
    HANDLE state; // of the 64-bit side
    ULONG size;
    bool reusable, keyed, finished;
};
// Writes the digest, of hash->size bytes; the hash takes no more unless it is reusable.
NTSTATUS cng_hash_finish(struct cng_hash *hash, void *digest);
// What cng_release has to do for a hash, and for a key, before its memory goes.
void cng_hash_destroy(struct cng_hash *hash);

// ---- keys (key.c) ----

struct cng_key {
    struct cng_object object;
    const struct cng_info *info;
    struct cng_settings settings;
    // symmetric, and what a key is derived from
    BYTE *secret;
    ULONG secret_size;
    BYTE iv[BLOCK_MAX];
    struct rc4 rc4;
    const struct cng_info *hkdf_hash;
    bool hkdf_ready;
    // pairs: RSA a CryptoAPI blob's body, curves x, y, private; groups as group.h says
    bool pair, final, has_private;
    ULONG bits;
    BYTE *body;
    ULONG body_size;
    ULONG q_size; // DSA
};
void cng_key_destroy(struct cng_key *key);
// A key of an algorithm, not yet handed out. NULL without memory.
struct cng_key *cng_new_key(const struct cng_algorithm *algorithm);

static inline bool cng_is_pair(const struct cng_info *info)
{
    return info->family >= FAMILY_RSA && info->family <= FAMILY_DSA;
}

// The length that keys of a curve have.
static inline ULONG cng_curve_bits(ULONG curve)
{
    return curve == 25519 ? 255 : curve;
}

// What makes, moves and uses the pairs of one family. Blob types are texts; every function may be given any.
struct cng_pair_functions {
    NTSTATUS (*generate)(struct cng_key *key); // of key->bits
    NTSTATUS (*import)(struct cng_key *key, const WCHAR *type, const BYTE *blob, ULONG size);
    NTSTATUS (*export)(const struct cng_key *key, const WCHAR *type, BYTE *blob, ULONG room, ULONG *result);
    NTSTATUS(*sign)
    (const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest, ULONG size,
     BYTE *signature);
    NTSTATUS(*verify)
    (const struct cng_key *key, const void *padding, ULONG flags, const BYTE *digest, ULONG size,
     const BYTE *signature, ULONG signature_size);
    // Writes the shared number, most significant byte first.
    NTSTATUS(*agree)
    (const struct cng_key *key, const struct cng_key *other, BYTE secret[SECRET_MAX], ULONG *size);
    ULONG (*signature_size)(const struct cng_key *key);
};
extern const struct cng_pair_functions rsa_functions, ec_functions, dh_functions, dsa_functions;
// A family's functions, of an algorithm that cng_is_pair.
const struct cng_pair_functions *cng_pair_functions_of(const struct cng_info *info);
// Whether keys of an algorithm may be so long; 0 becomes a curve's own length, if it is known yet.
// STATUS_INVALID_PARAMETER.
NTSTATUS cng_check_length(const struct cng_info *info, const struct cng_settings *settings, ULONG *bits);
// A zeroed body of size bytes in place of the old one, which is wiped. STATUS_NO_MEMORY.
NTSTATUS cng_new_body(struct cng_key *key, ULONG size);
// Wipes the body, if any, and leaves none.
void cng_drop_body(struct cng_key *key);

// RSA's encryption (rsa.c): pairs' part of BCryptEncrypt and BCryptDecrypt.
NTSTATUS rsa_encrypt(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *data,
                     ULONG size, BYTE *out, ULONG room, ULONG *result);
NTSTATUS rsa_decrypt(const struct cng_key *key, const void *padding, ULONG flags, const BYTE *data,
                     ULONG size, BYTE *out, ULONG room, ULONG *result);

// ---- agreed secrets (secret.c) ----

struct cng_secret {
    struct cng_object object;
    ULONG size;
    BYTE bytes[SECRET_MAX]; // most significant first
};

// ---- ciphers (cipher.c, aead.c) ----

// GCM and CCM, in place, where data has been copied to. STATUS_AUTH_TAG_MISMATCH: out is cleared then.
NTSTATUS aead_run(const struct cng_key *key, bool encrypt, BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info,
                  BYTE *iv, ULONG iv_size, BYTE *out, ULONG size);

// Digest or MAC in one call, by an algorithm's number.
static inline NTSTATUS cng_mac(const struct cng_info *hash, const void *key, ULONG key_size, const void *data,
                               ULONG size, BYTE *digest)
{
    return CryptoHash(hash->number, TRUE, key, key_size, data, size, digest, hash->digest);
}

#endif
