// Names of paths: full, long, short and final names, the search path, temporary names, system directories.
#include "base.h"
#include "dlls/ntdll/ldr_search_path.h"
#include "volume.h"

static LONG file_apis_oem;

HOTPATCH BOOL WINAPI AreFileApisANSI(void)
{
    return !file_apis_oem;
}

HOTPATCH void WINAPI SetFileApisToOEM(void)
{
    file_apis_oem = 1;
}

HOTPATCH void WINAPI SetFileApisToANSI(void)
{
    file_apis_oem = 0;
}

// A wide function that fills a buffer and follows the usual length contract.
typedef DWORD (*wide_getter)(const WCHAR *argument, WCHAR *buffer, DWORD size);

// Calls a wide getter into a buffer of its own and gives the result in the file APIs' code page.
static DWORD through_wide(wide_getter get, const char *argument, char *buffer, DWORD size)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(argument);
    if (conversion_failed(argument, wide)) return 0;
    WCHAR small[MAX_PATH];
    DWORD length = get(wide, small, MAX_PATH);
    if (!length) return 0;
    if (length < MAX_PATH) return file_ansi_from_wide(buffer, size, small, length);
    AUTO_FREE WCHAR *large = heap_alloc(length * sizeof(WCHAR));
    if (!large) return 0;
    DWORD got = get(wide, large, length);
    if (!got || got >= length) return 0;
    return file_ansi_from_wide(buffer, size, large, got);
}

// ---- full names ----

HOTPATCH DWORD WINAPI GetFullPathNameW(const WCHAR *path, DWORD size, WCHAR *buffer, WCHAR **file_part)
{
    ULONG bytes = size > 0x7FFFFFFF ? 0xFFFFFFFE : size * (ULONG)sizeof(WCHAR);
    ULONG length = RtlGetFullPathName_U(path, bytes, buffer, file_part) / sizeof(WCHAR);
    if (!length) SetLastError(ERROR_INVALID_NAME);
    return length;
}

static DWORD full_path(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    return GetFullPathNameW(path, size, buffer, NULL);
}

// Where the last component of a path begins; NULL when it ends in a separator.
static char *last_component(char *path)
{
    char *last = NULL;
    for (char *at = path; *at; at++) {
        if (IsDBCSLeadByte((BYTE)*at) && at[1])
            at++;
        else if (*at == '\\' || *at == '/')
            last = at + 1;
    }
    return last && *last ? last : NULL;
}

HOTPATCH DWORD WINAPI GetFullPathNameA(const char *path, DWORD size, char *buffer, char **file_part)
{
    DWORD length = through_wide(full_path, path, buffer, size);
    if (file_part && length) *file_part = length < size ? last_component(buffer) : NULL;
    return length;
}

// ---- long and short names ----

static bool is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

// Length of what comes before the first component: "C:\", "\\server\share\", "\\?\C:\".
static SIZE_T root_length(const WCHAR *path)
{
    SIZE_T i = 0;
    if (is_separator(path[0]) && is_separator(path[1])) {
        if ((path[2] == '?' || path[2] == '.') && is_separator(path[3])) {
            i = 4;
            if (path[4] && path[5] == ':') return is_separator(path[6]) ? 7 : 6;
        } else {
            i = 2;
        }
        for (int parts = 0; path[i] && parts < 2; i++)
            if (is_separator(path[i])) parts++;
        return i;
    }
    if (path[0] && path[1] == ':') i = 2;
    while (is_separator(path[i])) i++;
    return i;
}

// Whether a name has the form of eight letters, a dot and three letters.
static bool has_short_form(const WCHAR *name)
{
    int base = 0, extension = 0;
    while (name[base] && name[base] != '.' && name[base] != ' ') base++;
    const WCHAR *rest = name + base;
    if (*rest == '.')
        for (rest++; rest[extension] && rest[extension] != '.' && rest[extension] != ' ';) extension++;
    return base && base <= 8 && extension <= 3 && !rest[extension];
}

