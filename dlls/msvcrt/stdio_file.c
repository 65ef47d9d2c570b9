/* Streams: their table and locks, opening, closing, buffers, flushing. */
#include "msvcrt.h"

FILE _iob[20];
int stream_limit = 512;

/* A stream beyond _iob carries its own lock; those in _iob use the numbered ones. */
struct stream {
    FILE file;
    CRITICAL_SECTION lock;
};
static struct stream *extra[2048 - 20]; /* created on demand, never freed before the end */
static int extra_count;
static char temp_buffers[2][BUFFER_SIZE];

enum { STREAMS_MAX = 2048 };

void stream_init(void)
{
    static const int flags[] = {_IOREAD, _IOWRT, _IOWRT | _IONBF};

    for (int i = 0; i < 20; i++) _iob[i]._file = i >= 3 ? -1 : fd_get(i)->handle == (HANDLE)-2 ? -2 : i;
    for (int i = 0; i < 3; i++) {
        _iob[i]._flag = flags[i];
        if (flags[i] & _IONBF) {
            _iob[i]._base = _iob[i]._ptr = (char *)&_iob[i]._charbuf;
            _iob[i]._bufsiz = 2;
        }
    }
}

void EXPORT _lock_file(FILE *file)
{
    if (file >= _iob && file < _iob + 20)
        _lock(LOCK_STREAM_FIRST + (file - _iob));
    else
        EnterCriticalSection(&((struct stream *)file)->lock);
}

void EXPORT _unlock_file(FILE *file)
{
    if (file >= _iob && file < _iob + 20)
        _unlock(LOCK_STREAM_FIRST + (file - _iob));
    else
        LeaveCriticalSection(&((struct stream *)file)->lock);
}

static bool try_lock_file(FILE *file)
{
    if (file >= _iob && file < _iob + 20) return try_lock(LOCK_STREAM_FIRST + (file - _iob));
    return TryEnterCriticalSection(&((struct stream *)file)->lock);
}

static FILE *stream_at(int index)
{
    return index < 20 ? &_iob[index] : &extra[index - 20]->file;
}

/* All but _charbuf and _bufsiz, which old programs find as the last user left them. */
static void stream_clear(FILE *file)
{
    file->_ptr = file->_base = file->_tmpfname = NULL;
    file->_cnt = file->_flag = 0;
    file->_file = -1;
}

/* A free stream, locked and marked in use; NULL when there are stream_limit already. */
FILE *stream_alloc(void)
{
    FILE *file = NULL;

    _lock(LOCK_STREAMS);
    /* Since the Universal CRT a closed standard stream is not another file's. */
    for (int i = crt_profile.version >= 140 ? 3 : 0; i < 20 + extra_count && !file; i++)
        if (!(stream_at(i)->_flag & STREAM_IN_USE)) file = stream_at(i);
    if (!file && 20 + extra_count < stream_limit) {
        struct stream *fresh = calloc(1, sizeof(*fresh));
        if (fresh) {
            InitializeCriticalSection(&fresh->lock);
            extra[extra_count++] = fresh;
            file = &fresh->file;
        }
    }
    if (file) {
        stream_clear(file);
        file->_flag = _IORW; /* taken: its real mode follows */
        _lock_file(file);
    } else {
        errno = EMFILE;
    }
    _unlock(LOCK_STREAMS);
    return file;
}

int EXPORT _getmaxstdio(void)
{
    return stream_limit;
}

int EXPORT _setmaxstdio(int limit)
{
    REQUIRE(limit >= 20 && limit <= STREAMS_MAX, EINVAL, -1);
    if (limit < 20 + extra_count) return -1;
    return stream_limit = limit;
}

static void drop_buffer(FILE *file)
{
    if (file->_flag & _IOMYBUF) free(file->_base);
    file->_base = file->_ptr = NULL;
    file->_cnt = 0;
    file->_flag &= ~(_IOMYBUF | _USERBUF | _IONBF | _IOSETVBUF);
}

