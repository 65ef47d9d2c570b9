// Relocating an image by hand, for programs that map images themselves.
#include "ldr.h"
#include "nt/rtl_loader.h"

// Adds delta to what lies at one place. False for a type that 32-bit images haven't got.
static bool relocate(BYTE *at, unsigned type, LONG_PTR delta)
{
    WORD half;
    ULONG word;

    switch (type) {
    case IMAGE_REL_BASED_ABSOLUTE: return true; // padding
    case IMAGE_REL_BASED_HIGH:
        memcpy(&half, at, sizeof(half));
        half = (WORD)(half + HIWORD((ULONG)delta));
        memcpy(at, &half, sizeof(half));
        return true;
    case IMAGE_REL_BASED_LOW:
        memcpy(&half, at, sizeof(half));
        half = (WORD)(half + LOWORD((ULONG)delta));
        memcpy(at, &half, sizeof(half));
        return true;
    case IMAGE_REL_BASED_HIGHLOW:
        memcpy(&word, at, sizeof(word));
        word += (ULONG)delta;
        memcpy(at, &word, sizeof(word));
        return true;
    default: return false;
    }
}

/** Applies a block of count relocations to the page that they are in. Returns where the next block begins,
 * NULL after a relocation of unknown type. */
IMAGE_BASE_RELOCATION *NTAPI LdrProcessRelocationBlock(PVOID page, ULONG count, USHORT *relocations,
                                                       LONG_PTR delta)
{
    for (; count; count--, relocations++)
        if (!relocate((BYTE *)page + (*relocations & 0xFFF), *relocations >> 12, delta)) return NULL;
    return (IMAGE_BASE_RELOCATION *)relocations;
}
