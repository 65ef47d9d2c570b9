// Tables of Unicode's data about characters of the Basic Multilingual Plane (unicode_tables.c is generated).
#ifndef LOWLAND_KERNELBASE_UNICODE_TABLES_H
#define LOWLAND_KERNELBASE_UNICODE_TABLES_H

#include <stdint.h>

// The three words of GetStringTypeW: CT_CTYPE1, CT_CTYPE2, CT_CTYPE3.
struct character_class {
    uint16_t type1, type2, type3;
};
struct class_run {
    uint16_t first;
    uint8_t class;
};
struct decomposition {
    uint16_t character, base, mark;
};

extern const struct character_class character_classes[];
extern const struct class_run class_runs[];
extern const unsigned class_run_count;
extern const struct decomposition decompositions[];
extern const unsigned decomposition_count;

#endif
