// Which handles a child process gets from its parent.
#ifndef LOWLAND_PROCESS_HANDLES_H
#define LOWLAND_PROCESS_HANDLES_H

#include "loader/child_start.h"
#include "ps_attributes.h"

// The objects that go along, kept until the child has them.
struct process_handles {
    uint32_t n;
    struct process_handle {
        HANDLE32 handle;
        struct object *object;
        ACCESS_MASK32 access;
        uint32_t attributes;
    } items[CHILD_HANDLES_MAX];
};

// Fills the child's handles: those with OBJ_INHERIT if inherit, or those of them that the attributes list,
// and the three standard ones, whose host descriptors go to standard (-1: none); the attributes may want a
// child of another subsystem (IMAGE_SUBSYSTEM_XXX) to have none. Objects that cannot leave this process stay
// behind. STATUS_INVALID_PARAMETER, STATUS_ACCESS_VIOLATION.
NTSTATUS process_handles_collect(struct process_handles *handles, struct child_start *child,
                                 const PS_ATTRIBUTE32 *attributes, unsigned count, bool inherit,
                                 uint32_t subsystem, int standard[3]);
void process_handles_release(struct process_handles *handles);

#endif
