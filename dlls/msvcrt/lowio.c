/* The table of low-level handles: allocation, duplication, inheritance, pipes, modes. */
#include "msvcrt.h"

struct ioinfo *__pioinfo[FD_BLOCKS];
struct ioinfo __badioinfo = {.handle = INVALID_HANDLE_VALUE, .lookahead = {10, 10, 10}};

/* The entry for FD, or __badioinfo where there is none yet. */
struct ioinfo *fd_get(int fd)
{
    if ((unsigned)fd >= FD_MAX || !__pioinfo[fd / FD_BLOCK]) return &__badioinfo;
    return __pioinfo[fd / FD_BLOCK] + fd % FD_BLOCK;
}

static void lock_entry(struct ioinfo *info)
{
    if (!(info->extra & FD_LOCK_READY)) {
        _lock(LOCK_HANDLES);
        if (!(info->extra & FD_LOCK_READY)) {
            InitializeCriticalSection(&info->lock);
            info->extra |= FD_LOCK_READY;
        }
        _unlock(LOCK_HANDLES);
    }
    EnterCriticalSection(&info->lock);
}

/* The entry of an open FD, locked; else NULL and EBADF. */
struct ioinfo *fd_lock(int fd)
{
    struct ioinfo *info = fd_get(fd);

    if (info->flags & FD_OPEN) {
        lock_entry(info);
        if (info->flags & FD_OPEN) return info;
        LeaveCriticalSection(&info->lock);
    }
    errno = EBADF;
    *__doserrno() = 0;
    return NULL;
}

void fd_unlock(struct ioinfo *info)
{
    LeaveCriticalSection(&info->lock);
}

static struct ioinfo *make_block(int block)
{
    struct ioinfo *entries = calloc(FD_BLOCK, sizeof(*entries));

    if (!entries) return NULL;
    for (int i = 0; i < FD_BLOCK; i++) {
        entries[i].handle = INVALID_HANDLE_VALUE;
        entries[i].lookahead[0] = entries[i].lookahead[1] = entries[i].lookahead[2] = 10;
    }
    return __pioinfo[block] = entries;
}

