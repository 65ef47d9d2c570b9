/* malloc and its relations, on the process heap; aligned blocks keep their origin in front of them. */
#include "msvcrt.h"

HANDLE crt_heap;

typedef int(EXPORT *new_handler_ex)(size_t size);
static new_handler_ex new_handler;
static int new_mode;

enum { HEAP_LIMIT = 0xFFFFFFE0u };

int EXPORT _callnewh(size_t size)
{
    return new_handler ? new_handler(size) : 0;
}

void *EXPORT malloc(size_t size)
{
    void *block;

    if (size > HEAP_LIMIT) {
        errno = ENOMEM;
        return NULL;
    }
    do {
        block = HeapAlloc(crt_heap, 0, size);
        if (block) return block;
    } while (new_mode && _callnewh(size));
    errno = ENOMEM;
    return NULL;
}

void *EXPORT calloc(size_t count, size_t size)
{
    size_t total;
    void *block;

    if (__builtin_mul_overflow(count, size, &total) || total > HEAP_LIMIT) {
        errno = ENOMEM;
        return NULL;
    }
    do {
        block = HeapAlloc(crt_heap, HEAP_ZERO_MEMORY, total);
        if (block) return block;
    } while (new_mode && _callnewh(total));
    errno = ENOMEM;
    return NULL;
}

void EXPORT free(void *block)
{
    if (block) HeapFree(crt_heap, 0, block);
}

void *EXPORT realloc(void *block, size_t size)
{
    void *moved;

    if (!block) return malloc(size);
    if (!size) {
        free(block);
        return NULL;
    }
    if (size > HEAP_LIMIT) {
        errno = ENOMEM;
        return NULL;
    }
    do {
        moved = HeapReAlloc(crt_heap, 0, block, size);
        if (moved) return moved;
    } while (new_mode && _callnewh(size));
    errno = ENOMEM;
    return NULL;
}

void *EXPORT _recalloc(void *block, size_t count, size_t size)
{
    size_t total, old = block ? HeapSize(crt_heap, 0, block) : 0;
    char *moved;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    moved = realloc(block, total);
    if (moved && total > old) memset(moved + old, 0, total - old);
    return moved;
}

size_t EXPORT _msize(void *block)
{
    REQUIRE(block || crt_profile.version < 80, EINVAL, (size_t)-1);
    return HeapSize(crt_heap, 0, block);
}

/* Changes a block's size where it lies; NULL when there is no room. */
void *EXPORT _expand(void *block, size_t size)
{
    void *same = HeapReAlloc(crt_heap, HEAP_REALLOC_IN_PLACE_ONLY, block, size);
    if (!same) errno = ENOMEM;
    return same;
}

intptr_t EXPORT _get_heap_handle(void)
{
    return (intptr_t)crt_heap;
}

/* ---- operator new, delete ---- */

void *EXPORT operator_new(size_t size)
{
    void *block;

    do {
        block = HeapAlloc(crt_heap, 0, size);
        if (block) return block;
    } while (_callnewh(size));
    return NULL;
}

void *EXPORT operator_new_debug(size_t size, int type, const char *file, int line)
{
    (void)type, (void)file, (void)line;
    return operator_new(size);
}

void EXPORT operator_delete(void *block)
{
    free(block);
}

new_handler_ex EXPORT set_new_handler_ex(new_handler_ex handler)
{
    return (new_handler_ex)InterlockedExchangePointer((void **)&new_handler, (void *)handler);
}

new_handler_ex EXPORT query_new_handler_ex(void)
{
    return new_handler;
}

int EXPORT query_new_mode(void)
{
    return new_mode;
}

int EXPORT set_new_mode(int mode)
{
    REQUIRE(mode == 0 || mode == 1, EINVAL, -1);
    return InterlockedExchange((LONG *)&new_mode, mode);
}

/* The standard's set_new_handler: Windows' runtime takes NULL only and ignores the rest. */
void *EXPORT set_new_handler_std(void *handler)
{
    (void)handler;
    set_new_handler_ex(NULL);
    return NULL;
}

/* ---- aligned blocks ---- */

static void **origin_of(void *block)
{
    return (void **)((uintptr_t)block & ~(sizeof(void *) - 1)) - 1;
}

void *EXPORT _aligned_offset_malloc(size_t size, size_t alignment, size_t offset)
{
    uintptr_t origin, block;
    size_t extra;

    REQUIRE(!(alignment & (alignment - 1)), EINVAL, NULL);
    REQUIRE(offset < size || !offset, EINVAL, NULL);
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    extra = alignment + sizeof(void *) + 3;
    if (size + extra < size) {
        errno = ENOMEM;
        return NULL;
    }
    origin = (uintptr_t)malloc(size + extra);
    if (!origin) return NULL;
    block = ((origin + extra + offset) & ~(uintptr_t)(alignment - 1)) - offset;
    *origin_of((void *)block) = (void *)origin;
    return (void *)block;
}

