/* Data through low-level handles: read and write with text translation, position, size, region locks. */
#include "msvcrt.h"

enum { CR = '\r', LF = '\n', CTRL_Z = 0x1A, TRANSLATE = 2048 };

static int fail_os(void)
{
    set_os_error(GetLastError());
    return -1;
}

static bool can_seek_back(const struct ioinfo *info)
{
    return !(info->flags & (FD_PIPE | FD_DEVICE));
}

/* Reads COUNT bytes, what was read too far before first; -1 on error, 0 at the end. */
static int read_raw(struct ioinfo *info, char *buffer, unsigned count)
{
    unsigned have = 0;
    DWORD n;

    if (!can_seek_back(info) && count && info->lookahead[0] != LF && !(info->extra & (FD_UTF8 | FD_UTF16))) {
        buffer[have++] = info->lookahead[0];
        info->lookahead[0] = LF;
        count--;
        if (!count) return have;
        /* The rest must not block on a pipe when there is already something to give. */
    }
    if (!ReadFile(info->handle, buffer + have, count, &n, NULL)) {
        DWORD error = GetLastError();
        if (error == ERROR_BROKEN_PIPE) return have;
        if (error == ERROR_ACCESS_DENIED) {
            errno = EBADF;
            *__doserrno() = error;
            return -1;
        }
        return fail_os();
    }
    return have + n;
}

/* Text: CR LF becomes LF, Ctrl-Z ends the file. Returns the length after translation. */
static int translate_read(struct ioinfo *info, char *buffer, int count)
{
    char *in = buffer, *out = buffer, *end = buffer + count;

    if (count && *buffer == LF)
        info->flags |= FD_CRLF;
    else
        info->flags &= ~FD_CRLF;
    while (in < end) {
        char c = *in++, next;
        DWORD n;

        if (c == CTRL_Z) {
            if (info->flags & FD_DEVICE)
                *out++ = c;
            else
                info->flags |= FD_EOF;
            break;
        }
        if (c != CR) {
            *out++ = c;
            continue;
        }
        if (in < end) {
            if (*in == LF) in++, c = LF;
            *out++ = c;
            continue;
        }
        /* CR is the last byte: what follows it decides. */
        if (!ReadFile(info->handle, &next, 1, &n, NULL) || !n) {
            *out++ = CR;
        } else if (!can_seek_back(info)) {
            if (next == LF) {
                *out++ = LF;
            } else {
                *out++ = CR;
                info->lookahead[0] = next;
            }
        } else if (out == buffer && next == LF) {
            *out++ = LF;
        } else {
            SetFilePointer(info->handle, -1, NULL, FILE_CURRENT);
            if (next != LF) *out++ = CR; /* else the LF comes with the next read */
        }
    }
    return out - buffer;
}

static int translate_read_wide(struct ioinfo *info, wchar_t *buffer, int count)
{
    wchar_t *in = buffer, *out = buffer, *end = buffer + count;

    while (in < end) {
        wchar_t c = *in++;

        if (c == CTRL_Z && !(info->flags & FD_DEVICE)) {
            info->flags |= FD_EOF;
            break;
        }
        if (c == CR && in < end && *in == LF) {
            c = LF;
            in++;
        } else if (c == CR && in == end && can_seek_back(info) && !(info->extra & FD_UTF8)) {
            wchar_t next;
            DWORD n;
            if (ReadFile(info->handle, &next, 2, &n, NULL) && n == 2) {
                if (next == LF)
                    c = LF;
                else
                    SetFilePointer(info->handle, -2, NULL, FILE_CURRENT);
            }
        }
        *out++ = c;
    }
    return (out - buffer) * sizeof(wchar_t);
}

/* In UTF-8 mode the program gets UTF-16; an unfinished sequence waits in lookahead. */
static int read_utf8(struct ioinfo *info, wchar_t *buffer, unsigned count)
{
    unsigned size = count / 2, have = 0, whole;
    char small[256], *bytes = small;
    int n, wide;

    if (size > sizeof(small) && !(bytes = malloc(size))) return -1;
    while (have < 3 && info->lookahead[have] != LF) bytes[have] = info->lookahead[have], have++;
    info->lookahead[0] = info->lookahead[1] = info->lookahead[2] = LF;
    n = read_raw(info, bytes + have, size - have);
    if (n < 0 || !(n + have)) {
        if (bytes != small) free(bytes);
        return n;
    }
    have += n;
    whole = have;
    /* Step back over a sequence that isn't complete. */
    for (unsigned back = 1; back <= 3 && back <= have && n; back++) {
        unsigned char c = bytes[have - back];
        if (c < 0x80) break;
        if (c >= 0xC0) {
            unsigned need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
            if (need > back) whole = have - back;
            break;
        }
    }
    if (n && whole == have && have && bytes[have - 1] == CR && can_seek_back(info)) {
        char next;
        DWORD got;
        if (have < size && ReadFile(info->handle, &next, 1, &got, NULL) && got) {
            bytes[have++] = next;
            whole = have;
        }
    }
    for (unsigned i = whole; i < have; i++) info->lookahead[i - whole] = bytes[i];
    wide = MultiByteToWideChar(CP_UTF8, 0, bytes, whole, buffer, size);
    if (bytes != small) free(bytes);
    return translate_read_wide(info, buffer, wide);
}

