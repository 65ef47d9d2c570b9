// Volumes by name: each drive is a volume that is mounted at its root, and wherever a symlink in the host's
// file system leads to a drive's root.
#include "volume.h"

static const WCHAR pattern[] = L"\\\\?\\Volume{00000000-0000-0000-0000-000000000043}\\";

void volume_name_of_drive(WCHAR buffer[VOLUME_NAME_LENGTH + 1], int drive)
{
    int code = 'A' + drive;
    memcpy(buffer, pattern, sizeof(pattern));
    WCHAR *digits = buffer + VOLUME_NAME_LENGTH - 4;
    digits[0] = L"0123456789abcdef"[code >> 4];
    digits[1] = L"0123456789abcdef"[code & 15];
}

int drive_of_device_name(const WCHAR *name, SIZE_T length, SIZE_T *device_length)
{
    static const WCHAR prefix[] = L"\\Device\\HarddiskVolume";
    SIZE_T at = ARRAY_LENGTH(prefix) - 1;
    int number = 0;
    if (length <= at || memcmp(name, prefix, at * sizeof(WCHAR))) return -1;
    for (; at < length && name[at] >= '0' && name[at] <= '9' && number < 100; at++)
        number = number * 10 + name[at] - '0';
    *device_length = at;
    return number >= 1 && number <= 26 && (at == length || name[at] == '\\') ? number - 1 : -1;
}

int drive_of_volume_name(const WCHAR *name)
{
    WCHAR candidate[VOLUME_NAME_LENGTH + 1];
    static const WCHAR head[] = L"\\\\?\\Volume{";
    if (!name || wide_length(name) != VOLUME_NAME_LENGTH ||
        memcmp(name, head, sizeof(head) - sizeof(WCHAR)) || name[VOLUME_NAME_LENGTH - 1] != '\\')
        return -1;
    DWORD drives = GetLogicalDrives();
    for (int i = 0; i < 26; i++) {
        volume_name_of_drive(candidate, i);
        if ((drives >> i & 1) && !lstrcmpiW(candidate, name)) return i;
    }
    return -2;
}

// ---- the volume of a path ----

static bool is_letter(WCHAR c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How much of a full path names its volume's root, with the backslash; 0 and the last error when it can't be
// told.
static SIZE_T root_length(const WCHAR *path)
{
    SIZE_T at = 0;
    if (path[0] == '\\' && path[1] == '\\' && (path[2] == '?' || path[2] == '.') && path[3] == '\\') at = 4;
    if (at && wide_length(path) >= VOLUME_NAME_LENGTH - 1) {
        WCHAR name[VOLUME_NAME_LENGTH + 1];
        memcpy(name, path, VOLUME_NAME_LENGTH * sizeof(WCHAR));
        name[VOLUME_NAME_LENGTH] = 0;
        if (drive_of_volume_name(name) >= 0) return VOLUME_NAME_LENGTH;
    }
    if (!is_letter(path[at]) || path[at + 1] != ':') {
        SetLastError(!at && path[1] == ':' ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_NAME);
        return 0;
    }
    WCHAR device[] = L"C:", target[2];
    device[0] = path[at];
    if (!QueryDosDeviceW(device, target, ARRAY_LENGTH(target)) && GetLastError() == ERROR_FILE_NOT_FOUND)
        return 0;
    return at + 3;
}

// Whether the first length units of path name a directory that a volume is mounted on.
static bool is_mount_point(WCHAR *path, SIZE_T length)
{
    WCHAR saved = path[length];
    path[length] = 0;
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);
    path[length] = saved;
    if (find == INVALID_HANDLE_VALUE) return false;
    FindClose(find);
    return data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT &&
           data.dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT;
}

// The path with the drive letter and nothing else taken from what the path's own form says, "C:x" included.
static SIZE_T full_path(const WCHAR *path, WCHAR full[MAX_PATH])
{
    // A global name, which is no Win32 path: its volume is that of the current directory.
    if (path[0] == '\\' && path[1] == '?' && path[2] == '?' && path[3] == '\\') path = L".";
    return GetFullPathNameW(path, MAX_PATH, full, NULL);
}

HOTPATCH BOOL WINAPI GetVolumePathNameW(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    WCHAR full[MAX_PATH + 1];
    if (!path || !path[0] || !buffer || !size) return fail_with(ERROR_INVALID_PARAMETER);
    SIZE_T length = full_path(path, full);
    if (!length || length >= MAX_PATH) return fail_with(ERROR_FILENAME_EXCED_RANGE);
    SIZE_T root = root_length(full);
    if (!root) return FALSE;
    // The deepest directory on the way that a volume is mounted on.
    if (full[length - 1] != '\\') full[length++] = '\\';
    for (SIZE_T end = length - 1; end > root; end--)
        if (full[end] == '\\' && is_mount_point(full, end)) {
            root = end + 1;
            break;
        }
    full[root] = 0;
    if (path[1] == ':') full[0] = RtlUpcaseUnicodeChar(full[0]);
    // There need be no room for the NUL.
    if (size < root) return fail_with(ERROR_FILENAME_EXCED_RANGE);
    memcpy(buffer, full, (size > root ? root + 1 : root) * sizeof(WCHAR));
    return TRUE;
}

