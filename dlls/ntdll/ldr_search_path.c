// Search paths as texts: what SearchPath, CreateProcess and LoadLibrary would look through, for programs that
// ask. The declarations are phnt's (ntldr.h, ntrtl.h).
#include "ldr_search_path.h"
#include "ldr.h"
#include "rtl.h"

// A text of directories that grows; after failed it stays as it is.
struct list {
    WCHAR *text;
    SIZE_T length, room; // units
    BOOLEAN failed;
};

static void append(struct list *list, const WCHAR *directory, SIZE_T length)
{
    SIZE_T needed = list->length + length + 2;

    if (list->failed) return;
    if (needed > list->room) {
        SIZE_T room = needed + 260;
        WCHAR *text = list->text ? RtlReAllocateHeap(process_heap(), 0, list->text, room * sizeof(WCHAR))
                                 : RtlAllocateHeap(process_heap(), 0, room * sizeof(WCHAR));
        if (!text) {
            list->failed = TRUE;
            return;
        }
        list->text = text;
        list->room = room;
    }
    if (list->length) list->text[list->length++] = ';';
    memcpy(list->text + list->length, directory, length * sizeof(WCHAR));
    list->length += length;
    list->text[list->length] = 0;
}

static void append_string(struct list *list, const UNICODE_STRING *directory)
{
    append(list, directory->Buffer, directory->Length / sizeof(WCHAR));
}

// The text, or nothing of it.
static NTSTATUS finish(struct list *list, PWSTR *path)
{
    if (!list->failed) append(list, L"", 0); // an empty list is a text too
    if (list->failed) {
        RtlFreeHeap(process_heap(), 0, list->text);
        return STATUS_NO_MEMORY;
    }
    while (list->length && list->text[list->length - 1] == ';') list->text[--list->length] = 0;
    *path = list->text;
    return STATUS_SUCCESS;
}

// The directory of a file, without the backslash behind it.
static void append_directory_of(struct list *list, const WCHAR *file, SIZE_T length)
{
    while (length && file[length - 1] != '\\') length--;
    append(list, file, length ? length - 1 : 0);
}

static void append_application(struct list *list)
{
    const UNICODE_STRING *image = &peb_self()->ProcessParameters->ImagePathName;

    append_directory_of(list, image->Buffer, image->Length / sizeof(WCHAR));
}

// sub: a folder below the Windows directory, or an empty string.
static void append_windows(struct list *list, const WCHAR *sub)
{
    WCHAR path[ARRAYSIZE(SharedUserData->NtSystemRoot) + 16];
    SIZE_T length = 0;

    while (length < ARRAYSIZE(SharedUserData->NtSystemRoot) && SharedUserData->NtSystemRoot[length]) {
        path[length] = SharedUserData->NtSystemRoot[length];
        length++;
    }
    while (*sub) path[length++] = *sub++;
    append(list, path, length);
}

static void append_environment_path(struct list *list)
{
    SIZE_T length = 0;
    WCHAR *value;

    if (RtlQueryEnvironmentVariable(NULL, L"PATH", 4, NULL, 0, &length) != STATUS_BUFFER_TOO_SMALL) return;
    value = RtlAllocateHeap(process_heap(), 0, length * sizeof(WCHAR));
    if (!value) {
        list->failed = TRUE;
        return;
    }
    // Another thread may have changed it meanwhile: then it is as if it were not there.
    if (RtlQueryEnvironmentVariable(NULL, L"PATH", 4, value, length, &length) >= 0)
        append(list, value, length);
    RtlFreeHeap(process_heap(), 0, value);
}

enum current { CURRENT_EARLY, CURRENT_LATE, CURRENT_NOT };

// What follows the first directory: the current one where the order has it, the system's, PATH's.
static NTSTATUS finish_usual(struct list *list, enum current current, PWSTR *path)
{
    if (current == CURRENT_EARLY) append(list, L".", 1);
    append_windows(list, L"\\system32");
    append_windows(list, L"\\system");
    append_windows(list, L"");
    if (current == CURRENT_LATE) append(list, L".", 1);
    append_environment_path(list);
    return finish(list, path);
}