int EXPORT _read(int fd, void *buffer, unsigned count)
{
    struct ioinfo *info;
    int n;

    if (!count) return 0;
    info = fd_lock(fd);
    if (!info) return -1;
    if (!buffer || count > INT_MAX) {
        fd_unlock(info);
        REQUIRE(false, EINVAL, -1);
    }
    if (info->flags & FD_EOF) {
        n = 0;
    } else if (!(info->flags & FD_TEXT)) {
        n = read_raw(info, buffer, count);
    } else if (info->extra & (FD_UTF8 | FD_UTF16)) {
        if (count & 1) {
            fd_unlock(info);
            REQUIRE(false, EINVAL, -1);
        }
        if (info->extra & FD_UTF8) {
            n = read_utf8(info, buffer, count);
        } else {
            n = read_raw(info, buffer, count);
            if (n > 0) n = translate_read_wide(info, buffer, n / 2);
        }
    } else {
        n = read_raw(info, buffer, count);
        if (n > 0) n = translate_read(info, buffer, n);
    }
    fd_unlock(info);
    return n;
}

/* One WriteFile; -1 with errno if nothing could be written. */
static int write_raw(struct ioinfo *info, const void *buffer, unsigned count)
{
    DWORD n;

    if (WriteFile(info->handle, buffer, count, &n, NULL)) return n;
    if (GetLastError() == ERROR_ACCESS_DENIED) {
        errno = EBADF;
        *__doserrno() = ERROR_ACCESS_DENIED;
        return -1;
    }
    return fail_os();
}

static int write_text(struct ioinfo *info, const char *buffer, unsigned count)
{
    const char *p = buffer, *end = buffer + count;
    char block[TRANSLATE];

    while (p < end) {
        const char *from = p;
        int n = 0, written;

        while (p < end && n < TRANSLATE - 1) {
            if (*p == LF) block[n++] = CR;
            block[n++] = *p++;
        }
        written = write_raw(info, block, n);
        if (written < 0) return from == buffer ? -1 : from - buffer;
        if (written < n) return from - buffer + written;
    }
    return count;
}

static int write_wide(struct ioinfo *info, const wchar_t *buffer, unsigned count)
{
    const wchar_t *p = buffer, *end = buffer + count / 2;
    wchar_t block[TRANSLATE / 4];
    char bytes[TRANSLATE];

    while (p < end) {
        const wchar_t *from = p;
        int n = 0, written;

        while (p < end && n < TRANSLATE / 4 - 2) {
            if (*p == LF) block[n++] = CR;
            block[n++] = *p++;
            if (n >= TRANSLATE / 4 - 3 && (p[-1] & 0xFC00) == 0xD800) continue; /* keep a pair together */
        }
        if (info->extra & FD_UTF8) {
            n = WideCharToMultiByte(CP_UTF8, 0, block, n, bytes, sizeof(bytes), NULL, NULL);
            written = write_raw(info, bytes, n);
        } else {
            n *= sizeof(wchar_t);
            written = write_raw(info, block, n);
        }
        if (written < n) return from == buffer ? -1 : (from - buffer) * (int)sizeof(wchar_t);
    }
    return count;
}

/* Writes through a locked entry, translated by its mode. */
static int fd_write(struct ioinfo *info, const void *buffer, unsigned count)
{
    int n;

    if (info->flags & FD_APPEND) {
        LARGE_INTEGER zero = {0};
        SetFilePointerEx(info->handle, zero, NULL, FILE_END);
    }
    if (!(info->flags & FD_TEXT))
        n = write_raw(info, buffer, count);
    else if (info->extra & (FD_UTF8 | FD_UTF16))
        n = write_wide(info, buffer, count);
    else
        n = write_text(info, buffer, count);
    if (!n && count) {
        if (info->flags & FD_DEVICE && *(const char *)buffer == CTRL_Z) return 0;
        errno = ENOSPC;
        *__doserrno() = 0;
        return -1;
    }
    return n;
}

