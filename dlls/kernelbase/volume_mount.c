// Mounted folders: directories that lead to a volume's root. Each is a junction in the file system; that
// there are some is kept in the registry, for asking a volume where it is mounted.
#include "volume.h"

static const WCHAR folders_key[] = L"SYSTEM\\MountedDevices\\Folders"; // values: path = volume's name

// A reparse point that names a volume, which NT spells with "\??\" in front.
static BOOL set_junction(HANDLE directory, const WCHAR volume[VOLUME_NAME_LENGTH + 1])
{
    struct {
        REPARSE_DATA_BUFFER data;
        WCHAR text[VOLUME_NAME_LENGTH + 2];
    } point;
    IO_STATUS_BLOCK io;
    USHORT bytes = VOLUME_NAME_LENGTH * sizeof(WCHAR);
    ULONG size =
        offsetof(REPARSE_DATA_BUFFER, MountPointReparseBuffer.PathBuffer) + bytes + 2 * sizeof(WCHAR);
    memset(&point, 0, sizeof(point));
    point.data.ReparseTag = IO_REPARSE_TAG_MOUNT_POINT;
    point.data.ReparseDataLength = (USHORT)(size - REPARSE_DATA_BUFFER_HEADER_SIZE);
    point.data.MountPointReparseBuffer.SubstituteNameLength = bytes;
    point.data.MountPointReparseBuffer.PrintNameOffset = bytes + sizeof(WCHAR);
    WCHAR *name = point.data.MountPointReparseBuffer.PathBuffer;
    memcpy(name, volume, bytes);
    name[1] = '?';
    NTSTATUS status =
        NtFsControlFile(directory, NULL, NULL, NULL, &io, FSCTL_SET_REPARSE_POINT, &point, size, NULL, 0);
    return bool_from_status(status);
}

// Opens the directory that path, which ends in a backslash, names; itself if it is a junction.
static HANDLE open_folder(const WCHAR *path)
{
    WCHAR name[MAX_PATH];
    SIZE_T length = wide_length(path) - 1;
    if (length >= MAX_PATH) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return INVALID_HANDLE_VALUE;
    }
    memcpy(name, path, length * sizeof(WCHAR));
    name[length] = 0;
    return CreateFileW(name, GENERIC_READ | FILE_WRITE_ATTRIBUTES,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
}

// The full path that a mounted folder is known by; false with the last error set for what can be none: a
// drive's root, a path without a backslash at its end.
static bool folder_path(const WCHAR *path, WCHAR full[MAX_PATH])
{
    SIZE_T length = path ? wide_length(path) : 0;
    if (!length || path[length - 1] != '\\') return fail_with(ERROR_INVALID_NAME);
    length = GetFullPathNameW(path, MAX_PATH, full, NULL);
    if (!length || length >= MAX_PATH) return fail_with(ERROR_FILENAME_EXCED_RANGE);
    // Every volume here has its letter, and it can have but one.
    return length > 3 || fail_with(ERROR_INVALID_PARAMETER);
}

HOTPATCH BOOL WINAPI SetVolumeMountPointW(const WCHAR *path, const WCHAR *volume)
{
    WCHAR full[MAX_PATH];
    int drive = drive_of_volume_name(volume);
    if (!folder_path(path, full)) return FALSE;
    if (drive < 0) return fail_with(drive == -1 ? ERROR_INVALID_NAME : ERROR_FILE_NOT_FOUND);
    HANDLE directory = open_folder(full);
    if (directory == INVALID_HANDLE_VALUE) return FALSE;
    BOOL done = set_junction(directory, volume);
    NtClose(directory);
    if (done)
        RegSetKeyValueW(HKEY_LOCAL_MACHINE, folders_key, full, REG_SZ, volume,
                        (VOLUME_NAME_LENGTH + 1) * sizeof(WCHAR));
    return done;
}

HOTPATCH BOOL WINAPI SetVolumeMountPointA(const char *path, const char *volume)
{
    AUTO_FREE WCHAR *wide_path = wide_from_file_ansi(path);
    AUTO_FREE WCHAR *wide_volume = wide_from_file_ansi(volume);
    return !conversion_failed(path, wide_path) && !conversion_failed(volume, wide_volume) &&
           SetVolumeMountPointW(wide_path, wide_volume);
}

