// NtXxxProcess: creating, opening and ending processes. Information classes are in process_info.c.
#include "process_handles.h"
#include "debug_event.h"
#include "file.h"
#include "file_host_path.h"
#include "job.h"
#include "loader/child_start.h"
#include "loader/fail.h"
#include "loader/host_program.h"
#include "loader/process.h"
#include "loader/start_image.h"
#include "loader/suspend.h"
#include "loader/trace.h"
#include "ntdll_host.h"
#include "process_image.h"
#include "process_info.h"
#include "process_remote.h"
#include "ps_attributes.h"
#include "status_errno.h"
#include "thread_control.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The image's host path, opened and parsed here so that CreateProcess learns what is wrong with it.
static NTSTATUS check_image(struct child_start *child, const PS_ATTRIBUTE32 *name, struct start_image *image)
{
    if (!name || name->Size > 0xfffe) return STATUS_INVALID_PARAMETER;
    UNICODE_STRING32 string = {.Length = name->Size, .MaximumLength = name->Size, .Buffer = name->Value};
    NTSTATUS status = file_host_path_of_name(&string, child->image_path);
    if (!NT_SUCCESS(status)) return status;
    struct image_error error;
    status = start_image_try(image, child->image_path, &error);
    child->host_program = !NT_SUCCESS(status) && host_program_is(child->image_path);
    if (child->host_program) {
        host_program_describe(&image->info);
        return STATUS_SUCCESS;
    }
    if (!NT_SUCCESS(status)) return status;
    close(image->fd);
    return image->info.characteristics & IMAGE_FILE_DLL ? STATUS_INVALID_IMAGE_FORMAT : STATUS_SUCCESS;
}

static NTSTATUS report_to_caller(const PS_ATTRIBUTE32 *attributes, unsigned count,
                                 const struct child_ready *ready, const struct image_info *info)
{
    CLIENT_ID32 id = {.UniqueProcess = ready->process_id, .UniqueThread = ready->thread_id};
    SECTION_IMAGE_INFORMATION32 image;
    process_image_describe(&image, info);
    NTSTATUS status = STATUS_SUCCESS;
    const PS_ATTRIBUTE32 *a = ps_attributes_find(attributes, count, PS_ATTRIBUTE_CLIENT_ID);
    if (a) status = ps_attribute_write(a, &id, sizeof id);
    a = ps_attributes_find(attributes, count, PS_ATTRIBUTE_TEB_ADDRESS);
    if (a && NT_SUCCESS(status)) status = ps_attribute_write(a, &ready->teb, sizeof ready->teb);
    a = ps_attributes_find(attributes, count, PS_ATTRIBUTE_IMAGE_INFO);
    if (a && NT_SUCCESS(status)) status = ps_attribute_write(a, &image, sizeof image);
    return status;
}

// ---- jobs of a new process ----

// Keeps the jobs that the child shall join: first the one that it inherits, then those listed.
struct child_jobs {
    struct job *jobs[CHILD_JOBS_MAX];
    uint32_t n;
};

static void child_jobs_release(struct child_jobs *jobs)
{
    while (jobs->n) object_release(&jobs->jobs[--jobs->n]->object);
}

static NTSTATUS child_jobs_collect(struct child_jobs *jobs, struct child_start *child,
                                   const PS_ATTRIBUTE32 *list, bool breakaway)
{
    HANDLE32 handles[CHILD_JOBS_MAX - 1];
    struct job *inherited;
    NTSTATUS status = job_of_child(breakaway, &inherited);
    if (!NT_SUCCESS(status)) return status;
    if (inherited) jobs->jobs[jobs->n++] = inherited;
    if (list && (list->Size % 4 || list->Size > sizeof handles)) return STATUS_INVALID_PARAMETER;
    if (list && !guest_read(handles, list->Value, list->Size)) return STATUS_ACCESS_VIOLATION;
    for (uint32_t i = 0; list && i < list->Size / 4; i++) {
        status = job_resolve(handles[i], JOB_OBJECT_ASSIGN_PROCESS, &jobs->jobs[jobs->n]);
        if (!NT_SUCCESS(status)) return status;
        jobs->n++;
    }
    for (uint32_t i = 0; i < jobs->n; i++) child->jobs[child->jobs_n++] = job_name_of(jobs->jobs[i]);
    return STATUS_SUCCESS;
}

// The program's DOS path, which stays known when the process is gone; NULL without memory.
static struct process_name *program_name(const struct parameters *parameters)
{
    const UNICODE_STRING32 path = parameters->block->ImagePathName;
    struct process_name *name = malloc(sizeof *name + path.Length);
    if (!name) return NULL;
    name->length = path.Length / 2;
    memcpy(name->units, (const char *)parameters->block + path.Buffer, path.Length);
    return name;
}

