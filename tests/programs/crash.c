// Crashes below a chain of functions, in the way that its argument names.
#include <stdlib.h>
#include <string.h>
#include <windows.h>

__attribute__((noinline)) static void crash_here(const char *how)
{
    if (!strcmp(how, "write")) *(volatile int *)0x20 = 1;
    if (!strcmp(how, "divide")) {
        volatile int zero = 0, one = 1;
        zero = one / zero;
    }
    if (!strcmp(how, "jump")) ((void (*)(void))0x1230)();
    if (!strcmp(how, "raise")) RaiseException(0xE0001234, 0, 0, NULL);
    if (!strcmp(how, "stack")) __asm__ volatile("movl $0x1000, %esp\n\tpushl %eax");
    __asm__ volatile("");
}

__attribute__((noinline)) static void middle(const char *how)
{
    crash_here(how);
    __asm__ volatile("");
}

int main(int argc, char **argv)
{
    if (argc > 1) middle(argv[1]);
    return 0;
}
