/* Formatted text to streams, buffers and the console: what all the printf families end in. */
#include "formatted.h"

int EXPORT _putch(int c);
int EXPORT _putwch(wchar_t c);

static bool put_stream(struct print_sink *sink, const void *text, int count)
{
    return stream_write(text, count, sink->target) == (size_t)count;
}

static bool put_stream_wide(struct print_sink *sink, const void *text, int count)
{
    const wchar_t *p = text;

    while (count--)
        if (_putwc_nolock(*p++, sink->target) == CRT_WEOF) return false;
    return true;
}

static bool put_console(struct print_sink *sink, const void *text, int count)
{
    const char *p = text;

    (void)sink;
    while (count--)
        if (_putch(*p++) == CRT_EOF) return false;
    return true;
}

static bool put_console_wide(struct print_sink *sink, const void *text, int count)
{
    const wchar_t *p = text;

    (void)sink;
    while (count--)
        if (_putwch(*p++) == CRT_WEOF) return false;
    return true;
}

#include "printf_target_template.h"
#define WIDE
#include "printf_target_template.h"

unsigned output_format;

unsigned EXPORT _get_output_format(void)
{
    return output_format;
}

unsigned EXPORT _set_output_format(unsigned format)
{
    unsigned old = output_format;

    REQUIRE(!(format & ~1u), EINVAL, old);
    output_format = format;
    return old;
}
