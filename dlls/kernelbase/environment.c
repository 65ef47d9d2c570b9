// Environment variables and the strings that refer to them.
#include "base.h"

// Length in characters of an environment block with its two NULs.
static SIZE_T block_length(const WCHAR *block)
{
    const WCHAR *at = block;
    while (*at) at += wide_length(at) + 1;
    // An empty block is two NULs as well.
    return (SIZE_T)(at - block) + (at == block ? 2 : 1);
}

HOTPATCH WCHAR *WINAPI GetEnvironmentStringsW(void)
{
    RtlAcquirePebLock();
    const WCHAR *block = current_parameters()->Environment;
    SIZE_T bytes = block_length(block) * sizeof(WCHAR);
    WCHAR *copy = heap_alloc(bytes);
    if (copy) memcpy(copy, block, bytes);
    RtlReleasePebLock();
    return copy;
}

HOTPATCH BOOL WINAPI FreeEnvironmentStringsW(WCHAR *block)
{
    return RtlFreeHeap(process_heap(), 0, block);
}

// In the OEM code page, as Windows.
HOTPATCH char *WINAPI GetEnvironmentStrings(void)
{
    AUTO_FREE WCHAR *wide = GetEnvironmentStringsW();
    if (!wide) return NULL;
    ULONG bytes = (ULONG)(block_length(wide) * sizeof(WCHAR)), size = 0;
    RtlUnicodeToMultiByteSize(&size, wide, bytes);
    char *block = heap_alloc(size);
    if (block) RtlUnicodeToOemN(block, size, &size, wide, bytes);
    return block;
}

HOTPATCH BOOL WINAPI FreeEnvironmentStringsA(char *block)
{
    return RtlFreeHeap(process_heap(), 0, block);
}

