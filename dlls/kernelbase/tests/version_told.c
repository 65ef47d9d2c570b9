// Which version GetVersionEx tells: by the systems that the program's manifest names (Microsoft, "Targeting
// your application for Windows"), else by its header. The children are copies of this program, each with a
// manifest file.
#include <windows.h>
#include "tests/check.h"
#include <stdio.h>
#include <string.h>

static const char copy_name[] = "copy.exe", manifest_name[] = "copy.exe.manifest";

static int child(void)
{
    OSVERSIONINFOA info = {.dwOSVersionInfoSize = sizeof(info)};
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    GetVersionExA(&info);
    return (int)(info.dwMajorVersion << 8 | info.dwMinorVersion);
}

static void write_manifest(const char *systems)
{
    FILE *file = fopen(manifest_name, "wb");
    fprintf(file,
            "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'>"
            "<compatibility xmlns='urn:schemas-microsoft-com:compatibility.v1'><application>%s</application>"
            "</compatibility></assembly>",
            systems);
    fclose(file);
}

static DWORD told(void)
{
    STARTUPINFOA info = {.cb = sizeof(info)};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    char line[] = "copy.exe child";
    CHECK(CreateProcessA(copy_name, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), "%lu",
          GetLastError());
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

int main(int argc, char **argv)
{
    char program[MAX_PATH];
    if (argc > 1 && !strcmp(argv[1], "child")) return child();
    GetModuleFileNameA(NULL, program, MAX_PATH);
    CHECK(CopyFileA(program, copy_name, FALSE), "%lu", GetLastError());
    CHECK_EQUAL(told(), 0x602);
    write_manifest("<supportedOS Id='{1f676c76-80e1-4239-95bb-83d0f6d0da78}'/>");
    CHECK_EQUAL(told(), 0x603);
    write_manifest("<supportedOS Id='{35138b9a-5d96-4fbd-8e2d-a2440225f93a}'/>"
                   "<supportedOS Id='{8E0F7A12-BFB3-4FE8-B9A5-48FD50A15A9A}'/>");
    CHECK_EQUAL(told(), 0xa00);
    write_manifest("<supportedOS Id='{e2011457-1546-43c5-a5fe-008deee3d3f0}'/>");
    CHECK_EQUAL(told(), 0x602);
    write_manifest("<!-- <supportedOS Id='{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}'/> -->");
    CHECK_EQUAL(told(), 0x602); // what a comment says does not count
    return check_summary();
}
