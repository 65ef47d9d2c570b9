// The debug heap: what NtGlobalFlag, which the registry or a debugger gives a process, changes on its heaps.
#include "nt/nt.h"
#include "check.h"
#include "child.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS "Software\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\"

enum { TAIL = 0x10, FREE = 0x20, PARAMETERS = 0x40, ALL = 0x80 };

static BOOL is_filled(const BYTE *p, SIZE_T n, BYTE with)
{
    while (n--)
        if (*p++ != with) return FALSE;
    return TRUE;
}

static void test_tail(HANDLE heap, BOOL parameters)
{
    for (int size = 0; size < 600; size += 37) {
        BYTE *p = HeapAlloc(heap, 0, size);
        CHECK(is_filled(p + size, 8, 0xAB), "no mark behind %d", size);
        HeapFree(heap, 0, p);
    }
    BYTE *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 17);
    CHECK(is_filled(p, 17, 0) && HeapSize(heap, 0, p) == 17, "contents");
    if (HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 14)) CHECK(is_filled(p + 14, 8, 0xAB), "moved mark");
    p[HeapSize(heap, 0, p)] = 0xCC;
    CHECK(!HeapValidate(heap, 0, p), "an overrun block is valid");
    CHECK(!HeapValidate(heap, 0, NULL), "a heap with an overrun block is valid");
    if (parameters) {
        CHECK_EQUAL(HeapSize(heap, 0, p), ~0ul);
        CHECK(!HeapFree(heap, 0, p) && !HeapReAlloc(heap, 0, p, 100), "an overrun block was taken");
    }
    p[14] = p[17] = 0xAB;
    CHECK(HeapValidate(heap, 0, p), "a mended block is invalid");
    CHECK(HeapFree(heap, 0, p), "free");
    p = HeapAlloc(heap, 0, 3000000);
    CHECK(is_filled(p + 2999990, 20, 0), "a large block has neither mark nor pattern");
    HeapFree(heap, 0, p);
}

static void test_free(HANDLE heap)
{
    DWORD *p = HeapAlloc(heap, 0, 7), word;
    CHECK_EQUAL(p[0], 0xBAADF00D);
    memset(p, 0xCC, 7);
    p = HeapReAlloc(heap, 0, p, 23);
    CHECK(p[0] == 0xCCCCCCCC && p[1] << 8 == 0xCCCCCC00 && p[2] == 0xBAADF00D, "%lx %lx %lx", p[0], p[1],
          p[2]);
    memcpy(&word, (BYTE *)p + 20, 3);
    CHECK((word & 0xFFFFFF) != 0xADF00D, "a part of a word has the pattern");
    CHECK(HeapFree(heap, 0, p), "free");
    p = HeapAlloc(heap, 0, 37);
    memset(p, 0xCC, 37);
    HeapFree(heap, 0, p);
    CHECK_EQUAL(p[4], 0xFEEEFEEE);
    CHECK(HeapValidate(heap, 0, NULL), "heap");
    p[4] = 0;
    CHECK(!HeapValidate(heap, 0, NULL), "a heap with a written free block is valid");
    p[4] = 0xFEEEFEEE;
    CHECK(HeapValidate(heap, 0, NULL), "heap");
}

// Whatever blocks do, patterns and marks stay whole.
static void test_mix(HANDLE heap)
{
    static const ULONG sizes[] = {16, 64, 300, 5000, 20000, 70000};
    struct {
        BYTE *p;
        SIZE_T size;
    } blocks[64] = {0};
    ULONG seed = 4711, bad = 0;

    for (int round = 0; round < 250; round++) {
        seed = seed * 1664525 + 1013904223;
        ULONG i = seed >> 26;
        SIZE_T size = (seed >> 8) % sizes[(seed >> 3) % 6];
        if (blocks[i].p && seed & 4) {
            bad += !HeapFree(heap, 0, blocks[i].p);
            blocks[i].p = NULL;
        } else {
            SIZE_T keep = blocks[i].p && blocks[i].size < size ? blocks[i].size : blocks[i].p ? size : 0;
            ULONG flags = seed & 0x40 ? HEAP_SETTABLE_USER_VALUE : 0;
            blocks[i].p =
                blocks[i].p ? HeapReAlloc(heap, 0, blocks[i].p, size) : HeapAlloc(heap, flags, size);
            bad += !blocks[i].p || !is_filled(blocks[i].p, keep, (BYTE)i) ||
                   HeapSize(heap, 0, blocks[i].p) != size;
            blocks[i].size = size;
            memset(blocks[i].p, (BYTE)i, size);
        }
        if (round % 20 == 0 && !HeapValidate(heap, 0, NULL)) bad += 1000;
    }
    CHECK_EQUAL(bad, 0);
    for (int i = 0; i < 64; i++) HeapFree(heap, 0, blocks[i].p);
    HeapCompact(heap, 0);
    CHECK(HeapValidate(heap, 0, NULL), "heap");
}

