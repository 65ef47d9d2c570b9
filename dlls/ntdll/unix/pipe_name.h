// Names of pipes and mailslots: which exist in this prefix, in whatever process, and how a client gets to a
// listening instance.
#ifndef LOWLAND_PIPE_NAME_H
#define LOWLAND_PIPE_NAME_H

#include "loader/guest.h"
#include <stdatomic.h>

// What all instances of a name have in common. Lies in a file that the processes of the prefix share.
struct pipe_terms {
    uint32_t magic;
    uint32_t message;       // FILE_PIPE_MESSAGE_TYPE or FILE_PIPE_BYTE_STREAM_TYPE
    uint32_t configuration; // FILE_PIPE_INBOUND and so on
    uint32_t max_instances, in_quota, out_quota;
    int64_t timeout; // default for waiting, 100 ns, negative
};

enum { PIPE_SPELLING_MAX = 256 * 3 + 1 };

// An instance's hold on its name. It ends with the process, however that ends.
struct pipe_claim {
    int fd; // of the name's file, with a lock on the instance's slot; -1: none
    uint32_t slot;
    char key[96]; // the name as a file name
};

// Takes a slot of the name, which is a host string as path_parse gives it. *terms: what is wanted; for a name
// that exists, what holds. first: the name must not exist yet; existing: it must. STATUS_ACCESS_DENIED (other
// terms, or not the first), STATUS_INSTANCE_NOT_AVAILABLE, STATUS_OBJECT_NAME_NOT_FOUND.
// *existed: whether there was another instance. spelled: the name in the case that others are shown, of which
// the first instance's counts; NULL: it is not shown.
NTSTATUS pipe_claim(struct pipe_claim *claim, const char *name, const char *spelled, bool first,
                    bool existing, struct pipe_terms *terms, bool *existed);

// The name as its first instance spelled it, by the key that a claim or a connection has. False: unknown.
bool pipe_spelling(const char *key, char spelled[PIPE_SPELLING_MAX]);

// Calls visit for each name of a pipe that has instances until it returns false: how many there are and may
// be. Whether all was visited. Any thread.
bool pipe_for_each_name(bool (*visit)(const char *name, uint32_t instances, uint32_t most, void *context),
                        void *context);

// Gives the slot back.
void pipe_unclaim(struct pipe_claim *claim);

// A listening socket for the claimed slot, which one client can find. -1 with errno.
int pipe_listen(const struct pipe_claim *claim, bool message);
// Nobody finds the slot's socket any more.
void pipe_unlisten(const struct pipe_claim *claim);

// A client's way to its instance. `disconnects` counts how often the server has disconnected a client there,
// `seen` is what it was when this one connected: the socket alone can't tell that from a server that closed
// its end.
struct pipe_connection {
    int fd; // the connected socket
    uint32_t slot;
    char key[96];
    const _Atomic uint32_t *disconnects; // in the name's file, mapped; NULL: not known
    uint32_t seen;
};

// Connects to a listening instance. STATUS_OBJECT_NAME_NOT_FOUND, STATUS_PIPE_NOT_AVAILABLE,
// STATUS_ACCESS_DENIED: the terms don't allow reading, or writing.
NTSTATUS pipe_connect(const char *name, bool reading, bool writing, struct pipe_terms *terms,
                      struct pipe_connection *connection);

// The same by the instance's own claim: the other end of a server that listens.
NTSTATUS pipe_connect_to(const struct pipe_claim *claim, bool reading, bool writing, struct pipe_terms *terms,
                         struct pipe_connection *connection);

// Counts a disconnection: before the client's socket is shut down.
void pipe_count_disconnect(const struct pipe_claim *claim);

// Unmaps a connection's counter.
void pipe_forget_disconnects(const struct pipe_connection *connection);

// Whether an instance listens: STATUS_SUCCESS, STATUS_PIPE_NOT_AVAILABLE, STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS pipe_available(const char *name, struct pipe_terms *terms);

// The same for a mailslot, whose name has one instance at most: the socket that messages arrive at, and one
// that sends them there (STATUS_OBJECT_NAME_NOT_FOUND).
int mailslot_bind(const struct pipe_claim *claim);
NTSTATUS mailslot_connect(const char *name, struct pipe_terms *terms, int *fd);

// How many instances of a claimed name there are.
uint32_t pipe_instances(const struct pipe_claim *claim);

#endif
