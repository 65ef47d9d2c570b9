// Security of objects by handle or name, with inheritance from what contains them.
#include "base.h"
#include <accctrl.h>
#include <aclapi.h>
#include <winsvc.h>

// --- which kinds of objects, and what rights their parts need

static bool is_kernel_type(SE_OBJECT_TYPE type)
{
    switch (type) {
    case SE_FILE_OBJECT:
    case SE_KERNEL_OBJECT:
    case SE_WINDOW_OBJECT:
    case SE_WMIGUID_OBJECT:
    case SE_REGISTRY_KEY: return true;
    default: return false;
    }
}

static DWORD rights_to_read(SECURITY_INFORMATION information)
{
    return READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
}

static DWORD rights_to_write(SECURITY_INFORMATION information)
{
    DWORD access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    return access;
}

// --- reading

// The whole of what information names, by LocalAlloc.
static DWORD query(HANDLE object, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR *descriptor)
{
    ULONG size = 0;
    NTSTATUS status = NtQuerySecurityObject(object, information, NULL, 0, &size);
    while (status == STATUS_BUFFER_TOO_SMALL) {
        *descriptor = LocalAlloc(0, size);
        if (!*descriptor) return ERROR_NOT_ENOUGH_MEMORY;
        status = NtQuerySecurityObject(object, information, *descriptor, size, &size);
        if (NT_SUCCESS(status)) return ERROR_SUCCESS;
        LocalFree(*descriptor);
    }
    return RtlNtStatusToDosError(status);
}

// The same of a service.
static DWORD query_service(SC_HANDLE service, SECURITY_INFORMATION information,
                           PSECURITY_DESCRIPTOR *descriptor)
{
    DWORD size = 0;
    QueryServiceObjectSecurity(service, information, NULL, 0, &size);
    if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return GetLastError();
    *descriptor = LocalAlloc(0, size);
    if (!*descriptor) return ERROR_NOT_ENOUGH_MEMORY;
    if (QueryServiceObjectSecurity(service, information, *descriptor, size, &size)) return ERROR_SUCCESS;
    DWORD error = GetLastError();
    LocalFree(*descriptor);
    return error;
}

// The same of a key, which may be a predefined one, but nothing else.
static DWORD query_key(HANDLE key, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR *descriptor)
{
    KEY_BASIC_INFORMATION info;
    ULONG needed;
    DWORD size = 0;
    bool predefined = (ULONG_PTR)key >> 28 == 8;
    NTSTATUS status =
        predefined ? STATUS_SUCCESS : NtQueryKey(key, KeyBasicInformation, &info, sizeof(info), &needed);
    if (status == STATUS_OBJECT_TYPE_MISMATCH || status == STATUS_INVALID_HANDLE) return ERROR_INVALID_HANDLE;
    DWORD error = (DWORD)RegGetKeySecurity((HKEY)key, information, NULL, &size);
    if (error != ERROR_INSUFFICIENT_BUFFER) return error;
    *descriptor = LocalAlloc(0, size);
    if (!*descriptor) return ERROR_NOT_ENOUGH_MEMORY;
    error = (DWORD)RegGetKeySecurity((HKEY)key, information, *descriptor, &size);
    if (error) LocalFree(*descriptor);
    return error;
}

// Pointers into a descriptor for those who want them.
static void point(PSECURITY_DESCRIPTOR descriptor, PSID *owner, PSID *group, PACL *dacl, PACL *sacl)
{
    BOOLEAN present, defaulted;
    if (owner) RtlGetOwnerSecurityDescriptor(descriptor, owner, &defaulted);
    if (group) RtlGetGroupSecurityDescriptor(descriptor, group, &defaulted);
    if (dacl) *dacl = NULL, RtlGetDaclSecurityDescriptor(descriptor, &present, dacl, &defaulted);
    if (sacl) *sacl = NULL, RtlGetSaclSecurityDescriptor(descriptor, &present, sacl, &defaulted);
}

static DWORD read_info(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION information, PSID *owner,
                       PSID *group, PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    PSECURITY_DESCRIPTOR made;
    DWORD error = type == SE_SERVICE        ? query_service((SC_HANDLE)object, information, &made)
                  : type == SE_REGISTRY_KEY ? query_key(object, information, &made)
                                            : query(object, information, &made);
    if (error) return error;
    point(made, owner, group, dacl, sacl);
    // Who doesn't take the descriptor can't free it: its parts point into it (Microsoft's documentation).
    if (descriptor) *descriptor = made;
    return ERROR_SUCCESS;
}

// A caller must take something of what it asks for.
static bool takes_something(SECURITY_INFORMATION information, PSID *owner, PSID *group, PACL *dacl,
                            PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    return descriptor || (owner && information & OWNER_SECURITY_INFORMATION) ||
           (group && information & GROUP_SECURITY_INFORMATION) ||
           (dacl && information & DACL_SECURITY_INFORMATION) ||
           (sacl && information & SACL_SECURITY_INFORMATION);
}

// --- inheritance: a file's list takes what its directory hands on

