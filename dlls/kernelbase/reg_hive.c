// Hive files: keys saved to them, restored from them, loaded as parts of the registry.
#include "reg.h"

// The file as NT names it; the caller frees with RtlFreeUnicodeString.
static LSTATUS file_name(const WCHAR *file, UNICODE_STRING *name)
{
    if (!file || !*file) return ERROR_INVALID_PARAMETER;
    return RtlDosPathNameToNtPathName_U(file, name, NULL, NULL) ? ERROR_SUCCESS : ERROR_BAD_PATHNAME;
}

static LSTATUS open_file(const WCHAR *file, ACCESS_MASK access, ULONG disposition,
                         SECURITY_ATTRIBUTES *security, HANDLE *handle)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    LSTATUS error = file_name(file, &name);
    if (error) return error;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL,
                               security ? security->lpSecurityDescriptor : NULL);
    error =
        reg_error(NtCreateFile(handle, access | SYNCHRONIZE, &attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL, 0,
                               disposition, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0));
    RtlFreeUnicodeString(&name);
    return error;
}

// A file that could not be filled is not left behind.
static void delete_file(HANDLE file)
{
    FILE_DISPOSITION_INFORMATION information = {TRUE};
    IO_STATUS_BLOCK io;
    NtSetInformationFile(file, &io, &information, sizeof(information), FileDispositionInformation);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR file, SECURITY_ATTRIBUTES *security, DWORD flags)
{
    HANDLE handle, target;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = open_file(file, FILE_WRITE_DATA | DELETE, FILE_CREATE, security, &target);
    if (error) return error;
    error = reg_error(NtSaveKeyEx(handle, target, flags));
    if (error) delete_file(target);
    NtClose(target);
    return error;
}

HOTPATCH LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR file, SECURITY_ATTRIBUTES *security, DWORD flags)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(file);
    if (conversion_failed(file, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegSaveKeyExW(key, wide, security, flags);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR file, SECURITY_ATTRIBUTES *security)
{
    return RegSaveKeyExW(key, file, security, REG_STANDARD_FORMAT);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR file, SECURITY_ATTRIBUTES *security)
{
    return RegSaveKeyExA(key, file, security, REG_STANDARD_FORMAT);
}

HOTPATCH LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR file, DWORD flags)
{
    HANDLE handle, source;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = open_file(file, FILE_READ_DATA, FILE_OPEN, NULL, &source);
    if (error) return error;
    error = reg_error(NtRestoreKey(handle, source, flags));
    NtClose(source);
    return error;
}

HOTPATCH LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR file, DWORD flags)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(file);
    if (conversion_failed(file, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegRestoreKeyW(key, wide, flags);
}

// The path leads to the root of a hive; an empty one means the key itself.
HOTPATCH LSTATUS WINAPI RegReplaceKeyW(HKEY key, LPCWSTR path, LPCWSTR new_file, LPCWSTR old_file)
{
    UNICODE_STRING fresh, old;
    OBJECT_ATTRIBUTES new_attributes, old_attributes;
    HANDLE root, handle;
    LSTATUS error = reg_handle(key, &root);
    if (!error) error = file_name(new_file, &fresh);
    if (error) return error;
    error = file_name(old_file, &old);
    if (!error) {
        InitializeObjectAttributes(&new_attributes, &fresh, OBJ_CASE_INSENSITIVE, NULL, NULL);
        InitializeObjectAttributes(&old_attributes, &old, OBJ_CASE_INSENSITIVE, NULL, NULL);
        error = reg_error(reg_open(root, path ? path : L"", 0, MAXIMUM_ALLOWED, &handle));
        if (!error) {
            error = reg_error(NtReplaceKey(&new_attributes, handle, &old_attributes));
            NtClose(handle);
        }
        RtlFreeUnicodeString(&old);
    }
    RtlFreeUnicodeString(&fresh);
    return error;
}

HOTPATCH LSTATUS WINAPI RegReplaceKeyA(HKEY key, LPCSTR path, LPCSTR new_file, LPCSTR old_file)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_new AUTO_FREE = wide_from_ansi(new_file);
    WCHAR *wide_old AUTO_FREE = wide_from_ansi(old_file);
    if (conversion_failed(path, wide) || conversion_failed(new_file, wide_new) ||
        conversion_failed(old_file, wide_old))
        return ERROR_NOT_ENOUGH_MEMORY;
    return RegReplaceKeyW(key, wide, wide_new, wide_old);
}

