// Synchronization barriers, which are ntdll's.
#include "base.h"
#include "nt/rtl_lock.h"

HOTPATCH BOOL WINAPI InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, LONG threads,
                                                      LONG spin_count)
{
    if (spin_count < -1 || threads < 1) return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(RtlInitBarrier(barrier, (ULONG)threads, (ULONG)spin_count));
}

HOTPATCH BOOL WINAPI EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, DWORD flags)
{
    return RtlBarrier(barrier, flags);
}

HOTPATCH BOOL WINAPI DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier)
{
    return bool_from_status(RtlDeleteBarrier(barrier));
}
