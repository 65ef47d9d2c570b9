// Copying, moving and replacing files.
#include "base.h"

#define COPY_BUFFER (256u << 10)

struct copy {
    HANDLE source, target;
    LPPROGRESS_ROUTINE routine;
    void *data;
    const BOOL *cancel;
    LARGE_INTEGER size, done;
};

// Asks the caller's routine whether to go on: ERROR_SUCCESS, or why not.
static DWORD report_progress(struct copy *copy, DWORD reason)
{
    if (copy->cancel && *(volatile const BOOL *)copy->cancel) return ERROR_REQUEST_ABORTED;
    if (!copy->routine) return ERROR_SUCCESS;
    switch (copy->routine(copy->size, copy->done, copy->size, copy->done, 1, reason, copy->source,
                          copy->target, copy->data)) {
    case PROGRESS_CANCEL:
    case PROGRESS_STOP: return ERROR_REQUEST_ABORTED;
    case PROGRESS_QUIET: copy->routine = NULL; break;
    }
    return ERROR_SUCCESS;
}

static DWORD copy_contents(struct copy *copy)
{
    AUTO_FREE char *buffer = heap_alloc(COPY_BUFFER);
    if (!buffer) return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = report_progress(copy, CALLBACK_STREAM_SWITCH);
    while (!error) {
        DWORD got, put;
        if (!ReadFile(copy->source, buffer, COPY_BUFFER, &got, NULL)) return GetLastError();
        if (!got) break;
        if (!WriteFile(copy->target, buffer, got, &put, NULL)) return GetLastError();
        copy->done.QuadPart += put;
        error = report_progress(copy, CALLBACK_CHUNK_FINISHED);
    }
    return error;
}

static void delete_open_file(HANDLE file)
{
    FILE_DISPOSITION_INFORMATION info = {TRUE};
    IO_STATUS_BLOCK io;
    NtSetInformationFile(file, &io, &info, sizeof(info), FileDispositionInformation);
}

