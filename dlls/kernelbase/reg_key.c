// Opening, making, deleting and renaming keys.
#include "reg_performance.h"

// ---- opening ----

// A path as the functions take it: not beginning with a backslash.
static LSTATUS check_path(HKEY key, const WCHAR *path)
{
    return path && *path == '\\' && !reg_is_classes(key) ? ERROR_BAD_PATHNAME : ERROR_SUCCESS;
}

static LSTATUS open_classes(HKEY key, const WCHAR *path, DWORD options, REGSAM access, HKEY *result)
{
    struct reg_sides sides AUTO_SIDES = {NULL, NULL};
    KEY_HANDLE_TAGS_INFORMATION tags;
    ULONG needed;
    // A key that is gone has no other half to go on with.
    if (key != HKEY_CLASSES_ROOT) {
        KEY_BASIC_INFORMATION basic;
        NTSTATUS status = NtQueryKey(key, KeyBasicInformation, &basic, sizeof(basic), &needed);
        if (status == STATUS_KEY_DELETED) return ERROR_KEY_DELETED;
        status = NtQueryKey(key, KeyHandleTagsInformation, &tags, sizeof(tags), &needed);
        if (!NT_SUCCESS(status)) return reg_error(status);
    }
    LSTATUS error = reg_classes_open(key, path, options, access, &sides);
    if (error) return error;
    HANDLE *side = sides.user ? &sides.user : &sides.machine;
    *result = reg_mark_classes(*side);
    *side = NULL;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR path, DWORD options, REGSAM access, HKEY *result)
{
    HANDLE root, handle = NULL;
    if (!result) return ERROR_INVALID_PARAMETER;
    if (reg_is_performance(key)) return ERROR_INVALID_HANDLE; // there is nothing to open
    // An empty path opens the key anew, but a predefined one is itself.
    if (reg_is_predefined(key) && (!path || !*path)) {
        *result = key;
        return ERROR_SUCCESS;
    }
    *result = NULL;
    LSTATUS error = check_path(key, path);
    if (!error) error = reg_handle(key, &root);
    if (error) return error;
    if (reg_is_classes(key)) return open_classes(key, path, options, access, result);
    error = reg_error(reg_open(root, path, options, access, &handle));
    *result = error == ERROR_FILE_NOT_FOUND ? reg_performance_alias(root, path) : handle;
    return *result ? ERROR_SUCCESS : error;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR path, DWORD options, REGSAM access, HKEY *result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if (!key) return ERROR_INVALID_HANDLE;
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegOpenKeyExW(key, wide, options, access, result);
}

HOTPATCH LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR path, HKEY *result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if ((path && *path) || reg_is_performance(key))
        return RegOpenKeyExW(key, path, 0, MAXIMUM_ALLOWED, result);
    *result = key;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR path, HKEY *result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if ((path && *path) || reg_is_performance(key))
        return RegOpenKeyExA(key, path, 0, MAXIMUM_ALLOWED, result);
    *result = key;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOpenUserClassesRoot(HANDLE token, DWORD options, REGSAM access, HKEY *result)
{
    struct reg_sides sides AUTO_SIDES = {NULL, NULL};
    if (options || !result) return ERROR_INVALID_PARAMETER;
    if (!token) return ERROR_INVALID_HANDLE;
    LSTATUS error = reg_classes_open(HKEY_CLASSES_ROOT, NULL, 0, access, &sides);
    if (error) return error;
    HANDLE *side = sides.user ? &sides.user : &sides.machine;
    *result = reg_mark_classes(*side);
    *side = NULL;
    return ERROR_SUCCESS;
}

// hKey may be one of HKEY_CLASSES_ROOT: the machine's half of it is meant then.
HOTPATCH LSTATUS WINAPI RegOpenKeyTransactedW(HKEY key, LPCWSTR path, DWORD options, REGSAM access,
                                              HKEY *result, HANDLE transaction, void *reserved)
{
    HANDLE root, handle = NULL;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    if (!result || reserved) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    LSTATUS error = check_path(key, path);
    if (!error) error = reg_handle(key, &root);
    if (!error) error = reg_name(&name, path);
    if (error) return error;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    error = reg_error(NtOpenKeyTransactedEx(&handle, access, &attributes, options, transaction));
    *result = handle;
    return error;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyTransactedA(HKEY key, LPCSTR path, DWORD options, REGSAM access,
                                              HKEY *result, HANDLE transaction, void *reserved)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegOpenKeyTransactedW(key, wide, options, access, result, transaction, reserved);
}

// ---- making ----

struct creation {
    HANDLE transaction; // NULL: none
    ULONG options;
    ACCESS_MASK access;
    UNICODE_STRING class;
    void *descriptor;
    ULONG attributes;
    ULONG disposition;
};

