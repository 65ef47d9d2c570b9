// Security descriptors of kernel objects and files.
#include "security.h"

HOTPATCH BOOL WINAPI GetKernelObjectSecurity(HANDLE object, SECURITY_INFORMATION information,
                                             PSECURITY_DESCRIPTOR descriptor, DWORD length, DWORD *needed)
{
    return bool_from_status(NtQuerySecurityObject(object, information, descriptor, length, needed));
}

HOTPATCH BOOL WINAPI SetKernelObjectSecurity(HANDLE object, SECURITY_INFORMATION information,
                                             PSECURITY_DESCRIPTOR descriptor)
{
    return bool_from_status(NtSetSecurityObject(object, information, descriptor));
}

static HANDLE open_for_security(LPCWSTR path, DWORD access)
{
    struct nt_name name;
    HANDLE file = NULL;
    IO_STATUS_BLOCK io;
    if (!nt_name_from_path(&name, path, NULL)) return NULL;
    NTSTATUS status =
        NtOpenFile(&file, access, &name.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_FOR_BACKUP_INTENT);
    nt_name_free(&name);
    return bool_from_status(status) ? file : NULL;
}

HOTPATCH BOOL WINAPI GetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor, DWORD length, DWORD *needed)
{
    HANDLE AUTO_CLOSE file = open_for_security(
        path, READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0));
    return file && GetKernelObjectSecurity(file, information, descriptor, length, needed);
}

HOTPATCH BOOL WINAPI SetFileSecurityW(LPCWSTR path, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor)
{
    DWORD access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    HANDLE AUTO_CLOSE file = open_for_security(path, access);
    return file && SetKernelObjectSecurity(file, information, descriptor);
}