// The copy has the source's attributes and last write time.
HOTPATCH BOOL WINAPI CopyFileExW(const WCHAR *source, const WCHAR *target, LPPROGRESS_ROUTINE routine,
                                 void *data, BOOL *cancel, DWORD flags)
{
    FILE_BASIC_INFORMATION basic;
    FILE_STANDARD_INFORMATION standard;
    IO_STATUS_BLOCK io;
    if (!source || !target) return fail_with(ERROR_INVALID_PARAMETER);
    HANDLE from = CreateFileW(source, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (from == INVALID_HANDLE_VALUE) return FALSE;
    AUTO_CLOSE HANDLE close_from = from;
    NTSTATUS status = NtQueryInformationFile(from, &io, &basic, sizeof(basic), FileBasicInformation);
    if (NT_SUCCESS(status))
        status = NtQueryInformationFile(from, &io, &standard, sizeof(standard), FileStandardInformation);
    if (!bool_from_status(status)) return FALSE;

    DWORD exists = flags & COPY_FILE_FAIL_IF_EXISTS ? CREATE_NEW : CREATE_ALWAYS;
    HANDLE to = CreateFileW(target, GENERIC_WRITE | DELETE, 0, NULL, exists,
                            basic.FileAttributes & ~(DWORD)FILE_ATTRIBUTE_READONLY, NULL);
    if (to == INVALID_HANDLE_VALUE) return FALSE;
    struct copy copy = {from, to, routine, data, cancel, standard.EndOfFile, {}};
    DWORD error = copy_contents(&copy);
    if (error) {
        delete_open_file(to);
    } else {
        FILE_BASIC_INFORMATION kept;
        memset(&kept, 0, sizeof(kept));
        kept.LastWriteTime = basic.LastWriteTime;
        kept.FileAttributes = basic.FileAttributes;
        NtSetInformationFile(to, &io, &kept, sizeof(kept), FileBasicInformation);
    }
    NtClose(to);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI CopyFileW(const WCHAR *source, const WCHAR *target, BOOL fail_if_exists)
{
    return CopyFileExW(source, target, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

HOTPATCH BOOL WINAPI CopyFileExA(const char *source, const char *target, LPPROGRESS_ROUTINE routine,
                                 void *data, BOOL *cancel, DWORD flags)
{
    AUTO_FREE WCHAR *wide_source = wide_from_file_ansi(source);
    AUTO_FREE WCHAR *wide_target = wide_from_file_ansi(target);
    if (conversion_failed(source, wide_source) || conversion_failed(target, wide_target)) return FALSE;
    return CopyFileExW(wide_source, wide_target, routine, data, cancel, flags);
}

HOTPATCH BOOL WINAPI CopyFileA(const char *source, const char *target, BOOL fail_if_exists)
{
    return CopyFileExA(source, target, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

// ---- moving ----

static NTSTATUS rename_file(HANDLE file, const UNICODE_STRING *name, bool replace)
{
    IO_STATUS_BLOCK io;
    ULONG size = sizeof(FILE_RENAME_INFORMATION) + name->Length;
    AUTO_FREE FILE_RENAME_INFORMATION *info = heap_alloc(size);
    if (!info) return STATUS_NO_MEMORY;
    memset(info, 0, sizeof(*info));
    info->ReplaceIfExists = replace;
    info->FileNameLength = name->Length;
    memcpy(info->FileName, name->Buffer, name->Length);
    return NtSetInformationFile(file, &io, info, size, FileRenameInformation);
}

// target NULL (with MOVEFILE_DELAY_UNTIL_REBOOT) would delete at the next start: there is none to wait for.
HOTPATCH BOOL WINAPI MoveFileWithProgressW(const WCHAR *source, const WCHAR *target,
                                           LPPROGRESS_ROUTINE routine, void *data, DWORD flags)
{
    AUTO_NAME struct nt_name from = {}, to = {};
    IO_STATUS_BLOCK io;
    HANDLE file;
    if (flags & MOVEFILE_DELAY_UNTIL_REBOOT)
        return fail_with(flags & MOVEFILE_COPY_ALLOWED ? ERROR_INVALID_PARAMETER : ERROR_ACCESS_DENIED);
    if (!target) return fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&from, source, NULL) || !nt_name_from_path(&to, target, NULL)) return FALSE;
    NTSTATUS status =
        NtOpenFile(&file, DELETE | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &from.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT | FILE_OPEN_REPARSE_POINT);
    if (!bool_from_status(status)) return FALSE;
    status = rename_file(file, &to.name, flags & MOVEFILE_REPLACE_EXISTING);
    FILE_BASIC_INFORMATION basic;
    NTSTATUS queried = NtQueryInformationFile(file, &io, &basic, sizeof(basic), FileBasicInformation);
    NtClose(file);
    if (status != STATUS_NOT_SAME_DEVICE || !(flags & MOVEFILE_COPY_ALLOWED)) {
        if (status == STATUS_OBJECT_NAME_COLLISION) return fail_with(ERROR_ALREADY_EXISTS);
        return bool_from_status(status);
    }
    // To another volume: a copy, for files only.
    if (!NT_SUCCESS(queried) || (basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        return fail_with(ERROR_ACCESS_DENIED);
    return CopyFileExW(source, target, routine, data, NULL,
                       flags & MOVEFILE_REPLACE_EXISTING ? 0 : COPY_FILE_FAIL_IF_EXISTS) &&
           DeleteFileW(source);
}

HOTPATCH BOOL WINAPI MoveFileExW(const WCHAR *source, const WCHAR *target, DWORD flags)
{
    return MoveFileWithProgressW(source, target, NULL, NULL, flags);
}

HOTPATCH BOOL WINAPI MoveFileW(const WCHAR *source, const WCHAR *target)
{
    return MoveFileWithProgressW(source, target, NULL, NULL, MOVEFILE_COPY_ALLOWED);
}

HOTPATCH BOOL WINAPI MoveFileWithProgressA(const char *source, const char *target, LPPROGRESS_ROUTINE routine,
                                           void *data, DWORD flags)
{
    AUTO_FREE WCHAR *wide_source = wide_from_file_ansi(source);
    AUTO_FREE WCHAR *wide_target = wide_from_file_ansi(target);
    if (conversion_failed(source, wide_source) || conversion_failed(target, wide_target)) return FALSE;
    return MoveFileWithProgressW(wide_source, wide_target, routine, data, flags);
}

HOTPATCH BOOL WINAPI MoveFileExA(const char *source, const char *target, DWORD flags)
{
    return MoveFileWithProgressA(source, target, NULL, NULL, flags);
}

HOTPATCH BOOL WINAPI MoveFileA(const char *source, const char *target)
{
    return MoveFileWithProgressA(source, target, NULL, NULL, MOVEFILE_COPY_ALLOWED);
}

// replaced's place is taken by replacement, which keeps replaced's attributes; what was there goes to backup.
HOTPATCH BOOL WINAPI ReplaceFileW(const WCHAR *replaced, const WCHAR *replacement, const WCHAR *backup,
                                  DWORD flags, void *exclude, void *reserved)
{
    (void)flags;
    if (!replaced || !replacement || exclude || reserved) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD attributes = GetFileAttributesW(replaced);
    if (attributes == INVALID_FILE_ATTRIBUTES) return FALSE;
    if (attributes & FILE_ATTRIBUTE_READONLY) return fail_with(ERROR_ACCESS_DENIED);
    if (GetFileAttributesW(replacement) == INVALID_FILE_ATTRIBUTES) return FALSE;
    if (backup && !MoveFileExW(replaced, backup, MOVEFILE_REPLACE_EXISTING))
        return fail_with(ERROR_UNABLE_TO_REMOVE_REPLACED);
    if (!MoveFileExW(replacement, replaced, MOVEFILE_REPLACE_EXISTING)) {
        if (!backup) return fail_with(ERROR_UNABLE_TO_MOVE_REPLACEMENT);
        // Both names are as before when the first step can be undone.
        return fail_with(MoveFileExW(backup, replaced, 0) ? ERROR_UNABLE_TO_MOVE_REPLACEMENT
                                                          : ERROR_UNABLE_TO_MOVE_REPLACEMENT_2);
    }
    SetFileAttributesW(replaced, attributes);
    return TRUE;
}

HOTPATCH BOOL WINAPI ReplaceFileA(const char *replaced, const char *replacement, const char *backup,
                                  DWORD flags, void *exclude, void *reserved)
{
    AUTO_FREE WCHAR *wide_replaced = wide_from_file_ansi(replaced);
    AUTO_FREE WCHAR *wide_replacement = wide_from_file_ansi(replacement);
    AUTO_FREE WCHAR *wide_backup = wide_from_file_ansi(backup);
    if (conversion_failed(backup, wide_backup)) return FALSE;
    return ReplaceFileW(wide_replaced, wide_replacement, wide_backup, flags, exclude, reserved);
}
