// The command line as main gets it, through a child of the program itself; environment; child's exit status.
#include "check.h"
#include <process.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static const struct {
    const char *line;
    int count;
    const char *argument[5];
} cases[] = {
    {"a b  c", 3, {"a", "b", "c"}},         {"\"a b\" c", 2, {"a b", "c"}},
    {"a\\b a\\\\b", 2, {"a\\b", "a\\\\b"}}, {"\\\"a\\\" b", 2, {"\"a\"", "b"}},
    {"\"a\\\\\" b", 2, {"a\\", "b"}},       {"\"a\\\"b\" c", 2, {"a\"b", "c"}},
    {"a\"b c\"d e", 2, {"ab cd", "e"}},     {"\"\" x", 2, {"", "x"}},
    {"tab\tbed", 2, {"tab", "bed"}},
};

static int child(int argc, char **argv)
{
    int which = atoi(getenv("CASE"));

    if (argc != cases[which].count + 1) return 100 + argc;
    for (int i = 0; i < cases[which].count; i++)
        if (strcmp(argv[i + 1], cases[which].argument[i])) return 10 + i;
    return 42;
}

int main(int argc, char **argv)
{
    char path[MAX_PATH], line[1024], variable[32];

    if (getenv("CASE")) return child(argc, argv);
    GetModuleFileNameA(NULL, path, MAX_PATH);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        STARTUPINFOA startup = {.cb = sizeof(startup)};
        PROCESS_INFORMATION process;
        DWORD status = 0;

        sprintf(variable, "CASE=%u", i);
        CHECK_EQUAL(_putenv(variable), 0);
        sprintf(line, "\"%s\" %s", path, cases[i].line);
        CHECK(CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process),
              "CreateProcess");
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &status);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
        CHECK(status == 42, "%s: status %lu", cases[i].line, status);
    }
    _putenv("CASE=0");
    CHECK_EQUAL(_spawnl(_P_WAIT, path, "x", "a", "b", "c", NULL), 42);
    _putenv("CASE=");
    CHECK(!getenv("CASE"), "removed");
    CHECK(!GetEnvironmentVariableA("CASE", line, sizeof(line)), "from the system too");
    return check_summary();
}