static volatile LONG search_mode; // BASE_SEARCH_PATH_*, 0: nothing was said

NTSTATUS NTAPI RtlSetSearchPathMode(ULONG flags)
{
    const LONG permanent = BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE | BASE_SEARCH_PATH_PERMANENT;

    if (flags == (ULONG)permanent) {
        InterlockedExchange(&search_mode, permanent);
        return STATUS_SUCCESS;
    }
    if (flags != BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE && flags != BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE)
        return STATUS_INVALID_PARAMETER;
    for (LONG mode = search_mode, seen;; mode = seen) {
        if (mode == permanent) return STATUS_ACCESS_DENIED;
        seen = InterlockedCompareExchange(&search_mode, (LONG)flags, mode);
        if (seen == mode) return STATUS_SUCCESS;
    }
}

NTSTATUS NTAPI RtlGetSearchPath(PWSTR *path)
{
    struct list list = {0};

    append_application(&list);
    return finish_usual(
        &list, search_mode & BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE ? CURRENT_LATE : CURRENT_EARLY, path);
}

NTSTATUS NTAPI RtlGetExePath(PCWSTR name, PWSTR *path)
{
    struct list list = {0};
    SIZE_T length = 0;
    // As documented with NeedCurrentDirectoryForExePath.
    BOOLEAN without =
        !wcschr(name, '\\') && RtlQueryEnvironmentVariable(NULL, L"NoDefaultCurrentDirectoryInExePath", 34,
                                                           NULL, 0, &length) != STATUS_VARIABLE_NOT_FOUND;

    append_application(&list);
    return finish_usual(&list, without ? CURRENT_NOT : CURRENT_EARLY, path);
}

void NTAPI RtlReleasePath(PWSTR path)
{
    RtlFreeHeap(process_heap(), 0, path);
}

static NTSTATUS path_of_flags(PCWSTR module, ULONG flags, PWSTR *path)
{
    struct list list = {0};

    if (flags & LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
        flags |= LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                 LOAD_LIBRARY_SEARCH_SYSTEM32;
    if (flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) {
        RTL_PATH_TYPE type = module ? RtlDetermineDosPathNameType_U(module) : RtlPathTypeUnknown;
        if (type == RtlPathTypeUnknown || type == RtlPathTypeRelative) return STATUS_INVALID_PARAMETER;
        append_directory_of(&list, module, wcslen(module));
    }
    if (flags & LOAD_LIBRARY_SEARCH_APPLICATION_DIR) append_application(&list);
    if (flags & LOAD_LIBRARY_SEARCH_USER_DIRS) {
        RtlEnterCriticalSection(&loader_lock);
        for (LIST_ENTRY *at = user_directories.Flink; at != &user_directories; at = at->Flink)
            append_string(&list, &CONTAINING_RECORD(at, struct user_directory, link)->path);
        if (dll_directory.Length) append_string(&list, &dll_directory);
        RtlLeaveCriticalSection(&loader_lock);
    }
    if (flags & LOAD_LIBRARY_SEARCH_SYSTEM32) append_windows(&list, L"\\system32");
    return finish(&list, path);
}

NTSTATUS NTAPI LdrGetDllPath(PCWSTR module, ULONG flags, PWSTR *path, PWSTR *exe_path)
{
    ULONG search = flags & SEARCH_FLAGS;
    struct list list = {0};
    enum current current;

    *exe_path = NULL;
    if (flags & LOAD_WITH_ALTERED_SEARCH_PATH) {
        if (search) return STATUS_INVALID_PARAMETER;
    } else if (search || default_dll_flags) {
        return path_of_flags(module, search ? search : default_dll_flags, path);
    }
    if (flags & LOAD_WITH_ALTERED_SEARCH_PATH && module && wcschr(module, '\\'))
        append_directory_of(&list, module, wcslen(module));
    else
        append_application(&list);
    RtlEnterCriticalSection(&loader_lock);
    if (dll_directory.Length) append_string(&list, &dll_directory);
    current = dll_directory.Buffer ? CURRENT_NOT : CURRENT_LATE;
    RtlLeaveCriticalSection(&loader_lock);
    return finish_usual(&list, current, path);
}
