// Volumes and drives: types, letters, free space, labels, mount points and device names.
#include "base.h"

// Opens the root of the volume that a path lies on; path NULL: the current directory's.
static HANDLE open_root(const WCHAR *path, bool root_only)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE directory = NULL;
    if (!path) path = root_only ? L"\\" : L".";
    if (!nt_name_from_path(&name, path, NULL)) return NULL;
    NTSTATUS status =
        NtOpenFile(&directory, SYNCHRONIZE | FILE_READ_ATTRIBUTES, &name.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT);
    return bool_from_status(status) ? directory : NULL;
}

static bool query_volume(HANDLE directory, FS_INFORMATION_CLASS class, void *data, ULONG size)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtQueryVolumeInformationFile(directory, &io, data, size, class));
}

// ---- drives ----

HOTPATCH DWORD WINAPI GetLogicalDrives(void)
{
    DWORD drives = 0;
    WCHAR root[] = L"A:\\";
    for (int i = 0; i < 26; i++) {
        root[0] = (WCHAR)('A' + i);
        if (GetDriveTypeW(root) != DRIVE_NO_ROOT_DIR) drives |= 1u << i;
    }
    return drives;
}

// "C:\", NUL, ..., one more NUL. The length without the last NUL, or the size needed with it.
HOTPATCH DWORD WINAPI GetLogicalDriveStringsW(DWORD size, WCHAR *buffer)
{
    DWORD drives = GetLogicalDrives();
    DWORD length = (DWORD)__builtin_popcount(drives) * 4;
    if (size < length + 1) return length + 1;
    for (int i = 0; i < 26; i++) {
        if (!(drives >> i & 1)) continue;
        *buffer++ = (WCHAR)('A' + i);
        *buffer++ = ':';
        *buffer++ = '\\';
        *buffer++ = 0;
    }
    *buffer = 0;
    return length;
}

HOTPATCH DWORD WINAPI GetLogicalDriveStringsA(DWORD size, char *buffer)
{
    WCHAR wide[26 * 4 + 1];
    DWORD length = GetLogicalDriveStringsW(ARRAY_LENGTH(wide), wide);
    if (size < length + 1) return length + 1;
    for (DWORD i = 0; i <= length; i++) buffer[i] = (char)wide[i];
    return length;
}

HOTPATCH UINT WINAPI GetDriveTypeW(const WCHAR *root)
{
    FILE_FS_DEVICE_INFORMATION device;
    DWORD saved = GetLastError();
    if (!root) root = L"\\";
    // Only roots have a drive type: "C:", "C:\", "\\server\share\".
    WCHAR path[MAX_PATH];
    SIZE_T length = wide_length(root);
    if (length + 2 > MAX_PATH) return DRIVE_NO_ROOT_DIR;
    memcpy(path, root, (length + 1) * sizeof(WCHAR));
    if (length && path[length - 1] != '\\') {
        path[length] = '\\';
        path[length + 1] = 0;
    }
    HANDLE directory = open_root(path, true);
    if (!directory) {
        SetLastError(saved);
        return DRIVE_NO_ROOT_DIR;
    }
    bool known = query_volume(directory, FileFsDeviceInformation, &device, sizeof(device));
    NtClose(directory);
    SetLastError(saved);
    if (!known) return DRIVE_UNKNOWN;
    switch (device.DeviceType) {
    case FILE_DEVICE_CD_ROM:
    case FILE_DEVICE_CD_ROM_FILE_SYSTEM: return DRIVE_CDROM;
    case FILE_DEVICE_VIRTUAL_DISK: return DRIVE_RAMDISK;
    case FILE_DEVICE_NETWORK_FILE_SYSTEM: return DRIVE_REMOTE;
    case FILE_DEVICE_DISK:
    case FILE_DEVICE_DISK_FILE_SYSTEM:
        if (device.Characteristics & FILE_REMOTE_DEVICE) return DRIVE_REMOTE;
        return device.Characteristics & FILE_REMOVABLE_MEDIA ? DRIVE_REMOVABLE : DRIVE_FIXED;
    default: return DRIVE_UNKNOWN;
    }
}

HOTPATCH UINT WINAPI GetDriveTypeA(const char *root)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(root);
    return conversion_failed(root, wide) ? DRIVE_UNKNOWN : GetDriveTypeW(wide);
}

// ---- space ----

