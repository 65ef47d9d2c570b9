// Sockets and counters of the whole host, as /proc/net has them (proc(5)), and whose sockets they are.
#include "iphlpapi_host.h"
#include "netlink.h"
#include <ctype.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- owners ----

// Which process has which socket: as far as the host lets us look, which is at our own user's.
struct owner {
    unsigned long inode;
    uint32_t process;
};

static void add_owners(struct network_table *owners, const char *process)
{
    char path[300], target[64];
    snprintf(path, sizeof path, "/proc/%s/fd", process);
    DIR *directory = opendir(path);
    if (directory == NULL) return;
    for (struct dirent *each; (each = readdir(directory)) != NULL;) {
        unsigned long inode;
        ssize_t n = readlinkat(dirfd(directory), each->d_name, target, sizeof target - 1);
        if (n <= 0) continue;
        target[n] = '\0';
        if (sscanf(target, "socket:[%lu]", &inode) != 1) continue;
        struct owner *owner = network_table_add(owners);
        if (owner == NULL) break;
        *owner = (struct owner){inode, strtoul(process, NULL, 10) * 4}; // as the guest numbers processes
    }
    closedir(directory);
}

static int by_inode(const void *a, const void *b)
{
    unsigned long first = ((const struct owner *)a)->inode, second = ((const struct owner *)b)->inode;
    return first < second ? -1 : first > second;
}

static struct network_table find_owners(void)
{
    struct network_table owners = {.entry_size = sizeof(struct owner)};
    DIR *directory = opendir("/proc");
    if (directory == NULL) return owners;
    for (struct dirent *each; (each = readdir(directory)) != NULL;)
        if (isdigit((unsigned char)each->d_name[0])) add_owners(&owners, each->d_name);
    closedir(directory);
    if (owners.count != 0) qsort(owners.entries, owners.count, owners.entry_size, by_inode);
    return owners;
}

static uint32_t owner_of(const struct network_table *owners, unsigned long inode)
{
    struct owner key = {.inode = inode};
    const struct owner *found =
        owners->count != 0 ? bsearch(&key, owners->entries, owners->count, sizeof key, by_inode) : NULL;
    return found != NULL ? found->process : 0;
}

// ---- sockets ----

// tcp.h's TCP_* of the kernel as MIB_TCP_STATE_*.
static uint32_t windows_state(unsigned host)
{
    static const uint8_t states[] = {
        [1] = 5 /* established */, [2] = 3 /* syn sent */,   [3] = 4 /* syn received */,
        [4] = 6 /* fin wait 1 */,  [5] = 7 /* fin wait 2 */, [6] = 11 /* time wait */,
        [7] = 1 /* closed */,      [8] = 8 /* close wait */, [9] = 10 /* last ack */,
        [10] = 2 /* listening */,  [11] = 9 /* closing */,   [12] = 4 /* syn received */,
    };
    return host < sizeof states ? states[host] : 1;
}

// Addresses are printed as words in the host's order.
static bool read_address(const char *text, uint8_t address[16], uint16_t *port)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || (colon - text != 8 && colon - text != 32)) return false;
    for (int i = 0; i < (colon - text) / 8; i++) {
        char word_text[9] = "";
        memcpy(word_text, text + i * 8, 8);
        uint32_t word = strtoul(word_text, NULL, 16);
        memcpy(address + i * 4, &word, sizeof word);
    }
    *port = htons(strtoul(colon + 1, NULL, 16));
    return true;
}

static NTSTATUS add_endpoints(struct network_table *table, const char *path, bool connections)
{
    char line[512], local[48], remote[48];
    FILE *file = fopen(path, "re");
    if (file == NULL) return STATUS_SUCCESS; // a host without that family
    struct network_table owners = find_owners();
    NTSTATUS status = STATUS_SUCCESS;
    while (NT_SUCCESS(status) && fgets(line, sizeof line, file) != NULL) {
        unsigned state;
        unsigned long inode;
        if (sscanf(line, " %*d: %47s %47s %x %*s %*s %*s %*u %*d %lu", local, remote, &state, &inode) != 4)
            continue; // the heading
        HOST_ENDPOINT32 *endpoint = network_table_add(table);
        uint16_t local_port, remote_port;
        if (endpoint == NULL) {
            status = STATUS_NO_MEMORY;
        } else if (!read_address(local, endpoint->Local, &local_port) ||
                   !read_address(remote, endpoint->Remote, &remote_port)) {
            table->count--;
        } else {
            endpoint->LocalPort = local_port;
            endpoint->RemotePort = remote_port;
            endpoint->State = connections ? windows_state(state) : 0;
            endpoint->ProcessId = owner_of(&owners, inode);
        }
    }
    free(owners.entries);
    fclose(file);
    return status;
}

