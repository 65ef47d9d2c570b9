/* Reading and opening with checked sizes: overflow is an invalid parameter. */
#include "ucrtbase.h"

size_t EXPORT fread(void *buffer, size_t size, size_t count, FILE *file);

/* As fread, into a buffer of SIZE bytes: what would go beyond it is an invalid parameter. */
size_t EXPORT fread_s(void *buffer, size_t size, size_t element, size_t count, FILE *file)
{
    if (!element || !count) return 0;
    REQUIRE(buffer && file && count <= SIZE_MAX / element, EINVAL, 0);
    if (element * count > size) {
        memset(buffer, 0, size);
        REQUIRE(false, ERANGE, 0);
    }
    return fread(buffer, element, count, file);
}

/* A line of standard input without its end; one that is too long is read whole, and an invalid parameter. */
#define GETS(name, type, read, result, at_end)                                                               \
    type *EXPORT name(type *s, size_t size)                                                                  \
    {                                                                                                        \
        size_t n = 0;                                                                                        \
        result c;                                                                                            \
                                                                                                             \
        REQUIRE(s &&size, EINVAL, NULL);                                                                     \
        _lock_file(crt_stdin);                                                                               \
        while ((c = read(crt_stdin)) != at_end && c != '\n') {                                               \
            if (n < size) s[n] = c;                                                                          \
            n++;                                                                                             \
        }                                                                                                    \
        _unlock_file(crt_stdin);                                                                             \
        s[n < size ? n : 0] = 0;                                                                             \
        REQUIRE(n < size, ERANGE, NULL);                                                                     \
        return n || c == '\n' ? s : NULL;                                                                    \
    }
GETS(gets_s, char, _getc_nolock, int, CRT_EOF)
GETS(_getws_s, wchar_t, _getwc_nolock, wint_t, CRT_WEOF)

errno_t EXPORT _sopen_s(int *fd, const char *path, int flags, int share, int permission);
errno_t EXPORT _wsopen_s(int *fd, const wchar_t *path, int flags, int share, int permission);

/* What _open, _sopen and _sopen_s of the headers are; SECURE checks the permission bits. */
errno_t EXPORT _sopen_dispatch(const char *path, int flags, int share, int permission, int *fd, int secure)
{
    REQUIRE(fd, EINVAL, EINVAL);
    *fd = -1;
    if (secure && flags & _O_CREAT) REQUIRE(!(permission & ~(_S_IREAD | _S_IWRITE)), EINVAL, EINVAL);
    return _sopen_s(fd, path, flags, share, permission);
}

errno_t EXPORT _wsopen_dispatch(const wchar_t *path, int flags, int share, int permission, int *fd,
                                int secure)
{
    REQUIRE(fd, EINVAL, EINVAL);
    *fd = -1;
    if (secure && flags & _O_CREAT) REQUIRE(!(permission & ~(_S_IREAD | _S_IWRITE)), EINVAL, EINVAL);
    return _wsopen_s(fd, path, flags, share, permission);
}
