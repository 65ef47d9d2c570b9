// ntdll's older and newer locks beyond critical sections and SRW locks: resources, barriers. Sources:
// Microsoft's documentation of the kernel32 functions on them, phnt's ntrtl.h. winnt.h has RTL_BARRIER.
#ifndef LOWLAND_NT_RTL_LOCK_H
#define LOWLAND_NT_RTL_LOCK_H

#include "nt.h"

// A recursive lock for one writer or many readers.
typedef struct _RTL_RESOURCE {
    RTL_CRITICAL_SECTION Lock;
    RTL_CONDITION_VARIABLE SharedWaiters; // a semaphore's handle in older Windows
    ULONG NumberShared;
    RTL_CONDITION_VARIABLE ExclusiveWaiters;
    ULONG NumberExclusive;
    LONG NumberActive; // holders: so many readers, or less than 0: so often by one writer
    HANDLE OwningThread;
    ULONG TimeoutBoost;
    PVOID DebugInfo;
} RTL_RESOURCE, *PRTL_RESOURCE;
NT_SIZE(RTL_RESOURCE, 0x38);

void NTAPI RtlInitializeResource(PRTL_RESOURCE resource);
void NTAPI RtlDeleteResource(PRTL_RESOURCE resource);
BOOLEAN NTAPI RtlAcquireResourceShared(PRTL_RESOURCE resource, BOOLEAN wait);
BOOLEAN NTAPI RtlAcquireResourceExclusive(PRTL_RESOURCE resource, BOOLEAN wait);
void NTAPI RtlReleaseResource(PRTL_RESOURCE resource);
void NTAPI RtlConvertSharedToExclusive(PRTL_RESOURCE resource);
void NTAPI RtlConvertExclusiveToShared(PRTL_RESOURCE resource);

NTSTATUS NTAPI RtlInitBarrier(PRTL_BARRIER barrier, ULONG threads, ULONG spin_count);
BOOLEAN NTAPI RtlBarrier(PRTL_BARRIER barrier, ULONG flags);
BOOLEAN NTAPI RtlBarrierForDelete(PRTL_BARRIER barrier, ULONG flags);
NTSTATUS NTAPI RtlDeleteBarrier(PRTL_BARRIER barrier);

void NTAPI RtlConvertSRWLockExclusiveToShared(PRTL_SRWLOCK lock);
BOOLEAN NTAPI RtlTryConvertSRWLockSharedToExclusiveOrRelease(PRTL_SRWLOCK lock);
void NTAPI RtlAcquireReleaseSRWLockExclusive(PRTL_SRWLOCK lock);
void NTAPI RtlWakeAddressAllNoFence(const void *address);
void NTAPI RtlWakeAddressSingleNoFence(const void *address);

#endif
