/* Functions of streams that came after msvcrt.dll. */
#include "ucrtbase.h"

size_t EXPORT fread(void *buffer, size_t size, size_t count, FILE *file);
char *EXPORT fgets(char *s, int size, FILE *file);
wchar_t *EXPORT fgetws(wchar_t *s, int size, FILE *file);

/* Where a stream keeps what is read ahead or not yet written: C++ streams work on it directly. */
errno_t EXPORT _get_stream_buffer_pointers(FILE *file, char ***base, char ***at, int **left)
{
    REQUIRE(file, EINVAL, EINVAL);
    if (base) *base = &file->_base;
    if (at) *at = &file->_ptr;
    if (left) *left = &file->_cnt;
    return 0;
}

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

/* A line of standard input without its end; one that is too long is an invalid parameter. */
char *EXPORT gets_s(char *s, size_t size)
{
    size_t n;

    REQUIRE(s && size, EINVAL, NULL);
    if (!fgets(s, size > INT_MAX ? INT_MAX : (int)size, crt_stdin)) {
        *s = 0;
        return NULL;
    }
    n = strlen(s);
    if (n && s[n - 1] == '\n') {
        s[n - 1] = 0;
    } else if (n + 1 == size && !(crt_stdin->_flag & _IOEOF)) {
        *s = 0;
        REQUIRE(false, ERANGE, NULL);
    }
    return s;
}

wchar_t *EXPORT _getws_s(wchar_t *s, size_t size)
{
    size_t n;

    REQUIRE(s && size, EINVAL, NULL);
    if (!fgetws(s, size > INT_MAX ? INT_MAX : (int)size, crt_stdin)) {
        *s = 0;
        return NULL;
    }
    n = wcslen(s);
    if (n && s[n - 1] == '\n') {
        s[n - 1] = 0;
    } else if (n + 1 == size && !(crt_stdin->_flag & _IOEOF)) {
        *s = 0;
        REQUIRE(false, ERANGE, NULL);
    }
    return s;
}

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
