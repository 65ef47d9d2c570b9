// The heap's interface: RtlCreateHeap to RtlFreeHeap, with Windows' flags and answers to wrong arguments.
#include "heap.h"

static BOOLEAN terminate_on_corruption;
static struct heap *cache_users[HEAP_CACHE_SLOTS]; // under the PEB lock
static PVOID initial_heaps[16];                    // PEB.ProcessHeaps until more are needed

// Refuses a pointer that is no block: last error, or the exception that the program asked for.
static void refuse(void)
{
    if (terminate_on_corruption) RtlRaiseStatus(STATUS_HEAP_CORRUPTION);
    set_last_status(STATUS_INVALID_PARAMETER);
}

static void *no_memory(ULONG flags, SIZE_T size)
{
    set_last_status(STATUS_NO_MEMORY);
    if (flags & HEAP_GENERATE_EXCEPTIONS) {
        EXCEPTION_RECORD record = {.ExceptionCode = STATUS_NO_MEMORY, .NumberParameters = 1};
        record.ExceptionInformation[0] = size;
        RtlRaiseException(&record);
    }
    return NULL;
}

// Enters a new heap in the PEB and gives it an index and, if one is left, a place in the thread caches.
static BOOLEAN register_heap(struct heap *heap)
{
    PEB *peb = peb_self();
    BOOLEAN taken[HEAP_INDEX_MAX + 1] = {TRUE};
    BOOLEAN first = !peb->ProcessHeap; // start-up: one thread, and no heap for the array either

    if (!first) RtlAcquirePebLock();
    if (!peb->ProcessHeaps) {
        peb->ProcessHeaps = initial_heaps;
        peb->MaximumNumberOfHeaps = ARRAYSIZE(initial_heaps);
    }
    if (peb->NumberOfHeaps == peb->MaximumNumberOfHeaps) {
        ULONG n = peb->NumberOfHeaps;
        PVOID *heaps = RtlAllocateHeap(peb->ProcessHeap, 0, 2 * n * sizeof(*heaps)), *old = peb->ProcessHeaps;

        if (!heaps) {
            RtlReleasePebLock();
            return FALSE;
        }
        memcpy(heaps, old, n * sizeof(*heaps));
        peb->ProcessHeaps = heaps;
        peb->MaximumNumberOfHeaps = 2 * n;
        if (old != initial_heaps) RtlFreeHeap(peb->ProcessHeap, 0, old);
    }
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++) taken[((struct heap *)peb->ProcessHeaps[i])->index] = TRUE;
    // With more heaps than indices some share the last; the search through segments tells them apart.
    for (heap->index = 1; heap->index < HEAP_INDEX_MAX && taken[heap->index];) heap->index++;
    for (heap->cache_slot = 0; heap->cache_slot < HEAP_CACHE_SLOTS && cache_users[heap->cache_slot];) {
        heap->cache_slot++;
    }
    // Caches are blocks of the process heap, and bear no mark.
    if (heap->flags & HEAP_NO_SERIALIZE || heap->fixed || is_debug_heap(heap) ||
        (peb->ProcessHeap && is_debug_heap(peb->ProcessHeap)))
        heap->cache_slot = HEAP_CACHE_SLOTS;
    if (heap->cache_slot < HEAP_CACHE_SLOTS) cache_users[heap->cache_slot] = heap;
    heap->generation = ++heap_generation;
    peb->ProcessHeaps[peb->NumberOfHeaps++] = heap;
    if (!first) RtlReleasePebLock();
    return TRUE;
}

/**
 * Creates a heap of reserve bytes (0: 1 MiB), growing when flags has HEAP_GROWABLE; at base if that is given,
 * which must be reserved. lock and parameters are not used. NULL when there is no memory.
 */