HOTPATCH BOOL WINAPI DeleteVolumeMountPointW(const WCHAR *path)
{
    WCHAR full[MAX_PATH], volume[VOLUME_NAME_LENGTH + 1];
    IO_STATUS_BLOCK io;
    REPARSE_DATA_BUFFER head;
    if (!folder_path(path, full) || !GetVolumeNameForVolumeMountPointW(full, volume, ARRAY_LENGTH(volume)))
        return FALSE;
    HANDLE directory = open_folder(full);
    if (directory == INVALID_HANDLE_VALUE) return FALSE;
    memset(&head, 0, sizeof(head));
    head.ReparseTag = IO_REPARSE_TAG_MOUNT_POINT;
    NTSTATUS status = NtFsControlFile(directory, NULL, NULL, NULL, &io, FSCTL_DELETE_REPARSE_POINT, &head,
                                      REPARSE_DATA_BUFFER_HEADER_SIZE, NULL, 0);
    NtClose(directory);
    if (!bool_from_status(status)) return FALSE;
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, folders_key, full);
    return TRUE;
}

HOTPATCH BOOL WINAPI DeleteVolumeMountPointA(const char *path)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && DeleteVolumeMountPointW(wide);
}

// ---- where a volume is mounted ----

// A list of strings as it is written: each with a NUL, as far as they fit.
struct path_list {
    WCHAR *buffer;
    DWORD size, length; // in units; length counts what didn't fit too
};

static void add_path(struct path_list *list, const WCHAR *path)
{
    SIZE_T units = wide_length(path) + 1;
    if (list->length + units <= list->size) memcpy(list->buffer + list->length, path, units * sizeof(WCHAR));
    list->length += (DWORD)units;
}

// Whether a folder that the registry has is still mounted so.
static bool is_mounted(const WCHAR *path, const WCHAR *volume)
{
    WCHAR name[VOLUME_NAME_LENGTH + 1];
    return GetVolumeNameForVolumeMountPointW(path, name, ARRAY_LENGTH(name)) && !lstrcmpiW(name, volume);
}

static void add_folders(struct path_list *list, const WCHAR *volume)
{
    HKEY key;
    WCHAR path[MAX_PATH];
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, folders_key, 0, KEY_QUERY_VALUE, &key)) return;
    for (DWORD i = 0;; i++) {
        DWORD length = ARRAY_LENGTH(path);
        LONG error = RegEnumValueW(key, i, path, &length, NULL, NULL, NULL, NULL);
        if (error == ERROR_MORE_DATA) continue;
        if (error) break;
        if (is_mounted(path, volume)) add_path(list, path);
    }
    RegCloseKey(key);
}

// The paths that a volume is mounted at: its drive's root, then folders. Each ends in NUL, the list in one
// more.
HOTPATCH BOOL WINAPI GetVolumePathNamesForVolumeNameW(const WCHAR *volume, WCHAR *buffer, DWORD size,
                                                      DWORD *needed)
{
    WCHAR root[] = L"C:\\";
    int drive = drive_of_volume_name(volume);
    if (volume && volume[0] == '\\' && !volume[1]) return fail_with(ERROR_INVALID_PARAMETER);
    if (drive < 0) return fail_with(drive == -1 ? ERROR_INVALID_NAME : ERROR_FILE_NOT_FOUND);
    struct path_list list = {buffer, size, 0};
    DWORD error = GetLastError();
    root[0] = (WCHAR)('A' + drive);
    add_path(&list, root);
    add_folders(&list, volume);
    add_path(&list, L"");
    SetLastError(error);
    if (needed) *needed = list.length;
    return list.length <= size || fail_with(ERROR_MORE_DATA);
}

HOTPATCH BOOL WINAPI GetVolumePathNamesForVolumeNameA(const char *volume, char *buffer, DWORD size,
                                                      DWORD *needed)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(volume);
    if (conversion_failed(volume, wide)) return FALSE;
    DWORD units = 0;
    AUTO_FREE WCHAR *paths = NULL;
    do {
        if (paths) heap_free(paths);
        if (!(paths = heap_alloc((units += 1024) * sizeof(WCHAR)))) return FALSE;
    } while (!GetVolumePathNamesForVolumeNameW(wide, paths, units, NULL) &&
             GetLastError() == ERROR_MORE_DATA);
    if (!GetVolumePathNamesForVolumeNameW(wide, paths, units, &units)) return FALSE;
    DWORD length = 0;
    for (const WCHAR *path = paths; *path; path += wide_length(path) + 1) {
        DWORD room = length < size ? size - length : 0, n = (DWORD)wide_length(path);
        DWORD bytes = file_ansi_from_wide(room ? buffer + length : NULL, room, path, n);
        length += bytes < room ? bytes + 1 : bytes;
    }
    if (length < size) buffer[length] = 0;
    if (needed) *needed = length + 1;
    return length < size || fail_with(ERROR_MORE_DATA);
}
