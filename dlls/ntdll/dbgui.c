// The debugger's library: a thread's debug object, which TEB.DbgSsReserved[1] holds, what happens in its
// debuggees, and breaking into them.
#include "guard.h"
#include "nt/rtl_debug.h"
#include "ldr.h"
#include "rtl.h"

static HANDLE *thread_object(void)
{
    return (HANDLE *)&teb_self()->DbgSsReserved[1];
}

NTSTATUS NTAPI DbgUiConnectToDbg(void)
{
    OBJECT_ATTRIBUTES attributes;

    if (*thread_object()) return STATUS_SUCCESS;
    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    return NtCreateDebugObject(thread_object(), DEBUG_ALL_ACCESS, &attributes, DEBUG_KILL_ON_CLOSE);
}

HANDLE NTAPI DbgUiGetThreadDebugObject(void)
{
    return *thread_object();
}

void NTAPI DbgUiSetThreadDebugObject(HANDLE object)
{
    *thread_object() = object;
}

NTSTATUS NTAPI DbgUiWaitStateChange(DBGUI_WAIT_STATE_CHANGE *change, LARGE_INTEGER *timeout)
{
    return NtWaitForDebugEvent(*thread_object(), TRUE, timeout, change);
}

NTSTATUS NTAPI DbgUiContinue(CLIENT_ID *id, NTSTATUS status)
{
    return NtDebugContinue(*thread_object(), id, status);
}

NTSTATUS NTAPI DbgUiStopDebugging(HANDLE process)
{
    return NtRemoveProcessDebug(process, *thread_object());
}

// ---- breaking in ----

static void break_here(void *unused)
{
    (void)unused;
    DbgBreakPoint();
}

// Where a thread begins that another process makes so that this one breaks. A debugger that passes the
// breakpoint on, or is gone by now, does no harm.
void NTAPI DbgUiRemoteBreakin(void *argument)
{
    (void)argument;
    if (peb_self()->BeingDebugged) lowland_guarded_call(break_here, NULL);
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE process)
{
    HANDLE thread = NULL;
    OBJECT_ATTRIBUTES attributes;

    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    NTSTATUS status = NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, &attributes, process,
                                       (void *)DbgUiRemoteBreakin, NULL, 0, 0, 0, 0, NULL);
    if (NT_SUCCESS(status)) NtClose(thread);
    return status;
}

NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE process)
{
    NTSTATUS status = NtDebugActiveProcess(process, *thread_object());

    if (!NT_SUCCESS(status)) return status;
    status = DbgUiIssueRemoteBreakin(process);
    if (!NT_SUCCESS(status)) DbgUiStopDebugging(process);
    return status;
}

// ---- Win32's form of an event ----

// Text and system errors come as exceptions; wide text comes in the ANSI code page as well.
static void convert_exception(const DBGKM_EXCEPTION *exception, DEBUG_EVENT *event, bool wide)
{
    const EXCEPTION_RECORD *record = &exception->ExceptionRecord;
    ULONG at = record->ExceptionCode == DBG_PRINTEXCEPTION_WIDE_C && !wide ? 2 : 0;

    switch (record->ExceptionCode) {
    case DBG_PRINTEXCEPTION_C:
    case DBG_PRINTEXCEPTION_WIDE_C:
        event->dwDebugEventCode = OUTPUT_DEBUG_STRING_EVENT;
        event->u.DebugString.nDebugStringLength = (WORD)record->ExceptionInformation[at];
        event->u.DebugString.lpDebugStringData = (char *)record->ExceptionInformation[at + 1];
        event->u.DebugString.fUnicode = record->ExceptionCode == DBG_PRINTEXCEPTION_WIDE_C && wide;
        break;
    case DBG_RIPEXCEPTION:
        event->dwDebugEventCode = RIP_EVENT;
        event->u.RipInfo.dwType = record->ExceptionInformation[0];
        event->u.RipInfo.dwError = record->ExceptionInformation[1];
        break;
    default:
        event->dwDebugEventCode = EXCEPTION_DEBUG_EVENT;
        event->u.Exception.ExceptionRecord = *record;
        event->u.Exception.dwFirstChance = exception->FirstChance;
    }
}

