// Pipes, anonymous and named.
#include "base.h"

static HANDLE failed(DWORD error)
{
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

// What the forms of making a server's end have in common.
static HANDLE create_server(const WCHAR *path, ACCESS_MASK access, ULONG sharing, ULONG disposition,
                            ULONG options, DWORD pipe_mode, ULONG instances, DWORD in_size, DWORD out_size,
                            DWORD timeout, SECURITY_ATTRIBUTES *security)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE pipe = NULL;
    LARGE_INTEGER wait;
    if (!nt_name_from_path(&name, path, security)) return INVALID_HANDLE_VALUE;
    if (timeout == INFINITE)
        wait.QuadPart = INT64_MIN;
    else
        wait.QuadPart = -(LONGLONG)(timeout ? timeout : 50) * 10000;
    NTSTATUS status = NtCreateNamedPipeFile(
        &pipe, access | SYNCHRONIZE, &name.attributes, &io, sharing, disposition, options,
        pipe_mode & PIPE_TYPE_MESSAGE ? FILE_PIPE_MESSAGE_TYPE : FILE_PIPE_BYTE_STREAM_TYPE,
        pipe_mode & PIPE_READMODE_MESSAGE ? FILE_PIPE_MESSAGE_MODE : FILE_PIPE_BYTE_STREAM_MODE,
        pipe_mode & PIPE_NOWAIT ? FILE_PIPE_COMPLETE_OPERATION : FILE_PIPE_QUEUE_OPERATION, instances,
        in_size, out_size, &wait);
    if (!NT_SUCCESS(status)) {
        set_error_from_status(status);
        return INVALID_HANDLE_VALUE;
    }
    SetLastError(ERROR_SUCCESS);
    return pipe;
}

HOTPATCH HANDLE WINAPI CreateNamedPipeW(const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD instances,
                                        DWORD out_size, DWORD in_size, DWORD timeout,
                                        SECURITY_ATTRIBUTES *security)
{
    ULONG access = 0, options = 0, sharing = 0;
    if (!path) return failed(ERROR_PATH_NOT_FOUND);
    switch (open_mode & PIPE_ACCESS_DUPLEX) {
    case PIPE_ACCESS_INBOUND:
        access |= GENERIC_READ;
        sharing = FILE_SHARE_WRITE;
        break;
    case PIPE_ACCESS_OUTBOUND:
        access |= GENERIC_WRITE;
        sharing = FILE_SHARE_READ;
        break;
    case PIPE_ACCESS_DUPLEX:
        access |= GENERIC_READ | GENERIC_WRITE;
        sharing = FILE_SHARE_READ | FILE_SHARE_WRITE;
        break;
    default: return failed(ERROR_INVALID_PARAMETER);
    }
    access |= open_mode & (WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY);
    if (open_mode & FILE_FLAG_WRITE_THROUGH) options |= FILE_WRITE_THROUGH;
    if (!(open_mode & FILE_FLAG_OVERLAPPED)) options |= FILE_SYNCHRONOUS_IO_NONALERT;
    // Reading messages needs a pipe that keeps them apart.
    if ((pipe_mode & PIPE_READMODE_MESSAGE) && !(pipe_mode & PIPE_TYPE_MESSAGE))
        return failed(ERROR_INVALID_PARAMETER);
    if (!instances || instances > PIPE_UNLIMITED_INSTANCES) return failed(ERROR_INVALID_PARAMETER);
    return create_server(path, access, sharing,
                         open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE ? FILE_CREATE : FILE_OPEN_IF, options,
                         pipe_mode, instances == PIPE_UNLIMITED_INSTANCES ? ~0u : instances, in_size,
                         out_size, timeout, security);
}

HOTPATCH HANDLE WINAPI CreateNamedPipeA(const char *path, DWORD open_mode, DWORD pipe_mode, DWORD instances,
                                        DWORD out_size, DWORD in_size, DWORD timeout,
                                        SECURITY_ATTRIBUTES *security)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return INVALID_HANDLE_VALUE;
    return CreateNamedPipeW(wide, open_mode, pipe_mode, instances, out_size, in_size, timeout, security);
}

// A named pipe with a name that nobody else uses, and its client end.
HOTPATCH BOOL WINAPI CreatePipe(HANDLE *read, HANDLE *write, SECURITY_ATTRIBUTES *security, DWORD size)
{
    static LONG counter;
    WCHAR path[64] = L"\\\\.\\pipe\\Win32Pipes.";
    if (!size) size = 4096;
    for (;;) {
        WCHAR *at = path + wide_length(L"\\\\.\\pipe\\Win32Pipes.");
        DWORD numbers[2] = {GetCurrentProcessId(), (DWORD)__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED)};
        for (int i = 0; i < 2; i++) {
            for (int shift = 28; shift >= 0; shift -= 4)
                *at++ = L"0123456789abcdef"[numbers[i] >> shift & 15];
            *at++ = i ? 0 : '.';
        }
        HANDLE server =
            create_server(path, GENERIC_READ | FILE_WRITE_ATTRIBUTES, FILE_SHARE_WRITE, FILE_CREATE,
                          FILE_SYNCHRONOUS_IO_NONALERT, PIPE_TYPE_BYTE, 1, size, size, 120000, security);
        if (server == INVALID_HANDLE_VALUE) {
            DWORD error = GetLastError();
            if (error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY || error == ERROR_ALREADY_EXISTS)
                continue;
            return FALSE;
        }
        HANDLE client =
            CreateFileW(path, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, security, OPEN_EXISTING, 0, NULL);
        if (client == INVALID_HANDLE_VALUE) {
            NtClose(server);
            return FALSE;
        }
        *read = server;
        *write = client;
        return TRUE;
    }
}

