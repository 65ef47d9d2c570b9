// qsort and bsearch as ntdll exports them.
#include "rtl.h"

typedef int(__cdecl *compare_fn)(const void *, const void *);

static void swap(BYTE *a, BYTE *b, SIZE_T size)
{
    for (; size >= 4; size -= 4, a += 4, b += 4) {
        ULONG t = *(ULONG *)a;
        *(ULONG *)a = *(ULONG *)b;
        *(ULONG *)b = t;
    }
    while (size--) {
        BYTE t = *a;
        *a++ = *b;
        *b++ = t;
    }
}

static void sift(BYTE *base, SIZE_T root, SIZE_T n, SIZE_T size, compare_fn compare)
{
    for (SIZE_T child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && compare(base + child * size, base + (child + 1) * size) < 0) child++;
        if (compare(base + root * size, base + child * size) >= 0) return;
        swap(base + root * size, base + child * size, size);
    }
}

static void heap_sort(BYTE *base, SIZE_T n, SIZE_T size, compare_fn compare)
{
    for (SIZE_T i = n / 2; i-- > 0;) sift(base, i, n, size, compare);
    while (n > 1) {
        swap(base, base + --n * size, size);
        sift(base, 0, n, size, compare);
    }
}

static void insertion_sort(BYTE *base, SIZE_T n, SIZE_T size, compare_fn compare)
{
    for (SIZE_T i = 1; i < n; i++) {
        for (SIZE_T k = i; k && compare(base + (k - 1) * size, base + k * size) > 0; k--) {
            swap(base + (k - 1) * size, base + k * size, size);
        }
    }
}

// Median-of-three quicksort; heap sort where it degenerates, so never worse than n log n.
static void sort(BYTE *base, SIZE_T n, SIZE_T size, compare_fn compare, ULONG depth)
{
    while (n > 8) {
        BYTE *middle = base + n / 2 * size, *last = base + (n - 1) * size;
        SIZE_T low = 0, high = n - 1;

        if (!depth--) {
            heap_sort(base, n, size, compare);
            return;
        }
        if (compare(base, middle) > 0) swap(base, middle, size);
        if (compare(middle, last) > 0) swap(middle, last, size);
        if (compare(base, middle) > 0) swap(base, middle, size);
        swap(middle, base + size, size); // the pivot stands second
        low = 1;
        for (;;) {
            do low++;
            while (low < n - 1 && compare(base + low * size, base + size) < 0);
            do high--;
            while (high > 1 && compare(base + high * size, base + size) > 0);
            if (low >= high) break;
            swap(base + low * size, base + high * size, size);
        }
        swap(base + size, base + high * size, size);
        if (high < n - high - 1) {
            sort(base, high, size, compare, depth);
            base += (high + 1) * size;
            n -= high + 1;
        } else {
            sort(base + (high + 1) * size, n - high - 1, size, compare, depth);
            n = high;
        }
    }
    insertion_sort(base, n, size, compare);
}

/** Sorts n elements; not stable. */
void __cdecl qsort(void *base, size_t n, size_t size, compare_fn compare)
{
    if (n > 1 && size) sort(base, n, size, compare, 2 * (32 - __builtin_clz(n)));
}

/** Finds key among n sorted elements, or NULL. */
void *__cdecl bsearch(const void *key, const void *base, size_t n, size_t size, compare_fn compare)
{
    const BYTE *low = base;

    while (n) {
        const BYTE *middle = low + n / 2 * size;
        int order = compare(key, middle);

        if (!order) return (void *)middle;
        if (order > 0) {
            low = middle + size;
            n--;
        }
        n /= 2;
    }
    return NULL;
}
