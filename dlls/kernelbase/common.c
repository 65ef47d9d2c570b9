// The helpers of base.h: heap, errors, ANSI conversion and NT names.
#include "base.h"

void *heap_alloc(SIZE_T size)
{
    void *memory = RtlAllocateHeap(process_heap(), 0, size);
    if (!memory) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

void heap_free(void *memory)
{
    RtlFreeHeap(process_heap(), 0, memory);
}

void set_error_from_status(NTSTATUS status)
{
    SetLastError(RtlNtStatusToDosError(status));
}

BOOL bool_from_status(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    set_error_from_status(status);
    return FALSE;
}

SIZE_T wide_length(const WCHAR *text)
{
    SIZE_T length = 0;
    while (text[length]) length++;
    return length;
}

static WCHAR *wide_from_code_page(const char *text, bool oem)
{
    if (!text) return NULL;
    SIZE_T length = strlen(text);
    if (length > (SIZE_T)0x3FFFFFFF) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return NULL;
    }
    WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!wide) return NULL;
    ULONG size = 0;
    if (oem)
        RtlOemToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &size, text, (ULONG)length);
    else
        RtlMultiByteToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &size, text, (ULONG)length);
    wide[size / sizeof(WCHAR)] = 0;
    return wide;
}

WCHAR *wide_from_ansi(const char *text)
{
    return wide_from_code_page(text, false);
}

WCHAR *wide_from_file_ansi(const char *text)
{
    return wide_from_code_page(text, !AreFileApisANSI());
}

static DWORD code_page_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length, bool oem)
{
    ULONG needed = 0, written = 0;
    ULONG bytes = (ULONG)(length * sizeof(WCHAR));
    // A character takes at most four bytes in any ANSI code page; only multi-byte ones need counting.
    RtlUnicodeToMultiByteSize(&needed, (WCHAR *)text, bytes);
    if (needed + 1 > size || !buffer) return needed + 1;
    if (oem)
        RtlUnicodeToOemN(buffer, size - 1, &written, text, bytes);
    else
        RtlUnicodeToMultiByteN(buffer, size - 1, &written, text, bytes);
    buffer[written] = 0;
    return written;
}

DWORD ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    return code_page_from_wide(buffer, size, text, length, false);
}

DWORD file_ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    return code_page_from_wide(buffer, size, text, length, !AreFileApisANSI());
}

DWORD copy_wide_result(WCHAR *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    if (length + 1 > size || !buffer) return (DWORD)length + 1;
    memcpy(buffer, text, length * sizeof(WCHAR));
    buffer[length] = 0;
    return (DWORD)length;
}

static void fill_attributes(struct nt_name *name, const SECURITY_ATTRIBUTES *security)
{
    ULONG flags = OBJ_CASE_INSENSITIVE;
    if (security && security->bInheritHandle) flags |= OBJ_INHERIT;
    InitializeObjectAttributes(&name->attributes, name->name.Buffer ? &name->name : NULL, flags, NULL,
                               security ? security->lpSecurityDescriptor : NULL);
}

bool nt_name_from_path(struct nt_name *name, const WCHAR *path, const SECURITY_ATTRIBUTES *security)
{
    memset(name, 0, sizeof(*name));
    if (!path || !RtlDosPathNameToNtPathName_U(path, &name->name, NULL, NULL)) {
        memset(name, 0, sizeof(*name));
        return fail_with(ERROR_PATH_NOT_FOUND);
    }
    fill_attributes(name, security);
    return true;
}

static bool starts_with_ignoring_case(const WCHAR *text, const WCHAR *prefix)
{
    for (; *prefix; text++, prefix++)
        if (RtlUpcaseUnicodeChar(*text) != RtlUpcaseUnicodeChar(*prefix)) return false;
    return true;
}

bool nt_name_from_object(struct nt_name *name, const WCHAR *text, const SECURITY_ATTRIBUTES *security)
{
    const WCHAR *directory = L"\\Sessions\\1\\BaseNamedObjects\\";
    memset(name, 0, sizeof(*name));
    if (text && text[0]) {
        if (starts_with_ignoring_case(text, L"Global\\")) {
            directory = L"\\BaseNamedObjects\\";
            text += 7;
        } else if (starts_with_ignoring_case(text, L"Local\\")) {
            text += 6;
        }
        SIZE_T length = wide_length(text), prefix = wide_length(directory);
        if (length > 0x7F00) return fail_with(ERROR_FILENAME_EXCED_RANGE);
        WCHAR *buffer = heap_alloc((prefix + length + 1) * sizeof(WCHAR));
        if (!buffer) return false;
        memcpy(buffer, directory, prefix * sizeof(WCHAR));
        memcpy(buffer + prefix, text, (length + 1) * sizeof(WCHAR));
        RtlInitUnicodeString(&name->name, buffer);
    }
    fill_attributes(name, security);
    name->attributes.Attributes &=
        ~OBJ_CASE_INSENSITIVE; // in names of objects, unlike in paths, case matters
    // Creating an existing object opens it, and says so by ERROR_ALREADY_EXISTS.
    if (name->name.Buffer) name->attributes.Attributes |= OBJ_OPENIF;
    return true;
}

void nt_name_free(struct nt_name *name)
{
    if (name->name.Buffer) heap_free(name->name.Buffer);
    name->name.Buffer = NULL;
}

HANDLE resolve_standard_handle(HANDLE handle)
{
    RTL_USER_PROCESS_PARAMETERS *parameters = current_parameters();
    switch ((DWORD)(ULONG_PTR)handle) {
    case STD_INPUT_HANDLE: return parameters->StandardInput;
    case STD_OUTPUT_HANDLE: return parameters->StandardOutput;
    case STD_ERROR_HANDLE: return parameters->StandardError;
    default: return handle;
    }
}
