// Questions to the kernel's rtnetlink: each goes over a socket of its own, whose answer is there at once.
#include "netlink.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 32768 };

void *network_table_add(struct network_table *table)
{
    if (table->count == table->room) {
        uint32_t room = table->room != 0 ? table->room * 2 : 16;
        void *entries = realloc(table->entries, room * table->entry_size);
        if (entries == NULL) return NULL;
        table->entries = entries;
        table->room = room;
    }
    void *entry = (char *)table->entries + table->count++ * table->entry_size;
    return memset(entry, 0, table->entry_size);
}

NTSTATUS network_table_end(struct network_table *table, NTSTATUS status, gptr buffer, uint32_t size,
                           uint32_t *count)
{
    if (NT_SUCCESS(status)) {
        uint32_t fits = size / table->entry_size;
        if (fits > table->count) fits = table->count;
        *count = table->count;
        if (fits != 0 && !guest_write(buffer, table->entries, fits * table->entry_size))
            status = STATUS_ACCESS_VIOLATION;
    }
    free(table->entries);
    return status;
}

bool netlink_copy(const struct netlink_attributes *attributes, unsigned type, void *field, size_t size)
{
    const struct rtattr *attribute = netlink_attribute(attributes, type);
    if (attribute == NULL || RTA_PAYLOAD(attribute) > size) return false;
    memcpy(field, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
    return true;
}

uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned type, uint32_t otherwise)
{
    uint32_t value;
    return netlink_copy(attributes, type, &value, sizeof value) ? value : otherwise;
}

static void gather(struct netlink_attributes *attributes, const struct nlmsghdr *message, size_t header)
{
    const struct rtattr *each = (const void *)((const char *)NLMSG_DATA(message) + NLMSG_ALIGN(header));
    int left = (int)message->nlmsg_len - NLMSG_LENGTH(NLMSG_ALIGN(header));
    memset(attributes, 0, sizeof *attributes);
    for (; RTA_OK(each, left); each = RTA_NEXT(each, left)) {
        unsigned type = each->rta_type & NLA_TYPE_MASK;
        if (type < sizeof attributes->by_type / sizeof *attributes->by_type) attributes->by_type[type] = each;
    }
}

// Visits what a buffer of answers has. 0: more follows, 1: that was all, else -errno.
static int visit_answers(char *buffer, ssize_t length, size_t header,
                         bool (*visit)(const void *, const struct netlink_attributes *, void *),
                         void *context)
{
    struct netlink_attributes attributes;
    for (struct nlmsghdr *each = (struct nlmsghdr *)buffer; NLMSG_OK(each, length);
         each = NLMSG_NEXT(each, length)) {
        if (each->nlmsg_type == NLMSG_DONE) return 1;
        if (each->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = NLMSG_DATA(each);
            return error->error != 0 ? error->error : 1;
        }
        if (each->nlmsg_len < NLMSG_LENGTH(header)) continue;
        gather(&attributes, each, header);
        if (!visit(NLMSG_DATA(each), &attributes, context)) return -ENOMEM;
        if (!(each->nlmsg_flags & NLM_F_MULTI)) return 1;
    }
    return 0;
}

int netlink_ask(struct nlmsghdr *request, size_t header,
                bool (*visit)(const void *message, const struct netlink_attributes *attributes,
                              void *context),
                void *context)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), result = 0;
    if (fd < 0) return -errno;
    char *buffer = malloc(ANSWER_MAX);
    if (buffer == NULL)
        result = -ENOMEM;
    else if (send(fd, request, request->nlmsg_len, 0) < 0)
        result = -errno;
    while (result == 0) {
        ssize_t n = recv(fd, buffer, ANSWER_MAX, 0);
        if (n < 0 && errno == EINTR) continue;
        result = n < 0 ? -errno : visit_answers(buffer, n, header, visit, context);
    }
    free(buffer);
    close(fd);
    return result < 0 ? result : 0;
}

NTSTATUS netlink_dump(uint16_t type, size_t header,
                      bool (*visit)(const void *message, const struct netlink_attributes *attributes,
                                    void *context),
                      void *context)
{
    struct {
        struct nlmsghdr head;
        char body[64]; // the family, AF_UNSPEC: all
    } request = {.head = {.nlmsg_len = NLMSG_LENGTH(header),
                          .nlmsg_type = type,
                          .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    int error = netlink_ask(&request.head, header, visit, context);
    switch (error) {
    case 0: return STATUS_SUCCESS;
    case -ENOMEM: return STATUS_NO_MEMORY;
    case -EACCES:
    case -EPERM: return STATUS_ACCESS_DENIED;
    default: return STATUS_NOT_SUPPORTED; // a host without networks
    }
}
