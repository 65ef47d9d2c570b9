/* Where text to scan comes from, once for both widths; scanf_source.c includes it twice. */
#include "dlls/template.h"

static int T(get_text, get_text_wide)(struct scan_source *source)
{
    const CHAR *p = source->target;

    if (p == source->end || (!source->end && !*p)) return CRT_EOF;
    if (!*p) return CRT_EOF;
    source->target = (CHAR *)p + 1;
    return (UCHAR)*p;
}

static void T(unget_text, unget_text_wide)(struct scan_source *source, int c)
{
    (void)c;
    source->target = (CHAR *)source->target - 1;
}

int T(scan_text, scan_text_wide)(const CHAR *text, size_t length, unsigned options, const CHAR *format,
                                 crt_locale_t l, va_list args)
{
    struct scan_source source = {T(get_text, get_text_wide), T(unget_text, unget_text_wide), (void *)text,
                                 length == SIZE_MAX ? NULL : text + length};

    REQUIRE(text && format, EINVAL, CRT_EOF);
    return T(scan_narrow, scan_wide)(&source, options, locale_of(l), format, args);
}

int T(scan_stream, scan_stream_wide)(FILE *file, unsigned options, const CHAR *format, crt_locale_t l,
                                     va_list args)
{
    struct scan_source source = {T(get_stream, get_stream_wide), T(unget_stream, unget_stream_wide), file,
                                 NULL};
    int n;

    REQUIRE(file && format, EINVAL, CRT_EOF);
    _lock_file(file);
    n = T(scan_narrow, scan_wide)(&source, options, locale_of(l), format, args);
    _unlock_file(file);
    return n;
}

int T(scan_console, scan_console_wide)(unsigned options, const CHAR *format, crt_locale_t l, va_list args)
{
    struct scan_source source = {T(get_console, get_console_wide), T(unget_console, unget_console_wide), NULL,
                                 NULL};

    REQUIRE(format, EINVAL, CRT_EOF);
    return T(scan_narrow, scan_wide)(&source, options, locale_of(l), format, args);
}
#include "dlls/template_end.h"
