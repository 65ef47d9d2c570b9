// DOS paths: their kinds, full path names, device names, the current directory.
#include "nls.h"

#define PATH_BYTES_MAX 0xFFFE

static inline BOOLEAN is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

static RTL_PATH_TYPE path_type(const WCHAR *p)
{
    if (is_separator(p[0])) {
        if (!is_separator(p[1])) return RtlPathTypeRooted;
        if (p[2] != '.' && p[2] != '?') return RtlPathTypeUncAbsolute;
        if (is_separator(p[3])) return RtlPathTypeLocalDevice;
        return p[3] ? RtlPathTypeUncAbsolute : RtlPathTypeRootLocalDevice;
    }
    if (!p[0] || p[1] != ':') return RtlPathTypeRelative;
    return is_separator(p[2]) ? RtlPathTypeDriveAbsolute : RtlPathTypeDriveRelative;
}

/** What kind of path a string begins like. */
RTL_PATH_TYPE WINAPI RtlDetermineDosPathNameType_U(PCWSTR path)
{
    return path ? path_type(path) : RtlPathTypeUnknown;
}

static BOOLEAN is_device(const WCHAR *name, ULONG n)
{
    static const WCHAR names[][4] = {L"aux", L"con", L"nul", L"prn", L"com", L"lpt"};

    if (n == 3 || n == 4) {
        for (ULONG i = n == 3 ? 0 : 4; i < (n == 3 ? 4 : 6); i++) {
            if (!_wcsnicmp(name, names[i], 3) && (n == 3 || (name[3] >= '1' && name[3] <= '9'))) return TRUE;
        }
        return FALSE;
    }
    return (n == 6 && !_wcsnicmp(name, L"conin$", 6)) || (n == 7 && !_wcsnicmp(name, L"conout$", 7));
}

/**
 * Whether a path's last part is a DOS device (NUL, CON, AUX, PRN, COM1-9, LPT1-9, CONIN$, CONOUT$), with or
 * without extension, colon, trailing dots and blanks. Offset << 16 | size of its name in bytes, or 0.
 */
ULONG WINAPI RtlIsDosDeviceName_U(PCWSTR path)
{
    ULONG start = 0, end, n;

    if (!path) return 0;
    switch (path_type(path)) {
    case RtlPathTypeUnknown:
    case RtlPathTypeUncAbsolute: return 0;
    case RtlPathTypeLocalDevice:
        return !_wcsicmp(path + 4, L"con") ? 4 * sizeof(WCHAR) << 16 | 3 * sizeof(WCHAR) : 0;
    case RtlPathTypeDriveAbsolute:
    case RtlPathTypeDriveRelative: start = 2; break;
    default: break;
    }
    end = wcslen(path);
    if (end > start && path[end - 1] == ':') end--;
    while (end > start && (path[end - 1] == '.' || path[end - 1] == ' ')) end--;
    for (ULONG i = start; i < end; i++) {
        if (is_separator(path[i])) start = i + 1;
    }
    for (n = 0; start + n < end && path[start + n] != '.' && path[start + n] != ':';) n++;
    while (n && path[start + n - 1] == ' ') n--;
    return is_device(path + start, n) ? start * sizeof(WCHAR) << 16 | n * sizeof(WCHAR) : 0;
}

// A full path under construction: counts what doesn't fit.
struct builder {
    WCHAR *buffer;
    ULONG room, length; // characters
};

static void put(struct builder *b, const WCHAR *text, ULONG n)
{
    if (b->length + n <= b->room) memcpy(b->buffer + b->length, text, n * sizeof(WCHAR));
    b->length += n;
}

// Where the part of a path begins that ".." can't leave: behind "C:\", "\\server\share\", "\\.\".
static ULONG root_length(const WCHAR *p)
{
    ULONG n = 2;

    switch (path_type(p)) {
    case RtlPathTypeDriveAbsolute: return 3;
    case RtlPathTypeLocalDevice: return 4;
    case RtlPathTypeUncAbsolute:
        while (p[n] && !is_separator(p[n])) n++;
        while (is_separator(p[n])) n++;
        while (p[n] && !is_separator(p[n])) n++;
        return p[n] ? n + 1 : n;
    default: return 0;
    }
}