PVOID WINAPI RtlCreateHeap(ULONG flags, PVOID base, SIZE_T reserve, SIZE_T commit, PVOID lock,
                           PRTL_HEAP_PARAMETERS parameters)
{
    ULONG protect = flags & HEAP_CREATE_ENABLE_EXECUTE ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    BOOLEAN ours = !base;
    struct heap *heap;
    SIZE_T all = 0, used = (sizeof(*heap) + 15) & ~15u;

    (void)lock;
    (void)parameters;
    if (reserve > ~0u - 2 * GRANULE || commit > ~0u - 2 * GRANULE) return NULL;
    // Without a size, 64 KiB more than is committed at once: the heap's own structures among them. With one,
    // they are within what was asked for.
    if (!reserve) reserve = commit + GRANULE;
    reserve = (reserve + PAGE - 1) & ~(PAGE - 1);
    if (commit > reserve) reserve = commit + 2 * PAGE;
    if (!(flags & HEAP_GROWABLE)) used = FIXED_OVERHEAD;
    commit = (commit + used + PAGE - 1) & ~(PAGE - 1);
    if (commit < used || commit > reserve) commit = reserve;
    if (ours && NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &reserve, MEM_RESERVE, protect) < 0) {
        return NULL;
    }
    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &commit, MEM_COMMIT, protect) < 0) goto fail;
    heap = base;
    memset(heap, 0, sizeof(*heap));
    heap->flags = (flags & ~(HEAP_ZERO_MEMORY | HEAP_REALLOC_IN_PLACE_ONLY)) | debug_heap_flags();
    heap->force_flags =
        heap->flags & (HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS | HEAP_TAIL_CHECKING_ENABLED |
                       HEAP_FREE_CHECKING_ENABLED | HEAP_VALIDATE);
    if (heap->flags & HEAP_TAIL_CHECKING_ENABLED) heap->debug_extra = DEBUG_TAIL;
    if (heap->flags & HEAP_VALIDATE) heap->debug_extra += 8;
    heap->fixed = !(flags & HEAP_GROWABLE);
    heap->maximum = reserve;
    heap->next_reserve = SEGMENT_RESERVE;
    heap->compatibility = peb_self()->ProcessHeap ? 0 : 2; // others get there by use
    heap->cookie = ((ULONG_PTR)heap >> 16) * 40503 ^ heap_generation * 7919;
    heap->lock.DebugInfo = (PRTL_CRITICAL_SECTION_DEBUG)-1;
    heap->lock.LockCount = -1;
    heap->lock.SpinCount = peb_self()->NumberOfProcessors > 1 ? 2000 : 0;
    if (!register_heap(heap)) goto fail;
    core_init_segment(heap, &heap->segment, base, reserve, commit, used);
    heap->signature = HEAP_SIGNATURE;
    return heap;

fail:
    if (ours) NtFreeVirtualMemory(NtCurrentProcess(), &base, &all, MEM_RELEASE);
    return NULL;
}

/** Destroys a heap with all its blocks. Returns NULL, or the handle when that is no heap or the process heap.
 */
PVOID WINAPI RtlDestroyHeap(PVOID handle)
{
    struct heap *heap = heap_from_handle(handle);
    PEB *peb = peb_self();
    PVOID base;
    SIZE_T size;

    if (!heap || heap == peb->ProcessHeap) return handle;
    RtlAcquirePebLock();
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++) {
        if (peb->ProcessHeaps[i] != heap) continue;
        memmove(peb->ProcessHeaps + i, peb->ProcessHeaps + i + 1, (--peb->NumberOfHeaps - i) * sizeof(PVOID));
        break;
    }
    if (heap->cache_slot < HEAP_CACHE_SLOTS) cache_users[heap->cache_slot] = NULL;
    RtlReleasePebLock();
    heap->signature = 0;
    while (heap->large) core_free_large(heap, &heap->large->chunk);
    for (struct segment *segment = heap->segment.next, *next; segment; segment = next) {
        next = segment->next;
        base = segment;
        size = 0;
        heap_set_owner(segment, segment->reserved - (BYTE *)segment, 0);
        NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
    }
    base = heap;
    size = 0;
    heap_set_owner(heap, heap->segment.reserved - (BYTE *)heap, 0);
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
    return NULL;
}

