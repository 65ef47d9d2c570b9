// The prompt and what is typed at it.
#include "prompt.h"
#include "builtin.h"
#include "clock.h"
#include "directory.h"
#include "lines.h"
#include "output.h"
#include "variables.h"

static void add_code(struct text *out, WCHAR code)
{
    static const WCHAR codes[] = L"ABCEFGHLQS$_", texts[] = L"&|(\x1b)>\b<= $\n";
    const WCHAR *found = wcschr(codes, code);
    switch (code) {
    case 'D': text_add_string(out, clock_date()); return;
    case 'T': text_add_string(out, clock_time()); return;
    case 'P': text_add_string(out, current_directory()); return;
    case 'N': text_add(out, *current_directory()); return;
    case 'V': text_add_string(out, version_text()); return;
    case '+':
        for (int i = pushed_directories(); i > 0; i--) text_add(out, '+');
        return;
    case '_': text_add_string(out, L"\r\n"); return;
    default:
        if (found && code) text_add(out, texts[found - codes]);
    }
}

void prompt_show(void)
{
    const WCHAR *format = variable_get(L"PROMPT", 6);
    struct text out = {};
    if (!format) format = L"$P$G";
    for (; *format; format++) {
        if (*format != '$')
            text_add(&out, *format);
        else if (format[1])
            add_code(&out, towupper(*++format));
    }
    write_part(1, text_get(&out), out.length);
}

bool prompt_line(struct text *line, bool more)
{
    bool shows = shell.echo || more;
    size_t before = line->length;
    if (more) {
        print(L"More? ");
    } else if (shell.echo) {
        print(L"\r\n");
        prompt_show();
    }
    if (!line_from_handle(line, shell.handles[0])) return false;
    // A terminal shows what is typed; what comes from elsewhere is shown here.
    if (shows && !is_console(shell.handles[0])) {
        write_part(1, line->data + before, line->length - before - 1);
        print(L"\r\n");
    }
    return true;
}
