// Priorities of threads: Windows' numbers, and what the host is told of them.
#ifndef LOWLAND_THREAD_PRIORITY_H
#define LOWLAND_THREAD_PRIORITY_H

#include "thread_object.h"

// The base priority that a thread's relative priority and its process' class make, 1 to 31.
int32_t thread_base_priority(const struct thread_object *thread);

// Sets the relative priority of a thread: -2 to 2, or ±15 for the lowest and highest of the class (-16 and 16
// mean the same). STATUS_INVALID_PARAMETER.
NTSTATUS thread_set_priority(struct thread_object *thread, int32_t relative);

// Sets the absolute base priority, 1 to 31, which stays that far from the class's.
NTSTATUS thread_set_absolute_priority(struct thread_object *thread, int32_t priority);

// The process has another class: the host hears of all its threads.
void thread_priority_class_changed(void);

// On a starting thread, which the host gave its creator's priority.
void thread_priority_started(struct thread_object *thread);

#endif
