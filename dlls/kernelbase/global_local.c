// GlobalAlloc and LocalAlloc. Fixed blocks are heap blocks; a movable block's handle points into a table of
// entries (flags, lock count, block) and can be told from a pointer by bit 2: heap blocks are 8-aligned.
#include "base.h"

// What an entry's flags say; programs read them there.
#define ENTRY_IN_USE      0x0001u
#define ENTRY_MOVABLE     0x0002u
#define ENTRY_DISCARDABLE 0x0004u
#define ENTRY_DISCARDED   0x0008u
#define ENTRY_DDE_SHARE   0x8000u

#define MAXIMUM_HANDLES   0x10000u
#define MAXIMUM_LOCKS     0xFFu

// Blocks of movable memory carry their handle as the heap's user value, for GlobalHandle.
#define BLOCK_FLAGS (HEAP_SETTABLE_USER_VALUE | HEAP_SETTABLE_USER_FLAG1)

struct entry {
    union {
        struct {
            WORD flags;
            BYTE locks;
        };
        struct entry *next_free; // 8-aligned, so that it can be told from flags
    };
    void *block; // the handle is this member's address
};
_Static_assert(sizeof(struct entry) == 8 && offsetof(struct entry, block) == 4, "handles have bit 2 set");

// The table is made at first use and never given back: handles of freed entries must stay recognisable.
static struct entry *table, *free_entries;
static unsigned used_entries;
static RTL_SRWLOCK table_lock = RTL_SRWLOCK_INIT;

static struct entry *take_entry(void)
{
    RtlAcquireSRWLockExclusive(&table_lock);
    if (!table) {
        struct entry *made = VirtualAlloc(NULL, MAXIMUM_HANDLES * sizeof(*table), MEM_COMMIT, PAGE_READWRITE);
        free_entries = made ? made + MAXIMUM_HANDLES : NULL; // the chain's end
        __atomic_store_n(&table, made, __ATOMIC_RELEASE);
    }
    struct entry *entry = NULL;
    if (table && free_entries != table + MAXIMUM_HANDLES) {
        entry = free_entries;
        free_entries = entry->next_free;
    } else if (table && used_entries < MAXIMUM_HANDLES) {
        entry = &table[used_entries++];
    }
    if (entry) {
        *entry = (struct entry){};
        entry->flags = ENTRY_IN_USE | ENTRY_MOVABLE;
    }
    RtlReleaseSRWLockExclusive(&table_lock);
    return entry;
}

static void give_entry(struct entry *entry)
{
    RtlAcquireSRWLockExclusive(&table_lock);
    *entry = (struct entry){{.next_free = free_entries}, NULL};
    free_entries = entry;
    RtlReleaseSRWLockExclusive(&table_lock);
}

static bool is_handle_value(const void *memory)
{
    return ((ULONG_PTR)memory & 7) == 4;
}

// The entry of a movable block's handle; NULL for anything else.
static struct entry *entry_of(const void *memory)
{
    struct entry *first = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
    if (!first || !is_handle_value(memory)) return NULL;
    struct entry *entry = CONTAINING_RECORD(memory, struct entry, block);
    return entry >= first && entry < first + MAXIMUM_HANDLES && entry->flags & ENTRY_IN_USE ? entry : NULL;
}

static void *movable_block(void *handle, ULONG heap_flags, SIZE_T size)
{
    if (size > (SIZE_T)0x7FFFFFFF) return NULL;
    void *block = RtlAllocateHeap(process_heap(), heap_flags | BLOCK_FLAGS, size);
    if (block) RtlSetUserValueHeap(process_heap(), 0, block, handle);
    return block;
}

static void *out_of_memory(void)
{
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static HLOCAL allocate(UINT flags, SIZE_T size)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    if (!(flags & LMEM_MOVEABLE)) return RtlAllocateHeap(process_heap(), heap_flags, size) ?: out_of_memory();
    struct entry *entry = take_entry();
    if (!entry) return out_of_memory();
    if (flags & LMEM_DISCARDABLE) entry->flags |= ENTRY_DISCARDABLE;
    if (flags & GMEM_DDESHARE) entry->flags |= ENTRY_DDE_SHARE;
    if (!size) {
        entry->flags |= ENTRY_DISCARDED;
    } else if (!(entry->block = movable_block(&entry->block, heap_flags, size))) {
        give_entry(entry);
        return out_of_memory();
    }
    return (HLOCAL)&entry->block;
}

HOTPATCH HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    return allocate(flags & ~(UINT)GMEM_DDESHARE, size);
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

// For what should be a fixed block and is none: Windows looks at its header first.
static HLOCAL not_a_block(const void *memory)
{
    SetLastError(IsBadReadPtr((const char *)memory - 8, 8) ? ERROR_NOACCESS : ERROR_INVALID_HANDLE);
    return NULL;
}