NTSTATUS NetworkEndpoints(uint32_t protocol, uint32_t family, gptr endpoints, uint32_t size, uint32_t *count)
{
    struct network_table table = {.entry_size = sizeof(HOST_ENDPOINT32)};
    bool tcp = protocol == IPPROTO_TCP, ipv6 = family == WIN_AF_INET6;
    if ((!tcp && protocol != IPPROTO_UDP) || (family != WIN_AF_INET && !ipv6))
        return STATUS_INVALID_PARAMETER;
    const char *path =
        tcp ? (ipv6 ? "/proc/net/tcp6" : "/proc/net/tcp") : (ipv6 ? "/proc/net/udp6" : "/proc/net/udp");
    NTSTATUS status = add_endpoints(&table, path, tcp);
    return network_table_end(&table, status, endpoints, size, count);
}

// ---- counters ----

static const char *counter_line(uint32_t protocol)
{
    switch (protocol) {
    case IPPROTO_IP: return "Ip:";
    case IPPROTO_ICMP: return "Icmp:";
    case IPPROTO_TCP: return "Tcp:";
    case IPPROTO_UDP: return "Udp:";
    default: return NULL;
    }
}

// IPv6 has a file of its own, with a counter a line, whose names are those of the other in parts.
static const char *const ip6_names[] = {
    NULL,
    NULL,
    "Ip6InReceives",
    "Ip6InHdrErrors",
    "Ip6InAddrErrors",
    "Ip6OutForwDatagrams",
    "Ip6InUnknownProtos",
    "Ip6InDiscards",
    "Ip6InDelivers",
    "Ip6OutRequests",
    "Ip6OutDiscards",
    "Ip6OutNoRoutes",
    "Ip6ReasmTimeout",
    "Ip6ReasmReqds",
    "Ip6ReasmOKs",
    "Ip6ReasmFails",
    "Ip6FragOKs",
    "Ip6FragFails",
    "Ip6FragCreates",
};
static const char *const udp6_names[] = {"Udp6InDatagrams", "Udp6NoPorts", "Udp6InErrors",
                                         "Udp6OutDatagrams"};

static NTSTATUS add_ipv6_counters(struct network_table *table, const char *const names[], size_t count)
{
    char line[256], name[64];
    unsigned long long number;
    FILE *file = fopen("/proc/net/snmp6", "re");
    if (file == NULL) return STATUS_NOT_SUPPORTED;
    for (size_t i = 0; i < count; i++)
        if (network_table_add(table) == NULL) {
            fclose(file);
            return STATUS_NO_MEMORY;
        }
    uint64_t *values = table->entries;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%63s %llu", name, &number) != 2) continue;
        for (size_t i = 0; i < count; i++)
            if (names[i] != NULL && strcmp(names[i], name) == 0) values[i] = number;
    }
    fclose(file);
    return STATUS_SUCCESS;
}

// Two lines begin with the protocol's name: the counters' names, then the numbers.
static NTSTATUS add_counters(struct network_table *table, const char *wanted)
{
    char line[2048];
    FILE *file = fopen("/proc/net/snmp", "re");
    if (file == NULL) return STATUS_NOT_SUPPORTED;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, wanted, strlen(wanted)) != 0) continue;
        char *at = line + strlen(wanted), *end;
        for (long long number = strtoll(at, &end, 10); end != at; number = strtoll(at, &end, 10)) {
            uint64_t *value = network_table_add(table);
            if (value == NULL) break;
            *value = number;
            at = end;
        }
    }
    fclose(file);
    return STATUS_SUCCESS;
}

NTSTATUS NetworkCounters(uint32_t protocol, gptr values, uint32_t size, uint32_t *count)
{
    enum { OF_IPV6 = 0x100 };
    struct network_table table = {.entry_size = sizeof(uint64_t)};
    const char *line = counter_line(protocol);
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    if (line != NULL)
        status = add_counters(&table, line);
    else if (protocol == (OF_IPV6 | IPPROTO_IP))
        status = add_ipv6_counters(&table, ip6_names, sizeof ip6_names / sizeof *ip6_names);
    else if (protocol == (OF_IPV6 | IPPROTO_UDP))
        status = add_ipv6_counters(&table, udp6_names, sizeof udp6_names / sizeof *udp6_names);
    return network_table_end(&table, status, values, size, count);
}
