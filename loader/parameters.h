// RTL_USER_PROCESS_PARAMETERS: how a program learns its path, command line, directory, environment and
// handles.
#ifndef LOWLAND_PARAMETERS_H
#define LOWLAND_PARAMETERS_H

#include "guest_types.h"
#include "loader/text16.h"

// A block whose pointers are offsets from its start ("de-normalized"), and its environment.
struct parameters {
    RTL_USER_PROCESS_PARAMETERS32 *block;
    size_t block_size;
    struct text16 environment;
};

// From the host's command line: image is the program's DOS path, directory the current one with a backslash
// at its end.
void parameters_from_host(struct parameters *parameters, const struct text16 *image,
                          const struct text16 *directory, char *const *arguments, char *const *environment);

// Copies the block and the environment into the guest, with pointers made absolute. The standard handles and
// the directory's handle are what the block says. STATUS_NO_MEMORY.
NTSTATUS parameters_install(const struct parameters *parameters, gptr *address);

// Captures a guest's block at address (normalized or not) for a child. STATUS_ACCESS_VIOLATION,
// STATUS_INVALID_PARAMETER (lengths that contradict each other), STATUS_NO_MEMORY.
NTSTATUS parameters_capture(struct parameters *parameters, gptr address);
void parameters_free(struct parameters *parameters);

#endif
