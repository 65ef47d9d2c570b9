// START. There are no console windows to open: what is started shares the handles of this interpreter, and an
// interpreter for batch files and internal commands ends with them instead of keeping a window open.
#include "builtin.h"
#include "find.h"
#include "launch.h"
#include "output.h"
#include "shell.h"

enum { ERRORLEVEL_NOT_STARTED = 9059 };

struct start_options {
    bool wait;
    DWORD flags;
    const WCHAR *directory;
};

static bool take_switch(struct start_options *o, const WCHAR *word, const WCHAR **rest)
{
    static const struct {
        const WCHAR *name;
        DWORD flag;
    } flags[] = {
        {L"/b", CREATE_NEW_PROCESS_GROUP},
        {L"/low", IDLE_PRIORITY_CLASS},
        {L"/belownormal", BELOW_NORMAL_PRIORITY_CLASS},
        {L"/normal", NORMAL_PRIORITY_CLASS},
        {L"/abovenormal", ABOVE_NORMAL_PRIORITY_CLASS},
        {L"/high", HIGH_PRIORITY_CLASS},
        {L"/realtime", REALTIME_PRIORITY_CLASS},
        // Of windows and their environment: nothing to do here.
        {L"/min", 0},
        {L"/max", 0},
        {L"/i", 0},
        {L"/separate", 0},
        {L"/shared", 0},
    };
    if (same_text(word, L"/w") || same_text(word, L"/wait")) {
        o->wait = true;
        return true;
    }
    if (_wcsnicmp(word, L"/d", 2) == 0) {
        WCHAR *path = word[2] ? region_copy(word + 2, wcslen(word + 2)) : next_word(rest);
        o->directory = path ? strip_quotes(path) : NULL;
        return path != NULL;
    }
    for (size_t i = 0; i < ARRAYSIZE(flags); i++)
        if (same_text(word, flags[i].name)) {
            o->flags |= flags[i].flag;
            return true;
        }
    return false;
}

// The line behind title and switches; NULL after a complaint.
static const WCHAR *take_options(struct start_options *o, const WCHAR *line)
{
    line = skip_separators(line);
    if (*line == '"') next_word(&line); // a title, which no window shows
    for (line = skip_separators(line); *line == '/'; line = skip_separators(line)) {
        WCHAR *word = next_word(&line);
        if (take_switch(o, word, &line)) continue;
        complain(L"Invalid switch - \"%s\".", word);
        return NULL;
    }
    return line;
}

int command_start(const WCHAR *arguments)
{
    struct start_options o = {};
    const WCHAR *line = take_options(&o, arguments), *rest = line;
    if (!line) return shell.errorlevel = 1;
    WCHAR *name = next_word(&rest), *path;
    bool internal = name && builtin_find(name, wcscspn(name, L"+/[]\\.:(\""));
    path = name ? find_program(name) : NULL;
    if (!name || (internal && !path) || (path && is_batch_file(path))) {
        path = (WCHAR *)own_path();
        line = name ? interpreter_line(line) : L"cmd.exe";
    }
    HANDLE process = path ? start_process(path, line, shell.handles, o.flags, o.directory) : NULL;
    if (!process) {
        complain_error(path ? GetLastError() : ERROR_FILE_NOT_FOUND);
        shell.errorlevel = ERRORLEVEL_NOT_STARTED;
        return 1;
    }
    if (o.wait)
        shell.errorlevel = wait_for(process);
    else
        CloseHandle(process);
    return 0;
}
