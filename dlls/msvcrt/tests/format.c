// printf: Windows' sizes, widths and floating point text.
#define __USE_MINGW_ANSI_STDIO 0
#include "check.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <errno.h>

static char *format(const char *text, ...)
{
    static char out[1024];
    va_list args;

    va_start(args, text);
    _vsnprintf(out, sizeof(out), text, args);
    va_end(args);
    return out;
}

#define CHECK_TEXT(wanted, ...)                                                                              \
    do {                                                                                                     \
        char *got_ = format(__VA_ARGS__);                                                                    \
        CHECK(!strcmp(got_, wanted), "got \"%s\", not \"%s\"", got_, wanted);                                \
    } while (0)

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-zero-length"
#pragma GCC diagnostic ignored "-Wdiv-by-zero"

static void test_integers(void)
{
    CHECK_TEXT("-12|0012|+12| 12|12   |   12", "%d|%04d|%+d|% d|%-5d|%5d", -12, 12, 12, 12, 12, 12);
    CHECK_TEXT("ff|0xff|0XFF|0377|0|0", "%x|%#x|%#X|%#o|%#x|%#o", 255, 255, 255, 255, 0, 0);
    CHECK_TEXT("1234567890123|-1|18446744073709551615", "%I64d|%I64d|%I64u", 1234567890123ll, -1ll, -1ll);
    CHECK_TEXT("1234567890123|4294967295", "%lld|%I32u", 1234567890123ll, -1);
    CHECK_TEXT("-1|65535", "%hd|%hu", 0xFFFF, 0x1FFFF);
    CHECK_TEXT("0012FF80|    0012FF80", "%p|%12p", (void *)0x12FF80, (void *)0x12FF80);
    CHECK_TEXT("00042|   00042|", "%.5d|%8.5d|%.0d", 42, 42, 0);
    CHECK_TEXT("   7|7   ", "%*d|%*d", 4, 7, -4, 7);
}

static void test_text(void)
{
    CHECK_TEXT("abc|ab|  abc|abc  |(null)", "%s|%.2s|%5s|%-5s|%s", "abc", "abc", "abc", "abc", NULL);
    CHECK_TEXT("wide|wide|narrow|x|y", "%S|%ls|%hs|%c|%C", L"wide", L"wide", "narrow", 'x', L'y');
    CHECK_TEXT("%|q", "%%|%q");
}

static void test_floats(void)
{
    CHECK_TEXT("1.500000|1.5|1E-005|0.1|100000|1e+006", "%f|%g|%G|%g|%g|%g", 1.5, 1.5, 1e-5, 0.1, 1e5, 1e6);
    CHECK_TEXT("1.234560e+010|1.2e-300", "%e|%.1e", 1.23456e10, 1.2e-300);
    CHECK_TEXT("1|2|3|0.13|2.5", "%.0f|%.0f|%.0f|%.2f|%.1f", 0.5, 1.5, 2.5, 0.125, 2.45);
    CHECK_TEXT("1.#INF00|-1.#INF00|1.#INF|-1.#IND00", "%f|%f|%g|%f", __builtin_inf(), -__builtin_inf(),
               __builtin_inf(), -__builtin_nan(""));
    CHECK_TEXT("1.00000|1.|0001.50|+1.5", "%#g|%#.0f|%07.2f|%+g", 1.0, 1.0, 1.5, 1.5);
    CHECK_TEXT("0x1.8000000000000p+0|0X1.0P+1|0x0.0000000000000p+0", "%a|%.1A|%a", 1.5, 2.0, 0.0);
    CHECK_TEXT("123456.79", "%.2f", 123456.789);
    CHECK_TEXT("4.9406564584124654e-324", "%.16e", 5e-324);
}

static void test_limits(void)
{
    char out[8];
    wchar_t wide[8];

    memset(out, 'X', sizeof(out));
    CHECK_EQUAL(_snprintf(out, 4, "%s", "abcd"), 4);
    CHECK(!memcmp(out, "abcdX", 5), "no NUL when it just fits");
    CHECK_EQUAL(_snprintf(out, 4, "%s", "abcde"), -1);
    CHECK_EQUAL(_snprintf(NULL, 0, "%d", 12345), 5);
    CHECK_EQUAL(_snwprintf(wide, 8, L"%s|%S", L"ab", "cd"), 5);
    CHECK(!wcscmp(wide, L"ab|cd"), "wide");
    CHECK_EQUAL(_scprintf("%5d", 1), 5);
}

int main(void)
{
    test_integers();
    test_text();
    test_floats();
    test_limits();
    return check_summary();
}
