// Checks in guest test programs: each test file is one program whose main ends in `return check_summary();`.
// Failures name file and line; the last line is "N passed, M failed".
#ifndef LOWLAND_TESTS_CHECK_H
#define LOWLAND_TESTS_CHECK_H

#include <stdio.h>
#include <stdlib.h>

static int checks_passed, checks_failed;

// Counts condition; prints the place and the message (printf-like) when it is false.
#define CHECK(condition, ...)                                                                                \
    do {                                                                                                     \
        if (condition) {                                                                                     \
            checks_passed++;                                                                                 \
        } else {                                                                                             \
            checks_failed++;                                                                                 \
            printf("%s:%d: %s:", __FILE__, __LINE__, #condition);                                            \
            printf(" " __VA_ARGS__);                                                                         \
            printf("\n");                                                                                    \
        }                                                                                                    \
    } while (0)

// Compares two integers of up to 32 bits and prints both when they differ.
#define CHECK_EQUAL(got, wanted)                                                                             \
    do {                                                                                                     \
        unsigned long got_ = (unsigned long)(got), wanted_ = (unsigned long)(wanted);                        \
        CHECK(got_ == wanted_, "%s is %lx, not %lx", #got, got_, wanted_);                                   \
    } while (0)

// Whether the test runs in tests/machine, whose emulator (QEMU 7.2) leaves out some of a processor's
// exceptions: those of unmasked SSE arithmetic and of the x87 stack, and the instruction int1.
static inline int processor_is_emulated(void)
{
    return getenv("LOWLAND_TEST_EMULATED") != NULL;
}

// Prints the summary; the value is main's.
static inline int check_summary(void)
{
    printf("%d passed, %d failed\n", checks_passed, checks_failed);
    fflush(stdout);
    return checks_failed != 0;
}

#endif
