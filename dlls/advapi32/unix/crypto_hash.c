// Hashes: objects that hold a context of nettle's.
#include "advapi32_host.h"
#include "crypto_library.h"
#include "dlls/ntdll/unix/object.h"
#include "guest_constants.h"
#include <pthread.h>
#include <string.h>

enum { CHUNK = 16384, CONTEXT_MAX = 512, DIGEST_MAX = 64 };

struct hash {
    struct object object;
    pthread_mutex_t lock;
    const struct nettle_hash *kind;
    _Alignas(16) uint8_t context[CONTEXT_MAX];
};

static void hash_destroy(struct object *object)
{
    pthread_mutex_destroy(&((struct hash *)object)->lock);
    object_free(object);
}

static const struct object_type hash_type = {
    .name = "Hash",
    .valid_access = MAXIMUM_ALLOWED | STANDARD_RIGHTS_ALL,
    .destroy = hash_destroy,
};

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
    if (!crypto_load()) return NULL;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].algorithm == algorithm) return crypto_hash_named(kinds[i].name);
    return NULL;
}

static struct hash *new_hash(const struct nettle_hash *kind)
{
    struct hash *hash = object_alloc(sizeof *hash);
    if (!hash) return NULL;
    object_init(&hash->object, &hash_type);
    pthread_mutex_init(&hash->lock, NULL);
    hash->kind = kind;
    return hash;
}

static NTSTATUS hand_out(struct hash *hash, HANDLE32 *handle)
{
    NTSTATUS status = handle_create(&hash->object, 0, 0, handle);
    object_release(&hash->object);
    return status;
}

NTSTATUS CryptoCreateHash(uint32_t algorithm, HANDLE32 *handle, uint32_t *digest_size, uint32_t *block_size)
{
    const struct nettle_hash *kind = find_kind(algorithm);
    if (!kind || kind->context_size > CONTEXT_MAX || kind->digest_size > DIGEST_MAX)
        return STATUS_NOT_SUPPORTED;
    struct hash *hash = new_hash(kind);
    if (!hash) return STATUS_NO_MEMORY;
    kind->init(hash->context);
    *digest_size = kind->digest_size;
    *block_size = kind->block_size;
    return hand_out(hash, handle);
}

static NTSTATUS resolve(HANDLE32 handle, struct hash **hash)
{
    return handle_resolve(handle, &hash_type, 0, (struct object **)hash);
}

NTSTATUS CryptoDuplicateHash(HANDLE32 handle, HANDLE32 *copy)
{
    struct hash *hash;
    NTSTATUS status = resolve(handle, &hash);
    if (status) return status;
    struct hash *fresh = new_hash(hash->kind);
    if (fresh) {
        pthread_mutex_lock(&hash->lock);
        memcpy(fresh->context, hash->context, sizeof fresh->context);
        pthread_mutex_unlock(&hash->lock);
    }
    object_release(&hash->object);
    return fresh ? hand_out(fresh, copy) : STATUS_NO_MEMORY;
}

NTSTATUS CryptoUpdateHash(HANDLE32 handle, gptr data, uint32_t size)
{
    uint8_t chunk[CHUNK];
    struct hash *hash;
    NTSTATUS status = resolve(handle, &hash);
    if (status) return status;
    for (uint32_t done = 0; done < size && !status;) {
        uint32_t part = size - done < CHUNK ? size - done : CHUNK;
        if (!guest_read(chunk, data + done, part)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        pthread_mutex_lock(&hash->lock);
        hash->kind->update(hash->context, part, chunk);
        pthread_mutex_unlock(&hash->lock);
        done += part;
    }
    object_release(&hash->object);
    return status;
}

NTSTATUS CryptoFinishHash(HANDLE32 handle, gptr digest, uint32_t size)
{
    uint8_t bytes[DIGEST_MAX];
    struct hash *hash;
    NTSTATUS status = resolve(handle, &hash);
    if (status) return status;
    if (size != hash->kind->digest_size) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        pthread_mutex_lock(&hash->lock);
        hash->kind->digest(hash->context, size, bytes);
        pthread_mutex_unlock(&hash->lock);
        if (!guest_write(digest, bytes, size)) status = STATUS_ACCESS_VIOLATION;
    }
    object_release(&hash->object);
    return status;
}
