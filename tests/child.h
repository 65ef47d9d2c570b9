// Starting the test program itself as a child, and waiting for its end. Include windows.h and tests/check.h
// first.
#ifndef LOWLAND_TESTS_CHILD_H
#define LOWLAND_TESTS_CHILD_H

enum { CHILD_LINE_MAX = MAX_PATH + 64 };

// The command line that starts this program with arguments.
static inline void child_line(char line[CHILD_LINE_MAX], const char *arguments)
{
    char self[MAX_PATH];
    GetModuleFileNameA(NULL, self, sizeof(self));
    snprintf(line, CHILD_LINE_MAX, "\"%s\" %s", self, arguments);
}

static inline PROCESS_INFORMATION child_start(const char *arguments, DWORD flags)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION info = {0};
    char line[CHILD_LINE_MAX];
    child_line(line, arguments);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &startup, &info), "%s: %lu",
          arguments, GetLastError());
    return info;
}

// Waits for a child's end, closes its handles and returns its exit status.
static inline DWORD child_end(PROCESS_INFORMATION info)
{
    DWORD status = 0;
    CHECK_EQUAL(WaitForSingleObject(info.hProcess, 60000), WAIT_OBJECT_0);
    GetExitCodeProcess(info.hProcess, &status);
    CloseHandle(info.hProcess);
    CloseHandle(info.hThread);
    return status;
}

#endif
