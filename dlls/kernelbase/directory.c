// Directories: making, removing, the current one, and watching one for changes.
#include "base.h"

HOTPATCH BOOL WINAPI CreateDirectoryW(const WCHAR *path, SECURITY_ATTRIBUTES *security)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE directory;
    if (!nt_name_from_path(&name, path, security)) return FALSE;
    NTSTATUS status = NtCreateFile(
        &directory, GENERIC_READ | SYNCHRONIZE, &name.attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_CREATE,
        FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT, NULL, 0);
    if (!bool_from_status(status)) return FALSE;
    NtClose(directory);
    return TRUE;
}

HOTPATCH BOOL WINAPI CreateDirectoryA(const char *path, SECURITY_ATTRIBUTES *security)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && CreateDirectoryW(wide, security);
}

// The template's attributes are not copied: it only has to be a directory.
HOTPATCH BOOL WINAPI CreateDirectoryExW(const WCHAR *template_path, const WCHAR *path,
                                        SECURITY_ATTRIBUTES *security)
{
    DWORD attributes = GetFileAttributesW(template_path);
    if (attributes == INVALID_FILE_ATTRIBUTES) return FALSE;
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) return fail_with(ERROR_DIRECTORY);
    return CreateDirectoryW(path, security);
}

HOTPATCH BOOL WINAPI CreateDirectoryExA(const char *template_path, const char *path,
                                        SECURITY_ATTRIBUTES *security)
{
    AUTO_FREE WCHAR *wide_template = wide_from_file_ansi(template_path);
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return wide_template && wide && CreateDirectoryExW(wide_template, wide, security);
}

HOTPATCH BOOL WINAPI RemoveDirectoryW(const WCHAR *path)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE directory;
    if (!nt_name_from_path(&name, path, NULL)) return FALSE;
    NTSTATUS status =
        NtOpenFile(&directory, DELETE | SYNCHRONIZE, &name.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_REPARSE_POINT);
    if (!bool_from_status(status)) return FALSE;
    FILE_DISPOSITION_INFORMATION info = {TRUE};
    status = NtSetInformationFile(directory, &io, &info, sizeof(info), FileDispositionInformation);
    NtClose(directory);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI RemoveDirectoryA(const char *path)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && RemoveDirectoryW(wide);
}

// ---- the current directory ----

HOTPATCH DWORD WINAPI GetCurrentDirectoryW(DWORD size, WCHAR *buffer)
{
    ULONG bytes = size > 0x7FFFFFFF ? 0xFFFFFFFE : size * (ULONG)sizeof(WCHAR);
    return RtlGetCurrentDirectory_U(bytes, buffer) / sizeof(WCHAR);
}

HOTPATCH DWORD WINAPI GetCurrentDirectoryA(DWORD size, char *buffer)
{
    AUTO_FREE WCHAR *wide = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetCurrentDirectoryW(0x8000, wide);
    return file_ansi_from_wide(buffer, size, wide, length);
}

HOTPATCH BOOL WINAPI SetCurrentDirectoryW(const WCHAR *path)
{
    UNICODE_STRING name;
    RtlInitUnicodeString(&name, path);
    return bool_from_status(RtlSetCurrentDirectory_U(&name));
}

HOTPATCH BOOL WINAPI SetCurrentDirectoryA(const char *path)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return !conversion_failed(path, wide) && SetCurrentDirectoryW(wide);
}

// ---- changes ----

// Runs as an APC for ReadDirectoryChangesW's completion routine.
static void WINAPI run_completion(void *routine, IO_STATUS_BLOCK *io, ULONG reserved)
{
    DWORD error = NT_SUCCESS(io->Status) ? ERROR_SUCCESS : RtlNtStatusToDosError(io->Status);
    (void)reserved;
    ((LPOVERLAPPED_COMPLETION_ROUTINE)routine)(error, (DWORD)io->Information,
                                               CONTAINING_RECORD(io, OVERLAPPED, Internal));
}

HOTPATCH BOOL WINAPI ReadDirectoryChangesExW(HANDLE directory, void *buffer, DWORD size, BOOL subtree,
                                             DWORD filter, DWORD *done, OVERLAPPED *overlapped,
                                             LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG class)
{
    IO_STATUS_BLOCK own = {}, *io = overlapped ? (IO_STATUS_BLOCK *)&overlapped->Internal : &own;
    HANDLE event = overlapped && !routine ? overlapped->hEvent : NULL;
    void *context = routine ? (void *)routine : overlapped && !((ULONG_PTR)event & 1) ? overlapped : NULL;
    io->Status = STATUS_PENDING;
    NTSTATUS status =
        NtNotifyChangeDirectoryFileEx(directory, event, routine ? (PIO_APC_ROUTINE)run_completion : NULL,
                                      context, io, buffer, size, filter, subtree != 0, class);
    if (status == STATUS_PENDING && !overlapped) {
        status = NtWaitForSingleObject(directory, FALSE, NULL);
        if (NT_SUCCESS(status)) status = io->Status;
        if (done) *done = (DWORD)io->Information;
    }
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI ReadDirectoryChangesW(HANDLE directory, void *buffer, DWORD size, BOOL subtree,
                                           DWORD filter, DWORD *done, OVERLAPPED *overlapped,
                                           LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    return ReadDirectoryChangesExW(directory, buffer, size, subtree, filter, done, overlapped, routine,
                                   DIRECTORY_NOTIFY_PLAIN);
}

// One buffer serves all notification handles: what changed is not asked for.
static char change_buffer[4096];
static IO_STATUS_BLOCK change_status;

HOTPATCH BOOL WINAPI FindNextChangeNotification(HANDLE handle)
{
    NTSTATUS status = NtNotifyChangeDirectoryFile(handle, NULL, NULL, NULL, &change_status, change_buffer, 0,
                                                  FILE_NOTIFY_CHANGE_SIZE, FALSE);
    return bool_from_status(status);
}

HOTPATCH HANDLE WINAPI FindFirstChangeNotificationW(const WCHAR *path, BOOL subtree, DWORD filter)
{
    AUTO_NAME struct nt_name name = {};
    IO_STATUS_BLOCK io;
    HANDLE directory = INVALID_HANDLE_VALUE;
    if (!nt_name_from_path(&name, path, NULL)) return INVALID_HANDLE_VALUE;
    NTSTATUS status = NtOpenFile(&directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &name.attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                 FILE_DIRECTORY_FILE | FILE_OPEN_FOR_BACKUP_INTENT);
    if (!bool_from_status(status)) return INVALID_HANDLE_VALUE;
    status = NtNotifyChangeDirectoryFile(directory, NULL, NULL, NULL, &change_status, change_buffer, 0,
                                         filter, subtree != 0);
    if (bool_from_status(status)) return directory;
    NtClose(directory);
    return INVALID_HANDLE_VALUE;
}

HOTPATCH HANDLE WINAPI FindFirstChangeNotificationA(const char *path, BOOL subtree, DWORD filter)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return INVALID_HANDLE_VALUE;
    return FindFirstChangeNotificationW(wide, subtree, filter);
}

HOTPATCH BOOL WINAPI FindCloseChangeNotification(HANDLE handle)
{
    return CloseHandle(handle);
}
