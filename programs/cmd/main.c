// The interpreter's own command line, and its two ways to run: one line (/C), or lines from standard input.
#include "builtin.h"
#include "execute.h"
#include "interrupt.h"
#include "launch.h"
#include "lines.h"
#include "output.h"
#include "redirect.h"
#include "shell.h"
#include "variables.h"

struct shell shell = {.echo = true, .extensions = true};

enum { STACK_RESERVE = 192 * 1024, BATCH_STACK_RESERVE = 384 * 1024 };

static bool stack_is_below(size_t reserve)
{
    return (const char *)__builtin_frame_address(0) < shell.stack_floor + reserve;
}

bool stack_is_low(void)
{
    return stack_is_below(STACK_RESERVE);
}

bool stack_is_low_for_batch(void)
{
    return stack_is_below(BATCH_STACK_RESERVE);
}

const WCHAR *own_path(void)
{
    static WCHAR path[1024];
    if (!*path) GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    return path;
}

// ---- options ----

struct options {
    bool run, stay, strip, no_autorun;
    const WCHAR *command; // of /C and /K
};

static bool switched_on(const WCHAR *text)
{
    return _wcsnicmp(text, L":off", 4) != 0;
}

// At a switch's letter. False when the command follows it.
static bool take_option(struct options *o, const WCHAR *p)
{
    switch (towlower(*p)) {
    case 'c': o->run = true; return false;
    case 'k': o->stay = true; return false;
    case 'r': o->run = true; return false;
    case 'q': shell.echo = false; break;
    case 's': o->strip = true; break;
    case 'd': o->no_autorun = true; break;
    case 'u': shell.unicode_output = true; break;
    case 'a': shell.unicode_output = false; break;
    case 'v': shell.delayed = switched_on(p + 1); break;
    case 'e':
    case 'x': shell.extensions = switched_on(p + 1); break;
    case 'y': shell.extensions = false; break;
    }
    return true;
}

// The part of the command line behind this program's name.
static const WCHAR *arguments_of(const WCHAR *line)
{
    WCHAR end = *line == '"' ? '"' : ' ';
    if (end == '"') line++;
    while (*line && *line != end && (end == '"' || (!is_blank(*line) && *line != '/'))) line++;
    return *line == '"' ? line + 1 : line;
}

static void read_options(struct options *o, const WCHAR *p)
{
    for (; *p; p++) {
        if (*p != '/') continue;
        p++;
        if (!take_option(o, p)) {
            o->command = skip_blanks(p + 1);
            return;
        }
        if (!*p) return;
    }
}

// Whether both quotation marks stay: there are just two, around a program's name with blanks and without
// special characters.
static bool keeps_quotes(const WCHAR *command)
{
    const WCHAR *close = wcschr(command + 1, '"');
    if (!close || wcschr(close + 1, '"')) return false;
    WCHAR *inside = region_copy(command + 1, close - command - 1);
    return !wcspbrk(inside, L"&<>()@^|") && wcspbrk(inside, L" \t") && find_program(inside) != NULL;
}

static const WCHAR *command_text(const struct options *o)
{
    const WCHAR *command = o->command;
    if (*command != '"' || (!o->strip && keeps_quotes(command))) return command;
    // The first quotation mark goes, and the last one of all, wherever it is.
    WCHAR *text = region_copy(command + 1, wcslen(command + 1)), *last = wcsrchr(text, '"');
    if (last) wmemmove(last, last + 1, wcslen(last));
    return text;
}

// ---- what the registry presets ----

#define SETTINGS_KEY L"Software\\Microsoft\\Command Processor"

static void read_setting(HKEY root, const WCHAR *name, bool *setting)
{
    DWORD value, size = sizeof(value);
    if (!RegGetValueW(root, SETTINGS_KEY, name, RRF_RT_REG_DWORD, NULL, &value, &size)) *setting = value != 0;
}

// The user's settings go before the machine's; the command line's switches, read later, before both.
static void read_settings(void)
{
    static const HKEY roots[] = {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER};
    for (size_t i = 0; i < ARRAYSIZE(roots); i++) {
        read_setting(roots[i], L"EnableExtensions", &shell.extensions);
        read_setting(roots[i], L"DelayedExpansion", &shell.delayed);
    }
}

// False when it was EXIT.
static bool run_automatic(HKEY root)
{
    WCHAR line[LINE_MAX];
    DWORD size = sizeof(line);
    if (RegGetValueW(root, SETTINGS_KEY, L"AutoRun", RRF_RT_REG_SZ, NULL, line, &size)) return true;
    if (*line) execute_line(line);
    if (shell.unwind == UNWIND_EXIT) return false;
    shell.unwind = UNWIND_NONE;
    return true;
}

// ---- running ----

static int interact(void)
{
    int result;
    bool more = true;
    while (more && shell.unwind != UNWIND_EXIT) {
        struct mark mark = region_mark();
        shell.unwind = UNWIND_NONE;
        more = execute_next(&result);
        region_release(mark);
    }
    return shell.errorlevel;
}

static void find_stack(void)
{
    MEMORY_BASIC_INFORMATION info;
    VirtualQuery(__builtin_frame_address(0), &info, sizeof(info));
    shell.stack_floor = info.AllocationBase;
}

int wmain(void)
{
    struct options options = {};
    int result = 0;
    find_stack();
    handles_init();
    interrupt_init();
    shell.command_line = GetCommandLineW();
    read_settings();
    read_options(&options, arguments_of(shell.command_line));
    if (!variable_get(L"PROMPT", 6)) variable_set(L"PROMPT", L"$P$G");
    if (!options.no_autorun && !(run_automatic(HKEY_LOCAL_MACHINE) && run_automatic(HKEY_CURRENT_USER)))
        ExitProcess(shell.exit_code);
    shell.interactive = !options.run;
    if (options.command)
        result = execute_line(command_text(&options));
    else
        print(L"%s\r\n", version_text());
    if (shell.interactive && shell.unwind != UNWIND_EXIT) result = interact();
    // The process ends here for good: nothing of the C library's is left to write.
    ExitProcess(shell.unwind == UNWIND_EXIT ? shell.exit_code : result);
}
