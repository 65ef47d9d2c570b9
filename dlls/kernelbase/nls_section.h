// The tables that ntdll maps for us from Lowland's .nls files, in a format of our own (tools/nlsgen says
// which).
#ifndef LOWLAND_KERNELBASE_NLS_SECTION_H
#define LOWLAND_KERNELBASE_NLS_SECTION_H

#include "base.h"

// Types of NtGetNlsSectionPtr; those above 0xFFFF are no types of Windows.
enum nls_section {
    NLS_NORMALIZATION = 12, // by form
    NLS_CHARACTER_TYPES = 0x4C4C0001,
    NLS_DECOMPOSITIONS = 0x4C4C0002,
    NLS_LOCALES = 0x4C4C0003,
    NLS_DIGITS = 0x4C4C0004,
    NLS_SORT_WEIGHTS = 0x4C4C0005,
    NLS_PLACES = 0x4C4C0006,
    NLS_SCRIPTS = 0x4C4C0007,
};

// The words of a table; *cache, NULL at first, keeps them. Raises an exception when an installation lacks the
// file: then no answer would be right. Any number of threads may ask.
const WORD *nls_section_slow(enum nls_section type, ULONG id, const WORD **cache);

static inline const WORD *nls_section_of(enum nls_section type, ULONG id, const WORD **cache)
{
    const WORD *words = __atomic_load_n(cache, __ATOMIC_RELAXED);
    return words ? words : nls_section_slow(type, id, cache);
}

static inline const WORD *nls_section(enum nls_section type, const WORD **cache)
{
    return nls_section_of(type, 0, cache);
}

#endif
