// Mailslots: names, messages in order, what is said of them, timeouts, overlapped reads, writers in other
// processes.
#include <windows.h>
#include <stdlib.h>
#include <string.h>
#include "tests/check.h"

static const char name[] = "\\\\.\\mailslot\\lowland\\test";

static HANDLE open_writer(void)
{
    return CreateFileA(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

static void test_names(void)
{
    CHECK(CreateMailslotA("nowhere", 0, 0, NULL) == INVALID_HANDLE_VALUE, "made");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_NAME);
    CHECK(CreateMailslotA(NULL, 0, 0, NULL) == INVALID_HANDLE_VALUE, "made");
    CHECK_EQUAL(GetLastError(), ERROR_PATH_NOT_FOUND);
    CHECK(open_writer() == INVALID_HANDLE_VALUE, "opened");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    HANDLE slot = CreateMailslotA(name, 0, 0, NULL);
    CHECK(slot != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CHECK(CreateMailslotA(name, 0, 0, NULL) == INVALID_HANDLE_VALUE, "made twice");
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    HANDLE writer = open_writer();
    CHECK(writer != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CloseHandle(slot);
    DWORD n;
    CHECK(!WriteFile(writer, "x", 1, &n, NULL), "written to nobody");
    CloseHandle(writer);
}

static void test_messages(void)
{
    char buffer[8];
    DWORD n, next, count, timeout, maximum;
    HANDLE slot = CreateMailslotA(name, 100, 0, NULL), writer = open_writer();
    CHECK(!ReadFile(slot, buffer, sizeof(buffer), &n, NULL), "read nothing");
    CHECK_EQUAL(GetLastError(), ERROR_SEM_TIMEOUT);
    CHECK(GetMailslotInfo(slot, &maximum, &next, &count, &timeout), "%lu", GetLastError());
    CHECK_EQUAL(maximum, 100);
    CHECK_EQUAL(next, MAILSLOT_NO_MESSAGE);
    CHECK_EQUAL(count, 0);
    CHECK_EQUAL(timeout, 0);
    // More than any host queue holds.
    for (int i = 0; i < 1000; i++) CHECK(WriteFile(writer, &i, sizeof(i), &n, NULL), "%lu", GetLastError());
    CHECK(WriteFile(writer, "", 0, &n, NULL), "%lu", GetLastError());
    CHECK(!WriteFile(writer, buffer, 101, &n, NULL), "too long");
    CHECK(GetMailslotInfo(slot, NULL, &next, &count, NULL), "%lu", GetLastError());
    CHECK_EQUAL(next, 4);
    CHECK_EQUAL(count, 1001);
    CHECK(!ReadFile(slot, buffer, 3, &n, NULL), "cut");
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; i < 1000; i++) {
        int got = -1;
        CHECK(ReadFile(slot, &got, sizeof(got), &n, NULL) && n == 4 && got == i, "%d: %d", i, got);
    }
    CHECK(ReadFile(slot, buffer, 0, &n, NULL), "%lu", GetLastError());
    CHECK_EQUAL(n, 0);
    CHECK(!WriteFile(slot, "x", 1, &n, NULL), "wrote to the reading end");
    CHECK(!ReadFile(writer, buffer, 1, &n, NULL), "read the writing end");
    CHECK(SetMailslotInfo(slot, 10), "%lu", GetLastError());
    CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout), "%lu", GetLastError());
    CHECK_EQUAL(timeout, 10);
    CHECK(!ReadFile(slot, buffer, sizeof(buffer), &n, NULL), "read nothing");
    CHECK_EQUAL(GetLastError(), ERROR_SEM_TIMEOUT);
    CHECK(WriteFile(writer, "x", 1, &n, NULL), "%lu", GetLastError());
    CHECK(!ReadFile(slot, (void *)8, 1, &n, NULL), "bad buffer");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(ReadFile(slot, buffer, 8, &n, NULL), "%lu", GetLastError());
    CHECK_EQUAL(n, 1);
    CloseHandle(writer);
    CloseHandle(slot);
}

static DWORD WINAPI write_late(void *argument)
{
    DWORD n;
    HANDLE writer = open_writer();
    Sleep(20);
    CHECK(WriteFile(writer, argument, 4, &n, NULL), "%lu", GetLastError());
    CloseHandle(writer);
    return 0;
}

static void test_waiting(void)
{
    char buffer[8] = "";
    DWORD n = 0;
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL);
    HANDLE thread = CreateThread(NULL, 0, write_late, "late", 0, NULL);
    CHECK(ReadFile(slot, buffer, sizeof(buffer), &n, NULL), "%lu", GetLastError());
    CHECK(n == 4 && !memcmp(buffer, "late", 4), "%lu", n);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(slot);
}

// Writers that are killed leave what they wrote; the name goes with its reader.
static void test_processes(const char *program)
{
    char command[MAX_PATH + 32], buffer[16] = "";
    DWORD n = 0, code = 1;
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL);
    sprintf(command, "\"%s\" child", program);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process), "%lu",
          GetLastError());
    CHECK(ReadFile(slot, buffer, sizeof(buffer), &n, NULL), "%lu", GetLastError());
    CHECK(n == 5 && !memcmp(buffer, "child", 5), "%lu", n);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CHECK_EQUAL(code, 0);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    CloseHandle(slot);
}

static int child(void)
{
    DWORD n;
    HANDLE writer = open_writer();
    return writer == INVALID_HANDLE_VALUE || !WriteFile(writer, "child", 5, &n, NULL) ||
           CreateMailslotA(name, 0, 0, NULL) != INVALID_HANDLE_VALUE;
}

int main(int argc, char **argv)
{
    if (argc > 1) return child();
    test_names();
    test_messages();
    test_waiting();
    test_processes(argv[0]);
    return check_summary();
}
