// The host's names and addresses. The host's resolver blocks for as long as it likes, so a thread of its own
// asks it, and the one that wants to know waits as for anything else; if that one goes, the answer finds
// nobody.
#include "socket.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { NAME_MAX_LENGTH = 1025, ADDRESSES_MAX = 64, ADDRESS_SIZE = sizeof(struct sockaddr_in6) };

// Shared by who asks and who answers; the last of the two frees it.
struct question {
    _Atomic uint32_t holders;
    int done; // an eventfd
    bool reverse;
    int family; // the host's
    char name[NAME_MAX_LENGTH + 1];
    struct socket_address address;
    int error; // EAI_*
    uint32_t count;
    uint8_t addresses[ADDRESSES_MAX][ADDRESS_SIZE];
};

static void let_go(struct question *question)
{
    if (atomic_fetch_sub(&question->holders, 1) != 1) return;
    close(question->done);
    free(question);
}

static void look_up(struct question *question)
{
    struct addrinfo hints = {.ai_family = question->family, .ai_socktype = SOCK_STREAM}, *list;
    question->error = getaddrinfo(question->name, NULL, &hints, &list);
    if (question->error != 0) return;
    for (const struct addrinfo *each = list; each != NULL && question->count < ADDRESSES_MAX;
         each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        struct socket_address address = {.length = each->ai_addrlen};
        memcpy(&address.host, each->ai_addr, each->ai_addrlen);
        memcpy(question->addresses[question->count++], &address.host, socket_address_to_windows(&address));
    }
    freeaddrinfo(list);
}

static void *answer(void *argument)
{
    struct question *question = argument;
    if (question->reverse)
        question->error =
            getnameinfo((const struct sockaddr *)&question->address.host, question->address.length,
                        question->name, sizeof question->name, NULL, 0, NI_NAMEREQD);
    else
        look_up(question);
    eventfd_write(question->done, 1);
    let_go(question);
    return NULL;
}

// Has the question answered. The thread takes no signals: it isn't one of the guest's.
static NTSTATUS ask(struct question *question)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    atomic_store(&question->holders, 2);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attributes, answer, question);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        let_go(question);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NTSTATUS status = host_wait_fd(question->done, POLLIN, false, NULL);
    if (status != STATUS_SUCCESS) return status;
    switch (question->error) {
    case 0: return STATUS_SUCCESS;
    case EAI_AGAIN: return STATUS_BAD_NETWORK_PATH;
    case EAI_MEMORY: return STATUS_NO_MEMORY;
    default: return STATUS_NOT_FOUND;
    }
}

static struct question *question_new(void)
{
    struct question *question = calloc(1, sizeof *question);
    if (question == NULL) return NULL;
    question->holders = 1;
    question->done = eventfd(0, EFD_CLOEXEC);
    if (question->done >= 0) return question;
    free(question);
    return NULL;
}

NTSTATUS HostLookup(gptr name, uint32_t length, int32_t family, gptr addresses, uint32_t size,
                    uint32_t *count)
{
    if (length == 0 || length > NAME_MAX_LENGTH) return STATUS_NOT_FOUND;
    struct question *question = question_new();
    if (question == NULL) return STATUS_NO_MEMORY;
    question->family = family == WIN_AF_UNSPEC ? AF_UNSPEC : socket_host_family(family);
    NTSTATUS status = guest_read(question->name, name, length) ? ask(question) : STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status)) {
        *count = size / ADDRESS_SIZE < question->count ? size / ADDRESS_SIZE : question->count;
        if (!guest_write(addresses, question->addresses, *count * ADDRESS_SIZE))
            status = STATUS_ACCESS_VIOLATION;
    }
    let_go(question);
    return status;
}

NTSTATUS HostNameOf(gptr address, uint32_t length, gptr name, uint32_t size)
{
    uint16_t family = 0;
    if (!guest_read(&family, address, sizeof family)) return STATUS_ACCESS_VIOLATION;
    struct question *question = question_new();
    if (question == NULL) return STATUS_NO_MEMORY;
    question->reverse = true;
    NTSTATUS status = socket_address_read(&question->address, family, address, length);
    if (NT_SUCCESS(status)) status = ask(question);
    if (NT_SUCCESS(status)) {
        uint32_t needed = strlen(question->name) + 1;
        status = needed > size                               ? STATUS_BUFFER_TOO_SMALL
                 : guest_write(name, question->name, needed) ? STATUS_SUCCESS
                                                             : STATUS_ACCESS_VIOLATION;
    }
    let_go(question);
    return status;
}