// Resolves separators, "." and ".." in place behind root; returns the new length.
static ULONG collapse(WCHAR *path, ULONG length, ULONG root)
{
    ULONG in = root, out = root;
    BOOLEAN dots = FALSE; // the last part is "." or "..": no separator after what is left

    for (ULONG i = 0; i < root; i++) {
        if (path[i] == '/') path[i] = '\\';
    }
    while (in < length) {
        ULONG n = 0;

        if (is_separator(path[in])) { // more than one in a row
            in++;
            continue;
        }
        while (in + n < length && !is_separator(path[in + n])) n++;
        dots = FALSE;
        if (n == 1 && path[in] == '.') {
            dots = in + n >= length;
            in += n + 1;
        } else if (n == 2 && path[in] == '.' && path[in + 1] == '.') {
            if (out > root) {
                out--; // the separator
                while (out > root && path[out - 1] != '\\') out--;
            }
            dots = in + n >= length;
            in += n + 1;
        } else {
            BOOLEAN last = in + n >= length;

            memmove(path + out, path + in, n * sizeof(WCHAR));
            out += n;
            in += n + 1;
            if (!last) {
                if (path[out - 1] == '.' && n > 1 && path[out - 2] != '.') out--; // "dir.\" is "dir\"
                path[out++] = '\\';
            }
        }
    }
    if (dots && out > root) out--;
    while (out > root && (path[out - 1] == ' ' || path[out - 1] == '.')) out--;
    return out;
}

// Puts down what comes before a path that isn't absolute; returns how much of the path is done with.
static ULONG put_start(struct builder *b, const WCHAR *path, RTL_PATH_TYPE type)
{
    const UNICODE_STRING *current = &peb_self()->ProcessParameters->CurrentDirectory.DosPath;
    ULONG n = current->Length / sizeof(WCHAR);

    switch (type) {
    case RtlPathTypeRootLocalDevice: put(b, L"\\\\.\\", 4); return 3;
    case RtlPathTypeRelative: put(b, current->Buffer, n); return 0;
    case RtlPathTypeRooted: {
        ULONG root = root_length(current->Buffer);
        put(b, current->Buffer, root && current->Buffer[root - 1] == '\\' ? root - 1 : root);
        return 0;
    }
    case RtlPathTypeDriveRelative: {
        WCHAR name[] = {'=', path[0], ':', 0}, value[MAX_PATH];
        SIZE_T length = 0;

        if (n >= 2 && current->Buffer[1] == ':' && nls_upper(current->Buffer[0]) == nls_upper(path[0])) {
            put(b, current->Buffer, n);
        } else if (RtlQueryEnvironmentVariable(NULL, name, 3, value, MAX_PATH, &length) >= 0) {
            put(b, value, length);
            if (!length || value[length - 1] != '\\') put(b, L"\\", 1);
        } else {
            put(b, path, 2);
            put(b, L"\\", 1);
        }
        return 2;
    }
    default: return 0;
    }
}

// The full path, without terminator: its length in characters; more than room when it doesn't fit.
static ULONG full_path(const WCHAR *path, WCHAR *buffer, ULONG room, RTL_PATH_TYPE *type)
{
    struct builder b = {buffer, room, 0};
    ULONG length = wcslen(path), device, done;

    *type = path_type(path);
    while (length && path[length - 1] == ' ') length--;
    if (!length) return 0;
    device = RtlIsDosDeviceName_U(path);
    if (device) {
        put(&b, L"\\\\.\\", 4);
        put(&b, path + (device >> 16) / sizeof(WCHAR), (USHORT)device / sizeof(WCHAR));
        *type = RtlPathTypeLocalDevice;
        return b.length;
    }
    RtlAcquirePebLock();
    done = put_start(&b, path, *type);
    RtlReleasePebLock();
    if (done < length) put(&b, path + done, length - done);
    if (b.length >= room) return b.length + 1;
    buffer[b.length] = 0;
    return collapse(buffer, b.length, root_length(buffer));
}

