// AVX registers in contexts: what handlers of exceptions see and change, other threads' contexts, those of a
// debuggee in another process, and contexts that claim to be extended and are not. The lower halves of the
// registers are SSE's and the CONTEXT's own; the upper ones are extended state.
#include <windows.h>
#include <stddef.h>
#include <string.h>
#include "tests/check.h"
#include "tests/child.h"

enum { XSTATE = CONTEXT_i386 | 0x40, AVX = 4, REGISTERS = 8, SOON = 30000 };
#define FUNCTION(dll, name) (void *)GetProcAddress(GetModuleHandleA(dll), name)

struct ymm {
    DWORD low[4], high[4];
};
struct half {
    DWORD words[4];
};

static DWORD64(WINAPI *enabled)(void);
static BOOL(WINAPI *initialize)(void *, DWORD, CONTEXT **, DWORD *);
static void *(WINAPI *locate)(CONTEXT *, DWORD, DWORD *);
static BOOL(WINAPI *get_mask)(CONTEXT *, DWORD64 *);
static BOOL(WINAPI *set_mask)(CONTEXT *, DWORD64);
static LONG(NTAPI *nt_continue)(CONTEXT *, BOOLEAN);

// Loads all eight registers, makes EIP stop, stores them again.
#define WITH_REGISTERS(from, code, to)                                                                       \
    __asm__ volatile("vmovups (%0),%%ymm0\nvmovups 32(%0),%%ymm1\nvmovups 64(%0),%%ymm2\n"                   \
                     "vmovups 96(%0),%%ymm3\nvmovups 128(%0),%%ymm4\nvmovups 160(%0),%%ymm5\n"               \
                     "vmovups 192(%0),%%ymm6\nvmovups 224(%0),%%ymm7\n" code "\n"                            \
                     "vmovups %%ymm0,(%1)\nvmovups %%ymm1,32(%1)\nvmovups %%ymm2,64(%1)\n"                   \
                     "vmovups %%ymm3,96(%1)\nvmovups %%ymm4,128(%1)\nvmovups %%ymm5,160(%1)\n"               \
                     "vmovups %%ymm6,192(%1)\nvmovups %%ymm7,224(%1)\nvzeroupper"                            \
                     :                                                                                       \
                     : "S"(from), "D"(to)                                                                    \
                     : "eax", "ecx", "edx", "memory", "cc")

static void fill(struct ymm registers[REGISTERS], DWORD seed)
{
    for (DWORD i = 0; i < REGISTERS; i++)
        for (DWORD k = 0; k < 4; k++) {
            registers[i].low[k] = seed + i * 16 + k;
            registers[i].high[k] = seed + 0x1000 + i * 16 + k;
        }
}

// ---- exceptions ----

static enum { LOOK, CHANGE, CLEAR } wanted;
static struct half seen[REGISTERS];
static DWORD seen_flags, seen_size;
static DWORD64 seen_features;

static LONG CALLBACK handler(EXCEPTION_POINTERS *info)
{
    CONTEXT *context = info->ContextRecord;
    struct half *upper;
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_BREAKPOINT) return EXCEPTION_CONTINUE_SEARCH;
    context->Eip++;
    seen_flags = context->ContextFlags;
    upper = locate(context, 2, &seen_size);
    get_mask(context, &seen_features);
    if (!upper) return EXCEPTION_CONTINUE_EXECUTION;
    memcpy(seen, upper, sizeof(seen));
    if (wanted == CHANGE) memset(&upper[3], 0x5A, sizeof(*upper));
    if (wanted == CLEAR) set_mask(context, 0);
    __asm__ volatile("vzeroall"); // what the handler does to the registers is its own business
    Sleep(0);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void test_exceptions(void)
{
    struct ymm before[REGISTERS], after[REGISTERS];
    void *handle = AddVectoredExceptionHandler(1, handler);
    fill(before, 0x100);
    for (wanted = LOOK; wanted <= CLEAR; wanted++) {
        memset(seen, 0, sizeof(seen));
        WITH_REGISTERS(before, "int3", after);
        CHECK_EQUAL(seen_flags, CONTEXT_ALL | XSTATE);
        CHECK_EQUAL(seen_size, 256);
        CHECK_EQUAL(seen_features, 7);
        for (int i = 0; i < REGISTERS; i++) {
            struct half high;
            memcpy(&high, before[i].high, sizeof(high));
            CHECK(!memcmp(&seen[i], &high, sizeof(high)), "%d: register %d", wanted, i);
            if (wanted == CHANGE && i == 3) memset(&high, 0x5A, sizeof(high));
            if (wanted == CLEAR) memset(&high, 0, sizeof(high));
            CHECK(!memcmp(after[i].high, &high, sizeof(high)), "%d: register %d afterwards", wanted, i);
            CHECK(!memcmp(after[i].low, before[i].low, sizeof(high)), "%d: lower half %d", wanted, i);
        }
    }
    // Nothing of it need be in use after this.
    memset(seen, 0, sizeof(seen));
    __asm__ volatile("vzeroall\nint3");
    CHECK(seen_features == 3 || !(seen[0].words[0] | seen[7].words[3]), "%lx", (DWORD)seen_features);
    RemoveVectoredExceptionHandler(handle);
}

