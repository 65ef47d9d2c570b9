// ECHO.
#include "builtin.h"
#include "output.h"
#include "shell.h"

// Whether the text is that word and blanks around it.
static bool is_only(const WCHAR *text, const WCHAR *word)
{
    text = skip_blanks(text);
    size_t length = wcscspn(text, L" \t");
    return same_word(text, length, word) && !*skip_blanks(text + length);
}

int command_echo(const WCHAR *arguments)
{
    if (!*skip_blanks(arguments)) {
        print(shell.echo ? L"ECHO is on.\r\n" : L"ECHO is off.\r\n");
        return 0;
    }
    if (is_blank(*arguments) && (is_only(arguments, L"on") || is_only(arguments, L"off"))) {
        shell.echo = is_only(arguments, L"on");
        return 0;
    }
    // One character separates the name from the text, whichever it is.
    struct text line = {};
    text_add_string(&line, arguments + 1);
    text_add_string(&line, L"\r\n");
    write_part(1, line.data, line.length);
    return 0;
}
