// Every trap that the processor has for a program, and the system call instructions of other systems: which
// exception each one is, where, and with which parameters.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <string.h>

static EXCEPTION_RECORD seen;
static CONTEXT seen_context;
static int calls;
static DWORD expected_at;

// Continues at EDI. Each trapping instruction below has its address in ESI.
static LONG CALLBACK skip(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode == 0x40010006)
        return EXCEPTION_CONTINUE_SEARCH; // debug output
    if (!calls++) {
        seen = *pointers->ExceptionRecord;
        seen_context = *pointers->ContextRecord;
    }
    pointers->ContextRecord->Eip = pointers->ContextRecord->Edi;
    pointers->ContextRecord->EFlags &= ~0x40100;
    return EXCEPTION_CONTINUE_EXECUTION;
}

#define CODE(before, trap)                                                                                   \
    do {                                                                                                     \
        memset(&seen, 0, sizeof seen);                                                                       \
        calls = 0;                                                                                           \
        __asm__ volatile("pushl %%ebx\npushl %%ebp\nmovl $2f, %%esi\nmovl $3f, %%edi\n" before "\n2:" trap   \
                         "\n3: movl %%esi, %0\npopl %%ebp\npopl %%ebx"                                       \
                         : "=m"(expected_at)                                                                 \
                         :                                                                                   \
                         : "edi", "esi", "eax", "edx", "ecx", "memory", "cc");                               \
    } while (0)

#define TRAPS(before, trap, code, parameters)                                                                \
    do {                                                                                                     \
        CODE(before, trap);                                                                                  \
        CHECK(calls == 1, "%s: %d exceptions", trap, calls);                                                 \
        CHECK(seen.ExceptionCode == (DWORD)(code), "%s: %lx", trap, seen.ExceptionCode);                     \
        CHECK(seen.NumberParameters == (parameters), "%s: %lu parameters", trap, seen.NumberParameters);     \
        CHECK((DWORD)seen.ExceptionAddress == expected_at, "%s: at %+d", trap,                               \
              (int)((DWORD)seen.ExceptionAddress - expected_at));                                            \
    } while (0)
#define INFORMATION(first, second)                                                                           \
    do {                                                                                                     \
        CHECK_EQUAL(seen.ExceptionInformation[0], first);                                                    \
        CHECK_EQUAL(seen.ExceptionInformation[1], second);                                                   \
    } while (0)

DWORD three = 3;
char *volatile at;

static void test_integers(void)
{
    TRAPS("xorl %%edx,%%edx\nmovl $1,%%eax\nxorl %%ecx,%%ecx", "divl %%ecx", EXCEPTION_INT_DIVIDE_BY_ZERO, 0);
    TRAPS("movl $-1,%%edx\nmovl $0x80000000,%%eax\nmovl $-1,%%ecx", "idivl %%ecx", EXCEPTION_INT_OVERFLOW, 0);
    TRAPS("movl $3,%%edx\nxorl %%eax,%%eax", "divl _three", EXCEPTION_INT_OVERFLOW, 0);
    TRAPS("movl $0x300,%%eax\nmovl $_three,%%ebx\nmovl $2,%%ecx\nsubl $8,%%ebx", "divb (%%ebx,%%ecx,4)",
          EXCEPTION_INT_OVERFLOW, 0);
    TRAPS("movl $0x300,%%eax\nmovl $_three,%%ebx", "divb 1(%%ebx)", EXCEPTION_INT_DIVIDE_BY_ZERO, 0);
    TRAPS("movl $0x300,%%eax\nmovl $1,%%edx\nmovl $0x10000,%%ecx", "divw %%cx", EXCEPTION_INT_DIVIDE_BY_ZERO,
          0);
    CODE("movl $0x7fffffff,%%eax\nincl %%eax", "into");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_INT_OVERFLOW);
    CHECK((DWORD)seen.ExceptionAddress == expected_at + 1, "into: at %+d",
          (int)((DWORD)seen.ExceptionAddress - expected_at));
    TRAPS("pushl $5\npushl $1\nmovl $9,%%eax\nmovl %%esp,%%edx\naddl $8,%%esp", "bound %%eax,-8(%%esp)",
          EXCEPTION_ARRAY_BOUNDS_EXCEEDED, 0);
}

static void test_breakpoints(void)
{
    TRAPS("", "int3", EXCEPTION_BREAKPOINT, 1);
    CHECK_EQUAL(seen.ExceptionInformation[0], 0);
    CHECK_EQUAL(seen_context.Eip, expected_at);
    CODE("", ".byte 0xcd,3");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_BREAKPOINT);
    CHECK((DWORD)seen.ExceptionAddress == expected_at + 1, "int $3: at %+d",
          (int)((DWORD)seen.ExceptionAddress - expected_at));
    CODE("movl $0x1234,%%eax", ".byte 0xcd,0x2d\nnop\nnop");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_BREAKPOINT);
    CHECK_EQUAL((DWORD)seen.ExceptionAddress - expected_at, 3);
    CHECK_EQUAL(seen_context.Eip - expected_at, 2);
    CHECK_EQUAL(seen.NumberParameters, 1);
    CHECK_EQUAL(seen.ExceptionInformation[0], 0x1234);
    if (!processor_is_emulated()) TRAPS("", "int1", EXCEPTION_SINGLE_STEP, 0);
}

