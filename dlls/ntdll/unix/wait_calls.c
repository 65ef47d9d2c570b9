// The NT calls that wait, sleep and alert.
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/thread_object.h"
#include "dlls/ntdll/unix/wait.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include <sched.h>

enum { OBJECTS_MAX = 64 };
#define CURRENT_THREAD ((HANDLE32)-2)

// Resolves a handle to something that can be waited for.
static NTSTATUS resolve_waitable(HANDLE32 handle, struct object **object)
{
    NTSTATUS status = handle_resolve(handle, NULL, SYNCHRONIZE, object);
    if (status != STATUS_SUCCESS || (*object)->waitable_offset) return status;
    object_release(*object);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

// The timeout as host_wait takes it; NULL stays NULL.
static const int64_t *timeout_of(const LARGE_INTEGER32 *timeout, int64_t *value)
{
    if (!timeout) return NULL;
    *value = timeout->QuadPart;
    return value;
}

NTSTATUS NtWaitForSingleObject(HANDLE32 handle, uint8_t alertable, const LARGE_INTEGER32 *timeout)
{
    struct object *object;
    int64_t value;
    NTSTATUS status = resolve_waitable(handle, &object);
    if (status != STATUS_SUCCESS) return status;
    status = host_wait(&object, 1, false, alertable, timeout_of(timeout, &value));
    object_release(object);
    return status;
}

static bool has_duplicates(struct object *const *objects, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (objects[i] == objects[j]) return true;
    return false;
}

NTSTATUS NtWaitForMultipleObjects(uint32_t count, const HANDLE32 *handles, uint32_t type, uint8_t alertable,
                                  const LARGE_INTEGER32 *timeout)
{
    struct object *objects[OBJECTS_MAX];
    int64_t value;
    if (!count || count > OBJECTS_MAX) return STATUS_INVALID_PARAMETER_1;
    if (type != WaitAny && type != WaitAll) return STATUS_INVALID_PARAMETER_3;
    NTSTATUS status = STATUS_SUCCESS;
    uint32_t n = 0;
    // Pseudo-handles mean nothing here.
    for (; n < count && status == STATUS_SUCCESS; n++)
        status =
            handles[n] >= CURRENT_THREAD ? STATUS_INVALID_HANDLE : resolve_waitable(handles[n], &objects[n]);
    if (status != STATUS_SUCCESS)
        n--;
    else if (type == WaitAll && has_duplicates(objects, n))
        status = STATUS_INVALID_PARAMETER_MIX;
    else
        status = host_wait(objects, n, type == WaitAll, alertable, timeout_of(timeout, &value));
    while (n > 0) object_release(objects[--n]);
    return status;
}

// Signals an event, mutant or semaphore as NtSignalAndWaitForSingleObject does.
static NTSTATUS signal_handle(HANDLE32 handle)
{
    // Not by type: each of the three calls checks that and its own right.
    struct object *object;
    NTSTATUS status = handle_resolve(handle, NULL, 0, &object);
    if (status != STATUS_SUCCESS) return status;
    const struct object_type *type = object->type;
    object_release(object);
    int32_t previous;
    if (type == &event_type) return NtSetEvent(handle, NULL);
    if (type == &mutant_type) return NtReleaseMutant(handle, &previous);
    if (type == &semaphore_type) return NtReleaseSemaphore(handle, 1, &previous);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

NTSTATUS NtSignalAndWaitForSingleObject(HANDLE32 signal, HANDLE32 wait, uint8_t alertable,
                                        const LARGE_INTEGER32 *timeout)
{
    struct object *object;
    int64_t value;
    NTSTATUS status = resolve_waitable(wait, &object);
    if (status != STATUS_SUCCESS) return status;
    status = signal_handle(signal);
    if (status == STATUS_SUCCESS)
        status = host_wait(&object, 1, false, alertable, timeout_of(timeout, &value));
    object_release(object);
    return status;
}

NTSTATUS NtDelayExecution(uint8_t alertable, const LARGE_INTEGER32 *interval)
{
    int64_t timeout = interval->QuadPart;
    // Kernel32 asks for ever with the smallest number.
    NTSTATUS status = host_wait(NULL, 0, false, alertable, timeout == INT64_MIN ? NULL : &timeout);
    if (status != STATUS_TIMEOUT) return status;
    if (!timeout) sched_yield();
    return STATUS_SUCCESS;
}

NTSTATUS NtYieldExecution(void)
{
    sched_yield();
    return STATUS_SUCCESS;
}

NTSTATUS NtTestAlert(void)
{
    struct thread *thread = thread_self();
    if (wait_apc_pending(&thread->wait)) {
        atomic_fetch_or(&thread->pending, THREAD_PENDING_APC);
        return STATUS_SUCCESS;
    }
    return wait_test_alert() ? STATUS_ALERTED : STATUS_SUCCESS;
}

NTSTATUS NtAlertThread(HANDLE32 handle)
{
    struct thread_object *object;
    NTSTATUS status = thread_resolve(handle, THREAD_ALERT, &object);
    if (status != STATUS_SUCCESS) return status;
    pthread_mutex_lock(&object->lock);
    if (object->thread)
        wait_alert(object->thread);
    else
        status = STATUS_THREAD_IS_TERMINATING;
    pthread_mutex_unlock(&object->lock);
    object_release(&object->object);
    return status;
}

NTSTATUS NtAlertResumeThread(HANDLE32 handle, uint32_t *previous)
{
    struct thread_object *object;
    NTSTATUS status = thread_resolve(handle, THREAD_SUSPEND_RESUME, &object);
    if (status != STATUS_SUCCESS) return status;
    pthread_mutex_lock(&object->lock);
    if (object->thread) wait_alert(object->thread);
    pthread_mutex_unlock(&object->lock);
    object_release(&object->object);
    return NtResumeThread(handle, previous);
}
