// Security descriptors of files, by path: opened with just the rights that reading or setting them needs.
#include "base.h"

static HANDLE open_for_security(LPCWSTR path, DWORD access)
{
    UNICODE_STRING name;
    HANDLE file = NULL;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL);
    if (NT_SUCCESS(status)) {
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
        status =
            NtOpenFile(&file, access, &attributes, &io,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_FOR_BACKUP_INTENT);
        RtlFreeUnicodeString(&name);
    }
    return bool_from_status(status) ? file : NULL;
}

HOTPATCH BOOL WINAPI GetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor, DWORD length, DWORD *needed)
{
    DWORD access = READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
    HANDLE file = open_for_security(path, access);
    if (!file) return FALSE;
    NTSTATUS status = NtQuerySecurityObject(file, information, descriptor, length, needed);
    NtClose(file);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI SetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor)
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
