// The memory functions that every guest DLL uses: copy, fill, compare, find. SSE2 for short runs, string
// instructions for long ones; nothing here reads or writes a byte outside its arguments.
#include "nt/nt.h"
#include <emmintrin.h>

#undef RtlMoveMemory
#undef RtlFillMemory
#undef RtlZeroMemory

// From this size on `rep movsb`/`rep stosb` beat a loop of 16-byte stores (measured, warm cache).
#define STRING_INSTRUCTION_MIN 2048

typedef ULONG unaligned_ulong __attribute__((aligned(1), may_alias));
typedef USHORT unaligned_ushort __attribute__((aligned(1), may_alias));

static inline __m128i load16(const void *p)
{
    return _mm_loadu_si128(p);
}

static inline void store16(void *p, __m128i v)
{
    _mm_storeu_si128(p, v);
}

// Up to 16 bytes: loads everything before it stores, so overlap doesn't matter.
static inline void move_small(BYTE *d, const BYTE *s, SIZE_T n)
{
    if (n >= 8) {
        __m128i head = _mm_loadl_epi64((const __m128i *)s);
        __m128i tail = _mm_loadl_epi64((const __m128i *)(s + n - 8));
        _mm_storel_epi64((__m128i *)d, head);
        _mm_storel_epi64((__m128i *)(d + n - 8), tail);
    } else if (n >= 4) {
        ULONG head = *(const unaligned_ulong *)s, tail = *(const unaligned_ulong *)(s + n - 4);
        *(unaligned_ulong *)d = head;
        *(unaligned_ulong *)(d + n - 4) = tail;
    } else if (n >= 2) {
        USHORT head = *(const unaligned_ushort *)s, tail = *(const unaligned_ushort *)(s + n - 2);
        *(unaligned_ushort *)d = head;
        *(unaligned_ushort *)(d + n - 2) = tail;
    } else if (n) {
        *d = *s;
    }
}

static void move_forward(BYTE *d, const BYTE *s, SIZE_T n)
{
    __m128i tail0 = load16(s + n - 64), tail1 = load16(s + n - 48);
    __m128i tail2 = load16(s + n - 32), tail3 = load16(s + n - 16);
    BYTE *end = d + n;

    for (; n > 64; n -= 64, s += 64, d += 64) {
        __m128i a = load16(s), b = load16(s + 16), c = load16(s + 32), e = load16(s + 48);
        store16(d, a);
        store16(d + 16, b);
        store16(d + 32, c);
        store16(d + 48, e);
    }
    store16(end - 64, tail0);
    store16(end - 48, tail1);
    store16(end - 32, tail2);
    store16(end - 16, tail3);
}

static void move_backward(BYTE *d, const BYTE *s, SIZE_T n)
{
    __m128i head0 = load16(s), head1 = load16(s + 16), head2 = load16(s + 32), head3 = load16(s + 48);

    for (SIZE_T left = n; left > 64; left -= 64) {
        const BYTE *from = s + left - 64;
        BYTE *to = d + left - 64;
        __m128i a = load16(from), b = load16(from + 16), c = load16(from + 32), e = load16(from + 48);
        store16(to, a);
        store16(to + 16, b);
        store16(to + 32, c);
        store16(to + 48, e);
    }
    store16(d, head0);
    store16(d + 16, head1);
    store16(d + 32, head2);
    store16(d + 48, head3);
}

static inline void *move(void *destination, const void *source, SIZE_T n)
{
    BYTE *d = destination;
    const BYTE *s = source;

    if (n <= 16) {
        move_small(d, s, n);
    } else if (n <= 32) {
        __m128i head = load16(s), tail = load16(s + n - 16);
        store16(d, head);
        store16(d + n - 16, tail);
    } else if (n <= 64) {
        __m128i a = load16(s), b = load16(s + 16), c = load16(s + n - 32), e = load16(s + n - 16);
        store16(d, a);
        store16(d + 16, b);
        store16(d + n - 32, c);
        store16(d + n - 16, e);
    } else if ((SIZE_T)(d - s) >= n) { // source isn't overwritten before it is read
        // An overlap closer than this makes the string instruction crawl.
        if (n >= STRING_INSTRUCTION_MIN && (SIZE_T)(s - d) >= 64) {
            __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
        } else {
            move_forward(d, s, n);
        }
    } else {
        move_backward(d, s, n);
    }
    return destination;
}

/** Copies n bytes; source and destination may overlap. */
void *__cdecl memmove(void *destination, const void *source, size_t n)
{
    return move(destination, source, n);
}

/** Copies n bytes. As in Windows' ntdll, overlapping copies work too, and programs count on that. */
void *__cdecl memcpy(void *destination, const void *source, size_t n)
{
    return move(destination, source, n);
}

