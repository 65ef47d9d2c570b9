// CreateSortedAddressPairs: destinations in the order in which they are to be tried (RFC 6724), each with the
// address that packets to it would come from.
#include "network.h"

enum { DESTINATIONS_MAX = 500 };

static const UCHAR mapped_prefix[12] = {[10] = 0xFF, [11] = 0xFF}; // ::ffff:0:0/96: IPv4

// A destination and what the rules look at.
struct candidate {
    SOCKADDR_IN6 destination, source;
    bool usable; // it has a source
    unsigned destination_scope, source_scope, destination_label, source_label, precedence, common;
};

static bool is_mapped(const UCHAR *address)
{
    return !memcmp(address, mapped_prefix, sizeof mapped_prefix);
}

static unsigned common_bits(const UCHAR *a, const UCHAR *b, unsigned most)
{
    unsigned n = 0;
    while (n < most && !((a[n / 8] ^ b[n / 8]) & 0x80 >> n % 8)) n++;
    return n;
}

// RFC 6724, 3.1 and 3.2.
static unsigned scope_of(const UCHAR *address)
{
    enum { LINK_LOCAL = 2, SITE_LOCAL = 5, GLOBAL = 14 };
    static const UCHAR loopback[16] = {[15] = 1};
    if (is_mapped(address)) {
        bool link = address[12] == 127 || (address[12] == 169 && address[13] == 254);
        return link ? LINK_LOCAL : GLOBAL;
    }
    if (address[0] == 0xFF) return address[1] & 15; // a multicast group says it
    if (!memcmp(address, loopback, sizeof loopback)) return LINK_LOCAL;
    if (address[0] == 0xFE && (address[1] & 0xC0) == 0x80) return LINK_LOCAL;
    return address[0] == 0xFE && (address[1] & 0xC0) == 0xC0 ? SITE_LOCAL : GLOBAL;
}

// The default policy table (2.1), the longest prefixes first.
static const struct policy {
    UCHAR prefix[16];
    UCHAR bits, precedence, label;
} policies[] = {
    {{[15] = 1}, 128, 50, 0},  {{[10] = 0xFF, [11] = 0xFF}, 96, 35, 4},
    {{0}, 96, 1, 3},           {{0x20, 0x01}, 32, 5, 5},
    {{0x20, 0x02}, 16, 30, 2}, {{0x3F, 0xFE}, 16, 1, 12},
    {{0xFE, 0xC0}, 10, 1, 11}, {{0xFC}, 7, 3, 13},
    {{0}, 0, 40, 1},
};

static const struct policy *policy_of(const UCHAR *address)
{
    const struct policy *policy = policies;
    while (common_bits(address, policy->prefix, policy->bits) < policy->bits) policy++;
    return policy;
}

static void examine(struct candidate *candidate)
{
    const UCHAR *to = candidate->destination.sin6_addr.u.Byte;
    UCHAR *from = candidate->source.sin6_addr.u.Byte, plain[16] = {0};
    bool ipv4 = is_mapped(to);
    HOST_ROUTE route;
    memcpy(plain, ipv4 ? to + sizeof mapped_prefix : to, ipv4 ? 4 : 16);
    candidate->usable = !NetworkBestRoute(ipv4 ? AF_INET : AF_INET6, plain, &route);
    candidate->source.sin6_family = AF_INET6;
    if (!candidate->usable) return;
    if (ipv4) {
        memcpy(from, mapped_prefix, sizeof mapped_prefix);
        memcpy(from + sizeof mapped_prefix, route.Source, 4);
    } else {
        memcpy(from, route.Source, 16);
    }
    candidate->destination_scope = scope_of(to);
    candidate->source_scope = scope_of(from);
    candidate->destination_label = policy_of(to)->label;
    candidate->source_label = policy_of(from)->label;
    candidate->precedence = policy_of(to)->precedence;
    candidate->common = ipv4 ? 0 : common_bits(to, from, 64);
}

// Whether a is to be tried before b (section 6); equals keep their order.
static bool is_before(const struct candidate *a, const struct candidate *b)
{
    bool a_scope = a->destination_scope == a->source_scope, b_scope = b->destination_scope == b->source_scope;
    bool a_label = a->destination_label == a->source_label, b_label = b->destination_label == b->source_label;
    if (a->usable != b->usable) return a->usable;
    if (!a->usable) return false;
    if (a_scope != b_scope) return a_scope;
    if (a_label != b_label) return a_label;
    if (a->precedence != b->precedence) return a->precedence > b->precedence;
    if (a->destination_scope != b->destination_scope) return a->destination_scope < b->destination_scope;
    return a->common > b->common;
}

static void sort(struct candidate *candidates, ULONG count)
{
    for (ULONG i = 1; i < count; i++) {
        struct candidate moved = candidates[i];
        ULONG at = i;
        for (; at > 0 && is_before(&moved, &candidates[at - 1]); at--) candidates[at] = candidates[at - 1];
        candidates[at] = moved;
    }
}

// One block, as it is freed: the pairs, then the addresses.
static SOCKADDR_IN6_PAIR *make_pairs(const struct candidate *candidates, ULONG count)
{
    SOCKADDR_IN6_PAIR *pairs = mib_allocate(count * (sizeof *pairs + 2 * sizeof(SOCKADDR_IN6)));
    if (!pairs) return NULL;
    SOCKADDR_IN6 *addresses = (SOCKADDR_IN6 *)(pairs + count);
    for (ULONG i = 0; i < count; i++) {
        pairs[i].SourceAddress = addresses++;
        pairs[i].DestinationAddress = addresses++;
        *pairs[i].SourceAddress = candidates[i].source;
        *pairs[i].DestinationAddress = candidates[i].destination;
    }
    return pairs;
}

HOTPATCH DWORD WINAPI CreateSortedAddressPairs(const PSOCKADDR_IN6 sources, ULONG source_count,
                                               const PSOCKADDR_IN6 destinations, ULONG count, ULONG options,
                                               PSOCKADDR_IN6_PAIR *pairs, ULONG *pair_count)
{
    (void)sources, (void)source_count, (void)options; // reserved
    if (!destinations || !pairs || !pair_count || count > DESTINATIONS_MAX) return ERROR_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++)
        if (destinations[i].sin6_family != AF_INET6) return ERROR_INVALID_PARAMETER;
    struct candidate *candidates = mib_allocate((count + 1) * sizeof *candidates);
    if (!candidates) return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++) {
        candidates[i].destination = destinations[i];
        examine(&candidates[i]);
    }
    sort(candidates, count);
    *pairs = make_pairs(candidates, count);
    *pair_count = *pairs ? count : 0;
    table_free(candidates);
    return *pairs ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}