// ---- loading ----

HOTPATCH LSTATUS WINAPI RegLoadKeyW(HKEY key, LPCWSTR path, LPCWSTR file)
{
    UNICODE_STRING name, source;
    OBJECT_ATTRIBUTES target, attributes;
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = path && *path ? reg_name(&name, path) : ERROR_INVALID_PARAMETER;
    if (!error) error = file_name(file, &source);
    if (error) return error;
    InitializeObjectAttributes(&target, &name, OBJ_CASE_INSENSITIVE, handle, NULL);
    InitializeObjectAttributes(&attributes, &source, OBJ_CASE_INSENSITIVE, NULL, NULL);
    error = reg_error(NtLoadKey(&target, &attributes));
    RtlFreeUnicodeString(&source);
    return error;
}

HOTPATCH LSTATUS WINAPI RegLoadKeyA(HKEY key, LPCSTR path, LPCSTR file)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_file AUTO_FREE = wide_from_ansi(file);
    if (conversion_failed(path, wide) || conversion_failed(file, wide_file)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegLoadKeyW(key, wide, wide_file);
}

HOTPATCH LSTATUS WINAPI RegUnLoadKeyW(HKEY key, LPCWSTR path)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES target;
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    if (!error) error = reg_name(&name, path);
    if (error) return error;
    InitializeObjectAttributes(&target, &name, OBJ_CASE_INSENSITIVE, handle, NULL);
    return reg_error(NtUnloadKey(&target));
}

HOTPATCH LSTATUS WINAPI RegUnLoadKeyA(HKEY key, LPCSTR path)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegUnLoadKeyW(key, wide);
}

// A name that no other hive has.
static LSTATUS app_key_name(UNICODE_STRING *name, WCHAR buffer[64])
{
    static const WCHAR prefix[] = L"\\Registry\\A\\", digits[] = L"0123456789abcdef";
    BYTE random[16];
    WCHAR *end = buffer;
    LSTATUS error = reg_error(LowlandRandom(random, sizeof(random)));
    if (error) return error;
    memcpy(end, prefix, sizeof(prefix));
    end += ARRAY_LENGTH(prefix) - 1;
    *end++ = '{';
    for (unsigned i = 0; i < sizeof(random); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *end++ = '-';
        *end++ = digits[random[i] >> 4];
        *end++ = digits[random[i] & 15];
    }
    *end++ = '}';
    *end = 0;
    return reg_name(name, buffer);
}

HOTPATCH LSTATUS WINAPI RegLoadAppKeyW(LPCWSTR file, HKEY *result, REGSAM access, DWORD options,
                                       DWORD reserved)
{
    UNICODE_STRING name, source;
    OBJECT_ATTRIBUTES target, attributes;
    WCHAR buffer[64];
    HANDLE handle = NULL;
    if (!result || reserved || options & ~(DWORD)REG_PROCESS_APPKEY) return ERROR_INVALID_PARAMETER;
    LSTATUS error = app_key_name(&name, buffer);
    if (!error) error = file_name(file, &source);
    if (error) return error;
    InitializeObjectAttributes(&target, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    InitializeObjectAttributes(&attributes, &source, OBJ_CASE_INSENSITIVE, NULL, NULL);
    error = reg_error(NtLoadKeyEx(&target, &attributes, REG_APP_HIVE, NULL, NULL, access, &handle, NULL));
    RtlFreeUnicodeString(&source);
    *result = handle;
    return error;
}

HOTPATCH LSTATUS WINAPI RegLoadAppKeyA(LPCSTR file, HKEY *result, REGSAM access, DWORD options,
                                       DWORD reserved)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(file);
    if (conversion_failed(file, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegLoadAppKeyW(wide, result, access, options, reserved);
}
