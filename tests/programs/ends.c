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

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (strcmp(how, "exit") == 0) ExitProcess(strtoul(argv[2], NULL, 0));
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
