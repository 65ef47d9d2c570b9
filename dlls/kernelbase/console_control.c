// Ctrl-C, Ctrl-Break, closing: the list of handlers, and the thread that the host starts to run them.
#include "console.h"
#include "dlls/ntdll/guard.h"

struct handler {
    struct handler *next;
    PHANDLER_ROUTINE routine;
};

static struct handler *handlers; // the newest first
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

// Set in the process parameters, so that children inherit it.
#define IGNORE_CTRL_C 1u

// routine NULL: whether Ctrl-C is ignored.
HOTPATCH BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE routine, BOOL add)
{
    if (!routine) {
        RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
        if (add)
            parameters->ConsoleFlags |= IGNORE_CTRL_C;
        else
            parameters->ConsoleFlags &= ~IGNORE_CTRL_C;
        return TRUE;
    }
    struct handler *removed = NULL;
    if (add) {
        struct handler *handler = heap_alloc(sizeof(*handler));
        if (!handler) return FALSE;
        handler->routine = routine;
        RtlAcquireSRWLockExclusive(&lock);
        handler->next = handlers;
        handlers = handler;
        RtlReleaseSRWLockExclusive(&lock);
        return TRUE;
    }
    RtlAcquireSRWLockExclusive(&lock);
    for (struct handler **at = &handlers; *at; at = &(*at)->next) {
        if ((*at)->routine != routine) continue;
        removed = *at;
        *at = removed->next;
        break;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!removed) return fail_with(ERROR_INVALID_PARAMETER);
    heap_free(removed);
    return TRUE;
}

// Whoever leaves a console or comes to one begins without handlers.
void console_forget_handlers(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct handler *at = handlers;
    handlers = NULL;
    RtlReleaseSRWLockExclusive(&lock);
    for (struct handler *next; at; at = next) {
        next = at->next;
        heap_free(at);
    }
}

// The routine number index from the newest, or NULL. No lock is held while a handler runs.
static PHANDLER_ROUTINE handler_at(unsigned index)
{
    PHANDLER_ROUTINE routine = NULL;
    RtlAcquireSRWLockShared(&lock);
    struct handler *at = handlers;
    while (at && index) {
        at = at->next;
        index--;
    }
    if (at) routine = at->routine;
    RtlReleaseSRWLockShared(&lock);
    return routine;
}

static void raise_key(void *event)
{
    RaiseException(*(DWORD *)event == CTRL_C_EVENT ? DBG_CONTROL_C : DBG_CONTROL_BREAK, 0, 0, NULL);
}

// A debugger hears of the keys before the handlers do, as an exception; what it handles they don't hear of.
static bool debugger_takes(DWORD event)
{
    if (!peb_self()->BeingDebugged || (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)) return false;
    return lowland_guarded_call(raise_key, &event) == 0;
}

// The host starts a thread here with the event's number: the handlers are asked from the newest on until one
// takes it; else the process ends.
HOTPATCH DWORD WINAPI CtrlRoutine(void *argument)
{
    DWORD event = (DWORD)(ULONG_PTR)argument;
    bool ignored = event == CTRL_C_EVENT && (current_parameters()->ConsoleFlags & IGNORE_CTRL_C);
    if (ignored || debugger_takes(event)) return 0;
    PHANDLER_ROUTINE routine;
    for (unsigned i = 0; (routine = handler_at(i)); i++) {
        if (!routine(event)) continue;
        // Closing, logging off and shutting down can't be refused: the handler's answer ends the process.
        if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) break;
        return 0;
    }
    ExitProcess((UINT)STATUS_CONTROL_C_EXIT);
}

// Each process of the group hears of it; in this one a thread of its own asks the handlers.
HOTPATCH BOOL WINAPI GenerateConsoleCtrlEvent(DWORD event, DWORD group)
{
    ULONG own = 0;
    if (event > CTRL_BREAK_EVENT) return fail_with(ERROR_INVALID_PARAMETER);
    if (!console_required() || !bool_from_status(ConsoleSendEvent(event, group, &own))) return FALSE;
    if (!own) return TRUE;
    HANDLE thread = CreateThread(NULL, 0, CtrlRoutine, (void *)(ULONG_PTR)event, 0, NULL);
    if (!thread) return FALSE;
    NtClose(thread);
    return TRUE;
}