void *EXPORT _aligned_malloc(size_t size, size_t alignment)
{
    return _aligned_offset_malloc(size, alignment, 0);
}

void EXPORT _aligned_free(void *block)
{
    if (block) free(*origin_of(block));
}

size_t EXPORT _aligned_msize(void *block, size_t alignment, size_t offset)
{
    REQUIRE(block, EINVAL, (size_t)-1);
    (void)offset;
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    return _msize(*origin_of(block)) - alignment - sizeof(void *) - 3;
}

void *EXPORT _aligned_offset_realloc(void *block, size_t size, size_t alignment, size_t offset)
{
    char *origin, *moved;
    size_t old;

    if (!block) return _aligned_offset_malloc(size, alignment, offset);
    REQUIRE(!(alignment & (alignment - 1)), EINVAL, NULL);
    REQUIRE(offset < size || !size, EINVAL, NULL);
    if (!size) {
        _aligned_free(block);
        return NULL;
    }
    origin = *origin_of(block);
    /* A different alignment or offset than the block was made with is the program's mistake. */
    REQUIRE(!(((uintptr_t)block + offset) & ((alignment < 4 ? 4 : alignment) - 1)), EINVAL, NULL);
    old = _msize(origin) - ((char *)block - origin);
    moved = _aligned_offset_malloc(size, alignment, offset);
    if (!moved) return NULL;
    memcpy(moved, block, old < size ? old : size);
    free(origin);
    return moved;
}

void *EXPORT _aligned_realloc(void *block, size_t size, size_t alignment)
{
    return _aligned_offset_realloc(block, size, alignment, 0);
}

/* ---- looking into the heap ---- */

enum {
    HEAP_EMPTY = -1,
    HEAP_OK = -2,
    HEAP_BAD_BEGIN = -3,
    HEAP_BAD_NODE = -4,
    HEAP_END = -5,
    HEAP_BAD_PTR = -6
};

struct heap_info {
    int *block;
    size_t size;
    int used;
};

int EXPORT _heapchk(void)
{
    if (HeapValidate(crt_heap, 0, NULL)) return HEAP_OK;
    set_os_error(GetLastError());
    return HEAP_BAD_NODE;
}

int EXPORT _heapmin(void)
{
    if (HeapCompact(crt_heap, 0)) return 0;
    if (GetLastError() != ERROR_CALL_NOT_IMPLEMENTED) set_os_error(GetLastError());
    return -1;
}

int EXPORT _heapset(unsigned fill)
{
    PROCESS_HEAP_ENTRY entry = {0};
    int result = _heapchk();

    if (result != HEAP_OK) return result;
    HeapLock(crt_heap);
    while (HeapWalk(crt_heap, &entry))
        if (!(entry.wFlags &
              (PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE)))
            memset(entry.lpData, fill, entry.cbData);
    HeapUnlock(crt_heap);
    return HEAP_OK;
}

int EXPORT _heapwalk(struct heap_info *next)
{
    PROCESS_HEAP_ENTRY entry = {0};
    int result = HEAP_OK;

    HeapLock(crt_heap);
    if (next->block && !next->used && !HeapValidate(crt_heap, 0, next->block)) {
        HeapUnlock(crt_heap);
        return HEAP_BAD_NODE;
    }
    entry.lpData = next->block;
    entry.cbData = next->size;
    entry.wFlags = next->used ? PROCESS_HEAP_ENTRY_BUSY : 0;
    do {
        if (!HeapWalk(crt_heap, &entry)) {
            result = GetLastError() == ERROR_NO_MORE_ITEMS ? HEAP_END : HEAP_BAD_NODE;
            if (result == HEAP_BAD_NODE) set_os_error(GetLastError());
            break;
        }
    } while (entry.wFlags & (PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE));
    HeapUnlock(crt_heap);
    if (result != HEAP_OK) return result;
    next->block = entry.lpData;
    next->size = entry.cbData;
    next->used = entry.wFlags & PROCESS_HEAP_ENTRY_BUSY ? 1 : 0;
    return HEAP_OK;
}

int EXPORT _heapused(size_t *used, size_t *committed)
{
    (void)used, (void)committed;
    errno = ENOSYS;
    return 0;
}

int EXPORT _heapadd(void *block, size_t size)
{
    (void)block, (void)size;
    errno = ENOSYS;
    return -1;
}

/* Small blocks have no heap of their own; programs only see the limit that they set. */
static size_t small_block_limit;

size_t EXPORT _get_sbh_threshold(void)
{
    return small_block_limit;
}

int EXPORT _set_sbh_threshold(size_t size)
{
    if (size > 1016) return 0;
    small_block_limit = (size + 15) & ~15u;
    return 1;
}