// ---- control ----

// Sends a control code; waits unless overlapped.
static BOOL control(HANDLE pipe, ULONG code, void *in, ULONG in_size, void *out, ULONG out_size,
                    ULONG_PTR *done, OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK own = {}, *io = overlapped ? (IO_STATUS_BLOCK *)&overlapped->Internal : &own;
    HANDLE event = overlapped ? (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1) : NULL;
    void *context = overlapped && !((ULONG_PTR)overlapped->hEvent & 1) ? overlapped : NULL;
    io->Status = STATUS_PENDING;
    NTSTATUS status = NtFsControlFile(pipe, event, NULL, context, io, code, in, in_size, out, out_size);
    if (status == STATUS_PENDING && !overlapped) {
        status = NtWaitForSingleObject(pipe, FALSE, NULL);
        if (NT_SUCCESS(status)) status = io->Status;
    }
    if (done && !NT_ERROR(status)) *done = io->Information;
    if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI ConnectNamedPipe(HANDLE pipe, OVERLAPPED *overlapped)
{
    return control(pipe, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0, NULL, overlapped);
}

HOTPATCH BOOL WINAPI DisconnectNamedPipe(HANDLE pipe)
{
    return control(pipe, FSCTL_PIPE_DISCONNECT, NULL, 0, NULL, 0, NULL, NULL);
}

HOTPATCH BOOL WINAPI TransactNamedPipe(HANDLE pipe, void *in, DWORD in_size, void *out, DWORD out_size,
                                       DWORD *read, OVERLAPPED *overlapped)
{
    ULONG_PTR done = 0;
    BOOL result = control(pipe, FSCTL_PIPE_TRANSCEIVE, in, in_size, out, out_size, &done, overlapped);
    if (read) *read = (DWORD)done;
    return result;
}

HOTPATCH BOOL WINAPI PeekNamedPipe(HANDLE pipe, void *buffer, DWORD size, DWORD *read, DWORD *available,
                                   DWORD *left)
{
    ULONG bytes = offsetof(FILE_PIPE_PEEK_BUFFER, Data) + size;
    char small[256] __attribute__((aligned(8)));
    AUTO_FREE void *large = bytes > sizeof(small) ? heap_alloc(bytes) : NULL;
    if (bytes > sizeof(small) && !large) return FALSE;
    FILE_PIPE_PEEK_BUFFER *peek = large ? large : (void *)small;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtFsControlFile(resolve_standard_handle(pipe), NULL, NULL, NULL, &io, FSCTL_PIPE_PEEK,
                                      NULL, 0, peek, bytes);
    // More data than the buffer takes is no failure.
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_OVERFLOW) return bool_from_status(status);
    ULONG copied = (ULONG)io.Information - offsetof(FILE_PIPE_PEEK_BUFFER, Data);
    if (buffer) memcpy(buffer, peek->Data, copied < size ? copied : size);
    if (read) *read = copied;
    if (available) *available = peek->ReadDataAvailable;
    if (left) *left = peek->MessageLength - copied; // wraps round for pipes of bytes
    return TRUE;
}

HOTPATCH BOOL WINAPI SetNamedPipeHandleState(HANDLE pipe, DWORD *mode, DWORD *collect_count,
                                             DWORD *collect_time)
{
    IO_STATUS_BLOCK io;
    (void)collect_count, (void)collect_time; // for pipes of other machines
    if (!mode) return TRUE;
    if (*mode & ~(DWORD)(PIPE_READMODE_MESSAGE | PIPE_NOWAIT)) return fail_with(ERROR_INVALID_PARAMETER);
    FILE_PIPE_INFORMATION info = {
        *mode & PIPE_READMODE_MESSAGE ? FILE_PIPE_MESSAGE_MODE : FILE_PIPE_BYTE_STREAM_MODE,
        *mode & PIPE_NOWAIT ? FILE_PIPE_COMPLETE_OPERATION : FILE_PIPE_QUEUE_OPERATION,
    };
    return bool_from_status(NtSetInformationFile(pipe, &io, &info, sizeof(info), FilePipeInformation));
}