/** Sets n bytes to value. */
void *__cdecl memset(void *destination, int value, size_t n)
{
    BYTE *d = destination;
    __m128i v = _mm_set1_epi8((char)value);

    if (n < 16) {
        if (n >= 8) {
            _mm_storel_epi64((__m128i *)d, v);
            _mm_storel_epi64((__m128i *)(d + n - 8), v);
        } else if (n >= 4) {
            *(unaligned_ulong *)d = _mm_cvtsi128_si32(v);
            *(unaligned_ulong *)(d + n - 4) = _mm_cvtsi128_si32(v);
        } else if (n) {
            d[0] = value;
            d[n - 1] = value;
            d[n / 2] = value;
        }
    } else if (n < STRING_INSTRUCTION_MIN) {
        BYTE *end = d + n;
        for (; n > 64; n -= 64, d += 64) {
            store16(d, v);
            store16(d + 16, v);
            store16(d + 32, v);
            store16(d + 48, v);
        }
        for (; n > 16; n -= 16, d += 16) store16(d, v);
        store16(end - 16, v);
    } else {
        __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(value) : "memory");
    }
    return destination;
}

// The number of equal bytes at the start of two blocks of n bytes.
static inline SIZE_T equal_length(const BYTE *a, const BYTE *b, SIZE_T n)
{
    SIZE_T i = 0;

    for (; n - i >= 16; i += 16) {
        unsigned mask = _mm_movemask_epi8(_mm_cmpeq_epi8(load16(a + i), load16(b + i)));
        if (mask != 0xFFFF) return i + __builtin_ctz(~mask);
    }
    for (; n - i >= 4; i += 4) {
        ULONG difference = *(const unaligned_ulong *)(a + i) ^ *(const unaligned_ulong *)(b + i);
        if (difference) return i + __builtin_ctz(difference) / 8;
    }
    for (; i < n; i++) {
        if (a[i] != b[i]) break;
    }
    return i;
}

/** Compares n bytes: -1, 0 or 1. */
int __cdecl memcmp(const void *a, const void *b, size_t n)
{
    const BYTE *x = a, *y = b;
    SIZE_T i = equal_length(x, y, n);

    if (i == n) return 0;
    return x[i] < y[i] ? -1 : 1;
}

/** Finds the first byte equal to value among n. */
void *__cdecl memchr(const void *block, int value, size_t n)
{
    const BYTE *p = block;
    __m128i v = _mm_set1_epi8((char)value);

    for (; n >= 16; n -= 16, p += 16) {
        unsigned mask = _mm_movemask_epi8(_mm_cmpeq_epi8(load16(p), v));
        if (mask) return (void *)(p + __builtin_ctz(mask));
    }
    for (; n; n--, p++) {
        if (*p == (BYTE)value) return (void *)p;
    }
    return NULL;
}

/** memcpy with the size of the destination; EINVAL or ERANGE (and a zeroed destination) when it doesn't fit.
 */
int __cdecl memcpy_s(void *destination, size_t size, const void *source, size_t n)
{
    if (!n) return 0;
    if (!destination) return 22;
    if (!source || size < n) {
        memset(destination, 0, size);
        return source ? 34 : 22;
    }
    memcpy(destination, source, n);
    return 0;
}

/** memmove with the size of the destination; EINVAL or ERANGE when it doesn't fit. */
int __cdecl memmove_s(void *destination, size_t size, const void *source, size_t n)
{
    if (!n) return 0;
    if (!destination || !source) return 22;
    if (size < n) return 34;
    memmove(destination, source, n);
    return 0;
}

void WINAPI RtlMoveMemory(void *destination, const void *source, SIZE_T n)
{
    memmove(destination, source, n);
}

void WINAPI RtlFillMemory(void *destination, SIZE_T n, BYTE value)
{
    memset(destination, value, n);
}

void WINAPI RtlZeroMemory(void *destination, SIZE_T n)
{
    memset(destination, 0, n);
}

/** The number of bytes at the start of both blocks that are equal. */
SIZE_T WINAPI RtlCompareMemory(const void *a, const void *b, SIZE_T n)
{
    return equal_length(a, b, n);
}

/** The number of bytes (whole ULONGs) at the start of a block that equal a pattern. */
SIZE_T WINAPI RtlCompareMemoryUlong(void *block, SIZE_T n, ULONG pattern)
{
    const unaligned_ulong *p = block;
    SIZE_T count = n / 4, i = 0;

    while (i < count && p[i] == pattern) i++;
    return i * 4;
}

/** Fills whole ULONGs. */
void WINAPI RtlFillMemoryUlong(void *block, SIZE_T n, ULONG pattern)
{
    unaligned_ulong *p = block;

    for (SIZE_T i = 0; i < n / 4; i++) p[i] = pattern;
}

/** Fills whole 64-bit units. */
void WINAPI RtlFillMemoryUlonglong(void *block, SIZE_T n, ULONGLONG pattern)
{
    unaligned_ulong *p = block;

    for (SIZE_T i = 0; i < n / 8; i++) {
        p[2 * i] = (ULONG)pattern;
        p[2 * i + 1] = pattern >> 32;
    }
}

/** Whether a block holds only zero bytes. */
BOOLEAN WINAPI RtlIsZeroMemory(const void *block, SIZE_T n)
{
    const BYTE *p = block;

    for (SIZE_T i = 0; i < n; i++) {
        if (p[i]) return FALSE;
    }
    return TRUE;
}