// What the front end counts; it hands out those of them that carry nothing of their owner's.
static inline BOOLEAN is_small(ULONG flags, SIZE_T size)
{
    return size <= HEAP_CACHE_MAX && !(flags & HEAP_NO_SERIALIZE);
}

static inline BOOLEAN is_cacheable(ULONG flags, SIZE_T size)
{
    return is_small(flags, size) && !(flags & (HEAP_SETTABLE_USER_VALUE | HEAP_SETTABLE_USER_FLAGS));
}

static __attribute__((noinline)) void *allocate_slow(struct heap *heap, ULONG flags, SIZE_T size)
{
    BOOLEAN zeroed = TRUE;
    BOOLEAN has_value = (flags & HEAP_SETTABLE_USER_VALUE) != 0, front_end;
    SIZE_T extra = has_value ? 8 : 0;
    struct chunk *chunk;

    if (heap->signature != HEAP_SIGNATURE || size > 0x7FFFFFFF - PAGE) return no_memory(flags, size);
    front_end = is_small(flags, size) && cache_note(heap, size);
    heap_lock(heap, flags);
    if (is_debug_heap(heap)) debug_may_use(heap, NULL);
    if (size + extra >= LARGE_MIN && !extra) {
        chunk = core_allocate_large(heap, size);
    } else {
        extra += heap->debug_extra;
        chunk = core_allocate(heap, size + extra, &zeroed);
        if (chunk && front_end) chunk->state |= CHUNK_FRONT_END;
        if (chunk) chunk->unused += extra;
        if (chunk && has_value) {
            chunk->state |= CHUNK_USER_VALUE;
            memset((BYTE *)chunk_next(chunk) - 8, 0, 8);
        }
        if (chunk && is_debug_heap(heap)) debug_mark_block(heap, chunk, 0, (flags & HEAP_ZERO_MEMORY) != 0);
    }
    if (chunk) chunk->state |= (flags & (HEAP_SETTABLE_USER_FLAGS & ~0x1000)) >> 9 << CHUNK_FLAGS_SHIFT;
    heap_unlock(heap, flags);
    if (!chunk) return no_memory(flags, size);
    if (flags & HEAP_ZERO_MEMORY && !zeroed) memset(chunk_block(chunk), 0, size);
    return chunk_block(chunk);
}

/** Allocates size bytes, 8-aligned. NULL when there is no memory, or STATUS_NO_MEMORY raised if flags ask so.
 */
PVOID WINAPI RtlAllocateHeap(PVOID handle, ULONG flags, SIZE_T size)
{
    struct heap *heap = handle;

    flags |= heap->force_flags;
    if (is_cacheable(flags, size)) {
        struct chunk *chunk = cache_take(heap, size);

        if (chunk) {
            if (flags & HEAP_ZERO_MEMORY) memset(chunk_block(chunk), 0, size);
            return chunk_block(chunk);
        }
    }
    return allocate_slow(heap, flags, size);
}

// The chunk of a block that the program passed; NULL: it is none of this heap's, or a debug heap finds it
// overrun.
static struct chunk *find_checked(struct heap *heap, const void *block)
{
    struct chunk *chunk = core_find(heap, block);

    return chunk && is_debug_heap(heap) && !debug_may_use(heap, chunk) ? NULL : chunk;
}

static __attribute__((noinline)) BOOLEAN free_slow(struct heap *heap, ULONG flags, void *block)
{
    struct chunk *chunk;

    heap_lock(heap, flags);
    chunk = find_checked(heap, block);
    if (chunk && chunk_kind(chunk) == CHUNK_LARGE) {
        core_free_large(heap, chunk);
    } else if (chunk) {
        core_free(heap, chunk);
    }
    heap_unlock(heap, flags);
    if (!chunk) refuse();
    return chunk != NULL;
}