// Rebuilds path with each component replaced by its long or short name from its directory.
static DWORD rename_components(const WCHAR *path, WCHAR *buffer, DWORD size, bool shorten)
{
    if (!path || !path[0]) {
        SetLastError(path ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_PARAMETER);
        return 0;
    }
    SIZE_T length = wide_length(path), at = root_length(path), out = at;
    for (const WCHAR *rest = path + at; *rest; rest++) {
        if (*rest != '*' && *rest != '?') continue;
        SetLastError(ERROR_INVALID_NAME);
        return 0;
    }
    AUTO_FREE WCHAR *source = heap_alloc((length + 1) * sizeof(WCHAR));
    AUTO_FREE WCHAR *result = heap_alloc((length + 1 + 32768) * sizeof(WCHAR));
    if (!source || !result) return 0;
    memcpy(source, path, (length + 1) * sizeof(WCHAR));
    memcpy(result, path, at * sizeof(WCHAR));
    if (at == length && GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) return 0;
    while (at < length) {
        SIZE_T end = at;
        while (end < length && !is_separator(source[end])) end++;
        WCHAR saved = source[end];
        source[end] = 0;
        const WCHAR *component = source + at;
        WIN32_FIND_DATAW data;
        bool special = end - at <= 2 && component[0] == '.' && (!component[1] || component[1] == '.');
        // The last separator may be followed by nothing.
        if (end > at && !special) {
            HANDLE find = FindFirstFileW(source, &data);
            if (find == INVALID_HANDLE_VALUE) return 0;
            FindClose(find);
            // A name that can't be a short one keeps the caller's letter case: programs compare with what
            // they gave.
            const WCHAR *found =
                shorten && data.cAlternateFileName[0] ? data.cAlternateFileName : data.cFileName;
            if (has_short_form(component) || _wcsicmp(component, found)) component = found;
        }
        SIZE_T n = wide_length(component);
        memcpy(result + out, component, n * sizeof(WCHAR));
        out += n;
        source[end] = saved;
        while (end < length && is_separator(path[end])) result[out++] = path[end++];
        at = end;
    }
    return copy_wide_result(buffer, size, result, out);
}

HOTPATCH DWORD WINAPI GetLongPathNameW(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    return rename_components(path, buffer, size, false);
}

HOTPATCH DWORD WINAPI GetShortPathNameW(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    return rename_components(path, buffer, size, true);
}

static DWORD long_path(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    return GetLongPathNameW(path, buffer, size);
}

static DWORD short_path(const WCHAR *path, WCHAR *buffer, DWORD size)
{
    return GetShortPathNameW(path, buffer, size);
}

HOTPATCH DWORD WINAPI GetLongPathNameA(const char *path, char *buffer, DWORD size)
{
    return through_wide(long_path, path, buffer, size);
}

HOTPATCH DWORD WINAPI GetShortPathNameA(const char *path, char *buffer, DWORD size)
{
    return through_wide(short_path, path, buffer, size);
}

// The name of an open file, in the form that flags ask for. The object's name is \Device\HarddiskVolume3\...,
// or another device's for what lies on no drive.
HOTPATCH DWORD WINAPI GetFinalPathNameByHandleW(HANDLE file, WCHAR *buffer, DWORD size, DWORD flags)
{
    const ULONG bytes = sizeof(OBJECT_NAME_INFORMATION) + 0x8000 * sizeof(WCHAR);
    WCHAR prefix[VOLUME_NAME_LENGTH + 1] = L"";
    SIZE_T skip = 0;
    ULONG needed;
    DWORD form = flags & ~(DWORD)FILE_NAME_OPENED;
    if (form && form != VOLUME_NAME_GUID && form != VOLUME_NAME_NONE && form != VOLUME_NAME_NT)
        return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    if (file == INVALID_HANDLE_VALUE) return (DWORD)fail_with(ERROR_INVALID_HANDLE);
    AUTO_FREE OBJECT_NAME_INFORMATION *info = heap_alloc(bytes);
    if (!info) return 0;
    if (!bool_from_status(NtQueryObject(file, ObjectNameInformation, info, bytes, &needed))) return 0;
    const WCHAR *name = info->Name.Buffer;
    SIZE_T length = info->Name.Length / sizeof(WCHAR);
    if (!(flags & VOLUME_NAME_NT)) {
        int drive = drive_of_device_name(name, length, &skip);
        if (drive < 0) return (DWORD)fail_with(ERROR_PATH_NOT_FOUND);
        if (flags & VOLUME_NAME_GUID) {
            volume_name_of_drive(prefix, drive);
            prefix[VOLUME_NAME_LENGTH - 1] = 0; // the name has its own backslash
        } else if (!(flags & VOLUME_NAME_NONE)) {
            memcpy(prefix, L"\\\\?\\A:", 7 * sizeof(WCHAR));
            prefix[4] = (WCHAR)('A' + drive);
        }
    }
    SIZE_T prefix_length = wide_length(prefix), total = prefix_length + length - skip;
    if (total + 1 > size) return (DWORD)total + 1;
    memcpy(buffer, prefix, prefix_length * sizeof(WCHAR));
    memcpy(buffer + prefix_length, name + skip, (length - skip) * sizeof(WCHAR));
    buffer[total] = 0;
    return (DWORD)total;
}

HOTPATCH DWORD WINAPI GetFinalPathNameByHandleA(HANDLE file, char *buffer, DWORD size, DWORD flags)
{
    AUTO_FREE WCHAR *wide = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetFinalPathNameByHandleW(file, wide, 0x8000, flags);
    if (!length) return 0;
    // Unlike the wide form, this one doesn't count the NUL when there is no room.
    DWORD result = file_ansi_from_wide(buffer, size, wide, length);
    return result > size ? result - 1 : result;
}

