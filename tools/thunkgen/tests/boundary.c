// A Windows program that makes every call of interface 15 across the real boundary, under a lowland that was
// built with test_host.c. It needs ntdll alone. "time" as its argument: also the cost of the emptiest call.
#include "ntdll.h"
#include "test.h"

static unsigned passed, failed;

static void print(const char *text)
{
    IO_STATUS_BLOCK io;
    ULONG length = 0;
    while (text[length]) length++;
    NtWriteFile(NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters->StandardOutput, NULL, NULL, NULL,
                &io, (void *)text, length, NULL, NULL);
}

static void print_number(ULONG number)
{
    char text[11], *p = text + 10;
    *p = 0;
    do *--p = (char)('0' + number % 10);
    while (number /= 10);
    print(p);
}

static void check(int good, const char *what, int line)
{
    if (good) {
        passed++;
        return;
    }
    failed++;
    print("line ");
    print_number((ULONG)line);
    print(": ");
    print(what);
    print("\n");
}

#define CHECK(condition) check(!!(condition), #condition, __LINE__)

static void values(void)
{
    volatile float small = 2.5f;
    volatile double large = 4.0;
    TEST_POINT point = {1, 2};
    TEST_BIG big = {{4, 0, 0, 0, 0, 5}};
    TestEmpty();
    CHECK(TestSum(1, 2, 3) == 321);
    CHECK(TestShort(-1, 255, -2, 1, 0x8000) == -1 + 255 - 2 + 1 + 0x8000);
    CHECK(TestNegative(5) == -5);
    CHECK(TestWide(-2, 0x100000000, 0x77) == -0x200000000 + 0x77);
    CHECK(TestFloat(small, 1.25f) == 1.25f);
    CHECK(TestDouble(small, large, -1) == 9.0);
    CHECK(TestCdecl(9, 4) == 5);
    CHECK(TestVarargs(3, 10, 20, 30) == 60);
    CHECK(TestStructures(point, 3, big) == 15);
    CHECK(TestSwap(point).x == 2 && TestSwap(point).y == 1);
    CHECK(TestHandle((HANDLE)0xF0, (HWND)0xFF) == (HANDLE)0x0F);
    CHECK(TestEnum(TestGreen, TestMinus) == TestBlue);
    CHECK(TestStatus(STATUS_PENDING) == STATUS_PENDING);
}

static void pointers(void)
{
    TEST_BIG big = {{11, 0, 0, 0, 0, 22}};
    LARGE_INTEGER wide = {.QuadPart = 33ll << 32};
    TEST_POINT point;
    ULONG number = 1, numbers[] = {0, 1, 2, 3};
    HANDLE handles[65];
    char in[4] = {1, 2, 3, 4}, out[4];
    CHECK(TestIn(&big, NULL) == 33);
    CHECK(TestIn(&big, &wide) == 66);
    CHECK(TestOut(STATUS_SUCCESS, &number, &point) == STATUS_SUCCESS && number == 7 && point.x == 8 &&
          point.y == 9);
    number = 1;
    CHECK(TestOut(STATUS_UNSUCCESSFUL, &number, NULL) == STATUS_UNSUCCESSFUL && number == 1);
    CHECK(TestOut(STATUS_BUFFER_OVERFLOW, &number, NULL) == STATUS_BUFFER_OVERFLOW && number == 7);
    number = 1;
    CHECK(TestOutAlways(STATUS_UNSUCCESSFUL, &number) == STATUS_UNSUCCESSFUL && number == 7);
    CHECK(TestInOut(STATUS_SUCCESS, &point, &number) == STATUS_SUCCESS && point.x == 9 && number == 8);
    for (int i = 0; i < 65; i++) handles[i] = (HANDLE)i;
    CHECK(TestArray(64, handles) == 63 * 32);
    CHECK(TestArray(65, handles) == STATUS_INVALID_PARAMETER);
    CHECK(TestOptArray(numbers, 2) == 6 && TestOptArray(NULL, 2) == -1);
    CHECK(TestBytes(in, out, 4) == STATUS_SUCCESS && out[3] == (char)~4);
    CHECK(TestByClass(TestClassPoint, &point, sizeof point) == STATUS_SUCCESS && point.y == 0x11111111);
    CHECK(TestByClass(TestBlue, &point, sizeof point) == STATUS_INFO_LENGTH_MISMATCH);
    CHECK(TestNoStatus(&numbers[2], &number) == TRUE && number == 3);
}

