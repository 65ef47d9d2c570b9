// What can be asked of and set on an open file: position, size, times, attributes, type, locks.
#include "base.h"

static bool query(HANDLE file, FILE_INFORMATION_CLASS class, void *data, ULONG size)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtQueryInformationFile(file, &io, data, size, class));
}

static BOOL set(HANDLE file, FILE_INFORMATION_CLASS class, void *data, ULONG size)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtSetInformationFile(file, &io, data, size, class));
}

// ---- position and size ----

// Moves the position to distance from where method says; the result may be at most limit.
static bool move_position(HANDLE file, LONGLONG distance, DWORD method, LONGLONG limit, LARGE_INTEGER *result)
{
    FILE_POSITION_INFORMATION position;
    FILE_STANDARD_INFORMATION standard;
    LONGLONG base = 0;
    switch (method) {
    case FILE_BEGIN: break;
    case FILE_CURRENT:
        if (!query(file, FilePositionInformation, &position, sizeof(position))) return false;
        base = position.CurrentByteOffset.QuadPart;
        break;
    case FILE_END:
        if (!query(file, FileStandardInformation, &standard, sizeof(standard))) return false;
        base = standard.EndOfFile.QuadPart;
        break;
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
    if (__builtin_add_overflow(base, distance, &result->QuadPart) || result->QuadPart < 0)
        return fail_with(ERROR_NEGATIVE_SEEK);
    if (result->QuadPart > limit) return fail_with(ERROR_INVALID_PARAMETER);
    position.CurrentByteOffset = *result;
    return set(file, FilePositionInformation, &position, sizeof(position));
}

HOTPATCH BOOL WINAPI SetFilePointerEx(HANDLE file, LARGE_INTEGER distance, LARGE_INTEGER *result,
                                      DWORD method)
{
    LARGE_INTEGER position;
    if (!move_position(file, distance.QuadPart, method, INT64_MAX, &position)) return FALSE;
    if (result) *result = position;
    return TRUE;
}

// high NULL: a signed 32-bit distance, and a result beyond 32 bits fails.
HOTPATCH DWORD WINAPI SetFilePointer(HANDLE file, LONG low, LONG *high, DWORD method)
{
    LONGLONG distance = high ? (LONGLONG)((ULONGLONG)(ULONG)*high << 32 | (ULONG)low) : low;
    LARGE_INTEGER position;
    if (!move_position(file, distance, method, high ? INT64_MAX : UINT32_MAX, &position))
        return INVALID_SET_FILE_POINTER;
    if (high) *high = position.HighPart;
    // This value is also a valid position: the error tells them apart.
    if (position.LowPart == INVALID_SET_FILE_POINTER) SetLastError(ERROR_SUCCESS);
    return position.LowPart;
}

HOTPATCH BOOL WINAPI SetEndOfFile(HANDLE file)
{
    FILE_POSITION_INFORMATION position;
    FILE_END_OF_FILE_INFORMATION end;
    if (!query(file, FilePositionInformation, &position, sizeof(position))) return FALSE;
    end.EndOfFile = position.CurrentByteOffset;
    return set(file, FileEndOfFileInformation, &end, sizeof(end));
}

HOTPATCH BOOL WINAPI SetFileValidData(HANDLE file, LONGLONG length)
{
    FILE_VALID_DATA_LENGTH_INFORMATION info = {.ValidDataLength.QuadPart = length};
    return set(file, FileValidDataLengthInformation, &info, sizeof(info));
}

HOTPATCH BOOL WINAPI GetFileSizeEx(HANDLE file, LARGE_INTEGER *size)
{
    FILE_STANDARD_INFORMATION standard;
    if (!query(file, FileStandardInformation, &standard, sizeof(standard))) return FALSE;
    *size = standard.EndOfFile;
    return TRUE;
}

HOTPATCH DWORD WINAPI GetFileSize(HANDLE file, DWORD *high)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size)) return INVALID_FILE_SIZE;
    if (high) *high = (DWORD)size.HighPart;
    if (size.LowPart == INVALID_FILE_SIZE) SetLastError(ERROR_SUCCESS);
    return size.LowPart;
}

// ---- times and type ----

static FILETIME file_time(LARGE_INTEGER value)
{
    return (FILETIME){value.LowPart, (DWORD)value.HighPart};
}

