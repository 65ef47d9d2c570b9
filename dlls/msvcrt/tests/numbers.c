// Numbers from text: strtod, strtol and their relatives, scanf.
#define __USE_MINGW_ANSI_STDIO 0
#include "check.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

// mingw-w64 links a strtod of its own.
static double(__cdecl *runtime_strtod)(const char *, char **);

static void check_double(const char *text, double wanted, int length)
{
    char *end;
    double got = runtime_strtod(text, &end);

    CHECK(!memcmp(&got, &wanted, sizeof(got)), "strtod(\"%s\") is %.17g, not %.17g", text, got, wanted);
    CHECK(end - text == length, "strtod(\"%s\") took %d characters, not %d", text, (int)(end - text), length);
}

static void test_strtod(void)
{
    check_double("0", 0.0, 1);
    check_double("-0", -0.0, 2);
    check_double("  1.5e3x", 1500.0, 7);
    check_double("1.5d3", 1500.0, 5);
    check_double(".5", 0.5, 2);
    check_double("5.", 5.0, 2);
    check_double(".", 0.0, 0);
    check_double("1e", 1.0, 1);
    check_double("1e+", 1.0, 1);
    check_double("0x10", 0.0, 1);
    check_double("inf", 0.0, 0);
    check_double("nan", 0.0, 0);
    check_double("0.1", 0.1, 3);
    check_double("123456789012345678901234567890", 123456789012345678901234567890.0, 30);
    check_double("9007199254740993", 9007199254740992.0, 16);
    check_double("9007199254740993.00000000000000000000000000000000001", 9007199254740994.0, 52);
    check_double("2.2250738585072014e-308", 2.2250738585072014e-308, 23);
    check_double("1.7976931348623157e308", 1.7976931348623157e308, 22);
    check_double("4.9406564584124654e-324", 5e-324, 23);
    errno = 0;
    check_double("1e400", __builtin_inf(), 5);
    CHECK_EQUAL(errno, ERANGE);
}

static void test_strtol(void)
{
    char *end;

    CHECK_EQUAL(strtol("  -123abc", &end, 10), -123);
    CHECK(!strcmp(end, "abc"), "end");
    CHECK_EQUAL(strtol("0x1F", NULL, 0), 31);
    CHECK_EQUAL(strtol("017", NULL, 0), 15);
    CHECK_EQUAL(strtol("zz", NULL, 36), 35 * 36 + 35);
    errno = 0;
    CHECK_EQUAL(strtol("99999999999", NULL, 10), LONG_MAX);
    CHECK_EQUAL(errno, ERANGE);
    CHECK_EQUAL(strtol("-99999999999", NULL, 10), LONG_MIN);
    CHECK_EQUAL(strtoul("-1", NULL, 10), ULONG_MAX);
    CHECK(_atoi64("-9223372036854775807") == -9223372036854775807ll, "_atoi64");
    CHECK(_strtoui64("18446744073709551615", NULL, 10) == ~0ull, "_strtoui64");
}

static void test_text_of_numbers(void)
{
    char out[80];
    int point, sign;

    CHECK(!strcmp(_itoa(-255, out, 16), "ffffff01"), "%s", out);
    CHECK(!strcmp(_itoa(-255, out, 10), "-255"), "%s", out);
    CHECK(!strcmp(_i64toa(-1, out, 2), "1111111111111111111111111111111111111111111111111111111111111111"),
          "%s", out);
    CHECK(!strcmp(_gcvt(3.14159, 4, out), "3.142"), "%s", out);
    CHECK(!strcmp(_ecvt(123.456, 5, &point, &sign), "12346"), "_ecvt");
    CHECK_EQUAL(point, 3);
    CHECK(!strcmp(_fcvt(-123.456, 1, &point, &sign), "1235"), "_fcvt");
    CHECK_EQUAL(sign, 1);
}

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"

static void test_scan(void)
{
    int a = 0, b = 0, n = 0;
    short s = -1;
    __int64 wide = 0;
    double d = 0;
    float f = 0;
    char word[20], set[20], c;
    wchar_t wide_word[20];

    CHECK_EQUAL(sscanf("12 -7 0x1f", "%d%i%i", &a, &b, &n), 3);
    CHECK(a == 12 && b == -7 && n == 31, "%d %d %d", a, b, n);
    CHECK_EQUAL(sscanf("1.5 2.25e1", "%lf %f", &d, &f), 2);
    CHECK(d == 1.5 && f == 22.5f, "%g %g", d, f);
    CHECK_EQUAL(sscanf("123456789012 77", "%I64d %hd", &wide, &s), 2);
    CHECK(wide == 123456789012ll && s == 77, "sizes");
    CHECK_EQUAL(sscanf("hello, world", "%[a-z],%n %s", set, &n, word), 2);
    CHECK(!strcmp(set, "hello") && !strcmp(word, "world") && n == 6, "%s %s %d", set, word, n);
    CHECK_EQUAL(sscanf("abc", "%c%*c%c", &c, word), 2);
    CHECK(c == 'a' && word[0] == 'c', "characters");
    CHECK_EQUAL(sscanf("wide", "%S", wide_word), 1);
    CHECK(wide_word[3] == 'e' && !wide_word[4], "%%S");
    CHECK_EQUAL(sscanf("", "%d", &a), EOF);
    CHECK_EQUAL(sscanf("x", "%d", &a), 0);
    CHECK_EQUAL(sscanf("12345", "%2d%3d", &a, &b), 2);
    CHECK(a == 12 && b == 345, "widths");
}

int main(void)
{
    runtime_strtod = (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "strtod");
    test_strtod();
    test_strtol();
    test_text_of_numbers();
    test_scan();
    return check_summary();
}
