// Where DLLs are looked for: the search order of LoadLibrary, the directories that programs add to it, and
// the DLLs that always come from the system directory.
#include "ldr.h"
#include "ldr_search_path.h"
#include "rtl.h"

// HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\KnownDLLs of Windows 10, after Microsoft's
// documentation of the DLL search order: a program's own copy is never used.
static const char *const known_dlls[] = {
    "advapi32.dll", "clbcatq.dll", "combase.dll",  "comdlg32.dll", "coml2.dll",    "difxapi.dll",
    "gdi32.dll",    "gdiplus.dll", "imagehlp.dll", "imm32.dll",    "kernel32.dll", "kernelbase.dll",
    "msctf.dll",    "msvcrt.dll",  "normaliz.dll", "nsi.dll",      "ntdll.dll",    "ole32.dll",
    "oleaut32.dll", "psapi.dll",   "rpcrt4.dll",   "sechost.dll",  "setupapi.dll", "shcore.dll",
    "shell32.dll",  "shlwapi.dll", "user32.dll",   "wldap32.dll",  "ws2_32.dll",
};

LIST_ENTRY user_directories = {&user_directories, &user_directories};
UNICODE_STRING dll_directory;
ULONG default_dll_flags;

static bool is_known(const UNICODE_STRING *name)
{
    ULONG length = name->Length / sizeof(WCHAR);

    for (unsigned i = 0; i < sizeof(known_dlls) / sizeof(known_dlls[0]); i++) {
        ULONG at = 0;
        while (at < length && known_dlls[i][at]) {
            WCHAR c = name->Buffer[at];
            if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
            if (c != (unsigned char)known_dlls[i][at]) break;
            at++;
        }
        if (at == length && !known_dlls[i][at]) return true;
    }
    return false;
}

bool has_directory(const UNICODE_STRING *name)
{
    for (ULONG i = 0; i < name->Length / sizeof(WCHAR); i++)
        if (name->Buffer[i] == '\\' || name->Buffer[i] == '/' || (i == 1 && name->Buffer[i] == ':'))
            return true;
    return false;
}

static bool is_absolute(const UNICODE_STRING *name)
{
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(name->Buffer);

    return type != RtlPathTypeRelative && type != RtlPathTypeUnknown;
}

NTSTATUS dll_file_name(const UNICODE_STRING *name, UNICODE_STRING *file_name)
{
    ULONG length = name->Length / sizeof(WCHAR);
    WCHAR *buffer = RtlAllocateHeap(process_heap(), 0, name->Length + sizeof(L".dll"));
    bool dot = false;

    if (!buffer) return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < length; i++) {
        WCHAR c = name->Buffer[i];
        buffer[i] = c == '/' ? '\\' : c;
        if (c == '.') dot = true;
        if (c == '\\' || c == '/') dot = false;
    }
    if (dot && buffer[length - 1] == '.') {
        length--;
    } else if (!dot) {
        memcpy(buffer + length, L".dll", sizeof(L".dll"));
        length += 4;
    }
    buffer[length] = 0;
    *file_name = (UNICODE_STRING){length * sizeof(WCHAR), (length + 1) * sizeof(WCHAR), buffer};
    return STATUS_SUCCESS;
}

static bool query_file(const WCHAR *path, FILE_BASIC_INFORMATION *info)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING nt_name;
    NTSTATUS status;

    if (!NT_SUCCESS(RtlDosPathNameToNtPathName_U_WithStatus(path, &nt_name, NULL, NULL))) return false;
    InitializeObjectAttributes(&attributes, &nt_name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtQueryAttributesFile(&attributes, info);
    RtlFreeUnicodeString(&nt_name);
    return NT_SUCCESS(status);
}

static bool file_exists(const WCHAR *path)
{
    FILE_BASIC_INFORMATION info;

    return query_file(path, &info) && !(info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY);
}

// The candidate being tried: one buffer for a whole search.
struct candidate {
    const UNICODE_STRING *name;
    WCHAR *buffer;
    ULONG length; // of the whole, in WCHARs
};

static bool try_directory(struct candidate *candidate, const WCHAR *directory, ULONG length)
{
    ULONG name_length = candidate->name->Length / sizeof(WCHAR);

    if (!length || length + name_length + 2 > MAX_FULL_PATH) return false;
    memcpy(candidate->buffer, directory, length * sizeof(WCHAR));
    if (candidate->buffer[length - 1] != '\\') candidate->buffer[length++] = '\\';
    memcpy(candidate->buffer + length, candidate->name->Buffer, candidate->name->Length);
    candidate->length = length + name_length;
    candidate->buffer[candidate->length] = 0;
    return file_exists(candidate->buffer);
}

