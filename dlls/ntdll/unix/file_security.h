// Security descriptors of files: made of the host's owner and mode bits, or kept exactly in an extended
// attribute.
#ifndef LOWLAND_FILE_SECURITY_H
#define LOWLAND_FILE_SECURITY_H

#include "object.h"
#include "security_descriptor.h"

// The whole descriptor of a file. STATUS_NOT_SUPPORTED for objects that aren't files of the host (pipes,
// devices), STATUS_NO_MEMORY.
NTSTATUS file_security_load(struct object *object, struct descriptor *descriptor);

// Replaces a file's descriptor; information says which parts the caller meant to change. What the mode bits
// can say they say; where the list says more it is kept beside them as long as they agree.
// STATUS_NOT_SUPPORTED as above, STATUS_INVALID_OWNER where the host refuses an owner, and what chmod's
// errors come to.
NTSTATUS file_security_store(struct object *object, uint32_t information,
                             const struct descriptor *descriptor);

#endif
