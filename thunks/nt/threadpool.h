// ntdll's thread pool: what kernel32's functions are made of. The types are winnt.h's; the prototypes are
// those that mingw-w64's import library and the documented kernel32 functions, which forward to them, imply.
#ifndef LOWLAND_NT_THREADPOOL_H
#define LOWLAND_NT_THREADPOOL_H

typedef VOID(NTAPI *PTP_IO_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PVOID ApcContext,
                                     IO_STATUS_BLOCK *IoStatus, PTP_IO Io);

NTSTATUS NTAPI TpAllocPool(PTP_POOL *Pool, PVOID Reserved);
VOID NTAPI TpReleasePool(PTP_POOL Pool);
VOID NTAPI TpSetPoolMaxThreads(PTP_POOL Pool, ULONG Maximum);
NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL Pool, ULONG Minimum);
NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information);
NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information);

NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *Group);
VOID NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP Group);
VOID NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP Group, LOGICAL CancelPending, PVOID Context);

NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK Callback, PVOID Context, PTP_CALLBACK_ENVIRON Environment);

NTSTATUS NTAPI TpAllocWork(PTP_WORK *Work, PTP_WORK_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpPostWork(PTP_WORK Work);
VOID NTAPI TpWaitForWork(PTP_WORK Work, LOGICAL CancelPending);
VOID NTAPI TpReleaseWork(PTP_WORK Work);

NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *Timer, PTP_TIMER_CALLBACK Callback, PVOID Context,
                            PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpSetTimer(PTP_TIMER Timer, PLARGE_INTEGER DueTime, ULONG Period, ULONG WindowLength);
LOGICAL NTAPI TpSetTimerEx(PTP_TIMER Timer, PLARGE_INTEGER DueTime, ULONG Period, ULONG WindowLength);
LOGICAL NTAPI TpIsTimerSet(PTP_TIMER Timer);
VOID NTAPI TpWaitForTimer(PTP_TIMER Timer, LOGICAL CancelPending);
VOID NTAPI TpReleaseTimer(PTP_TIMER Timer);

NTSTATUS NTAPI TpAllocWait(PTP_WAIT *Wait, PTP_WAIT_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpSetWait(PTP_WAIT Wait, HANDLE Handle, PLARGE_INTEGER Timeout);
LOGICAL NTAPI TpSetWaitEx(PTP_WAIT Wait, HANDLE Handle, PLARGE_INTEGER Timeout, PVOID Reserved);
VOID NTAPI TpWaitForWait(PTP_WAIT Wait, LOGICAL CancelPending);
VOID NTAPI TpReleaseWait(PTP_WAIT Wait);

NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *Io, HANDLE File, PTP_IO_CALLBACK Callback, PVOID Context,
                                   PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpStartAsyncIoOperation(PTP_IO Io);
VOID NTAPI TpCancelAsyncIoOperation(PTP_IO Io);
VOID NTAPI TpWaitForIoCompletion(PTP_IO Io, LOGICAL CancelPending);
VOID NTAPI TpReleaseIoCompletion(PTP_IO Io);
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE File, LPOVERLAPPED_COMPLETION_ROUTINE Callback, ULONG Flags);

// Ours, for the functions that are older than the pool (tp_object.c).
void lowland_tp_own(void *object, void *memory);
BOOLEAN lowland_tp_end(void *object, HANDLE completion);

NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE Instance);
VOID NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE Instance);
VOID NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Event);
VOID NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Semaphore,
                                                  ULONG Count);
VOID NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Mutex);
VOID NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE Instance,
                                                      PRTL_CRITICAL_SECTION Section);
VOID NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID Dll);

#endif
