// Reading and writing: synchronous, overlapped and with completion routines, scattered, and cancelling.
#include "base.h"

// The members Internal and InternalHigh of an OVERLAPPED are NT's status block.
static IO_STATUS_BLOCK *status_block(OVERLAPPED *overlapped)
{
    return (IO_STATUS_BLOCK *)&overlapped->Internal;
}

static LARGE_INTEGER overlapped_offset(const OVERLAPPED *overlapped)
{
    return (LARGE_INTEGER){.LowPart = overlapped->Offset, .HighPart = (LONG)overlapped->OffsetHigh};
}

// An event handle whose low bit is set asks for no completion packet.
static void *completion_context(OVERLAPPED *overlapped)
{
    return (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
}

static HANDLE overlapped_event(const OVERLAPPED *overlapped)
{
    return (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
}

// Waits for a request that a synchronous caller finds pending (a handle opened for overlapped use).
static NTSTATUS wait_for(HANDLE file, NTSTATUS status, IO_STATUS_BLOCK *io)
{
    if (status != STATUS_PENDING) return status;
    status = NtWaitForSingleObject(file, FALSE, NULL);
    return NT_SUCCESS(status) ? io->Status : status;
}

HOTPATCH BOOL WINAPI ReadFile(HANDLE file, void *buffer, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    NTSTATUS status;
    if (done) *done = 0;
    file = resolve_standard_handle(file);
    if (overlapped) {
        LARGE_INTEGER offset = overlapped_offset(overlapped);
        overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
        status = NtReadFile(file, overlapped_event(overlapped), NULL, completion_context(overlapped),
                            status_block(overlapped), buffer, size, &offset, NULL);
        if (NT_SUCCESS(status) && status != STATUS_PENDING) {
            if (done) *done = (DWORD)overlapped->InternalHigh;
            return TRUE;
        }
        if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
        // At the end of the file an overlapped read fails, a plain one reads nothing.
        return bool_from_status(status);
    }
    IO_STATUS_BLOCK io = {};
    status = wait_for(file, NtReadFile(file, NULL, NULL, NULL, &io, buffer, size, NULL, NULL), &io);
    if (status == STATUS_END_OF_FILE) return TRUE;
    if (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW) {
        if (done) *done = (DWORD)io.Information;
        if (NT_SUCCESS(status)) return TRUE;
    }
    set_error_from_status(status);
    return FALSE;
}

HOTPATCH BOOL WINAPI WriteFile(HANDLE file, const void *buffer, DWORD size, DWORD *done,
                               OVERLAPPED *overlapped)
{
    NTSTATUS status;
    if (done) *done = 0;
    file = resolve_standard_handle(file);
    if (overlapped) {
        LARGE_INTEGER offset = overlapped_offset(overlapped);
        overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
        status = NtWriteFile(file, overlapped_event(overlapped), NULL, completion_context(overlapped),
                             status_block(overlapped), (void *)buffer, size, &offset, NULL);
        if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
        if (NT_SUCCESS(status) && done) *done = (DWORD)overlapped->InternalHigh;
        return bool_from_status(status);
    }
    IO_STATUS_BLOCK io = {};
    status = wait_for(file, NtWriteFile(file, NULL, NULL, NULL, &io, (void *)buffer, size, NULL, NULL), &io);
    if (!bool_from_status(status)) return FALSE;
    if (done) *done = (DWORD)io.Information;
    return TRUE;
}

// ---- with completion routines ----

// Runs as an APC: turns NT's arguments into those of the Win32 routine.
static void WINAPI run_completion(void *routine, IO_STATUS_BLOCK *io, ULONG reserved)
{
    DWORD error = NT_SUCCESS(io->Status) ? ERROR_SUCCESS : RtlNtStatusToDosError(io->Status);
    (void)reserved;
    ((LPOVERLAPPED_COMPLETION_ROUTINE)routine)(error, (DWORD)io->Information,
                                               CONTAINING_RECORD(io, OVERLAPPED, Internal));
}

HOTPATCH BOOL WINAPI ReadFileEx(HANDLE file, void *buffer, DWORD size, OVERLAPPED *overlapped,
                                LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = overlapped_offset(overlapped);
    overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    NTSTATUS status = NtReadFile(file, NULL, (PIO_APC_ROUTINE)run_completion, (void *)routine,
                                 status_block(overlapped), buffer, size, &offset, NULL);
    if (!bool_from_status(status)) return FALSE;
    SetLastError(ERROR_SUCCESS);
    return TRUE;
}

HOTPATCH BOOL WINAPI WriteFileEx(HANDLE file, const void *buffer, DWORD size, OVERLAPPED *overlapped,
                                 LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = overlapped_offset(overlapped);
    overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    NTSTATUS status = NtWriteFile(file, NULL, (PIO_APC_ROUTINE)run_completion, (void *)routine,
                                  status_block(overlapped), (void *)buffer, size, &offset, NULL);
    if (!bool_from_status(status)) return FALSE;
    SetLastError(ERROR_SUCCESS);
    return TRUE;
}

HOTPATCH BOOL WINAPI ReadFileScatter(HANDLE file, FILE_SEGMENT_ELEMENT *segments, DWORD size, DWORD *reserved,
                                     OVERLAPPED *overlapped)
{
    LARGE_INTEGER offset = overlapped_offset(overlapped);
    (void)reserved;
    overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    NTSTATUS status =
        NtReadFileScatter(file, overlapped_event(overlapped), NULL, completion_context(overlapped),
                          status_block(overlapped), segments, size, &offset, NULL);
    if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI WriteFileGather(HANDLE file, FILE_SEGMENT_ELEMENT *segments, DWORD size, DWORD *reserved,
                                     OVERLAPPED *overlapped)
{
    LARGE_INTEGER offset = overlapped_offset(overlapped);
    (void)reserved;
    overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    NTSTATUS status =
        NtWriteFileGather(file, overlapped_event(overlapped), NULL, completion_context(overlapped),
                          status_block(overlapped), segments, size, &offset, NULL);
    if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
    return bool_from_status(status);
}

// ---- results and cancelling ----

HOTPATCH BOOL WINAPI GetOverlappedResultEx(HANDLE file, OVERLAPPED *overlapped, DWORD *done,
                                           DWORD milliseconds, BOOL alertable)
{
    NTSTATUS status = (NTSTATUS)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
    if (status == STATUS_PENDING) {
        if (!milliseconds) return fail_with(ERROR_IO_INCOMPLETE);
        HANDLE event = overlapped_event(overlapped);
        DWORD result = WaitForSingleObjectEx(event ? event : file, milliseconds, alertable);
        if (result == WAIT_FAILED) return FALSE;
        if (result != WAIT_OBJECT_0) return fail_with(result);
        status = (NTSTATUS)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
        if (status == STATUS_PENDING) status = STATUS_SUCCESS; // whoever set the event says that it is done
    }
    *done = (DWORD)overlapped->InternalHigh;
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI GetOverlappedResult(HANDLE file, OVERLAPPED *overlapped, DWORD *done, BOOL wait)
{
    return GetOverlappedResultEx(file, overlapped, done, wait ? INFINITE : 0, FALSE);
}

HOTPATCH BOOL WINAPI CancelIo(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtCancelIoFile(file, &io));
}

// ERROR_NOT_FOUND when there is nothing to cancel.
HOTPATCH BOOL WINAPI CancelIoEx(HANDLE file, OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtCancelIoFileEx(file, overlapped ? status_block(overlapped) : NULL, &io));
}

HOTPATCH BOOL WINAPI FlushFileBuffers(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtFlushBuffersFile(resolve_standard_handle(file), &io));
}

// ---- control requests ----

HOTPATCH BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, void *in, DWORD in_size, void *out,
                                     DWORD out_size, DWORD *done, OVERLAPPED *overlapped)
{
    // File systems have a call of their own.
    bool file_system = code >> 16 == FILE_DEVICE_FILE_SYSTEM;
    IO_STATUS_BLOCK own = {}, *io = overlapped ? status_block(overlapped) : &own;
    HANDLE event = overlapped ? overlapped_event(overlapped) : NULL;
    void *context = overlapped ? completion_context(overlapped) : NULL;
    if (done) *done = 0;
    if (overlapped) overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    NTSTATUS status =
        file_system
            ? NtFsControlFile(device, event, NULL, context, io, code, in, in_size, out, out_size)
            : NtDeviceIoControlFile(device, event, NULL, context, io, code, in, in_size, out, out_size);
    if (!overlapped) status = wait_for(device, status, io);
    if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
    if (done && !NT_ERROR(status)) *done = (DWORD)io->Information;
    return bool_from_status(status);
}