// ---- a thread beside this one ----

static volatile LONG spinning, stop;
static struct ymm spun[REGISTERS];

static DWORD WINAPI spin(void *unused)
{
    struct ymm start[REGISTERS];
    (void)unused;
    fill(start, 0x300);
    WITH_REGISTERS(start, "movl $1,_spinning\n1: pause\ncmpl $0,_stop\nje 1b", spun);
    return 0;
}

static BYTE buffer[0x1000];

static CONTEXT *make(DWORD flags)
{
    CONTEXT *context = NULL;
    DWORD size = sizeof(buffer);
    memset(buffer, 0xCC, sizeof(buffer));
    CHECK(initialize(buffer, flags, &context, &size), "%lu", GetLastError());
    return context;
}

static void test_thread(void)
{
    HANDLE thread = CreateThread(NULL, 0, spin, NULL, 0, NULL);
    CONTEXT *context = make(CONTEXT_ALL | XSTATE);
    struct half *upper = locate(context, 2, NULL);
    struct ymm start[REGISTERS];
    DWORD64 mask = 9;
    fill(start, 0x300);
    while (!spinning) Sleep(1);
    SuspendThread(thread);
    // Only what the mask asks for comes.
    CHECK(set_mask(context, 0) && GetThreadContext(thread, context), "%lu", GetLastError());
    CHECK(get_mask(context, &mask) && mask == 3, "%lx", (DWORD)mask);
    CHECK_EQUAL(upper[0].words[0], 0xCCCCCCCC);
    CHECK(set_mask(context, AVX) && GetThreadContext(thread, context), "%lu", GetLastError());
    CHECK_EQUAL(context->ContextFlags, CONTEXT_ALL | XSTATE);
    CHECK(get_mask(context, &mask) && mask == 7, "%lx", (DWORD)mask);
    for (int i = 0; i < REGISTERS; i++) {
        CHECK(!memcmp(&upper[i], start[i].high, sizeof(*upper)), "register %d", i);
        CHECK(!memcmp(context->ExtendedRegisters + 160 + 16 * i, start[i].low, 16), "lower half %d", i);
    }
    upper[5].words[2] = 0x77777777;
    context->ContextFlags = XSTATE;
    CHECK(SetThreadContext(thread, context), "%lu", GetLastError());
    // A context without them leaves them alone.
    CONTEXT small = {.ContextFlags = CONTEXT_EXTENDED_REGISTERS};
    CHECK(GetThreadContext(thread, &small), "%lu", GetLastError());
    small.ExtendedRegisters[160] = 0x66;
    CHECK(SetThreadContext(thread, &small), "%lu", GetLastError());
    stop = 1;
    ResumeThread(thread);
    CHECK_EQUAL(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
    CloseHandle(thread);
    start[5].high[2] = 0x77777777;
    start[0].low[0] = (start[0].low[0] & ~0xFFu) | 0x66;
    CHECK(!memcmp(spun, start, sizeof(start)), "%lx %lx", spun[5].high[2], spun[0].low[0]);
}

// ---- this thread, by NtContinue ----

static void test_continue(void)
{
    struct ymm before[REGISTERS], after[REGISTERS] = {0};
    CONTEXT *context = make(CONTEXT_CONTROL | CONTEXT_INTEGER | XSTATE);
    struct half *upper = locate(context, 2, NULL);
    void *function = nt_continue;
    fill(before, 0x500);
    for (int i = 0; i < REGISTERS; i++) memcpy(&upper[i], before[i].high, sizeof(*upper));
    set_mask(context, AVX);
    context->EFlags = 0x202;
    context->Edi = (DWORD)(ULONG_PTR)after;
    __asm__ volatile("movl %%ebp,0xB4(%0)\nmovl %%esp,0xC4(%0)\nmovl $1f,0xB8(%0)\npushl $0\npushl %0\n"
                     "call *%1\nud2\n1:\nvmovups %%ymm0,(%%edi)\nvmovups %%ymm7,224(%%edi)\nvzeroupper"
                     : "+a"(context), "+d"(function)
                     :
                     : "ebx", "ecx", "esi", "edi", "memory", "cc");
    CHECK(!memcmp(after[0].high, before[0].high, 16), "%lx", after[0].high[0]);
    CHECK(!memcmp(after[7].high, before[7].high, 16), "%lx", after[7].high[0]);
}

static void test_bad(void)
{
    struct {
        CONTEXT context;
        BYTE behind[0x200];
    } copied = {.context.ContextFlags = CONTEXT_INTEGER | XSTATE};
    // As a program would have it that copies an exception's CONTEXT and nothing of what is behind.
    CHECK(!GetThreadContext(GetCurrentThread(), &copied.context), "no CONTEXT_EX");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!SetThreadContext(GetCurrentThread(), &copied.context), "no CONTEXT_EX");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(nt_continue(&copied.context, FALSE), 0xC000000D);
    CHECK_EQUAL(nt_continue((CONTEXT *)16, FALSE), 0xC0000005);
    // The extended state lies where nothing is.
    CONTEXT *context = make(CONTEXT_INTEGER | XSTATE);
    LONG *xstate_offset = (LONG *)(context + 1) + 4;
    CHECK_EQUAL(*xstate_offset & 3, 0);
    *xstate_offset = 0x7FFFFFF0 - (LONG)(ULONG_PTR)(context + 1);
    CHECK(!GetThreadContext(GetCurrentThread(), context), "bad area");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
}

