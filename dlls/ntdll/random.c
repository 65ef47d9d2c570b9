// Random numbers, as Windows' generators make them.
#include "rtl.h"

/** The next number of Windows' generator: (seed * 0x7FFFFFED + 0x7FFFFFC3) mod 0x7FFFFFFF. */
ULONG WINAPI RtlUniform(PULONG seed)
{
    return *seed = ((ULONGLONG)*seed * 0x7FFFFFED + 0x7FFFFFC3) % 0x7FFFFFFF;
}

// RtlRandom shuffles RtlUniform's numbers through a table.
static ULONG shuffle(PULONG seed)
{
    static ULONG saved[128];
    static volatile LONG ready;
    ULONG result, *place;

    if (!ready) {
        ULONG fill = 0x1A2B3C4D;
        for (ULONG i = 0; i < ARRAYSIZE(saved); i++) saved[i] = RtlUniform(&fill);
        ready = 1;
    }
    RtlUniform(seed);
    place = &saved[*seed % ARRAYSIZE(saved)];
    result = *place;
    *place = RtlUniform(seed);
    return result;
}

/** A random number below 0x7FFFFFFF. */
ULONG WINAPI RtlRandom(PULONG seed)
{
    return shuffle(seed);
}

ULONG WINAPI RtlRandomEx(PULONG seed)
{
    return shuffle(seed);
}
