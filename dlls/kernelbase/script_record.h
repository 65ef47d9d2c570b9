// What script.nls holds: the scripts that characters belong to. tools/nlsgen writes the file, kernelbase
// reads it where it is mapped. The file: how many scripts and ranges there are, each as two words; the
// scripts, in alphabetical order; the ranges, ordered.
#ifndef LOWLAND_KERNELBASE_SCRIPT_RECORD_H
#define LOWLAND_KERNELBASE_SCRIPT_RECORD_H

#include <stdint.h>

enum { SCRIPT_NAME = 4, SCRIPTS_MAX = 256 };

struct script_header {
    uint32_t scripts_n, ranges_n;
};

#define SCRIPT_HEADER_WORDS (sizeof(struct script_header) / sizeof(uint16_t))

// ISO 15924's code.
struct script_name {
    uint16_t letters[SCRIPT_NAME];
};

// Code points from first to the next range's.
struct script_range {
    uint32_t first;
    uint32_t script; // its number
};

#endif
