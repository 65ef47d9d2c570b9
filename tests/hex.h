// Bytes as hexadecimal digits, in guest test programs.
#ifndef LOWLAND_TESTS_HEX_H
#define LOWLAND_TESTS_HEX_H

#include <stdio.h>
#include <string.h>
#include "check.h"

// Writes the bytes that the text says; their count.
static inline unsigned long hex_read(unsigned char *bytes, const char *text)
{
    unsigned long count = strlen(text) / 2;
    for (unsigned long i = 0; i < count; i++) {
        unsigned value = 0;
        sscanf(text + 2 * i, "%2x", &value);
        bytes[i] = (unsigned char)value;
    }
    return count;
}

// Whether the bytes are what the text says.
static inline int hex_is(const unsigned char *bytes, const char *wanted)
{
    unsigned char read[1024];
    return memcmp(bytes, read, hex_read(read, wanted)) == 0;
}
#define CHECK_HEX(bytes, wanted)                                                                             \
    CHECK(hex_is(bytes, wanted), "%02x%02x..., not %s", (bytes)[0], (bytes)[1], wanted)

#endif
