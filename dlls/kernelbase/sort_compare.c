// Linguistic comparison. First weights are compared as they come, so that the first difference ends it; only
// strings that are equal in them get keys, which have the weaker levels.
#include "sort.h"

static void next_primary(struct sort_walker *walker, struct sort_element *element)
{
    do sort_next(walker, element);
    while (element->kind != SORT_PRIMARY && element->kind != SORT_END);
}

static int compare_primaries(const struct collation *collation, DWORD flags, const WCHAR *first,
                             int first_length, const WCHAR *second, int second_length)
{
    struct sort_walker a, b;
    struct sort_element x, y;
    sort_walk(&a, collation, flags, first, first_length);
    sort_walk(&b, collation, flags, second, second_length);
    for (;;) {
        next_primary(&a, &x);
        next_primary(&b, &y);
        if (x.kind == SORT_END || y.kind == SORT_END) return (x.kind != SORT_END) - (y.kind != SORT_END);
        int difference = memcmp(x.main, y.main, sizeof(x.main));
        if (difference) return difference;
    }
}

static int compare_bytes(const struct sort_bytes *a, const struct sort_bytes *b)
{
    int difference = memcmp(a->data, b->data, a->n < b->n ? a->n : b->n);
    return difference ? difference : (int)a->n - (int)b->n;
}

static int compare_weaker_levels(const struct collation *collation, DWORD flags, const WCHAR *first,
                                 int first_length, const WCHAR *second, int second_length)
{
    struct sort_key a, b;
    int difference = 0;
    sort_key_make(&a, collation, flags, first, first_length, true);
    sort_key_make(&b, collation, flags, second, second_length, true);
    for (int i = LEVEL_DIACRITIC; i < LEVELS && !difference; i++)
        difference = compare_bytes(&a.levels[i], &b.levels[i]);
    sort_key_free(&a);
    sort_key_free(&b);
    return difference;
}

// A character that is just its weights, whatever stands around it: most of ASCII.
static bool is_simple(const struct collation *collation, DWORD flags, WCHAR c)
{
    const BYTE script = collation->weights[c].script;
    return c < 0x80 && script >= SORT_SYMBOL && !may_start_contraction(collation, c) &&
           !(script < SORT_DIGIT && flags & NORM_IGNORESYMBOLS) &&
           !(script == SORT_DIGIT && flags & SORT_DIGITSASNUMBERS);
}

// Compares while both strings are simple. Returns whether that decided; *result is 0 or what it came to.
static bool compare_simple(const struct collation *collation, DWORD flags, const WCHAR *first,
                           int first_length, const WCHAR *second, int second_length, int *result)
{
    const int n = first_length < second_length ? first_length : second_length;
    const bool ignore_case = flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE);
    int casing = 0;
    for (int i = 0; i < n; i++) {
        const WCHAR c = first[i], d = second[i];
        if (!is_simple(collation, flags, c) || !is_simple(collation, flags, d)) return false;
        const struct sort_weight x = collation->weights[c], y = collation->weights[d];
        *result = (x.script << 8 | x.primary) - (y.script << 8 | y.primary);
        if (*result) return true;
        if (!casing && !ignore_case) casing = x.casing - y.casing;
    }
    if (first_length != second_length) {
        const WCHAR next = first_length > n ? first[n] : second[n];
        *result = first_length - second_length;
        return is_simple(collation, flags, next);
    }
    *result = casing;
    return true;
}

int compare_linguistic(const struct collation *collation, DWORD flags, const WCHAR *first, int first_length,
                       const WCHAR *second, int second_length)
{
    int result;
    if (!compare_simple(collation, flags, first, first_length, second, second_length, &result)) {
        if (first_length == second_length && !memcmp(first, second, (SIZE_T)first_length * sizeof(WCHAR)))
            return 0;
        result = compare_primaries(collation, flags, first, first_length, second, second_length);
        if (!result)
            result = compare_weaker_levels(collation, flags, first, first_length, second, second_length);
    }
    return (result > 0) - (result < 0);
}
