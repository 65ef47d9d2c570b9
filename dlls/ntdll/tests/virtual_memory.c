// Virtual memory as programs see it: regions, statuses, guard pages, write watch, growing stacks.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <string.h>

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE, PVOID *, ULONG_PTR, SIZE_T *, ULONG, ULONG);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE, PVOID *, SIZE_T *, ULONG);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE, PVOID *, SIZE_T *, ULONG, ULONG *);
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE, PVOID, int, PVOID, SIZE_T, SIZE_T *);
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE, PVOID, PVOID, SIZE_T, SIZE_T *);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE, PVOID, PVOID, SIZE_T, SIZE_T *);

#define SELF                           ((HANDLE)-1)
#define STATUS_INVALID_PAGE_PROTECTION 0xC0000045
#define STATUS_UNABLE_TO_FREE_VM       0xC000001A
#define STATUS_FREE_VM_NOT_AT_BASE     0xC000009F
#define STATUS_MEMORY_NOT_ALLOCATED    0xC00000A0
#define STATUS_NOT_COMMITTED           0xC000002D
#define STATUS_CONFLICTING_ADDRESSES   0xC0000018
#define STATUS_PARTIAL_COPY            0x8000000D

static NTSTATUS allocate(char **base, SIZE_T size, ULONG type, ULONG protect)
{
    return NtAllocateVirtualMemory(SELF, (PVOID *)base, 0, &size, type, protect);
}

static char *take(SIZE_T size, ULONG type, ULONG protect)
{
    char *base = NULL;
    CHECK_EQUAL(allocate(&base, size, type, protect), 0);
    return base;
}

static NTSTATUS release(char *base, SIZE_T size, ULONG type)
{
    return NtFreeVirtualMemory(SELF, (PVOID *)&base, &size, type);
}

static NTSTATUS protect(char *base, SIZE_T size, ULONG new_protect, ULONG *old)
{
    return NtProtectVirtualMemory(SELF, (PVOID *)&base, &size, new_protect, old);
}

static void region_at(int line, char *address, char *base, ULONG state, ULONG protection, SIZE_T size)
{
    MEMORY_BASIC_INFORMATION info;
    SIZE_T got = VirtualQuery(address, &info, sizeof info);
    CHECK(got == sizeof info, "line %d", line);
    CHECK(info.BaseAddress == (char *)((ULONG_PTR)address & ~0xfff), "line %d: base %p", line,
          info.BaseAddress);
    CHECK(info.AllocationBase == base, "line %d: allocation base %p", line, info.AllocationBase);
    CHECK(info.State == state, "line %d: state %lx", line, info.State);
    CHECK(info.Protect == protection, "line %d: protect %lx", line, info.Protect);
    CHECK(info.RegionSize == size, "line %d: size %lx", line, info.RegionSize);
}
#define REGION(...) region_at(__LINE__, __VA_ARGS__)

