/* UTF-8 to and from the characters of uchar.h, whatever the locale is. */
#include "ucrtbase.h"

/* What was read of a character that isn't complete (the headers' mbstate_t). */
struct conversion_state {
    unsigned value;        /* the bits so far; or a low surrogate that waits */
    unsigned short wanted; /* bytes that still follow, or WAITING */
    unsigned short length; /* of the whole character, to refuse what could be shorter */
};
enum { WAITING = 0xFFFF };
#define BAD        ((size_t)-1)
#define INCOMPLETE ((size_t)-2)
#define SECOND     ((size_t)-3)

static size_t refuse(struct conversion_state *state)
{
    memset(state, 0, sizeof(*state));
    errno = EILSEQ;
    return BAD;
}

static bool is_valid(unsigned value, int length)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    return value >= least[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

size_t EXPORT mbrtoc32(unsigned *out, const char *s, size_t size, struct conversion_state *state)
{
    static struct conversion_state own;
    unsigned value;
    size_t used = 0;

    if (!state) state = &own;
    if (!s) {
        memset(state, 0, sizeof(*state));
        return 0;
    }
    if (!size) return INCOMPLETE;
    if (!state->wanted) {
        unsigned char lead = s[used++];
        int length = lead < 0x80   ? 1
                     : lead < 0xC0 ? 0
                     : lead < 0xE0 ? 2
                     : lead < 0xF0 ? 3
                     : lead < 0xF8 ? 4
                                   : 0;
        if (!length) return refuse(state);
        state->value = length == 1 ? lead : lead & (0x7F >> length);
        state->length = length;
        state->wanted = length - 1;
    }
    for (; state->wanted; state->wanted--, used++) {
        if (used == size) return INCOMPLETE;
        if ((s[used] & 0xC0) != 0x80) return refuse(state);
        state->value = state->value << 6 | (s[used] & 0x3F);
    }
    value = state->value;
    if (!is_valid(value, state->length)) return refuse(state);
    memset(state, 0, sizeof(*state)); /* the headers' mbsinit looks at the value */
    if (out) *out = value;
    return value ? used : 0;
}

size_t EXPORT mbrtoc16(wchar_t *out, const char *s, size_t size, struct conversion_state *state)
{
    static struct conversion_state own;
    unsigned value;
    size_t used;

    if (!state) state = &own;
    if (s && state->wanted == WAITING) {
        if (out) *out = state->value;
        memset(state, 0, sizeof(*state));
        return SECOND;
    }
    used = mbrtoc32(&value, s, size, state);
    if (!s || used == BAD || used == INCOMPLETE) return used;
    if (value > 0xFFFF) {
        state->value = 0xDC00 | (value & 0x3FF);
        state->wanted = WAITING;
        value = 0xD800 + ((value - 0x10000) >> 10);
    }
    if (out) *out = value;
    return used;
}

size_t EXPORT c32rtomb(char *out, unsigned c, struct conversion_state *state)
{
    static struct conversion_state own;
    int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (!state) state = &own;
    if (!out || !c) {
        memset(state, 0, sizeof(*state));
        if (out) *out = 0;
        return 1;
    }
    if (!is_valid(c, length)) return refuse(state);
    if (length == 1) {
        *out = c;
        return 1;
    }
    for (int i = length - 1; i > 0; i--, c >>= 6) out[i] = 0x80 | (c & 0x3F);
    *out = (0xF00 >> length & 0xFF) | c;
    return length;
}

size_t EXPORT c16rtomb(char *out, wchar_t c, struct conversion_state *state)
{
    static struct conversion_state own;
    unsigned whole = c;

    if (!state) state = &own;
    if (out && state->wanted == WAITING) {
        if (c < 0xDC00 || c > 0xDFFF) return refuse(state);
        whole = 0x10000 + ((state->value & 0x3FF) << 10) + (c & 0x3FF);
        memset(state, 0, sizeof(*state));
    } else if (out && c >= 0xD800 && c < 0xDC00) { /* the rest comes with the next */
        state->value = c;
        state->wanted = WAITING;
        return 0;
    }
    return c32rtomb(out, whole, state);
}