static void set_std_handle(int fd, HANDLE handle)
{
    static const DWORD which[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    if (fd >= 0 && fd < 3) SetStdHandle(which[fd], handle);
}

static void fill(int fd, struct ioinfo *info, HANDLE handle, unsigned flags)
{
    info->handle = handle;
    info->lookahead[0] = info->lookahead[1] = info->lookahead[2] = 10;
    info->extra &= FD_LOCK_READY;
    info->flags = flags | FD_OPEN;
    set_std_handle(fd, handle);
}

/* The lowest free FD for HANDLE; -1 and EMFILE when all are taken. */
int fd_alloc(HANDLE handle, unsigned flags)
{
    int fd = -1;

    _lock(LOCK_HANDLES);
    for (int block = 0; block < FD_BLOCKS && fd < 0; block++) {
        struct ioinfo *entries = __pioinfo[block];
        if (!entries && !(entries = make_block(block))) break;
        for (int i = 0; i < FD_BLOCK; i++) {
            if (entries[i].flags & FD_OPEN) continue;
            fd = block * FD_BLOCK + i;
            fill(fd, &entries[i], handle, flags);
            break;
        }
    }
    _unlock(LOCK_HANDLES);
    if (fd < 0) {
        errno = EMFILE;
        *__doserrno() = 0;
    }
    return fd;
}

static unsigned type_flags(HANDLE handle)
{
    switch (GetFileType(handle) & ~FILE_TYPE_REMOTE) {
    case FILE_TYPE_CHAR: return FD_DEVICE;
    case FILE_TYPE_PIPE: return FD_PIPE;
    default: return 0;
    }
}

/* Takes over what the parent passed in lpReserved2, then the standard handles. */
void fd_init(void)
{
    static const DWORD which[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    STARTUPINFOW startup;

    make_block(0);
    GetStartupInfoW(&startup);
    if (startup.cbReserved2 >= sizeof(int) && startup.lpReserved2) {
        const unsigned char *flags = startup.lpReserved2 + sizeof(int);
        int count = *(const UNALIGNED int *)startup.lpReserved2;
        const UNALIGNED HANDLE *handles;

        if (count < 0) count = 0;
        if (count > FD_MAX) count = FD_MAX;
        handles = (const UNALIGNED HANDLE *)(flags + count);
        /* A block that is cut short gives what fits into it. */
        while (count &&
               (size_t)((const unsigned char *)(handles + count) - startup.lpReserved2) > startup.cbReserved2)
            count--;
        for (int fd = 0; fd < count; fd++) {
            if (!(flags[fd] & FD_OPEN) || handles[fd] == INVALID_HANDLE_VALUE) continue;
            if (!(flags[fd] & FD_PIPE) && GetFileType(handles[fd]) == FILE_TYPE_UNKNOWN) continue;
            if (!__pioinfo[fd / FD_BLOCK] && !make_block(fd / FD_BLOCK)) break;
            fd_get(fd)->handle = handles[fd];
            fd_get(fd)->flags = flags[fd];
        }
    }
    for (int fd = 0; fd < 3; fd++) {
        struct ioinfo *info = fd_get(fd);
        HANDLE handle = GetStdHandle(which[fd]);
        DWORD type;

        if (info->flags & FD_OPEN && info->handle != INVALID_HANDLE_VALUE) {
            info->flags |= FD_TEXT;
            continue;
        }
        type = handle && handle != INVALID_HANDLE_VALUE ? GetFileType(handle) : FILE_TYPE_UNKNOWN;
        info->flags = FD_OPEN | FD_TEXT;
        if (type != FILE_TYPE_UNKNOWN) {
            info->handle = handle;
            info->flags |= type_flags(handle);
        } else {
            info->handle = (HANDLE)-2; /* no console: the stream exists and every operation fails */
            info->flags |= FD_DEVICE;
        }
    }
}

void fd_exit(void)
{
    for (int block = 0; block < FD_BLOCKS; block++) {
        if (!__pioinfo[block]) continue;
        for (int i = 0; i < FD_BLOCK; i++)
            if (__pioinfo[block][i].extra & FD_LOCK_READY) DeleteCriticalSection(&__pioinfo[block][i].lock);
        free(__pioinfo[block]);
        __pioinfo[block] = NULL;
    }
}

/* The lpReserved2 block for a child: flags and handles of all that are inheritable; malloc'ed. */
void *fd_inherit_block(WORD *size)
{
    int count = 0;
    unsigned char *block, *flags;
    UNALIGNED HANDLE *handles;

    for (int fd = 0; fd < FD_MAX; fd++) {
        struct ioinfo *info = fd_get(fd);
        if (info->flags & FD_OPEN && !(info->flags & FD_NOINHERIT)) count = fd + 1;
    }
    if (count > 13104) count = 13104; /* what a WORD can count */
    *size = sizeof(int) + count * (1 + sizeof(HANDLE));
    block = calloc(1, *size);
    if (!block) return NULL;
    *(UNALIGNED int *)block = count;
    flags = block + sizeof(int);
    handles = (UNALIGNED HANDLE *)(flags + count);
    for (int fd = 0; fd < count; fd++) {
        struct ioinfo *info = fd_get(fd);
        bool passes = info->flags & FD_OPEN && !(info->flags & FD_NOINHERIT);
        flags[fd] = passes ? info->flags & ~FD_EOF : 0;
        handles[fd] = passes ? info->handle : INVALID_HANDLE_VALUE;
    }
    return block;
}

static int close_locked(int fd, struct ioinfo *info)
{
    HANDLE handle = info->handle;
    unsigned long error = 0;
    /* The console's two outputs may be one handle: it goes with the last of them. */
    bool shared = (fd == 1 || fd == 2) && fd_get(fd ^ 3)->flags & FD_OPEN && fd_get(fd ^ 3)->handle == handle;

    if (handle != (HANDLE)-2 && handle != INVALID_HANDLE_VALUE && !shared && !CloseHandle(handle))
        error = GetLastError();
    info->handle = INVALID_HANDLE_VALUE;
    info->flags = 0;
    set_std_handle(fd, NULL);
    if (!error) return 0;
    set_os_error(error);
    return -1;
}

int EXPORT _close(int fd)
{
    struct ioinfo *info = fd_lock(fd);
    int result;

    if (!info) return -1;
    result = close_locked(fd, info);
    fd_unlock(info);
    return result;
}

int EXPORT _dup2(int from, int to)
{
    struct ioinfo *source, *target;
    HANDLE copy;
    int result = -1;

    if ((unsigned)to >= FD_MAX) {
        errno = EBADF;
        return -1;
    }
    source = fd_lock(from);
    if (!source) return -1;
    if (from == to) {
        fd_unlock(source);
        return 0;
    }
    _lock(LOCK_HANDLES);
    if (__pioinfo[to / FD_BLOCK] || make_block(to / FD_BLOCK)) {
        target = fd_get(to);
        if (!DuplicateHandle(GetCurrentProcess(), source->handle, GetCurrentProcess(), &copy, 0, TRUE,
                             DUPLICATE_SAME_ACCESS)) {
            set_os_error(GetLastError());
        } else {
            lock_entry(target);
            if (target->flags & FD_OPEN) close_locked(to, target);
            fill(to, target, copy, source->flags & ~FD_NOINHERIT);
            target->extra |= source->extra & ~FD_LOCK_READY;
            fd_unlock(target);
            result = 0;
        }
    }
    _unlock(LOCK_HANDLES);
    fd_unlock(source);
    return result;
}

int EXPORT _dup(int fd)
{
    struct ioinfo *info = fd_lock(fd);
    HANDLE copy;
    int result = -1;

    if (!info) return -1;
    if (!DuplicateHandle(GetCurrentProcess(), info->handle, GetCurrentProcess(), &copy, 0, TRUE,
                         DUPLICATE_SAME_ACCESS)) {
        set_os_error(GetLastError());
    } else {
        result = fd_alloc(copy, info->flags & ~FD_NOINHERIT);
        if (result >= 0)
            fd_get(result)->extra |= info->extra & ~FD_LOCK_READY;
        else
            CloseHandle(copy);
    }
    fd_unlock(info);
    return result;
}

intptr_t EXPORT _get_osfhandle(int fd)
{
    struct ioinfo *info = fd_get(fd);

    if (!(info->flags & FD_OPEN)) {
        errno = EBADF;
        *__doserrno() = 0;
        return -1;
    }
    return (intptr_t)info->handle;
}

int EXPORT _open_osfhandle(intptr_t handle, int flags)
{
    DWORD type = GetFileType((HANDLE)handle);
    unsigned fd_flags = 0;
    int fd;

    if (type == FILE_TYPE_UNKNOWN && GetLastError() != NO_ERROR) {
        set_os_error(GetLastError());
        return -1;
    }
    if (flags & _O_APPEND) fd_flags |= FD_APPEND;
    if (flags & (_O_TEXT | _O_WTEXT | _O_U8TEXT | _O_U16TEXT)) fd_flags |= FD_TEXT;
    if (flags & _O_NOINHERIT) fd_flags |= FD_NOINHERIT;
    if (type == FILE_TYPE_CHAR) fd_flags |= FD_DEVICE;
    if (type == FILE_TYPE_PIPE) fd_flags |= FD_PIPE;
    fd = fd_alloc((HANDLE)handle, fd_flags);
    if (fd >= 0 && flags & (_O_WTEXT | _O_U16TEXT)) fd_get(fd)->extra |= FD_UTF16;
    if (fd >= 0 && flags & _O_WTEXT) fd_get(fd)->extra |= FD_BY_BOM;
    if (fd >= 0 && flags & _O_U8TEXT) fd_get(fd)->extra |= FD_UTF8;
    return fd;
}

int EXPORT _isatty(int fd)
{
    return fd_get(fd)->flags & FD_DEVICE;
}

int EXPORT _setmode(int fd, int mode)
{
    struct ioinfo *info = fd_get(fd);
    int old;

    REQUIRE(mode == _O_TEXT || mode == _O_BINARY || mode == _O_WTEXT || mode == _O_U8TEXT ||
                mode == _O_U16TEXT,
            EINVAL, -1);
    if (!(info->flags & FD_OPEN)) {
        errno = EBADF;
        return -1;
    }
    old = !(info->flags & FD_TEXT) ? _O_BINARY : info->extra & (FD_UTF8 | FD_UTF16) ? _O_WTEXT : _O_TEXT;
    info->extra &= ~(FD_UTF8 | FD_UTF16 | FD_BY_BOM);
    if (mode == _O_BINARY) {
        info->flags &= ~FD_TEXT;
        return old;
    }
    info->flags |= FD_TEXT;
    if (mode == _O_WTEXT) info->extra |= FD_UTF16 | FD_BY_BOM;
    if (mode == _O_U16TEXT) info->extra |= FD_UTF16;
    if (mode == _O_U8TEXT) info->extra |= FD_UTF8;
    return old;
}

int EXPORT _pipe(int *fds, unsigned size, int mode)
{
    SECURITY_ATTRIBUTES attributes = {sizeof(attributes), NULL, !(mode & _O_NOINHERIT)};
    unsigned flags = FD_PIPE;
    HANDLE read_end, write_end;

    REQUIRE(fds, EINVAL, -1);
    fds[0] = fds[1] = -1;
    if (!CreatePipe(&read_end, &write_end, &attributes, size)) {
        set_os_error(GetLastError());
        return -1;
    }
    if (mode & _O_TEXT || (!(mode & _O_BINARY) && _fmode != _O_BINARY)) flags |= FD_TEXT;
    if (mode & _O_NOINHERIT) flags |= FD_NOINHERIT;
    fds[0] = fd_alloc(read_end, flags);
    fds[1] = fds[0] < 0 ? -1 : fd_alloc(write_end, flags);
    if (fds[1] >= 0) return 0;
    if (fds[0] >= 0)
        _close(fds[0]);
    else
        CloseHandle(read_end);
    CloseHandle(write_end);
    fds[0] = -1;
    return -1;
}

int EXPORT _commit(int fd)
{
    struct ioinfo *info = fd_lock(fd);
    int result = 0;

    if (!info) return -1;
    if (!FlushFileBuffers(info->handle)) {
        /* A console or pipe has nothing to flush: that is no error. */
        if (GetLastError() != ERROR_INVALID_HANDLE) {
            set_os_error(GetLastError());
            result = -1;
        }
    }
    fd_unlock(info);
    return result;
}

struct ioinfo **EXPORT __p__pioinfo(void)
{
    return __pioinfo;
}
