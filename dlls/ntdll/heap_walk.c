// Looking at heaps from outside: RtlValidateHeap and RtlWalkHeap.
#include "heap.h"

#define LARGE_INDEX   64 // the segment index that Windows gives blocks outside of segments
#define FREE_OVERHEAD 16

// Whether the chunks of a segment form an unbroken row that agrees with itself.
static BOOLEAN is_segment_valid(struct heap *heap, struct segment *segment)
{
    BYTE *end = segment->committed - 16;
    struct chunk *chunk = segment->first;
    BOOLEAN was_free = FALSE;

    for (;;) {
        if (!(chunk->size & PREVIOUS_FREE) != !was_free) return FALSE;
        if ((BYTE *)chunk == end) return chunk_kind(chunk) == CHUNK_END;
        if (chunk_size(chunk) < CHUNK_MIN || chunk_size(chunk) > (SIZE_T)(end - (BYTE *)chunk)) return FALSE;
        was_free = FALSE;
        switch (chunk_kind(chunk)) {
        case CHUNK_FREE:
            was_free = TRUE;
            if (chunk_size_before(chunk_next(chunk)) != chunk_size(chunk)) return FALSE;
            if (!debug_is_free_intact(heap, chunk)) return FALSE;
            break;
        case CHUNK_BUSY:
        case CHUNK_CACHED:
            if (chunk->check != chunk_check(heap, chunk) || !debug_is_tail_intact(heap, chunk)) return FALSE;
            break;
        default: return FALSE;
        }
        chunk = chunk_next(chunk);
    }
}

/** Whether a block, or with block NULL all of a heap, is as it should be. */
BOOLEAN WINAPI RtlValidateHeap(PVOID handle, ULONG flags, const void *block)
{
    struct heap *heap = heap_from_handle(handle);
    BOOLEAN valid = TRUE;

    if (!heap) return FALSE;
    flags |= heap->force_flags;
    heap_lock(heap, flags);
    if (block) {
        struct chunk *chunk = core_find(heap, block);
        valid = chunk && debug_is_tail_intact(heap, chunk);
    } else {
        for (struct segment *segment = &heap->segment; segment && valid; segment = segment->next) {
            valid = is_segment_valid(heap, segment);
        }
        for (struct large *large = heap->large; large && valid; large = large->next) {
            valid = large->chunk.check == chunk_check(heap, &large->chunk);
        }
    }
    heap_unlock(heap, flags);
    return valid;
}

/** Validates every heap of the process. */
BOOLEAN WINAPI RtlValidateProcessHeaps(void)
{
    PEB *peb = peb_self();
    BOOLEAN valid = TRUE;

    RtlAcquirePebLock();
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++) valid &= RtlValidateHeap(peb->ProcessHeaps[i], 0, NULL);
    RtlReleasePebLock();
    return valid;
}

// Describes a segment, its uncommitted rest, or a chunk.
static void describe_segment(struct segment *segment, ULONG index, PRTL_HEAP_WALK_ENTRY entry)
{
    BYTE *base = segment == &segment->heap->segment ? (BYTE *)segment->heap : (BYTE *)segment;

    entry->DataAddress = base;
    entry->DataSize = (BYTE *)segment->first - base - HEADER;
    entry->OverheadBytes = 0;
    entry->SegmentIndex = index;
    entry->Flags = RTL_HEAP_SEGMENT;
    entry->Segment.CommittedSize = segment->committed - base;
    entry->Segment.UnCommittedSize = segment->reserved - segment->committed;
    entry->Segment.FirstEntry = segment->first;
    entry->Segment.LastEntry = segment->reserved;
}

