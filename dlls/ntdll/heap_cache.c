// Small freed blocks of each thread, kept for its next allocations: the only part of the heap that takes no
// lock.
//
// The cache holds addresses beside the blocks, never inside them: what a program reads from a block that it
// has just freed stays what it was, as on Windows. It serves up to four heaps; one that was destroyed is
// recognised by its generation.
#include "heap.h"

#define BLOCKS     31   // per size; a full row gives half of them back
#define ACTIVATION 0x12 // allocations of a size before it is cached, as on Windows

struct row {
    USHORT count;
    USHORT noted; // allocations that went past the cache, up to ACTIVATION
    struct chunk *chunks[BLOCKS];
};

struct heap_cache {
    ULONG generation;
    struct row rows[HEAP_CACHE_MAX / 8 + 2]; // by chunk size / 8 - CHUNK_MIN / 8
};

// In the TEB: where Windows keeps performance data that nothing of ours has.
struct thread_caches {
    struct heap_cache *slots[HEAP_CACHE_SLOTS];
};

static inline struct thread_caches *thread_caches(void)
{
    struct thread_caches *caches;

    __asm__("movl %%fs:%c1, %0" : "=r"(caches) : "i"(__builtin_offsetof(TEB, ReservedForPerf)));
    return caches;
}

static inline ULONG row_of(ULONG size)
{
    return (size - CHUNK_MIN) / 8;
}

// Makes this thread's cache for a heap. NULL when there is no memory for it: then there is none.
static __attribute__((noinline)) struct heap_cache *make_cache(struct heap *heap)
{
    struct heap *owner = process_heap();
    struct thread_caches *caches = thread_caches();
    struct heap_cache *cache;
    struct chunk *chunk;
    BOOLEAN zeroed;

    RtlEnterCriticalSection(&owner->lock);
    if (!caches && (chunk = core_allocate(owner, sizeof(*caches), &zeroed))) {
        caches = chunk_block(chunk);
        memset(caches, 0, sizeof(*caches));
        teb_self()->ReservedForPerf = caches;
    }
    cache = caches ? caches->slots[heap->cache_slot] : NULL;
    if (caches && !cache && (chunk = core_allocate(owner, sizeof(*cache), &zeroed))) {
        cache = caches->slots[heap->cache_slot] = chunk_block(chunk);
    }
    RtlLeaveCriticalSection(&owner->lock);
    if (cache) {
        // Also when the slot's former heap was destroyed: its blocks went with it.
        memset(cache, 0, sizeof(*cache));
        cache->generation = heap->generation;
    }
    return cache;
}

static inline struct heap_cache *find_cache(struct heap *heap)
{
    struct thread_caches *caches = thread_caches();
    struct heap_cache *cache;

    if (heap->cache_slot >= HEAP_CACHE_SLOTS) return NULL;
    cache = caches ? caches->slots[heap->cache_slot] : NULL;
    if (cache && cache->generation == heap->generation) return cache;
    return make_cache(heap);
}

BOOLEAN cache_note(struct heap *heap, SIZE_T request)
{
    struct heap_cache *cache = find_cache(heap);
    struct row *row;

    if (!cache) return FALSE;
    row = &cache->rows[row_of(chunk_size_for(request))];
    if (row->noted == ACTIVATION) return TRUE;
    if (++row->noted == ACTIVATION) heap->compatibility = 2;
    return FALSE;
}

struct chunk *cache_take(struct heap *heap, SIZE_T request)
{
    ULONG size = chunk_size_for(request);
    struct heap_cache *cache = find_cache(heap);
    struct row *row;
    struct chunk *chunk;

    if (!cache) return NULL;
    row = &cache->rows[row_of(size)];
    if (!row->count) return NULL;
    chunk = row->chunks[--row->count];
    if (chunk_kind(chunk) != CHUNK_CACHED || chunk_size(chunk) != size) {
        RtlRaiseStatus(STATUS_HEAP_CORRUPTION); // a neighbour's overrun changed the header
    }
    chunk->unused = size - HEADER - request;
    chunk->state = CHUNK_BUSY | CHUNK_FRONT_END;
    return chunk;
}

static void free_some(struct heap *heap, struct row *row, ULONG n)
{
    RtlEnterCriticalSection(&heap->lock);
    for (ULONG i = 0; i < n; i++) core_free(heap, row->chunks[i]);
    RtlLeaveCriticalSection(&heap->lock);
    row->count -= n;
    memmove(row->chunks, row->chunks + n, row->count * sizeof(row->chunks[0]));
}

BOOLEAN cache_put(struct heap *heap, struct chunk *chunk)
{
    struct heap_cache *cache = find_cache(heap);
    struct row *row;

    if (!cache) return FALSE;
    row = &cache->rows[row_of(chunk_size(chunk))];
    if (row->noted < ACTIVATION) return FALSE;
    if (row->count == BLOCKS) free_some(heap, row, BLOCKS / 2 + 1);
    chunk->state = CHUNK_CACHED;
    row->chunks[row->count++] = chunk;
    return TRUE;
}

static void flush(struct heap *heap, struct heap_cache *cache)
{
    for (ULONG i = 0; i < ARRAYSIZE(cache->rows); i++) {
        if (cache->rows[i].count) free_some(heap, &cache->rows[i], cache->rows[i].count);
    }
}

void cache_flush(struct heap *heap)
{
    struct thread_caches *caches = thread_caches();
    struct heap_cache *cache =
        caches && heap->cache_slot < HEAP_CACHE_SLOTS ? caches->slots[heap->cache_slot] : NULL;

    if (cache && cache->generation == heap->generation) flush(heap, cache);
}

void heap_thread_exit(void)
{
    struct thread_caches *caches = thread_caches();
    PEB *peb = peb_self();
    struct heap *owner = process_heap();

    if (!caches) return;
    RtlAcquirePebLock(); // heaps don't come and go meanwhile
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++) cache_flush(peb->ProcessHeaps[i]);
    RtlReleasePebLock();
    teb_self()->ReservedForPerf = NULL;
    RtlEnterCriticalSection(&owner->lock);
    for (ULONG i = 0; i < HEAP_CACHE_SLOTS; i++) {
        if (caches->slots[i]) core_free(owner, block_chunk(caches->slots[i]));
    }
    core_free(owner, block_chunk(caches));
    RtlLeaveCriticalSection(&owner->lock);
}
