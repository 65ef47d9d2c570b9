// Which standard handles a child gets, by STARTUPINFO, inheritance and the child's subsystem; what
// GetStartupInfo says of them; what file lies under an address. A child is this program with "report" or, as
// a program with windows, its copy: it ends with what it found.
// link: -lpsapi
#include "check.h"
#include <stddef.h>
#include <string.h>
#include <windows.h>

#include <psapi.h>

enum { ANSI_INVALID = 1, WIDE_UNTOUCHED = 2, IS_NULL = 4, IS_PIPE = 8 };

#define UNTOUCHED ((HANDLE)0x5a5a5a5a)

static int report(void)
{
    STARTUPINFOA ansi;
    STARTUPINFOW wide = {.hStdOutput = UNTOUCHED};
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    GetStartupInfoA(&ansi);
    GetStartupInfoW(&wide);
    return (ansi.hStdOutput == INVALID_HANDLE_VALUE ? ANSI_INVALID : 0) |
           (wide.hStdOutput == UNTOUCHED ? WIDE_UNTOUCHED : 0) | (output ? 0 : IS_NULL) |
           (output && GetFileType(output) == FILE_TYPE_PIPE ? IS_PIPE : 0);
}

// A copy of this program that says of itself that it has windows.
static void make_windows_program(const char *path, char *copy)
{
    IMAGE_DOS_HEADER dos;
    const WORD subsystem = IMAGE_SUBSYSTEM_WINDOWS_GUI;
    DWORD n;
    GetTempPathA(MAX_PATH, copy);
    strcat(copy, "standard_handles_windows.exe");
    CHECK(CopyFileA(path, copy, FALSE), "error %lu", GetLastError());
    HANDLE file = CreateFileA(copy, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, &dos, sizeof(dos), &n, NULL);
    SetFilePointer(file, dos.e_lfanew + (LONG)offsetof(IMAGE_NT_HEADERS32, OptionalHeader.Subsystem), NULL,
                   FILE_BEGIN);
    CHECK(WriteFile(file, &subsystem, sizeof(subsystem), &n, NULL), "error %lu", GetLastError());
    CloseHandle(file);
}

static DWORD run(const char *program, BOOL inherit, DWORD flags, HANDLE passed)
{
    char line[MAX_PATH + 16];
    PROCESS_INFORMATION process;
    STARTUPINFOA info = {.cb = sizeof(info)};
    DWORD code = ~0u;
    if (passed) {
        info.dwFlags = STARTF_USESTDHANDLES;
        info.hStdInput = info.hStdOutput = info.hStdError = passed;
    }
    snprintf(line, sizeof(line), "\"%s\" report", program);
    CHECK(CreateProcessA(program, line, NULL, NULL, inherit, flags, NULL, NULL, &info, &process), "error %lu",
          GetLastError());
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

static void test_children(const char *console, const char *windows)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE before = GetStdHandle(STD_OUTPUT_HANDLE), in, out;
    CHECK(CreatePipe(&in, &out, &inheritable, 0), "error %lu", GetLastError());

    CHECK_EQUAL(run(console, TRUE, 0, out), IS_PIPE);
    CHECK_EQUAL(run(windows, TRUE, 0, out), IS_PIPE);
    CHECK_EQUAL(run(console, FALSE, 0, out), IS_NULL);
    CHECK_EQUAL(run(windows, FALSE, 0, out), IS_NULL);

    const int none_told = ANSI_INVALID | WIDE_UNTOUCHED;
    SetStdHandle(STD_OUTPUT_HANDLE, out);
    CHECK_EQUAL(run(console, TRUE, 0, NULL), none_told | IS_PIPE);
    CHECK_EQUAL(run(windows, TRUE, 0, NULL), none_told | IS_PIPE);
    CHECK_EQUAL(run(console, FALSE, 0, NULL), none_told | IS_PIPE); // duplicated
    CHECK_EQUAL(run(windows, FALSE, 0, NULL), none_told | IS_NULL);
    CHECK_EQUAL(run(console, TRUE, DETACHED_PROCESS, NULL), none_told | IS_NULL);
    SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)0x66610); // no handle
    CHECK_EQUAL(run(console, FALSE, 0, NULL), none_told | IS_NULL);
    SetStdHandle(STD_OUTPUT_HANDLE, before);
    CloseHandle(in);
    CloseHandle(out);
}

static void test_mapped_name(void)
{
    WCHAR name[MAX_PATH], cut[8];
    char ansi[MAX_PATH];
    DWORD length = GetMappedFileNameW(GetCurrentProcess(), GetModuleHandleA(NULL), name, MAX_PATH);
    const WCHAR *last = wcsrchr(name, L'\\');
    CHECK(length == wcslen(name) && last && !_wcsicmp(last, L"\\standard_handles.exe"), "%ls", name);
    CHECK_EQUAL(GetMappedFileNameA(GetCurrentProcess(), GetModuleHandleA(NULL), ansi, MAX_PATH), length);
    CHECK_EQUAL(GetMappedFileNameW(GetCurrentProcess(), GetModuleHandleA(NULL), cut, 8), 7);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(GetMappedFileNameW(GetCurrentProcess(), &length, name, MAX_PATH), 0);
}

static void test_redirection(void)
{
    void *old = &old;
    WCHAR folder[MAX_PATH];
    CHECK(Wow64DisableWow64FsRedirection(&old) && Wow64RevertWow64FsRedirection(old), "error %lu",
          GetLastError());
    GetSystemWow64DirectoryW(folder, MAX_PATH);
    wcscat(folder, L"\\kernel32.dll");
    CHECK(GetFileAttributesW(folder) != INVALID_FILE_ATTRIBUTES, "%ls: error %lu", folder, GetLastError());
}

int main(int argc, char **argv)
{
    char windows[MAX_PATH], own[MAX_PATH];
    (void)argv;
    if (argc > 1) return report();
    GetModuleFileNameA(NULL, own, MAX_PATH);
    make_windows_program(own, windows);
    test_children(own, windows);
    test_mapped_name();
    test_redirection();
    DeleteFileA(windows);
    return check_summary();
}
