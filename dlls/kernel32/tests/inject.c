// A script-extender-like pair: the program starts itself suspended, looks at its first thread, writes into
// its memory, has a thread there load a DLL, and lets it run.
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <psapi.h>
#include <tlhelp32.h>

// At the same address in parent and child: the program has no relocations to make.
static volatile int told; // set by the parent's writes
static const char read_only_text[] = "read only";
static const char *volatile read_only = read_only_text; // no compiler knows what it holds

typedef LONG(NTAPI *query_process)(HANDLE process, int class, void *buffer, ULONG size, ULONG *needed);

struct basic_information {
    LONG status;
    char *peb;
    ULONG_PTR affinity, priority, pid, parent;
};

// What the child says of what was done to it.
static int run_child(void)
{
    int seen = GetModuleHandleA("version.dll") != NULL;
    if (told == 42) seen |= 2;
    if (strcmp(read_only, "written") == 0) seen |= 4;
    return 0x1230 | seen;
}

static PROCESS_INFORMATION start_suspended(void)
{
    char path[MAX_PATH], line[MAX_PATH + 16];
    STARTUPINFOA info = {.cb = sizeof(info)};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, path, sizeof(path));
    snprintf(line, sizeof(line), "\"%s\" child", path);
    BOOL started =
        CreateProcessA(path, line, NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, &info, &process);
    CHECK(started, "error %lu", GetLastError());
    return process;
}

