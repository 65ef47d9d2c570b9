// Opening and making files: CreateFile, its variants, and the devices that its names can mean.
#include "base.h"

// Attributes and flags of CreateFile as options of NT's call.
static ULONG open_options(DWORD flags, DWORD *access)
{
    ULONG options = 0;
    if (flags & FILE_FLAG_BACKUP_SEMANTICS)
        options |= FILE_OPEN_FOR_BACKUP_INTENT;
    else
        options |= FILE_NON_DIRECTORY_FILE;
    if (flags & FILE_FLAG_DELETE_ON_CLOSE) {
        options |= FILE_DELETE_ON_CLOSE;
        *access |= DELETE;
    }
    if (flags & FILE_FLAG_NO_BUFFERING) options |= FILE_NO_INTERMEDIATE_BUFFERING;
    if (!(flags & FILE_FLAG_OVERLAPPED)) options |= FILE_SYNCHRONOUS_IO_NONALERT;
    if (flags & FILE_FLAG_RANDOM_ACCESS) options |= FILE_RANDOM_ACCESS;
    if (flags & FILE_FLAG_SEQUENTIAL_SCAN) options |= FILE_SEQUENTIAL_ONLY;
    if (flags & FILE_FLAG_WRITE_THROUGH) options |= FILE_WRITE_THROUGH;
    if (flags & FILE_FLAG_OPEN_REPARSE_POINT) options |= FILE_OPEN_REPARSE_POINT;
    if (flags & FILE_FLAG_OPEN_NO_RECALL) options |= FILE_OPEN_NO_RECALL;
    return options;
}

#define VALID_ATTRIBUTES 0x00007FB7u

static HANDLE failed(DWORD error)
{
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

// "CONIN$" and "CONOUT$" in any case name the console's two sides, whatever the directory.
static const WCHAR *console_device(const WCHAR *name)
{
    UNICODE_STRING text, in, out;
    RtlInitUnicodeString(&text, name);
    RtlInitUnicodeString(&in, L"CONIN$");
    RtlInitUnicodeString(&out, L"CONOUT$");
    if (RtlEqualUnicodeString(&text, &in, TRUE)) return L"\\??\\CONIN$";
    if (RtlEqualUnicodeString(&text, &out, TRUE)) return L"\\??\\CONOUT$";
    return NULL;
}

static NTSTATUS open_console(const WCHAR *device, DWORD access, const SECURITY_ATTRIBUTES *security,
                             HANDLE *file)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    RtlInitUnicodeString(&name, device);
    InitializeObjectAttributes(
        &attributes, &name, OBJ_CASE_INSENSITIVE | (security && security->bInheritHandle ? OBJ_INHERIT : 0),
        NULL, NULL);
    return NtCreateFile(file, access | SYNCHRONIZE, &attributes, &io, NULL, 0,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

// What CREATE_ALWAYS and OPEN_ALWAYS report about a file that was there.
static void report_existing(DWORD disposition, ULONG_PTR information)
{
    bool existed = (disposition == CREATE_ALWAYS && information == FILE_OVERWRITTEN) ||
                   (disposition == OPEN_ALWAYS && information == FILE_OPENED);
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
}

HOTPATCH HANDLE WINAPI CreateFileW(const WCHAR *path, DWORD access, DWORD sharing,
                                   SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags,
                                   HANDLE template_file)
{
    static const BYTE dispositions[] = {
        [CREATE_NEW] = FILE_CREATE,   [CREATE_ALWAYS] = FILE_OVERWRITE_IF,  [OPEN_EXISTING] = FILE_OPEN,
        [OPEN_ALWAYS] = FILE_OPEN_IF, [TRUNCATE_EXISTING] = FILE_OVERWRITE,
    };
    (void)template_file; // extended attributes are not copied
    if (!path || !path[0]) return failed(ERROR_PATH_NOT_FOUND);
    if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING) return failed(ERROR_INVALID_PARAMETER);
    if (disposition == TRUNCATE_EXISTING && !(access & GENERIC_WRITE)) return failed(ERROR_INVALID_PARAMETER);

    HANDLE file = NULL;
    IO_STATUS_BLOCK io = {};
    NTSTATUS status;
    const WCHAR *console = console_device(path);
    if (console) {
        status = open_console(console, access, security, &file);
    } else {
        AUTO_NAME struct nt_name name = {};
        // A name that ends in a backslash can only be a directory, but for devices, whose names are their own
        // business.
        bool directory = path[wide_length(path) - 1] == '\\' &&
                         !(RtlDetermineDosPathNameType_U(path) == RtlPathTypeLocalDevice && path[2] == '.');
        if (!nt_name_from_path(&name, path, security)) return INVALID_HANDLE_VALUE;
        if (directory && !(flags & FILE_FLAG_BACKUP_SEMANTICS)) return failed(ERROR_PATH_NOT_FOUND);
        if (flags & FILE_FLAG_POSIX_SEMANTICS) name.attributes.Attributes &= ~OBJ_CASE_INSENSITIVE;
        DWORD wanted = access | SYNCHRONIZE | FILE_READ_ATTRIBUTES;
        ULONG options = open_options(flags, &wanted);
        SECURITY_QUALITY_OF_SERVICE quality;
        if (flags & SECURITY_SQOS_PRESENT) {
            quality = (SECURITY_QUALITY_OF_SERVICE){sizeof(quality), (flags & 0x30000) >> 16,
                                                    (flags & SECURITY_CONTEXT_TRACKING) != 0,
                                                    (flags & SECURITY_EFFECTIVE_ONLY) != 0};
            name.attributes.SecurityQualityOfService = &quality;
        }
        status = NtCreateFile(&file, wanted, &name.attributes, &io, NULL, flags & VALID_ATTRIBUTES, sharing,
                              dispositions[disposition], options, NULL, 0);
        // A name such as NUL is a device even where an ordinary file can't be made.
        if (status == STATUS_OBJECT_NAME_COLLISION) return failed(ERROR_FILE_EXISTS);
        if (status == STATUS_FILE_IS_A_DIRECTORY)
            return failed(directory ? ERROR_PATH_NOT_FOUND : ERROR_ACCESS_DENIED);
    }
    if (!NT_SUCCESS(status)) {
        set_error_from_status(status);
        return INVALID_HANDLE_VALUE;
    }
    report_existing(disposition, io.Information);
    return file;
}

HOTPATCH HANDLE WINAPI CreateFileA(const char *path, DWORD access, DWORD sharing,
                                   SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags,
                                   HANDLE template_file)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    if (conversion_failed(path, wide)) return INVALID_HANDLE_VALUE;
    return CreateFileW(wide, access, sharing, security, disposition, flags, template_file);
}

