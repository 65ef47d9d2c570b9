// Writing at a file's end, wherever that is at the moment of the write.
#ifndef LOWLAND_APPEND_H
#define LOWLAND_APPEND_H

#include <sys/types.h>

// Writes up to length bytes at the end of the file, which no other write can come before, and moves fd's
// position behind them. The number written, or -1 with errno. Any thread. buffer may be the guest's: EFAULT
// as from write(2).
ssize_t append(int fd, const void *buffer, size_t length);

#endif