static char *entry_point(void)
{
    char *base = (char *)GetModuleHandleA(NULL);
    const IMAGE_NT_HEADERS *headers = (const IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    return base + headers->OptionalHeader.AddressOfEntryPoint;
}

static void test_first_context(const PROCESS_INFORMATION *child)
{
    struct basic_information basic = {0};
    query_process query =
        (query_process)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQueryInformationProcess");
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    void *image = NULL;
    SIZE_T n = 0;

    CHECK_EQUAL(query(child->hProcess, 0, &basic, sizeof(basic), NULL), 0);
    CHECK_EQUAL(basic.pid, child->dwProcessId);
    CHECK_EQUAL(basic.parent, GetCurrentProcessId());
    CHECK(GetThreadContext(child->hThread, &context), "error %lu", GetLastError());
    CHECK_EQUAL(context.Eax, (ULONG_PTR)entry_point());
    CHECK_EQUAL(context.Ebx, (ULONG_PTR)basic.peb);
    CHECK_EQUAL(context.Eip, (ULONG_PTR)GetProcAddress(GetModuleHandleA("ntdll.dll"), "RtlUserThreadStart"));
    CHECK(ReadProcessMemory(child->hProcess, basic.peb + 8, &image, sizeof(image), &n), "error %lu",
          GetLastError());
    CHECK_EQUAL(n, sizeof(image));
    CHECK_EQUAL((ULONG_PTR)image, (ULONG_PTR)GetModuleHandleA(NULL));
    context.ContextFlags = CONTEXT_INTEGER;
    CHECK(SetThreadContext(child->hThread, &context), "error %lu", GetLastError());
}

static void test_memory(const PROCESS_INFORMATION *child)
{
    const SIZE_T size = 0x30000;
    char *bytes = malloc(size), *back = malloc(size);
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    SIZE_T n = 0;
    int value = 42;

    memset(bytes, 0x5a, size);
    char *memory = VirtualAllocEx(child->hProcess, NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(memory != NULL, "error %lu", GetLastError());
    CHECK(WriteProcessMemory(child->hProcess, memory, bytes, size, &n) && n == size, "error %lu",
          GetLastError());
    CHECK(ReadProcessMemory(child->hProcess, memory, back, size, &n) && n == size, "error %lu",
          GetLastError());
    CHECK(memcmp(bytes, back, size) == 0);
    CHECK_EQUAL(VirtualQueryEx(child->hProcess, memory, &info, sizeof(info)), sizeof(info));
    CHECK_EQUAL(info.RegionSize, size);
    CHECK_EQUAL(info.Protect, PAGE_READWRITE);
    CHECK_EQUAL(info.Type, MEM_PRIVATE);

    // Only whole pieces whose source can be read arrive; the count says how much did.
    CHECK(VirtualProtectEx(child->hProcess, memory + 0x20000, 0x1000, PAGE_NOACCESS, &old), "error %lu",
          GetLastError());
    CHECK_EQUAL(old, PAGE_READWRITE);
    SetLastError(0);
    CHECK(!ReadProcessMemory(child->hProcess, memory, back, size, &n), "read through a page without access");
    CHECK_EQUAL(GetLastError(), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(n, 2 * 14 * 0x1000);
    CHECK(VirtualFreeEx(child->hProcess, memory, 0, MEM_RELEASE), "error %lu", GetLastError());
    CHECK(!ReadProcessMemory(child->hProcess, memory, back, 1, &n), "read what was freed");
    CHECK_EQUAL(VirtualQueryEx(child->hProcess, memory, &info, sizeof(info)), sizeof(info));
    CHECK_EQUAL(info.State, MEM_FREE);

    // A guard page is one for who looks from outside, too.
    memory =
        VirtualAllocEx(child->hProcess, NULL, 0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
    CHECK(!ReadProcessMemory(child->hProcess, memory, back, 1, &n), "read a guard page");
    VirtualFreeEx(child->hProcess, memory, 0, MEM_RELEASE);

    CHECK(WriteProcessMemory(child->hProcess, (void *)&told, &value, sizeof(value), &n), "error %lu",
          GetLastError());
    CHECK(VirtualProtectEx(child->hProcess, (void *)read_only, 8, PAGE_READWRITE, &old), "error %lu",
          GetLastError());
    CHECK(WriteProcessMemory(child->hProcess, (void *)read_only, "written", 8, &n), "error %lu",
          GetLastError());
    CHECK_EQUAL(told, 0);
    CHECK(strcmp(read_only, "read only") == 0);
    free(bytes);
    free(back);
}

// The thread initialises the process before it runs, though the first thread is still suspended.
static void test_remote_thread(const PROCESS_INFORMATION *child)
{
    static const char dll[] = "version.dll";
    DWORD id = 0, code = 0;
    char *memory = VirtualAllocEx(child->hProcess, NULL, sizeof(dll), MEM_COMMIT, PAGE_READWRITE);
    CHECK(WriteProcessMemory(child->hProcess, memory, dll, sizeof(dll), NULL), "error %lu", GetLastError());
    void *load = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "LoadLibraryA");
    HANDLE thread =
        CreateRemoteThread(child->hProcess, NULL, 0, (LPTHREAD_START_ROUTINE)load, memory, 0, &id);
    CHECK(thread != NULL, "error %lu", GetLastError());
    CHECK(id && id != child->dwThreadId, "id %lx", id);
    CHECK_EQUAL(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code), "error %lu", GetLastError());
    CHECK(code != 0 && code != STILL_ACTIVE, "LoadLibrary returned %lx", code);
    CHECK_EQUAL(GetProcessIdOfThread(thread), child->dwProcessId);
    CloseHandle(thread);
}

// Tool help and the process status functions see the modules of another process by reading its loader's list.
static void test_modules(const PROCESS_INFORMATION *child)
{
    HMODULE modules[64];
    MODULEENTRY32 entry = {.dwSize = sizeof(entry)};
    MODULEINFO info;
    DWORD needed = 0;
    char name[MAX_PATH] = "";
    int found = 0;
    CHECK(K32EnumProcessModules(child->hProcess, modules, sizeof(modules), &needed), "error %lu",
          GetLastError());
    CHECK_EQUAL((ULONG_PTR)modules[0], (ULONG_PTR)GetModuleHandleA(NULL));
    CHECK(K32GetModuleInformation(child->hProcess, modules[0], &info, sizeof(info)), "error %lu",
          GetLastError());
    CHECK_EQUAL((ULONG_PTR)info.EntryPoint, (ULONG_PTR)entry_point());
    CHECK(K32GetModuleBaseNameA(child->hProcess, modules[1], name, sizeof(name)), "error %lu",
          GetLastError());
    CHECK(_stricmp(name, "ntdll.dll") == 0, "%s", name);

    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, child->dwProcessId);
    for (BOOL more = Module32First(snapshot, &entry); more; more = Module32Next(snapshot, &entry))
        if (_stricmp(entry.szModule, "version.dll") == 0 && entry.th32ProcessID == child->dwProcessId)
            found++;
    CHECK_EQUAL(found, 1);
    CloseHandle(snapshot);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return run_child();
    PROCESS_INFORMATION child = start_suspended();
    DWORD code = 0;
    test_first_context(&child);
    test_memory(&child);
    CHECK(CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, child.dwProcessId) == INVALID_HANDLE_VALUE,
          "listed modules of a process that has not begun");
    CHECK_EQUAL(GetLastError(), ERROR_PARTIAL_COPY);
    test_remote_thread(&child);
    test_modules(&child);
    CHECK_EQUAL(WaitForSingleObject(child.hThread, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(ResumeThread(child.hThread), 1);
    CHECK_EQUAL(WaitForSingleObject(child.hProcess, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child.hProcess, &code), "error %lu", GetLastError());
    CHECK_EQUAL(code, 0x1237);
    CHECK_EQUAL(WaitForSingleObject(child.hThread, 0), WAIT_OBJECT_0);
    SetLastError(0);
    CHECK(!VirtualAllocEx(child.hProcess, NULL, 1, MEM_COMMIT, PAGE_READWRITE), "allocated in the dead");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    return check_summary();
}
