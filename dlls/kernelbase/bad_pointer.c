// IsBad...Ptr: whether memory can be touched, found out by touching it. As on Windows that grows the stack
// and uses up guard pages.
#include "base.h"
#include "dlls/ntdll/guard.h"

enum { PAGE = 0x1000 };

struct range {
    volatile char *start;
    SIZE_T size;
};

// The first byte of the range in each page that it touches.
static volatile char *next_page(volatile char *at)
{
    return (volatile char *)(((ULONG_PTR)at & -(ULONG_PTR)PAGE) + PAGE);
}

static void read_range(void *context)
{
    const struct range *range = context;
    volatile char *last = range->start + range->size - 1;

    for (volatile char *at = range->start; at < last; at = next_page(at)) (void)*at;
    (void)*last;
}

static void write_range(void *context)
{
    const struct range *range = context;
    volatile char *last = range->start + range->size - 1;

    // Another thread's write in between is not undone.
    for (volatile char *at = range->start; at < last; at = next_page(at))
        __atomic_fetch_or(at, 0, __ATOMIC_RELAXED);
    __atomic_fetch_or(last, 0, __ATOMIC_RELAXED);
}

static void read_string(void *context)
{
    const struct range *range = context;

    for (SIZE_T i = 0; i < range->size && range->start[i]; i++) continue;
}

static void read_wide_string(void *context)
{
    const struct range *range = context;
    const volatile WCHAR *text = (const volatile WCHAR *)range->start;

    for (SIZE_T i = 0; i < range->size && text[i]; i++) continue;
}

static BOOL is_bad(void (*touch)(void *range), const void *address, SIZE_T size)
{
    struct range range = {(volatile char *)address, size};

    if (!size) return FALSE;
    return lowland_guarded_call(touch, &range) != 0;
}

static bool wraps(const void *address, SIZE_T size)
{
    return size && (ULONG_PTR)address + size - 1 < (ULONG_PTR)address;
}

HOTPATCH BOOL WINAPI IsBadReadPtr(const void *address, UINT_PTR size)
{
    return wraps(address, size) || is_bad(read_range, address, size);
}

HOTPATCH BOOL WINAPI IsBadHugeReadPtr(const void *address, UINT_PTR size)
{
    return IsBadReadPtr(address, size);
}

HOTPATCH BOOL WINAPI IsBadWritePtr(void *address, UINT_PTR size)
{
    return wraps(address, size) || is_bad(write_range, address, size);
}

HOTPATCH BOOL WINAPI IsBadHugeWritePtr(void *address, UINT_PTR size)
{
    return IsBadWritePtr(address, size);
}

// Only readability is asked for, as on Windows.
HOTPATCH BOOL WINAPI IsBadCodePtr(FARPROC address)
{
    return IsBadReadPtr((const void *)address, 1);
}

HOTPATCH BOOL WINAPI IsBadStringPtrA(const char *text, UINT_PTR limit)
{
    return is_bad(read_string, text, limit);
}

HOTPATCH BOOL WINAPI IsBadStringPtrW(const WCHAR *text, UINT_PTR limit)
{
    return is_bad(read_wide_string, text, limit);
}
