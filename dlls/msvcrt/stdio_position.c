/* Where a stream stands: telling it from the handle's place and the buffer, and seeking. In text mode a
 * line end counts for the two characters that it has in the file. */
#include "msvcrt.h"

static int count_newlines(const char *p, const char *end)
{
    int n = 0;
    while (p < end) n += *p++ == '\n';
    return n;
}

__int64 EXPORT _ftelli64(FILE *file)
{
    struct ioinfo *info;
    __int64 at;
    int offset;
    bool text;

    REQUIRE(file, EINVAL, -1);
    _lock_file(file);
    at = _telli64(file->_file);
    if (at < 0 || !(file->_flag & (_IOMYBUF | _USERBUF))) {
        if (at >= 0) at -= file->_cnt;
        _unlock_file(file);
        return at;
    }
    info = fd_get(file->_file);
    text = info->flags & FD_TEXT && !(info->extra & (FD_UTF8 | FD_UTF16));
    offset = file->_ptr - file->_base;
    if (text) offset += count_newlines(file->_base, file->_ptr);
    if (file->_flag & _IOWRT) {
        if (info->flags & FD_APPEND && offset) at = _filelengthi64(file->_file);
        at += offset;
    } else if (file->_flag & _IOREAD && file->_cnt && at) {
        /*
         * The handle stands behind the raw bytes of the buffer: at the file's end those are what the buffer
         * holds with each LF counted as CR LF, elsewhere exactly one buffer full was read.
         */
        int raw = file->_cnt + (file->_ptr - file->_base);
        if (text) {
            if (_lseeki64(file->_file, 0, 2) == at) {
                raw += count_newlines(file->_base, file->_base + raw);
                if (info->flags & FD_EOF) raw++;
            } else {
                _lseeki64(file->_file, at, 0);
                raw = file->_bufsiz + !!(info->flags & FD_CRLF);
            }
        }
        at += offset - raw;
    }
    _unlock_file(file);
    return at;
}

long EXPORT ftell(FILE *file)
{
    return _ftelli64(file);
}

int EXPORT _fseeki64(FILE *file, __int64 offset, int whence)
{
    int result;

    REQUIRE(file, EINVAL, -1);
    REQUIRE(whence >= 0 && whence <= 2, EINVAL, -1);
    _lock_file(file);
    file->_flag &= ~_IOEOF;
    if (whence == 1) {
        __int64 at = _ftelli64(file);
        offset += at;
        whence = 0;
    }
    stream_flush(file);
    if (file->_flag & _IORW) file->_flag &= ~(_IOREAD | _IOWRT);
    result = _lseeki64(file->_file, offset, whence) < 0 ? -1 : 0;
    _unlock_file(file);
    return result;
}

int EXPORT fseek(FILE *file, long offset, int whence)
{
    return _fseeki64(file, offset, whence);
}

void EXPORT rewind(FILE *file)
{
    _lock_file(file);
    _fseeki64(file, 0, 0);
    clearerr(file);
    _unlock_file(file);
}

int EXPORT fgetpos(FILE *file, __int64 *position)
{
    REQUIRE(file && position, EINVAL, -1);
    *position = _ftelli64(file);
    return *position == -1 ? -1 : 0;
}

int EXPORT fsetpos(FILE *file, const __int64 *position)
{
    REQUIRE(file && position, EINVAL, -1);
    return _fseeki64(file, *position, 0);
}
