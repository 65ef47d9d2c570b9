// Functions that make keys of secrets, and their parameters in a BCryptBufferDesc.
#ifndef LOWLAND_BCRYPT_DERIVE_H
#define LOWLAND_BCRYPT_DERIVE_H

#include "cng.h"

enum { GATHERED_MAX = 4096 };

// Bytes put together for a hash.
struct gathered {
    ULONG size;
    BYTE bytes[GATHERED_MAX];
};

static inline void gathered_wipe(struct gathered *gathered)
{
    RtlSecureZeroMemory(gathered, sizeof(*gathered));
}
// Wipes it when it goes out of scope: there are secrets in it.
#define AUTO_WIPE __attribute__((cleanup(gathered_wipe)))

// The first buffer of a kind; NULL when there is none.
const BCryptBuffer *derive_find(const BCryptBufferDesc *list, ULONG kind);
// Adds bytes; false when there are too many.
bool derive_add(struct gathered *gathered, const void *bytes, ULONG size);
// Adds all buffers of a kind.
bool derive_add_all(struct gathered *gathered, const BCryptBufferDesc *list, ULONG kind);
// The hash that KDF_HASH_ALGORITHM names; without it the one of this name (NULL: STATUS_INVALID_PARAMETER).
NTSTATUS derive_hash(const BCryptBufferDesc *list, const WCHAR *usual, const struct cng_info **hash);

// HKDF (RFC 5869): its second half; salt and info from KDF_HKDF_ buffers.
NTSTATUS derive_hkdf_expand(const struct cng_info *hash, const BYTE *key, ULONG key_size,
                            const BCryptBufferDesc *list, BYTE *out, ULONG size);
// SP 800-56A's concatenation of hashes.
NTSTATUS derive_concat(const BCryptBufferDesc *list, const BYTE *secret, ULONG secret_size, BYTE *out,
                       ULONG room, ULONG *result);

#endif
