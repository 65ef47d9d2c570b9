// A growing UTF-16 string on the host's heap, for command lines and environments.
#ifndef LOWLAND_TEXT16_H
#define LOWLAND_TEXT16_H

#include <stddef.h>
#include <stdint.h>

struct text16 {
    uint16_t *units;
    size_t length, capacity;
};

// Each ends Lowland with one line when the host has no memory: they run at start only.
void text16_add_unit(struct text16 *text, uint16_t unit);
void text16_add(struct text16 *text, const uint16_t *units, size_t n);
void text16_add_utf8(struct text16 *text, const char *utf8);
void text16_add_utf8_n(struct text16 *text, const char *utf8, size_t n);
void text16_free(struct text16 *text);

#endif
