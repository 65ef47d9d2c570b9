// Who is at the ends of a named pipe: processes, sessions, and acting as the client.
#include "base.h"

// Asks for an attribute of a pipe; value NULL: fails as a buffer without room does.
static BOOL get_attribute(HANDLE pipe, ULONG code, const char *name, ULONG *value)
{
    IO_STATUS_BLOCK io;
    ULONG length = 0;
    while (name[length++]) {
    }
    return bool_from_status(NtFsControlFile(pipe, NULL, NULL, NULL, &io, code, (void *)name, length, value,
                                            value ? sizeof(*value) : 0));
}

HOTPATCH BOOL WINAPI GetNamedPipeClientProcessId(HANDLE pipe, ULONG *id)
{
    return get_attribute(pipe, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ClientProcessId", id);
}

HOTPATCH BOOL WINAPI GetNamedPipeClientSessionId(HANDLE pipe, ULONG *id)
{
    return get_attribute(pipe, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ClientSessionId", id);
}

HOTPATCH BOOL WINAPI GetNamedPipeServerProcessId(HANDLE pipe, ULONG *id)
{
    return get_attribute(pipe, FSCTL_PIPE_GET_PIPE_ATTRIBUTE, "ServerProcessId", id);
}

HOTPATCH BOOL WINAPI GetNamedPipeServerSessionId(HANDLE pipe, ULONG *id)
{
    return get_attribute(pipe, FSCTL_PIPE_GET_PIPE_ATTRIBUTE, "ServerSessionId", id);
}

// Clients are of this computer, and these have no name to tell: ERROR_PIPE_LOCAL.
HOTPATCH BOOL WINAPI GetNamedPipeClientComputerNameW(HANDLE pipe, WCHAR *name, ULONG size)
{
    ULONG process;
    (void)name, (void)size;
    return GetNamedPipeClientProcessId(pipe, &process) && fail_with(ERROR_PIPE_LOCAL);
}

HOTPATCH BOOL WINAPI GetNamedPipeClientComputerNameA(HANDLE pipe, char *name, ULONG size)
{
    return GetNamedPipeClientComputerNameW(pipe, (WCHAR *)name, size);
}

HOTPATCH BOOL WINAPI ImpersonateNamedPipeClient(HANDLE pipe)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(
        NtFsControlFile(pipe, NULL, NULL, NULL, &io, FSCTL_PIPE_IMPERSONATE, NULL, 0, NULL, 0));
}
