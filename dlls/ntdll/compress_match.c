// What the LZ77 formats share: finding earlier text when compressing, copying it when decompressing.
#include "compress.h"

static ULONG hash_of(const BYTE *p)
{
    return ((p[0] | (ULONG)p[1] << 8 | (ULONG)p[2] << 16) * 2654435761u) >> 20;
}

void matcher_init(struct matcher *matcher, const BYTE *begin, const BYTE *end, ULONG depth)
{
    matcher->begin = begin;
    matcher->end = end;
    matcher->depth = depth;
    memset(matcher->first, 0, sizeof(matcher->first));
}

void matcher_add(struct matcher *matcher, const BYTE *p)
{
    ULONG position = (ULONG)(p - matcher->begin), hash;

    if ((SIZE_T)(matcher->end - p) < MATCH_MIN) return;
    hash = hash_of(p);
    matcher->before[position % MATCH_WINDOW] = matcher->first[hash];
    matcher->first[hash] = position + 1;
}

static ULONG common_length(const BYTE *a, const BYTE *b, ULONG longest)
{
    ULONG n = 0;

    while (n < longest && a[n] == b[n]) n++;
    return n;
}

ULONG matcher_find(const struct matcher *matcher, const BYTE *p, ULONG reach, ULONG longest, ULONG *distance)
{
    ULONG best = 0, position = (ULONG)(p - matcher->begin), candidate, left = (ULONG)(matcher->end - p);

    if (longest > left) longest = left;
    if (left < MATCH_MIN || longest < MATCH_MIN) return 0;
    candidate = matcher->first[hash_of(p)];
    for (ULONG i = 0; candidate && i < matcher->depth; i++) {
        ULONG back = position - (candidate - 1), length, next;

        if (back > reach || back >= MATCH_WINDOW) break;
        length = common_length(matcher->begin + candidate - 1, p, longest);
        if (length > best) {
            best = length;
            *distance = back;
            if (best == longest) break;
        }
        next = matcher->before[(candidate - 1) % MATCH_WINDOW];
        if (next >= candidate) break; // of an older round of the window
        candidate = next;
    }
    return best >= MATCH_MIN ? best : 0;
}

bool copy_match(struct plain *out, ULONG distance, ULONG length)
{
    if (!distance || distance > (ULONG)(out->at - out->begin)) return false;
    if (length > (ULONG)(out->end - out->at)) length = (ULONG)(out->end - out->at);
    for (const BYTE *from = out->at - distance; length; length--) *out->at++ = *from++;
    return true;
}
