// What ntdll does and tells of a process: stacks for threads, exports by name, modules and heaps for tools,
// the kind of device.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_device_family.h"
#include "nt/rtl_lib.h"
#include "nt/rtl_loader.h"
#include "nt/rtl_object.h"
#include "nt/rtl_process_debug.h"
#include "tests/check.h"
#include "tests/child.h"
#include <string.h>
#include <wchar.h>

static ULONG_PTR size_of(const INITIAL_TEB *stack)
{
    return (ULONG_PTR)stack->StackBase - (ULONG_PTR)stack->StackAllocationBase;
}

static void test_stacks(void)
{
    MEMORY_BASIC_INFORMATION info;
    INITIAL_TEB stack;
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(GetModuleHandleW(NULL));

    CHECK_EQUAL(RtlCreateUserStack(0x11000, 0x110000, 0, 1, 1, &stack), 0);
    CHECK_EQUAL(size_of(&stack), 0x110000);
    CHECK_EQUAL((ULONG_PTR)stack.StackBase - (ULONG_PTR)stack.StackLimit, 0x11000);
    CHECK(!stack.OldInitialTeb.OldStackBase && !stack.OldInitialTeb.OldStackLimit, "no stack before");
    CHECK_EQUAL(NtQueryVirtualMemory(NtCurrentProcess(), (char *)stack.StackLimit - 1, MemoryBasicInformation,
                                     &info, sizeof(info), NULL),
                0);
    CHECK_EQUAL(info.Protect, PAGE_READWRITE | PAGE_GUARD);
    CHECK_EQUAL(info.RegionSize, 0x1000);
    memset(stack.StackLimit, 1, 0x11000);
    RtlFreeUserStack(stack.StackAllocationBase);
    CHECK_EQUAL(NtQueryVirtualMemory(NtCurrentProcess(), stack.StackAllocationBase, MemoryBasicInformation,
                                     &info, sizeof(info), NULL),
                0);
    CHECK_EQUAL(info.State, MEM_FREE);

    CHECK_EQUAL(RtlCreateUserStack(0, 0, 0, 0x10000, 0x400000, &stack), 0);
    CHECK_EQUAL(size_of(&stack) % 0x400000, 0);
    CHECK(size_of(&stack) >= headers->OptionalHeader.SizeOfStackReserve, "%lx", size_of(&stack));
    CHECK_EQUAL(((ULONG_PTR)stack.StackBase - (ULONG_PTR)stack.StackLimit) % 0x10000, 0);
    RtlFreeUserStack(stack.StackAllocationBase);
    CHECK_EQUAL(RtlCreateUserStack(0x101000, 0x1000, 0, 1, 1, &stack), 0);
    CHECK_EQUAL(size_of(&stack), 0x200000);
    RtlFreeUserStack(stack.StackAllocationBase);
    CHECK_EQUAL(RtlCreateUserStack(0, 0, 0, 0, 1, &stack), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCreateUserStack(0, 0, 0, 1, 3, &stack), STATUS_INVALID_PARAMETER);
}

static void test_exports(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll"), kernel32 = GetModuleHandleW(L"kernel32.dll");
    CHECK(RtlFindExportedRoutineByName(ntdll, "NtClose") == (PVOID)GetProcAddress(ntdll, "NtClose"),
          "by name");
    CHECK(!RtlFindExportedRoutineByName(ntdll, "ntclose"), "case counts");
    CHECK(!RtlFindExportedRoutineByName(kernel32, "HeapAlloc"), "a forwarder");
    CHECK(!RtlFindExportedRoutineByName(NULL, "NtClose"), "no module");
}

static void test_device_family(void)
{
    ULONGLONG version = 0;
    ULONG family = 0, form = 9, family_size = 0, form_size = 0;
    WCHAR family_name[32], form_name[32];
    RtlGetDeviceFamilyInfoEnum(&version, &family, &form);
    CHECK_EQUAL(version >> 48, 10);
    CHECK_EQUAL(family, DEVICEFAMILYINFOENUM_DESKTOP);
    CHECK_EQUAL(RtlConvertDeviceFamilyInfoToString(&family_size, &form_size, NULL, NULL),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(family_size, sizeof(L"Windows.Desktop"));
    CHECK_EQUAL(RtlConvertDeviceFamilyInfoToString(&family_size, &form_size, family_name, form_name), 0);
    CHECK(wcscmp(family_name, L"Windows.Desktop") == 0, "%ls", family_name);
    CHECK_EQUAL((wcslen(form_name) + 1) * sizeof(WCHAR), form_size);

    HANDLE token;
    SIZE_T size = 0;
    NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token);
    CHECK_EQUAL(RtlQueryPackageIdentity(token, NULL, &size, NULL, NULL, NULL), STATUS_NOT_FOUND);
    CHECK_EQUAL(RtlQueryPackageIdentityEx(token, NULL, &size, NULL, NULL, NULL, NULL), STATUS_NOT_FOUND);
    NtClose(token);
    CHECK_EQUAL(RtlQueryPackageIdentity((HANDLE)4444, NULL, &size, NULL, NULL, NULL), STATUS_INVALID_HANDLE);
}

