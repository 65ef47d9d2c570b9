// The common end of information-class queries: a fixed-size answer into a caller's buffer.
#ifndef LOWLAND_INFORMATION_H
#define LOWLAND_INFORMATION_H

#include "guest_constants.h"
#include "loader/guest.h"
#include <stdbool.h>

// KERNEL_USER_TIMES: 100 ns units.
struct kernel_user_times {
    int64_t CreateTime, ExitTime, KernelTime, UserTime;
};

// Writes size bytes when length is exactly that (exact) or at least that; *result gets size.
// STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION.
static inline NTSTATUS information_write(gptr buffer, uint32_t length, const void *answer, uint32_t size,
                                         bool exact, uint32_t *result)
{
    if (result) *result = size;
    if (exact ? length != size : length < size) return STATUS_INFO_LENGTH_MISMATCH;
    return guest_write(buffer, answer, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Writes a ULONG when length is exactly that.
static inline NTSTATUS information_u32(uint32_t value, gptr buffer, uint32_t length, uint32_t *result)
{
    return information_write(buffer, length, &value, sizeof value, true, result);
}

// Reads a fixed-size setting. The same errors.
static inline NTSTATUS information_read(gptr buffer, uint32_t length, void *setting, uint32_t size)
{
    if (length != size) return STATUS_INFO_LENGTH_MISMATCH;
    return guest_read(setting, buffer, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

enum { THROTTLING_VERSION = 1 };

// Reads what a process or thread wants of throttling; known: the controls there are. Also
// STATUS_INVALID_PARAMETER.
static inline NTSTATUS information_read_throttling(gptr buffer, uint32_t length, uint32_t known,
                                                   POWER_THROTTLING_STATE32 *state)
{
    NTSTATUS status = information_read(buffer, length, state, sizeof *state);
    if (!NT_SUCCESS(status)) return status;
    bool valid = state->Version == THROTTLING_VERSION && !(state->ControlMask & ~known) &&
                 !(state->StateMask & ~state->ControlMask);
    return valid ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

#endif
