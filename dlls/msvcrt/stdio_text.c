/* Characters, strings, blocks and integers through streams, narrow and wide. */
#include "msvcrt.h"

int EXPORT _getc_nolock(FILE *file)
{
    return --file->_cnt >= 0 ? (unsigned char)*file->_ptr++ : _filbuf(file);
}

int EXPORT _putc_nolock(int c, FILE *file)
{
    if (--file->_cnt >= 0) return (unsigned char)(*file->_ptr++ = c);
    return _flsbuf(c, file);
}

int EXPORT fgetc(FILE *file)
{
    int c;

    REQUIRE(file, EINVAL, CRT_EOF);
    _lock_file(file);
    c = _getc_nolock(file);
    _unlock_file(file);
    return c;
}

int EXPORT getc(FILE *file)
{
    return fgetc(file);
}
int EXPORT getchar(void)
{
    return fgetc(crt_stdin);
}
int EXPORT _fgetchar(void)
{
    return fgetc(crt_stdin);
}

int EXPORT fputc(int c, FILE *file)
{
    REQUIRE(file, EINVAL, CRT_EOF);
    _lock_file(file);
    c = _putc_nolock(c, file);
    _unlock_file(file);
    return c;
}

int EXPORT putc(int c, FILE *file)
{
    return fputc(c, file);
}
int EXPORT putchar(int c)
{
    return fputc(c, crt_stdout);
}
int EXPORT _fputchar(int c)
{
    return fputc(c, crt_stdout);
}

/* Puts a byte back; EOF where there is no room in front of the buffer. The stream is locked. */
int stream_unget(int c, FILE *file)
{
    if (c == CRT_EOF || !(file->_flag & _IOREAD || (file->_flag & _IORW && !(file->_flag & _IOWRT))))
        return CRT_EOF;
    if (!file->_base && !(file->_flag & _IOSTRG)) {
        /* Not read from yet: _filbuf's buffer, without reading. */
        file->_base = malloc(BUFFER_SIZE);
        if (!file->_base) return CRT_EOF;
        file->_ptr = file->_base;
        file->_bufsiz = BUFFER_SIZE;
        file->_flag |= _IOMYBUF;
    }
    if (file->_ptr == file->_base) {
        if (file->_cnt > 0) return CRT_EOF;
        file->_ptr++;
        file->_cnt = 0;
    }
    if (file->_flag & _IOSTRG) {
        if (*--file->_ptr != (char)c) {
            file->_ptr++;
            return CRT_EOF;
        }
    } else {
        *--file->_ptr = c;
    }
    if (file->_cnt < 0) file->_cnt = 0;
    file->_cnt++;
    file->_flag = (file->_flag & ~_IOEOF) | _IOREAD;
    return c & 0xFF;
}

int EXPORT ungetc(int c, FILE *file)
{
    REQUIRE(file, EINVAL, CRT_EOF);
    _lock_file(file);
    c = stream_unget(c, file);
    _unlock_file(file);
    return c;
}

char *EXPORT fgets(char *s, int size, FILE *file)
{
    char *p = s;
    int c = CRT_EOF;

    REQUIRE((s || !size) && size >= 0 && file, EINVAL, NULL);
    if (!size) return NULL;
    _lock_file(file);
    while (--size > 0) {
        c = _getc_nolock(file);
        if (c == CRT_EOF) break;
        if ((*p++ = c) == '\n') break;
    }
    _unlock_file(file);
    if (c == CRT_EOF && p == s && size > 0) return NULL;
    *p = 0;
    return s;
}

char *EXPORT gets(char *s)
{
    char *p = s;
    int c;

    _lock_file(crt_stdin);
    while ((c = _getc_nolock(crt_stdin)) != CRT_EOF && c != '\n') *p++ = c;
    _unlock_file(crt_stdin);
    if (c == CRT_EOF && p == s) return NULL;
    *p = 0;
    return s;
}

static bool put_text(const void *text, size_t size, FILE *file)
{
    bool began = stream_temp_buffer(file);
    bool ok = stream_write(text, size, file) == size;
    stream_end_temp_buffer(file, began);
    return ok;
}

int EXPORT fputs(const char *s, FILE *file)
{
    bool ok;

    REQUIRE(s && file, EINVAL, CRT_EOF);
    _lock_file(file);
    ok = put_text(s, strlen(s), file);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}

