// The shell's functions on paths that are made of others: canonical forms and combinations (path_cch.c),
// files, environment strings. The narrow ones go through the wide ones.
#include "path_cch.h"
#include "shell_text.h"
#define PATHCCH_NO_DEPRECATE
#include <pathcch.h>

// An ANSI result of less than MAX_PATH bytes. FALSE when it is longer.
static BOOL narrow_path(char *out, const WCHAR *path)
{
    return ansi_from_wide(out, MAX_PATH, path, wide_length(path)) < MAX_PATH;
}

// ---- canonical forms ----

HOTPATCH BOOL WINAPI PathCanonicalizeW(WCHAR *out, const WCHAR *path)
{
    HRESULT result;

    if (out) *out = 0;
    if (!out || !path) return fail_with(ERROR_INVALID_PARAMETER);
    result = PathCchCanonicalizeEx(out, MAX_PATH, path, 0);
    return SUCCEEDED(result) ? TRUE : fail_with(HRESULT_CODE(result));
}

HOTPATCH BOOL WINAPI PathCanonicalizeA(char *out, const char *path)
{
    WCHAR canonical[MAX_PATH];

    if (out) *out = 0;
    if (!out || !path) return fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE WCHAR *wide = wide_from_ansi(path);
    if (!wide || !PathCanonicalizeW(canonical, wide)) return FALSE;
    return narrow_path(out, canonical) ? TRUE : fail_with(ERROR_FILENAME_EXCED_RANGE);
}

// What file is in directory; an absolute file stands for itself, one from a root for the directory's drive's.
// NULL, and an empty result, when that is too long. out may be directory.
HOTPATCH WCHAR *WINAPI PathCombineW(WCHAR *out, const WCHAR *directory, const WCHAR *file)
{
    WCHAR result[MAX_PATH];

    if (!out) return NULL;
    if ((!directory && !file) || FAILED(PathCchCombineEx(result, MAX_PATH, directory, file, 0))) {
        *out = 0;
        return NULL;
    }
    memcpy(out, result, (wide_length(result) + 1) * sizeof(WCHAR));
    return out;
}

HOTPATCH char *WINAPI PathCombineA(char *out, const char *directory, const char *file)
{
    AUTO_FREE WCHAR *wide_directory = wide_from_ansi(directory);
    AUTO_FREE WCHAR *wide_file = wide_from_ansi(file);
    WCHAR result[MAX_PATH];

    if (!out) return NULL;
    *out = 0;
    if (conversion_failed(directory, wide_directory) || conversion_failed(file, wide_file)) return NULL;
    if (!PathCombineW(result, wide_directory, wide_file) || !narrow_path(out, result)) return NULL;
    return out;
}

// Backslashes before `more` only separate, unless it is a network path.
HOTPATCH BOOL WINAPI PathAppendW(WCHAR *path, const WCHAR *more)
{
    if (!path || !more) return FALSE;
    if (!PathIsUNCW(more))
        while (*more == '\\') more++;
    return PathCombineW(path, path, more) != NULL;
}

HOTPATCH BOOL WINAPI PathAppendA(char *path, const char *more)
{
    if (!path || !more) return FALSE;
    if (!PathIsUNCA(more))
        while (*more == '\\') more++;
    return PathCombineA(path, path, more) != NULL;
}

// ---- files ----

HOTPATCH BOOL WINAPI PathFileExistsW(const WCHAR *path)
{
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

HOTPATCH BOOL WINAPI PathFileExistsA(const char *path)
{
    return path && GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

// The full path of a file that is found where programs are, or else of what the name means from the current
// directory.
HOTPATCH BOOL WINAPI PathSearchAndQualifyW(const WCHAR *path, WCHAR *out, UINT size)
{
    DWORD n = SearchPathW(NULL, path, NULL, size, out, NULL);

    if (!n || n >= size) n = GetFullPathNameW(path, size, out, NULL);
    return n && n < size;
}

HOTPATCH BOOL WINAPI PathSearchAndQualifyA(const char *path, char *out, UINT size)
{
    DWORD n = SearchPathA(NULL, path, NULL, size, out, NULL);

    if (!n || n >= size) n = GetFullPathNameA(path, size, out, NULL);
    return n && n < size;
}

// ---- environment strings ----

// Whether path begins with a variable's directory; how long that is.
static SIZE_T variable_prefix(const WCHAR *path, const WCHAR *name)
{
    WCHAR value[MAX_PATH];
    DWORD n = GetEnvironmentVariableW(name, value, MAX_PATH);

    if (!n || n >= MAX_PATH) return 0;
    if (RtlCompareUnicodeStrings(path, wide_length(path) < n ? wide_length(path) : n, value, n, TRUE))
        return 0;
    return !path[n] || path[n] == '\\' || value[n - 1] == '\\' ? n : 0;
}

// Puts a variable's name, like %SystemRoot%, in place of its directory. FALSE when none fits, or no room.
HOTPATCH BOOL WINAPI PathUnExpandEnvStringsW(const WCHAR *path, WCHAR *out, UINT size)
{
    static const WCHAR *const names[] = {L"USERPROFILE",  L"ALLUSERSPROFILE", L"APPDATA",
                                         L"ProgramFiles", L"SystemRoot",      L"SystemDrive"};
    const WCHAR *best = NULL;
    SIZE_T longest = 0, name_length, rest;

    if (!path || !out) return FALSE;
    for (unsigned i = 0; i < ARRAY_LENGTH(names); i++) {
        SIZE_T n = variable_prefix(path, names[i]);
        if (n <= longest) continue;
        longest = n;
        best = names[i];
    }
    if (!best) return FALSE;
    name_length = wide_length(best);
    rest = wide_length(path + longest);
    if (name_length + 2 + rest >= size) return FALSE;
    out[0] = out[name_length + 1] = '%';
    memcpy(out + 1, best, name_length * sizeof(WCHAR));
    memcpy(out + name_length + 2, path + longest, (rest + 1) * sizeof(WCHAR));
    return TRUE;
}

HOTPATCH BOOL WINAPI PathUnExpandEnvStringsA(const char *path, char *out, UINT size)
{
    WCHAR result[2 * MAX_PATH];
    AUTO_FREE WCHAR *wide = wide_from_ansi(path);

    if (!wide || !out || !PathUnExpandEnvStringsW(wide, result, ARRAY_LENGTH(result))) return FALSE;
    return ansi_from_wide(out, size, result, wide_length(result)) < size;
}
