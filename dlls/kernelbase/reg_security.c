// Security and notification of keys: calls that go straight to NT.
#include "reg.h"

HOTPATCH LSTATUS WINAPI RegGetKeySecurity(HKEY key, SECURITY_INFORMATION information,
                                          PSECURITY_DESCRIPTOR descriptor, DWORD *size)
{
    HANDLE handle;
    ULONG needed = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle);
    if (error) return error;
    NTSTATUS status = NtQuerySecurityObject(handle, information, descriptor, *size, &needed);
    *size = needed;
    return status == STATUS_BUFFER_TOO_SMALL ? ERROR_INSUFFICIENT_BUFFER : reg_error(status);
}

HOTPATCH LSTATUS WINAPI RegSetKeySecurity(HKEY key, SECURITY_INFORMATION information,
                                          PSECURITY_DESCRIPTOR descriptor)
{
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    if (error) return error;
    if (!descriptor) return ERROR_INVALID_PARAMETER;
    return reg_error(NtSetSecurityObject(handle, information, descriptor));
}

HOTPATCH LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, WINBOOL subtree, DWORD filter, HANDLE event,
                                                WINBOOL asynchronous)
{
    // Where the result of an asynchronous call goes, which nobody reads.
    static IO_STATUS_BLOCK unread;
    IO_STATUS_BLOCK own;
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    if (error) return error;
    if (asynchronous && !event) return ERROR_INVALID_PARAMETER;
    NTSTATUS status =
        NtNotifyChangeKey(handle, asynchronous ? event : NULL, NULL, NULL, asynchronous ? &unread : &own,
                          filter, (BOOLEAN)subtree, NULL, 0, (BOOLEAN)asynchronous);
    return status == STATUS_PENDING ? ERROR_SUCCESS : reg_error(status);
}
