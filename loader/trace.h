// --trace: prints each call that crosses into the 64-bit side, from the generated tables.
#ifndef LOWLAND_TRACE_H
#define LOWLAND_TRACE_H

#include <stdbool.h>
#include <stddef.h>

// Replaces the dispatch tables of all registered interfaces by ones that print. filter: comma-separated names
// with *, NULL for everything; a call that matches none keeps its plain entry. Before the guest runs.
void trace_init(const char *filter, bool json);
// What a child process must be told to trace the same way.
void trace_describe(bool *on, bool *json, char *filter, size_t size);

#endif