HOTPATCH BOOL WINAPI GetDiskFreeSpaceExW(const WCHAR *path, ULARGE_INTEGER *available, ULARGE_INTEGER *total,
                                         ULARGE_INTEGER *free)
{
    FILE_FS_FULL_SIZE_INFORMATION info;
    AUTO_CLOSE HANDLE directory = open_root(path, false);
    if (!directory || !query_volume(directory, FileFsFullSizeInformation, &info, sizeof(info))) return FALSE;
    ULONGLONG unit = (ULONGLONG)info.SectorsPerAllocationUnit * info.BytesPerSector;
    if (available) available->QuadPart = (ULONGLONG)info.CallerAvailableAllocationUnits.QuadPart * unit;
    if (total) total->QuadPart = (ULONGLONG)info.TotalAllocationUnits.QuadPart * unit;
    if (free) free->QuadPart = (ULONGLONG)info.ActualAvailableAllocationUnits.QuadPart * unit;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetDiskFreeSpaceExA(const char *path, ULARGE_INTEGER *available, ULARGE_INTEGER *total,
                                         ULARGE_INTEGER *free)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && GetDiskFreeSpaceExW(wide, available, total, free);
}

static DWORD clamp(LONGLONG value)
{
    return value > UINT32_MAX ? UINT32_MAX : (DWORD)value;
}

// DISK_SPACE_INFORMATION, which mingw-w64 lacks, is NT's structure by another name.
HOTPATCH HRESULT WINAPI GetDiskSpaceInformationW(const WCHAR *path, FILE_FS_FULL_SIZE_INFORMATION_EX *space)
{
    if (!space) return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    HANDLE root = open_root(path, false);
    bool known =
        root && query_volume(root, (FS_INFORMATION_CLASS)FileFsFullSizeInformationEx, space, sizeof(*space));
    if (root) NtClose(root);
    return known ? S_OK : HRESULT_FROM_WIN32(GetLastError());
}

HOTPATCH HRESULT WINAPI GetDiskSpaceInformationA(const char *path, FILE_FS_FULL_SIZE_INFORMATION_EX *space)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return HRESULT_FROM_WIN32(GetLastError());
    return GetDiskSpaceInformationW(wide, space);
}

HOTPATCH BOOL WINAPI GetDiskFreeSpaceW(const WCHAR *path, DWORD *cluster_sectors, DWORD *sector_bytes,
                                       DWORD *free, DWORD *total)
{
    FILE_FS_SIZE_INFORMATION info;
    AUTO_CLOSE HANDLE directory = open_root(path, true);
    if (!directory || !query_volume(directory, FileFsSizeInformation, &info, sizeof(info))) return FALSE;
    if (cluster_sectors) *cluster_sectors = info.SectorsPerAllocationUnit;
    if (sector_bytes) *sector_bytes = info.BytesPerSector;
    if (free) *free = clamp(info.AvailableAllocationUnits.QuadPart);
    if (total) *total = clamp(info.TotalAllocationUnits.QuadPart);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetDiskFreeSpaceA(const char *path, DWORD *cluster_sectors, DWORD *sector_bytes,
                                       DWORD *free, DWORD *total)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) &&
           GetDiskFreeSpaceW(wide, cluster_sectors, sector_bytes, free, total);
}

// ---- labels ----

static bool volume_information(HANDLE directory, WCHAR *label, DWORD label_size, DWORD *serial,
                               DWORD *maximum, DWORD *flags, WCHAR *system, DWORD system_size)
{
    struct {
        FILE_FS_VOLUME_INFORMATION info;
        WCHAR text[MAX_PATH];
    } volume;
    struct {
        FILE_FS_ATTRIBUTE_INFORMATION info;
        WCHAR text[MAX_PATH];
    } attribute;
    if (label || serial) {
        if (!query_volume(directory, FileFsVolumeInformation, &volume, sizeof(volume))) return false;
        DWORD length = volume.info.VolumeLabelLength / sizeof(WCHAR);
        if (label && copy_wide_result(label, label_size, volume.info.VolumeLabel, length) > length)
            return fail_with(ERROR_BAD_LENGTH);
        if (serial) *serial = volume.info.VolumeSerialNumber;
    }
    if (maximum || flags || system) {
        if (!query_volume(directory, FileFsAttributeInformation, &attribute, sizeof(attribute))) return false;
        DWORD length = attribute.info.FileSystemNameLength / sizeof(WCHAR);
        if (system && copy_wide_result(system, system_size, attribute.info.FileSystemName, length) > length)
            return fail_with(ERROR_BAD_LENGTH);
        if (maximum) *maximum = (DWORD)attribute.info.MaximumComponentNameLength;
        if (flags) *flags = attribute.info.FileSystemAttributes;
    }
    return true;
}