HOTPATCH BOOL WINAPI SetEnvironmentStringsW(WCHAR *block)
{
    for (const WCHAR *at = block; *at; at += wide_length(at) + 1) {
        SIZE_T i = 1;
        while (at[i] && at[i] != '=') i++;
        if (!at[i]) return fail_with(ERROR_INVALID_PARAMETER);
    }
    SIZE_T bytes = block_length(block) * sizeof(WCHAR);
    void *fresh = NULL;
    if (!bool_from_status(RtlCreateEnvironment(FALSE, &fresh))) return FALSE;
    // Set one by one: the block becomes sorted as the environment must be.
    (void)bytes;
    for (WCHAR *at = block; *at; at += wide_length(at) + 1) {
        SIZE_T i = 1;
        while (at[i] != '=') i++;
        NTSTATUS status = RtlSetEnvironmentVar((PVOID *)&fresh, at, i, at + i + 1, wide_length(at + i + 1));
        if (!bool_from_status(status)) {
            RtlDestroyEnvironment(fresh);
            return FALSE;
        }
    }
    RtlSetCurrentEnvironment(fresh, NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetEnvironmentStringsA(char *block)
{
    int bytes = 0;
    while (block[bytes]) bytes += (int)strlen(block + bytes) + 1;
    int units = MultiByteToWideChar(CP_ACP, 0, block, bytes + 1, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc((SIZE_T)units * sizeof(WCHAR));
    if (!wide) return FALSE;
    MultiByteToWideChar(CP_ACP, 0, block, bytes + 1, wide, units);
    return SetEnvironmentStringsW(wide);
}

// Length without the NUL when it fitted, else the size needed with it; ERROR_ENVVAR_NOT_FOUND.
HOTPATCH DWORD WINAPI GetEnvironmentVariableW(const WCHAR *name, WCHAR *buffer, DWORD size)
{
    SIZE_T length = 0;
    if (!name) return (DWORD)fail_with(ERROR_ENVVAR_NOT_FOUND);
    NTSTATUS status = RtlQueryEnvironmentVariable(NULL, name, wide_length(name), buffer, size, &length);
    if (status == STATUS_BUFFER_TOO_SMALL) return (DWORD)length;
    if (!bool_from_status(status)) return 0;
    if (length >= size) return (DWORD)length + 1;
    buffer[length] = 0;
    return (DWORD)length;
}

HOTPATCH DWORD WINAPI GetEnvironmentVariableA(const char *name, char *buffer, DWORD size)
{
    if (!name) return (DWORD)fail_with(ERROR_ENVVAR_NOT_FOUND);
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    if (!wide) return 0;
    DWORD needed = GetEnvironmentVariableW(wide, NULL, 0);
    if (!needed) return 0;
    AUTO_FREE WCHAR *value = heap_alloc((needed + 1) * sizeof(WCHAR));
    if (!value) return 0;
    DWORD length = GetEnvironmentVariableW(wide, value, needed + 1);
    return ansi_from_wide(buffer, size, value, length);
}

// value NULL removes; removing what isn't there fails with ERROR_ENVVAR_NOT_FOUND.
HOTPATCH BOOL WINAPI SetEnvironmentVariableW(const WCHAR *name, const WCHAR *value)
{
    if (!name) return fail_with(ERROR_ENVVAR_NOT_FOUND);
    SIZE_T length = wide_length(name);
    NTSTATUS status =
        RtlSetEnvironmentVar(NULL, (PWSTR)name, length, (PWSTR)value, value ? wide_length(value) : 0);
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI SetEnvironmentVariableA(const char *name, const char *value)
{
    AUTO_FREE WCHAR *wide_name = wide_from_ansi(name);
    AUTO_FREE WCHAR *wide_value = wide_from_ansi(value);
    if (!name) return fail_with(ERROR_ENVVAR_NOT_FOUND);
    if (!wide_name || conversion_failed(value, wide_value)) return FALSE;
    return SetEnvironmentVariableW(wide_name, wide_value);
}

// The value of the variable that is named between two percent signs; NULL when there is none. *length: its
// units.
static const WCHAR *find_variable(const WCHAR *name, SIZE_T name_length, SIZE_T *length)
{
    for (const WCHAR *at = current_parameters()->Environment; *at; at += wide_length(at) + 1) {
        // Names may begin with '=': the directories of drives.
        SIZE_T n = 1;
        while (at[n] && at[n] != '=') n++;
        if (!at[n] || n != name_length || RtlCompareUnicodeStrings(at, n, name, n, TRUE)) continue;
        *length = wide_length(at + n + 1);
        return at + n + 1;
    }
    return NULL;
}

// The size of the whole result with its NUL, also when it did not fit. What does not fit is still copied as
// far as it goes: text without a NUL, the value of a variable only whole.
HOTPATCH DWORD WINAPI ExpandEnvironmentStringsW(const WCHAR *source, WCHAR *buffer, DWORD size)
{
    SIZE_T total = 0, room = buffer && size ? size - 1 : 0;
    bool full = !buffer || !size;
    RtlAcquirePebLock();
    while (*source) {
        SIZE_T end = 1, length = 1;
        const WCHAR *value = NULL;
        if (*source == '%') {
            while (source[end] && source[end] != '%') end++;
            if (source[end]) value = find_variable(source + 1, end - 1, &length);
        }
        if (value) {
            if (!full && length <= room) {
                memcpy(buffer + total, value, length * sizeof(WCHAR));
                buffer[total + length] = 0;
                room -= length;
            } else if (!full) {
                buffer[total] = 0;
                full = true;
            }
            total += length;
            source += end + 1;
            continue;
        }
        // An unknown name stays as it is, with both its percent signs.
        SIZE_T literal = *source == '%' && source[end] ? end + 1 : 1;
        for (SIZE_T i = 0; i < literal; i++) {
            if (!full && room) {
                buffer[total] = source[i];
                room--;
            } else {
                full = true;
            }
            total++;
        }
        source += literal;
    }
    RtlReleasePebLock();
    if (!full) buffer[total] = 0;
    return (DWORD)total + 1;
}

// One more than needed when it does not fit, as Windows.
HOTPATCH DWORD WINAPI ExpandEnvironmentStringsA(const char *source, char *buffer, DWORD size)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(source);
    if (!wide) return 0;
    DWORD needed = ExpandEnvironmentStringsW(wide, NULL, 0);
    AUTO_FREE WCHAR *expanded = heap_alloc((needed + 1) * sizeof(WCHAR));
    if (!needed || !expanded) return 0;
    ExpandEnvironmentStringsW(wide, expanded, needed);
    ULONG bytes = 0;
    RtlUnicodeToMultiByteSize(&bytes, expanded, (needed - 1) * sizeof(WCHAR));
    if (size < bytes + 2 || !buffer) {
        if (buffer) buffer[0] = 0;
        return bytes + 2;
    }
    ansi_from_wide(buffer, size, expanded, needed - 1);
    return bytes + 1;
}
