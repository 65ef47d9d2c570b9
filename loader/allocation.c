// Allocation records, found through a table of 64 KiB slots; a bitmap of the same slots serves the search for
// free space, which is lowest first as on Windows.
#include "allocation.h"
#include <string.h>

#define SLOTS      65536u
#define SLOT_SHIFT 16

static struct allocation records[65536]; // index 0 stays unused: "none"
static uint16_t records_used = 1, records_free;
static uint16_t slot_first[SLOTS]; // the lowest allocation with a page in the slot
static uint64_t slots_used[SLOTS / 64];
static uint64_t words_used[SLOTS / 64 / 64]; // which words of slots_used are not 0
static uint16_t first;                       // lowest of all

static inline uint16_t index_of(const struct allocation *allocation)
{
    return (uint16_t)(allocation - records);
}

static inline struct allocation *record(uint16_t index)
{
    return index ? &records[index] : NULL;
}

static inline uint32_t slot_of(gptr address)
{
    return address >> SLOT_SHIFT;
}

static inline uint32_t last_slot(const struct allocation *allocation)
{
    return (allocation->base + (allocation->size - 1)) >> SLOT_SHIFT;
}

static void mark_slot(uint32_t slot)
{
    slots_used[slot / 64] |= 1ull << (slot % 64);
    words_used[slot / 4096] |= 1ull << (slot / 64 % 64);
}

static void unmark_slot(uint32_t slot)
{
    slots_used[slot / 64] &= ~(1ull << (slot % 64));
    if (!slots_used[slot / 64]) words_used[slot / 4096] &= ~(1ull << (slot / 64 % 64));
}

// The first bit from bit on, below end, that is set in bits; end when there is none.
static uint32_t next_bit(const uint64_t *bits, uint32_t bit, uint32_t end, uint64_t invert)
{
    while (bit < end) {
        uint64_t word = (bits[bit / 64] ^ invert) >> (bit % 64);
        if (word) {
            bit += (uint32_t)__builtin_ctzll(word);
            return bit < end ? bit : end;
        }
        bit = (bit | 63) + 1;
    }
    return end;
}

// One more than the last bit in [begin, bit) that is set; begin when there is none.
static uint32_t previous_bit(const uint64_t *bits, uint32_t begin, uint32_t bit, uint64_t invert)
{
    while (bit > begin) {
        uint32_t last = bit - 1;
        uint64_t word = (bits[last / 64] ^ invert) << (63 - last % 64);
        if (word) {
            bit -= (uint32_t)__builtin_clzll(word);
            return bit > begin ? bit : begin;
        }
        bit = last & ~63u;
    }
    return begin;
}

static uint32_t next_free(uint32_t slot, uint32_t end)
{
    return next_bit(slots_used, slot, end, ~0ull);
}

static uint32_t next_used(uint32_t slot, uint32_t end)
{
    uint32_t word_end = (slot | 63) + 1;
    if (word_end >= end) return next_bit(slots_used, slot, end, 0);
    uint32_t found = next_bit(slots_used, slot, word_end, 0);
    if (found < word_end) return found;
    uint32_t word = next_bit(words_used, word_end / 64, (end + 63) / 64, 0);
    return word * 64 < end ? next_bit(slots_used, word * 64, end, 0) : end;
}

static uint32_t previous_used(uint32_t begin, uint32_t slot)
{
    uint32_t word_begin = slot & ~63u;
    if (word_begin > begin) {
        uint32_t found = previous_bit(slots_used, word_begin, slot, 0);
        if (found > word_begin) return found;
        slot = 64 * previous_bit(words_used, begin / 64, word_begin / 64, 0);
    }
    return slot > begin ? previous_bit(slots_used, begin, slot, 0) : begin;
}

struct allocation *allocation_find(gptr address)
{
    struct allocation *at = record(slot_first[slot_of(address)]);
    while (at && at->base <= address) {
        if (address - at->base < at->size) return at;
        at = record(at->next);
    }
    return NULL;
}

struct allocation *allocation_at_or_above(gptr address)
{
    uint32_t slot = next_used(slot_of(address), SLOTS);
    if (slot == SLOTS) return NULL;
    struct allocation *at = record(slot_first[slot]);
    while (at && at->base + (at->size - 1) < address) at = record(at->next);
    return at;
}

struct allocation *allocation_next(const struct allocation *allocation)
{
    return record(allocation->next);
}

bool allocation_is_free(gptr base, uint32_t size)
{
    struct allocation *at = allocation_at_or_above(base);
    return !at || at->base > base + (size - 1);
}

