/* The printf functions, once for both widths; printf_api.c includes it twice. */
#include "dlls/template.h"

/* Each pair below is the va_list form and the same with the arguments themselves. */
#define FORWARD(after, call)                                                                                 \
    {                                                                                                        \
        va_list args;                                                                                        \
        int n;                                                                                               \
        va_start(args, after);                                                                               \
        n = call;                                                                                            \
        va_end(args);                                                                                        \
        return n;                                                                                            \
    }
#define STREAM_PAIR(vname, name, vname_l, name_l, options)                                                   \
    int EXPORT vname_l(FILE *file, const CHAR *format, crt_locale_t l, va_list args)                         \
    {                                                                                                        \
        return T(print_to_stream, print_to_stream_wide)(file, options, format, l, args);                     \
    }                                                                                                        \
    int EXPORT name_l(FILE *file, const CHAR *format, crt_locale_t l, ...)                                   \
        FORWARD(l, T(print_to_stream, print_to_stream_wide)(file, options, format, l, args)) int EXPORT      \
        vname(FILE *file, const CHAR *format, va_list args)                                                  \
    {                                                                                                        \
        return T(print_to_stream, print_to_stream_wide)(file, options, format, NULL, args);                  \
    }                                                                                                        \
    int EXPORT name(FILE *file, const CHAR *format, ...)                                                     \
        FORWARD(format, T(print_to_stream, print_to_stream_wide)(file, options, format, NULL, args))
#define OUTPUT_PAIR(vname, name, vname_l, name_l, call)                                                      \
    int EXPORT vname_l(const CHAR *format, crt_locale_t l, va_list args)                                     \
    {                                                                                                        \
        return call;                                                                                         \
    }                                                                                                        \
    int EXPORT name_l(const CHAR *format, crt_locale_t l, ...) FORWARD(l, call) int EXPORT vname(            \
        const CHAR *format, va_list args)                                                                    \
    {                                                                                                        \
        crt_locale_t l = NULL;                                                                               \
        return call;                                                                                         \
    }                                                                                                        \
    int EXPORT name(const CHAR *format, ...)                                                                 \
    {                                                                                                        \
        crt_locale_t l = NULL;                                                                               \
        va_list args;                                                                                        \
        int n;                                                                                               \
        va_start(args, format);                                                                              \
        n = call;                                                                                            \
        va_end(args);                                                                                        \
        return n;                                                                                            \
    }
#define BUFFER_PAIR(vname, name, vname_l, name_l, call)                                                      \
    int EXPORT vname_l(CHAR *buffer, size_t size, const CHAR *format, crt_locale_t l, va_list args)          \
    {                                                                                                        \
        return call;                                                                                         \
    }                                                                                                        \
    int EXPORT name_l(CHAR *buffer, size_t size, const CHAR *format, crt_locale_t l, ...)                    \
        FORWARD(l, call) int EXPORT                                                                          \
        vname(CHAR *buffer, size_t size, const CHAR *format, va_list args)                                   \
    {                                                                                                        \
        crt_locale_t l = NULL;                                                                               \
        return call;                                                                                         \
    }                                                                                                        \
    int EXPORT name(CHAR *buffer, size_t size, const CHAR *format, ...)                                      \
    {                                                                                                        \
        crt_locale_t l = NULL;                                                                               \
        va_list args;                                                                                        \
        int n;                                                                                               \
        va_start(args, format);                                                                              \
        n = call;                                                                                            \
        va_end(args);                                                                                        \
        return n;                                                                                            \
    }

STREAM_PAIR(T(vfprintf, vfwprintf), T(fprintf, fwprintf), T(_vfprintf_l, _vfwprintf_l),
            T(_fprintf_l, _fwprintf_l), 0)
STREAM_PAIR(T(vfprintf_s, vfwprintf_s), T(fprintf_s, fwprintf_s), T(_vfprintf_s_l, _vfwprintf_s_l),
            T(_fprintf_s_l, _fwprintf_s_l), FORMAT_SECURE)
STREAM_PAIR(T(_vfprintf_p, _vfwprintf_p), T(_fprintf_p, _fwprintf_p), T(_vfprintf_p_l, _vfwprintf_p_l),
            T(_fprintf_p_l, _fwprintf_p_l), FORMAT_POSITIONAL)

#define TO_STDOUT(options) T(print_to_stream, print_to_stream_wide)(crt_stdout, options, format, l, args)
OUTPUT_PAIR(T(vprintf, vwprintf), T(printf, wprintf), T(_vprintf_l, _vwprintf_l), T(_printf_l, _wprintf_l),
            TO_STDOUT(0))
OUTPUT_PAIR(T(vprintf_s, vwprintf_s), T(printf_s, wprintf_s), T(_vprintf_s_l, _vwprintf_s_l),
            T(_printf_s_l, _wprintf_s_l), TO_STDOUT(FORMAT_SECURE))
OUTPUT_PAIR(T(_vprintf_p, _vwprintf_p), T(_printf_p, _wprintf_p), T(_vprintf_p_l, _vwprintf_p_l),
            T(_printf_p_l, _wprintf_p_l), TO_STDOUT(FORMAT_POSITIONAL))

#define TO_CONSOLE(options) T(print_to_console, print_to_console_wide)(options, format, l, args)
OUTPUT_PAIR(T(_vcprintf, _vcwprintf), T(_cprintf, _cwprintf), T(_vcprintf_l, _vcwprintf_l),
            T(_cprintf_l, _cwprintf_l), TO_CONSOLE(0))
