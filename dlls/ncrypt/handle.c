// Handles, statuses, and how results are handed out.
#include "ncrypt_internal.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct ncrypt_object *objects;

struct ncrypt_object *object_new(enum ncrypt_kind kind)
{
    struct ncrypt_object *object = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*object));
    if (!object) return NULL;
    object->kind = kind;
    object->references = 1;
    return object;
}

NCRYPT_HANDLE object_add(struct ncrypt_object *object)
{
    AcquireSRWLockExclusive(&lock);
    object->next = objects;
    objects = object;
    ReleaseSRWLockExclusive(&lock);
    return (NCRYPT_HANDLE)object;
}

struct ncrypt_object *object_resolve(NCRYPT_HANDLE handle, enum ncrypt_kind kind)
{
    AcquireSRWLockShared(&lock);
    struct ncrypt_object *object = objects;
    while (object && (NCRYPT_HANDLE)object != handle) object = object->next;
    if (object && kind && object->kind != kind) object = NULL;
    if (object) InterlockedIncrement(&object->references);
    ReleaseSRWLockShared(&lock);
    return object;
}

void object_release(struct ncrypt_object *object)
{
    if (InterlockedDecrement(&object->references)) return;
    if (object->key) BCryptDestroyKey(object->key);
    HeapFree(GetProcessHeap(), 0, object);
}

bool object_close(NCRYPT_HANDLE handle)
{
    AcquireSRWLockExclusive(&lock);
    struct ncrypt_object **at = &objects;
    while (*at && (NCRYPT_HANDLE)*at != handle) at = &(*at)->next;
    struct ncrypt_object *object = *at;
    if (object) *at = object->next;
    ReleaseSRWLockExclusive(&lock);
    if (object) object_release(object);
    return object != NULL;
}

SECURITY_STATUS status_from_nt(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS: return ERROR_SUCCESS;
    case STATUS_INVALID_HANDLE: return NTE_INVALID_HANDLE;
    case STATUS_INVALID_PARAMETER: return NTE_INVALID_PARAMETER;
    case STATUS_BUFFER_TOO_SMALL: return NTE_BUFFER_TOO_SMALL;
    case STATUS_NOT_SUPPORTED: return NTE_NOT_SUPPORTED;
    case STATUS_NOT_FOUND: return NTE_NOT_FOUND;
    case STATUS_INVALID_SIGNATURE: return NTE_BAD_SIGNATURE;
    case STATUS_NO_MEMORY: return NTE_NO_MEMORY;
    default: return NTE_FAIL;
    }
}

SECURITY_STATUS put_bytes(const void *bytes, DWORD size, BYTE *buffer, DWORD room, DWORD *result)
{
    *result = size;
    if (!buffer) return ERROR_SUCCESS;
    if (room < size) return NTE_BUFFER_TOO_SMALL;
    memcpy(buffer, bytes, size);
    return ERROR_SUCCESS;
}

bool same_text(const WCHAR *a, const WCHAR *b)
{
    return CompareStringOrdinal(a, -1, b, -1, FALSE) == CSTR_EQUAL;
}

bool copy_text(WCHAR *target, DWORD units, const WCHAR *text)
{
    DWORD length = (DWORD)lstrlenW(text);
    if (length >= units) return false;
    memcpy(target, text, (length + 1) * sizeof(WCHAR));
    return true;
}
