// Counted strings, conversions between encodings, numbers, and the C functions that ntdll exports.
#include "nt/nt.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

// Not the C runtime's.
static int(__cdecl *format_narrow)(char *, size_t, const char *, ...);
static int(__cdecl *format_wide)(WCHAR *, size_t, const WCHAR *, ...);

static void test_counted(void)
{
    UNICODE_STRING a, b, c;
    WCHAR buffer[20];
    ULONG hash;
    USHORT position;

    RtlInitUnicodeString(&a, L"Hello");
    CHECK_EQUAL(a.Length, 10);
    CHECK_EQUAL(a.MaximumLength, 12);
    RtlInitUnicodeString(&b, L"hELLo");
    CHECK(RtlEqualUnicodeString(&a, &b, TRUE), "insensitive");
    CHECK(!RtlEqualUnicodeString(&a, &b, FALSE), "sensitive");
    CHECK(RtlCompareUnicodeString(&a, &b, FALSE) < 0, "order");
    RtlInitUnicodeString(&b, L"HELLO World");
    CHECK(RtlPrefixUnicodeString(&a, &b, TRUE), "prefix");
    CHECK(!RtlPrefixUnicodeString(&b, &a, TRUE), "prefix");
    c = (UNICODE_STRING){0, sizeof(buffer), buffer};
    RtlCopyUnicodeString(&c, &a);
    CHECK(!wcscmp(buffer, L"Hello"), "%ls", buffer);
    CHECK_EQUAL(RtlAppendUnicodeToString(&c, L", you"), STATUS_SUCCESS);
    CHECK(!wcscmp(buffer, L"Hello, you"), "%ls", buffer);
    CHECK_EQUAL(RtlAppendUnicodeToString(&c, L"0123456789x"), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(c.Length, 20);
    CHECK_EQUAL(RtlHashUnicodeString(&a, FALSE, 0, &hash), STATUS_SUCCESS);
    CHECK_EQUAL(hash, ((((72u * 65599 + 101) * 65599 + 108) * 65599 + 108) * 65599 + 111));
    RtlInitUnicodeString(&b, L"lo");
    CHECK_EQUAL(RtlFindCharInUnicodeString(0, &a, &b, &position), STATUS_SUCCESS);
    CHECK_EQUAL(position, 6);
    CHECK_EQUAL(RtlFindCharInUnicodeString(1, &a, &b, &position), STATUS_SUCCESS);
    CHECK_EQUAL(position, 8);
    CHECK_EQUAL(RtlFindCharInUnicodeString(2, &a, &b, &position), STATUS_SUCCESS);
    CHECK_EQUAL(position, 2);
    CHECK_EQUAL(RtlDuplicateUnicodeString(1, &a, &c), STATUS_SUCCESS);
    CHECK_EQUAL(c.MaximumLength, 12);
    CHECK(!wcscmp(c.Buffer, L"Hello"), "%ls", c.Buffer);
    RtlFreeUnicodeString(&c);
    CHECK_EQUAL(RtlDuplicateUnicodeString(2, &a, &c), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlUpcaseUnicodeString(&c, &a, TRUE), STATUS_SUCCESS);
    CHECK_EQUAL(c.Length, 10);
    CHECK(!memcmp(c.Buffer, L"HELLO", 10), "%.5ls", c.Buffer);
    RtlFreeUnicodeString(&c);
}

static void test_case(void)
{
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u00E4'), 0xC4);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u00FF'), 0x178);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u00DF'), 0xDF);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u0131'), 0x131);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u00B5'), 0xB5);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u03C9'), 0x3A9);
    CHECK_EQUAL(RtlUpcaseUnicodeChar(L'\u0451'), 0x401);
    CHECK_EQUAL(RtlDowncaseUnicodeChar(L'\u0130'), 0x130);
    CHECK_EQUAL(RtlDowncaseUnicodeChar(L'\u0416'), 0x436);
}

