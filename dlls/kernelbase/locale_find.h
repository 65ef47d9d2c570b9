// Finding a locale in locale.nls by name or number. Its users map the file each for itself, so this is
// inline.
#ifndef LOWLAND_KERNELBASE_LOCALE_FIND_H
#define LOWLAND_KERNELBASE_LOCALE_FIND_H

#include "locale_record.h"
#include <stdbool.h>
#include <stddef.h>

// A locale and what led to it: alias is NULL when its own name or number did. record NULL: none.
struct locale_found {
    const struct locale *record;
    const struct locale_alias *alias;
};

static inline const struct locale *locale_records(const uint16_t *words)
{
    return (const struct locale *)(words + LOCALE_HEADER_WORDS);
}

static inline const struct locale_alias *locale_aliases(const uint16_t *words)
{
    return (const struct locale_alias *)(words + LOCALE_HEADER_WORDS + words[0] * LOCALE_WORDS);
}

// Whether a name is one of the file's: in any case, with either sign between its parts.
static inline bool locale_is_name(const uint16_t *name, const uint16_t *own)
{
    for (; *name || *own; name++, own++) {
        uint16_t a = *name == '_' ? '-' : *name, b = *own == '_' ? '-' : *own;
        if (a >= 'A' && a <= 'Z') a += 32;
        if (b >= 'A' && b <= 'Z') b += 32;
        if (a != b) return false;
    }
    return true;
}

static inline struct locale_found locale_find_name(const uint16_t *words, const uint16_t *name)
{
    const struct locale *records = locale_records(words);
    const struct locale_alias *aliases = locale_aliases(words);
    for (unsigned i = 0; i < words[0]; i++)
        if (locale_is_name(name, words + records[i].name.at)) return (struct locale_found){&records[i], NULL};
    for (unsigned i = 0; i < words[2]; i++)
        if (locale_is_name(name, words + aliases[i].name.at))
            return (struct locale_found){&records[aliases[i].record], &aliases[i]};
    return (struct locale_found){NULL, NULL};
}

// The default LCIDs are the caller's business.
static inline struct locale_found locale_find_id(const uint16_t *words, uint32_t id)
{
    const struct locale *records = locale_records(words);
    const struct locale_alias *aliases = locale_aliases(words);
    for (unsigned i = 0; i < words[0]; i++)
        if (records[i].id == id) return (struct locale_found){&records[i], NULL};
    for (unsigned i = 0; i < words[2]; i++)
        if ((aliases[i].id | (uint32_t)aliases[i].sort << 16) == id)
            return (struct locale_found){&records[aliases[i].record], &aliases[i]};
    return (struct locale_found){NULL, NULL};
}

// Whether only a language was named.
static inline bool locale_is_neutral(struct locale_found found)
{
    return found.alias && !found.alias->sort;
}

static inline uint32_t locale_found_id(struct locale_found found)
{
    return found.alias ? found.alias->id | (uint32_t)found.alias->sort << 16 : found.record->id;
}

static inline struct locale_text locale_found_name(struct locale_found found)
{
    return found.alias ? found.alias->name : found.record->name;
}

#endif
