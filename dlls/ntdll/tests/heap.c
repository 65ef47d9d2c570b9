// Heaps: sizes, flags, walking, bad pointers, growth, many threads.
#include "nt/nt.h"
#include "check.h"
#include <string.h>

static void test_sizes(HANDLE heap)
{
    for (SIZE_T size = 0; size < 2000; size += 7) {
        BYTE *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, size);
        BOOL zero = TRUE;

        CHECK(p && !((ULONG_PTR)p & 7), "%p", p);
        CHECK_EQUAL(HeapSize(heap, 0, p), size);
        for (SIZE_T i = 0; i < size; i++) zero &= !p[i];
        CHECK(zero, "size %lu", size);
        memset(p, 0xCC, size);
        CHECK(HeapValidate(heap, 0, p), "size %lu", size);
        CHECK(HeapFree(heap, 0, p), "size %lu", size);
    }
}

static void test_realloc(HANDLE heap)
{
    BYTE *p = HeapAlloc(heap, 0, 10), *q;
    BOOL good = TRUE;

    for (int i = 0; i < 10; i++) p[i] = i;
    p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 1000);
    CHECK_EQUAL(HeapSize(heap, 0, p), 1000);
    for (int i = 0; i < 1000; i++) good &= p[i] == (i < 10 ? i : 0);
    CHECK(good, "contents");
    p = HeapReAlloc(heap, 0, p, 2 << 20);
    CHECK_EQUAL(HeapSize(heap, 0, p), 2 << 20);
    p[(2 << 20) - 1] = 1;
    CHECK_EQUAL(p[9], 9);
    p = HeapReAlloc(heap, 0, p, 5);
    CHECK_EQUAL(HeapSize(heap, 0, p), 5);
    CHECK_EQUAL(p[4], 4);
    q = HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 3);
    CHECK(q == p, "%p %p", q, p);
    CHECK(!HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 3 << 20), "grew in place");
    CHECK_EQUAL(HeapSize(heap, 0, p), 3);
    CHECK(HeapFree(heap, 0, p), "free");
    CHECK(!HeapReAlloc(heap, 0, NULL, 10), "NULL reallocated");
}

static void test_bad_pointers(HANDLE heap)
{
    BYTE *p = HeapAlloc(heap, 0, 100), *keep = HeapAlloc(heap, 0, 100);

    CHECK(HeapFree(heap, 0, NULL), "NULL");
    CHECK_EQUAL(HeapSize(heap, 0, p + 8), (SIZE_T)-1);
    CHECK(!HeapValidate(heap, 0, p + 16), "middle of a block");
    CHECK(HeapValidate(heap, 0, p), "block");
    CHECK(HeapFree(heap, 0, p), "free");
    CHECK(!HeapValidate(heap, 0, p), "freed block");
    CHECK(HeapValidate(heap, 0, NULL), "heap");
    CHECK(HeapFree(heap, 0, keep), "free");
}

static void test_destroy(void)
{
    HANDLE heaps[64], heap = HeapCreate(0, 0, 0);
    DWORD n = GetProcessHeaps(64, heaps), found = 0;

    for (DWORD i = 0; i < n && i < 64; i++) found += heaps[i] == heap;
    CHECK_EQUAL(found, 1);
    for (int i = 0; i < 1000; i++) HeapAlloc(heap, 0, i * 10);
    CHECK(HeapAlloc(heap, 0, 3 << 20) != NULL, "large");
    CHECK(HeapValidate(heap, 0, NULL), "valid");
    CHECK(HeapDestroy(heap), "destroy");
    CHECK_EQUAL(GetProcessHeaps(64, heaps), n - 1);
    heap = HeapCreate(0, 0, 0x100000);
    CHECK(heap != NULL, "fixed heap");
    CHECK(!HeapAlloc(heap, 0, 0x200000), "more than a fixed heap has");
    CHECK(HeapAlloc(heap, 0, 1000) != NULL, "in a fixed heap");
    HeapDestroy(heap);
}

