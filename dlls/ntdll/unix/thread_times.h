// Processor time of threads, as the host counts it.
#ifndef LOWLAND_THREAD_TIMES_H
#define LOWLAND_THREAD_TIMES_H

#include "thread_object.h"

// The calling thread's times in user and kernel mode, 100 ns units.
void thread_times_own(uint64_t *user, uint64_t *kernel);

// The same of any thread; of one that has ended, what it came to.
void thread_times(struct thread_object *thread, uint64_t *user, uint64_t *kernel);

// Processor time in cycles of the time stamp counter (100 ns units where the counter's rate is not known).
uint64_t thread_times_cycles(uint64_t time);

#endif
