/* The functions behind printf and scanf, once for both widths; stdio_common.c includes it twice. */
#include "dlls/template.h"

#define TO_STREAM(name, more)                                                                                \
    int EXPORT name(uint64_t options, FILE *file, const CHAR *format, crt_locale_t l, va_list args)          \
    {                                                                                                        \
        return T(print_to_stream, print_to_stream_wide)(file, print_options(options) | (more), format, l,    \
                                                        args);                                               \
    }
TO_STREAM(T(__stdio_common_vfprintf, __stdio_common_vfwprintf), 0)
TO_STREAM(T(__stdio_common_vfprintf_s, __stdio_common_vfwprintf_s), FORMAT_SECURE)
TO_STREAM(T(__stdio_common_vfprintf_p, __stdio_common_vfwprintf_p), FORMAT_POSITIONAL)
#undef TO_STREAM

#define TO_CONSOLE(name, more)                                                                               \
    int EXPORT name(uint64_t options, const CHAR *format, crt_locale_t l, va_list args)                      \
    {                                                                                                        \
        return T(print_to_console, print_to_console_wide)(print_options(options) | (more), format, l, args); \
    }
TO_CONSOLE(T(__conio_common_vcprintf, __conio_common_vcwprintf), 0)
TO_CONSOLE(T(__conio_common_vcprintf_s, __conio_common_vcwprintf_s), FORMAT_SECURE)
TO_CONSOLE(T(__conio_common_vcprintf_p, __conio_common_vcwprintf_p), FORMAT_POSITIONAL)
#undef TO_CONSOLE

/* sprintf, snprintf, _snprintf, _scprintf: OPTIONS say what happens to text that COUNT characters don't hold.
 */
int EXPORT T(__stdio_common_vsprintf, __stdio_common_vswprintf)(uint64_t options, CHAR *buffer, size_t count,
                                                                const CHAR *format, crt_locale_t l,
                                                                va_list args)
{
    unsigned print = print_options(options);
    int n;

    if (options & PRINT_NO_END)
        return T(print_bounded, print_bounded_wide)(buffer, count, print, format, l, args);
    REQUIRE(format && (buffer || !count), EINVAL, -1);
    n = T(print_prefix, print_prefix_wide)(buffer, count, print, format, l, args);
    if (!buffer) return n;
    if (count) buffer[n < 0 ? 0 : (size_t)n < count ? (size_t)n : count - 1] = 0;
    if (n < 0 || options & PRINT_STANDARD || (size_t)n < count) return n;
    return TRUNCATED;
}

int EXPORT T(__stdio_common_vsprintf_s, __stdio_common_vswprintf_s)(uint64_t options, CHAR *buffer,
                                                                    size_t count, const CHAR *format,
                                                                    crt_locale_t l, va_list args)
{
    return T(print_secure, print_secure_wide)(buffer, count, count, print_options(options), format, l, args);
}

int EXPORT T(__stdio_common_vsnprintf_s,
             __stdio_common_vsnwprintf_s)(uint64_t options, CHAR *buffer, size_t size, size_t count,
                                          const CHAR *format, crt_locale_t l, va_list args)
{
    return T(print_secure, print_secure_wide)(buffer, size, count, print_options(options), format, l, args);
}

int EXPORT T(__stdio_common_vsprintf_p, __stdio_common_vswprintf_p)(uint64_t options, CHAR *buffer,
                                                                    size_t count, const CHAR *format,
                                                                    crt_locale_t l, va_list args)
{
    return T(print_bounded_end, print_bounded_end_wide)(
        buffer, count, print_options(options) | FORMAT_POSITIONAL, format, l, args);
}

int EXPORT T(__stdio_common_vfscanf, __stdio_common_vfwscanf)(uint64_t options, FILE *file,
                                                              const CHAR *format, crt_locale_t l,
                                                              va_list args)
{
    return T(scan_stream, scan_stream_wide)(file, scan_options(options), format, l, args);
}

int EXPORT T(__stdio_common_vsscanf, __stdio_common_vswscanf)(uint64_t options, const CHAR *text,
                                                              size_t count, const CHAR *format,
                                                              crt_locale_t l, va_list args)
{
    return T(scan_text, scan_text_wide)(text, count, scan_options(options), format, l, args);
}

int EXPORT T(__conio_common_vcscanf, __conio_common_vcwscanf)(uint64_t options, const CHAR *format,
                                                              crt_locale_t l, va_list args)
{
    return T(scan_console, scan_console_wide)(scan_options(options), format, l, args);
}
#include "dlls/template_end.h"
