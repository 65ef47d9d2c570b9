// CreateProcess: names with blanks and without quotation marks, lines without a name or too long, the size of
// STARTUPINFO, and what attribute lists refuse.
#include <windows.h>

#include "check.h"

static BOOL start(const char *application, char *line, DWORD flags, STARTUPINFOEXA *info, DWORD *exit_code)
{
    PROCESS_INFORMATION process;
    SetLastError(0);
    if (!CreateProcessA(application, line, NULL, NULL, TRUE, flags, NULL, NULL, &info->StartupInfo, &process))
        return FALSE;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, exit_code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return TRUE;
}

// A name with a blank reaches the program as one argument, which Windows puts into quotation marks.
static void test_bare_name(const char *self)
{
    char directory[MAX_PATH], path[MAX_PATH + 16], line[2 * MAX_PATH];
    STARTUPINFOEXA info = {{.cb = sizeof(info.StartupInfo)}, NULL};
    DWORD code = 0;

    GetTempPathA(MAX_PATH, directory);
    snprintf(path, sizeof path, "%sa blank.exe", directory);
    CHECK(CopyFileA(self, path, FALSE), "copy: %lu", GetLastError());
    snprintf(line, sizeof line, "%s child two three", path);
    CHECK(start(NULL, line, 0, &info, &code), "with its extension: %lu", GetLastError());
    CHECK_EQUAL(code, 4);
    CHECK(strchr(line, '"') == NULL, "the caller's line stays");
    snprintf(line, sizeof line, "%sa blank child two", directory);
    CHECK(start(NULL, line, 0, &info, &code), "without: %lu", GetLastError());
    CHECK_EQUAL(code, 3);
    DeleteFileA(path);

    line[0] = 0;
    CHECK(!start(NULL, line, 0, &info, &code), "an empty line");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

// What doesn't fit into a UNICODE_STRING is refused, not cut.
static void test_long_line(const char *self)
{
    static char line[32768];
    STARTUPINFOEXA info = {{.cb = sizeof(info.StartupInfo)}, NULL};
    DWORD code;

    memset(line, 'x', sizeof(line) - 1);
    CHECK(!start(self, line, 0, &info, &code), "too long");
    CHECK_EQUAL(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
}

static void test_extended_size(const char *self)
{
    char line[] = "x child";
    STARTUPINFOEXA info = {{.cb = sizeof(info.StartupInfo)}, NULL};
    DWORD code = 0;

    CHECK(!start(self, line, EXTENDED_STARTUPINFO_PRESENT, &info, &code), "no room for a list");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    info.StartupInfo.cb = sizeof(info);
    CHECK(start(self, line, EXTENDED_STARTUPINFO_PRESENT, &info, &code), "%lu", GetLastError());
    CHECK_EQUAL(code, 2);
}

static void test_attributes(const char *self)
{
    char line[] = "x child";
    ULONG_PTR memory[64], value[2] = {0};
    LPPROC_THREAD_ATTRIBUTE_LIST list = (LPPROC_THREAD_ATTRIBUTE_LIST)memory;
    SIZE_T size = sizeof(memory);
    STARTUPINFOEXA info = {{.cb = sizeof(info)}, list};
    DWORD code = 0;

    CHECK(InitializeProcThreadAttributeList(list, 4, 0, &size), "%lu", GetLastError());
    static const struct {
        DWORD_PTR attribute;
        SIZE_T size;
    } wrong[] = {{PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY, 4},
                 {PROC_THREAD_ATTRIBUTE_IDEAL_PROCESSOR, 2},
                 {PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, 3}};
    for (unsigned i = 0; i < 3; i++) {
        CHECK(!UpdateProcThreadAttribute(list, 0, wrong[i].attribute, value, wrong[i].size, NULL, NULL), "%u",
              i);
        CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    }
    // A list names inheritable handles only.
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), listed[] = {event};
    CHECK(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, listed, sizeof(listed), NULL,
                                    NULL),
          "%lu", GetLastError());
    CHECK(!start(self, line, EXTENDED_STARTUPINFO_PRESENT, &info, &code), "not to be inherited");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    listed[0] = (HANDLE)0x7654;
    CHECK(!start(self, line, EXTENDED_STARTUPINFO_PRESENT, &info, &code), "no handle");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    listed[0] = event;
    SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    CHECK(start(self, line, EXTENDED_STARTUPINFO_PRESENT, &info, &code), "%lu", GetLastError());
    CHECK_EQUAL(code, 2);
    DeleteProcThreadAttributeList(list);
    CloseHandle(event);
}

int main(int argc, char **argv)
{
    char self[MAX_PATH];
    if (argc > 1) return strcmp(argv[1], "child") ? 99 : argc;
    GetModuleFileNameA(NULL, self, MAX_PATH);
    test_bare_name(self);
    test_long_line(self);
    test_extended_size(self);
    test_attributes(self);
    return check_summary();
}