/* Gives a stream without one its buffer; without memory it stays unbuffered. */
static void make_buffer(FILE *file)
{
    if (file->_flag & (_IOMYBUF | _IONBF | _USERBUF)) return;
    file->_base = malloc(BUFFER_SIZE);
    if (file->_base) {
        file->_flag |= _IOMYBUF;
        file->_bufsiz = BUFFER_SIZE;
    } else {
        file->_flag |= _IONBF;
        file->_base = (char *)&file->_charbuf;
        file->_bufsiz = 2;
    }
    file->_ptr = file->_base;
    file->_cnt = 0;
}

/* Writes what is buffered and forgets what was read ahead. EOF on error. */
int stream_flush(FILE *file)
{
    int result = 0;

    if ((file->_flag & (_IOREAD | _IOWRT)) == _IOWRT && file->_flag & (_IOMYBUF | _USERBUF)) {
        int n = file->_ptr - file->_base;
        if (n > 0 && _write(file->_file, file->_base, n) != n) {
            file->_flag |= _IOERR;
            result = CRT_EOF;
        } else if (file->_flag & _IORW) {
            file->_flag &= ~_IOWRT;
        }
    }
    file->_ptr = file->_base;
    file->_cnt = 0;
    return result;
}

static int flush_and_commit(FILE *file)
{
    if (stream_flush(file)) return CRT_EOF;
    if (file->_flag & _IOCOMMIT) return _commit(file->_file) ? CRT_EOF : 0;
    return 0;
}

static int flush_all(int direction)
{
    int count = 0, errors = 0;

    _lock(LOCK_STREAMS);
    for (int i = 0; i < 20 + extra_count; i++) {
        FILE *file = stream_at(i);
        if (!(file->_flag & STREAM_IN_USE)) continue;
        _lock_file(file);
        if (file->_flag & direction) {
            if (flush_and_commit(file))
                errors++;
            else
                count++;
        }
        _unlock_file(file);
    }
    _unlock(LOCK_STREAMS);
    return direction == _IOWRT ? (errors ? CRT_EOF : 0) : count;
}

int EXPORT _flushall(void)
{
    return flush_all(STREAM_IN_USE);
}

void streams_flush_at_process_end(void)
{
    for (int i = 0; i < 20 + extra_count; i++) {
        FILE *file = stream_at(i);
        if (!(file->_flag & STREAM_IN_USE) || !try_lock_file(file)) continue;
        flush_and_commit(file);
        _unlock_file(file);
    }
}

int EXPORT fflush(FILE *file)
{
    int result;

    if (!file) return flush_all(_IOWRT);
    _lock_file(file);
    result = flush_and_commit(file);
    _unlock_file(file);
    return result;
}

/* While one call prints to an unbuffered or console stream it has a buffer: true if this call gave it. */
bool stream_temp_buffer(FILE *file)
{
    if (file != crt_stdout && file != crt_stderr) return false;
    if (file->_flag & (_IOMYBUF | _USERBUF) || !(file->_flag & _IOWRT)) return false;
    if (!(file->_flag & _IONBF) && !_isatty(file->_file)) return false;
    file->_base = file->_ptr = temp_buffers[file == crt_stderr];
    file->_bufsiz = file->_cnt = BUFFER_SIZE;
    file->_flag |= _USERBUF;
    return true;
}

void stream_end_temp_buffer(FILE *file, bool began)
{
    if (!began) return;
    stream_flush(file);
    file->_flag &= ~_USERBUF;
    if (file->_flag & _IONBF) {
        file->_base = file->_ptr = (char *)&file->_charbuf;
        file->_bufsiz = 2;
    } else {
        file->_base = file->_ptr = NULL;
        file->_bufsiz = 0;
    }
    file->_cnt = 0;
}

