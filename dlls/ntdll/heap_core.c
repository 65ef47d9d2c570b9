// The heap behind its locks: segments, free lists, splitting and merging of chunks, large blocks.
#include "heap.h"

BYTE heap_owner[65536];
ULONG heap_generation;

void heap_set_owner(const void *base, SIZE_T size, BYTE index)
{
    memset(heap_owner + ((ULONG_PTR)base >> 16), index, (size + GRANULE - 1) >> 16);
}

static inline struct free_links *links(struct chunk *chunk)
{
    return chunk_block(chunk);
}

// Sizes below 1024 have a list each; above, four lists per power of two.
static ULONG class_of(ULONG size)
{
    ULONG log, class;

    if (size < 8 * EXACT_CLASSES) return size / 8;
    log = 31 - __builtin_clz(size);
    class = EXACT_CLASSES + (log - 10) * 4 + ((size >> (log - 2)) & 3);
    return class < CLASSES ? class : CLASSES - 1;
}

static void list_insert(struct heap *heap, struct chunk *chunk)
{
    ULONG class = class_of(chunk_size(chunk));
    struct chunk *first = heap->lists[class];

    links(chunk)->next = first;
    links(chunk)->previous = NULL;
    if (first) links(first)->previous = chunk;
    heap->lists[class] = chunk;
    heap->bitmap[class / 32] |= 1u << (class % 32);
}

static void list_remove(struct heap *heap, struct chunk *chunk)
{
    struct chunk *next = links(chunk)->next, *previous = links(chunk)->previous;
    ULONG class = class_of(chunk_size(chunk));

    if (previous ? links(previous)->next != chunk : heap->lists[class] != chunk) {
        RtlRaiseStatus(STATUS_HEAP_CORRUPTION); // the program wrote into a block that it had freed
    }
    if (next) links(next)->previous = previous;
    if (previous) {
        links(previous)->next = next;
    } else {
        heap->lists[class] = next;
        if (!next) heap->bitmap[class / 32] &= ~(1u << (class % 32));
    }
}

// Writes a free chunk's header and its size at its end, tells the next chunk, and lists it.
static void make_free(struct heap *heap, struct chunk *chunk, ULONG size)
{
    struct chunk *next = (struct chunk *)((BYTE *)chunk + size);

    chunk->size = size; // two free chunks never lie side by side
    chunk->unused = 0;
    chunk->state = CHUNK_FREE;
    chunk->check = 0;
    next->size = (next->size & ~PREVIOUS_TINY) | PREVIOUS_FREE;
    if (size == CHUNK_MIN)
        next->size |= PREVIOUS_TINY;
    else
        *((ULONG *)next - 1) = size;
    list_insert(heap, chunk);
}

static void make_busy(struct heap *heap, struct chunk *chunk, ULONG size, SIZE_T request)
{
    chunk->size = size | (chunk->size & (PREVIOUS_FREE | PREVIOUS_TINY));
    chunk->unused = size - HEADER - request;
    chunk->state = CHUNK_BUSY;
    chunk->check = chunk_check(heap, chunk);
}

// The marker behind the last chunk of a segment: 16 bytes.
static void make_end(struct heap *heap, struct segment *segment, BYTE *place, ULONG flags)
{
    struct chunk *end = (struct chunk *)place;

    end->size = flags;
    end->state = CHUNK_END;
    end->unused = 0;
    end->check = chunk_check(heap, end);
    *(struct segment **)chunk_block(end) = segment;
}

#define END_SIZE 16u

void core_init_segment(struct heap *heap, struct segment *segment, BYTE *base, SIZE_T reserve, SIZE_T commit,
                       SIZE_T used)
{
    used = (used + 7) & ~7u;
    segment->heap = heap;
    segment->mark = SEGMENT_MARK;
    segment->segment_flags = heap->flags & HEAP_GROWABLE;
    segment->committed = base + commit;
    segment->reserved = base + reserve;
    segment->first = (struct chunk *)(base + used);
    heap->committed += commit;
    heap_set_owner(base, reserve, heap->index);
    make_end(heap, segment, base + commit - END_SIZE, 0);
    make_free(heap, segment->first, commit - used - END_SIZE);
    debug_fill_free(heap, segment->first + 2, base + commit - END_SIZE - 4);
}

static struct chunk *segment_end(const struct segment *segment)
{
    return (struct chunk *)(segment->committed - END_SIZE);
}

