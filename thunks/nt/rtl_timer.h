// Work items, registered waits and timer queues of ntdll, which are older than its thread pool and run on it.
// Sources: Microsoft's documentation of kernel32's functions, phnt's ntrtl.h for the prototypes.
#ifndef LOWLAND_NT_RTL_TIMER_H
#define LOWLAND_NT_RTL_TIMER_H

#include "nt.h"

NTSTATUS NTAPI RtlQueueWorkItem(WORKERCALLBACKFUNC function, PVOID context, ULONG flags);

NTSTATUS NTAPI RtlRegisterWait(PHANDLE result, HANDLE object, WAITORTIMERCALLBACKFUNC callback, PVOID context,
                               ULONG milliseconds, ULONG flags);
NTSTATUS NTAPI RtlDeregisterWait(HANDLE wait);
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE wait, HANDLE completion);

NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE result);
NTSTATUS NTAPI RtlDeleteTimerQueue(HANDLE queue);
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE queue, HANDLE completion);
NTSTATUS NTAPI RtlCreateTimer(HANDLE queue, PHANDLE result, WAITORTIMERCALLBACKFUNC callback, PVOID context,
                              ULONG due, ULONG period, ULONG flags);
NTSTATUS NTAPI RtlUpdateTimer(HANDLE queue, HANDLE timer, ULONG due, ULONG period);
NTSTATUS NTAPI RtlDeleteTimer(HANDLE queue, HANDLE timer, HANDLE completion);
NTSTATUS NTAPI RtlCancelTimer(HANDLE queue, HANDLE timer);

#endif
