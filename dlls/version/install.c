// Where a file goes and how it gets there: what old set-up programs use.
#include "nt/nt.h"
#include <stdbool.h>
#include <winver.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// --- paths

static WCHAR *wide_from_ansi(const char *text, WCHAR *buffer)
{
    if (!text) return NULL;
    if (!MultiByteToWideChar(CP_ACP, 0, text, -1, buffer, MAX_PATH)) buffer[0] = 0;
    return buffer;
}

// directory\file; false when it is too long.
static bool join(WCHAR *path, const WCHAR *directory, const WCHAR *file)
{
    int length = lstrlenW(directory);
    if (length + lstrlenW(file) + 2 > MAX_PATH) return false;
    lstrcpyW(path, directory);
    if (length && path[length - 1] != '\\' && path[length - 1] != ':') path[length++] = '\\';
    lstrcpyW(path + length, file);
    return true;
}

static bool exists(const WCHAR *directory, const WCHAR *file)
{
    WCHAR path[MAX_PATH];
    return directory && *directory && join(path, directory, file) &&
           GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static bool is_in_use(const WCHAR *directory, const WCHAR *file)
{
    WCHAR path[MAX_PATH];
    if (!join(path, directory, file)) return false;
    HANDLE opened =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (opened == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_SHARING_VIOLATION;
    CloseHandle(opened);
    return false;
}

// --- VerFindFile

struct places {
    WCHAR current[MAX_PATH]; // where the file is; empty when it is nowhere
    WCHAR wanted[MAX_PATH];  // where it should go; empty when anywhere will do
};

static DWORD find(struct places *places, DWORD flags, const WCHAR *file, const WCHAR *windows,
                  const WCHAR *application)
{
    WCHAR system[MAX_PATH], windows_directory[MAX_PATH], working[MAX_PATH];
    bool shared = flags & VFFF_ISSHAREDFILE;
    GetSystemDirectoryW(system, MAX_PATH);
    GetWindowsDirectoryW(windows_directory, MAX_PATH);
    GetCurrentDirectoryW(MAX_PATH, working);
    if (!windows || !*windows) windows = windows_directory;
    lstrcpyW(places->wanted, shared ? system : application ? application : L"");
    places->current[0] = 0;
    const WCHAR *const searched[] = {places->wanted, shared ? application : windows, shared ? NULL : system,
                                     shared ? NULL : working};
    for (size_t i = 0; i < ARRAY_LENGTH(searched); i++) {
        if (!exists(searched[i], file)) continue;
        lstrcpyW(places->current, searched[i]);
        break;
    }
    DWORD result = lstrcmpiW(places->current, places->wanted) == 0 ? 0 : VFF_CURNEDEST;
    if (*places->current && is_in_use(places->current, file)) result |= VFF_FILEINUSE;
    return result;
}

// Hands out a path; *size becomes what it needs with its NUL.
static DWORD give_wide(const WCHAR *path, WCHAR *buffer, UINT *size)
{
    UINT needed = (UINT)lstrlenW(path) + 1;
    bool fits = buffer && *size >= needed;
    if (fits) lstrcpyW(buffer, path);
    *size = needed;
    return fits ? 0 : VFF_BUFFTOOSMALL;
}

static DWORD give_ansi(const WCHAR *path, char *buffer, UINT *size)
{
    UINT needed = (UINT)WideCharToMultiByte(CP_ACP, 0, path, -1, NULL, 0, NULL, NULL);
    bool fits = buffer && *size >= needed;
    if (fits) WideCharToMultiByte(CP_ACP, 0, path, -1, buffer, (int)needed, NULL, NULL);
    *size = needed;
    return fits ? 0 : VFF_BUFFTOOSMALL;
}

HOTPATCH DWORD WINAPI VerFindFileW(DWORD flags, LPWSTR file, LPWSTR windows, LPWSTR application,
                                   LPWSTR current, UINT *current_size, LPWSTR wanted, UINT *wanted_size)
{
    struct places places;
    DWORD result = find(&places, flags, file, windows, application);
    result |= give_wide(places.current, current, current_size);
    return result | give_wide(places.wanted, wanted, wanted_size);
}

HOTPATCH DWORD WINAPI VerFindFileA(DWORD flags, LPSTR file, LPSTR windows, LPSTR application, LPSTR current,
                                   UINT *current_size, LPSTR wanted, UINT *wanted_size)
{
    WCHAR wide[3][MAX_PATH];
    struct places places;
    DWORD result = find(&places, flags, wide_from_ansi(file, wide[0]), wide_from_ansi(windows, wide[1]),
                        wide_from_ansi(application, wide[2]));
    result |= give_ansi(places.current, current, current_size);
    return result | give_ansi(places.wanted, wanted, wanted_size);
}

// --- VerInstallFile

// The version and language of a file. False when it has no version resource.
static bool read_version(WCHAR *path, VS_FIXEDFILEINFO *info)
{
    DWORD ignored, size = GetFileVersionInfoSizeW(path, &ignored);
    BYTE *data = size ? HeapAlloc(GetProcessHeap(), 0, size) : NULL;
    VS_FIXEDFILEINFO *found;
    UINT length;
    bool read = data && GetFileVersionInfoW(path, 0, size, data) &&
                VerQueryValueW(data, L"\\", (void **)&found, &length);
    if (read) *info = *found;
    if (data) HeapFree(GetProcessHeap(), 0, data);
    return read;
}

static DWORD compare_versions(WCHAR *source, WCHAR *target)
{
    VS_FIXEDFILEINFO fresh, old;
    if (!read_version(source, &fresh) || !read_version(target, &old)) return 0;
    ULONGLONG fresh_version = (ULONGLONG)fresh.dwFileVersionMS << 32 | fresh.dwFileVersionLS;
    ULONGLONG old_version = (ULONGLONG)old.dwFileVersionMS << 32 | old.dwFileVersionLS;
    if (fresh.dwFileType != old.dwFileType || fresh.dwFileSubtype != old.dwFileSubtype)
        return VIF_MISMATCH | VIF_DIFFTYPE;
    return fresh_version < old_version ? VIF_MISMATCH | VIF_SRCOLD : 0;
}

static DWORD result_of_error(DWORD error)
{
    switch (error) {
    case ERROR_ACCESS_DENIED: return VIF_ACCESSVIOLATION;
    case ERROR_SHARING_VIOLATION: return VIF_SHARINGVIOLATION;
    case ERROR_DISK_FULL: return VIF_OUTOFSPACE;
    case ERROR_WRITE_PROTECT: return VIF_WRITEPROT;
    default: return VIF_CANNOTCREATE;
    }
}

HOTPATCH DWORD WINAPI VerInstallFileW(DWORD flags, LPWSTR source_file, LPWSTR target_file,
                                      LPWSTR source_directory, LPWSTR target_directory,
                                      LPWSTR current_directory, LPWSTR temporary, UINT *temporary_size)
{
    WCHAR source[MAX_PATH], target[MAX_PATH], fresh[MAX_PATH], old[MAX_PATH];
    DWORD result = 0;
    if (!join(source, source_directory, source_file) || !join(target, target_directory, target_file))
        return VIF_CANNOTREADSRC;
    if (GetFileAttributesW(source) == INVALID_FILE_ATTRIBUTES) return VIF_CANNOTREADSRC;
    if (!GetTempFileNameW(target_directory, L"ver", 0, fresh) || !CopyFileW(source, fresh, FALSE))
        return result_of_error(GetLastError());
    if (GetFileAttributesW(target) != INVALID_FILE_ATTRIBUTES && !(flags & VIFF_FORCEINSTALL))
        result = compare_versions(source, target);
    if (result) {
        // The copy stays for a second call with VIFF_FORCEINSTALL.
        WCHAR *name = fresh + lstrlenW(fresh);
        while (name > fresh && name[-1] != '\\') name--;
        if (give_wide(name, temporary, temporary_size)) result |= VIF_BUFFTOOSMALL;
        return result | VIF_TEMPFILE;
    }
    if (!MoveFileExW(fresh, target, MOVEFILE_REPLACE_EXISTING)) {
        result = result_of_error(GetLastError());
        DeleteFileW(fresh);
        return result == VIF_CANNOTCREATE ? VIF_CANNOTRENAME : result;
    }
    bool elsewhere =
        current_directory && *current_directory && lstrcmpiW(current_directory, target_directory) != 0;
    if (elsewhere && !(flags & VIFF_DONTDELETEOLD) && join(old, current_directory, target_file) &&
        GetFileAttributesW(old) != INVALID_FILE_ATTRIBUTES && !DeleteFileW(old))
        result |= VIF_CANNOTDELETECUR;
    return result;
}

HOTPATCH DWORD WINAPI VerInstallFileA(DWORD flags, LPSTR source_file, LPSTR target_file,
                                      LPSTR source_directory, LPSTR target_directory, LPSTR current_directory,
                                      LPSTR temporary, UINT *temporary_size)
{
    WCHAR wide[5][MAX_PATH], name[MAX_PATH] = L"";
    UINT name_size = MAX_PATH;
    DWORD result =
        VerInstallFileW(flags, wide_from_ansi(source_file, wide[0]), wide_from_ansi(target_file, wide[1]),
                        wide_from_ansi(source_directory, wide[2]), wide_from_ansi(target_directory, wide[3]),
                        wide_from_ansi(current_directory, wide[4]), name, &name_size);
    if (result & VIF_TEMPFILE && give_ansi(name, temporary, temporary_size)) result |= VIF_BUFFTOOSMALL;
    return result;
}