static void test_opcodes(void)
{
    TRAPS("", "ud2", EXCEPTION_ILLEGAL_INSTRUCTION, 0);
    TRAPS("", "hlt", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("", "cli", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("", "inb $0x60,%%al", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("movl $0x60,%%edx", "rep insb", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("", "movl %%eax,%%cr0", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("", "movl %%dr7,%%eax", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("", "invd", EXCEPTION_PRIV_INSTRUCTION, 0);
    TRAPS("movl $0xfffb,%%eax", "movl %%eax,%%ds", EXCEPTION_ACCESS_VIOLATION, 2);
}

static void test_memory(void)
{
    TRAPS("", "movl 0,%%eax", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(0, 0);
    TRAPS("", "movl %%eax,0x123", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(1, 0x123);
    TRAPS("", "movl %%eax,0xfffffff0", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(1, 0xfffffff0);
    char *page = VirtualAlloc(NULL, 0x2000, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    DWORD old;
    at = page;
    page[0] = (char)0xc3;
    VirtualProtect(page, 0x1000, PAGE_READONLY, &old);
    TRAPS("movl _at,%%ebx", "movb $1,(%%ebx)", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(1, (DWORD)page);
    VirtualProtect(page, 0x1000, PAGE_READWRITE | PAGE_GUARD, &old);
    TRAPS("movl _at,%%ebx", "movb 5(%%ebx),%%al", EXCEPTION_GUARD_PAGE, 2);
    INFORMATION(0, (DWORD)page + 5);
    CODE("movl _at,%%ebx", "movb 5(%%ebx),%%al");
    CHECK_EQUAL(calls, 0);
    VirtualProtect(page, 0x1000, PAGE_NOACCESS, &old);
    TRAPS("movl _at,%%ebx", "movb 5(%%ebx),%%al", EXCEPTION_ACCESS_VIOLATION, 2);
    // Execution of data: this program is marked NX-compatible.
    VirtualProtect(page, 0x1000, PAGE_READWRITE, &old);
    CODE("movl _at,%%ebx", "jmp *%%ebx");
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(seen.ExceptionAddress, page);
    INFORMATION(8, (DWORD)page);
    CHECK_EQUAL(seen_context.Eip, page);
    VirtualFree(page, 0, MEM_RELEASE);
}

static void test_single_step(void)
{
    // The instruction after POPF is the first one that traps, behind itself.
    TRAPS("pushfl\norl $0x100,(%%esp)\nleal 2f+2,%%esi", "popfl\nnop\nnop", EXCEPTION_SINGLE_STEP, 0);
    CHECK(!(seen_context.EFlags & 0x100), "the trap flag is set in the context");
}

// ---- stray system calls: exit_group of 32-bit Linux, and of 64-bit Linux ----

static void test_stray_calls(void)
{
    TRAPS("movl $252,%%eax\nmovl $77,%%ebx", "int $0x80", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(0, 0xffffffff);
    CHECK_EQUAL(seen_context.Eax, 252);
    CHECK_EQUAL(seen_context.Ebx, 77);
    TRAPS("movl $231,%%eax", "int $0x80", EXCEPTION_ACCESS_VIOLATION, 2);
    TRAPS("movl $252,%%eax\nmovl $77,%%ebx", "int $0x81", EXCEPTION_ACCESS_VIOLATION, 2);
    TRAPS("movl $252,%%eax", "int $0x20", EXCEPTION_ACCESS_VIOLATION, 2);
    CODE("movl $252,%%eax\nmovl $77,%%ebx", ".byte 0x0f,0x05");
    CHECK(calls == 1, "syscall");
    CODE("movl $231,%%eax\nmovl $77,%%ebx", ".byte 0x0f,0x05");
    CHECK(calls == 1, "syscall");
}

// Code for the 64-bit mode, which a far jump to selector 33h enters: what it runs into is the program's
// exception, and what it asks of a 64-bit Windows reaches no other system.
static void test_64_bit_code(void)
{
    TRAPS("ljmp $0x33,$2f", "ud2", EXCEPTION_ILLEGAL_INSTRUCTION, 0);
    TRAPS("ljmp $0x33,$2f", ".byte 0x65,0x48,0x8b,0x04,0x25,0x60,0,0,0", EXCEPTION_ACCESS_VIOLATION, 2);
    INFORMATION(0, 0x60);                               // of gs: there is no 64-bit TEB
    CODE("movl $231,%%eax\nljmp $0x33,$2f", "syscall"); // exit_group
    CHECK_EQUAL(calls, 1);
    CHECK_EQUAL(seen.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);
}

// SYSENTER enters the kernel with the stack pointer that EBP names; where the exception is, nobody promises.
void *volatile stack_pointer;
static void test_sysenter(unsigned number)
{
    calls = 0;
    __asm__ volatile("pushl %%ebx\npushl %%ebp\nmovl %%esp,_stack_pointer\nmovl $3f,%%edi\nmovl $77,%%ebx\n"
                     "subl $64,%%esp\nmovl %%esp,%%ebp\nsysenter\n3: movl _stack_pointer,%%esp\npopl %%ebp\n"
                     "popl %%ebx"
                     : "+a"(number)
                     :
                     : "edi", "esi", "edx", "ecx", "memory", "cc");
    CHECK_EQUAL(calls, 1);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    (void)argv;
    void *handle = AddVectoredExceptionHandler(1, skip);
    test_integers();
    test_breakpoints();
    test_opcodes();
    test_memory();
    test_single_step();
    if (argc == 1) { // some hosts of this test catch none of this
        test_stray_calls();
        test_64_bit_code();
        test_sysenter(252);
        test_sysenter(231);
        TRAPS("movl $252,%%eax\nmovl $77,%%ebx\nmovl %%esp,%%edx", "int $0x2e", EXCEPTION_ACCESS_VIOLATION,
              2);
    }
    RemoveVectoredExceptionHandler(handle);
    return check_summary();
}
