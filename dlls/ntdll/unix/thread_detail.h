// What can be asked of a thread and set beyond thread_info.c.
#ifndef LOWLAND_THREAD_DETAIL_H
#define LOWLAND_THREAD_DETAIL_H

#include "thread_object.h"

// NtQueryInformationThread of the classes that thread_info.c does not know. STATUS_INVALID_INFO_CLASS for
// those that nobody knows.
NTSTATUS thread_detail_query(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length,
                             uint32_t *result);
// NtSetInformationThread of them; the thread is of this process, or STATUS_NOT_SUPPORTED.
NTSTATUS thread_detail_set(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length);

#endif