static NTSTATUS create_at(HANDLE root, UNICODE_STRING *path, struct creation *creation, HANDLE *handle)
{
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, path, OBJ_CASE_INSENSITIVE | creation->attributes, root,
                               creation->descriptor);
    UNICODE_STRING *class = creation->class.Length ? &creation->class : NULL;
    if (creation->transaction)
        return NtCreateKeyTransacted(handle, creation->access, &attributes, 0, class, creation->options,
                                     creation->transaction, &creation->disposition);
    return NtCreateKey(handle, creation->access, &attributes, 0, class, creation->options,
                       &creation->disposition);
}

// Makes a key and what is missing on its way.
static NTSTATUS create_path(HANDLE root, const WCHAR *path, struct creation *creation, HANDLE *handle)
{
    UNICODE_STRING name;
    if (reg_name(&name, path)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = create_at(root, &name, creation, handle);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    struct creation between = {.transaction = creation->transaction,
                               .options = creation->options & REG_OPTION_VOLATILE,
                               .access = KEY_CREATE_SUB_KEY | (creation->access & REG_VIEWS)};
    USHORT length = name.Length / sizeof(WCHAR);
    for (USHORT end = 1; end < length; end++) {
        UNICODE_STRING part = {end * sizeof(WCHAR), end * sizeof(WCHAR), name.Buffer};
        HANDLE made;
        if (name.Buffer[end] != '\\' || name.Buffer[end - 1] == '\\') continue;
        status = create_at(root, &part, &between, &made);
        if (!NT_SUCCESS(status)) return status;
        NtClose(made);
    }
    return create_at(root, &name, creation, handle);
}

// Below HKEY_CLASSES_ROOT new keys go to the machine, unless the key they are made in is only the user's.
static LSTATUS create_in_classes(HKEY key, const WCHAR *path, struct creation *creation, HKEY *result)
{
    struct reg_sides parent AUTO_SIDES = {NULL, NULL};
    HANDLE handle;
    while (*path == '\\') path++;
    LSTATUS error =
        open_classes(key, path, creation->options & REG_OPTION_OPEN_LINK, creation->access, result);
    creation->disposition = REG_OPENED_EXISTING_KEY;
    if (error != ERROR_FILE_NOT_FOUND) return error;
    error = reg_classes_open(key, NULL, 0, MAXIMUM_ALLOWED | (creation->access & REG_VIEWS), &parent);
    if (error) return error;
    error = reg_error(create_path(parent.machine ? parent.machine : parent.user, path, creation, &handle));
    if (!error) *result = reg_mark_classes(handle);
    return error;
}

static LSTATUS create_key(HKEY key, const WCHAR *path, const WCHAR *class, SECURITY_ATTRIBUTES *security,
                          struct creation *creation, HKEY *result, DWORD *disposition)
{
    HANDLE root, handle = NULL;
    *result = NULL;
    LSTATUS error = reg_handle(key, &root);
    if (!error) error = check_path(key, path);
    if (!error) error = reg_name(&creation->class, class);
    if (error) return error;
    if (security) {
        creation->descriptor = security->lpSecurityDescriptor;
        creation->attributes = security->bInheritHandle ? OBJ_INHERIT : 0;
    }
    if (reg_is_classes(key) && !creation->transaction) {
        error = create_in_classes(key, path, creation, result);
    } else {
        error = reg_error(create_path(root, path, creation, &handle));
        *result = handle;
    }
    if (!error && disposition) *disposition = creation->disposition;
    return error;
}

HOTPATCH LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR path, DWORD reserved, LPWSTR class, DWORD options,
                                        REGSAM access, SECURITY_ATTRIBUTES *security, HKEY *result,
                                        DWORD *disposition)
{
    struct creation creation = {.options = options, .access = access};
    if (!result) return ERROR_BADKEY;
    if (reserved || !path) return ERROR_INVALID_PARAMETER;
    return create_key(key, path, class, security, &creation, result, disposition);
}

HOTPATCH LSTATUS WINAPI RegCreateKeyTransactedW(HKEY key, LPCWSTR path, DWORD reserved, LPWSTR class,
                                                DWORD options, REGSAM access, SECURITY_ATTRIBUTES *security,
                                                HKEY *result, DWORD *disposition, HANDLE transaction,
                                                void *reserved_2)
{
    struct creation creation = {.transaction = transaction, .options = options, .access = access};
    if (!result) return ERROR_BADKEY;
    if (reserved || reserved_2 || !path) return ERROR_INVALID_PARAMETER;
    if (!transaction) return ERROR_INVALID_HANDLE;
    return create_key(key, path, class, security, &creation, result, disposition);
}

