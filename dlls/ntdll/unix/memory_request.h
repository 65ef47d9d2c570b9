// Changes to the memory of a process, in a form that can be handed to another process: one that did not make
// the call carries it out on itself.
#ifndef LOWLAND_MEMORY_REQUEST_H
#define LOWLAND_MEMORY_REQUEST_H

#include "loader/guest.h"

enum memory_action {
    MEMORY_ALLOCATE,         // zero_bits
    MEMORY_ALLOCATE_BETWEEN, // low, high, alignment
    MEMORY_FREE,
    MEMORY_PROTECT, // protect becomes the old one
    MEMORY_LOCK,
    MEMORY_UNLOCK,
    MEMORY_FLUSH,
    MEMORY_UNMAP, // type: MEM_PRESERVE_PLACEHOLDER or 0
    MEMORY_RESET_WATCH,
};

struct memory_request {
    uint32_t action; // enum memory_action
    gptr base;       // rounded in place, as size
    uint32_t size;
    uint32_t type, protect;
    uint32_t zero_bits;
    gptr low, high;
    uint32_t alignment;
};

// Carries a request out on this process. The statuses are those of the NT call. Any thread.
NTSTATUS memory_perform(struct memory_request *request);

// Answers NtQueryVirtualMemory about this process: up to length bytes to answer, their number to *size (also
// when length is too small). MemoryWorkingSetExInformation reads the addresses in answer first.
// MemoryMappedFilenameInformation has a UNICODE_STRING whose Buffer counts from the answer's beginning.
NTSTATUS memory_query(uint32_t class, gptr address, void *answer, uint32_t length, uint32_t *size);

// The same on another process, through its service thread (peer_memory.c).
struct process_object;
NTSTATUS peer_memory_perform(struct process_object *process, struct memory_request *request);
NTSTATUS peer_memory_query(struct process_object *process, uint32_t class, gptr address, void *answer,
                           uint32_t length, uint32_t *size);

// Copies from and to another process; the local side is this guest's memory. *done: bytes copied.
// STATUS_PARTIAL_COPY, STATUS_PROCESS_IS_TERMINATING.
NTSTATUS peer_memory_read(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                          uint32_t *done);
NTSTATUS peer_memory_write(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                           uint32_t *done);

// Reads a little of another process into host memory: at most a page. False: not readable, or it does not
// answer.
bool peer_memory_peek(struct process_object *process, gptr address, void *bytes, uint32_t n);

#endif