// Commits more of a segment, so that it ends in a free chunk of at least size bytes.
static BOOLEAN extend(struct heap *heap, struct segment *segment, ULONG size)
{
    struct chunk *end = segment_end(segment), *last = end;
    SIZE_T tail = end->size & PREVIOUS_FREE ? chunk_size_before(end) : 0;
    SIZE_T more = size - tail, room = segment->reserved - segment->committed;
    PVOID base = segment->committed;

    more = (more + COMMIT_STEP - 1) & ~(COMMIT_STEP - 1);
    if (more > room) more = room;
    if (more + tail < size || !more) return FALSE;
    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &more, MEM_COMMIT,
                                heap->flags & HEAP_CREATE_ENABLE_EXECUTE ? PAGE_EXECUTE_READWRITE
                                                                         : PAGE_READWRITE) < 0) {
        return FALSE;
    }
    segment->committed += more;
    heap->committed += more;
    if (tail) {
        last = (struct chunk *)((BYTE *)end - tail);
        list_remove(heap, last);
    }
    make_end(heap, segment, segment->committed - END_SIZE, 0);
    make_free(heap, last, tail + more);
    debug_fill_free(heap, tail > CHUNK_MIN ? (BYTE *)end - 4 : (BYTE *)(last + 2),
                    (ULONG *)segment_end(segment) - 1);
    return TRUE;
}

static struct segment *add_segment(struct heap *heap, ULONG size)
{
    SIZE_T reserve = heap->next_reserve, commit;
    SIZE_T needed = size + sizeof(struct segment) + END_SIZE + 8;
    ULONG protect = heap->flags & HEAP_CREATE_ENABLE_EXECUTE ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    PVOID base = NULL;
    struct segment *segment;

    if (reserve < needed) reserve = (needed + GRANULE - 1) & ~(GRANULE - 1);
    while (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &reserve, MEM_RESERVE, protect) < 0) {
        reserve = (reserve / 2 + GRANULE - 1) & ~(GRANULE - 1);
        if (reserve < needed || reserve == GRANULE) return NULL;
    }
    commit = (needed + COMMIT_STEP - 1) & ~(COMMIT_STEP - 1);
    if (commit > reserve) commit = reserve;
    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &commit, MEM_COMMIT, protect) < 0) {
        SIZE_T all = 0;
        NtFreeVirtualMemory(NtCurrentProcess(), &base, &all, MEM_RELEASE);
        return NULL;
    }
    segment = base;
    core_init_segment(heap, segment, base, reserve, commit, sizeof(*segment));
    segment->next = heap->segment.next;
    heap->segment.next = segment;
    heap->next_reserve = heap->next_reserve < SEGMENT_MAX / 2 ? 2 * heap->next_reserve : SEGMENT_MAX;
    return segment;
}

// A listed chunk of at least size bytes, or NULL.
static struct chunk *find_free(struct heap *heap, ULONG size)
{
    ULONG class = class_of(size), word = class / 32, bits;

    if (class >= EXACT_CLASSES) {
        // Sizes differ within a class: look for one that fits, a while.
        struct chunk *chunk = heap->lists[class];
        for (ULONG tries = 0; chunk && tries < 64; tries++, chunk = links(chunk)->next) {
            if (chunk_size(chunk) >= size) return chunk;
        }
        if (++class == CLASSES) return NULL;
        word = class / 32;
    }
    bits = heap->bitmap[word] & ~0u << (class % 32);
    while (!bits) {
        if (++word == CLASSES / 32) return NULL;
        bits = heap->bitmap[word];
    }
    return heap->lists[word * 32 + __builtin_ctz(bits)];
}

// Gives the end of a chunk of have bytes back when it is worth a chunk; returns what is left.
static ULONG split(struct heap *heap, struct chunk *chunk, ULONG have, ULONG size)
{
    struct chunk *rest = (struct chunk *)((BYTE *)chunk + size);

    if (have - size < CHUNK_MIN) {
        ((struct chunk *)((BYTE *)chunk + have))->size &= ~(PREVIOUS_FREE | PREVIOUS_TINY);
        return have;
    }
    make_free(heap, rest, have - size);
    return size;
}

struct chunk *core_allocate(struct heap *heap, SIZE_T request, BOOLEAN *zeroed)
{
    ULONG size = chunk_size_for(request);
    struct chunk *chunk = find_free(heap, size);

