// The debug heap: what NtGlobalFlag asks of heaps. A mark behind each block, patterns in new and in freed
// memory, and who looks at them. Programs get it from their options in the registry, or from a debugger.
#include "heap.h"
#include "ldr_options.h"

#define TAIL_MARK    0xABABABABu
#define NEW_PATTERN  0xBAADF00Du
#define FREE_PATTERN 0xFEEEFEEEu

// NtGlobalFlag: the bits that are about heaps (gflags' documentation).
enum {
    FLG_HEAP_ENABLE_TAIL_CHECK = 0x10,
    FLG_HEAP_ENABLE_FREE_CHECK = 0x20,
    FLG_HEAP_VALIDATE_PARAMETERS = 0x40,
    FLG_HEAP_VALIDATE_ALL = 0x80,
    FLG_HEAP_ENABLE_TAGGING = 0x800,
    FLG_HEAP_DISABLE_COALESCING = 0x200000,
    FLG_HEAP_PAGE_ALLOCS = 0x2000000,
};
#define DEBUGGER_FLAGS                                                                                       \
    (FLG_HEAP_ENABLE_TAIL_CHECK | FLG_HEAP_ENABLE_FREE_CHECK | FLG_HEAP_VALIDATE_PARAMETERS)

// Whether the environment forbids the debug heap that a debugger brings.
static BOOLEAN is_forbidden(void)
{
    const RTL_USER_PROCESS_PARAMETERS *parameters = peb_self()->ProcessParameters;
    WCHAR text[8];
    SIZE_T length;

    if (!parameters || !parameters->Environment) return FALSE;
    return RtlQueryEnvironmentVariable(NULL, L"_NO_DEBUG_HEAP", 14, text, ARRAYSIZE(text), &length) >= 0 &&
           length == 1 && text[0] == '1';
}

void debug_heap_init(void)
{
    PEB *peb = peb_self();
    ULONG flags;

    // Without a debugger it is there already: who created the process has looked into the registry.
    if (peb->BeingDebugged &&
        LdrQueryImageFileExecutionOptions(&peb->ProcessParameters->ImagePathName, L"GlobalFlag", REG_DWORD,
                                          &flags, sizeof(flags), NULL) >= 0) {
        peb->NtGlobalFlag = flags;
    } else if (peb->BeingDebugged && !is_forbidden()) {
        peb->NtGlobalFlag |= DEBUGGER_FLAGS;
    }
    peb->NtGlobalFlag &= ~FLG_HEAP_PAGE_ALLOCS; // there is no page heap, and who asks is told
}

ULONG debug_heap_flags(void)
{
    ULONG global = peb_self()->NtGlobalFlag, flags = 0;

    if (global & FLG_HEAP_ENABLE_TAIL_CHECK) flags |= HEAP_TAIL_CHECKING_ENABLED;
    if (global & FLG_HEAP_ENABLE_FREE_CHECK) flags |= HEAP_FREE_CHECKING_ENABLED;
    if (global & FLG_HEAP_VALIDATE_PARAMETERS) flags |= HEAP_VALIDATE_PARAMETERS;
    if (global & FLG_HEAP_VALIDATE_ALL) flags |= HEAP_VALIDATE_ALL;
    if (flags & HEAP_VALIDATE) flags |= HEAP_TAIL_CHECKING_ENABLED | HEAP_FREE_CHECKING_ENABLED;
    if (global & FLG_HEAP_ENABLE_TAGGING) flags |= HEAP_PSEUDO_SHARED;
    if (global & FLG_HEAP_DISABLE_COALESCING) flags |= HEAP_DISABLE_COALESCE_ON_FREE;
    return flags;
}

static void fill(void *from, void *to, ULONG pattern)
{
    for (ULONG *at = from; at < (ULONG *)to; at++) *at = pattern;
}

void debug_write_free(void *from, void *to)
{
    fill(from, to, FREE_PATTERN);
}

void debug_mark_block(const struct heap *heap, struct chunk *chunk, SIZE_T old, BOOLEAN zero)
{
    BYTE *block = chunk_block(chunk);
    ULONG size = chunk_requested(chunk);

    if (chunk_kind(chunk) == CHUNK_LARGE) return; // as on Windows
    if (heap->flags & HEAP_FREE_CHECKING_ENABLED && !zero)
        fill(block + ((old + 3) & ~3u), block + (size & ~3u), NEW_PATTERN);
    if (heap->flags & HEAP_TAIL_CHECKING_ENABLED) {
        memset(block + size, (BYTE)TAIL_MARK, DEBUG_TAIL);
        if (heap->flags & HEAP_VALIDATE) {
            ULONG used = size + DEBUG_TAIL,
                  room = chunk_size(chunk) - HEADER - (chunk->state & CHUNK_USER_VALUE ? 4 : 0);
            memset(block + used, 0, room - used);
        }
    }
}

// Tells the debugger of a block or chunk that somebody wrote to, and stops there.
static void report(const void *at, const void *where, const char *what)
{
    if (!peb_self()->BeingDebugged) return;
    DbgPrint("HEAP: block at %p modified at %p %s\n", at, where, what);
    DbgBreakPoint();
}

BOOLEAN debug_is_tail_intact(const struct heap *heap, struct chunk *chunk)
{
    const BYTE *tail = (const BYTE *)chunk_block(chunk) + chunk_requested(chunk);

    if (!(heap->flags & HEAP_TAIL_CHECKING_ENABLED) || chunk_kind(chunk) != CHUNK_BUSY) return TRUE;
    for (ULONG i = 0; i < DEBUG_TAIL; i++) {
        if (tail[i] == (BYTE)TAIL_MARK) continue;
        report(chunk_block(chunk), tail + i, "past its requested size");
        return FALSE;
    }
    return TRUE;
}

BOOLEAN debug_is_free_intact(const struct heap *heap, struct chunk *chunk)
{
    const ULONG *end = (const ULONG *)chunk_next(chunk) - 1;

    if (!(heap->flags & HEAP_FREE_CHECKING_ENABLED)) return TRUE;
    for (const ULONG *at = (const ULONG *)(chunk + 2); at < end; at++) {
        if (*at == FREE_PATTERN) continue;
        report(chunk_block(chunk), at, "after it was freed");
        return FALSE;
    }
    return TRUE;
}

BOOLEAN debug_may_use(struct heap *heap, struct chunk *chunk)
{
    if (heap->flags & HEAP_VALIDATE_ALL && !RtlValidateHeap(heap, HEAP_NO_SERIALIZE, NULL)) return FALSE;
    return !chunk || !(heap->flags & HEAP_VALIDATE) || debug_is_tail_intact(heap, chunk);
}
