/* Formatting to and scanning from everything that text goes to and comes from, by options instead of by name:
 * what the printf and scanf functions of every runtime built from these sources call. */
#pragma once

#include "msvcrt.h"

/*
 * Each returns the number of characters, or -1 (errno says why). OPTIONS are FORMAT_*; a NULL locale is the
 * one in force. The streams' forms take the stream's lock.
 */
int print_to_stream(FILE *file, unsigned options, const char *format, crt_locale_t l, va_list args);
int print_to_stream_wide(FILE *file, unsigned options, const wchar_t *format, crt_locale_t l, va_list args);
int print_to_console(unsigned options, const char *format, crt_locale_t l, va_list args);
int print_to_console_wide(unsigned options, const wchar_t *format, crt_locale_t l, va_list args);
/* What fits into SIZE characters, without a NUL; the whole length. */
int print_prefix(char *buffer, size_t size, unsigned options, const char *format, crt_locale_t l,
                 va_list args);
int print_prefix_wide(wchar_t *buffer, size_t size, unsigned options, const wchar_t *format, crt_locale_t l,
                      va_list args);
/* The old contract: no NUL when it just fits, -1 when it doesn't. */
int print_bounded(char *buffer, size_t size, unsigned options, const char *format, crt_locale_t l,
                  va_list args);
int print_bounded_wide(wchar_t *buffer, size_t size, unsigned options, const wchar_t *format, crt_locale_t l,
                       va_list args);
/* As above, but always ended by a NUL. */
int print_bounded_end(char *buffer, size_t size, unsigned options, const char *format, crt_locale_t l,
                      va_list args);
int print_bounded_end_wide(wchar_t *buffer, size_t size, unsigned options, const wchar_t *format,
                           crt_locale_t l, va_list args);
/* The _s contract: an overflow is an invalid parameter and leaves an empty string. */
int print_secure(char *buffer, size_t size, size_t count, unsigned options, const char *format,
                 crt_locale_t l, va_list args);
int print_secure_wide(wchar_t *buffer, size_t size, size_t count, unsigned options, const wchar_t *format,
                      crt_locale_t l, va_list args);
/* How long the text would be. */
int print_measure(unsigned options, const char *format, crt_locale_t l, va_list args);
int print_measure_wide(unsigned options, const wchar_t *format, crt_locale_t l, va_list args);

/* Each returns the number of values stored, or EOF. LENGTH is SIZE_MAX for text up to its NUL. */
int scan_text(const char *text, size_t length, unsigned options, const char *format, crt_locale_t l,
              va_list args);
int scan_text_wide(const wchar_t *text, size_t length, unsigned options, const wchar_t *format,
                   crt_locale_t l, va_list args);
int scan_stream(FILE *file, unsigned options, const char *format, crt_locale_t l, va_list args);
int scan_stream_wide(FILE *file, unsigned options, const wchar_t *format, crt_locale_t l, va_list args);
int scan_console(unsigned options, const char *format, crt_locale_t l, va_list args);
int scan_console_wide(unsigned options, const wchar_t *format, crt_locale_t l, va_list args);
