// Hashes as the boundary has them: objects that hold a digest's state; digests and derived keys in one call.
#include "bcryptprimitives_host.h"
#include "crypto_digest.h"
#include "dlls/ntdll/unix/object.h"
#include "guest_constants.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16384 };

struct hash {
    struct object object;
    pthread_mutex_t lock;
    struct digest digest;
};

static void hash_destroy(struct object *object)
{
    struct hash *hash = (struct hash *)object;
    pthread_mutex_destroy(&hash->lock);
    explicit_bzero(&hash->digest, sizeof hash->digest);
    object_free(object);
}

static const struct object_type hash_type = {
    .name = "Hash",
    .valid_access = MAXIMUM_ALLOWED | STANDARD_RIGHTS_ALL,
    .destroy = hash_destroy,
};

static struct hash *new_hash(void)
{
    struct hash *hash = object_alloc(sizeof *hash);
    if (!hash) return NULL;
    object_init(&hash->object, &hash_type);
    pthread_mutex_init(&hash->lock, NULL);
    return hash;
}

static NTSTATUS hand_out(struct hash *hash, HANDLE32 *handle)
{
    NTSTATUS status = handle_create(&hash->object, 0, 0, handle);
    object_release(&hash->object);
    return status;
}

// ---- bytes of the guest ----

// A copy of what may be of any size, to be freed by free_secret; NULL with *status.
static uint8_t *copy_secret(gptr bytes, uint32_t size, NTSTATUS *status)
{
    uint8_t *copy = malloc(size ? size : 1);
    *status = !copy                           ? STATUS_NO_MEMORY
              : guest_read(copy, bytes, size) ? STATUS_SUCCESS
                                              : STATUS_ACCESS_VIOLATION;
    if (!*status) return copy;
    free(copy);
    return NULL;
}

static void free_secret(uint8_t *copy, uint32_t size)
{
    if (copy) explicit_bzero(copy, size);
    free(copy);
}

static NTSTATUS begin(struct digest *digest, uint32_t algorithm, bool keyed, gptr key, uint32_t key_size)
{
    NTSTATUS status;
    if (!keyed) return digest_begin(digest, algorithm, false, NULL, 0);
    uint8_t *copy = copy_secret(key, key_size, &status);
    if (copy) status = digest_begin(digest, algorithm, true, copy, key_size);
    free_secret(copy, key_size);
    return status;
}

// lock: of what the digest belongs to, or NULL.
static NTSTATUS update(struct digest *digest, pthread_mutex_t *lock, gptr data, uint32_t size)
{
    uint8_t chunk[CHUNK];
    for (uint32_t done = 0; done < size;) {
        uint32_t part = size - done < CHUNK ? size - done : CHUNK;
        if (!guest_read(chunk, data + done, part)) return STATUS_ACCESS_VIOLATION;
        if (lock) pthread_mutex_lock(lock);
        digest_update(digest, part, chunk);
        if (lock) pthread_mutex_unlock(lock);
        done += part;
    }
    return STATUS_SUCCESS;
}

// ---- objects ----

NTSTATUS CryptoCreateHash(uint32_t algorithm, uint8_t keyed, gptr key, uint32_t key_size, HANDLE32 *handle,
                          uint32_t *digest_size, uint32_t *block_size)
{
    struct hash *hash = new_hash();
    if (!hash) return STATUS_NO_MEMORY;
    NTSTATUS status = begin(&hash->digest, algorithm, keyed, key, key_size);
    if (status) {
        object_release(&hash->object);
        return status;
    }
    *digest_size = hash->digest.size;
    *block_size = hash->digest.block;
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
    struct hash *fresh = new_hash();
    if (fresh) {
        pthread_mutex_lock(&hash->lock);
        fresh->digest = hash->digest;
        pthread_mutex_unlock(&hash->lock);
    }
    object_release(&hash->object);
    return fresh ? hand_out(fresh, copy) : STATUS_NO_MEMORY;
}

NTSTATUS CryptoUpdateHash(HANDLE32 handle, gptr data, uint32_t size)
{
    struct hash *hash;
    NTSTATUS status = resolve(handle, &hash);
    if (status) return status;
    status = update(&hash->digest, &hash->lock, data, size);
    object_release(&hash->object);
    return status;
}

NTSTATUS CryptoFinishHash(HANDLE32 handle, gptr digest, uint32_t size)
{
    uint8_t bytes[DIGEST_MAX];
    struct hash *hash;
    NTSTATUS status = resolve(handle, &hash);
    if (status) return status;
    if (size != hash->digest.size) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        pthread_mutex_lock(&hash->lock);
        digest_finish(&hash->digest, size, bytes);
        pthread_mutex_unlock(&hash->lock);
        if (!guest_write(digest, bytes, size)) status = STATUS_ACCESS_VIOLATION;
    }
    object_release(&hash->object);
    return status;
}

// ---- in one call ----

NTSTATUS CryptoHash(uint32_t algorithm, uint8_t keyed, gptr key, uint32_t key_size, gptr data, uint32_t size,
                    gptr digest, uint32_t digest_size)
{
    struct digest state;
    uint8_t bytes[DIGEST_MAX];
    NTSTATUS status = begin(&state, algorithm, keyed, key, key_size);
    if (status) return status;
    status = digest_size == state.size ? update(&state, NULL, data, size) : STATUS_INVALID_PARAMETER;
    if (!status) {
        digest_finish(&state, digest_size, bytes);
        if (!guest_write(digest, bytes, digest_size)) status = STATUS_ACCESS_VIOLATION;
    }
    explicit_bzero(&state, sizeof state);
    return status;
}

// nettle's types for a MAC: PBKDF2 begins it anew with each digest.
static void mac_update(void *context, size_t size, const uint8_t *data)
{
    digest_update(context, size, data);
}

static void mac_digest(void *context, size_t size, uint8_t *bytes)
{
    digest_finish(context, size, bytes);
}

NTSTATUS CryptoPbkdf2(uint32_t algorithm, gptr password, uint32_t password_size, gptr salt,
                      uint32_t salt_size, uint32_t iterations, gptr key, uint32_t size)
{
    struct digest state;
    if (!iterations || !size) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = begin(&state, algorithm, true, password, password_size);
    if (status) return status;
    uint8_t *salt_copy = copy_secret(salt, salt_size, &status), *derived = malloc(size);
    if (!derived) status = STATUS_NO_MEMORY;
    if (!status) {
        crypto.nettle_pbkdf2(&state, mac_update, mac_digest, state.size, iterations, salt_size, salt_copy,
                             size, derived);
        if (!guest_write(key, derived, size)) status = STATUS_ACCESS_VIOLATION;
    }
    free_secret(salt_copy, salt_size);
    free_secret(derived, size);
    explicit_bzero(&state, sizeof state);
    return status;
}
