/* Variables and functions that code of old compilers refers to. */
#include "msvcrt.h"

int _adjust_fdiv; /* no processor here has the first Pentium's fault */
int _fileinfo = -1;
static unsigned amblksiz = 16;

unsigned *EXPORT __p__amblksiz(void)
{
    return &amblksiz;
}
int *EXPORT __p__fileinfo(void)
{
    return &_fileinfo;
}
void EXPORT _CRT_RTC_INIT(void) {}
