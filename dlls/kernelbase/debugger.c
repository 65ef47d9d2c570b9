// What a debugger calls: attaching, events, continuing. Handles that events bring belong to the thread that
// got them and are closed with the last event of their process or thread.
#include "base.h"
#include "nt/rtl_debug.h"

// TEB.DbgSsReserved[0] is the list of them.
struct debuggee_handle {
    struct debuggee_handle *next;
    DWORD process, thread; // thread 0: a process's
    HANDLE handle;
    bool ends; // its last event is out
};

static struct debuggee_handle **handles(void)
{
    return (struct debuggee_handle **)&teb_self()->DbgSsReserved[0];
}

static void keep_handle(DWORD process, DWORD thread, HANDLE handle)
{
    struct debuggee_handle *kept = handle ? heap_alloc(sizeof(*kept)) : NULL;
    if (!kept) return;
    *kept = (struct debuggee_handle){*handles(), process, thread, handle, false};
    *handles() = kept;
}

// thread 0: those of the process and of its threads.
static void mark_ending(DWORD process, DWORD thread)
{
    for (struct debuggee_handle *at = *handles(); at; at = at->next)
        if (at->process == process && (!thread || at->thread == thread)) at->ends = true;
}

static void close_handles(DWORD process, bool all)
{
    for (struct debuggee_handle **link = handles(); *link;) {
        struct debuggee_handle *at = *link;
        if (at->process != process || !(all || at->ends)) {
            link = &at->next;
            continue;
        }
        *link = at->next;
        NtClose(at->handle);
        heap_free(at);
    }
}

static void note(const DEBUG_EVENT *event)
{
    DWORD process = event->dwProcessId, thread = event->dwThreadId;
    switch (event->dwDebugEventCode) {
    case CREATE_PROCESS_DEBUG_EVENT:
        keep_handle(process, 0, event->u.CreateProcessInfo.hProcess);
        keep_handle(process, thread, event->u.CreateProcessInfo.hThread);
        break;
    case CREATE_THREAD_DEBUG_EVENT: keep_handle(process, thread, event->u.CreateThread.hThread); break;
    case EXIT_THREAD_DEBUG_EVENT: mark_ending(process, thread); break;
    case EXIT_PROCESS_DEBUG_EVENT: mark_ending(process, 0); break;
    }
}

// ---- events ----

static BOOL wait_for_event(DEBUG_EVENT *event, DWORD milliseconds,
                           NTSTATUS(NTAPI *convert)(DBGUI_WAIT_STATE_CHANGE *, DEBUG_EVENT *))
{
    DBGUI_WAIT_STATE_CHANGE change;
    LARGE_INTEGER timeout;
    NTSTATUS status;
    do status = DbgUiWaitStateChange(&change, nt_timeout(&timeout, milliseconds));
    while (status == STATUS_ALERTED || status == STATUS_USER_APC);
    if (status == STATUS_TIMEOUT) return fail_with(ERROR_SEM_TIMEOUT);
    if (!bool_from_status(status)) return FALSE;
    if (!bool_from_status(convert(&change, event))) return FALSE;
    note(event);
    return TRUE;
}

HOTPATCH BOOL WINAPI WaitForDebugEvent(DEBUG_EVENT *event, DWORD milliseconds)
{
    return wait_for_event(event, milliseconds, DbgUiConvertStateChangeStructure);
}

// Takes OutputDebugStringW's text as it is.
HOTPATCH BOOL WINAPI WaitForDebugEventEx(DEBUG_EVENT *event, DWORD milliseconds)
{
    return wait_for_event(event, milliseconds, DbgUiConvertStateChangeStructureEx);
}

HOTPATCH BOOL WINAPI ContinueDebugEvent(DWORD process, DWORD thread, DWORD status)
{
    CLIENT_ID id = {(HANDLE)(ULONG_PTR)process, (HANDLE)(ULONG_PTR)thread};
    if (!bool_from_status(DbgUiContinue(&id, (NTSTATUS)status))) return FALSE;
    close_handles(process, false);
    return TRUE;
}

// ---- debuggees ----

HOTPATCH BOOL WINAPI DebugActiveProcess(DWORD id)
{
    if (!bool_from_status(DbgUiConnectToDbg())) return FALSE;
    AUTO_CLOSE HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
    return process && bool_from_status(DbgUiDebugActiveProcess(process));
}

HOTPATCH BOOL WINAPI DebugActiveProcessStop(DWORD id)
{
    AUTO_CLOSE HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
    if (!process) return FALSE;
    close_handles(id, true);
    return bool_from_status(DbgUiStopDebugging(process));
}

HOTPATCH BOOL WINAPI DebugBreakProcess(HANDLE process)
{
    return bool_from_status(DbgUiIssueRemoteBreakin(process));
}

HOTPATCH BOOL WINAPI DebugSetProcessKillOnExit(BOOL kill)
{
    ULONG flags = kill ? DEBUG_KILL_ON_CLOSE : 0;
    HANDLE object = DbgUiGetThreadDebugObject();
    if (!object) return fail_with(ERROR_INVALID_HANDLE);
    return bool_from_status(NtSetInformationDebugObject(object, DebugObjectKillProcessOnExitInformation,
                                                        &flags, sizeof(flags), NULL));
}