    *zeroed = FALSE;
    while (!chunk) {
        struct segment *segment = &heap->segment;

        while (segment && !extend(heap, segment, size)) segment = segment->next;
        if (!segment && (heap->fixed || !add_segment(heap, size))) return NULL;
        chunk = find_free(heap, size);
        if (!chunk) {
            // The fitting chunk stands too far down its list: take the one that was just made at an end.
            struct segment *made = segment ? segment : heap->segment.next;
            struct chunk *end = segment_end(made);
            chunk = (struct chunk *)((BYTE *)end - chunk_size_before(end));
        }
    }
    list_remove(heap, chunk);
    make_busy(heap, chunk, split(heap, chunk, chunk_size(chunk), size), request);
    return chunk;
}

// Gives the free tail of a segment back, but for one step.
static void decommit_tail(struct heap *heap, struct segment *segment)
{
    struct chunk *end = segment_end(segment), *last;
    ULONG tail;
    BYTE *keep;
    PVOID base;
    SIZE_T size;

    if (!(end->size & PREVIOUS_FREE)) return;
    tail = chunk_size_before(end);
    last = (struct chunk *)((BYTE *)end - tail);
    keep =
        (BYTE *)(((ULONG_PTR)last + CHUNK_MIN + END_SIZE + COMMIT_STEP - 1) & ~(ULONG_PTR)(COMMIT_STEP - 1));
    if (keep >= segment->committed) return;
    list_remove(heap, last);
    base = keep;
    size = segment->committed - keep;
    if (NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_DECOMMIT) >= 0) {
        heap->committed -= segment->committed - keep;
        segment->committed = keep;
        make_end(heap, segment, keep - END_SIZE, 0);
    }
    make_free(heap, last, (BYTE *)segment_end(segment) - (BYTE *)last);
}

// Whether a segment other than the first holds nothing, and then returns it to the system.
static BOOLEAN release_if_empty(struct heap *heap, struct segment *segment)
{
    struct chunk *first = segment->first;
    struct segment **link = &heap->segment.next;
    PVOID base = segment;
    SIZE_T size = 0;

    if (segment == &heap->segment || chunk_kind(first) != CHUNK_FREE ||
        chunk_next(first) != segment_end(segment)) {
        return FALSE;
    }
    list_remove(heap, first);
    while (*link != segment) link = &(*link)->next;
    *link = segment->next;
    heap->committed -= segment->committed - (BYTE *)segment;
    heap_set_owner(segment, segment->reserved - (BYTE *)segment, 0);
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
    return TRUE;
}

void core_free(struct heap *heap, struct chunk *chunk)
{
    ULONG size = chunk_size(chunk);
    struct chunk *next = chunk_next(chunk);
    ULONG *stale = (ULONG *)(chunk + 2), *stale_end = (ULONG *)next - 1; // for the pattern of free memory

    if (chunk->size & PREVIOUS_FREE) {
        ULONG before = chunk_size_before(chunk);
        struct chunk *previous = (struct chunk *)((BYTE *)chunk - before);

        if (chunk_kind(previous) != CHUNK_FREE || chunk_size(previous) != before) {
            RtlRaiseStatus(STATUS_HEAP_CORRUPTION);
        }
        list_remove(heap, previous);
        chunk->check = 0; // no header any more: a second free of it shows
        chunk->state = CHUNK_FREE;
        stale = before > CHUNK_MIN ? (ULONG *)chunk - 1 : (ULONG *)chunk;
        chunk = previous;
        size += before;
    }
    if (chunk_kind(next) == CHUNK_FREE) {
        list_remove(heap, next);
        size += chunk_size(next);
        stale_end = (ULONG *)(next + 2);
    }
    make_free(heap, chunk, size);
    next = chunk_next(chunk);
    if (stale_end >= (ULONG *)next) stale_end = (ULONG *)next - 1;
    debug_fill_free(heap, stale, stale_end);
    if (size >= DECOMMIT_MIN && chunk_kind(next) == CHUNK_END) {
        struct segment *segment = *(struct segment **)chunk_block(next);
        if (!release_if_empty(heap, segment)) decommit_tail(heap, segment);
    }
}

