// Bit maps: RTL_BITMAP, an array of ULONGs with bit 0 first.
#include "rtl.h"
#include "nt/rtl_bits.h"

static inline BOOLEAN test(const RTL_BITMAP *map, ULONG bit)
{
    return map->Buffer[bit / 32] >> (bit % 32) & 1;
}

void WINAPI RtlInitializeBitMap(PRTL_BITMAP map, PULONG buffer, ULONG size)
{
    map->SizeOfBitMap = size;
    map->Buffer = buffer;
}

void WINAPI RtlClearAllBits(PRTL_BITMAP map)
{
    memset(map->Buffer, 0, (map->SizeOfBitMap + 31) / 32 * 4);
}

void WINAPI RtlSetAllBits(PRTL_BITMAP map)
{
    memset(map->Buffer, 0xFF, (map->SizeOfBitMap + 31) / 32 * 4);
}

// Sets or clears a run that lies inside the map, a word at a time.
static void fill(PRTL_BITMAP map, ULONG start, ULONG count, BOOLEAN set)
{
    if (start >= map->SizeOfBitMap || count > map->SizeOfBitMap - start) return;
    while (count) {
        ULONG bit = start % 32, n = 32 - bit < count ? 32 - bit : count;
        ULONG mask = (n == 32 ? ~0u : (1u << n) - 1) << bit;

        if (set) {
            map->Buffer[start / 32] |= mask;
        } else {
            map->Buffer[start / 32] &= ~mask;
        }
        start += n;
        count -= n;
    }
}

void WINAPI RtlSetBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill(map, start, count, TRUE);
}

void WINAPI RtlClearBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill(map, start, count, FALSE);
}

void WINAPI RtlSetBit(PRTL_BITMAP map, ULONG bit)
{
    map->Buffer[bit / 32] |= 1u << (bit % 32);
}

void WINAPI RtlClearBit(PRTL_BITMAP map, ULONG bit)
{
    map->Buffer[bit / 32] &= ~(1u << (bit % 32));
}

BOOLEAN WINAPI RtlTestBit(const RTL_BITMAP *map, ULONG bit)
{
    return bit < map->SizeOfBitMap && test(map, bit);
}

// Length of the run of equal bits that begins at start.
static ULONG run_length(const RTL_BITMAP *map, ULONG start, BOOLEAN set)
{
    ULONG bit = start;

    while (bit < map->SizeOfBitMap) {
        ULONG word = map->Buffer[bit / 32] ^ (set ? ~0u : 0);

        word >>= bit % 32;
        if (word) {
            bit += __builtin_ctz(word);
            break;
        }
        bit += 32 - bit % 32;
    }
    return (bit < map->SizeOfBitMap ? bit : map->SizeOfBitMap) - start;
}

static BOOLEAN are_bits(const RTL_BITMAP *map, ULONG start, ULONG count, BOOLEAN set)
{
    return count && start < map->SizeOfBitMap && count <= map->SizeOfBitMap - start &&
           run_length(map, start, set) >= count;
}

/** Whether count bits from start are all set; FALSE for none and for what lies outside. */
BOOLEAN WINAPI RtlAreBitsSet(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return are_bits(map, start, count, TRUE);
}

BOOLEAN WINAPI RtlAreBitsClear(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return are_bits(map, start, count, FALSE);
}

static ULONG find_between(const RTL_BITMAP *map, ULONG start, ULONG end, ULONG count, BOOLEAN set)
{
    while (start < end) {
        ULONG n = run_length(map, start, set);

        if (n >= count) return start;
        start += n;
        start += start < map->SizeOfBitMap ? run_length(map, start, !set) : 0;
    }
    return ~0u;
}

