// Questions to name servers, by the host's resolver (resolver(3)), and its file of names (hosts(5)).
#include "dlls/ws2_32/unix/host_question.h"
#include "dnsapi_host.h"
#include "loader/guest.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_LENGTH = 255, SERVERS = 3, MESSAGE = 65535, QUESTION = 512 };

// ---- by the network ----

struct dns_question {
    struct host_question head;
    char name[NAME_LENGTH + 2];
    uint16_t type;
    uint32_t flags, server_count, servers[SERVERS];
    NTSTATUS status;
    int length; // of message
    uint8_t message[MESSAGE];
};

static void configure(struct __res_state *state, const struct dns_question *question)
{
    enum { DNS_PORT = 53 };
    if (question->flags & HOST_DNS_TCP) state->options |= RES_USEVC;
    if (question->flags & HOST_DNS_NO_RECURSION) state->options &= ~RES_RECURSE;
    if (question->flags & HOST_DNS_ACCEPT_TRUNCATED) state->options |= RES_IGNTC;
    for (uint32_t i = 0; i < question->server_count; i++)
        state->nsaddr_list[i] = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_port = htons(DNS_PORT), .sin_addr.s_addr = question->servers[i]};
    if (question->server_count != 0) state->nscount = question->server_count;
}

// The wish for records of DNSSEC (RFC 3225), which resolver(3) puts only into what it asks for by itself.
// Returns the query's new length.
static int add_security(uint8_t query[QUESTION], int length)
{
    enum { ADDITIONAL_COUNT = 11, DATAGRAM = 1232, SECURITY_OK = 0x80 };
    // The root's name; the size of datagrams where a class is; flags where a time is; no data.
    static const uint8_t option[] = {0, 0, ns_t_opt, DATAGRAM >> 8, DATAGRAM & 0xFF, 0, 0, SECURITY_OK,
                                     0, 0, 0};
    memcpy(query + length, option, sizeof option);
    query[ADDITIONAL_COUNT] = 1;
    return length + (int)sizeof option;
}

// Whether something came that says to be the answer.
static bool is_answered(const uint8_t *message, const uint8_t *query)
{
    enum { ID = 2, RESPONSE_BYTE = 2, RESPONSE = 0x80 };
    return message[RESPONSE_BYTE] & RESPONSE && memcmp(message, query, ID) == 0;
}

// Runs in the question's own thread.
static void ask_servers(struct host_question *head)
{
    enum { CHECKING_DISABLED_BYTE = 3, CHECKING_DISABLED = 0x10 };
    struct dns_question *question = (struct dns_question *)head;
    struct __res_state state;
    uint8_t query[QUESTION];
    memset(&state, 0, sizeof state);
    question->status = STATUS_NO_MEMORY;
    if (res_ninit(&state) != 0) return;
    configure(&state, question);
    int length =
        res_nmkquery(&state, QUERY, question->name, C_IN, question->type, NULL, 0, NULL, query, sizeof query);
    question->status = STATUS_INVALID_PARAMETER;
    if (length > 0) {
        if (question->flags & HOST_DNS_CHECKING_DISABLED) query[CHECKING_DISABLED_BYTE] |= CHECKING_DISABLED;
        if (question->flags & HOST_DNS_SECURITY) length = add_security(query, length);
        question->length = res_nsend(&state, query, length, question->message, sizeof question->message);
        // A refusal of all servers is an error of the host's, but lies in the message.
        if (question->length < HFIXEDSZ && is_answered(question->message, query)) question->length = HFIXEDSZ;
        question->status = question->length >= HFIXEDSZ ? STATUS_SUCCESS : STATUS_IO_TIMEOUT;
    }
    res_nclose(&state);
}

NTSTATUS DnsHostQuery(gptr name, uint32_t length, uint16_t type, uint32_t flags, uint32_t server_count,
                      const uint32_t *servers, gptr message, uint32_t size, uint32_t *got)
{
    if (length > NAME_LENGTH) return STATUS_INVALID_PARAMETER;
    struct dns_question *question = host_question_new(sizeof *question, ask_servers);
    if (question == NULL) return STATUS_NO_MEMORY;
    question->type = type;
    question->flags = flags;
    question->server_count = server_count;
    for (uint32_t i = 0; i < server_count; i++) question->servers[i] = servers[i];
    NTSTATUS status = STATUS_ACCESS_VIOLATION;
    if (guest_read(question->name, name, length)) status = host_question_ask(&question->head);
    if (status == STATUS_SUCCESS) status = question->status;
    if (NT_SUCCESS(status)) {
        *got = question->length;
        if (!guest_write(message, question->message, *got < size ? *got : size))
            status = STATUS_ACCESS_VIOLATION;
    }
    host_question_let_go(&question->head);
    return status;
}

// ---- by the file of names ----

struct hosts_search {
    const char *name;
    int family; // the host's
    uint8_t (*addresses)[16];
    uint32_t room, count;
};

// One line: an address, then the names that it has.
static void search_line(struct hosts_search *search, char *line)
{
    static const char blanks[] = " \t\r\n";
    uint8_t address[16] = {0};
    char *rest, *word;
    line[strcspn(line, "#")] = 0;
    word = strtok_r(line, blanks, &rest);
    if (word == NULL || inet_pton(search->family, word, address) != 1) return;
    while ((word = strtok_r(NULL, blanks, &rest)) != NULL) {
        if (strcasecmp(word, search->name) != 0) continue;
        if (search->count < search->room) memcpy(search->addresses[search->count], address, sizeof address);
        search->count++;
        return;
    }
}

NTSTATUS DnsHostsFile(gptr name, uint32_t length, uint32_t family, gptr addresses, uint32_t size,
                      uint32_t *count)
{
    enum { WIN_AF_INET6 = 23, ADDRESSES = 64 };
    char text[NAME_LENGTH + 1] = "", line[1024];
    uint8_t found[ADDRESSES][16];
    struct hosts_search search = {.name = text,
                                  .family = family == WIN_AF_INET6 ? AF_INET6 : AF_INET,
                                  .addresses = found,
                                  .room =
                                      size / sizeof *found < ADDRESSES ? size / sizeof *found : ADDRESSES};
    if (length > NAME_LENGTH) return STATUS_INVALID_PARAMETER;
    if (!guest_read(text, name, length)) return STATUS_ACCESS_VIOLATION;
    FILE *file = fopen("/etc/hosts", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) search_line(&search, line);
    if (file != NULL) fclose(file);
    *count = search.count < search.room ? search.count : search.room;
    return guest_write(addresses, found, *count * sizeof *found) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