HOTPATCH LSTATUS WINAPI RegCreateKeyTransactedA(HKEY key, LPCSTR path, DWORD reserved, LPSTR class,
                                                DWORD options, REGSAM access, SECURITY_ATTRIBUTES *security,
                                                HKEY *result, DWORD *disposition, HANDLE transaction,
                                                void *reserved_2)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_class AUTO_FREE = wide_from_ansi(class);
    if (conversion_failed(path, wide) || conversion_failed(class, wide_class)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegCreateKeyTransactedW(key, wide, reserved, wide_class, options, access, security, result,
                                   disposition, transaction, reserved_2);
}

HOTPATCH LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR path, DWORD reserved, LPSTR class, DWORD options,
                                        REGSAM access, SECURITY_ATTRIBUTES *security, HKEY *result,
                                        DWORD *disposition)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_class AUTO_FREE = wide_from_ansi(class);
    if (conversion_failed(path, wide) || conversion_failed(class, wide_class)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegCreateKeyExW(key, wide, reserved, wide_class, options, access, security, result, disposition);
}

HOTPATCH LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR path, HKEY *result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if (!path || !*path) return RegOpenKeyW(key, path, result);
    return RegCreateKeyExW(key, path, 0, NULL, 0, MAXIMUM_ALLOWED, NULL, result, NULL);
}

HOTPATCH LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR path, HKEY *result)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegCreateKeyW(key, wide, result);
}

// ---- deleting and renaming ----

HOTPATCH LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR path, REGSAM view, DWORD reserved)
{
    HKEY victim;
    if (!path || reserved) return ERROR_INVALID_PARAMETER;
    LSTATUS error = RegOpenKeyExW(key, path, 0, DELETE | (view & REG_VIEWS), &victim);
    if (error) return error;
    if (reg_is_predefined(victim)) return ERROR_ACCESS_DENIED;
    error = reg_error(NtDeleteKey(victim));
    RegCloseKey(victim);
    return error;
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyExA(HKEY key, LPCSTR path, REGSAM view, DWORD reserved)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegDeleteKeyExW(key, wide, view, reserved);
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR path)
{
    return RegDeleteKeyExW(key, path, 0, 0);
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR path)
{
    return RegDeleteKeyExA(key, path, 0, 0);
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyTransactedW(HKEY key, LPCWSTR path, REGSAM view, DWORD reserved,
                                                HANDLE transaction, void *reserved_2)
{
    HKEY victim;
    if (!path || reserved || reserved_2) return ERROR_INVALID_PARAMETER;
    LSTATUS error =
        RegOpenKeyTransactedW(key, path, 0, DELETE | (view & REG_VIEWS), &victim, transaction, NULL);
    if (error) return error;
    error = reg_error(NtDeleteKey(victim));
    RegCloseKey(victim);
    return error;
}

HOTPATCH LSTATUS WINAPI RegDeleteKeyTransactedA(HKEY key, LPCSTR path, REGSAM view, DWORD reserved,
                                                HANDLE transaction, void *reserved_2)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegDeleteKeyTransactedW(key, wide, view, reserved, transaction, reserved_2);
}

HOTPATCH LSTATUS WINAPI RegRenameKey(HKEY key, LPCWSTR path, LPCWSTR name)
{
    HANDLE handle;
    HKEY child = NULL;
    UNICODE_STRING string;
    if (!path && !name) return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = reg_name(&string, name);
    if (!error && path) {
        error = RegOpenKeyExW(key, path, 0, KEY_WRITE, &child);
        handle = child;
    }
    if (!error && !name) error = ERROR_INVALID_PARAMETER;
    if (!error) error = reg_error(NtRenameKey(handle, &string));
    if (child) RegCloseKey(child);
    return error;
}

HOTPATCH LSTATUS WINAPI RegFlushKey(HKEY key)
{
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    return error ? error : reg_error(NtFlushKey(handle));
}

// ---- other machines ----

// Only this machine has a registry that can be reached.
HOTPATCH LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, HKEY *result)
{
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = ARRAY_LENGTH(name);
    if (!result) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    if (!reg_is_predefined(key)) return ERROR_INVALID_HANDLE;
    if (machine && machine[0] == '\\' && machine[1] == '\\') machine += 2;
    if (machine && *machine) {
        if (!GetComputerNameW(name, &size)) return ERROR_BAD_NETPATH;
        if (lstrcmpiW(machine, name) && lstrcmpiW(machine, L".") && lstrcmpiW(machine, L"localhost"))
            return ERROR_BAD_NETPATH;
    }
    *result = key;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegConnectRegistryA(LPCSTR machine, HKEY key, HKEY *result)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(machine);
    if (conversion_failed(machine, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegConnectRegistryW(wide, key, result);
}