static void test_walk(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    PROCESS_HEAP_ENTRY entry = {0};
    void *blocks[50];
    int seen = 0, regions = 0;

    for (int i = 0; i < 50; i++) blocks[i] = HeapAlloc(heap, 0, 100 + i);
    HeapFree(heap, 0, blocks[10]);
    HeapFree(heap, 0, blocks[20]);
    HeapLock(heap);
    while (HeapWalk(heap, &entry)) {
        if (entry.wFlags & PROCESS_HEAP_REGION) regions++;
        for (int i = 0; i < 50; i++) {
            if (entry.lpData != blocks[i] || !(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)) continue;
            seen++;
            CHECK(entry.cbData == 100u + i, "%lu, %d", entry.cbData, i);
        }
    }
    CHECK_EQUAL(GetLastError(), ERROR_NO_MORE_ITEMS);
    HeapUnlock(heap);
    CHECK_EQUAL(seen, 48);
    CHECK_EQUAL(regions, 1);
    HeapDestroy(heap);
}

static SIZE_T reserved_around(void *memory)
{
    MEMORY_BASIC_INFORMATION info;
    VirtualQuery(memory, &info, sizeof(info));
    BYTE *base = info.AllocationBase, *at = base;
    while (VirtualQuery(at, &info, sizeof(info)) && info.AllocationBase == base) at += info.RegionSize;
    return at - base;
}

// What programs see of a heap's memory: how much is reserved at once, and Windows' marks at its start.
static void test_segments(void)
{
    HANDLE heap = HeapCreate(HEAP_NO_SERIALIZE, 0x80000, 0);
    const ULONG *words = (const ULONG *)heap;
    SIZE_T wanted[] = {0x100000, 0x200000, 0x400000, 0x800000, 0xFD0000, 0xFD0000};
    BYTE *last = (BYTE *)heap;
    SIZE_T size = reserved_around(heap);

    CHECK_EQUAL(size, 0x90000);
    CHECK_EQUAL(words[2], 0xFFEEFFEE);
    CHECK_EQUAL(words[16], HEAP_NO_SERIALIZE | HEAP_GROWABLE | 0x1000);
    for (int i = 0; i < 6;) {
        BYTE *p = HeapAlloc(heap, 0, 0x60000);
        if (p >= last && p < last + size) continue;
        MEMORY_BASIC_INFORMATION info;
        VirtualQuery(p, &info, sizeof(info));
        last = info.AllocationBase;
        size = reserved_around(p);
        CHECK_EQUAL(size, wanted[i++]);
    }
    HeapDestroy(heap);
    CHECK(!HeapCreate(0, 0xFFFFF000, 0) && !HeapCreate(0, 0, 0xFFFFF000), "there is not so much");
    heap = HeapCreate(HEAP_NO_SERIALIZE, 0, 0);
    BYTE *small[3];
    for (int i = 0; i < 3; i++) small[i] = HeapAlloc(heap, 0, 8);
    CHECK(small[1] - small[0] == 16 && small[2] - small[1] == 16, "8 bytes take more than 16");
    for (int i = 0; i < 3; i++)
        CHECK(HeapFree(heap, 0, small[i]) && HeapValidate(heap, 0, NULL), "block %d", i);
    HeapDestroy(heap);
    heap = HeapCreate(0, 0x300, 0x300);
    CHECK_EQUAL(reserved_around(heap), 0x1000);
    CHECK_EQUAL(((const ULONG *)heap)[16], 0x1000);
    HeapDestroy(heap);
}

// A block of a size in frequent use always moves; with its owner's value behind it, only to another size
// class.
static void test_front_end(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    void *blocks[0x12];
    for (int i = 0; i < 0x12; i++) blocks[i] = HeapAlloc(heap, 0, 20);
    void *p = HeapAlloc(heap, 0, 20), *valued = RtlAllocateHeap(heap, HEAP_SETTABLE_USER_VALUE, 20);
    CHECK(!HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 19), "stayed");
    CHECK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, valued, 19) == valued, "moved");
    CHECK_EQUAL(HeapSize(heap, 0, valued), 19);
    CHECK(!HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, valued, 512), "grew where it lies");
    for (int i = 0; i < 0x12; i++) HeapFree(heap, 0, blocks[i]);
    CHECK(HeapReAlloc(heap, 0, p, 512) != p, "grew where it lies");
    HeapDestroy(heap);
}

