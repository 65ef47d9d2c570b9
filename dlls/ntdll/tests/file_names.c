// Names of files: wildcards as file systems match them, short names.
#include "nt/nt.h"
#include "nt/rtl_name.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

static UNICODE_STRING counted(const WCHAR *text)
{
    UNICODE_STRING string;
    RtlInitUnicodeString(&string, text);
    return string;
}

static void test_expressions(void)
{
    static const struct {
        const WCHAR *expression, *name;
        BOOLEAN matches;
    } tests[] = {
        {L"", L"", TRUE},
        {L"", L"a", FALSE},
        {L"*", L"", FALSE},
        {L"*", L"a", TRUE},
        {L"*", L"a.b.c", TRUE},
        {L"ABC", L"abc", TRUE},
        {L"ABC", L"ab", FALSE},
        {L"A?C", L"abc", TRUE},
        {L"A?C", L"ac", FALSE},
        {L"???", L"ab", FALSE},
        {L"*.*", L"abc", FALSE},
        {L"*.*", L"a.b", TRUE},
        {L"*.TXT", L"a.b.txt", TRUE},
        {L"*B*", L"abc", TRUE},
        {L"A*A*A*B", L"aaaaaaaaac", FALSE},
        {L"<", L"a.b.c", FALSE},
        {L"<.C", L"a.b.c", TRUE},
        {L"<.B", L"a.b.c", FALSE},
        {L"<", L"abc", TRUE},
        {L"<.", L"abc", FALSE},
        {L"<\"", L"abc", TRUE},
        {L"<\"*", L"abc", TRUE},
        {L"<\"*", L"a.b", TRUE},
        {L">>>", L"ab", TRUE},
        {L">>>", L"abcd", FALSE},
        {L">>>.B", L"a.b", TRUE},
        {L">>>.>>>", L"a.b", TRUE},
        {L">>>\">>>", L"a", TRUE},
        {L"A\"", L"a.", TRUE},
        {L"A\"", L"a", TRUE},
        {L"A\"B", L"ab", FALSE},
        {L"\xC4*", L"\xE4x", TRUE},
        {L"a", L"a", FALSE}, // wants upper case
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        UNICODE_STRING expression = counted(tests[i].expression), name = counted(tests[i].name);
        CHECK(RtlIsNameInExpression(&expression, &name, TRUE, NULL) == tests[i].matches, "%ls %ls",
              tests[i].expression, tests[i].name);
    }
    UNICODE_STRING lower = counted(L"a*"), name = counted(L"ABC");
    CHECK(!RtlIsNameInExpression(&lower, &name, TRUE, NULL), "not in upper case");
    CHECK(RtlIsNameInUnUpcasedExpression(&lower, &name, TRUE, NULL), "in any case");
    CHECK(!RtlIsNameInUnUpcasedExpression(&lower, &name, FALSE, NULL), "case counts");
    CHECK(RtlDoesNameContainWildCards(&lower) && !RtlDoesNameContainWildCards(&name), "wildcards");
    WCHAR many[600];
    for (int i = 0; i < 599; i++) many[i] = i % 2 ? 'A' : '*';
    many[599] = 0;
    UNICODE_STRING stars = counted(many);
    CHECK(!RtlIsNameInExpression(&stars, &name, TRUE, NULL), "a long expression");
}

static void test_short_names(void)
{
    static const struct {
        const WCHAR *name;
        BOOLEAN legal, spaces;
    } tests[] = {
        {L"", TRUE, FALSE},       {L".", TRUE, FALSE},     {L"..", TRUE, FALSE},
        {L"...", FALSE, 0},       {L"A", TRUE, FALSE},     {L"ABCDEFGH.TXT", TRUE, FALSE},
        {L"ABCDEFGHI", FALSE, 0}, {L"A.HTML", FALSE, 0},   {L"A.B.C", FALSE, 0},
        {L".A", FALSE, 0},        {L"A.", FALSE, 0},       {L"A B.TXT", TRUE, TRUE},
        {L"A .TXT", FALSE, 0},    {L"A.T ", FALSE, 0},     {L"A+B", FALSE, 0},
        {L"A:B", FALSE, 0},       {L"a.txt", TRUE, FALSE},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        UNICODE_STRING name = counted(tests[i].name);
        char buffer[13] = "";
        STRING oem = {0, 12, buffer};
        BOOLEAN spaces = 2;
        BOOLEAN legal = RtlIsNameLegalDOS8Dot3(&name, &oem, &spaces);

        CHECK(legal == tests[i].legal, "%ls", tests[i].name);
        if (legal) CHECK(spaces == tests[i].spaces && oem.Length == name.Length / 2, "%ls", tests[i].name);
    }
}

static void test_generated_names(void)
{
    static const struct {
        const WCHAR *name, *first, *second;
    } tests[] = {
        {L"long file name.text", L"LONGFI~1.TEX", L"LONGFI~2.TEX"},
        {L"a+b=c.d.e.html", L"A_B_CD~1.HTM", L"A_B_CD~2.HTM"},
        {L".profile.", L"PROFIL~1", L"PROFIL~2"},
        {L"no extension", L"NOEXTE~1", L"NOEXTE~2"},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        UNICODE_STRING name = counted(tests[i].name);
        WCHAR buffer[13];
        UNICODE_STRING result = {0, sizeof(buffer), buffer};
        GENERATE_NAME_CONTEXT context = {0};

        RtlGenerate8dot3Name(&name, FALSE, &context, &result);
        buffer[result.Length / 2] = 0;
        CHECK(!wcscmp(buffer, tests[i].first), "%ls", buffer);
        RtlGenerate8dot3Name(&name, FALSE, &context, &result);
        buffer[result.Length / 2] = 0;
        CHECK(!wcscmp(buffer, tests[i].second), "%ls", buffer);
        for (int n = 2; n < 100; n++) RtlGenerate8dot3Name(&name, FALSE, &context, &result);
        CHECK(result.Length <= 24 && context.CheckSumInserted, "%u", result.Length);
        CHECK(RtlIsNameLegalDOS8Dot3(&result, NULL, NULL), "%.12ls", buffer);
    }
}

static void test_check_name(void)
{
    BOOL spaces = 2, legal = 2;
    char oem[13] = "";

    CHECK(CheckNameLegalDOS8Dot3A("a b.c", oem, sizeof(oem), &spaces, &legal), "fine");
    CHECK(legal && spaces && !strcmp(oem, "A B.C"), "%d %d %s", legal, spaces, oem);
    CHECK(CheckNameLegalDOS8Dot3W(L"a.long", NULL, 0, &spaces, &legal) && !legal, "not legal");
    CHECK(!CheckNameLegalDOS8Dot3W(NULL, NULL, 0, NULL, &legal), "no name");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_expressions();
    test_short_names();
    test_generated_names();
    test_check_name();
    return check_summary();
}
