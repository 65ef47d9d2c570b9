// Thread-local storage: 64 slots in the TEB, 1,024 more in a block that a thread gets on first use.
#include "base.h"

#define EXPANSION_SLOTS 1024u

// The slots in use are bits in the PEB: of the TEB's slots and of the expansion block's. Guarded by the PEB
// lock.
static ULONG take_bit(ULONG *bits, unsigned words)
{
    for (unsigned i = 0; i < words; i++) {
        if (bits[i] == ~0ul) continue;
        unsigned bit = (unsigned)__builtin_ctzl(~bits[i]);
        bits[i] |= 1ul << bit;
        return i * 32 + bit;
    }
    return ~0ul;
}

HOTPATCH DWORD WINAPI TlsAlloc(void)
{
    PEB *peb = peb_self();
    TEB *teb = teb_self();
    RtlAcquirePebLock();
    ULONG index = take_bit(peb->TlsBitmapBits, ARRAY_LENGTH(peb->TlsBitmapBits));
    if (index != ~0ul) {
        teb->TlsSlots[index] = NULL;
    } else {
        if (!teb->TlsExpansionSlots)
            teb->TlsExpansionSlots =
                RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, EXPANSION_SLOTS * sizeof(void *));
        if (teb->TlsExpansionSlots)
            index = take_bit(peb->TlsExpansionBitmapBits, ARRAY_LENGTH(peb->TlsExpansionBitmapBits));
        if (index != ~0ul) {
            teb->TlsExpansionSlots[index] = NULL;
            index += TLS_MINIMUM_AVAILABLE;
        }
    }
    RtlReleasePebLock();
    if (index == ~0ul) SetLastError(ERROR_NO_MORE_ITEMS);
    return index;
}

// The slot is cleared in every thread, so that its next owner starts with NULL everywhere.
HOTPATCH BOOL WINAPI TlsFree(DWORD index)
{
    PEB *peb = peb_self();
    if (index >= TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS) return fail_with(ERROR_INVALID_PARAMETER);
    bool expansion = index >= TLS_MINIMUM_AVAILABLE;
    ULONG bit = expansion ? index - TLS_MINIMUM_AVAILABLE : index;
    ULONG *word = (expansion ? peb->TlsExpansionBitmapBits : peb->TlsBitmapBits) + bit / 32;
    ULONG mask = 1ul << bit % 32;
    RtlAcquirePebLock();
    bool was_set = *word & mask;
    if (was_set) {
        NtSetInformationThread(NtCurrentThread(), ThreadZeroTlsCell, &index, sizeof(index));
        *word &= ~mask;
    }
    RtlReleasePebLock();
    return was_set ? TRUE : fail_with(ERROR_INVALID_PARAMETER);
}

// Clears the last error, because NULL is a valid value.
HOTPATCH void *WINAPI TlsGetValue(DWORD index)
{
    TEB *teb = teb_self();
    teb->LastErrorValue = ERROR_SUCCESS;
    if (index < TLS_MINIMUM_AVAILABLE) return teb->TlsSlots[index];
    index -= TLS_MINIMUM_AVAILABLE;
    if (index >= EXPANSION_SLOTS) {
        teb->LastErrorValue = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    void **slots = (void **)teb->TlsExpansionSlots;
    return slots ? slots[index] : NULL;
}

HOTPATCH BOOL WINAPI TlsSetValue(DWORD index, void *value)
{
    TEB *teb = teb_self();
    if (index < TLS_MINIMUM_AVAILABLE) {
        teb->TlsSlots[index] = value;
        return TRUE;
    }
    index -= TLS_MINIMUM_AVAILABLE;
    if (index >= EXPANSION_SLOTS) return fail_with(ERROR_INVALID_PARAMETER);
    if (!teb->TlsExpansionSlots) {
        void **slots = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, EXPANSION_SLOTS * sizeof(void *));
        if (!slots) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
        teb->TlsExpansionSlots = (void *)slots;
    }
    ((void **)teb->TlsExpansionSlots)[index] = value;
    return TRUE;
}

HOTPATCH DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback)
{
    ULONG index;
    return bool_from_status(RtlFlsAlloc(callback, &index)) ? index : FLS_OUT_OF_INDEXES;
}

HOTPATCH BOOL WINAPI FlsFree(DWORD index)
{
    return bool_from_status(RtlFlsFree(index));
}

HOTPATCH void *WINAPI FlsGetValue(DWORD index)
{
    void *value = NULL;
    if (bool_from_status(RtlFlsGetValue(index, &value))) SetLastError(ERROR_SUCCESS);
    return value;
}

HOTPATCH BOOL WINAPI FlsSetValue(DWORD index, void *value)
{
    return bool_from_status(RtlFlsSetValue(index, value));
}
