// Pointers in disguise: RtlEncodePointer and its kin hide pointers behind a number of the process.
#include "rtl.h"

// Made on first use: from the clock and where the stack and the process happen to lie.
static ULONG cookie(void)
{
    static ULONG value;
    ULONG seen = __atomic_load_n(&value, __ATOMIC_RELAXED), made;

    if (seen) return seen;
    made = (ULONG)__builtin_ia32_rdtsc() * 2654435761u ^ (ULONG)(ULONG_PTR)&made;
    made ^= current_thread_id() << 16 | 1;
    return __atomic_compare_exchange_n(&value, &seen, made, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ? made
                                                                                                       : seen;
}

PVOID WINAPI RtlEncodePointer(PVOID pointer)
{
    ULONG key = cookie(), value = (ULONG)pointer ^ key;

    return (PVOID)(value >> (key & 31) | value << (-key & 31));
}

PVOID WINAPI RtlDecodePointer(PVOID pointer)
{
    ULONG key = cookie(), value = (ULONG)pointer;

    return (PVOID)((value << (key & 31) | value >> (-key & 31)) ^ key);
}

// One cookie serves for all processes: that of the shared data page.
PVOID WINAPI RtlEncodeSystemPointer(PVOID pointer)
{
    return (PVOID)((ULONG)pointer ^ ((const KUSER_SHARED_DATA *)0x7FFE0000)->Cookie);
}

PVOID WINAPI RtlDecodeSystemPointer(PVOID pointer)
{
    return RtlEncodeSystemPointer(pointer);
}
