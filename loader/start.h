// From a program's file to its first thread.
#ifndef LOWLAND_START_H
#define LOWLAND_START_H

#include "loader/options.h"

// Maps ntdll and the program, builds PEB and parameters, and starts the first guest thread. Every failure
// ends Lowland with one line and its status. On the Linux main thread.
void start_program(const struct options *options, char *const *environment);

// The same for a process that another Lowland process creates (child_start.c has the conversation).
void start_child(const struct options *options);

#endif