// Fields of the TEB at its beginning: what a new thread's local base is.
static void *teb_of(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    NTSTATUS status = NtQueryInformationThread(thread, ThreadBasicInformation, &info, sizeof(info), NULL);

    return NT_SUCCESS(status) ? info.TebBaseAddress : NULL;
}

static NTSTATUS convert(DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event, bool wide)
{
    memset(event, 0, sizeof(*event));
    event->dwProcessId = (DWORD)(ULONG_PTR)change->AppClientId.UniqueProcess;
    event->dwThreadId = (DWORD)(ULONG_PTR)change->AppClientId.UniqueThread;
    switch (change->NewState) {
    case DbgCreateThreadStateChange:
        event->dwDebugEventCode = CREATE_THREAD_DEBUG_EVENT;
        event->u.CreateThread.hThread = change->StateInfo.CreateThread.HandleToThread;
        event->u.CreateThread.lpThreadLocalBase = teb_of(event->u.CreateThread.hThread);
        event->u.CreateThread.lpStartAddress =
            (LPTHREAD_START_ROUTINE)change->StateInfo.CreateThread.NewThread.StartAddress;
        break;
    case DbgCreateProcessStateChange: {
        const DBGUI_CREATE_PROCESS *created = &change->StateInfo.CreateProcessInfo;
        event->dwDebugEventCode = CREATE_PROCESS_DEBUG_EVENT;
        event->u.CreateProcessInfo.hFile = created->NewProcess.FileHandle;
        event->u.CreateProcessInfo.hProcess = created->HandleToProcess;
        event->u.CreateProcessInfo.hThread = created->HandleToThread;
        event->u.CreateProcessInfo.lpBaseOfImage = created->NewProcess.BaseOfImage;
        event->u.CreateProcessInfo.lpThreadLocalBase = teb_of(created->HandleToThread);
        event->u.CreateProcessInfo.lpStartAddress =
            (LPTHREAD_START_ROUTINE)created->NewProcess.InitialThread.StartAddress;
        event->u.CreateProcessInfo.fUnicode = TRUE;
        break;
    }
    case DbgExitThreadStateChange:
        event->dwDebugEventCode = EXIT_THREAD_DEBUG_EVENT;
        event->u.ExitThread.dwExitCode = (DWORD)change->StateInfo.ExitStatus;
        break;
    case DbgExitProcessStateChange:
        event->dwDebugEventCode = EXIT_PROCESS_DEBUG_EVENT;
        event->u.ExitProcess.dwExitCode = (DWORD)change->StateInfo.ExitStatus;
        break;
    case DbgExceptionStateChange:
    case DbgBreakpointStateChange:
    case DbgSingleStepStateChange: convert_exception(&change->StateInfo.Exception, event, wide); break;
    case DbgLoadDllStateChange:
        event->dwDebugEventCode = LOAD_DLL_DEBUG_EVENT;
        event->u.LoadDll.hFile = change->StateInfo.LoadDll.FileHandle;
        event->u.LoadDll.lpBaseOfDll = change->StateInfo.LoadDll.BaseOfDll;
        event->u.LoadDll.lpImageName = change->StateInfo.LoadDll.NamePointer;
        event->u.LoadDll.fUnicode = TRUE;
        break;
    case DbgUnloadDllStateChange:
        event->dwDebugEventCode = UNLOAD_DLL_DEBUG_EVENT;
        event->u.UnloadDll.lpBaseOfDll = change->StateInfo.UnloadDllBase;
        break;
    default: return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DbgUiConvertStateChangeStructure(DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event)
{
    return convert(change, event, false);
}

/** The same for debuggers that take wide text. */
NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event)
{
    return convert(change, event, true);
}