/** Frees a block; NULL is fine. FALSE, with the last error set and nothing changed, for what is no block. */
LOGICAL WINAPI RtlFreeHeap(PVOID handle, ULONG flags, PVOID block)
{
    struct heap *heap = handle;
    struct chunk *chunk = block_chunk(block);

    if (!block) return TRUE;
    if (!heap || heap->signature != HEAP_SIGNATURE) {
        refuse();
        return FALSE;
    }
    flags |= heap->force_flags;
    if (!(flags & HEAP_NO_SERIALIZE) && !((ULONG_PTR)block & 7) && heap->index < HEAP_INDEX_MAX &&
        heap_owner[(ULONG_PTR)block >> 16] == heap->index &&
        (chunk->state & ~CHUNK_FRONT_END) == CHUNK_BUSY && chunk_size(chunk) <= HEAP_CACHE_MAX + HEADER &&
        chunk->check == chunk_check(heap, chunk) && cache_put(heap, chunk)) {
        return TRUE;
    }
    return free_slow(heap, flags, block);
}

/** The size that a block was allocated with; (SIZE_T)-1 for what is no block. */
SIZE_T WINAPI RtlSizeHeap(PVOID handle, ULONG flags, const void *block)
{
    struct heap *heap = heap_from_handle(handle);
    struct chunk *chunk;
    SIZE_T size;

    if (!heap) {
        refuse();
        return ~(SIZE_T)0;
    }
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    chunk = find_checked(heap, block);
    size = chunk ? chunk_requested(chunk) : ~(SIZE_T)0;
    heap_unlock(heap, flags);
    if (!chunk) refuse();
    return size;
}

// Whether a block of a segment may change its size where it lies. As on Windows one of the front end never
// does, but with the owner's value behind it, it stays while its size class does.
static BOOLEAN may_resize(const struct heap *heap, const struct chunk *chunk, SIZE_T size)
{
    if (!(chunk->state & CHUNK_FRONT_END)) return size < LARGE_MIN || size <= chunk_requested(chunk);
    return chunk->state & CHUNK_USER_VALUE &&
           chunk_size_for(size + extra_of(heap, chunk)) == chunk_size(chunk);
}

/**
 * Changes a block's size, moving it unless flags has HEAP_REALLOC_IN_PLACE_ONLY. NULL, with the block as it
 * was, when that can't be; HEAP_ZERO_MEMORY clears what is new.
 */
PVOID WINAPI RtlReAllocateHeap(PVOID handle, ULONG flags, PVOID block, SIZE_T size)
{
    struct heap *heap = heap_from_handle(handle);
    struct chunk *chunk;
    SIZE_T old = 0;
    BOOLEAN done = FALSE;
    ULONG carried = 0, value = 0;
    void *moved;

    if (!block) {
        set_last_status(STATUS_SUCCESS);
        return NULL;
    }
    if (!heap) {
        refuse();
        return NULL;
    }
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    if ((chunk = find_checked(heap, block))) {
        old = chunk_requested(chunk);
        if (chunk_kind(chunk) == CHUNK_LARGE) {
            struct large *large = CONTAINING_RECORD(chunk, struct large, chunk);
            // Stays while it fits, unless it would no longer be large.
            done = size <= large->mapped - sizeof(*large) &&
                   (size >= LARGE_MIN || flags & HEAP_REALLOC_IN_PLACE_ONLY);
            if (done) core_shrink_large(heap, chunk, size);
        } else if (may_resize(heap, chunk, size)) {
            done = core_resize(heap, chunk, size);
            if (done && is_debug_heap(heap))
                debug_mark_block(heap, chunk, old, (flags & HEAP_ZERO_MEMORY) != 0);
        }
        carried = (chunk->state & CHUNK_FLAGS) >> CHUNK_FLAGS_SHIFT << 9;
        if (!done && chunk->state & CHUNK_USER_VALUE) {
            carried |= HEAP_SETTABLE_USER_VALUE;
            value = *((ULONG *)chunk_next(chunk) - 1);
        }
    }
    heap_unlock(heap, flags);
    if (!chunk) {
        refuse();
        return NULL;
    }
    if (done) {
        if (flags & HEAP_ZERO_MEMORY && size > old) memset((BYTE *)block + old, 0, size - old);
        return block;
    }
    if (flags & HEAP_REALLOC_IN_PLACE_ONLY) return no_memory(flags, size);
    moved = RtlAllocateHeap(heap, (flags & ~HEAP_ZERO_MEMORY) | carried, size);
    if (!moved) return NULL;
    memcpy(moved, block, old < size ? old : size);
    if (flags & HEAP_ZERO_MEMORY && size > old) memset((BYTE *)moved + old, 0, size - old);
    if (carried & HEAP_SETTABLE_USER_VALUE) RtlSetUserValueHeap(heap, flags, moved, (PVOID)(ULONG_PTR)value);
    RtlFreeHeap(heap, flags & HEAP_NO_SERIALIZE, block);
    return moved;
}

