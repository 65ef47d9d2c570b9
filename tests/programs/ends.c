// Ends in the way that its first argument names.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static BOOL WINAPI on_control(DWORD event)
{
    printf("control event %lu\n", event);
    fflush(stdout);
    ExitProcess(50 + event);
}

static void crash(const char *kind)
{
    volatile int zero = 0;
    if (strcmp(kind, "read") == 0) printf("%d\n", *(volatile int *)0x10);
    if (strcmp(kind, "write") == 0) *(volatile int *)0x20 = 1;
    if (strcmp(kind, "divide") == 0) printf("%d\n", 100 / zero);
    if (strcmp(kind, "illegal") == 0) __asm__ volatile("ud2");
    if (strcmp(kind, "raise") == 0) RaiseException(0xe0001234, 0, 0, NULL);
    if (strcmp(kind, "int80") == 0) __asm__ volatile("int $0x80" : : "a"(252), "b"(99));
    if (strcmp(kind, "call") == 0) ((void (*)(void))0x30)();
}

static CRITICAL_SECTION held;

static DWORD WINAPI wait_for_section(void *argument)
{
    (void)argument;
    EnterCriticalSection(&held);
    return 0;
}

static DWORD WINAPI use_loader_lock(void *argument)
{
    (void)argument;
    for (;;) FreeLibrary(LoadLibraryA("version.dll"));
}

// Ends while other threads wait for a section and for the loader lock.
static void exit_among_waiters(unsigned status)
{
    enum { THREADS = 6 };
    InitializeCriticalSection(&held);
    EnterCriticalSection(&held);
    for (int i = 0; i < THREADS; i++)
        CreateThread(NULL, 0, i & 1 ? use_loader_lock : wait_for_section, NULL, 0, NULL);
    Sleep(50);
    ExitProcess(status);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (strcmp(how, "exit") == 0) ExitProcess(strtoul(argv[2], NULL, 0));
    if (strcmp(how, "waiters") == 0) exit_among_waiters(strtoul(argv[2], NULL, 0));
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "wait") == 0) {
        SetConsoleCtrlHandler(on_control, TRUE);
        puts("waiting");
        fflush(stdout);
        Sleep(20000);
        return 1;
    }
    if (strcmp(how, "missing") == 0) {
        // An export that Lowland lacks is no export to GetProcAddress.
        printf("%s\n",
               GetProcAddress(GetModuleHandleA("kernel32"), "NoSuchFunction") ? "found" : "not found");
        return 0;
    }
    crash(how);
    return 0;
}
