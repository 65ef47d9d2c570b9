// File name masks as directory enumeration understands them.
#ifndef LOWLAND_WILDCARD_H
#define LOWLAND_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Whether name matches mask without regard to case. * ? and their DOS forms: < matches anything up to the
// last dot, > one character or nothing before a dot or the end, " a dot or the end. Pure; time is at most the
// product of the lengths.
bool wildcard_match(const uint16_t *mask, size_t mask_length, const uint16_t *name, size_t length);

#endif