/** Keeps other threads from the heap until RtlUnlockHeap; recursive. FALSE for what is no heap. */
BOOLEAN WINAPI RtlLockHeap(PVOID handle)
{
    struct heap *heap = heap_from_handle(handle);

    if (!heap) return FALSE;
    if (!(heap->flags & HEAP_NO_SERIALIZE)) {
        RtlEnterCriticalSection(&heap->lock);
        heap->user_locks++; // as on Windows, what a thread's cache has is handed out all the same
    }
    return TRUE;
}

/** Undoes one RtlLockHeap. FALSE when this thread doesn't hold the lock. */
BOOLEAN WINAPI RtlUnlockHeap(PVOID handle)
{
    struct heap *heap = heap_from_handle(handle);

    if (!heap) return FALSE;
    if (!(heap->flags & HEAP_NO_SERIALIZE)) {
        if (!RtlIsCriticalSectionLockedByThread(&heap->lock) || !heap->user_locks) return FALSE;
        heap->user_locks--;
        RtlLeaveCriticalSection(&heap->lock);
    }
    return TRUE;
}

/** Returns what can be returned to the system; the result is the largest block that could be allocated at
 * once. */
SIZE_T WINAPI RtlCompactHeap(PVOID handle, ULONG flags)
{
    struct heap *heap = heap_from_handle(handle);
    SIZE_T largest;

    if (!heap) return 0;
    flags |= heap->force_flags;
    cache_flush(heap);
    heap_lock(heap, flags);
    largest = core_compact(heap);
    heap_unlock(heap, flags);
    return largest > HEADER ? largest - HEADER : 0;
}

/** The value and the flags that the owner attached to a block. FALSE for what is no block. */
BOOLEAN WINAPI RtlGetUserInfoHeap(PVOID handle, ULONG flags, PVOID block, PVOID *value, PULONG user_flags)
{
    struct heap *heap = heap_from_handle(handle);
    struct chunk *chunk;

    if (!heap) return FALSE;
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    chunk = core_find(heap, block);
    if (chunk) {
        if (value && chunk->state & CHUNK_USER_VALUE) *value = (PVOID) * ((ULONG *)chunk_next(chunk) - 1);
        if (user_flags) *user_flags = (chunk->state & CHUNK_FLAGS) >> CHUNK_FLAGS_SHIFT << 9;
    }
    heap_unlock(heap, flags);
    if (!chunk) refuse();
    return chunk != NULL;
}

/** Attaches a value to a block that was allocated with HEAP_SETTABLE_USER_VALUE. */
BOOLEAN WINAPI RtlSetUserValueHeap(PVOID handle, ULONG flags, PVOID block, PVOID value)
{
    struct heap *heap = heap_from_handle(handle);
    struct chunk *chunk;

    if (!heap) return FALSE;
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    chunk = core_find(heap, block);
    if (chunk && chunk->state & CHUNK_USER_VALUE) {
        *((ULONG *)chunk_next(chunk) - 1) = (ULONG)value;
    } else {
        chunk = NULL;
    }
    heap_unlock(heap, flags);
    return chunk != NULL;
}