HOTPATCH HLOCAL WINAPI LocalFree(HLOCAL memory)
{
    if (!memory) return NULL;
    if (!is_handle_value(memory)) {
        if (!is_heap_block(memory)) {
            not_a_block(memory);
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
    if (entry->block)
        RtlFreeHeap(process_heap(), 0, entry->block);
    else
        SetLastError(ERROR_SUCCESS);
    give_entry(entry);
    return NULL;
}

HOTPATCH void *WINAPI LocalLock(HLOCAL memory)
{
    if (!is_handle_value(memory)) return IsBadReadPtr(memory, 1) ? NULL : memory;
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
        return RtlSizeHeap(process_heap(), 0, entry->block);
    }
    SIZE_T size = is_heap_block(memory) ? RtlSizeHeap(process_heap(), 0, memory) : ~(SIZE_T)0;
    return size == ~(SIZE_T)0 ? (SIZE_T)(ULONG_PTR)invalid_handle() : size;
}

// The flags of a handle; discardable is what a discardable block is told by.
static UINT entry_flags(HLOCAL memory, UINT discardable)
{
    struct entry *entry = entry_of(memory);
    if (!entry) {
        invalid_handle();
        return LMEM_INVALID_HANDLE;
    }
    return entry->locks | (entry->flags & ENTRY_DISCARDABLE ? discardable : 0) |
           (entry->flags & ENTRY_DISCARDED ? LMEM_DISCARDED : 0) |
           (entry->flags & ENTRY_DDE_SHARE ? GMEM_DDESHARE : 0);
}

HOTPATCH UINT WINAPI LocalFlags(HLOCAL memory)
{
    if (is_handle_value(memory)) return entry_flags(memory, LMEM_DISCARDABLE);
    if (is_heap_block(memory)) return 0;
    not_a_block(memory);
    return LMEM_INVALID_HANDLE;
}

HOTPATCH HLOCAL WINAPI LocalHandle(const void *memory)
{
    if (!memory) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (is_handle_value(memory)) return entry_of(memory) ? (HLOCAL)memory : invalid_handle();
    if (!is_heap_block(memory)) return not_a_block(memory);
    PVOID handle = (PVOID)memory;
    ULONG block_flags = 0;
    return RtlGetUserInfoHeap(process_heap(), 0, (PVOID)memory, &handle, &block_flags) ? handle
                                                                                       : invalid_handle();
}

// A fixed block's contents move into a movable one.
static HLOCAL make_movable(HLOCAL memory, UINT flags)
{
    SIZE_T size = RtlSizeHeap(process_heap(), 0, memory);
    HLOCAL fresh = allocate(flags, size ? size : 1);
    if (!fresh) return NULL;
    memcpy(entry_of(fresh)->block, memory, size);
    RtlFreeHeap(process_heap(), 0, memory);
    return fresh;
}

static HLOCAL discard(struct entry *entry, UINT flags)
{
    if (entry->locks || !(flags & LMEM_MOVEABLE)) return out_of_memory();
    if (entry->block) RtlFreeHeap(process_heap(), 0, entry->block);
    entry->block = NULL;
    entry->flags |= ENTRY_DISCARDED;
    return (HLOCAL)&entry->block;
}

HOTPATCH HLOCAL WINAPI LocalReAlloc(HLOCAL memory, SIZE_T size, UINT flags)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    struct entry *entry = entry_of(memory);
    if (is_handle_value(memory) && !entry) return invalid_handle();
    if (!entry && !is_heap_block(memory)) return not_a_block(memory);
    if (flags & LMEM_MODIFY) {
        if (entry && flags & LMEM_DISCARDABLE) entry->flags |= ENTRY_DISCARDABLE;
        return memory;
    }
    if (flags & LMEM_DISCARDABLE) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    // A fixed block and a locked one only stay where they are, unless the caller lets them move.
    if ((!entry || entry->locks) && !(flags & LMEM_MOVEABLE)) heap_flags |= HEAP_REALLOC_IN_PLACE_ONLY;
    if (!entry) return RtlReAllocateHeap(process_heap(), heap_flags, memory, size) ?: out_of_memory();
    if (!size) return discard(entry, flags);
    void *block = NULL;
    if (!entry->block)
        block = movable_block(memory, heap_flags, size);
    else if (size <= (SIZE_T)0x7FFFFFFF)
        block = RtlReAllocateHeap(process_heap(), heap_flags, entry->block, size);
    if (!block) return out_of_memory();
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

// Unlike LocalAlloc, this gives even an empty fixed block a byte.
HOTPATCH HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    return allocate(flags, size || flags & GMEM_MOVEABLE ? size : 1);
}

HOTPATCH HGLOBAL WINAPI GlobalFree(HGLOBAL memory)
{
    return LocalFree(memory);
}

// Unlike LocalLock, this says what is wrong with a bad pointer.
HOTPATCH void *WINAPI GlobalLock(HGLOBAL memory)
{
    if (!is_handle_value(memory)) return IsBadReadPtr(memory, 1) ? invalid_handle() : memory;
    return LocalLock(memory);
}

// Unlike LocalUnlock, unlocking a fixed block succeeds, and also what is no handle at all.
HOTPATCH BOOL WINAPI GlobalUnlock(HGLOBAL memory)
{
    if (entry_of(memory)) return LocalUnlock(memory);
    if (is_handle_value(memory)) SetLastError(ERROR_INVALID_HANDLE);
    return TRUE;
}

HOTPATCH SIZE_T WINAPI GlobalSize(HGLOBAL memory)
{
    return LocalSize(memory);
}

HOTPATCH UINT WINAPI GlobalFlags(HGLOBAL memory)
{
    if (is_handle_value(memory)) return entry_flags(memory, GMEM_DISCARDABLE);
    if (is_heap_block(memory)) return 0;
    invalid_handle();
    return GMEM_INVALID_HANDLE;
}

// Unlike LocalHandle, this doesn't say that a pointer is bad.
HOTPATCH HGLOBAL WINAPI GlobalHandle(const void *memory)
{
    return memory && !is_handle_value(memory) && !is_heap_block(memory) ? invalid_handle()
                                                                        : LocalHandle(memory);
}

// Unlike LocalReAlloc, this makes a fixed block movable when asked to.
HOTPATCH HGLOBAL WINAPI GlobalReAlloc(HGLOBAL memory, SIZE_T size, UINT flags)
{
    const UINT convert = GMEM_MODIFY | GMEM_MOVEABLE;
    if ((flags & convert) == convert && !is_handle_value(memory))
        return is_heap_block(memory) ? make_movable(memory, flags) : not_a_block(memory);
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
