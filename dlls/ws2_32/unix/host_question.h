// Questions that only a blocking function of the host answers: a thread of its own asks, and the one that
// wants to know waits as for anything else. If that one goes, the answer finds nobody.
#ifndef LOWLAND_HOST_QUESTION_H
#define LOWLAND_HOST_QUESTION_H

#include "guest_constants.h"
#include "guest_types.h"
#include <stddef.h>
#include <stdint.h>

// What a question begins with.
struct host_question {
    _Atomic uint32_t holders; // who asks and who answers; the last of the two frees it
    int done;                 // an eventfd
    void (*answer)(struct host_question *question);
};

// A zeroed structure of so many bytes that begins with a struct host_question; answer runs in a thread that
// takes no signals and is none of the guest's. NULL without memory or descriptors.
void *host_question_new(size_t size, void (*answer)(struct host_question *question));
// Has the question answered, and waits until it is. STATUS_INSUFFICIENT_RESOURCES, or what host_wait_fd
// returns when the wait ends before the answer, which then must not be looked at.
NTSTATUS host_question_ask(struct host_question *question);
// Who asked is done with it.
void host_question_let_go(struct host_question *question);

#endif