/* Refills a stream for reading and returns its first byte; the getc macro of old programs calls it. */
int EXPORT _filbuf(FILE *file)
{
    int n;

    REQUIRE(file, EINVAL, CRT_EOF);
    if (!(file->_flag & STREAM_IN_USE)) return CRT_EOF;
    if (file->_flag & _IOSTRG) return CRT_EOF;
    if (file->_flag & _IOWRT) {
        file->_flag |= _IOERR;
        return CRT_EOF;
    }
    file->_flag |= _IOREAD;
    make_buffer(file);
    file->_ptr = file->_base;
    n = _read(file->_file, file->_base,
              file->_flag & _IONBF && !(fd_get(file->_file)->extra & (FD_UTF8 | FD_UTF16)) ? 1
                                                                                           : file->_bufsiz);
    if (n <= 0) {
        file->_flag |= n ? _IOERR : _IOEOF;
        file->_cnt = 0;
        return CRT_EOF;
    }
    file->_cnt = n - 1;
    return (unsigned char)*file->_ptr++;
}

/* Makes a stream ready for writing: false with its error flag set when it can't be. */
static bool begin_writing(FILE *file)
{
    if (!(file->_flag & (_IOWRT | _IORW))) {
        errno = EBADF;
        file->_flag |= _IOERR;
        return false;
    }
    if (file->_flag & _IOSTRG) {
        errno = ERANGE;
        file->_flag |= _IOERR;
        return false;
    }
    if (file->_flag & _IOREAD) {
        file->_cnt = 0;
        if (!(file->_flag & _IOEOF)) {
            file->_flag |= _IOERR;
            return false;
        }
        file->_ptr = file->_base;
        file->_flag &= ~_IOREAD;
    }
    file->_flag = (file->_flag | _IOWRT) & ~_IOEOF;
    file->_cnt = 0;
    if (!(file->_flag & (_IOMYBUF | _IONBF | _USERBUF)) &&
        !((file == crt_stdout || file == crt_stderr) && _isatty(file->_file)))
        make_buffer(file);
    return true;
}

/* Empties a full stream and stores UNIT (one byte or one wide character) behind. */
static bool flush_with(FILE *file, const void *unit, int size)
{
    int n, written;

    if (!begin_writing(file)) return false;
    if (file->_flag & (_IOMYBUF | _USERBUF)) {
        n = file->_ptr - file->_base;
        file->_ptr = file->_base + size;
        file->_cnt = file->_bufsiz - size;
        written = n > 0 ? _write(file->_file, file->_base, n) : n;
        memcpy(file->_base, unit, size);
    } else {
        n = size;
        written = _write(file->_file, unit, size);
    }
    if (written == n) return true;
    file->_flag |= _IOERR;
    return false;
}

int EXPORT _flsbuf(int c, FILE *file)
{
    char byte = c;

    REQUIRE(file, EINVAL, CRT_EOF);
    return flush_with(file, &byte, 1) ? c & 0xFF : CRT_EOF;
}

/* What a whole buffer is: an unbuffered stream takes bytes singly. */
static unsigned buffer_size(const FILE *file)
{
    if (file->_flag & _IONBF && !(file->_flag & _USERBUF)) return 1;
    return file->_flag & (_IOMYBUF | _USERBUF) ? file->_bufsiz : BUFFER_SIZE;
}

/* Writes SIZE bytes to a locked stream; how many were taken. */
size_t stream_write(const void *data, size_t size, FILE *file)
{
    const char *p = data;
    size_t left = size;

    while (left) {
        if (file->_flag & (_IOMYBUF | _USERBUF) && file->_flag & _IOWRT && file->_cnt > 0) {
            size_t n = left < (size_t)file->_cnt ? left : (size_t)file->_cnt;
            memcpy(file->_ptr, p, n);
            file->_ptr += n;
            file->_cnt -= n;
            p += n;
            left -= n;
            continue;
        }
        if (left >= buffer_size(file)) { /* whole buffers go out directly, whatever the stream did last */
            unsigned unit = buffer_size(file),
                     n = left > INT_MAX ? INT_MAX - INT_MAX % unit : left - left % unit;
            int written;

            if (!(file->_flag & (_IOWRT | _IORW))) {
                errno = EBADF;
                file->_flag |= _IOERR;
                break;
            }
            if (file->_flag & (_IOMYBUF | _USERBUF) && stream_flush(file)) break;
            written = _write(file->_file, p, n);
            if (written > 0) p += written, left -= written;
            if (written != (int)n) {
                file->_flag |= _IOERR;
                break;
            }
            continue;
        }
        if (!flush_with(file, p, 1)) break;
        p++;
        left--;
    }
    return size - left;
}

