// One end of a pipe.
#ifndef LOWLAND_PIPE_STATE_H
#define LOWLAND_PIPE_STATE_H

#include "file.h"
#include "pipe_name.h"
#include <sys/epoll.h>

// A message goes as packets of a SOCK_SEQPACKET socket, each with a first byte that says whether more of the
// same message follow: so empty messages exist, and long ones.
enum { PACKET_MAX = 65536, PACKET_MORE = 1 };

// What writes wait for that don't fit: no event of a socket, but what pipe_peer_run says (and a hang-up).
enum { PIPE_DRAINED = EPOLLPRI, DROPPED_MAX = 8 };

// As whom a server acts when it impersonates a client.
struct pipe_security {
    struct token *token; // retained; NULL: not known
    uint32_t level;      // SECURITY_IMPERSONATION_LEVEL
    bool effective_only;
    bool dynamic; // the token is that of whoever wrote last
};

// file->state of a pipe. file->fd is one number for the pipe's life: first the listening socket, then in its
// place the connected one. Fields under file->lock.
struct pipe {
    struct pipe_terms terms;
    struct pipe_claim claim;           // server's end
    struct pipe_connection connection; // client's end of a named pipe; its fd is the file's
    struct pipe *peer_next;            // pipe_peer.c
    struct file *file;
    bool server;
    bool read_messages;                      // FILE_PIPE_MESSAGE_MODE
    bool no_wait;                            // FILE_PIPE_COMPLETE_OPERATION
    uint32_t state;                          // FILE_PIPE_CONNECTED_STATE and so on
    char *spelled;                           // an anonymous pipe's name as it is shown
    char *anonymous;                         // the name under which another thread may take the other end
    int other;                               // that end, -1: none or taken
    struct pipe *next;                       // in the list of those
    uint32_t server_process, client_process; // 0: not known
    struct pipe_security client;             // server's end: of a client that has closed its own

    // A message that was read from the socket and only in part by the program.
    uint8_t *rest;
    uint32_t rest_at, rest_n;
    bool rest_more; // packets of the same message follow
    bool cut;       // the message that comes next is what is left of one already begun

    // Bytes that this end has sent, and those that it has read; of the latter, ranges that it never will.
    _Atomic uint64_t sent, received;
    struct {
        uint64_t start, end;
    } dropped[DROPPED_MAX];
    uint32_t dropped_n;
    bool passed_on; // another process has got this end too
    bool left;      // the other end was closed by this process, which alone had it; unread: with data unread
    bool unread;
};

// Brings the state up to date: a client that has connected, a server that has disconnected. Call with
// file->lock held.
void pipe_refresh(struct file *file);

// The two ends of a named pipe in one process: what one did may let calls of the other end, which then
// happens at once instead of when the service thread gets to it. Programs see that they poll an event right
// after a write.
void pipe_peer_add(struct file *file);
void pipe_peer_remove(struct file *file);
// The other end, retained; NULL: it is in another process or gone.
struct file *pipe_peer(const struct file *file);
// Attempts what waits at the other end, if it is in this process. Call with no lock held.
void pipe_peer_run(struct file *file);

// One step without waiting: STATUS_PENDING when the other end must do something first. Call with file->lock
// held.
NTSTATUS pipe_write_step(struct file *file, int fd, gptr buffer, uint32_t length, uint32_t *done);

// Has this end never read what lies in a range of all that the other sent, as far as it hasn't yet; and skips
// what comes next of such ranges. Call with file->lock held.
void pipe_drop(struct file *file, uint64_t start, uint64_t end);
void pipe_skip_dropped(struct file *file);

// Ends an asynchronous write whose last byte is at position of all that was sent: STATUS_SUCCESS, or
// STATUS_PENDING until what it left unread fits the quota. Call with no lock held.
NTSTATUS pipe_wait_to_fit(struct io *io, gptr buffer, uint32_t length, uint64_t position);
// How many bytes an end may still send, as far as that is known.
uint32_t pipe_quota_left(struct file *file);
// How much of length bytes an end may write that doesn't wait. Call with no lock held.
uint32_t pipe_room(struct file *file, uint32_t length);

// Control codes.
NTSTATUS pipe_fs_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                         uint32_t out_length);
NTSTATUS pipe_root_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                           uint32_t out_length);

// Notes which processes are at the ends, when they become connected. Call with file->lock held, or before
// anybody else knows the file.
void pipe_note_processes(struct file *file);
NTSTATUS pipe_attribute(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                        uint32_t out_length);
NTSTATUS pipe_client_process(struct io *io, gptr out, uint32_t out_length);

// This end is closed: tells the other one if it is in this process. Call with no lock held.
void pipe_leave(struct file *file);

// A client opens its end with a quality of service (NULL: Windows' default), writes, closes it. Call with no
// lock held.
void pipe_client_opens(struct file *file, const SECURITY_QUALITY_OF_SERVICE32 *quality);
void pipe_client_acts(struct file *file);
void pipe_client_leaves(struct file *file);
// Drops what is known of a client. Call with file->lock held.
void pipe_client_forget(struct pipe *pipe);
// Gives the calling thread the client's token. STATUS_ILLEGAL_FUNCTION (not a server's end),
// STATUS_CANNOT_IMPERSONATE (no client), STATUS_NO_MEMORY.
NTSTATUS pipe_impersonate(struct file *file);

// Reading and writing as calls.
NTSTATUS pipe_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
NTSTATUS pipe_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
NTSTATUS pipe_flush(struct io *io);

#endif
