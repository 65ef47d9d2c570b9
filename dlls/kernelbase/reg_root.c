// The predefined keys of the registry, and handles behind keys.
#include "reg.h"

enum { PREDEFINED = 7 };

static HANDLE opened[PREDEFINED];     // by what the process has used
static HANDLE overridden[PREDEFINED]; // RegOverridePredefKey

LSTATUS reg_name(UNICODE_STRING *string, const WCHAR *name)
{
    SIZE_T length = name ? wide_length(name) : 0;
    if (length > 0xFFFE / sizeof(WCHAR) - 1) return ERROR_INVALID_PARAMETER;
    *string =
        (UNICODE_STRING){(USHORT)(length * sizeof(WCHAR)), (USHORT)(length * sizeof(WCHAR)), (WCHAR *)name};
    return ERROR_SUCCESS;
}

NTSTATUS reg_open(HANDLE root, const WCHAR *path, ULONG options, ACCESS_MASK access, HANDLE *handle)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    if (reg_name(&name, path)) return STATUS_INVALID_PARAMETER;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    return NtOpenKeyEx(handle, access, &attributes, options);
}

NTSTATUS reg_open_user(ACCESS_MASK access, HANDLE *handle)
{
    UNICODE_STRING path;
    NTSTATUS status = RtlFormatCurrentUserKeyPath(&path);
    if (!NT_SUCCESS(status)) return status;
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenKey(handle, access, &attributes);
    RtlFreeUnicodeString(&path);
    return status;
}

static NTSTATUS open_predefined(ULONG index, HANDLE *handle)
{
    static const WCHAR *const paths[PREDEFINED] = {
        L"\\Registry\\Machine\\Software\\Classes",
        NULL, // the user's
        L"\\Registry\\Machine",
        L"\\Registry\\User",
        NULL, // performance data
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Hardware Profiles\\Current",
        NULL, // dynamic data, of Windows 95
    };
    if (index == 1) return reg_open_user(MAXIMUM_ALLOWED, handle);
    return paths[index] ? reg_open(NULL, paths[index], 0, MAXIMUM_ALLOWED, handle) : STATUS_INVALID_HANDLE;
}

LSTATUS reg_handle(HKEY key, HANDLE *handle)
{
    ULONG index = (ULONG)(ULONG_PTR)key & 0x7FFFFFFF;
    if (!key) return ERROR_INVALID_HANDLE;
    if (!reg_is_predefined(key)) {
        *handle = key;
        return ERROR_SUCCESS;
    }
    if (index >= PREDEFINED) return ERROR_INVALID_HANDLE;
    if ((*handle = overridden[index]) || (*handle = opened[index])) return ERROR_SUCCESS;
    HANDLE fresh;
    LSTATUS error = reg_error(open_predefined(index, &fresh));
    if (error) return error;
    HANDLE other = InterlockedCompareExchangePointer(&opened[index], fresh, NULL);
    if (other) NtClose(fresh);
    *handle = other ? other : fresh;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOverridePredefKey(HKEY key, HKEY replacement)
{
    ULONG index = (ULONG)(ULONG_PTR)key & 0x7FFFFFFF;
    HANDLE copy = NULL;
    if (!reg_is_predefined(key) || index >= PREDEFINED) return ERROR_INVALID_HANDLE;
    if (replacement) {
        if (reg_is_predefined(replacement)) return ERROR_INVALID_HANDLE;
        NTSTATUS status = NtDuplicateObject(NtCurrentProcess(), replacement, NtCurrentProcess(), &copy, 0, 0,
                                            DUPLICATE_SAME_ACCESS);
        if (!NT_SUCCESS(status)) return reg_error(status);
    }
    HANDLE old = InterlockedExchangePointer(&overridden[index], copy);
    if (old) NtClose(old);
    return ERROR_SUCCESS;
}

// There is one user: what would be cached is always right.
HOTPATCH LSTATUS WINAPI RegDisablePredefinedCache(void)
{
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegDisablePredefinedCacheEx(void)
{
    return RegDisablePredefinedCache();
}

HOTPATCH LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, HKEY *result)
{
    HANDLE handle = NULL;
    LSTATUS error = reg_error(reg_open_user(access, &handle));
    *result = handle;
    return error;
}

HOTPATCH LSTATUS WINAPI RegCloseKey(HKEY key)
{
    if (!key) return ERROR_INVALID_HANDLE;
    return reg_is_predefined(key) ? ERROR_SUCCESS : reg_error(NtClose(key));
}