// Whose debuggee the child is: what the caller names, or ours. *debug, retained, is the debug object if it is
// in this process.
static NTSTATUS choose_debugger(struct child_start *child, const PS_ATTRIBUTE32 *attribute, bool only_this,
                                struct object **debug)
{
    *debug = NULL;
    if (!attribute) {
        if (!child->host_program) child->debugger = debuggee_inherited();
        return STATUS_SUCCESS;
    }
    if (child->host_program) return STATUS_NOT_SUPPORTED; // that is for a debugger of the host's
    NTSTATUS status = debug_object_resolve(attribute->Value, debug, &child->debugger);
    child->debugger.only_this = only_this;
    return status;
}

NTSTATUS NtCreateUserProcess(HANDLE32 *process_handle, HANDLE32 *thread_handle, ACCESS_MASK32 process_access,
                             ACCESS_MASK32 thread_access, const OBJECT_ATTRIBUTES32 *process_attributes,
                             const OBJECT_ATTRIBUTES32 *thread_attributes, uint32_t process_flags,
                             uint32_t thread_flags, gptr parameters, PS_CREATE_INFO32 *info, gptr list)
{
    PS_ATTRIBUTE32 attributes[PS_ATTRIBUTES_MAX];
    unsigned count;
    struct start_image image;
    struct child_ready ready;
    struct process_object *process = NULL;
    struct thread_object *thread = NULL;
    struct child_jobs jobs = {.n = 0};
    struct object *debug = NULL;
    int standard[3], host_pid, channel;

    NTSTATUS status = ps_attributes_capture(list, attributes, &count);
    if (!NT_SUCCESS(status)) return status;
    struct {
        struct child_start start;
        struct process_handles handles;
    } *made = calloc(1, sizeof *made);
    if (!made) return STATUS_NO_MEMORY;
    struct child_start *child = &made->start;
    child->parent_pid = process_id();
    child->suspended = thread_flags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED;
    trace_describe(&child->trace, &child->trace_json, child->trace_filter, sizeof child->trace_filter);
    status = check_image(child, ps_attributes_find(attributes, count, PS_ATTRIBUTE_IMAGE_NAME), &image);
    if (!NT_SUCCESS(status)) info->State = PsCreateFailOnFileOpen;
    const PS_ATTRIBUTE32 *token = ps_attributes_find(attributes, count, PS_ATTRIBUTE_TOKEN);
    if (NT_SUCCESS(status)) status = token_pack(token ? token->Value : 0, &child->token);
    if (NT_SUCCESS(status)) status = parameters_capture(&child->parameters, parameters);
    if (NT_SUCCESS(status))
        status = process_handles_collect(&made->handles, child, attributes, count,
                                         process_flags & PROCESS_CREATE_FLAGS_INHERIT_HANDLES,
                                         image.info.subsystem, standard);
    if (NT_SUCCESS(status))
        status =
            child_jobs_collect(&jobs, child, ps_attributes_find(attributes, count, PS_ATTRIBUTE_JOB_LIST),
                               process_flags & PROCESS_CREATE_FLAGS_BREAKAWAY);
    if (NT_SUCCESS(status))
        status = choose_debugger(child, ps_attributes_find(attributes, count, PS_ATTRIBUTE_DEBUG_OBJECT),
                                 process_flags & PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT, &debug);
    if (NT_SUCCESS(status)) {
        int error = child_start_spawn(child, standard, &ready, &host_pid, &channel);
        if (error) status = error == -ECHILD ? STATUS_UNSUCCESSFUL : status_from_errno(-error);
    }
    struct process_name *name = NT_SUCCESS(status) ? program_name(&child->parameters) : NULL;
    process_handles_release(&made->handles);
    child_jobs_release(&jobs);
    parameters_free(&child->parameters);
    free(made);
    if (!NT_SUCCESS(status)) {
        if (debug) object_release(debug);
        return status;
    }

    status = process_remote_adopt(&ready, host_pid, channel, &process, &thread);
    if (NT_SUCCESS(status)) {
        atomic_store(&process->name, name);
        name = NULL;
        job_port_note(process);
        status = ready.refused;
    }
    if (NT_SUCCESS(status) && debug) status = debug_object_expect(debug, process, 0);
    if (debug) object_release(debug);
    if (NT_SUCCESS(status)) status = report_to_caller(attributes, count, &ready, &image.info);
    if (NT_SUCCESS(status)) {
        status = object_create_handle(&process->object, process_attributes, process_access, process_handle);
        process = NULL;
    }
    if (NT_SUCCESS(status)) {
        status = object_create_handle(&thread->object, thread_attributes, thread_access, thread_handle);
        thread = NULL;
        if (!NT_SUCCESS(status)) handle_close(*process_handle);
    }
    if (!NT_SUCCESS(status)) kill(host_pid, SIGKILL);
    if (process) object_release(&process->object);
    if (thread) object_release(&thread->object);
    free(name);
    info->State = PsCreateSuccess;
    return status;
}

