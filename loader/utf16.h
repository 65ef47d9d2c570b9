// Text between the host's UTF-8 and the guest's UTF-16.
#ifndef LOWLAND_UTF16_H
#define LOWLAND_UTF16_H

#include <stddef.h>
#include <stdint.h>

// Decodes length bytes (no final NUL needed) into out, which must hold length units. Bytes that are no UTF-8
// become U+F700 + byte, as in file names. Returns the number of units. Pure.
size_t utf16_from_utf8(uint16_t *out, const char *text, size_t length);

// Encodes length units into out, which must hold 3 * length + 1 bytes; adds a NUL. A lone surrogate is
// encoded as if it were a character; U+F700 + byte becomes that byte. Returns the number of bytes without the
// NUL. Pure.
size_t utf16_to_utf8(char *out, const uint16_t *units, size_t length);

#endif
