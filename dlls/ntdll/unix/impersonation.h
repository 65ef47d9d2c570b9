// Impersonation: the token that a thread has beside the process's.
#ifndef LOWLAND_IMPERSONATION_H
#define LOWLAND_IMPERSONATION_H

#include "loader/guest.h"

struct thread_object;
struct token;

// Gives a thread an impersonation token; handle 0 ends impersonation. STATUS_BAD_TOKEN_TYPE, and what
// resolving the handle returns.
NTSTATUS impersonation_set(struct thread_object *thread, HANDLE32 handle);
// Gives the calling thread the process's own token with a SECURITY_IMPERSONATION_LEVEL: what impersonating a
// client of the same user comes to. STATUS_NO_MEMORY.
NTSTATUS impersonation_of_self(uint32_t level);
// The same of any token: a copy, with effective_only without what is disabled in it.
NTSTATUS impersonation_of_token(struct token *from, uint32_t level, bool effective_only);
// Releases the token of a thread that goes.
void impersonation_end(struct thread_object *thread);

#endif
