// Texts of any length in the region: names, targets of links, security descriptors. Written once, never
// changed. All with the region's lock.
#ifndef LOWLAND_REGION_TEXT_H
#define LOWLAND_REGION_TEXT_H

#include "region.h"

enum { REGION_TEXT_MAX = 0x20000 }; // bytes

// A copy of bytes in the region: its index, 0 when that is full or size is 0 or too large. It stays only if a
// record comes to name it before the lock goes.
uint32_t region_text_new(const void *bytes, uint32_t size);
void region_text_free(uint32_t text);
// Copies up to size bytes out; what a damaged text lacks is zero.
void region_text_read(uint32_t text, void *bytes, uint32_t size);

// region_recover.c: frees the texts that no record names: first region_text_unmark, then region_text_mark for
// each text that some record names, then region_text_sweep.
void region_text_unmark(void);
void region_text_mark(uint32_t text);
void region_text_sweep(void);

#endif
