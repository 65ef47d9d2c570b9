// Code page 1361.
#ifndef LOWLAND_NLSGEN_JOHAB_H
#define LOWLAND_NLSGEN_JOHAB_H

#include "nlsgen.h"

#define JOHAB_NONE 0xFFFD

// The character of a pair of bytes, by that of pairs of code page 949; JOHAB_NONE when there is none.
uint16_t johab_character(unsigned lead, unsigned trail,
                         uint16_t (*code_page_949)(unsigned lead, unsigned trail));

#endif
