// Mailslots: making them, and what they say of themselves. Their messages go through ReadFile and WriteFile.
#include "base.h"

HOTPATCH HANDLE WINAPI CreateMailslotW(const WCHAR *path, DWORD maximum, DWORD milliseconds,
                                       SECURITY_ATTRIBUTES *security)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE slot = NULL;
    LARGE_INTEGER timeout;
    if (!nt_name_from_path(&name, path, security)) return INVALID_HANDLE_VALUE;
    if (milliseconds == MAILSLOT_WAIT_FOREVER)
        timeout.QuadPart = -1;
    else
        timeout.QuadPart = -(LONGLONG)milliseconds * 10000;
    NTSTATUS status = NtCreateMailslotFile(&slot, GENERIC_READ | SYNCHRONIZE, &name.attributes, &io,
                                           FILE_SYNCHRONOUS_IO_NONALERT, 0, maximum, &timeout);
    return bool_from_status(status) ? slot : INVALID_HANDLE_VALUE;
}

HOTPATCH HANDLE WINAPI CreateMailslotA(const char *path, DWORD maximum, DWORD milliseconds,
                                       SECURITY_ATTRIBUTES *security)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return INVALID_HANDLE_VALUE;
    return CreateMailslotW(wide, maximum, milliseconds, security);
}

HOTPATCH BOOL WINAPI GetMailslotInfo(HANDLE slot, DWORD *maximum, DWORD *next, DWORD *count, DWORD *timeout)
{
    FILE_MAILSLOT_QUERY_INFORMATION info;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(slot, &io, &info, sizeof(info), FileMailslotQueryInformation);
    if (!bool_from_status(status)) return FALSE;
    if (maximum) *maximum = info.MaximumMessageSize;
    if (next) *next = info.MessagesAvailable ? info.NextMessageSize : MAILSLOT_NO_MESSAGE;
    if (count) *count = info.MessagesAvailable;
    if (timeout)
        *timeout = info.ReadTimeout.QuadPart == -1 ? MAILSLOT_WAIT_FOREVER
                                                   : (DWORD)(-info.ReadTimeout.QuadPart / 10000);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetMailslotInfo(HANDLE slot, DWORD milliseconds)
{
    FILE_MAILSLOT_SET_INFORMATION info;
    LARGE_INTEGER timeout;
    IO_STATUS_BLOCK io;
    if (milliseconds == MAILSLOT_WAIT_FOREVER)
        timeout.QuadPart = -1;
    else
        timeout.QuadPart = -(LONGLONG)milliseconds * 10000;
    memcpy(&info, &timeout, sizeof(timeout));
    return bool_from_status(
        NtSetInformationFile(slot, &io, &info, sizeof(timeout), FileMailslotSetInformation));
}
