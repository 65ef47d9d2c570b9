// File names between UTF-16 and the host's bytes, and their comparison without case.
#ifndef LOWLAND_HOST_NAME_H
#define LOWLAND_HOST_NAME_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Names are UTF-8 on the host, with three things so that every name of one side has one on the other:
//  - a lone surrogate is encoded as if it were a character (WTF-8);
//  - a byte B that is not part of valid UTF-8 appears to the guest as U+F700 + B;
//  - a character C that no Windows name may contain (control characters and "*:<>?\|) appears as U+F000 + C.
// Host names that contain the UTF-8 of one of those code points show its bytes, escaped the second way.

// Encodes length units as host bytes with a final NUL. The number of bytes without it, or -1 when capacity
// doesn't suffice or a NUL is among the units. Pure.
ssize_t host_name_from_utf16(char *out, size_t capacity, const uint16_t *name, size_t length);

// Decodes length bytes; never gives more units than there are bytes. The number of units that the name has
// (only the first capacity are written). Pure.
size_t host_name_to_utf16(uint16_t *out, size_t capacity, const char *name, size_t length);

// The same for what is no file's name: characters that those may not hold stand for themselves. Pure.
size_t host_text_to_utf16(uint16_t *out, size_t capacity, const char *text, size_t length);

// A hash that equal names without regard to case share. Pure.
uint32_t host_name_hash(const uint16_t *name, size_t length);

// Whether two names are equal without regard to case.
int host_name_equal(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length);

// The longest generated 8.3 name: eight, a dot and three.
#define SHORT_NAME_MAX 12

// Writes the 8.3 name that belongs to a long name; 0 when the long name is a valid 8.3 name itself. Always
// the same for the same name: it contains a hash, no counter, so no directory state is needed.
size_t short_name_generate(uint16_t out[SHORT_NAME_MAX], const uint16_t *name, size_t length);

#endif
