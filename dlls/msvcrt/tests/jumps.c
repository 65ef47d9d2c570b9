// setjmp and longjmp, structured exceptions through the runtime's handler, signals, exit functions.
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <windows.h>

static jmp_buf buffer;
static volatile int steps;

static __attribute__((noinline)) void jump(int value)
{
    longjmp(buffer, value);
}

static void test_setjmp(void)
{
    int value = setjmp(buffer);

    if (!value) jump(7);
    if (value == 7) jump(0);
    CHECK_EQUAL(value, 1);
}

// A __try frame as a compiler lays it out, on the runtime's own handler.
struct scope {
    int enclosing;
    void *filter, *handler;
};
struct frame {
    DWORD saved_esp;
    void *pointers;
    void *previous, *handler;
    const struct scope *table;
    int level;
    DWORD ebp;
};

static int filter_calls;
static DWORD filter_code;
static struct frame *current;

static int __cdecl filter(void)
{
    EXCEPTION_POINTERS *pointers = current->pointers;
    filter_calls++;
    filter_code = pointers->ExceptionRecord->ExceptionCode;
    return EXCEPTION_EXECUTE_HANDLER;
}

static void __cdecl finally(void)
{
    steps++;
}
static void handler(void)
{
    longjmp(buffer, 2);
}

static void test_try(void)
{
    static struct scope table[2] = {{-1, filter, handler}, {0, NULL, finally}};
    struct frame frame;
    DWORD chain;
    int value;

    __asm__("movl %%fs:0, %0" : "=r"(chain));
    frame.previous = (void *)chain;
    frame.handler = (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "_except_handler3");
    frame.table = table;
    frame.level = 1;
    frame.ebp = 0;
    current = &frame;
    value = setjmp(buffer);
    if (!value) {
        __asm__ volatile("movl %0, %%fs:0" : : "r"(&frame.previous) : "memory");
        RaiseException(0xE0000001, 0, 0, NULL);
    }
    __asm__ volatile("movl %0, %%fs:0" : : "r"(chain) : "memory");
    CHECK_EQUAL(value, 2);
    CHECK_EQUAL(filter_calls, 1);
    CHECK_EQUAL(filter_code, 0xE0000001);
    CHECK_EQUAL(steps, 1);
    CHECK_EQUAL(frame.level, -1);
}

static int signalled;
static void __cdecl on_signal(int sig)
{
    signalled = sig;
}

static void test_signals(void)
{
    CHECK(signal(SIGTERM, on_signal) == SIG_DFL, "first");
    CHECK_EQUAL(raise(SIGTERM), 0);
    CHECK_EQUAL(signalled, SIGTERM);
    CHECK(signal(SIGTERM, SIG_IGN) == SIG_DFL, "reset by delivery");
    CHECK_EQUAL(raise(SIGTERM), 0);
    CHECK(signal(1234, SIG_IGN) == SIG_ERR, "no such signal");
}

int main(void)
{
    test_setjmp();
    test_try();
    test_signals();
    return check_summary();
}
