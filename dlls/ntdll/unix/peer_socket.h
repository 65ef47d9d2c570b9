// The sockets behind requests between processes: their names, who owns them, descriptors in messages.
#ifndef LOWLAND_PEER_SOCKET_H
#define LOWLAND_PEER_SOCKET_H

#include "peer.h"
#include <sys/socket.h>
#include <sys/un.h>

// The folder of the runtime directory that the sockets lie in; -1 when there is none.
int peer_socket_directory(void);
// The address of a process's socket. False without a directory.
bool peer_socket_address(struct sockaddr_un *address, int host_pid);

// A listening socket of this process under its name; -1 with errno.
int peer_socket_listen(void);
// Takes the name away again.
void peer_socket_remove(void);
// Removes the name of a process that does not live any more.
void peer_socket_sweep(int host_pid);

// Who is at the other end. False when it is not this user.
bool peer_socket_owner(int fd, struct ucred *peer);

// Room for the descriptors of one message.
union peer_descriptors {
    char bytes[CMSG_SPACE(PEER_DESCRIPTORS_MAX * sizeof(int))];
    struct cmsghdr alignment;
};
void peer_attach(struct msghdr *message, union peer_descriptors *control, const int *descriptors, uint32_t n);
// The descriptors that a received message brought; their number. The caller owns them.
uint32_t peer_detach(struct msghdr *message, int descriptors[PEER_DESCRIPTORS_MAX]);

#endif
