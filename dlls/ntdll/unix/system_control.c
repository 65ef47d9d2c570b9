// The calls that would change the machine: its clock, its drivers, its power, its kernel's settings. They
// check what Windows checks and go no further, since the machine is the host's. NtSetSystemInformation's
// classes: phnt's ntexapi.h.
#include "ntdll_host.h"
#include "token.h"

static NTSTATUS refuse_without(uint32_t privilege)
{
    return token_has_privilege(privilege) ? STATUS_NOT_SUPPORTED : STATUS_PRIVILEGE_NOT_HELD;
}

// The host's clock goes right without us.
NTSTATUS NtSetSystemTime(const LARGE_INTEGER32 *time, LARGE_INTEGER32 *previous)
{
    (void)previous;
    if (!time) return STATUS_INVALID_PARAMETER;
    return refuse_without(SE_SYSTEM_TIME_PRIVILEGE);
}

NTSTATUS NtLoadDriver(const UNICODE_STRING32 *service)
{
    (void)service;
    return refuse_without(SE_LOAD_DRIVER_PRIVILEGE);
}

NTSTATUS NtUnloadDriver(const UNICODE_STRING32 *service)
{
    (void)service;
    return refuse_without(SE_LOAD_DRIVER_PRIVILEGE);
}

NTSTATUS NtShutdownSystem(uint32_t action)
{
    enum { ACTIONS = 3 }; // ShutdownNoReboot, ShutdownReboot, ShutdownPowerOff
    if (action >= ACTIONS) return STATUS_INVALID_PARAMETER;
    return refuse_without(SE_SHUTDOWN_PRIVILEGE);
}

// Talks to a kernel debugger, of which there is none.
NTSTATUS NtSystemDebugControl(uint32_t command, gptr in, uint32_t in_length, gptr buffer, uint32_t length,
                              uint32_t *result_length)
{
    (void)command, (void)in, (void)in_length, (void)buffer, (void)length, (void)result_length;
    return token_has_privilege(SE_DEBUG_PRIVILEGE) ? STATUS_DEBUGGER_INACTIVE : STATUS_ACCESS_DENIED;
}

NTSTATUS NtSetSystemInformation(uint32_t class, gptr buffer, uint32_t length)
{
    enum { TIME_ADJUSTMENT_SIZE = 8 };
    uint8_t bytes[sizeof(SYSTEM_FILECACHE_INFORMATION32)];
    uint32_t size, privilege;
    switch (class) {
    case SystemFlagsInformation:
        size = sizeof(uint32_t);
        privilege = SE_DEBUG_PRIVILEGE;
        break;
    case SystemFileCacheInformation:
        size = sizeof(SYSTEM_FILECACHE_INFORMATION32);
        privilege = SE_INCREASE_QUOTA_PRIVILEGE;
        break;
    case SystemTimeAdjustmentInformation:
        size = TIME_ADJUSTMENT_SIZE;
        privilege = SE_SYSTEM_TIME_PRIVILEGE;
        break;
    case SystemRegistryQuotaInformation:
        size = sizeof(SYSTEM_REGISTRY_QUOTA_INFORMATION32);
        privilege = SE_INCREASE_QUOTA_PRIVILEGE;
        break;
    case SystemMemoryListInformation:
        size = sizeof(uint32_t);
        privilege = SE_PROFILE_SINGLE_PROCESS_PRIVILEGE;
        break;
    default: return STATUS_INVALID_INFO_CLASS;
    }
    if (length != size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(bytes, buffer, size)) return STATUS_ACCESS_VIOLATION;
    return refuse_without(privilege);
}