/**
 * Makes a path absolute. Returns its size in bytes without the terminator, or the size needed with it, or 0
 * for an empty path. *file_part: its last part, NULL if it ends in a separator.
 */
ULONG WINAPI RtlGetFullPathName_U(PCWSTR path, ULONG size, PWSTR buffer, PWSTR *file_part)
{
    WCHAR local[MAX_PATH + 1], *work = local;
    ULONG room = ARRAYSIZE(local), length;
    RTL_PATH_TYPE type;

    if (file_part) *file_part = NULL;
    if (!path || !*path) return 0;
    length = full_path(path, work, room, &type);
    while (length > room) {
        if (work != local) RtlFreeHeap(process_heap(), 0, work);
        room = length + MAX_PATH;
        if (room > PATH_BYTES_MAX || !(work = RtlAllocateHeap(process_heap(), 0, room * sizeof(WCHAR))))
            return 0;
        length = full_path(path, work, room, &type);
    }
    if (length * sizeof(WCHAR) + sizeof(WCHAR) <= size) {
        memcpy(buffer, work, length * sizeof(WCHAR));
        buffer[length] = 0;
        if (file_part && length && buffer[length - 1] != '\\') {
            PWSTR p = buffer + length;
            while (p > buffer && p[-1] != '\\') p--;
            if (p > buffer + 2 || type != RtlPathTypeUncAbsolute) *file_part = p;
        }
        length *= sizeof(WCHAR);
    } else if (length) {
        length = (length + 1) * sizeof(WCHAR);
    }
    if (work != local) RtlFreeHeap(process_heap(), 0, work);
    return length;
}