int EXPORT puts(const char *s)
{
    FILE *file = crt_stdout;
    bool began, ok;

    REQUIRE(s, EINVAL, CRT_EOF);
    _lock_file(file);
    began = stream_temp_buffer(file);
    ok = stream_write(s, strlen(s), file) == strlen(s) && _putc_nolock('\n', file) != CRT_EOF;
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}

size_t EXPORT fread(void *buffer, size_t size, size_t count, FILE *file)
{
    char *p = buffer;
    size_t want, left;

    if (!size || !count) return 0;
    REQUIRE(buffer && file, EINVAL, 0);
    REQUIRE(!__builtin_mul_overflow(size, count, &want), EINVAL, 0);
    _lock_file(file);
    left = want;
    while (left) {
        if (file->_flag & (_IOMYBUF | _USERBUF | _IONBF) && file->_cnt > 0 && !(file->_flag & _IOWRT)) {
            size_t n = left < (size_t)file->_cnt ? left : (size_t)file->_cnt;
            memcpy(p, file->_ptr, n);
            file->_ptr += n;
            file->_cnt -= n;
            p += n;
            left -= n;
        } else if (left >=
                       (file->_flag & (_IOMYBUF | _USERBUF | _IONBF) ? (size_t)file->_bufsiz : BUFFER_SIZE) &&
                   !(file->_flag & _IOWRT) && file->_flag & (_IOREAD | _IORW)) {
            /* Whole buffers go straight to the caller. */
            unsigned unit = file->_flag & (_IOMYBUF | _USERBUF | _IONBF) ? file->_bufsiz : BUFFER_SIZE;
            unsigned size_now = left > INT_MAX ? INT_MAX - INT_MAX % unit : left - left % unit;
            int n;
            file->_flag |= _IOREAD;
            file->_cnt = 0;
            file->_ptr = file->_base;
            n = _read(file->_file, p, size_now);
            if (n <= 0) {
                file->_flag |= n ? _IOERR : _IOEOF;
                break;
            }
            p += n;
            left -= n;
        } else {
            int c = _filbuf(file);
            if (c == CRT_EOF) break;
            *p++ = c;
            left--;
        }
    }
    _unlock_file(file);
    return (want - left) / size;
}

size_t EXPORT fwrite(const void *buffer, size_t size, size_t count, FILE *file)
{
    size_t total;
    bool began;

    if (!size || !count) return 0;
    REQUIRE(buffer && file, EINVAL, 0);
    REQUIRE(!__builtin_mul_overflow(size, count, &total), EINVAL, 0);
    _lock_file(file);
    began = stream_temp_buffer(file);
    total = stream_write(buffer, total, file);
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return total / size;
}

int EXPORT _getw(FILE *file)
{
    int value;
    return fread(&value, sizeof(value), 1, file) == 1 ? value : CRT_EOF;
}

int EXPORT _putw(int value, FILE *file)
{
    return fwrite(&value, sizeof(value), 1, file) == 1 ? value : CRT_EOF;
}

/* ---- wide: in a text stream characters are converted by the locale, elsewhere they are two bytes ---- */

static bool converts(FILE *file)
{
    struct ioinfo *info = fd_get(file->_file);
    return info->flags & FD_TEXT && !(info->extra & (FD_UTF8 | FD_UTF16));
}

wint_t EXPORT _getwc_nolock(FILE *file)
{
    const struct crt_locale *locale;
    char bytes[2];
    wchar_t wide;
    int c, size = 1;

    c = _getc_nolock(file);
    if (c == CRT_EOF) return CRT_WEOF;
    if (!converts(file)) {
        int high = _getc_nolock(file);
        return high == CRT_EOF ? CRT_WEOF : (wint_t)(high << 8 | c);
    }
    locale = locale_current();
    bytes[0] = c;
    if (locale->ctype[c + 1] & CT_LEADBYTE) {
        c = _getc_nolock(file);
        if (c == CRT_EOF) {
            stream_unget((unsigned char)bytes[0], file);
            return CRT_WEOF;
        }
        bytes[1] = c;
        size = 2;
    }
    if (wide_from_text(locale, &wide, bytes, size) <
        0) /* what isn't a character reads as the system's substitute */
        MultiByteToWideChar(locale->codepage, 0, bytes, size, &wide, 1);
    return wide;
}

