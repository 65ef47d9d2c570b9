// PS_ATTRIBUTE_LIST, the extensible arguments of NtCreateThreadEx and NtCreateUserProcess.
#ifndef LOWLAND_PS_ATTRIBUTES_H
#define LOWLAND_PS_ATTRIBUTES_H

#include "thread_object.h"

enum { PS_ATTRIBUTES_MAX = 16 };

// Captures the list at address (0: none) into attributes[PS_ATTRIBUTES_MAX]. STATUS_ACCESS_VIOLATION,
// STATUS_INVALID_PARAMETER (a size that is no list's).
NTSTATUS ps_attributes_capture(gptr list, PS_ATTRIBUTE32 *attributes, unsigned *count);
// The first attribute of this kind (PS_ATTRIBUTE_XXX), NULL when absent.
const PS_ATTRIBUTE32 *ps_attributes_find(const PS_ATTRIBUTE32 *attributes, unsigned count, uint32_t which);
// Writes a new thread's client id and TEB where the list asks for them.
NTSTATUS ps_attributes_write_thread(gptr list, const struct thread_object *thread);
// Writes n bytes of a result to the attribute, and their count where it wants that.
NTSTATUS ps_attribute_write(const PS_ATTRIBUTE32 *attribute, const void *bytes, uint32_t n);

#endif
