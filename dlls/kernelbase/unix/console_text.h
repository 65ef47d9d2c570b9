// Console text between UTF-16, the terminal's UTF-8 and the guest's code pages.
#ifndef LOWLAND_CONSOLE_TEXT_H
#define LOWLAND_CONSOLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a stream of text carries from one call to the next.
struct text_state {
    uint16_t high; // a high surrogate that waits for its low one
    uint8_t lead;  // a lead byte that waits for its trail byte
};

// A code page's tables, from our .nls files; NULL when there is none. Thread-safe; kept for ever.
struct code_page;
const struct code_page *code_page_find(uint32_t number);

// Whether some characters have two bytes.
bool code_page_is_double(const struct code_page *page);

// Bytes of a code page as UTF-16. Never more units than bytes. The number of units.
size_t code_page_to_utf16(const struct code_page *page, struct text_state *state, uint16_t *out,
                          const uint8_t *in, size_t n);
// UTF-16 as bytes of a code page, at most two for each unit. The number of bytes.
size_t code_page_from_utf16(const struct code_page *page, uint8_t *out, const uint16_t *in, size_t n);

// UTF-16 as UTF-8, at most three bytes for each unit. plain: escape characters become visible arrows.
size_t text_to_utf8(struct text_state *state, char *out, const uint16_t *in, size_t n, bool plain);

// UTF-8 as UTF-16; a sequence that is cut off at the end is left. *used: bytes taken. The number of units.
size_t text_from_utf8(uint16_t *out, const uint8_t *in, size_t n, size_t *used);

#endif
