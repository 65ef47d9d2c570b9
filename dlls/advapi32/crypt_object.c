// Handles of the cryptography API.
#include "crypt.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct crypt_object *objects;

void *crypt_resolve(ULONG_PTR handle, enum crypt_kind kind)
{
    AcquireSRWLockExclusive(&lock);
    struct crypt_object *object = objects;
    while (object && (ULONG_PTR)object != handle) object = object->next;
    if (object && object->kind != kind) object = NULL;
    if (object) object->references++;
    ReleaseSRWLockExclusive(&lock);
    if (!object) SetLastError(ERROR_INVALID_PARAMETER);
    return object;
}

void *crypt_resolve_plain(ULONG_PTR handle, enum crypt_kind kind, DWORD flags)
{
    void *object = crypt_resolve(handle, kind);
    if (!object || !flags) return object;
    crypt_release(object);
    SetLastError((DWORD)NTE_BAD_FLAGS);
    return NULL;
}

static void destroy(struct crypt_object *object)
{
    if (object->kind == CRYPT_KIND_HASH) {
        struct crypt_hash *hash = (struct crypt_hash *)object;
        if (hash->state) NtClose(hash->state);
        RtlSecureZeroMemory(hash->key, sizeof(hash->key));
    } else if (object->kind == CRYPT_KIND_KEY) {
        struct crypt_key *key = (struct crypt_key *)object;
        if (key->body) RtlSecureZeroMemory(key->body, key->body_size);
        heap_free(key->body);
        if (key->imported) RtlSecureZeroMemory(key->imported, key->imported_size);
        heap_free(key->imported);
        RtlSecureZeroMemory(key->bytes, sizeof(key->bytes));
        RtlSecureZeroMemory(&key->rc4, sizeof(key->rc4));
    }
    heap_free(object);
}

void crypt_release(void *pointer)
{
    struct crypt_object *object = pointer;
    AcquireSRWLockExclusive(&lock);
    bool last = --object->references == 0;
    ReleaseSRWLockExclusive(&lock);
    if (last) destroy(object);
}

ULONG_PTR crypt_add(void *pointer, enum crypt_kind kind, struct crypt_provider *provider)
{
    struct crypt_object *object = pointer;
    object->kind = kind;
    object->references = 1;
    object->provider = provider;
    AcquireSRWLockExclusive(&lock);
    object->next = objects;
    objects = object;
    ReleaseSRWLockExclusive(&lock);
    return (ULONG_PTR)object;
}

BOOL crypt_close(ULONG_PTR handle, enum crypt_kind kind)
{
    AcquireSRWLockExclusive(&lock);
    struct crypt_object **at = &objects;
    while (*at && (ULONG_PTR)*at != handle) at = &(*at)->next;
    struct crypt_object *object = *at && (*at)->kind == kind ? *at : NULL;
    if (object) *at = object->next;
    ReleaseSRWLockExclusive(&lock);
    if (!object) return crypt_fail(ERROR_INVALID_PARAMETER);
    crypt_release(object);
    return TRUE;
}

void crypt_close_all(struct crypt_provider *provider)
{
    for (;;) {
        AcquireSRWLockExclusive(&lock);
        struct crypt_object **at = &objects;
        while (*at && (*at)->provider != provider) at = &(*at)->next;
        struct crypt_object *object = *at;
        if (object) *at = object->next;
        ReleaseSRWLockExclusive(&lock);
        if (!object) return;
        crypt_release(object);
    }
}

BOOL crypt_put(const void *bytes, DWORD size, BYTE *buffer, DWORD *length)
{
    if (!length) return crypt_fail(ERROR_INVALID_PARAMETER);
    DWORD room = *length;
    *length = size;
    if (!buffer) return TRUE;
    if (room < size) return crypt_fail(ERROR_MORE_DATA);
    memcpy(buffer, bytes, size);
    return TRUE;
}