// Whether an open directory is the root of its volume: its name there is one backslash.
static bool is_root(HANDLE directory)
{
    struct {
        FILE_NAME_INFORMATION info;
        WCHAR text[MAX_PATH];
    } name;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(directory, &io, &name, sizeof(name), FileNameInformation);
    return !NT_SUCCESS(status) ? status != STATUS_BUFFER_OVERFLOW : name.info.FileNameLength <= sizeof(WCHAR);
}

HOTPATCH BOOL WINAPI GetVolumeInformationW(const WCHAR *root, WCHAR *label, DWORD label_size, DWORD *serial,
                                           DWORD *maximum, DWORD *flags, WCHAR *system, DWORD system_size)
{
    WCHAR mount[MAX_PATH];
    // A root ends in a backslash; "C:" is one where the current directory there is the root.
    if (root && root[0] && root[wide_length(root) - 1] != '\\' &&
        !(root[1] == ':' && !root[2] && GetFullPathNameW(root, MAX_PATH, mount, NULL) == 3))
        return fail_with(ERROR_INVALID_NAME);
    AUTO_CLOSE HANDLE directory = open_root(root, true);
    if (!directory) {
        if (GetLastError() == ERROR_PATH_NOT_FOUND) SetLastError(ERROR_FILE_NOT_FOUND);
        return FALSE;
    }
    if (root && root[0] && !is_root(directory)) return fail_with(ERROR_DIR_NOT_ROOT);
    return volume_information(directory, label, label_size, serial, maximum, flags, system, system_size);
}

HOTPATCH BOOL WINAPI GetVolumeInformationByHandleW(HANDLE file, WCHAR *label, DWORD label_size, DWORD *serial,
                                                   DWORD *maximum, DWORD *flags, WCHAR *system,
                                                   DWORD system_size)
{
    return volume_information(file, label, label_size, serial, maximum, flags, system, system_size);
}

HOTPATCH BOOL WINAPI GetVolumeInformationA(const char *root, char *label, DWORD label_size, DWORD *serial,
                                           DWORD *maximum, DWORD *flags, char *system, DWORD system_size)
{
    WCHAR wide_label[MAX_PATH + 1] = {}, wide_system[MAX_PATH + 1] = {};
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(root);
    if (conversion_failed(root, wide)) return FALSE;
    if (!GetVolumeInformationW(wide, label ? wide_label : NULL, ARRAY_LENGTH(wide_label), serial, maximum,
                               flags, system ? wide_system : NULL, ARRAY_LENGTH(wide_system)))
        return FALSE;
    if (label && file_ansi_from_wide(label, label_size, wide_label, wide_length(wide_label)) >= label_size)
        return fail_with(ERROR_BAD_LENGTH);
    if (system &&
        file_ansi_from_wide(system, system_size, wide_system, wide_length(wide_system)) >= system_size)
        return fail_with(ERROR_BAD_LENGTH);
    return TRUE;
}

// Asks the volume for a new label (NULL: none). Ours answer ERROR_ACCESS_DENIED, as Windows' do to who is no
// administrator.
HOTPATCH BOOL WINAPI SetVolumeLabelW(const WCHAR *root, const WCHAR *label)
{
    enum { LABEL_MAX = 32 }; // units, of NTFS
    union {
        FILE_FS_LABEL_INFORMATION info;
        BYTE room[sizeof(FILE_FS_LABEL_INFORMATION) + LABEL_MAX * sizeof(WCHAR)];
    } buffer = {};
    IO_STATUS_BLOCK io;
    SIZE_T length = label ? wide_length(label) : 0;
    if (length > LABEL_MAX) return fail_with(ERROR_LABEL_TOO_LONG);
    AUTO_CLOSE HANDLE directory = open_root(root, true);
    if (!directory) return FALSE;
    if (root && !is_root(directory)) return fail_with(ERROR_DIR_NOT_ROOT);
    buffer.info.VolumeLabelLength = (ULONG)(length * sizeof(WCHAR));
    if (length) memcpy(buffer.info.VolumeLabel, label, length * sizeof(WCHAR));
    return bool_from_status(NtSetVolumeInformationFile(directory, &io, &buffer, sizeof(buffer),
                                                       (FILE_INFORMATION_CLASS)FileFsLabelInformation));
}

HOTPATCH BOOL WINAPI SetVolumeLabelA(const char *root, const char *label)
{
    AUTO_FREE WCHAR *wide_root = wide_from_file_ansi(root);
    AUTO_FREE WCHAR *wide_label = wide_from_file_ansi(label);
    if (conversion_failed(root, wide_root) || conversion_failed(label, wide_label)) return FALSE;
    return SetVolumeLabelW(wide_root, wide_label);
}
