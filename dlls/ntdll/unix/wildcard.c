// File name masks, as a nondeterministic automaton: the set of places in the mask where a prefix of the name
// may be. Windows' own matching has two habits that are kept here, since programs and 8.3 users see them: a
// place that is reached without reading counts as reached by the character at hand when it is the mask's end,
// and '<' takes the last dot too, but nothing behind it.
#include "wildcard.h"
#include "upcase.h"
#include <limits.h>
#include <string.h>

enum { MASK_MAX = NAME_MAX + 1 };

struct place {
    bool here, next; // whether the character can leave us at this place, and at the next one
    bool pass;       // whether the next place may read the same character
};

// What character c does at a place of the mask. last_dot: c is the last dot of the name.
static struct place read_at(uint16_t mask, uint16_t c, bool last_dot)
{
    switch (mask) {
    case '*': return (struct place){true, true, true};
    case '<': return (struct place){!last_dot, true, true};
    case '>': return (struct place){false, c != '.', c == '.'};
    case '"': return (struct place){false, c == '.', false};
    case '?': return (struct place){false, true, false};
    default: return (struct place){false, mask == c || upcase(mask) == upcase(c), false};
    }
}

// Whether what is left of the mask may match nothing.
static bool may_be_empty(const uint16_t *mask, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (mask[i] != '*' && mask[i] != '<' && mask[i] != '>' && mask[i] != '"') return false;
    return true;
}

bool wildcard_match(const uint16_t *mask, size_t mask_length, const uint16_t *name, size_t length)
{
    if (mask_length == 0 || (mask_length == 1 && mask[0] == '*')) return true;
    if (mask_length >= MASK_MAX) return false;
    size_t last_dot = length;
    for (size_t i = 0; i < length; i++)
        if (name[i] == '.') last_dot = i;

    bool sets[2][MASK_MAX + 1], *now = sets[0], *next = sets[1];
    memset(now, 0, mask_length + 1);
    now[0] = true;
    for (size_t i = 0; i < length; i++) {
        memset(next, 0, mask_length + 1);
        bool any = false, passed = false;
        for (size_t at = 0; at < mask_length; at++) {
            if (!now[at] && !passed) continue;
            struct place place = read_at(mask[at], name[i], i == last_dot);
            next[at] |= place.here;
            next[at + 1] |= place.next;
            any |= place.here | place.next;
            passed = place.pass;
        }
        next[mask_length] |= passed;
        if (!any && !passed) return false;
        bool *swap = now;
        now = next;
        next = swap;
    }
    for (size_t at = 0; at <= mask_length; at++)
        if (now[at] && may_be_empty(mask + at, mask_length - at)) return true;
    return false;
}