// ---- searching ----

HOTPATCH BOOL WINAPI SetSearchPathMode(DWORD flags)
{
    return bool_from_status(RtlSetSearchPathMode(flags));
}

// What the activation context says of a name; 0: nothing. Else as SearchPathW.
static DWORD search_context(const WCHAR *file, const WCHAR *extension, DWORD size, WCHAR *buffer,
                            WCHAR **file_part)
{
    UNICODE_STRING name, suffix, found = {};
    SIZE_T prefix;
    RtlInitUnicodeString(&name, file);
    RtlInitUnicodeString(&suffix, extension);
    if (!NT_SUCCESS(RtlDosApplyFileIsolationRedirection_Ustr(0, &name, &suffix, NULL, &found, NULL, NULL,
                                                             &prefix, NULL)))
        return 0;
    DWORD length = found.Length / sizeof(WCHAR);
    DWORD result = copy_wide_result(buffer, size, found.Buffer, length);
    if (file_part && result == length) *file_part = buffer + prefix;
    RtlFreeUnicodeString(&found);
    return result;
}

HOTPATCH DWORD WINAPI SearchPathW(const WCHAR *path, const WCHAR *file, const WCHAR *extension, DWORD size,
                                  WCHAR *buffer, WCHAR **file_part)
{
    if (!file || !file[0]) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    DWORD length = path ? 0 : search_context(file, extension, size, buffer, file_part);
    if (length) return length;
    AUTO_FREE WCHAR *own = NULL;
    if (!path && !bool_from_status(RtlGetSearchPath(&own))) return 0;
    ULONG bytes = size > 0x7FFFFFFF ? 0xFFFFFFFE : size * (ULONG)sizeof(WCHAR);
    length = RtlDosSearchPath_U(path ? path : own, file, extension, bytes, buffer, file_part) / sizeof(WCHAR);
    if (!length) SetLastError(ERROR_FILE_NOT_FOUND);
    return length;
}

HOTPATCH DWORD WINAPI SearchPathA(const char *path, const char *file, const char *extension, DWORD size,
                                  char *buffer, char **file_part)
{
    AUTO_FREE WCHAR *wide_path = wide_from_file_ansi(path);
    AUTO_FREE WCHAR *wide_file = wide_from_file_ansi(file);
    AUTO_FREE WCHAR *wide_extension = wide_from_file_ansi(extension);
    if (conversion_failed(path, wide_path) || conversion_failed(file, wide_file) ||
        conversion_failed(extension, wide_extension))
        return 0;
    AUTO_FREE WCHAR *found = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!found) return 0;
    DWORD length = SearchPathW(wide_path, wide_file, wide_extension, 0x8000, found, NULL);
    if (!length) return 0;
    length = file_ansi_from_wide(buffer, size, found, length);
    if (file_part) *file_part = length < size ? last_component(buffer) : NULL;
    return length;
}

HOTPATCH BOOL WINAPI NeedCurrentDirectoryForExePathW(const WCHAR *name)
{
    for (const WCHAR *at = name; *at; at++)
        if (*at == '\\') return TRUE;
    WCHAR value[2];
    return !GetEnvironmentVariableW(L"NoDefaultCurrentDirectoryInExePath", value, 2) &&
           GetLastError() == ERROR_ENVVAR_NOT_FOUND;
}

HOTPATCH BOOL WINAPI NeedCurrentDirectoryForExePathA(const char *name)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return wide && NeedCurrentDirectoryForExePathW(wide);
}

// ---- well-known directories ----

HOTPATCH UINT WINAPI GetSystemDirectoryW(WCHAR *buffer, UINT size)
{
    return copy_wide_result(buffer, size, L"C:\\windows\\system32", 19);
}

HOTPATCH UINT WINAPI GetSystemDirectoryA(char *buffer, UINT size)
{
    return file_ansi_from_wide(buffer, size, L"C:\\windows\\system32", 19);
}

HOTPATCH UINT WINAPI GetWindowsDirectoryW(WCHAR *buffer, UINT size)
{
    return copy_wide_result(buffer, size, L"C:\\windows", 10);
}

HOTPATCH UINT WINAPI GetWindowsDirectoryA(char *buffer, UINT size)
{
    return file_ansi_from_wide(buffer, size, L"C:\\windows", 10);
}

HOTPATCH UINT WINAPI GetSystemWindowsDirectoryW(WCHAR *buffer, UINT size)
{
    return GetWindowsDirectoryW(buffer, size);
}

HOTPATCH UINT WINAPI GetSystemWindowsDirectoryA(char *buffer, UINT size)
{
    return GetWindowsDirectoryA(buffer, size);
}

// ---- temporary files ----

