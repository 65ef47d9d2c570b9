// Attributes of files by name, deleting, and links.
#include "base.h"

HOTPATCH DWORD WINAPI GetFileAttributesW(const WCHAR *path)
{
    AUTO_NAME struct nt_name name = {};
    FILE_BASIC_INFORMATION info;
    if (!nt_name_from_path(&name, path, NULL)) return INVALID_FILE_ATTRIBUTES;
    NTSTATUS status = NtQueryAttributesFile(&name.attributes, &info);
    if (NT_SUCCESS(status)) return info.FileAttributes;
    set_error_from_status(status);
    // A device such as NUL exists everywhere.
    if (RtlIsDosDeviceName_U(path)) {
        SetLastError(ERROR_SUCCESS);
        return FILE_ATTRIBUTE_ARCHIVE;
    }
    return INVALID_FILE_ATTRIBUTES;
}

HOTPATCH DWORD WINAPI GetFileAttributesA(const char *path)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return conversion_failed(path, wide) ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(wide);
}

HOTPATCH BOOL WINAPI GetFileAttributesExW(const WCHAR *path, GET_FILEEX_INFO_LEVELS level, void *data)
{
    AUTO_NAME struct nt_name name = {};
    FILE_NETWORK_OPEN_INFORMATION info;
    WIN32_FILE_ATTRIBUTE_DATA *result = data;
    if (level != GetFileExInfoStandard) return fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&name, path, NULL)) return FALSE;
    if (!bool_from_status(NtQueryFullAttributesFile(&name.attributes, &info))) return FALSE;
    result->dwFileAttributes = info.FileAttributes;
    memcpy(&result->ftCreationTime, &info.CreationTime, sizeof(FILETIME));
    memcpy(&result->ftLastAccessTime, &info.LastAccessTime, sizeof(FILETIME));
    memcpy(&result->ftLastWriteTime, &info.LastWriteTime, sizeof(FILETIME));
    result->nFileSizeHigh = (DWORD)info.EndOfFile.HighPart;
    result->nFileSizeLow = info.EndOfFile.LowPart;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetFileAttributesExA(const char *path, GET_FILEEX_INFO_LEVELS level, void *data)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && GetFileAttributesExW(wide, level, data);
}

// Opens a file by name for a change of what NT keeps beside its data.
static HANDLE open_for(const WCHAR *path, ACCESS_MASK access, ULONG options)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE file = NULL;
    if (!nt_name_from_path(&name, path, NULL)) return NULL;
    NTSTATUS status = NtOpenFile(&file, access | SYNCHRONIZE, &name.attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                 options | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT);
    return bool_from_status(status) ? file : NULL;
}

HOTPATCH BOOL WINAPI SetFileAttributesW(const WCHAR *path, DWORD attributes)
{
    FILE_BASIC_INFORMATION info;
    IO_STATUS_BLOCK io;
    AUTO_CLOSE HANDLE file = open_for(path, FILE_WRITE_ATTRIBUTES, 0);
    if (!file) return FALSE;
    memset(&info, 0, sizeof(info));
    // Zero would mean "leave as it is".
    info.FileAttributes = attributes | FILE_ATTRIBUTE_NORMAL;
    return bool_from_status(NtSetInformationFile(file, &io, &info, sizeof(info), FileBasicInformation));
}

HOTPATCH BOOL WINAPI SetFileAttributesA(const char *path, DWORD attributes)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && SetFileAttributesW(wide, attributes);
}

// Files only. The name goes when the last handle is closed.
HOTPATCH BOOL WINAPI DeleteFileW(const WCHAR *path)
{
    FILE_DISPOSITION_INFORMATION info = {TRUE};
    IO_STATUS_BLOCK io;
    HANDLE file = open_for(path, DELETE, FILE_NON_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT);
    if (!file) {
        // What Windows calls opening a directory here.
        if (GetLastError() == ERROR_DIRECTORY) SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    NTSTATUS status = NtSetInformationFile(file, &io, &info, sizeof(info), FileDispositionInformation);
    NtClose(file);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI DeleteFileA(const char *path)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && DeleteFileW(wide);
}

HOTPATCH DWORD WINAPI GetCompressedFileSizeW(const WCHAR *path, DWORD *high)
{
    FILE_STANDARD_INFORMATION info;
    IO_STATUS_BLOCK io;
    AUTO_CLOSE HANDLE file = open_for(path, FILE_READ_ATTRIBUTES, 0);
    if (!file) return INVALID_FILE_SIZE;
    NTSTATUS status = NtQueryInformationFile(file, &io, &info, sizeof(info), FileStandardInformation);
    if (!bool_from_status(status)) return INVALID_FILE_SIZE;
    if (high) *high = (DWORD)info.AllocationSize.HighPart;
    if (info.AllocationSize.LowPart == INVALID_FILE_SIZE) SetLastError(ERROR_SUCCESS);
    return info.AllocationSize.LowPart;
}

HOTPATCH DWORD WINAPI GetCompressedFileSizeA(const char *path, DWORD *high)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return conversion_failed(path, wide) ? INVALID_FILE_SIZE : GetCompressedFileSizeW(wide, high);
}

