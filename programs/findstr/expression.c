// Matching by backtracking: only asterisks repeat an item, so the length of the line is multiplied at most
// once for each of them.
#include "expression.h"
#include <wchar.h>

bool is_expression(const WCHAR *text)
{
    for (; *text; text++) {
        if (*text == '\\' && text[1]) {
            if (text[1] == '<' || text[1] == '>') return true;
            text++;
        } else if (wcschr(L".*^$[", *text)) {
            return true;
        }
    }
    return false;
}

// ---- one item ----

static bool is_word_character(WCHAR c)
{
    return iswalnum(c) || c == '_';
}

static bool same(WCHAR a, WCHAR b, bool any_case)
{
    return a == b || (any_case && towlower(a) == towlower(b));
}

// The bracket that ends a set whose first character is at P; NULL when none does. One that comes first is in
// the set.
static const WCHAR *set_end(const WCHAR *p)
{
    if (*p == '^') p++;
    if (*p == ']') p++;
    return wcschr(p, ']');
}

static bool in_range(WCHAR c, WCHAR low, WCHAR high, bool any_case)
{
    if (c >= low && c <= high) return true;
    return any_case &&
           ((towlower(c) >= low && towlower(c) <= high) || (towupper(c) >= low && towupper(c) <= high));
}

static bool in_set(const WCHAR *p, const WCHAR *end, WCHAR c, bool any_case)
{
    bool negated = *p == '^', found = false;
    if (negated) p++;
    for (; p < end; p++) {
        if (p + 2 < end && p[1] == '-') {
            found |= in_range(c, p[0], p[2], any_case);
            p += 2;
        } else {
            if (*p == '\\' && p + 1 < end) p++;
            found |= same(*p, c, any_case);
        }
    }
    return found != negated;
}

// How long the item at P is in the expression.
static size_t item_length(const WCHAR *p)
{
    const WCHAR *end = *p == '[' ? set_end(p + 1) : NULL;
    if (end) return (size_t)(end - p) + 1;
    return *p == '\\' && p[1] ? 2 : 1;
}

static bool item_matches(const WCHAR *p, WCHAR c, bool any_case)
{
    const WCHAR *end = *p == '[' ? set_end(p + 1) : NULL;
    if (!c) return false;
    if (end) return in_set(p + 1, end, c, any_case);
    if (*p == '\\' && p[1]) return same(p[1], c, any_case);
    return *p == '.' || same(*p, c, any_case);
}

// ---- the whole ----

struct matcher {
    const WCHAR *start; // of the line
    const struct match_options *options;
};

static bool matches_here(const struct matcher *m, const WCHAR *p, const WCHAR *text);

// The longest run first.
static bool matches_repeated(const struct matcher *m, const WCHAR *item, const WCHAR *rest, const WCHAR *text)
{
    const WCHAR *end = text;
    while (item_matches(item, *end, m->options->any_case)) end++;
    for (;; end--) {
        if (matches_here(m, rest, end)) return true;
        if (end == text) return false;
    }
}

static bool at_word_begin(const struct matcher *m, const WCHAR *text)
{
    return is_word_character(*text) && (text == m->start || !is_word_character(text[-1]));
}

static bool at_word_end(const struct matcher *m, const WCHAR *text)
{
    return text > m->start && is_word_character(text[-1]) && !is_word_character(*text);
}

static bool matches_here(const struct matcher *m, const WCHAR *p, const WCHAR *text)
{
    while (*p) {
        if (*p == '$' && !p[1]) return !*text;
        if (p[0] == '\\' && (p[1] == '<' || p[1] == '>')) {
            if (!(p[1] == '<' ? at_word_begin : at_word_end)(m, text)) return false;
            p += 2;
            continue;
        }
        size_t length = item_length(p);
        if (p[length] == '*') return matches_repeated(m, p, p + length + 1, text);
        if (!item_matches(p, *text, m->options->any_case)) return false;
        p += length;
        text++;
    }
    return !m->options->end || !*text;
}

bool expression_matches(const WCHAR *expression, const WCHAR *text, const struct match_options *options)
{
    struct matcher m = {text, options};
    bool anchored = *expression == '^';
    if (anchored) expression++;
    do
        if (matches_here(&m, expression, text)) return true;
    while (*text++ && !anchored && !options->begin);
    return false;
}

static bool literal_here(const WCHAR *literal, const WCHAR *text, const struct match_options *options)
{
    for (; *literal; literal++, text++) {
        if (*literal == '\\' && (literal[1] == '\\' || literal[1] == '"')) literal++;
        if (!*text || !same(*literal, *text, options->any_case)) return false;
    }
    return !options->end || !*text;
}

bool literal_matches(const WCHAR *literal, const WCHAR *text, const struct match_options *options)
{
    if (!*literal) return false;
    do
        if (literal_here(literal, text, options)) return true;
    while (*text++ && !options->begin);
    return false;
}
