// HKEY_CLASSES_ROOT: the user's Software\Classes laid over the machine's. A key opened through it is a handle
// to the user's where that exists, else to the machine's, and is marked; each function finds the other by its
// path.
#include "reg.h"

void reg_sides_close(struct reg_sides *sides)
{
    if (sides->user) NtClose(sides->user);
    if (sides->machine) NtClose(sides->machine);
    sides->user = sides->machine = NULL;
}

// The path of a key below Classes, in what NtQueryKey told of it; NULL when it is not there.
static WCHAR *below_classes(WCHAR *name, ULONG length)
{
    static const WCHAR classes[] = L"\\SOFTWARE\\CLASSES";
    const ULONG n = ARRAY_LENGTH(classes) - 1;
    for (ULONG at = 0; at + n <= length; at++) {
        ULONG i = 0;
        while (i < n && RtlUpcaseUnicodeChar(name[at + i]) == classes[i]) i++;
        if (i == n && (at + n == length || name[at + n] == '\\')) return name + at + n;
    }
    return NULL;
}

// The path of a marked key below Classes with its view, on the heap; path is appended.
static LSTATUS find_path(HKEY key, const WCHAR *path, WCHAR **whole, ACCESS_MASK *view)
{
    ULONG needed = 0;
    KEY_HANDLE_TAGS_INFORMATION tags = {0};
    SIZE_T extra = path ? wide_length(path) : 0;
    NTSTATUS status = NtQueryKey(key, KeyNameInformation, NULL, 0, &needed);
    if (status != STATUS_BUFFER_TOO_SMALL) return reg_error(status);
    KEY_NAME_INFORMATION *name AUTO_FREE = heap_alloc(needed);
    *whole = heap_alloc(needed + (extra + 2) * sizeof(WCHAR));
    if (!name || !*whole) return ERROR_NOT_ENOUGH_MEMORY;
    status = NtQueryKey(key, KeyNameInformation, name, needed, &needed);
    if (!NT_SUCCESS(status)) return reg_error(status);
    NtQueryKey(key, KeyHandleTagsInformation, &tags, sizeof(tags), &needed);
    *view = tags.HandleTags & REG_VIEWS;
    ULONG length = name->NameLength / sizeof(WCHAR);
    WCHAR *rest = below_classes(name->Name, length);
    if (!rest) return ERROR_INVALID_HANDLE;
    ULONG n = (ULONG)(name->Name + length - rest);
    memcpy(*whole, rest, n * sizeof(WCHAR));
    (*whole)[n++] = '\\';
    if (extra) memcpy(*whole + n, path, extra * sizeof(WCHAR));
    (*whole)[n + extra] = 0;
    return ERROR_SUCCESS;
}

// Opens one half. A key that is not there is no failure.
static LSTATUS open_half(HANDLE root, const WCHAR *path, ULONG options, ACCESS_MASK access, HANDLE *handle)
{
    while (*path == '\\') path++;
    NTSTATUS status = reg_open(root, path, options, access, handle);
    if (NT_SUCCESS(status)) return ERROR_SUCCESS;
    *handle = NULL;
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? ERROR_SUCCESS : reg_error(status);
}

static LSTATUS open_user_half(const WCHAR *path, ULONG options, ACCESS_MASK access, HANDLE *handle)
{
    static const WCHAR classes[] = L"Software\\Classes\\";
    HANDLE user AUTO_CLOSE = NULL;
    SIZE_T length = wide_length(path);
    WCHAR *whole AUTO_FREE = heap_alloc(sizeof(classes) + length * sizeof(WCHAR));
    if (!whole) return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(whole, classes, sizeof(classes));
    memcpy(whole + ARRAY_LENGTH(classes) - 1, path, (length + 1) * sizeof(WCHAR));
    LSTATUS error = reg_error(reg_open_user(MAXIMUM_ALLOWED, &user));
    return error ? error : open_half(user, whole, options, access, handle);
}

