// Programs of the host, started by CreateProcess: by a drive's path, by a Unix path, by a command line.
#include <windows.h>
#include "tests/check.h"
#include <string.h>

enum { SOON = 60000 };

static BOOL create(const char *application, const char *line, DWORD flags, const char *directory,
                   STARTUPINFOA *info, PROCESS_INFORMATION *process)
{
    char copy[512];
    if (line) snprintf(copy, sizeof(copy), "%s", line);
    info->cb = sizeof(*info);
    return CreateProcessA(application, line ? copy : NULL, NULL, NULL, TRUE, flags, NULL, directory, info,
                          process);
}

static DWORD end_of(PROCESS_INFORMATION *process)
{
    DWORD status = 0;
    CHECK_EQUAL(WaitForSingleObject(process->hProcess, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process->hProcess, &status));
    CloseHandle(process->hProcess);
    CloseHandle(process->hThread);
    return status;
}

static DWORD run(const char *application, const char *line)
{
    STARTUPINFOA info = {};
    PROCESS_INFORMATION process;
    if (!create(application, line, 0, NULL, &info, &process)) return ~GetLastError();
    return end_of(&process);
}

// What a program prints, given input. Returns its status.
static DWORD run_piped(const char *line, const char *directory, const char *input, char *output, DWORD size)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE in_read, in_write, out_read, out_write;
    PROCESS_INFORMATION process;
    DWORD done, length = 0;
    CHECK(CreatePipe(&in_read, &in_write, &inheritable, 0));
    CHECK(CreatePipe(&out_read, &out_write, &inheritable, 0));
    SetHandleInformation(in_write, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(out_read, HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOA info = {.dwFlags = STARTF_USESTDHANDLES,
                         .hStdInput = in_read,
                         .hStdOutput = out_write,
                         .hStdError = out_write};
    BOOL created = create(NULL, line, 0, directory, &info, &process);
    CHECK(created, "error %lu", GetLastError());
    CloseHandle(in_read);
    CloseHandle(out_write);
    if (input) CHECK(WriteFile(in_write, input, (DWORD)strlen(input), &done, NULL));
    CloseHandle(in_write);
    while (length < size - 1 && ReadFile(out_read, output + length, size - 1 - length, &done, NULL) && done)
        length += done;
    output[length] = 0;
    CloseHandle(out_read);
    return created ? end_of(&process) : ~0u;
}

static void test_status(void)
{
    CHECK_EQUAL(run("Z:\\bin\\true", NULL), 0);
    CHECK_EQUAL(run("/bin/true", NULL), 0);
    CHECK_EQUAL(run(NULL, "Z:\\bin\\sh -c \"exit 1\""), 1);
    CHECK_EQUAL(run(NULL, "/bin/sh -c \"exit 7\""), 7);
    CHECK_EQUAL(run("Z:\\bin\\sh", "any -c \"exit 200\""), 200);
    CHECK_EQUAL(run(NULL, "/bin/sh -c \"kill -9 $$\""), 128 + 9);
    CHECK_EQUAL(run(NULL, "/bin/there-is-none"), ~ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(run("Z:\\etc\\passwd", NULL), ~ERROR_BAD_EXE_FORMAT);
}

static void test_pipes(void)
{
    char output[512];
    CHECK_EQUAL(run_piped("/bin/cat", NULL, "through it", output, sizeof(output)), 0);
    CHECK(!strcmp(output, "through it"), "%s", output);
    CHECK_EQUAL(run_piped("/bin/sh -c \"printf '[%s]' \\\"$@\\\"\" name \"a b\" c\\d \"\" \"e\\\\\" f\"\"g",
                          NULL, NULL, output, sizeof(output)),
                0);
    CHECK(!strcmp(output, "[a b][c\\d][][e\\][fg]"), "%s", output);
    CHECK_EQUAL(run_piped("/bin/sh -c \"echo no >&2; exit 3\"", NULL, NULL, output, sizeof(output)), 3);
    CHECK(!strcmp(output, "no\n"), "%s", output);
}

static void test_surroundings(void)
{
    char output[1024];
    SetEnvironmentVariableA("LOWLAND_TEST_OWN", "set here");
    SetEnvironmentVariableA("Path", "C:\\windows\\system32");
    run_piped("/bin/sh -c \"printf '%s|%s|%s' \\\"$LOWLAND_TEST_OWN\\\" \\\"$SystemRoot\\\" \\\"$PATH\\\"\"",
              NULL, NULL, output, sizeof(output));
    CHECK(!strncmp(output, "set here||/", 11), "%s", output); // the host's own PATH
    SetEnvironmentVariableA("LOWLAND_TEST_OWN", NULL);
    run_piped("/bin/sh -c \"echo \\\"<$LOWLAND_TEST_OWN>\\\"\"", NULL, NULL, output, sizeof(output));
    CHECK(!strcmp(output, "<>\n"), "%s", output);
    run_piped("/bin/pwd", "Z:\\usr\\bin", NULL, output, sizeof(output));
    CHECK(!strcmp(output, "/usr/bin\n"), "%s", output);
    run_piped("/bin/pwd", "Z:\\", NULL, output, sizeof(output));
    CHECK(!strcmp(output, "/\n"), "%s", output);
}

static void test_control(void)
{
    STARTUPINFOA info = {};
    PROCESS_INFORMATION process;
    DWORD status;
    CHECK(create(NULL, "/bin/sh -c \"exit 9\"", CREATE_SUSPENDED, NULL, &info, &process));
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 100), WAIT_TIMEOUT);
    CHECK_EQUAL(ResumeThread(process.hThread), 1);
    CHECK_EQUAL(end_of(&process), 9);
    CHECK(create(NULL, "/bin/sleep 1000", 0, NULL, &info, &process));
    CHECK(GetExitCodeProcess(process.hProcess, &status));
    CHECK_EQUAL(status, STILL_ACTIVE);
    CHECK_EQUAL(GetProcessId(process.hProcess), process.dwProcessId);
    HANDLE same = OpenProcess(PROCESS_ALL_ACCESS, FALSE, process.dwProcessId);
    CHECK(same != NULL);
    CHECK(TerminateProcess(same, 0x12345678));
    CloseHandle(same);
    CHECK_EQUAL(end_of(&process), 0x12345678);
    CHECK(!create(NULL, "/bin/true", DEBUG_PROCESS, NULL, &info, &process));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED);
}

