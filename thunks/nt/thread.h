// Threads: creation, information classes, APCs. Sources: phnt's ntpsapi.h, Microsoft's documentation of
// NtQueryInformationThread and SetThreadInformation, mingw-w64's ddk headers.
#ifndef LOWLAND_NT_THREAD_H
#define LOWLAND_NT_THREAD_H

#ifndef THREAD_ALERT
#define THREAD_ALERT 0x0004
#endif

enum { // beyond winternl.h's THREADINFOCLASS
    ThreadBreakOnTermination = 18,
    ThreadSwitchLegacyState = 19,
    ThreadIsTerminated = 20,
    ThreadLastSystemCall = 21,
    ThreadIoPriority = 22,
    ThreadCycleTime = 23,
    ThreadPagePriority = 24,
    ThreadActualBasePriority = 25,
    ThreadTebInformation = 26,
    ThreadCSwitchMon = 27,
    ThreadCSwitchPmu = 28,
    ThreadWow64Context = 29,
    ThreadGroupInformation = 30,
    ThreadUmsInformation = 31,
    ThreadCounterProfiling = 32,
    ThreadIdealProcessorEx = 33,
    ThreadCpuAccountingInformation = 34,
    ThreadSuspendCount = 35,
    ThreadNameInformation = 38,
    ThreadSelectedCpuSets = 39,
    ThreadSystemThreadInformation = 40,
    ThreadActualGroupAffinity = 41,
    ThreadDynamicCodePolicyInfo = 42,
    ThreadExplicitCaseSensitivity = 43,
    ThreadSubsystemInformation = 45,
    ThreadPowerThrottlingState = 49,
};

typedef struct _THREAD_BASIC_INFORMATION {
    NTSTATUS ExitStatus;
    PVOID TebBaseAddress;
    CLIENT_ID ClientId;
    KAFFINITY AffinityMask;
    KPRIORITY Priority;
    KPRIORITY BasePriority;
} THREAD_BASIC_INFORMATION, *PTHREAD_BASIC_INFORMATION;
NT_SIZE(THREAD_BASIC_INFORMATION, 0x1C);

typedef struct _THREAD_NAME_INFORMATION {
    UNICODE_STRING ThreadName;
} THREAD_NAME_INFORMATION, *PTHREAD_NAME_INFORMATION;

typedef struct _THREAD_DESCRIPTOR_INFORMATION { // NtQueryInformationThread: ThreadDescriptorTableEntry
    ULONG Selector;
    LDT_ENTRY Entry;
} THREAD_DESCRIPTOR_INFORMATION, *PTHREAD_DESCRIPTOR_INFORMATION;
NT_SIZE(THREAD_DESCRIPTOR_INFORMATION, 0x0C);

typedef struct _THREAD_CYCLE_TIME_INFORMATION {
    ULONGLONG AccumulatedCycles;
    ULONGLONG CurrentCycleCount;
} THREAD_CYCLE_TIME_INFORMATION, *PTHREAD_CYCLE_TIME_INFORMATION;
NT_SIZE(THREAD_CYCLE_TIME_INFORMATION, 0x10);

typedef struct _THREAD_TEB_INFORMATION { // ThreadTebInformation: which part of the TEB goes where
    PVOID TebInformation;
    ULONG TebOffset;
    ULONG BytesToRead;
} THREAD_TEB_INFORMATION, *PTHREAD_TEB_INFORMATION;

// ThreadPowerThrottlingState and ProcessPowerThrottlingState
typedef struct _POWER_THROTTLING_STATE {
    ULONG Version; // 1
    ULONG ControlMask;
    ULONG StateMask;
} POWER_THROTTLING_STATE;

typedef struct _INITIAL_TEB {
    struct {
        PVOID OldStackBase;
        PVOID OldStackLimit;
    } OldInitialTeb;
    PVOID StackBase;
    PVOID StackLimit;
    PVOID StackAllocationBase;
} INITIAL_TEB, *PINITIAL_TEB;

typedef VOID(NTAPI *PPS_APC_ROUTINE)(PVOID ApcArgument1, PVOID ApcArgument2, PVOID ApcArgument3);
typedef VOID(NTAPI *PTIMER_APC_ROUTINE)(PVOID TimerContext, ULONG TimerLowValue, LONG TimerHighValue);
typedef NTSTATUS(NTAPI *PUSER_THREAD_START_ROUTINE)(PVOID ThreadParameter);

#define THREAD_CREATE_FLAGS_CREATE_SUSPENDED      0x00000001
#define THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH    0x00000002
#define THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER    0x00000004
#define THREAD_CREATE_FLAGS_SKIP_LOADER_INIT      0x00000020
#define THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE 0x00000040

#define QUEUE_USER_APC_SPECIAL_USER_APC           ((HANDLE)0x1)

// NtAllocateReserveObject
#define MEMORY_RESERVE_USER_APC      0
#define MEMORY_RESERVE_IO_COMPLETION 1

#endif