gptr allocation_search(gptr low, gptr high, uint32_t size, uint32_t alignment, bool top_down)
{
    uint32_t step = alignment >> SLOT_SHIFT; // a power of two
    uint32_t n = (size + (GUEST_GRANULARITY - 1)) >> SLOT_SHIFT;
    uint32_t begin = slot_of(low + (GUEST_GRANULARITY - 1)),
             end = slot_of(high) + ((high & 0xffff) == 0xffff);
    if (!n) n = SLOTS; // just below 4 GB, rounded up
    if (begin < 1) begin = 1;
    // A last slot of which high lets us have only a part is good for what fits there.
    if ((high & 0xffff) != 0xffff && (size & 0xffff) && (size & 0xffff) <= (high & 0xffff) + 1) end++;
    if (top_down) {
        while (end >= begin + n) {
            end = previous_bit(slots_used, begin, end, ~0ull);
            if (end < begin + n) return 0;
            uint32_t at = (end - n) & ~(step - 1);
            if (at < begin) return 0;
            uint32_t bottom = previous_used(at, at + n);
            if (bottom == at) return at << SLOT_SHIFT;
            end = bottom - 1;
        }
        return 0;
    }
    for (uint32_t at = begin; at + n <= end;) {
        at = (next_free(at, end) + step - 1) & ~(step - 1);
        if (at + n > end) return 0;
        uint32_t stop = next_used(at, at + n);
        if (stop == at + n) return at << SLOT_SHIFT;
        at = stop;
    }
    return 0;
}

// Enters an allocation in the slots that it is the first of.
static void enter_slots(const struct allocation *allocation)
{
    uint16_t index = index_of(allocation);
    uint32_t slot = slot_of(allocation->base), last = last_slot(allocation);
    uint16_t present = slot_first[slot];
    if (!present || records[present].base > allocation->base) slot_first[slot] = index;
    mark_slot(slot);
    for (slot++; slot <= last; slot++) {
        slot_first[slot] = index;
        mark_slot(slot);
    }
}

// Leaves the slots of [from, last] to the next allocation, where that reaches into them.
static void leave_slots(const struct allocation *allocation, uint32_t from, uint32_t last)
{
    uint16_t index = index_of(allocation);
    const struct allocation *next = record(allocation->next);
    for (uint32_t slot = from; slot <= last; slot++) {
        if (slot_first[slot] != index) continue;
        if (next && slot_of(next->base) <= slot) {
            slot_first[slot] = allocation->next;
        } else {
            slot_first[slot] = 0;
            unmark_slot(slot);
        }
    }
}

static struct allocation *take_record(void)
{
    uint16_t index = records_free;
    if (index)
        records_free = records[index].next;
    else if (records_used)
        index = records_used++; // wraps to 0 after the last
    return record(index);
}

static void link_after(struct allocation *allocation, struct allocation *previous)
{
    uint16_t index = index_of(allocation);
    allocation->previous = previous ? index_of(previous) : 0;
    allocation->next = previous ? previous->next : first;
    if (previous)
        previous->next = index;
    else
        first = index;
    if (allocation->next) records[allocation->next].previous = index;
}

struct allocation *allocation_add(gptr base, uint32_t size)
{
    struct allocation *allocation = take_record();
    if (!allocation) return NULL;
    *allocation = (struct allocation){.base = base, .size = size};
    struct allocation *above = allocation_at_or_above(base);
    struct allocation *previous = NULL;
    if (above) {
        previous = record(above->previous);
    } else {
        uint32_t slot = previous_used(0, slot_of(base));
        if (slot) previous = record(slot_first[slot - 1]);
        if (slot_first[slot_of(base)]) previous = record(slot_first[slot_of(base)]);
        while (previous && previous->next && records[previous->next].base < base)
            previous = record(previous->next);
    }
    link_after(allocation, previous);
    enter_slots(allocation);
    return allocation;
}

void allocation_remove(struct allocation *allocation)
{
    leave_slots(allocation, slot_of(allocation->base), last_slot(allocation));
    if (allocation->previous)
        records[allocation->previous].next = allocation->next;
    else
        first = allocation->next;
    if (allocation->next) records[allocation->next].previous = allocation->previous;
    allocation->next = records_free;
    records_free = index_of(allocation);
}

bool allocation_cut(struct allocation *allocation, gptr base, uint32_t size)
{
    uint32_t below = base - allocation->base, above = allocation->size - below - size;
    if (!below && !above) {
        allocation_remove(allocation);
        return true;
    }
    struct allocation *upper = NULL;
    if (above && below) {
        upper = take_record();
        if (!upper) return false;
    }
    struct allocation whole = *allocation;
    leave_slots(allocation, slot_of(allocation->base), last_slot(allocation));
    if (below) {
        allocation->size = below;
    } else {
        allocation->base = base + size;
        allocation->size = above;
    }
    if (upper) {
        *upper = whole;
        upper->base = base + size;
        upper->size = above;
        link_after(upper, allocation);
        enter_slots(upper);
    }
    enter_slots(allocation);
    return true;
}