HOTPATCH BOOL WINAPI GetFileTime(HANDLE file, FILETIME *creation, FILETIME *access, FILETIME *write)
{
    FILE_BASIC_INFORMATION basic;
    if (!query(file, FileBasicInformation, &basic, sizeof(basic))) return FALSE;
    if (creation) *creation = file_time(basic.CreationTime);
    if (access) *access = file_time(basic.LastAccessTime);
    if (write) *write = file_time(basic.LastWriteTime);
    return TRUE;
}

// A time of zero leaves that one as it is.
HOTPATCH BOOL WINAPI SetFileTime(HANDLE file, const FILETIME *creation, const FILETIME *access,
                                 const FILETIME *write)
{
    FILE_BASIC_INFORMATION basic;
    memset(&basic, 0, sizeof(basic));
    if (creation) memcpy(&basic.CreationTime, creation, sizeof(*creation));
    if (access) memcpy(&basic.LastAccessTime, access, sizeof(*access));
    if (write) memcpy(&basic.LastWriteTime, write, sizeof(*write));
    return set(file, FileBasicInformation, &basic, sizeof(basic));
}

HOTPATCH DWORD WINAPI GetFileType(HANDLE file)
{
    FILE_FS_DEVICE_INFORMATION device;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryVolumeInformationFile(resolve_standard_handle(file), &io, &device,
                                                   sizeof(device), FileFsDeviceInformation);
    if (!bool_from_status(status)) return FILE_TYPE_UNKNOWN;
    SetLastError(ERROR_SUCCESS);
    switch (device.DeviceType) {
    case FILE_DEVICE_NULL:
    case FILE_DEVICE_CONSOLE:
    case FILE_DEVICE_KEYBOARD:
    case FILE_DEVICE_SCREEN:
    case FILE_DEVICE_SERIAL_PORT:
    case FILE_DEVICE_PARALLEL_PORT:
    case FILE_DEVICE_MODEM: return FILE_TYPE_CHAR;
    case FILE_DEVICE_NAMED_PIPE: return FILE_TYPE_PIPE;
    case 0x0000000C: // mailslots
    case FILE_DEVICE_UNKNOWN: return FILE_TYPE_UNKNOWN;
    default: return FILE_TYPE_DISK;
    }
}

// ---- by handle ----

HOTPATCH BOOL WINAPI GetFileInformationByHandle(HANDLE file, BY_HANDLE_FILE_INFORMATION *info)
{
    FILE_ALL_INFORMATION all;
    struct {
        FILE_FS_VOLUME_INFORMATION info;
        WCHAR label[MAX_PATH];
    } volume;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(file, &io, &all, sizeof(all), FileAllInformation);
    if (status != STATUS_BUFFER_OVERFLOW && !bool_from_status(status)) return FALSE;
    info->dwFileAttributes = all.BasicInformation.FileAttributes;
    info->ftCreationTime = file_time(all.BasicInformation.CreationTime);
    info->ftLastAccessTime = file_time(all.BasicInformation.LastAccessTime);
    info->ftLastWriteTime = file_time(all.BasicInformation.LastWriteTime);
    info->nFileSizeHigh = (DWORD)all.StandardInformation.EndOfFile.HighPart;
    info->nFileSizeLow = all.StandardInformation.EndOfFile.LowPart;
    info->nNumberOfLinks = all.StandardInformation.NumberOfLinks;
    LARGE_INTEGER index;
    memcpy(&index, &all.InternalInformation, sizeof(index));
    info->nFileIndexHigh = (DWORD)index.HighPart;
    info->nFileIndexLow = index.LowPart;
    status = NtQueryVolumeInformationFile(file, &io, &volume, sizeof(volume), FileFsVolumeInformation);
    info->dwVolumeSerialNumber =
        NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW ? volume.info.VolumeSerialNumber : 0;
    return TRUE;
}

// Newer than the headers, which lack the first two and so number the others wrong.
enum {
    FILE_DISPOSITION_INFO_EX_CLASS = 21,
    FILE_RENAME_INFO_EX_CLASS,
    FILE_CASE_SENSITIVE_INFO_CLASS,
    FILE_NORMALIZED_NAME_INFO_CLASS,
};

