// Hello world, with what a packer must keep: arguments, a resource-free import table, static data, an exit
// status.
#include <stdio.h>
#include <stdlib.h>

static const char *const words[] = {"hello", "world"};

static void at_end(void)
{
    puts("at end");
}

int main(int argc, char **argv)
{
    atexit(at_end);
    printf("%s, %s\n", words[0], words[1]);
    for (int i = 1; i < argc; i++) printf("%d: %s\n", i, argv[i]);
    printf("%.3f %5d %lld\n", 3.14159, -42, 1234567890123LL);
    return 42;
}
