// FindNLSString: the place in a text where another compares equal.
#include "sort.h"

// What matches value at start: its length, or -1. Only lengths from shortest to longest are tried.
static int match_at(const struct collation *collation, DWORD flags, const WCHAR *source, int start,
                    int shortest, int longest, const WCHAR *value, int value_length)
{
    for (int length = shortest; length <= longest; length++)
        if (!compare_linguistic(collation, flags, source + start, length, value, value_length)) return length;
    return -1;
}

// A match may be longer than value: up to three times, for decomposed characters.
static int longest_match(int left, int value_length)
{
    return left < 3 * value_length ? left : 3 * value_length;
}

// A letter's marks belong to the match.
static int with_marks(const struct collation *collation, const WCHAR *source, int source_length, int end)
{
    while (end < source_length && collation->weights[source[end]].script == SORT_MARK) end++;
    return end;
}

static int find(const struct collation *collation, DWORD kind, DWORD flags, const WCHAR *source,
                int source_length, const WCHAR *value, int value_length, int *found)
{
    const bool backwards = kind & (FIND_FROMEND | FIND_ENDSWITH);
    for (int n = 0; n <= source_length; n++) {
        const int start = backwards ? source_length - n : n, left = source_length - start;
        if (kind == FIND_STARTSWITH && start) break;
        const int shortest = kind == FIND_ENDSWITH ? left : 1;
        const int length = match_at(collation, flags, source, start, shortest,
                                    longest_match(left, value_length), value, value_length);
        if (length < 0 || with_marks(collation, source, source_length, start + length) != start + length)
            continue;
        if (found) *found = length;
        return start;
    }
    return -1;
}

#define FIND_KINDS (FIND_FROMSTART | FIND_FROMEND | FIND_STARTSWITH | FIND_ENDSWITH)

// By FIND_* in flags; *found receives the match's length.
static int find_string(struct locale_found locale, DWORD flags, const WCHAR *source, int source_length,
                       const WCHAR *value, int value_length, int *found)
{
    const DWORD kind = flags & FIND_KINDS;
    if (!source || !value || !source_length || !value_length || source_length < -1 || value_length < -1 ||
        !locale.record) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    if (kind & (kind - 1)) {
        SetLastError(ERROR_INVALID_FLAGS);
        return -1;
    }
    if (source_length < 0) source_length = (int)wide_length(source);
    if (value_length < 0) value_length = (int)wide_length(value);
    SetLastError(ERROR_SUCCESS);
    return find(collation_of(locale, flags), kind, flags & ~(DWORD)FIND_KINDS, source, source_length, value,
                value_length, found);
}

HOTPATCH int WINAPI FindNLSStringEx(const WCHAR *locale, DWORD flags, const WCHAR *source, int source_length,
                                    const WCHAR *value, int value_length, int *found, NLSVERSIONINFO *version,
                                    void *reserved, LPARAM parameter)
{
    (void)version;
    if (reserved || parameter) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    return find_string(locale_lookup_name(locale), flags, source, source_length, value, value_length, found);
}

HOTPATCH int WINAPI FindNLSString(LCID locale, DWORD flags, const WCHAR *source, int source_length,
                                  const WCHAR *value, int value_length, int *found)
{
    return find_string(locale_to_sort(locale), flags, source, source_length, value, value_length, found);
}