static void test_settable(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    PVOID value = NULL;
    ULONG flags = 0;
    void *p = RtlAllocateHeap(heap, HEAP_SETTABLE_USER_VALUE | HEAP_SETTABLE_USER_FLAG2, 33);

    CHECK(RtlSetUserValueHeap(heap, 0, p, (void *)0x12345678), "set");
    CHECK(RtlGetUserInfoHeap(heap, 0, p, &value, &flags), "get");
    CHECK(value == (void *)0x12345678, "%p", value);
    CHECK_EQUAL(flags & HEAP_SETTABLE_USER_FLAGS, HEAP_SETTABLE_USER_FLAG2);
    SetLastError(0);
    CHECK(!RtlSetUserFlagsHeap(heap, 0, p, 0, 0x1000), "no such flag");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(RtlSetUserFlagsHeap(heap, 0, p, HEAP_SETTABLE_USER_FLAG2, HEAP_SETTABLE_USER_FLAG1), "set");
    RtlGetUserInfoHeap(heap, 0, p, &value, &flags);
    CHECK_EQUAL(flags & HEAP_SETTABLE_USER_FLAGS, HEAP_SETTABLE_USER_FLAG1);
    CHECK_EQUAL(RtlSizeHeap(heap, 0, p), 33);
    RtlFreeHeap(heap, 0, p);
    HeapDestroy(heap);
}

// A seeded mix of everything, with contents checked.
struct worker {
    HANDLE heap;
    ULONG seed, errors;
};

static ULONG next(ULONG *seed)
{
    return *seed = *seed * 1664525 + 1013904223;
}

static DWORD WINAPI stress(void *arg)
{
    struct worker *worker = arg;
    static const ULONG sizes[] = {16, 64, 300, 5000, 70000, 600000};
    struct {
        BYTE *p;
        ULONG size;
    } blocks[200] = {0};

    for (int round = 0; round < 20000; round++) {
        ULONG i = next(&worker->seed) / 65536 % 200, kind = next(&worker->seed) / 65536 % 100;
        ULONG class = kind < 50 ? 0 : kind < 80 ? 1 : kind < 92 ? 2 : kind < 98 ? 3 : kind < 99 ? 4 : 5;
        ULONG size = 1 + next(&worker->seed) / 256 % sizes[class];
        BYTE fill = i;

        if (blocks[i].p) {
            ULONG n = blocks[i].size;
            for (ULONG k = 0; k < n; k += 1 + n / 16) worker->errors += blocks[i].p[k] != fill;
            if (n && blocks[i].p[n - 1] != fill) worker->errors++;
            if (HeapSize(worker->heap, 0, blocks[i].p) != n) worker->errors++;
        }
        if (blocks[i].p && kind % 3) {
            if (!HeapFree(worker->heap, 0, blocks[i].p)) worker->errors++;
            blocks[i].p = NULL;
            continue;
        }
        if (blocks[i].p) {
            blocks[i].p = HeapReAlloc(worker->heap, 0, blocks[i].p, size);
        } else {
            blocks[i].p = HeapAlloc(worker->heap, 0, size);
        }
        if (!blocks[i].p) {
            worker->errors++;
            continue;
        }
        blocks[i].size = size;
        memset(blocks[i].p, fill, size);
    }
    for (int i = 0; i < 200; i++) HeapFree(worker->heap, 0, blocks[i].p);
    return 0;
}

static void test_stress(HANDLE heap)
{
    struct worker workers[4];
    HANDLE threads[4];

    for (int i = 0; i < 4; i++) {
        workers[i] = (struct worker){heap, 12345 + i, 0};
        threads[i] = CreateThread(NULL, 0, stress, &workers[i], 0, NULL);
    }
    for (int i = 0; i < 4; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
        CHECK_EQUAL(workers[i].errors, 0);
    }
    CHECK(HeapValidate(heap, 0, NULL), "heap after stress");
    HeapCompact(heap, 0);
    CHECK(HeapValidate(heap, 0, NULL), "heap after compaction");
}

int main(void)
{
    HANDLE private = HeapCreate(0, 0, 0), unlocked = HeapCreate(HEAP_NO_SERIALIZE, 0, 0);
    ULONG value = 0;

    test_sizes(GetProcessHeap());
    test_sizes(private);
    test_sizes(unlocked);
    test_realloc(GetProcessHeap());
    test_realloc(unlocked);
    test_bad_pointers(private);
    test_destroy();
    test_walk();
    test_settable();
    test_segments();
    test_front_end();
    test_stress(private);
    test_stress(GetProcessHeap());
    CHECK(HeapQueryInformation(private, HeapCompatibilityInformation, &value, sizeof(value), NULL), "query");
    CHECK_EQUAL(value, 2);
    CHECK(HeapDestroy(private), "destroy");
    return check_summary();
}