/* ---- opening and closing ---- */

/* Reads a mode such as L"a+b, ccs=UTF-8" into open and stream flags; -1 if it isn't one. */
static int stream_parse_mode(const wchar_t *mode, int *open_flags, int *stream_flags)
{
    static const struct {
        wchar_t letter;
        int flag;
    } letters[] = {{'b', _O_BINARY},     {'t', _O_TEXT},   {'T', _O_SHORT_LIVED}, {'D', _O_TEMPORARY},
                   {'S', _O_SEQUENTIAL}, {'R', _O_RANDOM}, {'N', _O_NOINHERIT}};
    int open = 0, stream = _commode;

    while (*mode == ' ') mode++;
    switch (*mode++) {
    case 'r': open = _O_RDONLY, stream |= _IOREAD; break;
    case 'w': open = _O_WRONLY | _O_CREAT | _O_TRUNC, stream |= _IOWRT; break;
    case 'a': open = _O_WRONLY | _O_CREAT | _O_APPEND, stream |= _IOWRT; break;
    default: REQUIRE(false, EINVAL, -1);
    }
    for (; *mode && *mode != ','; mode++) {
        size_t i;
        if (*mode == ' ') continue;
        if (*mode == '+') {
            open = (open & ~_O_WRONLY) | _O_RDWR;
            stream = (stream & ~(_IOREAD | _IOWRT)) | _IORW;
            continue;
        }
        if ((*mode == 'S' || *mode == 'R') && open & (_O_SEQUENTIAL | _O_RANDOM)) continue;
        if (*mode == 'x' && crt_profile.c99) {
            open |= _O_EXCL;
            continue;
        }
        if (*mode == 'c' || *mode == 'n') {
            stream = *mode == 'c' ? stream | _IOCOMMIT : stream & ~_IOCOMMIT;
            continue;
        }
        for (i = 0; i < ARRAY_SIZE(letters) && letters[i].letter != *mode; i++) {
        }
        REQUIRE(i < ARRAY_SIZE(letters), EINVAL, -1);
        if (letters[i].flag & (_O_TEXT | _O_BINARY) && open & (_O_TEXT | _O_BINARY)) return -1;
        open |= letters[i].flag;
    }
    if (*mode == ',') {
        for (mode++; *mode == ' '; mode++) {
        }
        REQUIRE(!wcsncmp(mode, L"ccs", 3), EINVAL, -1);
        for (mode += 3; *mode == ' '; mode++) {
        }
        REQUIRE(*mode == '=', EINVAL, -1);
        for (mode++; *mode == ' '; mode++) {
        }
        if (!_wcsnicmp(mode, L"unicode", 7))
            open |= _O_WTEXT, mode += 7;
        else if (!_wcsnicmp(mode, L"utf-8", 5))
            open |= _O_U8TEXT, mode += 5;
        else if (!_wcsnicmp(mode, L"utf-16le", 8))
            open |= _O_U16TEXT, mode += 8;
        else
            REQUIRE(false, EINVAL, -1);
        while (*mode == ' ') mode++;
        REQUIRE(!*mode, EINVAL, -1);
    }
    *open_flags = open;
    *stream_flags = stream;
    return 0;
}

/* Opens PATH on FILE, a locked stream from stream_alloc or freopen; on failure the stream is free again. */
static FILE *stream_open(FILE *file, const wchar_t *path, const wchar_t *mode, int share)
{
    int open_flags, stream_flags, error, fd = -1;

    if (!stream_parse_mode(mode, &open_flags, &stream_flags))
        fd = file_open(path, open_flags, share, _S_IREAD | _S_IWRITE, &error);
    stream_clear(file);
    file->_file = fd;
    if (fd < 0) return NULL;
    file->_flag = stream_flags;
    return file;
}

