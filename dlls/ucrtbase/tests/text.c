// Formatting, scanning, numbers and times as the Universal CRT has them: what differs from msvcrt.dll.
// link: -D_UCRT -nostdlib -Wl,--entry,_start -lucrt -lgcc -lkernel32
#include "start.h"
#include "tests/check.h"
#include <ctype.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

enum {
    NO_END = 1,
    STANDARD = 2,
    LEGACY_WIDE = 4,
    LEGACY_MSVCRT = 8,
    LONG_EXPONENT = 16,
    STANDARD_ROUNDING = 32
};

static int print_by(uint64_t options, char *out, size_t size, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = __stdio_common_vsprintf(options, out, size, format, NULL, args);
    va_end(args);
    return n;
}

static int print_wide_by(uint64_t options, wchar_t *out, size_t size, const wchar_t *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = __stdio_common_vswprintf(options, out, size, format, NULL, args);
    va_end(args);
    return n;
}

static int scan_by(uint64_t options, const char *text, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = __stdio_common_vsscanf(options, text, (size_t)-1, format, NULL, args);
    va_end(args);
    return n;
}

#define PRINTS(wanted, options, ...)                                                                         \
    do {                                                                                                     \
        char text_[512];                                                                                     \
        int n_ = print_by(options, text_, sizeof(text_), __VA_ARGS__);                                       \
        CHECK(!strcmp(text_, wanted) && n_ == (int)strlen(wanted), "'%s' (%d), not '%s'", text_, n_,         \
              wanted);                                                                                       \
    } while (0)

static double negative_nan(void)
{
    volatile uint64_t bits = 0xFFF8000000000000ull;
    double value;
    memcpy(&value, (void *)&bits, sizeof(value));
    return value;
}

