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

/* The stream is locked and has a buffer. */
static bool put_text(const char *s, FILE *file)
{
    return stream_write(s, strlen(s), file) == strlen(s);
}

static bool put_wide_text(const wchar_t *s, FILE *file)
{
    if (!converts(file)) return stream_write(s, wcslen(s) * sizeof(*s), file) == wcslen(s) * sizeof(*s);
    for (; *s; s++)
        if (_putwc_nolock(*s, file) == CRT_WEOF) return false;
    return true;
}

#include "stdio_text_template.h"
#define WIDE
#include "stdio_text_template.h"
