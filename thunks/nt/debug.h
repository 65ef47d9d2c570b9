// Debug objects: what happens in the processes that one debugs, one event after the other. Sources: phnt's
// ntdbg.h, Nebbett's "Windows NT/2000 Native API Reference", Microsoft's documentation of DEBUG_EVENT.
#ifndef LOWLAND_NT_DEBUG_H
#define LOWLAND_NT_DEBUG_H

#define DEBUG_READ_EVENT        0x0001
#define DEBUG_PROCESS_ASSIGN    0x0002
#define DEBUG_SET_INFORMATION   0x0004
#define DEBUG_QUERY_INFORMATION 0x0008
#define DEBUG_ALL_ACCESS        (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xF)

#define DEBUG_KILL_ON_CLOSE     0x1

#ifndef STATUS_DEBUGGER_INACTIVE
#define STATUS_DEBUGGER_INACTIVE ((NTSTATUS)0xC0000354)
#endif
#ifndef DBG_REPLY_LATER
#define DBG_REPLY_LATER ((NTSTATUS)0x40010001)
#endif

typedef enum _DBG_STATE {
    DbgIdle,
    DbgReplyPending,
    DbgCreateThreadStateChange,
    DbgCreateProcessStateChange,
    DbgExitThreadStateChange,
    DbgExitProcessStateChange,
    DbgExceptionStateChange,
    DbgBreakpointStateChange,
    DbgSingleStepStateChange,
    DbgLoadDllStateChange,
    DbgUnloadDllStateChange
} DBG_STATE;

typedef struct _DBGKM_CREATE_THREAD {
    ULONG SubSystemKey;
    PVOID StartAddress;
} DBGKM_CREATE_THREAD;

typedef struct _DBGKM_CREATE_PROCESS {
    ULONG SubSystemKey;
    HANDLE FileHandle;
    PVOID BaseOfImage;
    ULONG DebugInfoFileOffset;
    ULONG DebugInfoSize;
    DBGKM_CREATE_THREAD InitialThread;
} DBGKM_CREATE_PROCESS;

typedef struct _DBGUI_CREATE_THREAD {
    HANDLE HandleToThread;
    DBGKM_CREATE_THREAD NewThread;
} DBGUI_CREATE_THREAD;

typedef struct _DBGUI_CREATE_PROCESS {
    HANDLE HandleToProcess;
    HANDLE HandleToThread;
    DBGKM_CREATE_PROCESS NewProcess;
} DBGUI_CREATE_PROCESS;

typedef struct _DBGKM_EXCEPTION {
    EXCEPTION_RECORD ExceptionRecord;
    ULONG FirstChance;
} DBGKM_EXCEPTION;

typedef struct _DBGKM_LOAD_DLL {
    HANDLE FileHandle;
    PVOID BaseOfDll;
    ULONG DebugInfoFileOffset;
    ULONG DebugInfoSize;
    PVOID NamePointer; // in the debuggee: where the name's address stands
} DBGKM_LOAD_DLL;

typedef struct _DBGUI_WAIT_STATE_CHANGE {
    DBG_STATE NewState;
    CLIENT_ID AppClientId;
    union {
        DBGKM_EXCEPTION Exception;
        DBGUI_CREATE_THREAD CreateThread;
        DBGUI_CREATE_PROCESS CreateProcessInfo;
        NTSTATUS ExitStatus; // of a thread or a process
        DBGKM_LOAD_DLL LoadDll;
        PVOID UnloadDllBase;
    } StateInfo;
} DBGUI_WAIT_STATE_CHANGE, *PDBGUI_WAIT_STATE_CHANGE;
NT_OFFSET(DBGUI_WAIT_STATE_CHANGE, StateInfo, 0xC);
NT_SIZE(DBGUI_WAIT_STATE_CHANGE, 0x60);

typedef enum _DEBUGOBJECTINFOCLASS {
    DebugObjectUnusedInformation,
    DebugObjectKillProcessOnExitInformation
} DEBUGOBJECTINFOCLASS;

// ---- ntdll's half: one debug object a thread, in TEB.DbgSsReserved[1] ----

NTSTATUS NTAPI DbgUiConnectToDbg(void);
HANDLE NTAPI DbgUiGetThreadDebugObject(void);
void NTAPI DbgUiSetThreadDebugObject(HANDLE object);
NTSTATUS NTAPI DbgUiWaitStateChange(DBGUI_WAIT_STATE_CHANGE *change, LARGE_INTEGER *timeout);
NTSTATUS NTAPI DbgUiContinue(CLIENT_ID *id, NTSTATUS status);
NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE process);
NTSTATUS NTAPI DbgUiStopDebugging(HANDLE process);
NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE process);
void NTAPI DbgUiRemoteBreakin(void *argument);
NTSTATUS NTAPI DbgUiConvertStateChangeStructure(DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event);

#endif