// TMP, TEMP, USERPROFILE, then the Windows directory; always with a backslash at the end.
HOTPATCH DWORD WINAPI GetTempPathW(DWORD size, WCHAR *buffer)
{
    static const WCHAR *const variables[] = {L"TMP", L"TEMP", L"USERPROFILE"};
    WCHAR value[MAX_PATH + 2], full[MAX_PATH + 2];
    DWORD length = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(variables) && !length; i++) {
        length = GetEnvironmentVariableW(variables[i], value, MAX_PATH);
        if (length >= MAX_PATH) length = 0;
    }
    if (!length) length = GetWindowsDirectoryW(value, MAX_PATH);
    length = GetFullPathNameW(value, MAX_PATH, full, NULL);
    if (!length || length >= MAX_PATH) return 0;
    if (full[length - 1] != '\\') {
        full[length++] = '\\';
        full[length] = 0;
    }
    if (length >= size) {
        // What there is of a buffer that is too small is zeroed, and of a longer one the rest.
        if (buffer) memset(buffer, 0, size * sizeof(WCHAR));
        return length + 1;
    }
    memcpy(buffer, full, length * sizeof(WCHAR));
    // Programs pass sizes in bytes: no more is touched than a path can have.
    DWORD end = size < 32767 ? size : 32767;
    memset(buffer + length, 0, (end - length) * sizeof(WCHAR));
    return length;
}

HOTPATCH DWORD WINAPI GetTempPathA(DWORD size, char *buffer)
{
    WCHAR wide[MAX_PATH + 2];
    DWORD length = GetTempPathW(ARRAY_LENGTH(wide), wide);
    return length ? file_ansi_from_wide(buffer, size, wide, length) : 0;
}

HOTPATCH DWORD WINAPI GetTempPath2W(DWORD size, WCHAR *buffer)
{
    return GetTempPathW(size, buffer);
}

HOTPATCH DWORD WINAPI GetTempPath2A(DWORD size, char *buffer)
{
    return GetTempPathA(size, buffer);
}

// path + three letters of prefix + four hexadecimal digits + ".tmp".
static void write_temp_name(WCHAR *target, const WCHAR *path, SIZE_T length, const WCHAR *prefix, UINT number)
{
    static const WCHAR digits[] = L"0123456789ABCDEF";
    memcpy(target, path, length * sizeof(WCHAR));
    WCHAR *at = target + length;
    if (length && !is_separator(at[-1])) *at++ = '\\';
    for (int i = 0; prefix && prefix[i] && i < 3; i++) *at++ = prefix[i];
    // Without leading zeros, as Windows.
    int shift = 12;
    while (shift && !(number >> shift & 15)) shift -= 4;
    for (; shift >= 0; shift -= 4) *at++ = digits[number >> shift & 15];
    memcpy(at, L".tmp", 5 * sizeof(WCHAR));
}

// unique 0: tries numbers until a file could be created, and leaves it there empty.
HOTPATCH UINT WINAPI GetTempFileNameW(const WCHAR *path, const WCHAR *prefix, UINT unique, WCHAR *buffer)
{
    if (!path || !buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    SIZE_T length = wide_length(path);
    if (length > MAX_PATH - 14) {
        SetLastError(ERROR_BUFFER_OVERFLOW);
        return 0;
    }
    DWORD attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        SetLastError(ERROR_DIRECTORY);
        return 0;
    }
    if (unique) {
        write_temp_name(buffer, path, length, prefix, unique & 0xFFFF);
        return unique & 0xFFFF;
    }
    UINT start = (UINT)GetTickCount() & 0xFFFF, number = start ? start : 1;
    do {
        write_temp_name(buffer, path, length, prefix, number);
        HANDLE file = CreateFileW(buffer, GENERIC_READ, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (file != INVALID_HANDLE_VALUE) {
            NtClose(file);
            return number;
        }
        DWORD error = GetLastError();
        if (error != ERROR_FILE_EXISTS && error != ERROR_SHARING_VIOLATION && error != ERROR_ALREADY_EXISTS)
            return 0;
        number = number == 0xFFFF ? 1 : number + 1;
    } while (number != start);
    SetLastError(ERROR_FILE_EXISTS);
    return 0;
}

HOTPATCH UINT WINAPI GetTempFileNameA(const char *path, const char *prefix, UINT unique, char *buffer)
{
    WCHAR wide[MAX_PATH];
    AUTO_FREE WCHAR *wide_path = wide_from_file_ansi(path);
    AUTO_FREE WCHAR *wide_prefix = wide_from_file_ansi(prefix);
    if (conversion_failed(path, wide_path) || conversion_failed(prefix, wide_prefix)) return 0;
    UINT number = GetTempFileNameW(wide_path, wide_prefix, unique, wide);
    if (number) file_ansi_from_wide(buffer, MAX_PATH, wide, wide_length(wide));
    return number;
}
