// ECHO.
#include "builtin.h"
#include "output.h"
#include "shell.h"

int command_echo(const WCHAR *arguments)
{
    const WCHAR *words = whole_name(arguments);
    if (!*skip_blanks(arguments)) {
        print(shell.echo ? L"ECHO is on.\r\n" : L"ECHO is off.\r\n");
        return 0;
    }
    if (is_blank(*arguments) && (same_text(words, L"on") || same_text(words, L"off"))) {
        shell.echo = same_text(words, L"on");
        return 0;
    }
    // One character separates the name from the text, whichever it is.
    struct text line = {};
    text_add_string(&line, arguments + 1);
    text_add_string(&line, L"\r\n");
    write_part(1, line.data, line.length);
    return 0;
}