static int child(ULONG flags)
{
    ULONG heap_flags = (flags & (TAIL | PARAMETERS | ALL) ? HEAP_TAIL_CHECKING_ENABLED : 0) |
                       (flags & (FREE | PARAMETERS | ALL) ? HEAP_FREE_CHECKING_ENABLED : 0) |
                       (flags & PARAMETERS ? 0x40000000 : 0) | (flags & ALL ? 0x20000000 : 0);
    CHECK_EQUAL(RtlGetNtGlobalFlags(), flags);
    CHECK_EQUAL(((ULONG *)GetProcessHeap())[16], heap_flags | HEAP_GROWABLE);
    HANDLE heap = HeapCreate(HEAP_NO_SERIALIZE, 0, 0);
    CHECK_EQUAL(((ULONG *)heap)[16], heap_flags | HEAP_NO_SERIALIZE | HEAP_GROWABLE | 0x1000);
    CHECK_EQUAL(((ULONG *)heap)[17], heap_flags | HEAP_NO_SERIALIZE);
    if (heap_flags & HEAP_TAIL_CHECKING_ENABLED) test_tail(heap, (flags & (PARAMETERS | ALL)) != 0);
    if (heap_flags & HEAP_FREE_CHECKING_ENABLED) test_free(heap);
    test_mix(heap);
    CHECK(HeapDestroy(heap), "destroy");
    return checks_failed;
}

// What a child with that NtGlobalFlag makes of it.
static DWORD run(ULONG flags, DWORD creation)
{
    char arguments[20];
    snprintf(arguments, sizeof(arguments), "child %lu", flags);
    PROCESS_INFORMATION process = child_start(arguments, creation);
    DEBUG_EVENT event;

    while (creation & DEBUG_PROCESS && WaitForDebugEvent(&event, 60000)) {
        // Its own breakpoint and those of its heap.
        BOOL is_break = event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
                        (DWORD)EXCEPTION_BREAKPOINT == event.u.Exception.ExceptionRecord.ExceptionCode;
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId,
                           is_break ? DBG_CONTINUE : DBG_EXCEPTION_NOT_HANDLED);
        if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) break;
    }
    return child_end(process);
}

int main(int argc, char **argv)
{
    static const ULONG flags[] = {TAIL, FREE, ALL};
    char self[MAX_PATH], name[2 * MAX_PATH];
    HKEY key;

    if (argc > 2 && !strcmp(argv[1], "child")) return child(strtoul(argv[2], NULL, 10));
    GetModuleFileNameA(NULL, self, sizeof(self));
    snprintf(name, sizeof(name), OPTIONS "%s", strrchr(self, '\\') + 1);
    CHECK_EQUAL(run(0, 0), 0);
    CHECK_EQUAL(run(TAIL | FREE | PARAMETERS, DEBUG_PROCESS), 0);
    SetEnvironmentVariableA("_NO_DEBUG_HEAP", "1");
    CHECK_EQUAL(run(0, DEBUG_PROCESS), 0);
    CHECK_EQUAL(RegCreateKeyA(HKEY_LOCAL_MACHINE, name, &key), 0);
    for (int i = 0; i < 3; i++) {
        RegSetValueExA(key, "GlobalFlag", 0, REG_DWORD, (const BYTE *)&flags[i], 4);
        CHECK_EQUAL(run(flags[i], 0), 0);
    }
    // What the registry says goes before what a debugger brings.
    CHECK_EQUAL(run(ALL, DEBUG_PROCESS), 0);
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_LOCAL_MACHINE, name);
    return check_summary();
}