static bool file_is_directory(HANDLE file)
{
    FILE_STANDARD_INFORMATION info;
    IO_STATUS_BLOCK io;
    return NT_SUCCESS(NtQueryInformationFile(file, &io, &info, sizeof(info), FileStandardInformation)) &&
           info.Directory;
}

// The directory that a file is in, opened for its security; NULL when it can't be.
static HANDLE open_parent(HANDLE file)
{
    AUTO_FREE WCHAR *path = heap_alloc(0x8000 * sizeof(WCHAR));
    DWORD length = path ? GetFinalPathNameByHandleW(file, path, 0x8000, VOLUME_NAME_DOS) : 0;
    if (!length || length >= 0x8000) return NULL;
    while (length && path[length - 1] != '\\') length--;
    path[length] = 0;
    HANDLE parent = CreateFileW(path, READ_CONTROL, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    return parent == INVALID_HANDLE_VALUE ? NULL : parent;
}

// Explicit entries of dacl and those to be inherited, as a self-relative descriptor of the process heap.
static NTSTATUS with_inherited(HANDLE file, PACL dacl, PSECURITY_DESCRIPTOR *result)
{
    enum { DACL_AUTO_INHERIT = 1 };
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS};
    SECURITY_DESCRIPTOR given;
    AUTO_LOCAL PSECURITY_DESCRIPTOR parent_security = NULL;
    HANDLE AUTO_CLOSE parent = open_parent(file);
    if (parent && query(parent, DACL_SECURITY_INFORMATION, &parent_security) != ERROR_SUCCESS)
        parent_security = NULL;
    RtlCreateSecurityDescriptor(&given, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&given, TRUE, dacl, FALSE);
    return RtlNewSecurityObjectEx(parent_security, &given, result, NULL, file_is_directory(file),
                                  DACL_AUTO_INHERIT, NULL, &mapping);
}

// --- writing

// Whether the list that is written shall inherit nothing: as is said, or else as it is now.
static bool is_protected(HANDLE object, SECURITY_INFORMATION information)
{
    AUTO_LOCAL PSECURITY_DESCRIPTOR now = NULL;
    SECURITY_DESCRIPTOR_CONTROL control;
    ULONG revision;
    if (information & PROTECTED_DACL_SECURITY_INFORMATION) return true;
    if (information & UNPROTECTED_DACL_SECURITY_INFORMATION) return false;
    if (query(object, DACL_SECURITY_INFORMATION, &now) != ERROR_SUCCESS) {
        now = NULL;
        return false;
    }
    return NT_SUCCESS(RtlGetControlSecurityDescriptor(now, &control, &revision)) &&
           control & SE_DACL_PROTECTED;
}

static void set_protection(SECURITY_DESCRIPTOR *descriptor, SECURITY_INFORMATION information, bool dacl)
{
    if (dacl) descriptor->Control |= SE_DACL_PROTECTED;
    if (information & PROTECTED_SACL_SECURITY_INFORMATION) descriptor->Control |= SE_SACL_PROTECTED;
}

static NTSTATUS write_info(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION information, PSID owner,
                           PSID group, PACL dacl, PACL sacl)
{
    SECURITY_DESCRIPTOR made;
    PSECURITY_DESCRIPTOR inherited = NULL;
    BOOLEAN present, defaulted;
    RtlCreateSecurityDescriptor(&made, SECURITY_DESCRIPTOR_REVISION);
    RtlSetOwnerSecurityDescriptor(&made, owner, FALSE);
    RtlSetGroupSecurityDescriptor(&made, group, FALSE);
    bool file_list = type == SE_FILE_OBJECT && information & DACL_SECURITY_INFORMATION;
    bool protect =
        file_list ? is_protected(object, information) : information & PROTECTED_DACL_SECURITY_INFORMATION;
    if (file_list && dacl && !protect && NT_SUCCESS(with_inherited(object, dacl, &inherited))) {
        RtlGetDaclSecurityDescriptor(inherited, &present, &dacl, &defaulted);
        made.Control |= SE_DACL_AUTO_INHERIT_REQ | SE_DACL_AUTO_INHERITED;
    }
    if (information & DACL_SECURITY_INFORMATION) RtlSetDaclSecurityDescriptor(&made, TRUE, dacl, FALSE);
    if (information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION))
        RtlSetSaclSecurityDescriptor(&made, TRUE, sacl, FALSE);
    set_protection(&made, information, protect);
    NTSTATUS status = NtSetSecurityObject(object, information, &made);
    if (inherited) RtlDeleteSecurityObject(&inherited);
    return status;
}

HOTPATCH DWORD WINAPI GetSecurityInfo(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION information,
                                      PSID *owner, PSID *group, PACL *dacl, PACL *sacl,
                                      PSECURITY_DESCRIPTOR *descriptor)
{
    if (!object) return ERROR_INVALID_HANDLE;
    if (!is_kernel_type(type) && type != SE_SERVICE) return ERROR_INVALID_PARAMETER;
    if (!takes_something(information, owner, group, dacl, sacl, descriptor)) return ERROR_INVALID_PARAMETER;
    return read_info(object, type, information, owner, group, dacl, sacl, descriptor);
}