wint_t EXPORT _putwc_nolock(wint_t c, FILE *file)
{
    char bytes[8];
    int size;

    if (!converts(file)) {
        wchar_t wide = c;
        return stream_write(&wide, sizeof(wide), file) == sizeof(wide) ? c : CRT_WEOF;
    }
    size = text_from_wide(locale_current(), bytes, c);
    if (size < 0) return CRT_WEOF;
    for (int i = 0; i < size; i++)
        if (_putc_nolock((unsigned char)bytes[i], file) == CRT_EOF) return CRT_WEOF;
    return c;
}

wint_t EXPORT fgetwc(FILE *file)
{
    wint_t c;

    REQUIRE(file, EINVAL, CRT_WEOF);
    _lock_file(file);
    c = _getwc_nolock(file);
    _unlock_file(file);
    return c;
}

wint_t EXPORT getwc(FILE *file)
{
    return fgetwc(file);
}
wint_t EXPORT getwchar(void)
{
    return fgetwc(crt_stdin);
}
wint_t EXPORT _fgetwchar(void)
{
    return fgetwc(crt_stdin);
}

wint_t EXPORT fputwc(wint_t c, FILE *file)
{
    REQUIRE(file, EINVAL, CRT_WEOF);
    _lock_file(file);
    c = _putwc_nolock(c, file);
    _unlock_file(file);
    return c;
}

wint_t EXPORT putwc(wint_t c, FILE *file)
{
    return fputwc(c, file);
}
wint_t EXPORT putwchar(wint_t c)
{
    return fputwc(c, crt_stdout);
}
wint_t EXPORT _fputwchar(wint_t c)
{
    return fputwc(c, crt_stdout);
}

wint_t stream_unget_wide(wint_t c, FILE *file)
{
    char bytes[8];
    int size;

    if (c == CRT_WEOF) return c;
    if (converts(file)) {
        size = text_from_wide(locale_current(), bytes, c);
    } else {
        bytes[0] = c;
        bytes[1] = c >> 8;
        size = 2;
    }
    if (size < 0) return CRT_WEOF;
    while (size--)
        if (stream_unget((unsigned char)bytes[size], file) == CRT_EOF) return CRT_WEOF;
    return c;
}

wint_t EXPORT ungetwc(wint_t c, FILE *file)
{
    REQUIRE(file, EINVAL, CRT_WEOF);
    _lock_file(file);
    c = stream_unget_wide(c, file);
    _unlock_file(file);
    return c;
}

wchar_t *EXPORT fgetws(wchar_t *s, int size, FILE *file)
{
    wchar_t *p = s;
    wint_t c = CRT_WEOF;

    REQUIRE((s || !size) && size >= 0 && file, EINVAL, NULL);
    if (!size) return NULL;
    _lock_file(file);
    while (--size > 0) {
        c = _getwc_nolock(file);
        if (c == CRT_WEOF) break;
        if ((*p++ = c) == '\n') break;
    }
    _unlock_file(file);
    if (c == CRT_WEOF && p == s && size > 0) return NULL;
    *p = 0;
    return s;
}

wchar_t *EXPORT _getws(wchar_t *s)
{
    wchar_t *p = s;
    wint_t c;

    _lock_file(crt_stdin);
    while ((c = _getwc_nolock(crt_stdin)) != CRT_WEOF && c != '\n') *p++ = c;
    _unlock_file(crt_stdin);
    if (c == CRT_WEOF && p == s) return NULL;
    *p = 0;
    return s;
}

static bool put_wide_text(const wchar_t *s, FILE *file)
{
    if (!converts(file)) return stream_write(s, wcslen(s) * sizeof(*s), file) == wcslen(s) * sizeof(*s);
    for (; *s; s++)
        if (_putwc_nolock(*s, file) == CRT_WEOF) return false;
    return true;
}

int EXPORT fputws(const wchar_t *s, FILE *file)
{
    bool ok, began;

    REQUIRE(s && file, EINVAL, CRT_EOF);
    _lock_file(file);
    began = stream_temp_buffer(file);
    ok = put_wide_text(s, file);
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}

int EXPORT _putws(const wchar_t *s)
{
    FILE *file = crt_stdout;
    bool ok, began;

    REQUIRE(s, EINVAL, CRT_EOF);
    _lock_file(file);
    began = stream_temp_buffer(file);
    ok = put_wide_text(s, file) && _putwc_nolock('\n', file) != CRT_WEOF;
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}
