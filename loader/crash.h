// What the user sees when the program dies of an exception.
#ifndef LOWLAND_CRASH_H
#define LOWLAND_CRASH_H

#include "loader/context.h"

// Prints exception, registers, modules and a backtrace to standard error.
void crash_report(const struct thread *thread, const EXCEPTION_RECORD32 *record,
                  const struct guest_registers *registers);

// The guest's stack cannot take an exception: reports it and ends the process with the exception's code, as
// Windows does.
_Noreturn void crash_without_stack(struct thread *thread, const EXCEPTION_RECORD32 *record,
                                   const struct guest_registers *registers);

#endif
