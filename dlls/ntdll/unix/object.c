// Objects' memory and lifetime.
#include "dlls/ntdll/unix/object.h"
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "loader/sanitizer.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// Size classes: multiples of STEP up to SMALL, then powers of two up to LARGEST.
enum {
    STEP = 64,
    SMALL = 1024,
    LARGEST = 65536,
    SMALL_CLASSES = SMALL / STEP,
    CLASSES = SMALL_CLASSES + 6,
    CHUNK = 262144, // taken from the host at once; untouched pages of it cost nothing
};

// An object's memory between two lives: references stays 0, so that nobody can revive it.
struct spare {
    struct object head;
    struct spare *next;
};

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct spare *spares[CLASSES];
static char *chunk, *chunk_end;

static unsigned class_of(size_t size, size_t *rounded)
{
    if (size <= SMALL) {
        *rounded = (size + STEP - 1) & ~(size_t)(STEP - 1);
        return (unsigned)(*rounded / STEP) - 1;
    }
    unsigned class = SMALL_CLASSES;
    for (*rounded = 2 * SMALL; *rounded < size; *rounded *= 2) class ++;
    return class;
}

static size_t size_of_class(unsigned class)
{
    return class < SMALL_CLASSES ? (size_t)(class + 1) * STEP
                                 : (size_t)(2 * SMALL) << (class - SMALL_CLASSES);
}

// Fresh zeroed memory; under pool_lock.
static struct spare *carve(size_t size)
{
    if ((size_t)(chunk_end - chunk) < size) {
        char *fresh = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (fresh == MAP_FAILED) return NULL;
        chunk = fresh;
        chunk_end = fresh + CHUNK;
        sanitizer_pool_begins(fresh, CHUNK);
    }
    struct spare *spare = (struct spare *)chunk;
    chunk += size;
    return spare;
}

void *object_alloc(size_t size)
{
    static_assert(sizeof(struct spare) <= STEP, "the smallest class holds the list's link");
    assert(size >= sizeof(struct object) && size <= LARGEST);
    size_t rounded;
    unsigned class = class_of(size, &rounded);
    pthread_mutex_lock(&pool_lock);
    struct spare *spare = spares[class];
    if (spare)
        spares[class] = spare->next;
    else
        spare = carve(rounded);
    pthread_mutex_unlock(&pool_lock);
    if (!spare) return NULL;
    sanitizer_pool_gives(spare, size > sizeof *spare ? size : sizeof *spare);
    memset(&spare->head + 1, 0, size - sizeof spare->head);
    spare->head.size_class = (uint8_t) class;
    return spare;
}

void object_free(struct object *object)
{
    struct spare *spare = (struct spare *)object;
    unsigned class = object->size_class;
    assert(class < CLASSES && atomic_load(&object->references) == 0);
    sanitizer_pool_takes(spare + 1, size_of_class(class) - sizeof *spare); // the head may be looked at yet
    pthread_mutex_lock(&pool_lock);
    spare->next = spares[class];
    spares[class] = spare;
    pthread_mutex_unlock(&pool_lock);
}

void object_init(struct object *object, const struct object_type *type)
{
    object->type = type;
    object->waitable_offset = 0;
    atomic_store_explicit(&object->handles, 0, memory_order_relaxed);
    atomic_store_explicit(&object->moved, false, memory_order_relaxed);
    atomic_store_explicit(&object->shared, 0, memory_order_relaxed);
    atomic_store_explicit(&object->security, NULL, memory_order_relaxed);
    atomic_store_explicit(&object->references, 1, memory_order_release);
}

void object_retain(struct object *object)
{
    atomic_fetch_add_explicit(&object->references, 1, memory_order_relaxed);
}

bool object_retain_live(struct object *object)
{
    uint32_t references = atomic_load_explicit(&object->references, memory_order_relaxed);
    while (references &&
           !atomic_compare_exchange_weak_explicit(&object->references, &references, references + 1,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
    }
    return references != 0;
}

void object_release(struct object *object)
{
    if (atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) != 1) return;
    if (atomic_load_explicit(&object->shared, memory_order_relaxed)) shared_object_dropped(object);
    free(atomic_load_explicit(&object->security, memory_order_relaxed));
    object->type->destroy(object);
}

static ACCESS_MASK32 map_generic(const struct object_type *type, ACCESS_MASK32 access)
{
    if (access & GENERIC_READ) access |= type->mapping.GenericRead;
    if (access & GENERIC_WRITE) access |= type->mapping.GenericWrite;
    if (access & GENERIC_EXECUTE) access |= type->mapping.GenericExecute;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED)) access |= type->mapping.GenericAll;
    for (int i = 0; i < 2; i++)
        if (access & type->implied[i][0]) access |= type->implied[i][1];
    return access &
           ~(ACCESS_MASK32)(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED);
}

ACCESS_MASK32 object_map_access(const struct object_type *type, ACCESS_MASK32 access)
{
    return map_generic(type, access) & type->valid_access;
}

NTSTATUS object_check_access(const struct object_type *type, ACCESS_MASK32 access, ACCESS_MASK32 *granted)
{
    access = map_generic(type, access);
    if (access & ACCESS_SYSTEM_SECURITY) return STATUS_PRIVILEGE_NOT_HELD;
    if (!access || (access & ~type->valid_access)) return STATUS_ACCESS_DENIED;
    *granted = access;
    return STATUS_SUCCESS;
}
