// A process that ends while another of its threads is inside a lock: nothing waits for that thread, which is
// no more. Each case is a process of its own, this program with the case's name.
#include "check.h"
#include <process.h>
#include <string.h>
#include <windows.h>

enum { EXIT_CODE = 7, LOCK_LEFT_CODE = 8 };

static const char file_name[] = "process_end.tmp";
static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;
static HANDLE is_held;
static BOOL takes_section_at_end, takes_slim_at_end;

// What a DLL's DllMain would do at process end, here as a callback of thread-local storage.
static void NTAPI at_end(void *module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    if (reason != DLL_PROCESS_DETACH) return;
    if (takes_section_at_end) EnterCriticalSection(&section);
    if (takes_slim_at_end) AcquireSRWLockExclusive(&slim);
    if (takes_section_at_end || takes_slim_at_end) TerminateProcess(GetCurrentProcess(), LOCK_LEFT_CODE + 1);
}
__attribute__((section(".CRT$XLB"), used)) static PIMAGE_TLS_CALLBACK callback = at_end;

static DWORD WINAPI hold_stream(void *stream)
{
    fputs("half a line", stream);
    _lock_file(stream);
    SetEvent(is_held);
    Sleep(INFINITE);
    return 0;
}

static DWORD WINAPI hold_locks(void *unused)
{
    EnterCriticalSection(&section);
    AcquireSRWLockExclusive(&slim);
    SetEvent(is_held);
    Sleep(INFINITE);
    return (DWORD)(ULONG_PTR)unused;
}

static void wait_for_holder(LPTHREAD_START_ROUTINE holder, void *argument)
{
    is_held = CreateEventA(NULL, FALSE, FALSE, NULL);
    InitializeCriticalSection(&section);
    CreateThread(NULL, 0, holder, argument, 0, NULL);
    WaitForSingleObject(is_held, INFINITE);
}

static void end_as(const char *how)
{
    if (strcmp(how, "stream") == 0) {
        fputs("kept", fopen(file_name, "w"));
        wait_for_holder(hold_stream, fopen("process_end_held.tmp", "w"));
        ExitProcess(EXIT_CODE);
    }
    takes_section_at_end = strcmp(how, "section") == 0;
    takes_slim_at_end = strcmp(how, "slim") == 0;
    wait_for_holder(hold_locks, NULL);
    ExitProcess(LOCK_LEFT_CODE);
}

static void check_case(const char *program, const char *how, int code)
{
    CHECK_EQUAL(_spawnl(_P_WAIT, program, program, how, NULL), code);
}

int main(int argc, char **argv)
{
    if (argc > 1) end_as(argv[1]);
    char line[16] = "";
    check_case(argv[0], "stream", EXIT_CODE);
    FILE *file = fopen(file_name, "r");
    CHECK(file && fgets(line, sizeof(line), file) && strcmp(line, "kept") == 0, "the file has \"%s\"", line);
    if (file) fclose(file);
    check_case(argv[0], "section", LOCK_LEFT_CODE);
    check_case(argv[0], "slim", LOCK_LEFT_CODE);
    remove(file_name);
    remove("process_end_held.tmp");
    return check_summary();
}
