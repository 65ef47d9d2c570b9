// Waiting: on objects, for a time, on condition variables and addresses, and one-time initialisation.
#include "base.h"

HOTPATCH DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER timeout;
    NTSTATUS status = NtWaitForSingleObject(resolve_standard_handle(handle), alertable != 0,
                                            nt_timeout(&timeout, milliseconds));
    return bool_from_status(status) ? (DWORD)status : WAIT_FAILED;
}

HOTPATCH DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForSingleObjectEx(handle, milliseconds, FALSE);
}

HOTPATCH DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all,
                                               DWORD milliseconds, BOOL alertable)
{
    HANDLE resolved[MAXIMUM_WAIT_OBJECTS];
    LARGE_INTEGER timeout;
    if (count > MAXIMUM_WAIT_OBJECTS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    for (DWORD i = 0; i < count; i++) resolved[i] = resolve_standard_handle(handles[i]);
    NTSTATUS status = NtWaitForMultipleObjects(count, resolved, all ? WaitAll : WaitAny, alertable != 0,
                                               nt_timeout(&timeout, milliseconds));
    return bool_from_status(status) ? (DWORD)status : WAIT_FAILED;
}

HOTPATCH DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds)
{
    return WaitForMultipleObjectsEx(count, handles, all, milliseconds, FALSE);
}

HOTPATCH DWORD WINAPI SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER timeout;
    NTSTATUS status =
        NtSignalAndWaitForSingleObject(signal, wait, alertable != 0, nt_timeout(&timeout, milliseconds));
    return bool_from_status(status) ? (DWORD)status : WAIT_FAILED;
}

// An alert that is no APC does not end the sleep: it goes on for what is left of it.
HOTPATCH DWORD WINAPI SleepEx(DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER delay;
    NTSTATUS status;
    if (milliseconds == INFINITE)
        delay.QuadPart = INT64_MIN;
    else
        delay.QuadPart = -(LONGLONG)milliseconds * 10000;
    do status = NtDelayExecution(alertable != 0, &delay);
    while (alertable && status == STATUS_ALERTED);
    return status == STATUS_USER_APC ? WAIT_IO_COMPLETION : 0;
}

HOTPATCH void WINAPI Sleep(DWORD milliseconds)
{
    SleepEx(milliseconds, FALSE);
}

HOTPATCH BOOL WINAPI SwitchToThread(void)
{
    return NtYieldExecution() != STATUS_NO_YIELD_PERFORMED;
}

HOTPATCH BOOL WINAPI SleepConditionVariableCS(CONDITION_VARIABLE *variable, CRITICAL_SECTION *section,
                                              DWORD milliseconds)
{
    LARGE_INTEGER timeout;
    NTSTATUS status =
        RtlSleepConditionVariableCS((void *)variable, (void *)section, nt_timeout(&timeout, milliseconds));
    // A timeout is no failure to NT, but one here.
    if (status == STATUS_TIMEOUT) return fail_with(ERROR_TIMEOUT);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI SleepConditionVariableSRW(CONDITION_VARIABLE *variable, SRWLOCK *lock,
                                               DWORD milliseconds, ULONG flags)
{
    LARGE_INTEGER timeout;
    NTSTATUS status = RtlSleepConditionVariableSRW((void *)variable, (void *)lock,
                                                   nt_timeout(&timeout, milliseconds), flags);
    if (status == STATUS_TIMEOUT) return fail_with(ERROR_TIMEOUT);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI WaitOnAddress(volatile void *address, void *compare, SIZE_T size, DWORD milliseconds)
{
    LARGE_INTEGER timeout;
    NTSTATUS status = RtlWaitOnAddress((void *)address, compare, size, nt_timeout(&timeout, milliseconds));
    if (status == STATUS_TIMEOUT) return fail_with(ERROR_TIMEOUT);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI InitOnceBeginInitialize(INIT_ONCE *once, DWORD flags, BOOL *pending, void **context)
{
    NTSTATUS status = RtlRunOnceBeginInitialize((void *)once, flags, context);
    if (!NT_SUCCESS(status)) return bool_from_status(status);
    *pending = status == STATUS_PENDING;
    return TRUE;
}

HOTPATCH BOOL WINAPI InitOnceComplete(INIT_ONCE *once, DWORD flags, void *context)
{
    return bool_from_status(RtlRunOnceComplete((void *)once, flags, context));
}

HOTPATCH BOOL WINAPI InitOnceExecuteOnce(INIT_ONCE *once, PINIT_ONCE_FN function, void *parameter,
                                         void **context)
{
    return !RtlRunOnceExecuteOnce((void *)once, (void *)function, parameter, context);
}

HOTPATCH BOOL WINAPI InitializeCriticalSectionAndSpinCount(CRITICAL_SECTION *section, DWORD spins)
{
    return bool_from_status(RtlInitializeCriticalSectionAndSpinCount((void *)section, spins));
}

HOTPATCH BOOL WINAPI InitializeCriticalSectionEx(CRITICAL_SECTION *section, DWORD spins, DWORD flags)
{
    return bool_from_status(RtlInitializeCriticalSectionEx((void *)section, spins, flags));
}

// Cannot fail on Windows since Vista: the section's debug information is left out when there is no memory.
HOTPATCH void WINAPI InitializeCriticalSection(CRITICAL_SECTION *section)
{
    NTSTATUS status = RtlInitializeCriticalSection((void *)section);
    if (!NT_SUCCESS(status)) RtlRaiseStatus(status);
}
