/* Opening files as low-level handles: flags, sharing, permissions, byte order marks. */
#include "msvcrt.h"

enum { CTRL_Z = 0x1A };
static int umask_value;

int EXPORT _umask(int mode)
{
    int old = umask_value;
    umask_value = mode;
    return old;
}

errno_t EXPORT _umask_s(int mode, int *old)
{
    REQUIRE(old, EINVAL, EINVAL);
    REQUIRE(!(mode & ~(_S_IREAD | _S_IWRITE)), EINVAL, EINVAL);
    *old = _umask(mode);
    return 0;
}

/* A text file opened for both ways loses a Ctrl-Z at its end, so that appending works. */
static void drop_ctrl_z(HANDLE handle)
{
    LARGE_INTEGER end, zero = {0};
    char last;
    DWORD n;

    zero.QuadPart = -1;
    if (!SetFilePointerEx(handle, zero, &end, FILE_END)) return;
    if (ReadFile(handle, &last, 1, &n, NULL) && n == 1 && last == CTRL_Z) {
        SetFilePointerEx(handle, zero, NULL, FILE_END);
        SetEndOfFile(handle);
    }
    SetFilePointer(handle, 0, NULL, FILE_BEGIN);
}

/* Settles the encoding of a file opened with one: by its byte order mark, or by writing that. */
static int settle_encoding(HANDLE handle, int flags)
{
    int extra = flags & _O_U8TEXT ? FD_UTF8 : FD_UTF16;
    LARGE_INTEGER size;
    unsigned char mark[3];
    DWORD n = 0;

    if (flags & _O_WTEXT) extra |= FD_BY_BOM;
    if (GetFileType(handle) != FILE_TYPE_DISK || !GetFileSizeEx(handle, &size)) return extra;
    if (!size.QuadPart) {
        if ((flags & 3) == _O_RDONLY) return extra;
        if (extra & FD_UTF8)
            WriteFile(handle, "\xEF\xBB\xBF", 3, &n, NULL);
        else
            WriteFile(handle, "\xFF\xFE", 2, &n, NULL);
        return extra;
    }
    if (!ReadFile(handle, mark, 3, &n, NULL)) n = 0;
    if (n == 3 && !memcmp(mark, "\xEF\xBB\xBF", 3)) {
        extra = FD_UTF8;
        SetFilePointer(handle, 3, NULL, FILE_BEGIN);
    } else if (n >= 2 && !memcmp(mark, "\xFF\xFE", 2)) {
        extra = FD_UTF16;
        SetFilePointer(handle, 2, NULL, FILE_BEGIN);
    } else {
        if (flags & _O_WTEXT) extra = 0;
        SetFilePointer(handle, 0, NULL, FILE_BEGIN);
    }
    return extra;
}

