/* _stat and _fstat in all their sizes, and the times of files. */
#include "msvcrt.h"

/* All forms are made from this one. */
struct file_state {
    unsigned device, mode;
    int links;
    __int64 size, accessed, modified, created;
};

#define STAT_LAYOUT(name, size_type, time_type)                                                              \
    struct name {                                                                                            \
        unsigned st_dev;                                                                                     \
        unsigned short st_ino, st_mode;                                                                      \
        short st_nlink, st_uid, st_gid;                                                                      \
        unsigned st_rdev;                                                                                    \
        size_type st_size;                                                                                   \
        time_type st_atime, st_mtime, st_ctime;                                                              \
    }
STAT_LAYOUT(stat32, int, int);
STAT_LAYOUT(stati64, __int64, int);
STAT_LAYOUT(stat64, __int64, __int64);
STAT_LAYOUT(stat64i32, int, __int64);
_Static_assert(sizeof(struct stat32) == 36 && sizeof(struct stati64) == 48 && sizeof(struct stat64) == 56,
               "layout");

__int64 file_time_to_unix(const FILETIME *time)
{
    __int64 value = (__int64)time->dwHighDateTime << 32 | time->dwLowDateTime;
    return value ? value / 10000000 - 11644473600ll : 0;
}

static unsigned permissions(DWORD attributes)
{
    unsigned bits = _S_IREAD | (attributes & FILE_ATTRIBUTE_READONLY ? 0 : _S_IWRITE);
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? bits | _S_IEXEC : bits;
}

static bool is_executable(const wchar_t *path)
{
    static const wchar_t *const extensions[] = {L".exe", L".com", L".bat", L".cmd"};
    size_t n = wcslen(path);

    for (size_t i = 0; i < ARRAY_SIZE(extensions); i++)
        if (n > 4 && !_wcsicmp(path + n - 4, extensions[i])) return true;
    return false;
}

static unsigned for_all(unsigned mode)
{
    return mode | (mode & 0700) >> 3 | (mode & 0700) >> 6;
}

static int state_of_path(const wchar_t *path, struct file_state *state)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    size_t n;

    REQUIRE(path && state, EINVAL, -1);
    for (n = wcslen(path); n && path[n - 1] == ' '; n--) { /* the system doesn't see them */
    }
    memset(state, 0, sizeof(*state));
    /* A trailing slash is only for a root. */
    if (wcspbrk(path, L"?*") ||
        (n > 1 && (path[n - 1] == '\\' || path[n - 1] == '/') && path[n - 2] != ':') ||
        (n == 2 && path[1] == ':') || !GetFileAttributesExW(path, GetFileExInfoStandard, &data)) {
        errno = ENOENT;
        *__doserrno() = ERROR_FILE_NOT_FOUND;
        return -1;
    }
    if (n > 1 && path[1] == ':') {
        state->device = (path[0] & ~0x20) - 'A';
    } else {
        wchar_t now[MAX_PATH];
        if (GetCurrentDirectoryW(MAX_PATH, now) && now[1] == ':') state->device = (now[0] & ~0x20) - 'A';
    }
    state->mode = permissions(data.dwFileAttributes);
    if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
        state->mode |= _S_IFDIR;
    } else {
        state->mode |= _S_IFREG;
        if (is_executable(path)) state->mode |= _S_IEXEC;
        state->size = (__int64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    }
    state->mode = for_all(state->mode);
    state->links = 1;
    state->accessed = file_time_to_unix(&data.ftLastAccessTime);
    state->modified = file_time_to_unix(&data.ftLastWriteTime);
    state->created = file_time_to_unix(&data.ftCreationTime);
    if (!state->accessed) state->accessed = state->modified;
    if (!state->created) state->created = state->modified;
    return 0;
}