HOTPATCH BOOL WINAPI GetNamedPipeInfo(HANDLE pipe, DWORD *flags, DWORD *out_size, DWORD *in_size,
                                      DWORD *instances)
{
    FILE_PIPE_LOCAL_INFORMATION info;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(pipe, &io, &info, sizeof(info), FilePipeLocalInformation);
    if (!bool_from_status(status)) return FALSE;
    if (flags)
        *flags = (info.NamedPipeEnd & FILE_PIPE_SERVER_END ? PIPE_SERVER_END : PIPE_CLIENT_END) |
                 (info.NamedPipeType & FILE_PIPE_MESSAGE_TYPE ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE);
    if (out_size) *out_size = info.OutboundQuota;
    if (in_size) *in_size = info.InboundQuota;
    if (instances)
        *instances = info.MaximumInstances > 255 ? PIPE_UNLIMITED_INSTANCES : info.MaximumInstances;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNamedPipeHandleStateW(HANDLE pipe, DWORD *state, DWORD *instances,
                                              DWORD *collect_count, DWORD *collect_time, WCHAR *user,
                                              DWORD user_size)
{
    FILE_PIPE_INFORMATION info;
    FILE_PIPE_LOCAL_INFORMATION local;
    IO_STATUS_BLOCK io;
    (void)user_size;
    // The client's name needs impersonation; counts are for pipes of other machines.
    if (user || collect_count || collect_time) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = NtQueryInformationFile(pipe, &io, &info, sizeof(info), FilePipeInformation);
    if (NT_SUCCESS(status))
        status = NtQueryInformationFile(pipe, &io, &local, sizeof(local), FilePipeLocalInformation);
    if (!bool_from_status(status)) return FALSE;
    if (state)
        *state = (info.ReadMode == FILE_PIPE_MESSAGE_MODE ? PIPE_READMODE_MESSAGE : 0) |
                 (info.CompletionMode == FILE_PIPE_COMPLETE_OPERATION ? PIPE_NOWAIT : 0);
    if (instances) *instances = local.CurrentInstances;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNamedPipeHandleStateA(HANDLE pipe, DWORD *state, DWORD *instances,
                                              DWORD *collect_count, DWORD *collect_time, char *user,
                                              DWORD user_size)
{
    return GetNamedPipeHandleStateW(pipe, state, instances, collect_count, collect_time, (WCHAR *)user,
                                    user_size);
}

HOTPATCH BOOL WINAPI WaitNamedPipeW(const WCHAR *path, DWORD milliseconds)
{
    static const WCHAR prefix[] = L"\\\\.\\pipe\\";
    const SIZE_T prefix_length = ARRAY_LENGTH(prefix) - 1;
    UNICODE_STRING device;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE pipes = NULL;
    SIZE_T length = wide_length(path);
    if (length <= prefix_length || path[0] != '\\' || path[1] != '\\') return fail_with(ERROR_BAD_PATHNAME);
    const WCHAR *rest = path + prefix_length;
    SIZE_T bytes = (length - prefix_length) * sizeof(WCHAR);
    ULONG size = (ULONG)(offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) + bytes);
    AUTO_FREE FILE_PIPE_WAIT_FOR_BUFFER *wait = heap_alloc(size);
    if (!wait) return FALSE;
    wait->TimeoutSpecified = milliseconds != NMPWAIT_USE_DEFAULT_WAIT;
    if (milliseconds == NMPWAIT_WAIT_FOREVER)
        wait->Timeout.QuadPart = INT64_MIN;
    else
        wait->Timeout.QuadPart = -(LONGLONG)milliseconds * 10000;
    wait->NameLength = (ULONG)bytes;
    memcpy(wait->Name, rest, bytes);
    RtlInitUnicodeString(&device, L"\\??\\pipe\\");
    InitializeObjectAttributes(&attributes, &device, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NTSTATUS status = NtOpenFile(&pipes, FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
    if (!bool_from_status(status)) return FALSE;
    status = NtFsControlFile(pipes, NULL, NULL, NULL, &io, FSCTL_PIPE_WAIT, wait, size, NULL, 0);
    NtClose(pipes);
    if (status == STATUS_IO_TIMEOUT) return fail_with(ERROR_SEM_TIMEOUT);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI WaitNamedPipeA(const char *path, DWORD milliseconds)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return wide && WaitNamedPipeW(wide, milliseconds);
}

HOTPATCH BOOL WINAPI CallNamedPipeW(const WCHAR *path, void *in, DWORD in_size, void *out, DWORD out_size,
                                    DWORD *read, DWORD milliseconds)
{
    HANDLE pipe;
    for (;;) {
        pipe = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        if (pipe != INVALID_HANDLE_VALUE) break;
        if (GetLastError() != ERROR_PIPE_BUSY || milliseconds == NMPWAIT_NOWAIT) return FALSE;
        if (!WaitNamedPipeW(path, milliseconds)) return FALSE;
    }
    DWORD mode = PIPE_READMODE_MESSAGE;
    BOOL result = SetNamedPipeHandleState(pipe, &mode, NULL, NULL) &&
                  TransactNamedPipe(pipe, in, in_size, out, out_size, read, NULL);
    DWORD error = GetLastError();
    NtClose(pipe);
    SetLastError(error);
    return result;
}

HOTPATCH BOOL WINAPI CallNamedPipeA(const char *path, void *in, DWORD in_size, void *out, DWORD out_size,
                                    DWORD *read, DWORD milliseconds)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return wide && CallNamedPipeW(wide, in, in_size, out, out_size, read, milliseconds);
}
