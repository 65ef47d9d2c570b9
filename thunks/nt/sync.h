// Synchronisation objects: events, mutants, semaphores, timers, keyed events, completion ports. Sources:
// phnt's ntexapi.h, mingw-w64's ntdef.h and ddk headers, Nebbett's reference.
#ifndef LOWLAND_NT_SYNC_H
#define LOWLAND_NT_SYNC_H

#ifndef _NTDEF_
typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _WAIT_TYPE { WaitAll, WaitAny } WAIT_TYPE;
#endif

typedef enum _EVENT_INFORMATION_CLASS { EventBasicInformation } EVENT_INFORMATION_CLASS;
typedef struct _EVENT_BASIC_INFORMATION {
    EVENT_TYPE EventType;
    LONG EventState;
} EVENT_BASIC_INFORMATION;

typedef enum _MUTANT_INFORMATION_CLASS {
    MutantBasicInformation,
    MutantOwnerInformation
} MUTANT_INFORMATION_CLASS;
typedef struct _MUTANT_BASIC_INFORMATION {
    LONG CurrentCount;
    BOOLEAN OwnedByCaller;
    BOOLEAN AbandonedState;
} MUTANT_BASIC_INFORMATION;
typedef struct _MUTANT_OWNER_INFORMATION {
    CLIENT_ID ClientId;
} MUTANT_OWNER_INFORMATION;

typedef enum _SEMAPHORE_INFORMATION_CLASS { SemaphoreBasicInformation } SEMAPHORE_INFORMATION_CLASS;
typedef struct _SEMAPHORE_BASIC_INFORMATION {
    LONG CurrentCount;
    LONG MaximumCount;
} SEMAPHORE_BASIC_INFORMATION;

typedef enum _TIMER_INFORMATION_CLASS { TimerBasicInformation } TIMER_INFORMATION_CLASS;
typedef struct _TIMER_BASIC_INFORMATION {
    LARGE_INTEGER RemainingTime;
    BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION;
NT_SIZE(TIMER_BASIC_INFORMATION, 0x10);

typedef enum _TIMER_SET_INFORMATION_CLASS { TimerSetCoalescableTimer } TIMER_SET_INFORMATION_CLASS;
typedef struct _TIMER_SET_COALESCABLE_TIMER_INFO {
    LARGE_INTEGER DueTime;
    PVOID TimerApcRoutine; // PTIMER_APC_ROUTINE
    PVOID TimerContext;
    PVOID WakeContext; // REASON_CONTEXT
    ULONG TimerPeriod;
    ULONG TolerableDelay;
    BOOLEAN *PreviousState;
} TIMER_SET_COALESCABLE_TIMER_INFO;
NT_SIZE(TIMER_SET_COALESCABLE_TIMER_INFO, 0x20);

typedef enum _IO_COMPLETION_INFORMATION_CLASS {
    IoCompletionBasicInformation
} IO_COMPLETION_INFORMATION_CLASS;
typedef struct _IO_COMPLETION_BASIC_INFORMATION {
    LONG Depth;
} IO_COMPLETION_BASIC_INFORMATION;

#define EVENT_QUERY_STATE         0x0001
#define SEMAPHORE_QUERY_STATE     0x0001
#define KEYEDEVENT_WAIT           0x0001
#define KEYEDEVENT_WAKE           0x0002
#define KEYEDEVENT_ALL_ACCESS     (STANDARD_RIGHTS_REQUIRED | KEYEDEVENT_WAIT | KEYEDEVENT_WAKE)
#define IO_COMPLETION_QUERY_STATE 0x0001
#ifndef IO_COMPLETION_MODIFY_STATE
#define IO_COMPLETION_MODIFY_STATE 0x0002
#define IO_COMPLETION_ALL_ACCESS   (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#endif

// Timers of Windows 8 and later: NtCreateTimer2, NtSetTimer2 (phnt's ntexapi.h; the flags are those of
// ExAllocateTimer in Microsoft's documentation).
typedef struct _T2_SET_PARAMETERS {
    ULONG Version;
    ULONG Reserved;
    LONGLONG NoWakeTolerance;
} T2_SET_PARAMETERS;
#define EX_TIMER_HIGH_RESOLUTION     0x00000004
#define EX_TIMER_NO_WAKE             0x00000008
#define EX_TIMER_UNLIMITED_TOLERANCE 0x00000010
#define EX_TIMER_NOTIFICATION        0x80000000

#endif
