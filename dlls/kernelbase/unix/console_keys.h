// What a terminal sends for keys, as Windows' input records.
#ifndef LOWLAND_CONSOLE_KEYS_H
#define LOWLAND_CONSOLE_KEYS_H

#include "guest_types.h"
#include <stdbool.h>
#include <stddef.h>

enum { KEY_RECORDS_MAX = 8 }; // of one sequence

// Of wincon.h: a kind of record, buttons, and what happened to the mouse.
enum { MOUSE_EVENT = 2 };
enum { FROM_LEFT_1ST_BUTTON_PRESSED = 1, RIGHTMOST_BUTTON_PRESSED = 2, FROM_LEFT_2ND_BUTTON_PRESSED = 4 };
enum { MOUSE_MOVED = 1, MOUSE_WHEELED = 4 };

// Decodes the key at the start of n bytes. *records gets the records (pressed and released), *count how many.
// The number of bytes taken; 0 when the sequence isn't complete. last: nothing follows soon, so that an
// escape is the Escape key. Pure.
size_t console_key_decode(const uint8_t *bytes, size_t n, bool last, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                          size_t *count);

// The character at the start of n bytes as a pressed key, for programs that read the terminal's sequences as
// they come. The number of bytes taken; 0 when it isn't complete. Pure.
size_t console_text_decode(const uint8_t *bytes, size_t n, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                           size_t *count);

#endif
