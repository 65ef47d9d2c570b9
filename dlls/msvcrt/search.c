/* Sorting and searching arrays through the program's comparison. */
#include "msvcrt.h"

typedef int(EXPORT *compare_function)(const void *, const void *);
typedef int(EXPORT *compare_context)(void *, const void *, const void *);

struct order {
    compare_function plain;
    compare_context with_context;
    void *context;
};

static inline int compare(const struct order *order, const void *a, const void *b)
{
    return order->plain ? order->plain(a, b) : order->with_context(order->context, a, b);
}

static void swap(char *a, char *b, size_t size)
{
    if (a == b) return;
    for (; size >= 4; size -= 4, a += 4, b += 4) {
        uint32_t word;
        memcpy(&word, a, 4);
        memcpy(a, b, 4);
        memcpy(b, &word, 4);
    }
    while (size--) {
        char byte = *a;
        *a++ = *b;
        *b++ = byte;
    }
}

/* For few elements: moves the greatest to the end, again and again. */
static void sort_short(char *low, char *high, size_t size, const struct order *order)
{
    for (; high > low; high -= size) {
        char *greatest = low;
        for (char *p = low + size; p <= high; p += size)
            if (compare(order, p, greatest) > 0) greatest = p;
        swap(greatest, high, size);
    }
}

enum { SHORT_SORT = 8 };

/* Quicksort with the median of three; the larger part waits on a stack that 2^32 elements can't exceed. */
static void sort(char *low, char *high, size_t size, const struct order *order)
{
    struct {
        char *low, *high;
    } stack[32];
    int depth = 0;

    for (;;) {
        size_t count = (high - low) / size + 1;
        char *middle, *left, *right;

        if (count <= SHORT_SORT) {
            sort_short(low, high, size, order);
            if (!depth--) return;
            low = stack[depth].low;
            high = stack[depth].high;
            continue;
        }
        middle = low + count / 2 * size;
        if (compare(order, low, middle) > 0) swap(low, middle, size);
        if (compare(order, low, high) > 0) swap(low, high, size);
        if (compare(order, middle, high) > 0) swap(middle, high, size);
        left = low;
        right = high;
        for (;;) {
            if (middle > left) do
                    left += size;
                while (left < middle && compare(order, left, middle) <= 0);
            if (middle <= left) do
                    left += size;
                while (left <= high && compare(order, left, middle) <= 0);
            do right -= size;
            while (right > middle && compare(order, right, middle) > 0);
            if (right < left) break;
            swap(left, right, size);
            if (middle == right) middle = left;
        }
        right += size;
        if (middle < right) do
                right -= size;
            while (right > middle && !compare(order, right, middle));
        if (middle >= right) do
                right -= size;
            while (right > low && !compare(order, right, middle));
        if (right - low >= high - left) {
            if (low < right) stack[depth].low = low, stack[depth++].high = right;
            if (left < high) {
                low = left;
                continue;
            }
        } else {
            if (left < high) stack[depth].low = left, stack[depth++].high = high;
            if (low < right) {
                high = right;
                continue;
            }
        }
        if (!depth--) return;
        low = stack[depth].low;
        high = stack[depth].high;
    }
}

void EXPORT qsort(void *base, size_t count, size_t size, compare_function function)
{
    struct order order = {function, NULL, NULL};

    if (count < 2 || !size) return;
    sort(base, (char *)base + (count - 1) * size, size, &order);
}

void EXPORT qsort_s(void *base, size_t count, size_t size, compare_context function, void *context)
{
    struct order order = {NULL, function, context};

    REQUIRE(base || !count, EINVAL, );
    REQUIRE(size, EINVAL, );
    REQUIRE(function, EINVAL, );
    if (count < 2) return;
    sort(base, (char *)base + (count - 1) * size, size, &order);
}

static void *search_sorted(const void *key, const void *base, size_t count, size_t size,
                           const struct order *order)
{
    const char *low = base;

    while (count) {
        const char *middle = low + count / 2 * size;
        int verdict = compare(order, key, middle);
        if (!verdict) return (void *)middle;
        if (verdict > 0) {
            low = middle + size;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return NULL;
}

void *EXPORT bsearch(const void *key, const void *base, size_t count, size_t size, compare_function function)
{
    struct order order = {function, NULL, NULL};
    return search_sorted(key, base, count, size, &order);
}

void *EXPORT bsearch_s(const void *key, const void *base, size_t count, size_t size, compare_context function,
                       void *context)
{
    struct order order = {NULL, function, context};

    REQUIRE(size && function && (base || !count), EINVAL, NULL);
    return search_sorted(key, base, count, size, &order);
}

void *EXPORT _lfind(const void *key, const void *base, unsigned *count, unsigned size,
                    compare_function function)
{
    const char *p = base;

    for (unsigned i = 0; i < *count; i++, p += size)
        if (!function(key, p)) return (void *)p;
    return NULL;
}

void *EXPORT _lfind_s(const void *key, const void *base, unsigned *count, size_t size,
                      compare_context function, void *context)
{
    const char *p = base;

    REQUIRE(key && count && (base || !*count) && size && function, EINVAL, NULL);
    for (unsigned i = 0; i < *count; i++, p += size)
        if (!function(context, key, p)) return (void *)p;
    return NULL;
}

void *EXPORT _lsearch(const void *key, void *base, unsigned *count, unsigned size, compare_function function)
{
    void *found = _lfind(key, base, count, size, function);

    if (found) return found;
    found = (char *)base + *count * size;
    memcpy(found, key, size);
    ++*count;
    return found;
}
