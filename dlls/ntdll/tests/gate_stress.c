// Threads that cross into the system all the time while others stop them, look at them, send them APCs and
// end them. Each scene lasts a fraction of a second; "long" as the argument or in LOWLAND_TEST_LENGTH: five
// seconds.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtQueueApcThread(HANDLE, PVOID, PVOID, PVOID, PVOID);

static DWORD scene_length = 300;
static volatile LONG stop;

#define CROSSERS 4
struct crosser {
    HANDLE thread;
    volatile char *stack_low, *stack_high;
    volatile LONG rounds, apcs, errors;
    char padding[64];
};
static struct crosser crossers[CROSSERS];

static BOOL over(DWORD begin)
{
    return GetTickCount() - begin >= scene_length;
}

static void CALLBACK count_apc(ULONG_PTR crosser)
{
    ((struct crosser *)crosser)->apcs++;
}

// Crosses in several ways and checks that registers survive.
static DWORD CALLBACK cross(void *argument)
{
    struct crosser *self = argument;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    char path[MAX_PATH], buffer[16];
    DWORD read;
    GetModuleFileNameA(NULL, path, sizeof path);
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    __asm__ volatile("movl %%fs:8, %0\nmovl %%fs:4, %1" : "=r"(self->stack_low), "=r"(self->stack_high));
    while (!stop) {
        DWORD a = 0x11111111, b = 0x22222222, c = 0x33333333;
        __asm__ volatile("call *%3"
                         : "+b"(a), "+S"(b), "+D"(c)
                         : "r"(NtTestAlert)
                         : "eax", "ecx", "edx", "memory", "cc");
        if (a != 0x11111111 || b != 0x22222222 || c != 0x33333333) InterlockedIncrement(&self->errors);
        if (!SetEvent(event) || WaitForSingleObjectEx(event, 1000, TRUE) == WAIT_FAILED)
            InterlockedIncrement(&self->errors);
        if (!(self->rounds & 7)) {
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
            if (!ReadFile(file, buffer, 2, &read, NULL) || read != 2 || buffer[0] != 'M')
                InterlockedIncrement(&self->errors);
        }
        self->rounds++;
    }
    CloseHandle(file);
    CloseHandle(event);
    return 7;
}

static void start_crossers(void)
{
    stop = 0;
    for (int i = 0; i < CROSSERS; i++) {
        memset(&crossers[i], 0, sizeof crossers[i]);
        crossers[i].thread = CreateThread(NULL, 0, cross, &crossers[i], 0, NULL);
        while (!crossers[i].rounds) Sleep(0);
    }
}

static void stop_crossers(const char *scene)
{
    DWORD code;
    stop = 1;
    for (int i = 0; i < CROSSERS; i++) {
        CHECK(WaitForSingleObject(crossers[i].thread, 20000) == 0, "%s: thread %d hangs", scene, i);
        CHECK(GetExitCodeThread(crossers[i].thread, &code) && code == 7, "%s: exit code %lx", scene, code);
        CHECK(crossers[i].errors == 0, "%s: %ld errors", scene, crossers[i].errors);
        CloseHandle(crossers[i].thread);
    }
}

static BOOL is_code(DWORD address)
{
    MEMORY_BASIC_INFORMATION info;
    return VirtualQuery((void *)address, &info, sizeof info) && info.State == MEM_COMMIT &&
           (info.Protect & 0xf0);
}

static void suspend_and_look(void)
{
    unsigned looks = 0, bad_eip = 0, bad_esp = 0, moved = 0, failed = 0;
    start_crossers();
    for (DWORD begin = GetTickCount(); !over(begin); looks++) {
        struct crosser *target = &crossers[looks % CROSSERS];
        CONTEXT first = {.ContextFlags = CONTEXT_FULL}, second = {.ContextFlags = CONTEXT_FULL};
        if (SuspendThread(target->thread) == (DWORD)-1) failed++;
        LONG rounds = target->rounds;
        if (!GetThreadContext(target->thread, &first)) failed++;
        if (!is_code(first.Eip)) bad_eip++;
        if (first.Esp < (DWORD)target->stack_low || first.Esp >= (DWORD)target->stack_high) bad_esp++;
        if (looks % 3 == 0) SwitchToThread();
        if (!GetThreadContext(target->thread, &second)) failed++;
        if (memcmp(&first.Edi, &second.Edi, (char *)&first.SegSs - (char *)&first.Edi) && looks % 3 == 0)
            moved += first.Eip != second.Eip || first.Esp != second.Esp;
        if (target->rounds != rounds) moved++;
        if (ResumeThread(target->thread) != 1) failed++;
    }
    stop_crossers("suspend");
    CHECK(looks > 10, "only %u rounds", looks);
    CHECK(!bad_eip && !bad_esp && !moved && !failed, "%u looks: %u bad EIP, %u bad ESP, %u moved, %u failed",
          looks, bad_eip, bad_esp, moved, failed);
}