static void check_formats(void)
{
    char tiny[1100];

    PRINTS("inf -INF    +inf", 0, "%f %E %+7g", INFINITY, -INFINITY, INFINITY);
    PRINTS("nan   nan -nan(ind)", 0, "%f %05f %f", NAN, NAN, negative_nan());
    PRINTS("1.#INF00", LEGACY_MSVCRT, "%f", INFINITY);
    PRINTS("1.000000e+10 1e-05", 0, "%e %g", 1e10, 1e-5);
    PRINTS("1.000000e+010", LONG_EXPONENT, "%e", 1e10);
    PRINTS("-1 255 65535", 0, "%hhd %hhu %hu", 255, 511, -1);
    PRINTS("12345678901 12345678901", 0, "%lld %jd", 12345678901ll, 12345678901ll);
    PRINTS("7 8", 0, "%zu %td", (size_t)7, (ptrdiff_t)8);
    PRINTS("1.500000 0X1.8P+0", 0, "%F %.1A", 1.5, 1.5);
    PRINTS("0.1000000000000000055511151231257827021181583404541015625", 0, "%.55f", 0.1);
    PRINTS("1 2 3 4", 0, "%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
    PRINTS("0 2 2 4", STANDARD_ROUNDING, "%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
    PRINTS("wide narrow", 0, "%ls %hs", L"wide", "narrow");
    PRINTS("0000ABCD", 0, "%p", (void *)0xABCD);
    CHECK_EQUAL(print_by(0, tiny, sizeof(tiny), "%.500f", 0x1p-500), 502);
    CHECK(!strcmp(tiny + 499, "625"), "%s", tiny);
    CHECK_EQUAL(print_by(0, tiny, sizeof(tiny), "%.1074f", 0x1p-1074), 1076);
    CHECK(!strcmp(tiny + 1073, "625"), "%s", tiny);
    CHECK_EQUAL(print_by(0, tiny, sizeof(tiny), "%.400e", 0x1p-1074), 407);
}

static void check_room(void)
{
    char out[8];
    wchar_t wide[16];

    memset(out, '-', sizeof(out));
    CHECK_EQUAL(print_by(0, out, 4, "abcdef"), -2);
    CHECK(!memcmp(out, "abc\0-", 5), "%s", out);
    CHECK_EQUAL(print_by(STANDARD, out, 4, "abcdef"), 6);
    CHECK(!memcmp(out, "abc\0-", 5), "%s", out);
    memset(out, '-', sizeof(out));
    CHECK_EQUAL(print_by(NO_END, out, 4, "abcdef"), -1);
    CHECK(!memcmp(out, "abcd-", 5), "%.8s", out);
    CHECK_EQUAL(print_by(NO_END, out, 6, "ABCDEF"), 6);
    CHECK(!memcmp(out, "ABCDEF-", 7), "%.8s", out);
    CHECK_EQUAL(print_by(STANDARD, NULL, 0, "%d", 1234), 4);
    CHECK_EQUAL(print_by(0, NULL, 0, "%d", 1234), 4);
    CHECK(print_wide_by(0, wide, 16, L"%s %S", "a", L"b") == 3 && !wcscmp(wide, L"a b"), "%ls", wide);
    CHECK(print_wide_by(LEGACY_WIDE, wide, 16, L"%s %S", L"a", "b") == 3 && !wcscmp(wide, L"a b"), "%ls",
          wide);
}

static void check_scanning(void)
{
    signed char small = 0;
    double a = 0, b = 0;
    float c = 0;
    size_t size = 0;
    int64_t large = 0;

    CHECK_EQUAL(scan_by(0, "0x1.8p1 inf", "%lf %lf", &a, &b), 2);
    CHECK(a == 3 && b == INFINITY, "%g %g", a, b);
    CHECK_EQUAL(scan_by(0, "-infinity nan(x) 2", "%lf %lf %f", &a, &b, &c), 3);
    CHECK(a == -INFINITY && b != b && c == 2, "%g %g %g", a, b, (double)c);
    CHECK_EQUAL(scan_by(0, "300 77 -5", "%hhd %zu %jd", &small, &size, &large), 3);
    CHECK(small == 44 && size == 77 && large == -5, "%d %u %lld", small, (unsigned)size, large);
    CHECK_EQUAL(scan_by(0, "1d3", "%lf", &a), 1);
    CHECK(a == 1, "%g", a);
}

static void check_numbers(void)
{
    char *end;

    CHECK(strtod("0x1p-1074z", &end) == 0x1p-1074 && *end == 'z', "%s", end);
    CHECK(strtod("0x1.00000000000008p0", &end) == 1 && !*end, "an exact half goes to the even one");
    CHECK(strtod("0x1.000000000000080001p0", &end) == 1 + 0x1p-52 && !*end, "more than half");
    CHECK(strtod("0x", &end) == 0 && !strcmp(end, "x"), "%s", end);
    CHECK(strtod("INFINITYz", &end) == INFINITY && *end == 'z', "%s", end);
    CHECK(strtod("-inft", &end) == -INFINITY && *end == 't', "%s", end);
    CHECK(isnan(strtod("nan(12", &end)) && *end == '(', "%s", end);
    CHECK(strtod("1d2", &end) == 1 && *end == 'd', "%s", end);
    errno = 0;
    CHECK(strtod("0x1p2000", &end) == INFINITY && errno == ERANGE, "%d", errno);
    errno = 0;
    CHECK(strtod("0x1p-2000", &end) == 0 && errno == ERANGE, "%d", errno);
    errno = 0;
    CHECK(strtof("1e39", &end) == INFINITY && errno == ERANGE, "%d", errno);
    CHECK(strtof("16777217.0000001", NULL) == 16777218, "rounded once");
    CHECK(wcstof(L"0x1.0000010000000001p0", NULL) == 1 + 0x1p-23f, "rounded once");
    errno = 0;
    CHECK(atoi("3000000000") == INT_MAX && errno == ERANGE, "%d", errno);
    CHECK(atoi("-2147483648") == INT_MIN, "the least");
    CHECK(strtoll("-9223372036854775808", NULL, 10) == INT64_MIN, "the least");
}

static void check_times(void)
{
    struct tm time = {.tm_year = 121,
                      .tm_mon = 0,
                      .tm_mday = 3,
                      .tm_hour = 15,
                      .tm_min = 4,
                      .tm_sec = 5,
                      .tm_wday = 0,
                      .tm_yday = 2};
    struct _timespec64 now;
    char text[128];
    const char *dates = "%F %T %R %D %e %h %C",
               *weeks = "%G-W%V-%u %g %I%n%t%r"; // GCC knows msvcrt.dll's only

    strftime(text, sizeof(text), dates, &time);
    CHECK(!strcmp(text, "2021-01-03 15:04:05 15:04 01/03/21  3 Jan 20"), "%s", text);
    strftime(text, sizeof(text), weeks, &time);
    CHECK(!strcmp(text, "2020-W53-7 20 03\n\t03:04:05 PM"), "%s", text);
    strftime(text, sizeof(text), "%c|%x", &time);
    CHECK(!strcmp(text, "Sun Jan  3 15:04:05 2021|01/03/21"), "%s", text);
    CHECK_EQUAL(_timespec64_get(&now, 1), 1);
    CHECK(now.tv_sec > 1600000000 && now.tv_nsec < 1000000000, "%ld", now.tv_nsec);
}

size_t __cdecl mbrtoc16(wchar_t *, const char *, size_t, mbstate_t *);
size_t __cdecl c16rtomb(char *, wchar_t, mbstate_t *);

static void check_unicode(void)
{
    mbstate_t state = {0};
    wchar_t c = 0;
    char out[5] = {0};

    CHECK_EQUAL(mbrtoc16(&c, "\xF0\x9F\x98\x80", 4, &state), 4);
    CHECK_EQUAL(c, 0xD83D);
    CHECK_EQUAL(mbrtoc16(&c, "", 1, &state), -3);
    CHECK_EQUAL(c, 0xDE00);
    CHECK_EQUAL(mbrtoc16(&c, "\xE2\x82", 2, &state), -2);
    CHECK_EQUAL(mbrtoc16(&c, "\xAC", 1, &state), 1);
    CHECK_EQUAL(c, 0x20AC);
    CHECK(mbsinit(&state), "nothing is left of a whole character");
    CHECK_EQUAL(mbrtoc16(&c, "\xC0\x80", 2, &state), -1);
    memset(&state, 0, sizeof(state));
    CHECK_EQUAL(c16rtomb(out, 0xD83D, &state), 0);
    CHECK_EQUAL(c16rtomb(out, 0xDE00, &state), 4);
    CHECK(!strcmp(out, "\xF0\x9F\x98\x80"), "%s", out);
}

static void check_locales(void)
{
    wchar_t wide[16];
    char text[16] = "";
    mbstate_t state = {0};
    const struct lconv *conventions = localeconv();
    const char *name = setlocale(LC_ALL, ".utf8");

    CHECK(*conventions->_W_decimal_point == '.' && !*conventions->_W_currency_symbol, "%ls",
          conventions->_W_decimal_point);
    CHECK(name && strstr(name, ".utf8"), "%s", name);
    CHECK_EQUAL(MB_CUR_MAX, 4);
    CHECK(mbstowcs(wide, "\xE2\x82\xAC\xF0\x9F\x98\x80z", 16) == 4 && !wcscmp(wide, L"\u20AC\U0001F600z"),
          "%ls", wide);
    CHECK(wcstombs(text, L"\u20AC\U0001F600z", 16) == 8 && !strcmp(text, "\xE2\x82\xAC\xF0\x9F\x98\x80z"),
          "%s", text);
    CHECK(mbtowc(wide, "\xE2\x82\xAC", 3) == 3 && *wide == 0x20AC, "%x", *wide);
    CHECK_EQUAL(mbtowc(wide, "\xF0\x9F\x98\x80", 4), -1);
    CHECK_EQUAL(mbrtowc(wide, "\xE2\x82", 2, &state), -2);
    CHECK(mbrtowc(wide, "\xAC", 1, &state) == 1 && *wide == 0x20AC, "%x", *wide);
    CHECK_EQUAL(mbrtowc(wide, "z", 1, &state), 1);
    CHECK_EQUAL(mbrtowc(wide, "\xE2", 2, &state), -1);
    CHECK(mbsrtowcs(wide, &(const char *){"\xE2\x82\xACz"}, 16, &state) == 2 && !wcscmp(wide, L"\u20ACz"),
          "%ls", wide);
    CHECK(wcsrtombs(text, &(const wchar_t *){L"\u20AC\U0001F600"}, 16, &state) == 7 &&
              !strcmp(text, "\xE2\x82\xAC\xF0\x9F\x98\x80"),
          "%s", text);
    PRINTS("\xC3\xA4 1", 0, "%ls %d", L"\u00E4", 1);
    CHECK(toupper('a') == 'A' && toupper(0xE4) == 0xE4 && !isalpha(0xE4),
          "bytes above 127 are no characters");
    name = setlocale(LC_ALL, "de-DE.utf8");
    strftime(text, sizeof(text), "%B", &(struct tm){.tm_mon = 2, .tm_mday = 1});
    CHECK(name && !strcmp(text, "M\xC3\xA4rz"), "%s: %s", name, text);
    CHECK(!strcmp(localeconv()->currency_symbol, "\xE2\x82\xAC"), "%s", localeconv()->currency_symbol);
    name = setlocale(LC_ALL, "de-DE");
    CHECK(name && !strcmp(name, "de-DE"), "%s", name);
    CHECK(!wcscmp(localeconv()->_W_decimal_point, L","), "%ls", localeconv()->_W_decimal_point);
    CHECK(strtod("1,5", NULL) == 1.5, "its point");
    name = setlocale(LC_ALL, "en_US.UTF-8");
    CHECK(name && !strcmp(name, "en_US.UTF-8") && MB_CUR_MAX == 4, "%s", name);
    CHECK(!setlocale(LC_ALL, "xx-YY-nothing"), "no such locale");
    setlocale(LC_ALL, "C");
}

static void check_utilities(void)
{
    lldiv_t parts = lldiv(-10000000001ll, 1000);
    char name[260];

    CHECK(parts.quot == -10000000 && parts.rem == -1, "%lld %lld", parts.quot, parts.rem);
    CHECK(tmpnam(name) && name[1] == ':' && name[2] == '\\', "%s", name);
    PRINTS("narrow", 0, "%Ts", "narrow");
}

int main(int argc, char **argv, char **environment)
{
    (void)argc, (void)argv, (void)environment;
    check_formats();
    check_room();
    check_scanning();
    check_numbers();
    check_times();
    check_unicode();
    check_locales();
    check_utilities();
    return check_summary();
}