static int state_of_fd(int fd, struct file_state *state)
{
    struct ioinfo *info;
    BY_HANDLE_FILE_INFORMATION data;
    DWORD type;
    int result = 0;

    REQUIRE(state, EINVAL, -1);
    info = fd_lock(fd);
    if (!info) return -1;
    memset(state, 0, sizeof(*state));
    type = GetFileType(info->handle) & ~FILE_TYPE_REMOTE;
    if (type == FILE_TYPE_DISK && GetFileInformationByHandle(info->handle, &data)) {
        state->mode = for_all(_S_IFREG | permissions(data.dwFileAttributes & ~FILE_ATTRIBUTE_DIRECTORY));
        state->size = (__int64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
        state->links = data.nNumberOfLinks;
        state->accessed = file_time_to_unix(&data.ftLastAccessTime);
        state->modified = file_time_to_unix(&data.ftLastWriteTime);
        state->created = file_time_to_unix(&data.ftCreationTime);
    } else if (type == FILE_TYPE_PIPE || type == FILE_TYPE_CHAR) {
        DWORD available;
        state->mode = type == FILE_TYPE_PIPE ? _S_IFIFO : _S_IFCHR;
        state->device = fd;
        state->links = 1;
        if (type == FILE_TYPE_PIPE && PeekNamedPipe(info->handle, NULL, 0, NULL, &available, NULL))
            state->size = available;
    } else {
        set_os_error(type == FILE_TYPE_UNKNOWN ? ERROR_INVALID_HANDLE : GetLastError());
        result = -1;
    }
    if (type != FILE_TYPE_DISK) state->device = fd;
    fd_unlock(info);
    return result;
}

#define FILL(out, state)                                                                                     \
    do {                                                                                                     \
        memset((out), 0, sizeof(*(out)));                                                                    \
        (out)->st_dev = (out)->st_rdev = (state)->device;                                                    \
        (out)->st_mode = (state)->mode;                                                                      \
        (out)->st_nlink = (state)->links;                                                                    \
        (out)->st_size = (state)->size;                                                                      \
        (out)->st_atime = (state)->accessed;                                                                 \
        (out)->st_mtime = (state)->modified;                                                                 \
        (out)->st_ctime = (state)->created;                                                                  \
    } while (0)
#define STAT_FAMILY(narrow, wide, by_fd, layout)                                                             \
    int EXPORT wide(const wchar_t *path, struct layout *out)                                                 \
    {                                                                                                        \
        struct file_state state;                                                                             \
        REQUIRE(out, EINVAL, -1);                                                                            \
        if (state_of_path(path, &state)) return -1;                                                          \
        FILL(out, &state);                                                                                   \
        return 0;                                                                                            \
    }                                                                                                        \
    int EXPORT narrow(const char *path, struct layout *out)                                                  \
    {                                                                                                        \
        struct wide_path text;                                                                               \
        int result = wide(wide_path_make(&text, path), out);                                                 \
        wide_path_free(&text);                                                                               \
        return result;                                                                                       \
    }                                                                                                        \
    int EXPORT by_fd(int fd, struct layout *out)                                                             \
    {                                                                                                        \
        struct file_state state;                                                                             \
        REQUIRE(out, EINVAL, -1);                                                                            \
        if (state_of_fd(fd, &state)) return -1;                                                              \
        FILL(out, &state);                                                                                   \
        return 0;                                                                                            \
    }
STAT_FAMILY(_stat, _wstat, _fstat, stat32)
STAT_FAMILY(_stati64, _wstati64, _fstati64, stati64)
STAT_FAMILY(_stat64, _wstat64, _fstat64, stat64)
STAT_FAMILY(_stat64i32, _wstat64i32, _fstat64i32, stat64i32)

/* ---- _utime ---- */

struct utime32 {
    int accessed, modified;
};
struct utime64 {
    __int64 accessed, modified;
};

static void unix_to_file_time(__int64 time, FILETIME *out)
{
    __int64 value = (time + 11644473600ll) * 10000000;
    out->dwLowDateTime = value;
    out->dwHighDateTime = value >> 32;
}

int EXPORT _futime64(int fd, struct utime64 *times)
{
    struct ioinfo *info = fd_lock(fd);
    FILETIME accessed, modified;
    int result = 0;

    if (!info) return -1;
    if (times) {
        unix_to_file_time(times->accessed, &accessed);
        unix_to_file_time(times->modified, &modified);
    } else {
        GetSystemTimeAsFileTime(&modified);
        accessed = modified;
    }
    if (!SetFileTime(info->handle, NULL, &accessed, &modified)) {
        set_os_error(GetLastError());
        result = -1;
    }
    fd_unlock(info);
    return result;
}

int EXPORT _futime32(int fd, struct utime32 *times)
{
    struct utime64 wide;

    if (!times) return _futime64(fd, NULL);
    wide.accessed = times->accessed;
    wide.modified = times->modified;
    return _futime64(fd, &wide);
}

int EXPORT _futime(int fd, struct utime32 *times)
{
    return _futime32(fd, times);
}

int EXPORT _wutime64(const wchar_t *path, struct utime64 *times)
{
    int error, fd = file_open(path, _O_WRONLY | _O_BINARY, _SH_DENYNO, 0, &error), result;

    if (fd < 0) return -1;
    result = _futime64(fd, times);
    _close(fd);
    return result;
}

int EXPORT _wutime32(const wchar_t *path, struct utime32 *times)
{
    struct utime64 wide;

    if (!times) return _wutime64(path, NULL);
    wide.accessed = times->accessed;
    wide.modified = times->modified;
    return _wutime64(path, &wide);
}

int EXPORT _wutime(const wchar_t *path, struct utime32 *times)
{
    return _wutime32(path, times);
}

#define NARROW_UTIME(name, wide, type)                                                                       \
    int EXPORT name(const char *path, struct type *times)                                                    \
    {                                                                                                        \
        struct wide_path text;                                                                               \
        int result = wide(wide_path_make(&text, path), times);                                               \
        wide_path_free(&text);                                                                               \
        return result;                                                                                       \
    }
NARROW_UTIME(_utime, _wutime32, utime32)
NARROW_UTIME(_utime32, _wutime32, utime32)
NARROW_UTIME(_utime64, _wutime64, utime64)