static void describe_chunk(struct chunk *chunk, ULONG index, PRTL_HEAP_WALK_ENTRY entry)
{
    ULONG kind = chunk_kind(chunk);
    BOOLEAN is_front_end = kind == CHUNK_CACHED || chunk->state & CHUNK_FRONT_END;

    memset(&entry->Block, 0, sizeof(entry->Block));
    entry->DataAddress = chunk_block(chunk);
    entry->SegmentIndex = index;
    if (kind == CHUNK_LARGE) {
        entry->DataSize = chunk->size;
        entry->OverheadBytes = 0;
        entry->SegmentIndex = LARGE_INDEX;
    } else if (kind == CHUNK_BUSY) {
        entry->DataSize = chunk_requested(chunk);
        entry->OverheadBytes = chunk->unused + (is_front_end ? HEADER : 0);
    } else if (kind == CHUNK_CACHED) {
        entry->OverheadBytes = HEADER;
        entry->DataSize = chunk_size(chunk) - HEADER;
    } else {
        entry->OverheadBytes = FREE_OVERHEAD;
        entry->DataSize =
            chunk_size(chunk) < HEADER + FREE_OVERHEAD ? 0 : chunk_size(chunk) - HEADER - FREE_OVERHEAD;
    }
    entry->Flags = is_front_end ? RTL_HEAP_FRONT_END : 0;
    if (kind == CHUNK_BUSY || kind == CHUNK_LARGE)
        entry->Flags |= RTL_HEAP_BUSY | (is_front_end ? 0 : RTL_HEAP_BLOCK | RTL_HEAP_COMMITTED);
}

// The large block that was allocated before all others; the list has it last.
static struct large *oldest_large(struct heap *heap)
{
    struct large *large = heap->large;

    while (large && large->next) large = large->next;
    return large;
}

/**
 * Steps through a heap: segments, each followed by its chunks and its uncommitted rest, then large blocks.
 * Start with entry->DataAddress NULL. STATUS_NO_MORE_ENTRIES at the end. Lock the heap around the whole walk.
 */
NTSTATUS WINAPI RtlWalkHeap(PVOID handle, PRTL_HEAP_WALK_ENTRY entry)
{
    struct heap *heap = heap_from_handle(handle);
    NTSTATUS status = STATUS_SUCCESS;
    struct segment *segment;
    struct chunk *chunk = NULL;
    struct large *large = NULL;
    ULONG index = 0;

    if (!heap || !entry) return STATUS_INVALID_PARAMETER;
    heap_lock(heap, heap->force_flags);
    segment = &heap->segment;
    if (!entry->DataAddress) {
        describe_segment(segment, 0, entry);
        goto done;
    }
    // Where does the last entry lie, and what comes after it?
    while (segment && ((BYTE *)entry->DataAddress < (BYTE *)segment ||
                       (BYTE *)entry->DataAddress >= segment->reserved)) {
        segment = segment->next;
        index++;
    }
    if (segment) {
        if (entry->Flags & RTL_HEAP_SEGMENT) {
            chunk = segment->first;
        } else if (!(entry->Flags & RTL_HEAP_UNCOMMITTED_RANGE)) {
            chunk = chunk_next(block_chunk(entry->DataAddress));
        }
        if (chunk && chunk_kind(chunk) != CHUNK_END) {
            describe_chunk(chunk, index, entry);
            goto done;
        }
        if (chunk && segment->committed < segment->reserved) {
            entry->DataAddress = segment->committed;
            entry->DataSize = segment->reserved - segment->committed;
            entry->OverheadBytes = 0;
            entry->SegmentIndex = index;
            entry->Flags = RTL_HEAP_UNCOMMITTED_RANGE;
            memset(&entry->Segment, 0, sizeof(entry->Segment));
            goto done;
        }
        if (segment->next) {
            describe_segment(segment->next, index + 1, entry);
            goto done;
        }
        large = oldest_large(heap);
    } else {
        for (large = heap->large; large && chunk_block(&large->chunk) != entry->DataAddress;)
            large = large->next;
        if (!large) {
            status = STATUS_INVALID_PARAMETER;
            goto done;
        }
        large = large->previous;
    }
    if (large) {
        describe_chunk(&large->chunk, 0, entry);
    } else {
        status = STATUS_NO_MORE_ENTRIES;
    }
done:
    heap_unlock(heap, heap->force_flags);
    return status;
}