// Each sets the other's context to what it was: nothing changes.
static void rewrite_contexts(void)
{
    unsigned rounds = 0, failed = 0;
    start_crossers();
    for (DWORD begin = GetTickCount(); !over(begin); rounds++) {
        HANDLE target = crossers[rounds % CROSSERS].thread;
        CONTEXT context = {.ContextFlags = CONTEXT_FULL | CONTEXT_FLOATING_POINT};
        SuspendThread(target);
        // In a system call EAX is lost, as the call's result is not known yet: leave those alone.
        if (!GetThreadContext(target, &context)) failed++;
        MEMORY_BASIC_INFORMATION info;
        VirtualQuery((void *)context.Eip, &info, sizeof info);
        if (info.AllocationBase == GetModuleHandleA(NULL) && !SetThreadContext(target, &context)) failed++;
        ResumeThread(target);
    }
    stop_crossers("rewrite");
    CHECK(failed == 0, "%u of %u failed", failed, rounds);
}

static DWORD CALLBACK suspend_all(void *argument)
{
    (void)argument;
    for (unsigned i = 0; !stop; i++) {
        HANDLE target = crossers[i % CROSSERS].thread;
        SuspendThread(target);
        ResumeThread(target);
    }
    return 0;
}

// Several threads suspend the same ones: counts nest, nobody is forgotten.
static void many_suspenders(void)
{
    HANDLE suspenders[3];
    start_crossers();
    for (int i = 0; i < 3; i++) suspenders[i] = CreateThread(NULL, 0, suspend_all, NULL, 0, NULL);
    Sleep(scene_length);
    stop = 1;
    CHECK(WaitForMultipleObjects(3, suspenders, TRUE, 20000) == 0, "suspenders hang");
    for (int i = 0; i < 3; i++) CloseHandle(suspenders[i]);
    stop_crossers("many suspenders");
}

static void queue_apcs(void)
{
    LONG queued[CROSSERS] = {0};
    unsigned rounds = 0;
    start_crossers();
    for (DWORD begin = GetTickCount(); !over(begin); rounds++) {
        int i = rounds % CROSSERS;
        if (queued[i] - crossers[i].apcs > 1000)
            Sleep(0);
        else if (QueueUserAPC(count_apc, crossers[i].thread, (ULONG_PTR)&crossers[i]))
            queued[i]++;
        if (rounds % 16 == 0) {
            SuspendThread(crossers[i].thread);
            ResumeThread(crossers[i].thread);
        }
    }
    for (int i = 0; i < CROSSERS; i++) {
        for (int n = 0; n < 500 && crossers[i].apcs != queued[i]; n++) Sleep(10);
        CHECK(crossers[i].apcs == queued[i], "%ld APCs of %ld", crossers[i].apcs, queued[i]);
    }
    stop_crossers("APCs");
}

static void terminate(void)
{
    unsigned rounds = 0, bad = 0;
    DWORD begin = GetTickCount();
    do {
        struct crosser one = {0};
        DWORD code = 0;
        stop = 0;
        one.thread = CreateThread(NULL, 0, cross, &one, 0, NULL);
        // Not before it runs: it would leave the loader lock owned for ever.
        while (!one.rounds) Sleep(0);
        if (rounds % 3 == 0) SuspendThread(one.thread);
        if (!TerminateThread(one.thread, 99)) bad++;
        if (WaitForSingleObject(one.thread, 10000)) bad++;
        if (!GetExitCodeThread(one.thread, &code) || code != 99) bad++;
        if (ResumeThread(one.thread) == 12345) bad++;
        CloseHandle(one.thread);
    } while (rounds++, !over(begin));
    CHECK(bad == 0, "%u of %u bad", bad, rounds);
}

static volatile LONG ran;
static DWORD CALLBACK run_briefly(void *argument)
{
    InterlockedIncrement(&ran);
    return (DWORD)argument;
}

