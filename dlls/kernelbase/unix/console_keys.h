// What a terminal sends for keys, as Windows' input records.
#ifndef LOWLAND_CONSOLE_KEYS_H
#define LOWLAND_CONSOLE_KEYS_H

#include "guest_types.h"
#include <stdbool.h>
#include <stddef.h>

enum { KEY_RECORDS_MAX = 8 }; // of one sequence

// Decodes the key at the start of n bytes. *records gets the records (pressed and released), *count how many.
// The number of bytes taken; 0 when the sequence isn't complete. last: nothing follows soon, so that an
// escape is the Escape key. Pure.
size_t console_key_decode(const uint8_t *bytes, size_t n, bool last, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                          size_t *count);

#endif