static void test_suspension(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    STARTUPINFOA info = {.dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE in_read, in_write;
    CHECK(CreatePipe(&in_read, &in_write, &inheritable, 0));
    SetHandleInformation(in_write, HANDLE_FLAG_INHERIT, 0);
    info.hStdInput = in_read;
    CHECK(create(NULL, "/bin/cat", 0, NULL, &info, &process));
    CloseHandle(in_read);
    Sleep(100); // it may run by now, or not: either way it stops
    CHECK_EQUAL(SuspendThread(process.hThread), 0);
    CloseHandle(in_write);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 200), WAIT_TIMEOUT);
    CHECK_EQUAL(ResumeThread(process.hThread), 1);
    CHECK_EQUAL(end_of(&process), 0);
}

static void test_job(void)
{
    STARTUPINFOA info = {};
    PROCESS_INFORMATION process;
    BOOL inside = FALSE;
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    CHECK(create(NULL, "/bin/sleep 1000", CREATE_SUSPENDED, NULL, &info, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK(IsProcessInJob(process.hProcess, job, &inside) && inside);
    ResumeThread(process.hThread);
    CloseHandle(job);
    end_of(&process);
}

int main(void)
{
    test_status();
    test_pipes();
    test_surroundings();
    test_control();
    test_suspension();
    test_job();
    return check_summary();
}
