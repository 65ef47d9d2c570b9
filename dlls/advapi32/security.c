// SIDs, access-control lists and security descriptors: the Win32 names of ntdll's functions, and files'.
#include "base.h"

HOTPATCH DWORD WINAPI GetLengthSid(PSID sid)
{
    return RtlLengthSid(sid);
}

HOTPATCH BOOL WINAPI IsValidSid(PSID sid)
{
    return RtlValidSid(sid);
}

HOTPATCH BOOL WINAPI EqualSid(PSID a, PSID b)
{
    BOOL equal = RtlEqualSid(a, b);
    SetLastError(ERROR_SUCCESS);
    return equal;
}

HOTPATCH BOOL WINAPI CopySid(DWORD size, PSID destination, PSID source)
{
    return bool_from_status(RtlCopySid(size, destination, source));
}

HOTPATCH BOOL WINAPI InitializeSid(PSID sid, SID_IDENTIFIER_AUTHORITY *authority, BYTE count)
{
    return bool_from_status(RtlInitializeSid(sid, authority, count));
}

HOTPATCH DWORD WINAPI GetSidLengthRequired(UCHAR count)
{
    return RtlLengthRequiredSid(count);
}

HOTPATCH DWORD *WINAPI GetSidSubAuthority(PSID sid, DWORD index)
{
    SetLastError(ERROR_SUCCESS);
    return RtlSubAuthoritySid(sid, index);
}

HOTPATCH UCHAR *WINAPI GetSidSubAuthorityCount(PSID sid)
{
    SetLastError(ERROR_SUCCESS);
    return RtlSubAuthorityCountSid(sid);
}

HOTPATCH BOOL WINAPI AllocateAndInitializeSid(SID_IDENTIFIER_AUTHORITY *authority, BYTE count, DWORD s0, DWORD s1, DWORD s2,
                                              DWORD s3, DWORD s4, DWORD s5, DWORD s6, DWORD s7, PSID *sid)
{
    return bool_from_status(RtlAllocateAndInitializeSid(authority, count, s0, s1, s2, s3, s4, s5, s6, s7, sid));
}

HOTPATCH void *WINAPI FreeSid(PSID sid)
{
    RtlFreeSid(sid);
    return NULL;
}

HOTPATCH BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    return bool_from_status(RtlCreateSecurityDescriptor(descriptor, revision));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL dacl, BOOL defaulted)
{
    return bool_from_status(RtlSetDaclSecurityDescriptor(descriptor, present != 0, dacl, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOL defaulted)
{
    return bool_from_status(RtlSetOwnerSecurityDescriptor(descriptor, owner, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOL defaulted)
{
    return bool_from_status(RtlSetGroupSecurityDescriptor(descriptor, group, defaulted != 0));
}

static HANDLE open_for_security(LPCWSTR path, DWORD access)
{
    UNICODE_STRING name;
    HANDLE file = NULL;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL);
    if (NT_SUCCESS(status)) {
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
        status = NtOpenFile(&file, access, &attributes, &io, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                            FILE_OPEN_FOR_BACKUP_INTENT);
        RtlFreeUnicodeString(&name);
    }
    return bool_from_status(status) ? file : NULL;
}

HOTPATCH BOOL WINAPI GetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor,
                                      DWORD length, DWORD *needed)
{
    DWORD access = READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
    HANDLE file = open_for_security(path, access);
    if (!file) return FALSE;
    NTSTATUS status = NtQuerySecurityObject(file, information, descriptor, length, needed);
    NtClose(file);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI SetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor)
{
    DWORD access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION)) access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    HANDLE file = open_for_security(path, access);
    if (!file) return FALSE;
    NTSTATUS status = NtSetSecurityObject(file, information, descriptor);
    NtClose(file);
    return bool_from_status(status);
}