/** RtlGetFullPathName_U with a status: STATUS_OBJECT_NAME_INVALID for an empty path. *length in bytes. */
NTSTATUS WINAPI RtlGetFullPathName_UEx(PCWSTR path, ULONG size, PWSTR buffer, PWSTR *file_part, ULONG *length)
{
    ULONG result = RtlGetFullPathName_U(path, size, buffer, file_part);

    if (length) *length = result;
    return result ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

static NTSTATUS copy_nt_path(PUNICODE_STRING out, const WCHAR *prefix, const WCHAR *path, ULONG length)
{
    ULONG prefix_length = wcslen(prefix);
    SIZE_T size = (SIZE_T)(prefix_length + length + 1) * sizeof(WCHAR);

    if (size > PATH_BYTES_MAX) return STATUS_NAME_TOO_LONG;
    out->Buffer = RtlAllocateHeap(process_heap(), 0, size);
    if (!out->Buffer) return STATUS_NO_MEMORY;
    memcpy(out->Buffer, prefix, prefix_length * sizeof(WCHAR));
    memcpy(out->Buffer + prefix_length, path, length * sizeof(WCHAR));
    out->Buffer[prefix_length + length] = 0;
    out->Length = size - sizeof(WCHAR);
    out->MaximumLength = size;
    return STATUS_SUCCESS;
}

static void find_file_part(const UNICODE_STRING *name, PWSTR *file_part)
{
    PWSTR end = name->Buffer + name->Length / sizeof(WCHAR), p = end;

    while (p > name->Buffer && p[-1] != '\\') p--;
    *file_part = p < end ? p : NULL;
}

// Names the file relative to the current directory's handle where it lies below it.
static void make_relative(const UNICODE_STRING *name, RTL_RELATIVE_NAME_U *relative)
{
    const CURDIR *current = &peb_self()->ProcessParameters->CurrentDirectory;
    USHORT n;

    RtlAcquirePebLock();
    n = current->DosPath.Length;
    if (current->Handle && name->Length > n + 4 * sizeof(WCHAR) &&
        path_type(current->DosPath.Buffer) == RtlPathTypeDriveAbsolute &&
        !RtlCompareUnicodeStrings(current->DosPath.Buffer, n / sizeof(WCHAR), name->Buffer + 4,
                                  n / sizeof(WCHAR), TRUE)) {
        relative->RelativeName.Buffer = name->Buffer + 4 + n / sizeof(WCHAR);
        relative->RelativeName.Length = name->Length - 4 * sizeof(WCHAR) - n;
        relative->RelativeName.MaximumLength = relative->RelativeName.Length + sizeof(WCHAR);
        relative->ContainingDirectory = current->Handle;
    }
    RtlReleasePebLock();
}

static NTSTATUS to_nt_path(PCWSTR path, PUNICODE_STRING out, PWSTR *file_part, RTL_RELATIVE_NAME_U *relative)
{
    WCHAR local[MAX_PATH + 1], *full = local;
    RTL_PATH_TYPE type;
    NTSTATUS status;
    ULONG size;

    if (!path || !*path) return STATUS_OBJECT_NAME_INVALID;
    // \\?\ and \??\ name NT objects as they are
    if ((!wcsncmp(path, L"\\\\?\\", 4) || !wcsncmp(path, L"\\??\\", 4)) && path[4]) {
        status = copy_nt_path(out, L"\\??\\", path + 4, wcslen(path + 4));
        if (status >= 0 && file_part) find_file_part(out, file_part);
        return status;
    }
    size = RtlGetFullPathName_U(path, sizeof(local), local, NULL);
    if (size >= sizeof(local)) {
        full = RtlAllocateHeap(process_heap(), 0, size);
        if (!full) return STATUS_NO_MEMORY;
        size = RtlGetFullPathName_U(path, size, full, NULL);
    }
    if (!size) {
        status =
            wcslen(path) < PATH_BYTES_MAX / sizeof(WCHAR) ? STATUS_OBJECT_NAME_INVALID : STATUS_NAME_TOO_LONG;
    } else {
        type = path_type(full);
        if (type == RtlPathTypeLocalDevice) {
            status = copy_nt_path(out, L"\\??\\", full + 4, size / sizeof(WCHAR) - 4);
        } else if (type == RtlPathTypeUncAbsolute) {
            status = copy_nt_path(out, L"\\??\\UNC\\", full + 2, size / sizeof(WCHAR) - 2);
        } else {
            status = copy_nt_path(out, L"\\??\\", full, size / sizeof(WCHAR));
        }
        if (status >= 0 && file_part) find_file_part(out, file_part);
        if (status >= 0 && relative && path_type(path) == RtlPathTypeRelative) make_relative(out, relative);
    }
    if (full != local) RtlFreeHeap(process_heap(), 0, full);
    return status;
}

/** The NT name of a DOS path, in a new buffer (RtlFreeUnicodeString). STATUS_OBJECT_NAME_INVALID,
 * STATUS_NAME_TOO_LONG. */
NTSTATUS WINAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR path, PUNICODE_STRING out, PWSTR *file_part,
                                                        PRTL_RELATIVE_NAME_U relative)
{
    if (file_part) *file_part = NULL;
    if (relative) memset(relative, 0, sizeof(*relative));
    return to_nt_path(path, out, file_part, NULL);
}

BOOL WINAPI RtlDosPathNameToNtPathName_U(PCWSTR path, PUNICODE_STRING out, PCWSTR *file_part, PVOID reserved)
{
    return RtlDosPathNameToNtPathName_U_WithStatus(path, out, (PWSTR *)file_part, reserved) >= 0;
}

/** The same, and besides the name relative to the current directory's handle, where there is one. */
NTSTATUS WINAPI RtlDosPathNameToRelativeNtPathName_U_WithStatus(PCWSTR path, PUNICODE_STRING out,
                                                                PWSTR *file_part,
                                                                PRTL_RELATIVE_NAME_U relative)
{
    if (file_part) *file_part = NULL;
    memset(relative, 0, sizeof(*relative));
    return to_nt_path(path, out, file_part, relative);
}

