// A program to debug: calls a function three times, with "threads" in a thread each; "crash" ends it by a bad
// write.
#include <stdio.h>
#include <string.h>
#include <windows.h>

static volatile int total;

int __attribute__((noinline)) add(int a, int b)
{
    int sum = a + b;
    total += sum;
    return sum;
}

static DWORD WINAPI run(void *number)
{
    return add((int)(INT_PTR)number, 40);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    for (int i = 1; i <= 3; i++) {
        if (!strcmp(how, "threads")) {
            HANDLE thread = CreateThread(NULL, 0, run, (void *)(INT_PTR)i, 0, NULL);
            WaitForSingleObject(thread, INFINITE);
            CloseHandle(thread);
        } else {
            add(i, 40);
        }
    }
    if (!strcmp(how, "crash")) *(volatile int *)16 = total;
    printf("total %d\n", total);
    return 7;
}