// From hint to the end, then from the beginning.
static ULONG find(const RTL_BITMAP *map, ULONG count, ULONG hint, BOOLEAN set)
{
    ULONG found;

    if (hint >= map->SizeOfBitMap) hint = 0;
    if (!count) return hint & ~7u;
    if (count > map->SizeOfBitMap) return ~0u;
    found = find_between(map, hint, map->SizeOfBitMap, count, set);
    return found == ~0u && hint ? find_between(map, 0, hint, count, set) : found;
}

/** Where count clear bits in a row begin, at or after hint if possible; -1 when nowhere. */
ULONG WINAPI RtlFindClearBits(const RTL_BITMAP *map, ULONG count, ULONG hint)
{
    return find(map, count, hint, FALSE);
}

ULONG WINAPI RtlFindSetBits(const RTL_BITMAP *map, ULONG count, ULONG hint)
{
    return find(map, count, hint, TRUE);
}

ULONG WINAPI RtlFindClearBitsAndSet(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    ULONG found = find(map, count, hint, FALSE);

    if (found != ~0u) fill(map, found, count, TRUE);
    return found;
}

ULONG WINAPI RtlFindSetBitsAndClear(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    ULONG found = find(map, count, hint, TRUE);

    if (found != ~0u) fill(map, found, count, FALSE);
    return found;
}

ULONG WINAPI RtlNumberOfSetBits(const RTL_BITMAP *map)
{
    ULONG n = 0;

    for (ULONG i = 0; i < map->SizeOfBitMap; i += 32) {
        ULONG word = map->Buffer[i / 32];
        if (map->SizeOfBitMap - i < 32) word &= (1u << (map->SizeOfBitMap - i)) - 1;
        n += __builtin_popcount(word);
    }
    return n;
}

ULONG WINAPI RtlNumberOfClearBits(const RTL_BITMAP *map)
{
    return map->SizeOfBitMap - RtlNumberOfSetBits(map);
}

/** How many of length bits from start are set; 0 unless they all lie in the map. */
ULONG WINAPI RtlNumberOfSetBitsInRange(const RTL_BITMAP *map, ULONG start, ULONG length)
{
    ULONG n = 0;

    if (start >= map->SizeOfBitMap || length > map->SizeOfBitMap - start) return 0;
    for (ULONG at = start, end = start + length; at < end;) {
        ULONG clear = run_length(map, at, FALSE), set;

        at += clear;
        if (at >= end) break;
        set = run_length(map, at, TRUE);
        n += set < end - at ? set : end - at;
        at += set;
    }
    return n;
}

ULONG WINAPI RtlNumberOfClearBitsInRange(const RTL_BITMAP *map, ULONG start, ULONG length)
{
    if (start >= map->SizeOfBitMap || length > map->SizeOfBitMap - start) return 0;
    return length - RtlNumberOfSetBitsInRange(map, start, length);
}

ULONG WINAPI RtlNumberOfSetBitsUlongPtr(ULONG_PTR value)
{
    return (ULONG)__builtin_popcount(value);
}

/** Copies bits of source, from its first, to those of out from bit `at` on, as many as both have. */
void WINAPI RtlCopyBitMap(const RTL_BITMAP *source, PRTL_BITMAP out, ULONG at)
{
    for (ULONG i = 0; i < source->SizeOfBitMap && at < out->SizeOfBitMap; i++, at++)
        fill(out, at, 1, test(source, i));
}

/** The other way round: copies count bits of source from bit `at` on to the first of out. */
void WINAPI RtlExtractBitMap(const RTL_BITMAP *source, PRTL_BITMAP out, ULONG at, ULONG count)
{
    for (ULONG i = 0; i < count && i < out->SizeOfBitMap && at < source->SizeOfBitMap; i++, at++)
        fill(out, i, 1, test(source, at));
}