static const RTL_PROCESS_MODULE_INFORMATION *find_module(const RTL_PROCESS_MODULES *modules, const char *name)
{
    for (ULONG i = 0; i < modules->NumberOfModules; i++) {
        const RTL_PROCESS_MODULE_INFORMATION *each = &modules->Modules[i];
        if (_stricmp((const char *)each->FullPathName + each->OffsetToFileName, name) == 0) return each;
    }
    return NULL;
}

static void test_modules(void)
{
    RTL_PROCESS_MODULES *modules;
    ULONG needed = 0, all;
    CHECK_EQUAL(LdrQueryProcessModuleInformation(NULL, 0, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK(needed > sizeof(*modules), "%lx", needed);
    modules = malloc(all = needed);
    CHECK_EQUAL(LdrQueryProcessModuleInformation(modules, all - 4, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(LdrQueryProcessModuleInformation(modules, all, &needed), 0);
    CHECK_EQUAL(needed, all);
    const RTL_PROCESS_MODULE_INFORMATION *ntdll = find_module(modules, "ntdll.dll");
    CHECK(ntdll && ntdll->ImageBase == (PVOID)GetModuleHandleW(L"ntdll.dll") && ntdll->ImageSize, "ntdll");
    CHECK(modules->Modules[0].ImageBase == (PVOID)GetModuleHandleW(NULL), "the program first");
    free(modules);
}

static void test_debug_information(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    PRTL_DEBUG_INFORMATION buffer = RtlCreateQueryDebugBuffer(0, FALSE);
    const HANDLE self = (HANDLE)(ULONG_PTR)GetCurrentProcessId();
    SIZE_T found = 0;
    void *block = HeapAlloc(heap, 0, 1000);

    CHECK_EQUAL(RtlQueryProcessDebugInformation(
                    self, RTL_QUERY_PROCESS_MODULES | RTL_QUERY_PROCESS_HEAP_SUMMARY, buffer),
                0);
    CHECK(buffer->Modules && find_module(buffer->Modules, "ntdll.dll"), "modules");
    CHECK(buffer->Heaps && buffer->Heaps->NumberOfHeaps >= 2, "heaps");
    CHECK(buffer->ProcessHeap == GetProcessHeap(), "%p", buffer->ProcessHeap);
    for (ULONG i = 0; i < buffer->Heaps->NumberOfHeaps; i++)
        if (buffer->Heaps->Heaps[i].BaseAddress == heap) found = buffer->Heaps->Heaps[i].BytesAllocated;
    CHECK(found >= 1000 && found < 0x10000, "%lx", found);
    HeapFree(heap, 0, block);
    HeapDestroy(heap);

    PROCESS_INFORMATION child = child_start("child", 0);
    WaitForSingleObject(child.hProcess, INFINITE); // it has ended: nothing to read
    CHECK(!NT_SUCCESS(RtlQueryProcessDebugInformation((HANDLE)(ULONG_PTR)child.dwProcessId,
                                                      RTL_QUERY_PROCESS_MODULES, buffer)),
          "of a process that has ended");
    CHECK(!buffer->Modules, "%p", buffer->Modules);
    CHECK_EQUAL(child_end(child), 0);
    CHECK_EQUAL(RtlDestroyQueryDebugBuffer(buffer), 0);
}

// A child that waits on an event of its parent's is seen with its modules.
static void test_another_process(void)
{
    HANDLE go = CreateEventW(NULL, TRUE, FALSE, L"LowlandRtlProcessGo");
    HANDLE ready = CreateEventW(NULL, TRUE, FALSE, L"LowlandRtlProcessReady");
    PRTL_DEBUG_INFORMATION buffer = RtlCreateQueryDebugBuffer(0x40000, FALSE);
    PROCESS_INFORMATION child = child_start("waiting child", 0);
    WaitForSingleObject(ready, INFINITE);
    CHECK_EQUAL(RtlQueryProcessDebugInformation((HANDLE)(ULONG_PTR)child.dwProcessId,
                                                RTL_QUERY_PROCESS_MODULES, buffer),
                0);
    const RTL_PROCESS_MODULE_INFORMATION *ntdll =
        buffer->Modules ? find_module(buffer->Modules, "ntdll.dll") : NULL;
    CHECK(ntdll && ntdll->ImageBase == (PVOID)GetModuleHandleW(L"ntdll.dll"), "ntdll");
    SetEvent(go);
    CHECK_EQUAL(child_end(child), 0);
    RtlDestroyQueryDebugBuffer(buffer);
    CloseHandle(go);
    CloseHandle(ready);
}

int main(int argc, char **argv)
{
    if (argc == 2) return 0;
    if (argc > 2) {
        HANDLE ready = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"LowlandRtlProcessReady");
        HANDLE go = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"LowlandRtlProcessGo");
        SetEvent(ready);
        return WaitForSingleObject(go, 60000) != WAIT_OBJECT_0;
    }
    (void)argv;
    test_stacks();
    test_exports();
    test_device_family();
    test_modules();
    test_debug_information();
    test_another_process();
    return check_summary();
}
