// Does nothing: what it costs to start is what is measured. With an argument it waits for the end of its
// input, so that its memory can be looked at.
#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 && getchar() != EOF;
}