static void test_regions(void)
{
    ULONG old;
    char *base = take(0x20000, MEM_RESERVE, PAGE_READWRITE), *at;
    CHECK(((ULONG_PTR)base & 0xffff) == 0);
    REGION(base, base, MEM_RESERVE, 0, 0x20000);
    at = base + 0x3001;
    CHECK_EQUAL(allocate(&at, 0x1000, MEM_COMMIT, PAGE_READONLY), 0);
    CHECK(at == base + 0x3000);
    REGION(base + 0x1234, base, MEM_RESERVE, 0, 0x2000);
    REGION(base + 0x3000, base, MEM_COMMIT, PAGE_READONLY, 0x2000);
    REGION(base + 0x5000, base, MEM_RESERVE, 0, 0x1b000);
    CHECK_EQUAL(protect(base + 0x3000, 0x3000, PAGE_READWRITE, &old), STATUS_NOT_COMMITTED);
    CHECK_EQUAL(protect(base + 0x3fff, 2, PAGE_READWRITE, &old), 0);
    CHECK_EQUAL(old, PAGE_READONLY);
    memset(base + 0x3000, 0x55, 0x2000);
    CHECK_EQUAL(protect(base + 0x3000, 1, 0, &old), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_EQUAL(protect(base + 0x3000, 1, PAGE_WRITECOPY, &old), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_EQUAL(protect(base + 0x3000, 1, PAGE_READWRITE | PAGE_TARGETS_INVALID, &old),
                STATUS_INVALID_PAGE_PROTECTION);
    CHECK_EQUAL(protect(base + 0x3000, 1, PAGE_EXECUTE_READ | PAGE_TARGETS_NO_UPDATE, &old), 0);
    REGION(base + 0x3000, base, MEM_COMMIT, PAGE_EXECUTE_READ, 0x1000);
    CHECK_EQUAL(protect(base + 0x3000, 1, PAGE_READWRITE, &old), 0);
    CHECK_EQUAL(old, PAGE_EXECUTE_READ);
    CHECK_EQUAL(release(base + 0x3000, 0x1000, MEM_DECOMMIT), 0);
    REGION(base + 0x4000, base, MEM_COMMIT, PAGE_READWRITE, 0x1000);
    at = base + 0x3000;
    CHECK_EQUAL(allocate(&at, 0x2000, MEM_COMMIT, PAGE_READWRITE), 0);
    CHECK_EQUAL(base[0x3000], 0);
    CHECK_EQUAL(base[0x4000], 0x55);

    CHECK_EQUAL(release(base + 0x1000, 0, MEM_RELEASE), STATUS_FREE_VM_NOT_AT_BASE);
    CHECK_EQUAL(release(base, 0x21000, MEM_DECOMMIT), STATUS_UNABLE_TO_FREE_VM);
    at = base + 0x10000;
    CHECK_EQUAL(allocate(&at, 0x1000, MEM_RESERVE, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    CHECK_EQUAL(release(base, 0, MEM_RELEASE), 0);
    CHECK_EQUAL(release(base, 0, MEM_RELEASE), STATUS_MEMORY_NOT_ALLOCATED);
    CHECK(!VirtualAlloc(base, 0x1000, MEM_COMMIT, PAGE_READWRITE));
    base = take(0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE | PAGE_TARGETS_INVALID);
    REGION(base, base, MEM_COMMIT, PAGE_EXECUTE_READWRITE, 0x1000);
    CHECK_EQUAL(release(base, 0, MEM_RELEASE), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);

    // PAGE_NOCACHE belongs to the allocation.
    base = take(0x2000, MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE);
    CHECK_EQUAL(protect(base, 1, PAGE_READONLY, &old), 0);
    CHECK_EQUAL(old, PAGE_READWRITE | PAGE_NOCACHE);
    CHECK_EQUAL(release(base, 0, MEM_RELEASE), 0);

    // A part can be released; what is above it becomes an allocation of its own.
    base = take(0x30000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK_EQUAL(release(base + 0x10000, 0x10000, MEM_RELEASE), 0);
    REGION(base, base, MEM_COMMIT, PAGE_READWRITE, 0x10000);
    REGION(base + 0x10000, NULL, MEM_FREE, PAGE_NOACCESS, 0x10000);
    REGION(base + 0x20000, base + 0x20000, MEM_COMMIT, PAGE_READWRITE, 0x10000);
    CHECK_EQUAL(release(base, 0, MEM_RELEASE), 0);
    CHECK_EQUAL(release(base + 0x20000, 0, MEM_RELEASE), 0);
}

static EXCEPTION_RECORD seen;
static int faults;

// Notes a fault in peek or poke and goes on behind it.
static LONG CALLBACK note_fault(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    faults++;
    if (seen.ExceptionCode == STATUS_GUARD_PAGE_VIOLATION)
        return EXCEPTION_CONTINUE_EXECUTION; // the guard is gone
    pointers->ContextRecord->Eip = pointers->ContextRecord->Edi;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void poke(volatile char *address)
{
    __asm__ volatile("movl $1f, %%edi\n movb $1, (%0)\n1:" : : "r"(address) : "edi", "memory");
}

static void peek(volatile char *address)
{
    __asm__ volatile("movl $1f, %%edi\n movb (%0), %%al\n1:" : : "r"(address) : "edi", "eax", "memory");
}

static void test_faults(void)
{
    ULONG old;
    void *handler = AddVectoredExceptionHandler(1, note_fault);
    char *base = take(0x4000, MEM_COMMIT, PAGE_READONLY);
    faults = 0;
    peek(base);
    CHECK_EQUAL(faults, 0);
    poke(base + 5);
    CHECK_EQUAL(faults, 1);
    CHECK_EQUAL(seen.ExceptionCode, STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(seen.NumberParameters, 2);
    CHECK_EQUAL(seen.ExceptionInformation[0], 1);
    CHECK_EQUAL(seen.ExceptionInformation[1], (ULONG_PTR)base + 5);

    CHECK_EQUAL(protect(base, 0x2000, PAGE_READWRITE | PAGE_GUARD, &old), 0);
    REGION(base, base, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD, 0x2000);
    faults = 0;
    poke(base + 0x1234);
    CHECK_EQUAL(faults, 1);
    CHECK_EQUAL(seen.ExceptionCode, STATUS_GUARD_PAGE_VIOLATION);
    CHECK_EQUAL(seen.ExceptionInformation[0], 1);
    CHECK_EQUAL(seen.ExceptionInformation[1], (ULONG_PTR)base + 0x1234);
    CHECK_EQUAL(base[0x1234], 1);
    REGION(base, base, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD, 0x1000);
    REGION(base + 0x1000, base, MEM_COMMIT, PAGE_READWRITE, 0x1000);
    CHECK_EQUAL(protect(base, 0x1000, PAGE_NOACCESS, &old), 0);
    CHECK_EQUAL(old, PAGE_READWRITE | PAGE_GUARD);
    faults = 0;
    peek(base);
    CHECK_EQUAL(faults, 1);
    CHECK_EQUAL(seen.ExceptionInformation[0], 0);
    release(base, 0, MEM_RELEASE);
    RemoveVectoredExceptionHandler(handler);
}

static void test_copying(void)
{
    char *base = take(0x3000, MEM_COMMIT, PAGE_READWRITE), buffer[0x3000];
    ULONG old;
    SIZE_T done = 0xdead;
    memset(base, 7, 0x3000);
    CHECK_EQUAL(NtReadVirtualMemory(SELF, base + 0x10, buffer, 0x2000, &done), 0);
    CHECK_EQUAL(done, 0x2000);
    CHECK(buffer[0x1fff] == 7);
    CHECK_EQUAL(NtReadVirtualMemory(SELF, base, buffer, 0, &done), 0);
    CHECK_EQUAL(done, 0);
    CHECK_EQUAL(NtWriteVirtualMemory(SELF, base, buffer, 0x123, &done), 0);
    CHECK_EQUAL(done, 0x123);
    CHECK_EQUAL(protect(base + 0x2000, 0x1000, PAGE_NOACCESS, &old), 0);
    CHECK_EQUAL(NtWriteVirtualMemory(SELF, buffer, base, 0x3000, &done), STATUS_PARTIAL_COPY);
    CHECK_EQUAL(done, 0);
    release(base, 0, MEM_RELEASE);
    CHECK(NtReadVirtualMemory(SELF, base, buffer, 16, &done) < 0);
    CHECK_EQUAL(done, 0);
    CHECK(!ReadProcessMemory((HANDLE)0x7777, base, buffer, 16, &done));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

static void test_write_watch(void)
{
    void *written[32];
    ULONG_PTR count = 32;
    DWORD granularity, old;
    char *base = take(0x10000, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    CHECK_EQUAL(GetWriteWatch(0, base, 0x10000, written, &count, &granularity), 0);
    CHECK_EQUAL(count, 0);
    CHECK_EQUAL(granularity, 0x1000);
    base[0x3000] = 1;
    *(volatile int *)(base + 0x6ffe) = 1;
    count = 32;
    CHECK_EQUAL(GetWriteWatch(0, base, 0x10000, written, &count, &granularity), 0);
    CHECK_EQUAL(count, 3);
    CHECK(written[0] == base + 0x3000 && written[1] == base + 0x6000 && written[2] == base + 0x7000);
    count = 1;
    CHECK_EQUAL(GetWriteWatch(WRITE_WATCH_FLAG_RESET, base, 0x10000, written, &count, &granularity), 0);
    CHECK_EQUAL(count, 1);
    count = 32;
    CHECK_EQUAL(GetWriteWatch(0, base, 0x10000, written, &count, &granularity), 0);
    CHECK_EQUAL(count, 2);
    REGION(base, base, MEM_COMMIT, PAGE_READWRITE, 0x10000);
    CHECK(VirtualProtect(base, 0x10000, PAGE_READONLY, &old));
    CHECK_EQUAL(ResetWriteWatch(base, 0x10000), 0);
    count = 32;
    CHECK_EQUAL(GetWriteWatch(0, base, 0x10000, written, &count, &granularity), 0);
    CHECK_EQUAL(count, 0);
    count = 32;
    CHECK_EQUAL(GetWriteWatch(0, base - 0x1000, 0x10000, written, &count, &granularity), ~0u);
    release(base, 0, MEM_RELEASE);
}

struct stack_seen {
    char *limit_before, *limit_after, *base, *bottom;
    int depth;
};

__attribute__((noinline)) static int descend(int depth)
{
    volatile char page[4000];
    page[0] = (char)depth;
    return depth ? descend(depth - 1) + page[0] : page[0];
}

static DWORD WINAPI grow(void *argument)
{
    struct stack_seen *stack = argument;
    NT_TIB *tib = (NT_TIB *)NtCurrentTeb();
    MEMORY_BASIC_INFORMATION info;
    stack->limit_before = tib->StackLimit;
    stack->base = tib->StackBase;
    descend(40);
    stack->limit_after = tib->StackLimit;
    VirtualQuery(tib->StackLimit, &info, sizeof info);
    stack->bottom = info.AllocationBase;
    REGION(stack->limit_after, stack->bottom, MEM_COMMIT, PAGE_READWRITE,
           (SIZE_T)(stack->base - stack->limit_after));
    VirtualQuery(stack->limit_after - 1, &info, sizeof info);
    CHECK_EQUAL(info.Protect, PAGE_READWRITE | PAGE_GUARD);
    return 0;
}

static int overflows;
static LONG CALLBACK note_overflow(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != STATUS_STACK_OVERFLOW) return EXCEPTION_CONTINUE_SEARCH;
    overflows++;
    pointers->ContextRecord->Eip = pointers->ContextRecord->Edi;
    pointers->ContextRecord->Esp = pointers->ContextRecord->Esi;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static DWORD WINAPI overflow(void *argument)
{
    MEMORY_BASIC_INFORMATION info;
    VirtualQuery((void *)__builtin_frame_address(0), &info, sizeof info);
    // Pushes until the handler takes it out of there.
    __asm__ volatile("movl $2f, %%edi\n movl %%esp, %%esi\n1: pushl $0\n jmp 1b\n2:"
                     :
                     :
                     : "esi", "edi", "memory");
    *(char **)argument = info.AllocationBase;
    CHECK((char *)((NT_TIB *)NtCurrentTeb())->StackLimit <= (char *)info.AllocationBase + 0x4000,
          "limit %p, bottom %p", ((NT_TIB *)NtCurrentTeb())->StackLimit, info.AllocationBase);
    return 17;
}

static void test_stacks(void)
{
    struct stack_seen stack;
    char *bottom;
    DWORD code;
    HANDLE thread = CreateThread(NULL, 0x100000, grow, &stack, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CHECK_EQUAL(stack.base - stack.bottom, 0x100000);
    CHECK(stack.limit_before >= stack.limit_after && stack.limit_after < stack.base - 40 * 4000, "%p %p",
          stack.limit_before, stack.limit_after);

    void *handler = AddVectoredExceptionHandler(1, note_overflow);
    thread = CreateThread(NULL, 0x40000, overflow, &bottom, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    WaitForSingleObject(thread, INFINITE);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, 17);
    CHECK_EQUAL(overflows, 1);
    CloseHandle(thread);
    RemoveVectoredExceptionHandler(handler);
}

int main(void)
{
    test_regions();
    test_faults();
    test_copying();
    test_write_watch();
    test_stacks();
    return check_summary();
}