static void bad_pointers(void)
{
    ULONG number = 0;
    TEST_POINT point;
    void *const bad[] = {NULL,         (void *)8, (void *)0x7FFEFFFE, (void *)0x80000000, (void *)0xFFFFFFFE,
                         (void *)print};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        int writable_only = bad[i] == (void *)print;
        if (!writable_only) {
            CHECK(TestIn(bad[i], NULL) == STATUS_ACCESS_VIOLATION);
            CHECK(TestArray(1, bad[i]) == STATUS_ACCESS_VIOLATION);
            CHECK(TestBytes(bad[i], &number, 4) == STATUS_ACCESS_VIOLATION);
            CHECK(TestNoStatus(bad[i], &number) == FALSE);
        }
        CHECK(TestOut(STATUS_SUCCESS, bad[i], &point) == STATUS_ACCESS_VIOLATION);
        CHECK(TestOutAlways(STATUS_UNSUCCESSFUL, bad[i]) == STATUS_ACCESS_VIOLATION);
        CHECK(TestInOut(STATUS_SUCCESS, bad[i], NULL) == STATUS_ACCESS_VIOLATION);
        CHECK(TestBytes(&point, bad[i], 4) == STATUS_ACCESS_VIOLATION);
    }
}

static void nested(void)
{
    TEST_NESTED value = {
        .high = 5, .pairs = {{.handle = (HANDLE)3}}, .flags = {.bits = {.low = 17, .high = 1}}};
    TestNested(&value);
    CHECK(value.flags.bits.high == 17 && value.flags.bits.low == 17 && value.high == 6);
    CHECK(value.pairs[1].handle == (HANDLE)3 && value.last == 0xAB);
}

static unsigned notified;

static LONGLONG __stdcall back(LONG a, LONGLONG b, SHORT c, double d, TEST_POINT e, HANDLE f, void *g)
{
    CHECK(a == -1 && b == 0x100000002 && c == -3 && d == 4.5);
    CHECK(e.x == 5 && e.y == 6 && f == (HANDLE)0x44);
    // Calls nest.
    if (*(ULONG *)g > 0) {
        LONGLONG result = 0;
        --*(ULONG *)g;
        CHECK(TestCallBack(back, f, g, &result) == STATUS_SUCCESS);
        return result + 1;
    }
    return 0x500000000;
}

static void __cdecl notify(void)
{
    notified++;
}

static void callbacks(void)
{
    LONGLONG result = 0;
    ULONG depth = 20;
    CHECK(TestCallBack(back, (HANDLE)0x44, &depth, &result) == STATUS_SUCCESS);
    CHECK(result == 0x500000000 + 20 && depth == 0);
    ULONG before = notified;
    CHECK(TestCallNotify(notify) == STATUS_SUCCESS && notified == before + 1);
}

// ---- callbacks that never return

static void *jump[5];

static void __cdecl jump_out(void)
{
    __builtin_longjmp(jump, 1);
}

static ULONG depth_left;
static void __cdecl jump_out_of_many(void)
{
    if (depth_left-- == 0) __builtin_longjmp(jump, 1);
    TestCallNotify(jump_out_of_many);
}

static __attribute__((noinline)) void abandon(void (*function)(void))
{
    if (!__builtin_setjmp(jump)) TestCallNotify(function);
}

// Each abandoned frame would keep some hundred bytes of a host stack of 256 KiB.
static void abandoned(void)
{
    for (ULONG i = 0; i < 20000; i++) abandon(jump_out);
    for (ULONG i = 0; i < 2000; i++) {
        depth_left = 10;
        abandon(jump_out_of_many);
    }
    CHECK(TestSum(1, 2, 3) == 321);
    callbacks();
}

static void __cdecl abandon_inside(void)
{
    for (ULONG i = 0; i < 2000; i++) abandon(jump_out);
    notified++;
}

// What lies around the abandoned ones goes on.
static void abandoned_inside(void)
{
    notified = 0;
    CHECK(TestCallNotify(abandon_inside) == STATUS_SUCCESS && notified == 1);
    CHECK(TestSum(1, 2, 3) == 321);
}

static NTSTATUS deepest;
static void __cdecl recurse(void)
{
    NTSTATUS status = TestCallNotify(recurse);
    if (deepest == STATUS_SUCCESS) deepest = status;
}

// Without end: the host's stack says so, not the host's kernel.
static void endless(void)
{
    CHECK(TestCallNotify(recurse) == STATUS_SUCCESS && deepest == STATUS_STACK_OVERFLOW);
}

