// One source, compiled for the guest with Windows' types and for the host with the generated ones: run.sh
// compares the bytes. It covers what offset assertions can't: bit fields and padding.
#ifdef _WIN32
#include "test.h"
#define GUEST(type) type
#else
#include "guest_types.h"
#define GUEST(type) type##32
#endif

#define SAMPLE(type) const GUEST(type) __attribute__((section(".sample"), aligned(32)))

SAMPLE(TEST_BITS)
bits = {
    .a = 5, .b = 9, .c = 3, .d = 0x5A5A5A5A, .e = 2, .f = 0x155, .g = 0x77, .h = 0x123456789A, .i = 0xABCDEF};
SAMPLE(TEST_BITS) bits_low = {.a = 1, .b = 1, .c = 1, .d = 1, .e = 1, .f = 1, .g = 1, .h = 1, .i = 1};
SAMPLE(TEST_PACKED) packed = {.a = 1, .b = 0x1122334455667788, .c = 0x99AA};
SAMPLE(TEST_UNION) bit = {.bit = 1};
SAMPLE(TEST_LIST) list = {.n = 1, .entries = {{.key = 2, .value = 3}}};
SAMPLE(TEST_NESTED)
nested = {
    .first = 'x',
    .low = 0x1234,
    .high = 0x56789ABC,
    .pairs = {{.next = 0}, {.handle = 0}},
    .text = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, {11, 12, 13, 14, 15}},
    .colour = TestBlue,
    .sign = TestMinus,
    .flags = {.bits = {.low = 17, .high = 0x7654321}},
    .real = 1.0 / 3,
    .last = 0xEF,
};
SAMPLE(TEST_BIG) end = {{1, 2, 3, 4, 5, 6}};
