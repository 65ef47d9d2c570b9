// The calls of a debugger. What it gets of a debuggee are ordinary handles.
#include "debug_event.h"
#include "file.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "peer.h"
#include "process_info.h"
#include "process_remote.h"
#include "thread_object.h"
#include "wait.h"
#include <stdlib.h>
#include <unistd.h>

// ---- attaching and detaching ----

// The events of a start that the debugger has missed: the process, ntdll, the other threads, the other
// images.
static NTSTATUS make_up_events(struct object *debug, uint32_t pid, const struct debug_state *state,
                               const uint32_t *list)
{
    const uint32_t *images = list + state->threads;
    struct debug_event event = {.pid = pid,
                                .tid = state->threads ? list[0] : 0,
                                .state = DbgCreateProcessStateChange,
                                .base = state->images ? images[0] : 0,
                                .start = state->start};
    NTSTATUS status = debug_object_add(debug, &event, state->threads != 0);
    for (uint32_t i = 1; i < state->images && i < 2 && NT_SUCCESS(status); i++) {
        event.state = DbgLoadDllStateChange;
        event.base = images[i];
        status = debug_object_add(debug, &event, false);
    }
    for (uint32_t i = 1; i < state->threads && NT_SUCCESS(status); i++) {
        struct debug_event thread = {.pid = pid, .tid = list[i], .state = DbgCreateThreadStateChange};
        status = debug_object_add(debug, &thread, true);
    }
    for (uint32_t i = 2; i < state->images && NT_SUCCESS(status); i++) {
        event.state = DbgLoadDllStateChange;
        event.base = images[i];
        status = debug_object_add(debug, &event, false);
    }
    return status;
}

static NTSTATUS attach(struct object *debug, struct debugger *debugger, struct process_object *process)
{
    static _Atomic uint32_t last_attachment;
    struct debug_state state;
    uint32_t *list = malloc(PEER_BODY_MAX);
    if (!list) return STATUS_NO_MEMORY;
    debugger->only_this = true; // who attaches to a process does not debug its children
    debugger->attachment = ++last_attachment;
    NTSTATUS status = debug_object_expect(debug, process, debugger->attachment);
    if (NT_SUCCESS(status)) {
        status = peer_debug_attach(process, debugger, &state, list, PEER_BODY_MAX / 4);
        if (NT_SUCCESS(status))
            status = make_up_events(debug, process->pid, &state, list);
        else
            debug_object_forget(debug, process);
    }
    free(list);
    return status;
}

NTSTATUS NtDebugActiveProcess(HANDLE32 process_handle, HANDLE32 debug_handle)
{
    struct process_object *process;
    struct object *debug;
    struct debugger debugger;
    NTSTATUS status = process_resolve(process_handle, PROCESS_SUSPEND_RESUME, &process);
    if (!NT_SUCCESS(status)) return status;
    status = process == process_object_self() ? STATUS_ACCESS_DENIED
                                              : debug_object_resolve(debug_handle, &debug, &debugger);
    if (NT_SUCCESS(status)) {
        status = attach(debug, &debugger, process);
        object_release(debug);
    }
    object_release(&process->object);
    return status;
}

NTSTATUS NtRemoveProcessDebug(HANDLE32 process_handle, HANDLE32 debug_handle)
{
    struct process_object *process;
    struct object *debug;
    struct debugger debugger;
    NTSTATUS status = process_resolve(process_handle, PROCESS_SUSPEND_RESUME, &process);
    if (!NT_SUCCESS(status)) return status;
    status = debug_object_resolve(debug_handle, &debug, &debugger);
    if (NT_SUCCESS(status)) {
        // While the process still is a debuggee it is known as one, or its start would make it one again.
        bool ours = debug_object_leave(debug, process);
        status = ours ? peer_debug_detach(process) : STATUS_PORT_NOT_SET;
        if (ours) debug_object_forget(debug, process);
        object_release(debug);
    }
    object_release(&process->object);
    return status;
}

// ---- what a debugger gets ----

static NTSTATUS make_handle(struct object *object, ACCESS_MASK32 access, HANDLE32 *handle)
{
    NTSTATUS status = handle_create(object, access, 0, handle);
    object_release(object);
    return status;
}

static HANDLE32 process_handle(struct process_object *process)
{
    HANDLE32 handle = 0;
    object_retain(&process->object);
    make_handle(&process->object, PROCESS_ALL_ACCESS, &handle);
    return handle;
}

static HANDLE32 thread_handle(struct process_object *process, uint32_t tid)
{
    struct thread_object *thread;
    HANDLE32 handle = 0;
    if (NT_SUCCESS(thread_remote_open(process, tid, &thread)))
        make_handle(&thread->object, THREAD_ALL_ACCESS, &handle);
    return handle;
}

