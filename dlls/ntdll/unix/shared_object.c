// The life of shared objects: records, who holds them, and the object that stands for one in this process.
#include "shared_object.h"
#include "directory.h"
#include "io_completion.h"
#include "job.h"
#include "port.h"
#include "region_layout.h"
#include "region_text.h"
#include "section.h"
#include "shared_wait.h"
#include "sync_types.h"
#include "transaction.h"
#include "wait.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_MAX = 65536 }; // as in region.c

pthread_mutex_t namespace_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static struct object *stand_ins[RECORDS_MAX]; // by record; under namespace_lock, without references

static const struct object_type *const types[SHARED_KINDS] = {
    [SHARED_DIRECTORY] = &directory_type,
    [SHARED_SYMBOLIC_LINK] = &symbolic_link_type,
    [SHARED_EVENT] = &event_type,
    [SHARED_MUTANT] = &mutant_type,
    [SHARED_SEMAPHORE] = &semaphore_type,
    [SHARED_TIMER] = &timer_type,
    [SHARED_SECTION] = &section_type,
    [SHARED_KEYED_EVENT] = &keyed_event_type,
    [SHARED_IO_COMPLETION] = &io_completion_type,
    [SHARED_JOB] = &job_type,
    [SHARED_PORT] = &port_type,
    [SHARED_TRANSACTION] = &transaction_type,
    [SHARED_REGISTRY_TRANSACTION] = &registry_transaction_type,
};

const struct object_type *shared_object_type(uint32_t kind)
{
    return kind < SHARED_KINDS ? types[kind] : NULL;
}

struct shared_record *shared_record(uint32_t index)
{
    static_assert(sizeof(struct shared_record) == 512, "as in region.c");
    struct shared_record *record = region_record(REGION_OBJECTS, index);
    return record && atomic_load_explicit(&record->record.kind, memory_order_acquire) ? record : NULL;
}

struct shared_record *shared_record_of(const struct object *object)
{
    return region_record(REGION_OBJECTS, atomic_load_explicit(&object->shared, memory_order_acquire));
}

// --- making
// ------------------------------------------------------------------------------------------------------

NTSTATUS shared_object_publish_locked(struct object *object, uint32_t parent, const uint16_t *name,
                                      uint32_t length)
{
    uint32_t index = region_record_new(REGION_OBJECTS), self = region_self();
    struct shared_record *record = region_record(REGION_OBJECTS, index);
    if (!record) return STATUS_INSUFFICIENT_RESOURCES;
    if (parent && !shared_name_set(record, parent, name, length)) {
        region_record_free(REGION_OBJECTS, index);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    atomic_store(&record->serial, (uint32_t)atomic_fetch_add(&region->sequence, 1));
    if (object->type->publish) object->type->publish(object, record);
    region_self_holds(REGION_HOLDS_OBJECTS);
    region_set_add(&record->holders, self);
    region_set_add(&record->handles, self);
    const struct security *security = atomic_load(&object->security);
    if (security) {
        uint32_t text = region_text_new(security->bytes, security->size);
        atomic_store(&record->security_size, text ? security->size : 0);
        atomic_store(&record->security, text);
    }
    if (object->type->adopt && object->waitable_offset)
        waitable_move(object, record, index);
    else
        atomic_store_explicit(&object->shared, index, memory_order_release);
    atomic_store_explicit(&record->record.kind, object->type->shared_kind, memory_order_release);
    shared_name_enter(index);
    stand_ins[index] = object;
    return STATUS_SUCCESS;
}

NTSTATUS shared_object_publish(struct object *object)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!object->type->adopt) return STATUS_NOT_SUPPORTED;
    pthread_mutex_lock(&namespace_lock);
    if (!atomic_load(&object->shared)) {
        status = waitable_share(object);
        if (status == STATUS_SUCCESS) shared_object_handles_changed(object);
    }
    pthread_mutex_unlock(&namespace_lock);
    return status;
}

// --- this process's object
// ---------------------------------------------------------------------------------------

void shared_object_hold(uint32_t index)
{
    struct shared_record *record = shared_record(index);
    if (!record || region_set_has(&record->holders, region_self())) return;
    region_self_holds(REGION_HOLDS_OBJECTS);
    region_set_add(&record->holders, region_self());
    shared_wait_kick_all(record);
}

NTSTATUS shared_object_adopt_waitable(const struct object_type *type, uint32_t waitable_kind,
                                      struct object **object)
{
    struct plain {
        struct object object;
        struct waitable waitable;
    } *plain = object_alloc(sizeof *plain);
    if (!plain) return STATUS_NO_MEMORY;
    object_init(&plain->object, type);
    waitable_init(&plain->object, &plain->waitable, waitable_kind, 0);
    *object = &plain->object;
    return STATUS_SUCCESS;
}

