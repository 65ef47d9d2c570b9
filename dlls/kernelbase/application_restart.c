// How a program wants to be started again, and what it wants to save before, when it crashed or hung. Its
// wishes are kept for who asks; no service watches over programs here, so that none is started again.
#include "base.h"

#define NOT_FOUND HRESULT_FROM_WIN32(ERROR_NOT_FOUND)

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static WCHAR restart_line[RESTART_MAX_CMD_LINE]; // under the lock, as all of these
static DWORD restart_flags;
static bool restarts;
static APPLICATION_RECOVERY_CALLBACK recovery;
static void *recovery_parameter;
static DWORD recovery_interval, recovery_flags;

HOTPATCH HRESULT WINAPI RegisterApplicationRestart(const WCHAR *line, DWORD flags)
{
    const DWORD known = RESTART_NO_CRASH | RESTART_NO_HANG | RESTART_NO_PATCH | RESTART_NO_REBOOT;
    SIZE_T length = line ? wide_length(line) : 0;
    if (length >= RESTART_MAX_CMD_LINE || flags & ~known) return E_INVALIDARG;
    RtlAcquireSRWLockExclusive(&lock);
    memcpy(restart_line, line ? line : L"", (length + 1) * sizeof(WCHAR));
    restart_flags = flags;
    restarts = true;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HOTPATCH HRESULT WINAPI UnregisterApplicationRestart(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    restarts = false;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

// Of this process: others' wishes are not known.
HOTPATCH HRESULT WINAPI GetApplicationRestartSettings(HANDLE process, WCHAR *line, DWORD *size, DWORD *flags)
{
    if (!size || (line && !*size)) return E_INVALIDARG;
    HRESULT result = S_OK;
    RtlAcquireSRWLockShared(&lock);
    DWORD needed = (DWORD)wide_length(restart_line) + 1;
    if (!restarts || GetProcessId(process) != GetCurrentProcessId()) {
        result = NOT_FOUND;
    } else if (!line || *size < needed) {
        if (line) result = HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
        *size = needed;
    } else {
        memcpy(line, restart_line, needed * sizeof(WCHAR));
        *size = needed;
    }
    if (result == S_OK && flags) *flags = restart_flags;
    RtlReleaseSRWLockShared(&lock);
    return result;
}

HOTPATCH HRESULT WINAPI RegisterApplicationRecoveryCallback(APPLICATION_RECOVERY_CALLBACK callback,
                                                            void *parameter, DWORD interval, DWORD flags)
{
    if (!callback || interval > RECOVERY_MAX_PING_INTERVAL) return E_INVALIDARG;
    RtlAcquireSRWLockExclusive(&lock);
    recovery = callback;
    recovery_parameter = parameter;
    recovery_interval = interval ? interval : RECOVERY_DEFAULT_PING_INTERVAL;
    recovery_flags = flags;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HOTPATCH HRESULT WINAPI UnregisterApplicationRecoveryCallback(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    recovery = NULL;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

// S_FALSE: there is none.
HOTPATCH HRESULT WINAPI GetApplicationRecoveryCallback(HANDLE process,
                                                       APPLICATION_RECOVERY_CALLBACK *callback,
                                                       void **parameter, DWORD *interval, DWORD *flags)
{
    if (!callback || !parameter || GetProcessId(process) != GetCurrentProcessId()) return E_INVALIDARG;
    RtlAcquireSRWLockShared(&lock);
    HRESULT result = recovery ? S_OK : S_FALSE;
    if (recovery) {
        *callback = recovery;
        *parameter = recovery_parameter;
        if (interval) *interval = recovery_interval;
        if (flags) *flags = recovery_flags;
    }
    RtlReleaseSRWLockShared(&lock);
    return result;
}

// Both are for a recovery callback that is being called, which never happens.
HOTPATCH HRESULT WINAPI ApplicationRecoveryInProgress(BOOL *cancelled)
{
    return cancelled ? E_FAIL : E_INVALIDARG;
}

HOTPATCH void WINAPI ApplicationRecoveryFinished(BOOL success)
{
    (void)success;
}