HOTPATCH HANDLE WINAPI CreateFile2(const WCHAR *path, DWORD access, DWORD sharing, DWORD disposition,
                                   CREATEFILE2_EXTENDED_PARAMETERS *extended)
{
    DWORD flags = 0;
    SECURITY_ATTRIBUTES *security = NULL;
    HANDLE template_file = NULL;
    if (extended) {
        const DWORD attributes = 0x3FFFF; // what lies above is flags
        flags = (extended->dwFileAttributes & attributes) | (extended->dwFileFlags & ~attributes) |
                extended->dwSecurityQosFlags;
        security = extended->lpSecurityAttributes;
        template_file = extended->hTemplateFile;
    }
    return CreateFileW(path, access, sharing, security, disposition, flags, template_file);
}

// A second handle to the same file with other rights.
HOTPATCH HANDLE WINAPI ReOpenFile(HANDLE original, DWORD access, DWORD sharing, DWORD flags)
{
    UNICODE_STRING empty = {};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL;
    // Attributes can't change on a file that exists.
    if (flags & 0x7FFFF & ~(DWORD)(FILE_FLAG_OPEN_REPARSE_POINT)) return failed(ERROR_INVALID_PARAMETER);
    DWORD wanted = access | SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    ULONG options = open_options(flags, &wanted);
    InitializeObjectAttributes(&attributes, &empty, 0, original, NULL);
    NTSTATUS status = NtOpenFile(&file, wanted, &attributes, &io, sharing, options);
    if (bool_from_status(status)) return file;
    return INVALID_HANDLE_VALUE;
}

// Opens a file by its number; hint is any file of its volume.
HOTPATCH HANDLE WINAPI OpenFileById(HANDLE hint, FILE_ID_DESCRIPTOR *id, DWORD access, DWORD sharing,
                                    SECURITY_ATTRIBUTES *security, DWORD flags)
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL;
    if (!id) return failed(ERROR_INVALID_PARAMETER);
    UNICODE_STRING name = {.Buffer = (void *)&id->FileId};
    name.Length = name.MaximumLength = id->Type == FileIdType ? sizeof(id->FileId) : sizeof(FILE_ID_128);
    if (id->Type != FileIdType && id->Type != ExtendedFileIdType) return failed(ERROR_INVALID_PARAMETER);
    DWORD wanted = access | SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    ULONG options = (open_options(flags, &wanted) & ~(ULONG)FILE_NON_DIRECTORY_FILE) | FILE_OPEN_BY_FILE_ID;
    InitializeObjectAttributes(&attributes, &name, security && security->bInheritHandle ? OBJ_INHERIT : 0,
                               hint, security ? security->lpSecurityDescriptor : NULL);
    NTSTATUS status = NtOpenFile(&file, wanted, &attributes, &io, sharing, options);
    return bool_from_status(status) ? file : INVALID_HANDLE_VALUE;
}

