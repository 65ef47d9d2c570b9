// ProcessPrng, Microsoft's documented source of random bytes. Go's and Rust's run-times look it up.
#include "ntdll.h"
#include "nt/nt.h"

// Fills the buffer; cannot fail, as documented, save for a bad pointer.
BOOL WINAPI ProcessPrng(BYTE *buffer, SIZE_T length)
{
    return NT_SUCCESS(LowlandRandom(buffer, length));
}
