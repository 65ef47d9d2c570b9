// Upper case of a UTF-16 code unit for comparing names on the 64-bit side: one to one, without locale.
#ifndef LOWLAND_UPCASE_H
#define LOWLAND_UPCASE_H

#include <stdint.h>

uint16_t upcase_slow(uint16_t unit);

static inline uint16_t upcase(uint16_t unit)
{
    if (unit < 0x80) return unit >= 'a' && unit <= 'z' ? unit - 0x20 : unit;
    return upcase_slow(unit);
}

#endif