// Takes over the descriptor.
static HANDLE32 file_handle(int fd)
{
    const uint32_t access = FILE_GENERIC_READ;
    HANDLE32 handle = 0;
    struct file *file = fd < 0 ? NULL : file_new(FILE_KIND_DISK, &disk_device, fd, access, 0);
    if (file) make_handle((struct object *)file, access, &handle);
    return handle;
}

// Of one that was killed the status may be on its way.
static uint32_t exit_status_of(struct process_object *process, uint32_t told)
{
    const int64_t patience = -10000000; // 1 s
    struct object *object = &process->object;
    if (told != (uint32_t)STATUS_PENDING) return told;
    host_wait(&object, 1, false, false, &patience);
    uint32_t status = atomic_load(&process->exit_status);
    return status == (uint32_t)STATUS_PENDING ? (uint32_t)STATUS_UNSUCCESSFUL : status;
}

static void describe(const struct debug_given *given, DBGUI_WAIT_STATE_CHANGE32 *change)
{
    const struct debug_event *event = &given->event;
    *change = (DBGUI_WAIT_STATE_CHANGE32){
        .NewState = event->state, .AppClientId = {.UniqueProcess = event->pid, .UniqueThread = event->tid}};
    switch (event->state) {
    case DbgCreateProcessStateChange:
        change->StateInfo.CreateProcessInfo.HandleToProcess = process_handle(given->process);
        change->StateInfo.CreateProcessInfo.HandleToThread = thread_handle(given->process, event->tid);
        change->StateInfo.CreateProcessInfo.NewProcess.FileHandle = file_handle(given->fd);
        change->StateInfo.CreateProcessInfo.NewProcess.BaseOfImage = event->base;
        change->StateInfo.CreateProcessInfo.NewProcess.InitialThread.StartAddress = event->start;
        break;
    case DbgCreateThreadStateChange:
        change->StateInfo.CreateThread.HandleToThread = thread_handle(given->process, event->tid);
        change->StateInfo.CreateThread.NewThread.StartAddress = event->start;
        break;
    case DbgExitThreadStateChange: change->StateInfo.ExitStatus = event->status; break;
    case DbgExitProcessStateChange:
        change->StateInfo.ExitStatus = exit_status_of(given->process, event->status);
        break;
    case DbgLoadDllStateChange:
        change->StateInfo.LoadDll.FileHandle = file_handle(given->fd);
        change->StateInfo.LoadDll.BaseOfDll = event->base;
        change->StateInfo.LoadDll.NamePointer = event->name;
        break;
    case DbgUnloadDllStateChange: change->StateInfo.UnloadDllBase = event->base; break;
    default:
        change->StateInfo.Exception.ExceptionRecord = event->exception;
        change->StateInfo.Exception.FirstChance = event->first_chance;
    }
}

NTSTATUS NtWaitForDebugEvent(HANDLE32 handle, uint8_t alertable, const LARGE_INTEGER32 *timeout,
                             DBGUI_WAIT_STATE_CHANGE32 *change)
{
    struct object *debug;
    struct debug_given given;
    NTSTATUS status = handle_resolve(handle, &debug_type, DEBUG_READ_EVENT, &debug);
    if (!NT_SUCCESS(status)) return status;
    int64_t until = timeout ? timeout->QuadPart : 0;
    // Absolute: another thread may take the event that this one wakes for.
    if (timeout && until < 0) until = host_system_time() - until;
    bool taken = false;
    do {
        status = host_wait(&debug, 1, false, alertable, timeout ? &until : NULL);
        taken = status == STATUS_SUCCESS && debug_object_take(debug, &given);
    } while (status == STATUS_SUCCESS && !taken);
    if (taken) {
        describe(&given, change);
        object_release(&given.process->object);
    }
    object_release(debug);
    return status;
}

// ---- continuing ----

NTSTATUS NtDebugContinue(HANDLE32 handle, const CLIENT_ID32 *id, NTSTATUS answer)
{
    struct object *debug;
    struct process_object *held;
    switch (answer) {
    case DBG_CONTINUE:
    case DBG_EXCEPTION_HANDLED:
    case DBG_EXCEPTION_NOT_HANDLED:
    case DBG_REPLY_LATER:
    case DBG_TERMINATE_THREAD:
    case DBG_TERMINATE_PROCESS: break;
    default: return STATUS_INVALID_PARAMETER;
    }
    NTSTATUS status = handle_resolve(handle, &debug_type, DEBUG_READ_EVENT, &debug);
    if (!NT_SUCCESS(status)) return status;
    status = debug_object_continue(debug, id, answer, &held);
    object_release(debug);
    if (held) {
        peer_debug_release(held, id->UniqueThread);
        object_release(&held->object);
    }
    return status;
}
