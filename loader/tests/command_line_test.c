// Command lines as the C run-time library splits them.
#include "loader/command_line.h"
#include "loader/utf16.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// wanted: the arguments, each in brackets.
static void check(const char *line, const char *wanted)
{
    uint16_t units[128];
    char text[256] = "";
    char **arguments = command_line_split(units, utf16_from_utf8(units, line, strlen(line)));
    assert_non_null(arguments);
    for (char **argument = arguments; *argument; argument++) {
        strcat(text, "[");
        strcat(text, *argument);
        strcat(text, "]");
    }
    assert_string_equal(text, wanted);
    free(arguments);
}

static void test_blanks(void **state)
{
    (void)state;
    check("a", "[a]");
    check("a  b\tc ", "[a][b][c]");
    check("\"a b\" c", "[a b][c]");
    check("a\"b c\"d e", "[ab cd][e]");
    check("", "[]");
    check(" a", "[][a]");
    check("a \"\"", "[a][]");
    check("a é", "[a][é]");
}

// The table of Microsoft's documentation.
static void test_quotation_marks(void **state)
{
    (void)state;
    check("p \"abc\" d e", "[p][abc][d][e]");
    check("p a\\\\b d\"e f\"g h", "[p][a\\\\b][de fg][h]");
    check("p a\\\\\\\"b c d", "[p][a\\\"b][c][d]");
    check("p a\\\\\\\\\"b c\" d e", "[p][a\\\\b c][d][e]");
    check("p a\"b\"\" c d", "[p][ab\" c d]");
    check("p a\\ b", "[p][a\\][b]");
    check("c:\\dir\\\"p q\" r", "[c:\\dir\\p q][r]");
    check("p \"open end", "[p][open end]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_blanks), cmocka_unit_test(test_quotation_marks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
