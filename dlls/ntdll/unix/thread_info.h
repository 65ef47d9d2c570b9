// What can be asked of a thread and set, below the calls: for its own process and for others.
#ifndef LOWLAND_THREAD_INFO_H
#define LOWLAND_THREAD_INFO_H

#include "thread_object.h"

enum { THREAD_NAME_MAX = 2048 }; // WCHARs that travel between processes

// Of a thread of this process: 0 once it has ended.
uint32_t thread_suspend_count(struct thread_object *thread);

// Replaces the object's copy of the name. STATUS_NO_MEMORY.
NTSTATUS thread_set_name(struct thread_object *thread, const uint16_t *name, uint32_t n);
// NtSetInformationThread of a 4-byte class on a thread of this process. STATUS_INVALID_PARAMETER,
// STATUS_INVALID_INFO_CLASS.
NTSTATUS thread_set_value(struct thread_object *thread, uint32_t class, uint32_t value);

#endif
