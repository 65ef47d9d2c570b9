/* Aligned blocks of counted elements, new ones zeroed. */
#include "ucrtbase.h"

void *EXPORT _aligned_offset_realloc(void *block, size_t size, size_t alignment, size_t offset);
size_t EXPORT _aligned_msize(void *block, size_t alignment, size_t offset);

void *EXPORT _aligned_offset_recalloc(void *block, size_t count, size_t size, size_t alignment, size_t offset)
{
    size_t total, old = block ? _aligned_msize(block, alignment, offset) : 0;
    char *moved;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    moved = _aligned_offset_realloc(block, total, alignment, offset);
    if (moved && total > old) memset(moved + old, 0, total - old);
    return moved;
}

void *EXPORT _aligned_recalloc(void *block, size_t count, size_t size, size_t alignment)
{
    return _aligned_offset_recalloc(block, count, size, alignment, 0);
}
