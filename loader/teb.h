// Thread environment blocks: slots in the guest, each with the LDT entry of the same number.
#ifndef LOWLAND_TEB_H
#define LOWLAND_TEB_H

#include "loader/thread.h"

// Gives thread a TEB slot, its selector and thread->teb. STATUS_NO_MEMORY, STATUS_TOO_MANY_THREADS.
NTSTATUS teb_allocate(struct thread *thread);
// Fills the TEB for thread->stack and thread->start. The thread's ids are filled by the thread itself.
NTSTATUS teb_init(struct thread *thread);
// Writes the client id, once the thread knows it.
void teb_set_client_id(const struct thread *thread, uint32_t process_id);
void teb_free(struct thread *thread);

#endif
