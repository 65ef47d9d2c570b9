// The host's names and addresses, as its resolver tells them.
#include "host_question.h"
#include "socket.h"
#include "ws2_32_host.h"
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 1025, ADDRESSES_MAX = 64, ADDRESS_SIZE = sizeof(struct sockaddr_in6) };

struct question {
    struct host_question head;
    int family; // the host's
    char name[NAME_MAX_LENGTH + 1];
    struct socket_address address;
    int error; // EAI_*
    uint32_t count;
    uint8_t addresses[ADDRESSES_MAX][ADDRESS_SIZE];
};

static void look_up(struct host_question *head)
{
    struct question *question = (struct question *)head;
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

static void name_of(struct host_question *head)
{
    struct question *question = (struct question *)head;
    question->error = getnameinfo((const struct sockaddr *)&question->address.host, question->address.length,
                                  question->name, sizeof question->name, NULL, 0, NI_NAMEREQD);
}

static NTSTATUS ask(struct question *question)
{
    NTSTATUS status = host_question_ask(&question->head);
    if (status != STATUS_SUCCESS) return status;
    switch (question->error) {
    case 0: return STATUS_SUCCESS;
    case EAI_AGAIN: return STATUS_BAD_NETWORK_PATH;
    case EAI_MEMORY: return STATUS_NO_MEMORY;
    default: return STATUS_NOT_FOUND;
    }
}

NTSTATUS HostLookup(gptr name, uint32_t length, int32_t family, gptr addresses, uint32_t size,
                    uint32_t *count)
{
    if (length == 0 || length > NAME_MAX_LENGTH) return STATUS_NOT_FOUND;
    struct question *question = host_question_new(sizeof *question, look_up);
    if (question == NULL) return STATUS_NO_MEMORY;
    question->family = family == WIN_AF_UNSPEC ? AF_UNSPEC : socket_host_family(family);
    NTSTATUS status = guest_read(question->name, name, length) ? ask(question) : STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status)) {
        *count = size / ADDRESS_SIZE < question->count ? size / ADDRESS_SIZE : question->count;
        if (!guest_write(addresses, question->addresses, *count * ADDRESS_SIZE))
            status = STATUS_ACCESS_VIOLATION;
    }
    host_question_let_go(&question->head);
    return status;
}

NTSTATUS HostNameOf(gptr address, uint32_t length, gptr name, uint32_t size)
{
    uint16_t family = 0;
    if (!guest_read(&family, address, sizeof family)) return STATUS_ACCESS_VIOLATION;
    struct question *question = host_question_new(sizeof *question, name_of);
    if (question == NULL) return STATUS_NO_MEMORY;
    NTSTATUS status = socket_address_read(&question->address, family, address, length);
    if (NT_SUCCESS(status)) status = ask(question);
    if (NT_SUCCESS(status)) {
        uint32_t needed = strlen(question->name) + 1;
        status = needed > size                               ? STATUS_BUFFER_TOO_SMALL
                 : guest_write(name, question->name, needed) ? STATUS_SUCCESS
                                                             : STATUS_ACCESS_VIOLATION;
    }
    host_question_let_go(&question->head);
    return status;
}
