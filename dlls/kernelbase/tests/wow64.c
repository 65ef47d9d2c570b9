// What a 32-bit program sees of the 64-bit system around it: machines, its system folder, the functions for
// 32-bit threads, and the page that all processes share.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static void test_machines(void)
{
    BOOL(WINAPI * is_wow64_2)
    (HANDLE, USHORT *, USHORT *) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "IsWow64Process2");
    USHORT machine = 0, native = 0;
    BOOL wow64 = FALSE;
    SYSTEM_INFO info;
    CHECK(IsWow64Process(GetCurrentProcess(), &wow64) && wow64, "IsWow64Process");
    CHECK(is_wow64_2(GetCurrentProcess(), &machine, &native), "%lu", GetLastError());
    CHECK_EQUAL(machine, IMAGE_FILE_MACHINE_I386);
    CHECK_EQUAL(native, IMAGE_FILE_MACHINE_AMD64);
    GetNativeSystemInfo(&info);
    CHECK_EQUAL(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    GetSystemInfo(&info);
    CHECK_EQUAL(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_INTEL);
}

static void test_folder(void)
{
    HMODULE kernelbase = GetModuleHandleA("kernelbase");
    UINT(WINAPI * folder_a)
    (char *, UINT, WORD) = (void *)GetProcAddress(kernelbase, "GetSystemWow64Directory2A");
    UINT(WINAPI * folder_w)
    (WCHAR *, UINT, WORD) = (void *)GetProcAddress(kernelbase, "GetSystemWow64Directory2W");
    char narrow[MAX_PATH], plain[MAX_PATH];
    WCHAR wide[MAX_PATH];
    UINT length = GetSystemWow64DirectoryA(plain, sizeof(plain));
    CHECK_EQUAL(length, strlen(plain));
    CHECK_EQUAL(folder_a(narrow, sizeof(narrow), IMAGE_FILE_MACHINE_I386), length);
    CHECK(!strcmp(narrow, plain), "%s", narrow);
    CHECK_EQUAL(folder_w(wide, MAX_PATH, IMAGE_FILE_MACHINE_I386), length);
    CHECK_EQUAL(folder_w(wide, 3, IMAGE_FILE_MACHINE_I386), length + 1);
    SetLastError(0);
    CHECK_EQUAL(folder_w(wide, MAX_PATH, IMAGE_FILE_MACHINE_ARMNT), 0);
    CHECK(GetLastError(), "no error");
}

static DWORD WINAPI sleeper(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void test_threads(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, sleeper, event, CREATE_SUSPENDED, NULL);
    WOW64_CONTEXT context = {.ContextFlags = WOW64_CONTEXT_FULL | WOW64_CONTEXT_DEBUG_REGISTERS};
    CONTEXT same = {.ContextFlags = CONTEXT_FULL};
    WOW64_LDT_ENTRY entry;
    CHECK_EQUAL(Wow64SuspendThread(thread), 1);
    CHECK(Wow64GetThreadContext(thread, &context), "%lu", GetLastError());
    CHECK(GetThreadContext(thread, &same), "%lu", GetLastError());
    CHECK_EQUAL(context.Eip, same.Eip);
    CHECK_EQUAL(context.Ebx, (DWORD)(ULONG_PTR)event);
    context.Dr3 = 0x1234;
    CHECK(Wow64SetThreadContext(thread, &context), "%lu", GetLastError());
    context.Dr3 = 0;
    CHECK(Wow64GetThreadContext(thread, &context) && context.Dr3 == 0x1234, "%lx", context.Dr3);
    CHECK(Wow64GetThreadSelectorEntry(thread, same.SegFs ? same.SegFs : 0x53, &entry), "%lu", GetLastError());
    CHECK_EQUAL(ResumeThread(thread), 2);
    CHECK_EQUAL(ResumeThread(thread), 1);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(event);
}

#define SHARED(type, offset) (*(const volatile type *)(0x7FFE0000 + (offset)))

// Offsets: ntddk.h's KUSER_SHARED_DATA.
static void test_shared_page(void)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof(memory)};
    RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof(version)};
    LONG(NTAPI * get_version)
    (RTL_OSVERSIONINFOW *) = (void *)GetProcAddress(GetModuleHandleA("ntdll"), "RtlGetVersion");
    WCHAR windows[MAX_PATH];
    get_version(&version);
    CHECK_EQUAL(SHARED(WORD, 0x2C), IMAGE_FILE_MACHINE_AMD64); // ImageNumberLow
    CHECK_EQUAL(SHARED(WORD, 0x2E), IMAGE_FILE_MACHINE_AMD64);
    GetWindowsDirectoryW(windows, MAX_PATH);
    CHECK(!lstrcmpiW((const WCHAR *)0x7FFE0030, windows), "NtSystemRoot");
    CHECK_EQUAL(SHARED(DWORD, 0x260), version.dwBuildNumber);
    CHECK_EQUAL(SHARED(DWORD, 0x264), VER_NT_WORKSTATION); // NtProductType
    CHECK_EQUAL(SHARED(BYTE, 0x268), TRUE);                // ProductTypeIsValid
    CHECK_EQUAL(SHARED(WORD, 0x26A), PROCESSOR_ARCHITECTURE_AMD64);
    CHECK_EQUAL(SHARED(DWORD, 0x26C), version.dwMajorVersion);
    CHECK_EQUAL(SHARED(DWORD, 0x270), version.dwMinorVersion);
    for (DWORD i = 0; i < 64; i++)
        CHECK(!SHARED(BYTE, 0x274 + i) == !IsProcessorFeaturePresent(i), "feature %lu", i);
    CHECK_EQUAL(SHARED(BYTE, 0x2D4), 0); // KdDebuggerEnabled
    CHECK_EQUAL(SHARED(BYTE, 0x2D5) & 3, (DWORD)GetSystemDEPPolicy());
    CHECK_EQUAL(SHARED(DWORD, 0x2D8), WTSGetActiveConsoleSessionId());
    GlobalMemoryStatusEx(&memory);
    CHECK_EQUAL(SHARED(DWORD, 0x2E8), (DWORD)(memory.ullTotalPhys / 4096));
    CHECK_EQUAL(SHARED(BYTE, 0x2EC), 0);    // SafeBootMode
    CHECK_EQUAL(SHARED(BYTE, 0x2F8), 0xC3); // TestRetInstruction
    CHECK_EQUAL(SHARED(DWORD, 0x308), 0);   // SystemCall: by the instruction
    CHECK_EQUAL(SHARED(DWORD, 0x3C0), GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
}

int main(void)
{
    test_machines();
    test_folder();
    test_threads();
    test_shared_page();
    return check_summary();
}
