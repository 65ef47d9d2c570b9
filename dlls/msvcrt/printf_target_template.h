/* Where formatted text goes, once for both widths; printf_target.c includes it twice. */
#include "dlls/template.h"

static bool T(put_buffer, put_buffer_wide)(struct print_sink *sink, const void *text, int count)
{
    CHAR *out = sink->target;
    size_t n = (size_t)count < sink->room ? (size_t)count : sink->room;

    memcpy(out, text, n * sizeof(CHAR));
    sink->target = out + n;
    sink->room -= n;
    return true;
}

int T(print_prefix, print_prefix_wide)(CHAR *buffer, size_t size, unsigned options, const CHAR *format,
                                       crt_locale_t l, va_list args)
{
    struct print_sink sink = {T(put_buffer, put_buffer_wide), buffer, size};
    return T(print_narrow, print_wide)(&sink, options, locale_of(l), format, args);
}

int T(print_to_stream, print_to_stream_wide)(FILE *file, unsigned options, const CHAR *format, crt_locale_t l,
                                             va_list args)
{
    struct print_sink sink = {T(put_stream, put_stream_wide), file, 0};
    bool began;
    int n;

    REQUIRE(file && format, EINVAL, -1);
    _lock_file(file);
    began = stream_temp_buffer(file);
    n = T(print_narrow, print_wide)(&sink, options, locale_of(l), format, args);
    stream_end_temp_buffer(file, began);
    _unlock_file(file);
    return n;
}

int T(print_to_console, print_to_console_wide)(unsigned options, const CHAR *format, crt_locale_t l,
                                               va_list args)
{
    struct print_sink sink = {T(put_console, put_console_wide), NULL, 0};

    REQUIRE(format, EINVAL, -1);
    return T(print_narrow, print_wide)(&sink, options, locale_of(l), format, args);
}

int T(print_bounded, print_bounded_wide)(CHAR *buffer, size_t size, unsigned options, const CHAR *format,
                                         crt_locale_t l, va_list args)
{
    int n;

    REQUIRE(format, EINVAL, -1);
    REQUIRE(buffer || !size, EINVAL, -1);
    n = T(print_prefix, print_prefix_wide)(buffer, size, options, format, l, args);
    if (n < 0) return n;
    if ((size_t)n < size) buffer[n] = 0;
    return !buffer || (size_t)n <= size ? n : -1;
}

int T(print_bounded_end, print_bounded_end_wide)(CHAR *buffer, size_t size, unsigned options,
                                                 const CHAR *format, crt_locale_t l, va_list args)
{
    int n = T(print_bounded, print_bounded_wide)(buffer, size, options, format, l, args);

    if (buffer && size && (n < 0 || (size_t)n >= size)) {
        buffer[size - 1] = 0;
        return -1;
    }
    return n;
}

int T(print_secure, print_secure_wide)(CHAR *buffer, size_t size, size_t count, unsigned options,
                                       const CHAR *format, crt_locale_t l, va_list args)
{
    size_t room = count < size ? count : size - 1;
    int n;

    if (!buffer && !size && !count) return 0;
    REQUIRE(format, EINVAL, -1);
    REQUIRE(buffer && size, EINVAL, -1);
    n = T(print_prefix, print_prefix_wide)(buffer, room, options | FORMAT_SECURE, format, l, args);
    if (n < 0) {
        *buffer = 0;
        return n;
    }
    if ((size_t)n <= room) {
        buffer[n] = 0;
        return n;
    }
    buffer[room] = 0;
    if (count == TRUNCATE || count < size) return -1;
    *buffer = 0;
    REQUIRE(false, ERANGE, -1);
    return -1;
}

int T(print_measure, print_measure_wide)(unsigned options, const CHAR *format, crt_locale_t l, va_list args)
{
    REQUIRE(format, EINVAL, -1);
    return T(print_prefix, print_prefix_wide)(NULL, 0, options, format, l, args);
}
#include "dlls/template_end.h"
