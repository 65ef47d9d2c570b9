// Image File Execution Options: asking for them, and the debugger that they put before a program.
#include <windows.h>
#include <winternl.h>
#include <string.h>
#include "tests/check.h"

#define OPTIONS "Software\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\"

static char self[MAX_PATH];

static DWORD run(const char *line)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char text[2 * MAX_PATH];
    DWORD code = 0;
    strcpy(text, line);
    if (!CreateProcessA(NULL, text, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return 0;
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

static void test_query(HKEY key)
{
    NTSTATUS(NTAPI * query)
    (UNICODE_STRING *, const WCHAR *, ULONG, void *, ULONG, ULONG *) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll"), "LdrQueryImageFileExecutionOptions");
    UNICODE_STRING image, other;
    DWORD number = 0x70, got = 0;
    WCHAR text[8];
    ULONG length = 0;

    RtlInitUnicodeString(&image, L"\\??\\C:\\anywhere\\Lowland_Options.EXE");
    RtlInitUnicodeString(&other, L"no-such-program.exe");
    RegSetValueExA(key, "GlobalFlag", 0, REG_DWORD, (const BYTE *)&number, 4);
    RegSetValueExA(key, "Text", 0, REG_SZ, (const BYTE *)"0x12", 5);
    CHECK_EQUAL(query(&image, L"GlobalFlag", REG_DWORD, &got, sizeof(got), &length), 0);
    CHECK(got == 0x70 && length == 4, "%lx, %lu", got, length);
    CHECK_EQUAL(query(&image, L"Text", REG_DWORD, &got, sizeof(got), NULL), 0);
    CHECK_EQUAL(got, 0x12);
    CHECK_EQUAL(query(&image, L"Text", REG_SZ, text, 4, &length), 0x80000005);
    CHECK_EQUAL(length, 10);
    CHECK_EQUAL(query(&image, L"Text", REG_BINARY, text, sizeof(text), NULL), 0xC0000024);
    CHECK_EQUAL(query(&image, L"GlobalFlag", REG_DWORD, &got, 2, NULL), 0xC0000004);
    CHECK_EQUAL(query(&image, L"None", REG_DWORD, &got, 4, NULL), 0xC0000034);
    CHECK_EQUAL(query(&other, L"GlobalFlag", REG_DWORD, &got, 4, NULL), 0xC0000034);
}

static void test_debugger(HKEY key)
{
    char copy[MAX_PATH], line[2 * MAX_PATH];

    GetTempPathA(sizeof(copy), copy);
    strcat(copy, "lowland_options.exe");
    CHECK(CopyFileA(self, copy, FALSE), "copy: %lu", GetLastError());
    snprintf(line, sizeof(line), "\"%s\" child", copy);
    CHECK_EQUAL(run(line), 3);
    // The debugger gets the line of the program behind its own: two arguments more.
    snprintf(line, sizeof(line), "\"%s\" child", self);
    RegSetValueExA(key, "Debugger", 0, REG_SZ, (const BYTE *)line, (DWORD)strlen(line) + 1);
    snprintf(line, sizeof(line), "\"%s\" child", copy);
    CHECK_EQUAL(run(line), 5);
    // Nor has a debugger one of its own, or two that name each other would never end.
    HKEY of_debugger;
    char name[2 * MAX_PATH];
    snprintf(name, sizeof(name), OPTIONS "%s", strrchr(self, '\\') + 1);
    CHECK_EQUAL(RegCreateKeyA(HKEY_LOCAL_MACHINE, name, &of_debugger), 0);
    RegSetValueExA(of_debugger, "Debugger", 0, REG_SZ, (const BYTE *)line, (DWORD)strlen(line) + 1);
    CHECK_EQUAL(run(line), 5);
    RegCloseKey(of_debugger);
    RegDeleteKeyA(HKEY_LOCAL_MACHINE, name);
    RegDeleteValueA(key, "Debugger");
    CHECK_EQUAL(run(line), 3);
    DeleteFileA(copy);
}

int main(int argc, char **argv)
{
    HKEY key;
    if (argc > 1 && !strcmp(argv[1], "child")) return argc + 1;
    GetModuleFileNameA(NULL, self, sizeof(self));
    CHECK_EQUAL(RegCreateKeyA(HKEY_LOCAL_MACHINE, OPTIONS "lowland_options.exe", &key), 0);
    test_query(key);
    test_debugger(key);
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_LOCAL_MACHINE, OPTIONS "lowland_options.exe");
    return check_summary();
}
