// eventfds as plain signals: set and cleared, never counted.
#ifndef LOWLAND_HOST_EVENTFD_H
#define LOWLAND_HOST_EVENTFD_H

// A non-blocking, close-on-exec eventfd, or -1 with errno.
int host_eventfd(void);
// Async-signal-safe. An eventfd that is full is signalled already, an empty one cleared.
void host_eventfd_signal(int fd);
void host_eventfd_clear(int fd);

#endif
