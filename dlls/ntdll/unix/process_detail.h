// What can be asked of a process and set beyond process_info.c: limits and settings that are only kept, its
// command line and window, its handles, its mitigations.
#ifndef LOWLAND_PROCESS_DETAIL_H
#define LOWLAND_PROCESS_DETAIL_H

#include "process_object.h"

// NtQueryInformationProcess of the classes that process_info.c does not know. STATUS_INVALID_INFO_CLASS for
// those that nobody knows.
NTSTATUS process_detail_query(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                              uint32_t *result);
// NtSetInformationProcess of classes with more than one number. *known: whether the class is one of them.
NTSTATUS process_detail_set(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                            bool *known);
// A class of one number, on this process, whoever asks. STATUS_INVALID_PARAMETER, STATUS_INVALID_INFO_CLASS.
NTSTATUS process_detail_set_value(uint32_t class, uint32_t value);

// What a process begins with.
struct process_settings process_settings_default(void);

#endif
