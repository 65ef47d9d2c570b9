// The object behind a process handle.
#include "process_object.h"
#include "loader/address_space.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "process_detail.h"
#include "process_remote.h"
#include <unistd.h>

static struct process_object *self;

static void process_destroy(struct object *object)
{
    struct process_object *process = (struct process_object *)object;
    process_remote_forget(process);
    object_free(object);
}

const struct object_type process_type = {
    .name = "Process",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ,
                .GenericWrite = STANDARD_RIGHTS_WRITE | PROCESS_CREATE_PROCESS | PROCESS_CREATE_THREAD |
                                PROCESS_VM_OPERATION | PROCESS_VM_WRITE | PROCESS_DUP_HANDLE |
                                PROCESS_SET_QUOTA | PROCESS_SET_INFORMATION,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | PROCESS_TERMINATE |
                                  PROCESS_QUERY_LIMITED_INFORMATION,
                .GenericAll = PROCESS_ALL_ACCESS},
    .valid_access = PROCESS_ALL_ACCESS,
    .implied = {{PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION}},
    .destroy = process_destroy,
};

struct process_object *process_object_create(void)
{
    struct process_object *process = object_alloc(sizeof *process);
    if (!process) return NULL;
    object_init(&process->object, &process_type);
    waitable_init(&process->object, &process->waitable, WAITABLE_NOTIFICATION, 0);
    atomic_init(&process->exit_status, STATUS_PENDING);
    process->channel = -1;
    atomic_init(&process->idle, -1);
    process->created = host_system_time();
    process->affinity = process_affinity();
    process->priority_class = PROCESS_PRIORITY_CLASS_NORMAL;
    process->settings = process_settings_default();
    return process;
}

void process_object_init(uint32_t parent_pid)
{
    self = process_object_create();
    self->pid = process_id();
    self->host_pid = getpid();
    self->peb = process_peb();
    self->parent_pid = parent_pid;
    self->execute_flags = vm_data_is_executable()
                              ? MEM_EXECUTE_OPTION_ENABLE
                              : MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION |
                                    MEM_EXECUTE_OPTION_PERMANENT;
    handle_current_process = &self->object;
}

struct process_object *process_object_self(void)
{
    return self;
}

NTSTATUS process_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct process_object **object)
{
    return handle_resolve(handle, &process_type, access, (struct object **)object);
}

NTSTATUS process_resolve_target(HANDLE32 handle, ACCESS_MASK32 access, struct process_object **other)
{
    struct process_object *process;
    *other = NULL;
    if (handle == (HANDLE32)-1) return STATUS_SUCCESS;
    NTSTATUS status = process_resolve(handle, access, &process);
    if (!NT_SUCCESS(status)) return status;
    if (process == self)
        object_release(&process->object);
    else
        *other = process;
    return STATUS_SUCCESS;
}

NTSTATUS process_check(HANDLE32 handle, ACCESS_MASK32 access)
{
    struct process_object *other;
    NTSTATUS status = process_resolve_target(handle, access, &other);
    if (NT_SUCCESS(status) && other) object_release(&other->object);
    return status;
}

NTSTATUS process_resolve_own(HANDLE32 handle, ACCESS_MASK32 access)
{
    struct process_object *other;
    NTSTATUS status = process_resolve_target(handle, access, &other);
    if (!NT_SUCCESS(status) || !other) return status;
    object_release(&other->object);
    return STATUS_NOT_SUPPORTED;
}
