/* Streams' characters and lines, once for both widths; stdio_text.c includes it twice. */
#include "dlls/template.h"

#define INT       T(int, wint_t)
#define END       T(CRT_EOF, CRT_WEOF)
#define GET(file) T(_getc_nolock, _getwc_nolock)(file)
#define PUT       T(_putc_nolock, _putwc_nolock)

INT EXPORT T(fgetc, fgetwc)(FILE *file)
{
    INT c;

    REQUIRE(file, EINVAL, END);
    _lock_file(file);
    c = GET(file);
    _unlock_file(file);
    return c;
}

INT EXPORT T(getc, getwc)(FILE *file)
{
    return T(fgetc, fgetwc)(file);
}
INT EXPORT T(getchar, getwchar)(void)
{
    return T(fgetc, fgetwc)(crt_stdin);
}
INT EXPORT T(_fgetchar, _fgetwchar)(void)
{
    return T(fgetc, fgetwc)(crt_stdin);
}

INT EXPORT T(fputc, fputwc)(INT c, FILE *file)
{
    REQUIRE(file, EINVAL, END);
    _lock_file(file);
    c = PUT(c, file);
    _unlock_file(file);
    return c;
}

INT EXPORT T(putc, putwc)(INT c, FILE *file)
{
    return T(fputc, fputwc)(c, file);
}
INT EXPORT T(putchar, putwchar)(INT c)
{
    return T(fputc, fputwc)(c, crt_stdout);
}
INT EXPORT T(_fputchar, _fputwchar)(INT c)
{
    return T(fputc, fputwc)(c, crt_stdout);
}

INT EXPORT T(ungetc, ungetwc)(INT c, FILE *file)
{
    REQUIRE(file, EINVAL, END);
    _lock_file(file);
    c = T(stream_unget, stream_unget_wide)(c, file);
    _unlock_file(file);
    return c;
}

CHAR *EXPORT T(fgets, fgetws)(CHAR *s, int size, FILE *file)
{
    CHAR *p = s;
    INT c = END;

    REQUIRE((s || !size) && size >= 0 && file, EINVAL, NULL);
    if (!size) return NULL;
    _lock_file(file);
    while (--size > 0) {
        c = GET(file);
        if (c == END) break;
        if ((*p++ = c) == '\n') break;
    }
    _unlock_file(file);
    if (c == END && p == s && size > 0) return NULL;
    *p = 0;
    return s;
}

CHAR *EXPORT T(gets, _getws)(CHAR *s)
{
    CHAR *p = s;
    INT c;

    _lock_file(crt_stdin);
    while ((c = GET(crt_stdin)) != END && c != '\n') *p++ = c;
    _unlock_file(crt_stdin);
    if (c == END && p == s) return NULL;
    *p = 0;
    return s;
}

int EXPORT T(fputs, fputws)(const CHAR *s, FILE *file)
{
    bool ok, began;

    REQUIRE(s && file, EINVAL, CRT_EOF);
    _lock_file(file);
    began = stream_temp_buffer(file);
    ok = T(put_text, put_wide_text)(s, file);
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}

int EXPORT T(puts, _putws)(const CHAR *s)
{
    FILE *file = crt_stdout;
    bool ok, began;

    REQUIRE(s, EINVAL, CRT_EOF);
    _lock_file(file);
    began = stream_temp_buffer(file);
    ok = T(put_text, put_wide_text)(s, file) && PUT('\n', file) != END;
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return ok ? 0 : CRT_EOF;
}

#undef INT
#undef END
#undef GET
#undef PUT
#include "dlls/template_end.h"
