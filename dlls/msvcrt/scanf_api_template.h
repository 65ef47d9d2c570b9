/* The scanf functions, once for both widths; scanf_api.c includes it twice. */
#include "dlls/template.h"

#define SCAN(after, call)                                                                                    \
    {                                                                                                        \
        va_list args;                                                                                        \
        int n;                                                                                               \
        va_start(args, after);                                                                               \
        n = call;                                                                                            \
        va_end(args);                                                                                        \
        return n;                                                                                            \
    }
#define FAMILY(stream, stream_l, input, input_l, text, text_l, bounded, bounded_l, console, console_l,       \
               options)                                                                                      \
    int EXPORT stream(FILE *file, const CHAR *format, ...) SCAN(                                             \
        format, T(scan_stream, scan_stream_wide)(file, options, format, NULL, args)) int EXPORT              \
    stream_l(FILE *file, const CHAR *format, crt_locale_t l,                                                 \
             ...) SCAN(l, T(scan_stream, scan_stream_wide)(file, options, format, l, args)) int EXPORT       \
    input(const CHAR *format, ...) SCAN(                                                                     \
        format, T(scan_stream, scan_stream_wide)(crt_stdin, options, format, NULL, args)) int EXPORT         \
    input_l(const CHAR *format, crt_locale_t l,                                                              \
            ...) SCAN(l, T(scan_stream, scan_stream_wide)(crt_stdin, options, format, l, args)) int EXPORT   \
    text(const CHAR *s, const CHAR *format, ...)                                                             \
        SCAN(format, T(scan_text, scan_text_wide)(s, SIZE_MAX, options, format, NULL, args)) int EXPORT      \
        text_l(const CHAR *s, const CHAR *format, crt_locale_t l,                                            \
               ...) SCAN(l, T(scan_text, scan_text_wide)(s, SIZE_MAX, options, format, l, args)) int EXPORT  \
        bounded(const CHAR *s, size_t length, const CHAR *format, ...)                                       \
            SCAN(format, T(scan_text, scan_text_wide)(s, length, options, format, NULL, args)) int EXPORT    \
            bounded_l(const CHAR *s, size_t length, const CHAR *format, crt_locale_t l, ...)                 \
                SCAN(l, T(scan_text, scan_text_wide)(s, length, options, format, l, args)) int EXPORT        \
                console(const CHAR *format, ...)                                                             \
                    SCAN(format, T(scan_console, scan_console_wide)(options, format, NULL, args)) int EXPORT \
                    console_l(const CHAR *format, crt_locale_t l, ...)                                       \
                        SCAN(l, T(scan_console, scan_console_wide)(options, format, l, args))

FAMILY(T(fscanf, fwscanf), T(_fscanf_l, _fwscanf_l), T(scanf, wscanf), T(_scanf_l, _wscanf_l),
       T(sscanf, swscanf), T(_sscanf_l, _swscanf_l), T(_snscanf, _snwscanf), T(_snscanf_l, _snwscanf_l),
       T(_cscanf, _cwscanf), T(_cscanf_l, _cwscanf_l), 0)
FAMILY(T(fscanf_s, fwscanf_s), T(_fscanf_s_l, _fwscanf_s_l), T(scanf_s, wscanf_s), T(_scanf_s_l, _wscanf_s_l),
       T(sscanf_s, swscanf_s), T(_sscanf_s_l, _swscanf_s_l), T(_snscanf_s, _snwscanf_s),
       T(_snscanf_s_l, _snwscanf_s_l), T(_cscanf_s, _cwscanf_s), T(_cscanf_s_l, _cwscanf_s_l), FORMAT_SECURE)
#undef SCAN
#undef FAMILY
#include "dlls/template_end.h"
