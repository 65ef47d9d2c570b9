// Looking for files: RtlDoesFileExists_U and the search along a path.
#include "rtl.h"

/** Whether a file or directory is there. */
BOOLEAN WINAPI RtlDoesFileExists_U(PCWSTR path)
{
    FILE_BASIC_INFORMATION info;
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    NTSTATUS status;

    if (RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL) < 0) return FALSE;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtQueryAttributesFile(&attributes, &info);
    RtlFreeUnicodeString(&name);
    // What may not be looked at is there all the same.
    return status >= 0 || status == STATUS_SHARING_VIOLATION || status == STATUS_ACCESS_DENIED;
}

static BOOLEAN has_extension(const WCHAR *name)
{
    const WCHAR *dot = wcsrchr(name, '.');

    return dot && !wcspbrk(dot, L"\\/");
}

/**
 * Finds a file in the directories of path (separated by ';'); extension is added to a name without one.
 * Returns the size of the full path in bytes (with terminator: the size needed, when it doesn't fit), or 0.
 */
ULONG WINAPI RtlDosSearchPath_U(PCWSTR path, PCWSTR name, PCWSTR extension, ULONG size, PWSTR buffer,
                                PWSTR *file_part)
{
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(name);
    SIZE_T length = wcslen(name), extra = extension && !has_extension(name) ? wcslen(extension) : 0;
    SIZE_T room = (path ? wcslen(path) : 0) + length + extra + 3;
    ULONG result = 0;
    WCHAR *candidate;

    if (type == RtlPathTypeRelative && name[0] == '.' &&
        (name[1] == '\\' || name[1] == '/' || (name[1] == '.' && (name[2] == '\\' || name[2] == '/')))) {
        type = RtlPathTypeRooted; // "." and ".." in front mean the current directory
    }
    candidate = RtlAllocateHeap(process_heap(), 0, room * sizeof(WCHAR));
    if (!candidate) return 0;
    if (type != RtlPathTypeRelative) path = L"";
    for (const WCHAR *p = path; path && !result;) {
        SIZE_T n = wcscspn(p, L";");

        if (n || !*path) {
            memcpy(candidate, p, n * sizeof(WCHAR));
            if (n && candidate[n - 1] != '\\' && candidate[n - 1] != '/') candidate[n++] = '\\';
            memcpy(candidate + n, name, length * sizeof(WCHAR));
            if (extra) memcpy(candidate + n + length, extension, extra * sizeof(WCHAR));
            candidate[n + length + extra] = 0;
            if (RtlDoesFileExists_U(candidate))
                result = RtlGetFullPathName_U(candidate, size, buffer, file_part);
        }
        p += wcscspn(p, L";");
        if (!*p++) break;
    }
    RtlFreeHeap(process_heap(), 0, candidate);
    return result;
}