int EXPORT _write(int fd, const void *buffer, unsigned count)
{
    struct ioinfo *info;
    int n;

    if (!count) return 0;
    info = fd_lock(fd);
    if (!info) return -1;
    if (!buffer || (info->flags & FD_TEXT && info->extra & (FD_UTF8 | FD_UTF16) && count & 1)) {
        fd_unlock(info);
        REQUIRE(false, EINVAL, -1);
    }
    n = fd_write(info, buffer, count);
    fd_unlock(info);
    return n;
}

static __int64 fd_seek(struct ioinfo *info, __int64 offset, int whence)
{
    LARGE_INTEGER to, at;

    to.QuadPart = offset;
    if (!SetFilePointerEx(info->handle, to, &at, whence)) return fail_os();
    info->flags &= ~FD_EOF;
    return at.QuadPart;
}

__int64 EXPORT _lseeki64(int fd, __int64 offset, int whence)
{
    struct ioinfo *info = fd_lock(fd);
    __int64 at;

    if (!info) return -1;
    if (whence < 0 || whence > 2) {
        fd_unlock(info);
        errno = EINVAL;
        return -1;
    }
    at = fd_seek(info, offset, whence);
    fd_unlock(info);
    return at;
}

long EXPORT _lseek(int fd, long offset, int whence)
{
    return _lseeki64(fd, offset, whence);
}
__int64 EXPORT _telli64(int fd)
{
    return _lseeki64(fd, 0, 1);
}
long EXPORT _tell(int fd)
{
    return _lseek(fd, 0, 1);
}

__int64 EXPORT _filelengthi64(int fd)
{
    struct ioinfo *info = fd_lock(fd);
    LARGE_INTEGER size;

    if (!info) return -1;
    if (!GetFileSizeEx(info->handle, &size)) size.QuadPart = fail_os();
    fd_unlock(info);
    return size.QuadPart;
}

long EXPORT _filelength(int fd)
{
    return _filelengthi64(fd);
}

int EXPORT _eof(int fd)
{
    struct ioinfo *info = fd_lock(fd);
    LARGE_INTEGER zero = {0}, at, end;
    int result = -1;

    if (!info) return -1;
    if (info->flags & FD_EOF) {
        result = 1;
    } else if (SetFilePointerEx(info->handle, zero, &at, FILE_CURRENT) && GetFileSizeEx(info->handle, &end)) {
        result = at.QuadPart >= end.QuadPart;
    } else {
        fail_os();
    }
    fd_unlock(info);
    return result;
}

errno_t EXPORT _chsize_s(int fd, __int64 size)
{
    struct ioinfo *info;
    LARGE_INTEGER zero = {0}, at, to;
    errno_t result = 0;

    REQUIRE(size >= 0, EINVAL, EINVAL);
    info = fd_lock(fd);
    if (!info) return EBADF;
    to.QuadPart = size;
    if (!SetFilePointerEx(info->handle, zero, &at, FILE_CURRENT) ||
        !SetFilePointerEx(info->handle, to, NULL, FILE_BEGIN) || !SetEndOfFile(info->handle)) {
        fail_os();
        result = errno;
    }
    SetFilePointerEx(info->handle, at, NULL, FILE_BEGIN);
    fd_unlock(info);
    return result;
}

int EXPORT _chsize(int fd, long size)
{
    return _chsize_s(fd, size) ? -1 : 0;
}

enum { LK_UNLOCK, LK_LOCK, LK_NOBLOCK, LK_RLOCK, LK_NOBLOCK_READ };

/* Locks bytes from the current position; the blocking forms try ten times, a second apart. */
int EXPORT _locking(int fd, int mode, long count)
{
    struct ioinfo *info;
    LARGE_INTEGER zero = {0}, at;
    int tries = mode == LK_LOCK || mode == LK_RLOCK ? 10 : 1;
    BOOL ok = FALSE;

    REQUIRE(count >= 0, EINVAL, -1);
    REQUIRE(mode >= LK_UNLOCK && mode <= LK_NOBLOCK_READ, EINVAL, -1);
    info = fd_lock(fd);
    if (!info) return -1;
    if (!SetFilePointerEx(info->handle, zero, &at, FILE_CURRENT)) {
        fail_os();
        fd_unlock(info);
        return -1;
    }
    while (tries-- && !ok) {
        ok = mode == LK_UNLOCK ? UnlockFile(info->handle, at.LowPart, at.HighPart, count, 0)
                               : LockFile(info->handle, at.LowPart, at.HighPart, count, 0);
        if (!ok && tries) Sleep(1000);
    }
    if (!ok) {
        fail_os();
        if (mode == LK_LOCK || mode == LK_RLOCK) errno = EDEADLOCK;
    }
    fd_unlock(info);
    return ok ? 0 : -1;
}
