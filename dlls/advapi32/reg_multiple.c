// Several values of a key at once, their data one behind the other; and reflection between the two views of
// the registry, which Windows has no more.
#include "base.h"

// Asks one value for its data (buffer NULL: its size only).
typedef LSTATUS (*value_query)(HKEY key, const void *name, DWORD *type, BYTE *buffer, DWORD *size);

static LSTATUS query_wide(HKEY key, const void *name, DWORD *type, BYTE *buffer, DWORD *size)
{
    return RegQueryValueExW(key, name, NULL, type, buffer, size);
}

static LSTATUS query_ansi(HKEY key, const void *name, DWORD *type, BYTE *buffer, DWORD *size)
{
    return RegQueryValueExA(key, name, NULL, type, buffer, size);
}

// VALENTA and VALENTW differ in the type of the name only. *size: of the buffer, then what all data take.
static LSTATUS query_all(HKEY key, VALENTW *values, DWORD count, BYTE *buffer, DWORD *size, value_query query)
{
    DWORD room = size ? *size : 0, used = 0;
    LSTATUS error = ERROR_SUCCESS;
    for (DWORD i = 0; i < count; i++) {
        DWORD length = 0;
        error = query(key, values[i].ve_valuename, &values[i].ve_type, NULL, &length);
        if (error) return error;
        if (buffer && used + length <= room)
            error = query(key, values[i].ve_valuename, &values[i].ve_type, buffer + used, &length);
        if (error) return error;
        values[i].ve_valuelen = length;
        values[i].ve_valueptr = (DWORD_PTR)(buffer + used);
        used += length;
    }
    if (size) *size = used;
    return used <= room ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

HOTPATCH LSTATUS WINAPI RegQueryMultipleValuesW(HKEY key, VALENTW *values, DWORD count, LPWSTR buffer,
                                                DWORD *size)
{
    return query_all(key, values, count, (BYTE *)buffer, size, query_wide);
}

HOTPATCH LSTATUS WINAPI RegQueryMultipleValuesA(HKEY key, VALENTA *values, DWORD count, LPSTR buffer,
                                                DWORD *size)
{
    return query_all(key, (VALENTW *)values, count, (BYTE *)buffer, size, query_ansi);
}

// ---- reflection: since Windows 7 keys are shared by the views or are not ----

static LSTATUS check_key(HKEY key)
{
    return RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
}

HOTPATCH LONG WINAPI RegDisableReflectionKey(HKEY key)
{
    return check_key(key);
}

HOTPATCH LONG WINAPI RegEnableReflectionKey(HKEY key)
{
    return check_key(key);
}

HOTPATCH LONG WINAPI RegQueryReflectionKey(HKEY key, BOOL *disabled)
{
    if (!disabled) return ERROR_INVALID_PARAMETER;
    *disabled = TRUE;
    return check_key(key);
}