static bool try_string(struct candidate *candidate, const UNICODE_STRING *directory)
{
    return try_directory(candidate, directory->Buffer, directory->Length / sizeof(WCHAR));
}

static bool try_application(struct candidate *candidate)
{
    const UNICODE_STRING *image = &peb_self()->ProcessParameters->ImagePathName;
    ULONG length = image->Length / sizeof(WCHAR);

    while (length && image->Buffer[length - 1] != '\\') length--;
    return try_directory(candidate, image->Buffer, length);
}

// sub: a folder below the Windows directory, or an empty string.
static bool try_windows(struct candidate *candidate, const WCHAR *sub)
{
    WCHAR path[300];
    ULONG length = 0;

    while (length < 259 && SharedUserData->NtSystemRoot[length]) {
        path[length] = SharedUserData->NtSystemRoot[length];
        length++;
    }
    while (*sub) path[length++] = *sub++;
    return try_directory(candidate, path, length);
}

static bool try_list(struct candidate *candidate, const WCHAR *list, ULONG length)
{
    ULONG start = 0;

    for (ULONG i = 0; i <= length; i++) {
        if (i < length && list[i] != ';') continue;
        ULONG from = start, to = i;
        if (to > from + 1 && list[from] == '"' && list[to - 1] == '"') from++, to--;
        if (try_directory(candidate, list + from, to - from)) return true;
        start = i + 1;
    }
    return false;
}

static bool try_environment_path(struct candidate *candidate)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"PATH"), value = {0, 0xFFFE, NULL};
    bool found = false;

    value.Buffer = RtlAllocateHeap(process_heap(), 0, value.MaximumLength);
    if (!value.Buffer) return false;
    if (NT_SUCCESS(RtlQueryEnvironmentVariable_U(NULL, &name, &value)))
        found = try_list(candidate, value.Buffer, value.Length / sizeof(WCHAR));
    RtlFreeHeap(process_heap(), 0, value.Buffer);
    return found;
}

static bool try_user_directories(struct candidate *candidate)
{
    for (LIST_ENTRY *at = user_directories.Flink; at != &user_directories; at = at->Flink)
        if (try_string(candidate, &CONTAINING_RECORD(at, struct user_directory, link)->path)) return true;
    return dll_directory.Length && try_string(candidate, &dll_directory);
}

