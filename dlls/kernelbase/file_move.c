// Moving and replacing files.
#include "file_copy.h"

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

// target NULL with MOVEFILE_DELAY_UNTIL_REBOOT: deletes.
HOTPATCH BOOL WINAPI MoveFileWithProgressW(const WCHAR *source, const WCHAR *target,
                                           LPPROGRESS_ROUTINE routine, void *data, DWORD flags)
{
    AUTO_NAME struct nt_name from = {}, to = {};
    IO_STATUS_BLOCK io;
    HANDLE file;
    bool delayed = flags & MOVEFILE_DELAY_UNTIL_REBOOT;
    if (delayed ? flags & MOVEFILE_COPY_ALLOWED : !target) return fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&from, source, NULL)) return FALSE;
    if (target && !nt_name_from_path(&to, target, NULL)) return FALSE;
    if (delayed)
        return move_at_next_start(&from.name, target ? &to.name : NULL, flags & MOVEFILE_REPLACE_EXISTING);
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

static NTSTATUS open_by_name(struct nt_name *name, ACCESS_MASK access, HANDLE *file)
{
    IO_STATUS_BLOCK io;
    return NtOpenFile(file, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &name->attributes, &io,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                      FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
}

// Where a replaced file goes that nobody wants a backup of, until its last handle is closed: beside its old
// place.
static NTSTATUS set_aside(HANDLE file, const UNICODE_STRING *path)
{
    WCHAR buffer[MAX_PATH * 2];
    SIZE_T length = path->Length / sizeof(WCHAR);
    if (length + 16 > ARRAY_LENGTH(buffer)) return STATUS_NAME_TOO_LONG;
    memcpy(buffer, path->Buffer, path->Length);
    NTSTATUS status = STATUS_OBJECT_NAME_COLLISION;
    for (DWORD try = GetTickCount(); status == STATUS_OBJECT_NAME_COLLISION; try++) {
        WCHAR *at = buffer + length;
        memcpy(at, L"~RF", 3 * sizeof(WCHAR));
        at += 3;
        for (int shift = 28; shift >= 0; shift -= 4) *at++ = L"0123456789abcdef"[try >> shift & 15];
        memcpy(at, L".TMP", 5 * sizeof(WCHAR));
        UNICODE_STRING name;
        RtlInitUnicodeString(&name, buffer);
        status = rename_file(file, &name, false);
    }
    return status;
}

// Exchanges the names; both are as before when the second step fails and the first can be undone.
static DWORD exchange(HANDLE old, const UNICODE_STRING *place, HANDLE new, const UNICODE_STRING *backup)
{
    NTSTATUS status = backup ? rename_file(old, backup, true) : set_aside(old, place);
    if (!NT_SUCCESS(status)) return ERROR_UNABLE_TO_REMOVE_REPLACED;
    status = rename_file(new, place, false);
    if (!NT_SUCCESS(status))
        return NT_SUCCESS(rename_file(old, place, false)) ? ERROR_UNABLE_TO_MOVE_REPLACEMENT
                                                          : ERROR_UNABLE_TO_MOVE_REPLACEMENT_2;
    if (!backup) delete_open_file(old);
    return ERROR_SUCCESS;
}

// replaced's place is taken by replacement, which keeps replaced's attributes and creation time; what was
// there goes to backup.
HOTPATCH BOOL WINAPI ReplaceFileW(const WCHAR *replaced, const WCHAR *replacement, const WCHAR *backup,
                                  DWORD flags, void *exclude, void *reserved)
{
    (void)flags;
    AUTO_NAME struct nt_name old_name = {}, new_name = {}, backup_name = {};
    AUTO_CLOSE HANDLE old = NULL;
    AUTO_CLOSE HANDLE new = NULL;
    FILE_BASIC_INFORMATION basic;
    IO_STATUS_BLOCK io;
    if (!replaced || !replacement || exclude || reserved) return fail_with(ERROR_INVALID_PARAMETER);
    if (!nt_name_from_path(&old_name, replaced, NULL) || !nt_name_from_path(&new_name, replacement, NULL) ||
        (backup && !nt_name_from_path(&backup_name, backup, NULL)))
        return FALSE;
    NTSTATUS status = open_by_name(&old_name, GENERIC_READ | DELETE, &old);
    if (NT_SUCCESS(status))
        status = NtQueryInformationFile(old, &io, &basic, sizeof(basic), FileBasicInformation);
    if (NT_SUCCESS(status) && (basic.FileAttributes & FILE_ATTRIBUTE_READONLY)) status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status))
        status = open_by_name(&new_name, GENERIC_READ | GENERIC_WRITE | DELETE | WRITE_DAC, &new);
    // One file has nothing to exchange, and would go with what is replaced: it is in use as that.
    if (NT_SUCCESS(status) && are_one_file(old, new)) status = STATUS_SHARING_VIOLATION;
    if (!bool_from_status(status)) return FALSE;
    DWORD error = exchange(old, &old_name.name, new, backup ? &backup_name.name : NULL);
    if (error) return fail_with(error);
    FILE_BASIC_INFORMATION kept;
    memset(&kept, 0, sizeof(kept));
    kept.CreationTime = basic.CreationTime;
    kept.FileAttributes = basic.FileAttributes;
    NtSetInformationFile(new, &io, &kept, sizeof(kept), FileBasicInformation);
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