OUTPUT_PAIR(T(_vcprintf_s, _vcwprintf_s), T(_cprintf_s, _cwprintf_s), T(_vcprintf_s_l, _vcwprintf_s_l),
            T(_cprintf_s_l, _cwprintf_s_l), TO_CONSOLE(FORMAT_SECURE))
OUTPUT_PAIR(T(_vcprintf_p, _vcwprintf_p), T(_cprintf_p, _cwprintf_p), T(_vcprintf_p_l, _vcwprintf_p_l),
            T(_cprintf_p_l, _cwprintf_p_l), TO_CONSOLE(FORMAT_POSITIONAL))

#define MEASURE(options) T(print_measure, print_measure_wide)(options, format, l, args)
OUTPUT_PAIR(T(_vscprintf, _vscwprintf), T(_scprintf, _scwprintf), T(_vscprintf_l, _vscwprintf_l),
            T(_scprintf_l, _scwprintf_l), MEASURE(0))
OUTPUT_PAIR(T(_vscprintf_p, _vscwprintf_p), T(_scprintf_p, _scwprintf_p), T(_vscprintf_p_l, _vscwprintf_p_l),
            T(_scprintf_p_l, _scwprintf_p_l), MEASURE(FORMAT_POSITIONAL))

#define BOUNDED T(print_bounded, print_bounded_wide)(buffer, size, 0, format, l, args)
BUFFER_PAIR(T(_vsnprintf, _vsnwprintf), T(_snprintf, _snwprintf), T(_vsnprintf_l, _vsnwprintf_l),
            T(_snprintf_l, _snwprintf_l), BOUNDED)
#define BOUNDED_END T(print_bounded_end, print_bounded_end_wide)(buffer, size, 0, format, l, args)
BUFFER_PAIR(T(_vsnprintf_c, _vswprintf_c), T(_snprintf_c, _swprintf_c), T(_vsnprintf_c_l, _vswprintf_c_l),
            T(_snprintf_c_l, _swprintf_c_l), BOUNDED_END)
#define SECURE T(print_secure, print_secure_wide)(buffer, size, size, 0, format, l, args)
BUFFER_PAIR(T(vsprintf_s, vswprintf_s), T(sprintf_s, swprintf_s), T(_vsprintf_s_l, _vswprintf_s_l),
            T(_sprintf_s_l, _swprintf_s_l), SECURE)
#define POSITIONAL                                                                                           \
    T(print_bounded_end, print_bounded_end_wide)(buffer, size, FORMAT_POSITIONAL, format, l, args)
BUFFER_PAIR(T(_vsprintf_p, _vswprintf_p), T(_sprintf_p, _swprintf_p), T(_vsprintf_p_l, _vswprintf_p_l),
            T(_sprintf_p_l, _swprintf_p_l), POSITIONAL)

int EXPORT T(_vsnprintf_s_l, _vsnwprintf_s_l)(CHAR *buffer, size_t size, size_t count, const CHAR *format,
                                              crt_locale_t l, va_list args)
{
    return T(print_secure, print_secure_wide)(buffer, size, count, 0, format, l, args);
}

int EXPORT T(_vsnprintf_s, _vsnwprintf_s)(CHAR *buffer, size_t size, size_t count, const CHAR *format,
                                          va_list args)
{
    return T(print_secure, print_secure_wide)(buffer, size, count, 0, format, NULL, args);
}

int EXPORT T(_snprintf_s_l, _snwprintf_s_l)(CHAR *buffer, size_t size, size_t count, const CHAR *format,
                                            crt_locale_t l, ...)
    FORWARD(l, T(print_secure, print_secure_wide)(buffer, size, count, 0, format, l, args))

        int EXPORT
    T(_snprintf_s, _snwprintf_s)(CHAR *buffer, size_t size, size_t count, const CHAR *format, ...)
        FORWARD(format, T(print_secure, print_secure_wide)(buffer, size, count, 0, format, NULL, args))

            int EXPORT
    T(_vsprintf_l, _vswprintf_l)(CHAR *buffer, const CHAR *format, crt_locale_t l, va_list args)
{
    return T(print_bounded, print_bounded_wide)(buffer, INT_MAX, 0, format, l, args);
}

int EXPORT T(_sprintf_l, _swprintf_l)(CHAR *buffer, const CHAR *format, crt_locale_t l, ...)
    FORWARD(l, T(print_bounded, print_bounded_wide)(buffer, INT_MAX, 0, format, l, args))

        int EXPORT T(vsprintf, vswprintf)(CHAR *buffer, const CHAR *format, va_list args)
{
    return T(print_bounded, print_bounded_wide)(buffer, INT_MAX, 0, format, NULL, args);
}

int EXPORT T(sprintf, swprintf)(CHAR *buffer, const CHAR *format, ...)
    FORWARD(format, T(print_bounded, print_bounded_wide)(buffer, INT_MAX, 0, format, NULL, args))

#undef FORWARD
#undef STREAM_PAIR
#undef OUTPUT_PAIR
#undef BUFFER_PAIR
#undef TO_STDOUT
#undef TO_CONSOLE
#undef MEASURE
#undef BOUNDED
#undef BOUNDED_END
#undef SECURE
#undef POSITIONAL
#include "dlls/template_end.h"