// ---- links ----

HOTPATCH BOOL WINAPI CreateHardLinkW(const WCHAR *link, const WCHAR *existing, SECURITY_ATTRIBUTES *security)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    if (security && security->lpSecurityDescriptor) return fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&name, link, NULL)) return FALSE;
    AUTO_CLOSE HANDLE file = open_for(existing, FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (!file) return FALSE;
    ULONG size = sizeof(FILE_LINK_INFORMATION) + name.name.Length;
    AUTO_FREE FILE_LINK_INFORMATION *info = heap_alloc(size);
    if (!info) return FALSE;
    memset(info, 0, sizeof(*info));
    info->FileNameLength = name.name.Length;
    memcpy(info->FileName, name.name.Buffer, name.name.Length);
    return bool_from_status(NtSetInformationFile(file, &io, info, size, FileLinkInformation));
}

HOTPATCH BOOL WINAPI CreateHardLinkA(const char *link, const char *existing, SECURITY_ATTRIBUTES *security)
{
    AUTO_FREE WCHAR *wide_link = wide_from_file_ansi(link);
    AUTO_FREE WCHAR *wide_existing = wide_from_file_ansi(existing);
    if (conversion_failed(link, wide_link) || conversion_failed(existing, wide_existing)) return FALSE;
    return CreateHardLinkW(wide_link, wide_existing, security);
}

// A symbolic link is a reparse point on a new, empty file or directory.
HOTPATCH BOOLEAN WINAPI CreateSymbolicLinkW(const WCHAR *link, const WCHAR *target, DWORD flags)
{
    AUTO_NAME struct nt_name name = {}, target_name = {};
    IO_STATUS_BLOCK io;
    HANDLE file;
    if (flags & ~(DWORD)(SYMBOLIC_LINK_FLAG_DIRECTORY | 2))
        return (BOOLEAN)fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&name, link, NULL)) return FALSE;
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(target);
    bool relative = type == RtlPathTypeRelative || type == RtlPathTypeRooted;
    if (!relative && !nt_name_from_path(&target_name, target, NULL)) return FALSE;

    // The substitute name is what NT follows, the print name what users see.
    const WCHAR *substitute = relative ? target : target_name.name.Buffer;
    USHORT print_bytes = (USHORT)(wide_length(target) * sizeof(WCHAR));
    USHORT substitute_bytes = relative ? print_bytes : target_name.name.Length;
    ULONG size =
        offsetof(REPARSE_DATA_BUFFER, SymbolicLinkReparseBuffer.PathBuffer) + substitute_bytes + print_bytes;
    AUTO_FREE REPARSE_DATA_BUFFER *data = heap_alloc(size);
    if (!data) return FALSE;
    data->ReparseTag = IO_REPARSE_TAG_SYMLINK;
    data->ReparseDataLength = (USHORT)(size - REPARSE_DATA_BUFFER_HEADER_SIZE);
    data->Reserved = 0;
    data->SymbolicLinkReparseBuffer.SubstituteNameOffset = 0;
    data->SymbolicLinkReparseBuffer.SubstituteNameLength = substitute_bytes;
    data->SymbolicLinkReparseBuffer.PrintNameOffset = substitute_bytes;
    data->SymbolicLinkReparseBuffer.PrintNameLength = print_bytes;
    data->SymbolicLinkReparseBuffer.Flags = relative ? SYMLINK_FLAG_RELATIVE : 0;
    memcpy(data->SymbolicLinkReparseBuffer.PathBuffer, substitute, substitute_bytes);
    memcpy((char *)data->SymbolicLinkReparseBuffer.PathBuffer + substitute_bytes, target, print_bytes);

    ULONG kind = flags & SYMBOLIC_LINK_FLAG_DIRECTORY ? FILE_DIRECTORY_FILE : FILE_NON_DIRECTORY_FILE;
    NTSTATUS status = NtCreateFile(&file, DELETE | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE, &name.attributes, &io,
                                   NULL, FILE_ATTRIBUTE_NORMAL, 0, FILE_CREATE,
                                   kind | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_REPARSE_POINT, NULL, 0);
    if (!bool_from_status(status)) return FALSE;
    status = NtFsControlFile(file, NULL, NULL, NULL, &io, FSCTL_SET_REPARSE_POINT, data, size, NULL, 0);
    if (!NT_SUCCESS(status)) {
        FILE_DISPOSITION_INFORMATION remove = {TRUE};
        NtSetInformationFile(file, &io, &remove, sizeof(remove), FileDispositionInformation);
    }
    NtClose(file);
    return (BOOLEAN)bool_from_status(status);
}

HOTPATCH BOOLEAN WINAPI CreateSymbolicLinkA(const char *link, const char *target, DWORD flags)
{
    AUTO_FREE WCHAR *wide_link = wide_from_file_ansi(link);
    AUTO_FREE WCHAR *wide_target = wide_from_file_ansi(target);
    if (conversion_failed(link, wide_link) || conversion_failed(target, wide_target)) return FALSE;
    return CreateSymbolicLinkW(wide_link, wide_target, flags);
}
