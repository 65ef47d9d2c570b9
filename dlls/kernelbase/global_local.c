// GlobalAlloc and LocalAlloc. Fixed blocks are heap blocks; a movable block's handle points into a table of
// entries (value, lock count, flags) and can be told from a pointer by bit 2: heap blocks are 8-aligned.
#include "base.h"

#define HANDLES_PER_CHUNK 512u
#define ENTRY_IN_USE      0x01u
#define ENTRY_DISCARDED   0x02u
#define MAXIMUM_LOCKS     0xFFu

struct entry {
    WORD flags;
    BYTE locks;
    BYTE discardable;
    void *block; // the handle is this member's address; free entries chain through it
};
_Static_assert(sizeof(struct entry) == 8 && offsetof(struct entry, block) == 4, "handles have bit 2 set");

// Chunks are never given back: handles of freed entries must stay recognisable.
static struct chunk {
    struct chunk *next;
    void *padding;
    struct entry entries[HANDLES_PER_CHUNK];
} * chunks;
static struct entry *free_entries;
static RTL_SRWLOCK table_lock = RTL_SRWLOCK_INIT;

static struct entry *take_entry(void)
{
    RtlAcquireSRWLockExclusive(&table_lock);
    if (!free_entries) {
        struct chunk *chunk = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*chunk));
        if (chunk) {
            chunk->next = chunks;
            __atomic_store_n(&chunks, chunk, __ATOMIC_RELEASE);
            for (unsigned i = HANDLES_PER_CHUNK; i-- > 0;) {
                chunk->entries[i].block = free_entries;
                free_entries = &chunk->entries[i];
            }
        }
    }
    struct entry *entry = free_entries;
    if (entry) {
        free_entries = entry->block;
        *entry = (struct entry){.flags = ENTRY_IN_USE};
    }
    RtlReleaseSRWLockExclusive(&table_lock);
    return entry;
}

static void give_entry(struct entry *entry)
{
    RtlAcquireSRWLockExclusive(&table_lock);
    *entry = (struct entry){.block = free_entries};
    free_entries = entry;
    RtlReleaseSRWLockExclusive(&table_lock);
}

static bool is_handle_value(const void *memory)
{
    return ((ULONG_PTR)memory & 4) != 0;
}

// The entry of a movable block's handle; NULL for anything else. Lock-free: chunks only ever grow.
static struct entry *entry_of(const void *memory)
{
    if (!is_handle_value(memory)) return NULL;
    struct entry *entry = CONTAINING_RECORD(memory, struct entry, block);
    for (struct chunk *chunk = __atomic_load_n(&chunks, __ATOMIC_ACQUIRE); chunk; chunk = chunk->next)
        if (entry >= chunk->entries && entry < chunk->entries + HANDLES_PER_CHUNK)
            return ((ULONG_PTR)entry - (ULONG_PTR)chunk->entries) % sizeof(*entry) == 0 &&
                           (entry->flags & ENTRY_IN_USE)
                       ? entry
                       : NULL;
    return NULL;
}

// Blocks of movable memory keep their handle in front, for GlobalHandle.
#define MOVABLE_HEADER 8u

static void *movable_block(void *handle, ULONG heap_flags, SIZE_T size)
{
    if (size > (SIZE_T)0x7FFFFFFF) return NULL;
    char *block = RtlAllocateHeap(process_heap(), heap_flags, size + MOVABLE_HEADER);
    if (!block) return NULL;
    memcpy(block, &handle, sizeof(handle));
    return block + MOVABLE_HEADER;
}

HOTPATCH HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    if (!(flags & LMEM_MOVEABLE)) {
        return heap_flags ? RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size)
                                ?: (SetLastError(ERROR_NOT_ENOUGH_MEMORY), NULL)
                          : heap_alloc(size);
    }
    struct entry *entry = take_entry();
    if (!entry) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    entry->discardable = (flags & LMEM_DISCARDABLE) != 0;
    if (!size) {
        entry->flags |= ENTRY_DISCARDED;
    } else if (!(entry->block = movable_block(&entry->block, heap_flags, size))) {
        give_entry(entry);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return (HLOCAL)&entry->block;
}

