// Signals of the host: faults become the guest's exceptions, pokes make a thread look at what is wanted of
// it.
#ifndef LOWLAND_SIGNALS_H
#define LOWLAND_SIGNALS_H

#include "loader/thread.h"
#include <signal.h>

// The signal by which one thread makes another look at its pending word. Host system calls
// go on after it, all but poll and its like.
#define SIGNAL_POKE (SIGRTMIN + 1)

// Installs the handlers for the process. Once, before any guest thread.
void signals_init(void);

// Gives the calling pthread its alternate stack (NULL thread: the service thread). The stack is mapped when
// thread->signal_stack is NULL and kept there for the next user of the structure.
void signals_init_thread(struct thread *thread);

// The calling pthread is about to exit: no poke is handled on its signal stack from now on.
void signals_end_thread(void);

#endif