// On a fiber's stack inside a callback: the callback's frame stays while the fiber crosses, wherever its
// stack lies.
static char fiber_stack[65536] __attribute__((aligned(16)));
static ULONG fiber_calls;

static void fiber(void)
{
    for (ULONG i = 0; i < 100; i++) fiber_calls += TestSum(1, 2, 3) == 321;
    callbacks();
    abandon(jump_out);
}

static void __cdecl switch_stacks(void)
{
    TEB *teb = NtCurrentTeb();
    NT_TIB old = teb->NtTib;
    teb->NtTib.StackBase = fiber_stack + sizeof fiber_stack;
    teb->NtTib.StackLimit = fiber_stack;
    __asm__ volatile("movl %%esp, %%ebx\nmovl %0, %%esp\ncall *%1\nmovl %%ebx, %%esp"
                     :
                     : "S"(fiber_stack + sizeof fiber_stack - 16), "D"(fiber)
                     : "eax", "ebx", "ecx", "edx", "memory", "cc");
    teb->NtTib = old;
    notified++;
}

static void fibers(void)
{
    notified = 0;
    CHECK(TestCallNotify(switch_stacks) == STATUS_SUCCESS);
    CHECK(fiber_calls == 100 && notified == 2);
    CHECK(TestSum(1, 2, 3) == 321);
}

static USHORT control_inside;
static void __cdecl change_control(void)
{
    static const USHORT down = 0x67f;
    __asm__ volatile("fnstcw %0\nfldcw %1" : "=m"(control_inside) : "m"(down));
}

// The floating-point control words are the thread's: a callback sees them, and what it sets stays.
static void control_words(void)
{
    static const USHORT up = 0xa7f, normal = 0x27f;
    USHORT control;
    __asm__ volatile("fldcw %0" : : "m"(up));
    CHECK(TestCallNotify(change_control) == STATUS_SUCCESS);
    __asm__ volatile("fnstcw %0\nfldcw %1" : "=m"(control) : "m"(normal));
    CHECK(control_inside == up && control == 0x67f);
    CHECK(TestCallNotify(change_control) == STATUS_SUCCESS);
    __asm__ volatile("fnstcw %0\nfldcw %1" : "=m"(control) : "m"(normal));
    CHECK(control_inside == normal && control == 0x67f);
}

static void __cdecl end_thread(void)
{
    NtTerminateThread(NtCurrentThread(), 44);
}

static ULONG __stdcall thread_in_callback(void *argument)
{
    (void)argument;
    TestCallNotify(end_thread);
    return 1;
}

static void thread_ends_inside(void)
{
    for (int i = 0; i < 50; i++) {
        HANDLE thread;
        THREAD_BASIC_INFORMATION info;
        if (!NT_SUCCESS(NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                         (void *)thread_in_callback, NULL, 0, 0, 0, 0, NULL))) {
            CHECK(0);
            return;
        }
        NtWaitForSingleObject(thread, FALSE, NULL);
        CHECK(
            NT_SUCCESS(NtQueryInformationThread(thread, ThreadBasicInformation, &info, sizeof info, NULL)) &&
            info.ExitStatus == 44);
        NtClose(thread);
    }
}

static void time_empty_call(void)
{
    enum { CALLS = 10000000 };
    LARGE_INTEGER begin, end;
    NtQueryPerformanceCounter(&begin, NULL);
    for (int i = 0; i < CALLS; i++) TestEmpty();
    NtQueryPerformanceCounter(&end, NULL);
    // 100 ns each: tenths of a nanosecond a call are thousandths of a tick.
    print("empty call: ");
    print_number((ULONG)((ULONG)(end.QuadPart - begin.QuadPart) / (CALLS / 1000)) / 10);
    print(" ns\n");
}

void start(void);
void start(void)
{
    UNICODE_STRING *line = &NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters->CommandLine;
    values();
    pointers();
    bad_pointers();
    nested();
    callbacks();
    abandoned();
    abandoned_inside();
    endless();
    fibers();
    control_words();
    thread_ends_inside();
    if (line->Length >= 8 && line->Buffer[line->Length / 2 - 1] == 'e' &&
        line->Buffer[line->Length / 2 - 4] == 't') {
        time_empty_call();
    }
    print_number(passed);
    print(" passed, ");
    print_number(failed);
    print(" failed\n");
    NtTerminateProcess(NtCurrentProcess(), failed ? 1 : 0);
}
