// DbgPrint: what a debugger hears of it, and that nothing happens without one.
#include "nt/nt.h"
#include "nt/rtl_debug.h"
#include "check.h"
#include <string.h>

// What the debuggee prints, in the debugger's eyes: a line each.
static const char *const wanted[] = {"plain 7 text\n", "prefix: an error\n", "as a mask\n", NULL};

static void print_all(void)
{
    char long_text[700];

    DbgPrint("plain %d %s\n", 7, "text");
    DbgPrintEx(0, DPFLTR_TRACE_LEVEL, "filtered\n");
    vDbgPrintExWithPrefix("prefix: ", 0, DPFLTR_ERROR_LEVEL, "an error\n", NULL);
    DbgPrintEx(0, 0x80000001, "as a mask\n");
    memset(long_text, 'x', sizeof(long_text));
    long_text[sizeof(long_text) - 1] = 0;
    DbgPrint("%s", long_text);
}

static void read_text(HANDLE process, const OUTPUT_DEBUG_STRING_INFO *info, char *text, SIZE_T size)
{
    SIZE_T n = info->nDebugStringLength < size ? info->nDebugStringLength : size - 1;

    memset(text, 0, size);
    ReadProcessMemory(process, info->lpDebugStringData, text, n, &n);
}

static void debug(const char *name, DWORD answer)
{
    char command[MAX_PATH + 10], text[600];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DEBUG_EVENT event;
    ULONG heard = 0;

    snprintf(command, sizeof(command), "\"%s\" child", name);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, DEBUG_ONLY_THIS_PROCESS, NULL, NULL, &startup,
                         &process),
          "%lu", GetLastError());
    for (;;) {
        DWORD go_on = DBG_CONTINUE;
        if (!WaitForDebugEvent(&event, 20000)) break;
        if (event.dwDebugEventCode == OUTPUT_DEBUG_STRING_EVENT) {
            read_text(process.hProcess, &event.u.DebugString, text, sizeof(text));
            if (heard < 3)
                CHECK(!strcmp(text, wanted[heard]), "%s", text);
            else
                CHECK(strlen(text) == 511 && text[510] == '\n', "%u", (unsigned)strlen(text));
            heard++;
            go_on = answer;
        }
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, go_on);
        if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) break;
    }
    CHECK_EQUAL(heard, 4);
    CHECK_EQUAL(event.u.ExitProcess.dwExitCode, 42);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
}

int main(int argc, char **argv)
{
    print_all();
    if (argc > 1) return 42;
    CHECK_EQUAL(DbgPrint("nobody hears this\n"), STATUS_SUCCESS);
    debug(argv[0], DBG_CONTINUE);
    debug(argv[0], DBG_EXCEPTION_NOT_HANDLED); // the text is heard, the program goes on all the same
    return check_summary();
}
