// Programs of the host that a Windows program starts: a Lowland process stands in for each, and has no guest
// code.
#ifndef LOWLAND_HOST_PROGRAM_H
#define LOWLAND_HOST_PROGRAM_H

#include "loader/image.h"
#include "loader/parameters.h"
#include <stdbool.h>

struct thread;

// Whether a file is a program that the host can start: an executable ELF file or script.
bool host_program_is(const char *path);
// What a process that stands in for one takes for its image.
void host_program_describe(struct image_info *info);

// Makes this process stand in for a program: its arguments, directory and environment come from the
// parameters. Before any thread; ends Lowland without memory. Needs the prefix.
void host_program_prepare(const char *path, const struct parameters *parameters);
bool host_program_is_prepared(void);

// The first thread begins: starts the program, waits for it and ends this process with its status, 128 and
// the signal's number if a signal ended it. The program is killed with the thread. Other threads end at once.
_Noreturn void host_program_run(struct thread *thread);
// Stops the program that this process stands in for, if any, or lets it go on: with its thread. Any thread.
void host_program_stop(bool stop);

#endif
