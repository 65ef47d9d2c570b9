// The handle table: handles are multiples of 4, an index into one array that the host commits as it is
// touched.
#include "dlls/ntdll/unix/handle.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "loader/thread.h"
#include <pthread.h>
#include <sys/mman.h>

enum {
    HANDLES_MAX = 1 << 24,
    HANDLE_ATTRIBUTES = OBJ_INHERIT | OBJ_PROTECT_CLOSE,
};
#define CURRENT_PROCESS ((HANDLE32)-1)
#define CURRENT_THREAD  ((HANDLE32)-2)

// Resolving reads an entry without a lock; all else changes it under the table's.
struct entry {
    _Atomic(struct object *) object; // NULL: free
    _Atomic uint32_t access;         // free: index of the next free entry, 0 at the end
    _Atomic uint32_t attributes;     // free: index of the previous one
};

static struct entry *table;
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t free_head; // most recently closed first
static uint32_t fresh = 1; // entries from here on were never used
static _Atomic uint32_t open_count;

struct object *handle_current_process;

bool handle_table_init(void)
{
    void *memory = mmap(NULL, HANDLES_MAX * sizeof *table, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    table = memory;
    return true;
}

static void free_list_push(uint32_t index)
{
    atomic_store_explicit(&table[index].access, free_head, memory_order_relaxed);
    atomic_store_explicit(&table[index].attributes, 0, memory_order_relaxed);
    if (free_head) atomic_store_explicit(&table[free_head].attributes, index, memory_order_relaxed);
    free_head = index;
}

static void free_list_remove(uint32_t index)
{
    uint32_t next = atomic_load_explicit(&table[index].access, memory_order_relaxed);
    uint32_t previous = atomic_load_explicit(&table[index].attributes, memory_order_relaxed);
    if (next) atomic_store_explicit(&table[next].attributes, previous, memory_order_relaxed);
    if (previous)
        atomic_store_explicit(&table[previous].access, next, memory_order_relaxed);
    else
        free_head = next;
}

// Publishes a handle in an entry that belongs to nobody else. The object gains the handle's reference.
// Whether it is the object's first one.
static bool fill(struct entry *entry, struct object *object, ACCESS_MASK32 access, uint32_t attributes)
{
    object_retain(object);
    bool first = atomic_fetch_add_explicit(&object->handles, 1, memory_order_relaxed) == 0;
    atomic_store_explicit(&entry->access, access, memory_order_relaxed);
    atomic_store_explicit(&entry->attributes, attributes & HANDLE_ATTRIBUTES, memory_order_relaxed);
    atomic_store_explicit(&entry->object, object, memory_order_release);
    atomic_fetch_add_explicit(&open_count, 1, memory_order_relaxed);
    return first;
}

static void handle_made(struct object *object, bool first)
{
    if (first && atomic_load_explicit(&object->shared, memory_order_relaxed))
        shared_object_handles_changed(object);
    if (first && object->type->handle_opened) object->type->handle_opened(object);
}

NTSTATUS handle_create(struct object *object, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle)
{
    bool first = false;
    pthread_mutex_lock(&table_lock);
    uint32_t index = free_head;
    if (index)
        free_list_remove(index);
    else if (fresh < HANDLES_MAX)
        index = fresh++;
    if (index) first = fill(&table[index], object, access, attributes);
    pthread_mutex_unlock(&table_lock);
    if (!index) return STATUS_INSUFFICIENT_RESOURCES;
    handle_made(object, first);
    *handle = index << 2;
    return STATUS_SUCCESS;
}

NTSTATUS handle_create_at(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes)
{
    uint32_t index = handle >> 2;
    if (!index || index >= HANDLES_MAX) return STATUS_INVALID_HANDLE;
    NTSTATUS status = STATUS_INVALID_HANDLE;
    bool first = false;
    pthread_mutex_lock(&table_lock);
    while (fresh <= index) free_list_push(fresh++);
    if (!atomic_load_explicit(&table[index].object, memory_order_relaxed)) {
        free_list_remove(index);
        first = fill(&table[index], object, access, attributes);
        status = STATUS_SUCCESS;
    }
    pthread_mutex_unlock(&table_lock);
    handle_made(object, first);
    return status;
}

// The entry of a handle value, NULL when it can't be one. The two lowest bits are the program's to use.
static struct entry *entry_of(HANDLE32 handle)
{
    uint32_t index = handle >> 2;
    return index && index < HANDLES_MAX ? &table[index] : NULL;
}

// Retains what an entry holds; NULL when it is free. The object's memory is always an object's: a count of 0
// says that it is gone, and a look back at the entry that it is (still) the one meant.
static struct object *retain_entry(struct entry *entry, ACCESS_MASK32 *access)
{
    for (;;) {
        struct object *object = atomic_load_explicit(&entry->object, memory_order_acquire);
        if (!object) return NULL;
        if (!object_retain_live(object)) continue;
        *access = atomic_load_explicit(&entry->access, memory_order_acquire);
        if (atomic_load_explicit(&entry->object, memory_order_acquire) == object) return object;
        object_release(object);
    }
}

NTSTATUS handle_resolve(HANDLE32 handle, const struct object_type *type, ACCESS_MASK32 access,
                        struct object **object)
{
    struct object *found;
    ACCESS_MASK32 granted;
    if (handle >= CURRENT_THREAD) {
        found = handle == CURRENT_PROCESS ? handle_current_process : (struct object *)thread_self()->object;
        granted = found->type->valid_access;
        object_retain(found);
    } else {
        struct entry *entry = entry_of(handle);
        found = entry ? retain_entry(entry, &granted) : NULL;
        if (!found) return STATUS_INVALID_HANDLE;
    }
    if ((type && found->type != type) || (access & ~granted)) {
        NTSTATUS status = type && found->type != type ? STATUS_OBJECT_TYPE_MISMATCH : STATUS_ACCESS_DENIED;
        object_release(found);
        return status;
    }
    *object = found;
    return STATUS_SUCCESS;
}

NTSTATUS handle_access(HANDLE32 handle, ACCESS_MASK32 *access, uint32_t *attributes)
{
    if (handle >= CURRENT_THREAD) {
        struct object *object;
        NTSTATUS status = handle_resolve(handle, NULL, 0, &object);
        *access = object->type->valid_access;
        *attributes = 0;
        object_release(object);
        return status;
    }
    struct entry *entry = entry_of(handle);
    NTSTATUS status = STATUS_INVALID_HANDLE;
    pthread_mutex_lock(&table_lock);
    if (entry && atomic_load_explicit(&entry->object, memory_order_relaxed)) {
        *access = atomic_load_explicit(&entry->access, memory_order_relaxed);
        *attributes = atomic_load_explicit(&entry->attributes, memory_order_relaxed);
        status = STATUS_SUCCESS;
    }
    pthread_mutex_unlock(&table_lock);
    return status;
}

NTSTATUS handle_set_attributes(HANDLE32 handle, uint32_t attributes)
{
    if (handle >= CURRENT_THREAD) return STATUS_SUCCESS;
    struct entry *entry = entry_of(handle);
    NTSTATUS status = STATUS_INVALID_HANDLE;
    pthread_mutex_lock(&table_lock);
    if (entry && atomic_load_explicit(&entry->object, memory_order_relaxed)) {
        atomic_store_explicit(&entry->attributes, attributes & HANDLE_ATTRIBUTES, memory_order_relaxed);
        status = STATUS_SUCCESS;
    }
    pthread_mutex_unlock(&table_lock);
    return status;
}

// A handle less: the name goes with the last one, then the type hears of it, then the reference goes.
static void handle_gone(struct object *object)
{
    bool last = atomic_fetch_sub_explicit(&object->handles, 1, memory_order_acq_rel) == 1;
    if (last && atomic_load_explicit(&object->shared, memory_order_acquire))
        shared_object_handles_changed(object);
    if (object->type->handle_closed) object->type->handle_closed(object, last);
    object_release(object);
}

NTSTATUS handle_close(HANDLE32 handle)
{
    if (handle >= CURRENT_THREAD) return STATUS_SUCCESS;
    struct entry *entry = entry_of(handle);
    if (!entry) return STATUS_INVALID_HANDLE;
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&table_lock);
    struct object *object = atomic_load_explicit(&entry->object, memory_order_relaxed);
    if (!object) {
        status = STATUS_INVALID_HANDLE;
    } else if (atomic_load_explicit(&entry->attributes, memory_order_relaxed) & OBJ_PROTECT_CLOSE) {
        status = STATUS_HANDLE_NOT_CLOSABLE;
    } else {
        atomic_store_explicit(&entry->object, NULL, memory_order_release);
        free_list_push((uint32_t)(entry - table));
        atomic_fetch_sub_explicit(&open_count, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&table_lock);
    if (status == STATUS_SUCCESS) handle_gone(object);
    return status;
}

uint32_t handle_count(void)
{
    return atomic_load_explicit(&open_count, memory_order_relaxed);
}

void handle_for_each(uint32_t attributes,
                     void (*visit)(HANDLE32 handle, struct object *object, ACCESS_MASK32 access,
                                   uint32_t attributes, void *context),
                     void *context)
{
    pthread_mutex_lock(&table_lock);
    for (uint32_t index = 1; index < fresh; index++) {
        struct entry *entry = &table[index];
        struct object *object = atomic_load_explicit(&entry->object, memory_order_relaxed);
        if (!object) continue;
        uint32_t has = atomic_load_explicit(&entry->attributes, memory_order_relaxed);
        if ((has & attributes) != attributes) continue;
        visit(index << 2, object, atomic_load_explicit(&entry->access, memory_order_relaxed), has, context);
    }
    pthread_mutex_unlock(&table_lock);
}