// A structure from before the FXSAVE image: what lies behind it is not touched.
static void test_short(void)
{
    char *pages = VirtualAlloc(NULL, 0x2000, MEM_RESERVE, PAGE_READWRITE);
    VirtualAlloc(pages, 0x1000, MEM_COMMIT, PAGE_READWRITE);
    CONTEXT *context = (CONTEXT *)(pages + 0x1000 - offsetof(CONTEXT, ExtendedRegisters));
    context->ContextFlags = CONTEXT_FULL;
    CHECK(GetThreadContext(GetCurrentThread(), context), "%lu", GetLastError());
    CHECK(context->Esp, "the stack pointer");
    context->ContextFlags = CONTEXT_FULL | CONTEXT_EXTENDED_REGISTERS;
    CHECK(!GetThreadContext(GetCurrentThread(), context) && GetLastError() == ERROR_NOACCESS, "%lu",
          GetLastError());
    VirtualFree(pages, 0, MEM_RELEASE);
}

// ---- a debuggee ----

static int child(void)
{
    struct ymm before[REGISTERS], after[REGISTERS];
    fill(before, 0x700);
    WITH_REGISTERS(before, "int3", after);
    before[6].high[1] = 0x12345678;
    return memcmp(before, after, sizeof(after)) ? 1 : 42;
}

static void at_breakpoint(HANDLE thread)
{
    CONTEXT *context = make(CONTEXT_ALL | XSTATE);
    struct half *upper = locate(context, 2, NULL);
    struct ymm start[REGISTERS];
    fill(start, 0x700);
    set_mask(context, AVX);
    CHECK(GetThreadContext(thread, context), "%lu", GetLastError());
    for (int i = 0; i < REGISTERS; i++)
        CHECK(!memcmp(&upper[i], start[i].high, sizeof(*upper)), "register %d: %lx", i, upper[i].words[0]);
    upper[6].words[1] = 0x12345678;
    CHECK(SetThreadContext(thread, context), "%lu", GetLastError());
}

static void test_debuggee(void)
{
    PROCESS_INFORMATION info = child_start("child", DEBUG_ONLY_THIS_PROCESS);
    DEBUG_EVENT event = {0};
    int breakpoints = 0;
    DWORD status = 0;
    while (event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT) {
        if (!WaitForDebugEvent(&event, SOON)) break;
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT)
            CloseHandle(event.u.CreateProcessInfo.hFile);
        if (event.dwDebugEventCode == LOAD_DLL_DEBUG_EVENT) CloseHandle(event.u.LoadDll.hFile);
        if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT && breakpoints++ == 1)
            at_breakpoint(info.hThread);
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
    }
    status = child_end(info);
    CHECK_EQUAL(breakpoints, 2);
    CHECK_EQUAL(status, 42);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return child();
    enabled = FUNCTION("kernel32", "GetEnabledXStateFeatures");
    initialize = FUNCTION("kernel32", "InitializeContext");
    locate = FUNCTION("kernel32", "LocateXStateFeature");
    get_mask = FUNCTION("kernel32", "GetXStateFeaturesMask");
    set_mask = FUNCTION("kernel32", "SetXStateFeaturesMask");
    nt_continue = FUNCTION("ntdll", "NtContinue");
    test_short();
    if (enabled() & AVX) {
        test_exceptions();
        test_thread();
        test_continue();
        test_bad();
        test_debuggee();
    } else {
        printf("this processor has no AVX: its state was not looked at\n");
    }
    return check_summary();
}