static HLOCAL invalid_handle(void)
{
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

static bool is_heap_block(const void *memory)
{
    return memory && RtlValidateHeap(process_heap(), 0, (void *)memory);
}

HOTPATCH HLOCAL WINAPI LocalFree(HLOCAL memory)
{
    if (!memory) return NULL;
    if (!is_handle_value(memory)) {
        if (!is_heap_block(memory)) {
            SetLastError(ERROR_INVALID_HANDLE);
            return memory;
        }
        RtlFreeHeap(process_heap(), 0, memory);
        return NULL;
    }
    struct entry *entry = entry_of(memory);
    if (!entry) {
        SetLastError(ERROR_INVALID_HANDLE);
        return memory;
    }
    if (entry->block) RtlFreeHeap(process_heap(), 0, (char *)entry->block - MOVABLE_HEADER);
    give_entry(entry);
    return NULL;
}

HOTPATCH void *WINAPI LocalLock(HLOCAL memory)
{
    if (!is_handle_value(memory)) return IsBadReadPtr(memory, 1) ? invalid_handle() : memory;
    struct entry *entry = entry_of(memory);
    if (!entry) return invalid_handle();
    if (!entry->block) {
        SetLastError(ERROR_DISCARDED);
        return NULL;
    }
    if (entry->locks < MAXIMUM_LOCKS) entry->locks++;
    return entry->block;
}

// FALSE with no error when the count reaches zero, as documented.
HOTPATCH BOOL WINAPI LocalUnlock(HLOCAL memory)
{
    if (!is_handle_value(memory)) return fail_with(ERROR_NOT_LOCKED);
    struct entry *entry = entry_of(memory);
    if (!entry) return fail_with(ERROR_INVALID_HANDLE);
    if (!entry->locks) return fail_with(ERROR_NOT_LOCKED);
    if (--entry->locks) return TRUE;
    return fail_with(ERROR_SUCCESS);
}

HOTPATCH SIZE_T WINAPI LocalSize(HLOCAL memory)
{
    if (is_handle_value(memory)) {
        struct entry *entry = entry_of(memory);
        if (!entry) return (SIZE_T)(ULONG_PTR)invalid_handle();
        if (!entry->block) return 0;
        return RtlSizeHeap(process_heap(), 0, (char *)entry->block - MOVABLE_HEADER) - MOVABLE_HEADER;
    }
    SIZE_T size = is_heap_block(memory) ? RtlSizeHeap(process_heap(), 0, memory) : ~(SIZE_T)0;
    return size == ~(SIZE_T)0 ? (SIZE_T)(ULONG_PTR)invalid_handle() : size;
}

HOTPATCH UINT WINAPI LocalFlags(HLOCAL memory)
{
    if (!is_handle_value(memory)) return is_heap_block(memory) ? 0 : (invalid_handle(), LMEM_INVALID_HANDLE);
    struct entry *entry = entry_of(memory);
    if (!entry) {
        invalid_handle();
        return LMEM_INVALID_HANDLE;
    }
    return entry->locks | (entry->discardable ? LMEM_DISCARDABLE : 0) |
           (entry->flags & ENTRY_DISCARDED ? LMEM_DISCARDED : 0);
}

HOTPATCH HLOCAL WINAPI LocalHandle(const void *memory)
{
    if (!memory) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (is_handle_value(memory)) return entry_of(memory) ? (HLOCAL)memory : invalid_handle();
    // A movable block's handle stands before it, and points back.
    if (!IsBadReadPtr((const char *)memory - MOVABLE_HEADER, MOVABLE_HEADER)) {
        void *handle;
        memcpy(&handle, (const char *)memory - MOVABLE_HEADER, sizeof(handle));
        struct entry *entry = entry_of(handle);
        if (entry && entry->block == memory) return (HLOCAL)handle;
    }
    return is_heap_block(memory) ? (HLOCAL)memory : invalid_handle();
}

HOTPATCH HLOCAL WINAPI LocalReAlloc(HLOCAL memory, SIZE_T size, UINT flags)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    struct entry *entry = entry_of(memory);
    if (is_handle_value(memory) ? !entry : !is_heap_block(memory)) return invalid_handle();
    if (flags & LMEM_MODIFY) {
        if (entry) {
            entry->discardable = (flags & LMEM_DISCARDABLE) != 0;
            return memory;
        }
        if (!(flags & LMEM_MOVEABLE)) return memory;
        // A fixed block becomes movable: its contents move into a new one.
        HLOCAL fresh = LocalAlloc(flags & ~(UINT)LMEM_MODIFY, RtlSizeHeap(process_heap(), 0, memory));
        if (!fresh) return NULL;
        memcpy(entry_of(fresh)->block, memory, RtlSizeHeap(process_heap(), 0, memory));
        RtlFreeHeap(process_heap(), 0, memory);
        return fresh;
    }
    if (!entry) {
        // A fixed block only stays where it is, unless the caller lets it move.
        if (!(flags & LMEM_MOVEABLE)) heap_flags |= HEAP_REALLOC_IN_PLACE_ONLY;
        void *block = RtlReAllocateHeap(process_heap(), heap_flags, memory, size);
        if (!block) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return block;
    }
    if (!size) {
        if (entry->locks) {
            SetLastError(ERROR_NOT_ENOUGH_MEMORY);
            return NULL;
        }
        if (entry->block) RtlFreeHeap(process_heap(), 0, (char *)entry->block - MOVABLE_HEADER);
        entry->block = NULL;
        entry->flags |= ENTRY_DISCARDED;
        return memory;
    }
    void *block;
    if (!entry->block) {
        block = movable_block(memory, heap_flags, size);
    } else {
        if (entry->locks && !(flags & LMEM_MOVEABLE)) heap_flags |= HEAP_REALLOC_IN_PLACE_ONLY;
        char *raw = size > (SIZE_T)0x7FFFFFFF
                        ? NULL
                        : RtlReAllocateHeap(process_heap(), heap_flags, (char *)entry->block - MOVABLE_HEADER,
                                            size + MOVABLE_HEADER);
        block = raw ? raw + MOVABLE_HEADER : NULL;
    }
    if (!block) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    entry->block = block;
    entry->flags &= (WORD)~ENTRY_DISCARDED;
    return memory;
}

