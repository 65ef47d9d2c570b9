// RegLoadMUIString: a value that names a string of a DLL's resources, "@file,-id".
#include "indirect_string.h"
#include "reg.h"

HOTPATCH LSTATUS WINAPI RegLoadMUIStringW(HKEY key, LPCWSTR name, LPWSTR buffer, DWORD room, DWORD *needed,
                                          DWORD flags, LPCWSTR directory)
{
    struct reg_value value AUTO_VALUE;
    value.block = NULL;
    if (flags & ~REG_MUI_STRING_TRUNCATE || (flags & REG_MUI_STRING_TRUNCATE && needed) ||
        room % sizeof(WCHAR) || (!buffer && room))
        return ERROR_INVALID_PARAMETER;
    DWORD last = GetLastError();
    LSTATUS error = reg_value_read(key, name, &value);
    if (error) return error;
    if (value.type != REG_SZ && value.type != REG_EXPAND_SZ) return ERROR_INVALID_DATA;
    DWORD size = ExpandEnvironmentStringsW((WCHAR *)value.data, NULL, 0);
    WCHAR *text AUTO_FREE = heap_alloc(size * sizeof(WCHAR));
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    ExpandEnvironmentStringsW((WCHAR *)value.data, text, size);
    error = indirect_string_load(text, directory, buffer, room, needed, flags);
    SetLastError(last);
    return error;
}

// Windows has only the other one.
HOTPATCH LSTATUS WINAPI RegLoadMUIStringA(HKEY key, LPCSTR name, LPSTR buffer, DWORD room, DWORD *needed,
                                          DWORD flags, LPCSTR directory)
{
    (void)key, (void)name, (void)buffer, (void)room, (void)needed, (void)flags, (void)directory;
    return ERROR_CALL_NOT_IMPLEMENTED;
}
