// Parcels of all kinds of objects. Shared ones are named by their record; files travel as descriptors;
// processes and threads are named by their ids.
#include "object_parcel.h"
#include "file_parcel.h"
#include "loader/process.h"
#include "process_remote.h"
#include "shared_object.h"
#include "thread_control.h"
#include <unistd.h>

enum { SHARED_INDEX, SHARED_SERIAL };
enum { ID_PROCESS, ID_THREAD, ID_CREATED_LOW, ID_CREATED_HIGH, ID_TEB, ID_START };

static NTSTATUS export_shared(struct object *object, struct object_parcel *parcel)
{
    NTSTATUS status = shared_object_publish(object);
    if (status != STATUS_SUCCESS) return status;
    parcel->kind = PARCEL_SHARED;
    parcel->values[SHARED_INDEX] = atomic_load(&object->shared);
    parcel->values[SHARED_SERIAL] = atomic_load(&shared_record_of(object)->serial);
    return STATUS_SUCCESS;
}

static NTSTATUS import_shared(const struct object_parcel *parcel, struct object **object)
{
    uint32_t index = parcel->values[SHARED_INDEX];
    pthread_mutex_lock(&namespace_lock);
    region_lock();
    const struct shared_record *record = shared_record(index);
    bool there = record && atomic_load(&record->serial) == parcel->values[SHARED_SERIAL];
    if (there) shared_object_hold(index);
    region_unlock();
    NTSTATUS status = there ? shared_object_adopt(index, object) : STATUS_INVALID_PARAMETER;
    pthread_mutex_unlock(&namespace_lock);
    return status;
}

static void export_process(const struct process_object *process, struct object_parcel *parcel)
{
    parcel->kind = PARCEL_PROCESS;
    parcel->values[ID_PROCESS] = process->pid;
}

static NTSTATUS import_process(const struct object_parcel *parcel, struct object **object)
{
    struct process_object *process = process_object_self();
    if (parcel->values[ID_PROCESS] == process_id()) {
        object_retain(&process->object);
    } else {
        NTSTATUS status = process_remote_expect(parcel->values[ID_PROCESS], &process);
        if (status != STATUS_SUCCESS) return status;
    }
    *object = &process->object;
    return STATUS_SUCCESS;
}

static void export_thread(const struct thread_object *thread, struct object_parcel *parcel)
{
    parcel->kind = PARCEL_THREAD;
    parcel->values[ID_PROCESS] = thread_process_id(thread);
    parcel->values[ID_THREAD] = thread->tid;
    parcel->values[ID_CREATED_LOW] = (uint32_t)thread->created;
    parcel->values[ID_CREATED_HIGH] = (uint32_t)(thread->created >> 32);
    parcel->values[ID_TEB] = thread->teb;
    parcel->values[ID_START] = thread->start;
}

static NTSTATUS import_own_thread(const struct peer_thread_identity *identity, struct object **object)
{
    struct thread_object *thread = thread_find(identity->thread.tid);
    if (!thread) return STATUS_INVALID_CID;
    *object = &thread->object;
    if (thread->created == identity->thread.created) return STATUS_SUCCESS;
    object_release(*object);
    return STATUS_INVALID_CID;
}

static NTSTATUS import_thread(const struct object_parcel *parcel, struct object **object)
{
    const uint32_t *values = parcel->values;
    const struct peer_thread_identity identity = {
        .thread = {.tid = values[ID_THREAD],
                   .created = values[ID_CREATED_LOW] | (uint64_t)values[ID_CREATED_HIGH] << 32},
        .teb = values[ID_TEB],
        .start = values[ID_START]};
    struct process_object *process;
    struct thread_object *thread;
    if (values[ID_PROCESS] == process_id()) return import_own_thread(&identity, object);
    NTSTATUS status = process_remote_expect(values[ID_PROCESS], &process);
    if (status != STATUS_SUCCESS) return status;
    status = thread_remote_expect(process, &identity, &thread);
    object_release(&process->object);
    if (status == STATUS_SUCCESS) *object = &thread->object;
    return status;
}

NTSTATUS object_parcel_export(struct object *object, struct object_parcel *parcel,
                              int descriptors[PARCEL_DESCRIPTORS])
{
    *parcel = (struct object_parcel){0};
    for (int i = 0; i < PARCEL_DESCRIPTORS; i++) descriptors[i] = -1;
    if (object->type == &file_type) return file_parcel_export((struct file *)object, parcel, descriptors);
    if (object->type == &process_type) {
        export_process((const struct process_object *)object, parcel);
        return STATUS_SUCCESS;
    }
    if (object->type == &thread_type) {
        export_thread((const struct thread_object *)object, parcel);
        return STATUS_SUCCESS;
    }
    return export_shared(object, parcel);
}

NTSTATUS object_parcel_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS],
                              struct object **object)
{
    NTSTATUS status;
    switch (parcel->kind) {
    case PARCEL_FILE: return file_parcel_import(parcel, descriptors, object);
    case PARCEL_SHARED: status = import_shared(parcel, object); break;
    case PARCEL_PROCESS: status = import_process(parcel, object); break;
    case PARCEL_THREAD: status = import_thread(parcel, object); break;
    default: status = STATUS_NOT_SUPPORTED;
    }
    for (int i = 0; i < PARCEL_DESCRIPTORS; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    return status;
}
