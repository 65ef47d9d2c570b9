// Locally unique identifiers.
#include "rtl.h"

void WINAPI RtlCopyLuid(PLUID out, const LUID *in)
{
    *out = *in;
}

BOOLEAN WINAPI RtlEqualLuid(const LUID *a, const LUID *b)
{
    return a->LowPart == b->LowPart && a->HighPart == b->HighPart;
}