static void test_ansi(void)
{
    UNICODE_STRING unicode;
    ANSI_STRING ansi;
    char buffer[20];
    WCHAR wide[20];
    ULONG n;

    RtlInitAnsiString(&ansi, "abc\x80\xE4");
    CHECK_EQUAL(RtlAnsiStringToUnicodeString(&unicode, &ansi, TRUE), STATUS_SUCCESS);
    CHECK(!wcscmp(unicode.Buffer, L"abc\u20AC\u00E4"), "%ls", unicode.Buffer);
    CHECK_EQUAL(unicode.Length, 10);
    CHECK_EQUAL(unicode.MaximumLength, 12);
    ansi = (ANSI_STRING){0, sizeof(buffer), buffer};
    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&ansi, &unicode, FALSE), STATUS_SUCCESS);
    CHECK(!strcmp(buffer, "abc\x80\xE4"), "%s", buffer);
    ansi.MaximumLength = 4;
    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&ansi, &unicode, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(ansi.Length, 3);
    CHECK(!strcmp(buffer, "abc"), "%s", buffer);
    RtlFreeUnicodeString(&unicode);
    CHECK_EQUAL(RtlMultiByteToUnicodeN(wide, 6, &n, "abcdef", 6), STATUS_SUCCESS);
    CHECK_EQUAL(n, 6);
    CHECK_EQUAL(RtlUnicodeToMultiByteN(buffer, 3, &n, L"abcdef", 12), STATUS_SUCCESS);
    CHECK_EQUAL(n, 3);
    CHECK_EQUAL(RtlUnicodeToMultiByteN(buffer, 20, &n, L"a\u0100\u4E00\uFF21", 8), STATUS_SUCCESS);
    CHECK(n == 4 && !memcmp(buffer, "aA?A", 4), "%.4s", buffer);
    CHECK_EQUAL(RtlOemToUnicodeN(wide, sizeof(wide), &n, "\x84\xE1", 2), STATUS_SUCCESS);
    CHECK(wide[0] == 0xE4 && wide[1] == 0xDF, "%x %x", wide[0], wide[1]);
    CHECK_EQUAL(RtlUpcaseUnicodeToOemN(buffer, 20, &n, L"a\u00E4\u00DF", 6), STATUS_SUCCESS);
    CHECK(n == 3 && !memcmp(buffer, "A\x8E\xE1", 3), "%.3s", buffer);
}