NTSTATUS NtOpenProcess(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                       const CLIENT_ID32 *id)
{
    if (!id) return STATUS_INVALID_PARAMETER_MIX;
    uint32_t pid = id->UniqueProcess & ~3u;
    struct process_object *process = process_object_self();
    NTSTATUS status = STATUS_SUCCESS;
    if (pid == process_id())
        object_retain(&process->object);
    else
        status = process_remote_open(pid, &process);
    if (!NT_SUCCESS(status)) return status;
    status = handle_create(&process->object, object_map_access(&process_type, access),
                           attributes ? attributes->Attributes & OBJ_INHERIT : 0, handle);
    object_release(&process->object);
    return status;
}

static void terminate_unless_self(struct thread *thread, void *context)
{
    if (thread == thread_self() || (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE)) return;
    uint32_t running = STATUS_PENDING;
    if (thread->object)
        atomic_compare_exchange_strong(&thread->object->exit_status, &running, *(uint32_t *)context);
    thread_terminate_other(thread);
}

static _Atomic(struct thread *) survivor; // of the process's end

bool process_is_terminating(void)
{
    return atomic_load_explicit(&survivor, memory_order_relaxed) != NULL;
}

// Ends all threads but the calling one, and waits until they have. Of several callers the first one stays.
static void terminate_other_threads(uint32_t status)
{
    struct thread *self = thread_self(), *expected = NULL;
    if (!atomic_compare_exchange_strong(&survivor, &expected, self) && expected != self) thread_end(self);
    while (thread_count() > 1) {
        thread_for_each(terminate_unless_self,
                        &status); // again: a control event or a thread may bring another
        struct timespec moment = {.tv_nsec = 50000};
        nanosleep(&moment, NULL);
    }
}

static NTSTATUS suspend_process(HANDLE32 handle, bool resume)
{
    struct process_object *process;
    NTSTATUS status = process_resolve(handle, PROCESS_SUSPEND_RESUME, &process);
    if (!NT_SUCCESS(status)) return status;
    if (process != process_object_self()) {
        status = peer_process_suspend(process, resume);
    } else {
        status = thread_control_suspend_all(resume);
        // Last: the calling thread stands still on its way out of this call.
        if (NT_SUCCESS(status) && !resume) status = thread_control_suspend(thread_self()->object, NULL);
    }
    object_release(&process->object);
    return status;
}

NTSTATUS NtSuspendProcess(HANDLE32 handle)
{
    return suspend_process(handle, false);
}

NTSTATUS NtResumeProcess(HANDLE32 handle)
{
    return suspend_process(handle, true);
}

NTSTATUS NtTerminateProcess(HANDLE32 handle, NTSTATUS exit_status)
{
    if (handle == 0) {
        terminate_other_threads(exit_status);
        return STATUS_SUCCESS;
    }
    struct process_object *process;
    NTSTATUS status = process_resolve(handle, PROCESS_TERMINATE, &process);
    if (!NT_SUCCESS(status)) return status;
    if (process == process_object_self()) process_exit(exit_status);
    status = atomic_load(&process->exit_status) == (uint32_t)STATUS_PENDING
                 ? peer_process_terminate(process, exit_status)
                 : STATUS_PROCESS_IS_TERMINATING;
    object_release(&process->object);
    return status;
}

void LowlandFatal(NTSTATUS status, gptr message, uint32_t length)
{
    char text[1024];
    if (length > sizeof text - 1) length = sizeof text - 1;
    if (!guest_read(text, message, length)) length = 0;
    text[length] = 0;
    bool missing = status == STATUS_DLL_NOT_FOUND || status == STATUS_ENTRYPOINT_NOT_FOUND ||
                   status == STATUS_ORDINAL_NOT_FOUND;
    fail(missing ? FAIL_MISSING : FAIL_START, "%s", text);
}

void LowlandReport(gptr message, uint32_t length)
{
    char text[1024] = "lowland: ";
    size_t head = strlen(text), room = sizeof text - head - 1;
    if (length > room) length = room;
    if (!guest_read(text + head, message, length)) return;
    text[head + length] = '\n';
    if (write(STDERR_FILENO, text, head + length + 1) < 0) return;
}