FILE *EXPORT _wfsopen(const wchar_t *path, const wchar_t *mode, int share)
{
    FILE *file, *result;

    REQUIRE(path, EINVAL, NULL);
    REQUIRE(mode && *mode, EINVAL, NULL);
    file = stream_alloc();
    if (!file) return NULL;
    result = stream_open(file, path, mode, share);
    _unlock_file(file);
    return result;
}

FILE *EXPORT _fsopen(const char *path, const char *mode, int share)
{
    struct wide_path wide;
    wchar_t *wide_mode;
    FILE *file = NULL;

    REQUIRE(path && mode, EINVAL, NULL);
    wide_mode = wide_copy(mode);
    if (wide_path_make(&wide, path) && wide_mode) file = _wfsopen(wide.text, wide_mode, share);
    wide_path_free(&wide);
    free(wide_mode);
    return file;
}

FILE *EXPORT fopen(const char *path, const char *mode)
{
    return _fsopen(path, mode, _SH_DENYNO);
}
FILE *EXPORT _wfopen(const wchar_t *path, const wchar_t *mode)
{
    return _wfsopen(path, mode, _SH_DENYNO);
}

errno_t EXPORT fopen_s(FILE **file, const char *path, const char *mode)
{
    REQUIRE(file, EINVAL, EINVAL);
    REQUIRE(path && mode, EINVAL, EINVAL);
    *file = _fsopen(path, mode, _SH_SECURE);
    return *file ? 0 : errno;
}

errno_t EXPORT _wfopen_s(FILE **file, const wchar_t *path, const wchar_t *mode)
{
    REQUIRE(file, EINVAL, EINVAL);
    REQUIRE(path && mode, EINVAL, EINVAL);
    *file = _wfsopen(path, mode, _SH_SECURE);
    return *file ? 0 : errno;
}

FILE *EXPORT _wfdopen(int fd, const wchar_t *mode)
{
    int open_flags, stream_flags;
    FILE *file;

    if (!(fd_get(fd)->flags & FD_OPEN)) {
        errno = EBADF;
        return NULL;
    }
    REQUIRE(mode, EINVAL, NULL);
    if (stream_parse_mode(mode, &open_flags, &stream_flags)) return NULL;
    file = stream_alloc();
    if (!file) return NULL;
    file->_file = fd;
    file->_flag = stream_flags;
    _unlock_file(file);
    return file;
}

FILE *EXPORT _fdopen(int fd, const char *mode)
{
    wchar_t *wide = wide_copy(mode);
    FILE *file = wide ? _wfdopen(fd, wide) : NULL;
    free(wide);
    return file;
}

/* Closes a locked stream and frees its slot. */
static int stream_free(FILE *file)
{
    int result;

    if (!(file->_flag & STREAM_IN_USE)) {
        file->_flag = 0;
        return CRT_EOF;
    }
    result = stream_flush(file);
    drop_buffer(file);
    if (_close(file->_file) < 0) result = CRT_EOF;
    if (file->_tmpfname) {
        _unlink(file->_tmpfname);
        free(file->_tmpfname);
        file->_tmpfname = NULL;
    }
    file->_flag = 0;
    file->_file = -1;
    return result;
}

int EXPORT fclose(FILE *file)
{
    int result;

    REQUIRE(file, EINVAL, CRT_EOF);
    _lock_file(file);
    result = stream_free(file);
    _unlock_file(file);
    return result;
}

int stream_close_all(bool standard_too)
{
    int count = 0;

    _lock(LOCK_STREAMS);
    for (int i = standard_too ? 0 : 3; i < 20 + extra_count; i++) {
        FILE *file = stream_at(i);
        if (file->_flag & STREAM_IN_USE && !fclose(file)) count++;
    }
    _unlock(LOCK_STREAMS);
    return count;
}

int EXPORT _fcloseall(void)
{
    return stream_close_all(false);
}

