// Handles: indices into a table, with a generation, so that a wild or stale one is just that.
#include "cng.h"

// A handle: 18 bits of index, 11 of generation, and the low bits 100, which no pseudo-handle (…0001) has.
enum { INDEX_BITS = 18, INDEX_SHIFT = 3, TAG = 4, SLOTS_MAX = 1 << INDEX_BITS, FIRST_SLOTS = 256 };
enum { GENERATION_SHIFT = INDEX_SHIFT + INDEX_BITS, GENERATIONS = 1 << (32 - GENERATION_SHIFT) };

struct slot {
    struct cng_object *object; // NULL: free
    ULONG generation, next;    // next: free slot, 0: none
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct slot *slots; // 0 is never used
static ULONG slot_count, first_free;

void *cng_new(enum cng_kind kind, SIZE_T size)
{
    struct cng_object *object = cng_alloc(size);
    if (!object) return NULL;
    object->kind = kind;
    object->references = 1;
    return object;
}

static void destroy(struct cng_object *object)
{
    if (object->kind == CNG_HASH)
        cng_hash_destroy((struct cng_hash *)object);
    else if (object->kind == CNG_KEY)
        cng_key_destroy((struct cng_key *)object);
    else if (object->kind == CNG_SECRET)
        RtlSecureZeroMemory(object, sizeof(struct cng_secret));
    cng_free(object);
}

void cng_release(void *pointer)
{
    struct cng_object *object = pointer;
    if (InterlockedDecrement(&object->references) == 0) destroy(object);
}

// The slot of a live handle, NULL for others. With the lock.
static struct slot *find(BCRYPT_HANDLE handle)
{
    ULONG value = (ULONG)(ULONG_PTR)handle, index = value >> INDEX_SHIFT & (SLOTS_MAX - 1);
    if ((value & ((1u << INDEX_SHIFT) - 1)) != TAG || !index || index >= slot_count) return NULL;
    struct slot *slot = &slots[index];
    return slot->object && slot->generation == value >> GENERATION_SHIFT ? slot : NULL;
}

void *cng_resolve(BCRYPT_HANDLE handle, enum cng_kind kind)
{
    if (kind == CNG_ALGORITHM) {
        struct cng_algorithm *pseudo = cng_pseudo_algorithm(handle);
        if (pseudo) {
            InterlockedIncrement(&pseudo->object.references);
            return pseudo;
        }
    }
    RtlAcquireSRWLockShared(&lock);
    struct slot *slot = find(handle);
    struct cng_object *object = slot && slot->object->kind == kind ? slot->object : NULL;
    if (object) InterlockedIncrement(&object->references);
    RtlReleaseSRWLockShared(&lock);
    return object;
}

// With the lock held for writing.
static bool grow(void)
{
    ULONG count = slot_count ? 2 * slot_count : FIRST_SLOTS;
    if (count > SLOTS_MAX) return false;
    struct slot *more = cng_alloc(count * sizeof(*more));
    if (!more) return false;
    if (slots) memcpy(more, slots, slot_count * sizeof(*more));
    for (ULONG i = count - 1; i > 0 && i >= slot_count; i--) {
        more[i].next = first_free;
        first_free = i;
    }
    cng_free(slots);
    slots = more;
    slot_count = count;
    return true;
}

NTSTATUS cng_hand_out(void *object, BCRYPT_HANDLE *handle)
{
    ULONG value = 0;
    RtlAcquireSRWLockExclusive(&lock);
    ULONG index = first_free || grow() ? first_free : 0;
    if (index) {
        struct slot *slot = &slots[index];
        first_free = slot->next;
        slot->object = object;
        slot->generation = (slot->generation + 1) % GENERATIONS;
        value = slot->generation << GENERATION_SHIFT | index << INDEX_SHIFT | TAG;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!value) {
        cng_release(object);
        return STATUS_NO_MEMORY;
    }
    *handle = (BCRYPT_HANDLE)(ULONG_PTR)value; // may fault: not with the lock held
    return STATUS_SUCCESS;
}

NTSTATUS cng_close(BCRYPT_HANDLE handle, enum cng_kind kind)
{
    struct cng_object *object = NULL;
    RtlAcquireSRWLockExclusive(&lock);
    struct slot *slot = find(handle);
    if (slot && slot->object->kind == kind) {
        object = slot->object;
        slot->object = NULL;
        slot->next = first_free;
        first_free = (ULONG)(slot - slots);
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!object) return STATUS_INVALID_HANDLE;
    cng_release(object);
    return STATUS_SUCCESS;
}