BOOLEAN WINAPI RtlDosPathNameToRelativeNtPathName_U(PCWSTR path, PUNICODE_STRING out, PWSTR *file_part,
                                                    PRTL_RELATIVE_NAME_U relative)
{
    return RtlDosPathNameToRelativeNtPathName_U_WithStatus(path, out, file_part, relative) >= 0;
}

/** Ends the use of a relative name. The current directory's handle is not counted, so there is nothing to
 * give back. */
void WINAPI RtlReleaseRelativeName(PRTL_RELATIVE_NAME_U relative)
{
    relative->ContainingDirectory = NULL;
    relative->CurDirRef = NULL;
}

/** How long an NT path can be that a DOS path of MAX_PATH becomes: characters. */
ULONG WINAPI RtlGetLongestNtPathLength(void)
{
    return MAX_PATH + 9;
}

/** The current directory without trailing separator (but "C:\"). Size in bytes, or the size needed with
 * terminator. */
ULONG WINAPI RtlGetCurrentDirectory_U(ULONG size, PWSTR buffer)
{
    const UNICODE_STRING *current = &peb_self()->ProcessParameters->CurrentDirectory.DosPath;
    ULONG n;

    RtlAcquirePebLock();
    n = current->Length / sizeof(WCHAR);
    if (n > 1 && current->Buffer[n - 1] == '\\' && current->Buffer[n - 2] != ':') n--;
    if ((n + 1) * sizeof(WCHAR) <= size) {
        memcpy(buffer, current->Buffer, n * sizeof(WCHAR));
        buffer[n] = 0;
    } else {
        n++;
    }
    RtlReleasePebLock();
    return n * sizeof(WCHAR);
}

/** Makes a directory the current one and keeps a handle to it. The statuses of opening it;
 * STATUS_NAME_TOO_LONG. */
NTSTATUS WINAPI RtlSetCurrentDirectory_U(PCUNICODE_STRING path)
{
    static WCHAR storage[MAX_PATH + 1];
    CURDIR *current = &peb_self()->ProcessParameters->CurrentDirectory;
    UNICODE_STRING text = {0}, nt = {0};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE handle, old;
    WCHAR full[MAX_PATH + 1];
    ULONG n;
    NTSTATUS status = RtlDuplicateUnicodeString(1, path, &text);

    if (status < 0) return status;
    if (!text.Buffer) return STATUS_OBJECT_NAME_INVALID;
    status = RtlDosPathNameToNtPathName_U_WithStatus(text.Buffer, &nt, NULL, NULL);
    if (status >= 0) {
        InitializeObjectAttributes(&attributes, &nt, OBJ_CASE_INSENSITIVE | OBJ_INHERIT, NULL, NULL);
        status = NtOpenFile(&handle, FILE_TRAVERSE | SYNCHRONIZE, &attributes, &io,
                            FILE_SHARE_READ | FILE_SHARE_WRITE,
                            FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    }
    if (status >= 0) {
        n = RtlGetFullPathName_U(text.Buffer, sizeof(full), full, NULL) / sizeof(WCHAR);
        if (!n || n >= MAX_PATH - 1) {
            NtClose(handle);
            status = STATUS_NAME_TOO_LONG;
        } else {
            if (full[n - 1] != '\\') full[n++] = '\\';
            full[n] = 0;
            RtlAcquirePebLock();
            memcpy(storage, full, (n + 1) * sizeof(WCHAR));
            current->DosPath = (UNICODE_STRING){n * sizeof(WCHAR), sizeof(storage), storage};
            old = current->Handle;
            current->Handle = handle;
            RtlReleasePebLock();
            if (old) NtClose(old);
        }
    }
    RtlFreeUnicodeString(&nt);
    RtlFreeUnicodeString(&text);
    return status;
}
