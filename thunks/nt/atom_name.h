// What a name means to an atom table before the table is asked: the same on both sides of the boundary.
#ifndef LOWLAND_NT_ATOM_NAME_H
#define LOWLAND_NT_ATOM_NAME_H

#include <stdint.h>

enum {
    ATOM_FIRST = 0xC000, // of those with names; below are integer atoms, which stand for themselves
    ATOM_NAME_MAX = 255, // UTF-16 units
    ATOM_REFERENCES_MAX = 0xFFFF,
};

enum atom_name_kind { ATOM_NAME_TEXT, ATOM_NAME_INTEGER, ATOM_NAME_INVALID };

static inline enum atom_name_kind atom_integer_kind(uint32_t value)
{
    return value && value < ATOM_FIRST ? ATOM_NAME_INTEGER : ATOM_NAME_INVALID;
}

// Whether a name is "#" and decimal digits; then *value is the integer atom. The other names are texts.
static inline enum atom_name_kind atom_name_kind(const uint16_t *name, uint32_t length, uint32_t *value)
{
    if (length < 2 || name[0] != '#') return ATOM_NAME_TEXT;
    uint32_t number = 0;
    for (uint32_t i = 1; i < length; i++) {
        if (name[i] < '0' || name[i] > '9') return ATOM_NAME_TEXT;
        if (number < ATOM_FIRST) number = number * 10 + (name[i] - '0');
    }
    *value = number;
    return atom_integer_kind(number);
}

// "#" and the number into a buffer of at least 6 units; how many were written.
static inline uint32_t atom_integer_name(uint32_t atom, uint16_t *name)
{
    uint32_t length = 1;
    for (uint32_t rest = atom; rest; rest /= 10) length++;
    for (uint32_t i = length; --i > 0; atom /= 10) name[i] = (uint16_t)('0' + atom % 10);
    name[0] = '#';
    return length;
}

#endif
