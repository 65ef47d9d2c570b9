// The heap's own structures.
//
// A heap reserves segments and commits them from the front. A segment is a row of chunks, each an 8-byte
// header and its bytes; a free chunk ends in its size, so that neighbours merge both ways (boundary tags).
// Free chunks hang in lists by size class, with a bitmap over the lists. Blocks above LARGE_MIN have a
// mapping of their own. Small blocks pass through a cache of the freeing thread, without a lock
// (heap_cache.c).
#ifndef LOWLAND_NTDLL_HEAP_H
#define LOWLAND_NTDLL_HEAP_H

#include "rtl.h"

#define HEAP_SIGNATURE  0xEEFFEEFFu
#define SEGMENT_MARK    0xFFEEFFEEu
#define HEADER          8u
#define CHUNK_MIN       16u          // header, two links
#define LARGE_MIN       (508u << 10) // requests from here on get their own mapping, as on Windows
#define PAGE            4096u
#define GRANULE         65536u
#define COMMIT_STEP     (64u << 10)
#define DECOMMIT_MIN    (1u << 20) // a free tail from this size on goes back to the system
#define FIXED_OVERHEAD  0x500u     // what Windows' own structures take of a heap that can't grow
#define SEGMENT_RESERVE (1u << 20)
#define SEGMENT_MAX     0xFD0000u // as on Windows
#define DEBUG_TAIL      8u        // bytes of the mark behind a block of a debug heap
#define EXACT_CLASSES   128u      // one list per size below 1024
#define CLASSES         (EXACT_CLASSES + 4 * 16)

// chunk.state: what it is, and what Windows lets the owner of a block attach to it
enum {
    CHUNK_FREE = 0,
    CHUNK_BUSY = 1,
    CHUNK_CACHED = 2, // free for the program, busy for its neighbours
    CHUNK_LARGE = 3,  // busy, alone in its mapping
    CHUNK_END = 4,    // behind the last committed chunk of a segment; the segment's address follows
    CHUNK_KIND = 7,
    CHUNK_USER_VALUE = 8,  // the last 4 bytes hold the owner's value
    CHUNK_FLAGS_SHIFT = 4, // HEAP_SETTABLE_USER_FLAG1..3
    CHUNK_FLAGS = 0x70,
    CHUNK_FRONT_END = 0x80, // of a size that the thread caches serve: never resized where it lies
};

// In chunk.size: the chunk before is free, its size stands right before this header; it has no room for that,
// and is CHUNK_MIN.
#define PREVIOUS_FREE 1u
#define PREVIOUS_TINY 2u

struct chunk {
    ULONG size; // with the header, a multiple of 8; | PREVIOUS_FREE, PREVIOUS_TINY. Large: the requested size
    USHORT check; // see chunk_check
    BYTE unused;  // size - HEADER - unused = what was asked for
    BYTE state;
};
C_ASSERT(sizeof(struct chunk) == HEADER);

struct free_links {
    struct chunk *next, *previous;
};

struct segment {
    struct segment *next;
    struct heap *heap;
    ULONG mark, segment_flags;  // where Windows has them, because programs look: SEGMENT_MARK, HEAP_GROWABLE
    BYTE *committed, *reserved; // their ends
    struct chunk *first;
};

// The start of a large block's mapping.
struct large {
    struct large *next, *previous;
    struct heap *heap;
    SIZE_T mapped;
    ULONG padding[2];
    struct chunk chunk;
};
C_ASSERT(sizeof(struct large) == 32);

