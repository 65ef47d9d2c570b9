// Parcels of all kinds of objects. Shared ones are named by their record; files travel as descriptors;
// processes and threads are named by their ids.
#include "object_parcel.h"
#include "file_parcel.h"
#include "loader/process.h"
#include "process_object.h"
#include "shared_object.h"
#include "thread_object.h"
#include <unistd.h>

enum { SHARED_INDEX, SHARED_SERIAL };
enum { ID_PROCESS, ID_THREAD };

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
    // Another process than this one: once NtOpenProcess knows those.
    if (parcel->values[ID_PROCESS] != process_id()) return STATUS_NOT_SUPPORTED;
    *object = handle_current_process;
    object_retain(*object);
    return STATUS_SUCCESS;
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
    default: status = STATUS_NOT_SUPPORTED;
    }
    for (int i = 0; i < PARCEL_DESCRIPTORS; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    return status;
}
