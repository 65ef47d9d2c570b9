// The last error and the error mode of threads and of the process.
#include "base.h"

static DWORD process_error_mode;

// Reads the thread's last error: two instructions, never crosses.
HOTPATCH DWORD WINAPI GetLastError(void)
{
    return teb_self()->LastErrorValue;
}

HOTPATCH void WINAPI SetLastError(DWORD error)
{
    TEB *teb = teb_self();
    // Reading first keeps the cache line clean in loops that set the same value again.
    if (teb->LastErrorValue != error) teb->LastErrorValue = error;
}

// As Windows: the type is for debuggers only.
HOTPATCH void WINAPI SetLastErrorEx(DWORD error, DWORD type)
{
    (void)type;
    SetLastError(error);
}

HOTPATCH UINT WINAPI GetErrorMode(void)
{
    return __atomic_load_n(&process_error_mode, __ATOMIC_RELAXED);
}

// SEM_NOALIGNMENTFAULTEXCEPT sticks once set.
HOTPATCH UINT WINAPI SetErrorMode(UINT mode)
{
    DWORD old = __atomic_load_n(&process_error_mode, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&process_error_mode, &old, mode | (old & SEM_NOALIGNMENTFAULTEXCEPT),
                                        false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        ;
    return old;
}

// The thread's mode stands in the TEB in the hard-error API's encoding: 10h, 20h, 40h.
HOTPATCH DWORD WINAPI GetThreadErrorMode(void)
{
    ULONG hard = teb_self()->HardErrorMode, mode = 0;
    if (hard & 0x10) mode |= SEM_FAILCRITICALERRORS;
    if (hard & 0x20) mode |= SEM_NOGPFAULTERRORBOX;
    if (hard & 0x40) mode |= SEM_NOOPENFILEERRORBOX;
    return mode;
}

HOTPATCH BOOL WINAPI SetThreadErrorMode(DWORD mode, DWORD *old_mode)
{
    if (mode & ~(DWORD)(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (old_mode) *old_mode = GetThreadErrorMode();
    ULONG hard = 0;
    if (mode & SEM_FAILCRITICALERRORS) hard |= 0x10;
    if (mode & SEM_NOGPFAULTERRORBOX) hard |= 0x20;
    if (mode & SEM_NOOPENFILEERRORBOX) hard |= 0x40;
    teb_self()->HardErrorMode = hard;
    return TRUE;
}

void set_error_from_status(NTSTATUS status)
{
    SetLastError(RtlNtStatusToDosError(status));
}

BOOL bool_from_status(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    set_error_from_status(status);
    return FALSE;
}
