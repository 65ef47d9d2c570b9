// Digests in one step, by nettle.
#include "crypt32_host.h"
#include "dlls/bcryptprimitives/unix/crypto_library.h"
#include "guest_copy.h"

enum { CONTEXT_MAX = 512, DIGEST_MAX = 64 };

// wincrypt.h's numbers.
static const char *digest_name(uint32_t algorithm)
{
    switch (algorithm) {
    case 0x8001: return "md2";
    case 0x8002: return "md4";
    case 0x8003: return "md5";
    case 0x8004: return "sha1";
    case 0x800C: return "sha256";
    case 0x800D: return "sha384";
    case 0x800E: return "sha512";
    }
    return NULL;
}

NTSTATUS PkiDigest(uint32_t algorithm, gptr data, uint32_t size, gptr digest, uint32_t digest_size)
{
    _Alignas(16) uint8_t context[CONTEXT_MAX];
    uint8_t result[DIGEST_MAX];
    const char *name = digest_name(algorithm);
    const struct nettle_hash *kind = name && crypto_load() ? crypto_hash_named(name) : NULL;
    if (!kind || kind->context_size > CONTEXT_MAX || kind->digest_size > DIGEST_MAX)
        return STATUS_NOT_SUPPORTED;
    if (digest_size != kind->digest_size) return STATUS_INVALID_PARAMETER;
    AUTO_COPY struct guest_copy copy = {0};
    NTSTATUS status = guest_copy(&copy, data, size);
    if (status) return status;
    kind->init(context);
    kind->update(context, size, copy.data);
    kind->digest(context, digest_size, result);
    return guest_write(digest, result, digest_size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
