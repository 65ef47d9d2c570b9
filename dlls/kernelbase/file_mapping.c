// File mappings: sections and views of them.
#include "base.h"

HOTPATCH HANDLE WINAPI CreateFileMappingW(HANDLE file, SECURITY_ATTRIBUTES *security, DWORD protect,
                                          DWORD size_high, DWORD size_low, const WCHAR *text)
{
    const DWORD section_flags =
        SEC_FILE | SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE | SEC_LARGE_PAGES | SEC_WRITECOMBINE;
    AUTO_NAME struct nt_name name = {};
    HANDLE section = NULL;
    DWORD attributes = protect & section_flags;
    ACCESS_MASK access = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;
    LARGE_INTEGER size = {.LowPart = size_low, .HighPart = (LONG)size_high};
    protect &= ~section_flags;
    if (!attributes) attributes = SEC_COMMIT;
    switch (protect) {
    case PAGE_READONLY:
    case PAGE_WRITECOPY: break;
    case PAGE_READWRITE: access |= SECTION_MAP_WRITE; break;
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_WRITECOPY: access |= SECTION_MAP_EXECUTE; break;
    case PAGE_EXECUTE_READWRITE: access |= SECTION_MAP_EXECUTE | SECTION_MAP_WRITE; break;
    default: SetLastError(ERROR_INVALID_PARAMETER); return NULL;
    }
    if (file == INVALID_HANDLE_VALUE) {
        // Memory without a file must have a size.
        file = NULL;
        if (!size.QuadPart) {
            SetLastError(ERROR_INVALID_PARAMETER);
            return NULL;
        }
    } else if (!file) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    if (!nt_name_from_object(&name, text, security)) return NULL;
    NTSTATUS status = NtCreateSection(&section, access, &name.attributes, size.QuadPart ? &size : NULL,
                                      protect, attributes, file);
    if (!NT_SUCCESS(status)) {
        // An empty file can't be mapped whole.
        SetLastError(status == STATUS_MAPPED_FILE_SIZE_ZERO ? ERROR_FILE_INVALID
                                                            : RtlNtStatusToDosError(status));
        return NULL;
    }
    SetLastError(status == STATUS_OBJECT_NAME_EXISTS ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return section;
}

HOTPATCH HANDLE WINAPI CreateFileMappingA(HANDLE file, SECURITY_ATTRIBUTES *security, DWORD protect,
                                          DWORD size_high, DWORD size_low, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    if (conversion_failed(text, wide)) return NULL;
    return CreateFileMappingW(file, security, protect, size_high, size_low, wide);
}

// There is one node, 0.
static bool is_node(DWORD node)
{
    if (!node || node == NUMA_NO_PREFERRED_NODE) return true;
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

HOTPATCH HANDLE WINAPI CreateFileMappingNumaW(HANDLE file, SECURITY_ATTRIBUTES *security, DWORD protect,
                                              DWORD size_high, DWORD size_low, const WCHAR *text, DWORD node)
{
    return is_node(node) ? CreateFileMappingW(file, security, protect, size_high, size_low, text) : NULL;
}

HOTPATCH HANDLE WINAPI CreateFileMappingNumaA(HANDLE file, SECURITY_ATTRIBUTES *security, DWORD protect,
                                              DWORD size_high, DWORD size_low, const char *text, DWORD node)
{
    return is_node(node) ? CreateFileMappingA(file, security, protect, size_high, size_low, text) : NULL;
}

// What packaged programs may map: nothing to execute.
HOTPATCH HANDLE WINAPI CreateFileMappingFromApp(HANDLE file, SECURITY_ATTRIBUTES *security, ULONG protect,
                                                ULONG64 size, const WCHAR *text)
{
    if (protect & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return CreateFileMappingW(file, security, protect, (DWORD)(size >> 32), (DWORD)size, text);
}

HOTPATCH HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    SECURITY_ATTRIBUTES security = {sizeof(security), NULL, inherit};
    HANDLE section = NULL;
    if (!text) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!nt_name_from_object(&name, text, &security)) return NULL;
    name.attributes.Attributes &= ~OBJ_OPENIF;
    // FILE_MAP_EXECUTE is not the section's right of that name.
    if (access & FILE_MAP_EXECUTE) access = (access & ~(DWORD)FILE_MAP_EXECUTE) | SECTION_MAP_EXECUTE;
    if (access == FILE_MAP_COPY) access |= SECTION_MAP_READ;
    return bool_from_status(NtOpenSection(&section, access, &name.attributes)) ? section : NULL;
}

HOTPATCH HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenFileMappingW(access, inherit, wide);
}

HOTPATCH void *WINAPI MapViewOfFileEx(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low,
                                      SIZE_T size, void *address)
{
    LARGE_INTEGER offset = {.LowPart = offset_low, .HighPart = (LONG)offset_high};
    bool execute = access & FILE_MAP_EXECUTE;
    ULONG protect;
    if ((access & FILE_MAP_ALL_ACCESS) == FILE_MAP_COPY)
        protect = execute ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
    else if (access & FILE_MAP_WRITE)
        protect = execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    else if (access & FILE_MAP_READ)
        protect = execute ? PAGE_EXECUTE_READ : PAGE_READONLY;
    else
        protect = PAGE_NOACCESS;
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &address, 0, 0, &offset, &size,
                                         ViewShare, 0, protect);
    return bool_from_status(status) ? address : NULL;
}

HOTPATCH void *WINAPI MapViewOfFile(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low,
                                    SIZE_T size)
{
    return MapViewOfFileEx(section, access, offset_high, offset_low, size, NULL);
}

HOTPATCH void *WINAPI MapViewOfFileExNuma(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low,
                                          SIZE_T size, void *address, DWORD node)
{
    return is_node(node) ? MapViewOfFileEx(section, access, offset_high, offset_low, size, address) : NULL;
}

HOTPATCH void *WINAPI MapViewOfFileFromApp(HANDLE section, ULONG access, ULONG64 offset, SIZE_T size)
{
    if (access & FILE_MAP_EXECUTE) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return MapViewOfFileEx(section, access, (DWORD)(offset >> 32), (DWORD)offset, size, NULL);
}

HOTPATCH BOOL WINAPI UnmapViewOfFile(const void *address)
{
    return bool_from_status(NtUnmapViewOfSection(NtCurrentProcess(), (void *)address));
}

HOTPATCH BOOL WINAPI FlushViewOfFile(const void *address, SIZE_T size)
{
    void *base = (void *)address;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtFlushVirtualMemory(NtCurrentProcess(), &base, &size, &io);
    return status == STATUS_NOT_MAPPED_DATA ? TRUE : bool_from_status(status);
}