/* Opens PATH; the new fd, or -1 with errno, *ERROR_CODE (EINVAL after the invalid parameter handler). */
int file_open(const wchar_t *path, int flags, int share, int permission, int *error_code)
{
    static const DWORD access_of[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE, 0};
    const int encodings = _O_WTEXT | _O_U16TEXT | _O_U8TEXT;
    SECURITY_ATTRIBUTES security = {sizeof(security), NULL, !(flags & _O_NOINHERIT)};
    DWORD access = access_of[flags & 3], sharing, creation, attributes = FILE_ATTRIBUTE_NORMAL, type;
    unsigned fd_flags = 0;
    int extra = 0, fd;
    HANDLE handle;

    *error_code = EINVAL;
    REQUIRE(path && (flags & 3) != 3, EINVAL, -1);
    switch (share) {
    case _SH_COMPAT:
    case _SH_DENYNO: sharing = FILE_SHARE_READ | FILE_SHARE_WRITE; break;
    case _SH_DENYRW: sharing = 0; break;
    case _SH_DENYWR: sharing = FILE_SHARE_READ; break;
    case _SH_DENYRD: sharing = FILE_SHARE_WRITE; break;
    case _SH_SECURE: sharing = access == GENERIC_READ ? FILE_SHARE_READ : 0; break;
    default: REQUIRE(false, EINVAL, -1); return -1;
    }
    switch (flags & (_O_CREAT | _O_EXCL | _O_TRUNC)) {
    case _O_CREAT: creation = OPEN_ALWAYS; break;
    case _O_CREAT | _O_EXCL:
    case _O_CREAT | _O_EXCL | _O_TRUNC: creation = CREATE_NEW; break;
    case _O_CREAT | _O_TRUNC: creation = CREATE_ALWAYS; break;
    case _O_TRUNC:
    case _O_TRUNC | _O_EXCL: creation = TRUNCATE_EXISTING; break;
    default: creation = OPEN_EXISTING; break;
    }
    if (flags & _O_CREAT && !(permission & ~umask_value & _S_IWRITE)) attributes = FILE_ATTRIBUTE_READONLY;
    if (flags & _O_TEMPORARY) {
        attributes |= FILE_FLAG_DELETE_ON_CLOSE;
        access |= DELETE;
        sharing |= FILE_SHARE_DELETE;
    }
    if (flags & _O_SHORT_LIVED) attributes |= FILE_ATTRIBUTE_TEMPORARY;
    if (flags & _O_SEQUENTIAL) attributes |= FILE_FLAG_SEQUENTIAL_SCAN;
    if (flags & _O_RANDOM) attributes |= FILE_FLAG_RANDOM_ACCESS;
    if (!(flags & (_O_TEXT | _O_BINARY | encodings)) ? _fmode != _O_BINARY : !(flags & _O_BINARY))
        fd_flags |= FD_TEXT;
    if (flags & _O_APPEND) fd_flags |= FD_APPEND;
    if (flags & _O_NOINHERIT) fd_flags |= FD_NOINHERIT;

    /* An encoding is looked up in the file even when it is only written. */
    handle = flags & encodings && (flags & 3) == _O_WRONLY
                 ? CreateFileW(path, access | GENERIC_READ, sharing, &security, creation, attributes, NULL)
                 : INVALID_HANDLE_VALUE;
    if (handle == INVALID_HANDLE_VALUE)
        handle = CreateFileW(path, access, sharing, &security, creation, attributes, NULL);
    if (handle == INVALID_HANDLE_VALUE) {
        set_os_error(GetLastError());
        *error_code = errno;
        return -1;
    }
    type = GetFileType(handle) & ~FILE_TYPE_REMOTE;
    if (type == FILE_TYPE_CHAR) fd_flags |= FD_DEVICE;
    if (type == FILE_TYPE_PIPE) fd_flags |= FD_PIPE;
    if (type == FILE_TYPE_DISK && fd_flags & FD_TEXT && (flags & 3) == _O_RDWR && creation != CREATE_ALWAYS &&
        creation != CREATE_NEW)
        drop_ctrl_z(handle);
    if (flags & encodings) extra = settle_encoding(handle, flags);
    fd = fd_alloc(handle, fd_flags);
    if (fd < 0) {
        *error_code = errno;
        CloseHandle(handle);
        return -1;
    }
    fd_get(fd)->extra |= extra;
    *error_code = 0;
    return fd;
}

static int permission_of(int flags, va_list args)
{
    return flags & _O_CREAT ? va_arg(args, int) : 0;
}

static int open_narrow(const char *path, int flags, int share, int permission, int *error)
{
    struct wide_path wide;
    int fd;

    fd = file_open(wide_path_make(&wide, path), flags, share, permission, error);
    wide_path_free(&wide);
    return fd;
}

int EXPORT _open(const char *path, int flags, ...)
{
    va_list args;
    int permission, error;

    va_start(args, flags);
    permission = permission_of(flags, args);
    va_end(args);
    return open_narrow(path, flags, _SH_DENYNO, permission, &error);
}

int EXPORT _wopen(const wchar_t *path, int flags, ...)
{
    va_list args;
    int permission, error;

    va_start(args, flags);
    permission = permission_of(flags, args);
    va_end(args);
    return file_open(path, flags, _SH_DENYNO, permission, &error);
}

int EXPORT _sopen(const char *path, int flags, int share, ...)
{
    va_list args;
    int permission, error;

    va_start(args, share);
    permission = permission_of(flags, args);
    va_end(args);
    return open_narrow(path, flags, share, permission, &error);
}

int EXPORT _wsopen(const wchar_t *path, int flags, int share, ...)
{
    va_list args;
    int permission, error;

    va_start(args, share);
    permission = permission_of(flags, args);
    va_end(args);
    return file_open(path, flags, share, permission, &error);
}

errno_t EXPORT _sopen_s(int *fd, const char *path, int flags, int share, int permission)
{
    int error;

    REQUIRE(fd, EINVAL, EINVAL);
    *fd = open_narrow(path, flags, share, permission, &error);
    return error;
}

errno_t EXPORT _wsopen_s(int *fd, const wchar_t *path, int flags, int share, int permission)
{
    int error;

    REQUIRE(fd, EINVAL, EINVAL);
    *fd = file_open(path, flags, share, permission, &error);
    return error;
}

int EXPORT _creat(const char *path, int permission)
{
    return _open(path, _O_CREAT | _O_TRUNC | _O_RDWR, permission);
}

int EXPORT _wcreat(const wchar_t *path, int permission)
{
    return _wopen(path, _O_CREAT | _O_TRUNC | _O_RDWR, permission);
}