// Sets or clears a run word by word, so that other threads' bits of the same words are kept.
static void fill_interlocked(PRTL_BITMAP map, ULONG start, ULONG count, BOOLEAN set)
{
    while (count) {
        ULONG bit = start % 32, n = 32 - bit < count ? 32 - bit : count;
        ULONG mask = (n == 32 ? ~0u : (1u << n) - 1) << bit;

        if (set) {
            __atomic_or_fetch(&map->Buffer[start / 32], mask, __ATOMIC_SEQ_CST);
        } else {
            __atomic_and_fetch(&map->Buffer[start / 32], ~mask, __ATOMIC_SEQ_CST);
        }
        start += n;
        count -= n;
    }
}

void WINAPI RtlInterlockedSetBitRun(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill_interlocked(map, start, count, TRUE);
}

void WINAPI RtlInterlockedClearBitRun(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill_interlocked(map, start, count, FALSE);
}

// The next run of bits at or after start: its length, 0 for none.
static ULONG next_run(const RTL_BITMAP *map, ULONG start, BOOLEAN set, PULONG position)
{
    *position = map->SizeOfBitMap;
    if (start >= map->SizeOfBitMap) return 0;
    start += run_length(map, start, !set);
    *position = start;
    return start < map->SizeOfBitMap ? run_length(map, start, set) : 0;
}

ULONG WINAPI RtlFindNextForwardRunClear(const RTL_BITMAP *map, ULONG start, PULONG position)
{
    return next_run(map, start, FALSE, position);
}

ULONG WINAPI RtlFindLastBackwardRunClear(const RTL_BITMAP *map, ULONG start, PULONG position)
{
    ULONG end;

    if (start >= map->SizeOfBitMap) start = map->SizeOfBitMap - 1;
    while (start != ~0u && test(map, start)) start--;
    if (start == ~0u) {
        *position = 0;
        return 0;
    }
    end = start + 1;
    while (start && !test(map, start - 1)) start--;
    *position = start;
    return end - start;
}

static ULONG longest_run(const RTL_BITMAP *map, PULONG position, BOOLEAN set)
{
    ULONG best = 0, at = 0, start, n;

    while ((n = next_run(map, at, set, &start))) {
        if (n > best) {
            best = n;
            *position = start;
        }
        at = start + n;
    }
    return best;
}

ULONG WINAPI RtlFindLongestRunClear(const RTL_BITMAP *map, PULONG position)
{
    return longest_run(map, position, FALSE);
}

ULONG WINAPI RtlFindLongestRunSet(const RTL_BITMAP *map, PULONG position)
{
    return longest_run(map, position, TRUE);
}

/** The first count runs of clear bits, or the longest ones, longest first. Returns how many there are in
 * runs. */
ULONG WINAPI RtlFindClearRuns(const RTL_BITMAP *map, PRTL_BITMAP_RUN runs, ULONG count, BOOLEAN longest)
{
    ULONG n = 0, at = 0, start, length;

    while ((length = next_run(map, at, FALSE, &start))) {
        at = start + length;
        if (!longest) {
            if (n == count) break;
            runs[n++] = (RTL_BITMAP_RUN){start, length};
            continue;
        }
        ULONG i = n < count ? n++ : n;
        if (i == n && (!n || runs[--i].NumberOfBits >= length)) continue;
        while (i && runs[i - 1].NumberOfBits < length) {
            runs[i] = runs[i - 1];
            i--;
        }
        runs[i] = (RTL_BITMAP_RUN){start, length};
    }
    return n;
}

/** The number of the highest set bit, -1 for 0. */
CCHAR WINAPI RtlFindMostSignificantBit(ULONGLONG value)
{
    if (value >> 32) return 63 - __builtin_clz((ULONG)(value >> 32));
    return (ULONG)value ? 31 - __builtin_clz((ULONG)value) : -1;
}

CCHAR WINAPI RtlFindLeastSignificantBit(ULONGLONG value)
{
    if ((ULONG)value) return __builtin_ctz((ULONG)value);
    return value >> 32 ? 32 + __builtin_ctz((ULONG)(value >> 32)) : -1;
}