// The Win32 classes and NT's: most have one layout.
static const struct {
    BYTE win32;
    BYTE nt;
    bool directory; // an enumeration
    bool restart;
} by_handle_classes[] = {
    {FileBasicInfo, FileBasicInformation, false, false},
    {FileStandardInfo, FileStandardInformation, false, false},
    {FileNameInfo, FileNameInformation, false, false},
    {FileStreamInfo, FileStreamInformation, false, false},
    {FileCompressionInfo, FileCompressionInformation, false, false},
    {FileAttributeTagInfo, FileAttributeTagInformation, false, false},
    {FileIdBothDirectoryInfo, FileIdBothDirectoryInformation, true, false},
    {FileIdBothDirectoryRestartInfo, FileIdBothDirectoryInformation, true, true},
    {FileFullDirectoryInfo, FileFullDirectoryInformation, true, false},
    {FileFullDirectoryRestartInfo, FileFullDirectoryInformation, true, true},
    {FileAlignmentInfo, FileAlignmentInformation, false, false},
    {FileIdInfo, FileIdInformation, false, false},
    {FileIdExtdDirectoryInfo, FileIdExtdDirectoryInformation, true, false},
    {FileIdExtdDirectoryRestartInfo, FileIdExtdDirectoryInformation, true, true},
    {FILE_CASE_SENSITIVE_INFO_CLASS, FileCaseSensitiveInformation, false, false},
    {FILE_NORMALIZED_NAME_INFO_CLASS, FileNormalizedNameInformation, false, false},
};

HOTPATCH BOOL WINAPI GetFileInformationByHandleEx(HANDLE file, FILE_INFO_BY_HANDLE_CLASS class, void *info,
                                                  DWORD size)
{
    IO_STATUS_BLOCK io;
    // The one that tells of the volume. Its layout is NT's, too.
    if (class == FileStorageInfo)
        return bool_from_status(NtQueryVolumeInformationFile(
            file, &io, info, size, (FS_INFORMATION_CLASS)FileFsSectorSizeInformation));
    for (size_t i = 0; i < ARRAY_LENGTH(by_handle_classes); i++) {
        if (by_handle_classes[i].win32 != (int)class) continue;
        FILE_INFORMATION_CLASS nt = (FILE_INFORMATION_CLASS)by_handle_classes[i].nt;
        NTSTATUS status;
        if (by_handle_classes[i].directory)
            status = NtQueryDirectoryFile(file, NULL, NULL, NULL, &io, info, size, nt, FALSE, NULL,
                                          by_handle_classes[i].restart);
        else
            status = NtQueryInformationFile(file, &io, info, size, nt);
        return bool_from_status(status);
    }
    return fail_with(ERROR_INVALID_PARAMETER);
}

// The name may be relative or a DOS path: NT wants its own form. extended: FILE_RENAME_* flags stand where
// else it says whether to replace.
static BOOL set_name(HANDLE file, const FILE_RENAME_INFO *rename, DWORD size, bool extended)
{
    AUTO_NAME struct nt_name name = {};
    if (size < sizeof(*rename)) return fail_with(ERROR_BAD_LENGTH);
    if (!nt_name_from_path(&name, rename->FileName, NULL)) return FALSE;
    ULONG bytes = sizeof(FILE_RENAME_INFORMATION) + name.name.Length;
    AUTO_FREE FILE_RENAME_INFORMATION *nt = heap_alloc(bytes);
    if (!nt) return FALSE;
    DWORD flags = (DWORD)rename->ReplaceIfExists;
    if (!extended) flags = flags != 0;
    memcpy(nt, &flags, sizeof(flags));
    nt->RootDirectory = rename->RootDirectory;
    nt->FileNameLength = name.name.Length;
    memcpy(nt->FileName, name.name.Buffer, name.name.Length);
    return set(file, extended ? (FILE_INFORMATION_CLASS)FileRenameInformationEx : FileRenameInformation, nt,
               bytes);
}