/** Clears and sets a block's HEAP_SETTABLE_USER_FLAG1 to 3; FALSE, with the last error, for other flags. */
BOOLEAN WINAPI RtlSetUserFlagsHeap(PVOID handle, ULONG flags, PVOID block, ULONG reset, ULONG set)
{
    struct heap *heap = heap_from_handle(handle);
    struct chunk *chunk;

    if (!heap) return FALSE;
    if ((reset | set) & ~HEAP_SETTABLE_USER_FLAGS) {
        set_last_status(STATUS_INVALID_PARAMETER);
        return FALSE;
    }
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    chunk = core_find(heap, block);
    if (chunk) {
        chunk->state &= ~(reset >> 9 << CHUNK_FLAGS_SHIFT & CHUNK_FLAGS);
        chunk->state |= set >> 9 << CHUNK_FLAGS_SHIFT & CHUNK_FLAGS;
    }
    heap_unlock(heap, flags);
    return chunk != NULL;
}

/** Lists the heaps of the process; returns how many there are, whatever count is. */
ULONG WINAPI RtlGetProcessHeaps(ULONG count, PVOID *heaps)
{
    PEB *peb = peb_self();
    ULONG n;

    RtlAcquirePebLock();
    n = peb->NumberOfHeaps;
    if (n <= count) memcpy(heaps, peb->ProcessHeaps, n * sizeof(*heaps));
    RtlReleasePebLock();
    return n;
}

/** Calls a function for each heap, under the PEB lock, until it fails. */
NTSTATUS WINAPI RtlEnumProcessHeaps(PRTL_ENUM_HEAPS_ROUTINE routine, PVOID parameter)
{
    PEB *peb = peb_self();
    NTSTATUS status = STATUS_SUCCESS;

    RtlAcquirePebLock();
    for (ULONG i = 0; i < peb->NumberOfHeaps && status >= 0; i++)
        status = routine(peb->ProcessHeaps[i], parameter);
    RtlReleasePebLock();
    return status;
}

/** HeapCompatibilityInformation of a heap; other classes are STATUS_UNSUCCESSFUL. */
DWORD WINAPI RtlQueryHeapInformation(PVOID handle, HEAP_INFORMATION_CLASS class, PVOID buffer, SIZE_T length,
                                     PSIZE_T returned)
{
    struct heap *heap = heap_from_handle(handle);

    if (class != HeapCompatibilityInformation) return STATUS_UNSUCCESSFUL;
    if (!heap) return STATUS_ACCESS_VIOLATION;
    if (returned) *returned = sizeof(ULONG);
    if (length < sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
    *(ULONG *)buffer = heap->compatibility;
    return STATUS_SUCCESS;
}

/**
 * Accepts the low-fragmentation front end for heaps that can have one, termination on corruption
 * (process-wide), and HeapOptimizeResources.
 */
DWORD WINAPI RtlSetHeapInformation(PVOID handle, HEAP_INFORMATION_CLASS class, PVOID buffer, SIZE_T length)
{
    struct heap *heap = heap_from_handle(handle);

    switch ((int)class) {
    case HeapCompatibilityInformation:
        if (length < sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
        if (!heap) return STATUS_INVALID_PARAMETER;
        if (heap->compatibility == 2 && *(ULONG *)buffer != 2) return STATUS_UNSUCCESSFUL; // for good
        if (*(ULONG *)buffer != 2 || heap->fixed || heap->flags & HEAP_NO_SERIALIZE)
            return STATUS_INVALID_PARAMETER;
        heap->compatibility = 2;
        return STATUS_SUCCESS;
    case HeapEnableTerminationOnCorruption: terminate_on_corruption = TRUE; return STATUS_SUCCESS;
    case 3: // HeapOptimizeResources
        if (heap) RtlCompactHeap(heap, 0);
        return STATUS_SUCCESS;
    default: return STATUS_INVALID_PARAMETER;
    }
}
