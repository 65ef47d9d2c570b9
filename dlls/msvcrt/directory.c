/* Folders, drives, and files as names: make, remove, rename, permissions. */
#include "msvcrt.h"

static int result_of(BOOL ok)
{
    if (ok) return 0;
    set_os_error(GetLastError());
    return -1;
}

int EXPORT _wmkdir(const wchar_t *path)
{
    return result_of(CreateDirectoryW(path, NULL));
}
int EXPORT _wrmdir(const wchar_t *path)
{
    return result_of(RemoveDirectoryW(path));
}
int EXPORT _wunlink(const wchar_t *path)
{
    return result_of(DeleteFileW(path));
}
int EXPORT _wremove(const wchar_t *path)
{
    return _wunlink(path);
}

int EXPORT _wrename(const wchar_t *from, const wchar_t *to)
{
    return result_of(MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED));
}

/* The system also keeps a current folder per drive in hidden variables. */
int EXPORT _wchdir(const wchar_t *path)
{
    wchar_t now[MAX_PATH], variable[] = L"=A:";
    DWORD n;

    if (result_of(SetCurrentDirectoryW(path))) return -1;
    n = GetCurrentDirectoryW(MAX_PATH, now);
    if (n && n < MAX_PATH && now[1] == ':') {
        variable[1] = now[0] >= 'a' ? now[0] - 32 : now[0];
        SetEnvironmentVariableW(variable, now);
    }
    return 0;
}

errno_t EXPORT _waccess_s(const wchar_t *path, int mode)
{
    DWORD attributes;

    REQUIRE(path, EINVAL, EINVAL);
    REQUIRE(!(mode & ~6), EINVAL, EINVAL);
    attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        set_os_error(GetLastError());
        return errno;
    }
    if (attributes & FILE_ATTRIBUTE_READONLY && mode & 2 && !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        set_os_error(ERROR_ACCESS_DENIED);
        return errno;
    }
    return 0;
}

int EXPORT _waccess(const wchar_t *path, int mode)
{
    DWORD attributes = path ? GetFileAttributesW(path) : INVALID_FILE_ATTRIBUTES;

    if (attributes == INVALID_FILE_ATTRIBUTES) {
        set_os_error(GetLastError());
        return -1;
    }
    if (attributes & FILE_ATTRIBUTE_READONLY && mode & 2 && !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        set_os_error(ERROR_ACCESS_DENIED);
        return -1;
    }
    return 0;
}

int EXPORT _wchmod(const wchar_t *path, int mode)
{
    DWORD attributes = GetFileAttributesW(path), wanted;

    if (attributes == INVALID_FILE_ATTRIBUTES) return result_of(FALSE);
    wanted = mode & _S_IWRITE ? attributes & ~FILE_ATTRIBUTE_READONLY : attributes | FILE_ATTRIBUTE_READONLY;
    return wanted == attributes ? 0 : result_of(SetFileAttributesW(path, wanted));
}

#define NARROW_PATH(name, wide_name)                                                                         \
    int EXPORT name(const char *path)                                                                        \
    {                                                                                                        \
        struct wide_path wide;                                                                               \
        int result = wide_name(wide_path_make(&wide, path));                                                 \
        wide_path_free(&wide);                                                                               \
        return result;                                                                                       \
    }
#define NARROW_PATH_MODE(name, wide_name)                                                                    \
    int EXPORT name(const char *path, int mode)                                                              \
    {                                                                                                        \
        struct wide_path wide;                                                                               \
        int result = wide_name(wide_path_make(&wide, path), mode);                                           \
        wide_path_free(&wide);                                                                               \
        return result;                                                                                       \
    }
NARROW_PATH(_mkdir, _wmkdir)
NARROW_PATH(_rmdir, _wrmdir)
NARROW_PATH(_unlink, _wunlink)
NARROW_PATH(remove, _wremove)
NARROW_PATH(_chdir, _wchdir)
NARROW_PATH_MODE(_access, _waccess)
NARROW_PATH_MODE(_access_s, _waccess_s)
NARROW_PATH_MODE(_chmod, _wchmod)

int EXPORT rename(const char *from, const char *to)
{
    struct wide_path wide_from, wide_to;
    int result;

    wide_path_make(&wide_from, from);
    wide_path_make(&wide_to, to);
    result = _wrename(wide_from.text, wide_to.text);
    wide_path_free(&wide_from);
    wide_path_free(&wide_to);
    return result;
}

/* ---- drives: 1 is A ---- */

int EXPORT _getdrive(void)
{
    wchar_t now[MAX_PATH];
    DWORD n = GetCurrentDirectoryW(MAX_PATH, now);

    if (!n || n >= MAX_PATH || now[1] != ':') return 0;
    return (now[0] & ~0x20) - 'A' + 1;
}

int EXPORT _chdrive(int drive)
{
    wchar_t path[] = L"A:";

    if (drive < 1 || drive > 26) {
        errno = EACCES;
        *__doserrno() = ERROR_INVALID_DRIVE;
        return -1;
    }
    path[0] += drive - 1;
    if (SetCurrentDirectoryW(path)) return 0;
    set_os_error(GetLastError());
    if (errno <= 0) errno = EACCES;
    return -1;
}

unsigned long EXPORT _getdrives(void)
{
    return GetLogicalDrives();
}

struct disk_free {
    unsigned total_clusters, free_clusters, sectors_per_cluster, bytes_per_sector;
};

unsigned EXPORT _getdiskfree(unsigned drive, struct disk_free *out)
{
    wchar_t root[] = L"A:\\";
    DWORD error;

    REQUIRE(drive <= 26 && out, EINVAL, ERROR_INVALID_PARAMETER);
    root[0] += drive - 1;
    if (GetDiskFreeSpaceW(drive ? root : NULL, (DWORD *)&out->sectors_per_cluster,
                          (DWORD *)&out->bytes_per_sector, (DWORD *)&out->free_clusters,
                          (DWORD *)&out->total_clusters))
        return 0;
    error = GetLastError();
    set_os_error(error);
    return error;
}

/* ---- loading libraries and other leftovers of old ---- */

intptr_t EXPORT _loaddll(char *name)
{
    return (intptr_t)LoadLibraryA(name);
}
int EXPORT _unloaddll(intptr_t module)
{
    return FreeLibrary((HMODULE)module) ? 0 : (int)GetLastError();
}
void *EXPORT _getdllprocaddr(intptr_t module, char *name, intptr_t ordinal)
{
    return (void *)GetProcAddress((HMODULE)module, name ? name : (char *)(ordinal & 0xFFFF));
}
void EXPORT _beep(unsigned frequency, unsigned duration)
{
    Beep(frequency, duration);
}