HOTPATCH SIZE_T WINAPI LocalCompact(UINT minimum)
{
    (void)minimum;
    return RtlCompactHeap(process_heap(), 0);
}

HOTPATCH SIZE_T WINAPI LocalShrink(HLOCAL memory, UINT size)
{
    (void)memory, (void)size;
    return RtlCompactHeap(process_heap(), 0);
}

// ---- the Global functions are the same with their own names; both kinds are interchangeable ----

HOTPATCH HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    return LocalAlloc(flags, size);
}

HOTPATCH HGLOBAL WINAPI GlobalFree(HGLOBAL memory)
{
    return LocalFree(memory);
}

HOTPATCH void *WINAPI GlobalLock(HGLOBAL memory)
{
    return LocalLock(memory);
}

// Unlike LocalUnlock, unlocking a fixed block succeeds.
HOTPATCH BOOL WINAPI GlobalUnlock(HGLOBAL memory)
{
    return is_handle_value(memory) ? LocalUnlock(memory) : TRUE;
}

HOTPATCH SIZE_T WINAPI GlobalSize(HGLOBAL memory)
{
    return LocalSize(memory);
}

HOTPATCH UINT WINAPI GlobalFlags(HGLOBAL memory)
{
    return LocalFlags(memory);
}

HOTPATCH HGLOBAL WINAPI GlobalHandle(const void *memory)
{
    return LocalHandle(memory);
}

HOTPATCH HGLOBAL WINAPI GlobalReAlloc(HGLOBAL memory, SIZE_T size, UINT flags)
{
    return LocalReAlloc(memory, size, flags);
}

HOTPATCH SIZE_T WINAPI GlobalCompact(DWORD minimum)
{
    (void)minimum;
    return RtlCompactHeap(process_heap(), 0);
}

HOTPATCH void *WINAPI GlobalWire(HGLOBAL memory)
{
    return GlobalLock(memory);
}

HOTPATCH BOOL WINAPI GlobalUnWire(HGLOBAL memory)
{
    return GlobalUnlock(memory);
}

// Pinning pages has no meaning for heap memory here: both are documented as doing nothing.
HOTPATCH void WINAPI GlobalFix(HGLOBAL memory)
{
    if (memory != (HGLOBAL)-1) GlobalLock(memory);
}

HOTPATCH void WINAPI GlobalUnfix(HGLOBAL memory)
{
    if (memory != (HGLOBAL)-1) GlobalUnlock(memory);
}
