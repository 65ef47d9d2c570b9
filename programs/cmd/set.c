// SET: listing and changing variables, and asking for them; arithmetic is in arithmetic.c.
#include "arithmetic.h"
#include "batch.h"
#include "builtin.h"
#include "lines.h"
#include "output.h"
#include "variables.h"

// Without a quotation mark at the front and what follows the last one.
static WCHAR *unquote(const WCHAR *text)
{
    if (*text != '"') return region_copy(text, wcslen(text));
    text++;
    const WCHAR *last = wcsrchr(text, '"');
    return region_copy(text, last ? (size_t)(last - text) : wcslen(text));
}

// The variables whose names begin with PREFIX; false if there are none.
static bool list_variables(const WCHAR *prefix)
{
    WCHAR *block = GetEnvironmentStringsW();
    size_t length = wcslen(prefix);
    bool any = false;
    for (const WCHAR *entry = block; entry && *entry; entry += wcslen(entry) + 1) {
        if (*entry == '=' || _wcsnicmp(entry, prefix, length) != 0) continue;
        print(L"%s\r\n", entry);
        any = true;
    }
    if (block) FreeEnvironmentStringsW(block);
    return any;
}

// Cuts "name=value" at the equals sign: the value, or NULL after a complaint.
static WCHAR *split(WCHAR *text)
{
    WCHAR *equals = wcschr(text, '=');
    if (!equals || equals == text) {
        complain(MESSAGE_SYNTAX);
        return NULL;
    }
    *equals = 0;
    return equals + 1;
}

static int ask_variable(const WCHAR *arguments)
{
    // "=text" asks and sets nothing: scripts write text without a line's end so.
    WCHAR *name = unquote(skip_blanks(arguments)), *value = *name == '=' ? name + 1 : split(name);
    struct text line = {};
    if (!value) return 1;
    if (*name == '=') *name = 0;
    print(L"%s", unquote(skip_blanks(value)));
    if (!line_from_handle(&line, shell.handles[0])) return 1;
    line.data[--line.length] = 0;
    if (!line.length || !*name) return 1;
    variable_set(name, line.data);
    return 0;
}

static int set_expression(const WCHAR *arguments)
{
    int value, error = evaluate(arguments, &value);
    if (!error && !shell.batch) print(L"%d", value);
    return error;
}

int command_set(const WCHAR *arguments)
{
    const WCHAR *text = skip_blanks(arguments);
    if (*text == '/' && shell.extensions) {
        WCHAR option = towlower(text[1]);
        if (option == 'a') return set_expression(text + 2);
        if (option == 'p') return ask_variable(text + 2);
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    WCHAR *name = unquote(text);
    if (!wcschr(name, '=')) {
        // Before a pipe there is a blank.
        for (size_t n = wcslen(name); n && is_blank(name[n - 1]); n--) name[n - 1] = 0;
        if (list_variables(name) || !*name) return 0;
        complain(L"Environment variable %s not defined", name);
        return 1;
    }
    WCHAR *value = split(name);
    if (!value) return 1;
    if (variable_set(name, value)) return 0;
    complain_error(GetLastError());
    return 1;
}