static void test_utf8(void)
{
    static const struct {
        const char *bytes;
        const WCHAR *units;
        NTSTATUS status;
    } tests[] = {
        {"aaa\xC3\xA4", L"aaa\u00E4", STATUS_SUCCESS},
        {"\xE2\x82\xAC", L"\u20AC", STATUS_SUCCESS},
        {"\xF0\x9F\x98\x80", L"\U0001F600", STATUS_SUCCESS},
        {"\xC0\x80", L"\xFFFD\xFFFD", STATUS_SOME_NOT_MAPPED},
        {"a\xE2\x82z", L"a\xFFFDz", STATUS_SOME_NOT_MAPPED},
        {"\xED\xA0\x80", L"\xFFFD\xFFFD", STATUS_SOME_NOT_MAPPED},
        {"\xF4\x90\x80\x80", L"\xFFFD\xFFFD\xFFFD", STATUS_SOME_NOT_MAPPED},
        {"\xF0\x9F\x98", L"\xFFFD", STATUS_SOME_NOT_MAPPED},
    };
    WCHAR wide[20];
    char bytes[20];
    ULONG n;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        NTSTATUS status = RtlUTF8ToUnicodeN(wide, sizeof(wide), &n, tests[i].bytes, strlen(tests[i].bytes));

        CHECK(status == tests[i].status, "%u: %lx", i, status);
        CHECK(n == wcslen(tests[i].units) * 2 && !memcmp(wide, tests[i].units, n), "%u: %lu", i, n);
    }
    CHECK_EQUAL(RtlUnicodeToUTF8N(bytes, 20, &n, L"x\u00E4\u20AC\U0001F600", 10), STATUS_SUCCESS);
    CHECK(n == 10 && !memcmp(bytes, "x\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 10), "%lu", n);
    CHECK_EQUAL(RtlUnicodeToUTF8N(bytes, 20, &n, L"\xD800x", 4), STATUS_SOME_NOT_MAPPED);
    CHECK(n == 4 && !memcmp(bytes, "\xEF\xBF\xBDx", 4), "%lu", n);
    CHECK_EQUAL(RtlUnicodeToUTF8N(bytes, 4, &n, L"x\u20AC\u20AC", 6), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(n, 4);
    CHECK_EQUAL(RtlUnicodeToUTF8N(NULL, 0, &n, L"x\u20AC\u20AC", 6), STATUS_SUCCESS);
    CHECK_EQUAL(n, 7);
}

static void test_numbers(void)
{
    static const struct {
        const WCHAR *text;
        ULONG base, value;
        NTSTATUS status;
    } tests[] = {
        {L"1234", 10, 1234, 0}, {L"  -12x", 10, -12, 0},   {L"0x1F", 0, 31, 0},
        {L"0o17", 0, 15, 0},    {L"0b101", 0, 5, 0},       {L"017", 0, 17, 0},
        {L"ff", 16, 255, 0},    {L"0x1F", 16, 0, 0},       {L"", 10, 0, 0},
        {L"+5", 0, 5, 0},       {L"4294967296", 10, 0, 0}, {L"12", 7, 0xDEAD, STATUS_INVALID_PARAMETER},
    };
    WCHAR buffer[20];
    char narrow[20];
    UNICODE_STRING string;
    ULONG value;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        value = 0xDEAD;
        RtlInitUnicodeString(&string, tests[i].text);
        CHECK(RtlUnicodeStringToInteger(&string, tests[i].base, &value) == tests[i].status, "%u", i);
        CHECK(value == tests[i].value, "%u: %lx", i, value);
    }
    string = (UNICODE_STRING){0, sizeof(buffer), buffer};
    CHECK_EQUAL(RtlIntegerToUnicodeString(0xBEEF, 16, &string), STATUS_SUCCESS);
    CHECK(!wcscmp(buffer, L"BEEF"), "%ls", buffer);
    CHECK_EQUAL(RtlIntegerToUnicodeString(1, 3, &string), STATUS_INVALID_PARAMETER);
    string.MaximumLength = 4;
    CHECK_EQUAL(RtlIntegerToUnicodeString(12345, 10, &string), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(string.Length, 10);
    CHECK_EQUAL(RtlIntegerToChar(1000, 10, 4, narrow), STATUS_SUCCESS);
    CHECK(!memcmp(narrow, "1000", 4), "%.4s", narrow);
    CHECK_EQUAL(RtlIntegerToChar(10000, 10, 4, narrow), STATUS_BUFFER_OVERFLOW);
}

// 64-bit arithmetic as MSVC's compiler calls it.
typedef ULONGLONG(__stdcall *arithmetic_fn)(ULONGLONG, ULONGLONG);

static void test_arithmetic(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll");
    arithmetic_fn alldiv = (arithmetic_fn)(void *)GetProcAddress(ntdll, "_alldiv");
    arithmetic_fn allrem = (arithmetic_fn)(void *)GetProcAddress(ntdll, "_allrem");
    arithmetic_fn allmul = (arithmetic_fn)(void *)GetProcAddress(ntdll, "_allmul");
    arithmetic_fn aulldiv = (arithmetic_fn)(void *)GetProcAddress(ntdll, "_aulldiv");
    arithmetic_fn aullrem = (arithmetic_fn)(void *)GetProcAddress(ntdll, "_aullrem");
    ULONGLONG seed = 88172645463325252ull;

    for (int i = 0; i < 20000; i++) {
        ULONGLONG a, b;
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        a = seed >> (seed & 63);
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        b = (seed >> (seed >> 58)) | 1;
        if (aulldiv(a, b) != a / b || aullrem(a, b) != a % b || allmul(a, b) != a * b ||
            (LONGLONG)alldiv(a, b) != (LONGLONG)a / (LONGLONG)b ||
            (LONGLONG)allrem(a, b) != (LONGLONG)a % (LONGLONG)b) {
            CHECK(FALSE, "%lx%08lx %lx%08lx", (ULONG)(a >> 32), (ULONG)a, (ULONG)(b >> 32), (ULONG)b);
            return;
        }
    }
    CHECK((LONGLONG)alldiv(-7, 2) == -3 && (LONGLONG)allrem(-7, 2) == -1, "signs");
    CHECK((LONGLONG)alldiv(7, -2) == -3 && (LONGLONG)allrem(7, -2) == 1, "signs");
}

static void test_format(void)
{
    char buffer[100];
    WCHAR wide[100];
    int n;

    format_narrow = (void *)GetProcAddress(GetModuleHandleA("ntdll"), "_snprintf");
    format_wide = (void *)GetProcAddress(GetModuleHandleA("ntdll"), "_snwprintf");
    n = format_narrow(buffer, 100, "%d|%5d|%-5d|%05d|%+d|%x|%#X|%u", -1, 42, 42, 42, 42, 255, 255, -1);
    CHECK_EQUAL(n, 43);
    CHECK(!strcmp(buffer, "-1|   42|42   |00042|+42|ff|0XFF|4294967295"), "%s", buffer);
    n = format_narrow(buffer, 100, "%s|%10s|%-4s|%.2s|%S|%c", "ab", "cd", "ef", "ghi", L"jk", 'l');
    CHECK_EQUAL(n, 26);
    CHECK(!strcmp(buffer, "ab|        cd|ef  |gh|jk|l"), "%s", buffer);
    format_narrow(buffer, 100, "%I64d|%p|%%|%ws|%hs|%o", -5000000000ll, (void *)0xABC, L"w", "h", 8);
    CHECK(!strcmp(buffer, "-5000000000|00000ABC|%|w|h|10"), "%s", buffer);
    n = format_narrow(buffer, 3, "%s", "abcdef");
    CHECK_EQUAL(n, -1);
    n = format_narrow(buffer, 3, "%s", "abc");
    CHECK_EQUAL(n, 3);
    n = format_wide(wide, 100, L"%s|%S|%04x", L"wide", "narrow", 0xAB);
    CHECK_EQUAL(n, 16);
    CHECK(!wcscmp(wide, L"wide|narrow|00ab"), "%ls", wide);
}

int main(void)
{
    test_counted();
    test_case();
    test_ansi();
    test_utf8();
    test_numbers();
    test_arithmetic();
    test_format();
    return check_summary();
}
