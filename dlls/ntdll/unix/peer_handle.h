// Handles of another process: taking objects out of its table, and putting them in.
#ifndef LOWLAND_PEER_HANDLE_H
#define LOWLAND_PEER_HANDLE_H

#include "object.h"

struct process_object;

// The object behind a handle of another process, retained, with the handle's rights and attributes.
// STATUS_INVALID_HANDLE, STATUS_NOT_SUPPORTED (its kind can't leave a process), and as peer_call.
NTSTATUS peer_handle_take(struct process_object *process, HANDLE32 handle, struct object **object,
                          ACCESS_MASK32 *access, uint32_t *attributes);
// A handle to an object in another process's table.
NTSTATUS peer_handle_give(struct process_object *process, struct object *object, ACCESS_MASK32 access,
                          uint32_t attributes, HANDLE32 *handle);
// Duplicates a handle within another process, as handle_copy does here.
NTSTATUS peer_handle_copy(struct process_object *process, HANDLE32 source, ACCESS_MASK32 access,
                          uint32_t attributes, uint32_t options, HANDLE32 *target);
NTSTATUS peer_handle_close(struct process_object *process, HANDLE32 handle);

// Another handle of this process to what source means. options: DUPLICATE_SAME_ACCESS,
// DUPLICATE_SAME_ATTRIBUTES. (handle_duplicate.c)
NTSTATUS handle_copy(HANDLE32 source, ACCESS_MASK32 access, uint32_t attributes, uint32_t options,
                     HANDLE32 *target);

#endif
