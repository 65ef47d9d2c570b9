// Thread-local storage: 64 slots in the TEB, 1,024 more in a block that a thread gets on first use.
#include "base.h"

#define EXPANSION_SLOTS 1024u

HOTPATCH DWORD WINAPI TlsAlloc(void)
{
    PEB *peb = peb_self();
    TEB *teb = teb_self();
    RtlAcquirePebLock();
    ULONG index = RtlFindClearBitsAndSet(peb->TlsBitmap, 1, 0);
    if (index != ~0u) {
        teb->TlsSlots[index] = NULL;
    } else {
        if (!teb->TlsExpansionSlots)
            teb->TlsExpansionSlots =
                RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, EXPANSION_SLOTS * sizeof(void *));
        if (teb->TlsExpansionSlots) index = RtlFindClearBitsAndSet(peb->TlsExpansionBitmap, 1, 0);
        if (index != ~0u) {
            ((void **)teb->TlsExpansionSlots)[index] = NULL;
            index += TLS_MINIMUM_AVAILABLE;
        }
    }
    RtlReleasePebLock();
    if (index == ~0u) SetLastError(ERROR_NO_MORE_ITEMS);
    return index;
}

// The slot is cleared in every thread, so that its next owner starts with NULL everywhere.
HOTPATCH BOOL WINAPI TlsFree(DWORD index)
{
    PEB *peb = peb_self();
    RTL_BITMAP *bitmap = index < TLS_MINIMUM_AVAILABLE ? peb->TlsBitmap : peb->TlsExpansionBitmap;
    ULONG bit = index < TLS_MINIMUM_AVAILABLE ? index : index - TLS_MINIMUM_AVAILABLE;
    if (index >= TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS) return fail_with(ERROR_INVALID_PARAMETER);
    RtlAcquirePebLock();
    bool was_set = RtlAreBitsSet(bitmap, bit, 1);
    if (was_set) {
        NtSetInformationThread(NtCurrentThread(), ThreadZeroTlsCell, &index, sizeof(index));
        RtlClearBits(bitmap, bit, 1);
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
