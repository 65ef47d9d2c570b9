// Hashes, HMACs and CMACs by nettle.
#include "crypto_digest.h"
#include "guest_constants.h"

// wincrypt.h's numbers.
static const struct {
    uint32_t algorithm;
    const char *name;
} kinds[] = {
    {0x8001, "md2"},    {0x8002, "md4"},    {0x8003, "md5"},    {0x8004, "sha1"},
    {0x800C, "sha256"}, {0x800D, "sha384"}, {0x800E, "sha512"},
};

static const struct nettle_hash *find_kind(uint32_t algorithm)
{
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].algorithm == algorithm) return crypto_hash_named(kinds[i].name);
    return NULL;
}

static NTSTATUS begin_cmac(struct digest *digest, uint32_t algorithm, const uint8_t *key, size_t size)
{
    NTSTATUS status = cipher_set_key(&digest->cipher, algorithm, true, key, (uint32_t)size, 0);
    if (status) return status;
    if (digest->cipher.block != CMAC128_DIGEST_SIZE) return STATUS_NOT_SUPPORTED;
    digest->hash = NULL;
    digest->size = digest->block = digest->cipher.block;
    crypto.nettle_cmac128_set_key(&digest->key, &digest->cipher.context, digest->cipher.function);
    crypto.nettle_cmac128_init(&digest->cmac);
    return STATUS_SUCCESS;
}

NTSTATUS digest_begin(struct digest *digest, uint32_t algorithm, bool keyed, const uint8_t *key, size_t size)
{
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    const struct nettle_hash *hash = find_kind(algorithm);
    digest->hmac = keyed;
    if (!hash && keyed) return begin_cmac(digest, algorithm, key, size);
    if (!hash || hash->context_size > DIGEST_CONTEXT_MAX || hash->digest_size > DIGEST_MAX)
        return STATUS_NOT_SUPPORTED;
    digest->hash = hash;
    digest->size = hash->digest_size;
    digest->block = hash->block_size;
    if (keyed)
        crypto.nettle_hmac_set_key(digest->outer, digest->inner, digest->state, hash, size, key);
    else
        hash->init(digest->state);
    return STATUS_SUCCESS;
}

void digest_update(struct digest *digest, size_t size, const uint8_t *data)
{
    if (digest->hash)
        digest->hash->update(digest->state, size, data);
    else
        crypto.nettle_cmac128_update(&digest->cmac, &digest->cipher.context, digest->cipher.function, size,
                                     data);
}

void digest_finish(struct digest *digest, size_t size, uint8_t *bytes)
{
    if (!digest->hash)
        crypto.nettle_cmac128_digest(&digest->cmac, &digest->key, &digest->cipher.context,
                                     digest->cipher.function, (unsigned)size, bytes);
    else if (digest->hmac)
        crypto.nettle_hmac_digest(digest->outer, digest->inner, digest->state, digest->hash, size, bytes);
    else
        digest->hash->digest(digest->state, size, bytes);
}