static bool try_flags(struct candidate *candidate, const struct search *search, ULONG flags)
{
    if (flags & LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
        flags |= LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                 LOAD_LIBRARY_SEARCH_SYSTEM32;
    return ((flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) && try_string(candidate, &search->directory)) ||
           ((flags & LOAD_LIBRARY_SEARCH_APPLICATION_DIR) && try_application(candidate)) ||
           ((flags & LOAD_LIBRARY_SEARCH_USER_DIRS) && try_user_directories(candidate)) ||
           ((flags & LOAD_LIBRARY_SEARCH_SYSTEM32) && try_windows(candidate, L"\\system32"));
}

// The order with safe search on, Windows' default.
static bool try_default(struct candidate *candidate, const struct search *search)
{
    bool altered = (search->flags & LOAD_WITH_ALTERED_SEARCH_PATH) && search->directory.Length;

    if (altered ? try_string(candidate, &search->directory) : try_application(candidate)) return true;
    if (dll_directory.Length && try_string(candidate, &dll_directory)) return true;
    if (try_windows(candidate, L"\\system32") || try_windows(candidate, L"\\system") ||
        try_windows(candidate, L""))
        return true;
    if (!dll_directory.Buffer &&
        try_string(candidate, &peb_self()->ProcessParameters->CurrentDirectory.DosPath))
        return true;
    return try_environment_path(candidate);
}

static bool try_all(struct candidate *candidate, const struct search *search)
{
    ULONG flags = search->flags & SEARCH_FLAGS;

    if (!has_directory(candidate->name) && is_known(candidate->name) && try_windows(candidate, L"\\system32"))
        return true;
    if (flags) return try_flags(candidate, search, flags);
    if (search->path) {
        UNICODE_STRING list;
        RtlInitUnicodeString(&list, search->path);
        return try_list(candidate, list.Buffer, list.Length / sizeof(WCHAR));
    }
    if (default_dll_flags && !(search->flags & LOAD_WITH_ALTERED_SEARCH_PATH))
        return try_flags(candidate, search, default_dll_flags);
    return try_default(candidate, search);
}

// The loader lock guards these: paths are long, stacks and heaps small.
static WCHAR candidate_buffer[MAX_FULL_PATH + 1], full_buffer[MAX_FULL_PATH + 1];

NTSTATUS full_path_of(const WCHAR *path, UNICODE_STRING *full_path)
{
    ULONG bytes = RtlGetFullPathName_U(path, MAX_FULL_PATH * sizeof(WCHAR), full_buffer, NULL);

    if (!bytes || bytes > MAX_FULL_PATH * sizeof(WCHAR)) return STATUS_DLL_NOT_FOUND;
    full_path->Length = bytes;
    full_path->MaximumLength = bytes + sizeof(WCHAR);
    full_path->Buffer = RtlAllocateHeap(process_heap(), 0, full_path->MaximumLength);
    if (!full_path->Buffer) return STATUS_NO_MEMORY;
    memcpy(full_path->Buffer, full_buffer, bytes);
    full_path->Buffer[bytes / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS search_dll(const struct search *search, const UNICODE_STRING *file_name, UNICODE_STRING *full_path)
{
    struct candidate candidate = {.name = file_name, .buffer = candidate_buffer};
    bool absolute = has_directory(file_name) && is_absolute(file_name);

    if ((search->flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) && !search->directory.Length && !absolute)
        return STATUS_INVALID_PARAMETER;
    if (absolute)
        return file_exists(file_name->Buffer) ? full_path_of(file_name->Buffer, full_path)
                                              : STATUS_DLL_NOT_FOUND;
    // Directories in PATH and from programs may be relative or have "..".
    return try_all(&candidate, search) ? full_path_of(candidate.buffer, full_path) : STATUS_DLL_NOT_FOUND;
}

// ---- what programs say about the order ----

NTSTATUS NTAPI LdrSetDllDirectory(const UNICODE_STRING *directory)
{
    UNICODE_STRING copy = {0};
    NTSTATUS status = STATUS_SUCCESS;

    // NULL restores the default; an empty string takes the current directory out.
    if (directory && directory->Buffer) status = RtlDuplicateUnicodeString(3, directory, &copy);
    if (!NT_SUCCESS(status)) return status;
    RtlEnterCriticalSection(&loader_lock);
    UNICODE_STRING old = dll_directory;
    dll_directory = copy;
    RtlLeaveCriticalSection(&loader_lock);
    RtlFreeUnicodeString(&old);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrGetDllDirectory(UNICODE_STRING *directory)
{
    NTSTATUS status = STATUS_SUCCESS;

    RtlEnterCriticalSection(&loader_lock);
    directory->Length = dll_directory.Length + sizeof(WCHAR);
    if (directory->Length <= directory->MaximumLength) {
        memcpy(directory->Buffer, dll_directory.Buffer, dll_directory.Length);
        directory->Length = dll_directory.Length;
        directory->Buffer[dll_directory.Length / sizeof(WCHAR)] = 0;
    } else {
        if (directory->MaximumLength >= sizeof(WCHAR)) directory->Buffer[0] = 0;
        status = STATUS_BUFFER_TOO_SMALL;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

NTSTATUS NTAPI LdrAddDllDirectory(const UNICODE_STRING *directory, PVOID *cookie)
{
    struct user_directory *user;
    UNICODE_STRING path = *directory;
    FILE_BASIC_INFORMATION info;

    if (!is_absolute(&path) || RtlDetermineDosPathNameType_U(path.Buffer) == RtlPathTypeDriveRelative)
        return STATUS_INVALID_PARAMETER;
    if (!query_file(path.Buffer, &info)) return STATUS_NO_SUCH_FILE;
    user = RtlAllocateHeap(process_heap(), 0, sizeof(*user));
    if (!user) return STATUS_NO_MEMORY;
    if (!NT_SUCCESS(RtlDuplicateUnicodeString(1, &path, &user->path))) {
        RtlFreeHeap(process_heap(), 0, user);
        return STATUS_NO_MEMORY;
    }
    RtlEnterCriticalSection(&loader_lock);
    user->link.Flink = user_directories.Flink;
    user->link.Blink = &user_directories;
    user_directories.Flink->Blink = &user->link;
    user_directories.Flink = &user->link;
    RtlLeaveCriticalSection(&loader_lock);
    *cookie = user;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrRemoveDllDirectory(PVOID cookie)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    RtlEnterCriticalSection(&loader_lock);
    for (LIST_ENTRY *at = user_directories.Flink; at != &user_directories; at = at->Flink) {
        struct user_directory *user = CONTAINING_RECORD(at, struct user_directory, link);
        if (user != cookie) continue;
        at->Blink->Flink = at->Flink;
        at->Flink->Blink = at->Blink;
        RtlFreeUnicodeString(&user->path);
        RtlFreeHeap(process_heap(), 0, user);
        status = STATUS_SUCCESS;
        break;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

NTSTATUS NTAPI LdrSetDefaultDllDirectories(ULONG flags)
{
    const ULONG known = SEARCH_FLAGS & ~LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR;

    if (!flags || (flags & ~known)) return STATUS_INVALID_PARAMETER;
    default_dll_flags = flags;
    return STATUS_SUCCESS;
}
