// The sockets behind requests between processes. A name appears while its process lives and holds the
// directory's lock (shared), and is swept away under the same lock (exclusive) once no process has that
// number: so nobody removes the socket of a process that has just got the number of a dead one.
#include "peer_socket.h"
#include "runtime_dir.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { BACKLOG = 128 };

static int directory = -1;

static void open_directory(void)
{
    directory = runtime_dir_open("processes");
}

int peer_socket_directory(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_directory);
    return directory;
}

// Through the directory's descriptor: its path may be longer than an address.
bool peer_socket_address(struct sockaddr_un *address, int host_pid)
{
    int base = peer_socket_directory();
    address->sun_family = AF_UNIX;
    snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%d", base, host_pid);
    return base >= 0;
}

int peer_socket_listen(void)
{
    struct sockaddr_un address;
    if (!peer_socket_address(&address, getpid())) return -1;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    // Whoever sweeps holds the lock for moments: not worth waiting for one that was stopped in them.
    bool locked = flock(directory, LOCK_SH | LOCK_NB) == 0;
    int failed = bind(fd, (struct sockaddr *)&address, sizeof address);
    if (failed && errno == EADDRINUSE) { // left by a process that was killed
        unlink(address.sun_path);
        failed = bind(fd, (struct sockaddr *)&address, sizeof address);
    }
    if (!failed) failed = listen(fd, BACKLOG);
    int error = errno;
    if (locked) flock(directory, LOCK_UN);
    if (!failed) return fd;
    close(fd);
    errno = error;
    return -1;
}

static void remove_name(int host_pid)
{
    char name[16];
    snprintf(name, sizeof name, "%d", host_pid);
    unlinkat(directory, name, 0);
}

void peer_socket_remove(void)
{
    remove_name(getpid());
}

void peer_socket_sweep(int host_pid)
{
    if (flock(directory, LOCK_EX | LOCK_NB) != 0) return; // next time
    if (kill(host_pid, 0) != 0 && errno == ESRCH) remove_name(host_pid);
    flock(directory, LOCK_UN);
}

bool peer_socket_owner(int fd, struct ucred *peer)
{
    socklen_t size = sizeof *peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &size) == 0 && peer->uid == geteuid();
}

void peer_attach(struct msghdr *message, union peer_descriptors *control, const int *descriptors, uint32_t n)
{
    memset(control, 0, sizeof *control);
    message->msg_control = control->bytes;
    message->msg_controllen = CMSG_SPACE(n * sizeof(int));
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(c), descriptors, n * sizeof(int));
}

uint32_t peer_detach(struct msghdr *message, int descriptors[PEER_DESCRIPTORS_MAX])
{
    uint32_t n = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        uint32_t got = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (uint32_t i = 0; i < got; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (n < PEER_DESCRIPTORS_MAX)
                descriptors[n++] = fd;
            else
                close(fd);
        }
    }
    return n;
}