HOTPATCH BOOL WINAPI SetFileInformationByHandle(HANDLE file, FILE_INFO_BY_HANDLE_CLASS class, void *info,
                                                DWORD size)
{
    switch ((int)class) {
    case FileBasicInfo: return set(file, FileBasicInformation, info, size);
    case FileRenameInfo: return set_name(file, info, size, false);
    case FILE_RENAME_INFO_EX_CLASS: return set_name(file, info, size, true);
    case FileDispositionInfo: return set(file, FileDispositionInformation, info, size);
    case FILE_DISPOSITION_INFO_EX_CLASS:
        return set(file, (FILE_INFORMATION_CLASS)FileDispositionInformationEx, info, size);
    case FileAllocationInfo: return set(file, FileAllocationInformation, info, size);
    case FileEndOfFileInfo: return set(file, FileEndOfFileInformation, info, size);
    case FileIoPriorityHintInfo:
        return set(file, (FILE_INFORMATION_CLASS)FileIoPriorityHintInformation, info, size);
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
}

HOTPATCH BOOL WINAPI SetFileShortNameW(HANDLE file, const WCHAR *name)
{
    SIZE_T length = name ? wide_length(name) : 0, size = offsetof(FILE_NAME_INFORMATION, FileName);
    if (!name) return fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE FILE_NAME_INFORMATION *info = heap_alloc(sizeof(*info) + length * sizeof(WCHAR));
    if (!info) return FALSE;
    info->FileNameLength = (ULONG)(length * sizeof(WCHAR));
    memcpy(info->FileName, name, (length + 1) * sizeof(WCHAR));
    size += (length + 1) * sizeof(WCHAR);
    return set(file, FileShortNameInformation, info, (ULONG)(size < sizeof(*info) ? sizeof(*info) : size));
}

HOTPATCH BOOL WINAPI SetFileShortNameA(HANDLE file, const char *name)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(name);
    return !conversion_failed(name, wide) && SetFileShortNameW(file, wide);
}

HOTPATCH BOOL WINAPI SetFileCompletionNotificationModes(HANDLE file, UCHAR flags)
{
    FILE_IO_COMPLETION_NOTIFICATION_INFORMATION info = {flags};
    if (flags & ~(FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE))
        return fail_with(ERROR_INVALID_PARAMETER);
    return set(file, (FILE_INFORMATION_CLASS)FileIoCompletionNotificationInformation, &info, sizeof(info));
}

// ---- byte-range locks ----

HOTPATCH BOOL WINAPI LockFileEx(HANDLE file, DWORD flags, DWORD reserved, DWORD low, DWORD high,
                                OVERLAPPED *overlapped)
{
    if (reserved) return fail_with(ERROR_INVALID_PARAMETER);
    LARGE_INTEGER offset = {.LowPart = overlapped->Offset, .HighPart = (LONG)overlapped->OffsetHigh};
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    void *context = (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
    NTSTATUS status = NtLockFile(
        file, overlapped->hEvent, NULL, context, (IO_STATUS_BLOCK *)&overlapped->Internal, &offset, &length,
        0, (flags & LOCKFILE_FAIL_IMMEDIATELY) != 0, (flags & LOCKFILE_EXCLUSIVE_LOCK) != 0);
    if (status == STATUS_PENDING) return fail_with(ERROR_IO_PENDING);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI LockFile(HANDLE file, DWORD offset_low, DWORD offset_high, DWORD low, DWORD high)
{
    IO_STATUS_BLOCK io;
    LARGE_INTEGER offset = {.LowPart = offset_low, .HighPart = (LONG)offset_high};
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    NTSTATUS status = NtLockFile(file, NULL, NULL, NULL, &io, &offset, &length, 0, TRUE, TRUE);
    if (status == STATUS_PENDING) {
        status = NtWaitForSingleObject(file, FALSE, NULL);
        if (NT_SUCCESS(status)) status = io.Status;
    }
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI UnlockFile(HANDLE file, DWORD offset_low, DWORD offset_high, DWORD low, DWORD high)
{
    IO_STATUS_BLOCK io;
    LARGE_INTEGER offset = {.LowPart = offset_low, .HighPart = (LONG)offset_high};
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    return bool_from_status(NtUnlockFile(file, &io, &offset, &length, 0));
}

HOTPATCH BOOL WINAPI UnlockFileEx(HANDLE file, DWORD reserved, DWORD low, DWORD high, OVERLAPPED *overlapped)
{
    if (reserved) return fail_with(ERROR_INVALID_PARAMETER);
    return UnlockFile(file, overlapped->Offset, overlapped->OffsetHigh, low, high);
}