static bool revive(struct object *object)
{
    uint32_t references = atomic_load_explicit(&object->references, memory_order_relaxed);
    while (references)
        if (atomic_compare_exchange_weak(&object->references, &references, references + 1)) return true;
    return false;
}

NTSTATUS shared_object_adopt(uint32_t index, struct object **object)
{
    struct object *there = index < RECORDS_MAX ? stand_ins[index] : NULL;
    if (there && revive(there)) {
        *object = there;
        return STATUS_SUCCESS;
    }
    struct shared_record copy = {0};
    region_lock();
    struct shared_record *record = shared_record(index);
    if (record) copy = *record;
    region_unlock();
    const struct object_type *type = shared_object_type(copy.record.kind);
    NTSTATUS status =
        record && type && type->adopt ? type->adopt(&copy, index, object) : STATUS_NOT_SUPPORTED;
    if (status == STATUS_SUCCESS) {
        atomic_store_explicit(&(*object)->shared, index, memory_order_release);
        if ((*object)->waitable_offset) waitable_stand_in(*object, &copy);
        stand_ins[index] = *object;
        return status;
    }
    region_lock();
    if ((record = shared_record(index))) region_set_remove(&record->holders, region_self());
    shared_record_settle(index);
    region_unlock();
    return status;
}

void shared_object_dropped(struct object *object)
{
    uint32_t index = atomic_load(&object->shared);
    pthread_mutex_lock(&namespace_lock);
    if (stand_ins[index] == object) {
        stand_ins[index] = NULL;
        region_lock();
        struct shared_record *record = shared_record(index);
        if (record) {
            region_set_remove(&record->handles, region_self());
            region_set_remove(&record->holders, region_self());
            shared_record_settle(index);
        }
        region_unlock();
    }
    pthread_mutex_unlock(&namespace_lock);
}

void shared_object_handles_changed(struct object *object)
{
    pthread_mutex_lock(&namespace_lock);
    uint32_t index = atomic_load(&object->shared);
    region_lock();
    struct shared_record *record = shared_record(index);
    if (record && stand_ins[index] == object) {
        if (atomic_load(&object->handles)) {
            region_set_add(&record->handles, region_self());
        } else {
            region_set_remove(&record->handles, region_self());
            shared_record_settle(index);
        }
    }
    region_unlock();
    pthread_mutex_unlock(&namespace_lock);
}

void shared_object_set_permanent(struct object *object, bool permanent)
{
    uint32_t index = atomic_load(&object->shared);
    region_lock();
    struct shared_record *record = shared_record(index);
    if (record) {
        atomic_store(&record->permanent, permanent);
        shared_record_settle(index);
    }
    region_unlock();
}

// --- ending
// ------------------------------------------------------------------------------------------------------

void shared_record_settle(uint32_t index)
{
    struct shared_record *record = shared_record(index);
    if (!record || index == REGION_ROOT || atomic_load(&record->permanent)) return;
    if (region_set_next(&record->handles, 0) < REGION_SLOTS) return;
    shared_name_remove(index);
    if (record->children || region_set_next(&record->holders, 0) < REGION_SLOTS) return;
    if (atomic_load(&record->record.kind) == SHARED_JOB)
        job_keeper_unlink((struct job_name){index, atomic_load(&record->serial)});
    uint32_t security = atomic_exchange(&record->security, 0), text = atomic_exchange(&record->text, 0);
    region_record_free(REGION_OBJECTS, index);
    region_text_free(security);
    region_text_free(text);
}

void shared_objects_forget(uint32_t slot)
{
    for (uint32_t index = 1; index < region_records_end(REGION_OBJECTS); index++) {
        struct shared_record *record = shared_record(index);
        if (!record || !(region_set_has(&record->holders, slot) || region_set_has(&record->handles, slot)))
            continue;
        region_set_remove(&record->handles, slot);
        region_set_remove(&record->holders, slot);
        shared_wait_owner_died(record);
        shared_record_settle(index);
    }
}

void shared_objects_mark_texts(void)
{
    for (uint32_t index = 1; index < region_records_end(REGION_OBJECTS); index++) {
        const struct shared_record *record = shared_record(index);
        if (!record) continue;
        region_text_mark(atomic_load(&record->name));
        region_text_mark(atomic_load(&record->security));
        region_text_mark(atomic_load(&record->text));
    }
}