// Begins at the address that the program knows as the heap's handle. Signature, flags and force flags lie
// where Windows 10 has them, because programs look.
struct heap {
    struct segment segment; // the first
    BYTE windows_padding[0x40 - sizeof(struct segment)];
    ULONG flags;
    ULONG force_flags;
    ULONG signature;
    ULONG generation; // of all heaps ever created; thread caches know a heap by it
    BYTE index;       // in the owner table
    BYTE cache_slot;  // HEAP_CACHE_SLOTS: none
    BYTE compatibility;
    BYTE fixed; // does not grow
    USHORT cookie;
    BYTE debug_extra; // what each block has behind it on a debug heap
    BYTE padding;
    ULONG user_locks; // RtlLockHeap's
    SIZE_T maximum, committed, next_reserve;
    struct large *large;
    ULONG bitmap[CLASSES / 32];
    struct chunk *lists[CLASSES];
    RTL_CRITICAL_SECTION lock;
};
C_ASSERT(__builtin_offsetof(struct heap, flags) == 0x40);

// For each 64 KiB of the address space the index of the heap that has it, 0 for none. Only the few pages in
// use are ever touched.
#define HEAP_INDEX_MAX 255
extern BYTE heap_owner[65536];
extern ULONG heap_generation;

static inline void *chunk_block(struct chunk *chunk)
{
    return chunk + 1;
}

static inline struct chunk *block_chunk(const void *block)
{
    return (struct chunk *)block - 1;
}

static inline ULONG chunk_size(const struct chunk *chunk)
{
    return chunk->size & ~7u;
}

static inline struct chunk *chunk_next(struct chunk *chunk)
{
    return (struct chunk *)((BYTE *)chunk + chunk_size(chunk));
}

static inline ULONG chunk_kind(const struct chunk *chunk)
{
    return chunk->state & CHUNK_KIND;
}

// The size of the chunk before, which is free.
static inline ULONG chunk_size_before(const struct chunk *chunk)
{
    return chunk->size & PREVIOUS_TINY ? CHUNK_MIN : *((const ULONG *)chunk - 1);
}

static inline ULONG chunk_requested(const struct chunk *chunk)
{
    return chunk_kind(chunk) == CHUNK_LARGE ? chunk->size : chunk_size(chunk) - HEADER - chunk->unused;
}

// What a chunk has behind the bytes asked for: a debug heap's mark, the owner's value.
static inline ULONG extra_of(const struct heap *heap, const struct chunk *chunk)
{
    return heap->debug_extra + (chunk->state & CHUNK_USER_VALUE ? 8 : 0);
}

// Ties a header to its place, size and heap: a stray write or a pointer into the middle of a block shows.
static inline USHORT chunk_check(const struct heap *heap, const struct chunk *chunk)
{
    ULONG size = chunk_kind(chunk) == CHUNK_LARGE ? chunk->size : chunk_size(chunk);
    ULONG mix = (ULONG)chunk >> 3 ^ size >> 3 ^ size << 10;

    return mix ^ mix >> 16 ^ heap->cookie;
}

// The chunk size for a request.
static inline ULONG chunk_size_for(SIZE_T request)
{
    ULONG size = (request + HEADER + 7) & ~7u;

    return size < CHUNK_MIN ? CHUNK_MIN : size;
}

// The heap behind a handle, or NULL.
static inline struct heap *heap_from_handle(PVOID handle)
{
    struct heap *heap = handle;

    return heap && !((ULONG_PTR)heap & 7) && heap->signature == HEAP_SIGNATURE ? heap : NULL;
}

static inline void heap_lock(struct heap *heap, ULONG flags)
{
    if (!(flags & HEAP_NO_SERIALIZE)) RtlEnterCriticalSection(&heap->lock);
}

static inline void heap_unlock(struct heap *heap, ULONG flags)
{
    if (!(flags & HEAP_NO_SERIALIZE)) RtlLeaveCriticalSection(&heap->lock);
}

// heap_core.c. All with the heap's lock held (or not needed).

// Creates the structures of a segment on [base, base + reserve), of which commit bytes are committed; used
// bytes at its start are taken already.
void core_init_segment(struct heap *heap, struct segment *segment, BYTE *base, SIZE_T reserve, SIZE_T commit,
                       SIZE_T used);
