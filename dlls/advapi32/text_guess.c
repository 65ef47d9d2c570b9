// Telling UTF-16 from other text.
#include "base.h"
#include "nt/rtl_lib.h"

// ntdll's answer, whose upper bytes mean nothing.
HOTPATCH BOOL WINAPI IsTextUnicode(const void *buffer, int size, int *flags)
{
    return RtlIsTextUnicode(buffer, size, (ULONG *)flags) != FALSE;
}