HOTPATCH BOOL WINAPI GetVolumePathNameA(const char *path, char *buffer, DWORD size)
{
    WCHAR root[MAX_PATH + 1];
    if (!path || !path[0] || !buffer || !size) return fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (!wide || !GetVolumePathNameW(wide, root, ARRAY_LENGTH(root))) return FALSE;
    SIZE_T length = wide_length(root);
    if (size == length) length--; // the backslash makes room for the NUL
    if (file_ansi_from_wide(buffer, size, root, length) >= size) return fail_with(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}

// ---- mount points ----

// The volume that a directory leads to, when it is a mount point. The error that Windows gives for others.
static DWORD volume_of_directory(const WCHAR *path, WCHAR name[VOLUME_NAME_LENGTH + 1])
{
    WCHAR full[MAX_PATH + 1], target[8];
    SIZE_T length = GetFullPathNameW(path, MAX_PATH, full, NULL);
    if (length < 3 || length >= MAX_PATH || full[length - 1] != '\\') return ERROR_INVALID_NAME;
    if (length == 3 && full[1] == ':') {
        WCHAR device[] = L"C:";
        device[0] = full[0];
        if (!QueryDosDeviceW(device, target, ARRAY_LENGTH(target)) && GetLastError() == ERROR_FILE_NOT_FOUND)
            return ERROR_FILE_NOT_FOUND;
        // A drive that a program defined is no volume.
        WCHAR long_target[MAX_PATH];
        SIZE_T device_length;
        DWORD n = QueryDosDeviceW(device, long_target, MAX_PATH);
        int drive = n ? drive_of_device_name(long_target, n - 2, &device_length) : -1;
        if (drive < 0) return ERROR_INVALID_PARAMETER;
        volume_name_of_drive(name, drive);
        return ERROR_SUCCESS;
    }
    if (length == VOLUME_NAME_LENGTH && drive_of_volume_name(full) >= 0) {
        memcpy(name, full, (VOLUME_NAME_LENGTH + 1) * sizeof(WCHAR));
        return ERROR_SUCCESS;
    }
    if (GetFileAttributesW(full) == INVALID_FILE_ATTRIBUTES) return ERROR_FILE_NOT_FOUND;
    if (!is_mount_point(full, length - 1)) {
        full[length - 1] = 0;
        DWORD attributes = GetFileAttributesW(full);
        return attributes & FILE_ATTRIBUTE_REPARSE_POINT ? ERROR_INVALID_PARAMETER
                                                         : ERROR_NOT_A_REPARSE_POINT;
    }
    // Opened through, a mount point is the volume's root.
    HANDLE file =
        CreateFileW(full, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file == INVALID_HANDLE_VALUE) return GetLastError();
    WCHAR final[MAX_PATH];
    SIZE_T device_length, n = GetFinalPathNameByHandleW(file, final, MAX_PATH, VOLUME_NAME_NT);
    NtClose(file);
    int drive = n && n < MAX_PATH ? drive_of_device_name(final, n, &device_length) : -1;
    if (drive < 0) return ERROR_NOT_A_REPARSE_POINT;
    volume_name_of_drive(name, drive);
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI GetVolumeNameForVolumeMountPointW(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    WCHAR name[VOLUME_NAME_LENGTH + 1];
    if (!path || !buffer) return fail_with(ERROR_INVALID_PARAMETER);
    if (!path[0] || path[wide_length(path) - 1] != '\\') return fail_with(ERROR_INVALID_NAME);
    DWORD error = volume_of_directory(path, name);
    if (error) return fail_with(error);
    if (copy_wide_result(buffer, size, name, VOLUME_NAME_LENGTH) > VOLUME_NAME_LENGTH)
        return fail_with(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetVolumeNameForVolumeMountPointA(const char *path, char *buffer, DWORD size)
{
    WCHAR name[VOLUME_NAME_LENGTH + 1];
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide) || !GetVolumeNameForVolumeMountPointW(wide, name, ARRAY_LENGTH(name)))
        return FALSE;
    if (file_ansi_from_wide(buffer, size, name, VOLUME_NAME_LENGTH) >= size)
        return fail_with(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}

// ---- enumeration: a search handle points to the number of the next drive ----

HOTPATCH BOOL WINAPI FindNextVolumeW(HANDLE handle, WCHAR *buffer, DWORD size)
{
    BYTE *next = handle;
    WCHAR name[VOLUME_NAME_LENGTH + 1];
    if (!handle || handle == INVALID_HANDLE_VALUE) return fail_with(ERROR_INVALID_HANDLE);
    DWORD drives = GetLogicalDrives();
    while (*next < 26 && !(drives >> *next & 1)) ++*next;
    if (*next >= 26) return fail_with(ERROR_NO_MORE_FILES);
    volume_name_of_drive(name, (*next)++);
    if (copy_wide_result(buffer, size, name, VOLUME_NAME_LENGTH) > VOLUME_NAME_LENGTH)
        return fail_with(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}

HOTPATCH BOOL WINAPI FindNextVolumeA(HANDLE handle, char *buffer, DWORD size)
{
    WCHAR name[VOLUME_NAME_LENGTH + 1];
    if (!FindNextVolumeW(handle, name, ARRAY_LENGTH(name))) return FALSE;
    if (file_ansi_from_wide(buffer, size, name, VOLUME_NAME_LENGTH) >= size)
        return fail_with(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}

static BYTE *new_search(void)
{
    BYTE *next = heap_alloc(sizeof(*next));
    if (next) *next = 0;
    return next;
}

HOTPATCH HANDLE WINAPI FindFirstVolumeW(WCHAR *buffer, DWORD size)
{
    BYTE *next = new_search();
    if (next && FindNextVolumeW(next, buffer, size)) return next;
    if (next) heap_free(next);
    return INVALID_HANDLE_VALUE;
}

HOTPATCH HANDLE WINAPI FindFirstVolumeA(char *buffer, DWORD size)
{
    BYTE *next = new_search();
    if (next && FindNextVolumeA(next, buffer, size)) return next;
    if (next) heap_free(next);
    return INVALID_HANDLE_VALUE;
}

HOTPATCH BOOL WINAPI FindVolumeClose(HANDLE handle)
{
    return RtlFreeHeap(process_heap(), 0, handle);
}
