// Canonical decompositions of single characters.
#include "nls_section.h"
#include "string_decompose.h"

// What decompose.nls holds behind their number, ordered by character. mark 0: a single equivalent.
struct decomposition {
    WCHAR character, base, mark;
};

static const WORD *decomposition_table;

static const struct decomposition *find_decomposition(WCHAR c)
{
    const WORD *table = nls_section(NLS_DECOMPOSITIONS, &decomposition_table);
    const struct decomposition *decompositions = (const struct decomposition *)(table + 1);
    unsigned low = 0, high = table[0];
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (decompositions[middle].character == c) return &decompositions[middle];
        if (decompositions[middle].character < c)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool canonical_parts(WCHAR c, WCHAR *base, WCHAR *mark)
{
    const struct decomposition *parts = c < 0x80 ? NULL : find_decomposition(c);
    if (!parts) return false;
    *base = parts->base;
    *mark = parts->mark;
    return true;
}

WCHAR canonical_composition(WCHAR base, WCHAR mark)
{
    const WORD *table = nls_section(NLS_DECOMPOSITIONS, &decomposition_table);
    const struct decomposition *decompositions = (const struct decomposition *)(table + 1);
    WORD type3 = 0;
    GetStringTypeW(CT_CTYPE3, &mark, 1, &type3);
    if (!mark || !is_combining_mark(type3)) return 0;
    for (unsigned i = 0; i < table[0]; i++)
        if (decompositions[i].base == base && decompositions[i].mark == mark)
            return decompositions[i].character;
    return 0;
}

WCHAR base_character(WCHAR c)
{
    const struct decomposition *parts;
    while ((parts = find_decomposition(c)) && parts->mark) c = parts->base;
    return c;
}