// A busy chunk with room for request bytes, or NULL. *zeroed: its bytes are known to be 0.
struct chunk *core_allocate(struct heap *heap, SIZE_T request, BOOLEAN *zeroed);
// Frees a busy or cached chunk.
void core_free(struct heap *heap, struct chunk *chunk);
// Gives a busy chunk room for request bytes where it lies. FALSE when that can't be.
BOOLEAN core_resize(struct heap *heap, struct chunk *chunk, SIZE_T request);
struct chunk *core_allocate_large(struct heap *heap, SIZE_T request);
void core_free_large(struct heap *heap, struct chunk *chunk);
// Makes a large block smaller where it lies; the pages behind it go back to the system.
void core_shrink_large(struct heap *heap, struct chunk *chunk, SIZE_T request);
// Gives free memory at the ends of segments back to the system; returns the size of the largest free chunk.
SIZE_T core_compact(struct heap *heap);
// The chunk of a block that the program passed, or NULL when it is none of this heap. Cached blocks count as
// none.
struct chunk *core_find(struct heap *heap, const void *block);

// Marks who owns an address range.
void heap_set_owner(const void *base, SIZE_T size, BYTE index);

// heap_debug.c. All with the heap's lock held (or not needed).

// Heap flags of the debug heap, by names of our own where headers have none.
#define HEAP_PSEUDO_SHARED       0x04000000u
#define HEAP_VALIDATE_ALL        0x20000000u
#define HEAP_VALIDATE_PARAMETERS 0x40000000u
#define HEAP_VALIDATE            (HEAP_VALIDATE_ALL | HEAP_VALIDATE_PARAMETERS)
#define HEAP_DEBUG                                                                                           \
    (HEAP_TAIL_CHECKING_ENABLED | HEAP_FREE_CHECKING_ENABLED | HEAP_DISABLE_COALESCE_ON_FREE | HEAP_VALIDATE)

// Settles NtGlobalFlag. Before the first heap is created.
void debug_heap_init(void);
// The flags that it gives every heap.
ULONG debug_heap_flags(void);
// Writes the pattern of free memory on [from, to), whole words.
void debug_write_free(void *from, void *to);
// Prepares a block whose first old bytes keep what they have: the pattern of new memory (unless it will be
// zeroed), the mark behind it.
void debug_mark_block(const struct heap *heap, struct chunk *chunk, SIZE_T old, BOOLEAN zero);
// Whether a busy chunk's mark and a free chunk's pattern are as they were. A debugger is told and stopped
// otherwise.
BOOLEAN debug_is_tail_intact(const struct heap *heap, struct chunk *chunk);
BOOLEAN debug_is_free_intact(const struct heap *heap, struct chunk *chunk);
// What a call checks before it does something with a block (or with none, NULL).
BOOLEAN debug_may_use(struct heap *heap, struct chunk *chunk);

static inline BOOLEAN is_debug_heap(const struct heap *heap)
{
    return (heap->flags & HEAP_DEBUG) != 0;
}

// debug_write_free if the heap has the pattern; here, since every free asks.
static inline void debug_fill_free(const struct heap *heap, void *from, void *to)
{
    if (__builtin_expect(heap->flags & HEAP_FREE_CHECKING_ENABLED, 0)) debug_write_free(from, to);
}

// heap_cache.c

#define HEAP_CACHE_SLOTS 4
#define HEAP_CACHE_MAX   256u // the largest request that is cached

// Counts an allocation that no cache served. TRUE when this thread's cache serves its size from now on: a
// size that is asked for often enough, as with Windows' low-fragmentation front end.
BOOLEAN cache_note(struct heap *heap, SIZE_T request);
// A block from this thread's cache, or NULL.
struct chunk *cache_take(struct heap *heap, SIZE_T request);
// Puts a block there. FALSE when the caller has to free it.
BOOLEAN cache_put(struct heap *heap, struct chunk *chunk);
// Gives this thread's cached blocks of a heap back to it. Takes the heap's lock.
void cache_flush(struct heap *heap);

#endif