static void storms(void)
{
    enum { MANY = 200 };
    static HANDLE threads[MANY];
    unsigned rounds = 0, bad = 0;
    DWORD code, begin = GetTickCount();
    do {
        ran = 0;
        DWORD flags = rounds & 1 ? CREATE_SUSPENDED : 0;
        for (int i = 0; i < MANY; i++) {
            threads[i] = CreateThread(NULL, 0x10000, run_briefly, (void *)(i + 1),
                                      flags | STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
            if (!threads[i]) bad++;
        }
        if (flags)
            for (int i = 0; i < MANY; i++)
                if (ResumeThread(threads[i]) != 1) bad++;
        for (int i = 0; i < MANY; i++) {
            if (WaitForSingleObject(threads[i], 20000)) bad++;
            if (!GetExitCodeThread(threads[i], &code) || code != (DWORD)i + 1) bad++;
            CloseHandle(threads[i]);
        }
        if (ran != MANY) bad++;
    } while (rounds++, rounds < 5 || !over(begin));
    CHECK(bad == 0, "%u bad in %u rounds of %d", bad, rounds, MANY);
}

// ---- ending a thread in each kind of wait ----

static HANDLE block_event, block_pipe_read, block_pipe_write;
static CRITICAL_SECTION block_section;
static SRWLOCK block_lock = SRWLOCK_INIT;
static volatile LONG blocking;

static DWORD CALLBACK block(void *argument)
{
    HANDLE two[2] = {block_event, block_event};
    char byte;
    DWORD n;
    static char large[1 << 20];
    InterlockedIncrement(&blocking);
    switch ((int)argument) {
    case 0: WaitForSingleObject(block_event, INFINITE); break;
    case 1: WaitForMultipleObjectsEx(1, two, TRUE, INFINITE, TRUE); break;
    case 2: Sleep(INFINITE); break;
    case 3: Sleep(100000000); break;
    case 4: ReadFile(block_pipe_read, &byte, 1, &n, NULL); break;
    case 5: WriteFile(block_pipe_write, large, sizeof large, &n, NULL); break;
    case 6: EnterCriticalSection(&block_section); break;
    case 7: AcquireSRWLockExclusive(&block_lock); break;
    case 8: SuspendThread(GetCurrentThread()); break;
    case 9: SleepEx(INFINITE, TRUE); break;
    case 10: SignalObjectAndWait(block_event, two[0], INFINITE, FALSE); break;
    case 11:
        for (;;) SwitchToThread();
    case 12:
        for (;;) {
        }
    }
    return 1;
}
#define BLOCKS 13

static void terminate_blocked(void)
{
    HANDLE other_read, other_write;
    block_event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CreatePipe(&block_pipe_read, &other_write, NULL, 0);
    CreatePipe(&other_read, &block_pipe_write, NULL, 0);
    InitializeCriticalSection(&block_section);
    EnterCriticalSection(&block_section);
    AcquireSRWLockExclusive(&block_lock);
    for (int kind = 0; kind < BLOCKS; kind++) {
        if (kind == 10) continue; // sets the event that the others wait for
        DWORD code = 0;
        blocking = 0;
        HANDLE thread = CreateThread(NULL, 0, block, (void *)kind, 0, NULL);
        while (!blocking) Sleep(0);
        Sleep(20);
        CHECK(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "kind %d does not block", kind);
        CHECK(TerminateThread(thread, 50 + kind), "kind %d", kind);
        CHECK(WaitForSingleObject(thread, 5000) == 0, "kind %d does not end", kind);
        CHECK(GetExitCodeThread(thread, &code) && code == 50u + kind, "kind %d: code %lu", kind, code);
        CloseHandle(thread);
    }
}

// The whole process ends while threads block in every way. Run as a child.
static int exit_while_blocked(void)
{
    HANDLE other_read, other_write;
    block_event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CreatePipe(&block_pipe_read, &other_write, NULL, 0);
    CreatePipe(&other_read, &block_pipe_write, NULL, 0);
    InitializeCriticalSection(&block_section);
    EnterCriticalSection(&block_section);
    AcquireSRWLockExclusive(&block_lock);
    for (int kind = 0; kind < BLOCKS; kind++)
        if (kind != 10) CreateThread(NULL, 0, block, (void *)kind, 0, NULL);
    while (blocking < BLOCKS - 1) Sleep(1);
    Sleep(20);
    ExitProcess(33);
}

static DWORD run_child(const char *argument, DWORD timeout)
{
    char path[MAX_PATH], line[MAX_PATH + 32];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0xdead;
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %s", path, argument);
    if (!CreateProcessA(path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return 0xbad;
    if (WaitForSingleObject(process.hProcess, timeout)) TerminateProcess(process.hProcess, 0xdead);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

int main(int argc, char **argv)
{
    char length[16] = "";
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc > 1 && !strcmp(argv[1], "blocked")) return exit_while_blocked();
    GetEnvironmentVariableA("LOWLAND_TEST_LENGTH", length, sizeof length);
    if (!strcmp(length, "long") || (argc > 1 && !strcmp(argv[1], "long"))) scene_length = 5000;
    suspend_and_look();
    rewrite_contexts();
    many_suspenders();
    queue_apcs();
    terminate();
    storms();
    terminate_blocked();
    for (int i = 0; i < 5; i++) CHECK_EQUAL(run_child("blocked", 20000), 33);
    return check_summary();
}
