// Byte-range locks as the host keeps them between processes.
#ifndef LOWLAND_LOCK_H
#define LOWLAND_LOCK_H

#include "loader/guest.h"

// Takes or gives back an open-file-description lock on the bytes start to end. Ranges beyond what the host
// can express are cut. STATUS_LOCK_NOT_GRANTED when another process has it. Doesn't wait.
NTSTATUS host_lock(int fd, uint64_t start, uint64_t end, bool exclusive);
// Whether nobody else's lock forbids to read (or write) these bytes.
bool host_lock_allows(int fd, uint64_t start, uint64_t end, bool write);
void host_unlock(int fd, uint64_t start, uint64_t end);

#endif
