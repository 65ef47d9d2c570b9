// I/O completion ports.
#include "base.h"

// Makes a port, ties a file to one, or both.
HOTPATCH HANDLE WINAPI CreateIoCompletionPort(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads)
{
    HANDLE created = NULL;
    if (file == INVALID_HANDLE_VALUE && port) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!port) {
        NTSTATUS status = NtCreateIoCompletion(&created, IO_COMPLETION_ALL_ACCESS, NULL, threads);
        if (!bool_from_status(status)) return NULL;
        port = created;
    }
    if (file != INVALID_HANDLE_VALUE) {
        FILE_COMPLETION_INFORMATION info = {port, (void *)key};
        IO_STATUS_BLOCK io;
        NTSTATUS status = NtSetInformationFile(file, &io, &info, sizeof(info), FileCompletionInformation);
        if (!bool_from_status(status)) {
            if (created) NtClose(created);
            return NULL;
        }
    }
    return port;
}

// FALSE with *overlapped set: a packet of a failed request, whose error is the last one.
HOTPATCH BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, DWORD *size, ULONG_PTR *key,
                                               OVERLAPPED **overlapped, DWORD milliseconds)
{
    IO_STATUS_BLOCK io = {};
    LARGE_INTEGER timeout;
    ULONG_PTR context = 0, found = 0;
    NTSTATUS status = NtRemoveIoCompletion(port, &found, &context, &io, nt_timeout(&timeout, milliseconds));
    *overlapped = NULL;
    if (status == STATUS_TIMEOUT) return fail_with(WAIT_TIMEOUT);
    if (status == STATUS_ABANDONED_WAIT_0) return fail_with(ERROR_ABANDONED_WAIT_0);
    if (!bool_from_status(status)) return FALSE;
    *overlapped = (OVERLAPPED *)context;
    *key = found; // which a wait that brought nothing leaves alone
    *size = (DWORD)io.Information;
    return bool_from_status(io.Status);
}

HOTPATCH BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE port, OVERLAPPED_ENTRY *entries, ULONG count,
                                                 ULONG *removed, DWORD milliseconds, BOOL alertable)
{
    // NT's entries are key, context, status, information: the Win32 ones in memory.
    _Static_assert(sizeof(OVERLAPPED_ENTRY) == sizeof(FILE_IO_COMPLETION_INFORMATION), "one layout");
    LARGE_INTEGER timeout;
    NTSTATUS status = NtRemoveIoCompletionEx(port, (FILE_IO_COMPLETION_INFORMATION *)entries, count, removed,
                                             nt_timeout(&timeout, milliseconds), alertable != 0);
    if (status == STATUS_SUCCESS) return TRUE;
    if (status == STATUS_TIMEOUT) return fail_with(WAIT_TIMEOUT);
    if (status == STATUS_USER_APC) return fail_with(WAIT_IO_COMPLETION);
    if (status == STATUS_ABANDONED_WAIT_0) return fail_with(ERROR_ABANDONED_WAIT_0);
    set_error_from_status(status);
    return FALSE;
}

HOTPATCH BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD size, ULONG_PTR key,
                                                OVERLAPPED *overlapped)
{
    return bool_from_status(NtSetIoCompletion(port, (void *)key, overlapped, STATUS_SUCCESS, size));
}
