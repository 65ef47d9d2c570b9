// Tool help of heaps: those of this process and of another one, and this one's blocks.
#include <windows.h>
#include <tlhelp32.h>
#include <string.h>
#include "tests/check.h"

// Whether a snapshot has a heap; counts those that it has.
static BOOL has_heap(DWORD process, HANDLE heap, int *count)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPHEAPLIST | TH32CS_SNAPMODULE, process);
    HEAPLIST32 list = {.dwSize = sizeof(list)};
    MODULEENTRY32 module = {.dwSize = sizeof(module)};
    BOOL found = FALSE;

    CHECK(snapshot != INVALID_HANDLE_VALUE, "snapshot: %lu", GetLastError());
    *count = 0;
    for (BOOL more = Heap32ListFirst(snapshot, &list); more; more = Heap32ListNext(snapshot, &list)) {
        ++*count;
        CHECK_EQUAL(list.th32ProcessID, process);
        if (list.th32HeapID == (ULONG_PTR)heap) found = TRUE;
    }
    CHECK_EQUAL(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK(Module32First(snapshot, &module) && strstr(module.szModule, "heap_lists"), "beside modules");
    CloseHandle(snapshot);
    return found;
}

static void test_blocks(HANDLE heap, const void *block)
{
    HEAPENTRY32 entry = {.dwSize = sizeof(entry)};
    BOOL found = FALSE;

    for (BOOL more = Heap32First(&entry, GetCurrentProcessId(), (ULONG_PTR)heap); more;
         more = Heap32Next(&entry))
        if (entry.dwAddress == (ULONG_PTR)block)
            found = entry.dwBlockSize >= 1234 && entry.dwFlags == LF32_FIXED;
    CHECK(found, "the block");
    CHECK(!Heap32First(&entry, GetCurrentProcessId(), 0x1234), "no heap");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    entry.dwSize = 1;
    CHECK(!Heap32First(&entry, GetCurrentProcessId(), (ULONG_PTR)heap), "a wrong size");
}

static void test_other(const char *self)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 16];
    HANDLE input, keep;
    int count;
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};

    CreatePipe(&input, &keep, &inheritable, 0);
    snprintf(line, sizeof(line), "\"%s\" %lu", self, (ULONG)(ULONG_PTR)keep);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process), "start");
    CloseHandle(keep);
    char ready;
    DWORD n;
    CHECK(ReadFile(input, &ready, 1, &n, NULL) && n == 1, "it runs");
    has_heap(process.dwProcessId, NULL, &count);
    CHECK(count > 0, "%d heaps", count);
    TerminateProcess(process.hProcess, 0);
    WaitForSingleObject(process.hProcess, 20000);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
}

int main(int argc, char **argv)
{
    char self[MAX_PATH];
    int before, after;
    DWORD n;
    if (argc > 1) {
        WriteFile((HANDLE)(ULONG_PTR)strtoul(argv[1], NULL, 10), "r", 1, &n, NULL);
        Sleep(INFINITE);
    }
    GetModuleFileNameA(NULL, self, sizeof(self));
    CHECK(has_heap(GetCurrentProcessId(), GetProcessHeap(), &before), "the process's heap");
    HANDLE heap = HeapCreate(0, 0, 0);
    void *block = HeapAlloc(heap, 0, 1234);
    CHECK(has_heap(GetCurrentProcessId(), heap, &after) && after == before + 1, "%d heaps, then %d", before,
          after);
    test_blocks(heap, block);
    HeapDestroy(heap);
    test_other(self);
    return check_summary();
}
