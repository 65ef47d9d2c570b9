// File name masks, as a nondeterministic automaton: the set of places in the mask where a prefix of the name
// may be.
#include "wildcard.h"
#include "upcase.h"
#include <limits.h>
#include <string.h>

enum { MASK_MAX = NAME_MAX + 1 };

// The places in the mask that are reached from `at` without reading anything, as flags in set.
static void reach(bool *set, const uint16_t *mask, size_t n, size_t at, bool end, bool before_dot)
{
    for (; at < n && !set[at]; at++) {
        set[at] = true;
        bool empty = mask[at] == '*' || mask[at] == '<' || (mask[at] == '>' && (end || before_dot)) ||
                     (mask[at] == '"' && end);
        if (!empty) return;
    }
    if (at == n) set[n] = true;
}

bool wildcard_match(const uint16_t *mask, size_t mask_length, const uint16_t *name, size_t length)
{
    if (mask_length == 0 || (mask_length == 1 && mask[0] == '*')) return true;
    if (mask_length >= MASK_MAX) return false;
    // Dots at the start of a name separate no extension.
    size_t last_dot = length, start = 0;
    while (start < length && name[start] == '.') start++;
    for (size_t i = start; i < length; i++)
        if (name[i] == '.') last_dot = i;

    bool sets[2][MASK_MAX + 1], *now = sets[0], *next = sets[1];
    memset(now, 0, mask_length + 1);
    reach(now, mask, mask_length, 0, length == 0, length > 0 && name[0] == '.');
    for (size_t i = 0; i < length; i++) {
        uint16_t c = name[i], upper = upcase(c);
        bool end = i + 1 == length, before_dot = !end && name[i + 1] == '.';
        memset(next, 0, mask_length + 1);
        bool any = false;
        for (size_t at = 0; at < mask_length; at++) {
            if (!now[at]) continue;
            uint16_t m = mask[at];
            bool stays = m == '*' || (m == '<' && (c != '.' || i != last_dot));
            bool goes = m == '?' || (m == '>' && c != '.') || (m == '"' && c == '.') || upcase(m) == upper;
            if (stays) reach(next, mask, mask_length, at, end, before_dot);
            if (goes) reach(next, mask, mask_length, at + 1, end, before_dot);
            any |= stays || goes;
        }
        if (!any) return false;
        bool *swap = now;
        now = next;
        next = swap;
    }
    return now[mask_length];
}
