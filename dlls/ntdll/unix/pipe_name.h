// Names of pipes: which exist in this prefix, in whatever process, and how a client gets to a listening
// instance.
#ifndef LOWLAND_PIPE_NAME_H
#define LOWLAND_PIPE_NAME_H

#include "loader/guest.h"

// What all instances of a name have in common. Lies in a file that the processes of the prefix share.
struct pipe_terms {
    uint32_t magic;
    uint32_t message;       // FILE_PIPE_MESSAGE_TYPE or FILE_PIPE_BYTE_STREAM_TYPE
    uint32_t configuration; // FILE_PIPE_INBOUND and so on
    uint32_t max_instances, in_quota, out_quota;
    int64_t timeout; // default for waiting, 100 ns, negative
};

// An instance's hold on its name. It ends with the process, however that ends.
struct pipe_claim {
    int fd; // of the name's file, with a lock on the instance's slot; -1: none
    uint32_t slot;
    char key[96]; // the name as a file name
};

// Takes a slot of the name, which is a host string as path_parse gives it. *terms: what is wanted; for a name
// that exists, what holds. first: the name must not exist yet; existing: it must. STATUS_ACCESS_DENIED (other
// terms, or not the first), STATUS_INSTANCE_NOT_AVAILABLE, STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS pipe_claim(struct pipe_claim *claim, const char *name, bool first, bool existing,
                    struct pipe_terms *terms);

// Gives the slot back.
void pipe_unclaim(struct pipe_claim *claim);

// A listening socket for the claimed slot, which one client can find. -1 with errno.
int pipe_listen(const struct pipe_claim *claim, bool message);
// Nobody finds the slot's socket any more.
void pipe_unlisten(const struct pipe_claim *claim);

// Connects to a listening instance. *fd is the connected socket. STATUS_OBJECT_NAME_NOT_FOUND,
// STATUS_PIPE_NOT_AVAILABLE, STATUS_ACCESS_DENIED: the terms don't allow reading, or writing.
NTSTATUS pipe_connect(const char *name, bool reading, bool writing, struct pipe_terms *terms, int *fd);

// Whether an instance listens: STATUS_SUCCESS, STATUS_PIPE_NOT_AVAILABLE, STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS pipe_available(const char *name, struct pipe_terms *terms);

// How many instances of a claimed name there are.
uint32_t pipe_instances(const struct pipe_claim *claim);

#endif