HOTPATCH DWORD WINAPI SetSecurityInfo(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION information,
                                      PSID owner, PSID group, PACL dacl, PACL sacl)
{
    if (!object) return ERROR_INVALID_HANDLE;
    if (!is_kernel_type(type)) return ERROR_INVALID_PARAMETER;
    return RtlNtStatusToDosError(write_info(object, type, information, owner, group, dacl, sacl));
}

// --- by name

static DWORD open_file(const WCHAR *name, DWORD access, HANDLE *object)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(name, &path, NULL, NULL);
    if (!NT_SUCCESS(status)) return RtlNtStatusToDosError(status);
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(object, access, &attributes, &io,
                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_FOR_BACKUP_INTENT);
    RtlFreeUnicodeString(&path);
    return RtlNtStatusToDosError(status);
}

static const struct {
    const WCHAR *name;
    HKEY key;
} roots[] = {
    {L"MACHINE", HKEY_LOCAL_MACHINE},
    {L"CURRENT_USER", HKEY_CURRENT_USER},
    {L"USERS", HKEY_USERS},
    {L"CLASSES_ROOT", HKEY_CLASSES_ROOT},
};

// "MACHINE\Software\...". The key is closed as any handle.
static DWORD open_key(const WCHAR *name, DWORD access, HANDLE *object)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(roots); i++) {
        int length = lstrlenW(roots[i].name);
        if (CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, name, length, roots[i].name, length) !=
            CSTR_EQUAL)
            continue;
        if (name[length] && name[length] != '\\') continue;
        const WCHAR *rest = name[length] ? name + length + 1 : name + length;
        return (DWORD)RegOpenKeyExW(roots[i].key, rest, 0, access, (HKEY *)object);
    }
    return ERROR_INVALID_PARAMETER;
}

static DWORD open_event_kind(const WCHAR *name, DWORD access, HANDLE *object)
{
    // A kernel object is named without its kind: each kind's own opening tells.
    if ((*object = OpenEventW(access, FALSE, name))) return ERROR_SUCCESS;
    if (GetLastError() == ERROR_INVALID_HANDLE && (*object = OpenMutexW(access, FALSE, name)))
        return ERROR_SUCCESS;
    if (GetLastError() == ERROR_INVALID_HANDLE && (*object = OpenSemaphoreW(access, FALSE, name)))
        return ERROR_SUCCESS;
    if (GetLastError() == ERROR_INVALID_HANDLE && (*object = OpenFileMappingW(access, FALSE, name)))
        return ERROR_SUCCESS;
    return GetLastError();
}

static DWORD open_named(const WCHAR *name, SE_OBJECT_TYPE type, DWORD access, HANDLE *object)
{
    *object = NULL;
    if (!name) return ERROR_INVALID_PARAMETER;
    switch (type) {
    case SE_FILE_OBJECT: return open_file(name, access, object);
    case SE_REGISTRY_KEY: return open_key(name, access, object);
    case SE_REGISTRY_WOW64_32KEY: return open_key(name, access | KEY_WOW64_32KEY, object);
    case SE_KERNEL_OBJECT: return open_event_kind(name, access, object);
    default: return ERROR_INVALID_PARAMETER;
    }
}

HOTPATCH DWORD WINAPI GetNamedSecurityInfoW(LPCWSTR name, SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION information, PSID *owner, PSID *group,
                                            PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    HANDLE AUTO_CLOSE object = NULL;
    if (!takes_something(information, owner, group, dacl, sacl, descriptor)) return ERROR_INVALID_PARAMETER;
    DWORD error = open_named(name, type, rights_to_read(information), &object);
    return error ? error : read_info(object, type, information, owner, group, dacl, sacl, descriptor);
}

HOTPATCH DWORD WINAPI GetNamedSecurityInfoA(LPCSTR name, SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION information, PSID *owner, PSID *group,
                                            PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return GetNamedSecurityInfoW(wide, type, information, owner, group, dacl, sacl, descriptor);
}

HOTPATCH DWORD WINAPI SetNamedSecurityInfoW(LPWSTR name, SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION information, PSID owner, PSID group,
                                            PACL dacl, PACL sacl)
{
    HANDLE AUTO_CLOSE object = NULL;
    DWORD error = open_named(name, type, rights_to_write(information) | READ_CONTROL, &object);
    if (error) return error;
    return RtlNtStatusToDosError(write_info(object, type, information, owner, group, dacl, sacl));
}

HOTPATCH DWORD WINAPI SetNamedSecurityInfoA(LPSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION information,
                                            PSID owner, PSID group, PACL dacl, PACL sacl)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return SetNamedSecurityInfoW(wide, type, information, owner, group, dacl, sacl);
}

// --- files, as programs of before did

HOTPATCH BOOL WINAPI GetFileSecurityA(LPCSTR name, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor, DWORD length, DWORD *needed)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return !conversion_failed(name, wide) && GetFileSecurityW(wide, information, descriptor, length, needed);
}

HOTPATCH BOOL WINAPI SetFileSecurityA(LPCSTR name, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR descriptor)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return !conversion_failed(name, wide) && SetFileSecurityW(wide, information, descriptor);
}