LSTATUS reg_classes_open(HKEY key, const WCHAR *path, ULONG options, ACCESS_MASK access,
                         struct reg_sides *sides)
{
    WCHAR *whole AUTO_FREE = NULL;
    HANDLE root;
    ACCESS_MASK view = 0;
    *sides = (struct reg_sides){NULL, NULL};
    if (key != HKEY_CLASSES_ROOT) {
        LSTATUS error = find_path(key, path, &whole, &view);
        if (error) return error;
        if (!(access & REG_VIEWS)) access |= view;
    }
    const WCHAR *below = whole ? whole : path ? path : L"";
    LSTATUS error = reg_handle(HKEY_CLASSES_ROOT, &root);
    if (!error) error = open_user_half(below, options, access, &sides->user);
    if (!error) error = open_half(root, below, options, access, &sides->machine);
    if (!error && !sides->user && !sides->machine) error = ERROR_FILE_NOT_FOUND;
    if (error) reg_sides_close(sides);
    return error;
}

// ---- both halves as one list ----

// The name of an entry, up to 256 characters of it; the length of the whole. -1 behind the last.
static LONG entry_name(HANDLE handle, DWORD index, bool values, WCHAR name[256])
{
    union {
        KEY_BASIC_INFORMATION key;
        KEY_VALUE_BASIC_INFORMATION value;
        BYTE room[sizeof(KEY_BASIC_INFORMATION) + 256 * sizeof(WCHAR)];
    } info;
    ULONG needed;
    NTSTATUS status =
        values ? NtEnumerateValueKey(handle, index, KeyValueBasicInformation, &info, sizeof(info), &needed)
               : NtEnumerateKey(handle, index, KeyBasicInformation, &info, sizeof(info), &needed);
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_OVERFLOW) return -1;
    ULONG length = (values ? info.value.NameLength : info.key.NameLength) / sizeof(WCHAR);
    memcpy(name, values ? info.value.Name : info.key.Name, (length < 256 ? length : 256) * sizeof(WCHAR));
    return (LONG)length;
}

// Whether the user's half has an entry of this name.
static bool user_has(HANDLE user, bool values, WCHAR *name, LONG length)
{
    UNICODE_STRING string = {(USHORT)(length * sizeof(WCHAR)), (USHORT)(length * sizeof(WCHAR)), name};
    ULONG needed;
    if (length > 256) return false;
    if (values)
        return NtQueryValueKey(user, &string, KeyValueBasicInformation, NULL, 0, &needed) ==
               STATUS_BUFFER_TOO_SMALL;
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle;
    InitializeObjectAttributes(&attributes, &string, OBJ_CASE_INSENSITIVE, user, NULL);
    if (!NT_SUCCESS(NtOpenKey(&handle, KEY_QUERY_VALUE, &attributes))) return false;
    NtClose(handle);
    return true;
}

static DWORD count_entries(HANDLE handle, bool values)
{
    KEY_CACHED_INFORMATION info;
    ULONG needed;
    if (!NT_SUCCESS(NtQueryKey(handle, KeyCachedInformation, &info, sizeof(info), &needed))) return 0;
    return values ? info.Values : info.SubKeys;
}

LSTATUS reg_classes_entry(const struct reg_sides *sides, DWORD index, bool values, HANDLE *handle,
                          DWORD *place)
{
    WCHAR name[256];
    DWORD users = sides->user ? count_entries(sides->user, values) : 0;
    if (index < users) {
        *handle = sides->user;
        *place = index;
        return ERROR_SUCCESS;
    }
    index -= users;
    for (DWORD at = 0; sides->machine; at++) {
        LONG length = entry_name(sides->machine, at, values, name);
        if (length < 0) break;
        if (sides->user && user_has(sides->user, values, name, length)) continue;
        if (index--) continue;
        *handle = sides->machine;
        *place = at;
        return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}