// The file API of Windows 2: still called by old installers.
HOTPATCH HFILE WINAPI OpenFile(const char *path, OFSTRUCT *info, UINT mode)
{
    static const DWORD accesses[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE};
    if (!info || (mode & 3) > 2) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return HFILE_ERROR;
    }
    const char *name = mode & OF_REOPEN ? info->szPathName : path;
    char full[OFS_MAXPATHNAME];
    DWORD length = SearchPathA(NULL, name, NULL, sizeof(full), full, NULL);
    if (!length || length >= sizeof(full)) {
        length = GetFullPathNameA(name, sizeof(full), full, NULL);
        if (!length || length >= sizeof(full)) {
            DWORD error = length ? ERROR_FILENAME_EXCED_RANGE : ERROR_PATH_NOT_FOUND;
            info->nErrCode = (WORD)error;
            SetLastError(error);
            return HFILE_ERROR;
        }
    }
    if ((mode & OF_EXIST) && GetFileAttributesA(full) == INVALID_FILE_ATTRIBUTES) {
        info->nErrCode = (WORD)GetLastError();
        return HFILE_ERROR;
    }
    memset(info, 0, sizeof(*info));
    info->cBytes = sizeof(*info);
    info->fFixedDisk = TRUE;
    memcpy(info->szPathName, full, length + 1);
    if (mode & OF_PARSE) return 1;
    if (mode & OF_DELETE) {
        if (DeleteFileA(full)) return TRUE;
        info->nErrCode = (WORD)GetLastError();
        return HFILE_ERROR;
    }
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE;
    switch (mode & 0x70) {
    case OF_SHARE_EXCLUSIVE: sharing = 0; break;
    case OF_SHARE_DENY_WRITE: sharing = FILE_SHARE_READ; break;
    case OF_SHARE_DENY_READ: sharing = FILE_SHARE_WRITE; break;
    }
    HANDLE file =
        CreateFileA(full, mode & OF_CREATE ? GENERIC_READ | GENERIC_WRITE : accesses[mode & 3], sharing, NULL,
                    mode & OF_CREATE ? CREATE_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        info->nErrCode = (WORD)GetLastError();
        return HFILE_ERROR;
    }
    if (mode & OF_EXIST) {
        CloseHandle(file);
        return TRUE;
    }
    return (HFILE)(ULONG_PTR)file;
}

HOTPATCH HFILE WINAPI _lopen(const char *path, int mode)
{
    OFSTRUCT info;
    return OpenFile(path, &info, (UINT)mode & ~(UINT)OF_REOPEN);
}

HOTPATCH HFILE WINAPI _lcreat(const char *path, int attributes)
{
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              CREATE_ALWAYS, (DWORD)attributes & 7, NULL);
    return (HFILE)(ULONG_PTR)file;
}

HOTPATCH UINT WINAPI _lread(HFILE file, void *buffer, UINT size)
{
    DWORD done;
    return ReadFile((HANDLE)(ULONG_PTR)file, buffer, size, &done, NULL) ? done : HFILE_ERROR;
}

HOTPATCH UINT WINAPI _lwrite(HFILE file, const char *buffer, UINT size)
{
    DWORD done;
    // Writing nothing cuts the file off here.
    if (!size) return SetEndOfFile((HANDLE)(ULONG_PTR)file) ? 0 : HFILE_ERROR;
    return WriteFile((HANDLE)(ULONG_PTR)file, buffer, size, &done, NULL) ? done : HFILE_ERROR;
}

HOTPATCH LONG WINAPI _llseek(HFILE file, LONG offset, int origin)
{
    return (LONG)SetFilePointer((HANDLE)(ULONG_PTR)file, offset, NULL, (DWORD)origin);
}

HOTPATCH HFILE WINAPI _lclose(HFILE file)
{
    return CloseHandle((HANDLE)(ULONG_PTR)file) ? 0 : HFILE_ERROR;
}

HOTPATCH LONG WINAPI _hread(HFILE file, void *buffer, LONG size)
{
    return (LONG)_lread(file, buffer, (UINT)size);
}

HOTPATCH LONG WINAPI _hwrite(HFILE file, const char *buffer, LONG size)
{
    return (LONG)_lwrite(file, buffer, (UINT)size);
}