BOOLEAN core_resize(struct heap *heap, struct chunk *chunk, SIZE_T request)
{
    ULONG size = chunk_size_for(request + extra_of(heap, chunk)), have = chunk_size(chunk), value = 0;
    BYTE state = chunk->state;
    struct chunk *next = chunk_next(chunk);
    void *stale_end = chunk_kind(next) == CHUNK_FREE ? (BYTE *)(next + 2) : (BYTE *)next - 4;

    if (state & CHUNK_USER_VALUE) value = *((ULONG *)next - 1);
    if (size > have) {
        if (chunk_kind(next) == CHUNK_END && !heap->fixed) {
            extend(heap, *(struct segment **)chunk_block(next), size - have);
        }
        if (chunk_kind(next) != CHUNK_FREE || have + chunk_size(next) < size) return FALSE;
        list_remove(heap, next);
        have += chunk_size(next);
        size = split(heap, chunk, have, size);
    } else if (chunk_kind(next) == CHUNK_FREE && have > size) {
        list_remove(heap, next);
        size = split(heap, chunk, have + chunk_size(next), size);
    } else {
        size = split(heap, chunk, have, size);
    }
    make_busy(heap, chunk, size, request);
    chunk->state = state;
    next = chunk_next(chunk);
    if (state & CHUNK_USER_VALUE) *((ULONG *)next - 1) = value;
    if (chunk_kind(next) != CHUNK_FREE) return TRUE;
    if (stale_end >= (void *)chunk_next(next)) stale_end = (ULONG *)chunk_next(next) - 1;
    debug_fill_free(heap, next + 2, stale_end);
    return TRUE;
}

struct chunk *core_allocate_large(struct heap *heap, SIZE_T request)
{
    SIZE_T size = sizeof(struct large) + request;
    PVOID base = NULL;
    struct large *large;

    if (size < request || heap->fixed) return NULL;
    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE | MEM_COMMIT,
                                heap->flags & HEAP_CREATE_ENABLE_EXECUTE ? PAGE_EXECUTE_READWRITE
                                                                         : PAGE_READWRITE) < 0) {
        return NULL;
    }
    large = base;
    large->heap = heap;
    large->mapped = size;
    large->next = heap->large;
    large->previous = NULL;
    if (heap->large) heap->large->previous = large;
    heap->large = large;
    heap->committed += size;
    heap_owner[(ULONG_PTR)base >> 16] = heap->index;
    large->chunk.size = request;
    large->chunk.unused = 0;
    large->chunk.state = CHUNK_LARGE;
    large->chunk.check = chunk_check(heap, &large->chunk);
    return &large->chunk;
}

void core_free_large(struct heap *heap, struct chunk *chunk)
{
    struct large *large = CONTAINING_RECORD(chunk, struct large, chunk);
    PVOID base = large;
    SIZE_T size = 0;

    if (large->next) large->next->previous = large->previous;
    *(large->previous ? &large->previous->next : &heap->large) = large->next;
    heap->committed -= large->mapped;
    heap_owner[(ULONG_PTR)base >> 16] = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

void core_shrink_large(struct heap *heap, struct chunk *chunk, SIZE_T request)
{
    struct large *large = CONTAINING_RECORD(chunk, struct large, chunk);
    SIZE_T keep = (sizeof(*large) + request + PAGE - 1) & ~(PAGE - 1), rest = large->mapped - keep;
    PVOID end = (BYTE *)large + keep;

    if (rest && NtFreeVirtualMemory(NtCurrentProcess(), &end, &rest, MEM_DECOMMIT) >= 0) {
        large->mapped -= rest;
        heap->committed -= rest;
    }
    chunk->size = request;
    chunk->check = chunk_check(heap, chunk);
}

SIZE_T core_compact(struct heap *heap)
{
    SIZE_T largest = 0;

    for (struct segment *segment = &heap->segment, *next; segment; segment = next) {
        next = segment->next;
        if (!release_if_empty(heap, segment)) decommit_tail(heap, segment);
    }
    for (ULONG class = CLASSES; class -- > 0 && !largest;) {
        for (struct chunk *chunk = heap->lists[class]; chunk; chunk = links(chunk)->next) {
            if (chunk_size(chunk) > largest) largest = chunk_size(chunk);
        }
    }
    return largest;
}

static BOOLEAN is_readable(struct heap *heap, const void *block)
{
    for (struct segment *segment = &heap->segment; segment; segment = segment->next) {
        if ((BYTE *)block > (BYTE *)segment->first && (BYTE *)block < segment->committed) return TRUE;
    }
    for (struct large *large = heap->large; large; large = large->next) {
        if (block == chunk_block(&large->chunk)) return TRUE;
    }
    return FALSE;
}

struct chunk *core_find(struct heap *heap, const void *block)
{
    struct chunk *chunk = block_chunk(block);

    if (!block || (ULONG_PTR)block & 7 || heap_owner[(ULONG_PTR)block >> 16] != heap->index) return NULL;
    if (!is_readable(heap, block)) return NULL;
    if (chunk_kind(chunk) != CHUNK_BUSY && chunk_kind(chunk) != CHUNK_LARGE) return NULL;
    return chunk->check == chunk_check(heap, chunk) ? chunk : NULL;
}
