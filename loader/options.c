// The command line of `lowland`. The man page and the completion name the same options.
#include "loader/options.h"
#include "loader/fail.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: lowland [OPTIONS] PROGRAM.exe [ARGUMENTS]\n"
    "       lowland check PROGRAM.exe\n"
    "       lowland reg import FILE | export KEY FILE | query KEY | add KEY | delete KEY\n"
    "Runs a 32-bit Windows program; `check` lists what it imports that Lowland lacks; `reg` works on the\n"
    "registry (`lowland reg` alone says how).\n"
    "\n"
    "  --trace[=FILTER]   print each call that reaches the 64-bit side (FILTER: names with *, "
    "comma-separated)\n"
    "  --trace-json       the same as JSON lines\n"
    "  --status-fd N      write the program's whole 32-bit exit status to descriptor N\n"
    "  --help, --version\n"
    "\n"
    "The exit status is the program's low byte, or 1 if that is 0 and the status is not. Lowland's own "
    "failures:\n"
    "120 usage, 121 program not readable, 122 no program for Lowland, 123 a DLL or import is missing,\n"
    "124 the host lacks something, 125 internal error, 126 the program's start failed.\n"
    "LOWLAND_PREFIX names the directory with the program's drives (default ~/.local/share/lowland).\n";

static int number(const char *option, const char *text)
{
    char *end;
    errno = 0;
    long value = text ? strtol(text, &end, 10) : -1;
    if (!text || errno || *end || end == text || value < 0 || value > 1 << 20)
        fail(FAIL_USAGE, "%s needs a descriptor's number", option);
    return (int)value;
}

// The value of --NAME=VALUE when argument is that option; NULL otherwise.
static const char *value_of(const char *argument, const char *name)
{
    size_t n = strlen(name);
    return strncmp(argument, name, n) == 0 && argument[n] == '=' ? argument + n + 1 : NULL;
}

static void print_and_exit(const char *text)
{
    fputs(text, stdout);
    exit(fflush(stdout) == 0 ? 0 : FAIL_HOST);
}

void options_parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){.status_fd = -1, .child_fd = -1};
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *argument = argv[i], *value;
        if (strcmp(argument, "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argument, "--help") == 0)
            print_and_exit(usage);
        else if (strcmp(argument, "--version") == 0)
            print_and_exit("lowland " LOWLAND_VERSION "\n");
        else if (strcmp(argument, "--trace") == 0)
            o->trace = true;
        else if ((value = value_of(argument, "--trace")))
            o->trace = true, o->trace_filter = value;
        else if (strcmp(argument, "--trace-json") == 0)
            o->trace = o->trace_json = true;
        else if ((value = value_of(argument, "--status-fd")))
            o->status_fd = number("--status-fd", value);
        else if (strcmp(argument, "--status-fd") == 0)
            o->status_fd = number(argument, ++i < argc ? argv[i] : NULL);
        else if ((value = value_of(argument, "--child")))
            o->command = COMMAND_CHILD, o->child_fd = number("--child", value);
        else
            fail(FAIL_USAGE, "unknown option %s (try --help)", argument);
    }
    if (o->command == COMMAND_CHILD) return;
    if (i < argc && strcmp(argv[i], "check") == 0 && i + 1 < argc) {
        o->command = COMMAND_CHECK;
        i++;
    }
    if (i < argc && strcmp(argv[i], "reg") == 0) {
        o->command = COMMAND_REG;
        o->arguments = argv + i + 1;
        return;
    }
    if (i >= argc) fail(FAIL_USAGE, "no program given (try --help)");
    o->program = argv[i];
    o->arguments = argv + i + 1;
}
