// Stack traces by the chain of EBP frames, as Windows makes them on x86: code without frames is skipped over.
#include "exception.h"

static bool in_stack(ULONG_PTR address)
{
    const TEB *teb = teb_self();

    return address >= (ULONG_PTR)teb->NtTib.StackLimit && address + 8 <= (ULONG_PTR)teb->NtTib.StackBase &&
           !(address & 3);
}

// Collects up to count return addresses, beginning with the frame at frame.
static ULONG walk(const ULONG_PTR *frame, ULONG skip, ULONG count, PVOID *addresses)
{
    ULONG found = 0;

    while (found < count && in_stack((ULONG_PTR)frame)) {
        const ULONG_PTR *next = (const ULONG_PTR *)frame[0];
        if (!frame[1]) break;
        if (skip)
            skip--;
        else
            addresses[found++] = (PVOID)frame[1];
        if (next <= frame) break;
        frame = next;
    }
    return found;
}

// The return addresses of the calling thread's frames. skip counts from the caller of this function; hash, if
// wanted, gets the sum of the addresses.
USHORT NTAPI RtlCaptureStackBackTrace(ULONG skip, ULONG count, PVOID *addresses, PULONG hash)
{
    ULONG found = walk(__builtin_frame_address(0), skip, count > 0xFFFF ? 0xFFFF : count, addresses);

    if (hash) {
        *hash = 0;
        for (ULONG i = 0; i < found; i++) *hash += (ULONG)(ULONG_PTR)addresses[i];
    }
    return found;
}

// The same from the caller on. Flags ask for kernel frames, of which there are none.
ULONG NTAPI RtlWalkFrameChain(PVOID *addresses, ULONG count, ULONG flags)
{
    if (flags & 0xFF) return 0;
    return walk(__builtin_frame_address(0), 0, count, addresses);
}
