// Privileges and impersonation as the library has them.
#include "nt/rtl_security.h"
#include "rtl.h"

/** Enables or disables one privilege of the process's token or, with thread, of what the thread impersonates.
 *  STATUS_PRIVILEGE_NOT_HELD; and as opening the token. */
NTSTATUS WINAPI RtlAdjustPrivilege(ULONG privilege, BOOLEAN enable, BOOLEAN thread, PBOOLEAN was_enabled)
{
    const ACCESS_MASK access = TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY;
    TOKEN_PRIVILEGES wanted = {.PrivilegeCount = 1}, old;
    ULONG size;
    HANDLE token;
    NTSTATUS status = thread ? NtOpenThreadToken(NtCurrentThread(), access, FALSE, &token)
                             : NtOpenProcessToken(NtCurrentProcess(), access, &token);

    if (status < 0) return status;
    wanted.Privileges[0].Luid.LowPart = privilege;
    wanted.Privileges[0].Attributes = enable ? SE_PRIVILEGE_ENABLED : 0;
    status = NtAdjustPrivilegesToken(token, FALSE, &wanted, sizeof(old), &old, &size);
    NtClose(token);
    if (status == STATUS_NOT_ALL_ASSIGNED) return STATUS_PRIVILEGE_NOT_HELD;
    if (status < 0) return status;
    // An old state is only told when it changed.
    *was_enabled =
        old.PrivilegeCount ? (old.Privileges[0].Attributes & SE_PRIVILEGE_ENABLED) != 0 : enable != 0;
    return STATUS_SUCCESS;
}

/** Lets the calling thread impersonate a copy of the process's token. */
NTSTATUS WINAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof(quality), level, SECURITY_STATIC_TRACKING, FALSE};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof(attributes), .SecurityQualityOfService = &quality};
    HANDLE process, token;
    NTSTATUS status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &process);

    if (status < 0) return status;
    status = NtDuplicateToken(process, TOKEN_IMPERSONATE, &attributes, FALSE, TokenImpersonation, &token);
    NtClose(process);
    if (status < 0) return status;
    status = NtSetInformationThread(NtCurrentThread(), ThreadImpersonationToken, &token, sizeof(token));
    NtClose(token);
    return status;
}
