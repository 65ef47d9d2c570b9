// Floating-point state: control words that survive calls into the system, unmasked exceptions, contexts that
// carry it; and stepping over such a call, stack overflows, stacks that cannot take an exception.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtContinue(PCONTEXT, BOOLEAN);

static void set_fpu(WORD control)
{
    __asm__ volatile("fldcw %0" : : "m"(control));
}
static WORD get_fpu(void)
{
    WORD control;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    return control;
}
static void set_mxcsr(DWORD value)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
}
static DWORD get_mxcsr(void)
{
    DWORD value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static void test_control_words(void)
{
    static const WORD fpu[] = {0x27f, 0x37f, 0x07f, 0x67f, 0xa7f, 0xe7f, 0xf7f, 0x272, 0x360, 0xc72};
    static const DWORD sse[] = {0x1f80, 0x3f80, 0x5f80, 0x7f80, 0x9f80,
                                0x1fc0, 0xffc0, 0x0f80, 0x1d00, 0x1fa5};
    for (unsigned i = 0; i < sizeof fpu / sizeof *fpu; i++) {
        set_fpu(fpu[i]);
        set_mxcsr(sse[i]);
        NtTestAlert();
        WORD control = get_fpu();
        DWORD mxcsr = get_mxcsr();
        Sleep(1);
        WORD control2 = get_fpu();
        DWORD mxcsr2 = get_mxcsr();
        set_fpu(0x37f);
        set_mxcsr(0x1f80);
        CHECK_EQUAL(control, fpu[i]);
        CHECK_EQUAL(mxcsr, sse[i]);
        CHECK_EQUAL(control2, fpu[i]);
        CHECK_EQUAL(mxcsr2, sse[i]);
    }
    // Status flags stay, with any control word.
    WORD status;
    set_fpu(0xf7f);
    __asm__ volatile("fld1\nfldz\nfdivrp\nfstp %%st(0)" : : : "st", "st(1)");
    NtTestAlert();
    __asm__ volatile("fnstsw %0\nfnclex" : "=m"(status));
    set_fpu(0x37f);
    CHECK_EQUAL(status & 0xff, 4);
    // A direction flag that is set harms nobody.
    NTSTATUS result;
    __asm__ volatile("std\ncall *%1\ncld" : "=a"(result) : "r"(NtTestAlert) : "ecx", "edx", "memory", "cc");
    CHECK_EQUAL(result, 0);
}

static DWORD CALLBACK initial_words(void *words)
{
    ((DWORD *)words)[0] = get_fpu();
    ((DWORD *)words)[1] = get_mxcsr();
    return 0;
}

static EXCEPTION_RECORD seen;
static CONTEXT seen_context;
static int calls;
static WORD handler_fpu, handler_status;

static LONG CALLBACK skip(EXCEPTION_POINTERS *pointers)
{
    __asm__ volatile("fnstcw %0\nfnstsw %1" : "=m"(handler_fpu), "=m"(handler_status));
    // Arithmetic must work here.
    volatile double half = 1.0;
    half /= 2;
    calls++;
    seen = *pointers->ExceptionRecord;
    seen_context = *pointers->ContextRecord;
    CONTEXT *context = pointers->ContextRecord;
    context->Eip = context->Edi;
    context->FloatSave.StatusWord &= ~0x80ff;
    context->FloatSave.ControlWord |= 0x3f;
    *(WORD *)context->ExtendedRegisters |= 0x3f;
    *(WORD *)(context->ExtendedRegisters + 2) &= ~0x80ff;
    *(DWORD *)(context->ExtendedRegisters + 24) = 0x1f80;
    return half == 0.5 ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

static DWORD expected_at;
#define FLOAT(control, mxcsr, code, name)                                                                    \
    do {                                                                                                     \
        calls = 0;                                                                                           \
        set_fpu(control);                                                                                    \
        set_mxcsr(mxcsr);                                                                                    \
        __asm__ volatile("movl $2f,%%esi\nmovl $3f,%%edi\n" code "\n3: movl %%esi,%0\nfninit"                \
                         : "=m"(expected_at)                                                                 \
                         :                                                                                   \
                         : "esi", "edi", "eax", "memory");                                                   \
        set_fpu(0x37f);                                                                                      \
        set_mxcsr(0x1f80);                                                                                   \
        CHECK(calls == 1, "%s: %d exceptions", code, calls);                                                 \
        CHECK(seen.ExceptionCode == (DWORD)(name), "%s: %lx", code, seen.ExceptionCode);                     \
        CHECK((DWORD)seen.ExceptionAddress == expected_at, "%s: at %+d", code,                               \
              (int)((DWORD)seen.ExceptionAddress - expected_at));                                            \
    } while (0)

double big = 1e300;

static void test_unmasked(void)
{
    void *handle = AddVectoredExceptionHandler(1, skip);
    // x87 tells at the next waiting instruction.
    FLOAT(0x27b, 0x1f80, "fld1\nfldz\nfdivrp\n2: fwait", EXCEPTION_FLT_DIVIDE_BY_ZERO);
    CHECK_EQUAL(seen.NumberParameters, 1);
    CHECK_EQUAL(seen_context.FloatSave.ControlWord & 0xffff, 0x27b);
    CHECK_EQUAL(seen_context.FloatSave.StatusWord & 0x84, 0x84);
    FLOAT(0x27e, 0x1f80, "fld1\nfchs\nfsqrt\n2: fwait", EXCEPTION_FLT_INVALID_OPERATION);
    FLOAT(0x277, 0x1f80, "fldl _big\nfldl _big\nfmulp\nfstps -16(%%esp)\n2: fwait", EXCEPTION_FLT_OVERFLOW);
    FLOAT(0x25f, 0x1f80, "fld1\nfldpi\nfdivrp\n2: fwait", EXCEPTION_FLT_INEXACT_RESULT);
    if (!processor_is_emulated()) {
        FLOAT(0x27e, 0x1f80, "fninit\nfldcw 4f\nfstp %%st(0)\n2: fwait\njmp 3f\n4: .word 0x27e\n",
              EXCEPTION_FLT_STACK_CHECK);
        // SSE at once; one code for all.
        FLOAT(0x37f, 0x1d80,
              "movl $1,%%eax\ncvtsi2sd %%eax,%%xmm0\nxorps %%xmm1,%%xmm1\n2: divsd %%xmm1,%%xmm0",
              STATUS_FLOAT_MULTIPLE_TRAPS);
    }
    // A pending exception survives a call into the system.
    FLOAT(
        0x27b, 0x1f80,
        "fld1\nfldz\nfdivrp\npushl %%edi\npushl %%esi\ncall _NtTestAlert@0\npopl %%esi\npopl %%edi\n2: fwait",
        EXCEPTION_FLT_DIVIDE_BY_ZERO);
    RemoveVectoredExceptionHandler(handle);
}

// ---- contexts ----

static void test_continue(void)
{
    static CONTEXT context;
    static DWORD eax, ebx, esi, edi, mxcsr;
    static WORD control;
    static double top, xmm;
    context.ContextFlags = CONTEXT_FULL | CONTEXT_FLOATING_POINT | CONTEXT_EXTENDED_REGISTERS;
    GetThreadContext(GetCurrentThread(), &context);
    __asm__ volatile("pushl %%ebx\npushl %%ebp\n"
                     "movl $1f,0xb8(%0)\nmovl %%esp,0xc4(%0)\nmovl %%ebp,0xb4(%0)\n"
                     "movl $0x11,0xb0(%0)\nmovl $0x22,0xa4(%0)\nmovl $0x33,0xa0(%0)\nmovl $0x44,0x9c(%0)\n"
                     "movw $0x0c7f,0xcc(%0)\nmovl $0x7f80,0xe4(%0)\n" // FCW and MXCSR
                     "movb $0x80,0xd0(%0)\nmovw $0x3800,0xce(%0)\n"
                     "movl $0,0xec(%0)\nmovl $0xc0000000,0xf0(%0)\nmovw $0x4000,0xf4(%0)\n" // ST0 = 3.0
                     "movl $0,0x16c(%0)\nmovl $0x40100000,0x170(%0)\n"                      // XMM0 = 4.0
                     "pushl $0\npushl %0\ncall _NtContinue@8\nud2\n"
                     "1: movl %%eax,%1\nmovl %%ebx,%2\nmovl %%esi,%3\nmovl %%edi,%4\nfnstcw %5\nstmxcsr %6\n"
                     "fstpl %7\nmovsd %%xmm0,%8\npopl %%ebp\npopl %%ebx"
                     :
                     : "d"(&context), "m"(eax), "m"(ebx), "m"(esi), "m"(edi), "m"(control), "m"(mxcsr),
                       "m"(top), "m"(xmm)
                     : "eax", "ecx", "esi", "edi", "memory", "cc");
    set_fpu(0x37f);
    set_mxcsr(0x1f80);
    CHECK_EQUAL(eax, 0x11);
    CHECK_EQUAL(ebx, 0x22);
    CHECK_EQUAL(esi, 0x33);
    CHECK_EQUAL(edi, 0x44);
    CHECK_EQUAL(control, 0xc7f);
    CHECK_EQUAL(mxcsr, 0x7f80);
    CHECK(top == 3.0, "st0 %d", (int)top);
    CHECK(xmm == 4.0, "xmm0 %d", (int)xmm);
}

// ---- stepping ----

static int steps;
static BOOL stepped_out;
static DWORD step_end;
static LONG CALLBACK step(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP) return EXCEPTION_CONTINUE_SEARCH;
    steps++;
    stepped_out = pointers->ContextRecord->Eip == step_end;
    if (!stepped_out && steps < 2000) pointers->ContextRecord->EFlags |= 0x100;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void test_stepping(void)
{
    void *handle = AddVectoredExceptionHandler(1, step);
    NTSTATUS result = 1;
    __asm__ volatile("movl $1f,%1\npushfl\norl $0x100,(%%esp)\npopfl\ncall *%2\n1: nop\nnop\n"
                     : "=a"(result), "=m"(step_end)
                     : "b"(NtTestAlert)
                     : "ecx", "edx", "memory", "cc");
    CHECK_EQUAL(result, 0);
    CHECK(steps > 3 && steps < 100 && stepped_out, "%d steps", steps);
    RemoveVectoredExceptionHandler(handle);
}

// ---- the stack's end ----

static void *jump[5];
static int overflows;
static LONG CALLBACK on_overflow(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_STACK_OVERFLOW)
        return EXCEPTION_CONTINUE_SEARCH;
    overflows++;
    seen = *pointers->ExceptionRecord;
    __builtin_longjmp(jump, 1);
}

static __attribute__((noinline)) int recurse(volatile char *outer)
{
    volatile char local[500];
    local[0] = outer[0];
    return local[0] == 77 ? 0 : recurse(local) + local[0];
}

static DWORD CALLBACK test_overflow(void *argument)
{
    (void)argument;
    void *handle = AddVectoredExceptionHandler(1, on_overflow);
    for (volatile int i = 1; i <= 2; i++) {
        char start = 0;
        if (!__builtin_setjmp(jump)) recurse(&start);
        CHECK_EQUAL(overflows, i);
        CHECK_EQUAL(seen.NumberParameters, 2);
        CHECK(_resetstkoflw(), "the guard page does not come back");
    }
    RemoveVectoredExceptionHandler(handle);
    return 0;
}

static DWORD run_child(const char *argument, char *output, DWORD size)
{
    char path[MAX_PATH], line[MAX_PATH + 32];
    HANDLE read, write;
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    CreatePipe(&read, &write, &inherit, 0);
    SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOA startup = {
        .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = write, .hStdError = write};
    PROCESS_INFORMATION process;
    DWORD code = 0xdead, n, length = 0;
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %s", path, argument);
    if (!CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return 0xbad;
    CloseHandle(write);
    while (length < size - 1 && ReadFile(read, output + length, size - 1 - length, &n, NULL) && n)
        length += n;
    output[length] = 0;
    WaitForSingleObject(process.hProcess, 20000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(read);
    return code;
}

static int child(const char *how)
{
    if (!strcmp(how, "bad-stack")) __asm__ volatile("movl $0x1000,%esp\npushl %eax");
    if (!strcmp(how, "bad-stack-breakpoint")) __asm__ volatile("movl $0x1000,%esp\nint3");
    if (!strcmp(how, "fast-fail")) __asm__ volatile("movl $7,%ecx\nint $0x29");
    if (!strcmp(how, "null")) *(volatile int *)16 = 1;
    return 0;
}

static LONG CALLBACK never(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    ExitProcess(5);
}

int main(int argc, char **argv)
{
    static char report[8192];
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc > 2 && !strcmp(argv[2], "handled")) AddVectoredExceptionHandler(1, never);
    if (argc > 1) return child(argv[1]);
    DWORD words[2] = {0, 0};
    HANDLE thread = CreateThread(NULL, 0, initial_words, words, 0, NULL);
    WaitForSingleObject(thread, 10000);
    CHECK_EQUAL(words[0], 0x27f);
    CHECK_EQUAL(words[1], 0x1f80);
    test_control_words();
    test_unmasked();
    test_continue();
    test_stepping();
    thread = CreateThread(NULL, 0x20000, test_overflow, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 10000), 0);
    // The second chance ends the process with the exception's code.
    CHECK_EQUAL(run_child("bad-stack handled", report, sizeof report), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(run_child("bad-stack-breakpoint handled", report, sizeof report), EXCEPTION_BREAKPOINT);
    CHECK_EQUAL(run_child("fast-fail handled", report, sizeof report), 0xC0000409);
    CHECK_EQUAL(run_child("null", report, sizeof report), EXCEPTION_ACCESS_VIOLATION);
    return check_summary();
}
