// Random numbers: RtlGenRandom.
#include "ntdll.h"
#include "nt/nt.h"

// RtlGenRandom's exported name.
HOTPATCH BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG length)
{
    return NT_SUCCESS(LowlandRandom(buffer, length));
}