/* Removes the files that tmpfile made and that are still open. */
int EXPORT _rmtmp(void)
{
    int count = 0;

    _lock(LOCK_STREAMS);
    for (int i = 0; i < 20 + extra_count; i++) {
        FILE *file = stream_at(i);
        if (file->_flag & STREAM_IN_USE && file->_tmpfname && !fclose(file)) count++;
    }
    _unlock(LOCK_STREAMS);
    return count;
}

FILE *EXPORT _wfreopen(const wchar_t *path, const wchar_t *mode, FILE *file)
{
    FILE *result;
    int open_flags, stream_flags;

    REQUIRE(path && mode && file, EINVAL, NULL);
    if (stream_parse_mode(mode, &open_flags, &stream_flags)) return NULL;
    _lock_file(file);
    if (file->_flag & STREAM_IN_USE) stream_free(file);
    result = stream_open(file, path, mode, _SH_DENYNO);
    _unlock_file(file);
    return result;
}

FILE *EXPORT freopen(const char *path, const char *mode, FILE *file)
{
    struct wide_path wide;
    wchar_t *wide_mode;
    FILE *result = NULL;

    REQUIRE(path && mode && file, EINVAL, NULL);
    wide_mode = wide_copy(mode);
    if (wide_path_make(&wide, path) && wide_mode) result = _wfreopen(wide.text, wide_mode, file);
    wide_path_free(&wide);
    free(wide_mode);
    return result;
}

errno_t EXPORT freopen_s(FILE **result, const char *path, const char *mode, FILE *file)
{
    REQUIRE(result, EINVAL, EINVAL);
    REQUIRE(path && mode && file, EINVAL, EINVAL);
    *result = freopen(path, mode, file);
    return *result ? 0 : errno;
}

errno_t EXPORT _wfreopen_s(FILE **result, const wchar_t *path, const wchar_t *mode, FILE *file)
{
    REQUIRE(result, EINVAL, EINVAL);
    REQUIRE(path && mode && file, EINVAL, EINVAL);
    *result = _wfreopen(path, mode, file);
    return *result ? 0 : errno;
}

int EXPORT setvbuf(FILE *file, char *buffer, int mode, size_t size)
{
    REQUIRE(file, EINVAL, -1);
    REQUIRE(mode == _IONBF || mode == 0 || mode == _IOLBF, EINVAL, -1);
    REQUIRE(mode == _IONBF || (size >= 2 && size <= INT_MAX), EINVAL, -1);
    size &= ~1u;
    _lock_file(file);
    stream_flush(file);
    drop_buffer(file);
    file->_flag &= ~_IOCOMMIT | _commode;
    if (mode == _IONBF) {
        file->_flag |= _IONBF;
        file->_base = (char *)&file->_charbuf;
        file->_bufsiz = 2;
    } else {
        file->_base = buffer ? buffer : malloc(size);
        if (!file->_base) {
            _unlock_file(file);
            return -1;
        }
        file->_flag |= _IOSETVBUF | (buffer ? _USERBUF : _IOMYBUF);
        file->_bufsiz = size;
    }
    file->_ptr = file->_base;
    _unlock_file(file);
    return 0;
}

void EXPORT setbuf(FILE *file, char *buffer)
{
    setvbuf(file, buffer, buffer ? 0 : _IONBF, 512);
}

/* ---- state and position ---- */

int EXPORT _fileno(FILE *file)
{
    REQUIRE(file, EINVAL, -1);
    return file->_file;
}

int EXPORT feof(FILE *file)
{
    return file->_flag & _IOEOF;
}
int EXPORT ferror(FILE *file)
{
    return file->_flag & _IOERR;
}

void EXPORT clearerr(FILE *file)
{
    _lock_file(file);
    file->_flag &= ~(_IOERR | _IOEOF);
    fd_get(file->_file)->flags &= ~FD_EOF;
    _unlock_file(file);
}

errno_t EXPORT clearerr_s(FILE *file)
{
    REQUIRE(file, EINVAL, EINVAL);
    clearerr(file);
    return 0;
}

FILE *EXPORT __iob_func(void)
{
    return _iob;
}
FILE *EXPORT __acrt_iob_func(unsigned index)
{
    return &_iob[index];
}
